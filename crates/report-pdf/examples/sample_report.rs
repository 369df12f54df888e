//! Writes the sample reports of the tests as PDF, for looking at.
//!
//! `cargo run -p report-pdf --example sample_report -- OUT`

#[path = "../tests/it/sample.rs"]
mod sample;

use std::path::PathBuf;
use std::time::Instant;

#[expect(clippy::print_stdout, reason = "an example says where it wrote")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args_os().nth(1).map(PathBuf::from).ok_or("name a folder to write into")?;
    std::fs::create_dir_all(&out)?;
    for (name, document) in [("english", sample::english()), ("spanish", sample::spanish())] {
        let start = Instant::now();
        let pdf = report_pdf::render(&document)?;
        let path = out.join(format!("{name}.pdf"));
        std::fs::write(&path, &pdf.bytes)?;
        let took = start.elapsed().as_secs_f64();
        println!("{}: {} pages, {} bytes, {took:.2} s", path.display(), pdf.pages, pdf.bytes.len());
    }
    Ok(())
}
