//! A chart as a file of its own, with everything that must stand around it.
//!
//! In: a drawn sheet and a [`Caption`]. Out: one SVG document with its colours in it: title (the
//! finding), subtitle (measure, unit), drawing, notes, source. No script, no font to be fetched,
//! nothing asked for over the network.

use super::canvas::{Canvas, n, wrap};
use crate::html::escape;

/// What stands around a chart that is a file of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// The finding.
    pub title: String,
    /// Measure, unit, place.
    pub subtitle: String,
    /// How to read it, and what it leans on.
    pub notes: Vec<String>,
    /// Where the numbers come from.
    pub source: String,
}

/// The look of the report's charts, in plain colours: few readers of files know more.
const STYLE: &str = include_str!("../../templates/chart-alone.css");

/// Space around.
const MARGIN: f64 = 24.0;

/// A sheet as a document; the description says everything drawn.
pub(super) fn document(canvas: Canvas, caption: &Caption, description: &str) -> String {
    let (id, width, height, body) = canvas.into_parts();
    let id = escape(&id);
    let mut text = String::new();
    let mut y = MARGIN;
    let mut paragraph = |class: &str, size: f64, words: &str, y: &mut f64| {
        // Bold letters are wider than those that a text is measured by.
        let room = if class == "title" { 0.92 * width } else { width };
        for line in wrap(words, size, room) {
            *y += size * 1.35;
            text.push_str(&format!(
                r#"<text class="{class}" x="{}" y="{}" font-size="{}">{}</text>"#,
                n(MARGIN),
                n(*y),
                n(size),
                escape(&line)
            ));
        }
    };
    paragraph("title", 20.0, &caption.title, &mut y);
    y += 4.0;
    paragraph("label", 14.0, &caption.subtitle, &mut y);
    y += 22.0;
    let drawing = y;
    y += height + 10.0;
    for note in &caption.notes {
        y += 4.0;
        paragraph("note", 13.0, note, &mut y);
    }
    y += 8.0;
    paragraph("label", 12.0, &caption.source, &mut y);
    let (width, height) = (n(width + 2.0 * MARGIN), n(y + MARGIN));
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{id}-t {id}-d" "#,
            r#"viewBox="0 0 {width} {height}" width="{width}" height="{height}">"#,
            r#"<title id="{id}-t">{title}</title><desc id="{id}-d">{description}</desc>"#,
            r#"<style>{style}</style><rect class="paper" width="{width}" height="{height}"/>"#,
            r#"{text}<g transform="translate({margin} {drawing})">{body}</g></svg>{end}"#,
        ),
        id = id,
        width = width,
        height = height,
        title = escape(&caption.title),
        description = escape(description),
        style = STYLE.trim(),
        text = text,
        margin = n(MARGIN),
        drawing = n(drawing),
        body = body,
        end = "\n",
    )
}
