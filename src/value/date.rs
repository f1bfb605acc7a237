//! Dates to the precision written: `2021年2月`, `2021-02-25`, `2023.6.28`, `二〇二一年二月`.

use std::fmt;

use super::sign::{Gap, Sign, signs, strip, strip_any};

/// Years that a date of a form can lie in. Narrow enough that amounts such as `9999.12` are none.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2100;

/// The longest date has 14 characters (二〇二一年十二月三十一日 with blanks dropped is 12); more is no date.
pub(super) const LONGEST: usize = 24;

/// Words that narrow a month or a year down without naming a day.
const PARTS: &[&str] = &["份", "底", "末", "初", "上旬", "中旬", "下旬"];

/// A date to year, month or day; without its year where the form leaves it to the reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Date {
    /// The year.
    pub year: Option<u16>,
    /// The month, 1 to 12.
    pub month: Option<u8>,
    /// The day of the month.
    pub day: Option<u8>,
}

impl Date {
    /// Whether there is such a date.
    fn is_real(self) -> bool {
        let year_fits = self.year.is_none_or(|year| YEARS.contains(&year));
        let month_fits = self.month.is_none_or(|month| (1..=12).contains(&month));
        let day_fits = match (self.month, self.day) {
            (_, None) => true,
            (Some(month), Some(day)) => day >= 1 && day <= days(self.year, month),
            (None, Some(_)) => false,
        };
        year_fits && month_fits && day_fits && (self.year.is_some() || self.month.is_some())
    }
}

/// ISO 8601 to the precision there is. Without a year: `--12`, `--12-25`, as XML Schema writes them.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => write!(f, "-")?,
        }
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        match self.day {
            Some(day) => write!(f, "-{day:02}"),
            None => Ok(()),
        }
    }
}

/// Number of days of a month; of February's in a leap year where the year is not known.
fn days(year: Option<u16>, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_some_and(|year| year % 4 != 0 || year % 100 == 0 && year % 400 != 0) => 28,
        2 => 29,
        _ => 31,
    }
}

/// Reads the whole of `text` as a date, with or without a year. A word such as 底 after it is allowed.
pub fn read(text: &str) -> Option<Date> {
    let signs = signs(text, LONGEST)?;
    let (date, rest) = compact(&signs).or_else(|| take(&signs, true))?;
    strip_part(rest).is_empty().then_some(date)
}

/// The date that `signs` begin with, and what follows it. `2023.5` is one only when `dotted_month` allows it.
pub(super) fn take(signs: &[Sign], dotted_month: bool) -> Option<(Date, &[Sign])> {
    named(signs).or_else(|| separated(signs, dotted_month)).filter(|(date, _)| date.is_real())
}

/// `signs` without a leading word such as 底.
pub(super) fn strip_part(signs: &[Sign]) -> &[Sign] {
    strip_any(signs, PARTS).unwrap_or(signs)
}

/// Whether `signs` are a form's own 年 月 日 with nothing filled in.
pub(super) fn is_unfilled(signs: &[Sign]) -> bool {
    ["年月日", "年月"].iter().any(|blank| strip(signs, blank).is_some_and(<[Sign]>::is_empty))
}

/// 2021年2月25日, 2月25日, 2021年.
fn named(signs: &[Sign]) -> Option<(Date, &[Sign])> {
    let mut date = Date::default();
    let mut rest = signs;
    if let Some((year, after)) = year(rest).and_then(|(year, after)| Some((year, strip(after, "年")?))) {
        date.year = Some(year);
        rest = strip(after, "度").unwrap_or(after);
    }
    if let Some((month, after)) = small(rest).and_then(|(month, after)| Some((month, strip(after, "月")?))) {
        date.month = Some(month);
        rest = after;
        if let Some((day, after)) = small(rest).and_then(|(day, after)| Some((day, strip_any(after, &["日", "号"])?)))
        {
            date.day = Some(day);
            rest = after;
        }
    }
    // A form's own 月 and 日 with nothing before them say nothing.
    if date.year.is_some() && date.month.is_none() {
        rest = strip(rest, "月日").or_else(|| strip(rest, "月")).unwrap_or(rest);
    } else if date.month.is_some() && date.day.is_none() {
        rest = strip(rest, "日").unwrap_or(rest);
    }
    (date.year.is_some() || date.month.is_some()).then_some((date, rest))
}

/// 2021-02-25, 2023.6.28, 2021/2.
fn separated(signs: &[Sign], dotted_month: bool) -> Option<(Date, &[Sign])> {
    let (year, rest) = year(signs)?;
    let separator = rest.first()?.ch;
    if !matches!(separator, '-' | '.' | '/') {
        return None;
    }
    let (month, rest) = small(rest.get(1..)?)?;
    let day = rest.split_first().filter(|(next, _)| next.ch == separator).and_then(|(_, after)| small(after));
    match day {
        Some((day, rest)) => Some((Date { year: Some(year), month: Some(month), day: Some(day) }, rest)),
        None if separator == '.' && !dotted_month => None,
        None => Some((Date { year: Some(year), month: Some(month), day: None }, rest)),
    }
}

/// 20210225.
fn compact(signs: &[Sign]) -> Option<(Date, &[Sign])> {
    let (number, rest) = number(signs, 8, 8)?;
    let date = Date {
        year: u16::try_from(number / 10_000).ok(),
        month: u8::try_from(number / 100 % 100).ok(),
        day: u8::try_from(number % 100).ok(),
    };
    date.is_real().then_some((date, rest))
}

/// A year of four digits.
fn year(signs: &[Sign]) -> Option<(u16, &[Sign])> {
    let (number, rest) = number(signs, 4, 4).or_else(|| han_year(signs))?;
    Some((u16::try_from(number).ok()?, rest))
}

/// A month or a day.
fn small(signs: &[Sign]) -> Option<(u8, &[Sign])> {
    let (number, rest) = number(signs, 1, 2).or_else(|| han_small(signs))?;
    Some((u8::try_from(number).ok()?, rest))
}

/// A run of `least` to `most` digits with no gap in it.
fn number(signs: &[Sign], least: usize, most: usize) -> Option<(u32, &[Sign])> {
    let length = signs.iter().take_while(|sign| sign.ch.is_ascii_digit()).count();
    let (run, rest) = signs.split_at_checked(length)?;
    let torn = run.iter().skip(1).any(|sign| sign.gap != Gap::None);
    if length < least || length > most || torn {
        return None;
    }
    let number = run.iter().filter_map(|sign| sign.ch.to_digit(10)).fold(0, |number, digit| number * 10 + digit);
    Some((number, rest))
}

/// 二〇二一.
fn han_year(signs: &[Sign]) -> Option<(u32, &[Sign])> {
    let (run, rest) = signs.split_at_checked(4)?;
    let digits: Option<Vec<u32>> = run.iter().map(|sign| han_digit(sign.ch)).collect();
    Some((digits?.into_iter().fold(0, |number, digit| number * 10 + digit), rest))
}

/// 二, 十二, 二十五.
fn han_small(signs: &[Sign]) -> Option<(u32, &[Sign])> {
    let digit = |signs: &'_ [Sign]| signs.first().and_then(|sign| han_digit(sign.ch)).filter(|digit| *digit > 0);
    let after = |signs, count: usize| -> &[Sign] { <[Sign]>::get(signs, count..).unwrap_or_default() };
    let (tens, rest) = match digit(signs) {
        Some(tens) if strip(after(signs, 1), "十").is_some() => (tens, after(signs, 2)),
        Some(ones) => return Some((ones, after(signs, 1))),
        None => (1, strip(signs, "十")?),
    };
    match digit(rest) {
        Some(ones) => Some((tens * 10 + ones, after(rest, 1))),
        None => Some((tens * 10, rest)),
    }
}

/// The digit that a Han character stands for.
fn han_digit(ch: char) -> Option<u32> {
    let digits = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    match ch {
        '零' | '○' => Some(0),
        _ => digits.iter().position(|digit| *digit == ch).and_then(|digit| u32::try_from(digit).ok()),
    }
}
