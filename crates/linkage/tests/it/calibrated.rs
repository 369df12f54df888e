//! Whether the probabilities of pairs mean what they say, on a hard list with truth.

use linkage::{
    ClusterSettings, Constraints, Settings, calibration, link_pairs, read_people, score_pairs,
};
use simulation::{PeopleSetPlan, PeopleSetRow, people_set};

/// A list of people from nine agencies, as a file.
fn people_file(records: u64, seed: u64) -> String {
    let mut file = PeopleSetRow::COLUMNS.join(",") + "\n";
    let plan = PeopleSetPlan { records, seed, ..PeopleSetPlan::default() };
    people_set(&plan, &mut |row| {
        file.push_str(&row.cells().join(","));
        file.push('\n');
        Ok(())
    })
    .unwrap();
    file
}

#[test]
fn pairs_are_as_sure_as_is_said() {
    let file = read_people(people_file(30_000, 11).as_bytes(), Some("truth_id")).unwrap();
    let (people, truth) = (file.people, file.truth.unwrap());
    let scored = score_pairs(&people, &Settings::default(), &mut |_| {});
    let agency: Vec<u16> =
        (0..people.len() as u32).map(|record| people.agency(record) as u16).collect();
    let log_odds = |one, other| scored.model.log_odds(&people, one, other);
    let settings = ClusterSettings { review: 0, ..ClusterSettings::default() };
    let linked =
        link_pairs(&agency, &scored.pairs, &log_odds, &Constraints::default(), &settings).unwrap();
    let bins = calibration(&scored.pairs, &truth.person_of, &agency, &linked.penalties);
    let gap = |bin: &linkage::CalibrationBin| (bin.predicted - bin.observed).abs();
    let surest = bins.last().unwrap();
    assert!(surest.pairs > 10_000 && gap(surest) <= 0.03, "{bins:?}");
    // In the others a gap also has to be more than chance, and is never a large one.
    for bin in &bins {
        let chance = (bin.predicted * (1.0 - bin.predicted) / bin.pairs.max(1) as f64).sqrt();
        assert!(gap(bin) <= 0.13 + 2.0 * chance, "{bin:?}");
    }
}
