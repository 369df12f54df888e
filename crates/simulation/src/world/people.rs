//! Who lives in the made-up state. In: `types.csv`, `age_bands.csv`, `genders.csv`,
//! `countries.csv`, `heritages.csv`, `visibility.csv` and the files of names. Out: what people are
//! drawn from. Heritage serves to draw names that go together and is written nowhere.

use std::collections::{BTreeMap, HashMap};

use crate::chance::Weighted;
use crate::error::DataError;
use crate::table::{Table, TableRow};

use super::{ByType, Exploitation};

/// Distributions of people.
pub(crate) struct People {
    pub(crate) exploitation: Weighted<Exploitation>,
    /// The share that comes from the United States.
    pub(crate) us_share: ByType<f64>,
    /// First and last year of age when the exploitation began.
    pub(crate) age_bands: ByType<Weighted<(i64, i64)>>,
    pub(crate) genders: Vec<GenderRow>,
    /// Places in `genders`.
    pub(crate) gender: ByType<Weighted<usize>>,
    pub(crate) us: Weighted<Country>,
    pub(crate) other_countries: Weighted<Country>,
    /// How much more often, or seldom, than others a person is seen.
    pub(crate) visibility: Weighted<f64>,
}

/// A gender, and what follows from it.
pub(crate) struct GenderRow {
    pub(crate) code: String,
    /// Which given names go with it.
    pub(crate) names: GivenNames,
    /// The sex of the statistical linkage key SLK-581: 1, 2, or 9.
    pub(crate) slk_sex: u8,
}

/// Given names by the gender that they go with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GivenNames {
    Female,
    Male,
    Any,
}

/// A country of citizenship and the heritage of the names.
#[derive(Debug, Clone)]
pub(crate) struct Country {
    /// ISO 3166 code of two letters.
    pub(crate) code: String,
    /// A place in [`Names::heritages`].
    pub(crate) heritage: usize,
}

/// All names.
pub(crate) struct Names {
    pub(crate) heritages: Vec<NameList>,
    pub(crate) working_names: Vec<String>,
    pub(crate) nicknames: BTreeMap<String, Vec<String>>,
    /// Letters with a mark, in lower case, and what is left of them without.
    pub(crate) plain_letters: BTreeMap<char, String>,
    /// The neighbors of each key.
    pub(crate) keyboard: BTreeMap<char, Vec<char>>,
    /// What is heard, and how else it is written, in lower case.
    pub(crate) spelling_variants: Vec<(String, String)>,
    /// Whether a name of the lists has another spelling; only looked up, never listed.
    pub(crate) has_spelling_variant: HashMap<String, bool>,
}

/// The names of one heritage.
pub(crate) struct NameList {
    pub(crate) female: Weighted<GivenName>,
    pub(crate) male: Weighted<GivenName>,
    pub(crate) surnames: Weighted<String>,
    /// How often there is a second surname, as in García López.
    pub(crate) double_surname: f64,
    /// How often there is a second given name.
    pub(crate) second_given_name: f64,
    /// How often two surnames are joined by a hyphen.
    pub(crate) hyphenated: f64,
}

/// A given name.
pub(crate) type GivenName = String;

impl NameList {
    /// The given names that go with a gender; `either` decides where both do.
    pub(crate) fn given(&self, names: GivenNames, either: bool) -> &Weighted<GivenName> {
        match names {
            GivenNames::Female => &self.female,
            GivenNames::Male => &self.male,
            GivenNames::Any if either => &self.female,
            GivenNames::Any => &self.male,
        }
    }
}

fn heritage_words() -> Result<(Table, Vec<String>), DataError> {
    let table = Table::read("heritages.csv", include_str!("../../data/heritages.csv"))?;
    let words: Result<Vec<String>, DataError> =
        table.rows().map(|row| Ok(row.word("heritage")?.to_owned())).collect();
    let words = words?;
    Ok((table, words))
}

fn heritage(row: TableRow<'_>, words: &[String]) -> Result<usize, DataError> {
    let word = row.word("heritage")?;
    let at = words.iter().position(|known| known == word);
    at.ok_or_else(|| row.refuse("heritage", "a heritage of heritages.csv"))
}

pub(super) fn weighted<T>(
    table: &Table,
    pairs: impl Iterator<Item = Result<(T, f64), DataError>>,
) -> Result<Weighted<T>, DataError> {
    let pairs: Result<Vec<(T, f64)>, DataError> = pairs.collect();
    Weighted::new(pairs?).ok_or_else(|| table.error("at least one weight above 0"))
}

/// One thing for each true type, from the column that is named for it.
pub(super) fn for_each_type<T>(
    make: impl Fn(&'static str) -> Result<T, DataError>,
) -> Result<ByType<T>, DataError> {
    let [sex, labor, both] = Exploitation::ALL.map(|exploitation| make(exploitation.code()));
    Ok(ByType([sex?, labor?, both?]))
}

impl People {
    pub(super) fn read() -> Result<People, DataError> {
        let types = Table::read("types.csv", include_str!("../../data/types.csv"))?;
        let exploitation = weighted(
            &types,
            types.rows().map(|row| {
                let read = Exploitation::read(row.word("trafficking_type")?);
                let read = read.ok_or_else(|| row.refuse("trafficking_type", "sex, labor or both"));
                Ok((read?, row.number("weight")?))
            }),
        )?;
        let us_share = for_each_type(|code| {
            let mut row = types.rows().filter(|row| row.word("trafficking_type") == Ok(code));
            row.next().ok_or_else(|| types.error("a row for every type"))?.share("us_share")
        })?;
        let bands = Table::read("age_bands.csv", include_str!("../../data/age_bands.csv"))?;
        let age_bands = for_each_type(|code| {
            let band = |row: TableRow<'_>| {
                Ok(((row.whole("from_years")?, row.whole("to_years")?), row.number(code)?))
            };
            weighted(&bands, bands.rows().map(band))
        })?;
        let table = Table::read("genders.csv", include_str!("../../data/genders.csv"))?;
        let genders: Result<Vec<GenderRow>, DataError> =
            table.rows().map(GenderRow::read).collect();
        let gender = for_each_type(|code| {
            weighted(&table, table.rows().enumerate().map(|(at, row)| Ok((at, row.number(code)?))))
        })?;
        let (_, heritages) = heritage_words()?;
        let table = Table::read("countries.csv", include_str!("../../data/countries.csv"))?;
        let countries = |us: bool| {
            let rows = table.rows().filter(|row| (row.word("country") == Ok("US")) == us);
            weighted(
                &table,
                rows.map(|row| {
                    let code = row.word("country")?.to_owned();
                    Ok((
                        Country { code, heritage: heritage(row, &heritages)? },
                        row.number("weight")?,
                    ))
                }),
            )
        };
        let classes = Table::read("visibility.csv", include_str!("../../data/visibility.csv"))?;
        let class = |row: TableRow<'_>| Ok((row.number("multiplier")?, row.number("weight")?));
        Ok(People {
            exploitation,
            us_share,
            age_bands,
            genders: genders?,
            gender,
            us: countries(true)?,
            other_countries: countries(false)?,
            visibility: weighted(&classes, classes.rows().map(class))?,
        })
    }
}

impl GenderRow {
    fn read(row: TableRow<'_>) -> Result<GenderRow, DataError> {
        let names = match row.word("names")? {
            "female" => GivenNames::Female,
            "male" => GivenNames::Male,
            "any" => GivenNames::Any,
            _ => return Err(row.refuse("names", "female, male or any")),
        };
        let slk_sex = match row.word("slk_sex")? {
            "1" => 1,
            "2" => 2,
            "9" => 9,
            _ => return Err(row.refuse("slk_sex", "1, 2 or 9")),
        };
        Ok(GenderRow { code: row.word("gender")?.to_owned(), names, slk_sex })
    }
}

impl Names {
    pub(super) fn read() -> Result<Names, DataError> {
        let (heritage_table, words) = heritage_words()?;
        let given = Table::read("given_names.csv", include_str!("../../data/given_names.csv"))?;
        let surnames = Table::read("surnames.csv", include_str!("../../data/surnames.csv"))?;
        // Read once and sorted into their lists: the files are long.
        let mut female: Vec<Vec<(String, f64)>> = vec![Vec::new(); words.len()];
        let (mut male, mut family) = (female.clone(), female.clone());
        for row in given.rows() {
            let list = match row.word("gender")? {
                "female" => &mut female,
                "male" => &mut male,
                _ => return Err(row.refuse("gender", "female or male")),
            };
            let name = (row.word("name")?.to_owned(), row.number("weight")?);
            list[heritage(row, &words)?].push(name);
        }
        for row in surnames.rows() {
            let name = (row.word("name")?.to_owned(), row.number("weight")?);
            family[heritage(row, &words)?].push(name);
        }
        let mut heritages = Vec::with_capacity(words.len());
        for (at, row) in heritage_table.rows().enumerate() {
            let list = |names: &mut Vec<(String, f64)>| {
                let names = Weighted::new(std::mem::take(names));
                names.ok_or_else(|| row.refuse("heritage", "a heritage with names"))
            };
            heritages.push(NameList {
                female: list(&mut female[at])?,
                male: list(&mut male[at])?,
                surnames: list(&mut family[at])?,
                double_surname: row.share("double_surname")?,
                second_given_name: row.share("second_given_name")?,
                hyphenated: row.share("hyphenated")?,
            });
        }
        let mut names = Names {
            heritages,
            working_names: words_of(
                &Table::read("working_names.csv", include_str!("../../data/working_names.csv"))?,
                "name",
            )?,
            nicknames: nicknames()?,
            plain_letters: plain_letters()?,
            keyboard: keyboard()?,
            spelling_variants: spelling_variants()?,
            has_spelling_variant: HashMap::new(),
        };
        names.has_spelling_variant = names.with_variants();
        Ok(names)
    }
}

impl Names {
    /// Whether a rule of `spelling_variants.csv` applies to a name.
    pub(crate) fn heard_otherwise(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        self.spelling_variants.iter().any(|(heard, _)| lower.contains(heard))
    }

    fn with_variants(&self) -> HashMap<String, bool> {
        let lists = self.heritages.iter();
        let names = lists.flat_map(|list| {
            let given = list.female.items().iter().chain(list.male.items());
            given.chain(list.surnames.items())
        });
        names.map(|name| (name.clone(), self.heard_otherwise(name))).collect()
    }
}

fn words_of(table: &Table, column: &str) -> Result<Vec<String>, DataError> {
    table.rows().map(|row| Ok(row.word(column)?.to_owned())).collect()
}

fn nicknames() -> Result<BTreeMap<String, Vec<String>>, DataError> {
    let table = Table::read("nicknames.csv", include_str!("../../data/nicknames.csv"))?;
    let mut nicknames: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in table.rows() {
        let known = nicknames.entry(row.word("given_name")?.to_owned()).or_default();
        known.push(row.word("nickname")?.to_owned());
    }
    Ok(nicknames)
}

fn one_letter(row: TableRow<'_>, column: &str) -> Result<char, DataError> {
    let mut letters = row.word(column)?.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(letter),
        _ => Err(row.refuse(column, "one letter")),
    }
}

fn plain_letters() -> Result<BTreeMap<char, String>, DataError> {
    let table = Table::read("letters.csv", include_str!("../../data/letters.csv"))?;
    let letter =
        |row: TableRow<'_>| Ok((one_letter(row, "letter")?, row.text("plain")?.to_owned()));
    table.rows().map(letter).collect()
}

fn keyboard() -> Result<BTreeMap<char, Vec<char>>, DataError> {
    let table = Table::read("keyboard.csv", include_str!("../../data/keyboard.csv"))?;
    let key =
        |row: TableRow<'_>| Ok((one_letter(row, "key")?, row.word("neighbors")?.chars().collect()));
    table.rows().map(key).collect()
}

fn spelling_variants() -> Result<Vec<(String, String)>, DataError> {
    let file = include_str!("../../data/spelling_variants.csv");
    let table = Table::read("spelling_variants.csv", file)?;
    let pair =
        |row: TableRow<'_>| Ok((row.word("heard")?.to_owned(), row.word("written")?.to_owned()));
    table.rows().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use records::register::{Kind, Register};

    use crate::world::World;

    #[test]
    fn there_are_names_enough_for_every_heritage() {
        let names = &World::get().unwrap().names;
        assert!(names.heritages.len() >= 16);
        for list in &names.heritages {
            assert!(list.surnames.items().len() >= 60);
            assert!(list.female.items().len() + list.male.items().len() >= 60);
        }
    }

    #[test]
    fn every_letter_with_a_mark_has_a_plain_one() {
        let names = &World::get().unwrap().names;
        for list in &names.heritages {
            let given = list.female.items().iter().chain(list.male.items());
            for name in given.chain(list.surnames.items()) {
                let lower = name.to_lowercase();
                let marked = lower.chars().filter(|letter| !letter.is_ascii());
                for letter in marked {
                    assert!(names.plain_letters.contains_key(&letter), "{letter}");
                }
            }
        }
    }

    #[test]
    fn genders_are_those_of_the_register() {
        let register = Register::embedded();
        for row in &World::get().unwrap().people.genders {
            let entry = register.rule_entry(Kind::Gender, &row.code).unwrap();
            assert_eq!(entry.attribute("slk_sex"), Some(row.slk_sex.to_string().as_str()));
        }
    }
}
