//! Chao, Lee and others 1997 on the hepatitis A outbreak in Taiwan: pairs of its three lists, with
//! Petersen's and Chapman's estimates rounded as in the package CARE1.

use estimation::Diagnostic;
use estimation::two_lists::chapman;

use crate::tables::table;

#[test]
fn pairs_of_lists() {
    let histories = table("HAV");
    for (left_out, petersen, by_chapman) in
        [(2, 336.0, 334.0), (1, 378.0, 374.0), (0, 334.0, 331.0)]
    {
        let estimate = chapman(&histories.without(left_out).unwrap(), 0.95).unwrap();
        let Diagnostic::Number(found) = estimate.diagnostics["petersen"] else { panic!() };
        assert_eq!((found.round(), estimate.population.round()), (petersen, by_chapman));
    }
}
