//! Forms for tests, built from what their cells say.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::audit;
use crate::message::{Lang, Message};
use crate::pattern::{Body, Column, Field, Pattern, Rows, Rule, Section, Standing, Table, Word};
use crate::record::{Cell, Check, Datum, Extent, Figure, Form, Kind, Op, Row, Value, Verdict, Where};
use crate::value::Type;

/// The comparators that tests write before a figure.
const OPS: [(&str, Op); 5] =
    [("≥", Op::AtLeast), ("≤", Op::AtMost), (">", Op::Above), ("<", Op::Below), ("=", Op::Equal)];

/// A value as the reader gives it: `≥3万条` has a comparator, a figure, a scale and a unit; `2021-02` is a date.
pub(super) fn value(raw: &str) -> Value {
    let mut value = Value {
        raw: raw.to_owned(),
        value: Datum::Null,
        op: None,
        unit: None,
        scale: None,
        kind: None,
        percent: None,
        inferred: None,
        invisible: false,
        place: Where::Page { page: 1, bbox: [0.0; 4] },
        confidence: 1.0,
    };
    let op = OPS.iter().find_map(|(sign, op)| Some((*op, raw.strip_prefix(sign)?)));
    let rest = op.map_or(raw, |(_, rest)| rest);
    let digits = rest.find(|ch: char| !ch.is_ascii_digit() && ch != '.').unwrap_or(rest.len());
    let is_date = rest.contains('-') && rest.len() > 3;
    if let Ok(figure) = rest[..digits].parse::<Decimal>()
        && !is_date
        && !raw.contains('~')
    {
        let mut unit = &rest[digits..];
        value.op = op.map(|(op, _)| op);
        value.value = Datum::Number(Figure(figure));
        if let Some(base) = unit.strip_prefix('万') {
            value.scale = Some(10_000);
            unit = base;
        }
        value.unit = Some(unit.to_owned()).filter(|unit| !unit.is_empty());
        value.kind = Some(if unit == "%" { Kind::Percent } else { Kind::Number });
    } else if !raw.is_empty() {
        value.value = Datum::Text(raw.replace('\n', ""));
        let is_range = raw.contains('~');
        value.kind = Some(match () {
            () if is_date => Kind::Date,
            () if is_range => Kind::Range,
            () => Kind::Word,
        });
    }
    value
}

/// A form in the making.
#[derive(Clone, Debug)]
pub(super) struct Builder {
    pub(super) form: Form,
    pub(super) pattern: Pattern,
}

impl Builder {
    /// An empty form.
    pub(super) fn new() -> Builder {
        Builder {
            form: Form {
                pattern: "test".into(),
                confidence: 1.0,
                extent: Extent::Pages([1, 1]),
                fields: IndexMap::new(),
                tables: IndexMap::new(),
                unmatched: Vec::new(),
                missing: Vec::new(),
                repeated: Vec::new(),
                disordered: false,
                overall: false,
                checks: None,
            },
            pattern: Pattern { id: "test".into(), blanks: vec!["—".into(), "/".into()], ..Pattern::default() },
        }
    }

    /// A form of 20, 20 and 60 points, all given and all in order.
    pub(super) fn whole() -> Builder {
        Builder::new()
            .field("self_score", "100")
            .field("budget_weight", "20")
            .field("goals_weight", "20")
            .field("indicators_weight", "60")
            .field("indicators_score", "60")
            .row("budget", "source:总额 budgeted:80 executed:80 rate:100% score:20")
            .row("goals", "planned:办好 actual:办好 score:20")
            .row("indicators", "level1:产出指标 name:场次 target:≥5场 actual:5场 note: score:30")
            .row("indicators", "level1:效益指标 name:满意度 target:≥95% actual:96% note: score:30")
    }

    /// Sets a field.
    pub(super) fn field(mut self, id: &str, raw: &str) -> Builder {
        self.form.fields.insert(id.into(), value(raw));
        self
    }

    /// Adds a row; cells are `column:raw`, `column:^3` for one shared with row 3, `parent:#0` for a number.
    pub(super) fn row(mut self, table: &str, cells: &str) -> Builder {
        let row: Row = cells
            .split(' ')
            .map(|cell| {
                let (column, raw) = cell.split_once(':').unwrap();
                let cell = match (raw.strip_prefix('^'), raw.strip_prefix('#')) {
                    (Some(shared), _) => Cell::Shared { shared: shared.parse().unwrap() },
                    (_, Some(index)) => Cell::Index(index.parse().unwrap()),
                    _ => Cell::Value(value(raw)),
                };
                (column.to_owned(), cell)
            })
            .collect();
        self.form.tables.entry(table.into()).or_default().push(row);
        self
    }

    /// Sets a cell of a row that is there.
    pub(super) fn cell(mut self, table: &str, row: usize, column: &str, raw: &str) -> Builder {
        self.form.tables[table][row].insert(column.into(), Cell::Value(value(raw)));
        self
    }

    /// Changes the value of a cell.
    pub(super) fn change(mut self, table: &str, row: usize, column: &str, change: impl Fn(&mut Value)) -> Builder {
        if let Some(Cell::Value(value)) = self.form.tables[table][row].get_mut(column) {
            change(value);
        }
        self
    }

    /// Puts the form in a text, each field and each row on a line of its own.
    pub(super) fn in_text(mut self) -> Builder {
        self.form.extent = Extent::Lines([1, 1]);
        let mut lines = 1..;
        let mut next = || Where::Text { line: lines.next().unwrap_or_default(), columns: [1, 1], last_line: None };
        for value in self.form.fields.values_mut() {
            value.place = next();
        }
        for row in self.form.tables.values_mut().flatten() {
            let place = next();
            for cell in row.values_mut() {
                if let Cell::Value(value) = cell {
                    value.place = place.clone();
                }
            }
        }
        self
    }

    /// Takes a field away.
    pub(super) fn without(mut self, id: &str) -> Builder {
        self.form.fields.shift_remove(id);
        self
    }

    /// Takes a column away.
    pub(super) fn without_column(mut self, table: &str, column: &str) -> Builder {
        for row in &mut self.form.tables[table] {
            row.shift_remove(column);
        }
        self
    }

    /// Adds a rule to the policy.
    pub(super) fn rule(mut self, check: &str, change: impl Fn(&mut Rule)) -> Builder {
        let mut rule = Rule {
            id: format!("test/{check}"),
            check: check.into(),
            source: Message::new("测试规则", "a rule for tests"),
            standing: Standing::Seen,
            severity: None,
            enabled: true,
            threshold: None,
            words: Vec::new(),
            printed: Vec::new(),
            gives_way: Vec::new(),
            adjusted: false,
            overrides: false,
            tiers: Vec::new(),
        };
        change(&mut rule);
        self.pattern.policy.push(rule);
        self
    }

    /// Puts the form under the rules of `pattern`.
    pub(super) fn under(mut self, pattern: &Pattern) -> Builder {
        self.pattern = pattern.clone();
        self
    }

    /// Makes bare figures under this heading ceilings.
    pub(super) fn ceiling(mut self, heading: &str) -> Builder {
        let word = Word {
            value: heading.into(),
            also: Vec::new(),
            under: None,
            ceiling: true,
            floor: false,
            signs: Vec::new(),
        };
        self.pattern.vocabularies.entry("level2".into()).or_default().push(word);
        self
    }

    /// Makes this mark begin a source that may split another, and this word an indicator of which less is better.
    pub(super) fn marks(mut self, split: &str, fewer: &str) -> Builder {
        self.pattern.splits.push(split.into());
        self.pattern.fewer_is_better.push(fewer.into());
        self
    }

    /// Makes the pattern call these fields and this column of the indicators required.
    pub(super) fn require(mut self, fields: &[&str], column: &str) -> Builder {
        let field = |id: &&str| Field {
            id: (*id).into(),
            kind: Type::Text,
            labels: Vec::new(),
            words: Vec::new(),
            required: true,
            usual: false,
            opens: false,
            choices: Vec::new(),
            only: Vec::new(),
            ends: Vec::new(),
            code: None,
        };
        let column = Column {
            id: column.into(),
            kind: Type::Text,
            labels: Vec::new(),
            words: Vec::new(),
            required: true,
            optional: false,
        };
        let table = Table {
            rows: Rows::Listed,
            columns: vec![column],
            groups: Vec::new(),
            spare: Vec::new(),
            block_score: None,
            total: None,
            parts: Vec::new(),
        };
        let section = |id: &str, body| Section { id: id.into(), optional: false, headings: Vec::new(), body };
        self.pattern.sections.push(section("head", Body::Fields(fields.iter().map(field).collect())));
        self.pattern.sections.push(section("indicators", Body::Table(table)));
        self
    }

    /// All checks.
    pub(super) fn audit(&self) -> Vec<Check> {
        audit(&self.form, &self.pattern, Lang::En)
    }

    /// The check of this id whose first reference is `at`.
    pub(super) fn check(&self, id: &str, at: &str) -> Option<Check> {
        self.audit().into_iter().find(|check| check.id == id && check.refs.first().is_some_and(|first| first == at))
    }

    /// The verdict of that check; `None` when there is no such check.
    pub(super) fn verdict(&self, id: &str, at: &str) -> Option<Verdict> {
        self.check(id, at).map(|check| check.verdict)
    }

    /// The inconsistent checks, as id and first reference.
    pub(super) fn findings(&self) -> Vec<(String, String)> {
        let wrong = self.audit().into_iter().filter(|check| check.verdict == Verdict::Inconsistent);
        wrong.map(|check| (check.id, check.refs.into_iter().next().unwrap_or_default())).collect()
    }
}

/// A message has both wordings, each a sentence.
pub(super) fn is_worded(message: &Message) -> bool {
    message.zh.ends_with('。') && message.en.ends_with('.')
}
