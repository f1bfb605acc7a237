//! A table as Markdown, for the eye. Its first row is the head, for Markdown knows no table without one.

use std::io::{self, Write};

use super::Table;
use crate::report::safe;

/// Writes `table`. The text of a cell with spans stands in its first place, the others are empty.
///
/// # Errors
/// What writing to `out` gives.
pub fn write(table: &Table, out: &mut impl Write) -> io::Result<()> {
    for (number, row) in table.rows().into_iter().enumerate() {
        let fields: Vec<String> = row.iter().map(|text| escaped(text)).collect();
        writeln!(out, "| {} |", fields.join(" | "))?;
        if number == 0 {
            writeln!(out, "|{}", " --- |".repeat(row.len()))?;
        }
    }
    Ok(())
}

/// `text` with what Markdown would act on escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for ch in safe::line(text).chars() {
        match ch {
            '|' | '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '~' | '&' => escaped.extend(['\\', ch]),
            _ => escaped.push(ch),
        }
    }
    escaped
}
