//! Who may see what, in the browser.
//!
//! So far: the frame of every page, the public pages, accounts, and what stands around every answer.
//! Everything that is kept is kept by `store`, which this crate asks in the name of whoever is signed in.
//!
//! | module | what |
//! |---|---|
//! | `config` | what an installation is told before it starts |
//! | `server` | listening, answering, stopping |
//! | `router` | which address leads where |
//! | `routes` | one file per address, each with a template of the same name |
//! | `answer` | what every answer has: a limit of time, a page for each problem, headers |
//! | `same_origin`, `form`, `multipart`, `problem`, `headers` | its parts |
//! | `session` | who is signed in, her passkeys, and the forms of her pages |
//! | `site`, `clock` | what routes are handed; what time it is |
//! | `frame` | what a template knows: language, place, links, whom to call |
//! | `language` | which one, and its words |
//! | `acts` | rows of the audit, as a page says them |
//! | `jobs` | long analyses, one at a time |
//! | `mail`, `reminders` | messages for the machine's own mail program; what agencies are reminded of |
//! | `quarters` | quarters, counted back from a day |
//! | `assets`, `html` | files that pages load; text that is markup |
//!
//! To add a page for people at work: besides that, its line in the table of `frame/navigation.rs`, which says
//! for whom it is, and the extractor `SignedIn`, or `SignedForm` where it takes a form. A page that is not in
//! that table is open to nobody, and `tests/it/isolation.rs` asks for every one in every role.
//!
//! To add a page: its file in `routes`, a line in `router`, a template, its words in every
//! `locales/<language>`, and a line in `frame/navigation.rs` if the frame is to lead there.
//!
//! # Examples
//!
//! ```
//! use server::{Config, Server};
//! use store::Store;
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let folder = tempfile::tempdir()?;
//! let store = Store::open(folder.path()).await?;
//! let server = Server::bind(&Config::new("127.0.0.1:0".parse()?), store).await?;
//! println!("http://{}/", server.address());
//! server.serve(async { /* until it is to stop */ }).await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod acts;
mod answer;
mod assets;
mod clock;
mod config;
mod form;
mod frame;
mod headers;
mod html;
mod identity;
mod jobs;
mod language;
mod mail;
mod multipart;
mod own_host;
mod problem;
mod quarters;
mod reminders;
mod router;
mod routes;
mod same_origin;
mod server;
mod session;
mod site;
mod site_address;
mod until;

pub use clock::Clock;
pub use config::{Config, Limits, Role};
pub use mail::{Mail, Message, Spool};
pub use reminders::{RemindError, Reminders, remind};
pub use router::router;
pub use server::{Server, ServerError};
pub use site_address::{NoSiteAddress, SiteAddress};
