//! Binette and Steorts 2022, "On the reliability of multiple systems estimation for the
//! quantification of modern slavery", JRSS A 185(2), section 4: people on one list are a population
//! of known size.

use estimation::{pooled, read_histories};

#[test]
fn the_range_holds_the_size_of_lists_that_are_known() {
    let folder = format!("{}/data/known", env!("CARGO_MANIFEST_DIR"));
    let truth: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(include_str!("../../data/known/truth.json")).unwrap();
    let (mut errors, mut widths, mut held) = (Vec::new(), Vec::new(), 0);
    for (name, of) in &truth {
        let file = std::fs::read(format!("{folder}/{name}.csv")).unwrap();
        let histories = read_histories(&file, None).unwrap().tables.remove(0).histories;
        let known = pooled(&histories).unwrap();
        let (low, high) = (known.quantile(0.025), known.quantile(0.975));
        let truth = of["truth"].as_f64().unwrap();
        println!("{name:24} {truth:6} in {low:6.0} to {high:6.0}");
        errors.push(libm::log((low * high).sqrt() / truth));
        widths.push(libm::log(high / low));
        held += usize::from((low..=high).contains(&truth));
    }
    widths.sort_by(f64::total_cmp);
    let mean = errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64;
    let (error, covered) = (mean.sqrt(), held as f64 / errors.len() as f64);
    let width = 0.5 * (widths[widths.len() / 2 - 1] + widths[widths.len() / 2]);
    println!("error {error:.3}, held {covered:.2}, width {width:.2}");
    assert!(error <= 0.47 && covered >= 0.9 && width <= 0.98, "{error} {covered} {width}");
}
