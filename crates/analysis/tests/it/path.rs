//! The whole path in the library: the published returns of 2012, and practice, in one store.

use analysis::collect::{self, Collected, Looked, Recognition, look};
use analysis::published::CALIFORNIA_2012;
use analysis::report::{Material, Plan};
use analysis::{explain, practice};
use jiff::Timestamp;
use records::register::Register;
use records::returns::shipped_mappings;
use records::{Quarter, Severity, Standing};
use store::{Scope, Store};

fn at() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn scope() -> Scope {
    Scope::command_line("tester")
}

async fn take(store: &Store, file: &str, text: &str, mapping: Option<&str>) -> Collected {
    let mappings = shipped_mappings().unwrap();
    let forced = mapping.and_then(|id| mappings.iter().find(|mapping| mapping.id == id));
    let by = Recognition { mappings, forced, register: Register::embedded() };
    match look(file, text.as_bytes(), true, by) {
        Looked::Return(new) => {
            collect::import(store, &scope(), file, new, None, at()).await.unwrap()
        }
        Looked::Skipped { reason, candidates } => Collected::Skipped { reason, candidates },
        Looked::Refused { problems, .. } => Collected::Refused { problems },
    }
}

fn with_store(story: impl AsyncFnOnce(Store)) {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder.path()).await.unwrap();
        story(store).await;
    });
}

async fn load_2012(store: &Store) {
    for one in CALIFORNIA_2012 {
        let done = take(store, one.file_name, one.csv, one.mapping).await;
        let Collected::Imported { new, .. } = done else { panic!("{}: {done:?}", one.file_name) };
        assert_eq!(new.standing, Standing::Published, "{}", one.file_name);
    }
}

async fn load_practice(store: &Store) {
    let quarters = [Quarter::new(2026, 2).unwrap(), Quarter::new(2026, 3).unwrap()];
    for one in practice::returns(Register::embedded(), quarters) {
        let done = take(store, &one.file_name, &one.csv, None).await;
        let Collected::Imported { new, .. } = done else { panic!("{}: {done:?}", one.file_name) };
        assert_eq!(new.standing, Standing::Synthetic);
    }
}

/// The sixteen findings of the source: eleven by rule, five as notes of the source itself.
#[test]
fn the_sixteen_findings_come_out() {
    with_store(async |store| {
        load_2012(&store).await;
        let material = Material::read(&store, &scope(), Register::embedded()).await.unwrap();
        for (number, rule, words) in [
            (1, "served_exceeds_identified", "1,522 victims served against 1,277 identified"),
            (
                3,
                "joined_later",
                "San Jose/South Bay Human Trafficking Task Force joined the reporting on 2011-07-01; 8 of 9",
            ),
            (4, "not_classified", "21% of cases"),
            (5, "section_is_part_of_conduct", "52 of 179"),
            (6, "dated_to_the_arrest", "earlier years grow later; as of 2012-09-30"),
            (7, "may_be_victims", "8,881 under 653.22(A)"),
            (8, "low_data_quality_of_reporters", "18 of 42"),
            (
                9,
                "reporter_kind_shapes_the_type",
                "89% in task forces inside vice units, 73% in task forces outside vice units",
            ),
            (10, "text_against_table", "the text says 27"),
            (
                15,
                "two_definitions",
                "Cases reported to a coalition 55 (Kern Coalition Against Human Trafficking); Cases known to police 3",
            ),
            (
                16,
                "stated_by_different_sources",
                "27 (Fresno Police Department); Victims rescued, as stated more than 230",
            ),
        ] {
            let found = material.findings.iter().filter(|finding| finding.rule == rule);
            let texts: Vec<&str> = found.map(|finding| finding.text.as_str()).collect();
            assert!(texts.iter().any(|text| text.contains(words)), "{number}: {texts:#?}");
        }
        let rules: Vec<&str> =
            material.findings.iter().map(|finding| finding.rule.as_str()).collect();
        assert_eq!(rules.len(), 11, "{rules:?}");
        let notes: Vec<&str> =
            material.source_notes.iter().map(|finding| finding.text.as_str()).collect();
        for (number, words) in [
            (2, "Riverside uses a different reporting period"),
            (11, "AB 90"),
            (12, "Economic Opportunities Commission"),
            (13, "1-888-3737-888"),
            (14, "two transposed digits"),
        ] {
            assert!(notes.iter().any(|text| text.contains(words)), "{number}: {notes:#?}");
        }
        assert!(material.source_notes.iter().all(|finding| finding.rule == "source_note"));
    });
}

#[test]
fn made_up_figures_enter_no_real_total_and_no_real_report() {
    with_store(async |store| {
        load_2012(&store).await;
        let plan = Plan {
            state: "ca".to_owned(),
            period: None,
            as_of: "2026-11-22".parse().unwrap(),
            your_quarter: Some("practice-1".to_owned()),
        };
        let register = Register::embedded();
        let material = Material::read(&store, &scope(), register).await.unwrap();
        let alone = Plan { your_quarter: None, ..plan.clone() };
        let before =
            analysis::report::run(&store, &scope(), register, &material, &alone).await.unwrap();
        load_practice(&store).await;
        let material = Material::read(&store, &scope(), register).await.unwrap();
        let after =
            analysis::report::run(&store, &scope(), register, &material, &plan).await.unwrap();
        assert_eq!(before.figures, after.figures);
        assert!(material.totals.totals.is_empty(), "made-up returns make no state total");
        let own = after.your_quarter.unwrap();
        assert_eq!(own.standing, Standing::Synthetic);
        assert!(own.entries.iter().all(|entry| entry.standing == Standing::Synthetic));
        assert_eq!(own.quarter.to_string(), "2026-Q3");
        let unknown = own
            .figures
            .iter()
            .find(|one| one.id.0.contains("individual_arrested") && one.id.0.contains("labor"));
        assert_eq!(unknown.unwrap().own.answer().unwrap().to_string(), "unknown");
        let asked = own.questions.iter().find(|asked| asked.rule == "classified_differently");
        let asked = asked.unwrap();
        for advice in [&asked.advice, &asked.spanish.as_ref().unwrap().advice] {
            assert!(
                !advice.contains("clearway"),
                "a command that an agency does not have: {advice}"
            );
        }
    });
}

/// Those that quote what a published source says in English are said in English only; no figure is lost on
/// the way into Spanish.
#[test]
fn findings_are_said_in_spanish_but_for_those_that_quote() {
    let quoting = [
        "reporter_kind_shapes_the_type",
        "stated_by_different_sources",
        "text_against_table",
        "two_definitions",
    ];
    let digits = |text: &str| {
        let mut runs: Vec<String> = text
            .split(|letter: char| !letter.is_ascii_digit())
            .filter(|run| !run.is_empty())
            .map(str::to_owned)
            .collect();
        runs.sort_unstable();
        runs
    };
    with_store(async |store| {
        load_2012(&store).await;
        load_practice(&store).await;
        let material = Material::read(&store, &scope(), Register::embedded()).await.unwrap();
        assert!(!material.findings.is_empty() && !material.practice_findings.is_empty());
        for finding in material.findings.iter().chain(&material.practice_findings) {
            let Some(spanish) = &finding.spanish else {
                assert!(quoting.contains(&&*finding.rule), "{finding:?}");
                continue;
            };
            assert!(!quoting.contains(&&*finding.rule), "{finding:?}");
            assert_eq!(digits(&finding.text), digits(&spanish.text), "{finding:?}");
            assert_eq!(digits(&finding.advice), digits(&spanish.advice), "{finding:?}");
            assert_ne!(finding.text, spanish.text);
            assert!(!spanish.advice.is_empty() && finding.advice != spanish.advice);
        }
    });
}

#[test]
fn an_own_calendar_counts_in_its_state_quarter_and_a_gap_is_named() {
    with_store(async |store| {
        load_practice(&store).await;
        let material = Material::read(&store, &scope(), Register::embedded()).await.unwrap();
        let total = |id: &str| material.practice.totals.iter().find(|one| one.id.0 == id).unwrap();
        let second = total("investigation_initiated:2026-Q2:practice-state");
        assert_eq!((second.reporters, second.expected), (9, 9));
        let third = total("investigation_initiated:2026-Q3:practice-state");
        assert_eq!((third.reporters, third.expected), (8, 9));
        assert_eq!(third.missing, ["practice-8"]);
        let by_hand: i64 = material
            .figures
            .iter()
            .filter(|stored| stored.figure.measure == "investigation_initiated")
            .filter(|stored| stored.quarter.unwrap().to_string() == "2026-Q3")
            .filter_map(|stored| stored.figure.answer.as_count())
            .sum();
        assert_eq!(third.sum, by_hand);
        let seats = material
            .practice
            .totals
            .iter()
            .any(|one| one.id.0 == "individual_trained:2026-Q3:practice-state");
        assert!(!seats, "persons and seats are not one sum");
    });
}

#[test]
fn joining_dates_decide_who_is_expected() {
    with_store(async |store| {
        let row = |reporter: &str, quarter: &str| {
            format!("measure,reporter,period,value\nvictim_identified,{reporter},{quarter},12\n")
        };
        for (at, (reporter, quarter)) in
            [("fresno", "2011-Q2"), ("fresno", "2011-Q3"), ("orange", "2011-Q3")].iter().enumerate()
        {
            let done = take(&store, &format!("{at}.csv"), &row(reporter, quarter), None).await;
            assert!(matches!(done, Collected::Imported { .. }), "{done:?}");
        }
        let material = Material::read(&store, &scope(), Register::embedded()).await.unwrap();
        let expected: Vec<(String, usize, i64)> = material
            .totals
            .totals
            .iter()
            .map(|total| (total.quarter.to_string(), total.expected, total.sum))
            .collect();
        assert_eq!(expected, [("2011-Q2".to_owned(), 8, 12), ("2011-Q3".to_owned(), 9, 24)]);
        let missing: Vec<bool> = material
            .findings
            .iter()
            .filter(|finding| finding.rule == "missing_quarter")
            .map(|finding| finding.text.contains("San Jose"))
            .collect();
        assert_eq!(missing, [false, true], "San Jose is expected from 2011-Q3 on");
    });
}

#[test]
fn explain_leads_back_to_the_cell() {
    with_store(async |store| {
        load_2012(&store).await;
        let register = Register::embedded();
        let material = Material::read(&store, &scope(), register).await.unwrap();
        let name = "conviction:2007-01-01/2012-09-30:ca-doj:statute=653.22(a):total";
        let found = explain::run(&store, &scope(), register, &material, name).await.unwrap();
        let source = &found.figure.sources[0];
        assert_eq!((source.row, source.column.as_str()), (43, "convictions"));
        assert_eq!(source.file, "table2_other_statute_convictions.csv");
        assert!(found.filters["caution"].contains("Victims themselves"), "{:?}", found.filters);
        assert!(found.findings.iter().any(|finding| finding.rule == "may_be_victims"));
        assert!(found.findings.iter().all(|finding| finding.severity != Severity::Contradiction));
        let wrong = explain::run(&store, &scope(), register, &material, "conviction:1999").await;
        assert!(wrong.unwrap_err().to_string().contains("did you mean conviction:"));
    });
}
