//! The records of a ledger as a file: written beside its place, then put there, so that it is whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use retally::batch::Ledger;
use retally::batch::ledger::{Parts, Which};
use retally::message::Message;
use sha2::{Digest, Sha256};

use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::cli::flags::Output;
use crate::cli::flags::raw::Format;
use crate::cli::output::Writer;

/// Whether the file at `path` may be written: there is none, or it was written from this ledger and left alone since.
/// The ledger itself is never written over.
pub(super) fn allow(ledger: &Ledger, path: &Path, overwrite: bool) -> Result<(), Failure> {
    let parts = Parts::of(ledger.path());
    if parts.has(path) || parts.has(&partial(path)) {
        return Err(is_ledger(path, ledger.path()));
    }
    if path.is_dir() {
        return Err(unwritable(path, &io::ErrorKind::IsADirectory.into()));
    }
    if overwrite || !path.exists() {
        return Ok(());
    }
    let hash = hash(path).map_err(|error| unwritable(path, &error))?;
    if ledger.has_output(&key(path), &hash).map_err(Failure::Usage)? {
        return Ok(());
    }
    let path = path.display();
    Err(Failure::Usage(Message::new(
        format!("输出文件 {path} 已存在，且不是由此台账写出的，没有覆盖。请换一个文件名、移走该文件，或用 --overwrite"),
        format!(
            "the output file {path} exists, and was not written from this ledger or has been changed since; name \
             another, move it away, or use --overwrite"
        ),
    )))
}

/// Whether the file at `path`, if there is one, may be replaced by what comes of inputs of which `missing` are not there.
/// Where the ledger knows what came of them, nothing is lost.
pub(super) fn spare(ledger: &Ledger, path: &Path, missing: &[String], overwrite: bool) -> Result<(), Failure> {
    if overwrite || !path.exists() {
        return Ok(());
    }
    for source in missing {
        if !ledger.has(source)? {
            return Err(is_missing(source, path));
        }
    }
    Ok(())
}

/// Writes the records of `which` to the file at `path`.
pub(super) fn write(
    ledger: &mut Ledger,
    which: Which,
    format: Format,
    path: &Path,
    console: &Console,
) -> Result<(), Failure> {
    let partial = partial(path);
    let written = fill(ledger, which, format, &partial, console).and_then(|()| {
        let done = || -> io::Result<String> {
            File::open(&partial)?.sync_all()?;
            hash(&partial)
        };
        let hash = done().map_err(|error| unwritable(path, &error))?;
        ledger.note_output(&key(path), &hash).map_err(Failure::Usage)?;
        fs::rename(&partial, path).map_err(|error| unwritable(path, &error))
    });
    if written.is_err() {
        // What is left of it is of no use; when it cannot be removed either, the message says where the trouble is.
        let _ = fs::remove_file(&partial);
    }
    written
}

fn fill(ledger: &Ledger, which: Which, format: Format, path: &Path, console: &Console) -> Result<(), Failure> {
    let output = Output { format, path: Some(path.to_owned()) };
    let mut writer = Writer::open(&output, false, console)?;
    to(ledger, which, &mut writer, console).map_err(|failure| match failure {
        Failure::Output(error) | Failure::File(_, error) => unwritable(path, &error),
        other => other,
    })
}

/// Writes the records of `which` to `writer`.
pub(super) fn to(ledger: &Ledger, which: Which, writer: &mut Writer, console: &Console) -> Result<(), Failure> {
    ledger.records(which, console.lang(), |record| writer.record(record))?;
    writer.finish()
}

/// Where a file is written before it is whole.
fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// A path as the ledger knows it, wherever a later run starts.
fn key(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

fn hash(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn is_ledger(path: &Path, ledger: &Path) -> Failure {
    let (path, ledger) = (path.display(), ledger.display());
    Failure::Usage(Message::new(
        format!("输出文件 {path} 属于台账 {ledger}，没有覆盖。请换一个文件名"),
        format!("the output file {path} is part of the ledger {ledger}, and was left alone; name another"),
    ))
}

fn is_missing(source: &str, path: &Path) -> Failure {
    let path = path.display();
    Failure::Usage(Message::new(
        format!(
            "来源 {source} 处没有可读的文件，没有开始读取，输出文件 {path} 保持原样。请检查路径、挂载或管道；确已不需要时\
             从命令中去掉它，或用 --overwrite"
        ),
        format!(
            "there is nothing at the source {source}: nothing was read, and the output file {path} was left as it is; \
             check the path, the mount or the pipe, leave the source out if it is to be gone, or use --overwrite"
        ),
    ))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    Failure::Usage(Message::new(
        format!("无法写文件 {path}：{error}。台账完整无损；请检查路径、权限和磁盘空间后用同一命令继续"),
        format!(
            "cannot write the file {path}: {error}; the ledger is whole: check the path, the permissions and the disk, and \
             go on with the same command"
        ),
    ))
}
