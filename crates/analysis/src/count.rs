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
use serde::Serialize;
use store::{FigureFilter, RollUp, Rolled, Scope, Store, StoreError, StoredFigure};

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
    let filter = FigureFilter { standing: Some(standing), measure: None };
    let figures: Vec<StoredFigure> = store
        .figures(scope, &filter)
        .await?
        .into_iter()
        .filter(|stored| reporters.contains(&stored.figure.reporter))
        .collect();
    let mut totals = StateTotals { sent: sent(&figures), ..StateTotals::default() };
    totals.quarters = totals.sent.keys().copied().collect();
    for measure in measures(&figures) {
        let Some(unit) = register.get(Kind::CountedUnit, &measure) else { continue };
        if !unit.adds_over("reporter") {
            continue;
        }
        let adds_over: Vec<Dimension> = Dimension::ALL
            .into_iter()
            .filter(|dimension| unit.adds_over(dimension.as_str()))
            .collect();
        let current = wordings(register, &measure).into_values().next_back().unwrap_or_default();
        for (by, versions) in breakdowns(&figures, &measure)
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
            for rolled in store.roll_up(scope, &roll_up).await? {
                let found = total(register, standing, &measure, rolled, &totals.sent, &definitions);
                totals.totals.extend(found);
            }
        }
    }
    totals.totals.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(totals)
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

fn measures(figures: &[StoredFigure]) -> BTreeSet<String> {
    figures.iter().map(|stored| stored.figure.measure.clone()).collect()
}

/// No breakdown, each single one that the figures have, and each table as it was sent.
fn breakdowns(figures: &[StoredFigure], measure: &str) -> BTreeSet<Vec<Dimension>> {
    let mut breakdowns = BTreeSet::from([Vec::new()]);
    for stored in figures.iter().filter(|stored| stored.figure.measure == measure) {
        let table: Vec<Dimension> = stored.figure.dimensions.keys().copied().collect();
        breakdowns.extend(table.iter().map(|dimension| vec![*dimension]));
        breakdowns.insert(table);
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

fn sent(figures: &[StoredFigure]) -> BTreeMap<Quarter, BTreeSet<String>> {
    let mut sent: BTreeMap<Quarter, BTreeSet<String>> = BTreeMap::new();
    for stored in figures {
        if let Some(quarter) = stored.quarter {
            sent.entry(quarter).or_default().insert(stored.figure.reporter.clone());
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
