//! Numbers, dates and periods in words, and the marks of what is no number.
//!
//! In: values and periods. Out: text as it is printed. American order of dates.

use jiff::civil::Date;
use records::{Answer, Period, Quarter, Unit};

use crate::{SMALLEST_SHOWN, ShownValue};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const SMALL: [&str; 13] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// The one look each kind of answer has throughout the report.
///
/// A later issue adds `estimated`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// A number as it was reported.
    Raw,
    /// A number of people, each counted once.
    Unduplicated,
    /// Fewer than 11 and not published by its source: hidden.
    Hidden,
    /// The reporter collects it and does not know it.
    Unknown,
    /// The reporter does not collect it.
    NotCollected,
    /// The source names it and gives no number.
    NotStated,
    /// A fact in words.
    Said,
}

impl Look {
    /// The look of a value.
    pub(crate) fn of(value: &ShownValue) -> Look {
        match value.answer() {
            None => Look::Hidden,
            Some(Answer::Exactly { .. } | Answer::Qualified { .. }) => Look::Raw,
            Some(Answer::Unknown) => Look::Unknown,
            Some(Answer::NotCollected) => Look::NotCollected,
            Some(Answer::NotStated) => Look::NotStated,
            Some(Answer::Said { .. }) => Look::Said,
        }
    }

    /// Its class in the style sheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Look::Raw => "raw",
            Look::Unduplicated => "unduplicated",
            Look::Hidden => "hidden-cell",
            Look::Unknown => "unknown",
            Look::NotCollected => "not-collected",
            Look::NotStated => "not-stated",
            Look::Said => "said",
        }
    }
}

/// A value as it is printed: `1,277`, `56%`, `more than 300`, `not stated`.
pub(crate) fn value(value: &ShownValue, unit: Unit) -> String {
    let Some(answer) = value.answer() else {
        return format!("fewer than {SMALLEST_SHOWN}, hidden");
    };
    let Some(amount) = answer.amount() else {
        return answer.to_string();
    };
    let digits = grouped(&amount.to_string());
    let number = match unit {
        Unit::Percent => format!("{digits}%"),
        Unit::Dollars => format!("${digits}"),
        Unit::Hours => format!("{digits} hours"),
        Unit::Rank => format!("number {digits}"),
        Unit::Count | Unit::Words => digits,
    };
    match answer {
        Answer::Qualified { qualifier, .. } => format!("{} {number}", qualifier.as_str()),
        _ => number,
    }
}

/// The number a bar is drawn to, absent when there is none to draw.
pub(crate) fn length(value: &ShownValue) -> Option<f64> {
    let amount = value.answer()?.amount()?;
    Some(amount.scaled as f64 / 10f64.powi(i32::from(amount.decimals)))
}

/// Groups the thousands of a number written in digits.
pub(crate) fn grouped(digits: &str) -> String {
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |(a, b)| (a, Some(b)));
    let mut out = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    match rest {
        Some(rest) => format!("{out}.{rest}"),
        None => out,
    }
}

/// A small number as a word, a larger one in digits.
pub(crate) fn count(number: usize) -> String {
    SMALL.get(number).map_or_else(|| grouped(&number.to_string()), |word| (*word).to_owned())
}

/// The same text with its first letter large.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn month(date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|month| MONTHS.get(month)).unwrap_or(&"")
}

/// A day: `June 30, 2012`.
pub(crate) fn day(date: Date) -> String {
    format!("{} {}, {}", month(date), date.day(), date.year())
}

/// A quarter: `July–September 2010`.
pub(crate) fn quarter(quarter: Quarter) -> String {
    period(&quarter.period())
}

/// A quarter in two short lines, for under a bar: `Jul–Sep` and `2010`.
pub(crate) fn quarter_short(quarter: Quarter) -> (String, String) {
    let days = quarter.period();
    let name = |date: Option<Date>| date.map_or("", |date| &month(date)[..3]);
    let year = days.start().map_or_else(String::new, |date| date.year().to_string());
    (format!("{}–{}", name(days.start()), name(days.end())), year)
}

/// A period: `2007`, `July–September 2010`, `July 2010 to June 2012`, `from 2010`.
pub(crate) fn period(period: &Period) -> String {
    match (period.start(), period.end()) {
        (None, None) => "no date stated".to_owned(),
        (Some(start), None) => format!("from {}", open_end(start)),
        (None, Some(end)) => format!("up to {}", day(end)),
        (Some(start), Some(end)) if start == end => day(start),
        (Some(start), Some(end)) if start.day() == 1 && end == end.last_of_month() => {
            months(start, end)
        }
        (Some(start), Some(end)) => format!("{} to {}", day(start), day(end)),
    }
}

fn open_end(start: Date) -> String {
    match (start.month(), start.day()) {
        (1, 1) => start.year().to_string(),
        (_, 1) => format!("{} {}", month(start), start.year()),
        _ => day(start),
    }
}

/// Whole months, both included.
fn months(start: Date, end: Date) -> String {
    let whole_years = (start.month(), end.month()) == (1, 12);
    match (whole_years, start.year() == end.year()) {
        (true, true) => start.year().to_string(),
        (true, false) => format!("{} to {}", start.year(), end.year()),
        (false, true) if start.month() == end.month() => {
            format!("{} {}", month(start), start.year())
        }
        (false, true) if start.month() + 2 == end.month() && start.month() % 3 == 1 => {
            format!("{}–{} {}", month(start), month(end), start.year())
        }
        (false, true) => format!("{} to {} {}", month(start), month(end), start.year()),
        (false, false) => {
            format!("{} {} to {} {}", month(start), start.year(), month(end), end.year())
        }
    }
}

#[cfg(test)]
mod tests {
    use records::Standing;

    use super::*;

    #[test]
    fn periods_in_words() {
        let words = |text: &str| period(&text.parse().unwrap());
        let said: Vec<String> = [
            "2007",
            "2010-Q3",
            "2010-07-01/2012-06-30",
            "2012-01-01/2012-09-30",
            "2010-12-16/2011-03-15",
            "2010-",
            "2011-03-",
            "2023/2024",
            "2024-01-16",
            "2011-05",
            "undated",
        ]
        .map(words)
        .into();
        insta::assert_snapshot!(said.join("\n"), @r"
        2007
        July–September 2010
        July 2010 to June 2012
        January to September 2012
        December 16, 2010 to March 15, 2011
        from 2010
        from March 2011
        2023 to 2024
        January 16, 2024
        May 2011
        no date stated
        ");
    }

    #[test]
    fn values_in_words() {
        let read = |text: &str, unit: Unit| {
            let answer = Answer::read(text, unit).unwrap();
            value(&ShownValue::of(Standing::Published, unit, answer), unit)
        };
        assert_eq!(read("2552", Unit::Count), "2,552");
        assert_eq!(read("more than 1000", Unit::Count), "more than 1,000");
        assert_eq!(read("12.5", Unit::Percent), "12.5%");
        assert_eq!(read("2500", Unit::Dollars), "$2,500");
        assert_eq!(read("not collected", Unit::Count), "not collected");
        let small = ShownValue::of(Standing::Submitted, Unit::Count, Answer::exactly(7));
        assert_eq!(value(&small, Unit::Count), "fewer than 11, hidden");
    }
}
