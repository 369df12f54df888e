//! What members do on their pages: accounts, sealed text, recovery, the auditor's week.

use axum::http::StatusCode;
use store::{AuditFilter, CompartmentName, MemberState, Role, Scope};

use crate::ask::{Answer, block_on};
use crate::markup::between;
use crate::people::{Installation, PASSPHRASE, Person, operator};

fn expect_error(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {}", answer.body);
    assert!(between(&answer.body, "class=\"summary\"", "</div>").contains(words), "{words}");
}

fn expect_gone_to(answer: &Answer, path: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), path);
}

/// What the operator sees of a member.
fn member(here: &Installation, name: &str) -> store::Member {
    let members = block_on(here.store.members(&operator())).unwrap();
    members.into_iter().find(|member| member.name == name).unwrap()
}

/// The code on the page of an invitation.
fn invitation(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    between(&answer.body, "<p class=\"secret\">", "<").to_owned()
}

#[test]
fn an_administrator_sees_to_members() {
    let here = Installation::new();
    let (_, admin) = here.member_and_cookie("admin", Role::Administrator);
    let send = |path: &str, fields: &[(&str, &str)]| here.send(&admin, path, fields);
    expect_error(&send("/members", &[("name", "x"), ("roles", "trainer")]), "A name has 3 to 64");
    expect_error(&send("/members", &[("name", "ana")]), "Choose at least one role");
    let both = [("name", "ana"), ("roles", "auditor"), ("roles", "trainer")];
    let refused = send("/members", &both);
    expect_error(&refused, "stand alone");
    assert!(refused.body.contains("value=\"auditor\" id=\"role-auditor\" checked"), "it stays");
    let code = invitation(&send("/members", &[("name", "Ana"), ("roles", "coordinator")]));
    assert!(!here.get(&admin, "/members").body.contains(&code), "never again");
    expect_error(&send("/members", &[("name", "ana"), ("roles", "trainer")]), "this name already");

    let ana = member(&here, "ana");
    let path = format!("/members/{}", ana.id);
    expect_error(&send(&path, &[("act", "on"), ("why-off", "is back")]), "never joined");
    block_on(here.store.accept_invitation("ana", &code, PASSPHRASE, here.now())).unwrap();
    let roles = [("act", "roles"), ("roles", "coordinator"), ("roles", "trainer")];
    expect_gone_to(&send(&path, &roles), &format!("{path}?done=roles"));
    assert_eq!(member(&here, "ana").roles, [Role::Coordinator, Role::Trainer]);
    expect_error(&send(&path, &[("act", "off"), ("why-off", " ")]), "Say why");
    expect_gone_to(
        &send(&path, &[("act", "off"), ("why-off", "left")]),
        &format!("{path}?done=off"),
    );
    assert_eq!(member(&here, "ana").state, MemberState::Off);
    let page = here.get(&admin, &format!("{path}?done=off")).body;
    assert!(page.contains("The account is off") && page.contains("value=\"on\""));
    expect_gone_to(&send(&path, &[("act", "on"), ("why-off", "back")]), &format!("{path}?done=on"));
    let second = invitation(&send(&path, &[("act", "invite"), ("why-invite", "lost")]));
    assert_ne!(code, second);
    assert_eq!(send(&path, &[("act", "fly")]).status, StatusCode::BAD_REQUEST);
    // Her own account is another administrator's business.
    let own = format!("/members/{}", member(&here, "admin").id);
    assert!(!here.get(&admin, &own).body.contains("value=\"off\""));
    let refused = send(&own, &[("act", "off"), ("why-off", "by mistake")]);
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(member(&here, "admin").state, MemberState::Active);
}

#[test]
fn one_view_is_one_row_of_the_audit_and_what_is_refused_is_none() {
    let here = Installation::new();
    let (_, admin) = here.member_and_cookie("admin", Role::Administrator);
    let written = |ask: &dyn Fn() -> Answer, status: StatusCode| -> Vec<String> {
        let rows = || block_on(here.store.audit(&operator(), &AuditFilter::default())).unwrap();
        let before = rows().len();
        let answer = ask();
        assert_eq!(answer.status, status, "{}", answer.body);
        rows()[before..]
            .iter()
            .map(|row| format!("{} {}", row.act, row.why.as_deref().unwrap()))
            .collect()
    };
    let own = member(&here, "admin").id;
    let (installation, cookie) = (&here, admin.as_str());
    let get = |path: &'static str| move || installation.get(cookie, path);
    assert_eq!(written(&get("/members"), StatusCode::OK), [format!("viewed /members {own}")]);
    assert_eq!(written(&get("/members?language=es"), StatusCode::OK).len(), 1);
    assert_eq!(written(&get("/account"), StatusCode::OK), ["viewed /account"]);
    assert!(written(&get("/audit"), StatusCode::NOT_FOUND).is_empty());
    assert!(written(&get("/members/987654"), StatusCode::NOT_FOUND).is_empty());
    assert!(written(&get("/static/nothing"), StatusCode::NOT_FOUND).is_empty());
    // Each form is on a page that was seen before; the page with the code is seen too.
    let invite = || here.send(&admin, "/members", &[("name", "ana"), ("roles", "trainer")]);
    let rows = written(&invite, StatusCode::OK);
    assert_eq!(rows[..2], ["viewed /account", "invited trainer"]);
    assert!(rows[2].starts_with("viewed /members "), "{rows:?}");
    let wrong = || here.send(&admin, "/members", &[("name", "ana"), ("roles", "trainer")]);
    assert_eq!(written(&wrong, StatusCode::UNPROCESSABLE_ENTITY).len(), 2);
}

#[test]
fn a_colleague_is_let_in_and_a_lost_key_is_made_good_by_two() {
    let here = Installation::new();
    let (_, first) = here.member_and_cookie("first", Role::Administrator);
    let sort = [("act", "make"), ("sort", "returns")];
    let (ana, anas) = here.member_and_cookie("ana", Role::Coordinator);
    expect_error(&here.send(&anas, "/compartments", &sort), "Two administrators must have joined");
    let (_, second) = here.member_and_cookie("second", Role::Administrator);
    assert_eq!(here.send(&first, "/compartments", &sort).status, StatusCode::BAD_REQUEST);
    expect_gone_to(&here.send(&anas, "/compartments", &sort), "/compartments?done=made");

    let (ben, bens) = here.member_and_cookie("ben", Role::Commander);
    let list = here.get(&first, "/compartments").body;
    assert!(list.contains("<td>ana</td><td>ben</td>"), "{list}");
    let number = between(&list, "<tr><th scope=\"row\">", "<").to_owned();
    let page = here.get(&anas, "/compartments").body;
    assert!(page.contains("<td>ana</td><td>ben</td>"), "a reader sees who waits");
    let let_in = |cookie: &str, number: &str, print: &str| {
        let fields =
            [("act", "let_in"), ("number", number), ("name", "Ben"), ("fingerprint", print)];
        here.send(cookie, "/compartments", &fields)
    };
    let print = ben.fingerprint.to_uppercase().replace(' ', "-");
    expect_error(&let_in(&anas, "99", &print), "You do not read this yourself.");
    expect_error(&let_in(&bens, &number, &print), "You do not read this yourself.");
    expect_error(&let_in(&anas, &number, &ana.fingerprint), "Nobody of your agency has this name");
    expect_gone_to(&let_in(&anas, &number, &print), "/compartments?done=let_in");
    assert!(here.get(&first, "/compartments").body.contains("<td>ana, ben</td>"));

    // Ana loses her passphrase.
    let path = format!("/members/{}", member(&here, "ana").id);
    let lost = [("act", "invite"), ("why-invite", "lost her passphrase")];
    let code = invitation(&here.send(&first, &path, &lost));
    let enrolled =
        block_on(here.store.accept_invitation("ana", &code, PASSPHRASE, here.now())).unwrap();
    let ana = Person::of("ana", &enrolled.totp, &enrolled.fingerprint);
    let anas = block_on(here.comes_in(&ana));
    let asked = here.send(&anas, "/account", &[("act", "take_back")]);
    assert!(asked.body.contains("Nothing has come back yet"));

    let page = here.get(&first, "/recoveries").body;
    assert!(page.contains("Nobody has handed over yet.") && !page.contains(&ana.fingerprint));
    let request = between(&page, "name=\"request\" value=\"", "\"").to_owned();
    let hand = |cookie: &str, request: &str, print: &str| {
        here.send(cookie, "/recoveries", &[("request", request), ("fingerprint", print)])
    };
    let wrong = hand(&first, &request, &ben.fingerprint);
    expect_error(&wrong, "This is another fingerprint.");
    assert!(!wrong.body.contains(&ana.fingerprint));
    let nothing = hand(&first, "00", &ana.fingerprint);
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    expect_gone_to(&hand(&first, &request, &ana.fingerprint), "/recoveries?done=handed");
    let page = here.get(&first, "/recoveries").body;
    assert!(page.contains("You have handed over.") && page.contains("Handed over by: first."));
    expect_gone_to(&hand(&second, &request, &ana.fingerprint), "/recoveries?done=handed");

    // It comes back when she signs in.
    here.minutes_later(1);
    let code = ana.code(here.now());
    let fields = [
        ("name", "ana"),
        ("passphrase", PASSPHRASE),
        ("code", &code),
        ("purpose", "returns"),
        ("next", "/compartments"),
    ];
    let answer = here.post("", "/sign-in", &fields);
    expect_gone_to(&answer, "/account");
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let page = here.get(&cookie, "/account").body;
    assert!(page.contains("One sort of text came back"), "{page}");
    let page = here.get(&first, "/recoveries").body;
    assert!(page.contains("Nobody is waiting."));
    let compartments = block_on(here.store.compartments(&operator())).unwrap();
    assert_eq!(compartments[0].name, CompartmentName::Returns);
    assert_eq!(compartments[0].readers, ["ana", "ben"]);
}

#[test]
fn she_changes_her_role_and_her_passphrase_and_sees_what_is_said_of_her() {
    let here = Installation::new();
    let (ana, cookie) = here.member_and_cookie("ana", Role::Coordinator);
    let roles = [Role::Coordinator, Role::Trainer];
    block_on(here.store.set_roles(&operator(), "ana", &roles, here.now())).unwrap();
    assert_eq!(here.get(&cookie, "/account").status, StatusCode::SEE_OTHER, "roles are new");
    here.minutes_later(1);
    let cookie = block_on(here.comes_in(&ana));
    here.minutes_later(1);
    let elsewhere = block_on(here.comes_in(&ana));
    let send = |fields: &[(&str, &str)]| here.send(&cookie, "/account", fields);
    let role =
        |role: &str, purpose: &str| send(&[("act", "role"), ("role", role), ("purpose", purpose)]);
    expect_error(&role("trainer", ""), "Choose what you will do");
    for other in ["auditor", "operator", "king"] {
        expect_error(&role(other, "training"), "This is none of your roles.");
    }
    expect_gone_to(&role("trainer", "training"), "/account?done=role");
    let page = here.get(&cookie, "/account?done=role").body;
    assert!(page.contains("You act in another role now") && page.contains("<dd>Training</dd>"));
    assert!(page.contains("<dd>Trainer</dd>") && page.contains("changed role"));
    assert_eq!(here.get(&cookie, "/compartments").status, StatusCode::NOT_FOUND);

    let new = "nine otters under quick rain";
    let change = |old: &str, new: &str, again: &str| {
        send(&[("act", "passphrase"), ("old", old), ("new", new), ("again", again)])
    };
    expect_error(&change(PASSPHRASE, new, "nine"), "The two new passphrases differ.");
    expect_error(&change(PASSPHRASE, "short", "short"), "at least 15 characters");
    let wrong = change("not hers at all, really", new, new);
    expect_error(&wrong, "The passphrase is wrong.");
    assert!(!wrong.body.contains(new), "it is not sent back");
    expect_gone_to(&change(PASSPHRASE, new, new), "/account?done=passphrase");
    assert_eq!(here.get(&elsewhere, "/account").status, StatusCode::SEE_OTHER);
    let report = here.get(&cookie, "/account").body;
    let report = between(&report, "<tbody>", "</tbody>");
    let first = report.find("changed the passphrase").unwrap();
    assert!(first < report.find("signed in").unwrap(), "newest first");
}

#[test]
fn an_auditor_reviews_a_week() {
    let here = Installation::new();
    let (_, auditor) = here.member_and_cookie("vera", Role::Auditor);
    let (ana, _) = here.member_and_cookie("ana", Role::Coordinator);
    for _ in 0..2 {
        let fields =
            [("name", "ana"), ("passphrase", PASSPHRASE), ("code", "1"), ("purpose", "audit")];
        here.post("", "/sign-in", &fields);
    }
    let page = here.get(&auditor, "/audit").body;
    let failed = between(&page, "<section aria-labelledby=\"failed\">", "</section>");
    assert!(failed.contains("<th scope=\"row\">ana</th><td class=\"n\">2</td>"), "{failed}");
    assert!(page.contains("2026-11-24") && page.contains("2026-11-30"), "the last seven days");
    let cells = between(&page, "<section aria-labelledby=\"broken-down\">", "</section>");
    let first = between(cells, "<tbody>", "</tr>");
    assert!(first.contains("ana") && first.contains("failed to sign in"), "{first}");

    here.minutes_later(7 * 24 * 60);
    block_on(here.comes_in(&ana));
    let vera = here.get(&auditor, "/audit");
    assert_eq!(vera.status, StatusCode::SEE_OTHER, "twelve hours are over");
    let (_, auditor) = here.member_and_cookie("vesna", Role::Auditor);
    let page = here.get(&auditor, "/audit").body;
    assert!(page.contains("Nobody failed to sign in."));
    let page = here.get(&auditor, "/audit?from=2026-11-30").body;
    assert!(page.contains("<th scope=\"row\">ana</th><td class=\"n\">2</td>"));
    assert!(
        page.contains("href=\"/audit?from=2026-11-23\"")
            && page.contains("href=\"/audit?from=2026-12-07\"")
    );
    for far in ["0000-01-01", "9999-12-31", "-009999-01-01", "2026-13-01", "%00"] {
        let answer = here.get(&auditor, &format!("/audit?from={far}"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{far}");
    }
    let checked = here.send(&auditor, "/audit", &[("from", "2026-11-30")]);
    assert_eq!(checked.status, StatusCode::OK);
    assert!(checked.body.contains("The log holds"), "{}", checked.body);
    // An administrator is no auditor, and the operator's scope is no use at the server's door.
    let server = here.store.clone().for_server();
    assert!(block_on(server.members(&Scope::command_line("root"))).is_err());
}

#[test]
fn an_emergency_takes_two_and_everybody_sees_it() {
    let here = Installation::new();
    let (_, ana) = here.member_and_cookie("ana", Role::Investigator);
    let (ben, bens) = here.member_and_cookie("ben", Role::Commander);
    let (_, first) = here.member_and_cookie("first", Role::Administrator);
    let (_, second) = here.member_and_cookie("second", Role::Administrator);
    let (_, trainer) = here.member_and_cookie("tom", Role::Trainer);
    let sort = [("act", "make"), ("sort", "leads")];
    expect_gone_to(&here.send(&ana, "/compartments", &sort), "/compartments?done=made");
    let ask = |cookie: &str, why: &str| {
        here.send(
            cookie,
            "/compartments",
            &[("act", "emergency"), ("closed", "leads"), ("why", why)],
        )
    };
    expect_error(&ask(&bens, " "), "Say why");
    assert_eq!(ask(&first, "me too").status, StatusCode::BAD_REQUEST, "she has no content");
    let why = "nobody of the desk is reached";
    expect_gone_to(&ask(&bens, why), "/compartments?done=emergency");
    // Loud: on the page of somebody who has nothing to do with it, and on the officers'.
    let seen = here.get(&trainer, "/account").body;
    assert!(seen.contains("Emergency: ben has asked") && seen.contains(why), "{seen}");
    let page = here.get(&first, "/recoveries").body;
    assert!(page.contains("Emergency: nobody of the desk"), "{page}");
    let request = between(&page, "name=\"request\" value=\"", "\"").to_owned();
    for officer in [&first, &second] {
        let fields = [("request", request.as_str()), ("fingerprint", ben.fingerprint.as_str())];
        expect_gone_to(&here.send(officer, "/recoveries", &fields), "/recoveries?done=handed");
    }
    let back = here.send(&bens, "/account", &[("act", "take_back")]);
    assert!(
        back.body.contains("Calls, tips and leads") || back.body.contains("eads"),
        "{}",
        back.body
    );
    let seen = here.get(&trainer, "/account").body;
    assert!(seen.contains("Emergency: ben reads") && seen.contains("12:00"), "{seen}");
}

#[test]
fn an_administrator_is_made_on_the_terminal_only_and_the_page_says_so() {
    let here = Installation::new();
    let (_, first) = here.member_and_cookie("first", Role::Administrator);
    here.member_and_cookie("second", Role::Administrator);
    let invite = [("name", "third"), ("roles", "administrator")];
    expect_error(&here.send(&first, "/members", &invite), "on the terminal only");
    let path = format!("/members/{}", member(&here, "second").id);
    let again = [("act", "invite"), ("why-invite", "lost her passphrase")];
    expect_error(&here.send(&first, &path, &again), "on the terminal only");
    assert_eq!(block_on(here.store.members(&operator())).unwrap().len(), 2);
}
