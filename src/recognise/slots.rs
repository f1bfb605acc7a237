//! The places of a form that text can fill: fields whose label was found, columns whose head was found.

use super::items::Item;
use super::lexicon::Owner;
use super::segment::Segment;
use super::shape::{self, Holds};
use super::stream::Stream;
use crate::fold::fold_text;
use crate::pattern::{Body, Pattern, Rows};
use crate::value::Type;

/// A place that text can fill.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) section: usize,
    pub(crate) part: SlotPart,
    pub(crate) kind: Type,
    pub(crate) holds: Holds,
    /// The words that stand in its cells alone; see [`shape::hash`].
    pub(crate) words: Vec<u64>,
    pub(crate) required: bool,
    /// How wide the first line of its wrapped head is: about as wide as its cells.
    pub(crate) head_width: Option<u32>,
    /// Number of the item that is its label or head.
    pub(crate) label_item: usize,
    /// How many labels of the form stand before its own.
    pub(crate) label_number: usize,
    /// Number of its table in [`Slots::tables`]; none for a field.
    pub(crate) table: Option<usize>,
    /// The slot of the column that it adds up.
    pub(crate) adds_up: Option<usize>,
    /// The texts of the form that end as its values mostly do; see [`shape::hash`]. None where the pattern does not say.
    pub(crate) likely: Option<Vec<u64>>,
}

/// What a slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlotPart {
    Field(usize),
    Column(usize),
    /// The one score that stands for a whole table.
    BlockScore,
    /// A field of the row that adds up the table, by its number there.
    Total(usize),
}

/// A table of the form, as its head was found.
#[derive(Clone, Debug)]
pub(crate) struct SlotTable {
    pub(crate) section: usize,
    /// Its slots in the order of the form's own head.
    pub(crate) columns: Vec<usize>,
    /// The column whose cells begin a row, in a table of any number of rows.
    pub(crate) lead: Option<usize>,
    /// How many rows it can have.
    pub(crate) limit: usize,
    /// Item of its first head.
    pub(crate) opens_at: usize,
    /// Whether its rows are told by row labels.
    pub(crate) labelled: bool,
}

/// The slots of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    pub(crate) list: Vec<Slot>,
    pub(crate) tables: Vec<SlotTable>,
    /// What is written where nothing is meant; see [`shape::hash`].
    pub(crate) blanks: Vec<u64>,
    /// The ends and middles of its merged headings that a dump may leave somewhere, 标 or 益指; see [`shape::hash`].
    pub(crate) fragments: Vec<u64>,
}

/// Characters of such a piece at most.
const FRAGMENT: usize = 3;

/// Most slots that one form has; what a pattern has beyond them is not filled. The richest family has about forty.
pub(crate) const MAX_SLOTS: usize = 64;
/// Most rows of one table. The longest form seen has some sixty indicators.
pub(crate) const MAX_ROWS: usize = 250;

/// The hash of a text of the pattern; see [`shape::hash`].
fn hash_of(text: &str) -> u64 {
    shape::hash(&fold_text(text).chars().collect::<Vec<_>>())
}

impl Slots {
    /// The slots whose labels are among the hits of `segment`.
    pub(crate) fn new(pattern: &Pattern, segment: &Segment, items: &[Item]) -> Slots {
        let blanks = pattern.blanks.iter().map(|text| hash_of(text)).collect();
        let words = pattern.vocabularies.values().flatten().map(|word| fold_text(&word.value).chars().collect());
        let fragments = |word: Vec<char>| {
            let inner = word.get(1..).unwrap_or_default();
            (1..=FRAGMENT).flat_map(|length| inner.windows(length).map(shape::hash)).collect::<Vec<u64>>()
        };
        let fragments = words.flat_map(fragments).collect();
        let mut slots = Slots { blanks, fragments, ..Slots::default() };
        let hits = items.iter().enumerate().filter_map(|(at, item)| match item {
            Item::Hit(number) => segment.hits.get(*number).map(|hit| (at, hit)),
            Item::Piece(_) => None,
        });
        for (label_number, (label_item, hit)) in hits.enumerate() {
            if slots.list.len() >= MAX_SLOTS - pattern.sections.len() {
                break;
            }
            let slot = |section, part, kind, required, table| Slot {
                section,
                part,
                kind,
                holds: Holds::Anything,
                words: Vec::new(),
                required,
                head_width: None,
                label_item,
                label_number,
                table,
                adds_up: None,
                likely: None,
            };
            match hit.owner {
                Owner::Label { section, field } if hit.holes.is_empty() => {
                    let Some(Body::Fields(fields)) = pattern.sections.get(section).map(|section| &section.body) else {
                        continue;
                    };
                    let Some(it) = fields.get(field) else { continue };
                    let part = SlotPart::Field(field);
                    if !slots.list.iter().any(|slot| slot.section == section && slot.part == part) {
                        slots.list.push(slot(section, part, it.kind, it.required, None));
                    }
                }
                Owner::Column { section, column } => {
                    let Some(Body::Table(table)) = pattern.sections.get(section).map(|section| &section.body) else {
                        continue;
                    };
                    let Some(it) = table.columns.get(column) else { continue };
                    let part = SlotPart::Column(column);
                    if slots.list.iter().any(|slot| slot.section == section && slot.part == part) {
                        continue;
                    }
                    let number = slots.table_of(section, table, segment, label_item);
                    let holds = Holds::of_column(&it.id);
                    let words = it.words.iter().map(|word| hash_of(word)).collect();
                    slots.list.push(Slot { holds, words, ..slot(section, part, it.kind, it.required, Some(number)) });
                    let at = slots.list.len() - 1;
                    if let Some(table) = slots.tables.get_mut(number) {
                        table.columns.push(at);
                        if table.lead.is_none() && it.required && it.kind == Type::Text {
                            table.lead = Some(at);
                        }
                    }
                }
                _ => {}
            }
        }
        slots.order_columns(items);
        slots.add_totals(pattern, segment, items);
        for (number, table) in slots.tables.iter().enumerate() {
            let Some(Body::Table(it)) = pattern.sections.get(table.section).map(|section| &section.body) else {
                continue;
            };
            if it.block_score.is_some() {
                let label = table.columns.last().and_then(|at| slots.list.get(*at));
                let (label_item, label_number) = label.map_or((0, 0), |slot| (slot.label_item, slot.label_number));
                slots.list.push(Slot {
                    section: table.section,
                    part: SlotPart::BlockScore,
                    kind: Type::Decimal,
                    holds: Holds::Anything,
                    words: Vec::new(),
                    required: false,
                    head_width: None,
                    label_item,
                    label_number,
                    table: Some(number),
                    adds_up: None,
                    likely: None,
                });
            }
        }
        slots
    }

    /// Takes from each wrapped head of a column how wide its lines are. A head in two lines of which the second is the
    /// longer one is not wrapped where its cell is full.
    pub(crate) fn measure_heads(&mut self, stream: &Stream, segment: &Segment, items: &[Item]) {
        for slot in self.list.iter_mut().filter(|slot| matches!(slot.part, SlotPart::Column(_))) {
            let Some(Item::Hit(hit)) = items.get(slot.label_item) else { continue };
            let Some(hit) = segment.hits.get(*hit).filter(|hit| !hit.torn) else { continue };
            let mut widths: Vec<(u32, u32)> = Vec::new();
            for at in hit.spans().flat_map(|span| span.clone()) {
                let (Some(char), Some(token)) = (stream.chars.get(at), stream.token_of(at)) else { continue };
                let width = unicode_width::UnicodeWidthChar::width(char.ch).unwrap_or(0) as u32;
                match widths.last_mut() {
                    Some((line, so_far)) if *line == token.line => *so_far += width,
                    _ => widths.push((token.line, width)),
                }
            }
            let first = widths.first().map(|(_, width)| *width);
            slot.head_width = first.filter(|first| widths.len() > 1 && widths.iter().all(|(_, width)| width <= first));
        }
    }

    /// Notes for each field that mostly ends in some way the texts that do.
    pub(crate) fn mark_likely(&mut self, stream: &Stream, pattern: &Pattern, items: &[Item]) {
        for slot in &mut self.list {
            let (SlotPart::Field(field), Some(Body::Fields(fields))) =
                (slot.part, pattern.sections.get(slot.section).map(|section| &section.body))
            else {
                continue;
            };
            let Some(ends) = fields.get(field).map(|field| &field.ends).filter(|ends| !ends.is_empty()) else {
                continue;
            };
            let ends: Vec<String> = ends.iter().map(|end| fold_text(end)).collect();
            let texts = items.iter().filter_map(|item| match item {
                Item::Piece(piece) => Some((piece.look.hash, stream.text_of(&piece.span))),
                Item::Hit(_) => None,
            });
            let likely = texts.filter(|(_, text)| ends.iter().any(|end| text.ends_with(end.as_str())));
            slot.likely = Some(likely.map(|(hash, _)| hash).collect());
        }
    }

    /// Puts the columns of each table into order: as its head has them; where pieces stand between the heads, the
    /// dump has torn the head row, and the pattern's order is the likelier one.
    fn order_columns(&mut self, items: &[Item]) {
        for table in &mut self.tables {
            let heads = table.columns.iter().filter_map(|at| self.list.get(*at)).map(|slot| slot.label_item);
            let (Some(first), Some(last)) = (heads.clone().min(), heads.max()) else { continue };
            let torn = items.get(first..last).unwrap_or_default().iter().any(|item| matches!(item, Item::Piece(_)));
            if torn {
                table.columns.sort_by_key(|at| match self.list.get(*at).map(|slot| slot.part) {
                    Some(SlotPart::Column(column)) => column,
                    _ => usize::MAX,
                });
            }
        }
    }

    /// The slots of the rows that add up a table: those whose columns the form has.
    fn add_totals(&mut self, pattern: &Pattern, segment: &Segment, items: &[Item]) {
        let hits = items.iter().enumerate().filter_map(|(at, item)| match item {
            Item::Hit(number) => segment.hits.get(*number).map(|hit| (at, hit)),
            Item::Piece(_) => None,
        });
        for (label_number, (label_item, hit)) in hits.enumerate() {
            let Owner::Total { section } = hit.owner else { continue };
            let Some(Body::Table(table)) = pattern.sections.get(section).map(|section| &section.body) else { continue };
            for (number, (column, id)) in table.total.iter().flat_map(|total| &total.fields).enumerate() {
                let part = SlotPart::Total(number);
                let kind = super::lexicon::hole_type(pattern, id);
                let same = |slot: &Slot| slot.section == section && slot.part == part;
                let headed = self.list.iter().position(|slot| match slot.part {
                    SlotPart::Column(at) => {
                        slot.section == section && table.columns.get(at).is_some_and(|it| it.id == *column)
                    }
                    _ => false,
                });
                if headed.is_some()
                    && !self.list.iter().any(same)
                    && self.list.len() < MAX_SLOTS - pattern.sections.len()
                {
                    self.list.push(Slot {
                        section,
                        part,
                        kind,
                        holds: Holds::Anything,
                        words: Vec::new(),
                        required: false,
                        head_width: None,
                        label_item,
                        label_number,
                        table: None,
                        adds_up: headed,
                        likely: None,
                    });
                }
            }
        }
    }

    fn table_of(&mut self, section: usize, table: &crate::pattern::Table, segment: &Segment, at: usize) -> usize {
        if let Some(number) = self.tables.iter().position(|table| table.section == section) {
            return number;
        }
        let row_labels = segment.hits.iter().filter(|hit| hit.owner == Owner::RowLabel { section }).count();
        let (limit, labelled) = match table.rows {
            Rows::Single => (1, false),
            Rows::Listed => (MAX_ROWS, false),
            Rows::Labelled { .. } | Rows::Across { .. } => (row_labels.clamp(1, MAX_ROWS), true),
        };
        self.tables.push(SlotTable { section, columns: Vec::new(), lead: None, limit, opens_at: at, labelled });
        self.tables.len() - 1
    }
}
