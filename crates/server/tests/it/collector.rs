//! What agencies file and the collector decides: accepted, given back, corrected, received by mail; who is
//! late; who is reminded.

use std::io;

use axum::http::{Method, StatusCode};
use server::{Config, Mail, Message, Reminders, Server, SiteAddress, Spool, remind};
use store::{
    CompartmentName, FilingState, MailAddress, NewAgencyHere, Reminder, ReminderKind, ReturnState,
    Role, Session,
};

use crate::ask::{Answer, ask, block_on};
use crate::markup::between;
use crate::people::{Installation, STATE, joined, operator};

const AGENCY: &str = "practice-1";
const HEADER: &str = "reporter,period,measure,value\n";

/// An installation with an agency that files, and a collector.
struct Desk {
    here: Installation,
    cora: String,
    ben: String,
    colin: String,
    signs: Session,
}

impl Desk {
    fn new() -> Desk {
        let here = Installation::new();
        let new = NewAgencyHere {
            code: AGENCY.to_owned(),
            label: "Practice".to_owned(),
            legal_entity: "police".to_owned(),
            county: None,
            clearinghouse: false,
            practice: true,
        };
        let (cora, ben, colin, signs) = block_on(async {
            here.store.add_agency(&operator(), &new, joined()).await.unwrap();
            for name in ["first", "second"] {
                here.joins(AGENCY, name, Role::Administrator).await;
            }
            let cora = here.joins(AGENCY, "cora", Role::Coordinator).await;
            let ben = here.joins(AGENCY, "ben", Role::Commander).await;
            let colin = here.joins(STATE, "colin", Role::Collector).await;
            let cookie = here.comes_in(&cora).await;
            let session = here.session(&cookie).await;
            let sort = CompartmentName::Returns;
            let id = here.store.make_compartment(&session, sort, here.now()).await.unwrap();
            here.store.let_in(&session, id, "ben", &ben.fingerprint, here.now()).await.unwrap();
            let bens = here.comes_in(&ben).await;
            let signs = here.session(&bens).await;
            (cookie, bens, here.comes_in(&colin).await, signs)
        });
        Desk { here, cora, ben, colin, signs }
    }

    fn sign(&self, quarter: &str, rows: &str) -> i64 {
        let (quarter, csv) = (quarter.parse().unwrap(), format!("{HEADER}{rows}"));
        let signed = self.here.store.sign_return(&self.signs, quarter, &csv, 0, self.here.now());
        block_on(signed).unwrap()
    }

    fn send(&self, cookie: &str, id: i64, fields: &[(&str, &str)]) -> Answer {
        self.here.send(cookie, &format!("/filings/{id}"), fields)
    }

    fn page(&self, cookie: &str, id: i64) -> String {
        let answer = self.here.get(cookie, &format!("/filings/{id}"));
        assert_eq!(answer.status, StatusCode::OK);
        answer.body
    }

    fn filing(&self, id: i64) -> store::Filing {
        block_on(self.here.store.filing(&operator(), id)).unwrap().unwrap()
    }

    /// Sends a file, as the collector's browser does.
    fn upload(&self, fields: &[(&str, &str)], file: (&str, &str)) -> Answer {
        let page = self.here.get(&self.colin, "/filings/receive").body;
        let token = between(&page, "name=\"token\" value=\"", "\"");
        let mut body = String::new();
        for (name, value) in fields.iter().chain(&[("token", token)]) {
            body.push_str(&format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        let (name, text) = file;
        body.push_str(&format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\n{text}\r\n--edge--\r\n"
        ));
        let headers = [
            ("cookie", self.colin.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "multipart/form-data; boundary=edge"),
        ];
        ask(self.here.router(), Method::POST, "/filings/receive", &headers, body)
    }
}

fn expect_error(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {}", answer.body);
    assert!(between(&answer.body, "class=\"summary\"", "</div>").contains(words), "{words}");
}

fn expect_gone_to(answer: &Answer, path: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), path);
}

#[test]
fn a_return_is_given_back_signed_again_accepted_and_corrected() {
    let desk = Desk::new();
    let before = desk.sign("2026-Q2", "practice-1,2026-Q2,victim_identified,9\n");
    let accept = [("act", "accept"), ("corrects", "")];
    let done = |id: i64, done: &str| format!("/filings/{id}?done={done}");
    expect_gone_to(&desk.send(&desk.colin, before, &accept), &done(before, "accepted"));

    let first = desk.sign("2026-Q3", "practice-1,2026-Q3,victim_identified,12\n");
    let list = desk.here.get(&desk.colin, "/filings").body;
    let waiting = between(&list, "<section aria-labelledby=\"waiting\">", "</section>");
    assert!(waiting.contains(&format!("Filing {first}")) && waiting.contains(AGENCY), "{waiting}");
    assert!(!waiting.contains(&format!("Filing {before}<")), "that was decided");
    let page = desk.page(&desk.colin, first);
    let row = between(&page, "<tbody>", "</tr>");
    for number in ["<td class=\"n\">12</td>", "<td class=\"n\">9</td>"] {
        assert!(row.contains(number), "{row}");
    }
    let ask = |question: &str| {
        desk.send(&desk.colin, first, &[("act", "give_back"), ("question", question)])
    };
    expect_error(&ask(" "), "Write what you ask");
    expect_gone_to(&ask("Is 12 the whole quarter?"), &done(first, "given_back"));
    expect_gone_to(&ask("Again?"), &done(first, "meanwhile"));
    assert!(desk.page(&desk.ben, first).contains("Is 12 the whole quarter?"), "the agency sees it");

    let second = desk.sign(
        "2026-Q3",
        "practice-1,2026-Q3,victim_identified,12\npractice-1,2026-Q3,victim_served,7\n",
    );
    for cookie in [&desk.cora, &desk.ben] {
        let refused = desk.send(cookie, second, &accept);
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "an agency accepts nothing");
    }
    expect_gone_to(&desk.send(&desk.colin, second, &accept), &done(second, "accepted"));
    let return_id = desk.filing(second).return_id.unwrap();
    assert!(desk.page(&desk.colin, second).contains(&format!("return {return_id}")));
    expect_gone_to(&desk.send(&desk.colin, second, &accept), &done(second, "meanwhile"));

    // A correction: old and new side by side, what is left out, and a reason.
    let third = desk.sign("2026-Q3", "practice-1,2026-Q3,victim_identified,13\n");
    let page = desk.page(&desk.colin, third);
    assert!(page.contains(&format!("This corrects return {return_id}")), "{page}");
    let rows = between(&page, "<tbody>", "</tbody>");
    assert!(rows.contains(">13</td>") && rows.contains(">12 <span"), "{rows}");
    assert!(rows.contains("left out") && rows.contains(">7 <span"), "{rows}");
    expect_error(&desk.send(&desk.colin, third, &accept), "What stands has changed");
    let seen = return_id.to_string();
    let correct = |why: &str| {
        desk.send(&desk.colin, third, &[("act", "accept"), ("corrects", &seen), ("why", why)])
    };
    expect_error(&correct(""), "Write why it is corrected");
    expect_gone_to(&correct("one more was found"), &done(third, "accepted"));
    let returns = block_on(desk.here.store.returns(&operator())).unwrap();
    let old = returns.iter().find(|one| one.id == return_id).unwrap();
    assert_eq!(old.state, ReturnState::Corrected);
    assert!(old.acts.iter().any(|act| act.why == "one more was found"));
    assert_eq!(desk.send(&desk.colin, third, &[("act", "fly")]).status, StatusCode::BAD_REQUEST);
}

#[test]
fn what_the_rules_see_and_what_does_not_pass_is_said_before_it_is_accepted() {
    let desk = Desk::new();
    let odd = desk.sign(
        "2026-Q3",
        "practice-1,2026-Q3,victim_identified,3\npractice-1,2026-Q3,victim_served,9\n",
    );
    let page = desk.page(&desk.colin, odd);
    let findings = between(&page, "<section aria-labelledby=\"findings\">", "</section>");
    assert!(findings.contains("To ask:") && findings.contains("9 victims served"), "{findings}");
    assert!(page.contains("value=\"accept\""), "it may be accepted all the same");
    let spanish = desk.here.get(&desk.colin, &format!("/filings/{odd}?language=es")).body;
    let findings = between(&spanish, "<section aria-labelledby=\"findings\">", "</section>");
    let said = "<strong>Para preguntar:</strong> <span lang=\"es\">9 víctimas atendidas frente a 3";
    assert!(findings.contains(said) && !findings.contains("served"), "{findings}");

    let wrong = desk.sign("2026-Q2", "practice-2,2026-Q1,victim_identified,3\n");
    let page = desk.page(&desk.colin, wrong);
    let problems = between(&page, "<section aria-labelledby=\"problems\">", "</section>");
    assert!(problems.contains("practice-2") && problems.contains("2026-Q1"), "{problems}");
    assert!(!page.contains("value=\"accept\""));
    let accept = [("act", "accept"), ("corrects", "")];
    expect_error(&desk.send(&desk.colin, wrong, &accept), "It does not pass the checks");
    assert_eq!(desk.filing(wrong).state, FilingState::Waiting);
}

#[test]
fn what_came_by_mail_is_checked_entered_confirmed_and_accepted() {
    let desk = Desk::new();
    let here = &desk.here;
    let of = [("agency", AGENCY), ("quarter", "2026-Q3")];
    expect_error(&desk.upload(&of, ("", "")), "Choose the file");
    expect_error(&desk.upload(&[("agency", "nobody")], ("r.csv", "x")), "Choose an agency");
    let bad = "reporter;period;measure;value\npractice-2;2026-Q3;victim_identified;3\n\
               practice-1;2026-Q2;victim_identified;4\n";
    let refused = desk.upload(&of, ("Jane Doe.csv", bad));
    expect_error(&refused, "2 problems in the file");
    for said in ["practice-2", "2026-Q2", "<option value=\"practice-1\" selected>"] {
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
    assert!(block_on(here.store.filings(&operator())).unwrap().is_empty(), "nothing was kept");

    let good = bad
        .replace("practice-2", AGENCY)
        .replace("2026-Q2;victim_identified", "2026-Q3;victim_served");
    let entered = desk.upload(&of, ("Jane Doe.csv", &good));
    let id = block_on(here.store.filings(&operator())).unwrap()[0].id;
    expect_gone_to(&entered, &format!("/filings/{id}?done=received"));
    let kept = desk.filing(id);
    assert!(kept.awaits_its_agency() && !kept.csv.contains("Jane"));
    expect_error(&desk.upload(&of, ("r.csv", &good)), "waits already");
    let (_, other) = here.member_and_cookie("other-ben", Role::Commander);
    let confirm = [("act", "confirm")];
    for cookie in [&other, &desk.cora, &desk.colin] {
        assert_eq!(desk.send(cookie, id, &confirm).status, StatusCode::NOT_FOUND);
    }
    let page = desk.page(&desk.colin, id);
    assert!(!page.contains("value=\"accept\"") && page.contains("waits for the agency"), "{page}");
    let accept = [("act", "accept"), ("corrects", "")];
    expect_error(&desk.send(&desk.colin, id, &accept), "has not confirmed it");
    assert!(desk.page(&desk.ben, id).contains("value=\"confirm\""));
    assert!(!desk.page(&desk.cora, id).contains("value=\"confirm\""), "not the coordinator's");
    let done = |done: &str| format!("/filings/{id}?done={done}");
    expect_gone_to(&desk.send(&desk.ben, id, &confirm), &done("confirmed"));
    expect_gone_to(&desk.send(&desk.ben, id, &confirm), &done("meanwhile"));
    expect_gone_to(&desk.send(&desk.colin, id, &accept), &done("accepted"));

    // Another, which is not what the agency sent.
    let of = [("agency", AGENCY), ("quarter", "2026-Q2")];
    desk.upload(&of, ("r.csv", &good.replace("2026-Q3", "2026-Q2")));
    let id = block_on(here.store.filings(&operator())).unwrap()[0].id;
    let dispute = |why: &str| desk.send(&desk.ben, id, &[("act", "dispute"), ("dispute", why)]);
    expect_error(&dispute(""), "Write what is different");
    expect_gone_to(&dispute("we sent 4, not 3"), &format!("/filings/{id}?done=disputed"));
    assert!(desk.page(&desk.colin, id).contains("we sent 4, not 3"));
}

#[test]
fn the_collector_sees_who_is_late_and_gives_more_time() {
    let desk = Desk::new();
    let here = &desk.here;
    desk.sign("2026-Q3", "practice-1,2026-Q3,victim_identified,12\n");
    let page = here.get(&desk.colin, "/late").body;
    let grid = between(&page, "<section aria-labelledby=\"grid\">", "</section>");
    assert!(
        grid.contains(AGENCY) && grid.contains("<span class=\"tag warning\">31 days late</span>")
    );
    assert!(grid.contains("<span class=\"tag error\">123 days late</span>"), "{grid}");
    let extend = |cookie: &str, quarter: &str, day: &str, why: &str| {
        let fields = [("agency", AGENCY), ("quarter", quarter), ("due_on", day), ("why", why)];
        here.send(cookie, "/late", &fields)
    };
    let refused = extend(&desk.colin, "2026-Q2", "2026-06-30", "");
    expect_error(&refused, "Choose a day after");
    expect_error(&refused, "Write why");
    assert!(refused.body.contains("value=\"2026-06-30\""), "it stays");
    for cookie in [&desk.cora, &desk.ben] {
        let refused = extend(cookie, "2026-Q2", "2027-01-31", "we are busy");
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
    }
    expect_gone_to(&extend(&desk.colin, "2026-Q2", "2027-01-31", "a flood"), "/late?done=extended");
    let own = here.get(&desk.cora, "/late").body;
    assert!(own.contains("2027-01-31") && own.contains("a flood"), "its agency sees it");
    assert!(!own.contains("123 days late") && !own.contains("id=\"extend\""));
    let (_, other) = here.member_and_cookie("other-ben", Role::Commander);
    let others = here.get(&other, "/late").body;
    assert!(!others.contains(AGENCY) && others.contains("No agency files"), "{others}");
}

#[test]
fn a_quarter_from_before_the_agency_was_live_is_not_late() {
    let desk = Desk::new();
    let here = &desk.here;
    // It was let in on 5 January 2026: of the eight quarters listed five ended before.
    let late = here.get(&desk.colin, "/late").body;
    let not_owed = "Not owed: from before it was live";
    assert_eq!(late.matches(not_owed).count(), 2 * 5, "in the grid and line by line: {late}");
    assert!(late.contains("214 days late"));
    let grid = between(&late, "<section aria-labelledby=\"grid\">", "</section>");
    assert_eq!(grid.matches("days late").count(), 3, "{grid}");
    let own = here.get(&desk.cora, "/returns").body;
    assert_eq!(own.matches(not_owed).count(), 5, "{own}");
    assert_eq!(own.matches("days late").count(), 3, "{own}");
    let quarter = here.get(&desk.cora, "/agency").body;
    assert!(quarter.contains("2026-Q1") && !quarter.contains("2025-Q4"), "{quarter}");

    // It may be filed all the same, and is not late then either.
    let filed = desk.sign("2025-Q4", "practice-1,2025-Q4,victim_identified,4\n");
    desk.send(&desk.colin, filed, &[("act", "accept"), ("corrects", "")]);
    let late = here.get(&desk.colin, "/late").body;
    let grid = between(&late, "<section aria-labelledby=\"grid\">", "</section>");
    assert!(grid.contains("<span class=\"tag success\">Accepted</span>"), "{grid}");
    assert_eq!(grid.matches("days late").count(), 3, "{grid}");
}

#[test]
fn every_page_counts_days_by_the_same_calendar() {
    let desk = Desk::new();
    let here = &desk.here;
    // Evening of 30 November in California; in Greenwich it is December.
    here.minutes_later(20 * 60);
    assert_eq!(here.now().to_string(), "2026-12-01T04:00:00Z");
    let (cora, colin) = block_on(async {
        let cora = here.joins(AGENCY, "cora-late", Role::Coordinator).await;
        let colin = here.joins(STATE, "colin-late", Role::Collector).await;
        (here.comes_in(&cora).await, here.comes_in(&colin).await)
    });
    for (cookie, path) in
        [(&colin, "/late"), (&cora, "/late"), (&cora, "/returns"), (&cora, "/agency")]
    {
        let page = here.get(cookie, path).body;
        for (said, other) in [("214 days late", "215 days late"), ("123 days", "124 days")] {
            assert!(page.contains(said) && !page.contains(other), "{path} {said}: {page}");
        }
    }
}

/// Messages in memory.
#[derive(Default)]
struct Kept(Vec<Message>);

impl Mail for Kept {
    fn send(&mut self, message: &Message) -> io::Result<()> {
        self.0.push(message.clone());
        Ok(())
    }
}

#[test]
fn an_agency_says_where_and_is_reminded_once() {
    let desk = Desk::new();
    let here = &desk.here;
    let admin = block_on(async {
        let admin = here.joins(AGENCY, "ada", Role::Administrator).await;
        here.comes_in(&admin).await
    });
    let set = |cookie: &str, address: &str, language: &str| {
        let fields = [("act", "set"), ("address", address), ("language", language)];
        here.send(cookie, "/contact", &fields)
    };
    let refused = set(&admin, "returns@kern", "en");
    expect_error(&refused, "An address is name@host");
    assert!(refused.body.contains("value=\"returns@kern\""), "it stays");
    let split = set(&admin, "a@b.example\r\nBcc: c@d.example", "en");
    expect_error(&split, "An address is name@host");
    expect_gone_to(&set(&admin, "returns@practice.example", "en"), "/contact?done=set");
    assert_eq!(set(&desk.ben, "ben@x.example", "en").status, StatusCode::NOT_FOUND);
    assert!(here.get(&desk.cora, "/contact").body.contains("returns@practice.example"));

    let site: SiteAddress = "https://returns.example.gov".parse().unwrap();
    let mut kept = Kept::default();
    let mut goes = || -> Vec<(String, ReminderKind)> {
        let scope = operator();
        let sent = remind(&here.store, &scope, &site, &mut kept, here.now());
        let sent: Vec<Reminder> = block_on(sent).unwrap();
        sent.iter().map(|one| (one.quarter.to_string(), one.kind)).collect()
    };
    let q3 = |kind| ("2026-Q3".to_owned(), kind);
    assert_eq!(goes(), [q3(ReminderKind::Overdue30)]);
    let id = desk.sign("2026-Q3", "practice-1,2026-Q3,victim_identified,4711\n");
    let question = "Who is PLANTED QUESTION?";
    desk.send(&desk.colin, id, &[("act", "give_back"), ("question", question)]);
    assert_eq!(goes(), [q3(ReminderKind::GivenBack)]);
    assert_eq!(goes(), []);
    let texts: Vec<&str> = kept.0.iter().map(Message::text).collect();
    assert_eq!(texts.len(), 2);
    assert!(
        texts[0].contains("To: returns@practice.example\r\n") && texts[0].contains("2026-10-30")
    );
    assert!(texts[1].contains(&format!("https://returns.example.gov/filings/{id}\r\n")));
    for text in texts {
        assert!(!text.contains("PLANTED") && !text.contains("4711") && !text.contains("cora"));
    }
    let page = here.get(&desk.cora, "/contact").body;
    assert!(page.contains("a month late") && page.contains("given back"), "{page}");
    expect_gone_to(
        &here.send(&desk.cora, "/contact", &[("act", "forget")]),
        "/contact?done=forgotten",
    );
    assert!(!here.get(&admin, "/contact").body.contains("returns@practice.example"));
}

#[test]
fn a_server_that_knows_its_site_leaves_messages_by_itself() {
    let desk = Desk::new();
    let data = tempfile::tempdir().unwrap();
    block_on(async {
        let address: MailAddress = "returns@practice.example".parse().unwrap();
        let session = desk.here.session(&desk.cora).await;
        desk.here
            .store
            .set_contact(session.scope(), &address, "es", desk.here.now())
            .await
            .unwrap();
        let config = Config {
            reminders: Some(Reminders {
                site: "https://returns.example.gov".parse().unwrap(),
                data: data.path().to_owned(),
                every: std::time::Duration::from_millis(20),
            }),
            ..desk.here.config()
        };
        let server = Server::bind(&config, desk.here.store.clone()).await.unwrap();
        let new = data.path().join(Spool::FOLDER).join("new");
        let has_gone = async {
            while std::fs::read_dir(&new).map_or(0, Iterator::count) == 0 {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            // Several times more, in which nothing new goes.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        };
        let served =
            tokio::time::timeout(std::time::Duration::from_secs(30), server.serve(has_gone));
        served.await.unwrap();
        let messages: Vec<String> = std::fs::read_dir(&new)
            .unwrap()
            .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect();
        assert_eq!(messages.len(), 1);
        assert!(messages[0].contains("El informe de practice-1"), "in the language it asked for");
        let late = desk.here.store.reminders_due(&operator(), desk.here.now()).await.unwrap();
        assert!(late.is_empty());
    });
}
