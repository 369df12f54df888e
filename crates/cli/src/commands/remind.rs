//! `clearway remind`: reminders of returns, left for the machine's own mail program.

use jiff::Timestamp;
use serde_json::json;
use server::{SiteAddress, Spool, remind};
use store::Reminder;

use super::{open_existing, scope};
use crate::{Format, Shared, clock, output};

/// Show which agencies are to be reminded of a return, or send the reminders
///
/// Messages go as files into the folder `mail/new` of the data folder, from which the machine's mail program
/// takes them; Clearway connects to nobody. Each names an agency, a quarter, a day and the site: no figure and
/// nothing about a person. None goes twice. `clearway server --site URL` does the same by itself.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway remind --data clearway-demo/data --site https://returns.example.gov\n  clearway remind --data clearway-demo/data --site https://returns.example.gov --send\n  clearway remind --data clearway-demo/data --site https://returns.example.gov --format json"
)]
pub(crate) struct Arguments {
    /// Where the pages of this installation are
    #[arg(long, value_name = "URL")]
    site: SiteAddress,
    /// Send what is due; without it, it is only shown
    #[arg(long)]
    send: bool,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let (store, scope) = (open_existing(shared).await?, scope(shared));
    let at: Timestamp = clock::now();
    let reminders = match own.send {
        true => {
            let mut spool = Spool::of(shared.data());
            remind(&store, &scope, &own.site, &mut spool, at).await?
        }
        false => store.reminders_due(&scope, at).await?,
    };
    store.close().await;
    match shared.format {
        Format::Json => output::json(&json!({ "sent": own.send, "reminders": reminders }))?,
        Format::Text => output::text(&told(own, shared, &reminders))?,
    }
    Ok(true)
}

fn told(own: &Arguments, shared: &Shared, reminders: &[Reminder]) -> String {
    let counted = output::counted(reminders.len(), "reminder");
    let mut rows = vec![["agency", "quarter", "due on", "reminder"].map(str::to_owned).to_vec()];
    rows.extend(reminders.iter().map(|one| {
        let kind = one.kind.as_str().replace('_', " ");
        vec![one.agency.clone(), one.quarter.to_string(), one.due_on.to_string(), kind]
    }));
    let next = match (own.send, reminders.is_empty()) {
        (_, true) => {
            return "No reminder is due. An agency is reminded once it has said where, on the page \"Reminders\"."
                .to_owned();
        }
        (true, false) => {
            let folder = shared.data().join(Spool::FOLDER).join("new");
            format!("{counted} left in {}", folder.display())
        }
        (false, false) => format!("{counted} due; send with --send"),
    };
    format!("{}\n{next}", output::columns(&rows))
}
