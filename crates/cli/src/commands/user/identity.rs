//! The identity provider of an agency, as `clearway user identity-provider` says it.

use std::path::{Path, PathBuf};

use anyhow::ensure;
use clap::Subcommand;
use serde_json::json;
use store::{ClientSecret, IdentityProvider, Issuer, NewIdentityProvider, Scope};
use submission::Keys;

use super::done;
use crate::commands::{installation_keys, open_existing};
use crate::{Format, Shared, clock, output};

#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// Set it, or set it anew: with another issuer or client id, what members have linked is gone
    ///
    /// At the provider, register the address of this installation with /sign-in/callback after it, such as
    /// `https://clearway.example.org/sign-in/callback`, for the authorization code flow with PKCE. A made-up
    /// agency has a provider on this machine, a real one elsewhere, over https.
    #[command(
        after_help = "Examples:\n  clearway user identity-provider set practice-1 --issuer http://127.0.0.1:8180/realms/practice \\\n      --client-id clearway --data clearway-demo/data\n  clearway user identity-provider list --data clearway-demo/data"
    )]
    Set {
        /// The agency's code
        #[arg(value_name = "CODE")]
        agency: String,
        /// The address by which the provider names itself, exactly: `issuer` in its
        /// .well-known/openid-configuration
        #[arg(long, value_name = "URL", value_parser = issuer)]
        issuer: Issuer,
        /// By which the provider knows this installation
        #[arg(long, value_name = "ID")]
        client_id: String,
        /// A file whose first line is the client secret, `-` for standard input; without it the provider
        /// asks for none. It is sealed under the keys of this installation
        #[arg(long, value_name = "FILE")]
        client_secret_file: Option<PathBuf>,
    },
    /// List the identity providers, and how many members have linked their account
    #[command(
        after_help = "Examples:\n  clearway user identity-provider list --data clearway-demo/data\n  clearway user identity-provider list --format json --data clearway-demo/data"
    )]
    List,
    /// Take it away: members sign in with passphrase and code, and link anew if it comes back
    #[command(
        after_help = "Examples:\n  clearway user identity-provider set practice-1 --issuer http://127.0.0.1:8180/realms/practice \\\n      --client-id clearway --data clearway-demo/data\n  clearway user identity-provider remove practice-1 --why \"another is coming\" \\\n      --data clearway-demo/data"
    )]
    Remove {
        /// The agency's code
        #[arg(value_name = "CODE")]
        agency: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

fn issuer(text: &str) -> Result<Issuer, String> {
    text.parse().map_err(|error: store::StoreError| error.to_string())
}

pub(super) async fn run(what: &What, by: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    match what {
        What::Set { agency, issuer, client_id, client_secret_file } => {
            let (agency, issuer) = (agency.clone(), issuer.clone());
            let new = NewIdentityProvider { agency, issuer, client_id: client_id.clone() };
            set(&new, client_secret_file.as_deref(), by, shared).await
        }
        What::List => list(by, shared).await,
        What::Remove { agency, why } => {
            let store = open_existing(shared).await?;
            store.remove_identity_provider(by, agency, why, clock::now()).await?;
            done(shared, &format!("{agency} has no identity provider here any more"))
        }
    }
}

async fn set(
    new: &NewIdentityProvider,
    secret_file: Option<&Path>,
    by: &Scope,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let secret = match secret_file {
        Some(file) => {
            let data = shared.data();
            ensure!(
                Keys::exist(data),
                "there are no keys in {} under which the client secret could be sealed; make them with: clearway agency set agency.toml{}",
                data.display(),
                shared.data_option()
            );
            let secret = ClientSecret::new(&installation_keys::first_line(file)?)?;
            Some((installation_keys::keys(shared)?.records_key(), secret))
        }
        None => None,
    };
    let sealed = secret.as_ref().map(|(key, secret)| (key, secret));
    store.set_identity_provider(by, new, sealed, clock::now()).await?;
    let then = match secret {
        Some(_) => "start the server again, so that it knows the client secret",
        None => "the provider asks for no client secret",
    };
    done(
        shared,
        &format!(
            "members of {} may link their account at {}, each on her own page\nat the provider, register the address of this installation with /sign-in/callback after it\n{then}",
            new.agency, new.issuer
        ),
    )
}

async fn list(by: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let found = store.identity_providers(by).await?;
    match shared.format {
        Format::Json => output::json(&json!(found))?,
        Format::Text if found.is_empty() => output::text(
            "no agency has an identity provider here; `clearway user identity-provider set CODE` sets one",
        )?,
        Format::Text => {
            let row = |one: &IdentityProvider| {
                let secret = if one.has_secret { "with a secret" } else { "without a secret" };
                vec![
                    one.agency.clone(),
                    one.issuer.clone(),
                    format!("client {}, {secret}", one.client_id),
                    format!("{} linked", one.links),
                ]
            };
            output::text(&output::columns(&found.iter().map(row).collect::<Vec<_>>()))?;
        }
    }
    Ok(true)
}
