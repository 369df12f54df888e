//! The first numbers a reader sees.
//!
//! In: what the sources state of the whole period; where they state nothing, the sums of the last
//! quarter for which task forces have sent returns. Out: [`Headline`]. Identified and served stand
//! beside each other; their difference is never printed.

use records::Quarter;

use crate::exhibits::Context;
use crate::exhibits::sent;
use crate::phrase::Phrase;
use crate::{ReportedFigure, words};

/// The first numbers.
#[derive(Debug)]
pub(crate) struct Headline {
    pub(crate) identified: Option<Phrase>,
    pub(crate) served: Option<Phrase>,
    /// Said whenever both stand there.
    pub(crate) overlap: Option<String>,
    pub(crate) others: Vec<(Phrase, &'static str)>,
    pub(crate) coverage: String,
    /// The quarter that the numbers are of, when they are sums of what was sent.
    pub(crate) quarter: Option<String>,
}

/// The measures below the first two.
const OTHERS: [(&str, &str); 3] = [
    ("investigation_initiated", "investigations opened"),
    ("individual_arrested", "people arrested"),
    ("individual_trained", "people trained"),
];

impl Headline {
    /// The first numbers of a report.
    pub(crate) fn of(context: &Context<'_>) -> Headline {
        let stated = |measure: &str| context.figures.whole(measure);
        let all = ["victim_identified", "victim_served"];
        let any_stated =
            all.into_iter().chain(OTHERS.map(|(code, _)| code)).any(|code| stated(code).is_some());
        let year = context.report.period.end().unwrap_or(context.report.as_of).year();
        if any_stated {
            return headline(context, stated, None, format!("overlap not measured in {year}"));
        }
        let sums = context.figures.that(|figure| sent::is_sent(figure) && figure.summed);
        let latest: Option<Quarter> = sent::quarters(&sums.by(&[])).last().copied();
        let summed = |measure: &str| {
            let period = latest?.period();
            sums.measure(measure).by(&[]).period(period).iter().last()
        };
        headline(context, summed, latest, "overlap not measured".to_owned())
    }

    /// Whether there is no number at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.identified.is_none() && self.served.is_none() && self.others.is_empty()
    }
}

fn headline<'a>(
    context: &Context<'a>,
    pick: impl Fn(&str) -> Option<&'a ReportedFigure>,
    quarter: Option<Quarter>,
    overlap: String,
) -> Headline {
    let (identified, served) = (pick("victim_identified"), pick("victim_served"));
    let others: Vec<_> =
        OTHERS.into_iter().filter_map(|(code, label)| Some((pick(code)?, label))).collect();
    let first = identified.or(served);
    context.shown.note(identified.into_iter().chain(served).chain(others.iter().map(|(f, _)| *f)));
    let number = |figure: &ReportedFigure| match quarter {
        Some(_) => Phrase::default().sent(figure),
        None => Phrase::figure_alone(figure),
    };
    Headline {
        identified: identified.map(number),
        served: served.map(number),
        overlap: identified.and(served).map(|_| overlap),
        coverage: first
            .or(others.first().map(|(figure, _)| *figure))
            .map_or_else(String::new, |figure| figure.coverage.clone()),
        others: others.into_iter().map(|(figure, label)| (number(figure), label)).collect(),
        quarter: quarter.map(words::quarter),
    }
}
