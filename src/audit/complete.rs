//! `form.complete`: every field and column that the pattern calls required is there and not blank.
//!
//! Manual: `retally checks form.complete`.

use super::context::{CONFIDENT, Context, Spot};
use super::finding::{Finding, is_off};
use crate::message::Message;
use crate::pattern::Body;
use crate::record::{Check, Severity, Value, Where};

const ID: &str = "form.complete";

/// At most this many places are named in a message; further ones are counted.
const NAMED: usize = 6;

/// The check of the form.
pub(super) fn check(context: Context<'_>) -> Option<Check> {
    if is_off(context, ID) {
        return None;
    }
    let required = required(context);
    let first = *required.first()?;
    let (present, absent): (Vec<Spot<'_>>, Vec<Spot<'_>>) = required.into_iter().partition(|spot| context.has(*spot));
    let (filled, empty): (Vec<Spot<'_>>, Vec<Spot<'_>>) =
        present.into_iter().partition(|spot| context.is_filled(*spot));
    let (loose, blank): (Vec<Spot<'_>>, Vec<Spot<'_>>) = empty.into_iter().partition(|spot| is_loose(context, *spot));
    // Where the order of the text is lost, a doubtful value may fill a place that is not its own.
    let is_doubtful = |spot: &Spot<'_>| context.value(*spot).is_some_and(|value| value.confidence < CONFIDENT);
    let borrowed: Vec<Spot<'_>> =
        filled.into_iter().filter(|spot| context.form.disordered && is_doubtful(spot)).collect();
    let mut open = blank.iter().chain(&loose).chain(&absent).chain(&borrowed);
    let subject = open.next().copied().unwrap_or(first);
    let finding = Finding::new(context, ID, Severity::Warning, subject).unstated();
    Some(match () {
        () if !blank.is_empty() => {
            let names = names(context, &blank);
            finding.from(blank).inconsistent(Message::new(
                format!("必填项未填：{}。", names.zh),
                format!("Required, and blank: {}.", names.en),
            ))
        }
        () if !loose.is_empty() => {
            let names = names(context, &loose);
            finding.from(loose).unverifiable(Message::new(
                format!("无法核对：必填项{}读作空白，但别处的文字可能属于此处；请对照原文。", names.zh),
                format!(
                    "Not verifiable: required, and blank as read, but words read elsewhere may belong here: {}; look at the \
                     document.",
                    names.en
                ),
            ))
        }
        () if !absent.is_empty() => {
            let names = names(context, &absent);
            finding.from(absent).unverifiable(Message::new(
                format!("无法核对：表中未见{}；请对照原文。", names.zh),
                format!("Not verifiable: the form as read has no {}; look at the document.", names.en),
            ))
        }
        () if !borrowed.is_empty() => {
            let names = names(context, &borrowed);
            finding.from(borrowed).unverifiable(Message::new(
                format!("无法核对：{}的读取存疑，可能本为空白；请对照原文。", names.zh),
                format!(
                    "Not verifiable: may be blank, for what was read there is doubtful: {}; look at the document.",
                    names.en
                ),
            ))
        }
        () => finding.consistent(Message::new("必填项均已填写。", "Every required field is filled.")),
    })
}

/// Whether what looks blank may have its text elsewhere: where the reader says so, and in a cell of a text, of which
/// nothing but the order of the words tells the row, while other rows of its column are filled.
fn is_loose(context: Context<'_>, spot: Spot<'_>) -> bool {
    let bare = |value: &Value| value.raw.trim().is_empty();
    let Some(value) = context.value(spot).filter(|value| bare(value)) else { return false };
    if value.confidence < CONFIDENT {
        return true;
    }
    let Spot::Cell { table, column, .. } = spot else { return false };
    matches!(value.place, Where::Text { .. })
        && (0..context.rows(table).len()).any(|row| context.is_filled(Spot::Cell { table, row, column }))
}

/// The places that must be filled, in the pattern's order. A column that the form lacks altogether is not asked for.
fn required(context: Context<'_>) -> Vec<Spot<'_>> {
    let mut spots = Vec::new();
    for section in &context.pattern.sections {
        match &section.body {
            Body::Fields(fields) => {
                spots.extend(fields.iter().filter(|field| field.required).map(|field| Spot::Field(&field.id)));
            }
            Body::Table(table) => {
                for column in table.columns.iter().filter(|column| column.required) {
                    if context.has_column(&section.id, &column.id) {
                        let cell = |row| Spot::Cell { table: &section.id, row, column: &column.id };
                        let rows = 0..context.rows(&section.id).len();
                        spots.extend(rows.filter(|row| !context.is_subtotal(&section.id, *row)).map(cell));
                    }
                }
            }
        }
    }
    spots
}

/// The places by name, further ones counted.
fn names(context: Context<'_>, spots: &[Spot<'_>]) -> Message {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for spot in spots.iter().take(NAMED) {
        let name = context.name(*spot);
        zh.push(name.zh);
        en.push(name.en);
    }
    let (mut zh, mut en) = (zh.join("、"), en.join(", "));
    if let Some(more) = spots.len().checked_sub(NAMED).filter(|more| *more > 0) {
        zh.push_str(&format!("等，另有{more}处"));
        en.push_str(&format!(", and {more} more"));
    }
    Message { zh, en }
}
