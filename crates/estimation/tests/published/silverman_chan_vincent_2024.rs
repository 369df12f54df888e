//! Silverman, Chan and Vincent 2024, "Bootstrapping multiple systems estimates to account for
//! model selection", Statistics and Computing 34; and the packages' answers on the same tables.

use estimation::loglinear::AllModels;

use crate::tables::{assert_six_digits, expected, table};

/// What the package calls order 4 for five lists has interactions of three at most: it counts 6,084.
fn order(lists: usize) -> usize {
    if lists == 3 { 2 } else { 3 }
}

#[test]
fn lowest_bic_among_all_hierarchical_models() {
    for one in expected("mse-bic-point") {
        let name = one["table"].as_str().unwrap();
        let histories = table(name);
        let all = AllModels::fit(&histories, order(histories.lists().len())).unwrap();
        let best = &all.by_bic[0];
        assert_eq!(all.by_bic.len() as u64, one["n_models"].as_u64().unwrap(), "{name}");
        assert_eq!(best.model.notation(), one["model"].as_str().unwrap(), "{name}");
        assert_six_digits(name, best.fit.population, one["estimate"].as_f64().unwrap());
        assert_six_digits(name, best.fit.bic, one["bic"].as_f64().unwrap());
    }
}

#[test]
fn lowest_bic_among_models_of_pairs() {
    for one in expected("rcapture-bic") {
        let name = one["table"].as_str().unwrap();
        let all = AllModels::fit(&table(name), 2).unwrap();
        let best = &all.by_bic[0];
        assert_eq!(all.models as u64, one["n_models"].as_u64().unwrap(), "{name}");
        assert_eq!(best.model.notation(), one["model"].as_str().unwrap(), "{name}");
        assert_six_digits(name, best.fit.population, one["estimate"].as_f64().unwrap());
        assert_six_digits(name, best.fit.bic, one["bic"].as_f64().unwrap());
    }
}
