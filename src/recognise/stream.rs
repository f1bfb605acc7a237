//! The text of a document as one folded stream of characters, cut into tokens at blanks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::fold::fold_char;
use crate::layout::{Block, GridCell, Layout, Place, RunId};
use crate::source::BBox;

/// On a page, this many heights of a line between two lines are a blank line.
const GAP_IN_LINES: f64 = 1.2;

/// The column at which a line begins that is indented by one blank.
const INDENTED: u32 = 2;
/// A dump has a blank after each point when this many figures have one, and none has not.
const SPACED_POINTS: usize = 3;
/// A list has no item of a higher number, so that more digits before a point and a blank are a figure's.
const DIGITS_OF_ITEM: usize = 2;

/// A range of folded characters in a [`Stream`].
pub(crate) type Span = Range<usize>;

/// A folded character and where it came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Char {
    pub(crate) ch: char,
    /// The run it stands in.
    pub(crate) run: RunId,
    /// Number of the character in the run's text.
    pub(crate) at: u32,
    /// The token it belongs to.
    pub(crate) token: u32,
}

/// A run of characters without a blank between.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) span: Span,
    /// Number of the line in the stream. A line of a cell is a line too.
    pub(crate) line: u32,
    /// Whether a blank line, or the edge of a cell or page, stands between this line and the one before.
    pub(crate) after_gap: bool,
    /// Blank characters between the token before on the same run and this one; 0 at the start of a run.
    pub(crate) blanks_before: u32,
    /// Grid and cell that it stands in.
    pub(crate) cell: Option<CellId>,
    /// Whether it begins a line of a text that is indented by one blank.
    pub(crate) indented: bool,
}

/// A cell of a grid of the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CellId {
    /// Number of the grid's block in the layout.
    pub(crate) block: u32,
    /// Number of the cell in the grid.
    pub(crate) cell: u32,
}

/// The folded text of a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stream {
    pub(crate) chars: Vec<Char>,
    pub(crate) tokens: Vec<Token>,
    /// The folded characters as one string.
    pub(crate) text: String,
    /// The lines of cells that have others with text beside them.
    in_rows: BTreeSet<u32>,
    /// For each character the byte of `text` that it begins at, and the end of the text.
    byte_at: Vec<u32>,
    /// Whether the dump has a blank after each point and comma of a figure, which is then none.
    pub(crate) spaced_points: bool,
}

impl Stream {
    /// Flattens `layout` in reading order; cells go row by row.
    pub(crate) fn new(layout: &Layout) -> Stream {
        let mut stream = Stream { spaced_points: has_spaced_points(layout), ..Stream::default() };
        let mut line = 0;
        let mut last_line_number = None;
        let mut last_box: Option<(u32, BBox)> = None;
        for (block_number, block) in layout.blocks.iter().enumerate() {
            match block {
                Block::Line(runs) => {
                    let number = runs.first().and_then(|run| layout.line_number(*run));
                    let box_of_line = line_box(layout, runs);
                    let gap = match (last_line_number, number, last_box, box_of_line) {
                        (Some(before), Some(now), ..) => now > before + 1,
                        (_, _, Some((page, before)), Some((other, now))) => {
                            page != other || now.y0 - before.y1 > (now.y1 - now.y0) * GAP_IN_LINES
                        }
                        _ => true,
                    };
                    last_line_number = number;
                    last_box = box_of_line;
                    for run in runs {
                        stream.push_run(layout, *run, line, gap, None);
                    }
                    line += 1;
                }
                Block::Grid(grid) => {
                    last_line_number = None;
                    last_box = None;
                    let mut filled: BTreeMap<usize, usize> = BTreeMap::new();
                    for row in grid.cells.iter().filter(|cell| !cell.runs.is_empty()).flat_map(GridCell::all_rows) {
                        *filled.entry(row).or_default() += 1;
                    }
                    for (cell_number, cell) in grid.cells.iter().enumerate() {
                        let id = CellId { block: block_number as u32, cell: cell_number as u32 };
                        let in_row = cell.all_rows().any(|row| filled.get(&row).is_some_and(|cells| *cells > 1));
                        for (number, run) in cell.runs.iter().enumerate() {
                            if in_row {
                                stream.in_rows.insert(line);
                            }
                            stream.push_run(layout, *run, line, number == 0, Some(id));
                            line += 1;
                        }
                    }
                }
            }
        }
        stream.byte_at.reserve(stream.chars.len() + 1);
        for char in &stream.chars {
            stream.byte_at.push(stream.text.len() as u32);
            stream.text.push(char.ch);
        }
        stream.byte_at.push(stream.text.len() as u32);
        stream
    }

    /// Whether the line is that of a cell which has others with text beside it.
    pub(crate) fn is_in_row(&self, line: u32) -> bool {
        self.in_rows.contains(&line)
    }

    fn push_run(&mut self, layout: &Layout, run: RunId, line: u32, gap: bool, cell: Option<CellId>) {
        let Some(text) = layout.runs.get(run.0 as usize).map(|run| run.text.as_str()) else { return };
        let indent = match layout.runs.get(run.0 as usize).map(|run| &run.place) {
            Some(Place::Text { column, .. }) => *column == INDENTED,
            _ => false,
        };
        let mut open = false;
        let mut blanks = 0;
        let joined = if self.spaced_points { blanks_after_points(text) } else { Vec::new() };
        for (at, ch) in text.chars().enumerate() {
            if joined.binary_search(&at).is_ok() {
                continue;
            }
            let start = self.chars.len();
            let token = if open { self.tokens.len() - 1 } else { self.tokens.len() } as u32;
            fold_char(ch, |ch| self.chars.push(Char { ch, run, at: at as u32, token }));
            let end = self.chars.len();
            if end == start {
                open = false;
                blanks += 1;
            } else if open {
                if let Some(token) = self.tokens.last_mut() {
                    token.span.end = end;
                }
            } else {
                self.tokens.push(Token {
                    span: start..end,
                    line,
                    after_gap: gap,
                    blanks_before: blanks,
                    cell,
                    indented: indent && at == 0,
                });
                open = true;
                blanks = 0;
            }
        }
    }

    /// The number of the character that begins at `byte` of [`Stream::text`].
    pub(crate) fn char_number(&self, byte: usize) -> usize {
        self.byte_at.partition_point(|begin| (*begin as usize) < byte)
    }

    /// The token that the character belongs to.
    pub(crate) fn token_of(&self, char_number: usize) -> Option<&Token> {
        self.chars.get(char_number).and_then(|char| self.tokens.get(char.token as usize))
    }

    /// Whether a token begins at this character.
    pub(crate) fn begins_token(&self, char_number: usize) -> bool {
        self.token_of(char_number).is_none_or(|token| token.span.start == char_number)
    }

    /// Whether a token ends before this character.
    pub(crate) fn ends_token(&self, char_number: usize) -> bool {
        char_number == 0 || char_number >= self.chars.len() || self.begins_token(char_number)
    }

    /// The folded text of a span.
    pub(crate) fn text_of(&self, span: &Span) -> &str {
        let byte = |at: usize| self.byte_at.get(at).map(|byte| *byte as usize);
        let range = byte(span.start).zip(byte(span.end)).filter(|(start, end)| start <= end);
        range.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }
}

/// The numbers of the blanks that stand alone behind a point or comma between digits: the one of `1807. 5`.
pub(crate) fn blanks_after_points(text: &str) -> Vec<usize> {
    let chars: Vec<char> = text.chars().collect();
    let is_one = |window: &[char]| match window {
        [before, mark, blank, after] => {
            before.is_ascii_digit() && matches!(mark, '.' | ',') && *blank == ' ' && after.is_ascii_digit()
        }
        _ => false,
    };
    chars.windows(4).enumerate().filter(|(_, window)| is_one(window)).map(|(at, _)| at + 2).collect()
}

/// Some tools put a blank after every point, since its glyph is narrower than the font says.
fn has_spaced_points(layout: &Layout) -> bool {
    let (mut spaced, mut is_figure) = (0, false);
    for run in &layout.runs {
        if !matches!(run.place, Place::Text { .. }) {
            return false;
        }
        if !run.text.contains(['.', ',']) {
            continue;
        }
        let chars: Vec<char> = run.text.chars().collect();
        let tight = |window: &[char]| matches!(window, [before, '.' | ',', after] if before.is_ascii_digit() && after.is_ascii_digit());
        if chars.windows(3).any(tight) {
            return false;
        }
        let blanks = blanks_after_points(&run.text);
        let digits = |at: usize| chars.iter().take(at).rev().take_while(|ch| ch.is_ascii_digit()).count();
        is_figure |= blanks.iter().any(|at| digits(at - 1) > DIGITS_OF_ITEM);
        spaced += blanks.len();
    }
    spaced >= SPACED_POINTS && is_figure
}

/// Tokens by the character that they begin with.
pub(crate) struct Firsts {
    /// Each with its number, in order.
    by_char: Vec<(char, usize)>,
    /// The same in the order of the numbers.
    all: Vec<(char, usize)>,
}

impl Firsts {
    pub(crate) fn new<'t>(stream: &Stream, tokens: impl Iterator<Item = &'t Token>) -> Firsts {
        let first = |(number, token): (usize, &Token)| Some((stream.chars.get(token.span.start)?.ch, number));
        let all: Vec<(char, usize)> = tokens.enumerate().filter_map(first).collect();
        let mut by_char = all.clone();
        by_char.sort_unstable();
        Firsts { by_char, all }
    }

    /// The tokens that begin so, by number and in its order: all, when anything may stand there.
    pub(crate) fn of(&self, first: Option<char>) -> &[(char, usize)] {
        let Some(ch) = first else { return &self.all };
        let from = self.by_char.partition_point(|(first, _)| *first < ch);
        let rest = self.by_char.get(from..).unwrap_or_default();
        let count = rest.iter().take_while(|(first, _)| *first == ch).count();
        rest.get(..count).unwrap_or_default()
    }
}

/// The page and the box of a line of runs on a page.
fn line_box(layout: &Layout, runs: &[RunId]) -> Option<(u32, BBox)> {
    let places = runs.iter().filter_map(|run| match &layout.runs.get(run.0 as usize)?.place {
        Place::Page { page, boxes, .. } => Some(boxes.iter().map(|bbox| (*page, *bbox))),
        Place::Text { .. } => None,
    });
    places.flatten().reduce(|(page, all), (_, bbox)| (page, all.union(bbox)))
}
