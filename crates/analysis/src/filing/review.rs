//! What was filed beside what stands, for whoever accepts it.
//!
//! In: a checked return, and the figures that stand. Out: each figure with the answer that stands and the
//! one of the quarter before, which return it would correct, and what the rules see in it.

use std::collections::{BTreeMap, BTreeSet};

use records::register::Register;
use records::{Figure, Finding, Quarter};
use store::{ClassificationQuery, NewReturn, StoredFigure, StoredReturn};

use super::Question;
use crate::quality::{self, Facts};

/// What stands, of all agencies.
#[derive(Debug, Clone, Copy)]
pub struct Stands<'a> {
    /// The figures that stand.
    pub figures: &'a [StoredFigure],
    /// Every return.
    pub returns: &'a [StoredReturn],
    /// Where agencies and the state classify differently.
    pub queries: &'a [ClassificationQuery],
}

/// A filing beside what stands.
#[derive(Debug, Clone)]
pub struct Review {
    /// Its figures in their order, then those that it would leave out.
    pub rows: Vec<ReviewedFigure>,
    /// What the rules see in its figures.
    pub findings: Vec<Finding>,
    /// The returns that answer its questions already, and that it would correct.
    pub corrects: Vec<i64>,
    /// The last quarter before it that the agency has answered for.
    pub before: Option<Quarter>,
}

/// One question, and its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedFigure {
    /// What was counted, and by what it is broken down.
    pub question: Question,
    /// The answer of the filing; nothing where it says nothing of what stands.
    pub now: Option<String>,
    /// The answer that stands.
    pub stands: Option<String>,
    /// The answer of the quarter before.
    pub before: Option<String>,
}

impl ReviewedFigure {
    /// Whether another answer stands, or one that would be left out.
    pub fn changes(&self) -> bool {
        self.stands.is_some() && self.stands != self.now
    }
}

/// Sets a checked return beside what stands of the same agency.
pub fn review(register: &Register, new: &NewReturn, stands: Stands<'_>) -> Review {
    let reporters: BTreeSet<&str> =
        new.checked.figures.iter().map(|figure| figure.reporter.as_str()).collect();
    let own: Vec<&StoredFigure> = stands
        .figures
        .iter()
        .filter(|stored| {
            stored.standing == new.standing && reporters.contains(&*stored.figure.reporter)
        })
        .collect();
    let filed: Vec<StoredFigure> = new.checked.figures.iter().map(|one| filed(one, new)).collect();
    let names: BTreeSet<_> = filed.iter().map(|one| &one.id).collect();
    let standing: BTreeMap<_, _> = own.iter().map(|stored| (&stored.id, *stored)).collect();
    let corrects: BTreeSet<i64> = own
        .iter()
        .filter(|stored| names.contains(&stored.id))
        .map(|stored| stored.return_id)
        .collect();

    let quarter = filed.iter().filter_map(|one| one.quarter).max();
    let before =
        own.iter().filter_map(|stored| stored.quarter).filter(|q| Some(*q) < quarter).max();
    let earlier: BTreeMap<_, _> = own
        .iter()
        .filter(|stored| stored.quarter.is_some() && stored.quarter == before)
        .map(|stored| (question(&stored.figure), answer(&stored.figure)))
        .collect();
    let row = |figure: &Figure, now: Option<String>, stands: Option<String>| ReviewedFigure {
        question: Question::of(figure),
        now,
        stands,
        before: earlier.get(&question(figure)).cloned(),
    };
    let mut rows: Vec<ReviewedFigure> = filed
        .iter()
        .map(|one| {
            let stands = standing.get(&one.id).map(|stored| answer(&stored.figure));
            row(&one.figure, Some(answer(&one.figure)), stands)
        })
        .collect();
    let left_out = own
        .iter()
        .filter(|stored| corrects.contains(&stored.return_id) && !names.contains(&stored.id));
    rows.extend(left_out.map(|stored| row(&stored.figure, None, Some(answer(&stored.figure)))));

    let mut figures: Vec<StoredFigure> = own
        .iter()
        .filter(|stored| !corrects.contains(&stored.return_id))
        .map(|stored| (*stored).clone())
        .collect();
    figures.extend(filed.iter().cloned());
    let mut queries = stands.queries.to_vec();
    queries.retain(|query| names.contains(&query.figure));
    let facts = Facts { register, figures: &figures, returns: stands.returns, queries: &queries };
    let mut findings = quality::findings(&facts);
    findings.retain(|finding| finding.figures.iter().any(|id| names.contains(id)));
    Review { rows, findings, corrects: corrects.into_iter().collect(), before }
}

/// A figure as it would be kept.
fn filed(figure: &Figure, new: &NewReturn) -> StoredFigure {
    StoredFigure {
        id: figure.id(),
        // Of no return yet.
        return_id: 0,
        standing: new.standing,
        quarter: figure.period.state_quarter(),
        figure: figure.clone(),
    }
}

/// What a figure answers, whatever its period.
fn question(figure: &Figure) -> String {
    format!("{}{:?}{:?}", figure.measure, figure.dimensions, figure.part)
}

fn answer(figure: &Figure) -> String {
    figure.answer.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filing::{check, own_form};

    fn new(quarter: &str, rows: &str) -> NewReturn {
        let csv = format!("reporter,period,measure,trafficking_type,value\n{rows}");
        let of = ("practice-1", quarter.parse().unwrap());
        let file = ("filed.csv", csv.as_bytes());
        *check(Register::embedded(), own_form().unwrap(), of, file).unwrap()
    }

    fn kept(return_id: i64, new: &NewReturn) -> Vec<StoredFigure> {
        let kept = new.checked.figures.iter().map(|one| filed(one, new));
        kept.map(|one| StoredFigure { return_id, ..one }).collect()
    }

    #[test]
    fn each_answer_stands_beside_the_one_that_stands_and_the_one_before() {
        let before = new(
            "2026-Q2",
            "practice-1,2026-Q2,victim_identified,sex,9\npractice-1,2026-Q2,victim_served,,8\n",
        );
        let first = new(
            "2026-Q3",
            "practice-1,2026-Q3,victim_identified,sex,12\npractice-1,2026-Q3,victim_served,,7\n",
        );
        let filing = new(
            "2026-Q3",
            "practice-1,2026-Q3,victim_identified,sex,13\npractice-1,2026-Q3,victim_identified,labor,2\n",
        );
        let figures = [kept(3, &before), kept(5, &first)].concat();
        let stands = Stands { figures: &figures, returns: &[], queries: &[] };
        let found = review(Register::embedded(), &filing, stands);
        assert_eq!(found.corrects, [5]);
        assert_eq!(found.before, Some("2026-Q2".parse().unwrap()));
        let answers: Vec<[Option<&str>; 3]> = found
            .rows
            .iter()
            .map(|row| [row.now.as_deref(), row.stands.as_deref(), row.before.as_deref()])
            .collect();
        assert_eq!(
            answers,
            [
                [Some("13"), Some("12"), Some("9")],
                [Some("2"), None, None],
                [None, Some("7"), Some("8")],
            ],
            "what it leaves out is shown"
        );
        let changes: Vec<bool> = found.rows.iter().map(ReviewedFigure::changes).collect();
        assert_eq!(changes, [true, false, true]);
        assert_eq!(found.rows[0].question.measure, "victim_identified");

        let nothing = Stands { figures: &kept(3, &before), returns: &[], queries: &[] };
        assert!(review(Register::embedded(), &filing, nothing).corrects.is_empty());
    }

    #[test]
    fn the_rules_of_the_report_speak_of_its_figures_only() {
        let odd = "practice-1,2026-Q3,victim_identified,,3\npractice-1,2026-Q3,victim_served,,9\n";
        let filing = new("2026-Q3", odd);
        let nothing = Stands { figures: &[], returns: &[], queries: &[] };
        let rules: Vec<String> = review(Register::embedded(), &filing, nothing)
            .findings
            .into_iter()
            .map(|finding| finding.rule)
            .collect();
        assert!(rules.contains(&"served_exceeds_identified".to_owned()), "{rules:?}");
        // The same of another quarter is that quarter's.
        let earlier = new("2026-Q2", &odd.replace("Q3", "Q2"));
        let fine = new("2026-Q3", "practice-1,2026-Q3,individual_trained,,9\n");
        let figures = kept(1, &earlier);
        let stands = Stands { figures: &figures, returns: &[], queries: &[] };
        let found = review(Register::embedded(), &fine, stands).findings;
        assert!(found.iter().all(|finding| finding.rule != "served_exceeds_identified"));
    }
}
