//! Each method's answer for a table, with its interval.

use std::collections::BTreeMap;

use crate::bootstrap::{
    Bootstrap, Candidates, Resampling, bootstrap_lowest_bic, bootstrap_stepwise,
};
use crate::decomposable::{DecomposableSettings, average_decomposable};
use crate::estimate::{Diagnostic, Estimate, Interval, Method};
use crate::histories::CaptureHistories;
use crate::latent_class::latent_class;
use crate::loglinear::{
    AllModels, Fit, Model, STEPWISE_THRESHOLD, Weighted, fit, profile, stepwise,
};
use crate::panel::Settings;
use crate::sample_coverage::sample_coverage;
use crate::two_lists::chapman;

/// Of so many lists every replicate chooses among all models; of more among the best hundred.
const MOST_LISTS_WITH_ALL_CANDIDATES: usize = 5;

/// One method's answer, or why it has none; nothing when the method is not for such a table.
pub(crate) fn answer_of(
    method: Method,
    histories: &CaptureHistories,
    settings: &Settings,
    order: usize,
    all_models: Option<&AllModels>,
) -> Option<Result<Estimate, String>> {
    let lists = histories.lists().len();
    let all = || match all_models {
        None => {
            Err("more than six lists have too many models to look at; ask for stepwise".to_owned())
        }
        Some(fitted) if fitted.by_bic.is_empty() => {
            Err("no model has an estimate for these lists".to_owned())
        }
        Some(fitted) => Ok(fitted),
    };
    Some(match method {
        Method::Independence => independence(histories, settings.level),
        Method::Stepwise => by_steps(histories, settings),
        Method::Bic => all().map(|fitted| lowest_bic(histories, settings, order, fitted)),
        Method::AllModelsAic => all().and_then(|fitted| {
            let average =
                fitted.weighted_by_aic().ok_or("no model has an estimate for these lists")?;
            Ok(of_average(method, &average))
        }),
        Method::Decomposable => {
            let asked =
                DecomposableSettings { level: settings.level, ..DecomposableSettings::default() };
            average_decomposable(histories, &asked).map_err(|why| why.to_string())
        }
        // Among other methods it is for those who have only two lists.
        Method::Chapman if lists != 2 && settings.methods.len() > 1 => return None,
        Method::Chapman => chapman(histories, settings.level).map_err(|why| why.to_string()),
        Method::LatentClass => {
            latent_class(histories, settings.level, settings.seed).map_err(|why| why.to_string())
        }
    })
}

/// The bootstrap of a method that chooses a model; none for other methods, when no replicates are
/// asked for, and for a table without an estimate.
pub(crate) fn bootstrap_of(
    method: Method,
    histories: &CaptureHistories,
    order: usize,
    resampling: Resampling,
) -> Option<Bootstrap> {
    if resampling.replicates == 0 {
        return None;
    }
    let few = histories.lists().len() <= MOST_LISTS_WITH_ALL_CANDIDATES;
    let candidates = if few { Candidates::All } else { Candidates::Best(100) };
    match method {
        Method::Stepwise => bootstrap_stepwise(histories, STEPWISE_THRESHOLD, resampling).ok(),
        Method::Bic => bootstrap_lowest_bic(histories, order, candidates, resampling),
        _ => None,
    }
}

fn independence(histories: &CaptureHistories, level: f64) -> Result<Estimate, String> {
    let model = Model::independence(histories.lists().len());
    let fitted = fit(histories, &model).map_err(|why| why.to_string())?;
    let interval = profile(histories, &model, level).ok().map(|profile| profile.interval);
    let mut estimate = of_fit(Method::Independence, Vec::new(), &fitted, interval);
    if let Ok(seen) = sample_coverage(histories) {
        let said = &mut estimate.diagnostics;
        said.insert("sample_coverage", Diagnostic::Number(seen.coverage));
        let population = Diagnostic::Number(seen.population());
        said.insert("population_by_sample_coverage", population);
    }
    Ok(estimate)
}

fn by_steps(histories: &CaptureHistories, settings: &Settings) -> Result<Estimate, String> {
    let found = stepwise(histories, STEPWISE_THRESHOLD).map_err(|why| why.to_string())?;
    let named = found.added.iter().map(|pair| histories.named(*pair).to_string()).collect();
    let mut estimate = of_fit(Method::Stepwise, named, &found.fit, None);
    // The order of interactions means nothing to a method that adds pairs.
    add_bootstrap(&mut estimate, histories, settings, 2);
    Ok(estimate)
}

fn lowest_bic(
    histories: &CaptureHistories,
    settings: &Settings,
    order: usize,
    fitted: &AllModels,
) -> Estimate {
    let best = &fitted.by_bic[0];
    let mut estimate = of_fit(Method::Bic, best.model.names(histories), &best.fit, None);
    let said = &mut estimate.diagnostics;
    said.insert("model", Diagnostic::Text(best.model.notation()));
    said.insert("models", Diagnostic::Number(fitted.models as f64));
    said.insert("models_with_an_estimate", Diagnostic::Number(fitted.by_bic.len() as f64));
    said.insert("models_within_two", Diagnostic::List(near(fitted, histories)));
    add_bootstrap(&mut estimate, histories, settings, order);
    estimate
}

fn add_bootstrap(
    estimate: &mut Estimate,
    histories: &CaptureHistories,
    settings: &Settings,
    order: usize,
) {
    let resampling = Resampling { replicates: settings.replicates, seed: settings.seed };
    let Some(found) = bootstrap_of(estimate.method, histories, order, resampling) else { return };
    estimate.interval = Some(found.interval(settings.level));
    let said = &mut estimate.diagnostics;
    said.insert("replicates", Diagnostic::Number(found.replicates.len() as f64));
    let without = Diagnostic::Number(found.without_estimate as f64);
    said.insert("replicates_without_an_estimate", without);
    said.insert("bias_correction", Diagnostic::Number(found.bias_correction));
    said.insert("acceleration", Diagnostic::Number(found.acceleration));
}

/// Models whose BIC is less than two above the lowest, with their populations.
fn near(fitted: &AllModels, histories: &CaptureHistories) -> Vec<String> {
    let lowest = fitted.by_bic[0].fit.bic;
    let near = fitted.by_bic.iter().take_while(|one| one.fit.bic < lowest + 2.0);
    near.map(|one| {
        let names = one.model.names(histories).join(" ");
        format!(
            "{:.0}: {}",
            one.fit.population,
            if names.is_empty() { "no interactions" } else { &names }
        )
    })
    .collect()
}

fn of_fit(method: Method, terms: Vec<String>, fit: &Fit, interval: Option<Interval>) -> Estimate {
    Estimate {
        method,
        terms,
        population: fit.population,
        interval,
        aic: Some(fit.aic),
        bic: Some(fit.bic),
        diagnostics: BTreeMap::new(),
    }
}

fn of_average(method: Method, average: &Weighted) -> Estimate {
    Estimate {
        method,
        terms: Vec::new(),
        population: average.population,
        interval: None,
        aic: None,
        bic: None,
        diagnostics: BTreeMap::from([
            ("between_models", Diagnostic::Number(average.between)),
            ("heaviest_weight", Diagnostic::Number(average.heaviest)),
        ]),
    }
}
