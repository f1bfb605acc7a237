//! `retally batch merge`: one ledger out of several.

use std::path::{Path, PathBuf};

use retally::batch::Ledger;
use retally::batch::ledger::Merged;
use retally::message::Message;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// Adds the ledgers `from`, one after another, to the one at `into`.
pub(super) fn run(into: &Path, from: &[PathBuf], console: &Console) -> Result<Exit, Failure> {
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
