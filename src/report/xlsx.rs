//! Tables as an Excel workbook: numbers as numbers, a filter and a frozen head on each sheet.

use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::report::table::{Cell, Sheet};
use crate::report::{harmless, safe};

/// Significant digits that a workbook's numbers keep (binary64). A longer figure is written as text, to stay exact.
const DIGITS: usize = 15;

/// Characters that a cell can hold.
const CELL: usize = 32_767;

/// Characters from which on a cell is cut, so that the dots still fit when every one is escaped.
const CUT: usize = 32_000;

/// Columns narrower or wider than this are hard to read.
const WIDTHS: std::ops::RangeInclusive<f64> = 8.0..=48.0;

/// Characters of a row that decide its column's width: enough to tell, whatever a paragraph holds.
const MEASURED: usize = 60;

/// The workbook of `sheets` as bytes. The same sheets give the same bytes: its date is fixed.
///
/// # Errors
///
/// When a sheet has more rows than a workbook holds (1,048,576), or the workbook cannot be packed.
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    for sheet in sheets {
        write(workbook.add_worksheet(), sheet)?;
    }
    workbook.save_to_buffer()
}

fn write(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    worksheet.set_name(sheet.name)?;
    let bold = Format::new().set_bold();
    let mut widths = vec![*WIDTHS.start(); sheet.head.len()];
    for (column, name) in (0_u16..).zip(&sheet.head) {
        worksheet.write_string_with_format(0, column, name, &bold)?;
        widen(&mut widths, column, name);
    }
    for (row, cells) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            write_cell(worksheet, row, column, cell)?;
            if let Cell::Text(text) = cell {
                widen(&mut widths, column, text);
            }
        }
    }
    for (column, width) in (0_u16..).zip(widths) {
        worksheet.set_column_width(column, width)?;
    }
    worksheet.set_freeze_panes(1, 0)?;
    let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    if let Some(last_column) = sheet.head.len().checked_sub(1).and_then(|last| u16::try_from(last).ok()) {
        worksheet.autofilter(0, 0, last_row, last_column)?;
    }
    Ok(())
}

/// Widens a column for `text`; a Chinese character takes two places.
fn widen(widths: &mut [f64], column: u16, text: &str) {
    let places: usize = text.chars().take(MEASURED).map(|ch| if ch.is_ascii() { 1 } else { 2 }).sum();
    if let Some(width) = widths.get_mut(usize::from(column)) {
        *width = width.max((places as f64 + 2.0).min(*WIDTHS.end()));
    }
}

fn write_cell(worksheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            write_text(worksheet, row, column, text)?;
        }
        Cell::Number(number) => match exact(*number) {
            Some(float) => {
                let format = Format::new().set_num_format(places(number.scale()));
                worksheet.write_number_with_format(row, column, float, &format)?;
            }
            None => write_text(worksheet, row, column, &number.to_string())?,
        },
    }
    Ok(())
}

/// Text is stored as text and never as a formula; what would be one when typed is marked as quoted besides.
fn write_text(worksheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
    let safe = safe::block(text);
    let text: String = if safe.encode_utf16().count() > CELL {
        safe.chars().take(CUT / 2).chain(['…']).collect()
    } else {
        safe.into_owned()
    };
    if harmless::begins_badly(&text) {
        worksheet.write_string_with_format(row, column, text, &Format::new().set_quote_prefix())?;
    } else {
        worksheet.write_string(row, column, text)?;
    }
    Ok(())
}

/// The binary number that shows the same digits, if there is one.
fn exact(number: Decimal) -> Option<f64> {
    let digits = number.mantissa().unsigned_abs().to_string().len();
    if digits > DIGITS { None } else { number.to_string().parse().ok() }
}

/// A format that shows so many places.
fn places(scale: u32) -> String {
    match scale {
        0 => "0".to_owned(),
        scale => format!("0.{}", "0".repeat(scale as usize)),
    }
}
