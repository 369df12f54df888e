//! How many people there are in all, seen and unseen, as it may be shown: a range with its reasons.
//!
//! In: [`EstimateParts`], derived from tables that are released already. Out: [`PublishedEstimate`],
//! whose fields nobody sets from outside; only the gate makes a `Released` one. Numbers are whole
//! people: an estimate has no digits after the point. Fails with every fault at once.

use serde::Serialize;

use crate::{PublishedValue, WhyHidden};

/// What an estimate is made of, before it is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct EstimateParts {
    /// A short name, which is also its file's.
    pub name: String,
    /// The people on at least one list, as their table shows them.
    pub observed: PublishedValue,
    /// The range, or why there is none.
    pub range: Result<EstimateRange, String>,
    /// Why this range and what it leans on.
    pub reasons: Vec<EstimateReason>,
    /// What each method says, side by side.
    pub methods: Vec<MethodEstimate>,
}

/// Between which numbers of people the truth probably lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EstimateRange {
    /// Lower end, people.
    pub low: u64,
    /// Upper end, people.
    pub high: u64,
    /// How likely it is to hold the truth if what it assumes holds, above 0 and below 1.
    pub level: f64,
}

/// What one method says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MethodEstimate {
    /// The method's name, such as "stepwise".
    pub method: String,
    /// How many people there are by it.
    pub people: u64,
    /// Its interval; none when it has none, an upper end of none when nothing seen sets one.
    pub interval: Option<(u64, Option<u64>)>,
}

/// A reason for a range, or what it leans on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EstimateReason {
    /// What being on one list says about being on another.
    Dependence(Dependence),
    /// The methods lie apart: the lowest, then the highest.
    MethodsApart {
        /// The method that says least, and its number of people.
        least: (String, u64),
        /// The method that says most, and its number of people.
        most: (String, u64),
    },
    /// Leaving out one list moves the range.
    HangsOnAList {
        /// Without which.
        list: String,
        /// Lower end without it.
        low: u64,
        /// Upper end without it.
        high: u64,
    },
    /// Who is whom is itself uncertain, and the range allows for it.
    LinkageUncertain,
    /// So few people are seen at all that a few more or less would change it.
    FewPeople,
    /// The lists were counted with protective noise, and the range allows for it.
    NoisyLists,
}

/// What being on one list says about being on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dependence {
    /// It makes it likelier.
    Likelier,
    /// It makes it less likely.
    LessLikely,
    /// It says little.
    Little,
}

/// An estimate as it may be shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedEstimate {
    name: String,
    observed: PublishedValue,
    range: Option<EstimateRange>,
    refused: Option<String>,
    reasons: Vec<EstimateReason>,
    methods: Vec<MethodEstimate>,
}

/// An estimate that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the estimate {name} cannot be published: {}", faults.join("; "))]
pub struct EstimateFaults {
    name: String,
    /// Every fault, each with what was expected.
    pub faults: Vec<String>,
}

impl PublishedEstimate {
    /// Checks the parts; the gate calls it.
    ///
    /// # Errors
    ///
    /// [`EstimateFaults`] with every fault.
    pub(crate) fn new(parts: EstimateParts) -> Result<PublishedEstimate, EstimateFaults> {
        let faults = faults(&parts);
        if !faults.is_empty() {
            return Err(EstimateFaults { name: parts.name, faults });
        }
        let (range, refused) = match parts.range {
            Ok(range) => (Some(range), None),
            Err(why) => (None, Some(why)),
        };
        let EstimateParts { name, observed, reasons, methods, .. } = parts;
        Ok(PublishedEstimate { name, observed, range, refused, reasons, methods })
    }

    /// Its short name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The people on at least one list.
    pub fn observed(&self) -> PublishedValue {
        self.observed
    }

    /// The range; none when the lists cannot answer.
    pub fn range(&self) -> Option<EstimateRange> {
        self.range
    }

    /// Why there is no range.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// Why this range and what it leans on.
    pub fn reasons(&self) -> &[EstimateReason] {
        &self.reasons
    }

    /// What each method says.
    pub fn methods(&self) -> &[MethodEstimate] {
        &self.methods
    }
}

fn faults(parts: &EstimateParts) -> Vec<String> {
    let mut faults = Vec::new();
    let mut expect = |holds: bool, said: String| {
        if !holds {
            faults.push(said);
        }
    };
    match &parts.range {
        Ok(range) => {
            expect(range.low <= range.high, "its range ends before it starts".to_owned());
            let level = range.level > 0.0 && range.level < 1.0;
            expect(level, "its level must lie above 0 and below 1".to_owned());
            expect(!parts.reasons.is_empty(), "a range must come with its reasons".to_owned());
            let fewest = match parts.observed {
                PublishedValue::Exact(people) => people,
                PublishedValue::Noised { low, .. } => low,
                PublishedValue::Rounded { .. } | PublishedValue::Hidden(_) => 0,
            };
            expect(fewest <= range.low, "its range starts below the people seen".to_owned());
        }
        Err(why) => expect(!why.is_empty(), "without a range it must say why".to_owned()),
    }
    if let PublishedValue::Noised { value, low, high } = parts.observed {
        expect(low <= value && value <= high, "observed lies outside its interval".to_owned());
    }
    if parts.observed == PublishedValue::Hidden(WhyHidden::Suppressed) {
        // People seen is the least that the range can be: a range would give it away.
        expect(parts.range.is_err(), "observed is hidden, so there can be no range".to_owned());
    }
    for one in &parts.methods {
        if let Some((low, high)) = one.interval {
            let inside = low <= one.people && high.is_none_or(|high| one.people <= high);
            expect(inside, format!("{}: its number lies outside its interval", one.method));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> EstimateParts {
        EstimateParts {
            name: "people".to_owned(),
            observed: PublishedValue::Noised { value: 500, low: 480, high: 520 },
            range: Ok(EstimateRange { low: 900, high: 2000, level: 0.95 }),
            reasons: vec![EstimateReason::NoisyLists],
            methods: vec![MethodEstimate {
                method: "bic".to_owned(),
                people: 1200,
                interval: Some((900, None)),
            }],
        }
    }

    #[test]
    fn a_sound_estimate_keeps_what_it_was_given() {
        let estimate = PublishedEstimate::new(parts()).unwrap();
        assert_eq!(estimate.range().map(|range| (range.low, range.high)), Some((900, 2000)));
        assert_eq!((estimate.refused(), estimate.methods().len()), (None, 1));
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let mut wrong = parts();
        wrong.range = Ok(EstimateRange { low: 9, high: 2, level: f64::NAN });
        wrong.reasons.clear();
        wrong.observed = PublishedValue::Noised { value: 5, low: 6, high: 7 };
        wrong.methods[0].interval = Some((1300, Some(1400)));
        assert_eq!(PublishedEstimate::new(wrong).unwrap_err().faults.len(), 5);
    }

    #[test]
    fn a_range_beside_hidden_people_is_refused() {
        let mut wrong = parts();
        wrong.observed = PublishedValue::Hidden(WhyHidden::Suppressed);
        let error = PublishedEstimate::new(wrong).unwrap_err().to_string();
        assert!(error.contains("observed is hidden"), "{error}");
    }
}
