//! What the report promises: its charts, its pages, its files.
//!
//! `cfg(test)` tells clippy that helpers, too, may unwrap.

#[cfg(test)]
mod access;
#[cfg(test)]
mod charts;
#[cfg(test)]
mod estimate_charts;
#[cfg(test)]
mod export;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod own_quarter;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod people;
#[cfg(test)]
mod people_charts;
#[cfg(test)]
mod people_sample;
#[cfg(test)]
mod public_access;
#[cfg(test)]
mod public_data;
#[cfg(test)]
mod public_pages;
#[cfg(test)]
mod public_sample;
#[cfg(test)]
mod returns;
#[cfg(test)]
mod returns_sample;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod words;
