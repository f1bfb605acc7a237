//! What a family's forms have: fields and tables, from what stands on its samples.

use super::names::{Names, own};
use super::survey::{CellText, Grid, Stretch, Survey};
use super::types;
use crate::fold::{fold_text, is_han};
use crate::pattern::{field_type, slip_of_shared};
use crate::value::{Type, has_box};

/// A label has at most so many characters where each is a word, and so many where words are spelt.
const MAX_LABEL_WIDE: usize = 20;
const MAX_LABEL_SPELT: usize = 45;
/// A label has a digit or two at most: 附件1, B2. More make a number.
const MAX_DIGITS: usize = 2;
/// A line of heads has at least so many cells where figures stand below; two may be a label and its value.
const MIN_HEADS: usize = 3;
/// Of so many ten cells of a row below the heads this many begin where a head does.
const ALIGNED_IN_TEN: usize = 5;
/// Fields, columns and words that one pattern takes at most: what has more is no form, and a pattern has room for some
/// two thousand texts.
const MAX_FIELDS: usize = 300;
const MAX_COLUMNS: usize = 40;
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

struct Drawer<'a> {
    surveys: &'a [Survey],
    names: Names,
    sketch: Sketch,
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
    fn is_common(&self, text: &str) -> Option<bool> {
        let folded = fold_text(text);
        (self.surveys.len() > 1).then(|| self.surveys.iter().all(|survey| survey.texts.contains(&folded)))
    }

    /// Whether a text can be printed: short, no figure, no sentence, no boxes.
    fn is_label(&self, text: &str) -> bool {
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

    /// The heads of a table that begins in a row; none when the row is none of heads.
    fn heads<'g>(&self, grid: &'g Grid, row: usize) -> Option<Vec<&'g CellText>> {
        let begin = grid.begin(row);
        let low = begin.iter().filter(|cell| !cell.text.is_empty()).map(|cell| cell.rows).min()?;
        // A heading beside the table is taller than its heads.
        let heads: Vec<&CellText> =
            begin.iter().copied().filter(|cell| !cell.text.is_empty() && (cell.rows == low || cell.col > 0)).collect();
        if heads.len() < 2 || !heads.iter().all(|head| self.is_label(&head.text)) {
            return None;
        }
        let below = row + low;
        let under: Vec<&CellText> = heads.iter().filter_map(|head| grid.at(below, head.col)).collect();
        let under_heads = |cell: &&CellText| cell.row == below && heads.iter().any(|head| head.col == cell.col);
        let aligned = under.iter().filter(|cell| under_heads(cell)).count();
        if aligned * 10 < heads.len() * ALIGNED_IN_TEN {
            return None;
        }
        let known = heads.iter().filter(|head| self.names.is_column(&head.text)).count();
        let fields = heads.iter().step_by(2).filter(|head| self.names.is_field(&head.text)).count();
        let values = |col: usize| (below..grid.rows).filter_map(move |row| grid.at(row, col));
        let figures = heads.iter().filter(|head| {
            let first = values(head.col).find(|cell| !cell.text.is_empty());
            first.is_some_and(|cell| !self.is_label(&cell.text) || cell.text.chars().any(|ch| ch.is_ascii_digit()))
        });
        let varied = under.iter().any(|cell| !cell.text.is_empty() && self.is_common(&cell.text) != Some(true));
        let several = self.surveys.len() > 1;
        let enough = match () {
            // With several samples the heads are what all have, and their values are not.
            () if several => varied && (heads.len() >= MIN_HEADS || known >= 2),
            () if known >= 2 => known > fields,
            () => heads.len() >= MIN_HEADS && fields == 0 && figures.count() > 0,
        };
        enough.then_some(heads)
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

    /// Notes the table under `heads`, which begin in `top`; gives the row behind it.
    fn table(&mut self, grid: &Grid, top: usize, heads: &[&CellText]) -> usize {
        let below = top + heads.iter().map(|head| head.rows).min().unwrap_or(1);
        let left = heads.iter().map(|head| head.col).min().unwrap_or(0);
        let mut end = below;
        let mut total: Option<usize> = None;
        while end < grid.rows && total.is_none() {
            let begin: Vec<&CellText> = grid.begin(end).into_iter().filter(|cell| cell.col >= left).collect();
            let written: Vec<&&CellText> = begin.iter().filter(|cell| !cell.text.is_empty()).collect();
            let on_heads = begin.iter().filter(|cell| heads.iter().any(|head| head.col == cell.col)).count();
            let first = written.first().map_or("", |cell| cell.text.as_str());
            let merged = written.first().is_some_and(|cell| cell.cols > 1 && cell.col == left && written.len() > 1);
            if self.names.is_total(first) || merged && written.iter().skip(1).all(|cell| is_figure(&cell.text)) {
                total = Some(end);
                end += 1;
                break;
            }
            let over = written.len() == 1 && written.iter().any(|cell| cell.cols * 2 > grid.cols);
            let fields = written.len() > 1 && self.names.is_field(first) && !self.names.is_row_label(first);
            let other = end > below && self.heads(grid, end).is_some_and(|next| next.len() != written.len());
            if over || fields || other || (on_heads * 10 < begin.len() * ALIGNED_IN_TEN && !begin.is_empty()) {
                break;
            }
            end += 1;
        }
        let rows: Vec<usize> = (below..total.unwrap_or(end)).collect();
        let labels: Vec<&str> = heads.iter().map(|head| head.text.as_str()).collect();
        let beside = grid.cells.iter().filter(|cell| {
            cell.col + cell.cols <= left && cell.row <= top && top < cell.row + cell.rows && !cell.text.is_empty()
        });
        let heading = beside.max_by_key(|cell| cell.rows).filter(|cell| cell.rows > 1 || below > top + 1);
        let id = self.names.table(&labels).unwrap_or_else(|| own(heading.map_or("", |cell| &cell.text), "rows"));
        let at = self.part_of(&id, &labels);
        let mut table = match self.sketch.parts.get_mut(at) {
            Some(Part::Table(table)) => std::mem::take(table),
            _ => TableSketch::default(),
        };
        if table.id.is_empty() {
            table.id = self.free_table(&id);
        }
        if let Some(heading) = heading.filter(|cell| can_be_word(&cell.text)) {
            note(&mut table.headings, heading_text(&heading.text, &table.id));
        }
        let mut in_groups = true;
        for head in heads {
            let cells: Vec<&CellText> = rows.iter().filter_map(|row| grid.at(*row, head.col)).collect();
            let tall = rows.len() > 1 && cells.iter().any(|cell| cell.rows > 1 && !cell.text.is_empty());
            in_groups &= tall || matches!(self.names.column(&table.id, &head.text, &[]).as_str(), "level1" | "level2");
            let values = cells.iter().filter(|cell| !cell.text.is_empty()).map(|cell| cell.text.clone());
            self.column(&mut table, &head.text, values.collect(), in_groups && heads.len() > 2);
        }
        for row in &rows {
            let label = (0..left).rev().filter_map(|col| grid.at(*row, col)).find(|cell| !cell.text.is_empty());
            let own_row = label.filter(|cell| cell.row >= below && cell.rows <= 2);
            if let Some(label) = own_row.filter(|cell| self.is_label(&cell.text)) {
                note(&mut table.row_labels, label.text.clone());
            }
        }
        table.single = rows.len() == 1 && heads.len() == 2 && table.row_labels.is_empty();
        if let Some(row) = total {
            let cells = grid.begin(row);
            if let Some(label) = cells.iter().find(|cell| can_be_word(&cell.text)) {
                note(&mut table.totals, label.text.clone());
            }
            for head in heads {
                let cell = grid.at(row, head.col).filter(|cell| is_figure(&cell.text) && !cell.text.is_empty());
                let column = table.columns.iter().find(|column| fold_text(&column.label) == fold_text(&head.text));
                if let (Some(_), Some(column)) = (cell, column) {
                    let id = column.id.clone();
                    note(&mut table.summed, id);
                }
            }
        }
        if let Some(part) = self.sketch.parts.get_mut(at) {
            *part = Part::Table(table);
        }
        end.max(below)
    }

    /// The number of the part for a table with these heads: that of an earlier sample, else a new one.
    fn part_of(&mut self, id: &str, heads: &[&str]) -> usize {
        let folded: Vec<String> = heads.iter().map(|head| fold_text(head)).collect();
        let same = |part: &Part| match part {
            Part::Table(table) => {
                let known = table.columns.iter().map(|column| &column.label);
                let known = known.chain(table.groups.iter().map(|(_, label, _)| label));
                let common = known.filter(|label| folded.contains(&fold_text(label))).count();
                common * 2 > heads.len() || table.id == id && common > 0
            }
            Part::Fields(_) => false,
        };
        self.sketch.parts.iter().position(same).unwrap_or_else(|| {
            self.sketch.parts.push(Part::Table(TableSketch::default()));
            self.sketch.parts.len() - 1
        })
    }

    /// `id`, or with a number behind it, so that no other table has it.
    fn free_table(&self, id: &str) -> String {
        let taken = |id: &str| {
            self.sketch.parts.iter().any(|part| matches!(part, Part::Table(table) if table.id == id))
                || id.starts_with("fields")
                || id == "head"
        };
        let mut free = id.to_owned();
        let mut number = 2;
        while taken(&free) {
            free = format!("{id}_{number}");
            number += 1;
        }
        free
    }

    fn column(&self, table: &mut TableSketch, label: &str, values: Vec<String>, group: bool) {
        let folded = fold_text(label);
        if let Some(known) = table.columns.iter_mut().find(|column| fold_text(&column.label) == folded) {
            known.values.extend(values);
            return;
        }
        if let Some((_, _, words)) = table.groups.iter_mut().find(|(_, known, _)| fold_text(known) == folded) {
            values.into_iter().filter(|word| can_be_word(word)).for_each(|word| note(words, word));
            return;
        }
        let columns = table.columns.iter().map(|column| column.id.clone());
        let taken: Vec<String> = columns.chain(table.groups.iter().map(|(id, ..)| id.clone())).collect();
        let id = self.names.column(&table.id, label, &taken);
        if taken.len() >= MAX_COLUMNS {
            return;
        }
        if group {
            let mut words = Vec::new();
            values.into_iter().filter(|word| can_be_word(word)).for_each(|word| note(&mut words, word));
            if !words.is_empty() {
                table.groups.push((id, label.to_owned(), words));
            }
        } else {
            table.columns.push(ColumnSketch { id, label: label.to_owned(), values, kind: Type::Text });
        }
    }
}

fn can_be_word(word: &str) -> bool {
    !word.contains(OWN_SIGNS) && word.chars().any(char::is_alphabetic) && word.chars().count() <= MAX_LABEL_SPELT
}

/// Takes a text in that is not there yet.
fn note(texts: &mut Vec<String>, text: String) {
    if texts.len() < MAX_WORDS && texts.iter().all(|known| fold_text(known) != fold_text(&text)) {
        texts.push(text);
    }
}

fn is_figure(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    text.is_empty() || digits > 0 && text.chars().count() <= 2 * digits + 2
}

/// A heading as a pattern has it: the figure in it is the weight of its table.
fn heading_text(text: &str, table: &str) -> String {
    let Some(first) = text.find(|ch: char| ch.is_ascii_digit()) else { return text.to_owned() };
    let rest = text.get(first..).unwrap_or_default();
    let length = rest.find(|ch: char| !ch.is_ascii_digit() && ch != '.').unwrap_or(rest.len());
    let (before, after) = (text.get(..first).unwrap_or_default(), rest.get(length..).unwrap_or_default());
    let hole = format!("{table}_weight");
    if after.chars().any(|ch| ch.is_ascii_digit()) || slip_of_shared(&hole) {
        return text.to_owned();
    }
    format!("{before}{{{hole}}}{after}")
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
