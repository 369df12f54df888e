//! The filters of clkhash 0.18.3, bit for bit: `tests/data/clk_vectors.json`.

use linkage::encode::clkhash::{ClkEncoder, ClkSchema, ClkSecret, Clks, SchemaWarning};
use serde_json::Value;

const VECTORS: &str = include_str!("../data/clk_vectors.json");

fn cases() -> Vec<Value> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    vectors["cases"].as_array().unwrap().clone()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

fn encode(case: &Value) -> (Clks, Vec<SchemaWarning>) {
    let schema = ClkSchema::from_json(&case["schema"].to_string()).unwrap();
    let warnings = schema.warnings().to_vec();
    let secret = ClkSecret::new(case["secret_utf8"].as_str().unwrap().as_bytes().to_vec());
    let records: Vec<Vec<String>> =
        case["records"].as_array().unwrap().iter().map(strings).collect();
    (ClkEncoder::new(schema, &secret).encode(&records).unwrap(), warnings)
}

#[test]
fn every_filter_is_that_of_the_reference() {
    let cases = cases();
    assert_eq!(cases.len(), 12);
    for case in &cases {
        let (clks, _) = encode(case);
        let json: Value = serde_json::from_str(&clks.to_json()).unwrap();
        assert_eq!(json["clks"], case["clks"], "{}", case["name"]);
        let set: Vec<u64> = (0..clks.len())
            .map(|row| clks.bytes(row).iter().map(|byte| u64::from(byte.count_ones())).sum())
            .collect();
        assert_eq!(serde_json::json!(set), case["bits_set"], "{}", case["name"]);
    }
}

#[test]
fn the_key_that_nobody_reads_is_warned_of() {
    for case in &cases() {
        let ignored = case["schema"]["clkConfig"]["xorFolds"].is_number();
        let expected = if ignored { vec![SchemaWarning::FoldsIgnored] } else { Vec::new() };
        assert_eq!(encode(case).1, expected, "{}", case["name"]);
    }
}

#[test]
fn both_forms_are_read_back() {
    for case in &cases() {
        let (clks, _) = encode(case);
        assert_eq!(Clks::from_binary(&clks.to_binary(), clks.bits()).unwrap(), clks);
        let back = Clks::from_json(&clks.to_json()).unwrap();
        assert_eq!(back.to_json(), clks.to_json());
        let as_clkhash_writes = serde_json::json!({"clks": case["clks"]}).to_string();
        assert_eq!(Clks::from_json(&as_clkhash_writes).unwrap(), back);
    }
}

/// Dice of every pair of the first case, as anonlink computes it.
#[test]
fn dice_of_the_filters_is_that_of_the_reference() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let matrix = encode(&cases()[0]).0.into_matrix();
    let ones = |words: &[u64]| words.iter().map(|word| word.count_ones()).sum::<u32>();
    for pair in vectors["dice"]["pairs"].as_array().unwrap() {
        let row = |at: usize| matrix.row(usize::try_from(pair[at].as_u64().unwrap()).unwrap());
        let (first, second) = (row(1), row(2));
        let both: Vec<u64> = first.iter().zip(second).map(|(a, b)| a & b).collect();
        let dice = f64::from(2 * ones(&both)) / f64::from(ones(first) + ones(second));
        assert!((dice - pair[0].as_f64().unwrap()).abs() < 1e-15);
    }
}

mod properties {
    use linkage::encode::clkhash::{ClksError, Expected, RowError};
    use proptest::prelude::*;

    use super::*;

    fn schema(bits: u32, folds: u32) -> ClkSchema {
        let name = serde_json::json!({
            "identifier": "name", "format": {"type": "string"},
            "hashing": {"comparison": {"type": "ngram", "n": 2}, "strategy": {"bitsPerFeature": 60},
                "hash": {"type": "doubleHash"}, "missingValue": {"sentinel": "?", "replaceWith": ""}}
        });
        let born = serde_json::json!({
            "identifier": "born", "format": {"type": "date", "format": "%Y-%m-%d"},
            "hashing": {"comparison": {"type": "ngram", "n": 1, "positional": true},
                "strategy": {"bitsPerToken": 8}, "hash": {"type": "doubleHash"},
                "missingValue": {"sentinel": ""}}
        });
        let json = serde_json::json!({
            "version": 3, "features": [name, born],
            "clkConfig": {"l": bits, "xor_folds": folds, "kdf": {"type": "HKDF"}}
        });
        ClkSchema::from_json(&json.to_string()).unwrap()
    }

    fn encoder(bits: u32, folds: u32) -> ClkEncoder {
        ClkEncoder::new(schema(bits, folds), &ClkSecret::new(b"practice".to_vec()))
    }

    fn rows() -> impl Strategy<Value = Vec<[String; 2]>> {
        let born = prop_oneof![Just(String::new()), "19[0-9]{2}-0[1-9]-1[0-9]"];
        let name = prop_oneof!["[A-Ca-cáñ ]{0,6}", Just("?".to_owned())];
        prop::collection::vec((name, born).prop_map(|(name, born)| [name, born]), 0..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// A row's filter depends on nothing but the row: not on those before it, which fill the
        /// memories, nor on how many threads there are.
        #[test]
        fn rows_do_not_depend_on_each_other(rows in rows()) {
            let encoder = encoder(1000, 0);
            let together = encoder.encode(&rows).unwrap();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            prop_assert_eq!(&pool.install(|| encoder.encode(&rows)).unwrap(), &together);
            for (at, row) in rows.iter().enumerate() {
                let alone = encoder.encode(std::slice::from_ref(row)).unwrap();
                prop_assert_eq!(alone.bytes(0), together.bytes(at));
            }
        }

        /// Folding is XOR of the parts.
        #[test]
        fn folds_are_xor(rows in rows(), folds in 1u32..4) {
            let whole = encoder(64 << folds, 0).encode(&rows).unwrap();
            let folded = encoder(64, folds).encode(&rows).unwrap();
            for row in 0..rows.len() {
                let mut xor = vec![0; 8];
                for part in whole.bytes(row).chunks(8) {
                    xor.iter_mut().zip(part).for_each(|(all, byte)| *all ^= byte);
                }
                prop_assert_eq!(folded.bytes(row), xor);
            }
        }

        /// Cut off or changed, a file is read as filters or refused, and never panics.
        #[test]
        fn damaged_files_do_not_panic(rows in rows(), keep in 0usize..400, flip in 0usize..400) {
            let clks = encoder(100, 0).encode(&rows).unwrap();
            let (mut binary, json) = (clks.to_binary(), clks.to_json());
            prop_assert!(Clks::from_json(&json).is_ok());
            let cut = Clks::from_json(&json[..keep.min(json.len() - 1)]);
            prop_assert!(matches!(cut, Err(ClksError::NotJson(_))));
            if let Some(byte) = binary.get_mut(flip) {
                *byte ^= 1;
            }
            binary.truncate(keep);
            if let Ok(read) = Clks::from_binary(&binary, 100) {
                prop_assert_eq!(read.to_binary(), binary);
            }
        }

        /// Whatever the JSON, there is a schema or an error.
        #[test]
        fn schemas_never_panic(l in any::<u64>(), folds in any::<u32>(), key_size in any::<u64>(), distance in any::<f64>(), digits in any::<u32>()) {
            let feature = serde_json::json!({
                "identifier": "age", "format": {"type": "integer"},
                "hashing": {"strategy": {"bitsPerToken": 3}, "comparison": {"type": "numeric",
                    "thresholdDistance": distance, "resolution": 2, "fractional_precision": digits}}
            });
            let json = serde_json::json!({"version": 3, "features": [feature], "clkConfig":
                {"l": l, "xor_folds": folds, "kdf": {"type": "HKDF", "keySize": key_size}}});
            let _ = ClkSchema::from_json(&json.to_string());
        }
    }

    #[test]
    fn a_wrong_cell_is_named_and_not_shown() {
        let rows = [["Ana", "1999-02-03"], ["Mila", "3 February"]];
        let error = encoder(1000, 0).encode(&rows).unwrap_err();
        let expected = Expected::Date("%Y-%m-%d".to_owned());
        assert_eq!(error, RowError { row: 2, column: "born".to_owned(), expected });
        assert_eq!(
            error.to_string(),
            "row 2, column born: expected a date from the year 1000 on, written as %Y-%m-%d; \
             correct the row, or the schema"
        );
        let long = "a".repeat(10_000_000);
        let error = encoder(1000, 0).encode(&[[long.as_str(), ""]]).unwrap_err();
        assert_eq!(error.expected, Expected::Bytes(10_000));
        let error = encoder(1000, 0).encode(&[vec!["Ana"]]).unwrap_err();
        assert_eq!(error.expected, Expected::Cells(2));
    }

    #[test]
    fn a_schema_of_another_version_is_refused() {
        assert_eq!(
            ClkSchema::from_json(r#"{"version": 2}"#).unwrap_err().to_string(),
            "this schema is of version 2, expected 3; clkhash converts it: \
             clkutil convert-schema OLD.json NEW.json"
        );
        for (change, problem) in [
            (r#""blakeHash""#, "feature name: blakeHash needs a power of two, not 1000 bits"),
            (r#""noHash""#, "this is no linkage schema"),
        ] {
            let json = format!(
                r#"{{"version": 3, "clkConfig": {{"l": 1000, "kdf": {{"type": "HKDF"}}}}, "features": [
                {{"identifier": "name", "format": {{"type": "string"}}, "hashing": {{"hash": {{"type": {change}}},
                "comparison": {{"type": "exact"}}, "strategy": {{"bitsPerToken": 1}}}}}}]}}"#
            );
            let error = ClkSchema::from_json(&json).unwrap_err().to_string();
            assert!(error.starts_with(problem), "{error}");
        }
    }
}
