//! Arguments to work done: one file a subcommand.
//!
//! Results go to standard output, everything else to standard error. Arguments are read in two stages: [`flags::raw`]
//! is what was typed, [`flags::Settings`] what it means.

use std::ffi::OsString;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::{Settings, Task};

mod accepted;
mod audit;
mod batch;
mod checks;
mod completions;
mod console;
mod crash;
mod doctor;
mod documents;
mod exit;
mod explain;
mod explain_problem;
mod extract;
mod failure;
mod flags;
mod folder;
mod inputs;
mod language;
mod man;
mod output;
mod patterns;
mod progress;
mod read;
mod schema;
mod second;
mod tables;
mod text;
mod usage;
mod version;

/// Runs the program on `args`, the name of the program first.
pub(crate) fn run(args: impl Iterator<Item = OsString>) -> Exit {
    crash::told(|| read_and_work(args))
}

fn read_and_work(args: impl Iterator<Item = OsString>) -> Exit {
    let raw = match flags::parse(args.collect()) {
        Ok(raw) => raw,
        Err(exit) => return exit,
    };
    let console = Console::new(&raw);
    let done = Settings::resolve(raw, console.lang()).and_then(|settings| work(settings, &console));
    done.unwrap_or_else(|failure| failure.report(&console))
}

fn work(settings: Settings, console: &Console) -> Result<Exit, Failure> {
    match settings.task {
        Task::Extract(task) => extract::run(&task, console),
        Task::Audit(task) => audit::run(task, console),
        Task::Explain(task) => explain::run(&task, console),
        Task::Tables(task) => tables::run(&task, console),
        Task::Text(task) => text::run(&task, console),
        Task::Checks(page) => checks::run(page.as_ref(), console),
        Task::Batch(batch) => batch::run(*batch, console),
        Task::BatchReader => batch::serve(),
        Task::SecondReader => second::serve(),
        Task::Schema => schema::run(),
        Task::ExplainProblem(page) => explain_problem::run(page.as_ref(), console),
        Task::Doctor(task) => doctor::run(task, console),
        Task::Completions(shell) => completions::run(shell),
        Task::Man(out) => man::run(out.as_deref()),
        Task::Patterns(task) => patterns::run(&task, console),
    }
}
