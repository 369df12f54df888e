//! Estimate: a file of capture histories → how many people there are, those on no list included.
//!
//! In: the bytes of a CSV file of who is on which lists, and what is asked for. Out: [`Estimated`]:
//! every method side by side, a range with its reasons or a refusal, and plots of it
//! ([`Estimated::plots`]). The methods are those of `estimation`.

mod captions;
mod some_lists;

use std::path::{Path, PathBuf};

use estimation::{Answer, FileAnswer, HistoryFile, HistoryFileError, Method, Settings};
use report::charts::LogScale;

pub use captions::Plot;

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// The file as it was read.
    pub file: HistoryFile,
    /// The probability of its ranges.
    pub level: f64,
    /// The answer.
    pub answer: FileAnswer,
}

/// A plot that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}", path.display())]
pub struct PlotError {
    path: PathBuf,
    source: std::io::Error,
}

/// Reads the file and answers; `starts` is told of each method before it begins.
///
/// # Errors
///
/// [`HistoryFileError`]: every fault of the file at once.
///
/// # Examples
///
/// ```
/// use analysis::estimate;
///
/// let file = b"police,shelter,hotline,count\n\
///     1,0,0,60\n0,1,0,50\n0,0,1,60\n1,1,0,20\n1,0,1,17\n0,1,1,18\n1,1,1,20\n";
/// let settings = estimation::Settings { replicates: 0, ..Default::default() };
/// let estimated = estimate::run(file, None, &settings, &|_| ())?;
/// let range = estimated.answer.whole.headline.ok_or("refused")?;
/// assert!(245.0 <= range.low && range.low < range.high);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run(
    bytes: &[u8],
    stratum_column: Option<&str>,
    settings: &Settings,
    starts: &(dyn Fn(Method) + Sync),
) -> Result<Estimated, HistoryFileError> {
    let file = estimation::read_histories(bytes, stratum_column)?;
    // A file that was read has at least one table.
    let answer =
        estimation::estimate_file(&file, settings, starts).ok_or(HistoryFileError::Empty)?;
    Ok(Estimated { file, level: settings.level, answer })
}

impl Estimated {
    /// Writes the plots into a folder, which is made; the names of the files. `source` says where
    /// the histories came from.
    ///
    /// # Errors
    ///
    /// [`PlotError`]: the folder or a file cannot be written.
    pub fn write_plots(&self, folder: &Path, source: &str) -> Result<Vec<PathBuf>, PlotError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| PlotError { path, source }
        };
        std::fs::create_dir_all(folder).map_err(at(folder))?;
        let plots = self.plots(source);
        let written = plots.iter().map(|plot| {
            let path = folder.join(plot.file_name);
            std::fs::write(&path, &plot.svg).map_err(at(&path))?;
            Ok(path)
        });
        written.collect()
    }
}

/// The range in round numbers, people: two digits that count, wider rather than narrower; of fewer
/// than a hundred people every digit counts, and so it does where a round number would be below
/// those who were seen.
pub fn rounded(low: f64, high: f64, observed: u64) -> (u64, u64) {
    let step = |number: f64| 10f64.powf((number.max(1.0).log10().floor() - 1.0).max(0.0));
    let down = (low / step(low)).floor() * step(low);
    let up = (high / step(high)).ceil() * step(high);
    (if down < observed as f64 { low.floor() } else { down } as u64, up as u64)
}

/// The scale that shows an answer: from the people seen to the highest end of a range or estimate,
/// but for what would be more than ten times the range, or ten times the middle one of the
/// estimates where there is no range.
pub fn scale(answer: &Answer) -> LogScale {
    let mut points: Vec<f64> = answer.estimates.iter().map(|one| one.population).collect();
    points.sort_by(f64::total_cmp);
    let observed = answer.observed as f64;
    let usual = match &answer.headline {
        Some(headline) => headline.high,
        None => points.get(points.len() / 2).copied().unwrap_or(observed),
    };
    let ends = answer.estimates.iter().filter_map(|one| Some(one.interval?.high));
    let highest = ends.chain(points.iter().copied()).fold(usual, f64::max);
    let starts = answer.estimates.iter().filter_map(|one| Some(one.interval?.low));
    let lowest = starts.chain(points.iter().copied()).fold(observed, f64::min);
    LogScale::new(lowest, highest.min(10.0 * usual.max(observed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_never_narrows() {
        assert_eq!(rounded(7512.0, 30_120.0, 2744), (7500, 31_000));
        assert_eq!(rounded(2799.0, 2801.0, 2744), (2799, 2900));
        assert_eq!(rounded(57.0, 99.0, 40), (57, 99));
        assert_eq!(rounded(127.0, 1000.0, 123), (127, 1000));
    }
}
