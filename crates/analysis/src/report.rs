//! Report: figures, sums and findings → the state report.
//!
//! In: the store and the register. Out: [`StateReport`], which the `report` crate writes as a
//! site. What may be shown of a figure is decided here, through [`ShownValue::of`]: figures their
//! source has published stand whole, anything else under 11 is hidden.

mod coverage;
mod your_quarter;

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::register::{Entry, Kind, Register};
use records::{Dimension, Finding, Part, Period, Standing, Unit};
use report::{
    CountyShape, DefinitionShown, QualitySection, ReportedFigure, Revision, ShownValue, Source,
    StateReport, TaskForceShown,
};
use store::{FigureFilter, Scope, Store, StoreError, StoredFigure, StoredReturn};

use crate::count::{self, StateTotal, StateTotals};
use crate::quality::{self, Facts};

pub use your_quarter::your_quarter;

/// Which report is made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The state's code in the register.
    pub state: String,
    /// The period in the title; the days of the task forces' totals when absent.
    pub period: Option<Period>,
    /// The day up to which returns are taken in.
    pub as_of: Date,
    /// The reporter whose "Your quarter" page is made beside the report.
    pub your_quarter: Option<String>,
}

/// Everything the report is made from, read once.
#[derive(Debug)]
pub struct Material {
    /// Every return.
    pub returns: Vec<StoredReturn>,
    /// Every figure that stands.
    pub figures: Vec<StoredFigure>,
    /// The totals of what task forces have sent.
    pub totals: StateTotals,
    /// The totals of made-up task forces.
    pub practice: StateTotals,
    /// What rules saw in real figures.
    pub findings: Vec<Finding>,
    /// What rules saw in made-up figures.
    pub practice_findings: Vec<Finding>,
    /// What the source says of its own figures.
    pub source_notes: Vec<Finding>,
    /// Days after a quarter's end by which its returns are due; nothing is late when absent.
    pub due_days: Option<u16>,
}

impl Material {
    /// Reads the store and runs the rules.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn read(
        store: &Store,
        scope: &Scope,
        register: &Register,
    ) -> Result<Material, StoreError> {
        let returns = store.returns(scope).await?;
        let figures = store.figures(scope, &FigureFilter::default()).await?;
        let queries = store.classification_queries(scope).await?;
        let is_practice = |stored: &StoredFigure| stored.standing == Standing::Synthetic;
        let (made_up, real): (Vec<StoredFigure>, Vec<StoredFigure>) =
            figures.iter().cloned().partition(is_practice);
        let about = |figures: &[StoredFigure]| {
            let mut queries = queries.clone();
            queries.retain(|query| figures.iter().any(|stored| stored.id == query.figure));
            quality::findings(&Facts { register, figures, returns: &returns, queries: &queries })
        };
        Ok(Material {
            findings: about(&real),
            practice_findings: about(&made_up),
            source_notes: quality::source_notes(register, &figures),
            totals: count::run(store, scope, register, Standing::Submitted).await?,
            practice: count::run(store, scope, register, Standing::Synthetic).await?,
            returns,
            figures,
            due_days: None,
        })
    }
}

/// Makes the state report.
///
/// # Errors
///
/// [`StoreError`] when earlier answers cannot be read.
pub async fn run(
    store: &Store,
    scope: &Scope,
    register: &Register,
    material: &Material,
    plan: &Plan,
) -> Result<StateReport, StoreError> {
    let period = plan.period.unwrap_or_else(|| days_of_totals(material));
    let mut figures = Vec::new();
    for stored in &material.figures {
        let shown = stored.standing != Standing::Synthetic && in_period(stored, material, plan);
        if shown {
            let earlier = store.answers(scope, &stored.id).await?;
            figures.push(reported(register, material, stored, &earlier));
        }
    }
    let sums =
        material.totals.totals.iter().filter(|total| period.overlaps(&total.quarter.period()));
    figures.extend(sums.map(|total| summed(register, material, total, Standing::Submitted)));
    figures.sort_by(|a, b| a.id.cmp(&b.id));
    let mut own =
        plan.your_quarter.as_deref().and_then(|code| your_quarter(register, material, code));
    if let Some(own) = &mut own {
        own.entries = behind_your_quarter(register, material, own);
    }
    let state = register.get(Kind::State, &plan.state);
    Ok(StateReport {
        state: state.map_or_else(|| plan.state.clone(), |entry| entry.label.clone()),
        period,
        as_of: plan.as_of,
        definition_version: register.current_version().name.clone(),
        definitions: definitions(register, &figures),
        end_notes: coverage::end_notes(register, material, &figures),
        quality: quality_sections(material),
        record: coverage::record(register, material, Standing::Submitted),
        task_forces: task_forces(register),
        counties: counties(register),
        your_quarter: own,
        figures,
    })
}

/// The figures that "Your quarter" leads to: the reporter's own, and the state's sums beside them.
fn behind_your_quarter(
    register: &Register,
    material: &Material,
    own: &report::YourQuarter,
) -> Vec<ReportedFigure> {
    let named = |id: &records::FigureId| own.figures.iter().any(|one| one.id == *id);
    let sum =
        |id: &records::FigureId| own.figures.iter().any(|one| one.state_id.as_ref() == Some(id));
    let sent = material.figures.iter().filter(|stored| named(&stored.id));
    let totals = match own.standing {
        Standing::Synthetic => &material.practice.totals,
        _ => &material.totals.totals,
    };
    let sums = totals.iter().filter(|total| sum(&total.id));
    sent.map(|stored| reported(register, material, stored, &[]))
        .chain(sums.map(|total| summed(register, material, total, own.standing)))
        .collect()
}

/// One figure of the report, or of practice, by its name.
///
/// # Errors
///
/// [`StoreError`].
pub async fn figure(
    store: &Store,
    scope: &Scope,
    register: &Register,
    material: &Material,
    name: &str,
) -> Result<Option<ReportedFigure>, StoreError> {
    if let Some(stored) = material.figures.iter().find(|stored| stored.id.0 == name) {
        let earlier = store.answers(scope, &stored.id).await?;
        return Ok(Some(reported(register, material, stored, &earlier)));
    }
    let named = |total: &&StateTotal| total.id.0 == name;
    if let Some(total) = material.totals.totals.iter().find(named) {
        return Ok(Some(summed(register, material, total, Standing::Submitted)));
    }
    let made_up = material.practice.totals.iter().find(named);
    Ok(made_up.map(|total| summed(register, material, total, Standing::Synthetic)))
}

/// The longest period that task-force totals cover; the quarters sent, when there are none.
fn days_of_totals(material: &Material) -> Period {
    let totals = material.figures.iter().filter(|stored| {
        stored.standing == Standing::Published && stored.figure.measure == "victim_identified"
    });
    let longest = totals.map(|stored| stored.figure.period).max_by_key(Period::days);
    longest.unwrap_or_else(|| {
        let quarters = &material.totals.quarters;
        let ends = quarters.first().zip(quarters.last());
        ends.and_then(|(first, last)| Period::new(first.period().start(), last.period().end()).ok())
            .unwrap_or(Period::UNDATED)
    })
}

/// A series is printed whole when any of it lies in the period asked for.
fn in_period(stored: &StoredFigure, material: &Material, plan: &Plan) -> bool {
    let Some(period) = plan.period else { return true };
    material
        .figures
        .iter()
        .filter(|other| other.return_id == stored.return_id)
        .any(|other| period.overlaps(&other.figure.period))
}

fn reported(
    register: &Register,
    material: &Material,
    stored: &StoredFigure,
    earlier: &[StoredFigure],
) -> ReportedFigure {
    let figure = &stored.figure;
    let of = material.returns.iter().find(|one| one.id == stored.return_id);
    let label = |dimension: &Dimension, code: &String| {
        let kind = Kind::of_dimension(*dimension);
        let entry = kind.and_then(|kind| register.get(kind, code));
        (*dimension, (code.clone(), entry.map_or_else(|| code.clone(), |e| e.label.clone())))
    };
    let mut dimensions: BTreeMap<Dimension, (String, String)> =
        figure.dimensions.iter().map(|(d, code)| label(d, code)).collect();
    // What one task force sent is never taken for the state's.
    if is_task_force(register, &figure.reporter) {
        dimensions.entry(Dimension::TaskForce).or_insert_with(|| {
            (figure.reporter.clone(), reporter_label(register, &figure.reporter))
        });
    }
    ReportedFigure {
        id: stored.id.clone(),
        measure: figure.measure.clone(),
        measure_label: measure_label(register, &figure.measure),
        period: figure.period,
        dimensions,
        reporter: (figure.reporter.clone(), reporter_label(register, &figure.reporter)),
        unit: figure.unit,
        value: ShownValue::of(stored.standing, figure.unit, figure.answer.clone()),
        standing: stored.standing,
        part: figure.part,
        definition_version: of.map(|one| one.definition_version.clone()).unwrap_or_default(),
        coverage: coverage::of_figure(register, figure),
        as_of: figure.as_of,
        note: figure.note.clone(),
        sources: of.map(|one| source(one, stored)).into_iter().collect(),
        summed: false,
        revisions: earlier
            .iter()
            .filter(|other| other.return_id != stored.return_id)
            .filter_map(|other| revision(material, other, of))
            .collect(),
    }
}

fn source(of: &StoredReturn, stored: &StoredFigure) -> Source {
    Source {
        return_id: of.id,
        file: of.file_name.clone(),
        digest: of.digest.clone(),
        row: stored.figure.origin.row,
        column: stored.figure.origin.column.clone(),
        document: of.document.clone().unwrap_or_else(|| "a return sent to the state".to_owned()),
    }
}

/// An earlier answer, with who replaced it, when and why.
fn revision(
    material: &Material,
    other: &StoredFigure,
    current: Option<&StoredReturn>,
) -> Option<Revision> {
    let of = material.returns.iter().find(|one| one.id == other.return_id)?;
    // A revision is made by the return that gave the later answer.
    let last = match of.state {
        store::ReturnState::Accepted => current?.acts.first()?,
        _ => of.acts.last()?,
    };
    Some(Revision {
        value: ShownValue::of(other.standing, other.figure.unit, other.figure.answer.clone()),
        as_of: other.figure.as_of,
        state: match of.state {
            store::ReturnState::Accepted => "replaced by a later as-of date".to_owned(),
            state => state.as_str().to_owned(),
        },
        who: last.who.clone(),
        when: last.at.clone(),
        why: last.why.clone(),
    })
}

/// A sum that Clearway made, as a figure.
fn summed(
    register: &Register,
    material: &Material,
    total: &StateTotal,
    standing: Standing,
) -> ReportedFigure {
    let returns = material.returns.iter().filter(|one| total.returns.contains(&one.id));
    let label = |(dimension, code): (&Dimension, &String)| {
        let entry = Kind::of_dimension(*dimension).and_then(|kind| register.get(kind, code));
        (*dimension, (code.clone(), entry.map_or_else(|| code.clone(), |e| e.label.clone())))
    };
    ReportedFigure {
        id: total.id.clone(),
        measure: total.measure.clone(),
        measure_label: measure_label(register, &total.measure),
        period: total.quarter.period(),
        dimensions: total.by.iter().map(label).collect(),
        reporter: ("state".to_owned(), "all task forces that reported".to_owned()),
        unit: Unit::Count,
        value: ShownValue::of(standing, Unit::Count, records::Answer::exactly(total.sum)),
        standing,
        part: Part::Total,
        definition_version: total.definition_version.clone(),
        coverage: total.coverage(),
        as_of: None,
        note: Some(
            "a raw count: a person on several task forces' lists is in it several times".to_owned(),
        ),
        sources: returns
            .map(|one| Source {
                return_id: one.id,
                file: one.file_name.clone(),
                digest: one.digest.clone(),
                row: 0,
                column: String::new(),
                document: "a return sent to the state".to_owned(),
            })
            .collect(),
        summed: true,
        revisions: Vec::new(),
    }
}

fn is_task_force(register: &Register, code: &str) -> bool {
    [Kind::TaskForce, Kind::PracticeTaskForce]
        .into_iter()
        .any(|kind| register.get(kind, code).is_some())
}

pub(crate) fn measure_label(register: &Register, measure: &str) -> String {
    let entry = register.get(Kind::CountedUnit, measure);
    entry.map_or_else(|| measure.to_owned(), |entry| entry.label.clone())
}

pub(crate) fn reporter_label(register: &Register, code: &str) -> String {
    register.reporter(code).map_or_else(|| code.to_owned(), |entry| entry.label.clone())
}

fn definitions(register: &Register, figures: &[ReportedFigure]) -> Vec<DefinitionShown> {
    let mut shown: BTreeMap<(&str, &str), DefinitionShown> = BTreeMap::new();
    for figure in figures {
        let version = register
            .version(&figure.definition_version)
            .unwrap_or_else(|| register.current_version());
        if let Some(entry) = register.get_at(version, Kind::CountedUnit, &figure.measure) {
            shown.entry((&figure.measure, &figure.definition_version)).or_insert_with(|| {
                DefinitionShown {
                    code: entry.code.clone(),
                    label: format!("{} (definitions {})", entry.label, version.name),
                    text: definition_text(entry),
                    source: entry.source.clone(),
                }
            });
        }
    }
    shown.into_values().collect()
}

/// A counted unit's definition with what is in, what is out and what dates it.
pub fn definition_text(entry: &Entry) -> String {
    let mut text = entry.definition.clone();
    for (what, column) in
        [("Counts", "includes"), ("Does not count", "excludes"), ("Dated by", "dated_by")]
    {
        if let Some(words) = entry.attribute(column) {
            text.push_str(&format!(" {what}: {words}."));
        }
    }
    text
}

fn quality_sections(material: &Material) -> Vec<QualitySection> {
    let mut state = material.findings.clone();
    state.extend(material.source_notes.iter().cloned());
    let accepted: Vec<&StoredReturn> = material
        .returns
        .iter()
        .filter(|one| one.state == store::ReturnState::Accepted)
        .filter(|one| one.standing != Standing::Synthetic)
        .collect();
    let mut sections = vec![QualitySection {
        title: "The state as a whole".to_owned(),
        summary: format!(
            "{} returns in, {} findings by rule, {} source notes",
            accepted.len(),
            material.findings.len(),
            material.source_notes.len()
        ),
        answered: answered(material.figures.iter().filter(|s| s.standing != Standing::Synthetic)),
        findings: state,
    }];
    for one in accepted {
        let own = material.figures.iter().filter(|stored| stored.return_id == one.id);
        sections.push(QualitySection {
            title: one.file_name.clone(),
            summary: format!(
                "return {}: {} rows, {} figures, {} totals cross-footed and right; definitions {}",
                one.id, one.rows, one.figures, one.cross_footed, one.definition_version
            ),
            answered: answered(own.clone()),
            findings: material
                .findings
                .iter()
                .filter(|finding| own.clone().any(|stored| finding.figures.contains(&stored.id)))
                .cloned()
                .collect(),
        });
    }
    sections
}

/// Cells with a number or words, of all cells.
fn answered<'a>(figures: impl Iterator<Item = &'a StoredFigure>) -> (u64, u64) {
    figures.fold((0, 0), |(answered, all), stored| {
        let has_answer = stored.figure.answer.amount().is_some()
            || matches!(stored.figure.answer, records::Answer::Said { .. });
        (answered + u64::from(has_answer), all + 1)
    })
}

fn task_forces(register: &Register) -> Vec<TaskForceShown> {
    register
        .entries(Kind::TaskForce)
        .map(|entry| TaskForceShown {
            code: entry.code.clone(),
            name: entry.label.clone(),
            county: entry.attribute("county").unwrap_or_default().to_owned(),
            reports_from: entry.date("joined_reporting"),
            calendar_note: entry.attribute("calendar_note").map(str::to_owned),
        })
        .collect()
}

/// The outlines of the counties, from the geographic file that the register ships.
fn counties(register: &Register) -> Vec<CountyShape> {
    const OUTLINES: &str = include_str!("../../../definitions/geo/california_counties.geojson");
    let outlines: serde_json::Value = serde_json::from_str(OUTLINES).unwrap_or_default();
    let features = outlines["features"].as_array().cloned().unwrap_or_default();
    features
        .iter()
        .filter_map(|feature| {
            let name = feature["properties"]["name"].as_str()?;
            let county = register.resolve(Kind::County, name)?;
            let polygons = match feature["geometry"]["type"].as_str()? {
                "Polygon" => vec![feature["geometry"]["coordinates"].clone()],
                _ => feature["geometry"]["coordinates"].as_array()?.clone(),
            };
            let rings = polygons.iter().filter_map(|polygon| polygon.as_array()).flatten();
            Some(CountyShape {
                code: county.code.clone(),
                name: county.label.clone(),
                rings: rings.filter_map(ring).collect(),
            })
        })
        .collect()
}

fn ring(points: &serde_json::Value) -> Option<Vec<(f64, f64)>> {
    points.as_array()?.iter().map(|point| Some((point[0].as_f64()?, point[1].as_f64()?))).collect()
}
