//! A form with a file in it.
//!
//! In: a body as browsers send it (`multipart/form-data`, RFC 7578), which is short: a form's limit holds for
//! it. Out: the fields, and the first file with the name that it says it has. Nothing is written to disk.

/// What came.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The fields, in order.
    pub(crate) fields: Vec<(String, String)>,
    /// Name and bytes of the file; nothing when none was chosen.
    pub(crate) file: Option<(String, Vec<u8>)>,
}

/// The boundary that a content type names.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let said = rest.split(';').find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then_some(value.trim_matches('"'))
    })?;
    (1..=70).contains(&said.len()).then_some(said)
}

/// The parts of a body; nothing when it is no such form, or is broken off.
pub(crate) fn parts(body: &[u8], boundary: &str) -> Option<Parts> {
    let mark = format!("--{boundary}").into_bytes();
    let between = [b"\r\n", &mark[..]].concat();
    let mut rest = body.strip_prefix(&mark[..])?;
    let mut parts = Parts::default();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let head_end = find(rest, b"\r\n\r\n")?;
        let head = std::str::from_utf8(&rest[..head_end]).ok()?;
        rest = &rest[head_end + 4..];
        let end = find(rest, &between)?;
        let (name, file_name) = named(head)?;
        let content = &rest[..end];
        match file_name {
            // A browser sends a file without a name when none was chosen.
            Some(file_name) if !file_name.is_empty() && parts.file.is_none() => {
                parts.file = Some((file_name, content.to_vec()));
            }
            Some(_) => {}
            None => parts.fields.push((name, String::from_utf8(content.to_vec()).ok()?)),
        }
        rest = &rest[end + between.len()..];
    }
}

fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    text.windows(mark.len()).position(|window| window == mark)
}

/// The names of field and file in the head of a part. Browsers write `"` in a name as `%22`.
fn named(head: &str) -> Option<(String, Option<String>)> {
    let line = head.split("\r\n").find_map(|line| {
        let (header, value) = line.split_once(':')?;
        header.eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let value = |key: &str| {
        let start = line.find(&format!("; {key}=\""))? + key.len() + 4;
        let rest = &line[start..];
        Some(rest[..rest.find('"')?].to_owned())
    };
    Some((value("name")?, value("filename")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn body(boundary: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.into_bytes());
        }
        if let Some((name, bytes)) = file {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: text/csv\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").into_bytes());
        body
    }

    #[test]
    fn a_boundary_is_read_from_its_header() {
        let said = |header| boundary(header);
        assert_eq!(said("multipart/form-data; boundary=----x1"), Some("----x1"));
        assert_eq!(said("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), Some("a b"));
        for none in
            ["", "text/plain; boundary=x", "multipart/form-data", "multipart/form-data; boundary="]
        {
            assert_eq!(said(none), None, "{none}");
        }
    }

    #[test]
    fn a_form_without_a_file_has_none() {
        let sent = body("b", &[("token", "t")], Some(("", b"")));
        let read = parts(&sent, "b").unwrap();
        assert_eq!((read.fields.len(), read.file.is_none()), (1, true));
        for broken in [&b""[..], b"--b", b"--b\r\n", &sent[..sent.len() - 6], b"--c--"] {
            assert!(parts(broken, "b").is_none());
        }
    }

    proptest! {
        /// What a browser sends is what arrives, whatever bytes the file has.
        #[test]
        fn a_file_arrives_whole(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            typed in "\\PC{0,20}",
            name in "[a-zA-Z0-9 ._-]{1,20}",
        ) {
            let boundary = "----WebKitFormBoundaryQ2j4";
            let sent = body(boundary, &[("version", &typed)], Some((&name, &bytes)));
            let read = parts(&sent, boundary).unwrap();
            prop_assert_eq!(read.fields, [("version".to_owned(), typed)]);
            prop_assert_eq!(read.file, Some((name, bytes)));
        }

        /// No body makes it panic.
        #[test]
        fn any_body_is_read_or_refused(body in "(--b|\r\n|Content-Disposition: form-data; name=\"|\"|x){0,20}") {
            let _ = parts(body.as_bytes(), "b");
        }
    }
}
