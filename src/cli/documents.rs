//! The way over many inputs: each is read, worked on and shown before the next one.

use std::path::PathBuf;

use retally::message::Message;
use retally::problem::Problem;

use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::cli::inputs::{DOCUMENTS, expand};
use crate::cli::progress::Progress;
use crate::cli::read::read;

/// Reads each document that `paths` stand for, has `work` make something of its name and bytes, and `show` show it.
pub(crate) fn each<T>(
    paths: &[PathBuf],
    limit: usize,
    console: &Console,
    work: impl Fn(&str, Result<Vec<u8>, Problem>) -> T,
    mut show: impl FnMut(T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let inputs = expand(paths, DOCUMENTS);
    let mut progress = Progress::new(inputs.len(), console.is_quiet());
    for input in &inputs {
        let name = input.name();
        let bytes = read(input, limit);
        let size = bytes.as_ref().map_or(0, Vec::len);
        progress.begin(&name, size);
        console.detail(&Message::new(format!("读取 {name}（{size} 字节）"), format!("reading {name} ({size} bytes)")));
        let made = work(&name, bytes);
        progress.end(|| show(made))?;
    }
    Ok(())
}
