//! How much less likely one agency is to hold two records of a person, learnt from the data.
//!
//! In: the agency of each record, scored pairs. Out: for each agency a penalty in log odds, at
//! most 0, for every second record of it in one person. Most agencies look a person up before they
//! write a new record; some do not, so the penalty is soft and each agency has its own.
//!
//! For agency g the ratio r of its prior odds of a match to those of all pairs is estimated by EM:
//! r = (sum of the posteriors of its pairs, at the present r) / (matches expected of as many
//! pairs). The ratio of an agency with few expected matches is drawn towards the ratio of all
//! same-agency pairs, and that towards 1. Assumes that pairs within and across agencies were
//! blocked and scored alike. Cost: 20 passes over the pairs within agencies.

use std::convert::Infallible;

use super::ScoredPair;
use super::threshold::{of_shares, share};

/// Matches that an agency's own data must show before they outweigh what agencies have in common.
const PRIOR_MATCHES: f64 = 5.0;

/// Pairs within an agency from these log odds on are looked at.
pub(crate) const LOOKED_AT: f32 = -7.0;

/// Learns the penalty of each agency.
pub(super) fn penalties(agency: &[u16], pairs: &[ScoredPair]) -> Vec<f32> {
    let agencies = agency.iter().max().map_or(0, |most| usize::from(*most) + 1);
    let mut records = vec![0_u64; agencies];
    for one in agency {
        records[usize::from(*one)] += 1;
    }
    let of = |record: u32| agency[record as usize];
    let all = pairs.iter().map(|pair| share(pair.log_odds)).sum();
    let within: Vec<(u16, f32)> = pairs
        .iter()
        .filter(|pair| of(pair.first) == of(pair.second) && pair.log_odds > LOOKED_AT)
        .map(|pair| (of(pair.first), pair.log_odds))
        .collect();
    let each = |take: &mut dyn FnMut(u16, f32)| -> Result<(), Infallible> {
        within.iter().for_each(|(agency, log_odds)| take(*agency, *log_odds));
        Ok(())
    };
    let Ok(penalties) = penalties_of(&records, all, each);
    penalties
}

/// Learns the penalty of each agency from how many records each has, the matches expected in all
/// (as a sum of [`share`]s), and the pairs within agencies, which are gone through 20 times.
pub(crate) fn penalties_of<E>(
    records: &[u64],
    all: u64,
    within: impl Fn(&mut dyn FnMut(u16, f32)) -> Result<(), E>,
) -> Result<Vec<f32>, E> {
    let choose_two = |number: u64| number as f64 * number.saturating_sub(1) as f64 / 2.0;
    let rate = of_shares(all) / choose_two(records.iter().sum()).max(1.0);
    let expected: Vec<f64> = records.iter().map(|number| choose_two(*number) * rate).collect();
    let mut penalties = vec![0.0_f32; records.len()];
    for _ in 0..20 {
        let mut found = vec![0; records.len()];
        within(&mut |agency, log_odds| {
            found[usize::from(agency)] += share(log_odds + penalties[usize::from(agency)]);
        })?;
        let found: Vec<f64> = found.into_iter().map(of_shares).collect();
        let pooled = (found.iter().sum::<f64>() + 1.0) / (expected.iter().sum::<f64>() + 1.0);
        for (at, penalty) in penalties.iter_mut().enumerate() {
            let ratio = (found[at] + PRIOR_MATCHES * pooled) / (expected[at] + PRIOR_MATCHES);
            *penalty = libm::log(ratio).clamp(-8.0, 0.0) as f32;
        }
    }
    Ok(penalties)
}
