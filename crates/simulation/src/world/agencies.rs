//! The list of agencies. In: `areas.csv`, `agencies.csv`, `roles.csv`, `modes.csv`. Out: their
//! rows, read and checked against each other.

use std::collections::BTreeMap;

use crate::error::DataError;
use crate::record::Record;
use crate::table::{Table, TableRow};

use super::Profile;

/// What an agency does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Police,
    Prosecutor,
    LaborAgency,
    Shelter,
    LegalAid,
    LaborProvider,
    StateProgramme,
    Hotline,
    FederalOffice,
    Training,
}

impl Role {
    pub(crate) const ALL: [(Role, &'static str); 10] = [
        (Role::Police, "police"),
        (Role::Prosecutor, "prosecutor"),
        (Role::LaborAgency, "labor_agency"),
        (Role::Shelter, "shelter"),
        (Role::LegalAid, "legal_aid"),
        (Role::LaborProvider, "labor_provider"),
        (Role::StateProgramme, "state_programme"),
        (Role::Hotline, "hotline"),
        (Role::FederalOffice, "federal_office"),
        (Role::Training, "training"),
    ];

    fn read(row: TableRow<'_>) -> Result<Role, DataError> {
        let word = row.word("role")?;
        let found = Role::ALL.into_iter().find(|(_, known)| *known == word);
        found.map(|(role, _)| role).ok_or_else(|| row.refuse("role", "a role"))
    }
}

/// Where a task force works.
pub(crate) struct AreaRow {
    pub(crate) task_force: String,
    pub(crate) county: String,
    pub(crate) weight: f64,
    pub(crate) calendar_offset_days: i64,
    pub(crate) joins_after_quarters: usize,
    pub(crate) area_code: String,
    pub(crate) postcode_prefix: String,
}

/// An agency of the list from which a plan takes the first.
pub(crate) struct AgencyRow {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) role: Role,
    /// A place in the areas.
    pub(crate) area: Option<usize>,
    pub(crate) unit_kind: String,
    /// Whether it has signed that its records may leave.
    pub(crate) agreement: bool,
    pub(crate) signatory: String,
}

/// What goes with a role.
pub(crate) struct RoleRow {
    pub(crate) legal_entity: String,
    pub(crate) profile: Option<Profile>,
    pub(crate) counted_as: String,
    pub(crate) keeps: Vec<Record>,
    /// How many training sessions it holds, against the others.
    pub(crate) sessions: f64,
}

/// How far a kind of record may leave agencies of a role.
pub(crate) struct ModeRow {
    pub(crate) role: Role,
    pub(crate) agreement: bool,
    pub(crate) record: Record,
    pub(crate) mode: String,
    pub(crate) basis: String,
}

fn records(row: TableRow<'_>, column: &str) -> Result<Vec<Record>, DataError> {
    let read = |word| Record::read(word).ok_or_else(|| row.refuse(column, "kinds of records"));
    row.list(column)?.into_iter().map(read).collect()
}

pub(super) fn areas() -> Result<Vec<AreaRow>, DataError> {
    let table = Table::read("areas.csv", include_str!("../../data/areas.csv"))?;
    let area = |row: TableRow<'_>| {
        Ok(AreaRow {
            task_force: row.word("task_force")?.to_owned(),
            county: row.word("county")?.to_owned(),
            weight: row.number("weight")?,
            calendar_offset_days: row.whole("calendar_offset_days")?,
            joins_after_quarters: usize::try_from(row.whole("joins_after_quarters")?)
                .map_err(|_| row.refuse("joins_after_quarters", "a number of quarters"))?,
            area_code: row.word("area_code")?.to_owned(),
            postcode_prefix: row.word("postcode_prefix")?.to_owned(),
        })
    };
    table.rows().map(area).collect()
}

pub(super) fn agencies(areas: &[AreaRow]) -> Result<Vec<AgencyRow>, DataError> {
    let table = Table::read("agencies.csv", include_str!("../../data/agencies.csv"))?;
    let agency = |row: TableRow<'_>| {
        let task_force = row.text("task_force")?;
        let area = areas.iter().position(|area| area.task_force == task_force);
        if area.is_none() && !task_force.is_empty() {
            return Err(row.refuse("task_force", "a task force of areas.csv"));
        }
        Ok(AgencyRow {
            code: row.word("code")?.to_owned(),
            label: row.word("label")?.to_owned(),
            role: Role::read(row)?,
            area,
            unit_kind: row.text("unit_kind")?.to_owned(),
            agreement: row.yes("agreement")?,
            signatory: row.word("signatory")?.to_owned(),
        })
    };
    table.rows().map(agency).collect()
}

pub(super) fn roles() -> Result<BTreeMap<Role, RoleRow>, DataError> {
    let table = Table::read("roles.csv", include_str!("../../data/roles.csv"))?;
    let role = |row: TableRow<'_>| {
        let profile = row.text("profile")?;
        let read = Profile::read(profile);
        if read.is_none() && !profile.is_empty() {
            return Err(row.refuse("profile", "a kind of agency"));
        }
        let goes_with = RoleRow {
            legal_entity: row.word("legal_entity")?.to_owned(),
            profile: read,
            counted_as: row.text("counted_as")?.to_owned(),
            keeps: records(row, "keeps")?,
            sessions: row.number("sessions")?,
        };
        Ok((Role::read(row)?, goes_with))
    };
    let roles: Result<BTreeMap<Role, RoleRow>, DataError> = table.rows().map(role).collect();
    let roles = roles?;
    if roles.len() == Role::ALL.len() {
        Ok(roles)
    } else {
        Err(table.error("a row for every role"))
    }
}

pub(super) fn modes() -> Result<Vec<ModeRow>, DataError> {
    let table = Table::read("modes.csv", include_str!("../../data/modes.csv"))?;
    let mode = |row: TableRow<'_>| {
        let record = Record::read(row.word("record")?);
        Ok(ModeRow {
            role: Role::read(row)?,
            agreement: row.yes("agreement")?,
            record: record.ok_or_else(|| row.refuse("record", "a kind of record"))?,
            mode: row.word("mode")?.to_owned(),
            basis: row.word("basis")?.to_owned(),
        })
    };
    table.rows().map(mode).collect()
}
