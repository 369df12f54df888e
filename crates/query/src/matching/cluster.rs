//! Scored pairs to people, some components at a time.

use linkage::partitioned::{Learnt, ROW_NUMBERS, RowNumbers, agency_of};
use linkage::{ALONE, Chunk, Clustered, Clustering, PairSums, Trees, number_people, sample_every};

use super::numbers::{Numbers, Writer};
use super::score::{Pairs, pair};
use super::{MatchQuestion, Prepared, Work, finish, rows_of};
use crate::QueryError;

/// People, and for each record which it is.
pub(super) struct People {
    pub(super) clustered: Clustered,
    pub(super) clusters: u32,
    pub(super) cluster_of: Vec<u32>,
    pub(super) probability: Vec<f32>,
}

/// A record and its row.
const RECORD: usize = ROW_NUMBERS + 1;

/// Clusters all components.
pub(super) fn cluster(
    question: &MatchQuestion<'_>,
    work: &Work,
    learnt: &Learnt,
    parts: &[Prepared],
    pairs: &[Pairs],
    agencies: usize,
) -> Result<People, QueryError> {
    let mut of_agency = vec![0; agencies];
    let mut records = 0;
    rows_of(parts, |_, row: RowNumbers| {
        of_agency[usize::from(agency_of(&row))] += 1;
        records += 1;
        Ok(())
    })?;
    let mut sums = PairSums::default();
    let mut trees = Trees::new(records);
    let mut within: Writer<1> = work.writer("within");
    for file in pairs {
        file.each(|numbers| {
            let (pair, agency) = pair(numbers);
            let (asked, tells) = sums.add(pair.log_odds);
            if asked {
                trees.join(pair.first, pair.second);
            }
            match agency {
                Some(_) if tells => within.push([numbers[1]]),
                _ => Ok(()),
            }
        })?;
    }
    let within = within.finish()?;
    let settings = question.clustering.clone();
    let clustering = Clustering::new(settings, &sums, &of_agency, |take| {
        within.each(|[number]| {
            if let (scored, Some(agency)) = pair([0, number]) {
                take(agency, scored.log_odds);
            }
            Ok(())
        })
    })?;
    let components = Components::of(trees.into_roots(), work.plan.chunk);
    let chunks = spread(work, &components, clustering, parts, pairs, agencies)?;
    drop(components);
    people(learnt, chunks, records)
}

/// Components of two or more records, and in which chunk each is.
struct Components {
    /// The smallest record of each record's component.
    roots: Vec<u32>,
    /// What there is to know of the component with this smallest record.
    kinds: Vec<u8>,
    /// The smallest record of the first component of each chunk.
    starts: Vec<u32>,
}

/// A component of two or more records.
const TOGETHER: u8 = 1;
/// One from which the shift is learnt.
const SAMPLED: u8 = 2;

impl Components {
    fn of(roots: Vec<u32>, most: usize) -> Components {
        let mut sizes = vec![0_u32; roots.len()];
        roots.iter().for_each(|root| sizes[*root as usize] += 1);
        let together = || sizes.iter().map(|size| *size as usize).filter(|size| *size > 1);
        let every = sample_every(together().sum());
        let (mut starts, mut kinds) = (vec![0], vec![0; roots.len()]);
        let (mut in_chunk, mut number) = (0, 0);
        for (root, size) in (0..).zip(&sizes).filter(|(_, size)| **size > 1) {
            let sampled = if number % every == 0 { SAMPLED } else { 0 };
            kinds[root as usize] = TOGETHER | sampled;
            number += 1;
            let size = *size as usize;
            if in_chunk > 0 && in_chunk + size > most {
                starts.push(root);
                in_chunk = 0;
            }
            in_chunk += size;
        }
        Components { roots, kinds, starts }
    }

    /// The chunk of a record's component, and whether it is in the sample; none when it is alone.
    fn chunk(&self, record: u32) -> Option<(usize, bool)> {
        let root = self.roots[record as usize];
        let kind = self.kinds[root as usize];
        let chunk = self.starts.partition_point(|start| *start <= root) - 1;
        (kind != 0).then_some((chunk, kind & SAMPLED != 0))
    }
}

/// Rows and pairs by chunk, and those of the sample.
struct Chunks {
    clustering: Clustering,
    rows: Vec<Numbers<RECORD>>,
    pairs: Vec<Numbers<2>>,
    sample: (Numbers<RECORD>, Numbers<2>),
}

fn spread(
    work: &Work,
    components: &Components,
    mut clustering: Clustering,
    parts: &[Prepared],
    pairs: &[Pairs],
    agencies: usize,
) -> Result<Chunks, QueryError> {
    let chunks = components.starts.len();
    let mut chunk_rows: Vec<Writer<RECORD>> = work.writers("chunk-rows", chunks);
    let mut chunk_pairs: Vec<Writer<2>> = work.writers("chunk-pairs", chunks);
    let (mut sample_rows, mut sample_pairs) =
        (work.writer("sample-rows"), work.writer("sample-pairs"));
    let mut alone = vec![0; agencies];
    rows_of(parts, |record, row: RowNumbers| {
        let Some((chunk, sampled)) = components.chunk(record) else {
            alone[usize::from(agency_of(&row))] += 1;
            return Ok(());
        };
        let mut numbers = std::iter::once(u64::from(record)).chain(row);
        let numbers = std::array::from_fn(|_| numbers.next().unwrap_or_default());
        if sampled {
            sample_rows.push(numbers)?;
        }
        chunk_rows[chunk].push(numbers)
    })?;
    (0..).zip(alone).for_each(|(agency, records)| clustering.alone(agency, records));
    let root = |record: u32| components.roots[record as usize];
    for file in pairs {
        file.each(|numbers| {
            let (scored, within) = pair(numbers);
            let together = root(scored.first) == root(scored.second);
            let chunk = components.chunk(scored.first).filter(|_| together);
            clustering.see(scored.log_odds, within, chunk.is_some());
            let Some((chunk, sampled)) = chunk else { return Ok(()) };
            if sampled {
                sample_pairs.push(numbers)?;
            }
            chunk_pairs[chunk].push(numbers)
        })?;
    }
    let (rows, pairs) = (finish(chunk_rows)?, finish(chunk_pairs)?);
    let sample = (sample_rows.finish()?, sample_pairs.finish()?);
    Ok(Chunks { clustering, rows, pairs, sample })
}

fn people(learnt: &Learnt, chunks: Chunks, records: usize) -> Result<People, QueryError> {
    let Chunks { mut clustering, rows, pairs, sample } = chunks;
    clustering.look(learnt, load(&sample.0, &sample.1)?);
    drop(sample);
    let mut cluster_of: Vec<u32> = (0..).take(records).collect();
    let mut probability = vec![ALONE; records];
    for (rows, pairs) in rows.into_iter().zip(pairs) {
        for (record, smallest, probable) in clustering.cluster(learnt, &load(&rows, &pairs)?) {
            cluster_of[record as usize] = smallest;
            probability[record as usize] = probable;
        }
    }
    let clusters = number_people(&mut cluster_of);
    Ok(People { clustered: clustering.finish(), clusters, cluster_of, probability })
}

fn load(rows: &Numbers<RECORD>, pairs: &Numbers<2>) -> Result<Chunk, QueryError> {
    let mut chunk = Chunk::with_room(rows.rows as usize, pairs.rows as usize);
    rows.each(|numbers: [u64; RECORD]| {
        chunk.push(numbers[0] as u32, &std::array::from_fn(|at| numbers[at + 1]));
        Ok(())
    })?;
    pairs.each(|numbers| {
        chunk.push_pair(pair(numbers).0);
        Ok(())
    })?;
    Ok(chunk)
}
