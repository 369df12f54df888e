//! Days and periods in Spanish.

use jiff::civil::Date;
use records::{Period, Quarter};

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

fn month(date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|month| MONTHS.get(month)).unwrap_or(&"")
}

/// A day: `30 de junio de 2012`.
pub(super) fn day(date: Date) -> String {
    format!("{} de {} de {}", date.day(), month(date), date.year())
}

/// A period: `2007`, `julio a septiembre de 2010`, `julio de 2010 a junio de 2012`.
pub(super) fn period(period: &Period) -> String {
    match (period.start(), period.end()) {
        (None, None) => "sin fecha".to_owned(),
        (Some(start), None) => format!("desde el {}", day(start)),
        (None, Some(end)) => format!("hasta el {}", day(end)),
        (Some(start), Some(end)) if start == end => day(start),
        (Some(start), Some(end)) if start.day() == 1 && end == end.last_of_month() => {
            months(start, end)
        }
        (Some(start), Some(end)) => format!("{} a {}", day(start), day(end)),
    }
}

/// Whole months, both included.
fn months(start: Date, end: Date) -> String {
    let (from, to) = (month(start), month(end));
    match ((start.month(), end.month()) == (1, 12), start.year() == end.year()) {
        (true, true) => start.year().to_string(),
        (true, false) => format!("{} a {}", start.year(), end.year()),
        (false, true) if from == to => format!("{from} de {}", start.year()),
        (false, true) => format!("{from} a {to} de {}", start.year()),
        (false, false) => format!("{from} de {} a {to} de {}", start.year(), end.year()),
    }
}

/// A quarter in two short lines: `jul–sep` and `2010`.
pub(super) fn quarter_short(quarter: Quarter) -> (String, String) {
    let days = quarter.period();
    let name = |date: Option<Date>| date.map_or("", |date| &month(date)[..3]);
    let year = days.start().map_or_else(String::new, |date| date.year().to_string());
    (format!("{}–{}", name(days.start()), name(days.end())), year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_in_words() {
        let said =
            ["2007", "2010-Q3", "2010-07-01/2012-06-30", "2024-01-16", "2011-05", "2023/2024"]
                .map(|text| period(&text.parse().unwrap()));
        assert_eq!(
            said,
            [
                "2007",
                "julio a septiembre de 2010",
                "julio de 2010 a junio de 2012",
                "16 de enero de 2024",
                "mayo de 2011",
                "2023 a 2024"
            ]
        );
    }
}
