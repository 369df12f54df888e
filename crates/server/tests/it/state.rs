//! The state's picture, an agency's quarter, where a number comes from, and jobs.

use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{Method, StatusCode};
use server::{Config, Server, router};
use store::{AuditFilter, JobKind, JobState, NewAgencyHere, Role};

use crate::ask::{Answer, ask, block_on};
use crate::made_returns::{of_2012, of_practice};
use crate::markup::{between, tags, values};
use crate::people::{Installation, STATE, form, joined, operator};

/// An installation with the returns of 2012 and of made-up task forces, of which the first is here.
fn with_returns() -> Installation {
    let here = Installation::new();
    let new = NewAgencyHere {
        code: "practice-1".to_owned(),
        label: "Practice Task Force 1".to_owned(),
        legal_entity: "police".to_owned(),
        county: None,
        clearinghouse: false,
        practice: true,
    };
    block_on(here.store.add_agency(&operator(), &new, joined())).unwrap();
    of_2012(&here);
    block_on(of_practice(&here));
    here
}

fn comes_in(here: &Installation, agency: &str, name: &str, role: Role) -> String {
    block_on(async {
        let person = here.joins(agency, name, role).await;
        here.comes_in(&person).await
    })
}

/// Every tag is closed, whatever it is of.
fn expect_well_formed(page: &str) {
    let void = ["!doctype", "meta", "link", "input"];
    let mut open = Vec::new();
    for tag in tags(page) {
        let element = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{tag}");
        } else if !void.contains(&element) && !tag.ends_with('/') {
            open.push(element);
        }
    }
    assert_eq!(open, [""; 0]);
    let mut ids = values(page, "id");
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id twice");
    assert!(values(page, "style").is_empty(), "the browser would refuse it");
}

#[test]
fn the_picture_has_charts_map_and_coverage_and_every_number_is_explained() {
    let here = with_returns();
    let analyst = comes_in(&here, STATE, "ana", Role::Analyst);
    let page = here.get(&analyst, "/state?language=es");
    assert_eq!(page.status, StatusCode::OK);
    expect_well_formed(&page.body);
    let picture = between(&page.body, "<div class=\"report\" lang=\"en\">", "<footer>");
    for part in ["id=\"county-map\"", "id=\"chart-2\"", "1,277", "1,522", "<svg class=\"wide\""] {
        assert!(picture.contains(part), "{part}");
    }
    assert!(page.body.contains("El panorama del estado"));
    let findings = between(&page.body, "<section aria-labelledby=\"findings\">", "</section>");
    let said = "<li lang=\"es\">1,522 víctimas atendidas frente a 1,277 identificadas";
    assert!(findings.contains(said), "{findings}");
    assert!(findings.contains("<li lang=\"en\">"), "what quotes a source is said in its language");
    let mut explained: Vec<&str> = values(picture, "href")
        .into_iter()
        .filter(|href| href.starts_with("/state/explain/"))
        .collect();
    explained.sort_unstable();
    explained.dedup();
    assert!(explained.len() > 100, "{}", explained.len());
    assert!(explained.iter().all(|href| href.ends_with("?language=es")));
    for href in explained.iter().step_by(explained.len() / 12) {
        let page = here.get(&analyst, href);
        assert_eq!(page.status, StatusCode::OK, "{href}");
        expect_well_formed(&page.body);
    }
    let whole = "/state/explain/victim_identified:2010-07-01%2F2012-06-30:cal-ema";
    for (language, standing, counted) in [
        ("en", "published by its source", "<h1 lang=\"en\">Victims identified"),
        // The wording of that version is not translated.
        ("es", "publicado por su", "<h1 lang=\"en\">Victims identified"),
    ] {
        let page = here.get(&analyst, &format!("{whole}?language={language}")).body;
        assert!(page.contains(counted), "{page}");
        assert!(page.contains("<strong>1,277</strong>") && page.contains(standing), "{page}");
        assert!(page.contains("BLAKE3 <span class=\"print\">"), "the return by its digest");
    }
    for nothing in ["/state/explain/nothing", "/state/explain/", "/state/explain/%00", "/state/x"] {
        assert_eq!(here.get(&analyst, nothing).status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[test]
fn an_agency_sees_its_own_numbers_whole_and_no_other_agencys() {
    let here = with_returns();
    let cora = comes_in(&here, "practice-1", "cora", Role::Coordinator);
    let ben = comes_in(&here, "practice-1", "ben", Role::Commander);
    let analyst = comes_in(&here, STATE, "ana", Role::Analyst);
    for (cookie, language, words) in
        [(&cora, "en", "Your own numbers stand"), (&ben, "es", "Sus propias cifras están")]
    {
        let page = here.get(cookie, &format!("/agency?language={language}")).body;
        expect_well_formed(&page);
        assert!(page.contains(words) && page.contains("Practice Task Force 1"), "{page}");
        assert!(page.contains("2026-Q3") && page.contains("<svg class=\"wide\""));
        let figures = between(&page, "aria-labelledby=\"figures-caption\"", "</table>");
        assert!(figures.matches("<tr>").count() > 10, "{figures}");
        assert!(!page.contains("practice-2"), "nothing of another");
        // What is small is hard to see at the state, and whole at home.
        for href in values(figures, "href") {
            assert_eq!(here.get(cookie, href).status, StatusCode::OK, "{href}");
        }
    }
    // A number of its own that the state hides.
    let operator = operator();
    let figures = block_on(here.store.figures(&operator, &Default::default())).unwrap();
    let small = |reporter: &str| {
        let mut of = figures.iter().filter(|one| one.figure.reporter == reporter);
        let one = of.find(|one| one.figure.answer.as_count().is_some_and(|n| n < 11)).unwrap();
        (one.id.0.clone(), one.figure.answer.as_count().unwrap())
    };
    let (own, number) = small("practice-1");
    let path = format!("/state/explain/{own}");
    assert!(here.get(&cora, &path).body.contains(&format!("<strong>{number}</strong>")));
    assert!(here.get(&analyst, &path).body.contains("<strong>fewer than 11, hidden</strong>"));
    let spanish = here.get(&cora, &format!("{path}?language=es")).body;
    assert!(
        spanish.contains("<h1 lang=\"es\">")
            && spanish.contains("<dt>No cuenta</dt><dd lang=\"es\">")
    );
    // Her agency's own word for something, which only the office can settle.
    let queries = block_on(here.store.classification_queries(&operator)).unwrap();
    let own = queries.iter().find(|one| one.figure.0.contains("practice-1")).unwrap();
    for path in ["/state".to_owned(), format!("/state/explain/{}", own.figure.0)] {
        for language in ["en", "es"] {
            let page = here.get(&cora, &format!("{path}?language={language}")).body;
            assert!(!page.contains("clearway definitions"), "a command that she does not have");
            if path != "/state" {
                let told = ["tell the office", "diga a la oficina"];
                assert!(told.iter().any(|told| page.contains(told)), "{page}");
            }
        }
    }
    let (foreign, _) = small("practice-2");
    let path = format!("/state/explain/{foreign}");
    assert_eq!(here.get(&cora, &path).status, StatusCode::NOT_FOUND);
    assert_eq!(here.get(&analyst, &path).status, StatusCode::OK);
    // The picture of an agency has the sums and what is published.
    let page = here.get(&ben, "/state?language=en").body;
    expect_well_formed(&page);
    assert!(page.contains("1,277") && page.contains("You see the sums of the state"));
}

/// Sends a form with the token of the page, to one router that lives as long as its jobs.
fn send(here: &Installation, site: &Router, cookie: &str, path: &str, kind: &str) -> Answer {
    let page = here.get(cookie, "/account").body;
    let token = between(&page, "name=\"token\" value=\"", "\"");
    let headers = [
        ("cookie", cookie),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let body = form(&[("token", token), ("kind", kind)]);
    ask(site.clone(), Method::POST, path, &headers, body)
}

/// Waits until a job has ended.
fn ended(here: &Installation, id: i64) -> store::Job {
    let begun = Instant::now();
    loop {
        let jobs = block_on(here.store.jobs(&operator())).unwrap();
        let job = jobs.into_iter().find(|job| job.id == id).unwrap();
        if !job.state.is_open() {
            return job;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{job:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn number(answer: &Answer) -> i64 {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").strip_prefix("/jobs/").unwrap().parse().unwrap()
}

#[test]
fn a_report_is_made_as_a_job_and_read_by_those_who_may() {
    let here = with_returns();
    let analyst = comes_in(&here, STATE, "ana", Role::Analyst);
    let publisher = comes_in(&here, STATE, "pia", Role::Publisher);
    let collector = comes_in(&here, STATE, "colin", Role::Collector);
    let commander = comes_in(&here, "practice-1", "ben", Role::Commander);
    let site = here.router();
    let wrong = send(&here, &site, &analyst, "/jobs", "fly");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Choose what is to be done"), "{}", wrong.body);

    let id = number(&send(&here, &site, &publisher, "/jobs", "report"));
    let job = ended(&here, id);
    assert_eq!((job.state, job.steps_done), (JobState::Done, job.steps), "{job:?}");
    let page = here.get(&analyst, &format!("/jobs/{id}?language=es")).body;
    let figures = job.outcome.unwrap();
    assert!(page.contains(&format!("El informe tiene {figures} cifras.")), "{page}");
    let first = format!("/state/report/{id}/index.html");
    assert!(here.get(&analyst, "/state").body.contains(&first));
    for file in ["index.html", "figures.html", "report.css", "figures.csv", "figures.json"] {
        let answer = here.get(&publisher, &format!("/state/report/{id}/{file}"));
        assert_eq!(answer.status, StatusCode::OK, "{file}");
        crate::routes::has_all_headers(&answer, file);
        assert!(values(&answer.body, "style").is_empty() || !file.ends_with("html"));
    }
    for path in [&first, &format!("/jobs/{id}"), &format!("/jobs/{id}/progress")] {
        for cookie in [&collector, &commander] {
            assert_eq!(here.get(cookie, path).status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    for lost in ["nothing.html", "..%2f..%2fclearway.sqlite", "..", "%2e%2e", "index.txt"] {
        let answer = here.get(&analyst, &format!("/state/report/{id}/{lost}"));
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{lost}");
    }
    let audit = block_on(here.store.audit(&operator(), &AuditFilter::default())).unwrap();
    let told: Vec<String> = audit
        .iter()
        .filter(|row| row.subject == "job")
        .map(|row| format!("{} {} {}", row.who, row.act, row.why.as_deref().unwrap()))
        .collect();
    assert_eq!(told, ["pia asked report".to_owned(), format!("pia done {figures}")]);
}

#[test]
fn a_job_can_fail_take_too_long_be_cancelled_and_be_asked_for_again() {
    let here = with_returns();
    let analyst = comes_in(&here, STATE, "ana", Role::Analyst);
    let site = here.router();
    let id = number(&send(&here, &site, &analyst, "/jobs", "people"));
    let job = ended(&here, id);
    assert_eq!(job.state, JobState::Failed);
    let page = here.get(&analyst, &format!("/jobs/{id}?language=en")).body;
    assert!(page.contains("no agency has sent people yet"), "{page}");

    let hasty = router(&Config { job: Duration::ZERO, ..here.config() }, here.store.clone());
    let id = number(&send(&here, &hasty, &analyst, "/jobs", "report"));
    let job = ended(&here, id);
    assert_eq!(job.state, JobState::Failed);
    assert_eq!(job.outcome.as_deref(), Some("it took longer than 0 minutes"));
    let page = here.get(&analyst, &format!("/state/report/{id}/index.html"));
    assert_eq!(page.status, StatusCode::NOT_FOUND, "half a report is none");

    let session = block_on(here.session(&analyst));
    let asked =
        |kind: JobKind| block_on(here.store.ask_job(session.scope(), kind, here.now())).unwrap();
    let waiting = asked(JobKind::Report);
    let again = send(&here, &site, &analyst, "/jobs", "report");
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("One of this kind waits or runs already"), "{}", again.body);
    let gone = send(&here, &site, &analyst, &format!("/jobs/{waiting}"), "");
    assert_eq!(number(&gone), waiting);
    assert_eq!(ended(&here, waiting).state, JobState::Cancelled);
    let next = number(&send(&here, &site, &analyst, "/jobs", "report"));
    assert_eq!(ended(&here, next).state, JobState::Done);
    let lost = send(&here, &site, &analyst, "/jobs/987654", "");
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
}

#[test]
fn a_job_that_ran_when_the_server_died_is_interrupted() {
    let here = Installation::new();
    let analyst = comes_in(&here, STATE, "ana", Role::Analyst);
    let session = block_on(here.session(&analyst));
    let (store, scope, at) = (&here.store, session.scope(), here.now());
    let id = block_on(store.ask_job(scope, JobKind::Estimate, at)).unwrap();
    assert!(block_on(store.begin_job(scope, id, 3, at)).unwrap());
    let page = here.get(&analyst, &format!("/jobs/{id}")).body;
    assert!(page.contains("<progress id=\"progress\" value=\"0\" max=\"3\""), "{page}");
    // The server comes up again.
    let server = block_on(Server::bind(&here.config(), here.store.clone())).unwrap();
    let page = here.get(&analyst, &format!("/jobs/{id}?language=en")).body;
    assert!(page.contains("Interrupted: the server stopped. Ask for it again"), "{page}");
    drop(server);
    assert!(block_on(store.ask_job(scope, JobKind::Estimate, at)).is_ok());
}

#[test]
fn progress_is_said_as_it_goes_and_ends_with_the_job() {
    let here = Installation::new();
    let analyst = comes_in(&here, STATE, "ana", Role::Analyst);
    let session = block_on(here.session(&analyst));
    let (store, scope, at) = (here.store.clone(), session.scope().clone(), here.now());
    let id = block_on(store.ask_job(&scope, JobKind::Report, at)).unwrap();
    block_on(store.begin_job(&scope, id, 5, at)).unwrap();
    let goes = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        block_on(store.job_steps(&scope, id, 2)).unwrap();
        std::thread::sleep(Duration::from_millis(1200));
        block_on(store.end_job(&scope, id, JobState::Done, "431", at)).unwrap();
    });
    // The stream ends with the server.
    let (site, path) = (here.router(), format!("/jobs/{id}/progress"));
    let answer = ask(site.clone(), Method::GET, &path, &[("cookie", &analyst)], "");
    goes.join().unwrap();
    assert_eq!(answer.header("content-type"), "text/event-stream");
    let said = answer.body;
    assert_eq!(
        said,
        "event: step\ndata: 0/5\n\nevent: step\ndata: 2/5\n\nevent: ended\ndata: 5/5\n\n"
    );
}
