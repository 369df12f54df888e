//! Count: figures that stand → sums by quarter and breakdown, with who reported beside each.
//!
//! In: the returns of the task forces in the store. Out: [`StateTotals`]. Sums are made only of
//! counted units whose definition says that they add up over reporters, only inside one standing,
//! and never with a section whose target may be the victim in a total of offenders. They are raw
//! counts: a person on two task forces' lists is in them twice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use records::register::{Entry, Kind, Register};
use records::{Dimension, FigureId, Quarter, Standing};
use report::SMALLEST_SHOWN;
use serde::Serialize;
use store::{RollUp, Rolled, Scope, SentTable, Store, StoreError};

/// A sum over the task forces of one quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateTotal {
    /// Its name: `measure:quarter:state[:dimension=value][:definitions=version]`, with
    /// `practice-state` for made-up task forces.
    pub id: FigureId,
    /// The counted unit.
    pub measure: String,
    /// The state quarter.
    pub quarter: Quarter,
    /// The breakdown.
    pub by: BTreeMap<Dimension, String>,
    /// The sum of the exact numbers.
    pub sum: i64,
    /// Task forces with an exact number in it.
    pub reporters: i64,
    /// Task forces expected to report the quarter.
    pub expected: usize,
    /// Expected task forces that sent nothing for the quarter, by code.
    pub missing: Vec<String>,
    /// Cells answered "unknown".
    pub unknown: i64,
    /// Cells answered "not collected".
    pub not_collected: i64,
    /// Cells with a qualifier, which are not in the sum.
    pub qualified: i64,
    /// The returns behind it.
    pub returns: Vec<i64>,
    /// The register's version whose wording all its figures follow.
    pub definition_version: String,
    /// The task forces with an exact number in it, by code.
    #[serde(skip)]
    pub reported: BTreeSet<String>,
    /// What the agency of whoever asks has in it; absent for whoever is of no one agency.
    #[serde(skip)]
    pub own: Option<i64>,
    /// Whether what the others sent is under 11: the agency knows what it sent itself, and would know what
    /// they sent too.
    #[serde(skip)]
    pub others_small: bool,
}

/// The sums, and who sent which quarter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct StateTotals {
    /// The sums, ordered by name.
    pub totals: Vec<StateTotal>,
    /// Every quarter of which at least one task force has sent something.
    pub quarters: Vec<Quarter>,
    /// Per quarter: the task forces that sent something, by code.
    pub sent: BTreeMap<Quarter, BTreeSet<String>>,
}

/// The kind of task force whose returns make the totals of a standing.
pub fn reporter_kind(standing: Standing) -> Kind {
    match standing {
        Standing::Synthetic => Kind::PracticeTaskForce,
        Standing::Published | Standing::Submitted => Kind::TaskForce,
    }
}

/// The task forces that are expected to report a day, by the register.
pub fn expected(register: &Register, standing: Standing, on: Date) -> Vec<&Entry> {
    match standing {
        Standing::Synthetic => register.practice_task_forces_reporting(on),
        Standing::Published | Standing::Submitted => register.task_forces_reporting(on),
    }
}

/// Sums what the task forces have sent, of one standing.
///
/// # Errors
///
/// [`StoreError`].
pub async fn run(
    store: &Store,
    scope: &Scope,
    register: &Register,
    standing: Standing,
) -> Result<StateTotals, StoreError> {
    let reporters: Vec<String> =
        register.entries(reporter_kind(standing)).map(|entry| entry.code.clone()).collect();
    let mut tables = store.sent_tables(scope, standing).await?;
    tables.retain(|table| reporters.contains(&table.reporter));
    let mut totals = StateTotals { sent: sent(&tables), ..StateTotals::default() };
    totals.quarters = totals.sent.keys().copied().collect();
    for measure in measures(&tables) {
        let Some(unit) = register.get(Kind::CountedUnit, &measure) else { continue };
        if !unit.adds_over("reporter") {
            continue;
        }
        let adds_over: Vec<Dimension> = Dimension::ALL
            .into_iter()
            .filter(|dimension| unit.adds_over(dimension.as_str()))
            .collect();
        let current = wordings(register, &measure).into_values().next_back().unwrap_or_default();
        for (by, versions) in breakdowns(&tables, &measure)
            .iter()
            .flat_map(|by| wordings(register, &measure).into_values().map(move |one| (by, one)))
        {
            let without = left_out(register, unit, by);
            let roll_up = RollUp {
                measure: &measure,
                standing,
                reporters: &reporters,
                without_statutes: &without,
                definition_versions: &versions,
                by,
                adds_over: &adds_over,
                by_reporter: false,
                by_quarter: true,
            };
            let definitions = (versions != current).then(|| versions.join("-"));
            let own = own_part(store, scope, &roll_up).await?;
            for rolled in store.roll_up(scope, &roll_up).await? {
                let of_agency = own.iter().find(|own| {
                    own.exact > 0 && (&own.period, &own.by) == (&rolled.period, &rolled.by)
                });
                let others_small = of_agency.is_some_and(|own| others_small(&rolled, own));
                let own = of_agency.map(|own| own.sum);
                let found = total(register, standing, &measure, rolled, &totals.sent, &definitions);
                totals.totals.extend(found.map(|found| StateTotal { own, others_small, ..found }));
            }
        }
    }
    totals.totals.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(totals)
}

/// What the agency of the scope has in the sums; nothing for whoever is of no one agency.
async fn own_part(
    store: &Store,
    scope: &Scope,
    roll_up: &RollUp<'_>,
) -> Result<Vec<Rolled>, StoreError> {
    let Some(own) = scope.reach().map(str::to_owned) else { return Ok(Vec::new()) };
    if !roll_up.reporters.contains(&own) {
        return Ok(Vec::new());
    }
    store.roll_up(scope, &RollUp { reporters: &[own], ..roll_up.clone() }).await
}

/// Whether the sum without one's own part is a number that is hidden.
fn others_small(rolled: &Rolled, own: &Rolled) -> bool {
    rolled.reporters > own.reporters && rolled.sum - own.sum < SMALLEST_SHOWN
}

/// The sections that are left out of a sum over sections: those whose target may be the victim,
/// in totals of offenders.
pub fn left_out(register: &Register, unit: &Entry, by: &[Dimension]) -> Vec<String> {
    if !unit.is("offender_measure") || by.contains(&Dimension::Statute) {
        return Vec::new();
    }
    register
        .entries(Kind::Statute)
        .filter(|statute| !statute.is("counts_as_offender"))
        .map(|statute| statute.code.clone())
        .collect()
}

fn measures(tables: &[SentTable]) -> BTreeSet<String> {
    tables.iter().map(|table| table.measure.clone()).collect()
}

/// No breakdown, each single one that the figures have, and each table as it was sent.
fn breakdowns(tables: &[SentTable], measure: &str) -> BTreeSet<Vec<Dimension>> {
    let mut breakdowns = BTreeSet::from([Vec::new()]);
    for table in tables.iter().filter(|table| table.measure == measure) {
        breakdowns.extend(table.by.iter().map(|dimension| vec![*dimension]));
        breakdowns.insert(table.by.clone());
    }
    breakdowns
}

/// The register's versions in groups that word a counted unit alike, the latest wording last.
/// Figures of two wordings are two counts, and are never one sum.
fn wordings(register: &Register, measure: &str) -> BTreeMap<String, Vec<String>> {
    let mut wordings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for version in register.versions() {
        if let Some(unit) = register.get_at(version, Kind::CountedUnit, measure) {
            wordings.entry(unit.since.clone()).or_default().push(version.name.clone());
        }
    }
    wordings
}

fn sent(tables: &[SentTable]) -> BTreeMap<Quarter, BTreeSet<String>> {
    let mut sent: BTreeMap<Quarter, BTreeSet<String>> = BTreeMap::new();
    for table in tables {
        if let Some(quarter) = table.quarter {
            sent.entry(quarter).or_default().insert(table.reporter.clone());
        }
    }
    sent
}

fn total(
    register: &Register,
    standing: Standing,
    measure: &str,
    rolled: Rolled,
    sent: &BTreeMap<Quarter, BTreeSet<String>>,
    definitions: &Option<String>,
) -> Option<StateTotal> {
    let quarter: Quarter = rolled.period.parse().ok()?;
    let expected = expected(register, standing, quarter.period().start()?);
    let missing = expected
        .iter()
        .map(|entry| entry.code.clone())
        .filter(|code| !sent.get(&quarter).is_some_and(|codes| codes.contains(code)))
        .collect();
    let whose = match standing {
        Standing::Synthetic => "practice-state",
        Standing::Published | Standing::Submitted => "state",
    };
    let mut id = format!("{measure}:{quarter}:{whose}");
    for (dimension, value) in &rolled.by {
        id.push_str(&format!(":{}={value}", dimension.as_str()));
    }
    if let Some(definitions) = definitions {
        id.push_str(&format!(":definitions={definitions}"));
    }
    Some(StateTotal {
        id: FigureId(id),
        measure: measure.to_owned(),
        quarter,
        by: rolled.by,
        sum: rolled.sum,
        reporters: rolled.reporters,
        expected: expected.len(),
        missing,
        unknown: rolled.unknown,
        not_collected: rolled.not_collected,
        qualified: rolled.qualified,
        returns: rolled.returns,
        definition_version: definitions
            .as_deref()
            .map_or_else(|| register.current_version().name.clone(), str::to_owned),
        reported: rolled.reported,
        own: None,
        others_small: false,
    })
}

impl StateTotal {
    /// Who reported, in a sentence.
    pub fn coverage(&self) -> String {
        let mut text = format!(
            "{} of {} task forces expected for {} reported it",
            self.reporters, self.expected, self.quarter
        );
        for (number, what) in [
            (self.unknown, "answered unknown"),
            (self.not_collected, "do not collect it"),
            (self.qualified, "gave a number with a qualifier, which is not in the sum"),
        ] {
            if number > 0 {
                text.push_str(&format!("; {number} {what}"));
            }
        }
        text
    }
}
