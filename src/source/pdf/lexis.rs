//! The words of a PDF as they stand in its bytes (ISO 32000-1, 7.2 and 7.3), without making objects of them.

use std::borrow::Cow;

/// A name, and where it stands behind its slash.
pub(crate) struct Name<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// All that looks like a name in `bytes`.
pub(crate) fn names(bytes: &[u8]) -> impl Iterator<Item = Name<'_>> {
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
    starts.map(|start| {
        let rest = bytes.get(start..).unwrap_or_default();
        let raw = rest.get(..regular(rest)).unwrap_or_default();
        Name { text: spelt_out(raw), start, end: start + raw.len() }
    })
}

/// A name with its `#` escapes resolved (ISO 32000-1, 7.3.5).
fn spelt_out(raw: &[u8]) -> Cow<'_, [u8]> {
    if !raw.contains(&b'#') {
        return raw.into();
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let mut text = Vec::new();
    let mut rest = raw;
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'#', [high, low, after @ ..]) if digit(high).is_some() && digit(low).is_some() => {
                let code = digit(high).unwrap_or(0) * 16 + digit(low).unwrap_or(0);
                text.push(u8::try_from(code).unwrap_or_default());
                rest = after;
            }
            _ => {
                text.push(*first);
                rest = tail;
            }
        }
    }
    text.into()
}

/// The number after a name of `dict`, or the sum of those in the array after it.
pub(crate) fn number_after(dict: &[u8], names: &[Name<'_>], name: &[u8]) -> Option<usize> {
    let name = names.iter().find(|found| found.text == name)?;
    let rest = dict.get(name.end..)?.trim_ascii_start();
    let (list, rest) = rest.strip_prefix(b"[").map_or((false, rest), |rest| (true, rest));
    let digits = rest.split(|byte| !byte.is_ascii_digit() && !byte.is_ascii_whitespace()).next()?;
    let mut numbers = std::str::from_utf8(digits).ok()?.split_ascii_whitespace().map(str::parse::<usize>);
    let first = numbers.next()?.ok()?;
    if !list {
        return Some(first);
    }
    numbers.try_fold(first, |sum, number| sum.checked_add(number.ok()?))
}

/// Length of the blanks and comments that `bytes` begin with.
pub(crate) fn blanks(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'%' => at += bytes.iter().skip(at).take_while(|byte| !matches!(byte, b'\r' | b'\n')).count(),
            b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' => at += 1,
            _ => break,
        }
    }
    at
}

/// Length of the characters that `bytes` begin with and that are neither blanks nor delimiters.
pub(crate) fn regular(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| {
        matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']')
            || matches!(byte, b'{' | b'}' | b'/' | b'%')
    };
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

/// Length of the literal string that `bytes` begin with.
pub(crate) fn string(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_they_end() {
        for (text, length) in [("(a(b)c)d", 7), ("(a\\)b)c", 6), ("(open", 5), ("(\\", 2), ("()", 2)] {
            assert_eq!(string(text.as_bytes()), length, "{text}");
        }
        for (text, length) in [(" \t% all (of it\n 1", 16), ("%", 1), ("1", 0), ("", 0)] {
            assert_eq!(blanks(text.as_bytes()), length, "{text}");
        }
        for (text, length) in [("12]", 2), ("obj<<", 3), ("/", 0), ("a#20b", 5)] {
            assert_eq!(regular(text.as_bytes()), length, "{text}");
        }
    }

    #[test]
    fn names_are_spelt_out() {
        let found = |text: &str| -> Vec<String> {
            names(text.as_bytes()).map(|name| String::from_utf8_lossy(&name.text).into_owned()).collect()
        };
        assert_eq!(found("<< /Type/Obj#53tm /N 3 /#4 />>"), ["Type", "ObjStm", "N", "#4", ""]);
    }

    #[test]
    fn numbers_after_names_are_summed() {
        let after = |text: &str| number_after(text.as_bytes(), &names(text.as_bytes()).collect::<Vec<_>>(), b"W");
        for (text, sum) in [
            ("/W [ 1 4 2 ] /X 3", Some(7)),
            ("/W[1 4]/X 3", Some(5)),
            ("/W 12 /X", Some(12)),
            ("/X 1", None),
            ("/W /X", None),
            ("/W [ 99999999999999999999999 ]", None),
        ] {
            assert_eq!(after(text), sum, "{text}");
        }
    }
}
