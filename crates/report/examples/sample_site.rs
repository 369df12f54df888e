//! Writes the sample report of the tests into a folder, for looking at.
//!
//! `cargo run -p report --example sample_site -- OUT [COUNTIES.geojson]`

#[path = "../tests/it/sample.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "a fixture of the tests, where both are usual")]
mod sample;

#[path = "../tests/it/people_sample.rs"]
#[expect(clippy::unwrap_used, reason = "a fixture of the tests, where it is usual")]
mod people_sample;

use std::path::PathBuf;

use report::CountyShape;

#[expect(clippy::print_stdout, reason = "an example says where it wrote")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let out = arguments.next().ok_or("name a folder to write into")?;
    let mut sample = people_sample::report();
    if let Some(path) = arguments.next() {
        sample.counties = counties(&std::fs::read_to_string(path)?)?;
    }
    let summary = report::write_site(&sample, &out)?;
    println!("{}: {} figures", summary.index.display(), summary.figures);
    Ok(())
}

/// Reads polygons and multipolygons of GeoJSON.
fn counties(text: &str) -> Result<Vec<CountyShape>, serde_json::Error> {
    type Polygon = Vec<Vec<(f64, f64)>>;
    let document: serde_json::Value = serde_json::from_str(text)?;
    let mut counties = Vec::new();
    for feature in document["features"].as_array().into_iter().flatten() {
        let name = feature["properties"]["name"].as_str().unwrap_or_default().to_owned();
        let coordinates = feature["geometry"]["coordinates"].clone();
        let rings = if feature["geometry"]["type"] == "Polygon" {
            serde_json::from_value::<Polygon>(coordinates)?
        } else {
            serde_json::from_value::<Vec<Polygon>>(coordinates)?.into_iter().flatten().collect()
        };
        counties.push(CountyShape { code: name.to_lowercase().replace(' ', "-"), name, rings });
    }
    Ok(counties)
}
