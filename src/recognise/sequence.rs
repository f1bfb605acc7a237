//! A form without geometry: its pieces in the order in which a dump gives them, to a draft.

use std::collections::BTreeMap;

use super::across;
use super::align::{Action, MOST_ITEMS, Placed, align, is_strewn, piece_of, strewn};
use super::blocks;
use super::draft::{Draft, DraftText};
use super::groups::{self, RowPiece};
use super::hits::Hit;
use super::items::{Apart, Item, Piece, items};
use super::lexicon::Owner;
use super::placement::Placement;
use super::prose;
use super::row_labels::{self, RowLabels};
use super::segment::Segment;
use super::sense;
use super::shape::Holds;
use super::side_by_side;
use super::slots::{SlotPart, Slots};
use super::stream::{Span, Stream};
use super::weave::{Walk, weave};
use crate::layout::Layout;
use crate::pattern::{Body, Field, Pattern, Rows, Table};
use crate::value::Type;

/// The cheapest reading of a segment, with what it was found from.
pub(crate) struct Aligned {
    pub(crate) items: Vec<Item>,
    /// For each item the walk of the dump over the form that it belongs to.
    pub(crate) walks: Vec<Walk>,
    /// What the items can fill.
    pub(crate) slots: Slots,
    pub(crate) rows: RowLabels,
    /// What became of each piece.
    pub(crate) placed: Vec<Placed>,
    /// What needs no search.
    pub(crate) draft: Draft,
    /// Whether it is the reading of a text that a tool has strewn in blocks.
    pub(crate) strewn: bool,
}

/// Finds the cheapest reading of a segment.
pub(crate) fn aligned(stream: &Stream, segment: &Segment, pattern: &Pattern) -> Aligned {
    let has = |holds: Holds| {
        segment.hits.iter().any(|hit| match hit.owner {
            Owner::Column { section, column } => table_of(pattern, section)
                .and_then(|table| table.columns.get(column))
                .is_some_and(|column| Holds::of_column(&column.id) == holds),
            _ => false,
        })
    };
    let mut items = items(stream, segment, Apart { comparators: has(Holds::Nature), units: has(Holds::Unit) });
    let mut draft = Draft::default();
    across::read(&mut items, segment, pattern, &mut draft);
    let slots_of = |items: &[Item]| {
        let mut slots = Slots::new(pattern, segment, items);
        slots.measure_heads(stream, segment, items);
        slots
    };
    let read = |items: Vec<Item>, walks: Vec<Walk>, rows: RowLabels| {
        let slots = slots_of(&items);
        let reading = align(&items, &walks, segment, &slots, &rows);
        (items, walks, slots, rows, reading)
    };
    let in_order = row_labels::in_order(segment);
    let as_named = row_labels::as_named(stream, segment, pattern);
    if items.len() <= MOST_STREWN && in_blocks(&items) {
        let mut slots = slots_of(&items);
        if is_strewn(&items, segment, &slots, &in_order) {
            slots.mark_likely(stream, pattern, &items);
            let reading = strewn(&items, segment, &slots, &as_named);
            draft.disordered = true;
            let (placed, walks, rows) = (reading.placed, Vec::new(), as_named);
            return Aligned { items, walks, slots, rows, placed, draft, strewn: true };
        }
    }
    let woven = weave(&items, segment, pattern);
    let once = Vec::new();
    let mut best = read(items.clone(), once.clone(), in_order.clone());
    if as_named != in_order && !best.4.is_plain() && best.0.len() <= MOST_ITEMS {
        let named = read(items, once, as_named.clone());
        if named.4.is_likelier_than(&best.4) {
            best = named;
        }
    }
    if let Some((items, walks)) = woven {
        let woven = read(items, walks, as_named);
        if woven.4.is_likelier_than(&best.4) {
            best = woven;
        }
    }
    let (items, walks, slots, rows, reading) = best;
    draft.disordered = reading.is_disordered();
    let placed = reading.placed;
    Aligned { items, walks, slots, rows, placed, draft, strewn: false }
}

/// Of the figures of a text in blocks at least so many begin one. Tools that take a page apart by its gaps give seven in
/// ten and more a block of their own, those that follow its content four at most.
const FIGURES_IN_BLOCKS: f64 = 0.5;
/// A longer text is not read as strewn: what figures say of each other is asked of all of them. The longest form has some
/// three hundred pieces.
const MOST_STREWN: usize = 600;
/// Fewer figures tell nothing of a text: the smallest form has a dozen, and what stands around a ruled one a few.
const MIN_FIGURES: usize = 8;

/// Whether a text is in blocks with blank lines between, most of them a cell each.
fn in_blocks(items: &[Item]) -> bool {
    let figures = || {
        items.iter().filter_map(|item| match item {
            Item::Piece(piece) if piece.look.figure.is_some() => Some(piece),
            _ => None,
        })
    };
    let begin = figures().filter(|piece| piece.first_on_line && piece.after_gap).count();
    let all = figures().count();
    all >= MIN_FIGURES && begin as f64 >= FIGURES_IN_BLOCKS * all as f64
}

/// Reads a segment as a sequence of labels and pieces.
pub(crate) fn read(stream: &Stream, layout: &Layout, segment: &Segment, pattern: &Pattern) -> Draft {
    let Aligned { items, slots, rows, mut placed, mut draft, strewn, .. } = aligned(stream, segment, pattern);
    split_paragraphs(stream, layout, &items, &slots, strewn, &mut placed);
    if strewn {
        side_by_side::part_figures(&items, &mut placed);
    }
    place_labels(&mut draft, segment, pattern, &rows);
    draft.end = end_of_form(&items, segment, &placed);
    for one in &placed {
        let (Some(piece), Action::Begin { slot, row } | Action::Continue { slot, row }) =
            (piece_of(&items, one.item), one.action)
        else {
            continue;
        };
        let Some(slot) = slots.list.get(slot) else { continue };
        let label = label_hit(&items, segment, slot.label_item);
        let similarity = label.map_or(1.0, |hit| f64::from(hit.similarity));
        let text = DraftText {
            spans: vec![piece.span.clone()],
            label: label.map(whole_span),
            confidence: one.confidence * similarity,
            torn: slot.kind == Type::Decimal,
            placement: match slot.part {
                SlotPart::Field(_) if slot.label_item > one.item => Placement::BeforeLabel,
                SlotPart::Field(_) => Placement::AfterLabel,
                SlotPart::Column(_) => Placement::InRow,
                SlotPart::Total(_) => Placement::TotalRow,
                SlotPart::BlockScore => Placement::BlockScore,
            },
            ..DraftText::default()
        };
        match slot.part {
            SlotPart::Field(field) => {
                if let Some(field) = field_of(pattern, slot.section, field) {
                    draft.push_field(&field.id, text);
                }
            }
            SlotPart::Column(column) => {
                if let Some(column) = table_of(pattern, slot.section).and_then(|table| table.columns.get(column)) {
                    draft.push_cell(slot.section, row, &column.id, text);
                }
            }
            SlotPart::Total(number) => {
                let total = table_of(pattern, slot.section).and_then(|table| table.total.as_ref());
                if let Some((_, id)) = total.and_then(|total| total.fields.get(number)) {
                    draft.push_field(id, text);
                }
            }
            SlotPart::BlockScore => {
                if let Some(id) = table_of(pattern, slot.section).and_then(|table| table.block_score.as_ref()) {
                    draft.push_field(id, text);
                }
            }
        }
    }
    for table in &slots.tables {
        let Some(it) = table_of(pattern, table.section) else { continue };
        fill_blank_cells(&mut draft, pattern, segment, &items, &slots, table, it);
    }
    let leads = |at: usize| slots.tables.iter().any(|table| table.lead == Some(at));
    let pieces = row_pieces(&items, &slots, &placed, |_, begins| begins);
    let names = row_pieces(&items, &slots, &placed, |slot, _| leads(slot));
    if strewn {
        let named = names.iter().map(|(section, of)| (*section, names_of(stream, &items, of)));
        sense::fill(&mut draft, stream, segment, pattern, &pieces, &named.collect());
    } else {
        groups::fill(&mut draft, stream, segment, pattern, &pieces, &names);
    }
    draft
}

/// For each row where its name begins, and the name.
fn names_of(stream: &Stream, items: &[Item], names: &[RowPiece]) -> BTreeMap<usize, (usize, String)> {
    let mut of_rows: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    for (start, row) in names {
        let piece = items.iter().find_map(|item| match item {
            Item::Piece(piece) if piece.span.start == *start => Some(piece),
            _ => None,
        });
        let text = piece.map_or("", |piece| stream.text_of(&piece.span));
        of_rows.entry(*row).or_insert_with(|| (*start, String::new())).1.push_str(text);
    }
    of_rows
}

/// One past the last character that a label or a value of the form has.
fn end_of_form(items: &[Item], segment: &Segment, placed: &[Placed]) -> usize {
    let inside = placed.iter().filter(|one| one.action != Action::Outside);
    let pieces = inside.filter_map(|one| piece_of(items, one.item)).map(|piece| piece.span.end);
    pieces.chain(segment.hits.iter().map(Hit::end)).max().unwrap_or(segment.span.start)
}

/// For each section where its rows have text of those slots, in the order of the dump; `wanted` is told whether a cell
/// begins there.
fn row_pieces(
    items: &[Item],
    slots: &Slots,
    placed: &[Placed],
    wanted: impl Fn(usize, bool) -> bool,
) -> BTreeMap<usize, Vec<RowPiece>> {
    let mut pieces: BTreeMap<usize, Vec<RowPiece>> = BTreeMap::new();
    for one in placed {
        let (Some(piece), Action::Begin { slot, row } | Action::Continue { slot, row }) =
            (piece_of(items, one.item), one.action)
        else {
            continue;
        };
        if !wanted(slot, matches!(one.action, Action::Begin { .. })) {
            continue;
        }
        let Some(slot) = slots.list.get(slot).filter(|slot| matches!(slot.part, SlotPart::Column(_))) else { continue };
        pieces.entry(slot.section).or_default().push((piece.span.start, row));
    }
    pieces
}

fn label_hit<'a>(items: &[Item], segment: &'a Segment, item: usize) -> Option<&'a Hit> {
    match items.get(item)? {
        Item::Hit(hit) => segment.hits.get(*hit),
        Item::Piece(_) => None,
    }
}

pub(crate) fn field_of(pattern: &Pattern, section: usize, field: usize) -> Option<&Field> {
    match &pattern.sections.get(section)?.body {
        Body::Fields(fields) => fields.get(field),
        Body::Table(_) => None,
    }
}

pub(crate) fn table_of(pattern: &Pattern, section: usize) -> Option<&Table> {
    match &pattern.sections.get(section)?.body {
        Body::Table(table) => Some(table),
        Body::Fields(_) => None,
    }
}

/// What the labels themselves say: words that are values, figures in holes, row labels; and every label's characters.
pub(crate) fn place_labels(draft: &mut Draft, segment: &Segment, pattern: &Pattern, rows: &RowLabels) {
    for (number, hit) in segment.hits.iter().enumerate() {
        let whole = whole_span(hit);
        let confidence = f64::from(hit.similarity);
        match hit.owner {
            Owner::Words { section, field } => {
                if let Some(field) = field_of(pattern, section, field)
                    && !draft.fields.contains_key(&field.id)
                {
                    let spans = sorted(hit.spans().cloned().collect());
                    let placement = Placement::Words;
                    draft.push_field(&field.id, DraftText { spans, confidence, placement, ..DraftText::default() });
                    // A name or a year inside the title is the title's text and a value of its own.
                    for (id, span) in hit.hole_ids.iter().zip(&hit.holes).filter(|(id, _)| !id.is_empty()) {
                        let spans = vec![span.clone()];
                        let placement = Placement::StandIn;
                        let text = DraftText { spans, confidence, is_label: true, placement, ..DraftText::default() };
                        draft.stand_ins.push((id.clone(), text));
                    }
                    continue;
                }
                draft.labels.extend(hit.spans().cloned());
            }
            Owner::Label { section, field } => {
                draft.labels.extend(hit.fragments.iter().cloned());
                if let Some(field) = field_of(pattern, section, field) {
                    let blank = DraftText { label: Some(whole), confidence, ..DraftText::default() };
                    draft.push_field(&field.id, blank);
                }
                place_holes(draft, hit, pattern);
            }
            Owner::Heading { .. } | Owner::Column { .. } | Owner::Total { .. } => {
                draft.labels.extend(hit.fragments.iter().cloned());
                place_holes(draft, hit, pattern);
            }
            Owner::RowLabel { section } => {
                let row = rows.get(&number).copied().unwrap_or_default();
                if let Some(Rows::Labelled { column, .. } | Rows::Across { column, .. }) =
                    table_of(pattern, section).map(|table| &table.rows)
                {
                    let (colon, mut spans): (Vec<Span>, Vec<Span>) =
                        hit.fragments.iter().cloned().partition(|span| Some(span) == hit.colon.as_ref());
                    draft.labels.extend(colon);
                    spans.extend(hit.holes.iter().cloned());
                    draft.push_cell(
                        section,
                        row,
                        column,
                        DraftText {
                            spans: sorted(spans),
                            confidence,
                            placement: Placement::RowLabel,
                            ..DraftText::default()
                        },
                    );
                }
            }
            Owner::Word { section, group, word } if !hit.holes.is_empty() => {
                blocks::place(draft, hit, pattern, (section, group, word));
            }
            _ => draft.labels.extend(hit.spans().cloned()),
        }
    }
}

fn sorted(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| span.start);
    spans
}

fn whole_span(hit: &Hit) -> Span {
    hit.fragments.first().cloned().unwrap_or(hit.start()..hit.end())
}

/// Gives the figures in a label's holes to the fields that the holes name.
fn place_holes(draft: &mut Draft, hit: &Hit, pattern: &Pattern) {
    let own = match hit.owner {
        Owner::Label { section, field } => field_of(pattern, section, field).map(|field| field.id.clone()),
        _ => None,
    };
    for (id, span) in hit.hole_ids.iter().zip(&hit.holes) {
        let id = if id.is_empty() { own.clone() } else { Some(id.clone()) };
        let Some(id) = id.filter(|id| id != groups::GOAL) else {
            draft.labels.push(span.clone());
            continue;
        };
        if draft.has_text(&id) || span.is_empty() {
            draft.labels.push(span.clone());
        } else {
            let confidence = f64::from(hit.similarity);
            let (spans, placement) = (vec![span.clone()], Placement::Hole);
            draft.push_field(&id, DraftText { spans, confidence, torn: true, placement, ..DraftText::default() });
        }
    }
}

/// Rows have a cell for each column whose head the form has, blank where nothing stands.
fn fill_blank_cells(
    draft: &mut Draft,
    pattern: &Pattern,
    segment: &Segment,
    items: &[Item],
    slots: &Slots,
    table: &super::slots::SlotTable,
    it: &Table,
) {
    let _ = pattern;
    let Some(rows) = draft.tables.get_mut(&table.section) else { return };
    for at in &table.columns {
        let Some(slot) = slots.list.get(*at) else { continue };
        let SlotPart::Column(column) = slot.part else { continue };
        let Some(column) = it.columns.get(column) else { continue };
        let label = label_hit(items, segment, slot.label_item).map(whole_span);
        let used = rows.iter().any(|row| row.contains_key(&column.id));
        // With one score for the whole block the column is the block's, and the rows have none.
        if !used && it.block_score.is_some() && column.kind == Type::Decimal {
            continue;
        }
        for row in rows.iter_mut() {
            row.entry(column.id.clone()).or_insert_with(|| {
                super::draft::DraftCell::Text(DraftText {
                    label: label.clone(),
                    confidence: 1.0,
                    ..DraftText::default()
                })
            });
        }
    }
}

/// Finds where the first of two paragraph cells side by side ends and the second begins, from the look of all
/// their lines together.
fn split_paragraphs(
    stream: &Stream,
    layout: &Layout,
    items: &[Item],
    slots: &Slots,
    strewn: bool,
    placed: &mut [Placed],
) {
    for table in &slots.tables {
        let paragraphs: Vec<usize> =
            table.columns.iter().copied().filter(|at| slots.list[*at].kind == Type::Prose).collect();
        let [first, second] = paragraphs[..] else { continue };
        let in_either = |action: Action| match action {
            Action::Begin { slot, .. } | Action::Continue { slot, .. } => slot == first || slot == second,
            _ => false,
        };
        let members: Vec<usize> = (0..placed.len()).filter(|at| in_either(placed[*at].action)).collect();
        let pieces: Vec<&Piece> = members.iter().filter_map(|at| piece_of(items, placed[*at].item)).collect();
        if pieces.len() != members.len() {
            continue;
        }
        if strewn && let Some(right) = side_by_side::part(stream, &pieces) {
            let mut begun = [false; 2];
            for (at, right) in members.iter().zip(right) {
                let slot = if right { second } else { first };
                let goes_on = std::mem::replace(&mut begun[usize::from(right)], true);
                placed[*at].action =
                    if goes_on { Action::Continue { slot, row: 0 } } else { Action::Begin { slot, row: 0 } };
                placed[*at].confidence = side_by_side::CONFIDENCE;
            }
            continue;
        }
        let Some(split) = prose::split(&prose::lines(stream, layout, &pieces)) else { continue };
        for (number, at) in members.iter().enumerate() {
            let slot = if number < split.at { first } else { second };
            let begins = number == 0 || number == split.at;
            placed[*at].action =
                if begins { Action::Begin { slot, row: 0 } } else { Action::Continue { slot, row: 0 } };
            placed[*at].confidence = split.confidence;
        }
    }
}
