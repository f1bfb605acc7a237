//! Text of a document in a spreadsheet: never taken for a formula, never acting on a terminal.

use std::borrow::Cow;

use crate::report::safe;

/// Characters that make a spreadsheet take a cell for a formula or a command when it begins with one; the full-width
/// ones are taken so where the locale is Chinese or Japanese.
const TRIGGERS: [char; 12] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n', '\''];

/// `text` as a cell may hold it: control characters made visible, line breaks kept, and a quotation mark before what a
/// spreadsheet would act on. Spreadsheets show the mark or not; the text is the same behind it.
pub fn cell(text: &str) -> Cow<'_, str> {
    let safe = safe::block(text);
    if begins_badly(&safe) { Cow::Owned(format!("'{safe}")) } else { safe }
}

/// Whether a spreadsheet might act on a cell with this text.
pub fn begins_badly(text: &str) -> bool {
    text.trim_start_matches([' ', '\u{3000}', '\u{a0}']).starts_with(TRIGGERS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_that_begins_badly_comes_through() {
        for (text, harmless) in [
            ("=1+1", "'=1+1"),
            ("＝cmd|' /C calc'!A0", "'＝cmd|' /C calc'!A0"),
            ("+86", "'+86"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("\t=1", "'\t=1"),
            ("\n=1", "'\n=1"),
            ("'=1", "''=1"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("≥95%", "≥95%"),
            ("两\n行", "两\n行"),
            ("", ""),
        ] {
            assert_eq!(cell(text), harmless);
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_formula(text: String) {
            prop_assert!(!cell(&text).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']));
        }
    }
}
