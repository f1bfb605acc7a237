//! What a reader is told before its first document, and the reader itself.

use std::io;

use retally::batch::Edition;
use retally::message::Lang;
use retally::record::Record;
use serde::{Deserialize, Serialize};

use crate::cli::console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags;
use crate::cli::flags::raw::{Language, Policy, Reading};

/// How documents are read: the arguments as they were typed. Goes through a pipe, so that a password is not shown to
/// other users as an argument would be.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Setup {
    reading: Reading,
    policy: Policy,
    lang: Language,
    /// Bytes of memory that one document may take.
    memory: u64,
}

impl Setup {
    /// The setup for readers of a run. Inputs are no part of it.
    pub(super) fn new(reading: Reading, policy: Policy, lang: Lang, memory: u64) -> Setup {
        Setup { reading, policy, lang: lang.into(), memory }
    }

    /// Makes ready what it asks for, with the edition that this makes.
    pub(super) fn resolve(self) -> Result<(Edition, flags::Reading), Failure> {
        let reading = flags::resolve_reading(self.reading, self.policy, true, self.lang.into())?;
        let edition = Edition::of(reading.engine.patterns(), &reading.options, reading.double);
        Ok((edition, reading))
    }
}

/// Reads documents for a batch until there are no more.
pub(crate) fn serve() -> Result<Exit, Failure> {
    let ready = |setup: &[u8]| {
        let setup: Setup = serde_json::from_slice(setup)?;
        let memory = setup.memory;
        let (edition, reading) = setup.resolve().map_err(|_| io::Error::other("the setup does not hold"))?;
        bound(memory)?;
        Ok((edition, move |bytes: &[u8]| read(&reading, bytes)))
    };
    retally::batch::serve(io::stdin(), console::data(), ready)?;
    Ok(Exit::Clean)
}

fn read(reading: &flags::Reading, bytes: &[u8]) -> Record {
    let mut record = reading.engine.extract("", bytes, &reading.options);
    reading.double_check(&mut record, bytes);
    record
}

/// Bounds the memory of this process to `bytes` more than it has: what it asks for beyond is refused, and it ends.
#[cfg(unix)]
fn bound(bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    // Linux counts what is really written to; elsewhere all that is mapped is the nearest.
    const COUNTED: Resource = if cfg!(target_os = "linux") { Resource::Data } else { Resource::As };
    let most = Some(bytes.saturating_add(has()));
    setrlimit(COUNTED, Rlimit { current: most, maximum: getrlimit(COUNTED).maximum })?;
    // A process that dies of a document leaves no image of its memory behind.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: getrlimit(Resource::Core).maximum })?;
    Ok(())
}

/// Other systems do not bound the memory of a process from within.
#[cfg(not(unix))]
fn bound(_: u64) -> io::Result<()> {
    Ok(())
}

/// Bytes that this process has before its first document, as Linux tells them; elsewhere a guess at the program's own size.
#[cfg(unix)]
fn has() -> u64 {
    const PROGRAM: u64 = 256 << 20;
    let told = std::fs::read_to_string("/proc/self/status").ok();
    let line = told.as_deref().and_then(|told| told.lines().find_map(|line| line.strip_prefix("VmData:")));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|kib| kib.trim().parse::<u64>().ok());
    kib.map_or(PROGRAM, |kib| kib << 10)
}
