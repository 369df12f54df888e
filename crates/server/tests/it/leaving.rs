//! An agency leaves in the browser, and a member does.

use axum::http::StatusCode;
use store::{CompartmentName, MemberState, Role};

use crate::ask::{Answer, block_on};
use crate::markup::between;
use crate::people::{Installation, operator};

fn expect_error(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {}", answer.body);
    assert!(between(&answer.body, "class=\"summary\"", "</div>").contains(words), "{words}");
}

#[test]
fn two_administrators_decide_that_their_agency_leaves() {
    let here = Installation::new();
    let (_, firsts) = here.member_and_cookie("first", Role::Administrator);
    let (_, seconds) = here.member_and_cookie("second", Role::Administrator);
    let (_, anas) = here.member_and_cookie("ana", Role::Coordinator);
    let send = |cookie: &str, fields: &[(&str, &str)]| here.send(cookie, "/leaving", fields);
    let page = here.get(&firsts, "/leaving").body;
    assert!(page.contains("Accounts that are turned off at once, with their sessions: 3"));
    expect_error(&send(&firsts, &[("act", "ask")]), "Say why");
    let agree = [("act", "agree"), ("code", "kern-da")];
    expect_error(&send(&seconds, &agree), "Nobody has asked");
    let asked = send(&firsts, &[("act", "ask"), ("why", "the agreement is over")]);
    assert_eq!(asked.header("location"), "/leaving?done=asked");
    expect_error(&send(&firsts, &agree), "A second administrator must do this");
    assert!(!here.get(&firsts, "/leaving").body.contains("value=\"agree\""));
    let page = here.get(&seconds, "/leaving").body;
    assert!(page.contains("first asked on") && page.contains("the agreement is over"));
    expect_error(&send(&seconds, &[("act", "agree"), ("code", "kern")]), "Type the code");
    let stays = send(&seconds, &[("act", "stay")]);
    assert_eq!(stays.header("location"), "/leaving?done=stay");

    send(&firsts, &[("act", "ask"), ("why", "the agreement is over")]);
    let left = send(&seconds, &agree);
    assert_eq!(left.status, StatusCode::OK, "{}", left.body);
    let receipt = between(&left.body, "<pre", "</pre>");
    for line in ["kern-da (kern-da) left on 2026-11-30", "By: first, second", "until 2026-12-30"] {
        assert!(receipt.contains(line), "{receipt}");
    }
    for cookie in [&firsts, &seconds, &anas] {
        assert_eq!(here.get(cookie, "/account").status, StatusCode::SEE_OTHER, "signed out");
    }
}

#[test]
fn a_member_leaves_when_what_only_they_read_is_in_other_hands() {
    let here = Installation::new();
    let (_, admin) = here.member_and_cookie("admin", Role::Administrator);
    here.member_and_cookie("second", Role::Administrator);
    let (_, anas) = here.member_and_cookie("ana", Role::Coordinator);
    let (ben, _) = here.member_and_cookie("ben", Role::Commander);
    let ana = block_on(here.session(&anas));
    let made = here.store.make_compartment(&ana, CompartmentName::Returns, here.now());
    let id = block_on(made).unwrap();
    let find = |name: &str| {
        let members = block_on(here.store.members(&operator())).unwrap();
        members.into_iter().find(|member| member.name == name).unwrap()
    };
    let path = format!("/members/{}", find("ana").id);
    let page = here.get(&admin, &path).body;
    assert!(page.contains("Nobody else reads “Drafts of returns”"), "{page}");
    assert!(!page.contains("value=\"gone\""), "not before");
    let gone = [("act", "gone"), ("why-gone", "has another job")];
    expect_error(&here.send(&admin, &path, &gone), "Something is in these hands alone.");
    let let_in = here.store.let_in(&ana, id, "ben", &ben.fingerprint, here.now());
    block_on(let_in).unwrap();
    let page = here.get(&admin, &path).body;
    assert!(
        page.contains("Is taken from them: Drafts of returns") && page.contains("value=\"gone\"")
    );
    expect_error(&here.send(&admin, &path, &[("act", "gone")]), "Say why");
    let answer = here.send(&admin, &path, &gone);
    assert_eq!(answer.header("location"), format!("{path}?done=gone"));
    assert_eq!(find("ana").state, MemberState::Off);
    assert_eq!(here.get(&anas, "/account").status, StatusCode::SEE_OTHER);
    expect_error(&here.send(&admin, &path, &[("act", "on"), ("why-off", "back")]), "Invite again");
    // An administrator goes on the terminal only.
    let other = format!("/members/{}", find("second").id);
    assert!(here.get(&admin, &other).body.contains("clearway user gone"));
    expect_error(&here.send(&admin, &other, &gone), "on the terminal only");
}
