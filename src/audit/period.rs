//! `form.period`: dates lie in the form's year.
//!
//! Manual: `retally checks form.period`.

use super::context::{Context, Spot};
use super::finding::{Finding, is_off};
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Check, Datum, Severity};

const ID: &str = "form.period";

/// Years that a text may speak of; four digits beyond them are something else.
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2100;

/// The checks of the date of filling in, of goals and of targets that name a year; none for a form without its year.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    let year = Spot::Field("year");
    let stated = context.figure(year).ok().and_then(|stated| u32::try_from(stated.figure).ok());
    let Some(of_form) = stated.filter(|year| YEARS.contains(year) && !is_off(context, ID)) else { return Vec::new() };
    let mut checks: Vec<Check> = filled_on(context, of_form).into_iter().collect();
    let cells = |table, column| (0..context.rows(table).len()).map(move |row| Spot::Cell { table, row, column });
    for spot in cells("goals", "planned").chain(cells("indicators", "target")) {
        let years = years(context, spot);
        let (Some(first), Some(last)) = (years.iter().min(), years.iter().max()) else { continue };
        let finding =
            Finding::new(context, ID, Severity::Info, spot).from([year]).formula(span(*first, *last, of_form));
        let name = context.name(spot);
        checks.push(if (*first..=*last).contains(&of_form) {
            finding.consistent(Message::new(
                format!("{}所写年份包括{of_form}年度。", name.zh),
                format!("{} speaks of the form's year, {of_form}.", name.en),
            ))
        } else {
            let named = years.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
            finding.inconsistent(Message::new(
                format!("{}写的是{named}年，不是{of_form}年度。", name.zh),
                format!("{} speaks of {named}, not of the form's year, {of_form}.", name.en),
            ))
        });
    }
    checks
}

/// A form is filled in during its year or after it.
fn filled_on(context: Context<'_>, of_form: u32) -> Option<Check> {
    let (filled, year) = (Spot::Field("filled_on"), Spot::Field("year"));
    let years = years(context, filled);
    let on = *years.iter().max()?;
    let finding = Finding::new(context, ID, Severity::Info, filled).from([year]).formula(format!("{on} ≥ {of_form}"));
    let name = context.name(filled);
    let raw = context.raw(filled);
    Some(if on >= of_form {
        finding.consistent(Message::new(
            format!("{}{raw}不早于{of_form}年度。", name.zh),
            format!("{}, {raw}, is not before the form's year, {of_form}.", name.en),
        ))
    } else {
        finding.inconsistent(Message::new(
            format!("{}{raw}早于{of_form}年度。", name.zh),
            format!("{}, {raw}, is before the form's year, {of_form}.", name.en),
        ))
    })
}

fn span(first: u32, last: u32, of_form: u32) -> String {
    if first == last { format!("{first} = {of_form}") } else { format!("{first} ≤ {of_form} ≤ {last}") }
}

/// The years that the text at `spot` names, in rising order: those of a date, or four digits before 年.
fn years<'a>(context: Context<'a>, spot: Spot<'a>) -> Vec<u32> {
    let Ok(value) = context.sure(spot) else { return Vec::new() };
    let Datum::Text(text) = &value.value else { return Vec::new() };
    let mut years: Vec<u32> = dated(text).or_else(|| Some(named(&fold_text(text)))).unwrap_or_default();
    years.sort_unstable();
    years.dedup();
    years
}

/// The years of an ISO 8601 date or interval; `None` when the text is no such thing.
fn dated(text: &str) -> Option<Vec<u32>> {
    text.split('/')
        .map(|date| {
            let (year, rest) = date.split_at_checked(4)?;
            let is_date =
                rest.is_empty() || rest.starts_with('-') && rest.chars().all(|ch| ch == '-' || ch.is_ascii_digit());
            if is_date && year.bytes().all(|byte| byte.is_ascii_digit()) { year.parse().ok() } else { None }
        })
        .collect()
}

/// The years that prose names, 2020年. Where it names one, every other group of four digits that may be a year counts
/// too: the first one of 2018-2020年 has no 年 behind it.
fn named(folded: &str) -> Vec<u32> {
    let mut years = Vec::new();
    let mut any = false;
    let mut rest = folded;
    while let Some(start) = rest.find(|ch: char| ch.is_ascii_digit()) {
        let group = rest.get(start..).unwrap_or_default();
        let end = group.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(group.len());
        let (digits, after) = group.split_at(end);
        if let (4, Ok(year)) = (digits.len(), digits.parse::<u32>())
            && YEARS.contains(&year)
        {
            any |= after.starts_with('年');
            years.push(year);
        }
        rest = after;
    }
    if any { years } else { Vec::new() }
}
