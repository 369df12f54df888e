//! Manrique-Vallier (2016), Biometrics 72(4): what its R package LCMCR 0.4.14 says of three
//! published tables with its defaults (K = 10, a = b = 0.25, 10,000 sweeps dropped, 1,000 draws 100
//! sweeps apart, one chain, seed 1234).
//!
//! The package's one chain has its own Monte-Carlo error, of which on the British table it is not
//! known how large it is: chains stay near 12,000 for thousands of sweeps.

use estimation::{CaptureHistories, Diagnostic, Estimate, latent_class, read_histories};

/// Killings in Kosovo, 20 March to 22 June 1999 (Ball et al. 2002).
const KOSOVO: &str = "EXH,ABA,OSCE,HRW,count
1,0,0,0,1131\n0,1,0,0,845\n0,0,1,0,936\n0,0,0,1,306\n1,1,0,0,177\n1,0,1,0,228\n1,0,0,1,106
0,1,1,0,217\n0,1,0,1,31\n0,0,1,1,123\n1,1,1,0,181\n1,1,0,1,18\n1,0,1,1,42\n0,1,1,1,32\n1,1,1,1,27
";

/// Korean women held in Palembang (Ball, Shin and Yang 2018).
const KOREA: &str = "b,c,d,count
1,0,0,5\n0,1,0,5\n0,0,1,41\n1,1,0,54\n1,0,1,6\n1,1,1,12
";

/// Potential victims of trafficking in the United Kingdom, 2013 (Silverman 2014).
const UNITED_KINGDOM: &str = "LA,NG,PFNCA,GO,GP,count
1,0,0,0,0,54\n0,1,0,0,0,463\n0,0,1,0,0,995\n0,0,0,1,0,695\n0,0,0,0,1,316\n1,1,0,0,0,15
1,0,1,0,0,19\n1,0,0,1,0,3\n0,1,1,0,0,62\n0,1,0,1,0,19\n0,1,0,0,1,1\n0,0,1,1,0,76\n0,0,1,0,1,11
0,0,0,1,1,8\n1,1,1,0,0,1\n1,1,0,1,0,1\n0,1,1,1,0,4\n1,1,1,1,0,1
";

fn table(file: &str) -> CaptureHistories {
    read_histories(file.as_bytes(), None).expect("a table").tables.remove(0).histories
}

/// What 15 % about a published number are.
fn near(found: f64, published: f64) -> bool {
    (found / published - 1.0).abs() < 0.15
}

fn assert_as_published(estimate: &Estimate, population: f64, low: f64, high: f64) {
    let interval = estimate.interval.expect("an interval");
    assert!(
        near(estimate.population, population)
            && near(interval.low, low)
            && near(interval.high, high),
        "{estimate:?}"
    );
}

#[test]
fn kosovo() {
    let estimate = latent_class(&table(KOSOVO), 0.95, 1234).unwrap();
    assert_as_published(&estimate, 10381.0, 9160.0, 14003.0);
}

#[test]
fn korea() {
    let estimate = latent_class(&table(KOREA), 0.95, 1234).unwrap();
    assert_as_published(&estimate, 137.0, 123.0, 199.0);
}

#[test]
fn united_kingdom() {
    let estimate = latent_class(&table(UNITED_KINGDOM), 0.95, 1234).unwrap();
    assert_as_published(&estimate, 23028.0, 16264.0, 34919.0);
    // Ten classes are offered; the table has use for few.
    let Diagnostic::List(classes) = &estimate.diagnostics["classes_used"] else { panic!() };
    assert!(classes.iter().any(|classes| classes.starts_with("2: ")), "{classes:?}");
}
