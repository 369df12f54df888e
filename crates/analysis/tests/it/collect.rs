//! Files and folders as people send them, up to a checked return or every reason why not.

use std::fs;
use std::path::{Path, PathBuf};

use analysis::collect::{InputFile, Looked, Recognition, bytes_of, files, look};
use records::register::Register;
use records::returns::shipped_mappings;

const HEADER: &str = "measure,reporter,period,value";
const ROW: &str = "individual_trained,practice-1,2011-Q1,3";

fn looked(file: &str, text: &str, named: bool) -> Looked {
    let mappings = shipped_mappings().unwrap();
    let by = Recognition { mappings, forced: None, register: Register::embedded() };
    look(file, text.as_bytes(), named, by)
}

fn problems(file: &str, text: &str) -> Vec<String> {
    match looked(file, text, false) {
        Looked::Refused { problems, .. } => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

/// The names below a folder, in the order in which they are read.
fn names(folder: &Path) -> Vec<PathBuf> {
    let found = files(&[folder.to_owned()]).unwrap();
    found.iter().map(|file| file.path.strip_prefix(folder).unwrap().to_owned()).collect()
}

#[cfg(unix)]
#[test]
fn no_folder_is_read_twice_however_its_links_lead() {
    use std::os::unix::fs::symlink;

    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    fs::create_dir_all(root.join("a/b")).unwrap();
    for file in ["a/1.csv", "a/b/2.csv", ".hidden.csv"] {
        fs::write(root.join(file), "").unwrap();
    }
    symlink(root, root.join("a/up")).unwrap();
    symlink(root.join("a"), root.join("a/b/again")).unwrap();
    symlink("nowhere", root.join("gone.csv")).unwrap();
    assert_eq!(names(root), ["a/1.csv", "a/b/2.csv", "gone.csv"].map(PathBuf::from));
    assert!(bytes_of(&InputFile { path: root.join("gone.csv"), named: false }).is_err());
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s.csv");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let error = bytes_of(&InputFile { path: socket, named: false }).unwrap_err();
    assert_eq!(error.to_string(), "a pipe, socket or device");
}

#[test]
fn what_is_no_table_by_its_name_is_not_opened() {
    let gone = PathBuf::from("no-such-folder/film.mp4");
    assert_eq!(bytes_of(&InputFile { path: gone.clone(), named: false }).unwrap(), b"");
    assert!(bytes_of(&InputFile { path: gone, named: true }).is_err());
}

#[test]
fn a_title_above_the_column_names_is_never_passed_by() {
    for text in [
        format!("Our quarterly return\n\n{HEADER}\n{ROW}\n"),
        format!("Our return,,,\nSent in May,,,\n{HEADER}\n{ROW}\n"),
        format!("Our return; first quarter\n\n{HEADER}\n{ROW}\n").replace(',', ";"),
        format!("\"sep=;\"\n\n{HEADER}\n{ROW}\n").replace(',', ";"),
    ] {
        let told = problems("a.csv", &text);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("they stand in row 3; remove what stands above"), "{told:?}");
    }
}

#[test]
fn a_row_whose_cells_stand_under_the_wrong_names_is_never_shown() {
    for row in [
        "individual_trained,practice-1,2011-Q1,Doe, Jane",
        "individual_trained,Jane Doe,3",
        "individual_trained,\"practice-1,2011-Q1,3\nJane Doe,practice-2,2011-Q1,3",
    ] {
        let told = problems("a.csv", &format!("{HEADER}\n{ROW}\n{row}\n"));
        assert!(told.iter().all(|problem| !problem.contains("Doe")), "{told:?}");
        assert!(told.iter().all(|problem| problem.contains("row 3")), "{told:?}");
        assert_eq!(told.len(), 1, "{told:?}");
    }
}

#[test]
fn a_file_that_a_person_named_is_never_passed_by() {
    for text in ["\"", ",,,\n,,\n", "[]", "\n"] {
        assert!(matches!(looked("a.csv", text, true), Looked::Refused { .. }), "{text}");
    }
}

#[test]
fn json_that_breaks_off_is_not_blamed_for_columns_it_names() {
    let object = r#"{"measure": "individual_trained", "reporter": "practice-1", "period": "2011-Q1", "value": "#;
    for value in ["NaN}", "03}", ".5}", "\"3"] {
        let told = problems("a.json", &format!("[{object}{value}]"));
        assert_eq!(told.len(), 1, "{told:?}");
    }
    let told = problems("a.json", &format!(r#"{{"rows": [{object}3}}], "rows": []}}"#));
    assert!(told[0].contains("\"rows\" once"), "{told:?}");
}

#[test]
fn a_file_name_cannot_steer_the_screen() {
    let Looked::Return(new) = looked("a/\u{1b}[31mred.csv", &format!("{HEADER}\n{ROW}\n"), true)
    else {
        panic!("refused")
    };
    assert_eq!(new.file_name, "\u{fffd}[31mred.csv");
}

#[test]
fn a_row_wider_than_any_spreadsheet_is_refused_at_once() {
    let told = problems("a.csv", &",".repeat(2_000_000));
    assert!(told[0].contains("16,384"), "{told:?}");
}
