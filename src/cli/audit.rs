//! `retally audit`: the findings of each document, for people or for machines.

use std::io::Write;

use retally::Examined;
use retally::audit::Archive;
use retally::message::Message;
use retally::record::{Record, Status, Verdict};
use retally::report::findings::findings;
use retally::report::human::{self, Tally};
use retally::report::summary::Summary;

use crate::cli::accepted::{self, Accepted};
use crate::cli::console::{self, Console};
use crate::cli::documents;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::{Audit, Output};
use crate::cli::output::Writer;

/// Findings document by document, then a line for all. What is accepted does not count.
pub(crate) fn run(mut task: Audit, console: &Console) -> Result<Exit, Failure> {
    let mut accepted = std::mem::take(&mut task.accepted);
    if let Some(path) = &task.write_baseline {
        accepted.keep(path)?;
    }
    let mut known = Vec::new();
    let keep = task.write_baseline.is_some().then_some(&mut known);
    let (tally, exit) = match &task.output {
        Some(output) => for_machines(&task, output, &mut accepted, keep, console)?,
        None => for_people(&task, &mut accepted, keep, console)?,
    };
    if let Some(path) = &task.write_baseline {
        std::fs::write(path, accepted::write_down(&known, &accepted, &task.reading.options.checks, console.lang()))
            .map_err(|error| {
                let path = path.display();
                Failure::Usage(Message::new(
                    format!("无法写文件 {path}：{error}。请检查路径和权限"),
                    format!("cannot write the file {path}: {error}; check the path and that you may write there"),
                ))
            })?;
    }
    let made = tally.errors + tally.warnings + tally.infos + tally.consistent + tally.unverifiable;
    if tally.forms > 0 && made == 0 && !task.reading.options.checks.is_all() {
        console.note(&Message::new(
            "按 --only、--skip 的选择，没有做任何检查；有的检查要有规则才做，见 `retally checks` 和 `--policy`",
            "with this choice of --only and --skip no check was made; some need a rule: see `retally checks` and `--policy`",
        ));
    }
    let reached = task.fail_on.is_some_and(|severity| tally.reaches(severity));
    Ok(if reached { exit.max(Exit::Findings) } else { exit })
}

fn for_people(
    task: &Audit,
    accepted: &mut Accepted,
    mut keep: Option<&mut Vec<Record>>,
    console: &Console,
) -> Result<(Tally, Exit), Failure> {
    let reading = &task.reading;
    let style = console.style(task.all);
    // Whoever reads the report may stop early; what is to be written down must be whole.
    let mut out: Box<dyn Write> = match keep {
        Some(_) => Box::new(console::Undisturbed(console::report())),
        None => Box::new(console::report()),
    };
    let (mut archive, mut summary) = (Archive::default(), Summary::default());
    let (mut tally, mut exit, mut taken) = (Tally::default(), Exit::Clean, 0);
    let work = |path: &str, bytes: Result<Vec<u8>, _>| match bytes {
        Ok(bytes) => {
            let mut examined = reading.engine.examine(path, &bytes, &reading.options);
            reading.double_check(&mut examined.record, &bytes);
            examined
        }
        Err(problem) => Examined::failed(path, problem, console.lang()),
    };
    documents::each(&reading.paths, reading.limit(), console, work, |Examined { mut record, layout, .. }| {
        if record.status == Status::Failed {
            exit = exit.max(Exit::Failed);
        }
        archive.add(&mut record);
        reading.options.checks.apply(&mut record);
        accepted.look_beside(&record.source.path)?;
        if let Some(kept) = &mut keep {
            kept.push(record.clone());
        }
        taken += accepted.take_out(&mut record);
        tally.add(&record);
        summary.add(&record);
        if !task.summary {
            out.write_all(human::document(&record, &layout, &style).as_bytes())?;
        }
        out.flush()?;
        Ok(())
    })?;
    // Of one document its forms have said it all.
    if task.summary || tally.documents > 1 {
        let breakdown = human::breakdown(&summary, console.lang());
        write!(out, "{breakdown}{}", if breakdown.is_empty() { "" } else { "\n" })?;
    }
    writeln!(out, "{}", human::summary(&tally, console.lang()))?;
    if taken > 0 {
        let words = Message::new(
            format!("另有 {taken} 项结果已被接受，未列出"),
            format!("findings that are accepted, and not shown: {taken}"),
        );
        writeln!(out, "{}", words.get(console.lang()))?;
    }
    out.flush()?;
    Ok((tally, exit))
}

fn for_machines(
    task: &Audit,
    output: &Output,
    accepted: &mut Accepted,
    keep: Option<&mut Vec<Record>>,
    console: &Console,
) -> Result<(Tally, Exit), Failure> {
    let reading = &task.reading;
    let mut records: Vec<Record> = Vec::new();
    let (mut archive, mut summary) = (Archive::default(), Summary::default());
    let (mut tally, mut exit) = (Tally::default(), Exit::Clean);
    let work = |path: &str, bytes| reading.record(path, bytes);
    documents::each(&reading.paths, reading.limit(), console, work, |mut record| {
        if record.status == Status::Failed {
            exit = exit.max(Exit::Failed);
            for problem in &record.problems {
                console.trouble(&record.source.path, problem, record.status);
            }
        }
        archive.add(&mut record);
        reading.options.checks.apply(&mut record);
        accepted.look_beside(&record.source.path)?;
        let mut open = record.clone();
        accepted.take_out(&mut open);
        tally.add(&open);
        summary.add(&open);
        records.push(record);
        Ok(())
    })?;
    let mut found = findings(&records, task.all);
    for finding in found.iter_mut().filter(|finding| finding.check.verdict == Verdict::Inconsistent) {
        finding.accepted = accepted.reason(finding.document, &finding.fingerprint).map(str::to_owned);
    }
    let mut writer = Writer::open(output, false, console)?;
    let written = if task.summary { writer.summary(&tally, &summary) } else { writer.findings(&records, &found) };
    written.or_else(|failure| if keep.is_some() && failure.is_closed_pipe() { Ok(()) } else { Err(failure) })?;
    console.summary(&tally);
    if let Some(kept) = keep {
        *kept = records;
    }
    Ok((tally, exit))
}
