//! What a person is shown of an estimate: the range in a sentence, its reasons, the methods as a
//! chart, what becomes of the range when lists are left out, and what to do next.

use std::path::{Path, PathBuf};

use analysis::estimate::{Estimated, rounded, scale};
use estimation::{Answer, Changed, Estimate, KnownList};
use report::charts;

use super::chart::chart;
use crate::output;

const WIDTH: usize = 80;

pub(super) fn text(estimated: &Estimated, file: &Path, plots: &[PathBuf]) -> String {
    let answer = &estimated.answer.whole;
    let mut parts = first(answer, estimated.level);
    if !answer.estimates.is_empty() {
        parts.push(methods(answer, estimated.level));
    }
    parts.push(without_answer(answer));
    parts.push(without_one_list(&answer.checks.without_one_list));
    parts.push(as_one(&answer.checks.two_lists_as_one));
    parts.push(known_lists(&answer.checks.known_lists));
    parts.push(strata(estimated));
    parts.push(linkage(estimated));
    parts.push(next(answer, file, plots));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// The range and its reasons; or that there is none, and why.
fn first(answer: &Answer, level: f64) -> Vec<String> {
    match (&answer.headline, &answer.refused) {
        (Some(headline), _) => {
            let (low, high) = rounded(headline.low, headline.high, answer.observed);
            let said = format!(
                "Probably between {} and {} people, of whom {} are on a list.",
                output::grouped(low),
                output::grouped(high),
                output::grouped(answer.observed)
            );
            vec![folded(&said), folded(&headline.why)]
        }
        (None, Some(refused)) => {
            let said = format!(
                "No range: these lists cannot say how many people there are. {} {} on a list.",
                output::grouped(answer.observed),
                if answer.observed == 1 { "is" } else { "are" }
            );
            let mut parts = vec![folded(&said), folded(&format!("Why: {}.", refused.reason))];
            if !answer.estimates.is_empty() {
                parts.push(folded(
                    "What methods would say all the same. NOT to be relied on: it rests on nothing \
                     that these lists show.",
                ));
            }
            parts
        }
        (None, None) => vec![folded(&format!(
            "No range: only one method was asked for, which takes for granted what nobody can check. {} \
             people are on a list. An interval of {} holds only if the method's assumption does.",
            output::grouped(answer.observed),
            percent(level)
        ))],
    }
}

/// The chart, and which lists lean on each other by the methods that say so.
fn methods(answer: &Answer, level: f64) -> String {
    let mut text =
        format!("● estimate, ├─┤ its interval of {}; a logarithmic scale\n", percent(level));
    text.push_str(&chart(answer, scale(answer)));
    let with_terms: Vec<&Estimate> =
        answer.estimates.iter().filter(|one| !one.terms.is_empty()).collect();
    if !with_terms.is_empty() {
        text.push_str("\nlists that depend on each other, as the methods found\n");
    }
    for one in with_terms {
        text.push_str(&row(one.method.name(), &one.terms.join(", ")));
    }
    text
}

fn without_answer(answer: &Answer) -> String {
    let rows = answer.without_answer.iter().map(|(method, why)| row(method, why));
    let rows: String = rows.collect();
    if rows.is_empty() { rows } else { format!("methods without an answer\n{rows}") }
}

fn without_one_list(changed: &[Changed]) -> String {
    let mut rows = vec![["without", "seen", "range", "middle"].map(str::to_owned).to_vec()];
    rows.extend(changed.iter().map(|one| {
        let seen = output::grouped(one.observed);
        vec![one.lists.join(", "), seen, span(one.low, one.high), grouped(one.median)]
    }));
    table("the range when one list is left out", rows)
}

/// Two lists as one: only the two that move the middle most.
fn as_one(changed: &[Changed]) -> String {
    let mut sorted: Vec<&Changed> = changed.iter().collect();
    sorted.sort_by(|a, b| a.median.total_cmp(&b.median));
    let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else { return String::new() };
    folded(&format!(
        "With two lists taken as one the middle is between {} ({}) and {} ({}).",
        grouped(least.median),
        least.lists.join(" and "),
        grouped(most.median),
        most.lists.join(" and ")
    ))
}

fn known_lists(known: &[KnownList]) -> String {
    let mut rows = vec![["list", "its size", "range", ""].map(str::to_owned).to_vec()];
    rows.extend(known.iter().map(|one| {
        let held = if one.held { "held" } else { "NOT held" };
        vec![one.list.clone(), output::grouped(one.truth), span(one.low, one.high), held.to_owned()]
    }));
    table("the size of each list, as the other lists would have it", rows)
}

fn strata(estimated: &Estimated) -> String {
    let mut rows = vec![["stratum", "seen", "range", "middle"].map(str::to_owned).to_vec()];
    rows.extend(estimated.answer.strata.iter().map(|one| {
        let seen = output::grouped(one.observed);
        vec![one.stratum.clone(), seen, span(one.low, one.high), grouped(one.median)]
    }));
    table("the range of each stratum", rows)
}

fn linkage(estimated: &Estimated) -> String {
    let Some(linkage) = &estimated.answer.linkage else { return String::new() };
    let mut text = folded(&format!(
        "{} ways of linking people are in the range; {:.0} % of its variance comes from not knowing who is \
         whom. If the best one were certain: {}.",
        linkage.draws,
        100.0 * linkage.share_of_variance,
        span(linkage.low_if_links_were_certain, linkage.high_if_links_were_certain)
    ));
    let mut rows =
        vec![["method", "middle", "interval", "from linkage"].map(str::to_owned).to_vec()];
    rows.extend(linkage.methods.iter().map(|one| {
        let (middle, share) = (grouped(one.population), 100.0 * one.share_of_variance);
        let interval = span(one.interval.low, one.interval.high);
        vec![one.method.name().to_owned(), middle, interval, format!("{share:.0} %")]
    }));
    if rows.len() > 1 {
        text.push_str(&format!("\n{}", table("each way with its own model", rows)));
    }
    text
}

/// What to do next.
fn next(answer: &Answer, file: &Path, plots: &[PathBuf]) -> String {
    let mut text: String =
        plots.iter().map(|path| format!("written: {}\n", path.display())).collect();
    let file = file.display();
    if answer.refused.is_some() {
        text.push_str("next: docs/src/estimating.md says what lists must be like\n");
    } else if plots.is_empty() && answer.headline.is_some() {
        text.push_str(&format!("next: see it drawn:\n  clearway estimate {file} --plots plots\n"));
    } else if answer.headline.is_some() {
        text.push_str("next: docs/METHODS.md says which method to believe when\n");
    } else {
        text.push_str(&format!(
            "next: every method, and a range if the lists allow one:\n  clearway estimate {file}\n"
        ));
    }
    text
}

/// A table under a heading; nothing when it has only its head.
fn table(heading: &str, rows: Vec<Vec<String>>) -> String {
    if rows.len() < 2 {
        return String::new();
    }
    // Numbers end under each other.
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let right = |(at, cell): (usize, &String)| match at {
        0 => cell.clone(),
        _ => format!("{cell:>width$}", width = widths[at]),
    };
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().enumerate().map(right).collect()).collect();
    format!("{heading}\n{}", output::columns(&rows))
}

/// A name, and words beside it that may go over several lines.
fn row(name: &str, words: &str) -> String {
    format!("{}\n", output::fold(&format!("{name:<14}  {words}"), WIDTH, 16))
}

fn folded(words: &str) -> String {
    format!("{}\n", output::fold(words, WIDTH, 0))
}

/// From where to where, as the plots say it; an end that no replicate gave is infinite.
pub(super) fn span(low: f64, high: f64) -> String {
    charts::span(low, high, grouped)
}

fn percent(level: f64) -> String {
    format!("{} %", (level * 1000.0).round() / 10.0)
}

/// A number of people that is no whole number, as one.
pub(super) fn grouped(people: f64) -> String {
    output::grouped(people.round() as u64)
}
