//! The columns of the form: what each means, what it takes, and an example.

use records::register::{Entry, Kind, Register};

use super::TemplateError;

/// One column of the form.
pub(super) struct Column {
    pub(super) name: &'static str,
    /// What it means, at most 255 characters: a spreadsheet shows it beside the cell.
    pub(super) definition: &'static str,
    /// What it takes, in words; a column with codes takes these.
    pub(super) takes: &'static str,
    /// The kinds whose codes its drop-down holds.
    pub(super) codes: &'static [Kind],
    pub(super) width: u8,
    /// Whether a spreadsheet must keep it as typed: `2026-07` is not a date and `236.1` no number.
    pub(super) text: bool,
    /// What stands in the example row.
    example: Example,
}

enum Example {
    Says(&'static str),
    /// A code, which the register must have.
    Code(Kind, &'static str),
    /// The first code of a kind.
    First(Kind),
}

impl Column {
    /// The entries of its drop-down.
    pub(super) fn entries<'a>(&self, register: &'a Register) -> Vec<&'a Entry> {
        self.codes.iter().flat_map(|kind| register.entries(*kind)).collect()
    }

    /// What stands in the example row.
    pub(super) fn example(&self, register: &Register) -> Result<String, TemplateError> {
        match self.example {
            Example::Says(text) => Ok(text.to_owned()),
            Example::Code(kind, code) => super::code(register, kind, code).map(str::to_owned),
            Example::First(kind) => Ok(register
                .entries(kind)
                .next()
                .map(|entry| entry.code.clone())
                .unwrap_or_default()),
        }
    }
}

const CODE: &str = "a code of the list, or empty for all together";

/// The columns in their order.
pub(super) const COLUMNS: [Column; 17] = [
    Column {
        name: "measure",
        definition: "What is counted. Choose a counted unit; the sheet Definitions says what \
                     counts as one and what does not.",
        takes: "a code of the list",
        codes: &[Kind::CountedUnit],
        width: 26,
        text: false,
        example: Example::Code(Kind::CountedUnit, "victim_identified"),
    },
    Column {
        name: "reporter",
        definition: "Who states the figure: a task force or an agency, by its code.",
        takes: "a code of the list",
        codes: &[Kind::TaskForce, Kind::PracticeTaskForce, Kind::Agency],
        width: 24,
        text: false,
        example: Example::First(Kind::PracticeTaskForce),
    },
    Column {
        name: "period",
        definition: "The days the figure covers: a quarter (2026-Q3), a year (2026), months \
                     (2026-07/2026-09) or days (2026-07-01/2026-09-30).",
        takes: "YYYY-Qn, YYYY, YYYY-MM, YYYY-MM-DD, or two of the last three with / between them",
        codes: &[],
        width: 22,
        text: true,
        example: Example::Says("2026-Q3"),
    },
    Column {
        name: "trafficking_type",
        definition: "Sex, labor, both, or not yet classified. Leave it empty when the figure \
                     covers all types together.",
        takes: CODE,
        codes: &[Kind::TraffickingType],
        width: 18,
        text: false,
        example: Example::Code(Kind::TraffickingType, "labor"),
    },
    Column {
        name: "statute",
        definition: "The section that was charged, for arrests and convictions stated by section. \
                     Otherwise empty.",
        takes: CODE,
        codes: &[Kind::Statute],
        width: 14,
        text: true,
        example: Example::Says(""),
    },
    Column {
        name: "conduct",
        definition: "What was done, whatever section was charged. Otherwise empty.",
        takes: CODE,
        codes: &[Kind::Conduct],
        width: 22,
        text: false,
        example: Example::Says(""),
    },
    Column {
        name: "county",
        definition: "The county the figure is about. Leave it empty when it covers your whole \
                     area.",
        takes: CODE,
        codes: &[Kind::County],
        width: 18,
        text: false,
        example: Example::Says(""),
    },
    Column {
        name: "agency",
        definition: "The member agency or unit whose share of the figure this is. Leave it empty \
                     when the figure covers the whole task force.",
        takes: "the code or name of an agency of the register, never of a person; or empty",
        codes: &[],
        width: 24,
        text: false,
        example: Example::Says(""),
    },
    Column {
        name: "age",
        definition: "Minor (under 18), adult or unknown. Leave it empty for all ages together.",
        takes: CODE,
        codes: &[Kind::Age],
        width: 12,
        text: false,
        example: Example::Says(""),
    },
    Column {
        name: "status",
        definition: "Victims identified: potential or confirmed. Victims served: new, continuing \
                     or carried_over. Trained: person or seat. Otherwise empty.",
        takes: CODE,
        codes: &[Kind::Status],
        width: 18,
        text: false,
        example: Example::Code(Kind::Status, "confirmed"),
    },
    Column {
        name: "service",
        definition: "One of the kinds of service, when victims served are counted by service. A \
                     person who got several is in several rows; these rows are not added up.",
        takes: CODE,
        codes: &[Kind::Service],
        width: 26,
        text: false,
        example: Example::Says(""),
    },
    Column {
        name: "benefit",
        definition: "The benefit or letter, when these are counted. Otherwise empty.",
        takes: CODE,
        codes: &[Kind::Benefit],
        width: 22,
        text: false,
        example: Example::Says(""),
    },
    Column {
        name: "value",
        definition: "A number; or \"unknown\" (you collect it and do not know it), or \"not \
                     collected\" (you do not collect it), or with a qualifier: \"more than 300\". \
                     0 says that there were none.",
        takes: "a number, 0 or more; unknown; not collected; or more than, over, at least, about \
                or fewer than with a number",
        codes: &[],
        width: 16,
        text: false,
        example: Example::Says("12"),
    },
    Column {
        name: "agency_classification",
        definition: "What your agency itself calls what it counted, when that is not the state's \
                     word. Both are kept.",
        takes: "a few words, never about one person; or empty",
        codes: &[],
        width: 24,
        text: false,
        example: Example::Says(""),
    },
    Column {
        name: "as_of",
        definition: "The day on which the figure was true, when it may still change.",
        takes: "a day, YYYY-MM-DD; or empty",
        codes: &[],
        width: 14,
        text: true,
        example: Example::Says("2026-10-15"),
    },
    Column {
        name: "note",
        definition: "Anything a reader of the figure should know. Nothing about any one person: \
                     no names, no case details.",
        takes: "a sentence; or empty",
        codes: &[],
        width: 40,
        text: false,
        example: Example::Says("an example, not counted"),
    },
    Column {
        name: "example",
        definition: "Leave it empty. A row that says \"yes\" here is an example and is not \
                     counted.",
        takes: "yes, or empty",
        codes: &[],
        width: 10,
        text: false,
        example: Example::Says("yes"),
    },
];

/// The names of the form's columns, in order.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|column| column.name)
}

/// The example row.
pub(super) fn example_row(register: &Register) -> Result<Vec<String>, TemplateError> {
    COLUMNS.iter().map(|column| column.example(register)).collect()
}

/// The form as CSV: the header and the example row.
pub(super) fn form(register: &Register) -> Result<Vec<u8>, TemplateError> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(column_names())?;
    table.write_record(example_row(register)?)?;
    finish(table)
}

/// What each column takes, as CSV.
pub(super) fn dictionary(register: &Register) -> Result<Vec<u8>, TemplateError> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["column", "definition", "takes", "codes", "example"])?;
    for column in &COLUMNS {
        let codes: Vec<&str> =
            column.entries(register).iter().map(|entry| entry.code.as_str()).collect();
        let example = column.example(register)?;
        let codes = codes.join("; ");
        table.write_record([column.name, column.definition, column.takes, &codes, &example])?;
    }
    finish(table)
}

fn finish(table: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, TemplateError> {
    table.into_inner().map_err(|error| TemplateError::Table(error.into_error().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_fits_beside_its_cell() {
        for column in &COLUMNS {
            assert!(column.definition.len() <= 255, "{}", column.name);
            assert!(column.name.len() <= 32, "{}", column.name);
        }
    }
}
