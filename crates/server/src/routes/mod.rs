//! One file per address.

pub(crate) mod accessibility;
pub(crate) mod design;
pub(crate) mod health;
pub(crate) mod help;
pub(crate) mod home;
pub(crate) mod privacy;
pub(crate) mod report;
pub(crate) mod robots;
pub(crate) mod static_file;
