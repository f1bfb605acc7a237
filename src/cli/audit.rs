//! `retally audit`: the findings of each document for people.

use std::io::Write;

use retally::layout::Layout;
use retally::report::human::{self, Tally};
use retally::{Examined, record::Status};

use crate::cli::console::{self, Console};
use crate::cli::documents;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::Audit;

/// Findings document by document, then a line for all.
pub(crate) fn run(task: &Audit, console: &Console) -> Result<Exit, Failure> {
    let reading = &task.reading;
    let style = console.style(task.all);
    let mut out = console::report();
    let mut tally = Tally::default();
    let mut exit = Exit::Clean;
    let work = |path: &str, bytes: Result<Vec<u8>, _>| match bytes {
        Ok(bytes) => {
            let mut examined = reading.engine.examine(path, &bytes, &reading.options);
            reading.double_check(&mut examined.record, &bytes);
            examined
        }
        Err(problem) => Examined { record: retally::failed(path, problem, console.lang()), layout: Layout::default() },
    };
    documents::each(&reading.paths, reading.limit(), console, work, |Examined { record, layout }| {
        if record.status == Status::Failed {
            exit = exit.max(Exit::Failed);
        }
        tally.add(&record);
        out.write_all(human::document(&record, &layout, &style).as_bytes())?;
        out.flush()?;
        Ok(())
    })?;
    writeln!(out, "{}", human::summary(&tally, console.lang()))?;
    out.flush()?;
    if task.fail_on.is_some_and(|severity| tally.reaches(severity)) {
        exit = exit.max(Exit::Findings);
    }
    Ok(exit)
}
