//! A small OpenDocument workbook, made by hand.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const MANIFEST: &str = r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/"/></manifest:manifest>"#;

const CONTENT: &str = r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="Return">
<table:table-row><table:table-cell office:value-type="string"><text:p>period</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>value</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>when</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="float" office:value="2011"><text:p>2011</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="12"><text:p>12.0</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2011-06-30"><text:p>30.06.11</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="3"/></table:table-row>
<table:table-row><table:table-cell office:value-type="float" office:value="2012"><text:p>2012</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="3.5"><text:p>3.5</text:p></table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048572"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"#;

/// The workbook's bytes.
pub(super) fn workbook() -> Vec<u8> {
    with_rows("")
}

/// The workbook with more rows at its end.
pub(super) fn with_rows(rows: &str) -> Vec<u8> {
    let content = CONTENT.replace(">\n<", "><");
    let content = content.replace("</table:table>", &format!("{rows}</table:table>"));
    stored(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", MANIFEST),
        ("content.xml", &content),
    ])
}

/// A ZIP container whose parts are not compressed.
pub(super) fn stored(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut container = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        container.start_file(*name, options).unwrap();
        container.write_all(content.as_bytes()).unwrap();
    }
    container.finish().unwrap().into_inner()
}
