//! A sentence with figures in it: plain for a title or an alternative text, with links on a page.
//!
//! In: words and [`ReportedFigure`]s. Out: a [`Phrase`]. A figure can enter a page only through
//! here, so that every number links to its entry and carries its marks; where the entries are is said
//! when it is printed ([`Links`]).

use records::Standing;

use crate::html::{Html, Links, SITE, escape};
use crate::words::{self, Look};
use crate::{ReportedFigure, SMALLEST_SHOWN, ShownCount};

/// Words and figures in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Phrase(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    Figure { text: String, id: String, look: Look, shown: String, mark: &'static str },
    Count { text: String, markup: String },
    Mark { text: &'static str, class: &'static str },
}

impl Phrase {
    /// A phrase of words alone.
    pub(crate) fn of(words: impl Into<String>) -> Phrase {
        Phrase::default().words(words)
    }

    /// A phrase of one figure alone.
    pub(crate) fn figure_alone(figure: &ReportedFigure) -> Phrase {
        Phrase::default().figure(figure)
    }

    /// What stands where a series has no figure.
    pub(crate) fn not_in_source() -> Phrase {
        Phrase::absent("not in the source")
    }

    /// Adds words.
    #[must_use]
    pub(crate) fn words(mut self, words: impl Into<String>) -> Phrase {
        self.0.push(Piece::Words(words.into()));
        self
    }

    /// Adds a figure, linked to its entry, with the marks it must carry.
    #[must_use]
    pub(crate) fn figure(mut self, figure: &ReportedFigure) -> Phrase {
        let text = words::value(&figure.value, figure.unit);
        self.0.push(Piece::Figure {
            id: figure.id.0.clone(),
            look: Look::of(&figure.value),
            shown: escape(&text),
            mark: mark(figure.standing),
            text,
        });
        self
    }

    /// Adds a figure that was sent, in a place whose badge already says that it is internal; a
    /// hidden one takes no more room than a number. A made-up figure keeps its mark.
    #[must_use]
    pub(crate) fn sent(mut self, figure: &ReportedFigure) -> Phrase {
        if figure.standing != Standing::Submitted {
            return self.figure(figure);
        }
        let text = words::value(&figure.value, figure.unit);
        let look = Look::of(&figure.value);
        let shown = if look == Look::Hidden { hidden_short() } else { escape(&text) };
        self.0.push(Piece::Figure { text, id: figure.id.0.clone(), look, shown, mark: "" });
        self
    }

    /// Adds a number of records or people in the look it has throughout; a made-up one carries its
    /// mark.
    #[must_use]
    pub(crate) fn count(self, count: ShownCount, look: Look, made_up: bool) -> Phrase {
        let text = count.to_string();
        let shown = escape(&text);
        self.counted(count, look, made_up, shown)
    }

    /// The same in the cell of a table, where a hidden one takes no more room than a number.
    #[must_use]
    pub(crate) fn cell(self, count: ShownCount, look: Look, made_up: bool) -> Phrase {
        let shown = count.number().map_or_else(hidden_short, |_| escape(&count.to_string()));
        self.counted(count, look, made_up, shown)
    }

    fn counted(mut self, count: ShownCount, look: Look, made_up: bool, shown: String) -> Phrase {
        let look = if count.number().is_some() { look } else { Look::Hidden };
        let mark = if made_up { mark(Standing::Synthetic) } else { "" };
        let markup = format!(r#"<span class="fig {}">{shown}</span>{mark}"#, look.class());
        self.0.push(Piece::Count { text: count.to_string(), markup });
        self
    }

    /// What stands where there is no figure.
    pub(crate) fn absent(text: &'static str) -> Phrase {
        Phrase(vec![Piece::Mark { text, class: "not-in-source" }])
    }

    /// The text alone.
    pub(crate) fn plain(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Words(text) | Piece::Figure { text, .. } | Piece::Count { text, .. } => {
                text.clone()
            }
            Piece::Mark { text, .. } => (*text).to_owned(),
        };
        self.0.iter().map(text).collect()
    }

    /// The text with its links, on a page of the site.
    pub(crate) fn html(&self) -> Html {
        self.html_in(&SITE)
    }

    /// The text with its links.
    pub(crate) fn html_in(&self, links: &Links<'_>) -> Html {
        let markup = |piece: &Piece| match piece {
            Piece::Words(text) => escape(text),
            Piece::Figure { id, look, shown, mark, .. } => format!(
                r#"<a class="fig {}" href="{}">{shown}</a>{mark}"#,
                look.class(),
                escape(&(links.figure)(id)),
            ),
            Piece::Count { markup, .. } => markup.clone(),
            Piece::Mark { text, class } => format!(r#"<span class="{class}">{text}</span>"#),
        };
        Html::trusted(self.0.iter().map(markup).collect())
    }
}

/// A hidden number in little room.
fn hidden_short() -> String {
    format!(r#"&lt;{SMALLEST_SHOWN}<span class="vh">, hidden</span>"#)
}

/// The mark beside a figure that its source has not published.
fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Published => "",
        Standing::Submitted => r#" <span class="tag internal">internal</span>"#,
        Standing::Synthetic => r#" <span class="tag synthetic">synthetic</span>"#,
    }
}
