//! Signing in by an account at the agency's identity provider, which is made up here: the way there and back,
//! who is let in by it, and that it unlocks nothing.

use axum::http::{Method, StatusCode};
use sealing::RecordsKey;
use server::{Config, router};
use store::{AuditFilter, ClientSecret, NewIdentityProvider, Role};

use crate::ask::{Answer, ask, block_on};
use crate::made_provider::{CLIENT, MadeProvider, SECRET};
use crate::markup::between;
use crate::people::{Installation, OURS, PASSPHRASE, Person, THEIRS, form, operator};

const HOST: &str = "localhost:8080";
/// A name that no page has otherwise.
const ANA: &str = "qwzana";

/// An installation whose agency has a provider, with somebody in it.
pub(crate) struct Here {
    pub(crate) here: Installation,
    pub(crate) provider: MadeProvider,
    config: Config,
    ana: Person,
}

/// One browser: what it has of cookies.
#[derive(Default, Clone)]
pub(crate) struct Browser(Vec<(String, String)>);

impl Browser {
    fn with(cookie: &str) -> Browser {
        let (name, value) = cookie.split_once('=').unwrap();
        Browser(vec![(name.to_owned(), value.to_owned())])
    }

    pub(crate) fn has(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Does with its cookies as it is told.
    fn keeps(&mut self, answer: &Answer) {
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap();
            assert!(set.contains("; Path=/; HttpOnly; SameSite=Strict"), "{set}");
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            self.0.retain(|(own, _)| own != name);
            if !set.contains("Max-Age=0") {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    fn cookies(&self) -> String {
        let said: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        said.join("; ")
    }
}

impl Here {
    fn new() -> Here {
        let here = Installation::new();
        let (provider, key) = (MadeProvider::new(), RecordsKey::new(&[7; 32]));
        let new = NewIdentityProvider {
            agency: OURS.to_owned(),
            issuer: provider.issuer().parse().unwrap(),
            client_id: CLIENT.to_owned(),
        };
        let secret = ClientSecret::new(SECRET).unwrap();
        let (by, sealed) = (operator(), Some((&key, &secret)));
        block_on(here.store.set_identity_provider(&by, &new, sealed, here.now())).unwrap();
        let client_secrets = block_on(here.store.client_secrets(&operator(), &key)).unwrap();
        let config = Config { client_secrets, ..here.config() };
        let ana = block_on(here.joins(OURS, ANA, Role::Coordinator));
        Here { here, provider, config, ana }
    }

    pub(crate) fn get(&self, browser: &mut Browser, path: &str) -> Answer {
        let cookies = browser.cookies();
        let headers = [("cookie", &*cookies), ("host", HOST)];
        let answer =
            ask(router(&self.config, self.here.store.clone()), Method::GET, path, &headers, "");
        browser.keeps(&answer);
        answer
    }

    pub(crate) fn post(
        &self,
        browser: &mut Browser,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let cookies = browser.cookies();
        let headers = [
            ("cookie", &*cookies),
            ("host", HOST),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let router = router(&self.config, self.here.store.clone());
        let answer = ask(router, Method::POST, path, &headers, form(fields));
        browser.keeps(&answer);
        answer
    }

    fn token(&self, browser: &mut Browser) -> String {
        let page = self.get(browser, "/account").body;
        between(&page, "name=\"token\" value=\"", "\"").to_owned()
    }

    /// Where a page leads that leads on by itself.
    pub(crate) fn onward(answer: &Answer) -> String {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let refresh = between(&answer.body, "http-equiv=\"refresh\" content=\"0; url=", "\"");
        let link = between(&answer.body, "class=\"onward\" href=\"", "\"");
        assert_eq!(refresh, link);
        link.replace("&#38;", "&")
    }

    /// The address of the provider to which somebody is led who will sign in.
    fn led_there(&self, browser: &mut Browser, next: &str) -> String {
        let page = self.get(browser, "/sign-in").body;
        let id = between(&page, "name=\"identity\" value=\"", "\"");
        let fields = [("identity", id), ("purpose", "returns"), ("next", next)];
        let answer = self.post(browser, "/sign-in", &fields);
        assert!(browser.has("clearway-identity").is_some());
        Here::onward(&answer)
    }

    /// Comes back from the provider with what it sends along. The first request has no cookies, for
    /// another site caused it.
    fn comes_back(&self, browser: &mut Browser, query: &str) -> Answer {
        let bare = self.get(&mut Browser::default(), &format!("/sign-in/callback?{query}"));
        assert_eq!(bare.header("set-cookie"), "");
        let onward = Here::onward(&bare);
        assert!(onward.starts_with("/sign-in/arrived?"), "{onward}");
        self.get(browser, &onward)
    }

    /// All of it: to the provider, where she is `subject`, and back.
    pub(crate) fn goes_and_comes_back(&self, browser: &mut Browser, subject: &str) -> Answer {
        let there = self.led_there(browser, "/returns");
        let query = self.provider.shows(&there, subject, self.here.now());
        self.comes_back(browser, &query)
    }

    /// Ana, signed in with passphrase and code.
    fn ana_comes_in(&self) -> Browser {
        Browser::with(&block_on(self.here.comes_in(&self.ana)))
    }

    /// Ana links the account `subject`.
    fn links(&self, browser: &mut Browser, subject: &str) -> Answer {
        let token = self.token(browser);
        self.here.minutes_later(1);
        let code = self.ana.code(self.here.now());
        let fields =
            [("act", "link"), ("token", &*token), ("own-passphrase", PASSPHRASE), ("code", &*code)];
        let there = Here::onward(&self.post(browser, "/account", &fields));
        let query = self.provider.shows(&there, subject, self.here.now());
        self.comes_back(browser, &query)
    }

    pub(crate) fn with_ana_linked() -> Here {
        let here = Here::new();
        let mut browser = here.ana_comes_in();
        let linked = here.links(&mut browser, "subject of ana");
        assert_eq!(linked.header("location"), "/account?done=linked", "{}", linked.body);
        here
    }

    /// Acts of the audit with what it says beside them.
    pub(crate) fn audit(&self, act: &str) -> Vec<String> {
        let rows = block_on(self.here.store.audit(&operator(), &AuditFilter::default())).unwrap();
        let of = rows.into_iter().filter(|row| row.act == act);
        of.map(|row| format!("{}: {}", row.who, row.why.unwrap_or_default())).collect()
    }
}

pub(crate) fn expect_refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(answer.body.contains("id=\"identity-error\""), "{}", answer.body);
    assert!(answer.body.contains(words), "{words}: {}", answer.body);
    assert!(!answer.body.contains(ANA), "who is linked is not said");
}

#[test]
fn she_links_her_account_signs_in_by_it_and_her_passphrase_unlocks() {
    let here = Here::with_ana_linked();
    assert_eq!(here.provider.was_asked(), ["metadata", "metadata", "token", "keys"]);
    let mut browser = Browser::default();
    let back = here.goes_and_comes_back(&mut browser, "subject of ana");
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    assert_eq!(back.header("location"), "/unlock?next=/returns");
    assert_eq!(browser.has("clearway-identity"), None, "it is used up");

    // Who she is, and nothing more: every page leads to where it is unlocked.
    for path in ["/account", "/returns", "/compartments", "/passkeys"] {
        assert!(here.get(&mut browser, path).header("location").starts_with("/unlock"), "{path}");
    }
    let page = here.get(&mut browser, "/unlock?next=/returns").body;
    assert!(page.contains("qwzana is signed in."), "{page}");
    let token = between(&page, "name=\"token\" value=\"", "\"").to_owned();
    let unlock = |browser: &mut Browser, passphrase: &str| {
        let fields = [("token", &*token), ("passphrase", passphrase), ("next", "/returns")];
        here.post(browser, "/unlock", &fields)
    };
    let wrong = unlock(&mut browser, "not hers at all, really");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(unlock(&mut browser, PASSPHRASE).header("location"), "/returns");
    let page = here.get(&mut browser, "/account").body;
    assert!(page.contains("<strong>qwzana</strong>") && page.contains("Returns and figures"));
    assert!(page.contains("Last used on</dt><dd>2026-11-30"), "{page}");
    assert_eq!(here.audit("identity_linked"), ["qwzana: identity provider 1"]);
    assert!(here.audit("signed_in").contains(&"qwzana: identity provider 1".to_owned()));

    // Twelve hours later she shows it anew.
    here.here.minutes_later(12 * 60);
    assert!(here.get(&mut browser, "/account").header("location").starts_with("/sign-in"));

    // Unlinked: it is an account like any other.
    let mut browser = here.ana_comes_in();
    let token = here.token(&mut browser);
    let done = here.post(&mut browser, "/account", &[("act", "unlink"), ("token", &token)]);
    assert_eq!(done.header("location"), "/account?done=unlinked");
    let back = here.goes_and_comes_back(&mut Browser::default(), "subject of ana");
    expect_refused(&back, "This account is linked to nobody here.");
}

#[test]
fn whoever_is_not_linked_learns_nothing_whatever_her_mail_address_is() {
    let here = Here::with_ana_linked();
    // The token says ana@kern.example; nobody is found by it.
    let mut browser = Browser::default();
    for subject in ["subject of eve", ANA, "Subject of ana", "subject of ana "] {
        let back = here.goes_and_comes_back(&mut browser, subject);
        expect_refused(&back, "This account is linked to nobody here.");
        assert_eq!(browser.has("clearway"), None, "{subject}");
    }
    assert_eq!(here.audit("failed_to_sign_in").len(), 4);

    // The same account is not linked twice, and not to two.
    let bob = block_on(here.here.joins(OURS, "bob", Role::Coordinator));
    let mut bobs = Browser::with(&block_on(here.here.comes_in(&bob)));
    let page = here.get(&mut bobs, "/account").body;
    assert!(page.contains("value=\"link\""));
    let token = here.token(&mut bobs);
    here.here.minutes_later(1);
    let code = bob.code(here.here.now());
    let fields =
        [("act", "link"), ("token", &*token), ("own-passphrase", PASSPHRASE), ("code", &*code)];
    let there = Here::onward(&here.post(&mut bobs, "/account", &fields));
    let query = here.provider.shows(&there, "subject of ana", here.here.now());
    let back = here.comes_back(&mut bobs, &query);
    assert!(back.body.contains("one of the two is linked already"), "{}", back.body);

    // An agency without a provider has nothing to link.
    let zoe = block_on(here.here.joins(THEIRS, "zoe", Role::Coordinator));
    let mut zoes = Browser::with(&block_on(here.here.comes_in(&zoe)));
    assert!(!here.get(&mut zoes, "/account").body.contains("value=\"link\""));
}

#[test]
fn linking_takes_passphrase_and_code_of_whoever_is_signed_in_and_came_back() {
    let here = Here::new();
    let mut browser = here.ana_comes_in();
    let token = here.token(&mut browser);
    here.here.minutes_later(1);
    let code = here.ana.code(here.here.now());
    let ask = |browser: &mut Browser, passphrase: &str, code: &str| {
        let fields =
            [("act", "link"), ("token", &*token), ("own-passphrase", passphrase), ("code", code)];
        here.post(browser, "/account", &fields)
    };
    for (passphrase, code) in [("not hers at all, really", &*code), (PASSPHRASE, "000000")] {
        let wrong = ask(&mut browser, passphrase, code);
        assert!(wrong.body.contains("The passphrase or the code is wrong."), "{}", wrong.body);
        assert_eq!(wrong.header("set-cookie"), "");
    }
    let there = Here::onward(&ask(&mut browser, PASSPHRASE, &code));
    // Used up.
    assert_eq!(
        ask(&mut browser.clone(), PASSPHRASE, &code).status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let query = here.provider.shows(&there, "subject of ana", here.here.now());
    // Whoever comes back without her session, or with another one, links nothing.
    let only =
        Browser::with(&format!("clearway-identity={}", browser.has("clearway-identity").unwrap()));
    let back = here.comes_back(&mut only.clone(), &query);
    expect_refused(&back, "Begin again");
    assert!(here.audit("identity_linked").is_empty());
    let back = here.comes_back(&mut browser, &query);
    expect_refused(&back, "Begin again");

    // Nor does a sign-in that was begun become a link, or the other way.
    here.here.minutes_later(1);
    let code = here.ana.code(here.here.now());
    let there = Here::onward(&ask(&mut browser, PASSPHRASE, &code));
    let query = here.provider.shows(&there, "subject of ana", here.here.now());
    let mut locked = browser.clone();
    here.post(&mut locked, "/lock", &[("token", &token)]);
    let back = here.comes_back(&mut browser, &query);
    expect_refused(&back, "Begin again");
}

#[test]
fn what_comes_back_is_taken_once_in_its_browser_within_ten_minutes() {
    let here = Here::with_ana_linked();
    let expect_late = |answer: &Answer| expect_refused(answer, "It took too long");
    // Without its cookie, or with that of another who went there: somebody else's code.
    let (mut hers, mut eves) = (Browser::default(), Browser::default());
    let there = here.led_there(&mut hers, "/returns");
    let query = here.provider.shows(&there, "subject of ana", here.here.now());
    here.led_there(&mut eves, "/returns");
    here.provider.was_asked();
    expect_late(&here.comes_back(&mut Browser::default(), &query));
    expect_late(&here.comes_back(&mut eves, &query));
    // Another state, or none.
    for state in ["", "state=", &format!("state={}", "0".repeat(64)), "state=%00", "state=x"] {
        expect_late(&here.comes_back(&mut hers.clone(), &format!("{state}&code=code%200")));
    }
    assert!(here.provider.was_asked().is_empty(), "nothing of it went to the provider");
    // It is still hers, once.
    let before = hers.clone();
    assert_eq!(here.comes_back(&mut hers, &query).header("location"), "/unlock?next=/returns");
    expect_late(&here.comes_back(&mut before.clone(), &query));

    // Eleven minutes are too long.
    let mut late = Browser::default();
    let there = here.led_there(&mut late, "/returns");
    here.here.minutes_later(11);
    let query = here.provider.shows(&there, "subject of ana", here.here.now());
    expect_late(&here.comes_back(&mut late, &query));

    // A session that somebody prepared is not the one in which she works, and is over.
    let mut browser = here.ana_comes_in();
    let prepared = browser.has("clearway").unwrap().to_owned();
    let there = {
        let mut other = Browser::default();
        let there = here.led_there(&mut other, "https://evil.example/");
        browser.0.extend(other.0);
        there
    };
    let query = here.provider.shows(&there, "subject of ana", here.here.now());
    let back = here.comes_back(&mut browser, &query);
    assert_eq!(back.header("location"), "/unlock", "and nobody is led away from here");
    assert_ne!(browser.has("clearway").unwrap(), prepared);
    let mut old = Browser::with(&format!("clearway={prepared}"));
    assert_eq!(here.get(&mut old, "/account").header("location"), "/sign-in");
}

#[test]
fn whatever_is_sent_to_where_one_comes_back_leads_on_within_this_site() {
    let here = Here::new();
    let page =
        |query: &str| here.get(&mut Browser::default(), &format!("/sign-in/callback{query}"));
    for query in [
        "",
        "?",
        "?code=%22%3E%3Cscript%3E",
        "?next=https://evil.example",
        "?a='b",
        "?;url=//evil.example",
    ] {
        let answer = page(query);
        let there = Here::onward(&answer);
        let there = url::Url::parse("http://localhost:8080/sign-in").unwrap().join(&there).unwrap();
        assert_eq!(
            (there.host_str(), there.path()),
            (Some("localhost"), "/sign-in/arrived"),
            "{query}"
        );
        assert!(!answer.body.contains("<script>"), "{query}");
    }
    assert_eq!(page(&format!("?code={}", "x".repeat(9000))).status, StatusCode::URI_TOO_LONG);
}

#[test]
fn whoever_cannot_sign_in_by_passphrase_does_not_by_the_agencys_account() {
    let here = Here::with_ana_linked();
    // Five tries in vain, of whoever.
    let mut other = Browser::default();
    for _ in 0..5 {
        let fields = [
            ("name", ANA),
            ("passphrase", "not hers at all, really"),
            ("code", "000000"),
            ("purpose", "returns"),
        ];
        here.post(&mut other, "/sign-in", &fields);
    }
    let back = here.goes_and_comes_back(&mut Browser::default(), "subject of ana");
    expect_refused(&back, "Too many tries.");
    here.here.minutes_later(16);
    let back = here.goes_and_comes_back(&mut Browser::default(), "subject of ana");
    assert_eq!(back.status, StatusCode::SEE_OTHER);

    // Off, and after ninety days.
    let turn = |on: bool| {
        let (by, now) = (operator(), here.here.now());
        block_on(here.here.store.turn_member(&by, ANA, on, "test", now)).unwrap();
    };
    turn(false);
    let off = here.goes_and_comes_back(&mut Browser::default(), "subject of ana");
    expect_refused(&off, "This account is off.");
    turn(true);
    here.here.minutes_later(91 * 24 * 60);
    let away = here.goes_and_comes_back(&mut Browser::default(), "subject of ana");
    expect_refused(&away, "This account is off.");
    turn(true);
    // A role that she does not have.
    let mut browser = Browser::default();
    let page = here.get(&mut browser, "/sign-in").body;
    let id = between(&page, "name=\"identity\" value=\"", "\"").to_owned();
    let fields = [("identity", &*id), ("purpose", "returns"), ("role", "auditor")];
    let there = Here::onward(&here.post(&mut browser, "/sign-in", &fields));
    let query = here.provider.shows(&there, "subject of ana", here.here.now());
    expect_refused(&here.comes_back(&mut browser, &query), "This is none of your roles.");
    // Gone.
    let (by, now) = (operator(), here.here.now());
    block_on(here.here.store.member_leaves(&by, ANA, "moves", now)).unwrap();
    let back = here.goes_and_comes_back(&mut Browser::default(), "subject of ana");
    expect_refused(&back, "This account is linked to nobody here.");
}

#[test]
fn it_is_offered_where_somebody_can_come_back_and_the_secret_is_known() {
    let here = Here::new();
    let offered = |config: &Config, host: &str| {
        let router = router(config, here.here.store.clone());
        let page = ask(router, Method::GET, "/sign-in", &[("host", host)], "");
        page.body.contains("name=\"identity\"")
    };
    assert!(offered(&here.config, HOST) && offered(&here.config, "127.0.0.1:8080"));
    assert!(!offered(&here.config, "evil.example"));
    let elsewhere = Config { listen: "0.0.0.0:0".parse().unwrap(), ..here.config.clone() };
    assert!(!offered(&elsewhere, HOST), "others may reach it by another name");
    let tls = Config { behind_tls: true, ..here.config.clone() };
    assert!(!offered(&tls, HOST));
    let site = Some("https://clearway.example.gov".parse().unwrap());
    let named = Config { site, ..elsewhere };
    assert!(offered(&named, "clearway.example.gov"));
    let without = Config { client_secrets: Default::default(), ..here.config.clone() };
    assert!(!offered(&without, HOST), "the server must be started anew");

    // The address to come back to is the site's, whatever the request says.
    let router = router(&Config { behind_tls: true, ..named.clone() }, here.here.store.clone());
    let page = here.get(&mut Browser::default(), "/sign-in").body;
    let id = between(&page, "name=\"identity\" value=\"", "\"");
    let headers = [
        ("host", "clearway.example.gov"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let sent = form(&[("identity", id), ("purpose", "returns")]);
    let answer = ask(router, Method::POST, "/sign-in", &headers, sent);
    let back = "redirect_uri=https%3A%2F%2Fclearway.example.gov%2Fsign-in%2Fcallback";
    assert!(Here::onward(&answer).contains(back));
    let set = answer.header("set-cookie");
    assert!(set.starts_with("__Host-clearway-identity=") && set.contains("; Secure"), "{set}");

    // Nothing that was not offered is asked.
    for id in ["", "x", "99", "-1"] {
        let fields = [("identity", id), ("purpose", "returns"), ("name", "x")];
        let answer = here.post(&mut Browser::default(), "/sign-in", &fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{id}");
    }
    let purposeless = here.post(&mut Browser::default(), "/sign-in", &[("identity", "1")]);
    assert!(purposeless.body.contains("Choose what you will do"));
}
