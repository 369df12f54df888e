//! Whether records come in the modes to which their agency agreed when it joined.
//!
//! In: a manifest, and what its agency agreed to on the page "Joining". Out: a reason to refuse for each
//! kind of record that comes in another mode. Totals alone may always come, for no row leaves with them.
//! An agency that has agreed to nothing here is bound by the modes that its own installation holds alone.

use jiff::civil::Date;
use records::disclosure::Mode;
use records::record::RecordKind;
use store::AgreedMode;
use submission::{Manifest, ManifestMode};

use super::{ReceiveError, Receiver, Remark};

/// What comes in a mode that was not agreed to.
pub(super) async fn problems(
    receiver: &Receiver<'_>,
    manifest: &Manifest,
) -> Result<Vec<Remark>, ReceiveError> {
    let agreed = receiver.store.agreed_modes(receiver.scope, &manifest.agency).await?;
    if agreed.is_empty() {
        return Ok(Vec::new());
    }
    let problem = |sent: &ManifestMode| {
        let found = agreed.iter().find(|agreed| agreed.record == sent.record);
        problem(sent.record, sent.mode, found, manifest.as_of)
    };
    Ok(manifest.modes.iter().filter_map(problem).collect())
}

fn problem(
    record: RecordKind,
    sent: Mode,
    agreed: Option<&AgreedMode>,
    as_of: Date,
) -> Option<Remark> {
    let agreed_to = match agreed {
        _ if sent == Mode::TotalsOnly => return None,
        None => "to no mode for them".to_owned(),
        Some(agreed) if agreed.mode != sent => format!("to \"{}\"", words(agreed.mode)),
        Some(agreed) if agreed.expires_on < as_of => {
            format!("to it until {}, and it was made on {as_of}", agreed.expires_on)
        }
        Some(_) => return None,
    };
    let what = format!(
        "{} came \"{}\", and when it joined the agency agreed {agreed_to}",
        record.plural().replace('_', " "),
        words(sent)
    );
    let fix = "enter the agreed mode in your own installation (`disclosure_modes.csv`), or agree to this one \
               on the clearinghouse's page \"Joining\"; then send a correction";
    Some(Remark::new("mode_not_agreed", Some(record), what, fix))
}

fn words(mode: Mode) -> String {
    mode.as_str().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    const MODES: [Mode; 3] = [Mode::TotalsOnly, Mode::WithRelease, Mode::Encoded];

    fn agreed(mode: Mode) -> AgreedMode {
        AgreedMode {
            record: RecordKind::Victim,
            mode,
            basis: "statistics_agreement".to_owned(),
            signatory: "A. Officer".to_owned(),
            signed_on: date(2026, 1, 1),
            expires_on: date(2026, 12, 31),
        }
    }

    proptest! {
        /// Rows come only in the mode that was agreed to, while it is in force; totals come always.
        #[test]
        fn rows_come_in_the_agreed_mode_or_not(
            sent in select(MODES.to_vec()),
            mode in proptest::option::of(select(MODES.to_vec())),
            year in 2025i16..2029,
        ) {
            let as_of = date(year, 6, 1);
            let paper = mode.map(agreed);
            let found = problem(RecordKind::Victim, sent, paper.as_ref(), as_of);
            let comes = sent == Mode::TotalsOnly || (mode == Some(sent) && year <= 2026);
            prop_assert_eq!(found.is_none(), comes);
        }
    }

    #[test]
    fn a_reason_says_the_kind_what_came_what_was_agreed_and_what_to_do() {
        let of = |paper: Option<&AgreedMode>, as_of| {
            let found = problem(RecordKind::Victim, Mode::Encoded, paper, as_of).unwrap();
            assert!(found.fix.contains("Joining") && found.fix.contains("correction"));
            found.what
        };
        let (totals, encoded) = (agreed(Mode::TotalsOnly), agreed(Mode::Encoded));
        let day = date(2026, 10, 5);
        assert_eq!(
            of(Some(&totals), day),
            "victims came \"encoded\", and when it joined the agency agreed to \"totals only\""
        );
        assert_eq!(
            of(None, day),
            "victims came \"encoded\", and when it joined the agency agreed to no mode for them"
        );
        assert_eq!(
            of(Some(&encoded), date(2027, 1, 1)),
            "victims came \"encoded\", and when it joined the agency agreed to it until 2026-12-31, \
             and it was made on 2027-01-01"
        );
    }
}
