//! Our draws and OpenDP's from one distribution, held against each other by a chi-square of two
//! samples. Exit code 1 if any pair is unlike; a line for each with the processor's part left to
//! `time`.

use std::collections::BTreeMap;
use std::error::Error;

use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use disclosure::noise::{DiscreteGaussian, DiscreteLaplace, NoiseSource};
use opendp::traits::samplers::{sample_discrete_gaussian, sample_discrete_laplace};

const DRAWS: usize = 200_000;

type Draws = BTreeMap<i64, u64>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut source = NoiseSource::operating_system()?;
    let mut alike = true;
    println!("distribution scale draws misfit (standard deviations)");
    for (top, bottom) in [(1_u64, 2_u64), (1, 1), (7, 3), (20, 1), (300, 1)] {
        let scale = RBig::from_parts(IBig::from(top), UBig::from(bottom));
        let gaussian = DiscreteGaussian::with_variance(top * top, bottom * bottom)?;
        let ours = draws(|| Ok(gaussian.draw(&mut source)?))?;
        let theirs = draws(|| whole(&sample_discrete_gaussian(scale.clone()).map_err(words)?))?;
        alike &= told("gaussian", top, bottom, &ours, &theirs);

        let laplace = DiscreteLaplace::with_scale(top, bottom)?;
        let ours = draws(|| Ok(laplace.draw(&mut source)?))?;
        let theirs = draws(|| whole(&sample_discrete_laplace(scale.clone()).map_err(words)?))?;
        alike &= told("laplace", top, bottom, &ours, &theirs);
    }
    if alike { Ok(()) } else { Err("the draws are unlike".into()) }
}

fn words(error: opendp::error::Error) -> Box<dyn Error> {
    format!("{error:?}").into()
}

fn whole(drawn: &IBig) -> Result<i64, Box<dyn Error>> {
    Ok(i64::try_from(drawn.clone()).map_err(|_| "beyond 64 bits")?)
}

fn draws(mut draw: impl FnMut() -> Result<i64, Box<dyn Error>>) -> Result<Draws, Box<dyn Error>> {
    let mut drawn = Draws::new();
    for _ in 0..DRAWS {
        *drawn.entry(draw()?).or_insert(0) += 1;
    }
    Ok(drawn)
}

fn told(name: &str, top: u64, bottom: u64, ours: &Draws, theirs: &Draws) -> bool {
    let misfit = misfit(ours, theirs);
    println!("{name} {top}/{bottom} {DRAWS} {misfit:.2}");
    // By chance less than once in a million pairs.
    misfit < 5.0
}

/// Chi-square of two samples of one size as standard deviations of a normal variable (Wilson and
/// Hilferty 1931), numbers pooled in their order until each pool has twenty draws.
fn misfit(ours: &Draws, theirs: &Draws) -> f64 {
    let mut both: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for (&number, &seen) in ours {
        both.entry(number).or_default().0 += seen as f64;
    }
    for (&number, &seen) in theirs {
        both.entry(number).or_default().1 += seen as f64;
    }
    let (mut chi_square, mut pools) = (0.0, 0.0_f64);
    let mut pool = (0.0, 0.0);
    for (a, b) in both.into_values() {
        pool = (pool.0 + a, pool.1 + b);
        if pool.0 + pool.1 >= 20.0 {
            chi_square += (pool.0 - pool.1) * (pool.0 - pool.1) / (pool.0 + pool.1);
            pools += 1.0;
            pool = (0.0, 0.0);
        }
    }
    let freedom = (pools - 1.0).max(1.0);
    let ninth = 2.0 / (9.0 * freedom);
    ((chi_square / freedom).cbrt() - (1.0 - ninth)) / ninth.sqrt()
}
