//! Whom to call. Numbers are said here only.
//!
//! The National Human Trafficking Hotline (United States) lists its number, its text number, 711
//! for those who do not hear well, its hours and its languages on its own site:
//! humantraffickinghotline.org, "What We Do" and "Our Approach".

use crate::html::Html;

/// A number to call.
pub(crate) fn emergency() -> Html {
    link("tel:911", "911")
}

/// The hotline's number to call.
pub(crate) fn hotline() -> Html {
    link("tel:+18883737888", "1-888-373-7888")
}

/// The hotline's number to write to.
pub(crate) fn hotline_text() -> Html {
    link("sms:233733", "233733")
}

/// Calls for those who do not hear well.
pub(crate) fn relay() -> Html {
    link("tel:711", "711")
}

fn link(address: &str, number: &str) -> Html {
    Html::trusted(format!("<a class=\"number\" href=\"{address}\">{number}</a>"))
}
