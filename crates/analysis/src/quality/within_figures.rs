//! Rules that look at one figure, or one kind of figure, at a time.

use records::register::{Kind, Translation};
use records::{Answer, Dimension, Finding, Severity, Standing, Unit};
use store::{ClassificationQuery, StoredFigure};

use super::{Facts, exactly, finding, grouped, said, with_commas};

/// A total over task forces that covers days before one of them joined the others.
pub(super) fn joined_later(facts: &Facts<'_>) -> Vec<Finding> {
    let dates = || {
        facts
            .register
            .entries(Kind::TaskForce)
            .filter(|entry| entry.verified())
            .filter_map(|entry| Some((entry, entry.date("joined_reporting")?)))
    };
    let Some(series_starts) = dates().map(|(_, joined)| joined).min() else { return Vec::new() };
    let everyone = dates().count();
    let early = dates().filter(|(_, joined)| *joined == series_starts).count();
    dates()
        .filter(|(_, joined)| *joined > series_starts)
        .filter_map(|(entry, joined)| {
            let touched: Vec<&StoredFigure> = facts
                .figures
                .iter()
                .filter(|stored| stored.standing == Standing::Published)
                .filter(|stored| stored.figure.reporter == COLLECTOR)
                .filter(|stored| stored.figure.unit == Unit::Count)
                .filter(|stored| stored.figure.period.start().is_some_and(|start| start < joined))
                .collect();
            (!touched.is_empty()).then(|| {
                finding(
                    "joined_later",
                    Severity::Note,
                    format!(
                        "{} joined the reporting on {joined}; {early} of {everyone} task forces reported from {series_starts}",
                        entry.label
                    ),
                    "read the coverage beside each total before comparing its start with its end",
                    &touched,
                )
                .in_spanish(
                    format!(
                        "{} empezó a informar el {joined}; {early} de {everyone} grupos de trabajo informan desde el {series_starts}",
                        entry.label
                    ),
                    "lea junto a cada total quién está incluido antes de comparar su principio con su final",
                )
            })
        })
        .collect()
}

/// Who collects the task forces' returns and states their totals.
const COLLECTOR: &str = "cal-ema";

/// A share of a tenth or more without a type of trafficking.
pub(super) fn not_classified(facts: &Facts<'_>) -> Vec<Finding> {
    let unclassified = ["other_unclassified", "not_yet_classified"];
    let is_unclassified = |stored: &&StoredFigure| {
        let code = stored.figure.dimensions.get(&Dimension::TraffickingType);
        code.is_some_and(|code| unclassified.contains(&code.as_str()))
    };
    let mut findings = Vec::new();
    for stored in facts.figures.iter().filter(is_unclassified) {
        let Some(amount) = stored.figure.answer.amount() else { continue };
        let large = match stored.figure.unit {
            Unit::Percent => amount.scaled >= 10 * 10i64.pow(u32::from(amount.decimals)),
            Unit::Count => amount.scaled > 0,
            _ => false,
        };
        if large {
            let (what, in_spanish) = match stored.figure.unit {
                Unit::Percent => (
                    format!("{amount}% of cases have"),
                    Some(format!("el {amount}% de los casos no tiene")),
                ),
                _ => (
                    format!("{} have", said(stored)),
                    exactly(stored).map(|number| format!("{number} no tienen")),
                ),
            };
            let (of, period) = (facts.reporter(&stored.figure.reporter), stored.figure.period);
            let english = finding(
                "not_classified",
                Severity::Query,
                format!("{what} no type of trafficking ({of}, {period})"),
                "ask the reporters to classify them as sex, labor or both, or as not yet classified with a date for the follow-up",
                &[stored],
            );
            findings.push(match in_spanish {
                None => english,
                Some(what) => english.in_spanish(
                    format!("{what} tipo de trata ({of}, {period})"),
                    "pida a quienes informan que digan si es sexual, laboral o ambas, o que aún está sin clasificar, con un día para volver a preguntar",
                ),
            });
        }
    }
    findings
}

/// Counts that are dated to the arrest, whose earlier years grow later.
pub(super) fn dated_to_the_arrest(facts: &Facts<'_>) -> Vec<Finding> {
    let dated = facts.figures.iter().filter(|stored| {
        let unit = facts.unit(&stored.figure);
        stored.figure.unit == Unit::Count
            && stored.figure.measure == "conviction"
            && unit
                .and_then(|unit| unit.attribute("dated_by"))
                .is_some_and(|by| by.contains("arrest"))
    });
    let series = grouped(dated, |stored| {
        stored.figure.as_of.map(|as_of| (stored.standing, stored.figure.reporter.clone(), as_of))
    });
    series
        .into_iter()
        .filter(|(_, figures)| figures.len() > 1)
        .map(|((_, reporter, as_of), figures)| {
            let of = facts.reporter(&reporter);
            finding(
                "dated_to_the_arrest",
                Severity::Note,
                format!(
                    "convictions of {of} are dated to the arrest that led to them, so that earlier years grow later; as of {as_of}"
                ),
                "compare years only as of the same date, and keep every revision",
                &figures,
            )
            .in_spanish(
                format!(
                    "las condenas de {of} llevan la fecha del arresto que condujo a ellas, y por eso los años anteriores crecen después; con fecha de {as_of}"
                ),
                "compare los años solo con la misma fecha de referencia, y conserve cada revisión",
            )
        })
        .collect()
}

/// Sections under which the person arrested may be the victim.
pub(super) fn may_be_victims(facts: &Facts<'_>) -> Vec<Finding> {
    let groups = grouped(facts.figures.iter(), |stored| {
        let code = stored.figure.dimensions.get(&Dimension::Statute)?;
        let section = facts.register.resolve_any(Kind::Statute, code)?;
        section
            .list("targets")
            .any(|target| target == "person_sold")
            .then(|| (stored.standing, section.code.clone(), stored.figure.measure.clone()))
    });
    groups
        .into_iter()
        .map(|((_, section, _), figures)| {
            let totals = figures.iter().filter(|stored| stored.figure.part == records::Part::Total);
            let number: i64 = totals.filter_map(|stored| stored.figure.answer.as_count()).sum();
            let [number, in_spanish] = match number {
                0 => ["figures", "cifras"].map(str::to_owned),
                number => [with_commas(number), with_commas(number)],
            };
            finding(
                "may_be_victims",
                Severity::Query,
                format!(
                    "{number} under {section}: the people charged may themselves be victims; they are in no total of trafficking, conduct or offenders"
                ),
                "screen each of these arrests for signs of trafficking before anything else is counted from it",
                &figures,
            )
            .in_spanish(
                format!(
                    "{in_spanish} por {section}: las personas acusadas pueden ser ellas mismas víctimas; no están en ningún total de trata, de conducta ni de autores"
                ),
                "busque señales de trata en cada uno de estos arrestos antes de contar cualquier otra cosa de él",
            )
        })
        .collect()
}

/// Cells answered "unknown" or "not collected", by reporter.
pub(super) fn not_answered(facts: &Facts<'_>) -> Vec<Finding> {
    let open = |stored: &&StoredFigure| {
        matches!(stored.figure.answer, Answer::Unknown | Answer::NotCollected)
    };
    let groups = grouped(facts.figures.iter().filter(open), |stored| {
        Some((stored.standing, stored.figure.reporter.clone(), stored.figure.period))
    });
    groups
        .into_iter()
        .map(|((_, reporter, period), figures)| {
            let unknown =
                figures.iter().filter(|stored| stored.figure.answer == Answer::Unknown).count();
            let not_collected = figures.len() - unknown;
            let who = facts.reporter(&reporter);
            finding(
                "not_answered",
                Severity::Query,
                format!(
                    "{who} answered \"unknown\" {unknown} times and \"not collected\" {not_collected} times for {period}"
                ),
                "unknown: ask when it will be known; not collected: agree on the quarter from which it will be",
                &figures,
            )
            .in_spanish(
                format!(
                    "respuestas de {who} para {period}: «unknown» (no se sabe) {unknown}, «not collected» (no se recoge) {not_collected}"
                ),
                "si no se sabe, pregunte cuándo se sabrá; si no se recoge, acuerde desde qué trimestre se recogerá",
            )
        })
        .collect()
}

const CLASSIFIED_DIFFERENTLY: &str = "classified_differently";

/// What the office does about a finding is a command that an agency does not have.
pub(crate) fn for_an_agency(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|one| one.rule == CLASSIFIED_DIFFERENTLY) {
        finding.advice =
            "tell the office that collects what it is; the office writes it down".into();
        if let Some(spanish) = &mut finding.spanish {
            spanish.advice =
                "diga a la oficina que reúne los informes qué es; la oficina lo anota".into();
        }
    }
}

/// An agency's own classification that is not the state's.
pub(super) fn classified_differently(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .queries
        .iter()
        .filter(|query| query.answer.is_none())
        .map(|query| {
            let ClassificationQuery { id, agency, .. } = query;
            let (state, in_spanish) = match query.state.as_deref() {
                None => ("nothing".to_owned(), Some("nada".to_owned())),
                Some(code) => match facts.register.get(Kind::TraffickingType, code) {
                    None => (code.to_owned(), None),
                    Some(entry) => {
                        let label = Translation::spanish().of(entry, "label");
                        (format!("\"{}\"", entry.label), label.map(|label| format!("«{label}»")))
                    }
                },
            };
            let command = format!("`clearway definitions answer {id} --text \"…\"`");
            let english = Finding {
                rule: CLASSIFIED_DIFFERENTLY.to_owned(),
                severity: Severity::Query,
                text: format!("query {id}: the agency classifies this as \"{agency}\", the state as {state}"),
                advice: format!("settle it with the agency, then {command}"),
                figures: vec![query.figure.clone()],
                spanish: None,
            };
            match in_spanish {
                None => english,
                Some(state) => english.in_spanish(
                    format!("pregunta {id}: la agencia clasifica esto como «{agency}», el estado como {state}"),
                    &format!("acuérdelo con la agencia, y después {command}"),
                ),
            }
        })
        .collect()
}

/// Quarters that an expected task force has not sent, of those that any other has.
pub(super) fn missing_quarters(facts: &Facts<'_>) -> Vec<Finding> {
    [Standing::Submitted, Standing::Synthetic]
        .into_iter()
        .flat_map(|standing| {
            let of_standing = facts.figures.iter().filter(move |one| one.standing == standing);
            let by_quarter = grouped(of_standing, |stored| stored.quarter);
            by_quarter.into_iter().filter_map(move |(quarter, figures)| {
                let start = quarter.period().start()?;
                let missing: Vec<String> = crate::count::expected(facts.register, standing, start)
                    .into_iter()
                    .filter(|entry| figures.iter().all(|one| one.figure.reporter != entry.code))
                    .map(|entry| entry.label.clone())
                    .collect();
                (!missing.is_empty()).then(|| {
                    finding(
                        "missing_quarter",
                        Severity::Query,
                        format!("no return for {quarter} from {}", missing.join(", ")),
                        "ask for the return; until it is in, the state's sum is of those that reported",
                        &[],
                    )
                    .in_spanish(
                        format!("falta el informe de {quarter} de {}", missing.join(", ")),
                        "pida el informe; hasta que llegue, la suma del estado es la de quienes informaron",
                    )
                })
            })
        })
        .collect()
}

/// One reporter's figures of one measure that follow two wordings of its definition.
pub(super) fn changed_definitions(facts: &Facts<'_>) -> Vec<Finding> {
    let groups = grouped(facts.figures.iter(), |stored| {
        Some((stored.standing, stored.figure.reporter.clone(), stored.figure.measure.clone()))
    });
    groups
        .into_iter()
        .filter_map(|((_, reporter, measure), figures)| {
            let version = |stored: &StoredFigure| {
                let of = facts.returns.iter().find(|one| one.id == stored.return_id)?;
                let version = facts.register.version(&of.definition_version)?;
                let unit = facts.register.get_at(version, Kind::CountedUnit, &measure)?;
                Some(unit.since.clone())
            };
            let wordings: std::collections::BTreeSet<String> =
                figures.iter().filter_map(|stored| version(stored)).collect();
            (wordings.len() > 1).then(|| {
                let wordings: Vec<String> = wordings.into_iter().collect();
                let who = facts.reporter(&reporter);
                finding(
                    "changed_definitions",
                    Severity::Query,
                    format!(
                        "{who} counted {measure} by the definitions of {}",
                        wordings.join(" and of ")
                    ),
                    "figures of different definitions stand side by side and are never summed",
                    &figures,
                )
                .in_spanish(
                    format!(
                        "{who} contó {measure} según las definiciones de {}",
                        wordings.join(" y de ")
                    ),
                    "las cifras de definiciones distintas se muestran una junto a otra y nunca se suman",
                )
            })
        })
        .collect()
}
