//! `retally extract`: the record of each document as JSON.

use retally::message::Message;
use retally::record::{Record, Status};

use crate::cli::console::Console;
use crate::cli::documents;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::Extract;
use crate::cli::output::Writer;

/// One object a document, in input order; or all documents in another format.
pub(crate) fn run(task: &Extract, console: &Console) -> Result<Exit, Failure> {
    let reading = &task.reading;
    let indents = task.output.path.is_none() && console.is_terminal();
    let mut writer = Writer::open(&task.output, task.pretty || indents, console)?;
    let mut exit = Exit::Clean;
    let work = |path: &str, bytes| reading.record(path, bytes);
    documents::each(&reading.paths, reading.limit(), console, work, |record| {
        if record.status == Status::Failed {
            exit = exit.max(Exit::Failed);
            report_failure(&record, console);
        }
        console.detail(&outcome(&record));
        writer.record(record)
    })?;
    writer.finish()?;
    Ok(exit)
}

fn report_failure(record: &Record, console: &Console) {
    for problem in &record.problems {
        console.trouble(&record.source.path, problem, record.status);
    }
}

/// What came of a document.
fn outcome(record: &Record) -> Message {
    let (path, forms, problems) = (&record.source.path, record.forms.len(), record.problems.len());
    Message::new(
        format!("{path}：{forms} 张表，{problems} 个问题"),
        format!("{path}: forms: {forms}, problems: {problems}"),
    )
}
