//! The record that retally gives of a document: the JSON contract `retally/1` as Rust types.
//!
//! Everything here serialises to exactly the names and types that users rely on. A key may be added;
//! none is renamed, retyped or dropped. [`schema`] gives the JSON Schema generated from these types.

use indexmap::IndexMap;
use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::message::Message;
use crate::problem::Problem;

mod reading;

/// The version tag that every record carries in `schema`.
pub const SCHEMA: &str = "retally/1";

/// What one input document says: its forms, and what went wrong on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Record {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Where the record comes from.
    pub source: Source,
    /// Whether the document came out whole.
    pub status: Status,
    /// What was lost or is doubtful; empty when `status` is `ok`.
    pub problems: Vec<Problem>,
    /// The forms found, in reading order.
    pub forms: Vec<Form>,
}

/// The input that a record was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Source {
    /// The path as the user gave it; `-` for standard input.
    pub path: String,
    /// SHA-256 of the bytes read, in lower-case hexadecimal: of none where none could be had, and `bytes` is 0 then.
    pub sha256: String,
    /// Number of bytes read.
    pub bytes: u64,
    /// What the bytes are; null when they are neither, or could not be had.
    pub kind: Option<SourceKind>,
    /// Number of pages; null for text without form feeds.
    pub pages: Option<u32>,
    /// The encoding that was decoded, in lower case; null for PDFs.
    pub encoding: Option<String>,
}

/// What the bytes of an input are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SourceKind {
    /// A PDF file.
    Pdf,
    /// Plain text: a dump of a form.
    Text,
}

/// Whether a document came out whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Everything was read.
    Ok,
    /// Forms came out, and something was lost or is doubtful.
    Partial,
    /// Nothing could be read; `problems` says why.
    Failed,
}

/// One form, as it was read with one pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Form {
    /// Id of the pattern that the form was read with.
    pub pattern: String,
    /// From 0 to 1: how well the labels of the form matched the pattern.
    pub confidence: f64,
    /// The pages or lines that the form takes up.
    #[serde(rename = "where")]
    pub extent: Extent,
    /// Single values by field id, in the pattern's order; a field is present when the form has its label.
    pub fields: IndexMap<String, Value>,
    /// Tables by id, each a list of rows.
    pub tables: IndexMap<String, Vec<Row>>,
    /// The text of the form that is neither label, boilerplate nor value.
    pub unmatched: Vec<Unmatched>,
    /// Ids of the pattern's sections of which not one label was found: the form is cut there, or lacks them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Whether the form is of all that a unit spends in a year, not of one project.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overall: bool,
    /// Ids of the pattern's sections that stand in the form more than once: a dump repeats them, or has lost the head of
    /// another form between. Sums over the form prove nothing then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<String>,
    /// Whether the order of the text is so far lost that a figure may stand in another's place. Figures that agree bear each
    /// other out then; of those that do not, nobody knows whether they were stated so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disordered: bool,
    /// The checks; absent when the audit was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<Check>>,
}

impl Form {
    /// The value that a path of [`Check::refs`] leads to: `fields.unit`, `tables.budget[0].score`.
    ///
    /// A cell that is merged with one above leads to the value there. `None` when the path leads nowhere.
    pub fn value(&self, path: &str) -> Option<&Value> {
        if let Some(field) = path.strip_prefix("fields.") {
            return self.fields.get(field);
        }
        let (table, rest) = path.strip_prefix("tables.")?.split_once('[')?;
        let (row, column) = rest.split_once("].")?;
        let rows = self.tables.get(table)?;
        match rows.get(row.parse::<usize>().ok()?)?.get(column)? {
            Cell::Value(value) => Some(value),
            Cell::Shared { shared } => rows.get(*shared)?.get(column)?.value(),
            Cell::Index(_) => None,
        }
    }
}

/// A row of a table: cells by column id, in the pattern's order.
pub type Row = IndexMap<String, Cell>;

/// A cell of a table row.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "nearly every cell is a value")]
pub enum Cell {
    /// A value of its own.
    Value(Value),
    /// The cell is merged with one above: its value stands in that row.
    Shared {
        /// 0-based number of the row in which the value stands.
        shared: usize,
    },
    /// A number that the program gives: `goal` (1-based) or `parent` (0-based row).
    Index(usize),
}

impl Cell {
    /// The value that stands in this very cell, if one does.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Cell::Value(value) => Some(value),
            Cell::Shared { .. } | Cell::Index(_) => None,
        }
    }
}

/// A value of a form: what the document has, and its exact reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Value {
    /// Exactly as in the document; line breaks of a wrapped cell are kept as `\n`.
    pub raw: String,
    /// The typed reading; null when blank or not readable as its type.
    pub value: Datum,
    /// The comparator before or after the figure; targets and actuals only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<Op>,
    /// The unit written with the figure; `%` for percentages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// 10000 for 万 and 100000000 for 亿 before a unit: the figure counts in such steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<u64>,
    /// What sort of target or actual this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// A rate written without its sign, in percent, as executed ÷ budgeted settles it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Figure>,
    /// Set when something beside the document's own layout chose this value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inferred: Option<Inferred>,
    /// Whether its text is not to be seen on the page: the layer that OCR puts behind a picture, or hidden text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invisible: bool,
    /// Where the value stands; for a blank one, where its label does.
    #[serde(rename = "where")]
    pub place: Where,
    /// From 0 to 1: how sure the program is that this is the value of its field.
    pub confidence: f64,
}

/// The typed reading of a value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Datum {
    /// Blank, or not readable as its type.
    #[default]
    Null,
    /// An exact decimal.
    Number(Figure),
    /// Text with its wraps joined, or an ISO 8601 date.
    Text(String),
    /// The ticked choices of a checkbox group.
    Choices(Vec<String>),
}

impl Datum {
    /// The exact number, when it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Datum::Number(figure) => Some(figure.0),
            _ => None,
        }
    }

    /// The text, when it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Datum::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is no reading.
    pub fn is_null(&self) -> bool {
        matches!(self, Datum::Null)
    }
}

/// An exact decimal that serialises as a JSON number with every digit that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Figure(#[serde(with = "rust_decimal::serde::arbitrary_precision")] pub Decimal);

impl From<Decimal> for Figure {
    fn from(decimal: Decimal) -> Self {
        Figure(decimal)
    }
}

impl JsonSchema for Figure {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Figure".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "number", "description": "an exact decimal with the digits that were written" })
    }
}

/// A comparator of a target or an actual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum Op {
    /// At least: ≥, 不少于, 以上.
    #[serde(rename = ">=")]
    AtLeast,
    /// At most: ≤, 不超过, 以下.
    #[serde(rename = "<=")]
    AtMost,
    /// More than: >.
    #[serde(rename = ">")]
    Above,
    /// Less than: <.
    #[serde(rename = "<")]
    Below,
    /// Exactly: =.
    #[serde(rename = "=")]
    Equal,
}

/// What sort of target or actual a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A figure, with or without a unit.
    Number,
    /// A percentage.
    Percent,
    /// A date or a deadline.
    Date,
    /// From one figure or date to another.
    Range,
    /// A figure per time or per thing: 1次/月.
    Rate,
    /// Words.
    Word,
}

/// What chose a value that the layout alone does not settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Inferred {
    /// The sums of the form; no check may lean on such a value.
    Arithmetic,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Where {
    /// A box on a page of a PDF.
    Page {
        /// 1-based page number.
        page: u32,
        /// Left, top, right, bottom in points from the page's top left.
        bbox: [f64; 4],
    },
    /// A stretch of a line of text.
    Text {
        /// 1-based line number in the document.
        line: u32,
        /// First and last column, 1-based, inclusive, counted in characters.
        columns: [u32; 2],
        /// Last line of a value that is wrapped over several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_line: Option<u32>,
    },
}

/// The part of the document that a form takes up; numbers are 1-based and inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// First and last page.
    Pages([u32; 2]),
    /// First and last line.
    Lines([u32; 2]),
}

/// Text of a form that has no place in its pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Unmatched {
    /// The text as it stands.
    pub text: String,
    /// Where it stands.
    #[serde(rename = "where")]
    pub place: Where,
}

/// What the audit says of one stated figure, row or total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Check {
    /// Id of the check, such as `budget.score`.
    pub id: String,
    /// What came out.
    pub verdict: Verdict,
    /// How much an inconsistent verdict matters.
    pub severity: Severity,
    /// The stated figure (or word) that is checked; null when there is none.
    pub stated: Datum,
    /// What it should be, rounded to the precision stated; null when it can't be computed.
    pub computed: Option<Figure>,
    /// Lowest and highest figure that the stated figures allow.
    pub interval: Option<[Figure; 2]>,
    /// The formula with its figures.
    pub formula: String,
    /// The checked figure first, then what it is computed from, as paths in the form.
    pub refs: Vec<String>,
    /// The form's own words where it prints its rule, else the policy's source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Id of the pattern's rule; absent for plain arithmetic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The finding in words.
    pub message: Message,
    /// The one slip of the pen that would explain an inconsistency, where there is just one. No correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Message>,
    /// The place in another form that the check sets this one against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Elsewhere>,
}

/// A place in a form of another document, or of the same one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Elsewhere {
    /// The path of the document as the user gave it.
    pub document: String,
    /// 0-based number of the form in it.
    pub form: usize,
    /// Where in it.
    #[serde(rename = "where")]
    pub place: Where,
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The stated figures agree.
    Consistent,
    /// They cannot all be right.
    Inconsistent,
    /// A figure that the check needs is missing, unreadable or doubtful.
    Unverifiable,
}

/// How much an inconsistent verdict matters, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warning,
    /// Wrong.
    Error,
}

/// The JSON Schema of a [`Record`].
pub fn schema() -> Schema {
    schemars::schema_for!(Record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(raw: &str) -> Value {
        Value {
            raw: raw.to_owned(),
            value: Datum::Text(raw.to_owned()),
            op: None,
            unit: None,
            scale: None,
            kind: None,
            percent: None,
            inferred: None,
            invisible: false,
            place: Where::Text { line: 1, columns: [1, 1], last_line: None },
            confidence: 1.0,
        }
    }

    #[test]
    fn a_path_leads_to_its_value() {
        let row = |cell: Cell| Row::from([("score".to_owned(), cell)]);
        let form = Form {
            pattern: "p".into(),
            confidence: 1.0,
            extent: Extent::Lines([1, 1]),
            fields: IndexMap::from([("unit".to_owned(), value("u"))]),
            tables: IndexMap::from([(
                "indicators".to_owned(),
                vec![
                    row(Cell::Value(value("a"))),
                    row(Cell::Shared { shared: 0 }),
                    row(Cell::Shared { shared: 2 }),
                    row(Cell::Index(1)),
                ],
            )]),
            unmatched: Vec::new(),
            missing: Vec::new(),
            repeated: Vec::new(),
            disordered: false,
            overall: false,
            checks: None,
        };
        for (path, raw) in [
            ("fields.unit", Some("u")),
            ("tables.indicators[0].score", Some("a")),
            ("tables.indicators[1].score", Some("a")),
            ("tables.indicators[2].score", None),
            ("tables.indicators[3].score", None),
            ("tables.indicators[4].score", None),
            ("tables.indicators[0].weight", None),
            ("tables.indicators[-1].score", None),
            ("tables.indicators[0]", None),
            ("tables.budget[0].score", None),
            ("fields.nothing", None),
            ("unit", None),
            ("", None),
        ] {
            assert_eq!(form.value(path).map(|value| value.raw.as_str()), raw, "{path}");
        }
    }
}
