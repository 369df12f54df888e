//! Coded tables are opened to a scope, and counted for nobody else.

use analysis::people::{self, PeopleError, PeoplePlan};
use analysis::receive::ReceiveError;
use analysis::record_counts::{self, RecordsPlan};
use analysis::tables::OpenTables;
use records::record::RecordKind;
use records::register::Register;
use store::{Permission, Role, StoreError};

use crate::made_members::{let_in, signed_in};
use crate::made_submissions::{Draft, House, TODAY, at, scope, served, with_house};

const HARBOR: &str = "practice-harbor";
const BAY: &str = "practice-bay";
const STATE: &str = "practice-state";

/// Two agencies that have each sent a table, and the state's office.
async fn two_agencies(house: &House) {
    for (code, quarter) in [(HARBOR, "2026-Q2"), (BAY, "2026-Q3")] {
        let mut agency = house.agency(code, "police").await;
        let day = if quarter == "2026-Q2" { "2026-05-03" } else { "2026-08-03" };
        let file = agency.submit(&Draft::of(quarter, vec![served("1", day, "adult", "sex")]));
        house.receive(&[&file]).await;
    }
    for code in [HARBOR, BAY, STATE] {
        let_in(&house.store, code, code == STATE).await;
    }
}

/// The roles that members of the state's office have, or those of other agencies.
fn roles(of_state: bool) -> impl Iterator<Item = Role> {
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Operator);
    roles.filter(move |role| role.is_of_the_state() == of_state)
}

/// Whether a store does not permit it to a role, in words that say so.
fn is_refused(error: &StoreError, role: Role) -> bool {
    let said = format!("a member in the role {role} may not see submissions");
    matches!(error, StoreError::NotPermitted { .. }) && error.to_string().starts_with(&said)
}

#[test]
fn no_member_of_an_agency_opens_a_table_not_even_its_own() {
    with_house(async |house| {
        two_agencies(&house).await;
        let data = house.folder.path();
        let server = house.store.clone().for_server();
        let mut asked = 0;
        for agency in [HARBOR, BAY] {
            for role in roles(false) {
                let scope = signed_in(&house.store, agency, role).await;
                assert_eq!(scope.agency(), Some(agency));
                let opened = OpenTables::open(&server, &scope, data, true).await;
                let Err(ReceiveError::Store(error)) = opened else { panic!("{role}") };
                assert!(is_refused(&error, role), "{role}: {error}");

                let plan = RecordsPlan {
                    practice: true,
                    kinds: vec![RecordKind::Victim],
                    period: None,
                    as_of: TODAY,
                    threads: Some(1),
                };
                let counted = record_counts::count(&server, &scope, data, &plan).await;
                let Err(PeopleError::Receive(ReceiveError::Store(error))) = counted else {
                    panic!("{role}")
                };
                assert!(is_refused(&error, role), "{role}: {error}");

                let plan = PeoplePlan {
                    practice: true,
                    period: None,
                    as_of: TODAY,
                    truth: None,
                    threads: Some(1),
                };
                let register = Register::embedded();
                let counted = people::count(&server, &scope, register, data, &plan, at()).await;
                assert!(counted.is_err(), "{role}");
                asked += 1;
            }
        }
        assert_eq!(asked, 2 * (Role::ALL.len() - 5), "every role of an agency, of both");
    });
}

#[test]
fn whoever_sees_submissions_at_the_state_opens_the_tables_of_every_agency() {
    with_house(async |house| {
        two_agencies(&house).await;
        let data = house.folder.path();
        let server = house.store.clone().for_server();
        let mut opened_by = Vec::new();
        for role in roles(true) {
            let scope = signed_in(&house.store, STATE, role).await;
            match OpenTables::open(&server, &scope, data, true).await {
                Ok(tables) => {
                    let of: Vec<&str> =
                        tables.submissions().iter().map(|one| one.agency.as_str()).collect();
                    assert_eq!(of, [BAY, HARBOR], "{role}");
                    opened_by.push(role);
                }
                Err(ReceiveError::Store(error)) => {
                    assert!(is_refused(&error, role), "{role}: {error}");
                }
                Err(error) => panic!("{role}: {error}"),
            }
        }
        let expected: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| role.is_of_the_state() && role.may(Permission::ReadSubmissions))
            .collect();
        assert_eq!(opened_by, expected);

        // At the machine itself, and of no made-up agency where real ones are asked for.
        let operator = scope();
        let tables = OpenTables::open(&house.store, &operator, data, true).await.unwrap();
        assert_eq!(tables.submissions().len(), 2);
        let tables = OpenTables::open(&house.store, &operator, data, false).await.unwrap();
        assert!(tables.submissions().is_empty());
        // Not by the server's door.
        let refused = OpenTables::open(&server, &operator, data, true).await;
        assert!(matches!(refused, Err(ReceiveError::Store(StoreError::NotPermitted { .. }))));
    });
}
