//! Records as JSON: one object a line, or indented.
//!
//! Controls and bidirectional marks inside strings are written as JSON escapes (`\u009b`), which JSON allows for any
//! character: a reader gets the same string, and a terminal that shows the output is not steered by it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::report::safe;

/// Writes `value` and a line end: on one line, or indented by two blanks when `pretty`.
///
/// # Errors
/// What writing to `out` gives.
pub fn write(value: &impl Serialize, pretty: bool, out: &mut impl Write) -> io::Result<()> {
    if pretty {
        value.serialize(&mut Serializer::with_formatter(&mut *out, Safe(PrettyFormatter::new())))?;
    } else {
        value.serialize(&mut Serializer::with_formatter(&mut *out, Safe(CompactFormatter)))?;
    }
    out.write_all(b"\n")
}

/// A formatter that lays out as the one within does, and escapes what a terminal may act on.
struct Safe<F>(F);

impl<F: Formatter> Formatter for Safe<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Most strings have nothing but ASCII and ideographs up to U+9FFF: such bytes make up no other character.
        if fragment.bytes().all(|byte| matches!(byte, b' '..=b'~' | 0x80..=0xbf | 0xe4..=0xe9)) {
            return out.write_all(fragment.as_bytes());
        }
        let mut written = 0;
        for (at, ch) in fragment.char_indices().filter(|(_, ch)| safe::is_unsafe(*ch)) {
            out.write_all(fragment.as_bytes().get(written..at).unwrap_or_default())?;
            for unit in ch.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            written = at + ch.len_utf8();
        }
        out.write_all(fragment.as_bytes().get(written..).unwrap_or_default())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_key(out)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;
    use serde_json::json;

    use super::*;
    use crate::record::Figure;

    fn written(value: &impl Serialize, pretty: bool) -> String {
        let mut out = Vec::new();
        write(value, pretty, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_line_or_indented() {
        let value = json!({ "raw": "≥95%", "list": [1, 2] });
        assert_eq!(written(&value, false), "{\"raw\":\"≥95%\",\"list\":[1,2]}\n");
        assert_eq!(written(&value, true), "{\n  \"raw\": \"≥95%\",\n  \"list\": [\n    1,\n    2\n  ]\n}\n");
    }

    #[test]
    fn figures_keep_their_digits() {
        let figure = Figure(Decimal::from_str_exact("100.00").unwrap());
        assert_eq!(written(&figure, false), "100.00\n");
    }

    #[test]
    fn escapes_what_steers_a_terminal() {
        assert_eq!(written(&"a\u{9b}\u{202e}\u{e0001}\n", false), "\"a\\u009b\\u202e\\udb40\\udc01\\n\"\n");
    }

    proptest! {
        #[test]
        fn a_reader_gets_the_same_string(text: String, pretty: bool) {
            let json = written(&text, pretty);
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            prop_assert!(!json.trim_end_matches('\n').chars().any(safe::is_unsafe));
        }
    }
}
