//! Signing in, being locked, unlocking, signing out, joining.

use axum::http::{Method, StatusCode};
use server::{Config, router};
use store::{NewMember, Role};

use crate::ask::{Answer, ask, block_on};
use crate::markup::between;
use crate::people::{Installation, OURS, PASSPHRASE, Person, form, operator};

fn sign_in(here: &Installation, person: &Person, change: &[(&str, &str)]) -> Answer {
    sign_in_from(here, "", person, change)
}

/// Types everything rightly, but for what is to be changed.
fn sign_in_from(
    here: &Installation,
    cookie: &str,
    person: &Person,
    change: &[(&str, &str)],
) -> Answer {
    let code = person.code(here.now());
    let mut fields = vec![
        ("name", person.name.as_str()),
        ("passphrase", PASSPHRASE),
        ("code", &code),
        ("purpose", "returns"),
    ];
    fields.retain(|(name, _)| !change.iter().any(|(other, _)| other == name));
    fields.extend(change);
    here.post(cookie, "/sign-in", &fields)
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

fn where_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location")
}

#[test]
fn somebody_signs_in_is_locked_unlocks_and_signs_out() {
    let here = Installation::new();
    let ana = block_on(here.joins(OURS, "ana", Role::Coordinator));

    // A capital, spaces in the code, a page to go to afterwards.
    let code = ana.code(here.now());
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let typed = [("name", "Ana "), ("code", &spaced), ("next", "/compartments?x=1")];
    let answer = sign_in(&here, &ana, &typed);
    assert_eq!(where_to(&answer), "/compartments?x=1");
    let set = answer.header("set-cookie");
    assert!(set.starts_with("clearway="), "{set}");
    assert!(set.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{set}");
    let first = cookie(&answer);
    let page = here.get(&first, "/account");
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<strong>ana</strong>") && page.body.contains("kern-da"));
    assert!(
        !page.body.contains(first.strip_prefix("clearway=").unwrap()),
        "no page has the cookie"
    );
    assert_eq!(where_to(&here.get(&first, "/sign-in?next=/audit")), "/audit", "she is in already");

    // Signing in again makes another session and ends the one that the browser had.
    here.minutes_later(1);
    let again = sign_in_from(&here, &first, &ana, &[("next", "//evil.example")]);
    assert_eq!(where_to(&again), "/account");
    let second = cookie(&again);
    assert_ne!(first, second);
    assert_eq!(where_to(&here.get(&first, "/account")), "/sign-in");

    // Hidden by herself.
    let hidden = here.send(&second, "/lock", &[("next", "/compartments")]);
    assert_eq!(where_to(&hidden), "/unlock?next=/compartments");
    assert_eq!(where_to(&here.get(&second, "/account?language=es")), "/unlock?language=es");
    assert_eq!(where_to(&here.get(&second, "/members/3")), "/unlock?next=/members/3");
    let page = here.get(&second, "/unlock?next=/compartments");
    assert_eq!(page.status, StatusCode::OK);
    assert!(between(&page.body, "<title>", "</title>").starts_with("Locked"));
    let token = between(&page.body, "name=\"token\" value=\"", "\"").to_owned();
    let unlock = |passphrase: &str, token: &str| {
        let fields = [("passphrase", passphrase), ("token", token), ("next", "/compartments")];
        here.post(&second, "/unlock", &fields)
    };
    assert_eq!(unlock(PASSPHRASE, "x").status, StatusCode::FORBIDDEN);
    let wrong = unlock("not hers at all, really", &token);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("The passphrase is wrong."));
    assert_eq!(where_to(&unlock(PASSPHRASE, &token)), "/compartments");
    assert_eq!(here.get(&second, "/account").status, StatusCode::OK);

    // Locked by half an hour, ended by twelve.
    here.minutes_later(31);
    assert_eq!(where_to(&here.get(&second, "/account")), "/unlock");
    assert_eq!(where_to(&here.post(&second, "/account", &[("token", &token)])), "/unlock");
    assert_eq!(where_to(&unlock(PASSPHRASE, &token)), "/compartments");
    here.minutes_later(12 * 60);
    assert_eq!(where_to(&here.get(&second, "/account")), "/sign-in");
    assert_eq!(where_to(&here.get(&second, "/unlock")), "/sign-in");

    let third = cookie(&sign_in(&here, &ana, &[]));
    let out = here.send(&third, "/sign-out", &[]);
    assert_eq!(where_to(&out), "/sign-in");
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"cookies\", \"storage\"");
    assert!(out.header("set-cookie").starts_with("clearway=;"), "{}", out.header("set-cookie"));
    assert!(out.header("set-cookie").ends_with("Max-Age=0"));
    assert_eq!(where_to(&here.get(&third, "/account")), "/sign-in");
    assert_eq!(where_to(&here.post("", "/sign-out", &[])), "/sign-in", "nobody is signed out too");
}

#[test]
fn what_is_typed_wrongly_is_said_and_no_more_than_that() {
    let here = Installation::new();
    let ana = block_on(here.joins(OURS, "ana", Role::Coordinator));
    let main = |answer: &Answer| between(&answer.body, "<main", "</main>").to_owned();
    for (change, words) in [
        (("purpose", ""), "Choose what you will do"),
        (("purpose", "anything"), "Choose what you will do"),
        (("purpose", "for Jane Roe"), "Choose what you will do"),
    ] {
        let answer = sign_in(&here, &ana, &[change, ("name", "\"><script>")]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(words) && !answer.body.contains("><script>"), "{words}");
        assert!(!answer.body.contains("herons"), "a passphrase is never sent back");
    }
    // A wrong passphrase, a wrong code and a name that nobody has look alike.
    let passphrase = sign_in(&here, &ana, &[("passphrase", "not hers at all, really")]);
    let code = sign_in(&here, &ana, &[("code", "000000")]);
    let name = sign_in(&here, &ana, &[("name", "zoe")]);
    for answer in [&passphrase, &code, &name] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.header("set-cookie"), "");
        assert_eq!(main(answer).replace("zoe", "ana"), main(&passphrase));
    }
    let role = sign_in(&here, &ana, &[("role", "auditor")]);
    assert!(role.body.contains("This is none of your roles."), "{}", role.body);
    // All three were right there: it is no failed try, and three are left of five.
    for _ in 0..3 {
        sign_in(&here, &ana, &[("code", "000000")]);
    }
    let refused = sign_in(&here, &ana, &[]);
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body.contains("Try again in 15 minutes"), "{}", refused.body);
    here.minutes_later(16);
    assert_eq!(where_to(&sign_in(&here, &ana, &[])), "/account");
}

#[test]
fn behind_tls_the_cookie_is_bound_to_the_host() {
    let here = Installation::new();
    let ana = block_on(here.joins(OURS, "ana", Role::Coordinator));
    let code = ana.code(here.now());
    let fields =
        [("name", "ana"), ("passphrase", PASSPHRASE), ("code", &code), ("purpose", "returns")];
    let behind_tls = router(&Config { behind_tls: true, ..here.config() }, here.store.clone());
    let headers =
        [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
    let answer = ask(behind_tls.clone(), Method::POST, "/sign-in", &headers, form(&fields));
    let set = answer.header("set-cookie");
    assert!(set.starts_with("__Host-clearway="), "{set}");
    assert!(set.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"), "{set}");
    let secret = cookie(&answer).replace("__Host-", "");
    let status = |cookie: &str| {
        ask(behind_tls.clone(), Method::GET, "/account", &[("cookie", cookie)], "").status
    };
    assert_eq!(status(&format!("__Host-{secret}")), StatusCode::OK);
    assert_eq!(status(&secret), StatusCode::SEE_OTHER, "a cookie without the prefix is nobody's");
}

#[test]
fn somebody_joins_with_an_invitation() {
    let here = Installation::new();
    let new =
        NewMember { agency: OURS.to_owned(), name: "ben".to_owned(), roles: vec![Role::Commander] };
    let invitation = block_on(here.store.invite(&operator(), &new, here.now())).unwrap();
    let join = |code: &str, passphrase: &str, again: &str| {
        let fields =
            [("name", "Ben"), ("code", code), ("passphrase", passphrase), ("again", again)];
        here.post("", "/join", &fields)
    };
    let code = invitation.code.as_str();
    for (code, passphrase, again, words) in [
        (code, PASSPHRASE, "another one altogether", "The two new passphrases differ."),
        (code, "too short", "too short", "at least 15 characters"),
        (code, "aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "repeats itself"),
        ("abcd-abcd-abcd-abcd", PASSPHRASE, PASSPHRASE, "This invitation is wrong, used or over."),
    ] {
        let answer = join(code, passphrase, again);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
        assert!(!answer.body.contains(passphrase) || passphrase.len() < 10, "not sent back");
    }
    let joined = join(&invitation.code, PASSPHRASE, PASSPHRASE);
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.body);
    assert!(joined.body.contains("<svg class=\"code\"") && joined.body.contains("otpauth://totp/"));
    let mut secrets = joined.body.split("<p class=\"secret\">").skip(1);
    let mut secret = || secrets.next().unwrap().split('<').next().unwrap();
    let (typed, address, fingerprint) = (secret().replace(' ', ""), secret(), secret());
    assert!(address.contains(&typed), "{address}");
    let ben = Person::of("ben", &typed, fingerprint);
    let again = join(&invitation.code, PASSPHRASE, PASSPHRASE);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once is once");
    assert!(!again.body.contains(&typed));
    // The code that he joined with counts from now on.
    let account = here.get(&cookie(&sign_in(&here, &ben, &[])), "/account");
    assert!(account.body.contains(fingerprint), "she reads it out from her own page");
}
