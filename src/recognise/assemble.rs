//! A draft to a form of the contract: raw text, typed values, places, and what is left over.

use std::borrow::Cow;

use indexmap::IndexMap;

use super::draft::{Draft, DraftCell, DraftRow, DraftText};
use super::groups::GOAL;
use super::placement::Placement;
use super::refine::PARENT;
use super::segment::Segment;
use super::stream::{Span, Stream, blanks_after_points};
use crate::fold::is_blank;
use crate::layout::{Layout, Place, RunId};
use crate::pattern::{Body, Pattern, Rows};
use crate::record::{Cell, Datum, Extent, Form, Row, Unmatched, Value, Where};
use crate::source::BBox;
use crate::value::{self, Type};

/// Boxes are given to a tenth of a point: finer than any producer places glyphs by eye.
const BOX_STEPS: f64 = 10.0;

/// The column of comparators.
const NATURE: &str = "nature";
/// The table of weights and scores that the form prints beside its headings.
pub(crate) const BLOCKS: &str = "blocks";
/// How much is left of the confidence in a value whose text is not to be seen on its page. OCR of clean scans gets one
/// to three characters of a hundred wrong, and a figure has five and more.
const UNSEEN: f64 = 0.85;
/// And how much when something beside it was taken for a speck.
const LOOKED_PAST: f64 = 0.6;
/// Confidence at most in a figure that a text has on two lines: it may be two figures.
const WRAPPED_FIGURE: f64 = 0.45;

/// Whether every character of a form has exactly one owner: label, boilerplate, value or unmatched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Non-blank characters of the form, after folding.
    pub characters: usize,
    /// Those that have one owner: all of them.
    pub owned_once: usize,
}

/// Who has each character of a form, counted: 1 everywhere in a sound reading.
struct Ledger {
    owned: Vec<u8>,
    start: usize,
}

impl Ledger {
    fn new(span: &Span) -> Ledger {
        Ledger { owned: vec![0; span.len()], start: span.start }
    }

    fn claim(&mut self, span: &Span) {
        for at in span.clone() {
            if let Some(count) = at.checked_sub(self.start).and_then(|at| self.owned.get_mut(at)) {
                *count = count.saturating_add(1);
            }
        }
    }
}

/// Makes the form that `draft` describes.
pub(crate) fn assemble(
    draft: &Draft,
    stream: &Stream,
    layout: &Layout,
    segment: &Segment,
    pattern: &Pattern,
) -> (Form, Account) {
    let mut maker = Maker { stream, layout, pattern, ledger: Ledger::new(&segment.span) };
    draft.labels.iter().for_each(|span| maker.ledger.claim(span));
    let fields = maker.fields(draft);
    let tables = maker.tables(draft);
    let unmatched = maker.unmatched(&segment.span);
    let form = Form {
        pattern: pattern.id.clone(),
        confidence: rounded(segment.coverage),
        extent: extent(stream, layout, &segment.span),
        fields,
        tables,
        unmatched,
        missing: segment.missing_sections(pattern),
        overall: pattern.overall,
        repeated: super::repeated::sections(segment, pattern),
        disordered: draft.disordered,
        checks: None,
    };
    let account = Account {
        characters: maker.ledger.owned.len(),
        owned_once: maker.ledger.owned.iter().filter(|count| **count == 1).count(),
    };
    (form, account)
}

struct Maker<'a> {
    stream: &'a Stream,
    layout: &'a Layout,
    pattern: &'a Pattern,
    ledger: Ledger,
}

impl Maker<'_> {
    /// The fields in the pattern's order: those of a heading's holes before the section's own.
    fn fields(&mut self, draft: &Draft) -> IndexMap<String, Value> {
        let mut order: Vec<(&str, Type, &[String])> = Vec::new();
        for section in &self.pattern.sections {
            for heading in &section.headings {
                for part in &heading.parts {
                    if let crate::pattern::Part::Hole(id) = part {
                        order.push((id, super::lexicon::hole_type(self.pattern, id), &[]));
                    }
                }
            }
            match &section.body {
                Body::Fields(fields) => {
                    for field in fields {
                        order.push((&field.id, field.kind, &field.choices));
                        if let Some(id) = &field.code {
                            order.push((id, super::lexicon::hole_type(self.pattern, id), &[]));
                        }
                        for part in field.words.iter().chain(&field.labels).flat_map(|template| &template.parts) {
                            if let crate::pattern::Part::Hole(id) = part
                                && !id.is_empty()
                            {
                                order.push((id, super::lexicon::hole_type(self.pattern, id), &[]));
                            }
                        }
                    }
                }
                Body::Table(table) => {
                    if let Some(id) = &table.block_score {
                        order.push((id, Type::Decimal, &[]));
                    }
                    for (_, id) in table.total.iter().flat_map(|total| &total.fields) {
                        order.push((id, super::lexicon::hole_type(self.pattern, id), &[]));
                    }
                }
            }
        }
        for (id, _) in &draft.stand_ins {
            order.push((id, super::lexicon::hole_type(self.pattern, id), &[]));
        }
        let mut fields = IndexMap::new();
        for (id, kind, choices) in order {
            if fields.contains_key(id) {
                continue;
            }
            if let Some(DraftCell::Text(text)) = draft.fields.get(id) {
                fields.insert(id.to_owned(), self.value(text, kind, choices));
            }
        }
        fields
    }

    fn tables(&mut self, draft: &Draft) -> IndexMap<String, Vec<Row>> {
        let mut tables = IndexMap::new();
        for (number, section) in self.pattern.sections.iter().enumerate() {
            let (Body::Table(table), Some(rows)) = (&section.body, draft.tables.get(&number)) else { continue };
            let mut columns: Vec<(&str, Type)> = Vec::new();
            if let Rows::Labelled { column, .. } | Rows::Across { column, .. } = &table.rows {
                columns.push((column, Type::Text));
            }
            if let Rows::Across { value, .. } = &table.rows
                && table.columns.iter().all(|column| column.id != *value)
            {
                columns.push((value, Type::Decimal));
            }
            columns.extend(table.groups.iter().map(|group| (group.column.as_str(), Type::Text)));
            columns.extend(table.columns.iter().map(|column| (column.id.as_str(), column.kind)));
            columns.extend([(GOAL, Type::Integer), (PARENT, Type::Integer)]);
            let made = rows.iter().map(|row| self.row(row, &columns)).collect();
            tables.insert(section.id.clone(), made);
            if !table.groups.is_empty() && !draft.blocks.is_empty() && !tables.contains_key(BLOCKS) {
                let groups = table.groups.iter().map(|group| (group.column.as_str(), Type::Text));
                let columns: Vec<(&str, Type)> =
                    groups.chain([("weight", Type::Decimal), ("score", Type::Decimal)]).collect();
                let made = draft.blocks.iter().map(|row| self.row(row, &columns)).collect();
                tables.insert(BLOCKS.to_owned(), made);
            }
        }
        tables
    }

    fn row(&mut self, row: &DraftRow, columns: &[(&str, Type)]) -> Row {
        let mut cells = Row::new();
        for (id, kind) in columns {
            let cell = match row.get(*id) {
                Some(DraftCell::Text(text)) if *id == NATURE => Cell::Value(self.comparator(text, *kind)),
                Some(DraftCell::Text(text)) => Cell::Value(self.value(text, *kind, &[])),
                Some(DraftCell::Shared(shared)) => Cell::Shared { shared: *shared },
                Some(DraftCell::Index(number)) => Cell::Index(*number),
                None => continue,
            };
            cells.insert((*id).to_owned(), cell);
        }
        cells
    }

    /// A value of the column of comparators: these are few, so that a badly read one is known by its look.
    fn comparator(&mut self, text: &DraftText, kind: Type) -> Value {
        let mut value = self.value(text, kind, &[]);
        let read = value::unseen::comparator(&value.raw).filter(|_| value.invisible);
        if let Some(comparator) = read.filter(|comparator| value.raw.trim() != *comparator) {
            value.value = Datum::Text(comparator.to_owned());
            value.confidence = rounded(value.confidence * LOOKED_PAST);
        }
        value
    }

    fn value(&mut self, text: &DraftText, kind: Type, choices: &[String]) -> Value {
        if !text.is_label {
            text.spans.iter().for_each(|span| self.ledger.claim(span));
        }
        let pieces = pieces(self.stream, &text.spans);
        let raw = raw_of(self.layout, &pieces);
        let mut together = Cow::Borrowed(raw.as_str());
        if text.torn {
            together = Cow::Owned(raw.chars().filter(|ch| *ch != '\n' && !(text.is_label && is_blank(*ch))).collect());
        }
        if self.stream.spaced_points {
            let blanks = blanks_after_points(&together);
            let kept = together.chars().enumerate().filter(|(at, _)| blanks.binary_search(at).is_err());
            together = Cow::Owned(kept.map(|(_, ch)| ch).collect());
        }
        let read_from: &str = &together;
        let invisible = is_invisible(self.layout, &pieces);
        let (reading, doubtful) = if invisible {
            value::unseen::read(read_from, kind, &self.pattern.blanks, choices)
        } else {
            (value::read(read_from, kind, &self.pattern.blanks, choices), false)
        };
        let place = match (text.spans.is_empty(), &text.label) {
            (true, Some(label)) => place(self.stream, self.layout, std::slice::from_ref(label)),
            _ => place_of(self.layout, &pieces),
        };
        let mut confidence = text.confidence;
        if invisible {
            confidence *= UNSEEN;
        }
        if doubtful {
            confidence *= LOOKED_PAST;
        }
        let in_cell = !matches!(text.placement, Placement::Hole | Placement::Heading | Placement::Words);
        let is_figure = matches!(kind, Type::Decimal | Type::Integer | Type::Percent);
        if is_figure && in_cell && raw.contains('\n') && matches!(place, Where::Text { .. }) {
            confidence = confidence.min(WRAPPED_FIGURE);
        }
        Value {
            raw,
            value: text.word.clone().map_or(reading.value, Datum::Text),
            op: reading.op,
            unit: reading.unit,
            scale: reading.scale,
            kind: reading.kind,
            percent: None,
            inferred: None,
            invisible,
            place,
            confidence: rounded(confidence),
        }
    }

    /// What nobody has, as it stands: characters side by side on a line together.
    fn unmatched(&mut self, span: &Span) -> Vec<Unmatched> {
        let mut unmatched = Vec::new();
        let free: Vec<usize> =
            span.clone().filter(|at| self.ledger.owned.get(at - span.start).is_some_and(|count| *count == 0)).collect();
        for stretch in
            free.chunk_by(|one, other| other - one == 1 && self.stream.chars[*one].run == self.stream.chars[*other].run)
        {
            let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { continue };
            let span = *first..last + 1;
            self.ledger.claim(&span);
            let spans = [span];
            unmatched.push(Unmatched {
                text: raw(self.stream, self.layout, &spans),
                place: place(self.stream, self.layout, &spans),
            });
        }
        unmatched
    }
}

/// The document's own text of `spans`: blanks within a line kept, lines apart by `\n`.
pub(crate) fn raw(stream: &Stream, layout: &Layout, spans: &[Span]) -> String {
    raw_of(layout, &pieces(stream, spans))
}

fn raw_of(layout: &Layout, pieces: &[Piece]) -> String {
    let mut raw = String::new();
    let mut before: Option<(RunId, usize)> = None;
    for (run, first, last) in pieces.iter().copied() {
        let Some(text) = layout.runs.get(run.0 as usize).map(|run| run.text.as_str()) else { continue };
        match before {
            Some((other, end)) if other == run && end <= first => {
                let between: String = text.chars().skip(end).take(first - end).collect();
                if between.chars().all(is_blank) { raw.push_str(&between) } else { raw.push(' ') }
            }
            Some(_) => raw.push('\n'),
            None => {}
        }
        raw.extend(text.chars().skip(first).take(last + 1 - first));
        before = Some((run, last + 1));
    }
    raw
}

/// A stretch of a run: the run, its first and last character.
type Piece = (RunId, usize, usize);

/// The stretches of runs that `spans` cover.
fn pieces(stream: &Stream, spans: &[Span]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for span in spans {
        let chars = stream.chars.get(span.clone()).unwrap_or_default();
        let mut first = true;
        for char in chars {
            let at = char.at as usize;
            match pieces.last_mut() {
                Some((run, _, last)) if !first && *run == char.run && at >= *last => *last = at,
                _ => pieces.push((char.run, at, at)),
            }
            first = false;
        }
    }
    pieces
}

/// The place of `spans`: the line and columns of the first, or the box around those on the first one's page.
pub(crate) fn place(stream: &Stream, layout: &Layout, spans: &[Span]) -> Where {
    place_of(layout, &pieces(stream, spans))
}

fn place_of(layout: &Layout, pieces: &[Piece]) -> Where {
    let mut text: Option<Where> = None;
    let mut on_page: Option<(u32, BBox)> = None;
    for (run, first, last) in pieces.iter().copied() {
        match layout.runs.get(run.0 as usize).map(|run| &run.place) {
            Some(Place::Text { line, column, .. }) => {
                let (from, to) = (column + first as u32, column + last as u32);
                match &mut text {
                    None => text = Some(Where::Text { line: *line, columns: [from, to], last_line: None }),
                    Some(Where::Text { line: at, columns, .. }) if at == line => {
                        columns[0] = columns[0].min(from);
                        columns[1] = columns[1].max(to);
                    }
                    Some(Where::Text { last_line, .. }) => *last_line = Some(*line),
                    Some(Where::Page { .. }) => {}
                }
            }
            Some(Place::Page { page, boxes, .. }) => {
                for bbox in boxes.get(first..=last).unwrap_or_default() {
                    match &mut on_page {
                        None => on_page = Some((*page, *bbox)),
                        Some((at, all)) if at == page => *all = all.union(*bbox),
                        Some(_) => {}
                    }
                }
            }
            None => {}
        }
    }
    let round = |points: f64| (points * BOX_STEPS).round() / BOX_STEPS;
    match (on_page, text) {
        (Some((page, bbox)), _) => {
            Where::Page { page, bbox: [round(bbox.x0), round(bbox.y0), round(bbox.x1), round(bbox.y1)] }
        }
        (None, Some(text)) => text,
        (None, None) => Where::Text { line: 1, columns: [1, 1], last_line: None },
    }
}

/// Whether some of the text is not to be seen on its page.
fn is_invisible(layout: &Layout, pieces: &[Piece]) -> bool {
    pieces.iter().any(|(run, ..)| {
        let place = layout.runs.get(run.0 as usize).map(|run| &run.place);
        matches!(place, Some(Place::Page { invisible: true, .. }))
    })
}

fn extent(stream: &Stream, layout: &Layout, span: &Span) -> Extent {
    let mut lines: Option<[u32; 2]> = None;
    let mut pages: Option<[u32; 2]> = None;
    let widen = |range: &mut Option<[u32; 2]>, number: u32| {
        let range = range.get_or_insert([number, number]);
        range[0] = range[0].min(number);
        range[1] = range[1].max(number);
    };
    for char in stream.chars.get(span.clone()).unwrap_or_default() {
        match layout.runs.get(char.run.0 as usize).map(|run| &run.place) {
            Some(Place::Text { line, .. }) => widen(&mut lines, *line),
            Some(Place::Page { page, .. }) => widen(&mut pages, *page),
            None => {}
        }
    }
    match (pages, lines) {
        (Some(pages), _) => Extent::Pages(pages),
        (None, lines) => Extent::Lines(lines.unwrap_or([1, 1])),
    }
}

pub(crate) fn rounded(confidence: f64) -> f64 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0
}
