//! Values in a layer that character recognition has left: what it adds to them, and what it makes of boxes and
//! comparators. Figures are taken as they stand.

use crate::fold::{is_blank, is_han};
use crate::record::{Datum, Kind};

use super::{Reading, Type};

/// Marks that begin no value: specks, and the ends of lines.
const STRAY_BEFORE: &str = "。，、；：:;,.·”’!！_~^`";

/// Marks that end no value.
const STRAY_AFTER: &str = "，、；：:;,·“‘_~^`「";

/// Lines of a table.
const BARS: &str = "|｜丨";

/// The end of a sentence, which ends no figure and no name.
const STOPS: &str = "。.";

/// What it makes of an empty box, ...
const EMPTY: &str = "口日";

/// ... and of a ticked one.
const TICKED: &str = "国回图圈园围圆困固田@";

/// What it makes of a comparator that stands alone: its own alphabet may have none of these.
const COMPARATORS: &[(&str, &str)] = &[("≥", "≥>》之这乏>=>"), ("≤", "≤<《"), ("＝", "＝=三二")];

/// A comparator and a speck.
const WITH_SPECK: usize = 2;

/// What it makes of a percent sign behind a whole one, or of a part of one.
const AFTER_PERCENT: &str = "%6o0O/pb。.”“、";

/// So many of these at most.
const MOST_AFTER_PERCENT: usize = 3;

/// Ideographs that may be figures themselves.
const NUMERALS: &str = "一二三";

/// How a value of the layer reads, and whether what it adds had to be looked past.
pub fn read(raw: &str, kind: Type, blanks: &[String], choices: &[String]) -> (Reading, bool) {
    let plain = super::read(raw, kind, blanks, choices);
    if plain.blank {
        return (plain, false);
    }
    let tidy = tidied(raw, kind);
    if kind == Type::Choices {
        let boxes = boxed(&tidy);
        return (super::read(&boxes, kind, blanks, choices), boxes != tidy);
    }
    let reading = super::read(&tidy, kind, blanks, choices);
    let is_read = |reading: &Reading| match kind {
        Type::Quantity => reading.kind.is_some_and(|kind| kind != Kind::Word),
        _ => reading.value != Datum::Null,
    };
    if is_read(&reading) || !matches!(kind, Type::Quantity | Type::Percent) {
        return (reading, false);
    }
    let cut = without_doubled_percent(&tidy);
    let rest = if kind == Type::Quantity { without_lead(cut) } else { cut };
    let again = super::read(rest, kind, blanks, choices);
    if rest.len() < tidy.len() && is_read(&again) { (again, true) } else { (reading, false) }
}

/// The comparator that a sign alone in its cell was, or with a speck beside it, as forms write it.
pub fn comparator(raw: &str) -> Option<&'static str> {
    let signs: Vec<char> = raw.chars().filter(|ch| !is_blank(*ch)).collect();
    let made =
        |sign: &char| COMPARATORS.iter().find(|(_, made)| made.contains(*sign)).map(|(comparator, _)| *comparator);
    let mut found: Vec<&str> = signs.iter().filter_map(made).collect();
    found.dedup();
    match found.as_slice() {
        [only] if signs.len() <= WITH_SPECK => Some(only),
        _ => None,
    }
}

/// `raw` without stray marks at its ends, and without blanks beside ideographs, which the layer has between all words.
fn tidied(raw: &str, kind: Type) -> String {
    // A bar is no part of a text, and may be a one in a figure.
    let is_bar = |ch: char| matches!(kind, Type::Text | Type::Prose) && BARS.contains(ch);
    let ends_in = |ch: char| {
        let stop = kind != Type::Prose && STOPS.contains(ch);
        let lone = ch == '”' && !raw.contains('“');
        is_blank(ch) || is_bar(ch) || STRAY_AFTER.contains(ch) || stop || lone
    };
    let is_sign =
        |text: &str| text.strip_prefix('.').is_some_and(|rest| rest.starts_with(|ch: char| ch.is_ascii_digit()));
    let mut text = raw;
    while let Some(first) = text.chars().next().filter(|ch| is_blank(*ch) || is_bar(*ch) || STRAY_BEFORE.contains(*ch))
    {
        if is_sign(text) {
            break;
        }
        text = text.get(first.len_utf8()..).unwrap_or_default();
    }
    let text = text.trim_end_matches(ends_in);
    let text = if text.is_empty() { raw } else { text };
    let mut tidy = String::with_capacity(text.len());
    let mut gap = String::new();
    let mut before: Option<char> = None;
    for ch in text.chars() {
        if is_blank(ch) {
            gap.push(ch);
            continue;
        }
        let between_words = before.is_some_and(|before| !is_wide(before)) && !is_wide(ch);
        if between_words || gap.contains('\n') {
            tidy.push_str(&gap);
        }
        gap.clear();
        tidy.push(ch);
        before = Some(ch);
    }
    tidy
}

/// Whether a script without blanks between words has this character.
fn is_wide(ch: char) -> bool {
    is_han(ch)
        || matches!(
            ch,
            '，' | '。' | '；' | '：' | '、' | '（' | '）' | '“' | '”' | '《' | '》' | '(' | ')' | ',' | ';'
        )
}

/// `text` with boxes for what was made of them, where a box can stand: behind a choice, before a number or the end.
fn boxed(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let solid = |ch: &char| !is_blank(*ch);
    let made = chars.iter().enumerate().map(|(at, ch)| {
        let before = chars.get(..at).unwrap_or_default().iter().rev().find(|ch| solid(ch));
        let after = chars.iter().skip(at + 1).find(|ch| solid(ch));
        let in_place = before.is_some_and(|ch| is_han(*ch))
            && after.is_none_or(|ch| ch.is_ascii_digit() || matches!(ch, '(' | '（' | '.' | '。'));
        match ch {
            _ if !in_place => *ch,
            ch if EMPTY.contains(*ch) => '□',
            ch if TICKED.contains(*ch) => '■',
            ch => *ch,
        }
    });
    made.collect()
}

/// `text` up to its first percent sign, when what follows is but more of it.
fn without_doubled_percent(text: &str) -> &str {
    let Some((at, sign)) = text.char_indices().find(|(_, ch)| matches!(ch, '%' | '％')) else { return text };
    let (head, tail) = text.split_at(at + sign.len_utf8());
    let doubled = tail.chars().all(|ch| AFTER_PERCENT.contains(ch)) && tail.chars().count() <= MOST_AFTER_PERCENT;
    if doubled { head } else { text }
}

/// `text` without the ideograph before its figure that a comparator was taken for.
fn without_lead(text: &str) -> &str {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if is_lead(first) => {
            let rest = chars.as_str().trim_start();
            if rest.starts_with(|ch: char| ch.is_ascii_digit()) { rest } else { text }
        }
        _ => text,
    }
}

fn is_lead(ch: char) -> bool {
    is_han(ch) && !NUMERALS.contains(ch) && COMPARATORS.iter().any(|(_, made)| made.contains(ch))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(raw: &str, kind: Type) -> Datum {
        read(raw, kind, &[], &[]).0.value
    }

    #[test]
    fn looks_past_what_the_layer_adds() {
        for (raw, kind, plain) in [
            ("之 101 元", Type::Quantity, "101元"),
            ("乏 100%", Type::Quantity, "100%"),
            ("100.00%6", Type::Quantity, "100.00%"),
            ("，15", Type::Decimal, "15"),
            ("2022 年 5 月 。", Type::Date, "2022年5月"),
            ("。甲 局 ”", Type::Text, "甲局"),
        ] {
            assert_eq!(value(raw, kind), super::super::read(plain, kind, &[], &[]).value, "{raw}");
        }
    }

    #[test]
    fn takes_no_figure_for_another() {
        for (raw, kind) in [
            ("第3名", Type::Quantity),
            ("负5%", Type::Quantity),
            ("三5%", Type::Quantity),
            ("g5", Type::Decimal),
            ("1O", Type::Decimal),
            ("7吕", Type::Decimal),
        ] {
            assert_eq!(value(raw, kind), super::super::read(raw, kind, &[], &[]).value, "{raw}");
        }
    }

    #[test]
    fn knows_boxes_where_they_stand() {
        let ticked = value("1.持续 性 项 目 国 2.新 增 性 项目 口", Type::Choices);
        assert_eq!(ticked, Datum::Choices(vec!["持续性项目".to_owned()]));
    }

    #[test]
    fn knows_comparators() {
        assert_eq!(["三", "之", "<", "定性", "3"].map(comparator), [Some("＝"), Some("≥"), Some("≤"), None, None]);
    }
}
