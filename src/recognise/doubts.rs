//! What is doubtful about a form, as problems: parts that are missing, text without a place, values that do not
//! read as their type or could be others.

use crate::pattern::Pattern;
use crate::problem::{Code, Problem};
use crate::record::{Cell, Form, Value};

/// A value less sure than this could well be another.
const DOUBTFUL: f64 = 0.6;
/// With less than this share of the labels that every form of its pattern has, a form is hardly one of them. Forms
/// cut in half, and those whose labels a dump has torn, have more.
const POOR: f64 = 0.5;
/// Characters of a text shown in a message.
const SHOWN: usize = 24;

/// The problems of `form`, the `number`th of its document.
pub(crate) fn problems(form: &Form, number: usize, pattern: &Pattern) -> Vec<Problem> {
    let mut problems = Vec::new();
    let shown = number + 1;
    if !form.missing.is_empty() {
        let parts = form.missing.join(", ");
        problems.push(Problem::new(
            Code::IncompleteForm,
            format!("第 {shown} 张表缺少部分：{parts}；请核对文件是否被截断"),
            format!("form {shown} lacks these parts: {parts}; check whether the file was cut off"),
        ));
    }
    if form.confidence < POOR {
        let (zh, en) = (&pattern.name.zh, &pattern.name.en);
        problems.push(Problem::new(
            Code::PoorFit,
            format!("第 {shown} 张表没有合适的表样，按最接近的“{zh}”读取；可用 --patterns 添加表样"),
            format!("no pattern fits form {shown} well; it was read by the nearest, “{en}”; add one with --patterns"),
        ));
    }
    if let Some(first) = form.unmatched.first() {
        let (count, text) = (form.unmatched.len(), shorten(&first.text));
        problems.push(Problem::new(
            Code::UnmatchedText,
            format!("第 {shown} 张表有 {count} 处文字没有归属，第一处：“{text}”；请查看 unmatched"),
            format!("form {shown} has text without a place ({count} pieces, the first “{text}”); see unmatched"),
        ));
    }
    let values = || {
        let fields = form.fields.iter().map(|(id, value)| (id.clone(), value));
        let cells = form.tables.iter().flat_map(|(table, rows)| {
            rows.iter().enumerate().flat_map(move |(row, cells)| {
                cells.iter().filter_map(move |(column, cell)| match cell {
                    Cell::Value(value) => Some((format!("{table}[{row}].{column}"), value)),
                    Cell::Shared { .. } | Cell::Index(_) => None,
                })
            })
        });
        fields.chain(cells)
    };
    let is_blank =
        |value: &Value| value.raw.trim().is_empty() || pattern.blanks.contains(&crate::fold::fold_text(&value.raw));
    let listed = |pick: &dyn Fn(&Value) -> bool| {
        let ids: Vec<String> = values().filter(|(_, value)| pick(value)).map(|(id, _)| id).collect();
        (!ids.is_empty()).then(|| ids.join(", "))
    };
    if let Some(ids) = listed(&|value| value.value.is_null() && !is_blank(value)) {
        problems.push(Problem::new(
            Code::UnreadableValue,
            format!("第 {shown} 张表有值读不成应有的类型：{ids}；原文在 raw"),
            format!("form {shown} has values that do not read as their type: {ids}; raw has the text"),
        ));
    }
    if form.disordered {
        problems.push(Problem::new(
            Code::DoubtfulValue,
            format!("第 {shown} 张表的文本次序已乱，值可能属于别的行列；请对照原文"),
            format!(
                "the order of form {shown} is lost, and values may belong to other rows; compare with the document"
            ),
        ));
    } else if let Some(ids) = listed(&|value| value.confidence < DOUBTFUL) {
        problems.push(Problem::new(
            Code::DoubtfulValue,
            format!("第 {shown} 张表有值归属存疑：{ids}；请对照原文"),
            format!("form {shown} has values that could belong elsewhere: {ids}; compare with the document"),
        ));
    }
    problems.into_iter().map(|problem| problem.in_form(number)).collect()
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
