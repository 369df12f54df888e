//! `clearway explain`: where a number comes from.

use analysis::explain::Explanation;
use analysis::report::Material;
use records::register::Register;
use report::public::{Language, PublicExplanation};

use super::report::public;
use super::{open_existing, scope};
use crate::{Format, Shared, output};

/// Say where a number comes from: definition, filters, returns, coverage, revisions, findings
///
/// Names of figures stand in the report (every number links to its own) and in figures.csv. Of the
/// published report (--public) it says what everybody is told: definition, method and coverage.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway explain victim_identified:2010-07-01/2012-06-30:cal-ema --data clearway-demo/data\n  clearway explain victim_identified:2026-Q3:practice-state --format json --data clearway-demo/data\n  clearway explain people-by-age-and-sex --public --release clearway-demo/released \\\n      --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// The figure's name: measure:period:reporter[:dimension=value…], or that of a section of the
    /// published report
    #[arg(value_name = "FIGURE-ID")]
    name: String,
    /// What the public is told of a section of the published report
    #[arg(long)]
    public: bool,
    #[command(flatten)]
    sources: public::Sources,
    /// The language of what the public is told
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = ["en", "es"], requires = "public")]
    language: String,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    if own.public {
        let language = if own.language == "es" { Language::Spanish } else { Language::English };
        let told = own.sources.explain(shared, (&store, &scope), &own.name, language).await;
        store.close().await;
        let told = told?;
        match shared.format {
            Format::Json => output::json(&told)?,
            Format::Text => output::text(&public_text(&told))?,
        }
        return Ok(true);
    }
    let register = Register::embedded();
    let material = Material::read(&store, &scope, register).await?;
    let explained = analysis::explain::run(&store, &scope, register, &material, &own.name).await?;
    store.close().await;
    match shared.format {
        Format::Json => output::json(&explained)?,
        Format::Text => output::text(&text(&explained))?,
    }
    Ok(true)
}

fn public_text(told: &PublicExplanation) -> String {
    let more = told.method.iter().chain(&told.coverage);
    let lines = [&told.message, &told.definition].into_iter().chain(more);
    let folded: Vec<String> = lines.map(|line| output::fold(line, 100, 4)).collect();
    format!("{}\n{}", told.figure, folded.join("\n"))
}

fn text(explained: &Explanation) -> String {
    let figure = &explained.figure;
    let value = match figure.value.answer() {
        Some(answer) => answer.to_string(),
        None => "hidden: under 11, and not published by its source".to_owned(),
    };
    let mut lines = vec![
        figure.id.to_string(),
        format!("value: {value} ({})", figure.unit.as_str()),
        format!("standing: {}", figure.standing.as_str()),
        format!(
            "counted unit: {} (definitions {})",
            figure.measure_label, figure.definition_version
        ),
        format!("definition: {}", explained.definition),
        format!("definition's source: {}", explained.definition_source),
    ];
    for (name, value) in &explained.filters {
        lines.push(format!("{}: {value}", name.replace('_', " ")));
    }
    lines.push(format!("coverage: {}", figure.coverage));
    lines.extend(figure.as_of.map(|as_of| format!("as of: {as_of}")));
    lines.extend(figure.note.as_ref().map(|note| format!("note: {note}")));
    for source in &figure.sources {
        let place = match source.row {
            0 => String::new(),
            row => format!(", row {row}, column {}", source.column),
        };
        lines.push(format!(
            "from: return {} {}{place}; {}; BLAKE3 {}",
            source.return_id, source.file, source.document, source.digest
        ));
    }
    for revision in &figure.revisions {
        let value = revision.value.answer().map_or("hidden".to_owned(), ToString::to_string);
        lines.push(format!(
            "revision: {value}, {} by {} at {}: {}",
            revision.state, revision.who, revision.when, revision.why
        ));
    }
    for finding in &explained.findings {
        lines.push(format!("finding ({}): {}; {}", finding.rule, finding.text, finding.advice));
    }
    let folded: Vec<String> = lines.iter().map(|line| output::fold(line, 100, 4)).collect();
    folded.join("\n")
}
