//! Text with the wraps of its cell undone.

use super::sign::Gap;
use crate::fold::{fold_char, is_blank, is_han};

/// Joins the lines of `raw` and tidies its blanks.
///
/// A line break is no blank, except between two words in letters. Blanks on a line stay, as one, except beside
/// full-width punctuation, which carries its own space: a dump puts them there for the empty half of the glyph.
/// Radicals that a PDF producer put for ideographs, and full-width letters and digits, come in their usual form.
pub fn join(raw: &str) -> String {
    let mut joined = String::with_capacity(raw.len());
    let mut before: Option<char> = None;
    let mut gap = Gap::None;
    for ch in raw.chars() {
        if is_blank(ch) {
            gap = gap.widened(ch);
            continue;
        }
        usual(ch, |ch| {
            if before.is_some_and(|before| needs_blank(before, std::mem::take(&mut gap), ch)) {
                joined.push(' ');
            }
            joined.push(ch);
            before = Some(ch);
        });
        gap = Gap::None;
    }
    joined
}

/// Whether a gap between two characters is a blank of the text.
fn needs_blank(before: char, gap: Gap, after: char) -> bool {
    match gap {
        Gap::None => false,
        Gap::Break => {
            is_spelt(after)
                && (is_spelt(before) || matches!(before, ',' | ';' | ':' | '.' | '!' | '?'))
                && (before.is_alphabetic() || after.is_alphabetic())
        }
        Gap::Blank => {
            let stray = is_wide_mark(before)
                || is_wide_mark(after)
                || is_han(before) && matches!(after, ',' | '.' | ';' | ':' | '!' | '?');
            !stray
        }
    }
}

/// Whether `ch` belongs to a script that writes blanks between words.
fn is_spelt(ch: char) -> bool {
    ch.is_alphanumeric() && !is_han(ch)
}

/// Whether `ch` is punctuation as wide as an ideograph.
fn is_wide_mark(ch: char) -> bool {
    matches!(ch, '、'..='〃' | '〈'..='】' | '〔'..='〛' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

/// Gives the usual form of `ch`.
fn usual(ch: char, mut emit: impl FnMut(char)) {
    match ch {
        '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' => {
            fold_char(ch, emit);
        }
        _ => emit(ch),
    }
}
