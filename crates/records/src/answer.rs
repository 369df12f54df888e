//! What a return may answer in a count column.
//!
//! In: the text of a cell. Out: an [`Answer`]. "Zero", "unknown" and "not collected" are three
//! answers, and a qualifier ("more than 300") is kept as said. Any other text is refused: a cell
//! is never guessed at.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The largest number that is read as a count; anything above is taken for a slip of the hand.
pub const LARGEST_COUNT: i64 = 999_999_999_999;

/// A decimal number kept exactly: `scaled / 10^decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amount {
    /// The number without its decimal point.
    pub scaled: i64,
    /// How many of its digits stand behind the point (0 to 4).
    pub decimals: u8,
}

/// The words with which a source says that it does not know the number exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// "more than 300", "over 1000"
    MoreThan,
    /// "at least 12"
    AtLeast,
    /// "about 8"
    About,
    /// "fewer than 20"
    FewerThan,
}

/// One cell of a return, as answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// An exact number, zero included.
    Exactly {
        /// The number.
        amount: Amount,
    },
    /// A number with the qualifier the source gives it.
    Qualified {
        /// What the source says of the number.
        qualifier: Qualifier,
        /// The number.
        amount: Amount,
    },
    /// The reporter collects this and does not know it.
    Unknown,
    /// The reporter does not collect this.
    NotCollected,
    /// The source names the cell and gives no number.
    NotStated,
    /// A fact in words, only where the mapping says the measure is one.
    Said {
        /// The words.
        text: String,
    },
}

/// What a column counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Whole things: people, investigations, calls.
    Count,
    /// Hundredths of a whole, 0 to 100.
    Percent,
    /// Hours.
    Hours,
    /// United States dollars.
    Dollars,
    /// A rank, 1 being the first.
    Rank,
    /// A fact in words.
    Words,
}

impl Unit {
    /// Its word in files and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Count => "count",
            Unit::Percent => "percent",
            Unit::Hours => "hours",
            Unit::Dollars => "dollars",
            Unit::Rank => "rank",
            Unit::Words => "words",
        }
    }
}

/// Why a cell was refused: what stands there instead of this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{expected}")]
pub struct Refused {
    /// What was expected.
    pub expected: &'static str,
    /// How to mend it.
    pub fix: &'static str,
}

impl Amount {
    /// A whole number.
    pub fn whole(value: i64) -> Amount {
        Amount { scaled: value, decimals: 0 }
    }

    /// The number when it is whole.
    pub fn as_whole(&self) -> Option<i64> {
        (self.decimals == 0).then_some(self.scaled)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.decimals == 0 {
            return write!(f, "{}", self.scaled);
        }
        let power = 10i64.pow(u32::from(self.decimals));
        let (whole, rest) = (self.scaled / power, (self.scaled % power).abs());
        let digits = format!("{rest:0width$}", width = usize::from(self.decimals));
        write!(f, "{whole}.{digits}")
    }
}

impl Qualifier {
    /// Its words, as the figure is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Qualifier::MoreThan => "more than",
            Qualifier::AtLeast => "at least",
            Qualifier::About => "about",
            Qualifier::FewerThan => "fewer than",
        }
    }
}

/// The qualifiers that are read, each with the word it stands for.
const QUALIFIERS: [(&str, Qualifier); 5] = [
    ("more than ", Qualifier::MoreThan),
    ("over ", Qualifier::MoreThan),
    ("at least ", Qualifier::AtLeast),
    ("about ", Qualifier::About),
    ("fewer than ", Qualifier::FewerThan),
];

const WHOLE: Refused = Refused {
    expected: "a whole number, 0 or more",
    fix: "write the number in digits; 0, unknown and not collected are three different answers",
};

impl Answer {
    /// An exact whole number.
    pub fn exactly(value: i64) -> Answer {
        Answer::Exactly { amount: Amount::whole(value) }
    }

    /// Reads a cell of a column that counts in `unit`.
    ///
    /// Takes `12`, `2,552`, `more than 300`, `over`, `about`, `at least`, `fewer than`, `zero`,
    /// `unknown`, `not collected`; letters in either case. Counts are whole; percentages and
    /// other units may have up to four decimals. An empty cell is refused: the caller knows
    /// whether its table may leave one empty.
    ///
    /// # Errors
    ///
    /// [`Refused`] with what was expected and how to mend it.
    ///
    /// # Examples
    ///
    /// ```
    /// use records::{Answer, Unit};
    ///
    /// assert_eq!(Answer::read("2,552", Unit::Count), Ok(Answer::exactly(2552)));
    /// assert_eq!(Answer::read("not collected", Unit::Count), Ok(Answer::NotCollected));
    /// assert!(Answer::read("12 or so", Unit::Count).is_err());
    /// ```
    pub fn read(text: &str, unit: Unit) -> Result<Answer, Refused> {
        let text = text.trim();
        if unit == Unit::Words {
            return if text.is_empty() {
                Err(Refused { expected: "a word or more", fix: "say it, or remove the row" })
            } else {
                Ok(Answer::Said { text: text.to_owned() })
            };
        }
        let lower = text.to_ascii_lowercase();
        match lower.as_str() {
            "" => {
                return Err(Refused {
                    expected: "an answer",
                    fix: "write the number, 0, unknown or not collected",
                });
            }
            "zero" => return Ok(Answer::exactly(0)),
            "unknown" => return Ok(Answer::Unknown),
            "not collected" => return Ok(Answer::NotCollected),
            _ => {}
        }
        for (words, qualifier) in QUALIFIERS {
            if let Some(rest) = lower.strip_prefix(words) {
                let amount = read_amount(rest.trim(), unit)?;
                return Ok(Answer::Qualified { qualifier, amount });
            }
        }
        Ok(Answer::Exactly { amount: read_amount(&lower, unit)? })
    }

    /// The exact whole number, when the answer is one.
    pub fn as_count(&self) -> Option<i64> {
        match self {
            Answer::Exactly { amount } => amount.as_whole(),
            _ => None,
        }
    }

    /// The number, exact or qualified.
    pub fn amount(&self) -> Option<Amount> {
        match self {
            Answer::Exactly { amount } | Answer::Qualified { amount, .. } => Some(*amount),
            _ => None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Exactly { amount } => write!(f, "{amount}"),
            Answer::Qualified { qualifier, amount } => {
                write!(f, "{} {amount}", qualifier.as_str())
            }
            Answer::Unknown => f.write_str("unknown"),
            Answer::NotCollected => f.write_str("not collected"),
            Answer::NotStated => f.write_str("not stated"),
            Answer::Said { text } => f.write_str(text),
        }
    }
}

/// Reads digits, with commas only where they group thousands.
fn read_amount(text: &str, unit: Unit) -> Result<Amount, Refused> {
    let fractions = !matches!(unit, Unit::Count | Unit::Rank);
    let refused = if fractions {
        Refused {
            expected: "a number, 0 or more, with at most four decimals",
            fix: "write the number in digits, without a percent or currency sign",
        }
    } else {
        WHOLE
    };
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) if fractions => (whole, fraction),
        Some(_) => return Err(refused),
        None => (text, ""),
    };
    let whole = ungroup(whole).ok_or(refused.clone())?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 15
        || fraction.len() > 4
        || (text.contains('.') && fraction.is_empty())
        || !digits(&whole)
        || !digits(fraction)
    {
        return Err(refused);
    }
    let decimals = fraction.len() as u8;
    let number: i64 = whole.parse().map_err(|_| refused.clone())?;
    if number > LARGEST_COUNT {
        return Err(Refused {
            expected: "a number that can be a count, at most 999,999,999,999",
            fix: "check the cell: two numbers may have run together",
        });
    }
    if unit == Unit::Percent
        && (number > 100 || (number == 100 && fraction.bytes().any(|b| b != b'0')))
    {
        return Err(Refused {
            expected: "a percentage from 0 to 100",
            fix: "write the share of the whole, or choose a count column",
        });
    }
    let scaled = format!("{whole}{fraction}").parse().map_err(|_| refused)?;
    Ok(Amount { scaled, decimals })
}

/// Removes commas that group thousands; a comma anywhere else is no number.
fn ungroup(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    grouped.then(|| whole.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn qualifiers_are_kept_as_said() {
        for (text, printed) in [
            ("more than 300", "more than 300"),
            ("Over 1000", "more than 1000"),
            ("about 8", "about 8"),
            ("AT LEAST 1,200", "at least 1200"),
            ("fewer than 20", "fewer than 20"),
            ("zero", "0"),
            ("Unknown", "unknown"),
        ] {
            assert_eq!(Answer::read(text, Unit::Count).unwrap().to_string(), printed);
        }
    }

    #[test]
    fn anything_else_is_an_error() {
        for text in [
            "",
            "twelve",
            "5 NGOs",
            "12.5",
            "-3",
            "1e3",
            "1,23",
            "12,3456",
            "٣",
            "１２",
            "+4",
            "0x10",
            "more than",
            "more than many",
            "~12",
            "12?",
            "12/13",
            "=SUM(A1:A3)",
            "1000000000000",
            "99999999999999999999",
        ] {
            assert!(Answer::read(text, Unit::Count).is_err(), "{text}");
        }
        assert!(Answer::read("100.1", Unit::Percent).is_err());
        assert!(Answer::read("12.", Unit::Percent).is_err());
    }

    proptest! {
        /// Every whole number reads back, with and without its commas.
        #[test]
        fn numbers_round_trip(number in 0i64..=LARGEST_COUNT) {
            prop_assert_eq!(Answer::read(&number.to_string(), Unit::Count), Ok(Answer::exactly(number)));
            let mut grouped = number.to_string();
            let mut at = grouped.len();
            while at > 3 {
                at -= 3;
                grouped.insert(at, ',');
            }
            prop_assert_eq!(Answer::read(&grouped, Unit::Count), Ok(Answer::exactly(number)));
        }

        /// What was read prints as something that reads the same.
        #[test]
        fn printing_reads_back(text in "(more than |over |about |)[0-9]{1,4}(\\.[0-9]{1,4})?") {
            if let Ok(answer) = Answer::read(&text, Unit::Hours) {
                prop_assert_eq!(Answer::read(&answer.to_string(), Unit::Hours), Ok(answer));
            }
        }

        /// No text makes the reader panic.
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,30}") {
            for unit in [Unit::Count, Unit::Percent, Unit::Hours, Unit::Words] {
                let _ = Answer::read(&text, unit);
            }
        }
    }
}
