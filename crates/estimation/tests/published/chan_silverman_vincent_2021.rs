//! Chan, Silverman and Vincent 2021, "Multiple systems estimation for sparse capture data:
//! inferential challenges when there are nonoverlapping lists", JASA 116(535).

use estimation::ListSet;
use estimation::loglinear::{Existence, Model, STEPWISE_THRESHOLD, existence, fit, stepwise};

use crate::tables::{assert_six_digits, expected, table};

const AB: ListSet = ListSet(0b011);
const AC: ListSet = ListSet(0b101);
const BC: ListSet = ListSet(0b110);

#[test]
fn table_3_which_models_have_an_estimate() {
    let made_up = table("Artificial_3");
    let say = |pairs: &[ListSet]| existence(&made_up, &Model::of(3, pairs.iter().copied()));
    assert_eq!(say(&[AB, AC, BC]), Existence::NotIdentifiable);
    for pairs in [&[AB][..], &[AB, AC], &[AB, BC]] {
        assert_eq!(say(pairs), Existence::NoEstimate, "{pairs:?}");
    }
    for pairs in [&[AC, BC][..], &[AC], &[BC], &[]] {
        assert_eq!(say(pairs), Existence::Estimable, "{pairs:?}");
    }
}

#[test]
fn forward_stepwise_points_terms_and_aic() {
    for one in expected("sparsemse-point") {
        let name = one["table"].as_str().unwrap();
        let histories = table(name);
        let found = stepwise(&histories, STEPWISE_THRESHOLD).unwrap();
        assert_six_digits(name, found.fit.population, one["estimate"].as_f64().unwrap());
        assert_six_digits(name, found.fit.aic, one["aic"].as_f64().unwrap());
        let terms: Vec<String> =
            found.added.iter().map(|pair| histories.named(*pair).to_string()).collect();
        let wanted: Vec<&str> = match &one["terms"] {
            serde_json::Value::String(term) if term.is_empty() => Vec::new(),
            serde_json::Value::String(term) => vec![term],
            terms => terms.as_array().unwrap().iter().map(|term| term.as_str().unwrap()).collect(),
        };
        assert_eq!(terms, wanted, "{name}");
    }
}

#[test]
fn independence_and_hand_checks() {
    for one in expected("rcapture-indep") {
        // Rcapture prints a multinomial estimate; the criterion is of the same Poisson model.
        let name = one["table"].as_str().unwrap();
        let histories = table(name);
        let found = fit(&histories, &Model::independence(histories.lists().len())).unwrap();
        assert_six_digits(name, found.aic, one["aic"].as_f64().unwrap());
    }
    let population = |name: &str, pairs: &[ListSet]| {
        fit(&table(name), &Model::of(3, pairs.iter().copied())).unwrap().population
    };
    assert_six_digits("HAV", population("HAV", &[]), 388.483495);
    assert_six_digits("HAV", population("HAV", &[AB, AC, BC]), 1312.764706);
    assert_six_digits("Korea", population("Korea", &[AB]), 268.777778);
    assert_six_digits("Korea", population("Korea", &[AB, BC]), 157.166667);
    assert_six_digits("Artificial_3", population("Artificial_3", &[]), 539.093930);
}
