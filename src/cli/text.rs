//! `retally text`: the text of each document as it was read.

use std::borrow::Cow;
use std::io::Write;

use retally::problem::Problem;
use retally::record::Status;
use retally::report::{safe, text};
use retally::{layout, source};

use crate::cli::console::{self, Console};
use crate::cli::documents;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::Text;

/// What came of a document.
struct Read {
    path: String,
    text: String,
    problems: Vec<Problem>,
    status: Status,
}

/// Text after text; several are headed by their paths, as `head` does it.
pub(crate) fn run(task: &Text, console: &Console) -> Result<Exit, Failure> {
    let mut out = console::data();
    let mut exit = Exit::Clean;
    let mut shown = 0;
    let several = task.paths.len() > 1 || task.paths.iter().any(|path| path.is_dir());
    let work = |path: &str, bytes: Result<Vec<u8>, Problem>| read(path, bytes, task);
    documents::each(&task.paths, task.options.limits.bytes, console, work, |read| {
        for problem in &read.problems {
            console.trouble(&read.path, &problem.clone().worded(console.lang()), read.status);
        }
        if read.status == Status::Failed {
            exit = exit.max(Exit::Failed);
            return Ok(());
        }
        if several {
            let gap = if shown > 0 { "\n" } else { "" };
            writeln!(out, "{gap}==> {} <==", safe::line(&read.path))?;
            shown += 1;
        }
        // A file gets the characters as they are, a terminal none that it would act on.
        let text = if console.is_terminal() { safe::block(&read.text) } else { Cow::Borrowed(read.text.as_str()) };
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    })?;
    Ok(exit)
}

fn read(path: &str, bytes: Result<Vec<u8>, Problem>, task: &Text) -> Read {
    let path = path.to_owned();
    match bytes {
        Ok(bytes) => {
            let document = source::read(&bytes, &task.options);
            let status = match (document.failed, document.problems.is_empty()) {
                (true, _) => Status::Failed,
                (false, false) => Status::Partial,
                (false, true) => Status::Ok,
            };
            let text = text::text(&layout::lay_out(&document));
            Read { path, text, problems: document.problems, status }
        }
        Err(problem) => Read { path, text: String::new(), problems: vec![problem], status: Status::Failed },
    }
}
