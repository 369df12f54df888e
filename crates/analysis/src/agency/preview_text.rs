//! A preview in plain words, at most 100 columns wide.

use std::fmt;

use records::Quarter;

use super::{ColumnPreview, EncodingPreview, KindPreview, Preview};

const WIDTH: usize = 100;

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let practice = if self.practice { ", practice: all of it is made up" } else { "" };
        writeln!(f, "What would leave for {}. Nothing has been sent.", self.period())?;
        writeln!(f)?;
        line(
            f,
            "from",
            &format!("{} ({}), {}{practice}", self.label, self.agency, self.legal_entity),
        )?;
        line(f, "to", &format!("{}, fingerprint {}", self.recipient, self.fingerprint))?;
        line(
            f,
            "as of",
            &format!("{}, by the definitions {}", self.as_of, self.definition_version),
        )?;
        for kind in &self.kinds {
            writeln!(f)?;
            write!(f, "{kind}")?;
        }
        writeln!(f)?;
        writeln!(f, "TOTALS: {} cells", self.totals)?;
        wrapped(
            f,
            2,
            2,
            "Each is a number of records and of people: by kind, quarter, and each code above, over all records, those that stay behind too.",
        )?;
        if !self.unsent.is_empty() {
            let quarters: Vec<String> = self.unsent.iter().map(Quarter::to_string).collect();
            writeln!(f)?;
            wrapped(
                f,
                0,
                0,
                &format!("Never sent, and not in this either: {}.", quarters.join(", ")),
            )?;
        }
        for ended in &self.rows_of_ended_modes {
            writeln!(f)?;
            wrapped(f, 0, 0, &format!("{ended}."))?;
        }
        if self.to_withdraw > 0 {
            writeln!(f)?;
            wrapped(
                f,
                0,
                0,
                &format!(
                    "{} that were sent must be taken back: clearway withdraw --to CARD --out DIR.",
                    counted(self.to_withdraw, "record", "records")
                ),
            )?;
        }
        Ok(())
    }
}

impl Preview {
    fn period(&self) -> String {
        if self.first_quarter == self.last_quarter {
            self.first_quarter.to_string()
        } else {
            format!("{} to {}", self.first_quarter, self.last_quarter)
        }
    }
}

impl fmt::Display for KindPreview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.record.plural().replace('_', " ").to_uppercase();
        let leave = if self.leave == 1 { "leaves" } else { "leave" };
        writeln!(
            f,
            "{name}: {} of {} {leave} as a row",
            self.leave,
            counted(self.records, "record", "records")
        )?;
        line(f, "mode", &self.mode_text())?;
        for column in &self.columns {
            // No release stands behind a row that left without one.
            if column.form == "day" && column.values.is_empty() {
                continue;
            }
            line(f, column.column, &column_text(column))?;
        }
        if let Some(encoding) = &self.encoding {
            line(f, "encoding", &encoding_text(encoding))?;
        }
        if !self.never.is_empty() {
            line(
                f,
                "never",
                &format!("{}: in no mode at all.", self.never.join(", ").to_lowercase()),
            )?;
        }
        for staying in &self.stay_behind {
            let records = counted(staying.records, "record", "records");
            line(f, "behind", &format!("{records} only counted: {}.", staying.reason))?;
        }
        if self.sealed > 0 {
            let records = counted(self.sealed, "record", "records");
            let text = format!("{records} of people whose own are sealed: in no row and no total.");
            line(f, "sealed", &text)?;
        }
        Ok(())
    }
}

impl KindPreview {
    fn mode_text(&self) -> String {
        let Some((signatory, signed_on)) = self.signatory.as_ref().zip(self.signed_on) else {
            return format!("{}: {}.", self.mode, self.basis_label);
        };
        let expires = self.expires_on.map(|day| format!(", until {day}")).unwrap_or_default();
        format!(
            "{} on the basis \"{}\" ({}), signed by {signatory} on {signed_on}{expires}.",
            self.mode, self.basis_label, self.basis
        )
    }
}

fn column_text(column: &ColumnPreview) -> String {
    let absent = (column.absent > 0).then(|| format!("not recorded × {}", column.absent));
    let said = |values: Vec<String>| {
        let all: Vec<String> = values.into_iter().chain(absent.clone()).collect();
        format!("{}: {}.", column.label, all.join(", "))
    };
    match column.form {
        "opaque" => {
            let ids = column.different_ids.unwrap_or_default();
            let ids = counted(ids, "opaque id", "different opaque ids");
            said(vec![format!("{ids}, from which nobody can tell the number")])
        }
        "number" => match (column.values.first(), column.values.last()) {
            (Some(least), Some(most)) => {
                let rows: u64 = column.values.iter().map(|value| value.rows).sum();
                let rows = counted(rows, "row", "rows");
                said(vec![format!("a number in {rows}, from {} to {}", least.value, most.value)])
            }
            _ => said(Vec::new()),
        },
        form => {
            let values = column.values.iter().map(|value| match &value.label {
                Some(label) if *label != value.value => {
                    format!("{} ({label}) × {}", value.value, value.rows)
                }
                _ => format!("{} × {}", value.value, value.rows),
            });
            let values = values.collect();
            let said = said(values);
            if form == "quarter" { format!("{said} The quarter, never the day.") } else { said }
        }
    }
}

fn encoding_text(encoding: &EncodingPreview) -> String {
    let people = counted(encoding.people, "person", "people");
    let without = match encoding.without {
        0 => String::new(),
        people => format!(
            " {} without one: too much of a name or of the date of birth is missing.",
            counted(people, "person leaves", "people leave")
        ),
    };
    format!(
        "One for {people}, in a file of its own, called by the opaque id: {}. {}. It looks like \
         this, of a made-up person: {}…. Key \"{}\", fingerprint {}.{without}",
        encoding.made_of,
        encoding.law,
        encoding.example,
        encoding.linkage_key,
        encoding.linkage_key_fingerprint
    )
}

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A line with a name before it, set in under it when it is long.
fn line(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    wrapped(f, 2, 20, &format!("{name:<17} {text}"))
}

fn wrapped(f: &mut fmt::Formatter<'_>, first: usize, rest: usize, text: &str) -> fmt::Result {
    let (name, text) = text.split_at(text.len().min(rest.saturating_sub(first)));
    let mut length = first + name.chars().count();
    write!(f, "{:first$}{name}", "")?;
    for (at, word) in text.split(' ').enumerate() {
        let wide = word.chars().count();
        if at > 0 && length + 1 + wide > WIDTH {
            write!(f, "\n{:rest$}", "")?;
            length = rest;
        } else if at > 0 {
            f.write_str(" ")?;
            length += 1;
        }
        f.write_str(word)?;
        length += wide;
    }
    writeln!(f)
}
