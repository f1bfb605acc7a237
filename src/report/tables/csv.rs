//! A table as comma-separated values (RFC 4180), in UTF-8.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Table;

/// Writes `table` row by row. The text of a cell with spans stands in its first place, the others are empty.
///
/// # Errors
/// What writing to `out` gives.
pub fn write(table: &Table, out: &mut impl Write) -> io::Result<()> {
    for row in table.rows() {
        let fields: Vec<Cow<'_, str>> =
            row.into_iter().map(|text| quoted(&harmless(text)).into_owned().into()).collect();
        write!(out, "{}\r\n", fields.join(","))?;
    }
    Ok(())
}

/// `text` such that no spreadsheet takes it for a formula that calls something: one that begins like a formula and
/// has a call, a reference to another sheet or a DDE link gets an apostrophe before it. Figures and signs stay.
fn harmless(text: &str) -> Cow<'_, str> {
    let begins = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t']);
    if begins && text.contains(['(', '（', '|', '!', '！']) { format!("'{text}").into() } else { text.into() }
}

fn quoted<'a>(text: &'a str) -> Cow<'a, str> {
    if text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        for (text, field) in [
            ("12,345.67", "\"12,345.67\""),
            ("他说\"好\"", "\"他说\"\"好\"\"\""),
            ("合计", "合计"),
            ("a\nb", "\"a\nb\""),
        ] {
            assert_eq!(quoted(text), field);
        }
    }

    #[test]
    fn formulas_that_call_are_defused_and_figures_are_kept() {
        for text in ["=HYPERLINK(\"http://x\",\"y\")", "@SUM(A1)", "+cmd|' /C calc'!A0"] {
            assert!(harmless(text).starts_with('\''), "{text}");
        }
        for text in ["-77.30", "=", "≥95%", "+3.5%", "—", "=95%", "(12)"] {
            assert_eq!(harmless(text), text);
        }
    }
}
