//! `index.html`: the report itself.
//!
//! In: a [`StateReport`]. Out: headline numbers, sections of charts and tables, who reported, end
//! notes. A chart or table for which the report has no figure is named as absent, not skipped.

use std::collections::BTreeSet;

use askama::Template;
use records::{Dimension, Period, Standing};

use super::headline::Headline;
use super::people::Panel;
use super::{Layout, name};
use crate::exhibits::people::People;
use crate::exhibits::{
    Context, Exhibit, benefits, counties, sent, series, shares, statements, statutes, training,
};
use crate::html::{Links, SITE};
use crate::stamp::Stamp;
use crate::{ReportError, ReportedFigure, ReportingRecord, StateReport, words};

/// A part of the report.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) anchor: &'static str,
    pub(crate) title: &'static str,
    pub(crate) intro: String,
    pub(crate) exhibits: Vec<Exhibit>,
    pub(crate) absent: Vec<&'static str>,
}

/// A row of the table of task forces.
#[derive(Debug)]
struct Force {
    name: String,
    county: String,
    from: String,
    note: String,
}

#[derive(Debug, Template)]
#[template(path = "index.html")]
struct Page<'a> {
    layout: Layout,
    heading: String,
    standfirst: String,
    headline: Headline,
    links: Links<'static>,
    people: Option<Panel>,
    sections: Vec<Section>,
    forces: Vec<Force>,
    record: Option<&'a ReportingRecord>,
    end_notes: &'a [String],
    revised: usize,
}

/// Makes the page.
///
/// # Errors
///
/// [`ReportError::Page`] when the template fails.
pub(crate) fn page(report: &StateReport) -> Result<String, ReportError> {
    let context = Context::new(report);
    let headline = Headline::of(&context);
    let people = report.people.as_ref().map(|counted| People::of(report, counted));
    let stamp = match &people {
        Some(people) => Stamp::of(report).with_part(people.standing()),
        None => Stamp::of(report),
    };
    let page = Page {
        layout: Layout::new(report, stamp, "index.html", ""),
        heading: name(report),
        standfirst: standfirst(report),
        headline,
        links: SITE,
        people: people.as_ref().map(Panel::of),
        sections: sections(&context),
        forces: forces(report),
        record: report.record.as_ref(),
        end_notes: &report.end_notes,
        revised: report.figures.iter().filter(|figure| !figure.revisions.is_empty()).count(),
    };
    Ok(page.render()?)
}

fn standfirst(report: &StateReport) -> String {
    if only_sent(report) {
        let senders: BTreeSet<&str> = report
            .figures
            .iter()
            .filter_map(|figure| figure.dimensions.get(&Dimension::TaskForce))
            .map(|(code, _)| code.as_str())
            .collect();
        return format!(
            "{} sent the state their quarterly returns. This report prints the numbers as they were \
             sent and adds them up, says beside each sum who is in it, and says plainly what was \
             not counted. Every number leads to where it comes from.",
            task_forces(senders.len())
        );
    }
    format!(
        "{} sent the state totals of what they did, and state agencies, programs and a hotline counted \
         what they saw. This report prints those numbers as they were counted, with who counted them, \
         and says plainly what was not counted. Every number leads to where it comes from.",
        task_forces(report.task_forces.len())
    )
}

fn task_forces(number: usize) -> String {
    match number {
        0 => "Agencies".to_owned(),
        1 => "One task force".to_owned(),
        several => format!("{} task forces", words::capital(&words::count(several))),
    }
}

/// The parts of the report, in reading order; the last exhibit takes what none has shown.
pub(crate) fn sections(context: &Context<'_>) -> Vec<Section> {
    // Quarters that are only sums of what was sent are shown with it, types of trafficking apart.
    let series = |anchor: &str| series::exhibit(context, anchor);
    let sent = sent::exhibits(context);
    let mut sections = vec![
        section(
            ("task-forces", "What the task forces counted"),
            "Each quarter every task force reports how many investigations it opened, how many \
             victims it identified and how many people it arrested. A number can change \
             because more task forces report as well as because of what happened.",
            [
                ("Chart 1", series("chart-1")),
                ("Chart 2", series("chart-2")),
                ("Chart 3", series("chart-3")),
            ],
        ),
        section(
            ("served", "Who was served"),
            "Sex and labor trafficking are shown apart throughout. Where a source gives no type, \
             that is shown as it is.",
            [
                ("Chart 8", series("chart-8")),
                ("Chart 4", shares::chart_4(context)),
                ("Chart 5", shares::chart_5(context)),
            ],
        ),
        section(
            ("hotline-section", "What the hotline heard"),
            "The national hotline counts calls, cases and people. It is not a sample of what happens.",
            [("Chart 6", shares::chart_6(context)), ("Hotline", statements::hotline(context))],
        ),
        section(
            ("convictions", "Arrests and convictions"),
            "What is charged decides what is counted. A count by statute and a count by conduct \
             are both given where the source has both.",
            [
                ("Table 1", statutes::table_1(context)),
                ("By conduct and by statute", statutes::conduct_and_statute(context)),
                ("Table 2", statutes::table_2(context)),
                ("County map", counties::exhibit(context)),
            ],
        ),
        section(
            ("benefits", "Benefits and letters"),
            "Assistance from the state, and the federal letters that open benefits to people from abroad.",
            [("Table 3", benefits::table_3(context)), ("Table 4", benefits::table_4(context))],
        ),
        section(
            ("trained", "Training"),
            "",
            [("Chart 7", series("chart-7")), ("Training by program", training::exhibit(context))],
        ),
        section(
            ("elsewhere", "Numbers stated elsewhere"),
            "Agencies, groups and the press state numbers of their own. Each keeps its speaker and \
             its definition.",
            [
                ("Kern", statements::kern(context)),
                ("Fresno", statements::fresno(context)),
                ("Other statements", statements::everything_else(context)),
            ],
        ),
    ];
    if !sent.is_empty() {
        sections.insert(1, what_was_sent(context, sent));
    }
    if only_sent(context.report) {
        sections.retain(|section| !section.exhibits.is_empty());
    }
    sections
}

/// Whether the report is made of nothing but what was sent to the state.
fn only_sent(report: &StateReport) -> bool {
    let sent = |figure: &ReportedFigure| figure.standing == Standing::Submitted;
    !report.figures.is_empty() && report.figures.iter().all(sent)
}

/// The part on what the task forces sent.
fn what_was_sent(context: &Context<'_>, exhibits: Vec<Exhibit>) -> Section {
    let figures = context.figures.that(sent::is_sent);
    let quarters = sent::quarters(&figures);
    let span = quarters
        .first()
        .zip(quarters.last())
        .and_then(|(first, last)| Period::new(first.period().start(), last.period().end()).ok());
    let span = span.unwrap_or(context.report.period);
    let outside = if span.overlaps(&context.report.period) {
        ""
    } else {
        " That is outside of the period in this report’s title, whose numbers they do not enter."
    };
    Section {
        anchor: "sent",
        title: "What the task forces sent",
        intro: format!(
            "Returns for {}, added up by Clearway: sex and labor trafficking apart, then all. \
             Beside each number stands how many task forces are in it.{outside} A hidden number \
             can sometimes be worked out from the others: this report is not for publication.",
            words::period(&span)
        ),
        exhibits,
        absent: Vec::new(),
    }
}

fn section<const N: usize>(
    (anchor, title): (&'static str, &'static str),
    intro: &'static str,
    exhibits: [(&'static str, Option<Exhibit>); N],
) -> Section {
    let mut section = Section {
        anchor,
        title,
        intro: intro.to_owned(),
        exhibits: Vec::new(),
        absent: Vec::new(),
    };
    for (label, exhibit) in exhibits {
        match exhibit {
            Some(exhibit) => section.exhibits.push(exhibit),
            None => section.absent.push(label),
        }
    }
    section
}

fn forces(report: &StateReport) -> Vec<Force> {
    let county = |code: &str| {
        let shape = report.counties.iter().find(|shape| shape.code == code);
        shape.map_or_else(|| words::capital(code), |shape| shape.name.clone())
    };
    let force = |force: &crate::TaskForceShown| Force {
        name: force.name.clone(),
        county: county(&force.county),
        from: force.reports_from.map_or_else(|| "not in the source".to_owned(), words::day),
        note: force.calendar_note.clone().unwrap_or_default(),
    };
    report.task_forces.iter().map(force).collect()
}
