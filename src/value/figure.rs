//! Exact decimals as people write them: `31.7`, `100.00`, `11,122,315.04`.
//!
//! A run of digits, points and commas is read as a whole or not at all. `7,00.0,77`, `1.2.3`, `007` and `.5` are
//! not figures as anybody writes them, so that a torn or joined figure gives no number instead of a wrong one.

use rust_decimal::Decimal;

use super::sign::{Gap, Sign};

/// Digits that a decimal holds without loss: 28 of any value fit into its 96 bits.
const MOST_DIGITS: usize = 28;

/// Digits between two thousands separators.
const GROUP: usize = 3;

/// The figure that `signs` begin with, and what follows it. The scale is the one written.
pub(super) fn take(signs: &[Sign]) -> Option<(Decimal, &[Sign])> {
    let (negative, signs) = match signs.first()?.ch {
        '-' => (true, signs.get(1..)?),
        '+' => (false, signs.get(1..)?),
        _ => (false, signs),
    };
    let length = signs.iter().take_while(|sign| is_part(sign.ch)).count();
    let (run, rest) = signs.split_at_checked(length)?;
    if !is_whole(run) {
        return None;
    }
    let text: String = run.iter().map(|sign| sign.ch).collect();
    let mut figure = Decimal::from_str_exact(&plain(&text)?).ok()?;
    figure.set_sign_negative(negative && !figure.is_zero());
    Some((figure, rest))
}

/// Whether `ch` can stand in a figure.
fn is_part(ch: char) -> bool {
    ch.is_ascii_digit() || matches!(ch, '.' | ',')
}

/// Whether nothing within `run` tells that it is two figures: no blank, and a line break only at a point or comma,
/// where the part before or after is no figure of its own.
fn is_whole(run: &[Sign]) -> bool {
    run.windows(2).all(|pair| match pair {
        [before, after] => match after.gap {
            Gap::None => true,
            Gap::Blank => false,
            Gap::Break => !before.ch.is_ascii_digit() || !after.ch.is_ascii_digit(),
        },
        _ => true,
    })
}

/// `text` without its thousands separators, when it is written as figures are.
fn plain(text: &str) -> Option<String> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if fraction.is_some_and(|fraction| !is_digits(fraction)) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next().filter(|first| is_digits(first))?;
    let leading_zero = first.len() > 1 && first.starts_with('0');
    let grouped = whole.len() > first.len();
    let groups_fit = groups.all(|group| group.len() == GROUP && is_digits(group));
    if leading_zero || !groups_fit || grouped && (first.len() > GROUP || first == "0") {
        return None;
    }
    let plain = text.replace(',', "");
    (plain.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS).then_some(plain)
}

/// Whether `text` is one or more digits and nothing else.
fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
