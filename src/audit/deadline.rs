//! Dates as targets: done by the date is met.

use super::quantity::{Outcome, unknown};
use crate::record::{Op, Value};

/// The first and last day that a date of some precision may be, as year × 10000 + month × 100 + day.
#[derive(Clone, Copy)]
pub(super) struct Span {
    dated: bool,
    first: u32,
    last: u32,
}

impl Span {
    /// The days of a value that is a date. One without its year stands as the form writes it, 12月底前.
    pub(super) fn of(value: &Value) -> Option<Span> {
        let text = value.value.text()?;
        Span::read(text).or_else(|| Span::read(&crate::value::date_of(text)?.to_string()))
    }

    /// Reads an ISO 8601 date: `2021`, `2021-02`, `2021-02-25`; without its year `--02`, `--02-25`. Of an interval,
    /// `2020-01/2020-11`, its end counts: things are done by then.
    fn read(text: &str) -> Option<Span> {
        let text = text.rsplit_once('/').map_or(text, |(_, end)| end);
        let (dated, rest) = match text.strip_prefix("--") {
            Some(rest) => (false, rest),
            None => (true, text),
        };
        let mut parts = rest.split('-').map(|part| {
            let digits = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<u32>().ok()).flatten()
        });
        let year = if dated { parts.next()?.filter(|year| *year >= 1000)? } else { 0 };
        let (month, day) = match (parts.next(), parts.next(), parts.next()) {
            (None, None, None) if dated => (None, None),
            (Some(month), None, None) => (Some(month?), None),
            (Some(month), Some(day), None) => (Some(month?), Some(day?)),
            _ => return None,
        };
        if month.is_some_and(|month| !(1..=12).contains(&month)) || day.is_some_and(|day| !(1..=31).contains(&day)) {
            return None;
        }
        let number = |month: u32, day: u32| year * 10_000 + month * 100 + day;
        let last_month = month.unwrap_or(12);
        Some(Span {
            dated,
            first: number(month.unwrap_or(1), day.unwrap_or(1)),
            last: number(last_month, day.unwrap_or(last_day(year, last_month))),
        })
    }
}

/// The last day of a month; without a year February has 29.
fn last_day(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// Done by the date is met.
pub(super) fn compare(op: Option<Op>, wanted: Span, reached: Span) -> Outcome {
    if wanted.dated != reached.dated {
        return unknown("目标日期与完成日期只有一方写明年份", "only one of the dates has a year");
    }
    let (met, missed) = match op {
        None | Some(Op::AtMost | Op::Equal) => (reached.last <= wanted.last, reached.first > wanted.last),
        Some(Op::Below) => (reached.last < wanted.first, reached.first > wanted.last),
        Some(Op::AtLeast | Op::Above) => (reached.first >= wanted.last, false),
    };
    match (met, missed) {
        (true, _) => Outcome::Met,
        (_, true) if !wanted.dated => unknown("日期均未写年份", "neither of the dates has a year"),
        (_, true) => Outcome::Missed { share: None },
        _ => unknown("日期不够精确", "the dates are not precise enough"),
    }
}
