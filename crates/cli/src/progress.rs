//! Progress on standard error, for whoever waits; nothing when it is no terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over so many bytes, with rate and time left.
pub(crate) fn bytes(total: u64, what: &str) -> ProgressBar {
    bar(total, what, "{msg:<24} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left")
}

/// A bar over so many things.
pub(crate) fn things(total: u64, what: &str) -> ProgressBar {
    bar(total, what, "{msg:<24} {wide_bar} {pos}/{len} {per_sec}, {eta} left")
}

/// A counter of things of which nobody knows how many there are.
pub(crate) fn counting(what: &str) -> ProgressBar {
    let bar = bar(0, what, "{msg:<24} {pos} {per_sec}");
    bar.unset_length();
    bar
}

fn bar(total: u64, what: &str, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    // A template that does not parse would be ours to mend; the plain bar does as well.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
