//! A fingerprint as somebody typed it, in the form in which the store says it.

/// Groups of four digits in lower case, whatever stood between them.
pub(crate) fn grouped(typed: &str) -> String {
    let mut grouped = String::new();
    let digits = typed.chars().filter(|c| c.is_alphanumeric());
    for (at, digit) in digits.enumerate() {
        if at > 0 && at % 4 == 0 {
            grouped.push(' ');
        }
        grouped.extend(digit.to_lowercase());
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_digits_does_not_matter() {
        let said = "4bb4 5b67 f357 e8b0 2542 e5f6 21bb 4fc2";
        for typed in
            [said, "4BB45B67F357E8B02542E5F621BB4FC2", "4bb4-5b67-f357-e8b0 2542\te5f6:21bb.4fc2 "]
        {
            assert_eq!(grouped(typed), said);
        }
        assert_ne!(grouped("4bb4 5b67"), said);
    }
}
