//! Who reports from when and in which calendar, what may be added up, what lies next to what.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Entry, Kind, Register};
use crate::{Period, Quarter};

impl Register {
    /// The task forces that were reporting on a day, in file order.
    pub fn task_forces_reporting(&self, on: Date) -> Vec<&Entry> {
        self.reporting(Kind::TaskForce, on)
    }

    /// The made-up task forces that report on a day, in file order.
    pub fn practice_task_forces_reporting(&self, on: Date) -> Vec<&Entry> {
        self.reporting(Kind::PracticeTaskForce, on)
    }

    /// Whether figures of a counted unit with a status may be added up over `what`: `quarter`,
    /// `year`, `reporter` or the word of a [`crate::Dimension`].
    ///
    /// Over time the status decides: people newly served add up, people served on do not. Nothing
    /// that is unknown or unverified is ever added.
    ///
    /// # Examples
    ///
    /// ```
    /// use records::register::Register;
    ///
    /// let register = Register::embedded();
    /// assert!(register.may_add("investigation_initiated", None, "quarter"));
    /// assert!(register.may_add("victim_served", Some("new"), "quarter"));
    /// assert!(!register.may_add("victim_served", Some("continuing"), "quarter"));
    /// assert!(!register.may_add("victim_served", None, "quarter"));
    /// assert!(!register.may_add("case_known_coalition", None, "reporter"));
    /// ```
    pub fn may_add(&self, counted_unit: &str, status: Option<&str>, what: &str) -> bool {
        let Some(unit) = self.rule_entry(Kind::CountedUnit, counted_unit) else {
            return false;
        };
        let column = match what {
            "quarter" => "sums_over_quarters",
            "year" => "sums_over_years",
            _ => return unit.adds_over(what),
        };
        match status {
            None => unit.adds_over(what),
            Some(status) => self
                .rule_entry(Kind::Status, status)
                .filter(|entry| entry.list("counted_unit").any(|code| code == counted_unit))
                .is_some_and(|entry| entry.is(column)),
        }
    }

    fn reporting(&self, kind: Kind, on: Date) -> Vec<&Entry> {
        self.entries(kind)
            .filter(|entry| entry.verified())
            .filter(|entry| entry.date("joined_reporting").is_some_and(|joined| joined <= on))
            .collect()
    }

    /// What the source says of its own figures and no table carries.
    pub fn source_notes(&self) -> Vec<&Entry> {
        self.entries(Kind::SourceNote).filter(|entry| entry.verified()).collect()
    }

    /// The published file with these bytes, by their BLAKE3 digest in hexadecimal: its figures may
    /// be printed whole, because their source already has.
    pub fn published(&self, digest: &str) -> Option<&Entry> {
        self.entries(Kind::PublishedFile).find(|entry| {
            entry.attribute("blake3").is_some_and(|known| known.eq_ignore_ascii_case(digest))
        })
    }

    /// The counties of the state that share a border with a county, by its code.
    pub fn neighbours(&self, county: &str) -> Vec<&Entry> {
        let Some(county) = self.get(Kind::County, county) else {
            return Vec::new();
        };
        county.list("neighbours").filter_map(|code| self.get(Kind::County, code)).collect()
    }
}

impl Entry {
    /// A task force's own quarter that goes with a state quarter.
    ///
    /// It starts `calendar_offset_days` after the state quarter and ends the day before the next
    /// one starts. Without that column the calendar is the state's, or not in the source: see
    /// `calendar_note`.
    pub fn own_quarter(&self, quarter: Quarter) -> Period {
        let days: i32 =
            self.attribute("calendar_offset_days").and_then(|days| days.parse().ok()).unwrap_or(0);
        let shift = |day: Date| day.saturating_add(days.days());
        let period = quarter.period();
        Period::new(period.start().map(shift), period.end().map(shift)).unwrap_or(period)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn san_jose_joined_a_year_later() {
        let register = Register::embedded();
        let first = register.task_forces_reporting(date(2010, 7, 1));
        assert_eq!(first.len(), 8);
        assert!(first.iter().all(|entry| entry.code != "san-jose"));
        assert_eq!(register.task_forces_reporting(date(2011, 6, 30)).len(), 8);
        assert_eq!(register.task_forces_reporting(date(2011, 7, 1)).len(), 9);
        assert_eq!(register.task_forces_reporting(date(2010, 6, 30)).len(), 0);
    }

    #[test]
    fn an_own_calendar_maps_back_to_its_state_quarter() {
        let register = Register::embedded();
        let own: Vec<&Entry> = register
            .entries(Kind::PracticeTaskForce)
            .filter(|entry| entry.attribute("calendar_offset_days").is_some())
            .collect();
        assert_eq!(own.len(), 1);
        let first = Quarter::new(2010, 3).unwrap();
        assert_eq!(own[0].own_quarter(first).to_string(), "2010-07-16/2010-10-15");
        let mut day_after = None;
        for quarter in first.up_to(Quarter::new(2016, 4).unwrap()) {
            let period = own[0].own_quarter(quarter);
            assert_eq!(period.state_quarter(), Some(quarter));
            assert!(day_after.is_none() || day_after == period.start(), "a gap before {period}");
            day_after = period.end().and_then(|end| end.tomorrow().ok());
        }
    }

    #[test]
    fn alameda_borders_on_five_counties() {
        let names: Vec<&str> =
            Register::embedded().neighbours("alameda").iter().map(|n| &*n.code).collect();
        let expected =
            ["contra-costa", "san-francisco", "san-joaquin", "santa-clara", "stanislaus"];
        assert_eq!(names, expected);
    }
}
