//! `GET /state/explain/{figure}`: where a number comes from.

use analysis::explain::{ExplainError, Explanation};
use analysis::report::Material;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use records::register::{Entry, Kind, Register};
use records::{Answer, Dimension, Unit};
use report::ShownValue;

use crate::frame::{Page, RegisterWords};
use crate::problem::Problem;
use crate::session::{Desk, SignedIn};

#[derive(Template)]
#[template(path = "explain.html")]
struct Explain {
    page: Page,
    desk: Desk,
    explained: Explanation,
    value: String,
    /// The counted unit.
    counted: RegisterWords,
    /// What it means, with what comes before each part of it.
    definition: Vec<(String, RegisterWords)>,
    /// What the figure is limited to.
    limits: Vec<(String, RegisterWords)>,
    /// The revisions' values, in their order.
    earlier: Vec<String>,
}

impl Explain {
    /// The words for a return.
    fn of_return(&self, number: &i64) -> String {
        self.page.subject("return", *number)
    }

    /// The value of a revision, by its place.
    fn earlier(&self, place: &usize) -> &str {
        self.earlier.get(*place).map_or("", String::as_str)
    }

    /// The words for how far a figure may be shown.
    fn standing(&self) -> String {
        self.page.say(match self.explained.figure.standing {
            records::Standing::Published => "standing-published",
            records::Standing::Submitted => "standing-submitted",
            records::Standing::Synthetic => "standing-synthetic",
        })
    }
}

/// Shows it.
pub(crate) async fn show(
    Path(figure): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, Problem> {
    let (store, scope, register) = (signed_in.store(), signed_in.scope(), Register::embedded());
    let material = Material::read(store, scope, register).await?;
    let explained = match analysis::explain::run(store, scope, register, &material, &figure).await {
        Ok(explained) => explained,
        Err(ExplainError::NoSuchFigure { .. }) => return Err(Problem::NotFound),
        Err(_) => return Err(Problem::Failed),
    };
    let page = signed_in.page.clone();
    let figure = &explained.figure;
    let version =
        register.version(&figure.definition_version).unwrap_or_else(|| register.current_version());
    let unit = register.get_at(version, Kind::CountedUnit, &figure.measure);
    let shown = Explain {
        desk: signed_in.desk(),
        counted: unit.map_or_else(|| english(&figure.measure_label), |unit| page.label(unit)),
        definition: unit.map_or_else(Vec::new, |unit| definition(&page, unit)),
        limits: limits(&page, &explained),
        value: value(&page, &figure.value, figure.unit),
        earlier: figure
            .revisions
            .iter()
            .map(|told| value(&page, &told.value, figure.unit))
            .collect(),
        explained,
        page,
    };
    signed_in.show(StatusCode::OK, &[], &shown).await
}

/// A definition, and what it counts and does not.
fn definition(page: &Page, unit: &Entry) -> Vec<(String, RegisterWords)> {
    let more = [
        ("explain-counts", "includes"),
        ("explain-counts-not", "excludes"),
        ("explain-dated-by", "dated_by"),
    ];
    let more = more
        .into_iter()
        .filter_map(|(key, column)| Some((page.say(key), page.attribute(unit, column)?)));
    [(page.say("explain-definition"), page.definition(unit))].into_iter().chain(more).collect()
}

/// What a figure is limited to.
fn limits(page: &Page, explained: &Explanation) -> Vec<(String, RegisterWords)> {
    let figure = &explained.figure;
    let period = RegisterWords { text: figure.period.to_string(), language: "en" };
    let mut limits = vec![
        (page.say("filter-period"), period),
        (page.say("filter-reporter"), english(&figure.reporter.1)),
    ];
    limits.extend(figure.dimensions.iter().map(|(dimension, (code, label))| {
        let kind = Kind::of_dimension(*dimension);
        let entry = kind.and_then(|kind| Register::embedded().get(kind, code));
        (page.say(name(*dimension)), entry.map_or_else(|| english(label), |one| page.label(one)))
    }));
    limits.extend(explained.filters.get("caution").map(|caution| {
        // What the law says to be careful about.
        (page.say("filter-caution"), english(caution))
    }));
    limits
}

/// What is there in English only.
fn english(text: &str) -> RegisterWords {
    RegisterWords { text: text.to_owned(), language: "en" }
}

/// The words for what figures can be divided by.
fn name(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Place => "filter-place",
        Dimension::County => "filter-county",
        Dimension::TaskForce => "filter-task-force",
        Dimension::Agency => "filter-agency",
        Dimension::TraffickingType => "filter-trafficking-type",
        Dimension::Statute => "filter-statute",
        Dimension::Conduct => "filter-conduct",
        Dimension::Age => "filter-age",
        Dimension::Status => "filter-status",
        Dimension::Service => "filter-service",
        Dimension::Benefit => "filter-benefit",
        Dimension::Origin => "filter-origin",
        Dimension::Programme => "filter-programme",
        Dimension::Category => "filter-category",
    }
}

/// Where a figure is explained.
pub(crate) fn address(page: &Page, id: &str) -> String {
    let mut path = "/state/explain/".to_owned();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:=(),".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    page.link(&path)
}

/// What may be shown of a value, in the reader's language.
pub(super) fn value(page: &Page, value: &ShownValue, unit: Unit) -> String {
    let Some(answer) = value.answer() else { return page.say("figure-hidden") };
    let number = answer.amount().map(|amount| match (amount.decimals, unit) {
        (0, Unit::Count) => analysis::quality::with_commas(amount.scaled),
        (_, Unit::Percent) => format!("{amount}%"),
        (_, Unit::Dollars) => format!("${amount}"),
        _ => amount.to_string(),
    });
    match (answer, number) {
        (Answer::Unknown, _) => page.say("figure-unknown"),
        (Answer::NotCollected, _) => page.say("figure-not-collected"),
        (Answer::NotStated, _) => page.say("figure-not-stated"),
        (Answer::Qualified { qualifier, .. }, Some(number)) => {
            format!("{} {number}", qualifier.as_str())
        }
        (_, Some(number)) => number,
        (answer, None) => answer.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Uri};
    use proptest::prelude::*;

    use super::*;
    use crate::config::{Config, Installation};

    proptest! {
        /// Whatever a figure is called, its address is one part of a path on this site.
        #[test]
        fn an_address_is_one_part_of_a_path(id in ".{1,30}") {
            let config = Config::new(std::net::SocketAddr::from(([127, 0, 0, 1], 0)));
            let page =
                Page::of(&Uri::from_static("/"), &HeaderMap::new(), Installation::of(&config));
            let address = address(&page, &id);
            let rest = address.strip_prefix("/state/explain/").unwrap();
            prop_assert!(!rest.contains(['/', '?', '#', '"', '<', '&', ' ']), "{address}");
            prop_assert!(address.parse::<Uri>().is_ok(), "{address}");
        }
    }
}
