//! Made-up people for the tests of attacks, their tables, and noise.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

use super::random::{below, generator};
use crate::published::{PublishedCell, PublishedDimension, PublishedTable, PublishedValue};
use crate::rows::Rows;
use crate::schema::{Schema, SchemaColumn};

/// Gender, age, citizenship and year, and ten things that depend on a hidden kind and on them.
pub(crate) fn people(number: usize, seed: u64) -> Rows {
    let column = |name: &str, codes: usize| SchemaColumn {
        name: name.to_owned(),
        categories: (0..codes).map(|code| format!("{name} {code}")).collect(),
    };
    let mut columns =
        vec![column("gender", 2), column("age", 6), column("citizenship", 40), column("year", 5)];
    columns.extend((0..10).map(|place| column(&format!("means {place}"), 2)));
    let mut draws = generator(seed, 0);
    let mut codes = vec![Vec::new(); columns.len()];
    for _ in 0..number {
        let kind = below(&mut draws, 4);
        let gender = if below(&mut draws, 10) < 2 + 2 * kind { 1 } else { 2 };
        let age = (below(&mut draws, 4) + kind).min(6);
        // Few from most countries, many from some.
        let citizenship = 1 + below(&mut draws, 40) * below(&mut draws, 40) / 40;
        let known = [gender, age, citizenship, 1 + below(&mut draws, 5)];
        for (codes, code) in codes.iter_mut().zip(known) {
            codes.push(code as u16);
        }
        for place in 0..10 {
            let often = 1 + (kind * (place + 3) + gender + age) % 9;
            codes[4 + place].push(if below(&mut draws, 10) < often { 1 } else { 2 });
        }
    }
    Rows::new(Schema { columns }, codes)
}

/// A table over columns with all margins; `value` says what a count shows.
pub(crate) fn table(
    rows: &Rows,
    columns: &[usize],
    mut value: impl FnMut(u64) -> PublishedValue,
) -> PublishedTable {
    let dimensions: Vec<PublishedDimension> = columns
        .iter()
        .map(|&column| {
            let column = &rows.schema().columns[column];
            let words =
                (0..column.codes()).map(|code| column.word(code as u16).unwrap().to_owned());
            PublishedDimension {
                name: column.name.clone(),
                categories: words.collect(),
                parents: Vec::new(),
            }
        })
        .collect();
    let mut keys = vec![Vec::new()];
    for dimension in &dimensions {
        let places: Vec<Option<usize>> =
            std::iter::once(None).chain((0..dimension.categories.len()).map(Some)).collect();
        keys = keys
            .iter()
            .flat_map(|key: &Vec<Option<usize>>| {
                places.iter().map(move |&place| [key.as_slice(), &[place]].concat())
            })
            .collect();
    }
    let cells = keys
        .into_iter()
        .map(|at| {
            let counted = |row: &usize| {
                at.iter().zip(columns).all(|(place, &column)| {
                    place.is_none_or(|place| usize::from(rows.column(column)[*row]) == place)
                })
            };
            let count = (0..rows.count()).filter(counted).count() as u64;
            PublishedCell { at, value: value(count) }
        })
        .collect();
    PublishedTable {
        name: "made up".into(),
        counted: "people".into(),
        amount: None,
        dimensions,
        cells,
    }
}

/// Discrete Gaussian noise by its distribution function, exact but for the rounding of floats;
/// good for an experiment and not for a release.
pub(crate) struct Noise {
    below: Vec<f64>,
    reach: i64,
}

impl Noise {
    pub(crate) fn new(sigma_squared: f64) -> Noise {
        let reach = (12.0 * sigma_squared.sqrt()).ceil() as i64;
        let weight = |x: i64| libm::exp(-((x * x) as f64) / (2.0 * sigma_squared));
        let all: f64 = (-reach..=reach).map(weight).sum();
        let mut sum = 0.0;
        let below = (-reach..=reach)
            .map(|x| {
                sum += weight(x) / all;
                sum
            })
            .collect();
        Noise { below, reach }
    }

    pub(crate) fn draw(&self, draws: &mut ChaCha8Rng) -> i64 {
        let uniform = (draws.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        self.below.partition_point(|&below| below <= uniform) as i64 - self.reach
    }
}

/// The first rows.
pub(crate) fn first(rows: &Rows, number: usize) -> Rows {
    super::random::subset(rows, &(0..number).collect::<Vec<_>>())
}
