//! `retally extract`: the record of each document as JSON.

use std::io::Write;

use retally::message::Message;
use retally::record::{Record, Status};
use retally::report::json;

use crate::cli::console::{self, Console};
use crate::cli::documents;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::Extract;

/// One object a document, in input order.
pub(crate) fn run(task: &Extract, console: &Console) -> Result<Exit, Failure> {
    let reading = &task.reading;
    let pretty = task.pretty || console.is_terminal();
    let mut out = console::data();
    let mut exit = Exit::Clean;
    let work = |path: &str, bytes: Result<Vec<u8>, _>| match bytes {
        Ok(bytes) => {
            let mut record = reading.engine.extract(path, &bytes, &reading.options);
            reading.double_check(&mut record, &bytes);
            record
        }
        Err(problem) => retally::failed(path, problem, console.lang()),
    };
    documents::each(&reading.paths, reading.limit(), console, work, |record| {
        if record.status == Status::Failed {
            exit = exit.max(Exit::Failed);
            report_failure(&record, console);
        }
        console.detail(&outcome(&record));
        json::write(&record, pretty, &mut out)?;
        // A reader at the other end of a pipe gets each document as soon as it is done.
        out.flush()?;
        Ok(())
    })?;
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
