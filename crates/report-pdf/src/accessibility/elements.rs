//! The elements of a tagged PDF, and its bookmarks.

use hayro_syntax::object::{Array, Dict};

use super::{name, text};

/// How deep tags may nest; ours stay below twenty.
const DEEPEST: usize = 100;

/// An element of the structure tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    /// What it is, as a standard name ("H1", "Figure").
    pub(super) kind: String,
    /// Its alternative text; may be empty.
    pub(super) alternative: String,
    /// How many head cells lie in it.
    pub(super) head_cells: usize,
}

/// All elements of a tree, each before those within it.
pub(super) fn read(tree: &Dict<'_>) -> Vec<Element> {
    let roles = tree.get::<Dict<'_>>("RoleMap").unwrap_or_else(Dict::empty);
    let mut elements = Vec::new();
    for child in children(tree) {
        descend(&child, &roles, 0, &mut elements);
    }
    elements
}

fn descend(dict: &Dict<'_>, roles: &Dict<'_>, depth: usize, elements: &mut Vec<Element>) {
    let kind = name(dict, "S");
    // What has no kind is a piece of a page that an element points to.
    if kind.is_empty() || depth > DEEPEST {
        return;
    }
    let standard = name(roles, &kind);
    let kind = if standard.is_empty() { kind } else { standard };
    let here = elements.len();
    let alternative = text(dict, "Alt");
    elements.push(Element { kind, alternative, head_cells: 0 });
    for child in children(dict) {
        descend(&child, roles, depth + 1, elements);
    }
    elements[here].head_cells =
        elements[here + 1..].iter().filter(|element| element.kind == "TH").count();
}

/// The elements right below one: a list of them, or one alone.
fn children<'a>(dict: &Dict<'a>) -> Vec<Dict<'a>> {
    match dict.get::<Array<'a>>("K") {
        Some(list) => {
            list.iter::<hayro_syntax::object::Object<'a>>().filter_map(super::dict_of).collect()
        }
        None => dict.get::<Dict<'a>>("K").into_iter().collect(),
    }
}

/// The titles of all bookmarks, from top to bottom.
pub(super) fn bookmarks(outlines: &Dict<'_>) -> Vec<String> {
    let mut titles = Vec::new();
    let mut below: Vec<Dict<'_>> = outlines.get("First").into_iter().collect();
    while let Some(item) = below.pop() {
        titles.push(text(&item, "Title"));
        below.extend(item.get::<Dict<'_>>("Next"));
        below.extend(item.get::<Dict<'_>>("First"));
        // A ring of bookmarks would never end.
        if titles.len() > 100_000 {
            break;
        }
    }
    titles
}
