//! What a font's own character map says of its glyphs, for fonts that the document does not decode.

use std::collections::HashMap;

use skrifa::{FontRef, MetadataProvider};

/// A glyph's character by the map inside of the embedded font.
#[derive(Default)]
pub(crate) struct OwnCmap {
    chars: HashMap<u32, char>,
}

impl OwnCmap {
    /// The map of an embedded font; an empty one when it has none.
    pub(crate) fn new(font: &[u8]) -> Self {
        let mut chars: HashMap<u32, char> = HashMap::new();
        let Ok(font) = FontRef::from_index(font, 0) else { return OwnCmap::default() };
        for (code, glyph) in font.charmap().mappings() {
            let Some(ch) = char::from_u32(code).filter(|ch| tells(*ch)) else { continue };
            let kept = chars.entry(glyph.to_u32()).or_insert(ch);
            if rank(ch) < rank(*kept) {
                *kept = ch;
            }
        }
        chars.remove(&0);
        OwnCmap { chars }
    }

    /// Whether it tells nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// The character of a glyph.
    pub(crate) fn text(&self, glyph: u32) -> Option<String> {
        self.chars.get(&glyph).map(char::to_string)
    }
}

/// Whether a code says which character it is: private and control codes do not.
fn tells(ch: char) -> bool {
    !ch.is_control() && !matches!(ch, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. | '\u{fffd}')
}

/// Of several characters with one glyph the plainest is meant: unified ideographs before radicals and
/// compatibility forms, then the lowest code.
fn rank(ch: char) -> (bool, char) {
    let look_alike = matches!(ch, '\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}');
    (look_alike, ch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_characters_come_before_look_alikes() {
        assert!(rank('支') < rank('⽀'));
        assert!(rank(' ') < rank('\u{a0}'));
        assert!(tells('支') && !tells('\u{f0fe}') && !tells('\u{1}'));
    }

    #[test]
    fn what_is_no_font_has_no_map() {
        assert_eq!(OwnCmap::new(b"no font").text(1), None);
    }
}
