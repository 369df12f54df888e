//! Report: figures, sums and findings → the state report.
//!
//! In: the store and the register. Out: [`StateReport`], which the `report` crate writes as a
//! site. What may be shown of a figure is decided here, through [`report::ShownValue::of`]: figures
//! their source has published stand whole, anything else under 11 is hidden.

mod by_task_force;
mod coverage;
mod figures;
mod your_quarter;

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::register::{Entry, Kind, Register};
use records::{FigureId, Finding, Period, Standing};
use report::{
    CountyShape, DefinitionShown, QualitySection, ReportedFigure, StateReport, TaskForceShown,
};
use store::{
    ClassificationQuery, FigureFilter, Scope, Store, StoreError, StoredFigure, StoredReturn,
};

use crate::count::{self, StateTotal, StateTotals};
use crate::quality::{self, Facts};

pub(crate) use coverage::reporter_label;
pub(crate) use figures::measure_label;
use figures::{reported, summed};
pub use your_quarter::{OwnSeries, own_series, your_quarter};

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
    /// What each task force has sent, added up over its own cells, for the report's table by task
    /// force.
    pub by_task_force: Vec<StateTotal>,
    /// The totals of made-up task forces.
    pub practice: StateTotals,
    /// What rules saw in real figures.
    pub findings: Vec<Finding>,
    /// What rules saw in made-up figures.
    pub practice_findings: Vec<Finding>,
    /// What the source says of its own figures.
    pub source_notes: Vec<Finding>,
    /// Where agencies and the state classify differently.
    pub queries: Vec<ClassificationQuery>,
    /// Days after a quarter's end by which its returns are due; nothing is late when absent.
    pub due_days: Option<u16>,
}

impl Material {
    /// Reads the store and runs the rules: what the scope may see of it, as `store` says.
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
            let figures = as_shown(figures);
            let mut queries = queries.clone();
            queries.retain(|query| figures.iter().any(|stored| stored.id == query.figure));
            let mut findings = quality::findings(&Facts {
                register,
                figures: &figures,
                returns: &returns,
                queries: &queries,
            });
            // Who sees one agency's figures cannot say what the others left out.
            if scope.reach().is_some() {
                findings.retain(|finding| !finding.figures.is_empty());
                quality::for_an_agency(&mut findings);
            }
            findings
        };
        Ok(Material {
            findings: about(&real),
            practice_findings: about(&made_up),
            // What a source says of itself stands only beside its figures.
            source_notes: if figures.iter().any(|one| one.standing == Standing::Published) {
                quality::source_notes(register, &figures)
            } else {
                Vec::new()
            },
            totals: count::run(store, scope, register, Standing::Submitted).await?,
            by_task_force: by_task_force::run(store, scope, register, &returns, &figures).await?,
            practice: count::run(store, scope, register, Standing::Synthetic).await?,
            returns,
            figures,
            due_days: None,
            queries,
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
    let sums = material.totals.totals.iter().chain(&material.by_task_force);
    let asked =
        |total: &&StateTotal| plan.period.is_none_or(|of| of.overlaps(&total.quarter.period()));
    figures.extend(
        sums.filter(asked).map(|total| summed(register, material, total, Standing::Submitted)),
    );
    figures.sort_by(|a, b| a.id.cmp(&b.id));
    let mut own =
        plan.your_quarter.as_deref().and_then(|code| your_quarter(register, material, code));
    if let Some(own) = &mut own {
        own.entries = behind_your_quarter(register, material, own);
    }
    let state = register.get(Kind::State, &plan.state);
    let behind_own = own.iter().flat_map(|own| &own.entries);
    Ok(StateReport {
        state: state.map_or_else(|| plan.state.clone(), |entry| entry.label.clone()),
        period,
        as_of: plan.as_of,
        definition_version: register.current_version().name.clone(),
        definitions: definitions(register, figures.iter().chain(behind_own)),
        end_notes: coverage::end_notes(register, material, &figures),
        quality: quality_sections(material),
        record: coverage::record(register, material, Standing::Submitted),
        task_forces: task_forces(register),
        counties: counties(register),
        your_quarter: own,
        people: None,
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
    // A reporter's own numbers are printed whole on its own page, in the entry as in the table.
    let own_figure = |stored: &StoredFigure| ReportedFigure {
        value: report::ShownValue::own(stored.figure.answer.clone()),
        ..reported(register, material, stored, &[])
    };
    sent.map(own_figure)
        .chain(sums.map(|total| summed(register, material, total, own.standing)))
        .collect()
}

/// The figures as rules for many readers may see them: what is hidden has no number, so that
/// neither the words of a finding nor its being there gives a small number away.
fn as_shown(figures: &[StoredFigure]) -> Vec<StoredFigure> {
    let mut figures = figures.to_vec();
    for stored in &mut figures {
        let figure = &mut stored.figure;
        if report::ShownValue::of(stored.standing, figure.unit, figure.answer.clone())
            .answer()
            .is_none()
        {
            figure.answer = records::Answer::NotStated;
            figure.as_said.clear();
        }
    }
    figures
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
        let mut figure = reported(register, material, stored, &earlier);
        // An agency sees its own numbers whole.
        if scope.reach() == Some(&*stored.figure.reporter) {
            figure.value = report::ShownValue::own(stored.figure.answer.clone());
        }
        return Ok(Some(figure));
    }
    let named = |total: &&StateTotal| total.id.0 == name;
    if let Some(total) = material.totals.totals.iter().chain(&material.by_task_force).find(named) {
        return Ok(Some(summed(register, material, total, Standing::Submitted)));
    }
    if let Some(total) = material.practice.totals.iter().find(named) {
        return Ok(Some(summed(register, material, total, Standing::Synthetic)));
    }
    let answers = store.answers(scope, &FigureId(name.to_owned())).await?;
    Ok(answers.last().map(|last| figures::counts_no_more(register, material, last, &answers)))
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
        .filter(|other| other.figure.period != Period::UNDATED)
        .any(|other| period.overlaps(&other.figure.period))
}

fn definitions<'a>(
    register: &Register,
    figures: impl Iterator<Item = &'a ReportedFigure>,
) -> Vec<DefinitionShown> {
    let mut shown: BTreeMap<(&str, &str), DefinitionShown> = BTreeMap::new();
    for figure in figures {
        let version = register
            .version(&figure.definition_version)
            .unwrap_or_else(|| register.current_version());
        if let Some(entry) = register.get_at(version, Kind::CountedUnit, &figure.measure) {
            shown.entry((&figure.measure, &figure.definition_version)).or_insert_with(|| {
                DefinitionShown {
                    code: entry.code.clone(),
                    version: figure.definition_version.clone(),
                    label: entry.label.clone(),
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
pub(crate) fn counties(register: &Register) -> Vec<CountyShape> {
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
