//! The assignment of a form's pieces to its slots, as one search for the cheapest reading of the whole form.
//!
//! A dump tool walks a form row by row, or column by column for a while, or twice: the short cells first and the
//! wrapped ones after. The search goes over the items once and keeps the cheapest readings so far. A reading's cost
//! grows with each piece that does not look like its slot's type, with each label passed over, with each step of
//! the walk that is no step to the right or down, and with each cell left empty; so that counts agree at the end (as
//! many names as targets, as many targets as actuals) without any rule that says where a row ends. Easy dumps are
//! read with a narrow search, and those that turn out hard again with a wide one; work is bounded by items ×
//! readings × slots.

mod costs;
mod empty;
mod figures;
mod going_on;
mod moves;
mod plan;
mod reading;
mod rivals;
mod state;
mod strewn;
mod widths;

use std::collections::BTreeSet;

use super::items::{Item, Piece};
use super::lexicon::Owner;
use super::row_labels::RowLabels;
use super::segment::Segment;
use super::shape::Kin;
use super::slots::{SlotPart, Slots};
use super::weave::Walk;
use plan::{Plan, slot_bit};
pub(crate) use reading::Reading;
pub(crate) use rivals::{Rival, Why, rivals};
pub(crate) use state::Action;
use state::{Room, State, Step};
pub(crate) use strewn::{is_strewn, strewn};
use widths::Widths;

/// How widely a search looks.
#[derive(Clone, Copy, Debug)]
struct Breadth {
    /// Readings kept after each item.
    beam: usize,
    /// A reading this much dearer than the cheapest is given up.
    margin: f32,
}

/// For dumps that keep the order of rows: six readings are the person's and the slips next to it.
const NARROW: Breadth = Breadth { beam: 6, margin: 3.0 };
/// For those that seem easy: when it finds nothing cheaper than the narrow search did, nothing cheaper is there.
const WIDER: Breadth = Breadth { beam: 24, margin: 5.0 };
/// For the others. Order may be lost for some dozen pieces; more costs time only.
const WIDE: Breadth = Breadth { beam: 120, margin: 9.0 };
/// A dump puts rows on lines when so large a share of its pieces has another before it on its line.
const ROWS_ON_LINES: f64 = 0.3;
/// How much less a piece a reading must cost that goes back and forth than one that goes along rows.
const FREEDOM: f64 = 0.05;
/// A text of more items is read once, and any way: the longest form has some thousand.
pub(crate) const MOST_ITEMS: usize = 3000;
/// Beyond this cost a piece a reading shows nothing of widths.
const HOPELESS: f64 = 1.0;
/// How often the widths of cells are learnt anew from a reading that knew those of the reading before.
const MAX_LESSONS: usize = 3;
/// Confidence at most in a figure beside one that nothing takes, as in one that stands on two lines.
const BESIDE_UNREAD: f64 = 0.45;
/// Final readings compared for the confidence of each value.
const RUNNERS_UP: usize = 8;

/// Cost a piece up to which a narrow search is trusted to have found the reading.
const NARROW_IS_ENOUGH: f64 = 0.07;
/// Cost a piece up to which a reading is an easy one. Of dumps of seven tools read below it, nearly all came out
/// right; of those above 0.13 nearly none.
const EASY_STRAIN: f64 = 0.10;
/// Confidence lost for each doubt a piece beyond that: of texts by seven tools some nine values in ten were right at a strain
/// of 0.14, and some seven at 0.25.
const LOST_BY_STRAIN: f64 = 1.7;
/// Beyond this strain the order of a dump is lost, and beyond [`EASY_STRAIN`] where cells have to find their rows, in a
/// dump that goes back and forth, or over the form more than once: one value in twenty, or more, is another's, which makes a false alarm
/// in every form.
const DISORDER: f64 = 0.125;

/// A piece, what became of it, and how sure that is.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) item: usize,
    pub(crate) action: Action,
    /// From 0 to 1: how much dearer the best reading with another action is.
    pub(crate) confidence: f64,
}

/// What a reading may do next, without the reading itself.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    cost: f32,
    /// Number of the reading in the beam.
    from: u32,
    action: Action,
    /// Whether the walk goes down columns after it.
    by_columns: bool,
}

struct Search<'a> {
    items: &'a [Item],
    /// For each item its walk over the form.
    walks: &'a [Walk],
    /// The last of them.
    last_walk: usize,
    /// Whether a later walk may bring what rows lack in this one.
    comes_back: bool,
    /// Whether this walk brings the wrapped cells that rows lack: on each page the second one.
    brings_wrapped: bool,
    segment: &'a Segment,
    slots: &'a Slots,
    row_labels: &'a RowLabels,
    widths: &'a Widths,
    /// Whether the walk never goes back: along each row, and from row to row.
    along_rows: bool,
    plan: Plan,
    /// Whether the tool has strewn the text in blocks.
    strewn: bool,
    room: Room,
    steps: Vec<Step>,
    candidates: Vec<Candidate>,
    /// Readings given up, whose memory serves again.
    spare: Vec<State>,
    /// Candidates dearer than this are given up at once: the cheapest so far, and the margin.
    limit: f32,
    margin: f32,
    /// What a whole reading may cost.
    most: f32,
    /// The slots that the piece at hand may begin, and how badly it fits each.
    fitting: Vec<(usize, f32)>,
    /// The fields whose label stands before it, a bit each.
    fields_before: u64,
    /// Whether the piece at hand is a word that stands in the cells of one column alone.
    owned: bool,
    /// For each table one past the row that the last row label begins.
    labelled_rows: Vec<usize>,
    /// Whether most figures have a unit or a percent sign, so that a bare one is hardly a target.
    figures_have_units: bool,
    /// Whether the cells of a row stand side by side on a line, and not each on its own.
    rows_on_lines: bool,
    last_label: usize,
    /// The columns whose heads stand right before the piece at hand.
    led: Vec<usize>,
    /// The section of the merged headings that stand right before it.
    headed: Option<usize>,
    /// The section of the row that adds up a table, once its label has come in this walk.
    totalled: Option<usize>,
    /// The field whose label stands right before it.
    labelled: Option<usize>,
    /// The table one of whose row labels stands before it, alone in its block.
    row_labelled: Option<usize>,
    /// The words that stand in the form more than once.
    again: BTreeSet<u64>,
}

/// Finds the cheapest reading. `walks` says for each item which of the dump's walks over the form it is from, and none of
/// a dump that walks it once. What the
/// reading shows of the widths of cells is taken into another, as long as it shows more.
pub(crate) fn align(items: &[Item], walks: &[Walk], segment: &Segment, slots: &Slots, rows: &RowLabels) -> Reading {
    let search = |widths: &Widths| cheapest(|| Search::new(items, walks, segment, slots, rows, widths));
    let mut known = vec![Widths::of_heads(slots)];
    let mut best = known.iter().map(search).next().unwrap_or_default();
    while known.len() <= MAX_LESSONS && !best.is_plain() && best.strain <= HOPELESS && items.len() <= MOST_ITEMS {
        let widths = Widths::learn(items, slots, &best.placed);
        if widths.is_empty() || known.contains(&widths) {
            break;
        }
        best = search(&widths);
        known.push(widths);
    }
    best
}

/// The cheapest reading by searches that know the same.
fn cheapest<'a>(search: impl Fn() -> Search<'a>) -> Reading {
    if search().items.len() > MOST_ITEMS {
        return free(&search, f64::INFINITY);
    }
    let along_rows = along_rows(&search);
    if along_rows.is_plain() {
        return along_rows;
    }
    let free = free(&search, along_rows.strain - FREEDOM);
    if free.is_likelier_than(&along_rows) { free } else { along_rows }
}

/// The cheapest reading of a dump that goes along rows.
fn along_rows<'a>(search: impl Fn() -> Search<'a>) -> Reading {
    let narrow = search().along_rows().run(NARROW);
    if narrow.is_plain() {
        return narrow;
    }
    let wider = search().along_rows().run(WIDER);
    // Where a later walk brings what rows lack, much is open for long.
    let comes_again = search().last_walk > 0;
    if wider.strain <= EASY_STRAIN || !comes_again { wider } else { search().along_rows().run(WIDE) }
}

/// The cheapest reading of a dump that may go any way, if it costs no more than `most` a piece.
fn free<'a>(search: impl Fn() -> Search<'a>, most: f64) -> Reading {
    let search = |breadth| search().at_most(most).run(breadth);
    let narrow = search(NARROW);
    if narrow.is_plain() || most <= NARROW_IS_ENOUGH {
        return narrow;
    }
    if narrow.strain.min(most) <= EASY_STRAIN {
        let wider = search(WIDER);
        if wider.strain >= narrow.strain {
            return wider;
        }
    }
    search(WIDE)
}

impl<'a> Search<'a> {
    fn new(
        items: &'a [Item],
        walks: &'a [Walk],
        segment: &'a Segment,
        slots: &'a Slots,
        row_labels: &'a RowLabels,
        widths: &'a Widths,
    ) -> Search<'a> {
        let is_label = |item: &Item| match item {
            Item::Hit(hit) => segment.hits.get(*hit).is_some_and(|hit| !matches!(hit.owner, Owner::Furniture { .. })),
            Item::Piece(_) => false,
        };
        let pieces = items.iter().filter(|item| matches!(item, Item::Piece(_))).count();
        let with_shape = |wanted: fn(Kin) -> bool| {
            let pieces = items.iter().filter(|item| matches!(item, Item::Piece(piece) if wanted(piece.look.kin)));
            pieces.count()
        };
        let figures_have_units =
            with_shape(|kin| matches!(kin, Kin::Percent | Kin::Unit(_))) >= with_shape(|kin| kin == Kin::Bare);
        let beside = items.iter().filter(|item| matches!(item, Item::Piece(piece) if !piece.leads_line)).count();
        Search {
            items,
            walks,
            last_walk: walks.iter().map(|walk| walk.number).max().unwrap_or(0),
            comes_back: false,
            brings_wrapped: false,
            segment,
            slots,
            row_labels,
            widths,
            along_rows: false,
            plan: Plan::new(slots),
            strewn: false,
            room: Room::new(slots, pieces),
            steps: Vec::new(),
            candidates: Vec::new(),
            spare: Vec::new(),
            limit: f32::INFINITY,
            margin: f32::INFINITY,
            most: f32::INFINITY,
            fitting: Vec::new(),
            fields_before: 0,
            owned: false,
            labelled_rows: vec![0; slots.tables.len()],
            figures_have_units,
            rows_on_lines: beside as f64 >= ROWS_ON_LINES * pieces as f64,
            last_label: items.iter().rposition(is_label).unwrap_or(0),
            led: Vec::new(),
            headed: None,
            totalled: None,
            labelled: None,
            row_labelled: None,
            again: BTreeSet::new(),
        }
    }

    /// Gives the search up when the reading must come to cost more a piece.
    fn at_most(self, strain: f64) -> Search<'a> {
        let pieces = self.items.iter().filter(|item| matches!(item, Item::Piece(_))).count();
        Search { most: (strain * pieces as f64) as f32, ..self }
    }

    /// Lets the walk never go back.
    fn along_rows(self) -> Search<'a> {
        Search { along_rows: true, ..self }
    }

    /// The cheapest reading.
    fn run(mut self, breadth: Breadth) -> Reading {
        let mut beam = vec![State::new(&self.room)];
        let mut next = Vec::new();
        self.margin = breadth.margin;
        for (number, item) in self.items.iter().enumerate() {
            self.enter(number, &mut beam);
            match item {
                Item::Hit(hit) => self.pass_label(number, *hit, &mut beam),
                Item::Piece(piece) => {
                    self.offer(&beam, number, piece);
                    self.keep(&beam, number, breadth, &mut next);
                    std::mem::swap(&mut beam, &mut next);
                    if beam.iter().all(|state| state.cost - state.pending - state.given_up > self.most) {
                        return Reading { strain: f64::INFINITY, ..Reading::default() };
                    }
                }
            }
        }
        self.finish(beam)
    }

    /// Readies the readings for an item, which may begin another walk.
    fn enter(&mut self, number: usize, beam: &mut [State]) {
        if number > 0 && self.walk(number) != self.walk(number - 1) {
            beam.iter_mut().for_each(State::walk_anew);
            self.totalled = None;
        }
        self.comes_back = self.walk(number) < self.last_walk;
        self.brings_wrapped = self.walk(number) % 2 == 1;
    }

    /// Makes candidates of all that the readings can do with a piece.
    fn offer(&mut self, beam: &[State], number: usize, piece: &Piece) {
        self.candidates.clear();
        self.limit = f32::INFINITY;
        self.fit(number, piece);
        let fields = self.slots.list.iter().enumerate().filter(|(_, slot)| slot.label_item < number);
        self.fields_before = fields.fold(0, |mask, (at, _)| mask | slot_bit(at));
        for (from, state) in beam.iter().enumerate() {
            match self.strewn {
                true => self.strew(state, from as u32, number, piece),
                false => self.expand(state, from as u32, number, piece),
            }
        }
        self.led.clear();
        self.headed = None;
        self.labelled = None;
    }

    /// The number of the walk that an item is from.
    fn walk(&self, item: usize) -> usize {
        self.walks.get(item).map_or(0, |walk| walk.number)
    }

    /// Whether an item is a row label of a section.
    fn is_row_label(&self, item: usize, section: usize) -> bool {
        let Some(Item::Hit(hit)) = self.items.get(item) else { return false };
        self.segment.hits.get(*hit).is_some_and(|hit| hit.owner == Owner::RowLabel { section })
    }

    fn pass_label(&mut self, item: usize, number_of: usize, beam: &mut [State]) {
        let Some(hit) = self.segment.hits.get(number_of) else { return };
        let own = self.slots.list.iter().position(|slot| slot.label_item == item);
        match (hit.owner, own) {
            (Owner::Column { .. }, Some(slot)) => self.led.push(slot),
            (Owner::Label { .. } | Owner::RowLabel { .. } | Owner::Total { .. }, _) => self.led.clear(),
            (Owner::Word { section, .. }, _) if !hit.torn || self.strewn => self.headed = Some(section),
            _ => {}
        }
        if let Owner::Total { section } = hit.owner {
            self.totalled = Some(section);
        }
        if !matches!(hit.owner, Owner::Furniture { .. }) {
            self.labelled = own.filter(|_| matches!(hit.owner, Owner::Label { .. }));
        }
        match hit.owner {
            Owner::Furniture { .. } => return,
            Owner::RowLabel { section } => {
                if let Some(number) = self.slots.tables.iter().position(|table| table.section == section)
                    && let Some(rows) = self.labelled_rows.get_mut(number)
                {
                    *rows = self.row_labels.get(&number_of).map_or(*rows, |row| row + 1);
                    // Of several labels in a row it is not told whose the cells are.
                    let again = item.checked_sub(1).is_some_and(|before| self.is_row_label(before, section));
                    self.row_labelled = (!again).then_some(number);
                }
            }
            Owner::Label { .. } => {}
            _ if hit.torn => return,
            _ => {}
        }
        beam.iter_mut().for_each(|state| state.last = None);
    }

    /// Turns the cheapest candidates into the readings of `next`, of those with the same future only one.
    fn keep(&mut self, beam: &[State], number: usize, breadth: Breadth, next: &mut Vec<State>) {
        let order =
            |one: &Candidate, other: &Candidate| one.cost.total_cmp(&other.cost).then(one.from.cmp(&other.from));
        // Some candidates have the same future; three times as many as are kept has always been enough.
        let enough = breadth.beam * 3;
        if self.candidates.len() > enough {
            self.candidates.select_nth_unstable_by(enough, order);
            self.candidates.truncate(enough);
        }
        self.candidates.sort_by(order);
        self.spare.append(next);
        for candidate in &self.candidates {
            if candidate.cost > self.limit || next.len() >= breadth.beam {
                break;
            }
            let Some(from) = beam.get(candidate.from as usize) else { continue };
            let mut state = self.spare.pop().unwrap_or_else(|| from.clone());
            self.apply(from, number, candidate, &mut state);
            let behind = self.along_rows && self.last_walk == 0;
            if next.iter().any(|kept| kept.same_future(&state, behind)) {
                self.spare.push(state);
                continue;
            }
            self.steps.push(Step { before: from.trail, item: number as u32, action: candidate.action });
            state.trail = self.steps.len() as u32 - 1;
            next.push(state);
        }
    }

    /// Makes `state` what the reading `from` becomes by a candidate.
    fn apply(&self, from: &State, number: usize, candidate: &Candidate, state: &mut State) {
        state.copy_from(from);
        state.cost = candidate.cost;
        match candidate.action {
            Action::Outside => {
                state.ended = true;
                state.last = None;
            }
            Action::Unread => state.last = None,
            Action::Continue { .. } => {}
            Action::Begin { slot, row } => {
                let Some(it) = self.slots.list.get(slot) else { return };
                if it.part != SlotPart::BlockScore {
                    state.section = it.section as u8;
                }
                match (it.part, it.table) {
                    (SlotPart::Field(_) | SlotPart::Total(_), _) => {
                        state.fill_field(slot);
                        state.values_first = it.label_item > number;
                        if !state.values_first {
                            state.furthest_label = state.furthest_label.max(it.label_item as u32);
                        }
                        state.last = Some((slot as u8, 0));
                    }
                    (SlotPart::BlockScore, _) => {
                        state.fill_field(slot);
                        state.last = None;
                    }
                    (SlotPart::Column(_), Some(table)) => {
                        let position = self.plan.standing(slot).position;
                        let (charge, lacking) = match self.strewn {
                            true => (0.0, 0),
                            false => self.pending(from, table, position, row, candidate.by_columns),
                        };
                        state.pending += charge;
                        state.given_up += self.given_up(from, table, row);
                        self.pass_over(state, table, row);
                        state.lacking = state.lacking.saturating_add_signed(lacking as i16);
                        state.fill_cell(&self.room, table, row, position);
                        state.last = Some((slot as u8, row as u8));
                        state.cursor = state.last;
                        state.by_columns = candidate.by_columns;
                    }
                    (SlotPart::Column(_), None) => {}
                }
            }
        }
    }
}

/// The piece of an item.
pub(crate) fn piece_of(items: &[Item], at: usize) -> Option<&Piece> {
    match items.get(at)? {
        Item::Piece(piece) => Some(piece),
        Item::Hit(_) => None,
    }
}
