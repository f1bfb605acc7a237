//! What is wrong with a pattern, and where.

use std::ops::Range;

use crate::message::Message;

/// One thing that is wrong with a pattern file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// Name of the file, as it was given to [`super::load`].
    pub source: String,
    /// The bytes of the file that are wrong; empty at 0 for the file as a whole.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: Message,
    /// What to write instead, where that can be told.
    pub hint: Option<Message>,
}

impl Mistake {
    /// Where the mistake begins in `text`, the text that was loaded.
    pub fn position(&self, text: &str) -> Position {
        Position::of(text, self.span.start)
    }

    /// The whole mistake in a line: file, line, column, message and hint.
    pub fn in_words(&self, text: &str) -> Message {
        let Position { line, column } = self.position(text);
        let Mistake { source, message, .. } = self;
        let (zh, en) = match &self.hint {
            Some(hint) => (format!("（{}）", hint.zh), format!(" ({})", hint.en)),
            None => Default::default(),
        };
        Message::new(
            format!("{source}:{line}:{column}：{}{zh}", message.zh),
            format!("{source}:{line}:{column}: {}{en}", message.en),
        )
    }
}

/// A place in a text as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in characters.
    pub column: usize,
}

impl Position {
    /// The place of byte `offset` in `text`; an offset past the end is the end. A byte order mark takes no column.
    pub fn of(text: &str, offset: usize) -> Position {
        let before = &text[..text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1;
        Position { line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters() {
        let text = "一二\r\n三x\n";
        for (offset, line, column) in [(0, 1, 1), (3, 1, 2), (4, 1, 2), (8, 2, 1), (11, 2, 2), (13, 3, 1), (99, 3, 1)] {
            assert_eq!(Position::of(text, offset), Position { line, column }, "{offset}");
        }
        assert_eq!(Position::of("\u{feff}id", 3), Position { line: 1, column: 1 });
        assert_eq!(Position::of("", 0), Position { line: 1, column: 1 });
    }
}
