//! The header: every column known, none missing, none about a person.

use super::Reader;
use crate::returns::recognise::within_two_edits;
use crate::returns::same_header;
use crate::{Shown, person};

impl Reader<'_> {
    pub(super) fn check_header(&mut self) {
        let header = self.table.header;
        for (at, name) in header.iter().enumerate() {
            if person::is_about_a_person(name) {
                self.problem(
                    self.table.header_row,
                    name,
                    Shown::Withheld,
                    "a return of totals, with nothing about a person",
                    "remove the column; records about people never go by this route",
                );
            } else if self.columns[at].is_some() {
                if header[..at].iter().any(|earlier| same_header(earlier, name)) {
                    self.problem(
                        self.table.header_row,
                        name,
                        Shown::value(name),
                        "each column once",
                        "remove or rename the second column of this name",
                    );
                }
            } else {
                let known: Vec<&str> =
                    self.mapping.columns.iter().map(|c| c.name.as_str()).collect();
                let near = known
                    .iter()
                    .find(|known| within_two_edits(&known.to_lowercase(), &name.to_lowercase()));
                let fix = match near {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => "remove the column, or save and extend a mapping with `clearway check FILE --save-mapping MAPPING.toml` and give it with --mapping".to_owned(),
                };
                self.problem(
                    self.table.header_row,
                    name,
                    Shown::Withheld,
                    format!(
                        "one of the columns {} (mapping {})",
                        known.join(", "),
                        self.mapping.id
                    ),
                    fix,
                );
            }
        }
        let missing: Vec<&str> = self
            .mapping
            .columns
            .iter()
            .filter(|column| {
                !column.optional && !header.iter().any(|n| same_header(n, &column.name))
            })
            .map(|column| column.name.as_str())
            .collect();
        for name in missing {
            self.problem(
                self.table.header_row,
                name,
                Shown::Value(String::new()),
                format!("a column \"{name}\" (mapping {})", self.mapping.id),
                "add the column, or name another mapping with --mapping",
            );
        }
    }
}
