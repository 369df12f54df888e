//! Every method side by side, the range, and what it leans on.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::checks::{Checks, checks};
use crate::decomposable::{DecomposableSettings, average_decomposable};
use crate::estimate::{Diagnostic, Estimate, Method};
use crate::headline::{Headline, headline};
use crate::histories::CaptureHistories;
use crate::loglinear::{AllModels, Fit, Model, STEPWISE_THRESHOLD, Weighted, fit, stepwise};
use crate::pooled::pooled;
use crate::refusal::refusal;
use crate::sample_coverage::sample_coverage;
use crate::two_lists::chapman;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The methods, in the order of the answer; Chapman answers for two lists only.
    pub methods: Vec<Method>,
    /// The probability of intervals, above 0 and below 1.
    pub level: f64,
    /// Replicates of the bootstrap; 0 for no such intervals.
    pub replicates: usize,
    /// Where randomness begins.
    pub seed: u64,
    /// The most lists that interact in the models looked at; none for what the number of lists
    /// allows in reasonable time ([`default_order`]).
    pub order: Option<usize>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            methods: Method::ALL.to_vec(),
            level: 0.95,
            replicates: 1000,
            seed: 1,
            order: None,
        }
    }
}

/// The answer for one table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The lists' names.
    pub lists: Vec<String>,
    /// People seen.
    pub observed: u64,
    /// Each method's answer; methods without one are in `without_answer`.
    pub estimates: Vec<Estimate>,
    /// Methods that have no answer for this table, and why.
    pub without_answer: BTreeMap<&'static str, String>,
    /// The range to be printed first; none when the table is refused.
    pub headline: Option<Headline>,
    /// Why the table cannot answer.
    pub refused: Option<Refused>,
    /// What the answer leans on.
    pub checks: Checks,
}

/// Why a table cannot answer, and what would help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// In a sentence.
    pub reason: String,
}

/// Interactions of at most so many lists are looked at: all of them that can be told from the
/// people on no list, but only pairs of six lists (32,768 models) or more.
pub fn default_order(lists: usize) -> usize {
    if lists <= 5 { 3.min(lists.saturating_sub(1)).max(1) } else { 2 }
}

/// Answers for one table. `starts` is told of each method before it begins.
///
/// A table that is refused ([`refusal`]) still gets the estimates of the methods that have one, so
/// that a reader sees what others would print; it gets no range.
pub fn estimate(
    histories: &CaptureHistories,
    settings: &Settings,
    starts: &(dyn Fn(Method) + Sync),
) -> Answer {
    let mut answer = Answer {
        lists: histories.lists().to_vec(),
        observed: histories.people(),
        estimates: Vec::new(),
        without_answer: BTreeMap::new(),
        headline: None,
        refused: None,
        checks: Checks::default(),
    };
    let lists = histories.lists().len();
    let order = settings.order.unwrap_or_else(|| default_order(lists));
    let of_all = |method: &Method| matches!(method, Method::Bic | Method::AllModelsAic);
    let all_models = settings.methods.iter().any(of_all).then(|| AllModels::fit(histories, order));
    for method in &settings.methods {
        starts(*method);
        match one(histories, settings, *method, all_models.as_ref().and_then(Option::as_ref)) {
            Some(Ok(estimate)) => answer.estimates.push(estimate),
            Some(Err(why)) => {
                answer.without_answer.insert(method.name(), why);
            }
            None => {}
        }
    }
    let only_chapman = settings.methods == [Method::Chapman] && !answer.estimates.is_empty();
    if let Some(why) = refusal(histories).filter(|_| !only_chapman) {
        answer.refused = Some(Refused { reason: why.to_string() });
    } else if let Some(known) = pooled(histories).filter(|_| !only_chapman) {
        answer.checks = checks(histories, settings.level);
        answer.headline =
            Some(headline(histories, &known, settings.level, &answer.estimates, &answer.checks));
    }
    answer
}

/// One method's answer, or why it has none; nothing when the method is not for such a table.
fn one(
    histories: &CaptureHistories,
    settings: &Settings,
    method: Method,
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
    match method {
        Method::Independence => Some(
            fit(histories, &Model::independence(lists))
                .map(|fit| {
                    let mut estimate = of_fit(method, Vec::new(), &fit);
                    if let Ok(seen) = sample_coverage(histories) {
                        let said = &mut estimate.diagnostics;
                        said.insert("sample_coverage", Diagnostic::Number(seen.coverage));
                        let population = Diagnostic::Number(seen.population());
                        said.insert("population_by_sample_coverage", population);
                    }
                    estimate
                })
                .map_err(|why| why.to_string()),
        ),
        Method::Stepwise => Some(
            stepwise(histories, STEPWISE_THRESHOLD)
                .map(|found| {
                    let named = found.added.iter().map(|pair| histories.named(*pair).to_string());
                    of_fit(method, named.collect(), &found.fit)
                })
                .map_err(|why| why.to_string()),
        ),
        Method::Bic => Some(all().map(|fitted| {
            let best = &fitted.by_bic[0];
            let mut estimate = of_fit(method, best.model.names(histories), &best.fit);
            let said = &mut estimate.diagnostics;
            said.insert("model", Diagnostic::Text(best.model.notation()));
            said.insert("models", Diagnostic::Number(fitted.models as f64));
            said.insert("models_with_an_estimate", Diagnostic::Number(fitted.by_bic.len() as f64));
            said.insert("models_within_two", Diagnostic::List(near(fitted, histories)));
            estimate
        })),
        Method::AllModelsAic => Some(all().and_then(|fitted| {
            let average =
                fitted.weighted_by_aic().ok_or("no model has an estimate for these lists")?;
            Ok(of_average(method, &average))
        })),
        Method::Decomposable => {
            let asked =
                DecomposableSettings { level: settings.level, ..DecomposableSettings::default() };
            Some(average_decomposable(histories, &asked).map_err(|why| why.to_string()))
        }
        // Among other methods it is for those who have only two lists.
        Method::Chapman if lists != 2 && settings.methods.len() > 1 => None,
        Method::Chapman => Some(chapman(histories, settings.level).map_err(|why| why.to_string())),
        Method::LatentClass => None,
    }
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

fn of_fit(method: Method, terms: Vec<String>, fit: &Fit) -> Estimate {
    Estimate {
        method,
        terms,
        population: fit.population,
        interval: None,
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
