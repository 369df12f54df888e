//! An agency's own records in and out, through the binary.

use std::fs;

use crate::clearway::{Desk, Ran};

const AGENCY: &str = "\
code = \"north-house\"
label = \"North House\"
legal_entity = \"police\"
practice = true
";
const HEADER: &str = "reference,given_name,surname,phone,counted_as,date,trafficking_type,age\n";
/// What must never be printed.
const PLANTED: [&str; 4] = ["Xochitl", "Zyxwvut", "5550134987", "QX-77001"];

/// A desk whose database is that of an agency.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("agency.toml", AGENCY);
    desk.run(&["agency", "set", "agency.toml"]).exits(0);
    desk
}

fn victims(kind: &str) -> String {
    format!(
        "{HEADER}QX-77001,Xochitl,Zyxwvut,5550134987,victim_served,2026-07-01,{kind},adult\n\
         QX-77002,,,,victim_served,2026-08-01,not_yet_classified,unknown\n"
    )
}

#[track_caller]
fn says_no_name(ran: &Ran) {
    for planted in PLANTED {
        assert!(!ran.out.contains(planted) && !ran.err.contains(planted), "{planted}: {ran:?}");
    }
}

#[test]
fn without_an_agency_nothing_goes_in_and_the_next_step_is_named() {
    let desk = Desk::new();
    desk.write("victims.csv", victims("sex"));
    let ran = desk.run(&["import", "victims.csv", "--as", "victims"]).exits(1);
    assert!(ran.err.contains("clearway agency set agency.toml"), "{}", ran.err);
    // A look needs no agency.
    let ran = desk.run(&["check", "victims.csv", "--as", "victims"]).exits(0);
    says_no_name(&ran);
    assert!(!desk.path("clearway-data").exists());
}

#[test]
fn a_folder_goes_in_by_name_with_papers_around_it() {
    let desk = desk();
    desk.write("north/agency.toml", AGENCY);
    desk.write("north/victims.csv", victims("sex"));
    let arrests = "reference,date,statute,offense_date,conduct,unit_kind\nQX-77003,2010-07-01,653.22,2010-06-30,being_sold,\n";
    desk.write("north/2010.csv", arrests);
    let releases = "victim,recipient,purpose,signed_on,expires_on,revoked_on\nQX-77002,clearinghouse,statistics,2026-01-01,2027-01-01,\n";
    desk.write("north/releases.csv", releases);
    let orders = "record,reference,order,authority,ordered_on\nvictim,QX-77001,sealing,Superior Court,2026-09-01\n";
    desk.write("north/orders.csv", orders);
    let modes = "record,recipient,mode,basis,signatory,signed_on,expires_on\nvictim,clearinghouse,totals_only,default,,2026-01-01,2026-12-31\n";
    desk.write("north/disclosure_modes.csv", modes);
    let ran = desk.run(&["import", "north", "--as", "records", "--format", "json"]).exits(0);
    says_no_name(&ran);
    let answer = ran.json();
    let files: Vec<(&str, &str)> = answer["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| {
            (file["file"].as_str().expect("a name"), file["outcome"].as_str().expect("one"))
        })
        .collect();
    assert_eq!(
        files,
        [
            ("north/agency.toml", "skipped"),
            ("north/disclosure_modes.csv", "imported"),
            ("north/victims.csv", "imported"),
            ("north/2010.csv", "imported"),
            ("north/releases.csv", "imported"),
            ("north/orders.csv", "imported"),
        ]
    );
    let opened = answer["follow_ups_opened"].as_array().expect("tasks");
    let questions: Vec<&str> = opened.iter().filter_map(|one| one["question"].as_str()).collect();
    assert_eq!(questions, ["not_yet_classified", "may_be_victim"]);
    // The order destroyed one, and keeps it out.
    let held = desk.run(&["records", "--format", "json"]).exits(0).json();
    assert_eq!(held["imports"][0]["current"], 1);
    let ran = desk.run(&["import", "north", "--as", "records"]).exits(0);
    let told = ran.out.replace("\n    ", " ");
    assert!(told.contains("an order has destroyed the others"), "{told}");
}

#[test]
fn a_bad_file_is_refused_whole_and_the_good_ones_go_in() {
    let desk = desk();
    desk.write("good.csv", victims("sex"));
    // A slipped row puts a name and a phone into other columns.
    let bad = format!(
        "{HEADER}victim_served,QX-77001,Xochitl,5550134987,Zyxwvut,5550134987,Xochitl,QX-77001\n"
    );
    desk.write("bad.csv", bad);
    let ran = desk.run(&["import", "bad.csv", "good.csv", "--as", "victims"]).exits(1);
    says_no_name(&ran);
    assert!(ran.out.contains("bad.csv: refused: 4 errors"), "{}", ran.out);
    assert!(ran.out.contains("good.csv: imported: import 1, 2 victims"), "{}", ran.out);
    let many: String = (0..250).map(|row| format!("C-{row},yesterday\n")).collect();
    desk.write("contacts.csv", format!("reference,date\n{many}"));
    let ran = desk.run(&["check", "contacts.csv", "--as", "contacts"]).exits(1);
    assert!(ran.out.contains("and 50 more"), "{}", ran.out);
    let ran = desk.run(&["check", "contacts.csv", "--as", "contacts", "--format", "json"]).exits(1);
    assert_eq!(ran.json()["errors"].as_array().map(Vec::len), Some(250));
}

#[test]
fn a_first_file_comes_back_as_its_message_says() {
    let desk = desk();
    desk.write("a.csv", victims("sex"));
    desk.write("b.csv", victims("labor"));
    for file in ["a.csv", "b.csv"] {
        desk.run(&["import", file, "--as", "victims"]).exits(0);
    }
    let ran = desk.run(&["import", "a.csv", "--as", "victims"]).exits(0);
    let told = ran.out.replace("\n    ", " ");
    assert!(told.contains("as import 1, of which 0 of 2 records stand; import 2 states"), "{told}");
    assert!(told.contains("`clearway records --withdraw 1 --why \"…\"`"), "{told}");
    desk.run(&["records", "--withdraw", "1", "--why", "to be stated anew"]).exits(0);
    desk.run(&["import", "a.csv", "--as", "victims"]).exits(0);
    let ran = desk.run(&["export", "victims", "--out", "-"]).exits(0);
    assert!(ran.out.contains(",sex,adult"), "{}", ran.out);
    // The other way: the later one taken back, and brought back again.
    let ran = desk.run(&["records", "--restore", "1", "--why", "x"]).exits(1);
    assert!(ran.err.contains("the same file is in again, as import 3"), "{}", ran.err);
}

#[test]
fn tasks_are_counted_and_numbers_are_shown_on_request_only() {
    let desk = desk();
    desk.write("v.csv", victims("not_yet_classified"));
    desk.run(&["import", "v.csv", "--as", "victims"]).exits(0);
    let ran = desk.run(&["records", "--follow-ups"]).exits(0);
    says_no_name(&ran);
    assert!(ran.out.contains("victims: 2 since 2026-07-01"), "{}", ran.out);
    let ran = desk.run(&["records", "--follow-ups", "--show-numbers"]).exits(0);
    assert!(ran.out.contains("QX-77001, QX-77002"), "{}", ran.out);
    assert!(ran.out.contains("they are for nobody else"), "{}", ran.out);
    desk.run(&["records", "--show-numbers"]).exits(2);
}

#[test]
fn an_export_is_its_owners_alone_and_comes_back() {
    let desk = desk();
    desk.write("v.csv", victims("sex"));
    desk.run(&["import", "v.csv", "--as", "victims"]).exits(0);
    for form in ["csv", "jsonl", "parquet", "htcds", "ctdc", "niem", "nibrs"] {
        let out = format!("out.{form}");
        let ran = desk.run(&["export", "victims", "--as", form, "--out", &out]).exits(0);
        says_no_name(&ran);
        assert!(ran.out.contains("inside"), "{}", ran.out);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(desk.path(&out)).expect("the file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{form}");
        }
    }
    let ran = desk.run(&["export", "victims", "--out", "out.csv"]).exits(1);
    assert!(ran.err.contains("is there already"), "{}", ran.err);
    for form in ["csv", "jsonl", "parquet"] {
        let out = format!("out.{form}");
        let ran = desk.run(&["import", &out, "--as", "victims"]).exits(0);
        assert!(ran.out.contains("0 new, 0 replaced, 2 unchanged"), "{}", ran.out);
    }
    let ran = desk.run(&["import", "out.htcds", "--as", "htcds"]).exits(1);
    assert!(ran.err.contains("--counted-as"), "{}", ran.err);
    let standard = ["--as", "htcds", "--counted-as", "victim_served", "--date", "2026-07-01"];
    let ran = desk.run(&[&["check", "out.htcds"], &standard[..]].concat()).exits(0);
    assert!(ran.out.contains("out.htcds: good: 2 rows"), "{}", ran.out);
    let ran = desk.run(&["export", "arrests", "--as", "htcds", "--out", "a.csv"]).exits(1);
    assert!(ran.err.contains("name victims"), "{}", ran.err);
    assert!(!desk.path("a.csv").exists());
}

#[test]
fn a_name_that_stands_as_a_header_is_never_printed() {
    let desk = desk();
    let planted = PLANTED[0];
    for (kind, header) in [
        ("victims", format!("reference,counted_as,date,trafficking_type,{planted}")),
        ("orders", format!("record,reference,{planted},order,authority,ordered_on")),
        ("releases", format!("victim,recipient,purpose,signed_on,expires_on,{planted}")),
        ("htcds", format!("case_id,prs_Gender,{planted}")),
        ("ctdc", format!("reference,gender,{planted}")),
    ] {
        desk.write("named.csv", format!("{header}\n,,,,,\n"));
        for command in ["check", "import"] {
            for format in ["text", "json"] {
                let line = [command, "named.csv", "--as", kind, "--format", format];
                let standard = ["htcds", "ctdc"].contains(&kind);
                let more: &[&str] = if standard { &["--counted-as", "victim_served"] } else { &[] };
                let ran = desk.run(&[&line[..], more].concat()).exits(1);
                let said = format!("{}{}", ran.out, ran.err);
                assert!(!said.contains(planted), "{said}");
                assert!(said.contains("number "), "{said}");
            }
        }
    }
}

#[test]
fn a_release_of_somebody_unknown_is_refused_with_its_row() {
    let desk = desk();
    desk.write("victims.csv", victims("sex"));
    desk.run(&["import", "victims.csv", "--as", "victims"]).exits(0);
    let signed = |victim: &str| {
        format!(
            "victim,recipient,purpose,signed_on,expires_on,revoked_on\n\
             QX-77002,clearinghouse,statistics,2026-01-01,2027-01-01,\n\
             {victim},clearinghouse,statistics,2026-01-01,2027-01-01,\n"
        )
    };
    desk.write("releases.csv", signed("QX-7701"));
    let ran = desk.run(&["import", "releases.csv", "--as", "releases"]).exits(1);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(said.contains("row 3") && said.contains("\"victim\""), "{said}");
    assert!(said.contains("import the records before"), "{said}");
    assert!(!said.contains("QX-7701"), "{said}");
    desk.write("releases.csv", signed("QX-77001"));
    desk.run(&["import", "releases.csv", "--as", "releases"]).exits(0);
}
