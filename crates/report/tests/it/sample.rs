//! A report like that of 2012, for tests and for looking at: the numbers the 2012 report states,
//! and a made-up task force.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use records::{Answer, Dimension, FigureId, Finding, Part, Quarter, Severity, Standing, Unit};
use report::{
    CountyShape, DefinitionShown, OwnFigure, QualitySection, ReportedFigure, ReportingRecord,
    Revision, Sent, ShownValue, Source, StateReport, TaskForceShown, YourQuarter,
};

/// measure | label | unit | reporter | period | dimensions | value | part | as of | note
const FIGURES: &str = include_str!("figures.txt");

/// code | label, of reporters and of dimensions.
const LABELS: &str = include_str!("labels.txt");

/// The report that tests look at.
pub(crate) fn report() -> StateReport {
    let figures: Vec<ReportedFigure> = FIGURES.lines().enumerate().filter_map(figure).collect();
    let mut figures = figures;
    figures.sort_by(|a, b| a.id.cmp(&b.id));
    StateReport {
        state: "California".into(),
        period: "2010-07-01/2012-06-30".parse().unwrap(),
        as_of: date(2012, 11, 16),
        definition_version: "2012.1".into(),
        quality: quality(),
        end_notes: vec![
            "Eight of nine task forces reported from July 1, 2010; San Jose joined on July 1, 2011.".into(),
            "Riverside uses a reporting period of its own, which is grouped with the closest quarter.".into(),
            "Definitions are those of version 2012.1 of the register.".into(),
        ],
        definitions: definitions(&figures),
        figures,
        task_forces: task_forces(),
        counties: counties(),
        record: None,
        your_quarter: Some(your_quarter()),
        people: None,
    }
}

fn label(code: &str) -> String {
    let known =
        LABELS.lines().filter_map(|line| line.split_once(" | ")).find(|(known, _)| *known == code);
    known.map_or_else(|| code.to_owned(), |(_, label)| label.to_owned())
}

fn figure((row, line): (usize, &str)) -> Option<ReportedFigure> {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let [measure, name, unit, reporter, period, dimensions, value, part, as_of, note] =
        cells.as_slice()
    else {
        return None;
    };
    let unit = match *unit {
        "percent" => Unit::Percent,
        "hours" => Unit::Hours,
        "dollars" => Unit::Dollars,
        "rank" => Unit::Rank,
        "words" => Unit::Words,
        _ => Unit::Count,
    };
    let dimensions: BTreeMap<Dimension, (String, String)> = dimensions
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(dimension, code)| {
            (Dimension::from_word(dimension).unwrap(), (code.to_owned(), label(code)))
        })
        .collect();
    let answer = match *value {
        "not stated" => Answer::NotStated,
        value => Answer::read(value, unit).unwrap(),
    };
    let part = if *part == "total" { Part::Total } else { Part::Cell };
    let code = dimensions
        .iter()
        .map(|(dimension, (code, _))| format!(":{}={}", dimension.as_str(), code.to_lowercase()));
    let total = if part == Part::Total { ":total" } else { "" };
    let id = format!("{measure}:{period}:{reporter}{}{total}", code.collect::<String>());
    Some(ReportedFigure {
        id: FigureId(id.replace(' ', "-")),
        measure: (*measure).to_owned(),
        measure_label: (*name).to_owned(),
        period: period.parse().unwrap(),
        dimensions,
        reporter: reporter_of(reporter),
        unit,
        value: ShownValue::of(Standing::Published, unit, answer),
        standing: Standing::Published,
        part,
        definition_version: "2012.1".into(),
        coverage: coverage(reporter).into(),
        as_of: as_of.parse::<Date>().ok(),
        note: (!note.is_empty()).then(|| (*note).to_owned()),
        sources: vec![Source {
            return_id: 1 + row as i64 / 12,
            file: format!("{measure}.csv"),
            digest: format!("{row:04x}").repeat(16),
            row: 2 + row as u64,
            column: "value".into(),
            document: document(reporter).into(),
        }],
        summed: false,
        behind: None,
        revisions: Vec::new(),
    })
}

fn reporter_of(code: &str) -> (String, String) {
    (code.to_owned(), label(code))
}

fn coverage(reporter: &str) -> &'static str {
    match reporter {
        "cal-ema" => "Eight of nine task forces from July 1, 2010; all nine from July 1, 2011.",
        "ca-doj" => "All counties of the state, by date of arrest, to September 30, 2012.",
        _ => "As far as its source states.",
    }
}

fn document(reporter: &str) -> &'static str {
    match reporter {
        "fresno-police" | "fresno-police-chief" => "GV Wire and KSEE, news stories",
        "kern-coalition" | "bakersfield-police" => "KBAK/KBFX, news story",
        _ => "The State of Human Trafficking in California 2012, California Department of Justice",
    }
}

fn definitions(figures: &[ReportedFigure]) -> Vec<DefinitionShown> {
    let measures: BTreeMap<&str, &str> = figures
        .iter()
        .map(|figure| (figure.measure.as_str(), figure.measure_label.as_str()))
        .collect();
    let definition = |(code, label): (&str, &str)| DefinitionShown {
        code: code.to_owned(),
        version: "2012.1".to_owned(),
        label: label.to_owned(),
        text: format!(
            "{label}, as the 2012 report states them. The report states the count and no rule for what makes one."
        ),
        source: if code.starts_with("hotline") { "unverified" } else { "2012 report, Chapter 3" }
            .into(),
    };
    measures.into_iter().map(definition).collect()
}

fn finding(rule: &str, severity: Severity, text: &str, advice: &str, figures: &[&str]) -> Finding {
    Finding {
        rule: rule.into(),
        severity,
        text: text.into(),
        advice: advice.into(),
        figures: figures.iter().map(|id| FigureId((*id).to_owned())).collect(),
        spanish: None,
    }
}

fn quality() -> Vec<QualitySection> {
    let all = "2010-07-01/2012-06-30:cal-ema";
    vec![
        QualitySection {
            title: "The state as a whole".into(),
            summary: "13 returns, 112 cells: 104 answered, 8 not stated.".into(),
            answered: (104, 112),
            findings: vec![
                finding(
                    "served_exceeds_identified",
                    Severity::Query,
                    "1,522 victims were served and 1,277 identified in the same period: people are likely counted more than once when separate organizations serve them.",
                    "Print both; do not print their difference.",
                    &[&format!("victim_identified:{all}"), &format!("victim_served:{all}")],
                ),
                finding(
                    "source_note",
                    Severity::Note,
                    "Riverside uses a slightly different reporting period, grouped with the closest quarter.",
                    "Ask for the dates of its quarters.",
                    &[],
                ),
            ],
        },
        QualitySection {
            title: "table4_certification_letters.csv".into(),
            summary: "7 rows, 21 cells, all answered.".into(),
            answered: (21, 21),
            findings: vec![finding(
                "text_and_table_disagree",
                Severity::Contradiction,
                "The text calls 27 and 79 totals; in Table 4 they are the letters to adults, and the totals are 29 and 79.",
                "Print the table; quote the text only with this note.",
                &["letter_issued:2005-10-01/2006-09-30:orr:total"],
            )],
        },
    ]
}

fn task_forces() -> Vec<TaskForceShown> {
    let force =
        |code: &str, name: &str, county: &str, from: Date, note: Option<&str>| TaskForceShown {
            code: code.into(),
            name: name.into(),
            county: county.into(),
            reports_from: Some(from),
            calendar_note: note.map(Into::into),
        };
    let start = date(2010, 7, 1);
    vec![
        force("east-bay", "East Bay Human Trafficking Task Force", "alameda", start, None),
        force("fresno", "Fresno Coalition Against Human Trafficking", "fresno", start, None),
        force(
            "los-angeles",
            "Los Angeles Metropolitan Area Task Force on Human Trafficking",
            "los-angeles",
            start,
            None,
        ),
        force("north-bay", "North Bay Human Trafficking Task Force", "san-francisco", start, None),
        force("orange", "Orange County Human Trafficking Task Force", "orange", start, None),
        force(
            "riverside",
            "Riverside County Anti-Human Trafficking Task Force",
            "riverside",
            start,
            Some("A reporting period of its own; grouped with the closest quarter."),
        ),
        force("sacramento", "Sacramento Innocence Lost Task Force", "sacramento", start, None),
        force(
            "san-diego",
            "San Diego North County Anti-Trafficking Task Force",
            "san-diego",
            start,
            None,
        ),
        force(
            "san-jose",
            "San Jose/South Bay Human Trafficking Task Force",
            "santa-clara",
            date(2011, 7, 1),
            None,
        ),
    ]
}

/// A state of twelve square counties.
pub(crate) fn counties() -> Vec<CountyShape> {
    let names = [
        "Del Norte",
        "Sacramento",
        "Alpine",
        "San Francisco",
        "Alameda",
        "Santa Clara",
        "Monterey",
        "Fresno",
        "Santa Barbara",
        "Los Angeles",
        "Riverside",
        "San Diego",
    ];
    let shape = |(position, name): (usize, &&str)| {
        let (x, y) = ((position % 3) as f64 - 122.0, 40.0 - (position / 3) as f64);
        CountyShape {
            code: name.to_lowercase().replace(' ', "-"),
            name: (*name).to_owned(),
            rings: vec![vec![(x, y), (x + 1.0, y), (x + 1.0, y - 1.0), (x, y - 1.0)]],
        }
    };
    names.iter().enumerate().map(shape).collect()
}

fn your_quarter() -> YourQuarter {
    let own = |label: &str, breakdown: &str, numbers: [i64; 3]| OwnFigure {
        id: FigureId(format!("{label}:2026-Q3:practice-1:{breakdown}").replace(' ', "_")),
        state_id: None,
        measure: label.replace(' ', "_"),
        dimensions: BTreeMap::new(),
        label: label.into(),
        breakdown: breakdown.into(),
        own: ShownValue::own(Answer::exactly(numbers[0])),
        before: Some(ShownValue::own(Answer::exactly(numbers[1]))),
        state: ShownValue::of(Standing::Synthetic, Unit::Count, Answer::exactly(numbers[2])),
        coverage: (7, 9),
    };
    let mut figures = vec![
        own("investigations initiated", "", [41, 38, 322]),
        own("investigations initiated", "sex trafficking", [29, 28, 240]),
        own("investigations initiated", "labor trafficking", [12, 10, 82]),
        own("victims identified", "", [23, 31, 204]),
        own("victims identified", "minors", [4, 6, 7]),
        own("individuals arrested", "", [18, 22, 190]),
    ];
    figures[4].before = None;
    figures.push(OwnFigure {
        id: FigureId("victim_served:2026-Q3:practice-1".into()),
        state_id: None,
        measure: "victim_served".into(),
        dimensions: BTreeMap::new(),
        label: "victims served".into(),
        breakdown: String::new(),
        own: ShownValue::own(Answer::NotCollected),
        before: Some(ShownValue::own(Answer::Unknown)),
        state: ShownValue::own(Answer::exactly(151)),
        coverage: (5, 9),
    });
    let quarter = |year, number| Quarter::new(year, number).unwrap();
    YourQuarter {
        entries: Vec::new(),
        reporter: "Made-up Valley Task Force".into(),
        quarter: quarter(2026, 3),
        own_period: "2026-06-16/2026-09-15".parse().unwrap(),
        standing: Standing::Synthetic,
        figures,
        questions: vec![
            finding(
                "not_yet_classified",
                Severity::Query,
                "Three victims have no type of trafficking yet.",
                "Classify them, or answer that it is not known, by November 15.",
                &[],
            ),
            finding(
                "cross_foot",
                Severity::Contradiction,
                "Minors and adults add up to 22, the total says 23.",
                "Correct the cell that is wrong and send the workbook again.",
                &[],
            ),
        ],
        coverage: "Seven of nine task forces have reported this quarter.".into(),
        record: ReportingRecord {
            quarters: vec![quarter(2025, 4), quarter(2026, 1), quarter(2026, 2), quarter(2026, 3)],
            rows: vec![
                (
                    "made-up".into(),
                    "Made-up Valley Task Force".into(),
                    vec![Sent::NotExpected, Sent::Received, Sent::Late, Sent::Received],
                ),
                (
                    "north".into(),
                    "Made-up North Task Force".into(),
                    vec![Sent::Received, Sent::Received, Sent::Received, Sent::Missing],
                ),
            ],
            caution: "The record says whether a return came, not whether it is complete.".into(),
        },
    }
}

/// A figure that was sent and not published, small enough to be hidden.
pub(crate) fn small_figure() -> ReportedFigure {
    let mut figure = report().figures.swap_remove(0);
    figure.id = FigureId("victim_identified:2012-Q1:small:sentinel".into());
    figure.measure = "victim_identified".into();
    figure.measure_label = "victims identified".into();
    figure.period = "2012-Q1".parse().unwrap();
    figure.dimensions.clear();
    figure.reporter = reporter_of("small");
    figure.unit = Unit::Count;
    figure.part = Part::Cell;
    figure.standing = Standing::Submitted;
    figure.value = ShownValue::of(Standing::Submitted, Unit::Count, Answer::exactly(7));
    figure.note = None;
    figure.revisions = vec![Revision {
        value: ShownValue::of(Standing::Submitted, Unit::Count, Answer::exactly(8)),
        as_of: None,
        state: "corrected".into(),
        who: "coordinator".into(),
        when: "2012-11-01T00:00:00Z".into(),
        why: "a person was counted twice".into(),
    }];
    figure
}
