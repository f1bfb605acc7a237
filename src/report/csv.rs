//! A table as CSV (RFC 4180) that Excel opens right: UTF-8 with a byte order mark, lines that end in CR LF.

use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};

use crate::report::harmless;
use crate::report::table::{Cell, Sheet};

/// The mark by which Excel knows UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Writes the head and the rows of `sheet`. Text that a spreadsheet would act on gets a quotation mark before it;
/// numbers keep every digit.
pub fn write(sheet: &Sheet, mut out: impl Write) -> io::Result<()> {
    out.write_all(BOM)?;
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(&mut out).write_record(&sheet.head)?;
    rows(sheet, out)
}

/// Writes the rows of `sheet` as [`write()`] does, after those of another with the same head.
pub fn rows(sheet: &Sheet, out: impl Write) -> io::Result<()> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    for row in &sheet.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => harmless::cell(text).into_owned(),
            Cell::Number(number) => number.to_string(),
        });
        writer.write_record(cells)?;
    }
    writer.flush()
}
