//! What lies on the pages: typefaces, and whether everything drawn is tagged.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Object};

use super::name;

/// The typefaces of a file; each must be in it.
pub(super) fn typefaces(pdf: &Pdf, missing: &mut Vec<String>) -> Vec<String> {
    let mut faces = Vec::new();
    for object in pdf.objects() {
        let Object::Dict(font) = object else { continue };
        if name(&font, "Type") != "Font" || name(&font, "Subtype") == "Type0" {
            continue;
        }
        let face = name(&font, "BaseFont");
        let descriptor = font.get::<Dict<'_>>("FontDescriptor").unwrap_or_else(Dict::empty);
        let within =
            ["FontFile", "FontFile2", "FontFile3"].iter().any(|key| descriptor.contains_key(*key));
        // The glyphs of a Type 3 face are drawings in the file.
        if !within && name(&font, "Subtype") != "Type3" {
            missing.push(format!("the typeface {face} is not in the file"));
        }
        faces.push(face);
    }
    faces.sort();
    faces.dedup();
    faces
}

/// Operators that put something on the page.
const PAINT: [&[u8]; 16] = [
    b"Tj", b"TJ", b"'", b"\"", b"Do", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s",
    b"sh", b"BI",
];

/// Everything on a page belongs to an element, or is marked as an ornament.
pub(super) fn text_outside_of_tags(pdf: &Pdf, missing: &mut Vec<String>) {
    for (index, page) in pdf.pages().iter().enumerate() {
        let mut depth = 0_usize;
        let mut outside = 0_usize;
        let mut operations = page.operations();
        while let Some(instruction) = operations.next() {
            let operator: &[u8] = instruction.operator;
            match operator {
                b"BDC" | b"BMC" => depth += 1,
                b"EMC" => depth = depth.saturating_sub(1),
                _ if depth == 0 && PAINT.contains(&operator) => outside += 1,
                _ => {}
            }
        }
        if outside > 0 {
            missing.push(format!("page {} draws {outside} things outside of its tags", index + 1));
        }
        let annotated = page.raw().get::<Array<'_>>("Annots").is_some();
        if annotated && name(page.raw(), "Tabs") != "S" {
            missing.push(format!("page {} does not order its links by its tags", index + 1));
        }
    }
}
