//! Checks as machines take them: each with the document and form that it is of, its place, and a fingerprint.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::fold::fold_text;
use crate::record::{Cell, Check, Extent, Figure, Form, Record, Row, Value, Verdict, Where};

/// Hexadecimal digits of a fingerprint: 80 bits tell the findings of any archive apart.
const DIGITS: usize = 20;

/// The columns that name a row of a table.
const NAMING: [&str; 4] = ["name", "source", "level1", "planned"];

/// The fields that say whose form it is, the likeliest first.
const OWNERS: [&str; 3] = ["unit", "implementer", "department"];

/// The checks that hold forms of different projects, or of different years, against each other.
const DEPARTMENT: &str = "archive.department";
const YEARS: &str = "archive.years";

/// A check with all that says what it is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding<'a> {
    /// The path of the document as the user gave it.
    pub document: &'a str,
    /// SHA-256 of the document's bytes.
    pub sha256: &'a str,
    /// 0-based number of the document among those of the run.
    #[serde(skip)]
    pub number_of_document: usize,
    /// 0-based number of the form in the document.
    pub form: usize,
    /// The form.
    #[serde(skip)]
    pub of: &'a Form,
    /// Id of the pattern that the form was read with.
    pub pattern: &'a str,
    /// The unit that filled the form in, its project and its year, as written.
    pub unit: Option<&'a str>,
    /// See `unit`.
    pub project: Option<&'a str>,
    /// See `unit`.
    #[serde(serialize_with = "figure")]
    pub year: Option<Decimal>,
    /// Where the checked value stands; null when the check is of no single value.
    #[serde(rename = "where")]
    pub place: Option<&'a Where>,
    /// Pages or lines of the form.
    pub extent: Extent,
    /// Names the finding by what it says, not by where it stands: it stays the same when the document is read again,
    /// moved, or printed anew.
    pub fingerprint: String,
    /// Why the finding is accepted, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    /// The check itself.
    #[serde(flatten)]
    pub check: &'a Check,
}

/// The findings of records: their inconsistent checks, or with `all` every check, in the order of the documents. None
/// is accepted yet.
pub fn findings(records: &[Record], all: bool) -> Vec<Finding<'_>> {
    let mut findings = Vec::new();
    for (number_of_document, record) in records.iter().enumerate() {
        for (number, form) in record.forms.iter().enumerate() {
            let wanted = |check: &&Check| all || check.verdict == Verdict::Inconsistent;
            for check in form.checks.iter().flatten().filter(wanted) {
                findings.push(finding(record, number_of_document, number, form, check));
            }
        }
    }
    findings
}

fn finding<'a>(
    record: &'a Record,
    number_of_document: usize,
    number: usize,
    form: &'a Form,
    check: &'a Check,
) -> Finding<'a> {
    let text = |id: &str| form.fields.get(id).and_then(|value| value.value.text());
    Finding {
        document: &record.source.path,
        sha256: &record.source.sha256,
        number_of_document,
        form: number,
        of: form,
        pattern: &form.pattern,
        unit: text("unit"),
        project: text("project"),
        year: form.fields.get("year").and_then(|value| value.value.number()),
        place: shown(form, check).map(|value| &value.place),
        extent: form.extent,
        fingerprint: fingerprint(form, check),
        accepted: None,
        check,
    }
}

/// An exact decimal as a JSON number.
fn figure<S: Serializer>(year: &Option<Decimal>, out: S) -> Result<S::Ok, S::Error> {
    year.map(Figure).serialize(out)
}

/// The value that shows where a check belongs: the one that is checked. A blank one has the place of its column's head,
/// so a filled cell of the same row stands for it, one that the check rests on if there is one.
pub fn shown<'a>(form: &'a Form, check: &Check) -> Option<&'a Value> {
    let stated = form.value(check.refs.first()?)?;
    if is_blank(stated) { beside(form, check).or(Some(stated)) } else { Some(stated) }
}

fn beside<'a>(form: &'a Form, check: &Check) -> Option<&'a Value> {
    let row = |path: &str| path.rsplit_once("].").map(|(row, _)| row.to_owned());
    let own = row(check.refs.first()?)?;
    let in_refs = check.refs.iter().filter(|path| row(path).as_ref() == Some(&own)).filter_map(|path| form.value(path));
    let (table, number) = own.strip_prefix("tables.")?.split_once('[')?;
    let cells = form.tables.get(table)?.get(number.parse::<usize>().ok()?)?;
    in_refs.chain(cells.values().filter_map(Cell::value)).find(|value| !is_blank(value))
}

fn is_blank(value: &Value) -> bool {
    value.raw.trim().is_empty()
}

/// A name for what the check says: the form that it is of, what is checked, and every figure that it rests on, as
/// written. Numbers of rows, places and wordings do not count. Of two forms that are held against each other it is the same
/// whichever of them has the finding.
pub fn fingerprint(form: &Form, check: &Check) -> String {
    let mut hash = Sha256::new();
    let mut put = |text: &str| {
        hash.update(fold_text(text).as_bytes());
        hash.update([0]);
    };
    let raw = |id: &str| form.fields.get(id).map_or("", |value| value.raw.as_str());
    let two = check.elsewhere.is_some();
    put(if two { "" } else { &form.pattern });
    put(whose(form));
    // Of two forms only what they have in common; the formula has what they have not.
    put(if two && check.id == DEPARTMENT { "" } else { raw("project") });
    put(if two && check.id == YEARS { "" } else { raw("year") });
    put(&check.id);
    if two {
        put(check.refs.first().and_then(|path| path.rsplit('.').next()).unwrap_or_default());
        let mut sides: Vec<&str> = check.formula.split(" = ").collect();
        if check.id == DEPARTMENT {
            // By which projects it came out rests on the order of the documents; what the whole is does not.
            sides = check.formula.rsplit(" ≤ ").take(1).collect();
        }
        sides.sort_unstable();
        sides.into_iter().for_each(&mut put);
    }
    for path in check.refs.iter().filter(|_| !two) {
        match path.split_once('[').and_then(|(table, rest)| Some((table, rest.split_once("].")?))) {
            Some((table, (row, column))) => {
                put(&format!("{table}.{column}"));
                headings(form, table, row).iter().for_each(|heading| put(heading));
                put(row_name(form, table, row).unwrap_or(row));
            }
            None => put(path),
        }
        put(form.value(path).map_or("", |value| value.raw.as_str()));
    }
    let mut name: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    name.truncate(DIGITS);
    name
}

/// Whose form it is: the first of the names that forms have for it.
fn whose(form: &Form) -> &str {
    let mut names = OWNERS.iter().filter_map(|id| Some(form.fields.get(*id)?.raw.as_str()));
    names.find(|name| !name.trim().is_empty()).unwrap_or_default()
}

/// What tells rows of one name apart: the headings that they stand under, and the number of their goal.
fn headings(form: &Form, table: &str, row: &str) -> Vec<String> {
    let Some(cells) = cells(form, table, row) else { return Vec::new() };
    let words = |cell: &Cell| match cell {
        Cell::Value(value) => value.raw.clone(),
        Cell::Index(number) => number.to_string(),
        Cell::Shared { .. } => String::new(),
    };
    ["level1", "level2", "goal"].iter().map(|column| cells.get(*column).map(words).unwrap_or_default()).collect()
}

fn cells<'a>(form: &'a Form, table: &str, row: &str) -> Option<&'a Row> {
    form.tables.get(table.strip_prefix("tables.")?)?.get(row.parse::<usize>().ok()?)
}

/// What a row is called: its own words.
fn row_name<'a>(form: &'a Form, table: &str, row: &str) -> Option<&'a str> {
    let cells = cells(form, table, row)?;
    NAMING.iter().find_map(|column| Some(cells.get(*column)?.value()?.raw.as_str()).filter(|raw| !raw.is_empty()))
}
