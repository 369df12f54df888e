//! What a report on paper promises: read by everybody, made of nothing but its document.
//!
//! `cfg(test)` tells clippy that helpers, too, may unwrap.

#[cfg(test)]
mod accessible;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod same_bytes;
#[cfg(test)]
mod sample;
