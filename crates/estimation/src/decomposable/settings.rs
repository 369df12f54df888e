//! What is believed before a table is seen, and what is refused.

use crate::histories::CaptureHistories;

/// The most lists whose graphs are all looked at: 18,154 on six, 617,675 on seven.
pub const MOST_LISTS_OF_GRAPHS: usize = 6;

/// The most people seen: with more, the work and the last digits of the logarithms grow too much.
pub const MOST_PEOPLE_OF_GRAPHS: u64 = 10_000_000;

/// What is believed before the table is seen, and how much of it the interval shall hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecomposableSettings {
    /// How many people the hyper-Dirichlet prior puts into each cell of the table, those on no list
    /// included; `2^-lists`, one person in all, when none is given.
    pub prior_count: Option<f64>,
    /// The most people that can be on no list, such as those that live there; without it there is
    /// no bound.
    pub most_unseen: Option<u64>,
    /// Which part of the posterior the interval holds, the same being left out on both sides.
    pub level: f64,
}

impl Default for DecomposableSettings {
    fn default() -> DecomposableSettings {
        DecomposableSettings { prior_count: None, most_unseen: None, level: 0.95 }
    }
}

/// Why there is no average over graphs.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecomposableError {
    /// Too few lists to see a dependence, or too many graphs.
    #[error(
        "expected 3 to {MOST_LISTS_OF_GRAPHS} lists, found {found}; for two use their overlap, of more join some"
    )]
    Lists {
        /// How many lists there are.
        found: usize,
    },
    /// More than [`MOST_PEOPLE_OF_GRAPHS`].
    #[error(
        "expected at most {MOST_PEOPLE_OF_GRAPHS} people, found {found}; split them into strata"
    )]
    TooManyPeople {
        /// How many people there are.
        found: u64,
    },
    /// Only the prior would speak.
    #[error(
        "nobody is on two lists, so nothing tells how many are on none; add a list that overlaps, or check the linkage"
    )]
    NoOverlap,
    /// No prior.
    #[error("expected a prior count from 1e-6 to 1e6 people in each cell, found {found}")]
    PriorCount {
        /// What was given.
        found: f64,
    },
    /// Nobody unseen is no question.
    #[error("expected that at least one person can be unseen; leave the bound out or raise it")]
    NobodyUnseen,
    /// No level.
    #[error("expected a level between 0 and 1, such as 0.95, found {found}")]
    Level {
        /// What was given.
        found: f64,
    },
    /// The posterior has no end that means anything.
    #[error(
        "more than {:.3} of the posterior lies beyond a thousand million times the people seen; \
         say how many can be unseen at most, or put more people into the prior",
        .beyond
    )]
    NoEnd {
        /// The part of the posterior that lies there.
        beyond: f64,
    },
}

/// The prior count, when everything else is as it must be.
pub(super) fn checked(
    histories: &CaptureHistories,
    settings: &DecomposableSettings,
) -> Result<f64, DecomposableError> {
    let (lists, people) = (histories.lists().len(), histories.people());
    if !(3..=MOST_LISTS_OF_GRAPHS).contains(&lists) {
        return Err(DecomposableError::Lists { found: lists });
    }
    if people > MOST_PEOPLE_OF_GRAPHS {
        return Err(DecomposableError::TooManyPeople { found: people });
    }
    if histories.counts().iter().all(|(history, _)| history.len() < 2) {
        return Err(DecomposableError::NoOverlap);
    }
    if settings.most_unseen == Some(0) {
        return Err(DecomposableError::NobodyUnseen);
    }
    if !(settings.level > 0.0 && settings.level < 1.0) {
        return Err(DecomposableError::Level { found: settings.level });
    }
    let prior_count = settings.prior_count.unwrap_or(1.0 / f64::from(1_u32 << lists));
    let sane = (1e-6..=1e6).contains(&prior_count);
    sane.then_some(prior_count).ok_or(DecomposableError::PriorCount { found: prior_count })
}
