//! What the first sheet of a workbook says.

use records::register::Register;

/// Headings and paragraphs.
pub(super) enum Line {
    Title(&'static str),
    Heading(&'static str),
    Text(String),
}

/// The lines of the sheet; `steps` is what is particular to the workbook.
pub(super) fn lines(register: &Register, steps: &[&str]) -> Vec<Line> {
    let version = register.current_version();
    let mut lines = vec![Line::Title("Clearway return"), Line::Heading("What this is")];
    let mut say = |heading, texts: &[&str]| {
        lines.push(Line::Heading(heading));
        lines.extend(texts.iter().map(|text| Line::Text((*text).to_owned())));
    };
    say("How to fill it in", steps);
    say(
        "Zero, unknown and not collected are three answers",
        &[
            "0: you looked, and there were none.",
            "unknown: you collect this and do not know it for this period.",
            "not collected: you do not collect this.",
            "A number that is not exact is written as it is known: more than 300, at least 12, about \
         8, fewer than 20. Nothing is rounded or guessed for you.",
            "An empty value is no answer, and the file comes back to you.",
        ],
    );
    say(
        "No people",
        &[
            "This form takes totals only. Write no name, date of birth, address, telephone, case or \
         file number of any person, in any cell, on any sheet, hidden ones included: a workbook \
         that holds one is refused whole.",
            "A small number can point to a person too. Send it as it is: numbers under 11 are not \
         published.",
        ],
    );
    say(
        "Your own words",
        &[
            "When your agency calls the type of trafficking otherwise than the code you chose, write \
         its own word in agency_classification. It is kept beside the state's code, and where the two \
         differ somebody will ask you. The figure is added up under the state's code.",
        ],
    );
    say(
        "Check it and send it",
        &[
            "Save the workbook as XLSX or ODS, or the sheet Return as CSV, without a password.",
            "`clearway check FILE` names every cell that needs mending: row, column, what was expected \
         and how to mend it.",
            "Send the file to the clearinghouse that asked you for it, in the way it told you. To \
         correct a file, say so when you send the new one, and why: the old figures are kept with the \
         date of the correction.",
        ],
    );
    let about = format!(
        "A form for figures about human trafficking: one row on the sheet Return for each figure. \
         It was made from version {} of the definitions, of {}. The sheet Definitions says what \
         each figure counts.",
        version.name, version.date
    );
    lines.insert(2, Line::Text(about));
    lines
}
