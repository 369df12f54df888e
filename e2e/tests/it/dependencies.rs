//! What may be built into Clearway: licences, banned crates, one source, no wildcard versions.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

/// Permissive licences that Apache-2.0 software may take in. ISC, which is MIT in fewer words, came with `ring`,
/// `untrusted` and `rustls-webpki`, the way over TLS to agencies' identity providers.
const ALLOWED: [&str; 12] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that must not come in, and why.
const BANNED: [(&str, &str); 5] = [
    ("openssl-sys", "pure-Rust cryptography only"),
    ("native-tls", "pure-Rust cryptography only"),
    ("confusables", "GPL"),
    ("minilp", "no longer kept"),
    ("pdq", "a PDF tool, not the image hash"),
];

fn packages() -> Vec<Value> {
    let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let ran = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(workspace)
        .output()
        .expect("cargo runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let metadata: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

/// Everything that is wrong with a package.
fn faults(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().expect("a name");
    let mut faults = Vec::new();
    let licence = package["license"].as_str().unwrap_or("");
    let is_allowed = Expression::parse_mode(licence, ParseMode::LAX)
        .is_ok_and(|licence| licence.evaluate(|one| ALLOWED.contains(&one.to_string().as_str())));
    if !is_allowed {
        faults.push(format!("{name}: the licence \"{licence}\" is none that may come in"));
    }
    if let Some((_, why)) = BANNED.iter().find(|(banned, _)| *banned == name) {
        faults.push(format!("{name} is banned: {why}"));
    }
    for dependency in package["dependencies"].as_array().into_iter().flatten() {
        let ours = package["source"].is_null() && dependency["path"].is_null();
        if ours && dependency["req"] == "*" {
            faults.push(format!("{name} takes any version of {}", dependency["name"]));
        }
    }
    faults
}

#[test]
fn what_is_built_in_may_be_built_in() {
    let packages = packages();
    assert!(packages.len() > 100, "{}", packages.len());
    let faults: Vec<String> = packages.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let sources: BTreeSet<&str> =
        packages.iter().filter_map(|package| package["source"].as_str()).collect();
    let one = sources.len() == 1 && sources.iter().all(|source| source.starts_with("registry+"));
    assert!(one, "one registry and nothing else: {sources:?}");
}

#[test]
fn only_the_analysis_stands_on_the_query_engine() {
    let stand_on = |package: &&Value| {
        let on = package["dependencies"].as_array().expect("dependencies");
        on.iter().any(|one| one["name"] == "query" && !one["path"].is_null())
    };
    let packages = packages();
    let names: Vec<&str> =
        packages.iter().filter(stand_on).filter_map(|package| package["name"].as_str()).collect();
    assert_eq!(names, ["analysis"], "a table is opened in `analysis::tables`, to a scope");
}

#[test]
fn what_may_not_come_in_is_found() {
    let of = |licence: Value, name: &str, req: &str| {
        let dependencies = serde_json::json!([{ "name": "other", "req": req }]);
        let package = serde_json::json!({
            "name": name, "license": licence, "source": null, "dependencies": dependencies,
        });
        faults(&package).len()
    };
    assert_eq!(of("MIT OR GPL-3.0-only".into(), "fine", "1"), 0);
    for licence in ["GPL-3.0-only", "MIT AND GPL-2.0-or-later", "LicenseRef-own", ""] {
        assert_eq!(of(licence.into(), "other", "1"), 1, "{licence}");
    }
    assert_eq!(of(Value::Null, "other", "1"), 1);
    assert_eq!(of("MIT".into(), "openssl-sys", "1"), 1);
    assert_eq!(of("MIT".into(), "wild", "*"), 1);
}
