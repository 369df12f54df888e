//! What a person is shown of people found.

use super::PeopleFound;
use crate::output::{self, grouped};

/// Columns for a bar.
const WIDTH: u64 = 40;

/// Agencies whose overlap fits the width.
const MOST_SHOWN: usize = 9;

pub(super) fn text(found: &PeopleFound) -> String {
    let count = &found.count;
    let mut text = format!(
        "people in {}, each counted once\n\n{}",
        found.what,
        output::columns(&[
            vec!["records (raw)".to_owned(), grouped(count.records)],
            vec!["people".to_owned(), grouped(count.persons)],
            vec![
                "in 95 of 100 draws".to_owned(),
                format!("{} to {}", grouped(count.low), grouped(count.high)),
            ],
        ])
    );
    let (low, high) = count.assumed_missed;
    let assumed = format!(
        "assumed, not measured: {:.0} to {:.0} in 100 merges are missed because a record is too \
         poor; with none missed, {} people",
        low * 100.0,
        high * 100.0,
        grouped(count.persons_drawn)
    );
    text.push_str(&format!("{}\n", output::fold(&assumed, 100, 2)));
    for remark in &found.remarks {
        text.push_str(&format!("{}\n", output::fold(remark, 100, 2)));
    }
    text.push_str(&sizes(&count.sizes));
    text.push_str(&overlap(found));
    text.push_str(&scores(found));
    if !found.ignored.is_empty() {
        let ignored = format!("\nignored columns: {}", found.ignored.join(", "));
        text.push_str(&format!("{}\n", output::fold(&ignored, 100, 2)));
    }
    let seconds: f64 = found.seconds.values().sum();
    text.push_str(&format!(
        "\n{} written in {seconds:.1} s: a row for each record, with its person\n",
        found.out.display()
    ));
    text.push_str(&found.next);
    text
}

/// How many people have one record, two, and so on, as bars.
fn sizes(sizes: &[u64]) -> String {
    let most = sizes.iter().copied().max().unwrap_or(0).max(1);
    let mut rows = Vec::new();
    let (shown, rest) = sizes.split_at(sizes.len().min(6));
    let rest: u64 = rest.iter().sum();
    let labels = ["1 record", "2", "3", "4", "5", "6"].map(str::to_owned);
    let more = (rest > 0).then(|| (format!("7 to {}", sizes.len()), rest));
    for (label, people) in labels.into_iter().zip(shown.iter().copied()).chain(more) {
        // Anything at all shows.
        let bar = (people * WIDTH / most).max(u64::from(people > 0));
        rows.push(vec![label, grouped(people), "▇".repeat(bar as usize)]);
    }
    format!("\npeople by their number of records\n{}", output::columns(&rows))
}

/// People whom two agencies have, for each two.
fn overlap(found: &PeopleFound) -> String {
    let overlap = &found.count.overlap;
    let mut present: Vec<usize> =
        (0..overlap.len()).filter(|agency| overlap[*agency][*agency] > 0).collect();
    if present.len() < 2 {
        return String::new();
    }
    present.sort_by_key(|agency| std::cmp::Reverse(overlap[*agency][*agency]));
    let left_out = present.len().saturating_sub(MOST_SHOWN);
    present.truncate(MOST_SHOWN);
    let name = |agency: usize| {
        let name = found.agencies.get(agency).cloned().unwrap_or_default();
        let name = if name.is_empty() { "(none)".to_owned() } else { name };
        // The name may hold what would move the cursor.
        let plain = name.chars().map(|c| if records::is_invisible(c) { '\u{fffd}' } else { c });
        plain.take(18).collect::<String>()
    };
    let mut header = vec!["people of".to_owned()];
    header.extend((1..=present.len()).map(|number| format!("{:>7}", format!("({number})"))));
    let mut rows = vec![header];
    for (number, one) in (1..).zip(&present) {
        let mut row = vec![format!("({number}) {}", name(*one))];
        row.extend(present.iter().map(|two| format!("{:>7}", grouped(overlap[*one][*two]))));
        rows.push(row);
    }
    let more = match left_out {
        0 => String::new(),
        left_out => format!("{left_out} smaller agencies are not shown\n"),
    };
    format!("\npeople whom two have, for each two\n{}{more}", output::columns(&rows))
}

/// How the answer compares with the truth, when it was named.
fn scores(found: &PeopleFound) -> String {
    let Some((scores, _)) = &found.scores else { return String::new() };
    let row = |what: &str, rates: &linkage::Rates| {
        let number = |rate: f64| format!("{rate:.3}");
        vec![what.to_owned(), number(rates.precision), number(rates.recall), number(rates.f1)]
    };
    let head = ["", "precision", "recall", "F1"].map(str::to_owned).to_vec();
    let held = (found.count.low..=found.count.high).contains(&scores.persons_true);
    format!(
        "\nheld against the truth: {} people, {} the interval\n{}",
        grouped(scores.persons_true),
        if held { "inside" } else { "outside" },
        output::columns(&[
            head,
            row("pairs", &scores.pairs),
            row("pairs across agencies", &scores.cross),
            row("whole people", &scores.clusters),
        ])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fit_and_anything_shows() {
        let text = sizes(&[1_000_000, 1, 0, 0, 0, 0, 3, 4]);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        assert!(text.contains("7 to 8"), "{text}");
        let bars: Vec<usize> = text.lines().skip(2).map(|line| line.matches('▇').count()).collect();
        assert_eq!(bars, [40, 1, 0, 0, 0, 0, 1]);
    }
}
