//! Made-up reports in English and in Spanish, with charts as `report` draws them.

use report_pdf::{
    Alignment, Block, Cell, Document, Figure, HeaderCell, Inline, KeyFigure, Language, Paper,
    Table, Tone,
};

const STYLE: &str = include_str!("../data/chart.css");

/// A chart out of a page of `report`, with the colours of its style sheet in it.
fn chart(svg: &str) -> String {
    let end = svg.find('>').map_or(0, |end| end + 1);
    format!("{}<style>{STYLE}</style>{}", &svg[..end], &svg[end..])
}

fn text(text: &str) -> Inline {
    Inline::from(text)
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned() }
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

fn key_figure(value: &str, label: &str, note: &str) -> KeyFigure {
    KeyFigure { value: value.into(), label: label.into(), note: note.into() }
}

fn figure(svg: &str, alt: &str, caption: &str, note: &str, source: &str) -> Block {
    Block::Figure(Figure {
        svg: chart(svg),
        alt: alt.into(),
        caption: caption.into(),
        note: note.into(),
        source: source.into(),
    })
}

fn toned(text: &str, tone: Tone) -> Cell {
    Cell { text: text.to_owned(), tone }
}

/// One row for each county, some of it hidden, so that the table reaches several pages.
fn counties(total: &str, hidden: &str, missing: &str) -> Vec<Vec<Cell>> {
    let names = [
        "Alameda",
        "Contra Costa",
        "Fresno",
        "Humboldt",
        "Imperial",
        "Kern",
        "Los Angeles",
        "Marin",
        "Monterey",
        "Orange",
        "Riverside",
        "Sacramento",
        "San Bernardino",
        "San Diego",
        "San Francisco",
        "San Joaquin",
        "San Luis Obispo",
        "Santa Barbara",
        "Santa Clara",
        "Sonoma",
    ];
    let number = |number: usize| match number {
        0 => toned(missing, Tone::Missing),
        1..11 => toned(hidden, Tone::Hidden),
        _ => Cell::from(number.to_string().as_str()),
    };
    let mut rows: Vec<Vec<Cell>> = (0..60)
        .map(|row: usize| {
            let name = format!("{} {}", names[row % names.len()], ["", "North", "South"][row / 20]);
            let numbers = [row * 37 % 211, row * 11 % 47, row * 7 % 23, row * 3 % 131];
            let mut cells = vec![Cell::from(name.trim_end())];
            cells.extend(numbers.map(number));
            cells
        })
        .collect();
    rows.push(["", "4,812", "1,240", "611", "2,961"].map(|text| toned(text, Tone::Total)).into());
    rows[60][0].text = total.to_owned();
    rows
}

/// A made-up report in English, with everything that can stand in one.
pub(crate) fn english() -> Document {
    Document {
        language: Language::English,
        paper: Paper::UsLetter,
        title: "The State of Human Trafficking in Practice State, July to September 2026".into(),
        subtitle: "Eight of nine task forces reported 4,812 people; how many were seen by nobody \
                   cannot be counted, only estimated."
            .into(),
        issuer: "Office of Practice, State of Practice".into(),
        period: "July to September 2026".into(),
        day: "2026-11-29".into(),
        stamp: Some("Made up for practice: no number in this report is real".into()),
        numbered: true,
        blocks: [first_pages(), chapters(), last_pages()].concat(),
    }
}

fn first_pages() -> Vec<Block> {
    vec![
        Block::KeyFigures(vec![
            key_figure(
                "4,812",
                "people seen by at least one agency",
                "Each counted once. Eight of nine task forces reported.",
            ),
            key_figure("620 to 910", "minors among them", "A range: 290 records name no age."),
            key_figure("1 in 4", "in labor trafficking", "Of those whose type is known."),
        ]),
        Block::Contents,
        Block::PageBreak,
        heading(1, "What this report can and cannot say"),
        Block::Paragraph(vec![
            text("The numbers are of people "),
            Inline::Strong("whom somebody recognised".into()),
            text(
                ". Most victims of trafficking are never recognised, and who is recognised depends on who is \
                  looked for. A county with more cases may have more trafficking, or a better task force.",
            ),
            Inline::Note(1),
            text(" Nothing here is a ranking."),
        ]),
        Block::Callout {
            title: "How to read hidden cells".into(),
            paragraphs: vec![
                vec![
                    text(
                        "A number of people under 11 is not printed, so that nobody can be recognised by it. Such a \
                          cell says ",
                    ),
                    Inline::Emphasis("fewer than 11, hidden".into()),
                    text(
                        " and has a hatched mark. Some larger numbers are hidden too: with them, a hidden one could \
                          be worked out from the totals.",
                    ),
                ],
                vec![text(
                    "Zero is also hidden. “Not collected” means that nobody asked, which is not zero.",
                )],
            ],
        },
        heading(2, "Who reported"),
        Block::List {
            ordered: false,
            items: vec![
                vec![text("Eight of nine task forces sent a return for the quarter.")],
                vec![
                    Inline::Strong("Practice Task Force 6".into()),
                    text(
                        " reports from the 16th of the month; its quarter is put with the one it overlaps most.",
                    ),
                ],
                vec![
                    text("The definitions are those of the register: "),
                    Inline::Link {
                        text: "definitions in full".into(),
                        url: "https://example.org/definitions?a=1&b=2".into(),
                    },
                    text("."),
                ],
            ],
        },
        Block::List {
            ordered: true,
            items: vec![
                vec![text("Count each person once.")],
                vec![text("Say what is not known.")],
            ],
        },
    ]
}

fn chapters() -> Vec<Block> {
    vec![
        heading(1, "Who was seen"),
        paragraph(
            "Reports come once a quarter. Where a task force sent none, nothing is drawn: a gap is not a zero.",
        ),
        figure(
            include_str!("../data/series.svg"),
            "Columns from zero, one for each quarter: 135 in the first, 390 in the last; six quarters between are not in the source.",
            "Three times as many people were seen in the last quarter as in the first",
            "Hatched: quarters that the source does not give. Definitions changed in between.",
            "Quarterly returns of task forces, 2024 to 2026.",
        ),
        heading(2, "Labor trafficking, in its own right"),
        figure(
            include_str!("../data/shares.svg"),
            "Bars from zero. Sex trafficking: 76 %; labor trafficking: 15 %; other or not specified: 9 %, derived.",
            "One investigation in seven is of labor trafficking",
            "Striped: worked out from the others, not stated by the source.",
            "Annual report of task forces, 2012.",
        ),
        figure(
            include_str!("../data/marks.svg"),
            "Columns from zero: 40; fewer than 11, hidden; unknown; not collected; 0; not in the source.",
            "Six kinds of answer, each drawn in its own way",
            "",
            "Returns made up for practice.",
        ),
        heading(2, "Where"),
        figure(
            include_str!("../data/map.svg"),
            "Map of counties. Alameda 52; Monterey and San Diego are named without a number; Fresno fewer than 11, hidden; eight counties without a report.",
            "One county states a number; eight sent no report",
            "No report is not the same as no cases.",
            "Returns made up for practice; county outlines of the Census Bureau, 2025.",
        ),
        heading(1, "Every county"),
        Block::Table(Table {
            caption: "People seen by county and by type of trafficking".into(),
            header: vec![
                vec![
                    HeaderCell::from(""),
                    HeaderCell { text: "People, each counted once".into(), columns: 4 },
                ],
                vec![
                    "County".into(),
                    "Sex trafficking".into(),
                    "Labor trafficking".into(),
                    "Both".into(),
                    "Type not known".into(),
                ],
            ],
            rows: counties("All counties", "fewer than 11, hidden", "not collected"),
            alignment: vec![
                Alignment::Start,
                Alignment::End,
                Alignment::End,
                Alignment::End,
                Alignment::End,
            ],
            row_names: true,
            notes: vec![vec![
                text("Hidden cells: see “How to read hidden cells”. Totals hold what is hidden."),
                Inline::Note(2),
            ]],
            source: "Returns made up for practice.".into(),
        }),
    ]
}

fn last_pages() -> Vec<Block> {
    vec![
        heading(1, "How many nobody saw"),
        figure(
            include_str!("../data/seen.svg"),
            "A row for each combination of lists. Police: 152; prosecutors: fewer than 11, hidden; police and prosecutors: 38; shelters: 21; police and shelters: 152; prosecutors and shelters: fewer than 11, hidden; all three: 38.",
            "Police and shelters see the same people; prosecutors see few that others do not",
            "Each row is one combination of lists; people on exactly these.",
            "Record linkage of coded records.",
        ),
        figure(
            include_str!("../data/range.svg"),
            "A bar for 1,742 records and under it a band from 1,201 to 1,688 people with a point at 1,402.",
            "1,742 records are between 1,201 and 1,688 people",
            "",
            "Record linkage of coded records.",
        ),
        heading(1, "Definitions"),
        Block::Table(Table {
            caption: "What is counted".into(),
            header: vec![vec!["Counted unit".into(), "What it is".into(), "What dates it".into()]],
            rows: vec![
                vec!["Victim identified".into(), "A person whom an agency holds to be a victim of trafficking under state law. A minor who is sold for sex is one without any proof of force.".into(), "The day of first contact".into()],
                vec!["Investigation".into(), "A case opened by a member of the task force, whatever comes of it.".into(), "The day it was opened".into()],
                vec!["Person arrested".into(), "A person arrested on a charge of trafficking, each counted once a quarter.".into(), "The day of arrest".into()],
            ],
            alignment: vec![Alignment::Start; 3],
            row_names: true,
            notes: vec![],
            source: String::new(),
        }),
        heading(1, "Notes"),
        heading(2, "Method, coverage, uncertainty"),
        Block::EndNotes(vec![
            vec![text("Farrell and Reichert, "), Inline::Emphasis("Using U.S. law-enforcement data: promise and limits".into()), text(", 2017. On what police data can and cannot show.")],
            vec![text("Cells are hidden by a threshold of 11 and by complementary suppression; every range that could be worked out was checked by linear programming.")],
        ]),
    ]
}

/// A made-up report in Spanish, on A4.
pub(crate) fn spanish() -> Document {
    let mut document = english();
    document.language = Language::Spanish;
    document.paper = Paper::A4;
    document.title = "La situación de la trata de personas en el Estado de Práctica, de julio a septiembre de 2026".into();
    document.subtitle = "Ocho de nueve grupos de trabajo informaron de 4,812 personas; a cuántas no vio nadie no se puede contar, solo estimar.".into();
    document.issuer = "Oficina de Práctica, Estado de Práctica".into();
    document.period = "julio a septiembre de 2026".into();
    document.stamp = None;
    document.numbered = false;
    document.blocks = vec![
        Block::KeyFigures(vec![
            key_figure(
                "4,812",
                "personas vistas por al menos un organismo",
                "Cada una contada una vez. Informaron ocho de nueve grupos.",
            ),
            key_figure(
                "de 620 a 910",
                "menores entre ellas",
                "Un intervalo: 290 registros no dan la edad.",
            ),
        ]),
        Block::Contents,
        heading(1, "Qué puede decir este informe y qué no"),
        Block::Paragraph(vec![
            text("Las cifras son de personas "),
            Inline::Strong("a quienes alguien reconoció".into()),
            text(
                ". La mayoría de las víctimas de trata nunca es reconocida, y quién lo es depende de a quién se busca. ¿Más casos? Quizá más trata, quizá un grupo de trabajo mejor.",
            ),
            Inline::Note(1),
        ]),
        Block::Callout {
            title: "Cómo leer las celdas ocultas".into(),
            paragraphs: vec![vec![
                text(
                    "Un número de personas menor que 11 no se imprime, para que nadie pueda ser reconocido por él. La celda dice ",
                ),
                Inline::Emphasis("menos de 11, oculto".into()),
                text(" y lleva una marca rayada."),
            ]],
        },
        heading(2, "Trata laboral, por derecho propio"),
        figure(
            include_str!("../data/shares.svg"),
            "Barras desde cero. Trata sexual: 76 %; trata laboral: 15 %; otra o no especificada: 9 %.",
            "Una investigación de cada siete es de trata laboral",
            "Rayado: calculado a partir de las demás, no indicado por la fuente.",
            "Informe anual de los grupos de trabajo, 2012.",
        ),
        heading(1, "Cada condado"),
        Block::Table(Table {
            caption: "Personas vistas por condado y tipo de trata".into(),
            header: vec![vec![
                "Condado".into(),
                "Trata sexual".into(),
                "Trata laboral".into(),
                "Ambas".into(),
                "Tipo no conocido".into(),
            ]],
            rows: counties("Todos los condados", "menos de 11, oculto", "no recogido"),
            alignment: vec![
                Alignment::Start,
                Alignment::End,
                Alignment::End,
                Alignment::End,
                Alignment::End,
            ],
            row_names: true,
            notes: vec![],
            source: "Informes inventados para practicar.".into(),
        }),
        heading(1, "Notas"),
        Block::EndNotes(vec![vec![text(
            "Sobre lo que los datos policiales pueden mostrar y lo que no.",
        )]]),
    ];
    document
}
