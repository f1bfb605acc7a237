//! Forms against forms of other documents, once all are in the ledger.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::{Ledger, rows, trouble};
use crate::audit::{Archive, Selection};
use crate::message::Message;
use crate::record::{Check, Record};

/// What the checks of an archive are called.
const FAMILY: &str = "archive.%";

impl Ledger {
    /// Makes the checks of each form against the forms before it anew, in the order of the inputs. A content with two
    /// paths counts where the first stands.
    ///
    /// # Errors
    /// What the database gives, in words. Nothing has changed then.
    pub fn compare(&mut self) -> Result<(), Message> {
        let mut broken = None;
        let compared = self.write(|db| compare(db, &mut broken));
        match broken {
            Some(error) => Err(trouble::no_record(&self.path, &error)),
            None => compared,
        }
    }
}

fn compare(db: &Connection, broken: &mut Option<serde_json::Error>) -> rusqlite::Result<()> {
    db.execute("DELETE FROM comparisons", [])?;
    db.execute("DELETE FROM checks WHERE id LIKE ?1", [FAMILY])?;
    let mut query = db.prepare(
        "SELECT documents.id, inputs.path, lists.selection, documents.record FROM inputs \
         JOIN documents USING (sha256) JOIN lists ON lists.id = inputs.list WHERE documents.forms > 0 \
         ORDER BY inputs.list, inputs.number",
    )?;
    let mut found = query.query([])?;
    let (mut seen, mut archive) = (HashSet::new(), Archive::default());
    while let Some(row) = found.next()? {
        let document: i64 = row.get(0)?;
        if !seen.insert(document) {
            continue;
        }
        let selection: Option<String> = row.get(2)?;
        let mut record: Record = match serde_json::from_str(row.get_ref(3)?.as_str()?) {
            Ok(record) => record,
            Err(error) => {
                *broken = Some(error);
                return Err(rusqlite::Error::InvalidQuery);
            }
        };
        record.source.path = row.get(1)?;
        put(db, document, &mut record, &mut archive, &selection.map(chosen).unwrap_or_default())?;
    }
    Ok(())
}

/// Adds to `archive` what `record` says, and to the ledger what that does not agree with.
fn put(
    db: &Connection,
    document: i64,
    record: &mut Record,
    archive: &mut Archive,
    selection: &Selection,
) -> rusqlite::Result<()> {
    let before: Vec<usize> = record.forms.iter().map(|form| form.checks.as_ref().map_or(0, Vec::len)).collect();
    archive.add(record);
    for ((number, form), before) in (1_i64..).zip(&record.forms).zip(before) {
        let new = form.checks.iter().flatten().skip(before).filter(|check| selection.takes(&check.id));
        for (place, check) in (before as i64 + 1..).zip(new) {
            rows::put_check(db, document, (number, form), place, check)?;
            // Plain data: this cannot fail.
            let json = serde_json::to_string(check).unwrap_or_default();
            db.prepare_cached("INSERT INTO comparisons VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![document, number, place, json])?;
        }
    }
    Ok(())
}

/// A selection as the ledger keeps it.
pub(super) fn kept(selection: &Selection) -> String {
    serde_json::json!({ "only": selection.only, "skip": selection.skip }).to_string()
}

fn chosen(kept: String) -> Selection {
    let (mut only, mut skip): (Vec<String>, Vec<String>) = Default::default();
    if let Ok(mut json) = serde_json::from_str::<serde_json::Value>(&kept) {
        let mut list = |name| serde_json::from_value(json[name].take()).unwrap_or_default();
        (only, skip) = (list("only"), list("skip"));
    }
    Selection { only, skip }
}

/// Adds to `record`, the record of `document`, what it does not agree with in others.
pub(super) fn add(db: &Connection, document: i64, record: &mut Record) -> rusqlite::Result<()> {
    let mut query =
        db.prepare_cached("SELECT form, record FROM comparisons WHERE document = ?1 ORDER BY form, number")?;
    let mut rows = query.query([document])?;
    while let Some(row) = rows.next()? {
        let number: usize = row.get::<_, i64>(0)?.try_into().unwrap_or_default();
        let check: Option<Check> = serde_json::from_str(row.get_ref(1)?.as_str()?).ok();
        let checks = number.checked_sub(1).and_then(|form| record.forms.get_mut(form)).map(|form| &mut form.checks);
        if let (Some(Some(checks)), Some(check)) = (checks, check) {
            checks.push(check);
        }
    }
    Ok(())
}
