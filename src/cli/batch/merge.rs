//! `retally batch merge`: one ledger out of several.

use std::path::{Path, PathBuf};

use retally::batch::Ledger;
use retally::batch::ledger::{Merged, Parts};
use retally::message::Message;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// Adds the ledgers `from`, one after another, to the one at `into`.
pub(super) fn run(into: &Path, from: &[PathBuf], console: &Console) -> Result<Exit, Failure> {
    if let Some(path) = from.iter().find(|path| Parts::of(path).has(into) || Parts::of(into).has(path)) {
        return Err(is_itself(into, path));
    }
    let mut ledger = Ledger::open(into)?;
    for path in from {
        let Merged { added, kept, replaced } = ledger.merge(path)?;
        let path = path.display();
        console.note(&Message::new(
            format!("{path}：加入文件 {added} 个，已有 {kept} 个，替换失败的 {replaced} 个"),
            format!("{path}: documents added: {added}, there already: {kept}, in place of failed ones: {replaced}"),
        ));
    }
    ledger.compare()?;
    Ok(Exit::Clean)
}

fn is_itself(into: &Path, from: &Path) -> Failure {
    let (into, from) = (into.display(), from.display());
    Failure::Usage(Message::new(
        format!("{into} 与要合并的台账 {from} 是同一台账的文件，没有改动。请把结果合并到另一个文件"),
        format!(
            "{into} and the ledger to add, {from}, are files of one ledger, and were left alone; merge into another file"
        ),
    ))
}
