//! What the server promises to whoever asks.
//!
//! `cfg(test)` tells clippy that helpers, too, may unwrap.

#[cfg(test)]
mod ask;
#[cfg(test)]
mod contrast;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod markup;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod speech;
