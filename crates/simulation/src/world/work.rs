//! What agencies do and write down. In: the list of agencies, and the files with weights for the
//! codes of the definitions register. Out: [`Work`].

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::register::{Kind, Register};

use crate::chance::{Chance, Weighted};
use crate::error::DataError;
use crate::table::{Table, TableRow};

use super::ByType;
use super::agencies::{AgencyRow, AreaRow, ModeRow, Role, RoleRow, agencies, areas, modes, roles};
use super::people::for_each_type;

/// A section under which people are arrested.
pub(crate) struct StatuteRow {
    pub(crate) section: String,
    pub(crate) conduct: String,
    weight: f64,
    labor: bool,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
}

/// What an arrest is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// An offender in a case of sex trafficking, or of a type not known.
    Sex,
    /// An offender in a case of labor trafficking.
    Labor,
    /// The person who is sold.
    PersonSold,
}

/// The conduct of a person who is sold.
const BEING_SOLD: &str = "being_sold";

/// Types of trafficking as a kind of unit meets them: codes, with "not yet classified".
pub(crate) type WorkTypes = Weighted<String>;

/// Everything that agencies draw from.
pub(crate) struct Work {
    pub(crate) areas: Vec<AreaRow>,
    pub(crate) agencies: Vec<AgencyRow>,
    roles: BTreeMap<Role, RoleRow>,
    pub(crate) modes: Vec<ModeRow>,
    pub(crate) sectors: ByType<Weighted<String>>,
    pub(crate) means: ByType<Weighted<String>>,
    /// By column: a profile, `police_vice` or `hotline`.
    pub(crate) first_identifiers: BTreeMap<&'static str, Weighted<String>>,
    pub(crate) services: BTreeMap<Role, Weighted<(u64, String)>>,
    pub(crate) audiences: Weighted<String>,
    statutes: Vec<StatuteRow>,
    pub(crate) outcomes: Weighted<String>,
    pub(crate) incident_types: BTreeMap<String, WorkTypes>,
    phrases: BTreeMap<String, Weighted<String>>,
}

fn weighted(table: &Table, code: &str, weight: &str) -> Result<Weighted<String>, DataError> {
    let pair = |row: TableRow<'_>| Ok((row.word(code)?.to_owned(), row.number(weight)?));
    let pairs: Result<Vec<(String, f64)>, DataError> = table.rows().map(pair).collect();
    Weighted::new(pairs?).ok_or_else(|| table.error("at least one weight above 0"))
}

/// A file of codes with a column for sex and one for labor; "both" takes their sum.
fn by_type(table: &Table, code: &str) -> Result<ByType<Weighted<String>>, DataError> {
    for_each_type(|column| {
        let pair = |row: TableRow<'_>| {
            let (sex, labor) = (row.number("sex")?, row.number("labor")?);
            let weight = match column {
                "sex" => sex,
                "labor" => labor,
                _ => sex + labor,
            };
            Ok((row.word(code)?.to_owned(), weight))
        };
        let pairs: Result<Vec<(String, f64)>, DataError> = table.rows().map(pair).collect();
        Weighted::new(pairs?).ok_or_else(|| table.error("at least one weight above 0"))
    })
}

impl Work {
    pub(super) fn read() -> Result<Work, DataError> {
        let areas = areas()?;
        let agencies = agencies(&areas)?;
        let sectors = Table::read("sectors.csv", include_str!("../../data/sectors.csv"))?;
        let means = Table::read("means.csv", include_str!("../../data/means.csv"))?;
        let audiences = Table::read("audiences.csv", include_str!("../../data/audiences.csv"))?;
        let outcomes = Table::read("outcomes.csv", include_str!("../../data/outcomes.csv"))?;
        Ok(Work {
            areas,
            agencies,
            roles: roles()?,
            modes: modes()?,
            sectors: by_type(&sectors, "sector")?,
            means: by_type(&means, "means")?,
            first_identifiers: first_identifiers()?,
            services: services()?,
            audiences: weighted(&audiences, "audience", "weight")?,
            statutes: statutes()?,
            outcomes: weighted(&outcomes, "outcome", "weight")?,
            incident_types: incident_types()?,
            phrases: phrases()?,
        })
    }

    /// What goes with a role.
    pub(crate) fn role(&self, role: Role) -> &RoleRow {
        // The reader of the file refuses one that lacks a role.
        &self.roles[&role]
    }

    /// A made-up phrase of a kind.
    pub(crate) fn phrase(&self, what: &str, chance: &mut Chance) -> &str {
        self.phrases.get(what).map_or("", |phrases| phrases.pick(chance))
    }

    /// A section in force on the day of the offense, checked against its source, with the conduct.
    pub(crate) fn statute(
        &self,
        wanted: Section,
        on: Date,
        chance: &mut Chance,
    ) -> Option<&StatuteRow> {
        let fits = |row: &&StatuteRow| {
            let sold = row.conduct == BEING_SOLD;
            let in_force = row.valid_from.is_none_or(|from| from <= on)
                && row.valid_to.is_none_or(|to| on <= to);
            in_force
                && match wanted {
                    Section::PersonSold => sold,
                    Section::Labor => !sold && row.labor,
                    Section::Sex => !sold,
                }
        };
        let fitting = self.statutes.iter().filter(fits).map(|row| (row, row.weight));
        Weighted::new(fitting).map(|rows| *rows.pick(chance))
    }
}

/// The columns of `first_identifiers.csv`: kinds of agencies, and two that differ from theirs.
const FIRST_IDENTIFIER_COLUMNS: [&str; 7] = [
    "police_vice",
    "police",
    "prosecutor",
    "labor_agency",
    "provider",
    "state_programme",
    "hotline",
];

fn first_identifiers() -> Result<BTreeMap<&'static str, Weighted<String>>, DataError> {
    let file = include_str!("../../data/first_identifiers.csv");
    let table = Table::read("first_identifiers.csv", file)?;
    let column = |column| Ok((column, weighted(&table, "first_identifier", column)?));
    FIRST_IDENTIFIER_COLUMNS.into_iter().map(column).collect()
}

fn services() -> Result<BTreeMap<Role, Weighted<(u64, String)>>, DataError> {
    let table = Table::read("services.csv", include_str!("../../data/services.csv"))?;
    let columns = [
        (Role::Shelter, "shelter"),
        (Role::LegalAid, "legal_aid"),
        (Role::LaborProvider, "labor_provider"),
    ];
    let list = |(role, column)| {
        let pair = |(at, row): (usize, TableRow<'_>)| {
            Ok(((at as u64, row.word("service")?.to_owned()), row.number(column)?))
        };
        let pairs: Result<Vec<_>, DataError> = table.rows().enumerate().map(pair).collect();
        let list = Weighted::new(pairs?).ok_or_else(|| table.error("a weight above 0"))?;
        Ok((role, list))
    };
    columns.into_iter().map(list).collect()
}

fn statutes() -> Result<Vec<StatuteRow>, DataError> {
    let table = Table::read("statutes.csv", include_str!("../../data/statutes.csv"))?;
    let register = Register::embedded();
    let statute = |row: TableRow<'_>| {
        let section = row.word("statute")?;
        let entry = register.rule_entry(Kind::Statute, section);
        let entry = entry.ok_or_else(|| row.refuse("statute", "a section that was checked"))?;
        Ok(StatuteRow {
            section: section.to_owned(),
            conduct: row.word("conduct")?.to_owned(),
            weight: row.number("weight")?,
            labor: row.yes("labor")?,
            valid_from: entry.valid_from,
            valid_to: entry.valid_to,
        })
    };
    table.rows().map(statute).collect()
}

fn incident_types() -> Result<BTreeMap<String, WorkTypes>, DataError> {
    let table = Table::read("incident_types.csv", include_str!("../../data/incident_types.csv"))?;
    let unit = |row: TableRow<'_>| {
        let mut weights = Vec::new();
        for code in ["sex", "labor", "both", "not_yet_classified"] {
            weights.push((code.to_owned(), row.number(code)?));
        }
        let types = Weighted::new(weights);
        let types = types.ok_or_else(|| row.refuse("sex", "at least one weight above 0"))?;
        Ok((row.word("unit")?.to_owned(), types))
    };
    table.rows().map(unit).collect()
}

fn phrases() -> Result<BTreeMap<String, Weighted<String>>, DataError> {
    let table = Table::read("phrases.csv", include_str!("../../data/phrases.csv"))?;
    let mut phrases: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
    for row in table.rows() {
        let list = phrases.entry(row.word("what")?.to_owned()).or_default();
        list.push((row.word("text")?.to_owned(), row.number("weight")?));
    }
    let mut weighted = BTreeMap::new();
    for (what, list) in phrases {
        let list = Weighted::new(list).ok_or_else(|| table.error("a weight above 0"))?;
        weighted.insert(what, list);
    }
    Ok(weighted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[test]
    fn every_code_stands_in_the_register() {
        let (register, work) = (Register::embedded(), &World::get().unwrap().work);
        let check = |kind, code: &str| {
            let entry = register.entries(kind).find(|entry| entry.code == code);
            assert!(entry.is_some_and(|entry| entry.verified()), "{kind}: {code}");
        };
        for area in &work.areas {
            check(Kind::PracticeTaskForce, &area.task_force);
            check(Kind::County, &area.county);
        }
        for agency in work.agencies.iter().filter(|agency| !agency.unit_kind.is_empty()) {
            check(Kind::UnitKind, &agency.unit_kind);
        }
        for role in work.roles.values() {
            check(Kind::LegalEntity, &role.legal_entity);
        }
        for list in work.sectors.0.iter() {
            list.items().iter().for_each(|code| check(Kind::Sector, code));
        }
        for list in work.means.0.iter() {
            list.items().iter().for_each(|code| check(Kind::Means, code));
        }
        for list in work.first_identifiers.values() {
            list.items().iter().for_each(|code| check(Kind::FirstIdentifier, code));
        }
        for list in work.services.values() {
            list.items().iter().for_each(|(_, code)| check(Kind::Service, code));
        }
        work.audiences.items().iter().for_each(|code| check(Kind::Audience, code));
        work.outcomes.items().iter().for_each(|code| check(Kind::Outcome, code));
        work.statutes.iter().for_each(|row| check(Kind::Conduct, &row.conduct));
        for list in work.incident_types.values() {
            list.items().iter().for_each(|code| check(Kind::TraffickingType, code));
        }
    }

    #[test]
    fn modes_are_open_to_their_agencies() {
        let (register, work) = (Register::embedded(), &World::get().unwrap().work);
        for mode in &work.modes {
            let entity = &work.role(mode.role).legal_entity;
            let entity = register.rule_entry(Kind::LegalEntity, entity).unwrap();
            let basis = register.rule_entry(Kind::LegalBasis, &mode.basis).unwrap();
            assert!(entity.list("modes").any(|open| open == mode.mode), "{}", mode.mode);
            assert!(basis.list("modes").any(|open| open == mode.mode), "{}", mode.basis);
            let mut entities = basis.list("legal_entities").peekable();
            assert!(entities.peek().is_none() || entities.any(|code| code == entity.code));
        }
    }

    #[test]
    fn sections_follow_the_day_of_the_offense() {
        let work = &World::get().unwrap().work;
        let mut chance = Chance::of(1, crate::chance::Stream::Incident, 0);
        let mut sections = |year: i16| -> std::collections::BTreeSet<&str> {
            let day = Date::constant(year, 6, 1);
            let drawn =
                (0..200).filter_map(|_| work.statute(Section::PersonSold, day, &mut chance));
            drawn.map(|row| row.section.as_str()).collect()
        };
        assert_eq!(sections(2024), ["647(b)"].into());
        assert!(sections(2022).contains("653.22"));
    }
}
