//! Made-up agencies and members who sign in to the practice site.
//!
//! Their passphrase and the secrets of their one-time codes are written beside the demo, for everybody:
//! nothing in it is about anybody.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use sealing::TotpSecret;
use store::{CompartmentName, Entered, NewAgencyHere, NewMember, Purpose, Role, Scope, Store};

/// The passphrase of every made-up member.
const PASSPHRASE: &str = "seven herons over slow water";

/// How many days ago the made-up agencies were let in.
const JOINED_BEFORE_DAYS: i64 = 300;

/// A made-up agency: code, name, members.
type Made = (&'static str, &'static str, &'static [(&'static str, Role)]);

const MADE: [Made; 2] = [
    (
        "practice-1",
        "Practice Task Force 1",
        &[
            ("admin-1", Role::Administrator),
            ("admin-2", Role::Administrator),
            ("coordinator", Role::Coordinator),
            ("commander", Role::Commander),
        ],
    ),
    (
        "practice-state",
        "Practice State Office",
        &[
            ("admin-3", Role::Administrator),
            ("admin-4", Role::Administrator),
            ("collector", Role::Collector),
            ("analyst", Role::Analyst),
            ("auditor", Role::Auditor),
        ],
    ),
];

/// Makes them, and writes `sign-in.csv` and `passphrase.txt` into `folder`. Where they are already,
/// nothing changes.
pub(super) async fn make(
    store: &Store,
    scope: &Scope,
    folder: &Path,
    at: Timestamp,
) -> anyhow::Result<()> {
    if !store.joined_agencies(scope).await?.is_empty() {
        return Ok(());
    }
    let mut joined = BTreeMap::new();
    let mut list = "name,role,agency,passphrase,one_time_codes\n".to_owned();
    for (code, label, members) in MADE {
        let new = NewAgencyHere {
            code: code.to_owned(),
            label: label.to_owned(),
            legal_entity: "prosecutor".to_owned(),
            county: None,
            clearinghouse: code == "practice-state",
            practice: true,
        };
        // Long enough before that some quarters are owed, and late: there is nothing to see without.
        let let_in = at - jiff::SignedDuration::from_hours(JOINED_BEFORE_DAYS * 24);
        store.add_agency(scope, &new, let_in).await?;
        for (name, role) in members {
            let (agency, name) = (code.to_owned(), (*name).to_owned());
            let new = NewMember { agency, name: name.clone(), roles: vec![*role] };
            let invitation = store.invite(scope, &new, at).await?;
            let enrolled = store.accept_invitation(&name, &invitation.code, PASSPHRASE, at).await?;
            list.push_str(&format!("{name},{role},{code},{PASSPHRASE},{}\n", *enrolled.totp));
            joined.insert(name, enrolled);
        }
    }
    let (coordinator, commander) = (joined.get("coordinator"), joined.get("commander"));
    let (coordinator, commander) = coordinator.zip(commander).context("two of them are missing")?;
    // A minute ago: the code of now is left for whoever tries it out.
    let at = at - jiff::SignedDuration::from_mins(1);
    let totp = TotpSecret::from_base32(&coordinator.totp).context("a secret of one-time codes")?;
    let code = totp.shown_at(u64::try_from(at.as_second()).unwrap_or(0));
    let entered = Entered {
        name: "coordinator",
        passphrase: PASSPHRASE,
        code: &code,
        role: None,
        purpose: Purpose::Returns,
    };
    let signed_in = store.sign_in(&entered, at).await?;
    let returns = CompartmentName::Returns;
    let compartment = store.make_compartment(&signed_in.session, returns, at).await?;
    let print = &commander.fingerprint;
    store.let_in(&signed_in.session, compartment, "commander", print, at).await?;
    store.sign_out(&signed_in.cookie, at).await?;
    for (file, text) in [("sign-in.csv", list.as_str()), ("passphrase.txt", PASSPHRASE)] {
        let path = folder.join(file);
        fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
