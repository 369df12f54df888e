//! One method's answer.

use std::collections::BTreeMap;

use serde::Serialize;

/// How a population was estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Method {
    /// Forward stepwise choice of pairs (Chan, Silverman and Vincent 2021).
    Stepwise,
    /// The hierarchical model of lowest BIC.
    Bic,
    /// All hierarchical models, weighted by AIC.
    AllModelsAic,
    /// Averaging over decomposable graphs (Madigan and York 1997).
    Decomposable,
    /// Classes of people who are alike (Manrique-Vallier 2016).
    LatentClass,
    /// Lists that have nothing to do with one another.
    Independence,
    /// Two lists (Chapman 1951).
    Chapman,
}

impl Method {
    /// All, in the order in which they are printed.
    pub const ALL: [Method; 7] = [
        Method::Stepwise,
        Method::Bic,
        Method::AllModelsAic,
        Method::Decomposable,
        Method::LatentClass,
        Method::Independence,
        Method::Chapman,
    ];

    /// The name on the command line and in documents.
    pub fn name(self) -> &'static str {
        match self {
            Method::Stepwise => "stepwise",
            Method::Bic => "bic",
            Method::AllModelsAic => "all-models-aic",
            Method::Decomposable => "decomposable",
            Method::LatentClass => "latent-class",
            Method::Independence => "independence",
            Method::Chapman => "chapman",
        }
    }

    /// The method of a name.
    pub fn of_name(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.name() == name)
    }
}

/// Where the population probably is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// How often such intervals hold the truth when the method's assumptions do, such as 0.95.
    pub level: f64,
    /// Lower end, people.
    pub low: f64,
    /// Upper end, people; infinite, and `null` in JSON, when what was seen sets no end.
    pub high: f64,
    /// How it was made.
    pub kind: IntervalKind,
}

/// How an interval was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IntervalKind {
    /// Bias-corrected and accelerated bootstrap (Efron 1987), the model chosen anew in each replicate.
    Bca,
    /// Quantiles of a posterior.
    Credible,
    /// Profile likelihood (Cormack 1992).
    Profile,
    /// Log-normal for the number unseen (Chao 1987).
    LogNormal,
}

/// What a method says about how it got there.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Diagnostic {
    /// A number.
    Number(f64),
    /// A sentence.
    Text(String),
    /// Several of them.
    List(Vec<String>),
}

/// One method's answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// The method.
    pub method: Method,
    /// Which lists interact in its model, as names joined by colons; single lists are left out.
    pub terms: Vec<String>,
    /// How many people there are, those on no list included; not rounded.
    pub population: f64,
    /// Where it probably is.
    #[serde(rename = "ci")]
    pub interval: Option<Interval>,
    /// Akaike's information criterion, of a log-linear model.
    pub aic: Option<f64>,
    /// Schwarz's information criterion with the number of people seen, of a log-linear model.
    pub bic: Option<f64>,
    /// What else there is to know.
    pub diagnostics: BTreeMap<&'static str, Diagnostic>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_documents() {
        for method in Method::ALL {
            assert_eq!(serde_json::to_value(method).unwrap(), method.name());
            assert_eq!(Method::of_name(method.name()), Some(method));
        }
    }
}
