//! Exit codes.

use std::process::ExitCode;

/// How a run ended. The greatest of several counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All is well.
    #[default]
    Clean = 0,
    /// The audit, or the check of a pattern, has findings.
    Findings = 1,
    /// An input could not be read, or the program could not do what was asked.
    Failed = 2,
    /// The user stopped it before its end: what shells give for Ctrl-C.
    Stopped = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
