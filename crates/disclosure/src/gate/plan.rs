//! Which attacks apply to a release.

use super::Planned;
use super::candidate::{Audit, Candidate, Limits};
use crate::aggregates::Aggregates;
use crate::attacks::{
    AttackError, Numbers, Trials, agree, amounts_beside_others, as_released, audit as judge_audit,
    claimed_excess, crossings, hidden_and_shown, linkage, linkage_to_aggregates,
    membership_by_marginals, membership_by_nearest, membership_in_noised, numbers_of_aggregates,
    numbers_of_tables, quasi_identifiers, singling_out, singling_out_by_one_column, small_cells,
    small_differences_of, subtraction, together,
};
use crate::published::PublishedTable;
use crate::rows::Rows;

pub(super) fn attacks<'a>(
    release: &'a Candidate,
    earlier: &'a [Candidate],
    rows: &'a Rows,
    limits: &'a Limits,
    audit: Audit<'a>,
) -> Vec<(&'static str, Planned<'a>)> {
    match release {
        Candidate::Tables(tables) => of_tables(tables, earlier, limits, audit),
        Candidate::Noisy { tables, rho } => of_noised(tables, *rho, earlier, rows),
        Candidate::Microdata { rows: shown, rho } => of_rows(shown, *rho, earlier, rows, limits),
        Candidate::Aggregates(aggregates) => of_aggregates(aggregates, earlier, rows, limits),
    }
}

fn of_noised<'a>(
    tables: &'a [PublishedTable],
    rho: f64,
    earlier: &'a [Candidate],
    rows: &'a Rows,
) -> Vec<(&'static str, Planned<'a>)> {
    let mut attacks: Vec<(&'static str, Planned<'a>)> = vec![(
        "membership in noised tables",
        Box::new(move |trials| Ok(vec![membership_in_noised(rows, tables, &[], rho, trials)?])),
    )];
    let mut whole = rho;
    let mut before = Vec::new();
    for candidate in earlier {
        if let Candidate::Noisy { tables, rho } = candidate {
            whole += rho;
            before.extend(tables);
        }
    }
    if !before.is_empty() {
        attacks.push((
            "differencing",
            Box::new(move |trials| {
                let mut attack = membership_in_noised(rows, tables, &before, whole, trials)?;
                attack.name = "differencing, all releases together".to_owned();
                Ok(vec![attack])
            }),
        ));
    }
    attacks
}

fn of_tables<'a>(
    tables: &'a [PublishedTable],
    earlier: &'a [Candidate],
    limits: &'a Limits,
    audit: Audit<'a>,
) -> Vec<(&'static str, Planned<'a>)> {
    let mut attacks: Vec<(&'static str, Planned<'a>)> = vec![
        (
            "audit of tables",
            Box::new(move |trials| {
                let new = numbers_of_tables(tables);
                // Tables of other people than today's contradict these; they are subtracted below. Amounts and
                // counts are not published beside one another.
                let same = earlier_tables(earlier).into_iter().filter(|&before| {
                    !of_amounts(tables)
                        && !of_amounts(before)
                        && agree(&new, &numbers_of_tables(before))
                });
                let all: Vec<&PublishedTable> = tables.iter().chain(same.flatten()).collect();
                Ok(vec![judge_audit(audit(&all, trials.stop).map_err(AttackError::Audit)?)])
            }),
        ),
        ("small cells", Box::new(|_| Ok(vec![small_cells(tables, limits.threshold)?]))),
        (
            "differencing",
            Box::new(|_| {
                let new = numbers_of_tables(tables);
                Ok(vec![
                    small_differences_of(&new, &exact_numbers(earlier), limits.threshold),
                    hidden_and_shown(tables, &earlier_tables(earlier), limits.threshold),
                ])
            }),
        ),
    ];
    if of_amounts(tables) || earlier.iter().any(is_of_amounts) {
        attacks.push(beside_others(tables, earlier));
    }
    attacks
}

/// Whether some of the tables add up amounts.
fn of_amounts(tables: &[PublishedTable]) -> bool {
    tables.iter().any(|table| table.amount.is_some())
}

/// Whether a release adds up amounts.
fn is_of_amounts(candidate: &Candidate) -> bool {
    matches!(candidate, Candidate::Tables(tables) if of_amounts(tables))
}

fn beside_others<'a>(
    tables: &'a [PublishedTable],
    earlier: &'a [Candidate],
) -> (&'static str, Planned<'a>) {
    let of = |candidate: &Candidate| {
        matches!(candidate, Candidate::Tables(_) | Candidate::Aggregates(_))
            .then(|| is_of_amounts(candidate))
    };
    let attack = move |_: Trials<'_>| {
        let before: Vec<bool> = earlier.iter().filter_map(of).collect();
        Ok(vec![amounts_beside_others(tables, &before)])
    };
    ("amounts beside others", Box::new(attack))
}

fn earlier_tables(earlier: &[Candidate]) -> Vec<&[PublishedTable]> {
    let tables = earlier.iter().filter_map(|candidate| match candidate {
        Candidate::Tables(tables) => Some(tables.as_slice()),
        _ => None,
    });
    tables.collect()
}

fn of_aggregates<'a>(
    aggregates: &'a Aggregates,
    earlier: &'a [Candidate],
    rows: &'a Rows,
    limits: &'a Limits,
) -> Vec<(&'static str, Planned<'a>)> {
    let mut attacks: Vec<(&'static str, Planned<'a>)> = vec![
        (
            "linkage to aggregates",
            Box::new(|trials| {
                let rows = as_released(rows, &aggregates.schema)?;
                let known = quasi_identifiers(&aggregates.schema, &limits.quasi_identifiers)?;
                let allowed = limits.allowed_excess;
                Ok(vec![linkage_to_aggregates(&rows, aggregates, &known, allowed, trials)?])
            }),
        ),
        ("subtraction", Box::new(|trials| Ok(vec![subtraction(aggregates, trials.stop)?]))),
        (
            "differencing",
            Box::new(|_| {
                let new = numbers_of_aggregates(aggregates);
                Ok(vec![small_differences_of(&new, &exact_numbers(earlier), aggregates.plan.k)])
            }),
        ),
    ];
    if earlier.iter().any(is_of_amounts) {
        attacks.push(beside_others(&[], earlier));
    }
    if earlier.iter().any(|candidate| matches!(candidate, Candidate::Aggregates(_))) {
        attacks.push((
            "differencing, one person added",
            Box::new(|trials| {
                let rows = as_released(rows, &aggregates.schema)?;
                Ok(vec![crossings(&rows, aggregates.plan, limits.allowed_excess, trials)?])
            }),
        ));
    }
    attacks
}

fn of_rows<'a>(
    shown: &'a Rows,
    rho: Option<f64>,
    earlier: &'a [Candidate],
    rows: &'a Rows,
    limits: &'a Limits,
) -> Vec<(&'static str, Planned<'a>)> {
    let allowed = limits.allowed_excess;
    let membership = move || match rho {
        Some(rho) => Ok(claimed_excess(rho)?.min(limits.most_membership_excess)),
        None => Ok(allowed),
    };
    let before: Vec<(&Rows, Option<f64>)> = earlier
        .iter()
        .filter_map(|candidate| match candidate {
            Candidate::Microdata { rows, rho } if rows.schema() == shown.schema() => {
                Some((rows, *rho))
            }
            _ => None,
        })
        .collect();
    let mut attacks: Vec<(&'static str, Planned<'a>)> = vec![
        (
            "membership by marginals",
            Box::new(move |trials| {
                let rows = as_released(rows, shown.schema())?;
                Ok(vec![membership_by_marginals(&rows, shown, None, membership()?, trials)?])
            }),
        ),
        (
            "membership by the nearest row",
            Box::new(move |trials| {
                let rows = as_released(rows, shown.schema())?;
                Ok(vec![membership_by_nearest(&rows, shown, None, membership()?, trials)?])
            }),
        ),
        (
            "linkage",
            Box::new(move |trials| {
                let rows = as_released(rows, shown.schema())?;
                let known = quasi_identifiers(shown.schema(), &limits.quasi_identifiers)?;
                Ok(linkage(&rows, shown, &known, allowed, trials)?.into())
            }),
        ),
        (
            "singling out",
            Box::new(move |trials| {
                let rows = as_released(rows, shown.schema())?;
                Ok(vec![
                    singling_out(&rows, shown, allowed, trials)?,
                    singling_out_by_one_column(&rows, shown, allowed, trials)?,
                ])
            }),
        ),
    ];
    if !before.is_empty() {
        attacks.push((
            "differencing",
            Box::new(move |trials| {
                let rows = as_released(rows, shown.schema())?;
                let files: Vec<&Rows> =
                    std::iter::once(shown).chain(before.iter().map(|&(rows, _)| rows)).collect();
                let all = together(&files).ok_or(AttackError::Nothing("no released row"))?;
                let costs = before.iter().map(|&(_, rho)| rho);
                // Losses add up; one release without a claim leaves none for all.
                let whole = costs.fold(rho, |sum, rho| Some(sum? + rho?));
                let allowed = match whole {
                    Some(rho) => claimed_excess(rho)?.min(limits.most_membership_excess),
                    None => allowed,
                };
                let mut attack = membership_by_marginals(&rows, &all, None, allowed, trials)?;
                attack.name = "differencing, all releases together".to_owned();
                Ok(vec![attack])
            }),
        ));
    }
    attacks
}

fn exact_numbers(earlier: &[Candidate]) -> Vec<Numbers> {
    earlier
        .iter()
        .filter_map(|candidate| match candidate {
            Candidate::Tables(tables) => Some(numbers_of_tables(tables)),
            Candidate::Aggregates(aggregates) => Some(numbers_of_aggregates(aggregates)),
            Candidate::Noisy { .. } | Candidate::Microdata { .. } => None,
        })
        .collect()
}
