//! Text that is safe to put into a page, as a type.
//!
//! In: any text. Out: [`Html`], which templates print as it is; everything else they escape.
//! Only this module turns text into markup, so that no label of a return can become a tag.

use std::fmt;

/// A piece of a page: its text is escaped, its tags are ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Html(String);

impl Html {
    /// Markup that this crate has built from escaped parts.
    pub(crate) fn trusted(markup: String) -> Html {
        Html(markup)
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

/// Where the links of an exhibit lead: on the site, or on a page that has taken it over.
#[derive(Clone, Copy)]
pub struct Links<'a> {
    /// The address of what is known of a figure, by its name.
    pub figure: &'a dyn Fn(&str) -> String,
    /// The address of the data-quality report.
    pub data_quality: &'a str,
}

/// Within the site.
pub(crate) const SITE: Links<'static> =
    Links { figure: &(entry as fn(&str) -> String), data_quality: "data-quality.html" };

impl fmt::Debug for Links<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Links").finish_non_exhaustive()
    }
}

/// Replaces the five characters that mean something in HTML and XML; a control character, which
/// XML forbids, becomes a replacement character.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' => safe.push(' '),
            c if c.is_control() => safe.push('\u{FFFD}'),
            c => safe.push(c),
        }
    }
    safe
}

/// The name of a figure's entry on its page: the figure's id without white space.
pub(crate) fn anchor(id: &str) -> String {
    id.split_whitespace().collect::<Vec<_>>().join("-")
}

/// The address of a figure's entry.
pub(crate) fn entry(id: &str) -> String {
    format!("figures.html#{}", fragment(id))
}

/// The end of such an address, with everything outside plain ASCII percent-encoded.
pub(crate) fn fragment(id: &str) -> String {
    let mut address = String::new();
    for byte in anchor(id).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/=(),".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(
            escape("<script>alert('&\")</script>\u{7}"),
            "&lt;script&gt;alert(&#39;&amp;&quot;)&lt;/script&gt;\u{FFFD}"
        );
    }

    #[test]
    fn an_address_finds_its_entry() {
        assert_eq!(
            entry("conviction:2007:ca-doj:statute=653.22(a)"),
            "figures.html#conviction:2007:ca-doj:statute=653.22(a)"
        );
        assert_eq!(entry("x:é y"), "figures.html#x:%C3%A9-y");
    }
}
