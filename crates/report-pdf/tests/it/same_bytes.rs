//! The same document gives the same bytes; another day gives others.

use report_pdf::{Paper, render};

use crate::sample;

#[test]
fn the_same_document_gives_the_same_bytes() {
    let first = render(&sample::spanish()).unwrap();
    let second = render(&sample::spanish()).unwrap();
    assert!(first == second);
    let mut next_day = sample::spanish();
    next_day.day = "2026-11-30".into();
    assert!(render(&next_day).unwrap().bytes != first.bytes);
}

#[test]
fn both_sizes_of_paper_are_set() {
    let mut document = sample::spanish();
    document.blocks.truncate(1);
    for (paper, points) in [(Paper::A4, (595, 842)), (Paper::UsLetter, (612, 792))] {
        document.paper = paper;
        let pdf = hayro_syntax::Pdf::new(render(&document).unwrap().bytes).unwrap();
        let (width, height) = pdf.pages()[0].base_dimensions();
        assert_eq!((width.round() as i32, height.round() as i32), points);
    }
}
