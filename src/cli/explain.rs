//! `retally explain`: why each value is what it is.

use std::io::Write;

use retally::message::Message;
use retally::problem::Problem;
use retally::record::Status;
use retally::report::{explain, json};
use retally::{Explanation, Options};

use crate::cli::console::{self, Console};
use crate::cli::documents;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::Explain;
use crate::cli::flags::raw::ExplainFormat;

/// Document after document, in words or as one JSON object each.
pub(crate) fn run(task: &Explain, console: &Console) -> Result<Exit, Failure> {
    let mut out = console::data();
    let mut exit = Exit::Clean;
    let (mut shown, mut found) = (0, false);
    let options = Options { lang: console.lang(), ..task.options.clone() };
    let work = |path: &str, bytes: Result<Vec<u8>, Problem>| match bytes {
        Ok(bytes) => task.engine.explain(path, &bytes, &options),
        Err(problem) => Explanation::failed(path, problem, options.lang),
    };
    documents::each(&task.paths, options.source.limits.bytes, console, work, |mut explanation| {
        let failed = explanation.status == Status::Failed;
        if failed {
            exit = exit.max(Exit::Failed);
            for problem in &explanation.problems {
                console.trouble(&explanation.source.path, problem, Status::Failed);
            }
        }
        explanation.keep(task.form, task.field.as_deref());
        match task.format {
            ExplainFormat::Json => json::write(&explanation, task.pretty || console.is_terminal(), &mut out)?,
            ExplainFormat::Text => {
                for form in &explanation.forms {
                    let gap = if shown > 0 { "\n" } else { "" };
                    let whole = task.field.is_none();
                    write!(out, "{gap}{}", explain::form(&explanation.source.path, form, whole, options.lang))?;
                    shown += 1;
                }
            }
        }
        if explanation.forms.is_empty() && !failed {
            out.flush()?;
            let nothing = nothing(&explanation.source.path, task);
            console.note(&nothing);
        }
        found |= !explanation.forms.is_empty();
        Ok(out.flush()?)
    })?;
    // What was asked for by its name, and no document has, could not be done.
    let missing = !found && (task.field.is_some() || task.form.is_some());
    Ok(if missing { Exit::Failed } else { exit })
}

/// Says that a document has nothing of what was asked for.
fn nothing(path: &str, task: &Explain) -> Message {
    match (&task.field, task.form) {
        (Some(field), _) => Message::new(
            format!("{path}：没有名为“{field}”的值。不带 --field 可列出全部"),
            format!("{path}: no value is called '{field}'; without --field all are listed"),
        ),
        (None, Some(form)) => Message::new(
            format!("{path}：没有第 {form} 张表。不带 --form 可列出全部"),
            format!("{path}: there is no form {form}; without --form all are listed"),
        ),
        (None, None) => Message::new(
            format!("{path}：没有找到任何表样认识的表格"),
            format!("{path}: no form that a pattern knows was found"),
        ),
    }
}
