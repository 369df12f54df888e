//! A million draws of each distribution: `cargo run --release -p disclosure --example noise_speed`.
//! Run it under `time`: what counts is the processor's seconds.

use disclosure::noise::{DiscreteGaussian, DiscreteLaplace, ExponentialMechanism, NoiseSource};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let which = std::env::args().nth(1).unwrap_or_default();
    let parameter: u64 = std::env::args().nth(2).unwrap_or_default().parse().unwrap_or(20);
    let mut source = NoiseSource::operating_system()?;
    let draws = 1_000_000;
    let sum: i64 = match which.as_str() {
        "gaussian" => {
            let gaussian = DiscreteGaussian::with_variance(parameter * parameter, 1)?;
            (0..draws).try_fold(0, |sum, _| gaussian.draw(&mut source).map(|drawn| sum + drawn))?
        }
        "laplace" => {
            let laplace = DiscreteLaplace::with_scale(parameter, 1)?;
            (0..draws).try_fold(0, |sum, _| laplace.draw(&mut source).map(|drawn| sum + drawn))?
        }
        "select" => {
            let mechanism = ExponentialMechanism::with_rate(1, parameter)?;
            let scores: Vec<i64> = (0..3000).collect();
            (0..1000).try_fold(0, |sum, _| {
                mechanism.select(&scores, &mut source).map(|place| sum + place as i64)
            })?
        }
        _ => return Err("gaussian SIGMA, laplace SCALE, or select POINTS".into()),
    };
    std::io::Write::write_all(&mut std::io::stdout(), format!("sum {sum}\n").as_bytes())?;
    Ok(())
}
