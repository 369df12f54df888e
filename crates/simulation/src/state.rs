//! A made-up state: a plan made ready. In: a [`Plan`]. Out: [`MadeUpState`]: its calendar, its
//! agencies by what they do, how busy each quarter is, and the numbers that agencies give.

use crate::agency::{Agency, agencies};
use crate::calendar::{Calendar, Day};
use crate::chance::{Chance, Stream, Weighted};
use crate::error::SimulationError;
use crate::own_number::OwnNumbers;
use crate::plan::Plan;
use crate::record::Record;
use crate::world::{AreaRow, Role, World};

/// A plan with everything that is needed to make its people and records.
pub(crate) struct MadeUpState {
    pub(crate) plan: Plan,
    pub(crate) world: &'static World,
    pub(crate) calendar: Calendar,
    pub(crate) agencies: Vec<Agency>,
    /// Places in the areas of the world in which there is an agency that people can meet.
    pub(crate) areas: Weighted<usize>,
    /// Agencies by area and role, and those of the whole state by role.
    local: Vec<[Vec<usize>; Role::ALL.len()]>,
    statewide: [Vec<usize>; Role::ALL.len()],
    /// By area: whether its police keep cases of trafficking in a vice unit.
    vice: Vec<bool>,
    /// How busy police and prosecutors are in a quarter, 1 on average.
    pub(crate) activity: Vec<f64>,
    /// Agencies that hold training sessions.
    pub(crate) trainers: Option<Weighted<usize>>,
    /// Incidents in which nobody was found.
    pub(crate) incidents_without_victim: u64,
    /// Training sessions.
    pub(crate) sessions: u64,
    /// Contacts with the hotline.
    pub(crate) contacts: u64,
}

/// The kind of unit that sees sex trafficking more than others do.
pub(crate) const VICE: &str = "vice";

/// Registrations of one person at one agency: the first, and perhaps a second by mistake.
pub(crate) const REGISTRATIONS: u64 = 2;

impl MadeUpState {
    pub(crate) fn new(plan: &Plan) -> Result<MadeUpState, SimulationError> {
        let agencies = agencies(plan)?;
        let world = World::get()?;
        let parameters = &world.parameters;
        let calendar = Calendar::new(plan.from, plan.quarters)?;
        let with = |role: Role, area: Option<usize>| -> Vec<usize> {
            let fits = |agency: &Agency| agency.role == role && agency.area == area;
            (0..agencies.len()).filter(|&at| fits(&agencies[at])).collect()
        };
        let local = (0..world.work.areas.len())
            .map(|area| Role::ALL.map(|(role, _)| with(role, Some(area))))
            .collect();
        let statewide = Role::ALL.map(|(role, _)| with(role, None));
        let met = |area: usize| {
            let can_meet = |agency: &Agency| agency.area == Some(area) && agency.profile.is_some();
            agencies.iter().any(can_meet)
        };
        let vice = (0..world.work.areas.len()).map(|area| {
            let police = agencies.iter().find(|a| (a.role, a.area) == (Role::Police, Some(area)));
            police.is_some_and(|police| police.unit_kind == VICE)
        });
        let vice = vice.collect();
        let areas = world.work.areas.iter().enumerate();
        let areas = areas.map(|(at, area)| (at, if met(at) { area.weight } else { 0.0 }));
        // The list begins with agencies of an area, so there always is one.
        let areas = Weighted::new(areas).ok_or(SimulationError::OutOfRange {
            what: "the number of agencies",
            value: agencies.len() as u64,
            least: 1,
            most: agencies.len() as u64,
        })?;
        let quarters = plan.quarters as f64;
        let steps = (quarters - 1.0).max(1.0);
        let slope = (parameters.activity_last - parameters.activity_first) / steps;
        let activity = (0..plan.quarters).map(|quarter| {
            if plan.quarters == 1 {
                1.0
            } else {
                parameters.activity_first + slope * quarter as f64
            }
        });
        let trainers = agencies.iter().enumerate().map(|(at, agency)| (at, agency.sessions));
        let made = |rate: f64| (rate * plan.people as f64 * quarters).round() as u64;
        Ok(MadeUpState {
            plan: *plan,
            world,
            calendar,
            areas,
            local,
            statewide,
            vice,
            activity: activity.collect(),
            trainers: Weighted::new(trainers),
            incidents_without_victim: made(parameters.incidents_without_victim),
            sessions: made(parameters.sessions),
            contacts: made(parameters.contacts),
            agencies,
        })
    }

    /// The stream of chance of one thing of a kind.
    pub(crate) fn chance(&self, stream: Stream, index: u64) -> Chance {
        Chance::of(self.plan.seed, stream, index)
    }

    /// The area at a place.
    pub(crate) fn area(&self, area: usize) -> &'static AreaRow {
        &self.world.work.areas[area]
    }

    /// Whether the police of an area keep cases of trafficking in a vice unit.
    pub(crate) fn vice(&self, area: usize) -> bool {
        self.vice[area]
    }

    /// An agency of a role in an area that works in a quarter.
    pub(crate) fn local(
        &self,
        role: Role,
        area: usize,
        quarter: usize,
        chance: &mut Chance,
    ) -> Option<usize> {
        self.active(&self.local[area][role as usize], quarter, chance)
    }

    /// An agency of a role that works in the whole state.
    pub(crate) fn statewide(
        &self,
        role: Role,
        quarter: usize,
        chance: &mut Chance,
    ) -> Option<usize> {
        self.active(&self.statewide[role as usize], quarter, chance)
    }

    fn active(&self, agencies: &[usize], quarter: usize, chance: &mut Chance) -> Option<usize> {
        // Agencies of one area start together: the drawn one works, or none does.
        let drawn = *chance.one_of(agencies)?;
        (self.agencies[drawn].active_from <= quarter).then_some(drawn)
    }

    /// A day in a quarter of an agency, not before another day of that quarter.
    pub(crate) fn day(
        &self,
        agency: usize,
        quarter: usize,
        not_before: Day,
        chance: &mut Chance,
    ) -> Day {
        let offset = self.agencies[agency].calendar_offset_days;
        let (first, last) = self.calendar.shared_days(quarter, offset);
        let first = first.max(not_before).min(last);
        chance.between(first, last)
    }

    /// The numbers that an agency gives to its records of a kind.
    pub(crate) fn numbers(&self, agency: usize, record: Record) -> OwnNumbers {
        let people = self.plan.people * REGISTRATIONS;
        let incidents = 2 * people.max(self.incidents_without_victim);
        let quarters = self.plan.quarters as u64;
        let (prefix, bound) = match record {
            Record::Victim | Record::Release => ('P', people),
            Record::Incident => ('I', incidents),
            Record::Arrest => ('A', incidents * ARRESTS),
            Record::Charge => ('C', incidents * ARRESTS * 2),
            Record::Disposition => ('D', incidents * ARRESTS * 2),
            Record::Service => ('S', people * quarters * SERVICES),
            Record::TrainingSession => ('T', self.sessions),
            Record::Contact => ('K', self.contacts),
            Record::Letter => ('L', people * 2),
            Record::Order => ('O', incidents),
        };
        OwnNumbers::new(prefix, self.plan.seed, agency as u64, bound)
    }
}

/// Arrests of one incident have numbers below this.
pub(crate) const ARRESTS: u64 = 4;

/// Kinds of services have numbers below this.
pub(crate) const SERVICES: u64 = 20;
