//! One file per address.

pub(crate) mod accessibility;
pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod compartments;
pub(crate) mod design;
pub(crate) mod health;
pub(crate) mod help;
pub(crate) mod home;
pub(crate) mod join;
pub(crate) mod lock;
pub(crate) mod member;
pub(crate) mod members;
pub(crate) mod passkey_challenge;
pub(crate) mod passkeys;
pub(crate) mod privacy;
pub(crate) mod recoveries;
pub(crate) mod report;
pub(crate) mod robots;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod static_file;
pub(crate) mod unlock;
