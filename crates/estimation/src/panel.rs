//! Every method side by side, the range, and what it leans on.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::checks::{Checks, checks};
use crate::estimate::{Estimate, Method};
use crate::headline::{Headline, headline};
use crate::histories::CaptureHistories;
use crate::loglinear::AllModels;
use crate::methods::answer_of;
use crate::pooled::pooled;
use crate::refusal::refusal;

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
        let all = all_models.as_ref().and_then(Option::as_ref);
        match answer_of(*method, histories, settings, order, all) {
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
