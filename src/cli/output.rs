//! Results for machines, to standard output or to a file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use retally::message::{Lang, Message};
use retally::record::{Record, SCHEMA};
use retally::report::findings::{Finding, findings};
use retally::report::human::Tally;
use retally::report::summary::Summary;
use retally::report::table::{self, Sheet};
use retally::report::{csv, json, sarif, xlsx};

use crate::cli::console::{self, Console};
use crate::cli::failure::Failure;
use crate::cli::flags::Output;
use crate::cli::flags::raw::Format;

/// Writes records or findings in the format that was asked for.
pub(crate) struct Writer {
    out: Box<dyn Write>,
    /// The file that `out` writes to, if it is one.
    path: Option<PathBuf>,
    format: Format,
    pretty: bool,
    lang: Lang,
    /// Records that the format needs all at once.
    kept: Vec<Record>,
    /// Objects, or documents of a table, written so far.
    written: usize,
}

impl Writer {
    /// A writer to the path of `output`, or to standard output.
    pub(crate) fn open(output: &Output, pretty: bool, console: &Console) -> Result<Writer, Failure> {
        let out: Box<dyn Write> = match &output.path {
            Some(path) => {
                let file = File::create(path).map_err(|error| Failure::File(path.clone(), error))?;
                Box::new(BufWriter::new(file))
            }
            None if output.format == Format::Xlsx && console.is_terminal() => {
                return Err(Failure::Usage(Message::new(
                    "工作簿不能输出到终端，请用 --output 文件.xlsx",
                    "a workbook is not for the terminal: use --output FILE.xlsx",
                )));
            }
            None => Box::new(console::data()),
        };
        Ok(Writer {
            out,
            path: output.path.clone(),
            format: output.format,
            pretty,
            lang: console.lang(),
            kept: Vec::new(),
            written: 0,
        })
    }

    /// Writes `record`, or keeps it for [`Writer::finish`].
    pub(crate) fn record(&mut self, record: Record) -> Result<(), Failure> {
        let written = self.try_record(record);
        self.named(written)
    }

    fn try_record(&mut self, record: Record) -> Result<(), Failure> {
        match self.format {
            Format::Json | Format::Ndjson => self.object(&record)?,
            Format::Csv => self.rows(&[record])?,
            Format::Sarif | Format::Xlsx => self.kept.push(record),
        }
        // A reader at the other end of a pipe gets each document as soon as it is done.
        Ok(self.out.flush()?)
    }

    /// Writes what is left of the records.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        let written = self.try_finish();
        self.named(written)
    }

    fn try_finish(&mut self) -> Result<(), Failure> {
        let records = std::mem::take(&mut self.kept);
        match self.format {
            Format::Json => self.close()?,
            Format::Ndjson => {}
            Format::Sarif => self.sarif(&records, &findings(&records, false))?,
            Format::Csv if self.written == 0 => self.rows(&[])?,
            Format::Csv => {}
            Format::Xlsx => self.workbook(&table::workbook(&records, &findings(&records, true), self.lang))?,
        }
        Ok(self.out.flush()?)
    }

    /// Writes `found`, findings of `records`.
    pub(crate) fn findings(&mut self, records: &[Record], found: &[Finding<'_>]) -> Result<(), Failure> {
        let written = self.try_findings(records, found);
        self.named(written)
    }

    fn try_findings(&mut self, records: &[Record], found: &[Finding<'_>]) -> Result<(), Failure> {
        match self.format {
            Format::Json | Format::Ndjson => {
                for finding in found {
                    self.object(finding)?;
                }
                if self.format == Format::Json {
                    self.close()?;
                }
            }
            Format::Sarif => self.sarif(records, found)?,
            Format::Csv => csv::write(&table::of_findings(found, self.lang), &mut self.out)?,
            Format::Xlsx => self.workbook(&table::workbook(records, found, self.lang))?,
        }
        Ok(self.out.flush()?)
    }

    /// Writes what findings come to, and nothing else.
    pub(crate) fn summary(&mut self, tally: &Tally, summary: &Summary) -> Result<(), Failure> {
        let written = self.try_summary(tally, summary);
        self.named(written)
    }

    fn try_summary(&mut self, tally: &Tally, summary: &Summary) -> Result<(), Failure> {
        let sheet = || table::of_summary(summary, self.lang);
        match self.format {
            Format::Csv => csv::write(&sheet(), &mut self.out)?,
            Format::Xlsx => self.workbook(&[sheet()])?,
            // SARIF has no place for it, and is refused before.
            Format::Json | Format::Ndjson | Format::Sarif => {
                let Tally { documents, failed, forms, errors, warnings, infos, consistent, unverifiable } = *tally;
                let object = serde_json::json!({
                    "schema": SCHEMA,
                    "documents": documents, "failed": failed, "forms": forms,
                    "errors": errors, "warnings": warnings, "infos": infos,
                    "consistent": consistent, "unverifiable": unverifiable,
                    "by_check": summary.by_check(), "by_unit": summary.by_unit(),
                });
                json::write(&object, self.pretty || self.format == Format::Json, &mut self.out)?;
            }
        }
        Ok(self.out.flush()?)
    }

    /// Names the file that took no more.
    fn named(&self, written: Result<(), Failure>) -> Result<(), Failure> {
        written.map_err(|failure| match (failure, &self.path) {
            (Failure::Output(error), Some(path)) => Failure::File(path.clone(), error),
            (failure, _) => failure,
        })
    }

    /// One object: a line of its own, or an item of the array.
    fn object(&mut self, object: &impl serde::Serialize) -> io::Result<()> {
        if self.format == Format::Json {
            self.out.write_all(if self.written == 0 { b"[\n" } else { b",\n" })?;
        }
        self.written += 1;
        json::write(object, self.pretty, &mut self.out)
    }

    /// The values of records, under one head for all.
    fn rows(&mut self, records: &[Record]) -> io::Result<()> {
        let sheet = table::values(records, self.lang);
        self.written += 1;
        if self.written == 1 { csv::write(&sheet, &mut self.out) } else { csv::rows(&sheet, &mut self.out) }
    }

    /// The end of the array.
    fn close(&mut self) -> io::Result<()> {
        self.out.write_all(if self.written == 0 { b"[]\n" } else { b"]\n" })
    }

    fn sarif(&mut self, records: &[Record], found: &[Finding<'_>]) -> io::Result<()> {
        json::write(&sarif::log(records, found, self.lang), true, &mut self.out)
    }

    fn workbook(&mut self, sheets: &[Sheet]) -> Result<(), Failure> {
        let bytes = xlsx::workbook(sheets).map_err(|error| {
            Failure::Usage(Message::new(
                format!("无法生成工作簿：{error}。文件太多时请分批，或用 --format csv"),
                format!(
                    "cannot make the workbook: {error}; with very many documents do some at a time, or use --format csv"
                ),
            ))
        })?;
        Ok(self.out.write_all(&bytes)?)
    }
}
