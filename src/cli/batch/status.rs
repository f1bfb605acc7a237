//! `retally batch status`: what a ledger has.

use std::io::Write;
use std::path::Path;

use retally::batch::Ledger;
use retally::batch::ledger::{Summary, Which};
use retally::message::Message;
use retally::report::safe;

use crate::cli::console::{self, Console};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// Failures that are named; the others are counted.
const NAMED: usize = 20;

/// A line for each thing that one asks first.
pub(super) fn run(path: &Path, console: &Console) -> Result<Exit, Failure> {
    let ledger = Ledger::look(path)?;
    let summary = ledger.summary(Which::All)?;
    let mut lines = in_words(&summary);
    for (edition, documents) in ledger.editions()? {
        let (program, patterns, options) = (edition.program, edition.patterns, edition.options);
        lines.push(Message::new(
            format!("程序 {program}，表样 {patterns}，选项 {options}：{documents} 个文件"),
            format!("read by retally {program}, patterns {patterns}, options {options}: documents: {documents}"),
        ));
    }
    if let Some(run) = ledger.last_run()? {
        let started = run.started;
        lines.push(match run.ended {
            Some(ended) => {
                Message::new(format!("上次运行：{started} 至 {ended}"), format!("last run: {started} to {ended}"))
            }
            None => Message::new(
                format!("上次运行：{started} 开始，尚未完成"),
                format!("last run: began {started}, not at its end"),
            ),
        });
    }
    let mut out = console::data();
    for line in &lines {
        writeln!(out, "{}", line.get(console.lang()))?;
    }
    let failures = ledger.failures(NAMED)?;
    for failed in &failures {
        writeln!(out, "  {}: {}", safe::line(&failed.path), safe::line(&failed.message))?;
    }
    let unnamed = summary.failed_inputs.saturating_sub(failures.len() as u64);
    if unnamed > 0 {
        let words = Message::new(format!("  另有 {unnamed} 个"), format!("  and others: {unnamed}"));
        writeln!(out, "{}", words.get(console.lang()))?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

/// The numbers of a ledger, or of a run.
pub(super) fn in_words(summary: &Summary) -> Vec<Message> {
    let Summary { inputs, unread, failed_inputs, documents, bytes, forms, .. } = *summary;
    let Summary { ok, partial, failed, errors, warnings, infos, .. } = *summary;
    let mib = bytes as f64 / f64::from(1 << 20);
    vec![
        Message::new(
            format!("输入 {inputs} 个：失败 {failed_inputs} 个，未读 {unread} 个"),
            format!("inputs: {inputs}; failed: {failed_inputs}, still to read: {unread}"),
        ),
        Message::new(
            format!("不同内容 {documents} 个，{mib:.1} MiB：完整 {ok}，部分 {partial}，失败 {failed}"),
            format!("different documents: {documents}, {mib:.1} MiB; ok: {ok}, partial: {partial}, failed: {failed}"),
        ),
        Message::new(
            format!("表 {forms} 张，不一致：错误 {errors}，警告 {warnings}，提示 {infos}"),
            format!("forms: {forms}; findings: errors: {errors}, warnings: {warnings}, info: {infos}"),
        ),
    ]
}
