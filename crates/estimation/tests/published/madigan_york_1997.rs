//! Madigan and York 1997, "Bayesian methods for estimation of the size of a closed population",
//! Biometrika 84(1), as the R package dga 2.0.2 has it.
//!
//! What `expected.json` says of dga was measured on 1,000 numbers of unseen people, equally spaced
//! from 1 to 30 times the people seen; dga has no numbers of its own. On these we say the same whole
//! people, in diagnostics. They are not harmless: on HAV the median is 321 on them and 380 on all
//! whole numbers to the same end. So what we say to be the population is compared with all whole
//! numbers, summed one by one by a separate program.

use estimation::decomposable::{
    DGA_NUMBERS, DGA_TIMES_SEEN, DecomposableSettings, average_decomposable,
};
use estimation::{Diagnostic, Estimate};

use crate::tables::{expected, table};

fn number(estimate: &Estimate, name: &str) -> f64 {
    match &estimate.diagnostics[name] {
        Diagnostic::Number(number) => *number,
        other => panic!("{name}: {other:?}"),
    }
}

/// To 30 times the people seen: low end, median, high end; the graph of the highest weight and
/// its weight; the mean.
#[test]
fn all_whole_numbers_to_thirty_times_the_people_seen() {
    let all = [
        ("Korea", [127.0, 163.0, 468.0], "b:c c:d", 0.702534, 207.770014),
        ("HAV", [272.0, 380.0, 1_653.0], "P:Q:E", 0.565848, 480.267227),
        ("Diabetes", [2_376.0, 2_471.0, 2_589.0], "L1:L3 L2:L4 L3:L4", 0.987387, 2_474.109886),
        (
            "Kosovo",
            [9_827.0, 12_595.0, 16_544.0],
            "EXH:ABA:OSCE EXH:OSCE:HRW",
            0.985514,
            12_749.349598,
        ),
        (
            "UKdat_5",
            [10_387.0, 22_990.0, 33_510.0],
            "LA:NG:PFNCA PFNCA:GO NG:GP",
            0.443433,
            21_282.242080,
        ),
    ];
    for (name, people, graph, weight, mean) in all {
        let histories = table(name);
        let most_unseen = Some(30 * histories.people());
        let settings = DecomposableSettings { most_unseen, ..DecomposableSettings::default() };
        let estimate = average_decomposable(&histories, &settings).unwrap();
        let interval = estimate.interval.unwrap();
        for (found, expected) in
            [interval.low, estimate.population, interval.high].into_iter().zip(people)
        {
            assert!((found - expected).abs() <= 1.0, "{name}: {found}, expected {expected}");
        }
        assert_eq!(estimate.terms.join(" "), graph, "{name}");
        let found = number(&estimate, "best_graph_weight");
        assert!((found / weight - 1.0).abs() < 1e-4, "{name}: {found}, expected {weight}");
        let found = number(&estimate, "mean");
        assert!((found / mean - 1.0).abs() < 1e-5, "{name}: {found}, expected {mean}");
    }
}

/// Median and both ends, with the complete graph: 15 of 15 the same whole people.
#[test]
fn on_a_thousand_numbers_as_dga_says() {
    let mut compared = 0;
    for one in expected("dga") {
        let name = one["table"].as_str().unwrap();
        let settings = DecomposableSettings::default();
        let estimate = average_decomposable(&table(name), &settings).unwrap();
        let ends = &one["ci95"];
        let expected =
            [("dga_median", &one["estimate"]), ("dga_low", &ends[0]), ("dga_high", &ends[1])];
        for (diagnostic, dga) in expected {
            let found = number(&estimate, diagnostic);
            assert_eq!(Some(found), dga.as_f64(), "{name}: {diagnostic}");
            compared += 1;
        }
    }
    assert_eq!(compared, 15);
}

/// Where the complete graph has no weight, nothing bounds the number unseen and nothing needs to:
/// the population is within one of dga's 1,000 steps of dga's. Elsewhere a sentence warns.
#[test]
fn without_a_bound_within_one_step_of_dga() {
    let mut compared = 0;
    for name in ["Korea", "HAV", "Diabetes", "Kosovo", "UKdat_5"] {
        let histories = table(name);
        let estimate = average_decomposable(&histories, &DecomposableSettings::default()).unwrap();
        if number(&estimate, "complete_graph_weight") > 1e-3 {
            assert!(estimate.diagnostics.contains_key("caution"), "{name}");
            continue;
        }
        compared += 1;
        let interval = estimate.interval.unwrap();
        let last = (DGA_TIMES_SEEN * histories.people() - 1) as f64;
        let step = last / f64::from(DGA_NUMBERS - 1);
        for (found, diagnostic) in [
            (estimate.population, "dga_median"),
            (interval.low, "dga_low"),
            (interval.high, "dga_high"),
        ] {
            let dga = number(&estimate, diagnostic);
            assert!((found - dga).abs() <= step, "{name}: {found}, dga {dga}, step {step}");
        }
    }
    assert_eq!(compared, 3);
}

/// Six lists: no published answer; it must agree with the log-linear estimate of independence,
/// which is 75, about what all published models of this table say.
#[test]
fn six_lists_of_hares() {
    let estimate = average_decomposable(&table("hare"), &DecomposableSettings::default()).unwrap();
    assert_eq!(number(&estimate, "graphs"), 18_154.0);
    let interval = estimate.interval.unwrap();
    assert!(interval.low <= 75.07 && 75.07 <= interval.high, "{interval:?}");
}
