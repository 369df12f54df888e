//! A practice site on this machine, to look at: `cargo run -p server --example serve [ADDRESS] [FOLDER]`.
#![expect(clippy::print_stdout, reason = "it says where to look")]

use server::{Config, Role, Server};
use store::Store;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let config = Config { role: Role::Both, practice: true, ..Config::new(listen.parse()?) };
    let made = tempfile::tempdir()?;
    let folder = std::env::args().nth(2).map_or(made.path().to_owned(), Into::into);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = Server::bind(&config, Store::open(&folder).await?).await?;
        println!("http://{}/", server.address());
        server.serve(async { tokio::signal::ctrl_c().await.unwrap_or_default() }).await;
        Ok(())
    })
}
