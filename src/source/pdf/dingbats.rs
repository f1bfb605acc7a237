//! The boxes and ticks of the Wingdings fonts, with which forms in word processors are ticked. Those fonts have codes
//! of their own (`R` for a ticked box), which documents hand on as letters or as private code points.

/// What a character of the font called `font` shows, where that is one of the Wingdings and the sign a box or tick.
/// Source: the fonts' own character charts, by the low byte of the code.
pub(crate) fn sign(font: &str, ch: char) -> Option<char> {
    let name: String = font.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let version = name.strip_prefix("wingdings")?;
    let code = match u32::from(ch) {
        code @ (0x21..=0xff | 0xf021..=0xf0ff) => code & 0xff,
        _ => return None,
    };
    let second = version.starts_with('2');
    if version.starts_with('3') {
        return None;
    }
    match (second, code) {
        (false, 0x6f | 0xa8) | (true, 0xa3) => Some('□'),
        (false, 0x6e) => Some('■'),
        (false, 0x6c) => Some('●'),
        (false, 0xfc) | (true, 0x50) => Some('✓'),
        (false, 0xfb) | (true, 0x4f) => Some('✗'),
        (false, 0xfe) | (true, 0x52) => Some('☑'),
        (false, 0xfd) | (true, 0x53) => Some('☒'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_ticks_are_read_by_their_font() {
        let table = [
            ("Wingdings2", 'R', Some('☑')),
            ("Wingdings-2", '\u{f0a3}', Some('□')),
            ("Wingdings-Regular", '\u{f0fe}', Some('☑')),
            ("Wingdings", '¨', Some('□')),
            ("Wingdings", 'A', None),
            ("Wingdings3", 'R', None),
            ("SimSun", 'R', None),
        ];
        for (font, ch, expected) in table {
            assert_eq!(sign(font, ch), expected, "{font} {ch:?}");
        }
    }
}
