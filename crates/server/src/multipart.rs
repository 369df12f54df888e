//! A form with a file in it, as browsers send it (RFC 7578).
//!
//! In: the whole body, which is no larger than a form may be, and the boundary that its head names. Out: its
//! fields in their order, and the file. What is no such body is nothing.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

/// A file that was chosen in a form.
#[derive(Clone)]
pub(crate) struct Uploaded {
    /// Its name on the sender's machine.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The boundary, when a request says that its body is such a form.
pub(crate) fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (kind, rest) = kind.split_once(';')?;
    let boundary = rest.trim().strip_prefix("boundary=")?.trim_matches('"');
    let good = kind.trim().eq_ignore_ascii_case("multipart/form-data")
        && (1..=70).contains(&boundary.len());
    good.then(|| boundary.to_owned())
}

/// The fields and the file.
pub(crate) type Parts = (Vec<(String, String)>, Option<Uploaded>);

/// Reads the body.
pub(crate) fn parse(boundary: &str, body: &[u8]) -> Option<Parts> {
    let delimiter = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(&delimiter.as_bytes()[2..])?;
    let (mut fields, mut file) = (Vec::new(), None);
    loop {
        if rest.starts_with(b"--") {
            return Some((fields, file));
        }
        let part = rest.strip_prefix(b"\r\n")?;
        // The head may be followed by nothing at all, and then the line end is the delimiter's.
        let end = find(part, delimiter.as_bytes())?;
        let (head, content) = split(&part[..end], b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(head);
        let name = parameter(&head, "; name=\"")?;
        match parameter(&head, "; filename=\"") {
            // A field of a file in which none was chosen has no name in it.
            Some(file_name) if !file_name.is_empty() => {
                file = Some(Uploaded { name: file_name, bytes: content.to_vec() });
            }
            Some(_) => {}
            None => fields.push((name, String::from_utf8_lossy(content).into_owned())),
        }
        rest = &part[end + delimiter.len()..];
    }
}

fn split<'a>(bytes: &'a [u8], by: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = find(bytes, by)?;
    Some((&bytes[..at], &bytes[at + by.len()..]))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// What stands in quotes after a beginning; browsers write a quote in it as `%22`.
fn parameter(head: &str, beginning: &str) -> Option<String> {
    let (_, rest) = head.split_once(beginning)?;
    Some(rest.split_once('"')?.0.replace("%22", "\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOUNDARY: &str = "----formBoundary7MA4YWxk";

    fn body(fields: &[(String, String)], file: Option<(&str, &[u8])>) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend(head.as_bytes());
            body.extend(value.as_bytes());
            body.extend(b"\r\n");
        }
        if let Some((name, bytes)) = file {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
            );
            body.extend(head.as_bytes());
            body.extend(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
        body
    }

    #[test]
    fn a_boundary_is_read_where_a_form_says_one() {
        let of = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            boundary(&headers)
        };
        assert_eq!(of("multipart/form-data; boundary=abc").as_deref(), Some("abc"));
        assert_eq!(of("Multipart/Form-Data;boundary=\"a b\"").as_deref(), Some("a b"));
        for none in [
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "text/plain; boundary=x",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_cut_off_is_nothing() {
        let whole = body(&[("a".to_owned(), "b".to_owned())], Some(("r.csv", b"1,2")));
        assert!(parse(BOUNDARY, &whole).is_some());
        for end in 0..whole.len() - 4 {
            assert!(parse(BOUNDARY, &whole[..end]).is_none(), "{end}");
        }
        let (_, file) = parse(BOUNDARY, &body(&[], Some(("", b"")))).unwrap();
        assert!(file.is_none(), "none was chosen");
    }

    proptest! {
        /// What a browser sends is what was typed and chosen.
        #[test]
        fn what_was_sent_arrives(
            fields in proptest::collection::vec(("[a-z_-]{1,12}", "\\PC{0,40}"), 0..6),
            name in "[a-zA-Z0-9 ;=._-]{1,20}",
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let (found, file) = parse(BOUNDARY, &body(&fields, Some((&name, &bytes)))).unwrap();
            prop_assert_eq!(found, fields);
            let file = file.unwrap();
            prop_assert_eq!(file.name, name);
            prop_assert_eq!(file.bytes, bytes);
        }

        /// Whatever comes, it is a form or nothing.
        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), tail in "[-\r\na-z\";=: ]{0,60}") {
            let _ = parse("a", &bytes);
            let _ = parse("a", format!("--a\r\n{tail}\r\n--a--").as_bytes());
        }
    }
}
