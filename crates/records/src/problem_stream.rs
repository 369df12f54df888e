//! Problems as one JSON document that is written while they are found.
//!
//! In: [`CellProblem`]s, one by one. Out: `{"errors":[…],"rows":N,"ok":bool}` on any writer, with
//! nothing kept in memory. Every kind of check writes this document.

use std::io::{self, Write};

use crate::CellProblem;

/// Writes the document of one check.
///
/// # Examples
///
/// ```
/// use records::JsonStream;
///
/// let mut stream = JsonStream::begin(Vec::new())?;
/// let document = stream.end(12, true)?;
/// assert_eq!(document, b"{\"errors\":[],\"rows\":12,\"ok\":true}\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct JsonStream<W: Write> {
    out: W,
    is_first: bool,
}

impl<W: Write> JsonStream<W> {
    /// Begins the document.
    ///
    /// # Errors
    ///
    /// When the writer fails.
    pub fn begin(mut out: W) -> io::Result<JsonStream<W>> {
        out.write_all(b"{\"errors\":[")?;
        Ok(JsonStream { out, is_first: true })
    }

    /// Writes one problem.
    ///
    /// # Errors
    ///
    /// When the writer fails.
    pub fn problem(&mut self, problem: &CellProblem) -> io::Result<()> {
        if !self.is_first {
            self.out.write_all(b",")?;
        }
        self.is_first = false;
        self.out.write_all(b"\n")?;
        serde_json::to_writer(&mut self.out, problem)?;
        Ok(())
    }

    /// Ends the document and hands the writer back, flushed.
    ///
    /// # Errors
    ///
    /// When the writer fails.
    pub fn end(mut self, rows: u64, ok: bool) -> io::Result<W> {
        let line = if self.is_first { "" } else { "\n" };
        writeln!(self.out, "{line}],\"rows\":{rows},\"ok\":{ok}}}")?;
        self.out.flush()?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shown;

    #[test]
    fn the_document_is_json() {
        let problem = CellProblem {
            file: "a \"b\".csv".into(),
            row: 3,
            column: "victims".into(),
            value: Shown::Withheld,
            expected: "a whole number".into(),
            fix: "write digits".into(),
        };
        let mut stream = JsonStream::begin(Vec::new()).unwrap();
        stream.problem(&problem).unwrap();
        stream.problem(&problem).unwrap();
        let document: serde_json::Value =
            serde_json::from_slice(&stream.end(9, false).unwrap()).unwrap();
        assert_eq!(document["errors"].as_array().unwrap().len(), 2);
        assert_eq!(document["errors"][1]["value"], "[withheld]");
        assert_eq!((&document["rows"], &document["ok"]), (&9.into(), &false.into()));
    }
}
