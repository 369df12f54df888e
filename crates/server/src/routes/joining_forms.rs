//! What was typed on the way of joining, and what is wrong with it.
//!
//! In: the fields of a form, or what the store refused. Out: papers and modes for the store, or every
//! mistake beside its field; and the choices that the law leaves an agency.

use analysis::{filing, practice};
use jiff::Timestamp;
use jiff::civil::Date;
use records::Quarter;
use records::disclosure::{CLEARINGHOUSE, DisclosureMode, Mode};
use records::record::{Code, RecordKind};
use records::register::{Kind, Register};
use records::returns::shipped_mappings;
use store::{AgreedMode, Agreement, ModesPaper, NewReturn, PaperProblem, StoreError};

use crate::form::{Fields, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::refused;

/// Who reports in the practice form.
const MADE_UP: &str = "practice-1";

/// How many problems of a test are said at once.
const PROBLEMS: usize = 10;

/// A mode and its basis for each kind of record, as the store takes them.
type ChosenModes = Vec<(RecordKind, Mode, Code)>;

/// What was typed, to be shown again.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) title: String,
    pub(super) reference: String,
    pub(super) signatory: String,
    pub(super) signed_on: String,
    pub(super) valid_until: String,
    pub(super) withdraws: bool,
    pub(super) modes_signatory: String,
    pub(super) modes_signed_on: String,
    pub(super) modes_until: String,
    pub(super) fingerprint: String,
    pub(super) csv: String,
    /// The choice of each kind of record, as its form says it.
    choices: Vec<(RecordKind, String)>,
}

/// A kind of record, and what may be chosen for it.
pub(super) struct KindRow {
    /// The name of its field.
    pub(super) field: &'static str,
    /// Its words.
    pub(super) words: String,
    /// What is agreed.
    pub(super) agreed: Option<String>,
    pub(super) choices: Vec<Choice>,
}

/// A mode on a basis that the law opens.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) chosen: bool,
}

impl Typed {
    pub(super) fn of(fields: &Fields) -> Typed {
        let text = |name: &str| fields.get(name).to_owned();
        Typed {
            title: text("title"),
            reference: text("reference"),
            signatory: text("signatory"),
            signed_on: text("signed_on"),
            valid_until: text("valid_until"),
            withdraws: fields.get("withdraws") == "yes",
            modes_signatory: text("modes_signatory"),
            modes_signed_on: text("modes_signed_on"),
            modes_until: text("modes_until"),
            fingerprint: text("fingerprint"),
            csv: text("return"),
            choices: RecordKind::ALL.map(|kind| (kind, text(field_of(kind)))).to_vec(),
        }
    }

    /// Nothing typed yet: the practice form stands ready.
    pub(super) fn fresh(quarter: Option<Quarter>, register: &Register) -> Typed {
        let made_up =
            quarter.map_or(Vec::new(), |quarter| practice::returns(register, [quarter; 2]));
        let csv = made_up.into_iter().find(|one| one.file_name.starts_with(MADE_UP));
        Typed { csv: csv.map_or(String::new(), |one| one.csv), ..Typed::default() }
    }

    /// The agreement that was typed.
    pub(super) fn agreement(&self, page: &Page) -> Result<Agreement, Mistakes> {
        let mut mistakes = Mistakes::default();
        let signed_on = day(page, &mut mistakes, "signed_on", &self.signed_on);
        let valid_until = day(page, &mut mistakes, "valid_until", &self.valid_until);
        let (Some(signed_on), Some(valid_until)) = (signed_on, valid_until) else {
            return Err(mistakes);
        };
        Ok(Agreement {
            title: self.title.clone(),
            reference: self.reference.clone(),
            signatory: self.signatory.clone(),
            signed_on,
            valid_until,
            withdraws: self.withdraws,
        })
    }

    /// The modes that were chosen, and the paper that says so.
    pub(super) fn modes(&self, page: &Page) -> Result<(ChosenModes, ModesPaper), Mistakes> {
        let mut mistakes = Mistakes::default();
        let mut modes = Vec::with_capacity(self.choices.len());
        for (kind, choice) in &self.choices {
            match chosen(choice) {
                Some((mode, basis)) => modes.push((*kind, mode, basis)),
                None => mistakes.add(field_of(*kind), page.say("joining-error-choice")),
            }
        }
        let signed_on = day(page, &mut mistakes, "modes_signed_on", &self.modes_signed_on);
        let expires_on = day(page, &mut mistakes, "modes_until", &self.modes_until);
        match (signed_on, expires_on) {
            (Some(signed_on), Some(expires_on)) if mistakes.is_empty() => {
                let signatory = self.modes_signatory.clone();
                Ok((modes, ModesPaper { signatory, signed_on, expires_on }))
            }
            _ => Err(mistakes),
        }
    }
}

/// What the store refused of an agreement, beside the fields.
pub(super) fn of_agreement(
    page: &Page,
    error: StoreError,
    now: Timestamp,
) -> Result<Mistakes, Problem> {
    match error {
        StoreError::PaperIncomplete(problems) => {
            Ok(of_paper(page, &problems, ["signatory", "signed_on", "valid_until"]))
        }
        error => Ok(Mistakes::one("title", refused(page, error, now)?)),
    }
}

/// What the store refused of modes, beside the fields.
pub(super) fn of_modes(
    page: &Page,
    error: StoreError,
    now: Timestamp,
) -> Result<Mistakes, Problem> {
    match error {
        StoreError::PaperIncomplete(problems) => {
            let fields = ["modes_signatory", "modes_signed_on", "modes_until"];
            Ok(of_paper(page, &problems, fields))
        }
        StoreError::ModesNotOpen(kinds) => {
            let mut mistakes = Mistakes::default();
            for (kind, problems) in kinds {
                let why: Vec<String> = problems.iter().map(ToString::to_string).collect();
                let words = page.say_with("joining-error-mode", "why", why.join("; "));
                mistakes.add(field_of(kind), words);
            }
            Ok(mistakes)
        }
        error => Ok(Mistakes::one("modes_signatory", refused(page, error, now)?)),
    }
}

fn of_paper(
    page: &Page,
    problems: &[PaperProblem],
    [signatory, signed_on, until]: [&'static str; 3],
) -> Mistakes {
    let mut mistakes = Mistakes::default();
    for problem in problems {
        let (field, key) = match problem {
            PaperProblem::NoTitle => ("title", "joining-error-title"),
            PaperProblem::NoReference => ("reference", "joining-error-reference"),
            PaperProblem::NoSignatory => (signatory, "joining-error-signatory"),
            PaperProblem::SignedLater => (signed_on, "joining-error-later"),
            PaperProblem::Over => (until, "joining-error-over"),
        };
        mistakes.add(field, page.say(key));
    }
    mistakes
}

/// Reads and checks a return of the practice form.
pub(super) fn read_test(
    page: &Page,
    csv: &str,
    quarter: Quarter,
) -> Result<Box<NewReturn>, Mistakes> {
    let mappings = shipped_mappings().ok().into_iter().flatten();
    let Some(form) = mappings.into_iter().find(|mapping| mapping.id == filing::OWN_FORM) else {
        return Err(Mistakes::one("return", page.say("joining-error-test")));
    };
    let of = (MADE_UP, quarter);
    let read = filing::check(Register::embedded(), form, of, ("practice.csv", csv.as_bytes()));
    read.map_err(|problems| {
        let mut mistakes = Mistakes::default();
        for problem in problems.iter().take(PROBLEMS) {
            mistakes
                .add("return", page.say_with("joining-error-line", "what", problem.to_string()));
        }
        mistakes
    })
}

/// Every kind of record with the choices that the law leaves an entity.
pub(super) fn kinds(
    page: &Page,
    entity: Code,
    agreed: &[AgreedMode],
    typed: &Typed,
) -> Vec<KindRow> {
    let row = |kind: RecordKind| {
        let agreed = agreed.iter().find(|one| one.record == kind);
        let of_agreed = agreed.map(|one| format!("{} {}", one.mode, one.basis));
        let typed = typed.choices.iter().find(|(one, _)| *one == kind);
        let typed = typed.map(|(_, choice)| choice.clone()).filter(|choice| !choice.is_empty());
        let current = typed.or(of_agreed);
        let choices = open_choices(entity, kind).map(|(mode, basis)| {
            let value = format!("{mode} {}", basis.as_str());
            let words = format!("{}: {}", page.say(mode_key(mode)), page.label(basis.entry()).text);
            Choice { chosen: current.as_ref() == Some(&value), value, words }
        });
        KindRow {
            field: field_of(kind),
            words: page.say(kind_key(kind)),
            agreed: agreed.map(|one| {
                let said = vec![
                    ("mode", page.say(mode_key(one.mode))),
                    ("signatory", one.signatory.clone()),
                    ("signed", one.signed_on.to_string()),
                    ("until", one.expires_on.to_string()),
                ];
                page.say_with_all("joining-agreed", said)
            }),
            choices: choices.collect(),
        }
    };
    RecordKind::ALL.into_iter().map(row).collect()
}

/// What the law opens, from the least that leaves; what applies without any paper is no basis of one.
fn open_choices(entity: Code, kind: RecordKind) -> impl Iterator<Item = (Mode, Code)> {
    let day = Date::MIN;
    let bases = || {
        let entries = Register::embedded().entries(Kind::LegalBasis);
        entries.filter_map(|entry| Code::get(Kind::LegalBasis, &entry.code))
    };
    [Mode::TotalsOnly, Mode::WithRelease, Mode::Encoded]
        .into_iter()
        .flat_map(move |mode| bases().map(move |basis| (mode, basis)))
        .filter(|(_, basis)| basis.as_str() != "default")
        .filter(move |(mode, basis)| {
            DisclosureMode::new(entity, kind, CLEARINGHOUSE, *mode, *basis, "-", day, day).is_ok()
        })
}

/// A choice as a form sends it: a mode and a basis.
fn chosen(choice: &str) -> Option<(Mode, Code)> {
    let (mode, basis) = choice.split_once(' ')?;
    Some((Mode::from_word(mode)?, Code::get(Kind::LegalBasis, basis)?))
}

fn day(page: &Page, mistakes: &mut Mistakes, field: &'static str, typed: &str) -> Option<Date> {
    let day = typed.parse().ok();
    if day.is_none() {
        mistakes.add(field, page.say("joining-error-day"));
    }
    day
}

/// The field of a kind of record.
fn field_of(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Victim => "kind-victim",
        RecordKind::Incident => "kind-incident",
        RecordKind::Arrest => "kind-arrest",
        RecordKind::Charge => "kind-charge",
        RecordKind::Disposition => "kind-disposition",
        RecordKind::Service => "kind-service",
        RecordKind::TrainingSession => "kind-training-session",
        RecordKind::Contact => "kind-contact",
        RecordKind::Letter => "kind-letter",
    }
}

/// The key of the words for a kind of record.
fn kind_key(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Victim => "record-people",
        RecordKind::Incident => "record-incidents",
        RecordKind::Arrest => "record-arrests",
        RecordKind::Charge => "record-charges",
        RecordKind::Disposition => "record-dispositions",
        RecordKind::Service => "record-services",
        RecordKind::TrainingSession => "record-training-sessions",
        RecordKind::Contact => "record-contacts",
        RecordKind::Letter => "record-letters",
    }
}

/// The key of the words for a mode.
fn mode_key(mode: Mode) -> &'static str {
    match mode {
        Mode::TotalsOnly => "mode-totals-only",
        Mode::WithRelease => "mode-with-release",
        Mode::Encoded => "mode-encoded",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn open_to(entity: &str, kind: RecordKind) -> Vec<String> {
        let entity = Code::get(Kind::LegalEntity, entity).unwrap();
        open_choices(entity, kind)
            .map(|(mode, basis)| format!("{mode} {}", basis.as_str()))
            .collect()
    }

    #[test]
    fn the_choices_are_those_of_the_law() {
        assert_eq!(
            open_to("covered_provider", RecordKind::Victim),
            ["totals_only vawa_aggregate", "with_release vawa_release"]
        );
        assert_eq!(
            open_to("police", RecordKind::Arrest),
            ["totals_only statistics_agreement", "encoded statistics_agreement"]
        );
        assert_eq!(
            open_to("state_benefit_programme", RecordKind::Letter),
            ["totals_only wic_10850"]
        );
        for entry in Register::embedded().entries(Kind::LegalEntity) {
            for kind in RecordKind::ALL {
                assert!(!open_to(&entry.code, kind).is_empty(), "{} {kind}", entry.code);
            }
        }
    }

    proptest! {
        /// Whatever a form sends is a choice that leads back to itself, or none.
        #[test]
        fn a_choice_is_read_as_it_is_written(choice in "[ -~]{0,40}") {
            if let Some((mode, basis)) = chosen(&choice) {
                prop_assert_eq!(format!("{mode} {}", basis.as_str()), choice);
            }
        }
    }
}
