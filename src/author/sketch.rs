//! What a family's forms have: fields and tables, from what stands on its samples.

use super::names::Names;
use super::survey::{Grid, Stretch, Survey};
use super::types;
use crate::fold::{fold_text, is_han};
use crate::pattern::field_type;
use crate::value::{Type, has_box};

/// A label has at most so many characters where each is a word, and so many where words are spelt.
const MAX_LABEL_WIDE: usize = 20;
const MAX_LABEL_SPELT: usize = 45;
/// A label has a digit or two at most: 附件1, B2. More make a number.
const MAX_DIGITS: usize = 2;
/// Fields and words that one pattern takes at most: what has more is no form, and a pattern has room for some
/// two thousand texts.
const MAX_FIELDS: usize = 300;
const MAX_WORDS: usize = 60;
/// Signs that mean something in a pattern.
const OWN_SIGNS: [char; 3] = ['{', '}', '@'];
/// Years that a title may carry.
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2099;

/// A family's forms.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketch {
    /// Titles, as the samples print them.
    pub(super) titles: Vec<String>,
    /// What is printed beside several fields, and is the label of none.
    pub(super) headings: Vec<String>,
    pub(super) parts: Vec<Part>,
}

/// A part of a form.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Fields(Vec<FieldSketch>),
    Table(TableSketch),
}

/// A label and the values seen beside it.
#[derive(Clone, Debug)]
pub(super) struct FieldSketch {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) values: Vec<String>,
    pub(super) kind: Type,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub(super) struct TableSketch {
    pub(super) id: String,
    pub(super) headings: Vec<String>,
    pub(super) columns: Vec<ColumnSketch>,
    /// Column, head and words of each merged heading, the outermost first.
    pub(super) groups: Vec<(String, String, Vec<String>)>,
    /// The labels of its rows, where they stand left of the heads.
    pub(super) row_labels: Vec<String>,
    pub(super) single: bool,
    /// Labels of the row that adds up, and the columns that it has figures under.
    pub(super) totals: Vec<String>,
    pub(super) summed: Vec<String>,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct ColumnSketch {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) values: Vec<String>,
    pub(super) kind: Type,
}

pub(super) struct Drawer<'a> {
    pub(super) surveys: &'a [Survey],
    pub(super) names: Names,
    pub(super) sketch: Sketch,
}

/// Sketches the family of the samples; none when they have neither label nor table.
pub(super) fn sketch(surveys: &[Survey]) -> Option<Sketch> {
    let mut drawer = Drawer { surveys, names: Names::new(), sketch: Sketch::default() };
    for survey in surveys {
        let mut before_body = true;
        for block in &survey.blocks {
            match block {
                Stretch::Line(pieces) => drawer.line(pieces, &mut before_body),
                Stretch::Grid(grid) => {
                    drawer.grid(grid, &mut before_body);
                    before_body = false;
                }
            }
        }
    }
    let mut sketch = drawer.sketch;
    for part in &mut sketch.parts {
        match part {
            Part::Fields(fields) => fields.iter_mut().for_each(|field| {
                field.kind = types::seen(&field.values, false);
                match field_type(&field.id) {
                    // Other families have check boxes there, and this one has none.
                    Some(Type::Choices) if types::choices(&field.values).is_empty() || field.kind != Type::Choices => {
                        field.id.push_str("_words");
                        field.kind = Type::Text;
                    }
                    Some(kind) => field.kind = kind,
                    None => {}
                }
            }),
            Part::Table(table) => {
                for column in &mut table.columns {
                    column.kind = types::seen(&column.values, true);
                    // What was aimed at and reached is a figure in one row and a word in the next.
                    let either = matches!(column.kind, Type::Decimal | Type::Percent | Type::Date | Type::Text);
                    if matches!(column.id.as_str(), "target" | "actual") && either {
                        column.kind = Type::Quantity;
                    }
                }
            }
        }
    }
    sketch.parts.retain(|part| match part {
        Part::Fields(fields) => !fields.is_empty(),
        Part::Table(table) => !table.columns.is_empty(),
    });
    let has_fields = sketch.parts.iter().any(|part| matches!(part, Part::Fields(_)));
    // Something has to say where a form begins.
    let begins = has_fields || !sketch.titles.is_empty();
    (begins && !sketch.parts.is_empty()).then_some(sketch)
}

impl Drawer<'_> {
    /// Whether every sample has the text; with one sample nothing is known.
    pub(super) fn is_common(&self, text: &str) -> Option<bool> {
        let folded = fold_text(text);
        (self.surveys.len() > 1).then(|| self.surveys.iter().all(|survey| survey.texts.contains(&folded)))
    }

    /// Whether a text can be printed: short, no figure, no sentence, no boxes.
    pub(super) fn is_label(&self, text: &str) -> bool {
        let wide = text.chars().any(is_han);
        let length = text.chars().count();
        let short = length <= if wide { MAX_LABEL_WIDE } else { MAX_LABEL_SPELT };
        let words = text.chars().filter(|ch| ch.is_alphabetic()).count();
        let marks = ['。', '；', '≥', '≤'];
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let begins = text.chars().next().is_some_and(|ch| ch.is_ascii_digit());
        let figure = begins || text.ends_with(['%', '％']) || digits > MAX_DIGITS;
        let plain = !figure && !text.contains(marks) && !text.contains(OWN_SIGNS) && !has_box(text);
        short && words > 0 && plain && self.is_common(text) != Some(false)
    }

    /// A line outside of tables: a title, fields with colons, or neither.
    fn line(&mut self, pieces: &[String], before_body: &mut bool) {
        let mut found = false;
        for piece in pieces {
            if let Some((label, value)) = piece.split_once([':', '：']) {
                if self.is_label(label.trim()) {
                    self.field(label.trim(), value.trim());
                    found = true;
                }
            } else if let Some(label) = year_label(piece) {
                self.year(&label, piece);
            }
        }
        let [title] = pieces else { return };
        let plain = !found && *before_body && year_label(title).is_none() && title.chars().count() <= MAX_LABEL_SPELT;
        if plain && title.chars().filter(|ch| ch.is_alphabetic()).count() >= 4 {
            self.title(title);
            *before_body = false;
        }
    }

    fn title(&mut self, title: &str) {
        let known = self.sketch.titles.iter().any(|known| fold_text(known) == fold_text(title));
        if !known && !title.contains(OWN_SIGNS) {
            self.sketch.titles.push(title.to_owned());
        }
    }

    /// The year in brackets under a title.
    fn year(&mut self, label: &str, piece: &str) {
        let value: String = piece.chars().filter(char::is_ascii_digit).collect();
        self.named_field(Some("year"), label, &value);
    }

    fn field(&mut self, label: &str, value: &str) {
        self.named_field(None, label, value);
    }

    /// Notes a field, or another value of one that is known.
    fn named_field(&mut self, id: Option<&str>, label: &str, value: &str) {
        let folded = fold_text(label);
        let fields = self.sketch.parts.iter_mut().filter_map(|part| match part {
            Part::Fields(fields) => Some(fields),
            Part::Table(_) => None,
        });
        if let Some(known) = { fields }.flatten().find(|field| fold_text(&field.label) == folded) {
            known.values.push(value.to_owned());
            return;
        }
        let id = match id {
            Some(id) if self.names.take(id) => id.to_owned(),
            Some(_) => return,
            None => self.names.field(label),
        };
        if self.names.count() > MAX_FIELDS {
            return;
        }
        let field = FieldSketch { id, label: label.to_owned(), values: vec![value.to_owned()], kind: Type::Text };
        match self.sketch.parts.last_mut() {
            Some(Part::Fields(fields)) => fields.push(field),
            _ => self.sketch.parts.push(Part::Fields(vec![field])),
        }
    }

    fn grid(&mut self, grid: &Grid, before_body: &mut bool) {
        let mut row = 0;
        while row < grid.rows {
            row = match self.heads(grid, row) {
                Some(heads) => self.table(grid, row, &heads),
                None => {
                    self.labels_and_values(grid, row, before_body);
                    row + 1
                }
            };
        }
    }

    /// Notes labels and the values beside them, or a title over all columns.
    fn labels_and_values(&mut self, grid: &Grid, row: usize, before_body: &mut bool) {
        let cells = grid.begin(row);
        if let [only] = cells.iter().filter(|cell| !cell.text.is_empty()).collect::<Vec<_>>()[..]
            && only.cols * 2 > grid.cols
        {
            self.line(std::slice::from_ref(&only.text), before_body);
            return;
        }
        let mut at = 0;
        while let Some(cell) = cells.get(at) {
            let value = cells.get(at + 1);
            if let Some((label, value)) = cell.text.split_once([':', '：'])
                && self.is_label(label.trim())
            {
                self.field(label.trim(), value.trim());
            } else if self.is_label(&cell.text)
                && let Some(value) = value.filter(|value| value.text.is_empty() || self.is_value(&value.text))
            {
                self.field(&cell.text, &value.text);
                at += 1;
            } else if cell.rows > 1 && self.is_label(&cell.text) {
                note(&mut self.sketch.headings, cell.text.clone());
            }
            at += 1;
        }
    }

    /// Whether a text beside a label is its value: not printed on every sample, and no label of other families.
    fn is_value(&self, text: &str) -> bool {
        !self.is_common(text).unwrap_or_else(|| self.names.is_field(text))
    }
}

pub(super) fn can_be_word(word: &str) -> bool {
    !word.contains(OWN_SIGNS) && word.chars().any(char::is_alphabetic) && word.chars().count() <= MAX_LABEL_SPELT
}

/// Takes a text in that is not there yet.
pub(super) fn note(texts: &mut Vec<String>, text: String) {
    if texts.len() < MAX_WORDS && texts.iter().all(|known| fold_text(known) != fold_text(&text)) {
        texts.push(text);
    }
}

/// A piece that is a year and the words around it, with a hole for the year: （{}年度）, FY {}.
fn year_label(piece: &str) -> Option<String> {
    let first = piece.find(|ch: char| ch.is_ascii_digit())?;
    let rest = piece.get(first..)?;
    let length = rest.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(rest.len());
    let year: u32 = rest.get(..length)?.parse().ok()?;
    let (before, after) = (piece.get(..first)?, rest.get(length..)?);
    let words = before.chars().chain(after.chars()).filter(|ch| ch.is_alphabetic()).count();
    let plain = !piece.contains(OWN_SIGNS) && !after.chars().any(|ch| ch.is_ascii_digit());
    (YEARS.contains(&year) && (1..=12).contains(&words) && plain).then(|| format!("{before}{{}}{after}"))
}
