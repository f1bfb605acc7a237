//! Text from documents made safe for a terminal.
//!
//! A dump can hold escape sequences that recolour, rename or answer for the terminal that shows them, and bidirectional
//! controls that show figures in another order than they have (CVE-2021-42574). Such characters are shown as visible
//! escapes and never sent. Nothing is copied where nothing needs to change.

use std::borrow::Cow;

/// `text` for one line of a terminal: line breaks, tabs and all other controls come out as visible escapes.
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, is_unsafe)
}

/// `text` for a terminal, with its line breaks, tabs and page breaks kept.
pub fn block(text: &str) -> Cow<'_, str> {
    escape(text, |ch| is_unsafe(ch) && !matches!(ch, '\n' | '\t' | '\u{c}'))
}

/// Whether a terminal may do something else with `ch` than show it.
///
/// These are the controls (C0, DEL, C1), the separators of lines and paragraphs, the bidirectional controls, the
/// invisible format characters that hide text (U+200B to U+200D, tags, U+FEFF), and the interlinear marks.
pub fn is_unsafe(ch: char) -> bool {
    ch.is_control()
        || matches!(ch,
            '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The visible escape of `ch`: `\n`, `\t`, or `\u{1b}`.
pub fn visible(ch: char) -> String {
    match ch {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        _ => format!("\\u{{{:x}}}", u32::from(ch)),
    }
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for ch in text.chars() {
        if is_escaped(ch) { safe.push_str(&visible(ch)) } else { safe.push(ch) }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shows_controls_and_keeps_the_rest() {
        for (text, safe) in [
            ("年度财政资金总额： 31.7", "年度财政资金总额： 31.7"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("\u{9b}2J\u{7f}", "\\u{9b}2J\\u{7f}"),
            ("得分\u{202e}51", "得分\\u{202e}51"),
            ("两\n行\r\t", "两\\n行\\r\\t"),
            ("无\u{200b}形", "无\\u{200b}形"),
        ] {
            assert_eq!(line(text), safe);
        }
        assert_eq!(block("一\n二\t三\u{c}四\u{7}"), "一\n二\t三\u{c}四\\u{7}");
    }

    #[test]
    fn borrows_what_is_safe() {
        assert!(matches!(line("≥95%"), Cow::Borrowed(_)));
        assert!(matches!(block("≥95%\n"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn nothing_unsafe_comes_through(text: String) {
            let is_kept = |ch| matches!(ch, '\n' | '\t' | '\u{c}');
            let in_block = block(&text).chars().any(|ch| is_unsafe(ch) && !is_kept(ch));
            prop_assert!(!line(&text).chars().any(is_unsafe) && !in_block);
        }
    }
}
