//! The methods as rows of a small chart: `├───●────┤` on a logarithmic scale, 80 columns wide.

use estimation::{Answer, Estimate};
use report::charts::LogScale;

use super::panel::{grouped, span};

/// Columns of the whole chart, and at least for the drawing.
const WIDTH: usize = 80;
const LEAST: usize = 16;

/// The range, every method, and the axis below them.
pub(super) fn chart(answer: &Answer, scale: LogScale) -> String {
    let range = answer.headline.as_ref().map(|range| (range.low, range.high));
    let populations = answer.estimates.iter().map(|one| grouped(one.population).len());
    let digits = widest(populations);
    let named = answer.estimates.iter().map(|one| (one.method.name(), numbers(one, digits)));
    let mut words: Vec<(&str, String)> = named.collect();
    if let Some((low, high)) = range {
        words.insert(0, ("the range", span(low, high)));
    }
    let label = widest(words.iter().map(|(name, _)| name.len()));
    let numbers = widest(words.iter().map(|(_, numbers)| numbers.len()));
    let width = WIDTH.saturating_sub(label + numbers + 4).max(LEAST);
    let drawn = range.map(|(low, high)| band(scale, width, low, high));
    let drawn = drawn.into_iter().chain(answer.estimates.iter().map(|one| row(scale, width, one)));
    let mut text = String::new();
    for ((name, numbers), drawn) in words.iter().zip(drawn) {
        text.push_str(format!("{name:<label$}  {drawn:<width$}  {numbers}").trim_end());
        text.push('\n');
    }
    let [marks, names] = axis(scale, width, answer.observed as f64);
    let indent = " ".repeat(label + 2);
    text.push_str(&format!("{indent}{marks}\n{indent}{names}\n"));
    text
}

fn widest(widths: impl Iterator<Item = usize>) -> usize {
    widths.max().unwrap_or(0)
}

/// `11,313  9,889 to 13,018`, or `1,408  494 or more`; the estimate alone when it has no interval.
fn numbers(one: &Estimate, digits: usize) -> String {
    let population = format!("{:>digits$}", grouped(one.population));
    let interval = one
        .interval
        .map_or(String::new(), |interval| format!("  {}", span(interval.low, interval.high)));
    population + &interval
}

/// The column of a number, the ends of the drawing for those beyond it.
fn column(scale: LogScale, width: usize, number: f64) -> usize {
    let last = width - 1;
    (scale.share(number).clamp(0.0, 1.0) * last as f64).round() as usize
}

fn band(scale: LogScale, width: usize, low: f64, high: f64) -> String {
    let (from, to) = (column(scale, width, low), column(scale, width, high));
    format!("{}{}", " ".repeat(from), "▇".repeat(to - from + 1))
}

fn row(scale: LogScale, width: usize, one: &Estimate) -> String {
    let mut cells = vec![' '; width];
    let end = |number: f64, mark: char, cells: &mut Vec<char>| {
        let beyond = if scale.share(number) > 1.0 { '▶' } else { '◀' };
        let at = column(scale, width, number);
        cells[at] = if scale.holds(number) { mark } else { beyond };
        at
    };
    if let Some(interval) = one.interval {
        let from = end(interval.low, '├', &mut cells);
        let to = end(interval.high, '┤', &mut cells);
        if from + 1 < to {
            cells[from + 1..to].fill('─');
        }
    }
    end(one.population, '●', &mut cells);
    cells.into_iter().collect::<String>().trim_end().to_owned()
}

/// The line of the axis with its marks, and the numbers under them: those who were seen first.
fn axis(scale: LogScale, width: usize, observed: f64) -> [String; 2] {
    let mut marks = vec!['─'; width];
    let mut names = vec![' '; width];
    let mut free = 0;
    let seen = format!("{} seen", grouped(observed));
    let ticks = scale.ticks(width / 9).into_iter().map(|tick| (tick, grouped(tick)));
    for (number, name) in std::iter::once((observed, seen)).chain(ticks) {
        let at = column(scale, width, number);
        let length = name.chars().count();
        let start = at.saturating_sub(length / 2).min(width.saturating_sub(length));
        // A name that would touch the one before it is left out, with its mark.
        if start < free || length > width {
            continue;
        }
        marks[at] = if free == 0 { '├' } else { '┴' };
        names.splice(start..start + length, name.chars());
        free = start + length + 1;
    }
    [marks.into_iter().collect(), names.into_iter().collect::<String>().trim_end().to_owned()]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use estimation::{Checks, Interval, IntervalKind, Method};

    use super::*;

    fn one(method: Method, population: f64, ends: Option<(f64, f64)>) -> Estimate {
        let kind = IntervalKind::Bca;
        let interval = ends.map(|(low, high)| Interval { level: 0.95, low, high, kind });
        Estimate {
            method,
            terms: Vec::new(),
            population,
            interval,
            aic: None,
            bic: None,
            diagnostics: BTreeMap::new(),
        }
    }

    #[test]
    fn an_interval_without_an_upper_end_says_so() {
        let without_end = one(Method::Bic, 1408.0, Some((494.2, f64::INFINITY)));
        assert_eq!(numbers(&without_end, 5), "1,408  494 or more");
        let nowhere = one(Method::Bic, 1408.0, Some((f64::INFINITY, f64::INFINITY)));
        assert_eq!(numbers(&nowhere, 5), "1,408  no end found");
    }

    #[test]
    fn rows_stand_on_one_scale_and_say_what_is_beyond_it() {
        let answer = Answer {
            lists: Vec::new(),
            observed: 1000,
            estimates: vec![
                one(Method::Stepwise, 2000.0, Some((1500.0, 4000.0))),
                one(Method::Bic, 3000.4, Some((1000.0, 123_456.0))),
                one(Method::Independence, 1e9, None),
            ],
            without_answer: BTreeMap::new(),
            headline: None,
            refused: None,
            checks: Checks::default(),
        };
        let drawn = chart(&answer, LogScale::new(1000.0, 10_000.0));
        let wanted = "\
stepwise            ├───●────────┤                       2,000  1,500 to 4,000
bic           ├──────────────●────────────────▶          3,000  1,000 to 123,456
independence                                  ▶  1,000,000,000
              ├──────────────┴────────────────┴
              1,000 seen   3,000         10,000
";
        assert_eq!(drawn, wanted, "\n{drawn}");
        assert!(drawn.lines().all(|line| line.chars().count() <= WIDTH));
    }
}
