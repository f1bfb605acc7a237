//! The type of a value, told from the values seen.

use crate::fold::fold_text;
use crate::value::{Type, has_box, read};

/// Check boxes of one group; the largest seen has nine.
const MAX_CHOICES: usize = 30;
/// Text of more characters than this is a paragraph.
const LONG: usize = 40;
/// A figure of so many digits is a number of something, a phone's or a file's, and nothing to reckon with.
const DIGITS_OF_A_CODE: usize = 7;
/// Of so many values in ten some may be words, and the column still holds figures.
const FIGURES_IN_TEN: usize = 5;

/// The type that `values` read as, blank ones left out; `in_column` says that they stand in a table, where figures with
/// units are aimed at and reached.
pub(super) fn seen(values: &[String], in_column: bool) -> Type {
    let values: Vec<&String> = values.iter().filter(|value| !value.trim().is_empty()).collect();
    let all = |test: &dyn Fn(&str) -> bool| !values.is_empty() && values.iter().all(|value| test(value));
    let reads = |value: &str, kind: Type| !read(value, kind, &[], &[]).value.is_null();
    let digits = |value: &str| value.chars().filter(char::is_ascii_digit).count();
    let plain = |value: &str| value.chars().all(|ch| ch.is_ascii_digit() || matches!(ch, '.' | ',' | ' ' | '-'));
    let figure = |value: &&&String| digits(value) > 0 && value.chars().take(LONG).count() < LONG / 2;
    if values.iter().any(|value| has_box(value)) {
        return Type::Choices;
    }
    if all(&|value| value.ends_with(['%', '％']) && reads(value, Type::Percent)) {
        return Type::Percent;
    }
    let parted = |value: &str| value.contains(['-', '/', '年']);
    if all(&|value| parted(value) && digits(value) >= 5 && reads(value, Type::Date)) {
        return Type::Date;
    }
    if all(&|value| plain(value) && digits(value) < DIGITS_OF_A_CODE.max(value.len()) && reads(value, Type::Decimal)) {
        let code = |value: &str| !value.contains(['.', ',']) && digits(value) >= DIGITS_OF_A_CODE;
        return if values.iter().any(|value| code(value)) { Type::Text } else { Type::Decimal };
    }
    if values.iter().any(|value| value.chars().count() > LONG) {
        return Type::Prose;
    }
    let figures = values.iter().filter(figure).filter(|value| reads(value, Type::Quantity)).count();
    match values.len() {
        // One value with a figure in it may be an address.
        several if in_column && several > 1 && figures * 10 > several * FIGURES_IN_TEN => Type::Quantity,
        _ => Type::Text,
    }
}

/// The choices of check boxes, without their boxes.
pub(super) fn choices(values: &[String]) -> Vec<String> {
    let mut choices: Vec<String> = Vec::new();
    for value in values {
        let words = value.split(|ch: char| has_box(ch.encode_utf8(&mut [0; 4])) || ch.is_whitespace());
        for word in words.map(|word| word.trim_matches(['、', '.', ',', '，', ';', '；'])) {
            let new = choices.iter().all(|known| fold_text(known) != fold_text(word));
            if new
                && word.chars().any(char::is_alphabetic)
                && word.chars().count() <= LONG
                && choices.len() < MAX_CHOICES
            {
                choices.push(word.to_owned());
            }
        }
    }
    choices
}

/// The word for a type in a pattern.
pub(super) fn word(kind: Type) -> &'static str {
    match kind {
        Type::Text => "text",
        Type::Prose => "prose",
        Type::Integer => "integer",
        Type::Decimal => "decimal",
        Type::Percent => "percent",
        Type::Date => "date",
        Type::Quantity => "quantity",
        Type::Choices => "choices",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_tell_their_type() {
        for (values, kind) in [
            (&["12", "3.5", ""][..], Type::Decimal),
            (&["95%", "100%"], Type::Percent),
            (&["≥95%", "12场", "按期"], Type::Quantity),
            (&["2023年6月", "2024-01-05"], Type::Date),
            (&["13800001111"], Type::Text),
            (&["City library", "Road office"], Type::Text),
            (&["☑新增 □延续"], Type::Choices),
            (&["1,200.00"], Type::Decimal),
            (&[], Type::Text),
        ] {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            assert_eq!(seen(&values, true), kind, "{values:?}");
        }
        let numbers = ["C-2024-118".to_owned(), "C-2025-031".to_owned()];
        assert_eq!(seen(&numbers, false), Type::Text);
        assert_eq!(choices(&["☑新增 □延续".to_owned()]), ["新增", "延续"]);
    }
}
