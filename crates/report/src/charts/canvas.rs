//! The sheet that a chart is drawn on.
//!
//! In: shapes and text in units of the drawing. Out: one `<svg>`. Text is measured with the
//! widest usual typeface in mind, then moved or shortened until it stands inside; every text is
//! escaped. Shapes are clipped to the sheet.

use crate::html::escape;

/// For which page a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// A desk screen or paper.
    Wide,
    /// A phone.
    Narrow,
}

impl Frame {
    /// The width of the sheet; one unit is about one pixel on the page it is meant for.
    pub fn width(self) -> f64 {
        match self {
            Frame::Wide => 660.0,
            Frame::Narrow => 350.0,
        }
    }

    /// Its class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Frame::Wide => "wide",
            Frame::Narrow => "narrow",
        }
    }
}

/// The same chart for both frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// For a desk screen and for paper.
    pub wide: String,
    /// For a phone.
    pub narrow: String,
}

impl Drawing {
    /// Draws once for each frame.
    pub fn of(draw: impl Fn(Frame) -> String) -> Drawing {
        Drawing { wide: draw(Frame::Wide), narrow: draw(Frame::Narrow) }
    }
}

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// A sheet being drawn on.
#[derive(Debug)]
pub struct Canvas {
    id: String,
    frame: Frame,
    height: f64,
    body: String,
    made_up: bool,
}

/// How wide a text is, in ems times `size`: an upper bound for the usual sans-serif faces.
pub fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.34,
            'f' | 't' | 'r' | '(' | ')' | '-' | ' ' | '/' => 0.42,
            '0'..='9' => 0.64,
            'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '—' => 1.0,
            'a'..='z' => 0.64,
            'A'..='Z' | '–' => 0.78,
            _ => 1.1,
        })
        .sum();
    ems * size
}

/// Prints a coordinate with one decimal at most.
pub(crate) fn n(value: f64) -> String {
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// How near to the edge a text may come.
const EDGE: f64 = 2.0;

/// What a drawing of made-up numbers says of them, and the room for it.
const MADE_UP: &str = "synthetic: made up for practice";
const MARK: f64 = 26.0;

impl Canvas {
    /// An empty sheet; `id` is unique on its page.
    pub fn new(id: &str, frame: Frame, height: f64) -> Canvas {
        Canvas {
            id: format!("{id}-{}", frame.class()),
            frame,
            height,
            body: String::new(),
            made_up: false,
        }
    }

    /// An empty sheet that says below its drawing, when the numbers on it are made up, that they are.
    pub(crate) fn marked(id: &str, frame: Frame, height: f64, made_up: bool) -> Canvas {
        let mut canvas = Canvas::new(id, frame, height + if made_up { MARK } else { 0.0 });
        if made_up {
            canvas.made_up = true;
            canvas.text("made-up", Anchor::Start, 13.0, (0.0, height + MARK - 6.0), MADE_UP);
        }
        canvas
    }

    /// Its width.
    pub(crate) fn width(&self) -> f64 {
        self.frame.width()
    }

    /// Draws a rectangle, cut off at the edges of the sheet.
    pub(crate) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (x, width) = clip(x, width, self.width());
        let (y, height) = clip(y, height, self.height);
        self.body.push_str(&format!(
            r#"<rect class="{class}" x="{}" y="{}" width="{}" height="{}"{}/>"#,
            n(x),
            n(y),
            n(width),
            n(height),
            self.fill(class),
        ));
    }

    /// Draws a circle, moved until it stands inside the sheet.
    pub(crate) fn circle(&mut self, class: &str, at: (f64, f64), radius: f64) {
        let x = at.0.clamp(radius, (self.width() - radius).max(radius));
        let y = at.1.clamp(radius, (self.height - radius).max(radius));
        self.body.push_str(&format!(
            r#"<circle class="{class}" cx="{}" cy="{}" r="{}"/>"#,
            n(x),
            n(y),
            n(radius),
        ));
    }

    /// Draws a straight line.
    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.body.push_str(&format!(
            r#"<line class="{class}" x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
            n(from.0),
            n(from.1),
            n(to.0),
            n(to.1),
        ));
    }

    /// Draws a closed shape of several rings (even-odd).
    pub(crate) fn shape(&mut self, class: &str, rings: &[Vec<(f64, f64)>]) {
        let mut path = String::new();
        for ring in rings {
            for (position, (x, y)) in ring.iter().enumerate() {
                path.push_str(if position == 0 { "M" } else { "L" });
                path.push_str(&format!("{} {}", n(*x), n(*y)));
            }
            path.push('Z');
        }
        let fill = self.fill(class);
        self.body
            .push_str(&format!(r#"<path class="{class}" fill-rule="evenodd" d="{path}"{fill}/>"#));
    }

    /// Draws a text, moved or shortened so that it stands inside the sheet.
    pub(crate) fn text(
        &mut self,
        class: &str,
        anchor: Anchor,
        size: f64,
        at: (f64, f64),
        text: &str,
    ) {
        let room = self.width() - 2.0 * EDGE;
        let text = shorten(text, size, room);
        let width = text_width(&text, size);
        let shift = match anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
        let left = (at.0 - shift).clamp(EDGE, (EDGE + room - width).max(EDGE));
        let y = at.1.clamp(size, (self.height - size * 0.3).max(size));
        let word = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.body.push_str(&format!(
            r#"<text class="{class}" x="{}" y="{}" font-size="{}" text-anchor="{word}">{}</text>"#,
            n(left + shift),
            n(y),
            n(size),
            escape(&text),
        ));
    }

    /// Its id, width, height and what is drawn on it, for a document of its own.
    pub(super) fn into_parts(self) -> (String, f64, f64, String) {
        (self.id, self.frame.width(), self.height, self.body)
    }

    /// A class named after a pattern is filled with the sheet's own copy of it.
    fn fill(&self, class: &str) -> String {
        let pattern = class.split(' ').find(|class| PATTERNS.iter().any(|(name, _)| name == class));
        match pattern {
            Some(name) => format!(r#" fill="url(#{}-{name})""#, escape(&self.id)),
            None => String::new(),
        }
    }

    /// Ends the drawing: the finding as its title, everything drawn as its description.
    pub fn finish(self, title: &str, description: &str) -> String {
        let id = escape(&self.id);
        let mut patterns = String::new();
        for (name, lines) in PATTERNS {
            if self.body.contains(&format!("{id}-{name}")) {
                patterns.push_str(&format!(
                    r#"<pattern id="{id}-{name}" width="8" height="8" patternUnits="userSpaceOnUse">{lines}</pattern>"#
                ));
            }
        }
        let defs =
            if patterns.is_empty() { String::new() } else { format!("<defs>{patterns}</defs>") };
        format!(
            concat!(
                r#"<svg class="{frame}" role="img" aria-labelledby="{id}-t {id}-d" "#,
                r#"viewBox="0 0 {width} {height}" width="{width}" height="{height}">"#,
                r#"<title id="{id}-t">{title}</title><desc id="{id}-d">{made_up}{description}</desc>"#,
                "{defs}{body}</svg>",
            ),
            frame = self.frame.class(),
            width = n(self.frame.width()),
            height = n(self.height),
            id = id,
            defs = defs,
            title = escape(title),
            made_up = if self.made_up { "Synthetic, made up for practice. " } else { "" },
            description = escape(description),
            body = self.body,
        )
    }
}

/// The patterns that stand for what is no plain number; they differ in grey as in colour.
const PATTERNS: [(&str, &str); 4] = [
    (
        "hatch",
        r#"<rect class="under" width="8" height="8"/><path class="stroke" d="M-2 2L2 -2M0 8L8 0M6 10L10 6"/>"#,
    ),
    (
        "dots",
        r#"<rect class="under" width="8" height="8"/><circle class="dot" cx="2" cy="2" r="1.5"/><circle class="dot" cx="6" cy="6" r="1.5"/>"#,
    ),
    (
        "stripes",
        r#"<rect class="under" width="8" height="8"/><path class="stroke" d="M0 2H8M0 6H8"/>"#,
    ),
    (
        "cross",
        r#"<rect class="under" width="8" height="8"/><path class="stroke" d="M0 0L8 8M8 0L0 8"/>"#,
    ),
];

fn clip(start: f64, length: f64, end: f64) -> (f64, f64) {
    let first = start.clamp(0.0, end);
    let last = (start + length.max(0.0)).clamp(0.0, end);
    (first, last - first)
}

/// Cuts a text until it fits, ending in an ellipsis; the whole text stands in the table.
pub(crate) fn shorten(text: &str, size: f64, room: f64) -> String {
    if text_width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if text_width(&kept, size) + text_width("…", size) > room {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// Breaks a text into lines that fit; a word that is too long by itself is shortened.
pub(crate) fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let joined = lines.last().map(|line| format!("{line} {word}"));
        match (joined, lines.last_mut()) {
            (Some(joined), Some(line)) if text_width(&joined, size) <= room => *line = joined,
            _ => lines.push(shorten(word, size, room)),
        }
    }
    lines
}
