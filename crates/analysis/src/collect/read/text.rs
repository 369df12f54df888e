//! Bytes to text: UTF-8, UTF-16 with its mark, otherwise Windows-1252.

use std::borrow::Cow;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::refusal::Refusal;

/// Decodes a text file.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    for (mark, encoding) in
        [(&b"\xEF\xBB\xBF"[..], UTF_8), (b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)]
    {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = encoding
                .decode_without_bom_handling_and_without_replacement(rest)
                .ok_or(BROKEN_ENCODING)?;
            return if text.contains('\0') { Err(BINARY) } else { Ok(text) };
        }
    }
    if bytes.contains(&0) {
        return Err(BINARY);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0),
    }
}

const BINARY: Refusal = Refusal {
    found: "NUL bytes: not a text file, or a damaged one",
    expected: "a table as CSV, XLSX, ODS or JSON",
    fix: "open it in a spreadsheet and save it as XLSX or as CSV (UTF-8)",
};

const BROKEN_ENCODING: Refusal = Refusal {
    found: "bytes that are not the Unicode text the file's first bytes announce",
    expected: "text in UTF-8, UTF-16 or Windows-1252",
    fix: "save it again as CSV (UTF-8)",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_read() {
        let utf16: Vec<u8> =
            "\u{feff}año".encode_utf16().flat_map(|unit| unit.to_le_bytes()).collect();
        for bytes in [&b"a\xC3\xB1o"[..], b"\xEF\xBB\xBFa\xC3\xB1o", b"a\xF1o", &utf16] {
            assert_eq!(decode(bytes).ok().as_deref(), Some("año"));
        }
        assert!(decode(b"a\0b").is_err());
        assert!(decode(b"\xEF\xBB\xBFa\xF1o").is_err());
        assert!(decode(b"\xFF\xFEa").is_err());
    }
}
