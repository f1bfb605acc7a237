//! `retally patterns test`: documents against the records that a reader wrote down beside them.

use std::io::Write;
use std::path::{Path, PathBuf};

use retally::message::Message;
use retally::problem::Problem;
use retally::record::Status;
use retally::report::plain::{Difference, differences, plain};
use retally::report::safe;
use retally::{Engine, Options};
use serde_json::{Map, Value as Json};

use crate::cli::console::{self, Console};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::inputs::{DOCUMENTS, Input, expand};
use crate::cli::read::read;

/// What the record beside `form.pdf` is called: `form.expected.json`.
const EXPECTED: &str = "expected.json";
/// Bytes of a record that are read at most: a thousand forms take up less.
const LIMIT: usize = 16 << 20;
/// Characters of a value that are shown.
const SHOWN: usize = 160;

/// Reads every document of `paths` that has its record beside it, and prints what differs.
pub(super) fn test(engine: &Engine, paths: &[PathBuf], console: &Console) -> Result<Exit, Failure> {
    let options = Options { lang: console.lang(), ..Options::default() };
    let mut out = console::report();
    let (mut right, mut all, mut exit) = (0, 0, Exit::Clean);
    for input in expand(paths, DOCUMENTS) {
        let name = input.name();
        let record = Path::new(&name).with_extension(EXPECTED);
        if !matches!(input, Input::Lost(..)) && !record.is_file() {
            continue;
        }
        let pair = read(&input, options.source.limits.bytes)
            .and_then(|bytes| Ok((bytes, read(&Input::File(record.clone()), LIMIT)?)));
        let (bytes, expected) = match pair {
            Ok(pair) => pair,
            Err(problem) => {
                exit = exit.max(failed(&name, &problem, console));
                continue;
            }
        };
        let Ok(expected) = serde_json::from_slice::<Map<String, Json>>(&expected) else {
            console.error(&no_record(&record));
            exit = exit.max(Exit::Failed);
            continue;
        };
        all += 1;
        let found = plain(&engine.extract(&name, &bytes, &options));
        let found = expected.keys().map(|key| (key.clone(), found.get(key).cloned().unwrap_or_default())).collect();
        let differences = differences(&Json::Object(expected), &Json::Object(found));
        right += usize::from(differences.is_empty());
        for difference in &differences {
            writeln!(out, "{}", safe::line(told(&name, difference).get(options.lang)))?;
        }
    }
    let sum = Message::new(
        format!("{all} 个文件，{right} 个与记录完全相符"),
        format!("documents: {all}, exactly as written down: {right}"),
    );
    writeln!(out, "{}", sum.get(options.lang))?;
    out.flush()?;
    Ok(if right < all { exit.max(Exit::Findings) } else { exit })
}

fn failed(name: &str, problem: &Problem, console: &Console) -> Exit {
    console.trouble(name, &problem.clone().worded(console.lang()), Status::Failed);
    Exit::Failed
}

fn no_record(path: &Path) -> Message {
    let path = path.display();
    Message::new(
        format!("{path}：不是记录。请写成 JSON 对象，含 status、forms、findings 中要核对的部分"),
        format!("{path}: this is no record; make it a JSON object with what shall hold of status, forms and findings"),
    )
}

fn told(name: &str, difference: &Difference) -> Message {
    let Difference { place, expected, found } = difference;
    let place = place.trim_start_matches('.');
    let (expected, found) = (shown(expected), shown(found));
    Message::new(
        format!("{name}：{place} 应为 {expected}，读出 {found}"),
        format!("{name}: {place}: expected {expected}, found {found}"),
    )
}

/// A value for people, cut to what a line has room for.
fn shown(value: &Json) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
