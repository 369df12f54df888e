//! What the report promises: its charts, its pages, its files.
//!
//! `cfg(test)` tells clippy that helpers, too, may unwrap.

#[cfg(test)]
mod charts;
#[cfg(test)]
mod export;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod words;
