//! Tests of the library through its public items.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod clk_vectors;
mod hardened;
