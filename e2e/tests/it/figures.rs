//! `figures.csv` as its reader sees it.

/// One row of `figures.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The figure's name.
    pub(crate) id: String,
    /// The counted unit.
    pub(crate) measure: String,
    /// The period.
    pub(crate) period: String,
    /// The place.
    pub(crate) place: String,
    /// The breakdown.
    pub(crate) category: String,
    /// The value, or its mark.
    pub(crate) value: String,
    /// Who reported.
    pub(crate) coverage: String,
    /// Reporter, standing, files.
    pub(crate) source: String,
}

/// Where one figure stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    /// The file.
    pub(crate) file: String,
    /// The row, the header being row 1.
    pub(crate) row: usize,
    /// The column.
    pub(crate) column: String,
}

impl Row {
    /// The cells that the source column names.
    pub(crate) fn cells(&self) -> Vec<Cell> {
        self.source
            .split("; ")
            .filter_map(|part| {
                let (place, _digest) = part.rsplit_once(", blake3:")?;
                let (place, column) = place.rsplit_once(", column ")?;
                let (file, row) = place.rsplit_once(", row ")?;
                let row = row.parse().ok()?;
                Some(Cell { file: file.to_owned(), row, column: column.to_owned() })
            })
            .collect()
    }
}

/// Reads `figures.csv`.
pub(crate) fn read(text: &str) -> Vec<Row> {
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = rows.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(
        header.join(","),
        "id,measure,period,place,category,value,unit,definition_version,coverage,source"
    );
    let row = |record: csv::StringRecord| {
        let cell = |at: usize| record[at].to_owned();
        Row {
            id: cell(0),
            measure: cell(1),
            period: cell(2),
            place: cell(3),
            category: cell(4),
            value: cell(5),
            coverage: cell(8),
            source: cell(9),
        }
    };
    rows.records().map(|record| row(record.expect("a row"))).collect()
}
