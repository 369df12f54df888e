//! The figures that a task force reports in a quarter, one row each.

use records::register::{Kind, Register};

use super::{TemplateError, code};

/// One figure to be stated: values of columns by their names.
pub(crate) type Figure = Vec<(&'static str, String)>;

/// Every figure of the quarter, in the order of the report's charts.
pub(crate) fn figures(register: &Register) -> Result<Vec<Figure>, TemplateError> {
    let measure = |name| -> Result<Figure, TemplateError> {
        Ok(vec![("measure", code(register, Kind::CountedUnit, name)?.to_owned())])
    };
    let with = |figure: &Figure, column, value: &str| {
        let mut figure = figure.clone();
        figure.push((column, value.to_owned()));
        figure
    };
    let mut figures = Vec::new();
    let by_type_alone = |measure: Figure, figures: &mut Vec<Figure>| {
        let kinds = register.entries(Kind::TraffickingType);
        figures.extend(kinds.map(|kind| with(&measure, "trafficking_type", &kind.code)));
    };
    let by_type = |measure: Figure, statuses: &[&'static str], figures: &mut Vec<Figure>| {
        for kind in register.entries(Kind::TraffickingType) {
            for status in statuses {
                let status = code(register, Kind::Status, status)?;
                let figure = with(&measure, "trafficking_type", &kind.code);
                figures.push(with(&figure, "status", status));
            }
        }
        Ok::<(), TemplateError>(())
    };
    by_type_alone(measure("investigation_initiated")?, &mut figures);
    by_type(measure("victim_identified")?, &["potential", "confirmed"], &mut figures)?;
    by_type_alone(measure("individual_arrested")?, &mut figures);
    let served = measure("victim_served")?;
    by_type(served.clone(), &["new", "continuing", "carried_over"], &mut figures)?;
    for service in register.entries(Kind::Service) {
        figures.push(with(&served, "service", &service.code));
    }
    for status in ["person", "seat"] {
        let status = code(register, Kind::Status, status)?;
        figures.push(with(&measure("individual_trained")?, "status", status));
    }
    Ok(figures)
}
