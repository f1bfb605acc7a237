//! What the checks see of a form: its figures by place, each readable or with the reason why it is not.

use rust_decimal::Decimal;

use super::names;
use super::rules::Rules;
use super::subtotal::Subtotals;
use crate::fold::fold_text;
use crate::message::{Lang, Message};
use crate::pattern::{Body, Pattern, Rule, Template};
use crate::record::{Cell, Datum, Form, Row, Value, Where};
use crate::value::Type;

/// Below this no check leans on a value. At 0.5 it is as likely another's as its field's own; of texts whose order is lost,
/// figures little above that still gave false alarms.
pub(super) const CONFIDENT: f64 = 0.6;

/// A row's name is cut after this many characters in messages; longer ones are whole sentences.
const NAME_LENGTH: usize = 24;

/// What stands in a cell is cut after this many characters in messages: enough to find it, and no message grows with
/// its document.
const RAW_LENGTH: usize = 40;

/// The columns that name a row, the likeliest first.
const NAMING_COLUMNS: [&str; 3] = ["name", "source", "level1"];

/// A form with the pattern that it was read with.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) form: &'a Form,
    pub(super) pattern: &'a Pattern,
    /// The rules that govern this form, the first to be asked first.
    pub(super) rules: &'a Rules,
    /// The rows of the indicators that add up others.
    pub(super) subtotals: &'a Subtotals,
    /// The language of quotations; messages are in both.
    pub(super) lang: Lang,
}

/// A place of a form where a value stands, or would stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot<'a> {
    /// A field.
    Field(&'a str),
    /// A cell of a table.
    Cell { table: &'a str, row: usize, column: &'a str },
}

/// A figure that can be counted with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated<'a> {
    pub(super) spot: Spot<'a>,
    pub(super) figure: Decimal,
}

/// A figure that cannot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lack<'a> {
    pub(super) spot: Spot<'a>,
    pub(super) why: Why,
}

/// Why a figure cannot be counted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The form, as it was read, has no such place.
    Absent,
    /// Nothing stands there.
    Blank,
    /// What stands there is no figure.
    Unreadable,
    /// It may belong elsewhere, or arithmetic chose it.
    Doubtful,
    /// It is an amount in another unit than those that it is compared with.
    OtherUnit,
}

/// What the pattern's policy says of a check.
#[derive(Clone, Copy)]
pub(super) enum Policy<'a> {
    /// Nothing.
    Silent,
    /// This rule governs it.
    Rule(&'a Rule),
    /// Its rule is switched off.
    Off,
}

impl<'a> Policy<'a> {
    pub(super) fn rule(self) -> Option<&'a Rule> {
        match self {
            Policy::Rule(rule) => Some(rule),
            Policy::Silent | Policy::Off => None,
        }
    }
}

impl<'a> Lack<'a> {
    pub(super) fn absent(spot: Spot<'a>) -> Lack<'a> {
        Lack { spot, why: Why::Absent }
    }

    pub(super) fn unreadable(spot: Spot<'a>) -> Lack<'a> {
        Lack { spot, why: Why::Unreadable }
    }

    pub(super) fn doubtful(spot: Spot<'a>) -> Lack<'a> {
        Lack { spot, why: Why::Doubtful }
    }

    pub(super) fn other_unit(spot: Spot<'a>) -> Lack<'a> {
        Lack { spot, why: Why::OtherUnit }
    }
}

impl<'a> Spot<'a> {
    /// The place that a path in the form's JSON leads to.
    pub(super) fn parse(path: &'a str) -> Option<Spot<'a>> {
        if let Some(id) = path.strip_prefix("fields.") {
            return Some(Spot::Field(id));
        }
        let (table, rest) = path.strip_prefix("tables.")?.split_once('[')?;
        let (row, column) = rest.split_once("].")?;
        Some(Spot::Cell { table, row: row.parse().ok()?, column })
    }
}

impl Spot<'_> {
    /// The place as a path in the form's JSON.
    pub(super) fn path(self) -> String {
        match self {
            Spot::Field(id) => format!("fields.{id}"),
            Spot::Cell { table, row, column } => format!("tables.{table}[{row}].{column}"),
        }
    }
}

impl<'a> Context<'a> {
    /// The policy for the check with this id. A check is off when rules govern it and none of them is switched on.
    pub(super) fn policy(self, check: &str) -> Policy<'a> {
        let mut policy = Policy::Silent;
        for rule in self.rules.of(check) {
            if rule.enabled {
                return Policy::Rule(rule);
            }
            policy = Policy::Off;
        }
        policy
    }

    /// The rows of a table; none when the form has no such table.
    pub(super) fn rows(self, table: &str) -> &'a [Row] {
        self.form.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Whether any row of the table has a place in this column.
    pub(super) fn has_column(self, table: &str, column: &str) -> bool {
        self.rows(table).iter().any(|row| row.contains_key(column))
    }

    /// Whether the row splits another one and so counts in no sum.
    pub(super) fn is_part(self, table: &str, row: usize) -> bool {
        self.rows(table).get(row).is_some_and(|row| row.contains_key("parent"))
    }

    /// Whether the row adds up others: it is no indicator.
    pub(super) fn is_subtotal(self, table: &str, row: usize) -> bool {
        table == "indicators" && self.subtotals.has(row)
    }

    /// The level-1 headings that print a weight or a score, folded, each with its row of `blocks`. One that stands twice
    /// belongs to two goals: what it prints holds for the rows of neither alone, and it is left out.
    pub(super) fn levels(self) -> Vec<(String, usize)> {
        let word = |row| {
            let value = self.value(Spot::Cell { table: "blocks", row, column: "level1" })?;
            value.value.text().map(fold_text)
        };
        let all: Vec<(String, usize)> =
            (0..self.rows("blocks").len()).filter_map(|row| Some((word(row)?, row))).collect();
        let once = |word: &String| all.iter().filter(|(other, _)| other == word).count() == 1;
        all.iter().filter(|(word, _)| once(word)).cloned().collect()
    }

    /// Whether the form has several goals, each with indicators of its own.
    pub(super) fn has_goals(self) -> bool {
        self.rows("indicators").iter().any(|row| matches!(row.get("goal"), Some(Cell::Index(goal)) if *goal > 1))
    }

    /// The place that holds the value of `spot`: the spot itself, or the row above that a merged cell begins in.
    pub(super) fn owner(self, spot: Spot<'a>) -> Spot<'a> {
        match spot {
            Spot::Cell { table, row, column } => match self.cell(table, row, column) {
                Some(Cell::Shared { shared }) if *shared < row => Spot::Cell { table, row: *shared, column },
                _ => spot,
            },
            Spot::Field(_) => spot,
        }
    }

    /// Whether the cell is merged with one above.
    pub(super) fn is_shared(self, spot: Spot<'a>) -> bool {
        self.owner(spot) != spot
    }

    fn cell(self, table: &str, row: usize, column: &str) -> Option<&'a Cell> {
        self.rows(table).get(row)?.get(column)
    }

    /// The value at `spot`, following merged cells.
    pub(super) fn value(self, spot: Spot<'a>) -> Option<&'a Value> {
        match self.owner(spot) {
            Spot::Field(id) => self.form.fields.get(id),
            Spot::Cell { table, row, column } => self.cell(table, row, column)?.value(),
        }
    }

    /// Whether the form has a place there, filled or not.
    pub(super) fn has(self, spot: Spot<'a>) -> bool {
        match spot {
            Spot::Field(id) => self.form.fields.contains_key(id),
            Spot::Cell { table, row, column } => self.cell(table, row, column).is_some(),
        }
    }

    /// Whether `value` is there in name only: nothing written, or a mark for nothing.
    pub(super) fn is_blank(self, value: &Value) -> bool {
        let text = match &value.value {
            Datum::Null => fold_text(&value.raw),
            Datum::Text(text) => fold_text(text),
            Datum::Number(_) | Datum::Choices(_) => return false,
        };
        text.is_empty() || self.pattern.blanks.iter().any(|blank| fold_text(blank) == text)
    }

    /// Whether something is written at `spot`.
    pub(super) fn is_filled(self, spot: Spot<'a>) -> bool {
        self.value(spot).is_some_and(|value| !self.is_blank(value))
    }

    /// The value at `spot`, if a check may lean on it.
    pub(super) fn sure(self, spot: Spot<'a>) -> Result<&'a Value, Lack<'a>> {
        let lack = |why| Lack { spot, why };
        let value = self.value(spot).ok_or(lack(Why::Absent))?;
        match () {
            () if self.is_blank(value) => Err(lack(Why::Blank)),
            () if value.inferred.is_some() || is_doubtful(value) || is_torn(value) => Err(lack(Why::Doubtful)),
            () => Ok(value),
        }
    }

    /// The figure at `spot`, if a check may lean on it.
    pub(super) fn figure(self, spot: Spot<'a>) -> Result<Stated<'a>, Lack<'a>> {
        let figure = self.sure(spot)?.value.number().ok_or(Lack { spot, why: Why::Unreadable })?;
        Ok(Stated { spot, figure })
    }

    /// The typed reading at `spot`; null when there is none.
    pub(super) fn datum(self, spot: Spot<'a>) -> Datum {
        self.value(spot).map(|value| value.value.clone()).unwrap_or_default()
    }

    /// What people call the field or the column of the place.
    pub(super) fn label(self, spot: Spot<'_>) -> Message {
        match spot {
            Spot::Field(id) => names::name(id, self.field_label(id)),
            Spot::Cell { table, column, .. } => names::name(column, self.column_label(table, column)),
        }
    }

    /// What people call the place.
    pub(super) fn name(self, spot: Spot<'_>) -> Message {
        let label = self.label(spot);
        match spot {
            Spot::Field(_) => label,
            Spot::Cell { table, row, .. } => {
                let row = self.row_name(table, row);
                Message { zh: format!("{}的{}", row.zh, label.zh), en: format!("the {} of {}", label.en, row.en) }
            }
        }
    }

    /// What stands at `spot`, on one line and cut short.
    pub(super) fn raw(self, spot: Spot<'_>) -> String {
        self.form.value(&spot.path()).map(|value| cut(&value.raw.replace('\n', ""), RAW_LENGTH)).unwrap_or_default()
    }

    /// What people call the row: its own words, or its table and number.
    pub(super) fn row_name(self, table: &str, row: usize) -> Message {
        let words = self.rows(table).get(row).and_then(|cells| {
            NAMING_COLUMNS
                .iter()
                .find_map(|column| cells.get(*column)?.value()?.value.text().filter(|text| !text.is_empty()))
        });
        if let Some(words) = words {
            let name = cut(words.trim_end_matches(['：', ':']), NAME_LENGTH);
            return Message { zh: format!("“{name}”"), en: format!("“{name}”") };
        }
        let number = row.saturating_add(1);
        let heading = self.table_label(table);
        Message {
            zh: match heading {
                Some(heading) => format!("{heading}第{number}行"),
                None => format!("{table}第{number}行"),
            },
            en: format!("{table} row {number}"),
        }
    }

    /// The form's heading of a table.
    fn table_label(self, table: &str) -> Option<String> {
        let headings = &self.pattern.sections.iter().find(|section| section.id == table)?.headings;
        headings
            .iter()
            .find(|heading| !heading.has_holes())
            .or(headings.first())
            .map(|label| without_holes(&label.text))
    }

    /// The form's word for a field: its label, or the heading that it stands in.
    fn field_label(self, id: &str) -> Option<String> {
        for section in &self.pattern.sections {
            if let Body::Fields(fields) = &section.body
                && let Some(field) = fields.iter().find(|field| field.id == id)
            {
                return plain(&field.labels).or_else(|| plain(&field.words));
            }
            let hole = format!("{{{id}}}");
            if let Some(heading) = section.headings.iter().find(|heading| heading.text.contains(&hole)) {
                return Some(without_holes(&heading.text));
            }
        }
        None
    }

    /// The type of what stands at `spot`, by the pattern.
    pub(super) fn kind(self, spot: Spot<'_>) -> Option<Type> {
        self.pattern.sections.iter().find_map(|section| match (&section.body, spot) {
            (Body::Fields(fields), Spot::Field(id)) => Some(fields.iter().find(|field| field.id == id)?.kind),
            (Body::Table(body), Spot::Cell { table, column, .. }) if section.id == table => {
                Some(body.columns.iter().find(|found| found.id == column)?.kind)
            }
            _ => None,
        })
    }

    /// The form's word for a column.
    fn column_label(self, table: &str, column: &str) -> Option<String> {
        self.pattern.sections.iter().filter(|section| section.id == table).find_map(|section| match &section.body {
            Body::Table(body) => plain(&body.columns.iter().find(|found| found.id == column)?.labels),
            Body::Fields(_) => None,
        })
    }
}

/// Whether the reader was not sure of the value. A confidence that is no number counts as none.
fn is_doubtful(value: &Value) -> bool {
    value.confidence.is_nan() || value.confidence < CONFIDENT
}

/// Whether a figure of a text was put together from digits on two lines: nothing tells that these are not two figures.
/// In a PDF the cell tells, and a heading that runs downwards has one sign a line.
fn is_torn(value: &Value) -> bool {
    let digit = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_digit());
    let torn = |(before, after): (&str, &str)| {
        digit(before.trim_end().chars().next_back()) && digit(after.trim_start().chars().next())
    };
    let downwards = value.raw.lines().all(|line| line.trim().chars().nth(1).is_none());
    let places = value.raw.match_indices('\n').map(|(at, _)| value.raw.split_at(at));
    let in_text = matches!(value.place, Where::Text { .. });
    in_text && !downwards && value.value.number().is_some() && places.into_iter().any(torn)
}

/// The first `length` characters of `text`, with dots where more were.
pub(super) fn cut(text: &str, length: usize) -> String {
    let mut short: String = text.chars().take(length).collect();
    if text.chars().nth(length).is_some() {
        short.push('…');
    }
    short
}

/// The first of `labels`, its holes shown as dots.
fn plain(labels: &[Template]) -> Option<String> {
    labels.first().map(|label| without_holes(&label.text))
}

/// A template's text with dots where a value stands: `预算执行情况（…分）`.
fn without_holes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut in_hole = false;
    for ch in text.chars() {
        match ch {
            '{' => {
                in_hole = true;
                plain.push('…');
            }
            '}' => in_hole = false,
            _ if in_hole => {}
            _ => plain.push(ch),
        }
    }
    plain
}
