//! The end notes in Spanish.

use disclosure::Regime;

use super::Notes;

/// The notes.
pub(super) const NOTES: Notes = Notes {
    method: "Método",
    method_text: &[
        "Las agencias llevan registros de las personas que reconocen. Mandan filas en códigos, sin nombres; \
         las filas de una misma persona se juntan con códigos que el estado no puede volver a convertir en \
         nombres.",
        "Cada número se puso a prueba antes de publicarse: con él, y con todo lo publicado antes, se probaron las \
         maneras conocidas de averiguar algo de una persona. No es una prueba de que no haya otras maneras.",
    ],
    protection: |regime| match regime {
        Regime::Suppressed => {
            "Los números son exactos. Se ocultan los que podrían señalar a una persona y también aquellos con \
             los que se podría calcular uno oculto. Los dos se ven igual a propósito."
        }
        Regime::Private => {
            "Cada número se movió un poco al azar (privacidad diferencial) antes de publicarse, para que sea \
             casi el mismo esté o no esté una persona en los datos. Lo que se gasta de esta protección queda \
             escrito en un registro."
        }
        Regime::KAnonymous => {
            "Solo se publican combinaciones que comparten varias personas; las menos frecuentes se omiten."
        }
    },
    estimate_method: "Cuántas personas no están en ninguna lista se calcula según cuánto coinciden las listas, \
                      con varios métodos uno al lado de otro. Parte solo de números ya publicados.",
    coverage: "Quién informó",
    coverage_reported: |reported, expected| {
        format!("Informaron {reported} de las {expected} agencias que debían informar.")
    },
    coverage_missing: |names| format!("Faltan: {names}."),
    coverage_all: "No falta ninguna agencia que debiera informar.",
    coverage_meaning: "Las personas que reconoció una agencia que falta no están en ningún número. Tampoco están \
                       las de agencias a las que nunca se preguntó, ni las personas a quienes nadie reconoció.",
    definitions: "Definiciones",
    definitions_text: &[
        "Trata sexual: alguien hace que una persona participe en sexo comercial por la fuerza, con engaños o con \
         coacción; o la persona tiene menos de 18 años, y entonces no hace falta que haya fuerza.",
        "Trata laboral: alguien obtiene trabajo o servicios de una persona por la fuerza, con engaños o con \
         coacción, en cualquier oficio, también en casas.",
        "Trata sexual y laboral: las dos le ocurrieron a la misma persona, que se cuenta aquí y en ninguna de las \
         otras dos.",
        "Sin clasificar todavía: la agencia aún no puede decir cuál de ellas es.",
        "Menor: con menos de 18 años el día en que empezó la explotación o, si no se sabe, el día del primer \
         contacto.",
        "La trata no es el tráfico de migrantes: nadie tiene que haber cruzado una frontera.",
    ],
    definition_identified: "Una persona identificada: una persona de quien una agencia anotó, por primera vez en el \
                            periodo, hechos que indican que está o estuvo en situación de trata.",
    definition_labor: "Trata laboral: alguien obtiene trabajo o servicios de una persona por la fuerza, con engaños o \
                       con coacción, en cualquier oficio, también en casas. Las personas explotadas además en el sexo \
                       se muestran aparte.",
    definition_kind: "Personas identificadas por tipo: trata sexual, trata laboral o ambas; cada persona se cuenta en \
                      uno solo.",
    definition_age_sex: "Personas identificadas según la edad al empezar la explotación y el género que indican.",
    definition_county: "Personas identificadas según el condado del registro de la agencia: donde se identificó a la \
                        persona, que no siempre es donde fue explotada.",
    definition_estimate: "Personas en situación de trata en el periodo, también las que no están en ninguna lista: un \
                          intervalo.",
    uncertainty: "Incertidumbre",
    uncertainty_text: &[
        "El número de personas identificadas cuenta trabajo hecho: quien busca la trata la encuentra.",
        "Puede que las agencias no vieran a algunas personas, informaran tarde o anotaran algo mal.",
        "Puede que filas de una misma persona no se hayan juntado, y que se hayan juntado filas de dos personas.",
    ],
    noise_text: &[
        "El intervalo junto a un número viene solo del ruido protector. No incluye lo que las agencias no vieron o \
         anotaron mal.",
        "Aquí se dice que dos números son distintos solo si sus intervalos no se tocan.",
    ],
    hidden_meaning: "Un número se oculta para proteger a las personas: podría señalar a alguien, o permitiría \
                     calcular otro número oculto. Puede ser grande o pequeño.",
    noise_meaning: |percent| {
        let how = percent.map_or(String::new(), |percent| {
            format!(" En {percent} de cada 100 números así contiene el número que se contó.")
        });
        format!(
            "El ruido protector hace difícil saber si una persona está en un número. El intervalo muestra cuánto puede \
             el ruido haberlo movido.{how}"
        )
    },
    totals_differ: "Cada tabla tiene su propio ruido; por eso un mismo total puede variar un poco de una tabla a \
                    otra.",
};
