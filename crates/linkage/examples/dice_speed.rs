//! How fast filters are compared: all pairs, and the search, in pairs of rows a second.
//!
//!     cargo run --release -p linkage --example dice_speed -- LEFT RIGHT [NUMERATOR/DENOMINATOR]
//!         [--within] [--search] [--path scalar|avx2|avx512] [--repeat N] [--hamming DISTANCE]
//!
//! LEFT and RIGHT are files of filters of 1,024 bits, one after the other. Prints a line of JSON: the
//! best of N runs in wall and in processor seconds (a busy machine stretches the first), from rows in
//! memory to sorted pairs. `--within` compares LEFT with itself. Threads: RAYON_NUM_THREADS.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program for measuring")]

use std::time::Instant;

use linkage::dice::{BitMatrix, Comparison, Found, Path, Threshold};

const BITS: usize = 1024;
const MOST: usize = 1 << 27;

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut option = |name: &str, has_value: bool| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.remove(at);
        Some(if has_value { arguments.remove(at) } else { String::new() })
    };
    let within = option("--within", false).is_some();
    let search = option("--search", false).is_some();
    let repeat: usize = option("--repeat", true).map_or(3, |value| value.parse().unwrap());
    let path = match option("--path", true).as_deref() {
        Some("scalar") => Path::Scalar,
        Some("avx2") => Path::Avx2,
        Some("avx512") => Path::Avx512,
        _ => Path::best(),
    };
    let hamming = option("--hamming", true).map(|value| value.parse().unwrap());
    let (left, right) = (filters(&arguments[0]), filters(&arguments[1]));
    let (numerator, denominator) = arguments.get(2).map_or((4, 5), |fraction| {
        let (numerator, denominator) = fraction.split_once('/').unwrap();
        (numerator.parse().unwrap(), denominator.parse().unwrap())
    });
    let threshold = hamming
        .map_or_else(|| Threshold::dice(numerator, denominator).unwrap(), Threshold::hamming);
    let comparison = if within {
        Comparison::within(&left, threshold)
    } else {
        Comparison::between(&left, &right, threshold).unwrap()
    };
    let comparison = comparison.on(path).unwrap();

    let (mut wall, mut processor) = (f64::INFINITY, f64::INFINITY);
    let mut found = Found { pairs: vec![], recall: 1.0, tables: 0, key_bits: 0 };
    for _ in 0..repeat {
        let (started, started_processor) = (Instant::now(), processor_seconds());
        if search {
            found = comparison.search(0.99, 1, MOST).unwrap();
        } else {
            found.pairs = comparison.pairs(MOST).unwrap();
        }
        wall = wall.min(started.elapsed().as_secs_f64());
        processor = processor.min(processor_seconds() - started_processor);
    }
    let rows = left.rows() as f64;
    let compared = if within { rows * (rows - 1.0) / 2.0 } else { rows * right.rows() as f64 };
    let mut all = found.pairs.len();
    if search {
        all = comparison.pairs(MOST).unwrap().len();
    }
    println!(
        "{{\"path\": \"{path:?}\", \"search\": {search}, \"threads\": {}, \"seconds\": {wall:.4}, \
         \"cpu_seconds\": {processor:.4}, \"million_pairs_per_second\": {:.0}, \
         \"million_pairs_per_cpu_second\": {:.0}, \"found\": {}, \"all\": {all}, \
         \"recall\": {:.4}, \"recall_estimated\": {:.4}, \"tables\": {}, \"key_bits\": {}}}",
        rayon::current_num_threads(),
        compared / wall / 1e6,
        compared / processor / 1e6,
        found.pairs.len(),
        if all == 0 { 1.0 } else { found.pairs.len() as f64 / all as f64 },
        found.recall,
        found.tables,
        found.key_bits,
    );
}

fn filters(file: &str) -> BitMatrix {
    let bytes = std::fs::read(file).unwrap();
    let words = bytes.chunks_exact(8).map(|word| u64::from_be_bytes(word.try_into().unwrap()));
    BitMatrix::new(BITS, words.collect()).unwrap()
}

/// What all threads of this process have used of the processors, where Linux says it.
fn processor_seconds() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let of_task = |task: std::io::Result<std::fs::DirEntry>| {
        let stat = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<f64>().ok()
    };
    tasks.filter_map(of_task).sum::<f64>() / 1e9
}
