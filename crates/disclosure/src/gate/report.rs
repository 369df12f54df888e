//! What the gate found, and how it reads.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::attacks::{Attack, Verdict};

/// What came of every attack on a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateReport {
    /// Attacks that were carried out.
    pub attacks: Vec<Attack>,
    /// Attacks that could not be carried out; one is enough to refuse.
    pub undone: Vec<Undone>,
}

/// An attack that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Which.
    pub attack: String,
    /// Why not.
    pub why: String,
}

impl GateReport {
    /// Whether some attack had a target, none vetoes, and none was left undone. Not a proof of
    /// anything.
    pub fn passed(&self) -> bool {
        self.attacks.iter().any(|attack| attack.verdict != Verdict::NoTarget)
            && self.undone.is_empty()
            && self.attacks.iter().all(|attack| attack.verdict != Verdict::Veto)
    }
}

/// A line for each attack, and what follows from all of them.
impl fmt::Display for GateReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for attack in &self.attacks {
            let verdict = match attack.verdict {
                Verdict::Veto => "VETO",
                Verdict::NotVetoed => "no veto",
                Verdict::NoTarget => "no target",
            };
            write!(formatter, "{verdict:<9}  {}: {}", attack.name, attack.question)?;
            let percent = |share: f64| format!("{:.1} %", 100.0 * share);
            if attack.verdict == Verdict::NoTarget {
                writeln!(formatter, " Nobody to try it on.")?;
                continue;
            }
            let [low, high] = attack.interval;
            writeln!(
                formatter,
                "\n           {} of {} tries succeed ({} to {}), {} by a guess; allowed above that {}",
                percent(attack.success),
                attack.trials,
                percent(low),
                percent(high),
                percent(attack.baseline),
                percent(attack.allowed_excess),
            )?;
        }
        for undone in &self.undone {
            writeln!(formatter, "NOT DONE   {}: {}", undone.attack, undone.why)?;
        }
        if self.passed() {
            write!(formatter, "No attack vetoes. That is no proof: these are the attacks we know.")
        } else {
            write!(formatter, "Refused: nothing may be published.")
        }
    }
}
