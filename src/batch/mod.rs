//! An archive at a time: many documents read in processes of their own, with a ledger of what came of each.
//!
//! The way of a document: [`run`](fn@run) takes its bytes, names them by their hash, and passes over those that the
//! [`Ledger`] has. Others go to a [`reader`], a child process that [`serve`]s one document after another and may die
//! of one. What comes back is written to the ledger by one thread. Results are read from the ledger, in input order,
//! so that neither the number of readers nor an interruption shows in them.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Options;
use crate::pattern::Patterns;

mod frame;
pub mod ledger;
pub mod reader;
pub mod run;
mod shard;
mod worker;

pub use ledger::Ledger;
pub use run::run;
pub use shard::Shard;
pub use worker::serve;

/// Hexadecimal digits by which patterns and options are told apart.
const DIGITS: usize = 16;

/// What a document was read with. Another edition may read it otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Version of this program.
    pub program: String,
    /// Hash of the patterns, with the rules that a policy file has put before theirs.
    pub patterns: String,
    /// Hash of everything else that shapes a record: encoding, limits, checks, language, second reader.
    pub options: String,
}

impl Edition {
    /// The edition of this program with `patterns` and `options`; `double` says whether a second reader is asked.
    /// A password opens a document and shapes nothing, so that it leaves no trace here.
    pub fn of(patterns: &Patterns, options: &Options, double: bool) -> Edition {
        let source = &options.source;
        let rest = (&source.encoding, &source.limits, options.audit, &options.checks, options.lang, double);
        Edition {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            patterns: digest(&patterns.list),
            options: digest(&rest),
        }
    }
}

/// A hash of all that the debugging form of `value` shows.
fn digest(value: &impl fmt::Debug) -> String {
    struct Sink(Sha256);
    impl Write for Sink {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text);
            Ok(())
        }
    }
    let mut sink = Sink(Sha256::new());
    // A hash takes everything.
    let _ = write!(sink, "{value:?}");
    let mut hash = crate::hexadecimal(&sink.0.finalize());
    hash.truncate(DIGITS);
    hash
}
