//! The JSON of a linkage schema, read and checked.
//!
//! In: a schema of clkhash, version 3. Out: a [`ClkSchema`] that can be encoded with, and what its
//! author should know ([`SchemaWarning`]). What the published definition of version 3 refuses is
//! refused.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde::Deserialize;

use super::format::{Case, Characters, Format};
use super::hash::{Derivation, KeyHash, TokenHash};
use super::tokens::Comparison;
use crate::date_pattern::DatePattern;

/// Bits of a filter before folding: more is a mistake.
const MOST_BITS: usize = 1 << 20;
/// Tokens of a number, insertions of a token: more is a mistake.
const MOST: u64 = 1 << 16;

/// A linkage schema: which features are encoded, and how.
#[derive(Debug, Clone)]
pub struct ClkSchema {
    pub(super) features: Vec<Feature>,
    /// Bits of a finished filter.
    pub(super) bits: usize,
    pub(super) folds: u32,
    pub(super) derivation: Derivation,
    warnings: Vec<SchemaWarning>,
}

/// A column of the input.
#[derive(Debug, Clone)]
pub(super) struct Feature {
    pub(super) identifier: String,
    /// `None`: the column is left out.
    pub(super) hashing: Option<Hashing>,
}

/// How a column is encoded.
#[derive(Debug, Clone)]
pub(super) struct Hashing {
    pub(super) format: Format,
    pub(super) characters: Characters,
    pub(super) comparison: Comparison,
    pub(super) insertions: Insertions,
    pub(super) hash: TokenHash,
    /// The text that means missing, and what stands for it.
    pub(super) missing: Option<(String, String)>,
}

/// How often tokens are inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Insertions {
    PerToken(usize),
    PerFeature(usize),
}

impl Insertions {
    /// How often the token at a place is inserted, of so many.
    pub(super) fn of(self, place: usize, tokens: usize) -> usize {
        match self {
            Insertions::PerToken(count) => count,
            Insertions::PerFeature(count) => count / tokens + usize::from(place < count % tokens),
        }
    }
}

/// What the author of a schema should know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaWarning {
    /// The published key for folding is read by nobody.
    #[error(
        "the schema says \"xorFolds\": clkhash 0.18.3 checks that key but reads only \"xor_folds\", \
         so it does not fold, and neither do we; write \"xor_folds\" to fold, at every agency"
    )]
    FoldsIgnored,
}

/// Why a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// It is not the JSON of a schema.
    #[error("this is no linkage schema: {0}")]
    NotASchema(String),
    /// It is of another version.
    #[error(
        "this schema is of version {0}, expected 3; clkhash converts it: \
         clkutil convert-schema OLD.json NEW.json"
    )]
    Version(String),
    /// A setting of all features is wrong.
    #[error("clkConfig: {0}")]
    Config(String),
    /// A feature is wrong.
    #[error("feature {identifier}: {problem}")]
    Feature {
        /// Its identifier.
        identifier: String,
        /// What is wrong and what was expected.
        problem: String,
    },
}

#[derive(Deserialize)]
struct VersionOnly {
    version: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSchema {
    clk_config: RawConfig,
    features: Vec<RawFeature>,
}

#[derive(Deserialize)]
struct RawConfig {
    l: u64,
    kdf: RawDerivation,
    #[serde(default)]
    xor_folds: u32,
    #[serde(rename = "xorFolds")]
    ignored_folds: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawDerivation {
    r#type: String,
    hash: Option<KeyHash>,
    salt: Option<String>,
    info: Option<String>,
    key_size: Option<usize>,
}

#[derive(Deserialize)]
struct RawFeature {
    identifier: String,
    #[serde(default)]
    ignored: bool,
    format: Option<RawFormat>,
    hashing: Option<RawHashing>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum RawFormat {
    #[serde(rename_all = "camelCase")]
    String {
        encoding: Option<Characters>,
        pattern: Option<String>,
        case: Option<Case>,
        min_length: Option<usize>,
        max_length: Option<usize>,
        #[serde(rename = "description")]
        _description: Option<String>,
    },
    Integer {
        minimum: Option<i64>,
        maximum: Option<i64>,
        #[serde(rename = "description")]
        _description: Option<String>,
    },
    Date {
        format: String,
        #[serde(rename = "description")]
        _description: Option<String>,
    },
    Enum {
        values: Vec<String>,
        #[serde(rename = "description")]
        _description: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawHashing {
    comparison: RawComparison,
    strategy: RawStrategy,
    hash: Option<RawHash>,
    missing_value: Option<RawMissing>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum RawComparison {
    Ngram {
        n: usize,
        #[serde(default)]
        positional: bool,
    },
    Exact,
    Numeric {
        #[serde(rename = "thresholdDistance")]
        threshold_distance: f64,
        resolution: u64,
        #[serde(default)]
        fractional_precision: u32,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawStrategy {
    bits_per_token: Option<u64>,
    bits_per_feature: Option<u64>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum RawHash {
    BlakeHash { prevent_singularity: Option<bool> },
    DoubleHash { prevent_singularity: Option<bool> },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMissing {
    sentinel: String,
    replace_with: Option<String>,
}

impl ClkSchema {
    /// Reads a schema.
    ///
    /// # Errors
    ///
    /// When it is not one of version 3, or its parts do not fit together.
    pub fn from_json(json: &str) -> Result<ClkSchema, SchemaError> {
        let not_one = |error: serde_json::Error| SchemaError::NotASchema(error.to_string());
        let version = serde_json::from_str::<VersionOnly>(json).map_err(not_one)?.version;
        if version.as_ref().and_then(serde_json::Value::as_f64) != Some(3.0) {
            let found = version.map_or_else(|| "none".to_owned(), |version| version.to_string());
            return Err(SchemaError::Version(found));
        }
        let raw: RawSchema = serde_json::from_str(json).map_err(not_one)?;
        raw.check()
    }

    /// What its author should know.
    pub fn warnings(&self) -> &[SchemaWarning] {
        &self.warnings
    }

    /// The columns of the input, in order; those that are left out are `false`.
    pub fn columns(&self) -> impl Iterator<Item = (&str, bool)> {
        self.features.iter().map(|one| (one.identifier.as_str(), one.hashing.is_some()))
    }

    /// Bits of a finished filter.
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// Bits of a filter before it is folded.
    pub(super) fn unfolded_bits(&self) -> usize {
        self.bits << self.folds
    }
}

impl RawSchema {
    fn check(self) -> Result<ClkSchema, SchemaError> {
        let config = |problem: String| Err(SchemaError::Config(problem));
        let RawConfig { l, kdf, xor_folds: folds, ignored_folds } = self.clk_config;
        let bits = usize::try_from(l).unwrap_or(usize::MAX);
        let unfolded = bits.checked_shl(folds).filter(|&all| folds < 20 && all >> folds == bits);
        let Some(unfolded) = unfolded.filter(|all| (1..=MOST_BITS).contains(all)) else {
            return config(format!(
                "l = {l} with {folds} folds; expected 1 to {MOST_BITS} bits before folding"
            ));
        };
        if kdf.r#type != "HKDF" {
            return config("kdf: expected the type HKDF".to_owned());
        }
        let bytes = |field: &str, text: Option<String>| {
            text.map(|text| STANDARD.decode(text))
                .transpose()
                .map_err(|_| SchemaError::Config(format!("kdf: {field} is not base64")))
        };
        let derivation = Derivation {
            hash: kdf.hash.unwrap_or(KeyHash::Sha256),
            salt: bytes("salt", kdf.salt)?,
            info: bytes("info", kdf.info)?.unwrap_or_default(),
            key_bytes: kdf.key_size.unwrap_or(64),
        };
        let most = derivation.hash.most_bytes();
        let needed = derivation.key_bytes.saturating_mul(2 * self.features.len());
        if derivation.key_bytes == 0 || needed > most {
            return config(format!(
                "kdf: {} features with two keys of {} bytes need {needed} bytes; this hash gives 1 to {most}",
                self.features.len(),
                derivation.key_bytes
            ));
        }
        let features: Vec<Feature> = self
            .features
            .into_iter()
            .map(|feature| feature.check(unfolded, derivation.key_bytes))
            .collect::<Result<_, _>>()?;
        let ignored = ignored_folds.is_some_and(|ignored| ignored > 0 && ignored != folds);
        let warnings = ignored.then_some(SchemaWarning::FoldsIgnored).into_iter().collect();
        Ok(ClkSchema { features, bits, folds, derivation, warnings })
    }
}

impl RawFeature {
    fn check(self, bits: usize, key_bytes: usize) -> Result<Feature, SchemaError> {
        let RawFeature { identifier, ignored, format, hashing } = self;
        let hashing = match (ignored, format, hashing) {
            (true, ..) => Ok(None),
            (false, Some(format), Some(hashing)) => {
                hashing.check(format, bits, key_bytes).map(Some)
            }
            _ => Err("expected format and hashing, or \"ignored\": true".to_owned()),
        };
        match hashing {
            Ok(hashing) => Ok(Feature { identifier, hashing }),
            Err(problem) => Err(SchemaError::Feature { identifier, problem }),
        }
    }
}

impl RawHashing {
    fn check(self, format: RawFormat, bits: usize, key_bytes: usize) -> Result<Hashing, String> {
        let (format, characters) = format.check()?;
        let hash = match self.hash.unwrap_or(RawHash::BlakeHash { prevent_singularity: None }) {
            RawHash::BlakeHash { prevent_singularity: Some(_) } => {
                return Err("prevent_singularity belongs to doubleHash".to_owned());
            }
            RawHash::BlakeHash { .. } if !bits.is_power_of_two() => {
                return Err(format!("blakeHash needs a power of two, not {bits} bits"));
            }
            RawHash::BlakeHash { .. } if key_bytes > 64 => {
                return Err("blakeHash takes keys of at most 64 bytes; lower keySize".to_owned());
            }
            RawHash::BlakeHash { .. } => TokenHash::Blake,
            RawHash::DoubleHash { prevent_singularity } => {
                TokenHash::Double { nonsingular: prevent_singularity.unwrap_or(false) }
            }
        };
        let count = |count: u64| match count {
            1..=MOST => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
            _ => Err(format!("{count} insertions; expected 1 to {MOST}")),
        };
        let insertions = match (self.strategy.bits_per_token, self.strategy.bits_per_feature) {
            (Some(per_token), None) => Insertions::PerToken(count(per_token)?),
            (None, Some(per_feature)) => Insertions::PerFeature(count(per_feature)?),
            _ => return Err("expected bitsPerToken or bitsPerFeature".to_owned()),
        };
        let missing = self.missing_value.map(|RawMissing { sentinel, replace_with }| {
            let stands_for_it = replace_with.unwrap_or_else(|| sentinel.clone());
            (sentinel, stands_for_it)
        });
        let comparison = self.comparison.check()?;
        Ok(Hashing { format, characters, comparison, insertions, hash, missing })
    }
}

impl RawComparison {
    fn check(self) -> Result<Comparison, String> {
        match self {
            RawComparison::Exact => Ok(Comparison::Exact),
            RawComparison::Ngram { n: n @ 1..=1000, positional } => {
                Ok(Comparison::Ngram { n, positional })
            }
            RawComparison::Ngram { n, .. } => Err(format!("n = {n}; expected 1 to 1000")),
            RawComparison::Numeric { threshold_distance, resolution, fractional_precision } => {
                let precision = fractional_precision.min(23);
                let interval =
                    (threshold_distance * 10_f64.powi(precision as i32)).round_ties_even();
                if !(1.0..1e18).contains(&interval) || precision != fractional_precision {
                    return Err(format!(
                        "thresholdDistance {threshold_distance} with {fractional_precision} digits after the point rounds to no distance; raise one of them"
                    ));
                }
                if !(1..=MOST).contains(&resolution) {
                    return Err(format!("resolution {resolution}; expected 1 to {MOST}"));
                }
                let interval = interval as i128;
                Ok(Comparison::Numeric { interval, resolution: resolution.into(), precision })
            }
        }
    }
}

impl RawFormat {
    fn check(self) -> Result<(Format, Characters), String> {
        let format = match self {
            RawFormat::String { encoding, pattern, case, min_length, max_length, .. } => {
                let format = match pattern {
                    None => Format::Text {
                        case: case.unwrap_or(Case::Mixed),
                        least: min_length.unwrap_or(0),
                        most: max_length,
                    },
                    Some(_) if case.is_some() || min_length.is_some() || max_length.is_some() => {
                        return Err("expected pattern, or case and lengths, not both".to_owned());
                    }
                    Some(pattern) => Format::Pattern(
                        Regex::new(&format!(r"\A(?:{pattern})\z"))
                            .map_err(|error| format!("pattern: {error}"))?,
                    ),
                };
                return Ok((format, encoding.unwrap_or(Characters::Utf8)));
            }
            RawFormat::Integer { minimum, maximum, .. } => {
                Format::Integer { least: minimum.map(i128::from), most: maximum.map(i128::from) }
            }
            RawFormat::Date { format, .. } => Format::Date {
                pattern: DatePattern::new(&format).map_err(|directive| {
                    format!(
                        "the directive {directive} is not read; expected %Y %y %m %B %b %d %j %%"
                    )
                })?,
                written: format,
            },
            RawFormat::Enum { values, .. } => Format::Word(values),
        };
        Ok((format, Characters::Utf8))
    }
}
