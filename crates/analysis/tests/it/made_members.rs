//! Made-up agencies whose members sign in at a clearinghouse.

use sealing::TotpSecret;
use store::{Entered, NewAgencyHere, NewMember, Purpose, Role, Scope, Store};

use crate::made_submissions::{at, scope};

const PASSPHRASE: &str = "seven herons over slow water";

/// Lets a police department in, or the clearinghouse itself.
pub(crate) async fn let_in(store: &Store, code: &str, clearinghouse: bool) {
    let new = NewAgencyHere {
        code: code.to_owned(),
        label: code.to_owned(),
        legal_entity: "police".to_owned(),
        county: None,
        clearinghouse,
        practice: true,
    };
    store.add_agency(&scope(), &new, at()).await.unwrap();
}

/// The scope of somebody of an agency who has signed in.
pub(crate) async fn signed_in(store: &Store, agency: &str, role: Role) -> Scope {
    let name = format!("{role}-{agency}");
    let new = NewMember { agency: agency.to_owned(), name: name.clone(), roles: vec![role] };
    let invitation = store.invite(&scope(), &new, at()).await.unwrap();
    let enrolled =
        store.accept_invitation(&name, &invitation.code, PASSPHRASE, at()).await.unwrap();
    let totp = TotpSecret::from_base32(&enrolled.totp).unwrap();
    let code = totp.shown_at(u64::try_from(at().as_second()).unwrap()).to_string();
    let (passphrase, purpose) = (PASSPHRASE, Purpose::Other);
    let entered = Entered { name: &name, passphrase, code: &code, role: None, purpose };
    store.sign_in(&entered, at()).await.unwrap().session.scope().clone()
}
