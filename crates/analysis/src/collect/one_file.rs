//! One file: recognised, read, checked.
//!
//! In: a file's name and bytes, and the mappings. Out: [`Looked`]: a checked return, a reason to
//! pass it by, or every problem of the file.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use records::register::{Kind, Register};
use records::returns::{self, Checked, Mapping, Recognised, Table, fold_header};
use records::{CellProblem, Figure, FigureId, Shown, Standing, is_invisible, person};
use store::NewReturn;

use super::read::{self, Sheet};

/// How one file was taken.
#[derive(Debug, Clone)]
pub enum Looked {
    /// A return, every cell of it good.
    Return(Box<NewReturn>),
    /// Not for this route.
    Skipped {
        /// Why.
        reason: String,
        /// The mappings that could read it, when the header does not decide.
        candidates: Vec<String>,
    },
    /// A return, or something named as one, with everything that is wrong with it.
    Refused {
        /// The mapping that it was read by, as far as it was recognised.
        mapping: Option<String>,
        /// Every problem.
        problems: Vec<CellProblem>,
    },
}

/// By what a file is recognised and read.
#[derive(Debug, Clone, Copy)]
pub struct Recognition<'a> {
    /// The mappings to choose from.
    pub mappings: &'a [Mapping],
    /// The one mapping to use, whatever the header says.
    pub forced: Option<&'a Mapping>,
    /// The definitions.
    pub register: &'a Register,
}

/// Looks at one file.
///
/// `named` says that a person named this very file: then it is not passed by because it looks
/// like no return, but refused.
pub fn look(file: &str, bytes: &[u8], named: bool, by: Recognition<'_>) -> Looked {
    if !named && !read::is_table_file(Path::new(file)) {
        return skipped("not a table: returns are CSV, XLSX, ODS or JSON");
    }
    let known = KnownColumns::of(by);
    let reading = read::read_all(file, bytes, &|header| known.has(header));
    judge(file, bytes, named, reading, by)
}

/// Looks at a table that this program has written: `bytes` as a file, `rows` cell by cell, the header first.
/// What is found is what [`look`] finds in the bytes.
pub(crate) fn look_at_rows(
    file: &str,
    bytes: &[u8],
    rows: Vec<Vec<String>>,
    by: Recognition<'_>,
) -> Looked {
    let known = KnownColumns::of(by);
    let reading = read::rows(file, rows, &|header| known.has(header));
    judge(file, bytes, true, reading, by)
}

/// What becomes of a file whose tables were read.
fn judge(
    file: &str,
    bytes: &[u8],
    named: bool,
    reading: read::Reading,
    by: Recognition<'_>,
) -> Looked {
    let mut problems = reading.problems;
    if is_workbook(bytes) {
        problems.extend(read::personal(&reading.sheets));
    }
    if reading.sheets.is_empty() {
        if problems.is_empty() {
            return no_return(file, named, &reading.sheets, problems);
        }
        return Looked::Refused { mapping: None, problems };
    }
    let known: Vec<(&Sheet, Recognised<'_>)> =
        reading.sheets.iter().map(|sheet| (sheet, recognise(sheet, by))).collect();
    let ambiguous = known.iter().find_map(|(_, recognised)| match recognised {
        Recognised::Ambiguous(candidates) => Some(candidates),
        _ => None,
    });
    if let Some(candidates) = ambiguous {
        let candidates: Vec<String> = candidates.iter().map(|mapping| mapping.id.clone()).collect();
        let reason = format!(
            "its header fits several mappings: {}; name one with --mapping",
            candidates.join(", ")
        );
        return Looked::Skipped { reason, candidates };
    }
    let returns: Vec<(&Sheet, &Mapping)> = known
        .iter()
        .filter_map(|(sheet, recognised)| match recognised {
            Recognised::As(mapping) | Recognised::Nearly(mapping) => Some((*sheet, *mapping)),
            _ => None,
        })
        .collect();
    if returns.is_empty() && !problems.is_empty() && is_workbook(bytes) {
        return Looked::Refused { mapping: None, problems };
    }
    let before = problems.len();
    let others = known.iter().filter(|(_, recognised)| matches!(recognised, Recognised::No));
    problems.extend(others.filter_map(|(sheet, _)| below_a_title(sheet, by)));
    if returns.is_empty() && problems.len() > before {
        return Looked::Refused { mapping: None, problems };
    }
    if returns.is_empty() {
        return no_return(file, named, &reading.sheets, problems);
    }
    check_sheets(file, bytes, &returns, problems, by.register)
}

fn skipped(reason: &str) -> Looked {
    Looked::Skipped { reason: reason.to_owned(), candidates: Vec::new() }
}

/// XLSX and ODS are zip archives.
fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

/// The longest column name that is compared with those that are known, in bytes.
const LONGEST_NAME: usize = 1_000;

/// The columns of the mappings in play, folded: of every cell it is asked whether it is one of their names.
struct KnownColumns(HashSet<String>);

impl KnownColumns {
    fn of(by: Recognition<'_>) -> KnownColumns {
        let mappings = by.forced.map_or(by.mappings, std::slice::from_ref);
        let columns = mappings.iter().flat_map(|mapping| &mapping.columns);
        let values = columns.filter(|column| !matches!(column.role, returns::Role::Note));
        KnownColumns(values.map(|column| fold_header(&column.name)).collect())
    }

    /// Whether a header is one of them and not about a person.
    fn has(&self, header: &str) -> bool {
        header.len() <= LONGEST_NAME
            && self.0.contains(&fold_header(header))
            && !person::is_about_a_person(header)
    }
}

fn recognise<'a>(sheet: &Sheet, by: Recognition<'a>) -> Recognised<'a> {
    let Some(forced) = by.forced else {
        return recognise_header(&sheet.header, by.mappings);
    };
    // A named mapping is used as it is; in a workbook, sheets that share no column with it are
    // read-me sheets.
    let shares = sheet.header.iter().any(|name| forced.column(name).is_some());
    if shares || sheet.name.is_empty() { Recognised::As(forced) } else { Recognised::No }
}

/// The most columns of a return: every one is compared with every one that a mapping knows.
const MOST_COLUMNS: usize = 500;

fn recognise_header<'a>(header: &[String], mappings: &'a [Mapping]) -> Recognised<'a> {
    if header.len() > MOST_COLUMNS || header.iter().any(|name| name.len() > LONGEST_NAME) {
        return Recognised::No;
    }
    returns::recognise(header, mappings)
}

/// How many rows are looked at for column names that stand below a title.
const ROWS_OF_TITLE: usize = 20;

/// Whether what is no return by its first row is one by a row below: somebody wrote a title above
/// it. Such a table is never passed by, also in a folder: its sender thinks that it is in.
fn below_a_title(sheet: &Sheet, by: Recognition<'_>) -> Option<CellProblem> {
    let mappings = by.forced.map_or(by.mappings, std::slice::from_ref);
    let header = sheet.rows.iter().take(ROWS_OF_TITLE).find(|row| {
        let names: Vec<String> =
            row.cells.iter().filter(|cell| !cell.is_empty()).cloned().collect();
        !matches!(recognise_header(&names, mappings), Recognised::No)
    })?;
    let of_sheet = match sheet.name.as_str() {
        "" => String::new(),
        name => format!(" of sheet \"{}\"", Shown::value(name)),
    };
    Some(CellProblem {
        file: sheet.file.clone(),
        row: sheet.header_row,
        column: String::new(),
        value: Shown::Withheld,
        expected: format!(
            "the column names in the first row{of_sheet}; they stand in row {}",
            header.number
        ),
        fix: format!("remove what stands above row {}", header.number),
    })
}

fn no_return(file: &str, named: bool, sheets: &[Sheet], mut problems: Vec<CellProblem>) -> Looked {
    if !named {
        return skipped("not a return: no mapping knows its header");
    }
    let personal = read::personal(sheets);
    let about_people = !personal.is_empty();
    problems.extend(personal);
    let fix = if about_people {
        "a table about people never goes by this route; send totals".to_owned()
    } else {
        format!(
            "`clearway check {file} --save-mapping MAPPING.toml` proposes a mapping; look it over and give it with --mapping"
        )
    };
    problems.push(CellProblem {
        file: file.to_owned(),
        row: sheets.first().map_or(1, |sheet| sheet.header_row),
        column: String::new(),
        value: Shown::Withheld,
        expected: "the header of a return that a mapping knows".to_owned(),
        fix,
    });
    Looked::Refused { mapping: None, problems }
}

fn check_sheets(
    file: &str,
    bytes: &[u8],
    sheets: &[(&Sheet, &Mapping)],
    mut problems: Vec<CellProblem>,
    register: &Register,
) -> Looked {
    let mut all = Checked::default();
    for (sheet, mapping) in sheets {
        if sheet.rows.is_empty() && !problems.is_empty() {
            // What broke the file off took its rows.
            continue;
        }
        let rows: Vec<(u64, Vec<String>)> =
            sheet.rows.iter().map(|row| (row.number, row.cells.clone())).collect();
        let table =
            Table { file, header_row: sheet.header_row, header: &sheet.header, rows: &rows };
        match returns::check(table, mapping, register) {
            Ok(checked) => {
                all.figures.extend(checked.figures);
                all.classifications.extend(checked.classifications);
                all.cross_footed.extend(checked.cross_footed);
                all.rows += checked.rows;
            }
            Err(found) => {
                // What the reader has said of a cell is not said again, and of a row whose cells
                // stand under the wrong names there is nothing else to say.
                let said: HashSet<(u64, String)> =
                    problems.iter().map(|one| (one.row, one.column.clone())).collect();
                let misplaced: HashSet<u64> =
                    sheet.rows.iter().filter(|row| row.misplaced).map(|row| row.number).collect();
                let new = found.into_iter().filter(|one| {
                    !misplaced.contains(&one.row) && !said.contains(&(one.row, one.column.clone()))
                });
                problems.extend(new.map(|mut problem| {
                    if sheets.len() > 1 {
                        problem.column = format!("{}!{}", sheet.name, problem.column);
                    }
                    problem
                }));
            }
        }
    }
    let (_, mapping) = sheets[0];
    if problems.is_empty() {
        problems.extend(doubles(file, &all));
    }
    let digest = blake3::hash(bytes).to_hex().to_string();
    let standing = standing(&all, register, &digest).unwrap_or_else(|real| {
        problems.push(CellProblem {
            file: file.to_owned(),
            row: real.origin.row,
            column: real.origin.column.clone(),
            value: Shown::value(&real.reporter),
            expected: "made-up task forces only, or real reporters only".to_owned(),
            fix: "send practice figures and real ones in two files".to_owned(),
        });
        Standing::Submitted
    });
    if problems.is_empty() && all.rows == 0 {
        problems.push(CellProblem {
            file: file.to_owned(),
            row: sheets[0].0.header_row,
            column: String::new(),
            value: Shown::Value("only example rows".to_owned()),
            expected: "at least one row of your own".to_owned(),
            fix: "fill in the form below its example row".to_owned(),
        });
    }
    if !problems.is_empty() {
        problems.sort_by_key(|problem| problem.row);
        return Looked::Refused { mapping: Some(mapping.id.clone()), problems };
    }
    let file_name = Path::new(file).file_name().map_or(file.into(), |name| name.to_string_lossy());
    Looked::Return(Box::new(NewReturn {
        digest,
        file_name: printable(&file_name),
        mapping: mapping.id.clone(),
        document: mapping.document.clone(),
        definition_version: mapping.version(register).name.clone(),
        standing,
        checked: all,
    }))
}

/// A file's name without characters that would steer the screen on which it is read.
fn printable(file_name: &str) -> String {
    file_name.chars().map(|c| if is_invisible(c) { '\u{fffd}' } else { c }).collect()
}

/// Questions that two sheets of one workbook answer.
fn doubles(file: &str, checked: &Checked) -> Vec<CellProblem> {
    let mut first: HashMap<FigureId, u64> = HashMap::new();
    let mut problems = Vec::new();
    for figure in &checked.figures {
        if let Some(row) = first.insert(figure.id(), figure.origin.row) {
            problems.push(CellProblem {
                file: file.to_owned(),
                row: figure.origin.row,
                column: figure.origin.column.clone(),
                value: Shown::value(&figure.as_said),
                expected: format!(
                    "each question answered once; row {row} of another sheet answers it"
                ),
                fix: "remove one of the rows".to_owned(),
            });
        }
    }
    problems
}

/// How far the figures may be shown: published when these very bytes are known to be, made up
/// when made-up task forces report them, otherwise as sent. The error is a real figure in a
/// made-up return.
fn standing<'a>(
    checked: &'a Checked,
    register: &Register,
    digest: &str,
) -> Result<Standing, &'a Figure> {
    if register.published(digest).is_some() {
        return Ok(Standing::Published);
    }
    let made_up = |code: &str| register.get(Kind::PracticeTaskForce, code).is_some();
    let touches = |figure: &&Figure| {
        made_up(&figure.reporter) || figure.dimensions.values().any(|code| made_up(code))
    };
    if !checked.figures.iter().any(|figure| touches(&figure)) {
        return Ok(Standing::Submitted);
    }
    checked.figures.iter().find(|figure| !touches(figure)).map_or(Ok(Standing::Synthetic), Err)
}
