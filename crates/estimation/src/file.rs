//! The answer for a whole file: its table, its strata, and the ways in which people may be linked.

use rayon::prelude::*;
use serde::Serialize;

use crate::bootstrap::Resampling;
use crate::checks::range;
use crate::estimate::{Interval, IntervalKind, Method};
use crate::headline::headline;
use crate::histories::CaptureHistories;
use crate::methods::bootstrap_of;
use crate::normal;
use crate::panel::{Answer, Settings, default_order, estimate};
use crate::pooled::{Pooled, pooled, pooled_strata};
use crate::read::HistoryFile;

/// Replicates within each draw at the least.
const FEWEST_REPLICATES: usize = 50;

/// The answer for a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileAnswer {
    /// The answer for everybody, people linked in the best way.
    #[serde(flatten)]
    pub whole: Answer,
    /// The ranges of the strata; empty without strata, or when the file is refused.
    pub strata: Vec<StratumRange>,
    /// What not knowing who is whom does to the range; none when people are linked in one way only.
    pub linkage: Option<LinkageUncertainty>,
}

/// The range of one stratum, which shares with the others how lists depend on each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StratumRange {
    /// The stratum.
    pub stratum: String,
    /// People seen.
    pub observed: u64,
    /// Lower end, people.
    pub low: f64,
    /// Half of the probability lies below; people.
    pub median: f64,
    /// Upper end, people.
    pub high: f64,
}

/// What not knowing who is whom does to the range.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkageUncertainty {
    /// How many ways of linking people there are, the best one not counted.
    pub draws: usize,
    /// The range when people are linked in the best way.
    pub low_if_links_were_certain: f64,
    /// Its upper end.
    pub high_if_links_were_certain: f64,
    /// The part of the variance of the logarithm of the population that comes from linkage, from 0
    /// to 1 (between the draws, `1 + 1 / draws` times, over between and within; Rubin 1987, section
    /// 3.1).
    pub share_of_variance: f64,
    /// Methods that choose a model, over all draws; empty without a bootstrap.
    pub methods: Vec<OverDraws>,
}

/// A method that chooses a model, chosen and bootstrapped anew within each draw of the linkage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverDraws {
    /// The method.
    pub method: Method,
    /// The geometric mean of the draws' estimates, people.
    pub population: f64,
    /// Log-normal around it, with the variance within and between the draws.
    #[serde(rename = "ci")]
    pub interval: Interval,
    /// The part of that variance that comes from linkage, from 0 to 1.
    pub share_of_variance: f64,
}

/// Answers for a file: the methods for everybody as the best way of linking has them (draw 0, or
/// the lowest there is), a range for each stratum, and the headline's range as the mixture of what
/// each draw of the linkage says. `starts` is told of each method before it begins.
pub fn estimate_file(
    file: &HistoryFile,
    settings: &Settings,
    starts: &(dyn Fn(Method) + Sync),
) -> Option<FileAnswer> {
    let draws = file.draws();
    let best = *draws.first()?;
    let table = file.whole(best)?;
    let mut whole = estimate(&table, settings, starts);
    let mut linkage = None;
    if draws.len() > 1 && whole.headline.is_some() {
        let drawn: Vec<CaptureHistories> =
            draws[1..].iter().filter_map(|draw| file.whole(*draw)).collect();
        let known: Option<Vec<Pooled>> = drawn.par_iter().map(pooled).collect();
        if let (Some(known), Some(if_certain)) = (known, pooled(&table)) {
            let mixed = Pooled::any_of(&known)?;
            let (low, _, high) = range(&if_certain, settings.level);
            let mut said =
                headline(&table, &mixed, settings.level, &whole.estimates, &whole.checks);
            let uncertain = LinkageUncertainty {
                draws: known.len(),
                low_if_links_were_certain: low,
                high_if_links_were_certain: high,
                share_of_variance: share_of_linkage(&known),
                methods: over_draws(&drawn, settings),
            };
            said.why.push_str(&format!(
                " Who is whom is not certain either: {} ways of linking people are in the range, {:.0} % of whose \
                 variance comes from that.",
                uncertain.draws,
                100.0 * uncertain.share_of_variance
            ));
            whole.headline = Some(said);
            linkage = Some(uncertain);
        }
    }
    let strata =
        if whole.headline.is_some() { strata(file, best, settings.level) } else { Vec::new() };
    Some(FileAnswer { whole, strata, linkage })
}

fn strata(file: &HistoryFile, draw: u32, level: f64) -> Vec<StratumRange> {
    let with_people: Vec<_> =
        file.strata(draw).filter(|table| table.histories.people() > 0).collect();
    let tables: Vec<&CaptureHistories> = with_people.iter().map(|table| &table.histories).collect();
    let Some(known) = pooled_strata(&tables) else { return Vec::new() };
    let named = with_people.iter().zip(&known.strata);
    named
        .filter_map(|(table, known)| {
            let (low, median, high) = range(known, level);
            let observed = table.histories.people();
            Some(StratumRange { stratum: table.stratum.clone()?, observed, low, median, high })
        })
        .collect()
}

/// Re-selection and bootstrap within each draw, the replicates shared out among the draws.
fn over_draws(drawn: &[CaptureHistories], settings: &Settings) -> Vec<OverDraws> {
    let lists = drawn.first().map_or(0, |table| table.lists().len());
    let order = settings.order.unwrap_or_else(|| default_order(lists));
    let replicates = match settings.replicates {
        0 => return Vec::new(),
        asked => asked.div_ceil(drawn.len()).max(FEWEST_REPLICATES),
    };
    let of = |method: Method| {
        let moments: Vec<(f64, f64)> = (settings.seed..)
            .zip(drawn)
            .filter_map(|(seed, table)| {
                let found = bootstrap_of(method, table, order, Resampling { replicates, seed })?;
                let finite = found.replicates.iter().filter(|people| people.is_finite());
                let logs: Vec<f64> = finite.map(|people| libm::log(*people)).collect();
                Some((libm::log(found.population), variance(&logs)?))
            })
            .collect();
        let points: Vec<f64> = moments.iter().map(|(point, _)| *point).collect();
        let within = moments.iter().map(|(_, within)| within).sum::<f64>() / moments.len() as f64;
        let between = variance(&points)? * (1.0 + 1.0 / points.len() as f64);
        let middle = points.iter().sum::<f64>() / points.len() as f64;
        let away = normal::quantile(0.5 + settings.level / 2.0) * (within + between).sqrt();
        let (low, high) = (libm::exp(middle - away), libm::exp(middle + away));
        let interval = Interval { level: settings.level, low, high, kind: IntervalKind::LogNormal };
        let share_of_variance = between / (within + between);
        Some(OverDraws { method, population: libm::exp(middle), interval, share_of_variance })
    };
    settings.methods.iter().filter_map(|method| of(*method)).collect()
}

/// The variance of a sample; none of fewer than two.
fn variance(values: &[f64]) -> Option<f64> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (values.len() > 1).then(|| squares / (count - 1.0))
}

/// The part of the variance that is between the draws.
fn share_of_linkage(known: &[Pooled]) -> f64 {
    // A posterior's standard deviation as half the way between the quantiles one such apart.
    let (below, above) = (normal::below(-1.0), normal::below(1.0));
    let log = |one: &Pooled, share| libm::log(one.quantile(share));
    let medians: Vec<f64> = known.iter().map(|one| log(one, 0.5)).collect();
    let count = known.len() as f64;
    let within = known.iter().map(|one| 0.5 * (log(one, above) - log(one, below)));
    let within = within.map(|deviation| deviation * deviation).sum::<f64>() / count;
    let between = variance(&medians).map_or(0.0, |between| between * (1.0 + 1.0 / count));
    if within + between > 0.0 { between / (within + between) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_histories;

    const ROWS: [&str; 7] = ["1,0,0", "0,1,0", "0,0,1", "1,1,0", "1,0,1", "0,1,1", "1,1,1"];

    fn answer(file: &str) -> FileAnswer {
        let read = read_histories(file.as_bytes(), None).unwrap();
        let settings = Settings { methods: vec![Method::Stepwise], ..Settings::default() };
        estimate_file(&read, &settings, &|_| {}).unwrap()
    }

    fn rows(of: &str, counts: [u64; 7]) -> String {
        ROWS.iter().zip(counts).map(|(row, count)| format!("{row},{of},{count}\n")).collect()
    }

    #[test]
    fn links_that_never_differ_add_nothing() {
        let counts = [69, 55, 63, 21, 17, 18, 28];
        let file: String = (0..4).map(|draw| rows(&draw.to_string(), counts)).collect();
        let said = answer(&format!("P,Q,E,draw,count\n{file}"));
        let linkage = said.linkage.unwrap();
        assert_eq!((linkage.draws, linkage.share_of_variance), (3, 0.0));
        let headline = said.whole.headline.unwrap();
        assert_eq!(headline.low, linkage.low_if_links_were_certain.floor());
        assert_eq!(headline.high, linkage.high_if_links_were_certain.ceil());
        let [stepwise] = &linkage.methods[..] else { panic!("{:?}", linkage.methods) };
        assert!(stepwise.share_of_variance < 1e-9, "{stepwise:?}");
        let alone = said.whole.estimates[0].population;
        assert!((stepwise.population / alone - 1.0).abs() < 1e-9);
    }

    #[test]
    fn links_that_differ_widen_the_range_and_say_by_how_much() {
        let drawn = [
            [79, 65, 73, 11, 7, 8, 18],
            [69, 55, 63, 21, 17, 18, 28],
            [49, 35, 43, 41, 37, 38, 48],
        ];
        let best = rows("0", [69, 55, 63, 21, 17, 18, 28]);
        let file: String =
            (1..).zip(drawn).map(|(draw, counts)| rows(&draw.to_string(), counts)).collect();
        let said = answer(&format!("P,Q,E,draw,count\n{best}{file}"));
        let linkage = said.linkage.unwrap();
        assert!((0.3..1.0).contains(&linkage.share_of_variance), "{linkage:?}");
        let headline = said.whole.headline.unwrap();
        assert!(
            headline.high > linkage.high_if_links_were_certain
                && headline.why.contains("Who is whom")
        );
    }

    #[test]
    fn strata_have_ranges_that_add_up_to_people_seen() {
        let file =
            rows("north", [69, 55, 63, 21, 17, 18, 28]) + &rows("south", [9, 5, 6, 2, 1, 2, 3]);
        let said = answer(&format!("P,Q,E,stratum,count\n{file}"));
        assert_eq!(said.strata.iter().map(|one| one.observed).sum::<u64>(), said.whole.observed);
        let [north, south] = &said.strata[..] else { panic!("{:?}", said.strata) };
        assert_eq!((north.stratum.as_str(), south.observed), ("north", 28));
        assert!(28.0 < south.low && south.high < north.high);
    }
}
