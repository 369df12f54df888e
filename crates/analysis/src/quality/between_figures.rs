//! Rules that hold one figure against another. Figures of different standings never meet.

use records::register::Kind;
use records::{Dimension, FigureId, Finding, Part, Severity, Standing, Unit};
use store::StoredFigure;

use super::{Facts, finding, grouped, said, with_commas};

/// More people served than identified, by the same reporter in the same days.
pub(super) fn served_exceeds_identified(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for served in facts.of("victim_served") {
        let same = |stored: &&StoredFigure| {
            stored.standing == served.standing
                && stored.figure.reporter == served.figure.reporter
                && stored.figure.period == served.figure.period
                && stored.figure.dimensions == served.figure.dimensions
        };
        let Some(identified) = facts.of("victim_identified").find(same) else { continue };
        let (Some(more), Some(fewer)) =
            (served.figure.answer.as_count(), identified.figure.answer.as_count())
        else {
            continue;
        };
        if more > fewer {
            let (more, fewer) = (with_commas(more), with_commas(fewer));
            let (of, period) = (facts.reporter(&served.figure.reporter), served.figure.period);
            let english = finding(
                "served_exceeds_identified",
                Severity::Query,
                format!(
                    "{more} victims served against {fewer} identified ({of}, {period}): two measures; double counting across organizations is likely, and the overlap is not measured"
                ),
                "print both, never their difference as an overlap; link the lists to learn how many people stand on several",
                &[served, identified],
            );
            findings.push(english.in_spanish(
                format!(
                    "{more} víctimas atendidas frente a {fewer} identificadas ({of}, {period}): son dos medidas; es probable que varias organizaciones cuenten a la misma persona, y no se mide cuántas están en ambas"
                ),
                "publique las dos, nunca su diferencia como si fuera lo que tienen en común; vincule las listas para saber cuántas personas están en varias",
            ));
        }
    }
    findings
}

/// A count by section that is only part of the count by conduct.
pub(super) fn section_is_part_of_conduct(facts: &Facts<'_>) -> Vec<Finding> {
    let by_conduct = |stored: &&StoredFigure| {
        stored.figure.unit == Unit::Count
            && stored.figure.dimensions.contains_key(&Dimension::Conduct)
            && !stored.figure.dimensions.contains_key(&Dimension::Statute)
    };
    let mut findings = Vec::new();
    for whole in facts.figures.iter().filter(by_conduct) {
        for part in facts.of(&whole.figure.measure) {
            let mut without = part.figure.dimensions.clone();
            let Some(section) = without.remove(&Dimension::Statute) else { continue };
            let (Some(few), Some(all)) =
                (part.figure.answer.as_count(), whole.figure.answer.as_count())
            else {
                continue;
            };
            let same = without == whole.figure.dimensions
                && part.figure.period == whole.figure.period
                && part.figure.reporter == whole.figure.reporter
                && part.standing == whole.standing;
            if !same {
                continue;
            }
            let (of, period) = (facts.reporter(&whole.figure.reporter), whole.figure.period);
            let (severity, text, in_spanish) = if few > all {
                (
                    Severity::Contradiction,
                    format!("{few} under {section} are more than the {all} of the whole conduct"),
                    format!("{few} por {section} son más que los {all} de toda la conducta"),
                )
            } else {
                (
                    Severity::Note,
                    format!(
                        "section {section} alone shows {few} of {all} convictions for the conduct ({of}, {period})"
                    ),
                    format!(
                        "el artículo {section} por sí solo muestra {few} de {all} condenas por la conducta ({of}, {period})"
                    ),
                )
            };
            let english = finding(
                "section_is_part_of_conduct",
                severity,
                text,
                "count by conduct and by section, side by side, and never add the two",
                &[whole, part],
            );
            findings.push(english.in_spanish(
                in_spanish,
                "cuente por conducta y por artículo, lo uno junto a lo otro, y nunca los sume",
            ));
        }
    }
    findings
}

/// Reporters of whom fewer than half are said to have high data quality.
pub(super) fn low_data_quality_of_reporters(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for good in facts.of("htrs_task_force_high_quality") {
        let same = |stored: &&StoredFigure| {
            stored.standing == good.standing && stored.figure.period == good.figure.period
        };
        let Some(all) = facts.of("htrs_task_force").find(same) else { continue };
        if let (Some(few), Some(many)) =
            (good.figure.answer.as_count(), all.figure.answer.as_count())
            && few * 2 < many
        {
            let (of, period) = (facts.reporter(&good.figure.reporter), good.figure.period);
            let english = finding(
                "low_data_quality_of_reporters",
                Severity::Query,
                format!("only {few} of {many} task forces had high data quality ({of}, {period})"),
                "show the data quality of each reporter beside its figures",
                &[good, all],
            );
            findings.push(english.in_spanish(
                format!("solo {few} de {many} grupos de trabajo tenían datos de alta calidad ({of}, {period})"),
                "muestre la calidad de los datos de cada grupo junto a sus cifras",
            ));
        }
    }
    findings
}

/// The same share, differing by the kind of unit that counts.
pub(super) fn reporter_kind_shapes_the_type(facts: &Facts<'_>) -> Vec<Finding> {
    let by_unit = facts.figures.iter().filter(|stored| stored.figure.unit == Unit::Percent);
    let groups = grouped(by_unit, |stored| {
        let category = stored.figure.dimensions.get(&Dimension::Category)?;
        let kind = facts.register.entries(Kind::UnitKind).find(|kind| {
            category.to_lowercase().split_whitespace().any(|word| word == kind.code)
        })?;
        let mut rest = stored.figure.dimensions.clone();
        rest.remove(&Dimension::Category);
        Some((
            stored.standing,
            stored.figure.measure.clone(),
            stored.figure.reporter.clone(),
            stored.figure.period,
            rest,
            kind.code.clone(),
        ))
    });
    groups
        .into_values()
        .filter(|figures| figures.len() > 1)
        .map(|figures| {
            let shares: Vec<String> = figures
                .iter()
                .map(|stored| {
                    let category = stored.figure.dimensions.get(&Dimension::Category);
                    format!("{}% in {}", said(stored), category.map_or("", String::as_str))
                })
                .collect();
            let one = &figures[0].figure;
            let of = one.dimensions.get(&Dimension::TraffickingType).map_or("", String::as_str);
            finding(
                "reporter_kind_shapes_the_type",
                Severity::Note,
                format!("share of {of} cases: {} ({})", shares.join(", "), one.period),
                "the unit that counts shapes the count: show the kind of reporter beside shares by type",
                &figures,
            )
        })
        .collect()
}

/// A number in the report's text that its own table states otherwise.
pub(super) fn text_against_table(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for statement in facts.register.entries(Kind::TextStatement).filter(|entry| entry.verified()) {
        let Some(stated) = statement.attribute("value").and_then(|value| value.parse().ok()) else {
            continue;
        };
        let id = FigureId(statement.attribute("figure").unwrap_or_default().to_owned());
        let found = facts
            .figures
            .iter()
            .find(|stored| stored.id == id && stored.standing == Standing::Published);
        let Some(stored) = found else { continue };
        if stored.figure.answer.as_count().is_some_and(|value: i64| value != stated) {
            findings.push(finding(
                "text_against_table",
                Severity::Contradiction,
                format!(
                    "the text says {} for \"{}\" ({}), the table {}",
                    with_commas(stated),
                    statement.label,
                    statement.source,
                    said(stored)
                ),
                "the table, which cross-foots, is taken as stated; ask the source which it means",
                &[stored],
            ));
        }
    }
    findings
}

/// Figures of one family, place and time that follow different definitions.
pub(super) fn two_definitions_side_by_side(facts: &Facts<'_>) -> Vec<Finding> {
    let stated = facts.figures.iter().filter(|stored| {
        let unit = facts.unit(&stored.figure);
        unit.is_some_and(|unit| unit.attribute("additive_over") == Some("none"))
            && stored.figure.unit == Unit::Count
    });
    let groups = grouped(stated, |stored| {
        let county = stored.figure.dimensions.get(&Dimension::County)?;
        let family = facts.unit(&stored.figure)?.attribute("definition_family")?;
        Some((stored.standing, county.clone(), stored.figure.period, family.to_owned()))
    });
    groups
        .into_values()
        .filter(|figures| figures.iter().any(|one| one.figure.measure != figures[0].figure.measure))
        .map(|figures| side_by_side("two_definitions", facts, &figures, "different definitions"))
        .collect()
}

/// Figures of different families that were said of one place and time by different people.
pub(super) fn stated_by_different_sources(facts: &Facts<'_>) -> Vec<Finding> {
    let stated = facts.figures.iter().filter(|stored| {
        stored.figure.unit == Unit::Count && stored.figure.measure.ends_with("_stated")
    });
    let groups = grouped(stated, |stored| {
        let county = stored.figure.dimensions.get(&Dimension::County)?;
        Some((stored.standing, county.clone(), stored.figure.period))
    });
    let several = |figures: &Vec<&StoredFigure>| {
        figures.iter().any(|one| one.figure.reporter != figures[0].figure.reporter)
            && figures[0].figure.period != records::Period::UNDATED
    };
    groups
        .into_values()
        .filter(several)
        .map(|figures| {
            side_by_side(
                "stated_by_different_sources",
                facts,
                &figures,
                "each as its speaker said it",
            )
        })
        .collect()
}

fn side_by_side(
    rule: &str,
    facts: &Facts<'_>,
    figures: &[&StoredFigure],
    because: &str,
) -> Finding {
    let parts: Vec<String> = figures
        .iter()
        .map(|stored| {
            let label = facts.unit(&stored.figure).map_or("", |unit| unit.label.as_str());
            format!("{} {} ({})", label, said(stored), facts.reporter(&stored.figure.reporter))
        })
        .collect();
    finding(
        rule,
        Severity::Note,
        format!("{}, {}: {because}", parts.join("; "), figures[0].figure.period),
        "publish definition and source with each number; never sum them",
        figures,
    )
}

/// Shares that should make a whole and do not.
pub(super) fn shares_of_a_whole(facts: &Facts<'_>) -> Vec<Finding> {
    let shares = facts
        .figures
        .iter()
        .filter(|stored| stored.figure.unit == Unit::Percent && stored.figure.part == Part::Cell);
    let groups = grouped(shares, |stored| {
        let dimensions = &stored.figure.dimensions;
        let by = [Dimension::TraffickingType, Dimension::Origin]
            .into_iter()
            .find(|dimension| dimensions.contains_key(dimension))?;
        let mut rest = dimensions.clone();
        rest.remove(&by);
        let figure = &stored.figure;
        Some((
            stored.standing,
            figure.measure.clone(),
            figure.reporter.clone(),
            figure.period,
            rest,
        ))
    });
    let mut findings = Vec::new();
    for figures in groups.into_values() {
        let whole: Option<i64> = figures
            .iter()
            .map(|stored| match &stored.figure.answer {
                records::Answer::Exactly { amount } => amount.as_whole(),
                _ => None,
            })
            .sum();
        // A single share, or some of several, is no claim to be the whole.
        let Some(sum) = whole.filter(|_| figures.len() > 2) else { continue };
        let period = figures[0].figure.period;
        if !(99..=101).contains(&sum) {
            let english = finding(
                "shares_of_a_whole",
                Severity::Contradiction,
                format!("the shares add up to {sum}%, not 100% ({period})"),
                "ask the source which share is wrong, or what is missing",
                &figures,
            );
            findings.push(english.in_spanish(
                format!("los porcentajes suman {sum}%, no 100% ({period})"),
                "pregunte a la fuente qué porcentaje está mal, o qué falta",
            ));
        }
    }
    findings
}

/// Two periods of one reporter that were mapped to one state quarter.
pub(super) fn two_periods_in_one_quarter(facts: &Facts<'_>) -> Vec<Finding> {
    let groups = grouped(facts.figures.iter(), |stored| {
        let quarter = stored.quarter?;
        let figure = &stored.figure;
        let key = (quarter, figure.measure.clone(), figure.dimensions.clone());
        Some((stored.standing, figure.reporter.clone(), key))
    });
    groups
        .into_iter()
        .filter(|(_, figures)| figures.iter().any(|one| one.figure.period != figures[0].figure.period))
        .map(|((_, reporter, (quarter, ..)), figures)| {
            let periods: Vec<String> =
                figures.iter().map(|stored| stored.figure.period.to_string()).collect();
            let who = facts.reporter(&reporter);
            finding(
                "two_periods_in_one_quarter",
                Severity::Contradiction,
                format!(
                    "{who} reported {} for the state quarter {quarter}: both overlap it most",
                    periods.join(" and ")
                ),
                "ask the reporter which of the two belongs to the quarter, and withdraw or correct the other",
                &figures,
            )
            .in_spanish(
                format!(
                    "{who} informó de {} para el trimestre {quarter} del estado: los dos coinciden sobre todo con él",
                    periods.join(" y de ")
                ),
                "pregunte cuál de los dos es de ese trimestre, y retire o corrija el otro",
            )
        })
        .collect()
}
