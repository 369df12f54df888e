//! The published report, for everybody: what was published, byte for byte, and nothing else.

use axum::http::{Method, StatusCode};
use server::{Config, Server};
use tempfile::TempDir;

use crate::ask::{Answer, ask, block_on, empty, practice, without_members};
use crate::markup::between;

/// A folder as `clearway report --public` leaves it.
fn published() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("index.html", "<!doctype html><title>Report</title>"),
        ("es/index.html", "<!doctype html><title>Informe</title>"),
        ("public.css", "body { margin: 0 }"),
        ("data/people-by-county.csv", "county,people\nkern,41\n"),
        ("data/people-by-county.csv-metadata.json", "{}"),
        ("report.pdf", "%PDF-1.7"),
        ("informe.pdf", "%PDF-1.7 "),
    ];
    let mut listed = Vec::new();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        listed.push(format!("\"{name}\": \"{}\"", blake3::hash(text.as_bytes()).to_hex()));
    }
    let manifest = format!(
        "{{\"titles\": {{\"en\": \"The State in 2026\", \"es\": \"El estado en 2026\"}}, \"files\": {{{}}}}}",
        listed.join(", ")
    );
    std::fs::write(folder.path().join("published.json"), manifest).unwrap();
    folder
}

fn config(folder: &TempDir) -> Config {
    Config { published: Some(folder.path().to_owned()), ..practice() }
}

fn get(folder: &TempDir, path: &str) -> Answer {
    ask(without_members(&config(folder)), Method::GET, path, &[], "")
}

#[test]
fn everybody_reads_what_was_published_in_both_languages() {
    let folder = published();
    for (language, title, page, pdf) in [
        ("en", "The State in 2026", "index.html", "report.pdf"),
        ("es", "El estado en 2026", "es/index.html", "informe.pdf"),
    ] {
        let answer = get(&folder, &format!("/published?language={language}"));
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(between(&answer.body, "<p class=\"lead\">", "<"), title);
        for file in [page, pdf, "data/people-by-county.csv"] {
            assert!(answer.body.contains(&format!("href=\"/published/{file}\"")), "{file}");
        }
    }
    for (file, kind) in [
        ("index.html", "text/html; charset=utf-8"),
        ("es/index.html", "text/html; charset=utf-8"),
        ("public.css", "text/css; charset=utf-8"),
        ("data/people-by-county.csv", "text/csv; charset=utf-8"),
        ("data/people-by-county.csv-metadata.json", "application/csvm+json"),
        ("report.pdf", "application/pdf"),
    ] {
        let answer = get(&folder, &format!("/published/{file}"));
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, kind),
            "{file}"
        );
        assert_eq!(answer.body, std::fs::read_to_string(folder.path().join(file)).unwrap());
        crate::routes::has_all_headers(&answer, file);
    }
}

#[test]
fn what_was_not_published_is_not_there() {
    let folder = published();
    // Put there by hand, with the name of what a report has.
    std::fs::write(folder.path().join("figures.csv"), "agency,people\nkern,3\n").unwrap();
    std::fs::write(folder.path().join("data/people.csv"), "kern,3\n").unwrap();
    for path in [
        "figures.csv",
        "data/people.csv",
        "published.json",
        "data",
        "data/",
        "nothing.html",
        "..%2fCargo.toml",
        "%2e%2e/index.html",
        "data/../index.html",
    ] {
        let answer = get(&folder, &format!("/published/{path}"));
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("kern,3"), "{path}");
    }
    // Changed by hand.
    std::fs::write(folder.path().join("data/people-by-county.csv"), "county,people\nkern,3\n")
        .unwrap();
    let answer = get(&folder, "/published/data/people-by-county.csv");
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let refused = block_on(Server::bind(&config(&folder), empty())).unwrap_err().to_string();
    assert_eq!(
        refused,
        "data/people-by-county.csv is not what was published; publish again into this folder"
    );
    // While it is being published anew, there is nothing.
    std::fs::remove_file(folder.path().join("published.json")).unwrap();
    assert_eq!(get(&folder, "/published/index.html").status, StatusCode::NOT_FOUND);
    let page = get(&folder, "/published?language=es");
    assert!(page.body.contains("Aquí no hay nada publicado todavía."), "{}", page.body);
    let refused = block_on(Server::bind(&config(&folder), empty())).unwrap_err().to_string();
    assert!(refused.contains("clearway report --public --out DIR"), "{refused}");
}
