//! A quarter's return in the browser: typed, saved, signed, given back, corrected. Nothing here needs a script.

use analysis::filing::{self, own_form};
use axum::http::{Method, StatusCode};
use records::register::Register;
use store::{CompartmentName, NewAgencyHere, Role, Session};

use crate::ask::{Answer, ask, block_on};
use crate::markup::{between, tags, values};
use crate::people::{Installation, STATE, form, joined, operator};

/// A made-up task force of the register.
const AGENCY: &str = "practice-1";
const QUARTER: &str = "/returns/2026-Q3";

struct Here {
    here: Installation,
    cora: String,
    ben: String,
    collector: Session,
}

/// A coordinator and a commander who read the drafts of their agency, and the collector of the state.
fn here() -> Here {
    let here = Installation::new();
    let (cora, ben, collector) = block_on(async {
        let new = NewAgencyHere {
            code: AGENCY.to_owned(),
            label: AGENCY.to_owned(),
            legal_entity: "prosecutor".to_owned(),
            county: None,
            clearinghouse: false,
            practice: true,
        };
        here.store.add_agency(&operator(), &new, joined()).await.unwrap();
        for name in ["first", "second"] {
            here.joins(AGENCY, name, Role::Administrator).await;
        }
        let cora = here.joins(AGENCY, "cora", Role::Coordinator).await;
        let ben = here.joins(AGENCY, "ben", Role::Commander).await;
        let collector = here.joins(STATE, "colin", Role::Collector).await;
        let print = ben.fingerprint.clone();
        let (cora, ben) = (here.comes_in(&cora).await, here.comes_in(&ben).await);
        let collector = here.comes_in(&collector).await;
        let session = here.session(&cora).await;
        let (store, at, sort) = (&here.store, here.now(), CompartmentName::Returns);
        let made = store.make_compartment(&session, sort, at).await.unwrap();
        store.let_in(&session, made, "ben", &print, at).await.unwrap();
        (cora, ben, here.session(&collector).await)
    });
    Here { here, cora, ben, collector }
}

impl Here {
    fn get(&self, cookie: &str, under: &str) -> String {
        let answer = self.here.get(cookie, &format!("{QUARTER}{under}"));
        assert_eq!(answer.status, StatusCode::OK, "{under}");
        answer.body
    }

    /// Sends what her page holds, with these fields typed over it, as a browser does.
    fn save(&self, cookie: &str, typed: &[(&str, &str)]) -> Answer {
        let page = self.get(cookie, "?correction=yes");
        self.send_over(cookie, &page, typed)
    }

    fn send_over(&self, cookie: &str, page: &str, typed: &[(&str, &str)]) -> Answer {
        let kept = fields_of(page);
        let fields: Vec<(&str, &str)> = kept
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !typed.iter().any(|(own, _)| own == name))
            .chain(typed.iter().copied())
            .collect();
        self.here.post(cookie, &format!("{QUARTER}/draft"), &fields)
    }

    /// Every row answered with 2.
    fn answer_all(&self, cookie: &str) {
        let page = self.get(cookie, "?correction=yes");
        let ids = values(&page, "id").into_iter().filter(|id| id.ends_with("-value"));
        let typed: Vec<(&str, &str)> = ids.map(|id| (id, "2")).collect();
        assert_eq!(typed.len(), 50);
        assert_eq!(self.save(cookie, &typed).status, StatusCode::SEE_OTHER);
    }

    fn sign(&self, cookie: &str) -> Answer {
        let page = self.get(cookie, "/sign");
        let version = between(&page, "name=\"version\" value=\"", "\"").to_owned();
        self.here.send(cookie, &format!("{QUARTER}/sign"), &[("version", &version)])
    }

    /// What waits, by its number and its text.
    fn waiting(&self) -> (i64, String) {
        let filings = block_on(self.here.store.filings(self.collector.scope())).unwrap();
        let filing = filings.into_iter().next().unwrap();
        assert_eq!(filing.state, store::FilingState::Waiting);
        (filing.id, filing.csv)
    }

    fn accept(&self) {
        let (id, csv) = self.waiting();
        let of = (AGENCY, "2026-Q3".parse().unwrap());
        let file = ("a.csv", csv.as_bytes());
        let new = filing::check(Register::embedded(), own_form().unwrap(), of, file).unwrap();
        let (store, at) = (&self.here.store, self.here.now());
        block_on(store.accept_filing(self.collector.scope(), id, &new, None, at)).unwrap();
    }
}

/// The fields of the page's form and what stands in them.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let form = between(page, "id=\"draft\"", "</form>");
    let plain = |text: &str| {
        let marks =
            [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
        marks.iter().fold(text.to_owned(), |text, (mark, c)| text.replace(mark, c))
    };
    let inputs = tags(form).into_iter().filter(|tag| tag.starts_with("input "));
    let mut fields: Vec<(String, String)> = inputs
        .filter(|tag| !tag.contains("type=\"checkbox\""))
        .map(|tag| {
            let named = crate::markup::attributes(tag);
            let of = |name| named.iter().find(|(own, _)| *own == name).map_or("", |one| one.1);
            (of("name").to_owned(), plain(of("value")))
        })
        .collect();
    for select in form.split("<select ").skip(1) {
        let name = between(select, "name=\"", "\"").to_owned();
        let options = select.split_once("</select>").unwrap().0;
        let chosen = options.split("<option").find(|option| option.contains(" selected"));
        fields.push((
            name,
            chosen.map_or(String::new(), |one| between(one, "value=\"", "\"").to_owned()),
        ));
    }
    fields
}

fn expect_gone(answer: &Answer, under: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), format!("{QUARTER}{under}"));
}

fn value_of(page: &str, field: &str) -> String {
    let fields = fields_of(page);
    fields.into_iter().find(|(name, _)| name == field).unwrap_or_else(|| panic!("{field}")).1
}

const SEX: &str = "investigation_initiated.sex-value";
const LABOR: &str = "investigation_initiated.labor-value";

#[test]
fn a_return_goes_from_the_first_number_to_its_correction() {
    let all = here();
    let (cora, ben) = (all.cora.as_str(), all.ben.as_str());
    let list = all.here.get(cora, "/returns").body;
    assert!(list.contains("2024-Q4") && list.contains("2026-10-30"), "{list}");
    assert!(list.contains("31 days late") && list.contains("Not sent"), "{list}");

    all.answer_all(cora);
    let list = all.here.get(cora, "/returns").body;
    assert!(list.contains("Draft") && list.contains("Go on"), "{list}");
    // She prepares, and he signs.
    let ready = all.get(cora, "/sign");
    assert!(ready.contains("Your commander signs") && !ready.contains("Sign and send"));
    let hers = all.here.send(cora, &format!("{QUARTER}/sign"), &[("version", "1")]);
    assert_eq!(hers.status, StatusCode::NOT_FOUND);
    // What he has not seen he does not sign.
    let unseen = all.here.send(ben, &format!("{QUARTER}/sign"), &[("version", "0")]);
    assert_eq!(unseen.status, StatusCode::CONFLICT);
    assert!(unseen.body.contains("Somebody changed this since you opened it"));
    expect_gone(&all.sign(ben), "?done=signed");
    let page = all.get(cora, "?done=signed");
    assert!(page.contains("It was signed, and waits") && !page.contains("id=\"draft\""));
    assert!(all.get(ben, "/sign").contains("There is nothing to sign now"));
    // What waits is not changed.
    let late = all.here.send(cora, &format!("{QUARTER}/draft"), &[("version", "0"), (SEX, "9")]);
    expect_gone(&late, "");

    // Given back: the form holds what was signed.
    let (id, csv) = all.waiting();
    assert!(csv.contains("investigation_initiated,practice-1,2026-Q3,sex,,,,,,,,,2,"), "{csv}");
    let (store, at) = (&all.here.store, all.here.now());
    let question = "is 2 the whole quarter?";
    block_on(store.give_back(all.collector.scope(), id, question, at)).unwrap();
    assert!(all.here.get(cora, "/returns").body.contains(question));
    let page = all.get(cora, "");
    assert!(page.contains(question) && value_of(&page, SEX) == "2", "{page}");
    expect_gone(&all.save(cora, &[(SEX, "3")]), "?done=saved");
    expect_gone(&all.sign(ben), "?done=signed");
    all.accept();
    let page = all.get(cora, "");
    assert!(page.contains("This return was accepted") && page.contains("Draft a correction"));
    assert!(all.here.get(cora, "/returns").body.contains("Accepted"));

    // The next quarter shows it beside.
    let next = all.here.get(cora, "/returns/2026-Q4").body;
    let row = between(&next, &format!("<label for=\"{SEX}\""), "</tr>");
    assert!(row.contains("<td class=\"n\">3</td>"), "{row}");

    // A correction says why, and keeps the old value.
    expect_gone(&all.save(cora, &[(SEX, "4")]), "?done=saved");
    let ready = all.get(ben, "/sign");
    assert!(ready.contains("Say why the accepted return is corrected"), "{ready}");
    assert!(!ready.contains("Sign and send"));
    let version = all.here.send(ben, &format!("{QUARTER}/sign"), &[("version", "1")]);
    assert_eq!(version.status, StatusCode::OK, "nothing is signed");
    expect_gone(&all.save(cora, &[("reason", "one case was found later")]), "?done=saved");
    expect_gone(&all.sign(ben), "?done=signed");
    all.accept();
    let page = all.get(cora, "");
    assert!(page.contains("Why it corrects: one case was found later"), "{page}");
    let scope = all.collector.scope();
    let stands = block_on(store.figures(scope, &store::FigureFilter::default())).unwrap();
    let one = stands
        .iter()
        .find(|one| one.id.0 == "investigation_initiated:2026-Q3:practice-1:trafficking_type=sex")
        .unwrap();
    let answers = block_on(store.answers(scope, &one.id)).unwrap();
    let all_of: Vec<&str> = answers.iter().map(|one| one.figure.as_said.as_str()).collect();
    assert_eq!(all_of, ["3", "4"]);
}

#[test]
fn two_at_once_lose_nothing() {
    let all = here();
    let hers = all.get(&all.cora, "");
    expect_gone(&all.save(&all.ben, &[(SEX, "12"), (LABOR, "5")]), "?done=saved");
    let conflict = all.send_over(&all.cora, &hers, &[(SEX, "13"), ("reason", "")]);
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.body.contains("ben saved this return while you were typing"));
    assert_eq!(value_of(&conflict.body, SEX), "13", "hers stays");
    let cell = between(&conflict.body, &format!("id=\"{SEX}-theirs\""), "</p>");
    assert!(cell.contains("<strong>12</strong>"), "{cell}");
    let other = between(&conflict.body, &format!("id=\"{LABOR}-theirs\""), "</p>");
    assert!(other.contains("<strong>5</strong>"), "she had typed nothing there: {other}");
    // She keeps hers of the one, takes theirs of the other.
    expect_gone(&all.send_over(&all.cora, &conflict.body, &[(LABOR, "5")]), "?done=saved");
    let page = all.get(&all.ben, "");
    assert_eq!((&value_of(&page, SEX)[..], &value_of(&page, LABOR)[..]), ("13", "5"));
}

#[test]
fn whatever_was_typed_stays_and_what_is_wrong_is_said_beside_it() {
    let all = here();
    let typed = [
        (SEX, "  12 or so \"<b>&' "),
        ("victim_served.shelter-note", "ask 078-05-1120"),
        ("individual_arrested.sex-value", "1,200"),
        ("session.1-date", "30 Sept"),
        ("session.1-audience", "law_enforcement"),
        ("session.1-attended", "24"),
        ("session.1-first_time", "30"),
    ];
    expect_gone(&all.save(&all.cora, &typed), "?done=saved");
    let page = all.get(&all.cora, "");
    for (field, text) in typed {
        assert_eq!(value_of(&page, field), text, "{field}");
    }
    assert!(!page.contains("<b>"), "as text");
    let summary = between(&page, "class=\"summary\"", "</ul>");
    for (field, words) in [
        (SEX, "Investigations initiated, Sex trafficking: Write a whole number"),
        ("victim_served.shelter-note", "looks as if it were about a person"),
        ("session.1-date", "Write the day as"),
        ("session.1-hours", "Write the hours"),
        ("session.1-first_time", "More than came"),
    ] {
        let link = between(summary, &format!("<a href=\"#{field}\">"), "</a>");
        assert!(link.contains(words), "{link}");
        let beside = between(&page, &format!("id=\"{field}-error\">"), "</p>");
        assert!(beside.contains("To correct:"), "{beside}");
    }
    assert!(!page.contains("Nothing stands here"), "what is empty may still be filled in");
    let seats = between(&page, "<output id=\"individual_trained.seat-value\">", "<");
    assert_eq!(seats, "24", "added up");
    // Everything at once before it is signed, each with the way to its field.
    let whole = all.get(&all.cora, "/sign?language=es");
    assert!(whole.contains("Aquí no hay nada.") && !whole.contains("Firmar y enviar"));
    let to = format!("/returns/2026-Q3?all=yes&#38;language=es#{LABOR}");
    assert!(values(&whole, "href").contains(&to.as_str()), "{whole}");
}

#[test]
fn a_script_saves_and_hears_what_is_wrong() {
    let all = here();
    let page = all.get(&all.cora, "");
    let token = value_of(&page, "token");
    let send = |cookie: &str, fields: &[(&str, &str)]| {
        let headers = [
            ("cookie", cookie),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "application/json"),
        ];
        let fields: Vec<_> = fields.iter().copied().chain([("token", token.as_str())]).collect();
        ask(all.here.router(), Method::POST, &format!("{QUARTER}/draft"), &headers, form(&fields))
    };
    let fields = [("version", "0"), (SEX, "many"), (LABOR, "7")];
    let saved = send(&all.cora, &fields);
    assert_eq!(saved.status, StatusCode::OK);
    assert_eq!(saved.header("content-type"), "application/json");
    let read: serde_json::Value = serde_json::from_str(&saved.body).unwrap();
    assert_eq!((read["version"].as_i64(), read["sums"]["sum-0"].as_str()), (Some(1), Some("7")));
    assert_eq!(read["saved_at"], "2026-11-30T08:00:00Z");
    assert_eq!(read["problems"].as_array().unwrap().len(), 1);
    assert_eq!(read["problems"][0]["field"], SEX);
    let again = send(&all.cora, &fields);
    assert_eq!(again.status, StatusCode::CONFLICT);
    let read: serde_json::Value = serde_json::from_str(&again.body).unwrap();
    assert!(read["said"].as_str().unwrap().starts_with("cora saved this return meanwhile"));
    assert!(!again.body.contains("many"));
    let nonsense = send(&all.cora, &[("version", "x")]);
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_filled_file_is_taken_in_whole_or_not_at_all() {
    let all = here();
    expect_gone(&all.save(&all.cora, &[(LABOR, "7")]), "?done=saved");
    let send = |file: Option<&str>| {
        let page = all.get(&all.cora, "");
        let part = |name: &str, more: &str, value: &str| {
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n"
            )
        };
        let chosen = if file.is_some() { "; filename=\"q3.csv\"" } else { "; filename=\"\"" };
        let body = [
            part("token", "", &value_of(&page, "token")),
            part("version", "", &value_of(&page, "version")),
            part("file", chosen, file.unwrap_or("")),
            "--b--\r\n".to_owned(),
        ];
        let headers = [
            ("cookie", all.cora.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "multipart/form-data; boundary=b"),
        ];
        ask(all.here.router(), Method::POST, &format!("{QUARTER}/file"), &headers, body.concat())
    };
    let none = send(None);
    assert!(none.status == 422 && none.body.contains("No file was chosen"), "{}", none.body);
    let wrong = "measure,reporter,period,trafficking_type,status,value\n\
        victim_identified,practice-2,2026-Q3,sex,confirmed,many\n\
        victim_identified,practice-1,2026-Q3,sexy,confirmed,1\n";
    let refused = send(Some(wrong));
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["2 things in this file", "<td>value</td><td>many</td>", "<td>sexy</td>"] {
        assert!(refused.body.contains(words), "{words}: {}", refused.body);
    }
    assert_eq!(value_of(&all.get(&all.cora, ""), LABOR), "7", "the draft is as it was");
    let good = "measure,reporter,period,trafficking_type,county,status,value,note\n\
        investigation_initiated,practice-1,2026-Q3,sex,,,\"1,200\",all of them\n\
        investigation_initiated,practice-1,2026-Q3,sex,kern,,3,\n";
    expect_gone(&send(Some(good)), "?done=file");
    let page = all.get(&all.cora, "");
    assert_eq!(value_of(&page, SEX), "1,200");
    assert_eq!(value_of(&page, LABOR), "7", "rows that the file does not have stay");
    assert_eq!(value_of(&page, "own.1-value"), "3");
    assert!(page.contains("Rows of your own"));
    let out = all.here.get(&all.cora, &format!("{QUARTER}/file"));
    assert_eq!(out.header("content-type"), "text/csv; charset=utf-8");
    assert!(out.body.contains("sex,,,,,,,,,\"1,200\",,,all of them,"), "{}", out.body);
    expect_gone(&all.save(&all.cora, &[("leave_out", "own.1")]), "?done=saved");
    assert!(!all.get(&all.cora, "").contains("own.1-value"));
}

#[test]
fn what_is_no_quarter_of_theirs_is_not_there() {
    let all = here();
    for path in ["2026-Q5", "2027-Q1", "2019-Q1", "x", "2026-Q3/none"] {
        let answer = all.here.get(&all.cora, &format!("/returns/{path}"));
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn the_list_and_a_group_of_the_form_in_both_languages() {
    let all = here();
    expect_gone(&all.save(&all.cora, &[(SEX, "12"), (LABOR, "x")]), "?done=saved");
    for (language, name) in [("en", "english"), ("es", "spanish")] {
        let list = all.here.get(&all.cora, &format!("/returns?language={language}")).body;
        let list = between(&list, "<main id=\"content\">", "</main>").trim().to_owned();
        insta::assert_snapshot!(format!("returns_{name}"), list);
        let page = all.get(&all.cora, &format!("?language={language}"));
        let group = between(&page, "<section aria-labelledby=\"group-0\">", "</section>");
        insta::assert_snapshot!(format!("return_group_{name}"), group.trim());
    }
}
