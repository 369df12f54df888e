//! Spanish, for readers in the United States.

use disclosure::{Dependence, Regime};

use super::spanish_dates::{day, period, quarter_short};
use super::{Charts, DataWords, Dates, EstimateWords, Frame, Messages, Values, Words};

/// The words.
pub(crate) const SPANISH: Words = Words {
    frame: FRAME,
    dates: Dates { day, period, quarter_short },
    values: VALUES,
    charts: CHARTS,
    messages: MESSAGES,
    estimate: ESTIMATE,
    notes: super::spanish_notes::NOTES,
    data: DATA,
    names: super::names::SPANISH,
};

const FRAME: Frame = Frame {
    skip: "Ir al informe",
    exit: "Salir de esta página",
    other_language: "English",
    danger: "¿En peligro ahora? Llame al",
    hotline: "Para hablar con alguien, gratis, a cualquier hora:",
    hotline_text: "o mande un mensaje de texto al",
    hotline_who: "Línea Nacional contra la Trata de Personas",
    tab: |state, period| format!("Informe estatal: {state}, {period}"),
    title: |state, period| format!("La situación de la trata de personas en {state}, {period}"),
    introduction: |state, period| {
        format!(
            "Cuántas personas se identificaron en {state} en {period}, en qué tipo de trata, y qué es lo \
             que nadie sabe. Son personas a quienes alguien reconoció. A muchas nadie las reconoce."
        )
    },
    made_up: "Datos inventados para practicar. Ningún número de esta página describe a nadie.",
    contents: "En este informe",
    first_numbers: "Los primeros números",
    same_as_table: "Lo mismo en una tabla",
    end_notes: "Cómo se hicieron estos números",
    colophon: |day, version| {
        format!(
            "Informe del {day}, con la versión {version} de las definiciones. Hecho con Clearway."
        )
    },
};

const VALUES: Values = Values {
    hidden: "oculto",
    hidden_why: "oculto para proteger a las personas",
    not_reported: "sin informar",
    about: |number| format!("unas {number}"),
    from_to: |low, high| format!("{low} a {high}"),
    between: "Intervalo",
    people: "Personas",
    all: "Todas",
    blank: "Sin indicar",
    hidden_note: "«Oculto» quiere decir oculto para proteger a las personas. No quiere decir cero.",
    not_reported_note: "«Sin informar» quiere decir que nadie lo informó. No quiere decir cero.",
    noise_note: "Los números están redondeados con ruido protector; el intervalo muestra cuánto puede \
                 haberlos movido.",
    rounded_note: "Los números están redondeados para proteger a las personas; el intervalo muestra cuánto.",
    stamp: |data_set, entry, hash, day, regime| {
        let how = match regime {
            Regime::Suppressed => "números exactos, algunos ocultos",
            Regime::Private => "ruido protector (privacidad diferencial)",
            Regime::KAnonymous => "solo grupos de personas, nunca una sola",
        };
        format!(
            "Publicado el {day}. Conjunto de datos {data_set}, entrada {entry} del registro ({hash}). \
             Protección: {how}."
        )
    },
};

const CHARTS: Charts = Charts {
    bars: "Barras desde cero.",
    columns: "Columnas desde cero, una por trimestre.",
    lines: "Una línea en el extremo muestra cuánto puede su protección haber movido un número.",
    map: "Mapa de condados. El área de un círculo representa el número de personas.",
    spread: "Una línea con el intervalo de cada método, en una escala donde pasos iguales son factores \
             iguales, y una banda con el intervalo que vale.",
    key_interval: "El número y cuánto puede haberlo movido su protección",
    key_hidden: "Oculto para proteger a las personas",
    key_circle: "Personas identificadas; el área del círculo es el número",
    key_ring: "Hasta dónde podría llegar",
    key_silent: "Nadie informó, lo que no es cero",
    key_nobody: "Nadie identificado",
    key_open: "Tan pocas personas, si hay alguna, que el número no deja saberlo",
    range: |low, high| format!("intervalo: {low} a {high}"),
    seen: |number| format!("{number} personas vistas"),
    made_up: "inventado para practicar",
};

const MESSAGES: Messages = Messages {
    quarter: "Personas identificadas por trimestre",
    quarters_differ: |[low, fewest, high, most], hidden| {
        let shown = if hidden { "De los trimestres que se muestran, se" } else { "Se" };
        format!(
            "{shown} identificó a más personas en el trimestre de {high} ({most}), y a menos en el de {low} \
             ({fewest})"
        )
    },
    quarters_alike: |low, high| {
        format!(
            "Entre {low} y {high} personas se identificaron en cada trimestre que se muestra; la \
             diferencia no pasa del ruido o redondeo que protege a las personas"
        )
    },
    quarters_same: |number| {
        format!("Se identificaron {number} personas en cada trimestre que se muestra")
    },
    one_quarter: |quarter, number| {
        format!("Se identificaron {number} personas en el trimestre de {quarter}")
    },
    kind: "Tipo de trata",
    labor: "Trata laboral",
    labor_found: |labor, both| {
        format!(
            "Personas identificadas solo en trata laboral: {labor}; en trata laboral y sexual: {both}"
        )
    },
    labor_hidden: "Cuántas personas se identificaron en trata laboral se oculta para protegerlas",
    labor_note: "La trata laboral se busca menos que la sexual: pocas agencias inspeccionan lugares de \
                 trabajo o preguntan por el trabajo. Un número pequeño aquí dice poco de cuánta hay.",
    age_sex: "Edad y género",
    largest: |group, number| format!("El grupo más grande que se muestra: {group} ({number})"),
    none_largest: "Ningún grupo es claramente el más grande",
    not_drawn: "Los grupos cuyo número puede ser cero están en la tabla y no en el gráfico.",
    county: "Dónde se identificó a las personas",
    counties: |with, all, hidden| {
        let rest = match hidden {
            0 => String::new(),
            1 => "; el número de otro se oculta para proteger a las personas".to_owned(),
            hidden => {
                format!("; los números de otros {hidden} se ocultan para proteger a las personas")
            }
        };
        format!("Se identificó a personas en al menos {with} de {all} condados{rest}")
    },
    county_note: "Son números y no tasas: en unos condados vive más gente que en otros, y unos buscan más. \
                  Donde se identificó a una persona no siempre es donde fue explotada.",
    all_hidden: "Aquí todos los números se ocultan para proteger a las personas",
    subtitle: |state, period| format!("Personas identificadas, {state}, {period}"),
    both_ends: |agencies| {
        format!("{agencies} agencias informaron tanto en el primer trimestre como en el último.")
    },
    who_looked: "Un número mayor o menor puede venir de quién buscó y quién informó. No dice que haya \
                 habido más trata, ni menos.",
    identified: |period| format!("personas identificadas en {period}"),
};

const ESTIMATE: EstimateWords = EstimateWords {
    heading: "Cuántas personas puede haber en total",
    found: |low, high, seen| {
        format!(
            "Probablemente entre {low} y {high} personas en total, de las que {seen} están en alguna lista"
        )
    },
    refused: "Las listas no pueden decir cuántas personas hay en total",
    refused_why: |why| format!("Por qué no hay intervalo (en inglés): {why}."),
    subtitle: |state, period| {
        format!(
            "Personas en situación de trata, identificadas o no, según varios métodos, {state}, {period}"
        )
    },
    reading: |level| {
        format!(
            "Si se cumple lo que suponen los métodos, el intervalo contiene el número verdadero con una \
             probabilidad de {level}. Es un intervalo y nunca un solo número: de ningún método se sabe que \
             sea el correcto."
        )
    },
    dependence: |dependence| match dependence {
        Dependence::Likelier => {
            "Quien está en una de estas listas parece estar en otra con más probabilidad. El intervalo lo \
             tiene en cuenta, y también a quienes ninguna lista puede alcanzar."
        }
        Dependence::LessLikely => {
            "Quien está en una de estas listas parece estar en otra con menos probabilidad. El intervalo lo \
             tiene en cuenta, y también a quienes ninguna lista puede alcanzar."
        }
        Dependence::Little => {
            "Estar en una de estas listas dice poco de estar en otra. El intervalo tiene en cuenta lo que \
             ninguna lista puede decir."
        }
    },
    methods_apart: |[least, by, most, by_most]| {
        format!("Los métodos no coinciden: van de {least} ({by}) a {most} ({by_most}) personas.")
    },
    hangs_on: |list, low, high| {
        format!(
            "Mucho depende de la lista de {list}: sin ella el intervalo sería de {low} a {high}."
        )
    },
    linkage: "Quién es la misma persona en dos listas tampoco es seguro. El intervalo lo tiene en cuenta.",
    few: "Se ven pocas personas: unas más o menos cambiarían el intervalo.",
    noisy: "Las listas se contaron con ruido protector. El intervalo lo tiene en cuenta.",
    more: "La estimación se apoya en otras comprobaciones, que están en los datos.",
    method: "Método",
    the_range: "El intervalo que vale",
    no_interval: "sin intervalo",
    no_end: |low| format!("{low} o más"),
};

const DATA: DataWords = DataWords {
    heading: "Los datos",
    introduction: "Cada tabla de este informe como archivo. La descripción que acompaña a cada archivo \
                   nombra sus columnas y dice cómo se protegen los números.",
    file: "Archivo",
    what: "Qué contiene",
    description: "Descripción",
    everything: "Todo el informe, también la estimación",
    licence: |name| format!("Licencia: {name}."),
    table: |counted, dimensions| format!("{counted} por {dimensions}"),
    value: "El número; hidden (oculto) y not-reported (sin informar) no son números",
    low: "Límite inferior del intervalo que deja el ruido o redondeo protector",
    high: "Límite superior del intervalo que deja el ruido o redondeo protector",
    status: "Cómo se muestra el número",
    codes: "_T es el total de una columna; _U, sin indicar.",
};
