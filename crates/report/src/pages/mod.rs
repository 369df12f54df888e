//! The pages of the site, one file each.
//!
//! In: a [`StateReport`] and its [`Stamp`]. Out: HTML. Every page extends `base.html`, which
//! cannot be filled in without a [`Layout`], and a layout cannot be made without a stamp.

pub(crate) mod data_quality;
pub(crate) mod definitions;
pub(crate) mod entry;
pub(crate) mod figures;
pub(crate) mod headline;
pub(crate) mod index;
pub(crate) mod people;
pub(crate) mod picture;
pub(crate) mod your_quarter;

use records::Standing;

use crate::stamp::Stamp;
use crate::{StateReport, words};

/// One link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) file: &'static str,
    pub(crate) label: String,
    pub(crate) here: bool,
}

/// What frames every page.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) title: String,
    pub(crate) report: String,
    pub(crate) stamp: Stamp,
    pub(crate) links: Vec<Link>,
    pub(crate) foot: String,
}

impl Layout {
    /// The frame of the page in `file`.
    pub(crate) fn new(
        report: &StateReport,
        stamp: Stamp,
        file: &'static str,
        title: &str,
    ) -> Layout {
        let name = name(report);
        let title = if title.is_empty() { name.clone() } else { format!("{title} · {name}") };
        Layout {
            title,
            report: name,
            stamp,
            links: links(report, file),
            foot: format!(
                "Made by Clearway from returns taken in up to {}, under definitions version {}.",
                words::day(report.as_of),
                report.definition_version
            ),
        }
    }
}

/// `The State of Human Trafficking in California, July 2010 to June 2012`.
pub(crate) fn name(report: &StateReport) -> String {
    let period = words::period(&report.period);
    format!("The State of Human Trafficking in {}, {period}", report.state)
}

fn links(report: &StateReport, here: &'static str) -> Vec<Link> {
    let mut links = vec![("index.html", "The report".to_owned())];
    if let Some(people) = &report.people {
        let made_up = if people.synthetic { " (synthetic)" } else { "" };
        links.push((people::FILE, format!("{}{made_up}", people::TITLE)));
    }
    links.extend([
        ("figures.html", "Where the numbers come from".to_owned()),
        ("data-quality.html", "Data quality".to_owned()),
        ("definitions.html", "Definitions".to_owned()),
    ]);
    if let Some(own) = &report.your_quarter {
        let made_up = if own.standing == Standing::Synthetic { " (synthetic)" } else { "" };
        links.push(("your-quarter.html", format!("Your quarter{made_up}")));
    }
    links.into_iter().map(|(file, label)| Link { file, label, here: file == here }).collect()
}
