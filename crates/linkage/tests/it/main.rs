//! Tests of the library through its public items.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod attacks;
mod calibrated;
mod clk_vectors;
mod clusters;
mod dice_of_anonlink;
mod encoded;
mod hardened;
mod made_pairs;
