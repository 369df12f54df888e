//! What is to be made. In: how many people, which agencies, which quarters, a seed. Out: a
//! [`Plan`] whose numbers can be made. The same plan makes the same bytes.

use std::ops::RangeInclusive;

use records::Quarter;

use crate::error::SimulationError;

/// What is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Where chance starts; another seed makes another state.
    pub seed: u64,
    /// How many people are trafficked in the state, seen and unseen: 200 to 10,000,000.
    pub people: u64,
    /// How many agencies; all of the list when absent. From 3 to 2,000: beyond the list, those of
    /// task forces come again under further numbers.
    pub agencies: Option<usize>,
    /// The first quarter of the period.
    pub from: Quarter,
    /// How many quarters: 1 to 40.
    pub quarters: usize,
}

const PEOPLE: RangeInclusive<u64> = 200..=10_000_000;
const AGENCIES: RangeInclusive<u64> = 3..=2_000;
const QUARTERS: RangeInclusive<u64> = 1..=40;

const USUAL_PEOPLE: u64 = 5_500;
const USUAL_QUARTERS: usize = 8;

impl Default for Plan {
    /// 5,500 people, every agency of the list, 2024-Q4 to 2026-Q3, seed 1.
    fn default() -> Plan {
        let from = Quarter::containing(jiff::civil::Date::constant(2024, 10, 1));
        Plan { seed: 1, people: USUAL_PEOPLE, agencies: None, from, quarters: USUAL_QUARTERS }
    }
}

impl Plan {
    pub(crate) fn check(&self) -> Result<(), SimulationError> {
        let inside = |what, value: u64, range: RangeInclusive<u64>| {
            if range.contains(&value) {
                return Ok(());
            }
            let (least, most) = range.into_inner();
            Err(SimulationError::OutOfRange { what, value, least, most })
        };
        inside("the number of people", self.people, PEOPLE)?;
        inside("the number of quarters", self.quarters as u64, QUARTERS)?;
        self.agencies
            .map_or(Ok(()), |agencies| inside("the number of agencies", agencies as u64, AGENCIES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_says_what_can_be_made() {
        let usual = Plan::default();
        assert!(usual.check().is_ok());
        let told = Plan { people: 5, ..usual }.check().unwrap_err().to_string();
        assert_eq!(told, "the number of people is 5; choose from 200 to 10000000");
        assert!(Plan { agencies: Some(2), ..usual }.check().is_err());
        assert!(Plan { quarters: 0, ..usual }.check().is_err());
    }
}
