//! `retally completions`: what a shell needs to complete the arguments.

use std::io::Write;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use crate::cli::console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::raw::Raw;
use crate::cli::version::VERSION;

/// The script for `shell`.
pub(crate) fn run(shell: Shell) -> Result<Exit, Failure> {
    // Into memory first: clap's own writer panics when standard output takes no more.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut shown(&Raw::command()), "retally", &mut script);
    let mut out = console::data();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Clean)
}

/// `program` without the commands that are hidden from users, which completion would show.
fn shown(program: &Command) -> Command {
    let about = program.get_about().cloned().unwrap_or_default();
    let bare = Command::new("retally").version(VERSION).propagate_version(true).about(about);
    let commands = program.get_subcommands().filter(|command| !command.is_hide_set());
    bare.args(program.get_arguments()).subcommands(commands)
}
