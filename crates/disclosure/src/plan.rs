//! What a release would cost and how accurate it would be, before anything is spent.
//!
//! In: the parts of a proposal ([`Part`]) and what is known of its accuracy, both from public
//! parameters alone. Out: a [`Plan`], which spends nothing and sees no data.

use serde::Serialize;

use crate::budget::{Delta, Rho, attack_success_bound, epsilon_at};
use crate::ledger::{Ledger, Part};
use crate::noisy::{MarginAccuracy, NoisyDesign};
use crate::released::Regime;

/// A release that is not made yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// What would be measured, and what each part costs.
    pub parts: Vec<Part>,
    /// What it costs in all.
    pub rho: Rho,
    /// Epsilon of that at `delta`.
    pub epsilon: f64,
    /// The delta that epsilon is told at.
    pub delta: Delta,
    /// The most that anybody could be right about whether a person is in the data, who guesses by a
    /// fair coin before.
    pub attack_success_bound: f64,
    /// How accurate it would be.
    pub accuracy: Vec<MarginAccuracy>,
    /// What it would do to a ledger, if there is one.
    pub ledger: Option<LedgerAfter>,
}

/// What a release would do to a ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LedgerAfter {
    /// Whether it could be begun; not so after an exact release either.
    pub fits: bool,
    /// What is left before.
    pub left: Rho,
    /// What would be left after; nothing if it does not fit.
    pub left_after: Option<Rho>,
    /// Epsilon of everything about a person after it, at `delta`; nothing if it does not fit.
    pub epsilon_of_all: Option<f64>,
    /// The ledger's delta.
    pub delta: Delta,
}

impl Plan {
    /// From the parts of a release.
    pub fn new(parts: Vec<Part>, accuracy: Vec<MarginAccuracy>, delta: Delta) -> Plan {
        let rho: Rho = parts.iter().map(|part| part.rho).sum();
        Plan {
            parts,
            rho,
            epsilon: epsilon_at(rho, delta),
            delta,
            attack_success_bound: attack_success_bound(rho),
            accuracy,
            ledger: None,
        }
    }

    /// For noisy tables.
    pub fn noisy(designs: &[NoisyDesign], delta: Delta) -> Plan {
        let parts = designs.iter().flat_map(NoisyDesign::parts).collect();
        Plan::new(parts, designs.iter().flat_map(NoisyDesign::accuracy).collect(), delta)
    }

    /// Held against a ledger, which stays as it is.
    #[must_use]
    pub fn against(mut self, ledger: &Ledger) -> Plan {
        let private = matches!(ledger.regime(), None | Some(Regime::Private));
        let left_after = ledger.remaining().minus(self.rho).filter(|_| private);
        let delta = ledger.budget().delta;
        self.ledger = Some(LedgerAfter {
            fits: left_after.is_some(),
            left: ledger.remaining(),
            left_after,
            epsilon_of_all: left_after.map(|_| epsilon_at(ledger.spent().plus(self.rho), delta)),
            delta,
        });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::ledger::{DataSet, Neighbours, Proposal};
    use crate::noisy::NoisyQuestion;
    use crate::schema::{Schema, SchemaColumn};

    fn design(rho: &str) -> NoisyDesign {
        let column = |name: &str| SchemaColumn {
            name: name.to_owned(),
            categories: vec!["x".to_owned(), "y".to_owned()],
        };
        let schema = Schema { columns: vec![column("a"), column("b")] };
        let question = NoisyQuestion {
            name: "t".to_owned(),
            counted: "people".to_owned(),
            dimensions: vec!["a".to_owned(), "b".to_owned()],
            groups: Vec::new(),
            structural_zeros: Vec::new(),
            rows_per_person: 1,
        };
        NoisyDesign::new(&schema, question, rho.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_plan_costs_what_its_parts_cost_and_more_budget_is_more_accurate() {
        let plan = Plan::noisy(&[design("0.25")], Delta::LEDGER);
        assert_eq!(plan.rho.to_string(), "0.25");
        assert_eq!(plan.accuracy.len(), 4);
        assert!(plan.attack_success_bound < 0.677);
        let better = Plan::noisy(&[design("1")], Delta::LEDGER);
        for (worse, better) in plan.accuracy.iter().zip(&better.accuracy) {
            // Four times the rho halves the noise.
            assert!((worse.half_width / better.half_width - 2.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_plan_says_what_the_ledger_would_say_and_leaves_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.jsonl");
        let data_set = DataSet {
            name: "practice-state".to_owned(),
            unit: "one person".to_owned(),
            rows_per_person: 1,
            neighbours: Neighbours::AddOrRemoveOnePerson,
        };
        let budget = Budget::parse("rho:0.4", Delta::LEDGER).unwrap();
        let mut ledger = Ledger::init(&path, data_set, budget).unwrap();
        let before = std::fs::read(&path).unwrap();
        let plan = Plan::noisy(&[design("0.25")], Delta::LEDGER).against(&ledger);
        let after = plan.ledger.unwrap();
        assert!(after.fits);
        assert_eq!(after.left_after.unwrap().to_string(), "0.15");
        assert_eq!(std::fs::read(&path).unwrap(), before);

        let proposal = Proposal {
            name: "first".to_owned(),
            regime: Regime::Private,
            day: "2026-11-29".to_owned(),
            directory: "out".to_owned(),
            parts: plan.parts,
        };
        let source = crate::noise::NoiseSource::operating_system().unwrap();
        drop(ledger.begin(&proposal, Some(&source)).unwrap());
        let second = Plan::noisy(&[design("0.25")], Delta::LEDGER).against(&ledger);
        assert!(!second.ledger.unwrap().fits);
    }
}
