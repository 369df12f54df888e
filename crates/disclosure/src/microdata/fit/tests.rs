//! What is kept while rows change is what the rows say.

use proptest::prelude::*;

use super::super::model::Model;
use super::super::plausible::Plausible;
use super::super::residual::Residuals;
use super::super::zeros::Zeros;
use super::Fit;
use crate::schema::{Schema, SchemaColumn};

const SIZES: [usize; 4] = [3, 2, 4, 2];

fn model() -> (Model, Zeros) {
    let names = (0..4).map(|at| (format!("c{at}"), SIZES[at]));
    let columns = names
        .map(|(name, size)| SchemaColumn {
            name,
            categories: (1..size).map(|code| code.to_string()).collect(),
        })
        .collect();
    let zeros = Zeros::check(&[], &Schema { columns }).unwrap();
    let mut residuals = Residuals::new(&SIZES);
    for (seed, of) in
        [vec![], vec![0, 1], vec![0, 2], vec![1, 3], vec![2, 3], vec![0, 2, 3]].iter().enumerate()
    {
        let cells: usize = of.iter().map(|&column: &usize| SIZES[column]).product();
        let counts: Vec<i64> =
            (0..cells).map(|cell| (cell * 37 + seed * 11) as i64 % 9 + 1).collect();
        residuals.take(of, &counts, 3.0);
    }
    (Model::of(&residuals, &zeros, &[vec![0, 2, 3]]), zeros)
}

proptest! {
    /// What is kept while rows change is what would be reckoned from the changed rows.
    #[test]
    fn costs_stay_true_while_rows_change(
        codes in proptest::collection::vec((0..3_u16, 0..2_u16, 0..4_u16, 0..2_u16), 1..30),
        changes in proptest::collection::vec((0..1000_usize, 0..4_usize, 0..4_u16), 0..60),
    ) {
        let (model, zeros) = model();
        let rows = codes.iter().flat_map(|&(a, b, c, d)| [a, b, c, d]).collect();
        let mut fit = Fit::new(&SIZES, &zeros, rows);
        fit.hold(&model);
        fit.plausible = Some(Plausible::new(&model, &fit.rows));
        for (row, column, code) in changes {
            fit.change(row % codes.len(), column, code % SIZES[column] as u16);
        }
        let mut anew = Fit::new(&SIZES, &zeros, fit.rows.clone());
        anew.hold(&model);
        let plausible = Plausible::new(&model, &fit.rows);
        let (mut kept, mut reckoned) = (Vec::new(), Vec::new());
        for row in fit.rows.chunks(4) {
            for column in 0..4 {
                fit.costs(row, column, &mut kept);
                anew.costs(row, column, &mut reckoned);
                for (code, (kept, reckoned)) in kept.iter().zip(&reckoned).enumerate() {
                    prop_assert!((kept - reckoned).abs() < 1e-2 + 1e-3 * kept.abs());
                    if code != usize::from(row[column]) {
                        let one = fit.cost(row, column, code as u16);
                        prop_assert!((one - reckoned).abs() < 1e-2 + 1e-3 * one.abs());
                    }
                    let code = code as u16;
                    let of = |plausible: &Plausible| {
                        (plausible.entering(row, column, code, f32::MAX), plausible.saving(row, column))
                    };
                    prop_assert_eq!(fit.plausible.as_ref().map(of), Some(of(&plausible)));
                    prop_assert!((plausible.savings(row)[column] - plausible.saving(row, column)).abs() < 1e-4);
                }
            }
        }
    }
}
