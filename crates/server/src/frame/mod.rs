//! What stands around every page: language, place, links, navigation.

mod contacts;
mod navigation;
mod page;
mod place;

pub(crate) use page::{Page, render};
