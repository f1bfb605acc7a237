//! Records out of the ledger, in the order of the inputs.

use rusqlite::params;

use super::{Ledger, List, compare, trouble};
use crate::message::{Lang, Message};
use crate::problem::Problem;
use crate::record::Record;

/// Which inputs are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All that the ledger has, list after list.
    All,
    /// Those of one list.
    Of(List),
}

impl Ledger {
    /// Gives `take` the record of each input that has been read, or could not be, with what [`Ledger::compare`] has
    /// found. A content with two paths is given twice. Of an input that is gone, what is known from before is given.
    ///
    /// # Errors
    /// What the database gives, in words, or what `take` gives.
    pub fn records<E: From<Message>>(
        &self,
        which: Which,
        lang: Lang,
        mut take: impl FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        let list: Option<i64> = match which {
            Which::All => None,
            Which::Of(List(list)) => Some(list),
        };
        let in_words = |error: rusqlite::Error| E::from(self.in_words(&error));
        let mut query = self
            .db
            .prepare(
                "SELECT inputs.path, inputs.problem, documents.record, documents.id FROM inputs LEFT JOIN documents USING (sha256) \
                 WHERE ?1 IS NULL OR inputs.list = ?1 ORDER BY inputs.list, inputs.number",
            )
            .map_err(in_words)?;
        let mut rows = query.query(params![list]).map_err(in_words)?;
        while let Some(row) = rows.next().map_err(in_words)? {
            let path: String = row.get(0).map_err(in_words)?;
            let problem: Option<String> = row.get(1).map_err(in_words)?;
            let record: Option<String> = row.get(2).map_err(in_words)?;
            let broken = |error: serde_json::Error| E::from(trouble::no_record(&self.path, &error));
            if let Some(json) = record {
                let mut record: Record = serde_json::from_str(&json).map_err(broken)?;
                record.source.path = path;
                let document = row.get(3).map_err(in_words)?;
                compare::add(&self.db, document, &mut record).map_err(in_words)?;
                take(record)?;
            } else if let Some(json) = problem {
                let problem: Problem = serde_json::from_str(&json).map_err(broken)?;
                let mut record = crate::failed(&path, problem.clone(), lang);
                record.problems = vec![problem];
                take(record)?;
            }
        }
        Ok(())
    }
}
