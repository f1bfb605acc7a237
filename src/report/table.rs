//! Records as plain tables: the rows that CSV files and workbooks are made of.

use rust_decimal::Decimal;

use crate::message::Lang;
use crate::record::{Cell as RecordCell, Datum, Form, Kind, Op, Record, Severity, Value, Verdict, Where};
use crate::report::findings::Finding;
use crate::report::summary::{Counts, Summary};

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, as the document or the program has it.
    Text(String),
    /// An exact number.
    Number(Decimal),
}

/// A named table with a head.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: &'static str,
    /// What its columns are called.
    pub head: Vec<String>,
    /// Its rows, each with a cell a column.
    pub rows: Vec<Vec<Cell>>,
}

/// The tables of a record that have a sheet of their own, with their columns in the contract's order.
const TABLES: [(&str, &str, &str, &[&str]); 3] = [
    ("budget", "预算", "budget", &["source", "initial", "budgeted", "executed", "weight", "rate", "score", "note"]),
    ("goals", "目标", "goals", &["planned", "actual", "score"]),
    (
        "indicators",
        "指标",
        "indicators",
        &["level1", "level2", "name", "nature", "target", "unit", "actual", "weight", "score", "note"],
    ),
];

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Cell {
        text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()))
    }
}

/// A sheet of findings.
pub fn of_findings(findings: &[Finding<'_>], lang: Lang) -> Sheet {
    let zh =
        "文件 表 单位 项目 年度 位置 检查 结论 级别 字段 填报 应为 下限 上限 公式 说明 可能 依据 规则 指纹 已接受 另见";
    let en = "document form unit project year place check verdict severity field stated computed low high formula \
        message hint basis rule fingerprint accepted elsewhere";
    let mut rows = Vec::new();
    for finding in findings {
        let check = finding.check;
        let end = |n: usize| {
            check.interval.and_then(|ends| ends.get(n).copied()).map_or(Cell::Empty, |end| Cell::Number(end.0))
        };
        rows.push(vec![
            Cell::Text(finding.document.to_owned()),
            number(finding.form.saturating_add(1)),
            finding.unit.into(),
            finding.project.into(),
            finding.year.map_or(Cell::Empty, Cell::Number),
            finding.place.map_or(Cell::Empty, |place| Cell::Text(place_in_words(place, lang))),
            Cell::Text(check.id.clone()),
            Cell::Text(verdict(check.verdict, lang).to_owned()),
            Cell::Text(severity(check.severity, lang).to_owned()),
            check.refs.first().map(String::as_str).into(),
            datum(&check.stated),
            check.computed.map_or(Cell::Empty, |computed| Cell::Number(computed.0)),
            end(0),
            end(1),
            Cell::Text(check.formula.clone()),
            Cell::Text(check.message.get(lang).to_owned()),
            check.hint.as_ref().map(|hint| hint.get(lang)).into(),
            check.basis.as_deref().into(),
            check.policy.as_deref().into(),
            Cell::Text(finding.fingerprint.clone()),
            finding.accepted.as_deref().into(),
            check.elsewhere.as_ref().map_or(Cell::Empty, |other| {
                let (form, place) = (other.form.saturating_add(1), place_in_words(&other.place, lang));
                Cell::Text(format!("{} #{form} {place}", other.document))
            }),
        ]);
    }
    sheet(("问题", "findings"), zh, en, lang, rows)
}

/// A sheet of values: one a row, of every field and cell.
pub fn values(records: &[Record], lang: Lang) -> Sheet {
    let zh = "文件 表 表样 表格 行 字段 原文 值 比较 单位 倍数 类别 百分数 推断 位置 把握";
    let en = "document form pattern table row field raw value op unit scale kind percent inferred place confidence";
    let mut rows = Vec::new();
    for (record, number_of_form, form) in forms(records) {
        let mut add = |table: Option<&str>, row: Option<usize>, id: &str, value: &Value| {
            let mut cells = vec![
                Cell::Text(record.source.path.clone()),
                number(number_of_form.saturating_add(1)),
                Cell::Text(form.pattern.clone()),
                table.into(),
                row.map_or(Cell::Empty, |row| number(row.saturating_add(1))),
                Cell::Text(id.to_owned()),
            ];
            cells.extend(value_cells(value, lang));
            rows.push(cells);
        };
        for (id, value) in &form.fields {
            add(None, None, id, value);
        }
        for (table, lines) in &form.tables {
            for (row, cells) in lines.iter().enumerate() {
                for (id, value) in cells.iter().filter_map(|(id, cell)| Some((id, cell.value()?))) {
                    add(Some(table), Some(row), id, value);
                }
            }
        }
    }
    sheet(("数据", "values"), zh, en, lang, rows)
}

/// A sheet of how many findings there are, by check and by unit.
pub fn of_summary(summary: &Summary, lang: Lang) -> Sheet {
    let (check, unit) = match lang {
        Lang::Zh => ("检查", "单位"),
        Lang::En => ("check", "unit"),
    };
    let row = |kind: &str, name: Option<&str>, counts: Counts| {
        let Counts { errors, warnings, infos } = counts;
        vec![Cell::Text(kind.to_owned()), name.into(), number(errors), number(warnings), number(infos)]
    };
    let checks = summary.by_check().into_iter().map(|of| row(check, Some(of.id), of.counts));
    let units = summary.by_unit();
    let units = units.into_iter().map(|of| row(unit, of.unit, of.counts));
    let rows = checks.chain(units).collect();
    sheet(("汇总", "summary"), "按 名称 错误 警告 提示", "by name errors warnings info", lang, rows)
}

/// The sheets of a workbook: forms with their fields, each table, the findings, and what they come to.
pub fn workbook(records: &[Record], findings: &[Finding<'_>], lang: Lang) -> Vec<Sheet> {
    let mut sheets = vec![of_forms(records, lang)];
    sheets.extend(TABLES.iter().map(|table| of_table(records, table, lang)));
    sheets.push(of_findings(findings, lang));
    sheets.push(of_summary(&Summary::of(findings), lang));
    sheets
}

fn forms(records: &[Record]) -> impl Iterator<Item = (&Record, usize, &Form)> {
    records.iter().flat_map(|record| record.forms.iter().enumerate().map(move |(nth, form)| (record, nth, form)))
}

/// A row a form: every field that any form has, as a column.
fn of_forms(records: &[Record], lang: Lang) -> Sheet {
    let mut ids: Vec<&String> = Vec::new();
    for (_, _, form) in forms(records) {
        ids.extend(form.fields.keys());
    }
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(*id));
    let mut rows = Vec::new();
    for (record, nth, form) in forms(records) {
        let mut row = vec![
            Cell::Text(record.source.path.clone()),
            number(nth.saturating_add(1)),
            Cell::Text(form.pattern.clone()),
        ];
        row.extend(ids.iter().map(|id| form.fields.get(*id).map_or(Cell::Empty, written)));
        rows.push(row);
    }
    let mut sheet = sheet(("表", "forms"), "文件 表 表样", "document form pattern", lang, rows);
    sheet.head.extend(ids.into_iter().cloned());
    sheet
}

/// A row a row of the table; a target or an actual has its figure in a column of its own beside its text.
fn of_table(records: &[Record], table: &(&str, &'static str, &'static str, &[&str]), lang: Lang) -> Sheet {
    let (id, zh_name, en_name, columns) = *table;
    let split = |column: &str| id == "indicators" && matches!(column, "target" | "actual");
    let mut rows = Vec::new();
    for (record, nth, form) in forms(records) {
        for (number_of_row, cells) in form.tables.get(id).into_iter().flatten().enumerate() {
            let mut row = vec![
                Cell::Text(record.source.path.clone()),
                number(nth.saturating_add(1)),
                number(number_of_row.saturating_add(1)),
            ];
            for column in columns {
                let value = cells.get(*column).and_then(RecordCell::value);
                if split(column) {
                    row.push(value.map_or(Cell::Empty, |value| Cell::Text(value.raw.clone())));
                    row.push(value.and_then(|value| value.value.number()).map_or(Cell::Empty, Cell::Number));
                } else {
                    row.push(value.map_or(Cell::Empty, written));
                }
            }
            rows.push(row);
        }
    }
    let mut sheet = sheet((zh_name, en_name), "文件 表 行", "document form row", lang, rows);
    for column in columns {
        sheet.head.push((*column).to_owned());
        if split(column) {
            sheet.head.push(format!("{column}_value"));
        }
    }
    sheet
}

fn sheet(
    (zh_name, en_name): (&'static str, &'static str),
    zh: &str,
    en: &str,
    lang: Lang,
    rows: Vec<Vec<Cell>>,
) -> Sheet {
    let (name, head) = match lang {
        Lang::Zh => (zh_name, zh),
        Lang::En => (en_name, en),
    };
    Sheet { name, head: head.split_ascii_whitespace().map(str::to_owned).collect(), rows }
}

fn value_cells(value: &Value, lang: Lang) -> [Cell; 10] {
    [
        Cell::Text(value.raw.clone()),
        datum(&value.value),
        value.op.map(sign).into(),
        value.unit.as_deref().into(),
        value.scale.map_or(Cell::Empty, |scale| Cell::Number(scale.into())),
        value.kind.map(kind).into(),
        value.percent.map_or(Cell::Empty, |percent| Cell::Number(percent.0)),
        value.inferred.map(|_| "arithmetic").into(),
        Cell::Text(place_in_words(&value.place, lang)),
        Decimal::from_f64_retain(value.confidence)
            .map_or(Cell::Empty, |sure| Cell::Number(sure.round_dp(4).normalize())),
    ]
}

/// A value as a reader wants it: its number, else its reading, else what is written.
fn written(value: &Value) -> Cell {
    match &value.value {
        Datum::Null if value.raw.is_empty() => Cell::Empty,
        Datum::Null => Cell::Text(value.raw.clone()),
        datum => self::datum(datum),
    }
}

fn datum(datum: &Datum) -> Cell {
    match datum {
        Datum::Null => Cell::Empty,
        Datum::Number(figure) => Cell::Number(figure.0),
        Datum::Text(text) => Cell::Text(text.clone()),
        Datum::Choices(choices) => Cell::Text(choices.join("；")),
    }
}

fn number(number: usize) -> Cell {
    Cell::Number(Decimal::from(number))
}

fn place_in_words(place: &Where, lang: Lang) -> String {
    match (place, lang) {
        (Where::Text { line, columns, .. }, _) => format!("{line}:{}", columns[0]),
        (Where::Page { page, bbox: [x0, y0, ..] }, Lang::Zh) => format!("第{page}页（{x0:.0}, {y0:.0}）"),
        (Where::Page { page, bbox: [x0, y0, ..] }, Lang::En) => format!("page {page} ({x0:.0}, {y0:.0})"),
    }
}

fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match (verdict, lang) {
        (Verdict::Consistent, Lang::Zh) => "一致",
        (Verdict::Inconsistent, Lang::Zh) => "不一致",
        (Verdict::Unverifiable, Lang::Zh) => "无法核对",
        (Verdict::Consistent, Lang::En) => "consistent",
        (Verdict::Inconsistent, Lang::En) => "inconsistent",
        (Verdict::Unverifiable, Lang::En) => "unverifiable",
    }
}

/// What a severity is called.
pub fn severity(severity: Severity, lang: Lang) -> &'static str {
    match (severity, lang) {
        (Severity::Error, Lang::Zh) => "错误",
        (Severity::Warning, Lang::Zh) => "警告",
        (Severity::Info, Lang::Zh) => "提示",
        (Severity::Error, Lang::En) => "error",
        (Severity::Warning, Lang::En) => "warning",
        (Severity::Info, Lang::En) => "info",
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::AtLeast => "≥",
        Op::AtMost => "≤",
        Op::Above => ">",
        Op::Below => "<",
        Op::Equal => "=",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "number",
        Kind::Percent => "percent",
        Kind::Date => "date",
        Kind::Range => "range",
        Kind::Rate => "rate",
        Kind::Word => "word",
    }
}
