//! Rows gathered from all partitions to the weights.

use linkage::Settings;
use linkage::partitioned::{Draws, Gather, KEY_NUMBERS, Learnt, Sample, Values, entry_key};

use super::block::{Blocks, sorted};
use super::plan::Plan;
use super::{PREPARED, Prepared, apart, rows_of};
use crate::QueryError;

/// Learns the weights.
pub(super) fn learn(
    mut values: Values,
    parts: &[Prepared],
    blocks: &Blocks,
    plan: &Plan,
    settings: &Settings,
) -> Result<Learnt, QueryError> {
    let mut draws = Draws::default();
    while let Some((pairs, mut gather)) = draws.draw(&values) {
        rows_of(parts, |record, row| {
            // Pairs drawn at random need no keys.
            gather.look(&values, record, &row, || [0; KEY_NUMBERS]);
            Ok(())
        })?;
        draws.compare(&values, &pairs, &gather);
    }
    let strangers = draws.finish(&mut values);
    let mut sample = Sample::new(blocks.pairs, settings);
    let mut runs = sample.runs();
    for (pass, ranges) in blocks.done.iter().enumerate() {
        for range in ranges {
            let mut key = None;
            for entry in sorted(range)? {
                // Blocks are compared whole.
                if sample.len() >= plan.sample && key != Some(entry_key(entry)) {
                    compare(&mut sample, &values, parts)?;
                }
                key = Some(entry_key(entry));
                if runs.learnt_from(entry) {
                    sample.push(pass, entry);
                }
            }
        }
        runs.end_pass();
    }
    compare(&mut sample, &values, parts)?;
    Ok(sample.learn(values, strangers, settings))
}

fn compare(sample: &mut Sample, values: &Values, parts: &[Prepared]) -> Result<(), QueryError> {
    let mut gather: Gather = sample.gather();
    rows_of(parts, |record, prepared: [u64; PREPARED]| {
        let (row, keys) = apart(&prepared);
        gather.look(values, record, &row, || keys);
        Ok(())
    })?;
    sample.compare(values, gather);
    Ok(())
}
