//! What a report says of each task force: its own sums, and none that tells a hidden cell.

use analysis::collect::{Collected, Looked, Recognition, import, look};
use analysis::report::{Material, Plan};
use jiff::Timestamp;
use records::Dimension;
use records::register::Register;
use records::returns::shipped_mappings;
use report::ReportedFigure;
use store::{Scope, Store};

/// Two real task forces: all cells of the first may be shown, one of the second may not.
const RETURNS: [(&str, &str); 2] = [
    (
        "orange.csv",
        "measure,reporter,period,trafficking_type,status,value\n\
         victim_identified,orange,2026-Q3,sex,potential,16\n\
         victim_identified,orange,2026-Q3,sex,confirmed,12\n\
         victim_identified,orange,2026-Q3,labor,potential,11\n\
         victim_identified,orange,2026-Q3,labor,confirmed,unknown\n",
    ),
    (
        "fresno.csv",
        "measure,reporter,period,trafficking_type,status,value\n\
         victim_identified,fresno,2026-Q3,sex,potential,21\n\
         victim_identified,fresno,2026-Q3,sex,confirmed,14\n\
         victim_identified,fresno,2026-Q3,labor,potential,12\n\
         victim_identified,fresno,2026-Q3,labor,confirmed,7\n",
    ),
];

fn figures() -> Vec<ReportedFigure> {
    let at: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let (scope, register) = (Scope::command_line("tester"), Register::embedded());
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder.path()).await.unwrap();
        let mappings = shipped_mappings().unwrap();
        for (file, text) in RETURNS {
            let by = Recognition { mappings, forced: None, register };
            let Looked::Return(new) = look(file, text.as_bytes(), true, by) else {
                panic!("{file} is a return")
            };
            let done = import(&store, &scope, file, new, None, at).await.unwrap();
            assert!(matches!(done, Collected::Imported { .. }), "{done:?}");
        }
        let material = Material::read(&store, &scope, register).await.unwrap();
        let plan = Plan {
            state: "ca".to_owned(),
            period: None,
            as_of: jiff::civil::date(2026, 11, 22),
            your_quarter: None,
        };
        analysis::report::run(&store, &scope, register, &material, &plan).await.unwrap().figures
    })
}

#[test]
fn a_task_force_is_added_up_over_its_own_cells() {
    let figures = figures();
    let sums: Vec<String> = figures
        .iter()
        .filter(|figure| figure.summed && figure.dimensions.contains_key(&Dimension::TaskForce))
        .map(|figure| format!("{} {:?}; {}", figure.id, figure.value.answer(), figure.coverage))
        .map(|text| text.replace("Some(Exactly { amount: Amount { scaled: ", "("))
        .collect();
    insta::assert_snapshot!(sums.join("\n"));
}

#[test]
fn a_sum_with_a_hidden_part_is_not_told() {
    let figures = figures();
    let told = |id: &str| figures.iter().any(|figure| figure.id.0 == id);
    assert!(told("victim_identified:2026-Q3:fresno:sum:trafficking_type=sex"));
    assert!(!told("victim_identified:2026-Q3:fresno:sum:trafficking_type=labor"));
    assert!(!told("victim_identified:2026-Q3:fresno:sum"));
}

#[test]
fn a_sum_says_who_is_in_it() {
    let figures = figures();
    let all =
        figures.iter().find(|figure| figure.id.0 == "victim_identified:2026-Q3:state").unwrap();
    let behind = all.behind.as_ref().unwrap();
    let who: Vec<&str> = behind.reporters.iter().map(String::as_str).collect();
    assert_eq!((who, behind.expected, behind.unknown), (vec!["fresno", "orange"], 9, 1));
}
