//! What stands around every page: language, place, links, navigation.

mod contacts;
mod navigation;
mod page;
mod place;
mod register_words;
mod terms;

pub(crate) use navigation::{DeskEntry, desk_entries, desk_entry};
pub(crate) use page::{Page, render};
pub(crate) use place::Place;
pub(crate) use register_words::RegisterWords;
pub(crate) use terms::roles_of_members;
