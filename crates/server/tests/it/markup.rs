//! Reading markup, as far as the tests need it.

/// The text between two marks, the first time they are there.
pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}")).1;
    rest.split_once(end).unwrap_or_else(|| panic!("no {end} after {start}")).0
}

/// Every tag, without its angles; closing ones begin with a slash.
pub(crate) fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0).collect()
}

/// The attributes of a tag; one without a value has an empty one.
pub(crate) fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag.split_once(' ').map_or("", |(_, rest)| rest).trim();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            (value, rest) = quoted.split_once('"').unwrap();
        } else {
            assert!(!rest.starts_with('='), "a value without quotes: {tag}");
        }
        found.push((name, value));
        rest = rest.trim_start();
    }
    found
}

/// The values of an attribute, on all tags.
pub(crate) fn values<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let all = tags(page).into_iter().flat_map(attributes);
    all.filter(|(found, _)| *found == name).map(|(_, value)| value).collect()
}
