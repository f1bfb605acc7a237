//! Which encoding the bytes of a text are in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Characters that cannot be text, in parts of a hundred, from which on the bytes are no text. Dumps with a dropped
/// byte here and there stay under 1; random bytes read as GB18030 have 20 and more.
const STRANGE_PERCENT: usize = 10;

/// Characters that Chinese forms are made of, in parts of a hundred, that a reading as UTF-16 without a byte order
/// mark must have. Right readings have 95 and more, the other byte order 30 and less.
const PLAUSIBLE_PERCENT: usize = 80;

/// Multi-byte sequences of UTF-8 that must be whole for each broken one, for the text to be UTF-8 with damage.
/// GBK read as UTF-8 has more broken than whole ones.
const WHOLE_PER_BROKEN: usize = 4;

/// The encoding that `bytes` show; none when they look like no text.
pub(crate) fn detect(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    if bytes.contains(&0)
        && let Some(encoding) = utf16_without_mark(bytes)
    {
        return Some(encoding);
    }
    let utf8 = std::str::from_utf8(bytes);
    if utf8.is_ok() || mostly_utf8(bytes) {
        return Some(UTF_8);
    }
    // Chinese encodings only: the detector's other guesses (Shift_JIS, windows-125x) are wrong for short Chinese dumps.
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let big5 = guess == BIG5 && BIG5.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    let best = if big5 { BIG5 } else { GB18030 };
    let (text, _) = best.decode_without_bom_handling(bytes);
    (!is_strange(&text)).then_some(best)
}

/// UTF-16 without a byte order mark: digits and line ends have their NUL on one side only.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    [UTF_16LE, UTF_16BE].into_iter().find(|encoding| {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        let all = text.chars().count();
        let plausible = text.chars().filter(|ch| is_plausible(*ch)).count();
        plausible * 100 >= all * PLAUSIBLE_PERCENT
    })
}

/// Whether `ch` is one that Chinese forms are made of.
fn is_plausible(ch: char) -> bool {
    matches!(ch, '\t' | '\n' | '\r' | '\u{c}' | ' '..='~' | '\u{2010}'..='\u{203b}' | '\u{2500}'..='\u{25ff}' | '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

/// Whether `bytes` are UTF-8 with some damage.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|ch| !ch.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole >= broken * WHOLE_PER_BROKEN
}

/// Whether decoded `text` is none: too many of its characters are such as no text has.
pub(crate) fn is_strange(text: &str) -> bool {
    strange_percent(text) > STRANGE_PERCENT
}

/// Characters of a hundred that no text has: control characters, U+FFFD, noncharacters, private use.
fn strange_percent(text: &str) -> usize {
    let (mut all, mut strange) = (0usize, 0usize);
    for ch in text.chars() {
        all += 1;
        let control = ch.is_control() && !matches!(ch, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}');
        strange += usize::from(control || matches!(ch, '\u{fffd}' | '\u{fffe}' | '\u{ffff}' | '\u{e000}'..='\u{f8ff}'));
    }
    (strange * 100).checked_div(all).unwrap_or(0)
}
