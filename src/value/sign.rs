//! The characters of a value, folded, each with what stood before it.

use crate::fold::{fold_char, is_blank};

/// What stands between a character and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing.
    #[default]
    None,
    /// Blanks on the same line.
    Blank,
    /// A line break, with or without blanks.
    Break,
}

impl Gap {
    /// The gap that `blank`, which leaves no mark on paper, widens this one to.
    pub(super) fn widened(self, blank: char) -> Gap {
        match blank {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Gap::Break,
            _ if self == Gap::Break => Gap::Break,
            _ if blank.is_whitespace() => Gap::Blank,
            _ => self,
        }
    }
}

/// A folded character and the gap before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    /// The folded character.
    pub(super) ch: char,
    /// What stands between it and the character before.
    pub(super) gap: Gap,
}

/// Folds `raw` to signs, at most `limit` of them; `None` when there are more.
pub(super) fn signs(raw: &str, limit: usize) -> Option<Vec<Sign>> {
    let mut signs = Vec::new();
    let mut gap = Gap::None;
    for ch in raw.chars() {
        if is_blank(ch) {
            gap = gap.widened(ch);
        } else {
            fold_char(ch, |ch| signs.push(Sign { ch, gap: std::mem::take(&mut gap) }));
        }
        if signs.len() > limit {
            return None;
        }
    }
    Some(signs)
}

/// What follows `word` when `signs` begin with it, whatever gaps are within.
pub(super) fn strip<'a>(signs: &'a [Sign], word: &str) -> Option<&'a [Sign]> {
    let mut rest = signs;
    for ch in word.chars() {
        let (first, tail) = rest.split_first()?;
        if first.ch != ch {
            return None;
        }
        rest = tail;
    }
    Some(rest)
}

/// What follows the longest of `words` that `signs` begin with.
pub(super) fn strip_any<'a>(signs: &'a [Sign], words: &[&str]) -> Option<&'a [Sign]> {
    words.iter().filter_map(|word| strip(signs, word)).min_by_key(|rest| rest.len())
}

/// The meaning of the longest of `words` that `signs` begin with, and what follows it.
pub(super) fn take<'a, T: Copy>(signs: &'a [Sign], words: &[(&str, T)]) -> Option<(T, &'a [Sign])> {
    let found = words.iter().filter_map(|(word, meaning)| strip(signs, word).map(|rest| (*meaning, rest)));
    found.min_by_key(|(_, rest)| rest.len())
}
