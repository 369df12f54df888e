//! Names of dimensions, categories and methods.
//!
//! A code that is not here is named by the caller of the report, or printed as it is with its
//! underscores and hyphens as spaces.

/// Names in one language.
pub(crate) struct Names {
    place: usize,
}

/// Names in English.
pub(super) const ENGLISH: Names = Names { place: 0 };
/// Names in Spanish.
pub(super) const SPANISH: Names = Names { place: 1 };

/// Dimension or kind of name, code, English, Spanish.
const NAMES: &[(&str, &str, [&str; 2])] = &[
    ("dimension", "quarter", ["Quarter", "Trimestre"]),
    ("dimension", "county", ["County", "Condado"]),
    ("dimension", "age", ["Age", "Edad"]),
    ("dimension", "sex", ["Gender", "Género"]),
    ("dimension", "gender", ["Gender", "Género"]),
    ("dimension", "exploitation", ["Kind of trafficking", "Tipo de trata"]),
    ("dimension", "task_force", ["Task force", "Grupo de trabajo"]),
    ("counted", "people", ["People identified", "Personas identificadas"]),
    ("exploitation", "sex", ["Sex trafficking", "Trata sexual"]),
    ("exploitation", "labor", ["Labor trafficking", "Trata laboral"]),
    ("exploitation", "both", ["Sex and labor trafficking", "Trata sexual y laboral"]),
    ("exploitation", "not_yet_classified", ["Not yet classified", "Sin clasificar todavía"]),
    (
        "exploitation",
        "other_or_not_specified",
        ["Neither named as sex nor as labor", "Ni sexual ni laboral, según se indicó"],
    ),
    ("exploitation", "other_unclassified", ["Other, unclassified", "Otra, sin clasificar"]),
    ("age", "minor", ["Under 18", "Menos de 18 años"]),
    ("age", "adult", ["18 or over", "18 años o más"]),
    ("age", "unknown", ["Age not known", "Edad desconocida"]),
    ("sex", "female", ["Women and girls", "Mujeres y niñas"]),
    ("sex", "male", ["Men and boys", "Hombres y niños"]),
    ("sex", "transgender_female", ["Transgender women and girls", "Mujeres y niñas transgénero"]),
    ("sex", "transgender_male", ["Transgender men and boys", "Hombres y niños transgénero"]),
    ("sex", "nonbinary", ["Nonbinary people", "Personas no binarias"]),
    ("sex", "unknown", ["Gender not stated", "Género sin indicar"]),
    ("method", "stepwise", ["model chosen step by step", "modelo elegido paso a paso"]),
    ("method", "bic", ["best single model (BIC)", "mejor modelo único (BIC)"]),
    ("method", "all-models-aic", ["all models, weighted", "todos los modelos, ponderados"]),
    ("method", "decomposable", ["average over graphs", "promedio sobre grafos"]),
    ("method", "latent-class", ["groups of similar people", "grupos de personas parecidas"]),
    ("method", "independence", ["lists independent", "listas independientes"]),
    ("method", "chapman", ["two lists (Chapman)", "dos listas (Chapman)"]),
];

impl Names {
    /// The name of a code, if it is known; a gender has one set of names under both of its columns.
    pub(crate) fn of(&self, dimension: &str, code: &str) -> Option<&'static str> {
        let dimension = if dimension == "gender" { "sex" } else { dimension };
        NAMES
            .iter()
            .find(|(of, known, _)| *of == dimension && *known == code)
            .map(|(_, _, names)| names[self.place])
    }

    /// The same, or the code with spaces.
    pub(crate) fn or_code(&self, dimension: &str, code: &str) -> String {
        self.of(dimension, code).map_or_else(|| code.replace(['_', '-'], " "), str::to_owned)
    }
}
