//! One component, from its pairs to its people and draws.
//!
//! In: what all components share ([`Shared`]) and the number of one. Out, into a [`Part`]: its
//! people, the probability of each record, merges, what is uncertain, and what its draws count.

use super::agglomerate::{Agglomeration, Joined};
use super::components::Components;
use super::cores::Cores;
use super::draws::{DrawSettings, LARGE, draw};
use super::evidence::{Edge, Evidence};
use super::groups::Groups;
use super::review::Undecided;
use super::settings::{ClusterSettings, Constraints};
use super::tally::Tally;
use super::uncertain::{CERTAIN, Uncertain, uncertain};
use super::{Merge, ScoredPair};

/// Pairs below this (a probability of 0.03) are no reason to ask whether two groups are one.
pub(super) const FLOOR: f32 = -3.5;

/// Draws do not tell more.
pub(super) const MOST_SURE: f32 = 0.999;

/// Pairs that reviewers decided, by their places in a component.
pub(super) type Decided = Vec<(u32, u32)>;

/// What one part of the components comes to.
pub(super) struct Part {
    /// For each record of the part's components, in their order: the smallest record with it.
    pub(super) smallest: Vec<u32>,
    pub(super) probability: Vec<f32>,
    pub(super) merges: Vec<Merge>,
    pub(super) undecided: Vec<Undecided>,
    pub(super) refused_for_size: u32,
    pub(super) tally: Tally,
}

/// Everything that is the same for all components.
pub(super) struct Shared<'a, F> {
    /// The number of each record in the whole table, ascending, when this is a part of one.
    pub(super) numbers: Option<&'a [u32]>,
    pub(super) agency: &'a [u16],
    pub(super) pairs: &'a [ScoredPair],
    pub(super) components: &'a Components,
    pub(super) log_odds: &'a F,
    pub(super) settings: &'a ClusterSettings,
    pub(super) constraints: &'a Constraints,
    pub(super) penalties: &'a [f32],
    pub(super) threshold: f32,
    /// The shift of the clustering, then that of each draw.
    pub(super) shift: f32,
    pub(super) shifts: Vec<f32>,
}

/// What draws ask for of a core.
struct Placed {
    /// The person that its records are of.
    person: u32,
    /// Its records.
    size: u32,
    /// The records of the person that are uncertain together.
    whole: u32,
    lists: u16,
}

impl<F: Fn(u32, u32) -> f32 + Sync> Shared<'_, F> {
    pub(super) fn draw_settings(&self) -> DrawSettings<'_> {
        DrawSettings {
            seed: self.settings.seed,
            penalties: self.penalties,
            largest: self.settings.largest as usize,
            shifts: &self.shifts,
        }
    }

    /// The smallest record of a part, by its number in the whole table.
    pub(super) fn name(&self, part: &Uncertain, records: &[u32]) -> u32 {
        let record = records[part.cores.records(0)[0] as usize];
        self.numbers.map_or(record, |numbers| numbers[record as usize])
    }

    /// What reviewers decided within a component, by place, and its pairs into `edges`.
    pub(super) fn decided(&self, component: usize, edges: &mut Vec<Edge>) -> (Decided, Decided) {
        let (records, pairs) = self.components.get(component);
        let place = |record: u32| self.components.place[record as usize];
        edges.clear();
        edges.extend(pairs.iter().map(|index| {
            let pair = self.pairs[*index as usize];
            Edge { one: place(pair.first), two: place(pair.second), log_odds: pair.log_odds }
        }));
        let here = |decisions: &[(u32, u32)]| -> Decided {
            let both = |(one, two): &&(u32, u32)| {
                records.binary_search(one).is_ok() && records.binary_search(two).is_ok()
            };
            decisions.iter().filter(both).map(|(one, two)| (place(*one), place(*two))).collect()
        };
        (here(&self.constraints.same), here(&self.constraints.different))
    }

    /// An agglomeration of a component at its start.
    pub(super) fn start<'b>(
        &'b self,
        component: usize,
        edges: &[Edge],
        same: &[(u32, u32)],
        forbidden: &'b [(u32, u32)],
        shift_and_lowest: (f32, f32),
    ) -> Agglomeration<'b, F, impl Fn(u32) -> u16 + use<'b, F>> {
        let (records, _) = self.components.get(component);
        Agglomeration::new(
            Evidence::new(records, edges, self.log_odds),
            edges,
            |record: u32| self.agency[records[record as usize] as usize],
            self.penalties,
            same,
            forbidden,
            self.settings.largest as usize,
            shift_and_lowest,
        )
    }

    pub(super) fn component(&self, component: usize, edges: &mut Vec<Edge>, out: &mut Part) {
        let (records, _) = self.components.get(component);
        let (same, forbidden) = self.decided(component, edges);
        let lowest = self.threshold.max(FLOOR + self.shift);
        let mut work = self.start(component, edges, &same, &forbidden, (self.shift, lowest));
        work.merge_down_to(lowest.max(CERTAIN + self.shift));
        let (parts, alone) = uncertain(&mut work, edges, FLOOR);
        work.merge_down_to(lowest);
        self.undecided(&mut work, edges, records, &mut out.undecided);
        let mut smallest = vec![u32::MAX; records.len()];
        let groups: Vec<u32> = work
            .groups
            .all()
            .map(|(record, group)| {
                let first = &mut smallest[group as usize];
                *first = record.min(*first);
                *first
            })
            .collect();
        out.smallest.extend(groups.iter().map(|first| records[*first as usize]));
        out.merges.extend(work.joined.iter().map(|joined| Merge::of(joined, records)));
        out.refused_for_size += work.refused_for_size;
        let start = out.probability.len();
        out.probability.resize(start + records.len(), MOST_SURE);
        let alone = alone.numbers().map(|core| self.lists(alone.agencies(core)));
        alone.for_each(|lists| out.tally.add_to_all(lists));
        let mut records_of = vec![0; records.len()];
        for part in &parts {
            let name = self.name(part, records);
            let cores = self.placed(&part.cores, &groups, &mut records_of);
            let shares = self.draws(part, name, &cores, &mut out.tally);
            for (core, share) in part.cores.numbers().zip(shares) {
                for record in part.cores.records(core) {
                    out.probability[start + *record as usize] = share;
                }
            }
        }
    }

    /// The lists of records of these agencies.
    fn lists(&self, agencies: &[u16]) -> u16 {
        agencies.iter().fold(0, |lists, agency| lists | self.list(*agency))
    }

    pub(super) fn list(&self, agency: u16) -> u16 {
        self.settings.lists.get(usize::from(agency)).map_or(0, |list| 1 << *list)
    }

    /// What a draw asks for of each core, with the people in `groups`. `records_of` has a zero for
    /// each record of the component, and has them again afterwards.
    fn placed(&self, cores: &Cores, groups: &[u32], records_of: &mut [u32]) -> Vec<Placed> {
        let person = |core: u32| groups[cores.records(core)[0] as usize];
        let size = |core: u32| cores.records(core).len() as u32;
        cores.numbers().for_each(|core| records_of[person(core) as usize] += size(core));
        let placed = |core: u32| Placed {
            person: person(core),
            size: size(core),
            whole: records_of[person(core) as usize],
            lists: self.lists(cores.agencies(core)),
        };
        let placed = cores.numbers().map(placed).collect();
        cores.numbers().for_each(|core| records_of[person(core) as usize] = 0);
        placed
    }

    /// Counts the people of each draw. Gives for each core how probable it is that its records
    /// belong where they are placed.
    fn draws(&self, part: &Uncertain, name: u32, cores: &[Placed], tally: &mut Tally) -> Vec<f32> {
        let take = |(tally, shared): &mut (Tally, Vec<f32>), number: usize, drawn: &Groups| {
            for (((core, group), here), shared) in drawn.all().zip(cores).zip(shared) {
                let members = drawn.members(group).map(|core| &cores[core as usize]);
                if core == group {
                    tally.add(number, members.clone().fold(0, |all, core| all | core.lists));
                }
                *shared += if here.whole == 1 {
                    f32::from(u8::from(drawn.size(group) == 1))
                } else {
                    let same = members.filter(|core| core.person == here.person);
                    let same: u32 = same.map(|core| core.size).sum();
                    (same - 1) as f32 / (here.whole - 1) as f32
                };
            }
        };
        let like = (part.tossed >= LARGE).then(|| tally.empty());
        let empty = || (like.clone().unwrap_or_default(), vec![0.0_f32; part.cores.len()]);
        let join = |sum: &mut (Tally, Vec<f32>), more: (Tally, Vec<f32>)| {
            sum.0.merge(&more.0);
            sum.1.iter_mut().zip(more.1).for_each(|(sum, more)| *sum += more);
        };
        let mut sum = (std::mem::take(tally), vec![0.0_f32; part.cores.len()]);
        draw(part, name, self.draw_settings(), &mut sum, take, empty, join);
        let shared;
        (*tally, shared) = sum;
        let share = |sum: f32| (sum / self.shifts.len() as f32).clamp(1.0 - MOST_SURE, MOST_SURE);
        shared.into_iter().map(share).collect()
    }

    /// What is uncertain once the people are made: between them, and merges within.
    pub(super) fn undecided<A: Fn(u32) -> u16>(
        &self,
        work: &mut Agglomeration<'_, F, A>,
        edges: &[Edge],
        records: &[u32],
        undecided: &mut Vec<Undecided>,
    ) {
        if self.settings.review == 0 {
            return;
        }
        for joined in &work.joined {
            undecided.extend(Undecided::of(joined, records, true));
        }
        let mut between: Vec<(u32, u32)> = edges
            .iter()
            .filter(|edge| edge.log_odds >= FLOOR)
            .map(|edge| (work.groups.of(edge.one), work.groups.of(edge.two)))
            .map(|(one, two)| (one.min(two), one.max(two)))
            .filter(|(one, two)| one != two && !work.is_forbidden(*one, *two))
            .collect();
        between.sort_unstable();
        between.dedup();
        for (one, two) in between {
            if let Some(judged) = work.judge(one, two) {
                undecided.extend(Undecided::of(&judged, records, false));
            }
        }
    }
}

impl Merge {
    fn of(joined: &Joined, records: &[u32]) -> Merge {
        let record = |place: u32| records[place as usize];
        let (strongest, weakest) = (joined.across.strongest, joined.across.weakest);
        Merge {
            first: record(strongest.one),
            second: record(strongest.two),
            strongest: strongest.log_odds,
            weakest_first: record(weakest.one),
            weakest_second: record(weakest.two),
            weakest: weakest.log_odds,
            pairs: joined.across.pairs,
            penalty: joined.penalty,
            support: joined.support,
        }
    }
}
