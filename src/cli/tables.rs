//! `retally tables`: every table of each document, as JSON, CSV or Markdown.

use std::io::{self, Write};
use std::path::Path;

use retally::message::Message;
use retally::problem::Problem;
use retally::record::Status;
use retally::report::tables::{Tables, csv, markdown};
use retally::report::{json, safe};

use crate::cli::console::{self, Console};
use crate::cli::documents;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, unwritable};
use crate::cli::flags::raw::TableFormat;
use crate::cli::folder::Folder;

/// What `retally tables` is to do.
pub(crate) use crate::cli::flags::Tables as Task;

/// Documents in input order, to standard output or to files in a folder.
pub(crate) fn run(task: &Task, console: &Console) -> Result<Exit, Failure> {
    let mut exit = Exit::Clean;
    let mut folder = task.out.as_deref().map(open).transpose()?;
    let mut out = console::data();
    let mut written = 0;
    let work = |path: &str, bytes: Result<Vec<u8>, Problem>| match bytes {
        Ok(bytes) => retally::tables(path, &bytes, &task.options, console.lang()),
        Err(problem) => retally::no_tables(path, problem, console.lang()),
    };
    documents::each(&task.paths, task.options.limits.bytes, console, work, |found| {
        if found.status == Status::Failed {
            exit = exit.max(Exit::Failed);
        }
        // JSON carries its problems; files and other formats do not, and nobody sees a file's at once.
        if found.status == Status::Failed || task.format != TableFormat::Json || folder.is_some() {
            for problem in &found.problems {
                console.trouble(&found.source.path, problem, found.status);
            }
        }
        console.detail(&outcome(&found));
        match &mut folder {
            Some(folder) => save(&found, task, folder).map_err(|error| unwritable(folder.path(), &error)),
            None => {
                let pretty = task.pretty || console.is_terminal();
                show(&found, task.format, pretty, &mut written, console, &mut out)?;
                out.flush()?;
                Ok(())
            }
        }
    })?;
    Ok(exit)
}

/// Writes what was found to standard output.
fn show(
    found: &Tables,
    format: TableFormat,
    pretty: bool,
    written: &mut usize,
    console: &Console,
    out: &mut impl Write,
) -> io::Result<()> {
    if format == TableFormat::Json {
        return json::write(found, pretty, out);
    }
    for table in &found.tables {
        if *written > 0 {
            writeln!(out)?;
        }
        *written += 1;
        let mut text = Vec::new();
        match format {
            TableFormat::Md => {
                writeln!(text, "{}\n", heading(found, table.page, console))?;
                markdown::write(table, &mut text)?;
            }
            TableFormat::Csv | TableFormat::Json => csv::write(table, &mut text)?,
        }
        let text = String::from_utf8_lossy(&text);
        // A file gets the characters as they are, a terminal none that it would act on.
        let text = if console.is_terminal() { safe::block(&text) } else { text };
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Writes what was found to files: CSV one a table, the others one a document.
fn save(found: &Tables, task: &Task, folder: &mut Folder) -> io::Result<()> {
    if found.status == Status::Failed && task.format != TableFormat::Json {
        return Ok(());
    }
    let stem = folder.stem(&found.source.path);
    match task.format {
        TableFormat::Json => {
            let mut text = Vec::new();
            json::write(found, true, &mut text)?;
            folder.write(&format!("{stem}.json"), &text)
        }
        TableFormat::Csv => found.tables.iter().zip(1..).try_for_each(|(table, number)| {
            let mut text = Vec::new();
            csv::write(table, &mut text)?;
            folder.write(&format!("{stem}.{number}.csv"), &text)
        }),
        TableFormat::Md => {
            let mut text = Vec::new();
            for table in &found.tables {
                if !text.is_empty() {
                    writeln!(text)?;
                }
                markdown::write(table, &mut text)?;
            }
            folder.write(&format!("{stem}.md"), &text)
        }
    }
}

fn open(path: &Path) -> Result<Folder, Failure> {
    Folder::open(path).map_err(|error| unwritable(path, &error))
}

/// The heading of a table in Markdown.
fn heading(found: &Tables, page: u32, console: &Console) -> String {
    let path = safe::line(&found.source.path);
    let words = Message::new(format!("{path}，第 {page} 页"), format!("{path}, page {page}"));
    format!("**{}**", words.get(console.lang()))
}

/// What came of a document.
fn outcome(found: &Tables) -> Message {
    let (path, tables, problems) = (&found.source.path, found.tables.len(), found.problems.len());
    Message::new(
        format!("{path}：{tables} 个表格，{problems} 个问题"),
        format!("{path}: tables: {tables}, problems: {problems}"),
    )
}
