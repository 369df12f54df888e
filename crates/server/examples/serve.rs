//! A practice site on this machine, to look at: `cargo run -p server --example serve [ADDRESS] [FOLDER]`.
//! Says how to join it as the first administrator.
#![expect(clippy::print_stdout, reason = "it says where to look")]

use server::{Config, Role, Server};
use store::{Invitation, NewAgencyHere, NewMember, Scope, Store, StoreError};

/// The first administrator's name.
const FIRST: &str = "first.one";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let config = Config { role: Role::Both, practice: true, ..Config::new(listen.parse()?) };
    let made = tempfile::tempdir()?;
    let folder = std::env::args().nth(2).map_or(made.path().to_owned(), Into::into);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&folder).await?;
        let invitation = invitation(&store, &config).await?;
        let server = Server::bind(&config, store).await?;
        println!("http://{}/", server.address());
        if let Some(invitation) = invitation {
            println!("join at /join as {FIRST} with {}", *invitation.code);
        }
        server.serve(async { tokio::signal::ctrl_c().await.unwrap_or_default() }).await;
        Ok(())
    })
}

/// An invitation to a made-up agency; nothing where somebody is already.
async fn invitation(store: &Store, config: &Config) -> Result<Option<Invitation>, StoreError> {
    let (operator, now) = (Scope::command_line("example"), config.clock.now());
    if !store.members(&operator).await?.is_empty() {
        return Ok(None);
    }
    let agency = NewAgencyHere {
        code: "practice-da".to_owned(),
        label: "Practice District Attorney".to_owned(),
        legal_entity: "prosecutor".to_owned(),
        county: None,
        clearinghouse: false,
        practice: true,
    };
    store.add_agency(&operator, &agency, now).await?;
    let roles = vec![store::Role::Administrator];
    let new = NewMember { agency: agency.code, name: FIRST.to_owned(), roles };
    store.invite(&operator, &new, now).await.map(Some)
}
