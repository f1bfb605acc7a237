//! `retally schema`: the JSON Schema of a record.

use std::io::Write;

use retally::record;
use retally::report::json;

use crate::cli::console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// The schema, indented.
pub(crate) fn run() -> Result<Exit, Failure> {
    let mut out = console::data();
    json::write(&record::schema(), true, &mut out)?;
    out.flush()?;
    Ok(Exit::Clean)
}
