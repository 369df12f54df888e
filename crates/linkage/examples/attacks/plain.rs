//! People as plain cryptographic long-term keys.
//!
//! In: what agencies wrote down and a secret. Out: one filter of 1,024 bits for each person, from
//! bigrams of names, positional figures of the birth date, and sex, as in the papers attacked.

use linkage::BitMatrix;
use linkage::encode::clkhash::{ClkEncoder, ClkSchema, ClkSecret};

use super::pattern::Tokens;
use super::people::Written;
use super::view::{Layer, View};

const SCHEMA: &str = r#"{"version": 3, "clkConfig": {"l": 1024, "kdf": {"type": "HKDF"}}, "features": [
 {"identifier": "given", "format": {"type": "string", "encoding": "utf-8"}, "hashing": {
  "comparison": {"type": "ngram", "n": 2}, "strategy": {"bitsPerToken": 15}, "hash": {"type": "blakeHash"}}},
 {"identifier": "surname", "format": {"type": "string", "encoding": "utf-8"}, "hashing": {
  "comparison": {"type": "ngram", "n": 2}, "strategy": {"bitsPerToken": 15}, "hash": {"type": "blakeHash"}}},
 {"identifier": "birth", "format": {"type": "string", "encoding": "utf-8"}, "hashing": {
  "comparison": {"type": "ngram", "n": 1, "positional": true}, "strategy": {"bitsPerToken": 10}, "hash": {"type": "blakeHash"}}},
 {"identifier": "sex", "format": {"type": "string", "encoding": "utf-8"}, "hashing": {
  "comparison": {"type": "exact"}, "strategy": {"bitsPerToken": 10}, "hash": {"type": "blakeHash"}}}]}"#;

/// The cells that are encoded, in one form.
pub(crate) fn cells(written: &Written) -> [String; 4] {
    let plain = |text: &str| text.to_lowercase();
    let birth = written.birth_date.replace('-', "");
    [plain(&written.given_name), plain(&written.surname), birth, plain(&written.sex)]
}

/// Filters of people under a secret.
pub(crate) fn filters(
    people: &[Written],
    secret: &str,
) -> Result<BitMatrix, Box<dyn std::error::Error>> {
    let encoder =
        ClkEncoder::new(ClkSchema::from_json(SCHEMA)?, &ClkSecret::new(secret.as_bytes().to_vec()));
    let rows: Vec<[String; 4]> = people.iter().map(cells).collect();
    Ok(encoder.encode(&rows)?.into_matrix())
}

/// What is seen of such filters.
pub(crate) fn view(filters: BitMatrix) -> View {
    View { rows: filters.rows(), layers: vec![Layer::Dice(filters)] }
}

/// The tokens of a person, as the schema cuts them; those of the two names are one token.
pub(crate) fn tokens(written: &Written) -> Tokens {
    let [given, surname, birth, sex] = cells(written);
    let bigrams = |name: &str| {
        let letters: Vec<char> =
            std::iter::once(' ').chain(name.chars()).chain(std::iter::once(' ')).collect();
        letters.windows(2).map(String::from_iter).collect::<Vec<_>>()
    };
    // Every feature has a key of its own: a bigram of the given name is another token than the
    // same one of the surname.
    let mut tokens: Tokens = bigrams(&given).into_iter().map(|two| format!("g{two}")).collect();
    tokens.extend(bigrams(&surname).into_iter().map(|two| format!("s{two}")));
    tokens.extend(birth.chars().enumerate().map(|(at, figure)| format!("b{at}{figure}")));
    tokens.insert(format!("x{sex}"));
    tokens
}
