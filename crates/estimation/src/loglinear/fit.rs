//! A model fitted to a table.

use super::reduce::reduce;
use super::{Existence, Fitter, Model, Table, existence::existence_of};
use crate::histories::CaptureHistories;

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// How many people there are, those on no list included; not rounded.
    pub population: f64,
    /// The logarithm of the likelihood, factorials included.
    pub log_likelihood: f64,
    /// Parameters: one for each term, also those that are minus infinity, and the empty one.
    pub parameters: usize,
    /// Akaike's criterion: `2 parameters - 2 log likelihood`.
    pub aic: f64,
    /// Schwarz's criterion: `log(people seen) parameters - 2 log likelihood`.
    pub bic: f64,
}

/// A model that has no estimate for a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// The likelihood has no maximum, or many.
    #[error("the model has no single estimate for these lists: {0}")]
    Existence(Existence),
    /// The steps did not settle.
    #[error("the fit did not settle; the counts are too uneven for this model")]
    Unsettled,
}

/// Fits a model to a table.
///
/// # Errors
///
/// [`FitError`]: the model has no estimate for this table, as [`super::existence`] says, or the
/// steps did not settle.
///
/// # Panics
///
/// When the model is not about as many lists as the table has.
///
/// # Examples
///
/// ```
/// use estimation::loglinear::{Model, fit};
/// use estimation::read_histories;
///
/// // Hepatitis A in a college, Taiwan 1995 (Chao et al. 1997): no list depends on another.
/// let file = "P,Q,E,count\n1,0,0,69\n0,1,0,55\n0,0,1,63\n1,1,0,21\n1,0,1,17\n0,1,1,18\n1,1,1,28\n";
/// let read = read_histories(file.as_bytes(), None)?;
/// let fit = fit(&read.tables[0].histories, &Model::independence(3))?;
/// assert!((fit.population - 388.483495).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fit(histories: &CaptureHistories, model: &Model) -> Result<Fit, FitError> {
    assert_eq!(histories.lists().len(), model.lists(), "a model of as many lists");
    let table = Table::new(histories);
    match existence_of(model, &table) {
        Existence::Estimable => {}
        other => return Err(FitError::Existence(other)),
    }
    let reduced = reduce(model, &table);
    let mut fitter = Fitter::new(table.lists);
    fitter.fit(&table, &reduced, None).ok_or(FitError::Unsettled)
}
