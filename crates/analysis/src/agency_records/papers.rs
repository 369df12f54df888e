//! The signed papers beside an agency's records: what may leave, who has agreed, what a court has
//! ordered.
//!
//! In: `disclosure_modes.csv`, `releases.csv`, `orders.csv`, in any format that records come in.
//! Out: modes, releases or orders, or every problem of every cell. A release and an order name a
//! person or a record by its own number, and so no value of any of them is ever shown.
//!
//! What leaves by a paper has a limit in time. A release is to be "reasonably time-limited" (34
//! U.S.C. 12291(b)(2)(B)); we take [`RELEASE_YEARS`], in which a state's report of a year is made,
//! corrected and compared with the next. Information that agencies share is looked at anew after
//! five years at most (28 CFR 23.20(h)); so is a mode: [`MODE_YEARS`]. Longer ones are signed again.

use jiff::ToSpan;
use jiff::civil::Date;
use records::disclosure::{
    CLEARINGHOUSE, DisclosureMode, Mode, ModeProblem, Order, OrderKind, Release,
};
use records::record::{Code, Personal, RecordKind};
use records::register::Kind;
use store::StoreError;

use records::{CellProblem, resembles, unknown_column};

use super::check::Checked;
use super::import::Destination;
use super::input::Input;
use super::problems::Problems;
use super::table::{TableRows, plain, whole_row};

/// A release ends at most so many years after it was signed.
const RELEASE_YEARS: i16 = 3;
/// A disclosure mode ends at most so many years after it was signed.
const MODE_YEARS: i16 = 5;

/// A column, and whether its cells must be filled.
type Column = (&'static str, bool);

const MODES: [Column; 7] = [
    ("record", true),
    ("recipient", true),
    ("mode", true),
    ("basis", true),
    ("signatory", false),
    ("signed_on", true),
    ("expires_on", true),
];
const RELEASES: [Column; 6] = [
    ("victim", true),
    ("recipient", true),
    ("purpose", true),
    ("signed_on", true),
    ("expires_on", true),
    ("revoked_on", false),
];
const ORDERS: [Column; 5] = [
    ("record", true),
    ("reference", true),
    ("order", true),
    ("authority", true),
    ("ordered_on", true),
];

/// Every column of a paper.
pub(super) const COLUMNS: [&str; 14] = [
    "record",
    "recipient",
    "mode",
    "basis",
    "signatory",
    "signed_on",
    "expires_on",
    "victim",
    "purpose",
    "revoked_on",
    "reference",
    "order",
    "authority",
    "ordered_on",
];

/// Reads the disclosure modes of a legal entity.
///
/// # Errors
///
/// Every problem of every cell, and why the law does not open a mode to it.
pub fn read_modes(
    input: &Input,
    entity: Code,
    today: Date,
) -> Result<Vec<DisclosureMode>, Problems> {
    each_row(input, &MODES, &mut |cells| {
        let record = cells.word("record", RecordKind::from_word, || words(RecordKind::ALL));
        let recipient = cells.recipient();
        let mode = cells
            .word("mode", Mode::from_word, || "totals_only | with_release | encoded".to_owned());
        let basis = cells.word(
            "basis",
            |word| Code::resolve(Kind::LegalBasis, word),
            || {
                "a code of legal_basis; `clearway definitions list legal_basis` lists them"
                    .to_owned()
            },
        );
        let signatory = cells.text("signatory");
        let (signed_on, expires_on) = (cells.day("signed_on"), cells.day("expires_on"));
        if let (Some(signed_on), Some(expires_on)) = (signed_on, expires_on) {
            cells.limited(signed_on, expires_on, MODE_YEARS, today);
        }
        let mode = DisclosureMode::new(
            entity,
            record?,
            &recipient?,
            mode?,
            basis?,
            &signatory,
            signed_on?,
            expires_on?,
        );
        mode.map_err(|problems| {
            for problem in problems {
                let column = match problem {
                    ModeProblem::NotOnThisBasis { .. } | ModeProblem::BasisOfOthers { .. } => {
                        "basis"
                    }
                    ModeProblem::NoSignatory => "signatory",
                    ModeProblem::NoExpiry => "expires_on",
                    _ => "mode",
                };
                let expected = "a mode that the law opens to this agency, signed and with an end";
                cells.object(column, expected, &problem.to_string());
            }
        })
        .ok()
    })
}

/// Reads the releases that single clients have signed.
///
/// # Errors
///
/// Every problem of every cell.
pub fn read_releases(input: &Input, today: Date) -> Result<Vec<Release>, Problems> {
    let releases = releases(input, today)?;
    Ok(releases.into_iter().map(|(_, release)| release).collect())
}

/// Takes a file of releases in, when each is of somebody whom the agency knows: the releases, and
/// how many are new or changed; or every problem.
///
/// # Errors
///
/// [`StoreError`].
pub async fn take_releases(
    to: Destination<'_>,
    input: &Input,
    today: Date,
) -> Result<Result<(usize, u64), Problems>, StoreError> {
    let (rows, releases): (Vec<u64>, Vec<Release>) = match releases(input, today) {
        Ok(releases) => releases.into_iter().unzip(),
        Err(problems) => return Ok(Err(problems)),
    };
    let known = to.store.are_known(to.scope, &releases, to.keys).await?;
    let mut problems = Problems::default();
    problems.extend(rows.iter().zip(known).filter(|(_, known)| !known).map(|(row, _)| {
        let expected = "the own number of somebody in your records";
        let fix = "compare it with victims.csv; import the records before the releases";
        CellProblem { column: "victim".to_owned(), ..whole_row(input, *row, expected, fix) }
    }));
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let changed = to.store.add_releases(to.scope, &releases, to.keys, to.at).await?;
    Ok(Ok((releases.len(), changed)))
}

/// The releases, each with its row.
fn releases(input: &Input, today: Date) -> Result<Vec<(u64, Release)>, Problems> {
    each_row(input, &RELEASES, &mut |cells| {
        let victim = cells.filled("victim");
        let recipient = cells.recipient();
        let purpose = cells.filled("purpose");
        let (signed_on, expires_on) = (cells.day("signed_on"), cells.day("expires_on"));
        let revoked_on = match cells.text("revoked_on").is_empty() {
            true => Some(None),
            false => cells.day("revoked_on").map(Some),
        };
        let (signed_on, expires_on, revoked_on) = (signed_on?, expires_on?, revoked_on?);
        let later = [("expires_on", Some(expires_on)), ("revoked_on", revoked_on)];
        let mut good = cells.limited(signed_on, expires_on, RELEASE_YEARS, today);
        for (column, day) in later {
            if day.is_some_and(|day| day < signed_on) {
                cells.object(column, "a day that is not before it was signed", "check both days");
                good = false;
            }
        }
        let (victim, recipient, purpose) = (Personal::new(victim?), recipient?, purpose?);
        let release = Release { victim, recipient, purpose, signed_on, expires_on, revoked_on };
        good.then_some((cells.row, release))
    })
}

/// Reads orders of courts and of the law, and releases that were revoked. An order dated after
/// `today` is a typing error, and what it destroys cannot be brought back.
///
/// # Errors
///
/// Every problem of every cell.
pub fn read_orders(input: &Input, today: Date) -> Result<Vec<Order>, Problems> {
    each_row(input, &ORDERS, &mut |cells| {
        let record = cells.word("record", RecordKind::from_word, || words(RecordKind::ALL));
        let reference = cells.filled("reference");
        let order = cells.word("order", OrderKind::from_word, || {
            OrderKind::ALL.map(OrderKind::as_str).join(" | ")
        });
        let authority = cells.filled("authority");
        let ordered_on = cells.day("ordered_on").filter(|day| {
            let passed = *day <= today;
            if !passed {
                let expected = format!("a day not after today, {today}");
                cells.object("ordered_on", &expected, "check the year");
            }
            passed
        });
        Some(Order {
            record: record?,
            reference: Personal::new(reference?),
            order: order?,
            authority: authority?,
            ordered_on: ordered_on?,
        })
    })
}

/// Checks the disclosure modes of a legal entity.
pub fn check_modes(input: &Input, entity: Code, today: Date) -> Checked {
    checked(read_modes(input, entity, today).map(|modes| modes.len()))
}

/// Checks a file of releases.
pub fn check_releases(input: &Input, today: Date) -> Checked {
    checked(read_releases(input, today).map(|releases| releases.len()))
}

/// Checks a file of orders.
pub fn check_orders(input: &Input, today: Date) -> Checked {
    checked(read_orders(input, today).map(|orders| orders.len()))
}

fn checked(read: Result<usize, Problems>) -> Checked {
    match read {
        Ok(rows) => {
            let rows = rows as u64;
            Checked { format: "csv", rows, records: rows, ..Checked::default() }
        }
        Err(problems) => Checked { format: "csv", problems, ..Checked::default() },
    }
}

fn words(kinds: [RecordKind; 9]) -> String {
    kinds.map(RecordKind::as_str).join(" | ")
}

/// The cells of one row by the names of their columns.
struct Cells<'a> {
    input: &'a Input,
    row: u64,
    columns: &'a [Column],
    texts: Vec<String>,
    problems: Vec<CellProblem>,
}

impl Cells<'_> {
    fn object(&mut self, column: &str, expected: &str, fix: &str) {
        let whole = whole_row(self.input, self.row, expected, fix);
        self.problems.push(CellProblem { column: column.to_owned(), ..whole });
    }

    fn text(&self, column: &str) -> String {
        let at = self.columns.iter().position(|(name, _)| *name == column);
        at.and_then(|at| self.texts.get(at)).cloned().unwrap_or_default()
    }

    fn filled(&mut self, column: &str) -> Option<String> {
        let text = self.text(column);
        if text.is_empty() || text.chars().any(records::is_invisible) {
            self.object(column, "text, without invisible characters", "fill it in");
            return None;
        }
        Some(text)
    }

    fn word<T>(
        &mut self,
        column: &str,
        read: impl Fn(&str) -> Option<T>,
        expected: impl Fn() -> String,
    ) -> Option<T> {
        let read = read(&self.text(column));
        if read.is_none() {
            self.object(column, &expected(), "write one of these");
        }
        read
    }

    /// A recipient: a word, so that a typing error with a space is seen.
    fn recipient(&mut self) -> Option<String> {
        let text = self.text("recipient");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if text.is_empty() || !text.chars().all(plain) {
            self.object(
                "recipient",
                "a code of lower-case letters, digits and hyphens",
                "write clearinghouse for what is sent for the state's statistics",
            );
            return None;
        }
        // Under a misspelt recipient nothing would ever leave, and nothing would say why.
        if text != CLEARINGHOUSE && resembles(&text, CLEARINGHOUSE) {
            let fix = "write clearinghouse, in one word";
            self.object("recipient", "clearinghouse, or the code of another recipient", fix);
            return None;
        }
        Some(text)
    }

    /// Whether a paper was signed by today and ends soon enough.
    fn limited(&mut self, signed_on: Date, expires_on: Date, years: i16, today: Date) -> bool {
        let before = self.problems.len();
        if signed_on > today {
            let expected = format!("a day not after today, {today}");
            self.object("signed_on", &expected, "check the year; import it once it is signed");
        }
        if expires_on > signed_on.saturating_add(years.years()) {
            let expected = format!("a day at most {years} years after it was signed");
            let fix = "write the day that was agreed; what goes on longer is signed again";
            self.object("expires_on", &expected, fix);
        }
        before == self.problems.len()
    }

    fn day(&mut self, column: &str) -> Option<Date> {
        let text = self.text(column);
        let day: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
        let day = day.filter(|day| (1900..=2199).contains(&day.year()));
        if day.is_none() {
            self.object(column, "a day such as 2026-07-01", "write year, month, day");
        }
        day
    }
}

/// Reads a table of these columns, row by row.
fn each_row<T>(
    input: &Input,
    columns: &[Column],
    read: &mut dyn FnMut(&mut Cells<'_>) -> Option<T>,
) -> Result<Vec<T>, Problems> {
    let mut table = TableRows::open(input)?;
    let places = header(input, &table, columns)?;
    let (mut items, mut problems) = (Vec::new(), Problems::default());
    loop {
        let row = match table.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(broken) => {
                problems.extend(broken);
                break;
            }
        };
        if let Some((expected, fix)) = row.flaw {
            problems.extend([whole_row(input, row.number, expected, fix)]);
            continue;
        }
        if row.cells.len() != table.header.len() {
            let expected = format!("{} cells, as in the header", table.header.len());
            let fix = "a comma too many or too few; put quotes around text that holds commas";
            problems.extend([whole_row(input, row.number, &expected, fix)]);
            continue;
        }
        let text = |at: &Option<usize>| at.map_or_else(String::new, |at| row.cells[at].clone());
        let texts = places.iter().map(text).collect();
        let mut cells = Cells { input, row: row.number, columns, texts, problems: Vec::new() };
        let item = read(&mut cells);
        match (item, cells.problems.is_empty()) {
            (Some(item), true) => items.push(item),
            _ => problems.extend(cells.problems),
        }
    }
    if problems.is_empty() { Ok(items) } else { Err(problems) }
}

/// For each column its place in a row.
fn header(
    input: &Input,
    table: &TableRows<'_>,
    columns: &[Column],
) -> Result<Vec<Option<usize>>, Problems> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let all = names.join(", ");
    let mut places = vec![None; columns.len()];
    let mut problems = Problems::default();
    let mut object = |column: &str, expected: String, fix: &str| {
        let whole = whole_row(input, table.header_row, &expected, fix);
        problems.extend([CellProblem { column: column.to_owned(), ..whole }]);
    };
    let found: Vec<Option<usize>> = table
        .header
        .iter()
        .map(|column| names.iter().position(|name| *name == plain(column)))
        .collect();
    if found.iter().all(Option::is_none) {
        // The first row may be one of people, so none of its cells is shown.
        let expected = format!("a header with the columns {all}");
        object("", expected, "add a first line that names the columns");
        return Err(problems);
    }
    for (at, (column, place)) in table.header.iter().zip(found).enumerate() {
        match place {
            None => {
                let (shown, meant) = unknown_column(at, column, names.iter().copied());
                let fix = format!("{meant}rename the column, or delete it");
                object(&shown, format!("one of {all}"), &fix);
            }
            Some(place) if places[place].is_some() => {
                object(names[place], "each column once".to_owned(), "delete one of the two");
            }
            Some(place) => places[place] = Some(at),
        }
    }
    for ((name, required), place) in columns.iter().zip(&places) {
        if *required && place.is_none() {
            object(name, format!("the column \"{name}\""), "add the column");
        }
    }
    if problems.is_empty() { Ok(places) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 29);

    fn input(text: &str) -> Input {
        Input::of_bytes("paper.csv", text.as_bytes().to_vec()).unwrap()
    }

    fn lines(problems: Problems) -> String {
        let lines: Vec<String> = problems.first.iter().map(ToString::to_string).collect();
        lines.join("\n")
    }

    #[test]
    fn releases_are_read_or_every_problem_is_listed() {
        let good = "victim,recipient,purpose,signed_on,expires_on,revoked_on\n\
                    V-1,clearinghouse,state statistics,2026-01-01,2027-01-01,\n\
                    V-2,clearinghouse,state statistics,2026-01-01,2027-01-01,2026-05-01\n";
        let read = read_releases(&input(good), TODAY).unwrap();
        assert_eq!((read.len(), read[1].revoked_on), (2, Some(jiff::civil::date(2026, 5, 1))));
        let bad = "victim,recipient,purpose,signed_on,expires_on,revoked_on\n\
                   ,the house,,2026-13-01,2025-01-01,\n\
                   V-4155550134,clearinghouse,x,2026-01-01,2025-01-01,2025-02-01\n\
                   V-3,too,few\n";
        let told = lines(read_releases(&input(bad), TODAY).unwrap_err());
        insta::assert_snapshot!(told, @r#"
        paper.csv, row 2, column "victim": found "[withheld]", expected text, without invisible characters; fill it in
        paper.csv, row 2, column "recipient": found "[withheld]", expected a code of lower-case letters, digits and hyphens; write clearinghouse for what is sent for the state's statistics
        paper.csv, row 2, column "purpose": found "[withheld]", expected text, without invisible characters; fill it in
        paper.csv, row 2, column "signed_on": found "[withheld]", expected a day such as 2026-07-01; write year, month, day
        paper.csv, row 3, column "expires_on": found "[withheld]", expected a day that is not before it was signed; check both days
        paper.csv, row 3, column "revoked_on": found "[withheld]", expected a day that is not before it was signed; check both days
        paper.csv, row 4: found "[withheld]", expected 6 cells, as in the header; a comma too many or too few; put quotes around text that holds commas
        "#);
    }

    #[test]
    fn papers_of_the_future_without_end_or_to_nobody_known_are_refused() {
        let releases = "victim,recipient,purpose,signed_on,expires_on,revoked_on\n\
                        V-1,clearing-house,statistics,2026-01-01,2026-12-31,\n\
                        V-2,clearinghouse,statistics,2027-01-01,2027-12-31,\n\
                        V-3,clearinghouse,statistics,2026-01-01,2199-12-31,\n\
                        V-4,vera-house,moving in,2026-01-01,2029-01-01,\n";
        let told = lines(read_releases(&input(releases), TODAY).unwrap_err());
        insta::assert_snapshot!(told, @r#"
        paper.csv, row 2, column "recipient": found "[withheld]", expected clearinghouse, or the code of another recipient; write clearinghouse, in one word
        paper.csv, row 3, column "signed_on": found "[withheld]", expected a day not after today, 2026-11-29; check the year; import it once it is signed
        paper.csv, row 4, column "expires_on": found "[withheld]", expected a day at most 3 years after it was signed; write the day that was agreed; what goes on longer is signed again
        "#);
        let modes = "record,recipient,mode,basis,signatory,signed_on,expires_on\n\
                     victim,clearinhouse,encoded,statistics_agreement,The chief,2026-01-01,2027-01-01\n\
                     victim,clearinghouse,encoded,statistics_agreement,The chief,2027-01-01,2099-01-01\n";
        let police = Code::get(Kind::LegalEntity, "police").unwrap();
        let told = lines(read_modes(&input(modes), police, TODAY).unwrap_err());
        let columns: Vec<&str> =
            told.split("column \"").skip(1).filter_map(|part| part.split('"').next()).collect();
        assert_eq!(columns, ["recipient", "signed_on", "expires_on"], "{told}");
    }

    #[test]
    fn orders_are_read_or_every_problem_is_listed() {
        let good = "record;reference;order;authority;ordered_on\nvictim;V-1;sealing;Superior Court;2026-08-01\n";
        let read = read_orders(&input(good), TODAY).unwrap();
        assert_eq!((read[0].record, read[0].order), (RecordKind::Victim, OrderKind::Sealing));
        let bad = "record,reference,order,Marisol Qwzxlopez\nperson,,seal,red\n";
        insta::assert_snapshot!(lines(read_orders(&input(bad), TODAY).unwrap_err()), @r#"
        paper.csv, row 1, column "number 4": found "[withheld]", expected one of record, reference, order, authority, ordered_on; rename the column, or delete it
        paper.csv, row 1, column "authority": found "[withheld]", expected the column "authority"; add the column
        paper.csv, row 1, column "ordered_on": found "[withheld]", expected the column "ordered_on"; add the column
        "#);
        let bad = "record,reference,order,authority,ordered_on\nperson,,seal,,1\n";
        assert_eq!(read_orders(&input(bad), TODAY).unwrap_err().total, 5);
        // What an order destroys cannot be brought back: a year that is wrong is found first.
        let far = good.replace("2026-08-01", "2062-08-01");
        assert_eq!(read_orders(&input(&far), TODAY).unwrap_err().total, 1);
        let told = lines(read_orders(&input("Ana Quispe,2011\n"), TODAY).unwrap_err());
        assert!(!told.contains("Quispe"), "{told}");
    }

    #[test]
    fn a_mode_is_checked_against_the_law() {
        let police = Code::get(Kind::LegalEntity, "police").unwrap();
        let csv = |mode: &str, basis: &str, signatory: &str| {
            format!(
                "record,recipient,mode,basis,signatory,signed_on,expires_on\nvictim,clearinghouse,{mode},{basis},{signatory},2026-01-01,2026-12-31\n"
            )
        };
        let told = lines(read_modes(&input(&csv("open", "law", "")), police, TODAY).unwrap_err());
        assert!(told.contains("totals_only | with_release | encoded"), "{told}");
        let provider = Code::get(Kind::LegalEntity, "covered_provider").unwrap();
        let csv = csv("encoded", "vawa_aggregate", "");
        let told = lines(read_modes(&input(&csv), provider, TODAY).unwrap_err());
        let columns: Vec<&str> =
            told.split("column \"").skip(1).filter_map(|part| part.split('"').next()).collect();
        assert_eq!(columns, ["mode", "basis", "signatory"], "{told}");
    }
}
