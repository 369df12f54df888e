//! Who an installation is.

use analysis::agency::{self, AgencyError};
use store::{AgencyAccepted, Store};
use submission::Role;

use crate::made_agency::{Made, at, scope, told, toml};

#[test]
fn every_problem_of_agency_toml_is_named_at_once() {
    told(async || {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let text = "role = \"both\"\ncode = \"Harbor House\"\nlegal_entity = \"shelter of ours\"\n\
                    county = 7\ncalendar_offset_days = 400\nlabels = \"x\"\n";
        let refused = agency::set_up(&store, &scope(), folder.path(), text, at(), |_| {
            agency::open_keys(folder.path())
        })
        .await;
        let Err(AgencyError::AgencyFile(problems)) = refused else { panic!("{refused:?}") };
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(problems.join("\n"));
        assert!(agency::role(folder.path()).unwrap().is_none(), "nothing has changed");
    });
}

#[test]
fn an_installation_is_set_up_again_with_the_same_keys() {
    told(async || {
        let made = Made::new("covered_provider").await;
        let data = made.data();
        let before = agency::own_card(&data).unwrap();
        let set = async |text: &str| {
            agency::set_up(&made.store, &scope(), &data, text, at(), |_| agency::open_keys(&data))
                .await
                .unwrap()
        };
        let same = set(&toml("agency", "harbor", "covered_provider")).await;
        assert!(!same.changed && !same.new_keys);
        let other = toml("agency", "harbor", "covered_provider").replace("Made-up", "Other");
        let changed = set(&other).await;
        assert!(changed.changed && !changed.new_keys);
        assert_eq!(changed.card.fingerprint(), before.fingerprint());
        assert_eq!(agency::own_card(&data).unwrap().about().label, "Other harbor");
        assert_eq!(made.store.agency(&scope()).await.unwrap().unwrap().label, "Other harbor");
    });
}

#[test]
fn an_agency_never_becomes_a_clearinghouse_nor_the_reverse() {
    told(async || {
        let made = Made::new("police").await;
        let state_data = made.path("state");
        let state = Store::open(&state_data).await.unwrap();
        for (store, data, role) in
            [(&made.store, made.data(), "clearinghouse"), (&state, state_data, "agency")]
        {
            let text = toml(role, "practice-other", "police");
            let refused =
                agency::set_up(store, &scope(), &data, &text, at(), |_| agency::open_keys(&data))
                    .await;
            assert!(matches!(refused, Err(AgencyError::RoleFixed { .. })), "{refused:?}");
        }
        assert_eq!(agency::role(&made.data()).unwrap(), Some(Role::Agency));
    });
}

#[test]
fn a_card_is_accepted_with_the_fingerprint_that_was_read_out() {
    told(async || {
        let made = Made::new("police").await;
        let data = made.path("state");
        let store = Store::open(&data).await.unwrap();
        let card = agency::own_card(&made.data()).unwrap();
        let accept = async |typed: &str| {
            agency::accept(&store, &scope(), &data, &card, typed, "by phone", at()).await
        };
        let refused = accept("0000 0000").await;
        assert!(matches!(refused, Err(AgencyError::OtherFingerprint { .. })), "{refused:?}");
        assert!(store.agencies(&scope()).await.unwrap().is_empty());
        let typed = card.fingerprint().to_uppercase().replace(' ', "");
        assert_eq!(accept(&typed).await.unwrap(), AgencyAccepted::New);
        assert_eq!(accept(&typed).await.unwrap(), AgencyAccepted::Already);
        // An agency accepts nobody.
        let refused =
            agency::accept(&made.store, &scope(), &made.data(), &card, &typed, "x", at()).await;
        assert!(matches!(refused, Err(AgencyError::WrongRole { .. })), "{refused:?}");
    });
}
