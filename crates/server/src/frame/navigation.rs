//! Which pages the frame leads to. A new page adds its line here.

/// A link of the frame: where to, and the key of its words.
pub(crate) struct Entry {
    pub(crate) path: &'static str,
    pub(crate) key: &'static str,
}

/// For the public, at the foot of the page.
pub(crate) const PUBLIC: &[Entry] = &[
    Entry { path: "/", key: "navigation-home" },
    Entry { path: "/help", key: "navigation-help" },
    Entry { path: "/report", key: "navigation-report" },
    Entry { path: "/privacy", key: "navigation-privacy" },
    Entry { path: "/accessibility", key: "navigation-accessibility" },
];

/// For those at work, at the head of the page; only practice has such a page so far.
pub(crate) const DESK: &[Entry] = &[
    Entry { path: "/design", key: "navigation-design" },
    Entry { path: "/", key: "navigation-public" },
];
