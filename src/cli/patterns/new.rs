//! `retally patterns new`: a first pattern from samples of a family.

use std::fs;
use std::io::Write;

use retally::message::Message;
use retally::pattern::Patterns;
use retally::record::Status;
use retally::{Engine, Options, author, source};

use super::mistakes;
use crate::cli::console::{self, Console};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::New;
use crate::cli::inputs::{DOCUMENTS, expand};
use crate::cli::read::read;

/// Drafts the pattern, writes it, and says what it reads of the samples.
pub(super) fn new(task: &New, console: &Console) -> Result<Exit, Failure> {
    let options = Options { audit: false, lang: console.lang(), ..Options::default() };
    let mut exit = Exit::Clean;
    let mut samples = Vec::new();
    for input in expand(&task.from, DOCUMENTS) {
        match read(&input, options.source.limits.bytes) {
            Ok(bytes) => {
                let document = source::read(&bytes, &options.source);
                // A sample without a line that can be read teaches nothing: its problems say why.
                if document.failed {
                    exit = Exit::Failed;
                    for problem in document.problems {
                        console.trouble(&input.name(), &problem.worded(console.lang()), Status::Failed);
                    }
                } else {
                    samples.push((input.name(), bytes));
                }
            }
            Err(problem) => {
                console.trouble(&input.name(), &problem.worded(console.lang()), Status::Failed);
                exit = Exit::Failed;
            }
        }
    }
    if samples.is_empty() && exit == Exit::Failed {
        return Ok(exit);
    }
    let bytes: Vec<Vec<u8>> = samples.iter().map(|(_, bytes)| bytes.clone()).collect();
    let Some(drafted) = author::draft(&bytes, &options.source, &task.title) else {
        return Err(Failure::Usage(Message::new(
            "样本里没有找到标签或表格，无法起草。请换一份有文字层的 PDF，或保留列的文本",
            "no label and no table was found in the samples, so there is nothing to draft from; \
             take a PDF with a text layer, or a text that keeps its columns",
        )));
    };
    match &task.output {
        Some(path) => {
            fs::write(path, &drafted.text).map_err(|error| cannot_write(&path.display().to_string(), &error))?
        }
        None => {
            let mut out = console::data();
            out.write_all(drafted.text.as_bytes())?;
            out.flush()?;
        }
    }
    let pattern = match drafted.load() {
        Ok(pattern) => pattern,
        Err(found) => {
            let path = task.output.clone().unwrap_or_else(|| "-".into());
            let file = retally::pattern::BrokenFile { path, text: drafted.text, mistakes: found };
            console.print_error(&mistakes(&file, console.error_style()));
            return Ok(exit.max(Exit::Findings));
        }
    };
    console.note(&Message::new(
        format!("起草了 {} 个字段、{} 个表格", drafted.fields, drafted.tables),
        format!("drafted fields: {}, tables: {}", drafted.fields, drafted.tables),
    ));
    let engine = Engine::new(Patterns { list: vec![pattern] });
    for (name, bytes) in &samples {
        let record = engine.extract(name, bytes, &options);
        let left: usize = record.forms.iter().map(|form| form.unmatched.len()).sum();
        let forms = record.forms.len();
        console.note(&Message::new(
            format!("{name}：读出 {forms} 张表，{left} 处文字没有归属"),
            format!("{name}: forms read: {forms}, pieces of text without a place: {left}"),
        ));
        if forms == 0 {
            exit = exit.max(Exit::Findings);
        }
    }
    Ok(exit)
}

fn cannot_write(path: &str, error: &std::io::Error) -> Failure {
    Failure::Usage(Message::new(
        format!("无法写文件 {path}：{error}。请检查路径和权限"),
        format!("cannot write the file {path}: {error}; check the path and that you may write there"),
    ))
}
