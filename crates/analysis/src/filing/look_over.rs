//! A draft looked over whole: every problem at once, and what does not fit together.
//!
//! In: a draft, and what stands for the quarter before. Out: the return that can be signed, when nothing is
//! wrong; what a reader will ask, which stops nobody from signing. A cell is checked by the very check that
//! is made when the return is accepted; what is here besides is about sessions and about rows together.

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::register::Register;
use records::{Answer, CellProblem, Finding, Quarter, Severity, Shown, Standing, Unit, person};
use store::{NewReturn, StoredFigure};

use super::draft::csv_of;
use super::form::{Form, FormRow, Group, Question, begins_the_year};
use super::sessions::{Session, count, sessions};
use super::{Draft, check_rows, draft, own_form};
use crate::quality::{Facts, findings};

/// What is wrong with a field, so that the return cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field, by its name in the draft.
    pub field: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing stands there, and nothing is no answer.
    Empty,
    /// No number, and none of the answers that are none.
    NotAnAnswer,
    /// A text that looks as if it were about a person.
    Personal,
    /// No day, or not written as one.
    NotADay,
    /// A day of another quarter.
    OutsideTheQuarter,
    /// No number of hours.
    NotHours,
    /// No code of whom it was for.
    NoAudience,
    /// No number of people.
    NotACount,
    /// More came for the first time than came.
    MoreThanCame,
    /// A correction without a reason.
    NoReason,
    /// The code of the agency is none of those who report.
    NotAReporter,
    /// Whatever else the check says, in the words of the register's language.
    Other(CellProblem),
}

/// What does not fit together, or not with the quarter before. It may be right all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// The field that it is seen at.
    pub field: String,
    /// What is seen.
    pub seen: Seen,
}

/// What is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Far from the quarter before.
    Jump {
        /// The number of the quarter before.
        before: i64,
        /// The number now.
        now: i64,
    },
    /// More got one service than were served.
    AboveServed {
        /// Who got the service.
        service: i64,
        /// Who were served.
        served: i64,
    },
    /// All services together are fewer than the people served, each of whom got one.
    ServicesBelowServed {
        /// All services.
        services: i64,
        /// Who were served.
        served: i64,
    },
    /// More people trained than seats.
    PeopleAboveSeats {
        /// People.
        people: i64,
        /// Seats.
        seats: i64,
    },
    /// Continuing in the first quarter of the reporting year, when nobody can be.
    ContinuingTooEarly,
}

/// A draft, looked over.
#[derive(Debug, Clone, PartialEq)]
pub struct LookedOver {
    /// What is wrong, in the order of the form.
    pub problems: Vec<Problem>,
    /// What does not fit together.
    pub odd: Vec<Odd>,
    /// What the rules of the state's report will ask about.
    pub findings: Vec<Finding>,
    /// The return as CSV.
    pub csv: String,
}

/// Looks a draft over. `stands` is whether a return of the quarter was accepted: then it is a correction.
pub fn look_over(
    register: &Register,
    form: &Form,
    draft: &Draft,
    of: (&str, Quarter),
    (before, stands): (&BTreeMap<Question, String>, bool),
) -> LookedOver {
    let (cells, rows) = draft.rows_of_csv(form, of);
    let csv = csv_of(&cells);
    let name = format!("{}.csv", of.1);
    let checked = match own_form() {
        Some(own) => check_rows(register, own, of, (&name, csv.as_bytes(), cells)),
        None => Err(Vec::new()),
    };
    let sessions = sessions(draft);
    let mut problems = Vec::new();
    if stands {
        let reason = draft.reason().trim();
        let wrong = match reason {
            "" => Some(Wrong::NoReason),
            reason => person::looks_personal(reason).map(|_| Wrong::Personal),
        };
        problems.extend(wrong.map(|wrong| Problem { field: "reason".to_owned(), wrong }));
    }
    let summed = |field: &str| !sessions.is_empty() && field.starts_with(super::sessions::MEASURE);
    if let Err(found) = &checked {
        for problem in found.iter().map(|problem| of_cell(problem, &rows, draft)) {
            // A sum of sessions is put right in the sessions.
            let elsewhere = summed(&problem.field) && problem.field.ends_with("-value");
            // Who reports is the same in every row.
            let same = |one: &Problem| one.wrong == Wrong::NotAReporter;
            let again = same(&problem) && problems.iter().any(same);
            if !elsewhere && !again {
                problems.push(problem);
            }
        }
    }
    sessions.iter().for_each(|one| of_session(form, one, of.1, &mut problems));
    let asked = match &checked {
        Ok(new) => asked_about(register, new),
        Err(_) => Vec::new(),
    };
    let odd = odd(form, draft, of.1, before);
    LookedOver { problems, odd, findings: asked, csv }
}

/// A problem of the CSV, at the field that it came from.
fn of_cell(problem: &CellProblem, rows: &[String], typed: &Draft) -> Problem {
    let at = usize::try_from(problem.row).unwrap_or(0).checked_sub(2);
    let row = at.and_then(|at| rows.get(at)).map_or("", String::as_str);
    let column = match problem.column.as_str() {
        "note" | "as_of" | "agency_classification" => problem.column.as_str(),
        _ => "value",
    };
    let withheld = problem.value == Shown::Withheld;
    let wrong = match problem.column.as_str() {
        "reporter" => Wrong::NotAReporter,
        "value" if typed.get(row, "value").trim().is_empty() => Wrong::Empty,
        "value" => Wrong::NotAnAnswer,
        "note" | "agency_classification" if withheld => Wrong::Personal,
        "as_of" => Wrong::NotADay,
        _ => Wrong::Other(problem.clone()),
    };
    Problem { field: draft::field(row, column), wrong }
}

fn of_session(form: &Form, session: &Session, quarter: Quarter, problems: &mut Vec<Problem>) {
    let mut add = |column, wrong| {
        problems.push(Problem { field: draft::field(&session.row, column), wrong });
    };
    let within = |day: Date| {
        let period = quarter.period();
        period.start().is_none_or(|start| start <= day) && period.end().is_none_or(|end| day <= end)
    };
    match session.date.trim().parse::<Date>() {
        Ok(day) if within(day) => {}
        Ok(_) => add("date", Wrong::OutsideTheQuarter),
        Err(_) => add("date", Wrong::NotADay),
    }
    let hours = Answer::read(&session.hours, Unit::Hours).ok();
    if !matches!(hours, Some(Answer::Exactly { amount }) if amount.scaled > 0) {
        add("hours", Wrong::NotHours);
    }
    if !form.audiences.contains(&session.audience) {
        add("audience", Wrong::NoAudience);
    }
    let (attended, first) = (count(&session.attended), count(&session.first_time));
    if attended.is_none() {
        add("attended", Wrong::NotACount);
    }
    match (attended, first) {
        (_, None) => add("first_time", Wrong::NotACount),
        (Some(all), Some(first)) if first > all => add("first_time", Wrong::MoreThanCame),
        _ => {}
    }
}

/// What the rules of the state's report see in a return.
fn asked_about(register: &Register, new: &NewReturn) -> Vec<Finding> {
    let stored = |figure: &records::Figure| StoredFigure {
        id: figure.id(),
        return_id: 0,
        standing: Standing::Submitted,
        quarter: figure.period.state_quarter(),
        figure: figure.clone(),
    };
    let figures: Vec<StoredFigure> = new.checked.figures.iter().map(stored).collect();
    let facts = Facts { register, figures: &figures, returns: &[], queries: &[] };
    // Which quarters are missing is said of all returns, and here is one.
    let asked = |one: &Finding| one.severity != Severity::Note && one.rule != "missing_quarter";
    findings(&facts).into_iter().filter(asked).collect()
}

/// A number is far from the one before when it has more than doubled or halved, and by ten at least: smaller
/// numbers come and go.
fn is_far(before: i64, now: i64) -> bool {
    let (small, large) = (before.min(now), before.max(now));
    large - small >= 10 && large > small.saturating_mul(2)
}

fn odd(
    form: &Form,
    draft: &Draft,
    quarter: Quarter,
    before: &BTreeMap<Question, String>,
) -> Vec<Odd> {
    let number = |row: &str| count(&draft.value(form, row));
    let at = |row: &str, seen| Odd { field: draft::field(row, "value"), seen };
    let mut odd = Vec::new();
    for row in form.rows() {
        let then = before.get(&row.question).and_then(|said| count(said));
        if let (Some(before), Some(now)) = (then, number(&row.key))
            && is_far(before, now)
        {
            odd.push(at(&row.key, Seen::Jump { before, now }));
        }
        let continuing = row.key.starts_with("victim_served.") && row.key.ends_with(".continuing");
        if continuing && begins_the_year(quarter) && number(&row.key).is_some_and(|n| n > 0) {
            odd.push(at(&row.key, Seen::ContinuingTooEarly));
        }
    }
    let sum = |rows: &[FormRow]| {
        rows.iter().try_fold(0i64, |sum, row| sum.checked_add(number(&row.key)?))
    };
    let served = form.groups.iter().filter(|group| group.measure == "victim_served");
    let (whole, parts): (Vec<&Group>, Vec<&Group>) = served.partition(|group| group.adds);
    if let [whole] = &whole[..]
        && let Some(served) = sum(&whole.rows)
    {
        for services in parts {
            for row in &services.rows {
                if let Some(service) = number(&row.key).filter(|service| *service > served) {
                    odd.push(at(&row.key, Seen::AboveServed { service, served }));
                }
            }
            let all = sum(&services.rows).filter(|all| *all < served);
            if let (Some(all), Some(row)) = (all, services.rows.first()) {
                odd.push(at(&row.key, Seen::ServicesBelowServed { services: all, served }));
            }
        }
    }
    let (people, seats) = (number("individual_trained.person"), number("individual_trained.seat"));
    if let (Some(people), Some(seats)) = (people, seats)
        && people > seats
    {
        odd.push(at("individual_trained.person", Seen::PeopleAboveSeats { people, seats }));
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A draft with every row answered alike, then these fields.
    fn looked(
        every: &str,
        fields: &[(&str, &str)],
        before: &[(&str, &str)],
        stands: bool,
    ) -> Vec<String> {
        let register = Register::embedded();
        let form = Form::of(register).unwrap();
        let mut draft = Draft::default();
        for row in form.rows() {
            draft.set(&form, &draft::field(&row.key, "value"), every);
        }
        for (name, typed) in fields {
            assert!(draft.set(&form, name, typed), "{name}");
        }
        let stood = before
            .iter()
            .map(|(key, said)| (form.row(key).unwrap().question.clone(), (*said).to_owned()));
        let before = stood.collect();
        let of = ("practice-1", "2026-Q3".parse().unwrap());
        let seen = look_over(register, &form, &draft, of, (&before, stands));
        let wrong = seen.problems.iter().map(|one| format!("{}: {:?}", one.field, one.wrong));
        let odd = seen.odd.iter().map(|one| format!("{}? {:?}", one.field, one.seen));
        let asked = seen.findings.iter().map(|one| format!("asked: {}", one.rule));
        wrong.chain(odd).chain(asked).collect()
    }

    #[test]
    fn a_whole_form_can_be_signed_and_every_problem_of_another_is_said_at_its_field() {
        assert_eq!(looked("0", &[], &[], false), [""; 0]);
        assert_eq!(looked("not collected", &[], &[], false), ["asked: not_answered"]);
        let empty = looked("", &[], &[], false);
        assert_eq!((empty.len(), &empty[0][..]), (50, "investigation_initiated.sex-value: Empty"));
        let fields = [
            ("victim_identified.sex.potential-value", "12 or so"),
            ("victim_served.shelter-note", "ask 078-05-1120"),
            ("victim_served.shelter-as_of", "tomorrow"),
            ("individual_arrested.sex-value", " "),
        ];
        insta::assert_snapshot!(looked("1", &fields, &[], false).join("\n"), @r"
        victim_identified.sex.potential-value: NotAnAnswer
        individual_arrested.sex-value: Empty
        victim_served.shelter-as_of: NotADay
        victim_served.shelter-note: Personal
        victim_served.sex.continuing-value? ContinuingTooEarly
        victim_served.labor.continuing-value? ContinuingTooEarly
        victim_served.both.continuing-value? ContinuingTooEarly
        victim_served.not_yet_classified.continuing-value? ContinuingTooEarly
        ");
    }

    #[test]
    fn a_correction_says_why() {
        assert_eq!(looked("0", &[], &[], true), ["reason: NoReason"]);
        let why = [("reason", "one case was counted twice")];
        assert_eq!(looked("0", &why, &[], true), [""; 0]);
        assert_eq!(looked("0", &[("reason", "mail a@b.example")], &[], true), ["reason: Personal"]);
    }

    #[test]
    fn sessions_are_checked_and_take_the_place_of_what_they_add_up_to() {
        let good = [
            ("session.1-date", "2026-09-30"),
            ("session.1-hours", "1.5"),
            ("session.1-audience", "law_enforcement"),
            ("session.1-attended", "24"),
            ("session.1-first_time", "24"),
            ("individual_trained.seat-value", "not a number"),
        ];
        assert_eq!(looked("0", &good, &[], false), [""; 0]);
        let bad = [
            ("session.1-date", "2026-10-01"),
            ("session.1-hours", "0"),
            ("session.1-audience", "police"),
            ("session.1-attended", "24"),
            ("session.1-first_time", "25"),
            ("session.2-date", "30 Sept"),
            ("session.2-attended", "about 20"),
        ];
        insta::assert_snapshot!(looked("0", &bad, &[], false).join("\n"), @r"
        session.1-date: OutsideTheQuarter
        session.1-hours: NotHours
        session.1-audience: NoAudience
        session.1-first_time: MoreThanCame
        session.2-date: NotADay
        session.2-hours: NotHours
        session.2-audience: NoAudience
        session.2-attended: NotACount
        session.2-first_time: NotACount
        ");
    }

    #[test]
    fn what_does_not_fit_together_is_said_and_stops_nobody() {
        let fields = [
            ("investigation_initiated.sex-value", "21"),
            ("investigation_initiated.labor-value", "20"),
            ("victim_served.sex.new-value", "30"),
            ("victim_served.sex.continuing-value", "2"),
            ("victim_served.shelter-value", "33"),
            ("individual_trained.person-value", "5"),
            ("individual_trained.seat-value", "4"),
        ];
        let before = [
            ("investigation_initiated.sex", "10"),
            ("investigation_initiated.labor", "10"),
            ("victim_served.sex.new", "unknown"),
        ];
        insta::assert_snapshot!(looked("0", &fields, &before, false).join("\n"), @r"
        investigation_initiated.sex-value? Jump { before: 10, now: 21 }
        victim_served.sex.continuing-value? ContinuingTooEarly
        victim_served.shelter-value? AboveServed { service: 33, served: 32 }
        individual_trained.person-value? PeopleAboveSeats { people: 5, seats: 4 }
        ");
        let few = [("victim_served.sex.new-value", "3"), ("victim_served.shelter-value", "2")];
        insta::assert_snapshot!(looked("0", &few, &[], false).join("\n"), @r"
        victim_served.shelter-value? ServicesBelowServed { services: 2, served: 3 }
        ");
    }

    #[test]
    fn an_agency_that_does_not_report_is_told_once() {
        let register = Register::embedded();
        let form = Form::of(register).unwrap();
        let of = ("kern-da", "2026-Q3".parse().unwrap());
        let seen = look_over(register, &form, &Draft::default(), of, (&BTreeMap::new(), false));
        let told = seen.problems.iter().filter(|one| one.wrong == Wrong::NotAReporter);
        assert_eq!(told.count(), 1);
    }
}
