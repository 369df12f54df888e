//! A day as it is written in a report.
//!
//! In: `2026-11-29`. Out: "November 29, 2026", "29 de noviembre de 2026".

use jiff::civil::Date;

use crate::Language;

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
const MESES: [&str; 12] = [
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

/// Reads a day; `None` if it is no day of the calendar.
pub(crate) fn read(day: &str) -> Option<Date> {
    let plain = day.len() == 10 && day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if plain { day.parse().ok() } else { None }
}

/// Writes a day in words.
pub(crate) fn in_words(day: Date, language: Language) -> String {
    let month = usize::try_from(day.month() - 1).unwrap_or_default();
    match language {
        Language::English => format!("{} {}, {}", MONTHS[month], day.day(), day.year()),
        Language::Spanish => format!("{} de {} de {}", day.day(), MESES[month], day.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_its_language_writes_it() {
        let day = read("2026-11-09").unwrap();
        assert_eq!(in_words(day, Language::English), "November 9, 2026");
        assert_eq!(in_words(day, Language::Spanish), "9 de noviembre de 2026");
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        for day in ["", "2026-02-30", "2026-11", "29.11.2026", "2026-11-29T10:00", "-00026-1-1"] {
            assert_eq!(read(day), None, "{day}");
        }
    }
}
