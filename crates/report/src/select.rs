//! Finding the figures that a chart or table shows.
//!
//! In: the figures of a report. Out: smaller and smaller [`Figures`], in the order of their ids.

use std::cell::RefCell;
use std::collections::BTreeSet;

use records::{Dimension, FigureId, Part, Period, Standing};

use crate::ReportedFigure;

/// Some figures of a report.
#[derive(Debug, Clone)]
pub(crate) struct Figures<'a>(Vec<&'a ReportedFigure>);

impl<'a> Figures<'a> {
    /// Those that may stand in a chart or table together: a made-up figure never stands beside a
    /// real one, so that it is left to its own entry as soon as there is a real one.
    pub(crate) fn together(figures: &'a [ReportedFigure]) -> Figures<'a> {
        let real = |figure: &&ReportedFigure| figure.standing != Standing::Synthetic;
        let any_real = figures.iter().any(|figure| real(&figure));
        Figures(figures.iter().filter(|figure| !any_real || real(figure)).collect())
    }

    fn keep(&self, wanted: impl Fn(&ReportedFigure) -> bool) -> Figures<'a> {
        Figures(self.0.iter().copied().filter(|figure| wanted(figure)).collect())
    }

    /// Those that count one unit.
    pub(crate) fn measure(&self, code: &str) -> Figures<'a> {
        self.keep(|figure| figure.measure == code)
    }

    /// Those broken down by exactly these dimensions.
    pub(crate) fn by(&self, dimensions: &[Dimension]) -> Figures<'a> {
        self.keep(|figure| {
            figure.dimensions.len() == dimensions.len()
                && dimensions.iter().all(|wanted| figure.dimensions.contains_key(wanted))
        })
    }

    /// Those with one code in one dimension.
    pub(crate) fn at(&self, dimension: Dimension, code: &str) -> Figures<'a> {
        self.keep(|figure| {
            figure
                .dimensions
                .get(&dimension)
                .is_some_and(|(found, _)| found.eq_ignore_ascii_case(code))
        })
    }

    /// Those that one reporter states.
    pub(crate) fn from(&self, reporter: &str) -> Figures<'a> {
        self.keep(|figure| figure.reporter.0 == reporter)
    }

    /// Cells or stated totals.
    pub(crate) fn part(&self, part: Part) -> Figures<'a> {
        self.keep(|figure| figure.part == part)
    }

    /// Those of exactly one period.
    pub(crate) fn period(&self, period: Period) -> Figures<'a> {
        self.keep(|figure| figure.period == period)
    }

    /// Those that pass a test.
    pub(crate) fn that(&self, wanted: impl Fn(&ReportedFigure) -> bool) -> Figures<'a> {
        self.keep(wanted)
    }

    /// These and others.
    pub(crate) fn and(&self, others: &Figures<'a>) -> Figures<'a> {
        Figures(self.iter().chain(others.iter()).collect())
    }

    /// The first, one that its source states before one that Clearway summed.
    pub(crate) fn first(&self) -> Option<&'a ReportedFigure> {
        self.0.iter().copied().min_by_key(|figure| figure.summed)
    }

    /// The figure of one measure for the whole state over its longest closed period that is no
    /// single quarter.
    pub(crate) fn whole(&self, measure: &str) -> Option<&'a ReportedFigure> {
        self.measure(measure)
            .by(&[])
            .that(|figure| figure.period.days().is_some_and(|days| days > 92))
            .iter()
            .max_by_key(|figure| (figure.period.days(), !figure.summed))
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a ReportedFigure> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their periods, each once, earliest first; a period cut short comes after its start.
    pub(crate) fn periods(&self) -> Vec<Period> {
        let periods: BTreeSet<Period> = self.iter().map(|figure| figure.period).collect();
        periods.into_iter().collect()
    }

    /// The codes and labels they have in one dimension, each once, in order.
    pub(crate) fn codes(&self, dimension: Dimension) -> Vec<(String, String)> {
        let codes: BTreeSet<_> =
            self.iter().filter_map(|figure| figure.dimensions.get(&dimension).cloned()).collect();
        codes.into_iter().collect()
    }
}

/// Which figures some chart or table has shown, so that the rest can be listed after them.
#[derive(Debug, Default)]
pub(crate) struct Shown(RefCell<BTreeSet<FigureId>>);

impl Shown {
    /// Remembers that a figure is shown.
    pub(crate) fn note<'a>(&self, figures: impl IntoIterator<Item = &'a ReportedFigure>) {
        self.0.borrow_mut().extend(figures.into_iter().map(|figure| figure.id.clone()));
    }

    /// Whether a figure is shown already.
    pub(crate) fn has(&self, figure: &ReportedFigure) -> bool {
        self.0.borrow().contains(&figure.id)
    }
}
