//! `clearway server`: the pages, for whoever signs in and for everybody.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use analysis::publish::PublishedFolder;
use anyhow::{Context, bail};
use jiff::Timestamp;
use serde_json::json;
use server::{Config, Reminders, Role, Server, SiteAddress};
use store::{ClientSecrets, Fault, Scope, Store};

use super::installation_keys;
use crate::{Format, Shared, clock, output};

/// Serve the pages: for everybody, and for the members who sign in
///
/// Starts on an empty folder too. Administrators are made on the terminal: `clearway user join`, then twice
/// `clearway user invite`. It speaks plain HTTP; put something that speaks TLS before it, and say so with
/// --behind-tls, unless it listens on this machine only.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway server --data clearway-demo/data --practice --listen 127.0.0.1:0 --check\n  clearway server --data clearway-demo/data --practice --listen 127.0.0.1:0 --check --format json"
)]
pub(crate) struct Arguments {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Whose installation this is
    #[arg(long, value_enum, default_value = "agency")]
    role: RoleHere,
    /// Everything in it is made up: every page says so
    #[arg(long)]
    practice: bool,
    /// Something that speaks TLS stands before it, so that browsers may insist on it
    #[arg(long)]
    behind_tls: bool,
    /// The folder of a published report, served to everybody [default: `published` in the folder of
    /// --data, when there is one]
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// The state whose picture is shown, by its code
    #[arg(long, value_name = "CODE", default_value = "ca")]
    state: String,
    /// How this installation is named, such as `https://clearway.example.org`; TLS stands before it then. A
    /// request that names another host is turned away (in practice this machine is let through too), members
    /// may have passkeys for it and come back to it from their identity provider, and agencies that have said where are reminded of their returns, by messages
    /// left in the folder `mail` of the data folder
    #[arg(long, value_name = "URL")]
    site: Option<SiteAddress>,
    /// Where members try things out, such as `https://practice.example.org`: each is led there
    #[arg(long, value_name = "URL", conflicts_with = "practice")]
    practice_site: Option<SiteAddress>,
    /// Look whether it could start, and end
    #[arg(long)]
    check: bool,
}

/// Whose installation this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum RoleHere {
    /// Keeps its own cases and sends what may leave
    Agency,
    /// Counts, estimates and publishes
    Clearinghouse,
    /// Both, in practice only
    Both,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let store = super::open(shared).await?;
    expect_one_world(&store, &super::scope(shared), own.practice).await?;
    let config = Config {
        role: match own.role {
            RoleHere::Agency => Role::Agency,
            RoleHere::Clearinghouse => Role::Clearinghouse,
            RoleHere::Both => Role::Both,
        },
        practice: own.practice,
        // Over TLS but on one's own machine.
        behind_tls: own.behind_tls || own.site.as_ref().is_some_and(SiteAddress::is_https),
        state: own.state.clone(),
        published: own.published.clone().or_else(|| published_by_default(shared.data())),
        site: own.site.clone(),
        practice_site: own.practice_site.clone(),
        reminders: own.site.clone().map(|site| Reminders {
            site,
            data: shared.data().to_owned(),
            every: Duration::from_secs(60 * 60),
        }),
        client_secrets: client_secrets(&store, &super::scope(shared), shared).await?,
        ..Config::new(own.listen)
    };
    serve(&config, store, own.check, shared).await
}

/// By what this installation shows identity providers that it is it. Only where one asks for that, the keys
/// are needed, and let go again.
async fn client_secrets(
    store: &Store,
    scope: &Scope,
    shared: &Shared,
) -> anyhow::Result<ClientSecrets> {
    let providers = store.identity_providers(scope).await?;
    let Some(one) = providers.iter().find(|one| one.has_secret) else {
        return Ok(ClientSecrets::default());
    };
    let keys = installation_keys::keys(shared).with_context(|| {
        format!(
            "the client secret for the identity provider of {} is sealed under the keys of this installation",
            one.agency
        )
    })?;
    Ok(store.client_secrets(scope, &keys.records_key()).await?)
}

/// The folder beside the database, when something was published into it.
fn published_by_default(data: &Path) -> Option<PathBuf> {
    let folder = data.join("published");
    PublishedFolder::is_one(&folder).then_some(folder)
}

/// Serves until the process is told to end.
pub(super) async fn serve(
    config: &Config,
    store: Store,
    check: bool,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let config = Config { tell_fault, ..config.clone() };
    let server = Server::bind(&config, store.clone()).await?;
    let address = server.address();
    match shared.format {
        Format::Json => output::json(&json!({
            "listening": address.to_string(),
            "practice": config.practice,
        }))?,
        Format::Text => output::text(&format!(
            "serving http://{address}/{}; Ctrl-C ends it",
            if config.practice { ", for practice" } else { "" }
        ))?,
    }
    if !check {
        server.serve(told_to_end()).await;
    }
    store.close().await;
    Ok(true)
}

/// Says on the terminal what is wrong with the machine: once, and once a minute while it lasts.
fn tell_fault(fault: Fault) {
    static TOLD: Mutex<Option<(Fault, Timestamp)>> = Mutex::new(None);
    let now = clock::now();
    // Whoever panicked with it has left what can be read.
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let again = |(before, at): (Fault, Timestamp)| {
        before != fault || now.duration_since(at).as_secs().abs() >= 60
    };
    if told.is_none_or(again) {
        *told = Some((fault, now));
        output::remark(&format!("clearway: {fault}"));
    }
}

/// What is made up and what is real never share an installation.
async fn expect_one_world(store: &Store, scope: &Scope, practice: bool) -> anyhow::Result<()> {
    let agencies = store.joined_agencies(scope).await?;
    let other = agencies.iter().find(|one| one.practice != practice && one.left_at.is_none());
    match other {
        Some(one) if practice => {
            bail!("{} is a real agency: leave --practice out, or use another --data", one.code)
        }
        Some(one) => bail!("{} is made up: add --practice, or use another --data", one.code),
        None => Ok(()),
    }
}

/// Ctrl-C, or what a service manager sends. Without a way to be told, it goes on until it is killed.
async fn told_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            let (mut interrupted, mut ended) = (pin!(interrupted), pin!(end.recv()));
            return poll_fn(|context| match ended.as_mut().poll(context) {
                Poll::Ready(_) => Poll::Ready(()),
                Poll::Pending => interrupted.as_mut().poll(context),
            })
            .await;
        }
    }
    interrupted.await;
}
