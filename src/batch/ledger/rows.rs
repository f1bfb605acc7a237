//! A record as rows of the ledger's tables.

use rusqlite::types::{ToSqlOutput, Value as Sql};
use rusqlite::{Connection, ToSql, params};
use rust_decimal::Decimal;

use crate::batch::Edition;
use crate::record::{Cell, Datum, Form, Record, Row, Value, Verdict};
use crate::report::findings::fingerprint;

/// A name as it stands in a record: `partial`, `inconsistent`.
struct Name<T>(T);

impl<T: serde::Serialize> ToSql for Name<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let name = match serde_json::to_value(&self.0) {
            Ok(serde_json::Value::String(name)) => Sql::Text(name),
            _ => Sql::Null,
        };
        Ok(ToSqlOutput::Owned(name))
    }
}

/// What came of a document.
#[derive(Clone, Debug)]
pub struct Read {
    /// Its record, without a path.
    pub record: Record,
    /// The same as JSON.
    pub json: String,
    /// Seconds that it took.
    pub seconds: f64,
    /// How often it was begun.
    pub attempts: u32,
}

/// Puts a document in place of what the ledger has of the same content.
pub(super) fn put(db: &Connection, edition: &Edition, read: &Read) -> rusqlite::Result<()> {
    let record = &read.record;
    let source = &record.source;
    db.prepare_cached("DELETE FROM documents WHERE sha256 = ?1")?.execute([&source.sha256])?;
    let findings = checks(record).filter(|check| check.verdict == Verdict::Inconsistent).count();
    let document = db
        .prepare_cached(
            "INSERT INTO documents (sha256, bytes, kind, pages, status, forms, findings, program, patterns, options, \
             finished, seconds, attempts, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, \
             strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?11, ?12, ?13)",
        )?
        .insert(params![
            source.sha256,
            source.bytes as i64,
            Name(source.kind),
            source.pages,
            Name(record.status),
            record.forms.len() as i64,
            findings as i64,
            edition.program,
            edition.patterns,
            edition.options,
            read.seconds,
            read.attempts,
            read.json,
        ])?;
    for (number, problem) in (1_i64..).zip(&record.problems) {
        let form = problem.form.map(|form| form as i64 + 1);
        db.prepare_cached("INSERT INTO problems VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
            document,
            number,
            problem.code.id(),
            problem.page,
            problem.line,
            form,
            problem.message,
        ])?;
    }
    for (number, form) in (1_i64..).zip(&record.forms) {
        put_form(db, document, number, form)?;
    }
    Ok(())
}

fn checks(record: &Record) -> impl Iterator<Item = &crate::record::Check> {
    record.forms.iter().flat_map(|form| form.checks.iter().flatten())
}

fn put_form(db: &Connection, document: i64, number: i64, form: &Form) -> rusqlite::Result<()> {
    let field = |id: &str| form.fields.get(id);
    db.prepare_cached("INSERT INTO forms VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(params![
        document,
        number,
        form.pattern,
        form.confidence,
        text(field("unit")),
        text(field("project")),
        figure(field("year")),
        figure(field("self_score")),
        figure(field("total_score")),
    ])?;
    for (id, value) in &form.fields {
        db.prepare_cached("INSERT INTO fields VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
            document,
            number,
            id,
            value.raw,
            datum(&value.value),
            figure(Some(value)),
            value.confidence,
        ])?;
    }
    for (row, cells) in rows(form, "budget") {
        let value = |id: &str| cells.get(id).and_then(Cell::value);
        db.prepare_cached("INSERT INTO budget VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?.execute(
            params![
                document,
                number,
                row,
                text(value("source")),
                figure(value("initial")),
                figure(value("budgeted")),
                figure(value("executed")),
                figure(value("weight")),
                rate(value("rate")),
                figure(value("score")),
                text(value("note")),
            ],
        )?;
    }
    for (row, cells) in rows(form, "goals") {
        let value = |id: &str| cells.get(id).and_then(Cell::value);
        db.prepare_cached("INSERT INTO goals VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
            document,
            number,
            row,
            text(value("planned")),
            text(value("actual")),
            figure(value("score")),
        ])?;
    }
    for (row, cells) in rows(form, "indicators") {
        let value = |id: &str| cells.get(id).and_then(Cell::value);
        db.prepare_cached("INSERT INTO indicators VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")?
            .execute(params![
                document,
                number,
                row,
                text(value("level1")),
                text(value("level2")),
                text(value("name")),
                value("target").map(|value| &value.raw),
                figure(value("target")),
                value("actual").map(|value| &value.raw),
                figure(value("actual")),
                figure(value("weight")),
                figure(value("score")),
                text(value("note")),
            ])?;
    }
    for (place, check) in (1_i64..).zip(form.checks.iter().flatten()) {
        put_check(db, document, (number, form), place, check)?;
    }
    Ok(())
}

/// Puts one check of a form at its place among the checks of the form.
pub(super) fn put_check(
    db: &Connection,
    document: i64,
    (number, form): (i64, &Form),
    place: i64,
    check: &crate::record::Check,
) -> rusqlite::Result<()> {
    let end = |n: usize| check.interval.and_then(|ends| ends.get(n).copied()).map(|end| end.0.to_string());
    db.prepare_cached(
        "INSERT INTO checks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        document,
        number,
        place,
        check.id,
        Name(check.verdict),
        Name(check.severity),
        check.refs.first(),
        datum(&check.stated),
        check.computed.map(|computed| computed.0.to_string()),
        end(0),
        end(1),
        check.formula,
        check.policy,
        fingerprint(form, check),
        check.message.zh,
        check.message.en,
    ])?;
    Ok(())
}

fn rows<'a>(form: &'a Form, table: &str) -> impl Iterator<Item = (i64, &'a Row)> {
    (1..).zip(form.tables.get(table).into_iter().flatten())
}

/// A reading as a query wants it; the column makes a number of figures.
fn datum(datum: &Datum) -> Option<String> {
    match datum {
        Datum::Null => None,
        Datum::Number(figure) => Some(figure.0.to_string()),
        Datum::Text(text) => Some(text.clone()),
        Datum::Choices(choices) => Some(choices.join("；")),
    }
}

/// The exact figure, when the value is one.
fn figure(value: Option<&Value>) -> Option<String> {
    value?.value.number().map(|figure| figure.to_string())
}

/// A rate in percent; none when it is not settled whether it is one.
fn rate(value: Option<&Value>) -> Option<String> {
    let value = value?;
    let written = || value.value.number().filter(|_| value.unit.as_deref() == Some("%"));
    value.percent.map(|percent| percent.0).or_else(written).map(|rate: Decimal| rate.to_string())
}

/// The reading of a text, or what is written.
fn text(value: Option<&Value>) -> Option<String> {
    let value = value?;
    datum(&value.value).or_else(|| Some(value.raw.clone()).filter(|raw| !raw.is_empty()))
}
