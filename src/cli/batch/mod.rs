//! `retally batch`: an archive at a time, with a ledger of what came of each document.

use std::sync::Arc;
use std::time::Duration;

use retally::batch::ledger::{Again, Parts, Which};
use retally::batch::reader::Kind;
use retally::batch::run::{Outcome, Plan, Step};
use retally::batch::{Ledger, Shard};
use retally::message::Message;
use retally::record::Status;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags;
use crate::cli::flags::raw::Format;
use args::{Batch, Command};
use inputs::{Inputs, LISTED};
use progress::Progress;
use setup::Setup;

pub(crate) mod args;
mod export;
mod inputs;
mod members;
mod merge;
mod out;
mod progress;
mod setup;
mod status;
mod stop;

pub(crate) use setup::serve;

/// Name of the subcommand by which the program starts its readers.
const READER: &str = "batch-reader";

/// Reads an archive, or does something with ledgers.
pub(crate) fn run(batch: Batch, console: &Console) -> Result<Exit, Failure> {
    match batch.command {
        None => read(batch, console),
        Some(Command::Export { ledger, format, out, overwrite }) => {
            refuse_sarif(format)?;
            export::run(&ledger, format, out, overwrite, console)
        }
        Some(Command::Status { ledger }) => status::run(&ledger, console),
        Some(Command::Merge { into, from }) => merge::run(&into, &from, console),
    }
}

fn read(mut batch: Batch, console: &Console) -> Result<Exit, Failure> {
    refuse_sarif(batch.format)?;
    let paths = std::mem::take(&mut batch.reading.input.paths);
    let memory = batch.max_memory.get().saturating_mul(1 << 20);
    let setup = Setup::new(batch.reading, batch.policy, console.lang(), memory);
    let message = serde_json::to_vec(&setup).map_err(|error| not_utf8(&error))?;
    let (edition, reading) = setup.resolve()?;

    let mut ledger = Ledger::open(&batch.ledger.unwrap_or_default())?;
    if let Some(path) = &batch.out {
        out::allow(&ledger, path, batch.overwrite)?;
    }
    let inputs = Inputs::expand(&paths);
    if let Some(path) = &batch.out {
        out::spare(&ledger, path, &inputs.missing, batch.overwrite)?;
    }
    let is_list = |name: &String| name == LISTED;
    if inputs.missing.iter().any(is_list) && !inputs.names.iter().any(is_list) {
        console.note(&nothing_listed());
    }
    let program = std::env::current_exe().map_err(Failure::Itself)?;
    let parts = Parts::of(ledger.path());
    let plan = Plan {
        names: &inputs.names,
        fetch: &|number| inputs.fetch(number, reading.limit(), &parts),
        readers: Kind {
            program,
            args: vec![READER.to_owned()],
            setup: Arc::new(message),
            timeout: Duration::from_secs(batch.timeout.get()),
            memory,
        },
        jobs: batch.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, usize::from),
        edition,
        checks: &reading.options.checks,
        again: Again { failed: batch.retry.is_some(), changed: batch.changed },
        shard: batch.shard.unwrap_or(Shard::WHOLE),
        lang: console.lang(),
    };
    let stop = stop::on_request(console);
    let outcome = {
        let mut progress = Progress::new(inputs.names.len(), console);
        retally::batch::run(&mut ledger, &plan, &stop, &mut |name, step, tally| {
            progress.aside(|| tell(name, step, console));
            progress.step(tally);
        })?
    };
    if outcome.others > 0 {
        console.note(&others(outcome.others));
    }
    if !outcome.whole {
        console.note(&stopped(&outcome, inputs.names.len()));
        return Ok(Exit::Stopped);
    }
    if let Some(path) = &batch.out {
        out::write(&mut ledger, Which::Of(outcome.list), batch.format, path, console)?;
    }
    let summary = ledger.summary(Which::Of(outcome.list))?;
    for line in status::in_words(&summary) {
        console.note(&line);
    }
    Ok(if summary.failed_inputs > 0 { Exit::Failed } else { Exit::Clean })
}

/// Says what went wrong with an input, and on request what went well.
fn tell(name: &str, step: &Step, console: &Console) {
    match step {
        Step::Read(read) if read.record.status == Status::Failed => {
            for problem in &read.record.problems {
                console.trouble(name, problem, Status::Failed);
            }
        }
        Step::Lost(problem) => console.trouble(name, problem, Status::Failed),
        Step::Kept(problem) => {
            console.trouble(name, problem, Status::Partial);
            console.note(&Message::new(
                format!("{name}：台账中已有的结果保留"),
                format!("{name}: what the ledger has of it stays"),
            ));
        }
        Step::Read(read) => {
            let seconds = read.seconds;
            console.detail(&Message::new(
                format!("{name}：已读取，{seconds:.2} 秒"),
                format!("{name}: read in {seconds:.2} seconds"),
            ));
        }
        Step::Known(_) => {
            console.detail(&Message::new(format!("{name}：台账中已有"), format!("{name}: in the ledger")));
        }
        Step::Elsewhere => {
            console.detail(&Message::new(format!("{name}：属于其他分片"), format!("{name}: of another shard")));
        }
    }
}

fn refuse_sarif(format: Format) -> Result<(), Failure> {
    if format == Format::Sarif { Err(flags::sarif_is_of_findings()) } else { Ok(()) }
}

fn not_utf8(error: &serde_json::Error) -> Failure {
    Failure::Usage(Message::new(
        format!("参数中有不是 UTF-8 的路径：{error}。请为表样文件夹和规则文件改用 UTF-8 路径"),
        format!("a path among the options is not UTF-8: {error}; use another for the patterns and the policy"),
    ))
}

fn nothing_listed() -> Message {
    Message::new(
        "警告：标准输入中的文件列表（-）是空的，没有可读的文件。请检查生成列表的命令",
        "warning: the list of paths on standard input (-) is empty, and there is nothing to read; check the command that \
         makes it",
    )
}

fn others(count: usize) -> Message {
    Message::new(
        format!("台账中有 {count} 个文件是用其他程序版本、表样或选项读取的；用 --changed 重新读取"),
        format!(
            "documents in the ledger that were read by another version of the program, other patterns or options: {count}; \
             --changed reads them again"
        ),
    )
}

fn stopped(outcome: &Outcome, inputs: usize) -> Message {
    let done = outcome.tally.inputs;
    Message::new(
        format!("已停止：完成 {done}/{inputs}，都已记入台账。用同一命令继续"),
        format!("stopped with {done} of {inputs} inputs done, all in the ledger; the same command goes on from here"),
    )
}
