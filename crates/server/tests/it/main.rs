//! What the server promises to whoever asks.
//!
//! `cfg(test)` tells clippy that helpers, too, may unwrap.

#[cfg(test)]
mod ask;
#[cfg(test)]
mod collector;
#[cfg(test)]
mod coming_in;
#[cfg(test)]
mod contrast;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod everyone;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod identity_refused;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod joining;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod made_provider;
#[cfg(test)]
mod made_returns;
#[cfg(test)]
mod markup;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod passkeys;
#[cfg(test)]
mod people;
#[cfg(test)]
mod practice;
#[cfg(test)]
mod published;
#[cfg(test)]
mod returns;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod speech;
#[cfg(test)]
mod state;
