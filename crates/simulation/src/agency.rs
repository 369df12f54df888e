//! The agencies of a plan. In: the list of `data/agencies.csv` and how many are wanted. Out:
//! [`Agency`], each with its disclosure modes. All are made up.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::Calendar;
use crate::error::SimulationError;
use crate::plan::Plan;
use crate::record::Record;
use crate::world::{AgencyRow, Profile, Role, World};

/// An agency of the made-up state.
#[derive(Debug, Clone, PartialEq)]
pub struct Agency {
    /// Its code, unique in the plan: `practice-police-1`.
    pub code: String,
    /// Its name.
    pub label: String,
    /// What it is in law: a code of `definitions/legal_entities.csv`.
    pub legal_entity: &'static str,
    /// The task force whose member it is.
    pub task_force: Option<&'static str>,
    /// Its county.
    pub county: Option<&'static str>,
    /// How many days after the state quarter its own quarter starts.
    pub calendar_offset_days: i64,
    /// The kinds of records that it keeps.
    pub keeps: Vec<Record>,
    /// How far each kind of record may leave it; what is not listed is totals only.
    pub modes: Vec<DisclosureMode>,
    pub(crate) role: Role,
    pub(crate) profile: Option<Profile>,
    /// Which count its victims enter.
    pub(crate) counted_as: &'static str,
    pub(crate) unit_kind: &'static str,
    /// A place in the areas of the world.
    pub(crate) area: Option<usize>,
    /// The first quarter in which it works, counted from 0.
    pub(crate) active_from: usize,
    pub(crate) sessions: f64,
}

/// How far a kind of record may leave an agency, on what basis, signed by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureMode {
    /// The kind of record.
    pub record: Record,
    /// Who may have it: `clearinghouse`.
    pub recipient: &'static str,
    /// `totals_only`, `with_release` or `encoded`.
    pub mode: &'static str,
    /// A code of `definitions/legal_bases.csv`.
    pub basis: &'static str,
    /// Who signed; made up.
    pub signatory: &'static str,
    /// The day of the signature.
    pub signed_on: Date,
    /// The last day on which it holds.
    pub expires_on: Date,
}

/// The only recipient there is.
pub(crate) const CLEARINGHOUSE: &str = "clearinghouse";

/// The agencies of a plan, in the order of the list.
///
/// # Errors
///
/// [`SimulationError`] when the plan cannot be made.
///
/// # Examples
///
/// ```
/// let agencies = simulation::agencies(&simulation::Plan::default())?;
/// assert_eq!(agencies[0].code, "practice-police-1");
/// # Ok::<(), simulation::SimulationError>(())
/// ```
pub fn agencies(plan: &Plan) -> Result<Vec<Agency>, SimulationError> {
    plan.check()?;
    let world = World::get()?;
    let listed = &world.work.agencies;
    let wanted = plan.agencies.unwrap_or(listed.len());
    let calendar = Calendar::new(plan.from, plan.quarters)?;
    let mut agencies = Vec::with_capacity(wanted);
    let mut given: BTreeMap<&str, usize> = BTreeMap::new();
    let again = listed.iter().filter(|row| row.area.is_some()).cycle();
    for (at, row) in listed.iter().chain(again).take(wanted).enumerate() {
        let stem = row.code.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = given.entry(stem).or_default();
        *number += 1;
        let mut agency = agency(world, row, &calendar);
        if at >= listed.len() {
            let label = row.label.replace(|c: char| c.is_ascii_digit(), &number.to_string());
            (agency.code, agency.label) = (format!("{stem}{number}"), label);
        }
        agencies.push(agency);
    }
    Ok(agencies)
}

fn agency(world: &'static World, row: &'static AgencyRow, calendar: &Calendar) -> Agency {
    let work = &world.work;
    let area = row.area.map(|area| &work.areas[area]);
    let role = work.role(row.role);
    let modes =
        work.modes.iter().filter(|mode| (mode.role, mode.agreement) == (row.role, row.agreement));
    let days_before = world.parameters.agreement_days_before as i64;
    let signed_on = calendar.date(-days_before);
    let expires_on = signed_on.saturating_add((world.parameters.agreement_years as i64).years());
    let modes = modes.map(|mode| DisclosureMode {
        record: mode.record,
        recipient: CLEARINGHOUSE,
        mode: &mode.mode,
        basis: &mode.basis,
        signatory: &row.signatory,
        signed_on,
        expires_on,
    });
    Agency {
        code: row.code.clone(),
        label: row.label.clone(),
        legal_entity: &role.legal_entity,
        task_force: area.map(|area| area.task_force.as_str()),
        county: area.map(|area| area.county.as_str()),
        calendar_offset_days: area.map_or(0, |area| area.calendar_offset_days),
        keeps: role.keeps.clone(),
        modes: modes.collect(),
        role: row.role,
        profile: role.profile,
        counted_as: &role.counted_as,
        unit_kind: &row.unit_kind,
        area: row.area,
        active_from: area.map_or(0, |area| area.joins_after_quarters),
        sessions: role.sessions,
    }
}

impl Agency {
    /// How far a kind of record may leave it.
    pub fn mode(&self, record: Record) -> &'static str {
        let listed = self.modes.iter().find(|mode| mode.record == record);
        listed.map_or("totals_only", |mode| mode.mode)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn of(agencies: usize) -> Vec<Agency> {
        super::agencies(&Plan { agencies: Some(agencies), ..Plan::default() }).unwrap()
    }

    #[test]
    fn the_list_is_as_agreed() {
        let all = agencies(&Plan::default()).unwrap();
        let count = |entity| all.iter().filter(|agency| agency.legal_entity == entity).count();
        assert_eq!(count("police"), 9);
        assert_eq!(count("prosecutor"), 5);
        assert_eq!(count("covered_provider"), 12);
        assert_eq!(count("training_provider"), 2);
        for single in ["hotline", "state_benefit_programme", "federal_office", "labor_agency"] {
            assert_eq!(count(single), 1, "{single}");
        }
        let six = all.iter().filter(|agency| agency.task_force == Some("practice-6"));
        assert!(six.clone().count() >= 2 && six.clone().all(|a| a.calendar_offset_days == 15));
        let nine = all.iter().filter(|agency| agency.task_force == Some("practice-9"));
        assert!(nine.clone().count() >= 2 && nine.clone().all(|agency| agency.active_from == 4));
        assert!(all.iter().any(|agency| agency.role == Role::Police && agency.modes.is_empty()));
    }

    #[test]
    fn few_and_many_agencies_have_codes_of_their_own() {
        let entities: Vec<&str> = of(3).iter().map(|agency| agency.legal_entity).collect();
        assert_eq!(entities, ["police", "covered_provider", "prosecutor"]);
        let many = of(300);
        let codes: BTreeSet<&str> = many.iter().map(|agency| agency.code.as_str()).collect();
        assert_eq!(codes.len(), 300);
        assert!(codes.contains("practice-police-10") && codes.contains("practice-shelter-10"));
    }
}
