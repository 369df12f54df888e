//! A return that an agency files for itself, checked before it is signed and before it is accepted.
//!
//! In: the bytes of Clearway's own form (`clearway-return.csv` or its workbook), the agency and the
//! quarter that they are filed for. Out: the [`NewReturn`] that the store takes, or every problem.
//!
//! | module | what |
//! |---|---|
//! | `form` | the rows of a quarter's form, in groups |
//! | `draft` | what was typed into it, exactly, as text and back |
//! | `sessions` | trainings, which sum up to two rows of the form |
//! | `look_over` | a draft checked whole: every problem, and what does not fit together |
//! | `mailed` | a file that came by mail, made into what can be filed |
//! | `review` | what was filed beside what stands, for whoever accepts it |

mod draft;
mod form;
mod look_over;
mod mailed;
mod review;
mod sessions;

use records::register::Register;
use records::returns::{Mapping, shipped_mappings};
use records::{CellProblem, Quarter, Shown};
use store::NewReturn;

use crate::collect::{Looked, Recognition, look, look_at_rows};

pub use draft::{Draft, NotADraft};
pub use form::{Form, FormRow, Group, Question, last_quarter};
pub use look_over::{LookedOver, Odd, Problem, Seen, Wrong, look_over};
pub use mailed::mailed;
pub use review::{Review, ReviewedFigure, Stands, review};
pub use sessions::{Session, sessions};

/// The mapping of Clearway's own form.
pub const OWN_FORM: &str = "clearway-return";

/// Clearway's own form, as it is read; nothing only if the program was put together wrongly.
pub fn own_form() -> Option<&'static Mapping> {
    shipped_mappings().ok()?.iter().find(|mapping| mapping.id == OWN_FORM)
}

/// Reads and checks what is filed for one agency and one quarter.
///
/// # Errors
///
/// Every problem: those of the file, and every figure of another agency or quarter.
pub fn check(
    register: &Register,
    form: &Mapping,
    of: (&str, Quarter),
    (file_name, bytes): (&str, &[u8]),
) -> Result<Box<NewReturn>, Vec<CellProblem>> {
    own(file_name, look(file_name, bytes, true, read_by(register, form)), of)
}

/// The same of what was typed into the form, of which `bytes` are the CSV and `rows` its cells.
fn check_rows(
    register: &Register,
    form: &Mapping,
    of: (&str, Quarter),
    (file_name, bytes, rows): (&str, &[u8], Vec<Vec<String>>),
) -> Result<Box<NewReturn>, Vec<CellProblem>> {
    own(file_name, look_at_rows(file_name, bytes, rows, read_by(register, form)), of)
}

fn read_by<'a>(register: &'a Register, form: &'a Mapping) -> Recognition<'a> {
    Recognition { mappings: std::slice::from_ref(form), forced: Some(form), register }
}

/// A return that speaks of nothing but its own agency and quarter.
fn own(
    file_name: &str,
    looked: Looked,
    (agency, quarter): (&str, Quarter),
) -> Result<Box<NewReturn>, Vec<CellProblem>> {
    let problem = |row, column: &str, value: &str, expected: String, fix: &str| CellProblem {
        file: file_name.to_owned(),
        row,
        column: column.to_owned(),
        value: Shown::value(value),
        expected,
        fix: fix.to_owned(),
    };
    let new = match looked {
        Looked::Return(new) => new,
        Looked::Refused { problems, .. } => return Err(problems),
        Looked::Skipped { reason, .. } => {
            let fix = "fill in Clearway's own form";
            return Err(vec![problem(0, "", &reason, "a return".to_owned(), fix)]);
        }
    };
    let mut problems = Vec::new();
    for figure in &new.checked.figures {
        let row = figure.origin.row;
        if figure.reporter != agency {
            let fix = "file for your own agency";
            problems.push(problem(row, "reporter", &figure.reporter, agency.to_owned(), fix));
        }
        if figure.period.state_quarter() != Some(quarter) {
            let (is, fix) = (figure.period.to_string(), "file each quarter by itself");
            problems.push(problem(row, "period", &is, quarter.to_string(), fix));
        }
    }
    match problems.is_empty() {
        true => Ok(new),
        false => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn checked(csv: &str) -> Result<Box<NewReturn>, Vec<CellProblem>> {
        let register = Register::embedded();
        let form = own_form().unwrap();
        let quarter = "2026-Q3".parse().unwrap();
        check(register, form, ("practice-1", quarter), ("filed.csv", csv.as_bytes()))
    }

    #[test]
    fn an_agency_files_its_own_quarter_and_hears_of_every_other_figure() {
        let header = "reporter,period,measure,value\n";
        let own = "practice-1,2026-Q3,victim_identified,12\n";
        let new = checked(&format!("{header}{own}")).unwrap();
        assert_eq!((new.checked.figures.len(), &new.mapping[..]), (1, OWN_FORM));
        let others = "practice-2,2026-Q2,victim_identified,3\npractice-2,2026-Q3,victim_served,4\n";
        let problems = checked(&format!("{header}{own}{others}")).unwrap_err();
        let where_: Vec<(u64, &str)> =
            problems.iter().map(|one| (one.row, one.column.as_str())).collect();
        assert_eq!(where_, [(3, "reporter"), (3, "period"), (4, "reporter")]);
        assert!(checked("").is_err() && checked("a,b\n1,2\n").is_err());
    }

    proptest! {
        /// What is checked while somebody types is what is checked when the file comes in.
        #[test]
        fn the_cells_of_a_draft_are_checked_as_its_file_is(
            whole in any::<bool>(),
            typed in proptest::collection::vec(
                (0usize..50, "value|note|as_of", "\\PC{0,12}|[ -~]{0,12}|[\t\n\0\u{1}\u{85}\u{feff}a;|\",]{0,6}"),
                0..8,
            ),
        ) {
            let (register, own) = (Register::embedded(), own_form().unwrap());
            let form = Form::of(register).unwrap();
            let mut draft = Draft::default();
            let rows: Vec<String> = form.rows().map(|row| row.key.clone()).collect();
            if whole {
                for row in &rows {
                    draft.set(&form, &format!("{row}-value"), "0");
                }
            }
            for (row, column, text) in typed {
                draft.set(&form, &format!("{}-{column}", rows[row]), &text);
            }
            let of = ("practice-1", "2026-Q3".parse().unwrap());
            let (cells, _) = draft.rows_of_csv(&form, of);
            let csv = draft.csv(&form, of.0, of.1);
            let by_file = check(register, own, of, ("2026-Q3.csv", csv.as_bytes()));
            let by_cell = check_rows(register, own, of, ("2026-Q3.csv", csv.as_bytes(), cells));
            if csv.contains('\0') {
                // Of a file it is said that it is none; of a cell, which it is.
                prop_assert!(by_file.is_err() && by_cell.is_err());
            } else {
                prop_assert_eq!(format!("{by_file:?}"), format!("{by_cell:?}"));
            }
        }
    }
}
