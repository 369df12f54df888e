//! A whole file that cannot be read, and why.

/// Why a whole file cannot be read: what is there, what was expected, how to mend it.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) found: &'static str,
    pub(crate) expected: &'static str,
    pub(crate) fix: &'static str,
}

/// A file in which nothing stands.
pub(crate) const EMPTY: Refusal = Refusal {
    found: "an empty file",
    expected: "a header row and rows below it",
    fix: "send the file again; if there is nothing to report, write rows with 0, unknown or \
          not collected",
};

/// A workbook that cannot be opened.
pub(super) const DAMAGED: Refusal = Refusal {
    found: "a workbook that cannot be opened: cut off, damaged or of another kind",
    expected: "a workbook as XLSX or ODS",
    fix: "open it in a spreadsheet, save it again as XLSX and send that",
};

/// A workbook behind a password.
pub(super) const ENCRYPTED: Refusal = Refusal {
    found: "a workbook that is protected by a password",
    expected: "a workbook that opens without a password",
    fix: "save it without a password",
};

/// A workbook whose parts are too much together.
pub(crate) const TOO_LARGE: Refusal = Refusal {
    found: "a workbook that unpacks to more than 512 MiB",
    expected: "a table of totals",
    fix: "send totals, or divide the table into several workbooks",
};

/// A sheet that reaches too far.
pub(crate) const TOO_MANY_CELLS: Refusal = Refusal {
    found: "a sheet of more than 2,000,000 cells",
    expected: "a table of totals",
    fix: "send totals; delete cells far outside the table",
};
