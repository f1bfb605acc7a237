//! What shows only when a form is read: values that stand inside of other text, codes before names, rows that split
//! the row above them.

use super::draft::{Draft, DraftCell, DraftRow, DraftText};
use super::placement::Placement;
use super::sequence::table_of;
use super::stream::{Span, Stream};
use crate::fold::fold_text;
use crate::pattern::{Body, Pattern};

/// The column that says which row a row splits.
pub(crate) const PARENT: &str = "parent";
/// A code has at least this many characters: six of a unit's code in the systems that glue one to a name.
const MIN_CODE: usize = 4;

/// Refines `draft` by what `pattern` says of its fields and tables.
pub(crate) fn refine(draft: &mut Draft, stream: &Stream, pattern: &Pattern) {
    for (id, text) in draft.stand_ins.clone() {
        if !draft.has_text(&id) {
            draft.fields.insert(id, DraftCell::Text(text));
        }
    }
    split_codes(draft, stream, pattern);
    for section in 0..pattern.sections.len() {
        let parts = table_of(pattern, section).map(|table| table.parts.as_slice()).unwrap_or_default();
        if let Some(rows) = draft.tables.get_mut(&section).filter(|_| !parts.is_empty()) {
            mark_parts(rows, stream, parts);
        }
    }
}

/// Parts a code from the name that it is glued to: `510022T0001-某项目`.
fn split_codes(draft: &mut Draft, stream: &Stream, pattern: &Pattern) {
    let fields = pattern.sections.iter().flat_map(|section| match &section.body {
        Body::Fields(fields) => fields.as_slice(),
        Body::Table(_) => &[],
    });
    for (id, code_id) in fields.filter_map(|field| Some((&field.id, field.code.as_ref()?))) {
        let Some(DraftCell::Text(text)) = draft.fields.get_mut(id).filter(|_| true) else { continue };
        let chars: Vec<usize> = text.spans.iter().cloned().flatten().collect();
        let is_code = |at: &usize| stream.chars.get(*at).is_some_and(|char| char.ch.is_ascii_alphanumeric());
        let length = chars.iter().take_while(|at| is_code(at)).count();
        let digits = |at: &&usize| stream.chars.get(**at).is_some_and(|char| char.ch.is_ascii_digit());
        let dash = chars.get(length).and_then(|at| stream.chars.get(*at)).is_some_and(|char| char.ch == '-');
        let named = chars.len() > length + 1;
        if length < MIN_CODE || !dash || !named || chars.iter().take(length).filter(digits).count() * 2 < length {
            continue;
        }
        let code = DraftText { spans: spans(&chars[..length]), placement: Placement::Code, ..text.clone() };
        let dash = spans(&chars[length..=length]);
        text.spans = spans(&chars[length + 1..]);
        let is_label = text.is_label;
        if !is_label {
            draft.labels.extend(dash);
        }
        if draft.has_text(code_id) {
            draft.labels.extend(code.spans);
        } else {
            draft.fields.insert(code_id.clone(), DraftCell::Text(code));
        }
    }
}

/// Characters in order as spans.
fn spans(chars: &[usize]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for at in chars {
        match spans.last_mut() {
            Some(last) if last.end == *at => last.end += 1,
            _ => spans.push(*at..at + 1),
        }
    }
    spans
}

/// Gives each row whose name begins with a mark of `parts` the number of the row above that it splits. What follows
/// such a row without a weight and a score of its own splits the same row.
fn mark_parts(rows: &mut [DraftRow], stream: &Stream, parts: &[String]) {
    let parts: Vec<String> = parts.iter().map(|part| fold_text(part)).collect();
    let text = |row: &DraftRow, id: &str| match row.get(id) {
        Some(DraftCell::Text(text)) => Some(text.spans.iter().map(|span| stream.text_of(span)).collect::<String>()),
        _ => None,
    };
    let scored =
        |row: &DraftRow| ["weight", "score"].iter().any(|id| text(row, id).is_some_and(|text| !text.is_empty()));
    let mut whole = None;
    let mut within = false;
    for number in 0..rows.len() {
        let Some(row) = rows.get_mut(number) else { continue };
        let begins = text(row, "name").is_some_and(|name| parts.iter().any(|part| name.starts_with(part.as_str())));
        within = begins || (within && !scored(row));
        match whole {
            Some(parent) if within => {
                row.insert(PARENT.to_owned(), DraftCell::Index(parent));
            }
            _ => {
                whole = Some(number);
                within = false;
            }
        }
    }
}
