//! What a ledger has, in numbers.

use rusqlite::{Params, Row, params};

use super::{Edition, Ledger, List, Which};
use crate::message::Message;

/// What there is of some inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Inputs.
    pub inputs: u64,
    /// Inputs that have not been read yet.
    pub unread: u64,
    /// Inputs that could not be had when they were read last, or whose content failed.
    pub failed_inputs: u64,
    /// Different contents that have been read.
    pub documents: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Those that came out whole.
    pub ok: u64,
    /// Those of which something was lost or is doubtful.
    pub partial: u64,
    /// Those of which nothing could be read.
    pub failed: u64,
    /// Forms in them.
    pub forms: u64,
    /// Inconsistent checks that are errors.
    pub errors: u64,
    /// Inconsistent checks that are warnings.
    pub warnings: u64,
    /// Inconsistent checks that are worth knowing.
    pub infos: u64,
}

/// An input that could not be had, or whose content failed, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What the input is called.
    pub path: String,
    /// The first of its problems.
    pub message: String,
}

/// The last run that has written to a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it began, UTC in ISO 8601.
    pub started: String,
    /// When it came to its end; none while it works, and when it was stopped or killed.
    pub ended: Option<String>,
}

/// Inputs that could not be had, or whose content failed.
const FAILED: &str = "FROM inputs LEFT JOIN documents USING (sha256) \
    LEFT JOIN problems ON problems.document = documents.id AND problems.number = 1 \
    WHERE inputs.problem IS NOT NULL OR documents.status = 'failed'";

impl Ledger {
    /// The numbers of `which`.
    ///
    /// # Errors
    /// What the database gives, in words; so do the others here.
    pub fn summary(&self, which: Which) -> Result<Summary, Message> {
        let list = match which {
            Which::All => None,
            Which::Of(List(list)) => Some(list),
        };
        let inputs = self.one(
            "SELECT count(*), sum(inputs.problem IS NULL AND documents.id IS NULL), \
             sum(inputs.problem IS NOT NULL OR documents.status IS 'failed') \
             FROM inputs LEFT JOIN documents USING (sha256) WHERE ?1 IS NULL OR list = ?1",
            params![list],
            |row| Ok([count(row, 0)?, count(row, 1)?, count(row, 2)?]),
        )?;
        let documents = self.one(
            "SELECT count(*), sum(bytes), sum(status = 'ok'), sum(status = 'partial'), sum(status = 'failed'), \
             sum(forms) FROM documents WHERE sha256 IN (SELECT sha256 FROM inputs WHERE ?1 IS NULL OR list = ?1)",
            params![list],
            |row| Ok([count(row, 0)?, count(row, 1)?, count(row, 2)?, count(row, 3)?, count(row, 4)?, count(row, 5)?]),
        )?;
        let findings = self.one(
            "SELECT sum(severity = 'error'), sum(severity = 'warning'), sum(severity = 'info') \
             FROM checks JOIN documents ON documents.id = checks.document WHERE verdict = 'inconsistent' \
             AND sha256 IN (SELECT sha256 FROM inputs WHERE ?1 IS NULL OR list = ?1)",
            params![list],
            |row| Ok([count(row, 0)?, count(row, 1)?, count(row, 2)?]),
        )?;
        let [inputs, unread, failed_inputs] = inputs;
        let [documents, bytes, ok, partial, failed, forms] = documents;
        let [errors, warnings, infos] = findings;
        Ok(Summary {
            inputs,
            unread,
            failed_inputs,
            documents,
            bytes,
            ok,
            partial,
            failed,
            forms,
            errors,
            warnings,
            infos,
        })
    }

    /// The first inputs that could not be had, or whose content failed, `most` at most.
    pub fn failures(&self, most: usize) -> Result<Vec<Failed>, Message> {
        self.several(
            &format!(
                "SELECT inputs.path, coalesce(inputs.problem ->> 'message', problems.message, '') {FAILED} \
                 ORDER BY inputs.list, inputs.number LIMIT ?1"
            ),
            params![most as i64],
            |row| Ok(Failed { path: row.get(0)?, message: row.get(1)? }),
        )
    }

    /// What the documents were read with, and how many by each.
    pub fn editions(&self) -> Result<Vec<(Edition, u64)>, Message> {
        self.several(
            "SELECT program, patterns, options, count(*) FROM documents GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            [],
            |row| Ok((Edition { program: row.get(0)?, patterns: row.get(1)?, options: row.get(2)? }, count(row, 3)?)),
        )
    }

    /// The last run.
    pub fn last_run(&self) -> Result<Option<Run>, Message> {
        let runs = self.several("SELECT started, ended FROM runs ORDER BY id DESC LIMIT 1", [], |row| {
            Ok(Run { started: row.get(0)?, ended: row.get(1)? })
        })?;
        Ok(runs.into_iter().next())
    }

    fn one<T>(
        &self,
        query: &str,
        with: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Message> {
        self.db.query_row(query, with, read).map_err(|error| self.in_words(&error))
    }

    fn several<T>(
        &self,
        query: &str,
        with: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Message> {
        let rows = || -> rusqlite::Result<Vec<T>> { self.db.prepare(query)?.query_map(with, read)?.collect() };
        rows().map_err(|error| self.in_words(&error))
    }
}

/// A number of things; the sum over none is null.
fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, Option<i64>>(column)?.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}
