//! Writes the published report of the tests' made-up numbers into a folder, for looking at.
//!
//! `cargo run -p report --example public_site -- OUT COUNTIES.geojson [exact]`

#[path = "../tests/it/public_sample.rs"]
#[expect(clippy::unwrap_used, reason = "a fixture of the tests, where it is usual")]
mod public_sample;

use std::path::PathBuf;

use report::CountyShape;

#[expect(clippy::print_stdout, reason = "an example says where it wrote")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let out = arguments.next().ok_or("name a folder to write into")?;
    let shapes = arguments.next().ok_or("name a file of the counties' shapes")?;
    let counties = counties(&std::fs::read_to_string(shapes)?)?;
    let sample = match arguments.next() {
        None => public_sample::private(),
        Some(_) => public_sample::exact(),
    };
    let report = public_sample::report(&sample, &counties);
    println!("{}", report::public::PublicSite::of(&report)?.write(&out)?.display());
    for section in report::public::PublicDocument::of(&report, report::public::Language::English)
        .map_err(|faults| format!("{faults:?}"))?
        .sections
    {
        if let Some(chart) = section.chart {
            std::fs::write(out.join(format!("{}.svg", section.id)), chart.document)?;
        }
    }
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
            serde_json::from_value::<Vec<Polygon>>(coordinates)?.concat()
        };
        let code = name.to_lowercase().replace(' ', "-");
        counties.push(CountyShape { code, name, rings });
    }
    Ok(counties)
}
