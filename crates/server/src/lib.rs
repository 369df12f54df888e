//! Who may see what, in the browser.
//!
//! So far: the frame of every page, the public pages, and what stands around every answer. Knows
//! no account and no database yet, and keeps nothing.
//!
//! | module | what |
//! |---|---|
//! | `config` | what an installation is told before it starts |
//! | `server` | listening, answering, stopping |
//! | `router` | which address leads where |
//! | `routes` | one file per address, each with a template of the same name |
//! | `answer` | what every answer has: a limit of time, a page for each problem, headers |
//! | `same_origin`, `form`, `problem`, `headers` | its parts |
//! | `frame` | what a template knows: language, place, links, whom to call |
//! | `language` | which one, and its words |
//! | `assets`, `html` | files that pages load; text that is markup |
//!
//! To add a page: its file in `routes`, a line in `router`, a template, its words in every
//! `locales/<language>`, and a line in `frame/navigation.rs` if the frame is to lead there.
//!
//! # Examples
//!
//! ```
//! use server::{Config, Server};
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let server = Server::bind(&Config::new("127.0.0.1:0".parse()?)).await?;
//! println!("http://{}/", server.address());
//! server.serve(async { /* until it is to stop */ }).await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod assets;
mod config;
mod form;
mod frame;
mod headers;
mod html;
mod language;
mod problem;
mod router;
mod routes;
mod same_origin;
mod server;

pub use config::{Config, Limits, Role};
pub use router::router;
pub use server::{Server, ServerError};
