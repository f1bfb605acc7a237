//! `retally batch export`: the records of a ledger, whatever has been read so far.

use std::path::{Path, PathBuf};

use retally::batch::Ledger;
use retally::batch::ledger::Which;

use super::out;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::Output;
use crate::cli::flags::raw::Format;
use crate::cli::output::Writer;

/// Writes to the file at `path`, or to standard output.
pub(super) fn run(
    ledger: &Path,
    format: Format,
    path: Option<PathBuf>,
    overwrite: bool,
    console: &Console,
) -> Result<Exit, Failure> {
    let mut ledger = Ledger::look(ledger)?;
    match path {
        Some(path) => {
            out::allow(&ledger, &path, overwrite)?;
            out::write(&mut ledger, Which::All, format, &path, console)?;
        }
        None => {
            let mut writer = Writer::open(&Output { format, path: None }, false, console)?;
            out::to(&ledger, Which::All, &mut writer, console)?;
        }
    }
    Ok(Exit::Clean)
}
