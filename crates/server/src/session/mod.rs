//! Who is signed in, from her cookie to what she may open.
//!
//! | module | what |
//! |---|---|
//! | `cookie` | the cookies of this site: read, set, taken away |
//! | `token` | what a form carries to show that it came from her own page |
//! | `identity` | where somebody comes back to from an identity provider, and who is offered one |
//! | `passkey` | the site that passkeys are for, and what forms carry of one |
//! | `next` | where to go after signing in: on this site, or nowhere |
//! | `fingerprint` | what was typed of one, in its one form |
//! | `signed_in` | the extractor of every page for those at work, and how such a page is shown |
//! | `refused` | what the store refuses, as words beside a form |

mod cookie;
mod fingerprint;
mod identity;
mod next;
mod passkey;
mod refused;
mod signed_in;
mod token;

pub(crate) use cookie::{Cookie, IdentityCookie, PasskeyCookie};
pub(crate) use fingerprint::grouped;
pub(crate) use identity::{IdentitySite, Offered, go_there, leads_on};
pub(crate) use next::Next;
pub(crate) use passkey::{PasskeySite, SentAnswer, SentNew, text};
pub(crate) use refused::refused;
pub(crate) use signed_in::{Desk, SignedForm, SignedIn, see_other};
pub(crate) use token::FormToken;
