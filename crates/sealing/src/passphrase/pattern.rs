//! Passphrases that repeat themselves or run along something.

use super::FEWEST_PASSPHRASE_CHARACTERS;

/// What fingers run along, beside the order of Unicode, in which letters and digits stand.
const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
/// Fewest characters that nobody could tell from the two before.
const FEWEST_UNEXPECTED: usize = 8;

/// Whether a text is a part that is too short by itself, once and at least half again, or mostly runs along an alphabet or a
/// row of keys.
pub(crate) fn is_pattern(text: &[char]) -> bool {
    let repeats = (1..FEWEST_PASSPHRASE_CHARACTERS.min(text.len() * 2 / 3 + 1))
        .any(|part| text.iter().zip(text.iter().skip(part)).all(|(before, after)| before == after));
    repeats || unexpected(text) < FEWEST_UNEXPECTED
}

/// How many characters do not go on as the two before them began.
fn unexpected(text: &[char]) -> usize {
    let expected = text.windows(3).filter(|window| match window {
        [first, second, third] => goes_on(*first, *second, *third),
        _ => false,
    });
    text.len() - expected.count()
}

fn goes_on(first: char, second: char, third: char) -> bool {
    let in_unicode =
        |from: char, to: char| Some(i64::from(u32::from(to)) - i64::from(u32::from(from)));
    let steps = |step: &dyn Fn(char, char) -> Option<i64>| {
        let (one, two) = (step(first, second), step(second, third));
        one == two && one.is_some_and(|step| step.abs() <= 1)
    };
    steps(&in_unicode) || ROWS.iter().any(|row| steps(&|from, to| along(row, from, to)))
}

fn along(row: &str, from: char, to: char) -> Option<i64> {
    let place =
        |of: char| row.chars().position(|key| key == of).and_then(|at| i64::try_from(at).ok());
    Some(place(to)? - place(from)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_and_runs_are_seen() {
        let is_pattern = |text: &str| is_pattern(&text.chars().collect::<Vec<_>>());
        let patterns = [
            "aaaaaaaaaaaaaaa",
            "aaaaaaaabbbbbbbb",
            "abcabcabcabcabcabc",
            "horse horse horse ",
            "heron lake heron lake",
            "abcdefghijklmnop",
            "ponmlkjihgfedcba",
            "123456789012345",
            "qwertyuiopasdfghjkl",
            "qwertzuiop1234567",
            "1234567890abcdefg",
            "абвгдежзийклмноп",
            "",
        ];
        for text in patterns {
            assert!(is_pattern(text), "{text}");
        }
        let others = [
            "seven herons over slow water",
            "we were treading water, tired",
            "8391047266501938",
            "seven slow herons seven slow herons",
        ];
        for text in others {
            assert!(!is_pattern(text), "{text}");
        }
    }
}
