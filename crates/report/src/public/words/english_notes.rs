//! The end notes in English.

use disclosure::Regime;

use super::Notes;

/// The notes.
pub(super) const NOTES: Notes = Notes {
    method: "Method",
    method_text: &[
        "Agencies keep records of the people they recognize. They send coded rows without names; rows of \
         the same person are brought together under codes that the state cannot turn back into names.",
        "Every number here was tested before it was published: known ways of working out something about a \
         person were tried on it, together with everything published before. That is no proof that no other \
         way exists.",
    ],
    protection: |regime| match regime {
        Regime::Suppressed => {
            "Numbers are exact. Those that could point to a person are hidden, and so are those from which \
             a hidden one could be worked out. Both look the same on purpose."
        }
        Regime::Private => {
            "Each number was moved a little at random (differential privacy) before it was published, so \
             that it would look nearly the same whether or not any one person is in the data. What is \
             spent of this protection is written in a ledger."
        }
        Regime::KAnonymous => {
            "Only combinations that several people share are published; rarer ones are left out."
        }
    },
    estimate_method: "How many people are on no list is worked out from how far the lists overlap, by \
                      several methods side by side. It starts from published numbers only.",
    coverage: "Coverage",
    coverage_reported: |reported, expected| {
        format!("{reported} of {expected} agencies that were to report did.")
    },
    coverage_missing: |names| format!("Missing: {names}."),
    coverage_all: "No agency that was to report is missing.",
    coverage_meaning: "People whom a missing agency recognized are in no number here. Agencies that were \
                       never asked, and people whom nobody recognized, are in no number either.",
    definitions: "Definitions",
    definitions_text: &[
        "Sex trafficking: somebody makes a person take part in commercial sex by force, fraud or coercion; \
         or the person is under 18, when no force needs to be shown.",
        "Labor trafficking: somebody gets work or services out of a person by force, fraud or coercion, in \
         any trade, homes included.",
        "Sex and labor trafficking: both happened to the same person, who is counted here and in neither of \
         the two others.",
        "Not yet classified: the agency cannot say yet which of them it is.",
        "Minor: under 18 on the day the exploitation began or, if that is not known, on the day of the first \
         contact.",
        "Trafficking is not smuggling: nobody needs to have crossed a border.",
    ],
    definition_identified: "A person identified: a person for whom an agency recorded, for the first time in \
                            the period, facts that point to the person being or having been trafficked.",
    definition_labor: "Labor trafficking: somebody gets work or services out of a person by force, fraud or \
                       coercion, in any trade, homes included. People exploited in sex as well are shown \
                       apart.",
    definition_kind: "People identified by kind: sex trafficking, labor trafficking, or both; a person is \
                      counted under one of them.",
    definition_age_sex: "People identified by age when the exploitation began and by the gender they state.",
    definition_county: "People identified by the county of the agency’s record: where the person was \
                        identified, not always where the person was exploited.",
    definition_estimate: "People trafficked in the period, those on no list included: a range.",
    uncertainty: "Uncertainty",
    uncertainty_text: &[
        "A number of people identified is a count of work done: who looks for trafficking finds it.",
        "Agencies may have missed people, reported late, or recorded something wrongly.",
        "Rows of one person may not have been brought together, and rows of two people may have been.",
    ],
    noise_text: &[
        "An interval beside a number comes from the protective noise alone. It does not hold what agencies \
         missed or recorded wrongly.",
        "Two numbers are called different here only if their intervals do not overlap.",
    ],
    hidden_meaning: "A number is hidden to protect people: it could point to a person, or it would let another \
                     hidden number be worked out. It may be large or small.",
    noise_meaning: |percent| {
        let how = percent.map_or(String::new(), |percent| {
            format!(" In {percent} of 100 such numbers it holds the number that was counted.")
        });
        format!(
            "Protective noise makes it hard to tell whether any one person is in a number. “Between” shows \
             how far the noise may have moved it.{how}"
        )
    },
    totals_differ: "Each table has noise of its own, so the same total may differ a little between two tables.",
};
