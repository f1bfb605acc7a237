//! `retally man`: manual pages in roff, from the arguments themselves.

use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::console;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, unwritable};
use crate::cli::flags::raw::Raw;
use crate::cli::folder::Folder;

/// The page of the program to standard output; or a page of each command, `retally-batch-status.1`, to a folder.
pub(crate) fn run(out: Option<&Path>) -> Result<Exit, Failure> {
    let mut program = Raw::command().disable_help_subcommand(true);
    program.build();
    match out {
        Some(path) => {
            Folder::open(path).and_then(|folder| pages(&program, &folder)).map_err(|error| unwritable(path, &error))?
        }
        None => {
            let mut out = console::data();
            out.write_all(&page(&program)?)?;
            out.flush()?;
        }
    }
    Ok(Exit::Clean)
}

/// Writes the page of `command` and those of its subcommands, without what is hidden from users.
fn pages(command: &Command, folder: &Folder) -> io::Result<()> {
    folder.write(&format!("{}.1", name(command)), &page(command)?)?;
    command.get_subcommands().filter(|below| !below.is_hide_set()).try_for_each(|below| pages(below, folder))
}

/// The page of a command.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(command.clone()).render(&mut text)?;
    Ok(text)
}

/// The name of a command's page: `retally-batch-status`.
fn name(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}
