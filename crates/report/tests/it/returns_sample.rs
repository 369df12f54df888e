//! A report of nothing but returns: what task forces sent for two quarters, and the sums of it.

use std::collections::BTreeMap;

use records::{Answer, Dimension, FigureId, Part, Quarter, Standing, Unit};
use report::{Behind, ReportedFigure, ReportingRecord, Sent, ShownValue, Source, StateReport};

use crate::sample;

/// The task forces that send: the first three of the register.
const FORCES: [&str; 3] = ["east-bay", "fresno", "los-angeles"];

/// A report of a state whose task forces have sent returns and that has no published number.
pub(crate) fn report() -> StateReport {
    let mut report = sample::report();
    report.figures = figures();
    report.period = "2026-04-01/2026-09-30".parse().unwrap();
    report.as_of = jiff::civil::date(2026, 11, 22);
    report.quality.clear();
    report.end_notes.clear();
    report.definition_version = "2026.1".into();
    report.record = Some(record());
    report.your_quarter = None;
    report
}

/// The same returns beside the published numbers of 2012.
pub(crate) fn mixed() -> StateReport {
    let mut report = sample::report();
    report.figures.extend(figures());
    report.figures.sort_by(|a, b| a.id.cmp(&b.id));
    report.your_quarter = None;
    report
}

fn figures() -> Vec<ReportedFigure> {
    let exactly = |number| Answer::exactly(number);
    let mut figures = Vec::new();
    for (quarter, sex, labor) in
        [("2026-Q2", [31, 22, 14], [12, 7, 13]), ("2026-Q3", [25, 17, 16], [15, 9, 4])]
    {
        for (position, force) in FORCES.iter().enumerate() {
            for (kind, numbers) in [("sex", sex), ("labor", labor)] {
                let by = [(Dimension::TraffickingType, kind), (Dimension::TaskForce, *force)];
                figures.push(sent(
                    "investigation_initiated",
                    quarter,
                    &by,
                    exactly(numbers[position]),
                ));
            }
        }
        for (kind, numbers) in [("sex", sex), ("labor", labor)] {
            let sum = numbers.iter().sum();
            figures.push(state(
                "investigation_initiated",
                quarter,
                &[(Dimension::TraffickingType, kind)],
                sum,
            ));
        }
        let all = sex.iter().chain(&labor).sum();
        figures.push(state("investigation_initiated", quarter, &[], all));
        figures.push(state("victim_identified", quarter, &[], all / 2));
        figures.push(state("victim_served", quarter, &[], all / 2 + 9));
        let section = [(Dimension::Statute, "653.22(A)"), (Dimension::TaskForce, "fresno")];
        figures.push(sent("conviction", quarter, &section, exactly(31)));
    }
    // East Bay's cells are all shown, so that its own sum may be told; the others' are not.
    let own = [(Dimension::TaskForce, "east-bay")];
    let mut sum = state("investigation_initiated", "2026-Q3", &own, 40);
    sum.id = FigureId("investigation_initiated:2026-Q3:east-bay:sum".into());
    sum.reporter = ("east-bay".into(), "East Bay Human Trafficking Task Force".into());
    sum.behind = Some(Behind { unknown: 1, ..behind(&["east-bay"]) });
    figures.push(sum);
    // One task force left the last quarter, one answered that it does not know.
    figures.retain(|figure| !figure.id.0.contains("2026-Q3:los-angeles"));
    let county = [(Dimension::County, "fresno")];
    figures.push(state("investigation_initiated", "2026-Q3", &county, 26));
    for figure in &mut figures {
        if figure.summed && figure.id.0.contains("2026-Q3:state") {
            figure.behind = Some(Behind { unknown: 2, ..behind(&["east-bay", "fresno"]) });
        }
    }
    figures.sort_by(|a, b| a.id.cmp(&b.id));
    figures
}

fn behind(reporters: &[&str]) -> Behind {
    Behind {
        reporters: reporters.iter().map(|code| (*code).to_owned()).collect(),
        expected: 9,
        ..Behind::default()
    }
}

/// A cell as a task force sent it.
pub(crate) fn sent(
    measure: &str,
    quarter: &str,
    by: &[(Dimension, &str)],
    answer: Answer,
) -> ReportedFigure {
    let force = by.iter().find(|(by, _)| *by == Dimension::TaskForce).map_or("", |(_, code)| code);
    let mut figure = figure(measure, quarter, force, by, answer);
    figure.reporter = (force.to_owned(), force.to_owned());
    figure.coverage = format!("stated by {force}");
    figure
}

fn state(measure: &str, quarter: &str, by: &[(Dimension, &str)], sum: i64) -> ReportedFigure {
    let mut figure = figure(measure, quarter, "state", by, Answer::exactly(sum));
    figure.part = Part::Total;
    figure.summed = true;
    figure.coverage = format!("3 of 9 task forces expected for {quarter} reported it");
    figure.behind = Some(behind(&FORCES));
    figure
}

fn figure(
    measure: &str,
    quarter: &str,
    reporter: &str,
    by: &[(Dimension, &str)],
    answer: Answer,
) -> ReportedFigure {
    let name = |code: &str| match code {
        "sex" => "Sex trafficking".to_owned(),
        "labor" => "Labor trafficking".to_owned(),
        "653.22(A)" => "Loitering with intent to commit prostitution".to_owned(),
        code => code.to_owned(),
    };
    let dimensions: BTreeMap<Dimension, (String, String)> =
        by.iter().map(|(by, code)| (*by, ((*code).to_owned(), name(code)))).collect();
    let breakdown = by.iter().filter(|(by, _)| *by != Dimension::TaskForce);
    let breakdown = breakdown.map(|(by, code)| format!(":{}={code}", by.as_str()));
    let quarter_of: Quarter = quarter.parse().unwrap();
    ReportedFigure {
        id: FigureId(format!("{measure}:{quarter}:{reporter}{}", breakdown.collect::<String>())),
        measure: measure.to_owned(),
        measure_label: match measure {
            "investigation_initiated" => "Investigations initiated",
            "victim_identified" => "Victims identified",
            "victim_served" => "Victims served",
            _ => "Convictions, by section",
        }
        .to_owned(),
        period: quarter_of.period(),
        dimensions,
        reporter: ("state".to_owned(), "all task forces that reported".to_owned()),
        unit: Unit::Count,
        value: ShownValue::of(Standing::Submitted, Unit::Count, answer),
        standing: Standing::Submitted,
        part: Part::Cell,
        definition_version: "2026.1".into(),
        coverage: String::new(),
        as_of: None,
        note: None,
        sources: vec![Source {
            return_id: 40,
            file: format!("{reporter}-{quarter}.csv"),
            digest: "ab".repeat(32),
            row: 2,
            column: "value".into(),
            document: "a return sent to the state".into(),
        }],
        summed: false,
        behind: None,
        revisions: Vec::new(),
    }
}

/// Who sent which quarter, one of them late.
fn record() -> ReportingRecord {
    let row = |code: &str, cells: [Sent; 2]| (code.to_owned(), code.to_owned(), cells.to_vec());
    ReportingRecord {
        quarters: vec![Quarter::new(2026, 2).unwrap(), Quarter::new(2026, 3).unwrap()],
        rows: vec![
            row("east-bay", [Sent::Received, Sent::Late]),
            row("fresno", [Sent::Received, Sent::Received]),
            row("los-angeles", [Sent::Received, Sent::Missing]),
        ],
        caution: "Late: more than 30 days after the quarter's end.".into(),
    }
}
