//! Every route, asked by every role of two agencies and by nobody: who sees what, and what is never said.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use store::{AuditFilter, Role};

use crate::ask::{Answer, ask, block_on};
use crate::everyone::{EVERYONE, Member, roles};
use crate::made_returns::PRACTICE_SUM;
use crate::people::{MARK, OURS, THEIRS, operator};
use crate::routes::has_all_headers;

const ROUTER: &str = include_str!("../../src/router.rs");

/// A route, its methods, and who may use it.
struct Route {
    path: &'static str,
    methods: &'static [&'static str],
    who: Who,
}

enum Who {
    /// Everybody, signed in or not.
    Public,
    /// Whoever comes in or goes: forms that belong to a cookie, not to a role.
    Door,
    /// Those in one of these roles; the others do not learn that it is there.
    Roles(fn(Role) -> bool),
}

const READ: &[&str] = &["get"];
const BOTH: &[&str] = &["get", "post"];
const ACT: &[&str] = &["post"];

const fn public(path: &'static str) -> Route {
    Route { path, methods: READ, who: Who::Public }
}

const fn read(path: &'static str, who: fn(Role) -> bool) -> Route {
    Route { path, methods: READ, who: Who::Roles(who) }
}

const fn desk(path: &'static str, who: fn(Role) -> bool) -> Route {
    Route { path, methods: BOTH, who: Who::Roles(who) }
}

/// Those who prepare and sign the returns of an agency.
fn files(role: Role) -> bool {
    matches!(role, Role::Coordinator | Role::Commander)
}

/// Those who see the state's figures.
fn reads(role: Role) -> bool {
    files(role) || counts(role) || role == Role::Collector
}

/// Those who see counts of people.
fn counts(role: Role) -> bool {
    matches!(role, Role::Analyst | Role::Publisher)
}

fn administrator(role: Role) -> bool {
    role == Role::Administrator
}

fn reads_filings(role: Role) -> bool {
    matches!(role, Role::Collector | Role::Coordinator | Role::Commander)
}

/// Said here once more, so that a change of the table of pages is a change of this one too.
const ROUTES: &[Route] = &[
    public("/"),
    public("/help"),
    public("/report"),
    public("/privacy"),
    public("/accessibility"),
    public("/published"),
    public("/published/{*file}"),
    read("/agency", files),
    read("/state", reads),
    read("/state/explain/{figure}", reads),
    read("/state/report/{job}/{file}", counts),
    desk("/jobs", counts),
    desk("/jobs/{job}", counts),
    read("/jobs/{job}/progress", counts),
    public("/static/{file}"),
    public("/health"),
    public("/robots.txt"),
    Route { path: "/design", methods: BOTH, who: Who::Public },
    Route { path: "/sign-in", methods: BOTH, who: Who::Public },
    Route { path: "/join", methods: BOTH, who: Who::Public },
    public("/sign-in/callback"),
    public("/sign-in/arrived"),
    Route { path: "/passkey-challenge", methods: ACT, who: Who::Public },
    Route { path: "/sign-out", methods: ACT, who: Who::Door },
    Route { path: "/lock", methods: ACT, who: Who::Door },
    Route { path: "/unlock", methods: BOTH, who: Who::Door },
    desk("/account", |_| true),
    desk("/passkeys", |_| true),
    desk("/members", administrator),
    desk("/members/{id}", administrator),
    desk("/recoveries", administrator),
    read("/returns", files),
    read("/returns/{quarter}", files),
    Route { path: "/returns/{quarter}/draft", methods: ACT, who: Who::Roles(files) },
    desk("/returns/{quarter}/sign", files),
    desk("/returns/{quarter}/file", files),
    desk("/joining", |role| {
        matches!(role, Role::Administrator | Role::Collector | Role::Coordinator | Role::Commander)
    }),
    desk("/leaving", administrator),
    read("/filings", reads_filings),
    desk("/filings/receive", |role| role == Role::Collector),
    desk("/filings/{filing}", reads_filings),
    desk("/late", reads_filings),
    desk("/contact", |role| matches!(role, Role::Administrator | Role::Coordinator)),
    desk("/audit", |role| role == Role::Auditor),
    desk("/compartments", |role| {
        matches!(
            role,
            Role::Administrator
                | Role::Coordinator
                | Role::Commander
                | Role::Investigator
                | Role::Hotline
                | Role::Caseworker
        )
    }),
];

/// The routes in the source of the router, with their methods.
fn in_source() -> BTreeSet<(String, Vec<String>)> {
    let calls = ROUTER.split(".route(\"").skip(1).map(|rest| {
        let (path, rest) = rest.split_once('"').unwrap();
        let end = rest.find('\n').unwrap();
        let methods = ["get", "post", "put", "patch", "delete", "any"];
        let has = |method: &&&str| rest[..end].contains(&format!("{method}("));
        let found = methods.iter().filter(has).map(|method| (*method).to_owned()).collect();
        (path.to_owned(), found)
    });
    calls.collect()
}

#[test]
fn no_route_is_forgotten() {
    let here: BTreeSet<(String, Vec<String>)> = ROUTES
        .iter()
        .map(|route| {
            let methods = route.methods.iter().map(|method| (*method).to_owned()).collect();
            (route.path.to_owned(), methods)
        })
        .collect();
    assert_eq!(in_source(), here, "each route of the router stands in this table");
    let called = ROUTER.matches(".route(").count();
    assert_eq!(called, here.len(), "and is written so that this test can read it");
}

/// The numbers of a member and of a filing.
type Numbers = (i64, i64);

fn numbers(agency: &str) -> Numbers {
    (EVERYONE.of(Role::Caseworker, agency).id, EVERYONE.filing(agency))
}

/// The address of a route: of the member and the filing of these numbers, and of the quarter, figure and job
/// that are there.
fn address(route: &Route, (member, filing): Numbers) -> String {
    let path = route.path.replace("{id}", &member.to_string()).replace("{figure}", PRACTICE_SUM);
    let path = path.replace("{quarter}", "2026-Q3").replace("{file}", "index.html");
    path.replace("{job}", &EVERYONE.job.to_string()).replace("{filing}", &filing.to_string())
}

/// Routes for those at work that take a method, with the address to ask for and whether it is of one thing.
fn desk_routes(
    numbers: Numbers,
    method: &'static str,
) -> impl Iterator<Item = (String, bool, fn(Role) -> bool)> {
    let taking = ROUTES.iter().filter(move |route| route.methods.contains(&method));
    taking.filter_map(move |route| match route.who {
        Who::Roles(who) => Some((address(route, numbers), route.path.contains('{'), who)),
        Who::Public | Who::Door => None,
    })
}

fn expect_nothing_of(agency: &str, answer: &Answer, told: &str) {
    let foreign = if agency == THEIRS { "kern-" } else { MARK };
    assert!(!answer.body.contains(foreign), "{told}: something of another agency");
    has_all_headers(answer, told);
}

fn get(member: &Member, path: &str) -> Answer {
    EVERYONE.here.get(&member.cookie, path)
}

#[test]
fn each_role_sees_its_pages_and_nothing_of_another_agency() {
    let before = kept();
    for agency in [OURS, THEIRS] {
        let own = numbers(agency);
        let other = if agency == OURS { THEIRS } else { OURS };
        let foreign = numbers(other);
        for role in roles() {
            let member = EVERYONE.of(role, agency);
            for (path, _, who) in desk_routes(own, "get") {
                let answer = get(member, &path);
                let told = format!("{role} of {agency} GET {path}");
                let expected = if who(role) { StatusCode::OK } else { StatusCode::NOT_FOUND };
                assert_eq!(answer.status, expected, "{told}");
                // Whoever is of the state sees what every agency does there.
                if role.is_of_the_state() {
                    has_all_headers(&answer, &told);
                } else {
                    expect_nothing_of(agency, &answer, &told);
                }
            }
            // What is another agency's answers exactly as what is not there at all.
            for numbers in [foreign, (987_654, 987_654)] {
                for (path, of_thing, _) in desk_routes(numbers, "get") {
                    // A quarter and a figure are everybody's, and what is in them one's own.
                    let numbered = path.starts_with("/members/") || path.starts_with("/filings/");
                    let collectors = role == Role::Collector && path.starts_with("/filings/");
                    if of_thing && numbered && !(numbers == foreign && collectors) {
                        let answer = get(member, &path);
                        let told = format!("{role} of {agency} GET {path}");
                        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{told}");
                        let nothing = get(member, "/nothing-here").body;
                        let at = |page: &str, path: &str| page.replace(path, "");
                        assert_eq!(
                            at(&answer.body, &path),
                            at(&nothing, "/nothing-here"),
                            "{told}"
                        );
                    }
                }
            }
        }
    }
    assert_eq!(kept(), before, "reading changes nothing");
}

#[test]
fn the_navigation_leads_where_the_role_may_go() {
    for role in roles() {
        let page = get(EVERYONE.of(role, OURS), "/account").body;
        for (path, of_thing, who) in desk_routes((0, 0), "get") {
            let leads = page.contains(&format!("<li><a href=\"{path}\""));
            assert_eq!(leads, who(role) && !of_thing, "{role} {path}");
        }
    }
}

#[test]
fn nobody_is_sent_to_the_sign_in_and_learns_nothing() {
    let number = numbers(OURS);
    let here = &EVERYONE.here;
    for cookie in ["", "clearway=", "clearway=abc", &format!("clearway={}", "0".repeat(64))] {
        let read = desk_routes(number, "get").map(|route| (false, route));
        let act = desk_routes(number, "post").map(|route| (true, route));
        for (sends, (path, of_thing, _)) in read.chain(act) {
            let answer = match sends {
                true => here.post(cookie, &path, &[("token", "x")]),
                false => here.get(cookie, &path),
            };
            let told = format!("nobody {path} {cookie}");
            if of_thing {
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{told}");
            } else {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{told}");
                let next = if path == "/account" { String::new() } else { format!("?next={path}") };
                assert_eq!(answer.header("location"), format!("/sign-in{next}"), "{told}");
            }
            assert!(!answer.body.contains("kern-") && !answer.body.contains(MARK), "{told}");
            has_all_headers(&answer, &told);
        }
    }
}

#[test]
fn a_form_without_the_token_of_its_session_does_nothing() {
    let before = kept();
    let (here, number) = (&EVERYONE.here, numbers(OURS));
    let others = &EVERYONE.of(Role::Trainer, OURS).cookie;
    let page = here.get(others, "/account").body;
    let others = crate::markup::between(&page, "name=\"token\" value=\"", "\"").to_owned();
    for role in roles().filter(|role| *role != Role::Trainer) {
        let member = EVERYONE.of(role, OURS);
        let own_cookie = member.cookie.strip_prefix("clearway=").unwrap();
        for (path, _, who) in desk_routes(number, "post") {
            for token in ["", "x", own_cookie, &others] {
                let answer = here.post(&member.cookie, &path, &[("token", token), ("act", "off")]);
                let expected =
                    if who(role) { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND };
                assert_eq!(answer.status, expected, "{role} POST {path} {token}");
                has_all_headers(&answer, &format!("{role} POST {path}"));
            }
        }
        for path in ["/sign-out", "/lock"] {
            let answer = here.post(&member.cookie, path, &[("token", &others)]);
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role} POST {path}");
            assert!(answer.body.contains("Nothing you sent was kept."), "{path}");
        }
    }
    assert_eq!(kept(), before);
}

#[test]
fn what_comes_from_another_site_changes_nothing() {
    let before = kept();
    let member = EVERYONE.of(Role::Administrator, OURS);
    let page = get(member, "/account").body;
    let token = crate::markup::between(&page, "name=\"token\" value=\"", "\"");
    let body = crate::people::form(&[("token", token), ("act", "take_back")]);
    for route in ROUTES.iter().filter(|route| route.methods.contains(&"post")) {
        let path = address(route, numbers(OURS));
        for site in ["cross-site", "same-site", "none"] {
            let headers = [
                ("cookie", member.cookie.as_str()),
                ("sec-fetch-site", site),
                ("content-type", "application/x-www-form-urlencoded"),
            ];
            let router = EVERYONE.here.router();
            let answer = ask(router, Method::POST, &path, &headers, body.clone());
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site} {path}");
            has_all_headers(&answer, &format!("{site} {path}"));
        }
    }
    assert_eq!(kept(), before);
}

/// Everything that the store keeps of members, apart from what they looked at.
fn kept() -> String {
    let (store, operator) = (&EVERYONE.here.store, operator());
    block_on(async {
        let members = store.members(&operator).await.unwrap();
        let compartments = store.compartments(&operator).await.unwrap();
        let recoveries = store.open_recoveries(&operator).await.unwrap();
        let joinings = store.joinings(&operator, EVERYONE.here.now()).await.unwrap();
        let filings = store.filings(&operator).await.unwrap();
        let audit = store.audit(&operator, &AuditFilter::default()).await.unwrap();
        let acts: Vec<_> = audit.into_iter().filter(|row| row.act != "viewed").collect();
        format!("{members:?} {compartments:?} {recoveries:?} {joinings:?} {filings:?} {acts:?}")
    })
}
