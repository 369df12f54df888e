//! A real agency joins in the browser, step by step.

use axum::http::StatusCode;
use store::{JoiningStep, Role};

use crate::ask::{Answer, block_on};
use crate::markup::between;
use crate::people::{Installation, OURS, operator};

fn expect_error(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {}", answer.body);
    assert!(between(&answer.body, "class=\"summary\"", "</div>").contains(words), "{words}");
}

fn expect_done(answer: &Answer, done: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), format!("/joining?done={done}"));
}

fn missing(here: &Installation) -> Vec<JoiningStep> {
    let joinings = block_on(here.store.joinings(&operator(), here.now())).unwrap();
    joinings.into_iter().find(|one| one.agency.code == OURS).unwrap().missing
}

const KINDS: [&str; 9] = [
    "victim",
    "incident",
    "arrest",
    "charge",
    "disposition",
    "service",
    "training-session",
    "contact",
    "letter",
];

#[test]
fn an_agency_walks_the_whole_way() {
    let here = Installation::new();
    let (first, firsts) = here.member_and_cookie("first", Role::Administrator);
    let (second, seconds) = here.member_and_cookie("second", Role::Administrator);
    let (_, bens) = here.member_and_cookie("ben", Role::Commander);
    let send = |cookie: &str, fields: &[(&str, &str)]| here.send(cookie, "/joining", fields);
    let page = here.get(&firsts, "/joining").body;
    assert!(page.contains("Next: Agreement") && page.contains("3. Two administrators: done"));

    // Everything that is wrong is said at once, and what was typed stays.
    let typed = [
        ("act", "agreement"),
        ("title", "Agreement on statistics"),
        ("signed_on", "2030-01-01"),
        ("valid_until", "2029-01-01"),
    ];
    let refused = send(&firsts, &typed);
    for words in ["Give its digest", "Say who signed it", "still to come", "The last day is over"] {
        expect_error(&refused, words);
    }
    assert!(refused.body.contains("value=\"Agreement on statistics\""));
    expect_error(&send(&firsts, &[("act", "agreement"), ("signed_on", "x")]), "Give a day");
    let whole = [
        ("act", "agreement"),
        ("title", "Agreement on statistics"),
        ("reference", "file 12/2026"),
        ("signatory", "District Attorney"),
        ("signed_on", "2026-11-01"),
        ("valid_until", "2027-10-31"),
        ("withdraws", "yes"),
    ];
    assert_eq!(send(&bens, &whole).status, StatusCode::BAD_REQUEST, "an administrator's step");
    expect_done(&send(&firsts, &whole), "agreement");

    let modes = |choice: &'static str| {
        let fields = KINDS.map(|kind| (format!("kind-{kind}"), choice));
        let paper = [
            ("act", "modes"),
            ("modes_signatory", "District Attorney"),
            ("modes_signed_on", "2026-11-01"),
            ("modes_until", "2027-10-31"),
        ];
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(field, choice)| (field.as_str(), *choice)).chain(paper).collect();
        send(&firsts, &fields)
    };
    // What the page does not offer is refused too, with the law's words beside the field.
    expect_error(&modes("with_release vawa_release"), "The law does not open this.");
    expect_error(&modes("encoded made_up"), "Choose how far this kind leaves");
    expect_done(&modes("encoded statistics_agreement"), "modes");
    let page = here.get(&firsts, "/joining").body;
    assert!(page.contains("Coded rows. Signed by District Attorney"), "{page}");
    assert!(!page.contains("with_release"), "not open to a prosecutor");

    let sort = [("act", "make"), ("sort", "returns")];
    assert_eq!(here.send(&bens, "/compartments", &sort).status, StatusCode::SEE_OTHER);
    let compare = |cookie: &str, name: &str, print: &str| {
        send(cookie, &[("act", "compare"), ("name", name), ("fingerprint", print)])
    };
    expect_error(&compare(&firsts, "second", &first.fingerprint), "This is another fingerprint.");
    expect_done(&compare(&firsts, "second", &second.fingerprint.to_uppercase()), "compare");
    assert!(missing(&here).contains(&JoiningStep::KeyCeremony));
    expect_done(&compare(&seconds, "first", &first.fingerprint), "compare");

    // A commander tries a return; one that is wrong comes back as it was, with what to do.
    expect_error(&send(&firsts, &[("act", "live")]), "Not every step is done yet.");
    assert_eq!(send(&firsts, &[("act", "test")]).status, StatusCode::BAD_REQUEST);
    let page = here.get(&bens, "/joining").body;
    let form = between(&page, "<textarea", "</textarea>");
    let form = &form[form.find('>').unwrap() + 1..];
    assert!(form.contains("practice-1,2026-Q3,sex"), "{form}");
    let wrong = form.replace("victim_identified", "people_seen");
    let refused = send(&bens, &[("act", "test"), ("return", &wrong)]);
    expect_error(&refused, "people_seen");
    assert!(refused.body.contains("people_seen,practice-1"), "what was typed stays");
    let real = form.replace("practice-1", "cal-ema");
    assert_eq!(
        send(&bens, &[("act", "test"), ("return", &real)]).status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    expect_done(&send(&bens, &[("act", "test"), ("return", form)]), "test");
    assert!(block_on(here.store.returns(&operator())).unwrap().is_empty());

    assert_eq!(missing(&here), [JoiningStep::GoLive]);
    expect_done(&send(&firsts, &[("act", "live")]), "asked");
    expect_done(&send(&firsts, &[("act", "live")]), "asked");
    assert!(here.get(&seconds, "/joining").body.contains("first has asked to go live."));
    expect_done(&send(&seconds, &[("act", "live")]), "live");
    assert!(here.get(&seconds, "/joining").body.contains("Live since 2026-11-30"));
    let (_, collector) = block_on(async {
        let person = here.joins(crate::people::STATE, "colin", Role::Collector).await;
        let cookie = here.comes_in(&person).await;
        (person, cookie)
    });
    let list = here.get(&collector, "/joining").body;
    assert!(list.contains("Live since 2026-11-30") && list.contains("Made up. Next: Agreement"));
}
