//! The sheets of a workbook: Read me, Return, Definitions and the hidden Lists.
//!
//! Nothing is protected. Lists and Definitions begin with a title of their own, so that no reader
//! takes them for a return.

use records::register::{Entry, Kind, Register};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::TemplateError;
use super::columns::{COLUMNS, Column, example_row};
use super::quarter::{self, Figure};
use super::read_me::{self, Line};

/// How many rows are prepared below the example.
const PREPARED_ROWS: u32 = 500;
const EXAMPLE_ROW: u32 = 1;
const FIRST_ROW: u32 = 2;

const INK: u32 = 0x1B_2A_3A;
const HEADER: u32 = 0x1F_3B_57;
const RULE: u32 = 0xC9_D2_DB;
const PALE: u32 = 0xF1_F4_F7;
const TO_FILL: u32 = 0xFF_F8_E1;

/// The form for any figures.
pub(super) fn any_figures(register: &Register) -> Result<Vec<u8>, TemplateError> {
    make(
        register,
        "Clearway return",
        &[
            "Go to the sheet Return. Write one row for each figure, below the grey example row; \
             500 rows are prepared, and more may follow.",
            "Choose measure, reporter and the other codes from the drop-down of each cell. Point \
             at a column name to read what it means. Leave a breakdown empty when the figure \
             covers everything together.",
            "A total and its parts may both stand there; the total is checked against its parts \
             and never added to them.",
        ],
        &[],
    )
}

/// The form for a task force's quarter.
pub(super) fn quarter(register: &Register) -> Result<Vec<u8>, TemplateError> {
    make(
        register,
        "Clearway return: a task force's quarter",
        &[
            "Go to the sheet Return. Choose your task force under reporter in row 3 and write the \
             quarter under period there (2026-Q3); the rows below repeat both.",
            "Write a value in every row that is prepared. Each needs an answer: a number, 0, \
             unknown or not collected. Delete no row.",
            "Add rows of your own below for figures by county, agency, age or section.",
        ],
        &quarter::figures(register)?,
    )
}

fn make(
    register: &Register,
    title: &str,
    steps: &[&str],
    figures: &[Figure],
) -> Result<Vec<u8>, TemplateError> {
    let date = register.current_version().date;
    let (year, month, day) = (date.year().unsigned_abs(), date.month(), date.day());
    let made = ExcelDateTime::from_ymd(year, month.unsigned_abs(), day.unsigned_abs())?;
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(title)
            .set_author("Clearway")
            .set_comment(format!("Definitions {}", register.current_version().name))
            .set_creation_datetime(&made),
    );
    read_me_sheet(workbook.add_worksheet(), register, steps)?;
    return_sheet(workbook.add_worksheet(), register, figures)?;
    definitions_sheet(workbook.add_worksheet(), register)?;
    lists_sheet(workbook.add_worksheet(), register)?;
    for (at, column) in COLUMNS.iter().enumerate().filter(|(_, column)| !column.codes.is_empty()) {
        let letter = char::from(b'A' + at as u8);
        let last = column.entries(register).len() + 1;
        workbook.define_name(list_name(column), &format!("=Lists!${letter}$2:${letter}${last}"))?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn list_name(column: &Column) -> String {
    format!("list_{}", column.name)
}

fn plain() -> Format {
    Format::new().set_font_name("Calibri").set_font_size(11).set_font_color(INK)
}

fn wrapped() -> Format {
    plain().set_text_wrap().set_align(FormatAlign::Top)
}

fn heading() -> Format {
    plain().set_bold().set_font_color(0xFF_FF_FF).set_background_color(HEADER).set_text_wrap()
}

fn read_me_sheet(
    sheet: &mut Worksheet,
    register: &Register,
    steps: &[&str],
) -> Result<(), XlsxError> {
    sheet.set_name("Read me")?.set_screen_gridlines(false).set_column_width(0, 96)?;
    let title = plain().set_bold().set_font_size(20);
    let bold = plain().set_bold().set_font_size(13).set_font_color(HEADER);
    for (row, line) in (0..).zip(read_me::lines(register, steps)) {
        match line {
            Line::Title(text) => {
                sheet.set_row_height(row, 34)?.write_with_format(row, 0, text, &title)?
            }
            Line::Heading(text) => sheet.set_row_height(row, 28)?.write_with_format(
                row,
                0,
                text,
                &bold.clone().set_align(FormatAlign::Bottom),
            )?,
            Line::Text(text) => {
                sheet.set_row_height(row, 16 * lines_of(&text, 100))?;
                sheet.write_with_format(row, 0, text, &wrapped())?
            }
        };
    }
    sheet.set_paper_size(1).set_print_fit_to_pages(1, 0);
    Ok(())
}

/// How many lines a text takes at about so many characters each.
fn lines_of(text: &str, characters: usize) -> u32 {
    text.len().div_ceil(characters).max(1) as u32
}

fn return_sheet(
    sheet: &mut Worksheet,
    register: &Register,
    figures: &[Figure],
) -> Result<(), TemplateError> {
    sheet.set_name("Return")?.set_freeze_panes(1, 1)?;
    sheet.set_default_note_author("Clearway");
    let last = FIRST_ROW + PREPARED_ROWS - 1;
    let example = plain()
        .set_italic()
        .set_font_color(0x6B_77_83)
        .set_background_color(PALE)
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(RULE);
    for ((at, column), text) in (0..).zip(&COLUMNS).zip(example_row(register)?) {
        sheet.set_column_width(at, column.width)?;
        sheet.write_with_format(0, at, column.name, &heading())?;
        let note = format!("{}\n\nTakes: {}.", column.definition, column.takes);
        sheet.insert_note(
            0,
            at,
            &Note::new(note).add_author_prefix(false).set_width(300).set_height(150),
        )?;
        let example =
            if column.text { example.clone().set_num_format("@") } else { example.clone() };
        match text.parse::<f64>() {
            Ok(number) if !column.text => {
                sheet.write_with_format(EXAMPLE_ROW, at, number, &example)?
            }
            _ => sheet.write_with_format(EXAMPLE_ROW, at, text, &example)?,
        };
        let cell = cell_format(column);
        for row in FIRST_ROW..=last {
            sheet.write_blank(row, at, &cell)?;
        }
        sheet.add_data_validation(FIRST_ROW, at, last, at, &validation(column)?)?;
    }
    fill(sheet, figures)?;
    sheet.set_row_height(0, 22)?;
    sheet.set_landscape().set_paper_size(1).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

fn cell_format(column: &Column) -> Format {
    let cell = plain().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(RULE);
    let cell = if column.text { cell.set_num_format("@") } else { cell };
    if column.name == "value" { cell.set_background_color(TO_FILL) } else { cell }
}

/// Writes the prepared figures. Reporter and period are written once, in the first of them; the
/// rows below repeat them by formula.
fn fill(sheet: &mut Worksheet, figures: &[Figure]) -> Result<(), XlsxError> {
    sheet.set_formula_result_default("");
    for (row, figure) in (FIRST_ROW..).zip(figures) {
        for (at, column) in (0u16..).zip(&COLUMNS) {
            let prepared = figure.iter().find(|(name, _)| *name == column.name);
            if let Some((_, value)) = prepared {
                sheet.write_with_format(row, at, value, &cell_format(column))?;
            } else if matches!(column.name, "reporter" | "period") {
                let letter = char::from(b'A' + at as u8);
                let cell = cell_format(column).set_num_format("General");
                if row == FIRST_ROW {
                    let to_fill = cell_format(column).set_background_color(TO_FILL);
                    sheet.write_blank(row, at, &to_fill)?;
                } else {
                    let first = FIRST_ROW + 1;
                    let repeat = format!("=IF(${letter}${first}=\"\",\"\",${letter}${first})");
                    let repeat = Formula::new(repeat);
                    sheet.write_formula_with_format(row, at, repeat, &cell)?;
                }
            }
        }
    }
    Ok(())
}

/// What a spreadsheet lets into a column's cells, and what it says when one is chosen.
fn validation(column: &Column) -> Result<DataValidation, XlsxError> {
    let value =
        char::from(b'A' + COLUMNS.iter().position(|one| one.name == "value").unwrap_or(0) as u8);
    let cell = format!("{value}{}", FIRST_ROW + 1);
    let rule = DataValidation::new().ignore_blank(true);
    let rule = if !column.codes.is_empty() {
        rule.allow_list_formula(Formula::new(format!("={}", list_name(column)))).set_error_message(
            "Choose a code from the list. The sheet Definitions says what each means.",
        )?
    } else if column.name == "example" {
        rule.allow_list_strings(&["yes"])?.set_error_message("Write yes, or leave it empty.")?
    } else if column.name == "value" {
        let words = ["unknown", "not collected", "zero"].map(|word| format!("{cell}=\"{word}\""));
        let qualifiers = ["more than ", "over ", "at least ", "about ", "fewer than "]
            .map(|word| format!("LEFT({cell},{})=\"{word}\"", word.len()));
        let (words, qualifiers) = (words.join(","), qualifiers.join(","));
        rule.allow_custom(Formula::new(format!("=OR(ISNUMBER({cell}),{words},{qualifiers})")))
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_message(
                "A number, 0 or more; unknown; not collected; or a number with more than, over, at \
                 least, about or fewer than before it.",
            )?
    } else {
        rule.allow_any_value()
    };
    rule.set_error_title(column.name)?
        .set_input_title(column.name)?
        .set_input_message(column.definition)
}

fn definitions_sheet(sheet: &mut Worksheet, register: &Register) -> Result<(), XlsxError> {
    sheet.set_name("Definitions")?.set_freeze_panes(1, 0)?.set_screen_gridlines(false);
    let title = plain().set_bold().set_font_size(16);
    let version = register.current_version();
    sheet.write_with_format(0, 0, format!("Definitions, version {}", version.name), &title)?;
    for (at, width) in (0u16..).zip([26, 30, 56, 44, 44, 40, 40]) {
        sheet.set_column_width(at, width)?;
    }
    let mut row = 2;
    let mut put = |cells: &[&str], format: &Format| -> Result<(), XlsxError> {
        for (at, cell) in (0u16..).zip(cells) {
            sheet.write_with_format(row, at, *cell, format)?;
        }
        row += 1;
        Ok(())
    };
    let body = wrapped().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(RULE);
    let gap = plain();
    let counted = [
        "Counted unit (code)",
        "What people call it",
        "What it is",
        "Counts",
        "Does not count",
        "Example that counts",
        "Example that does not",
    ];
    put(&counted, &heading())?;
    for entry in register.entries(Kind::CountedUnit) {
        let more = |column| entry.attribute(column).unwrap_or_default();
        let [counts, does_not, example, counterexample] =
            ["includes", "excludes", "example_counts", "example_does_not"].map(more);
        let is = words_of(entry);
        put(&[&entry.code, &entry.label, &is, counts, does_not, example, counterexample], &body)?;
    }
    for column in
        COLUMNS.iter().filter(|column| column.name != "measure" && !column.codes.is_empty())
    {
        put(&[], &gap)?;
        put(
            &[&format!("Codes of {}", column.name), "What people call it", "What it is"],
            &heading(),
        )?;
        for entry in column.entries(register) {
            put(&[&entry.code, &entry.label, &words_of(entry)], &body)?;
        }
    }
    sheet.set_landscape().set_paper_size(1).set_print_fit_to_pages(1, 0);
    Ok(())
}

/// A definition; one that nobody has checked against its source says so.
fn words_of(entry: &Entry) -> String {
    if entry.verified() {
        entry.definition.clone()
    } else {
        format!("{} (not checked against a source)", entry.definition).trim().to_owned()
    }
}

fn lists_sheet(sheet: &mut Worksheet, register: &Register) -> Result<(), XlsxError> {
    sheet.set_name("Lists")?.set_hidden(true);
    let text = Format::new().set_num_format("@");
    for (at, column) in (0u16..).zip(&COLUMNS) {
        let entries = column.entries(register);
        if entries.is_empty() {
            continue;
        }
        sheet.set_column_width(at, column.width)?;
        sheet.write_with_format(0, at, format!("codes for {}", column.name), &heading())?;
        for (row, entry) in (1..).zip(entries) {
            sheet.write_string_with_format(row, at, &entry.code, &text)?;
        }
    }
    Ok(())
}
