//! Pieces that go on with the text of the piece before, and what that costs: text is wrapped where its cell is full.

use super::super::items::Piece;
use super::super::shape::{Kin, Shape};
use super::costs::*;
use super::state::{Action, NO_STEP, State};
use super::strewn::FRAGMENT_IN_CELL;
use super::{Search, piece_of};
use crate::value::Type;

/// A line of a cell has so many pieces at most: those of a long form's column.
const MAX_LOOK_BACK: usize = 90;

/// Whether a line has no room for what the next one begins with. It fills at least half its cell.
fn is_full(line: u32, width: u32, wanted: u32) -> bool {
    2 * line >= width && line <= width + ROUND && line + wanted > width
}

impl Search<'_> {
    /// The cost of beginning a value in the middle of one: a bracket is open, or the piece begins with what only
    /// goes on.
    pub(super) fn breaks_off(&self, state: &State, piece: &Piece) -> f32 {
        let open = || self.before(state).is_some_and(|before| before.look.leaves_open);
        let goes_on = || {
            let (width, before) = (state.last.and_then(|(slot, _)| self.widths.of(slot as usize)), self.before(state));
            width.zip(before).is_some_and(|(width, before)| {
                before.look.has_decimals && piece.first_on_line && is_full(self.line_width(state), width, 1)
            })
        };
        if piece.look.is_digits && piece.joins && goes_on() {
            return FULL_FIGURE_ENDS;
        }
        if state.last.is_some() && piece.joins && (piece.look.goes_on || open()) { BROKEN_BRACKET } else { 0.0 }
    }

    /// The piece read before.
    fn before(&self, state: &State) -> Option<&Piece> {
        let step = self.steps.get(state.trail as usize)?;
        piece_of(self.items, step.item as usize)
    }

    /// The piece goes on with the text of the piece before.
    pub(super) fn go_on(&mut self, state: &State, from: u32, piece: &Piece) {
        let Some((slot, row)) = state.last else { return };
        if !piece.joins {
            return;
        }
        let Some(it) = self.slots.list.get(slot as usize) else { return };
        let Some(before) = self.before(state) else { return };
        let same_line = !piece.first_on_line;
        // A stray blank, or the end of a line, breaks a figure in two.
        let is_figure = matches!(it.kind, Type::Quantity | Type::Decimal | Type::Percent | Type::Integer);
        let near = if same_line { piece.blanks_before == 1 } else { !piece.after_gap };
        // The value of a field has room.
        let in_cell = same_line || it.table.is_some() || it.kind == Type::Quantity;
        let broken = is_figure && near && in_cell && before.look.ends_in_figure && piece.look.begins_in_figure;
        let at_point = broken && before.look.ends_at_point && it.kind != Type::Quantity;
        if self.is_wrapped(state, piece, is_figure) {
            let cost = if is_figure { GO_ON_FULL_FIGURE } else { GO_ON_FULL };
            let action = Action::Continue { slot: slot as usize, row: row as usize };
            self.push(state, from, action, cost, state.by_columns);
            return;
        }
        let width = self.widths.of(slot as usize);
        let line = if width.is_some() { self.line_width(state) } else { 0 };
        if let Some(width) = width
            && !same_line
            && !self.owned
            && is_full(line, width, if broken { 1 } else { piece.look.first_unit })
        {
            let torn_figure = broken || (is_figure && before.look.ends_in_figure && piece.shape == Shape::Sign);
            let figure_in_text = matches!(piece.shape, Shape::Number | Shape::Percent | Shape::Quantity | Shape::Date);
            let cost = match it.kind {
                // A figure with a line to itself is no line of prose.
                Type::Prose if figure_in_text && piece.alone => None,
                Type::Prose | Type::Choices => Some(GO_ON_FULL),
                Type::Text if figure_in_text => Some(GO_ON_FULL + FIGURE_IN_FULL_TEXT),
                Type::Text => Some(GO_ON_FULL),
                Type::Quantity | Type::Date => Some(GO_ON_FULL_FIGURE),
                Type::Decimal | Type::Percent | Type::Integer => torn_figure.then_some(GO_ON_FULL_FIGURE),
            };
            if let Some(cost) = cost {
                let wide = if piece.look.width > width + ROUND { TOO_WIDE } else { 0.0 };
                let gap = if piece.after_gap { self.over_gap(false) } else { 0.0 };
                let action = Action::Continue { slot: slot as usize, row: row as usize };
                self.push(state, from, action, cost + wide + gap, state.by_columns);
                return;
            }
        }
        let mut cost = match (it.kind, same_line) {
            (Type::Prose | Type::Choices, _) => GO_ON_PROSE,
            (Type::Text, true) if it.table.is_some() => GO_ON_CELL_IN_LINE,
            (Type::Text, true) => GO_ON_FIELD_IN_LINE,
            // Where rows stand on lines, a text with a line to itself is a wrapped one's.
            (Type::Text, false) if self.rows_on_lines && before.alone => GO_ON_ALONE,
            (Type::Text, false) => GO_ON_TEXT,
            _ if at_point => GO_ON_FULL_FIGURE,
            (Type::Quantity, _) if broken => GO_ON_BROKEN,
            (Type::Quantity, false) if before.look.kin == Kin::Word && piece.look.kin == Kin::Word => GO_ON_TEXT,
            (Type::Quantity | Type::Date, _) => GO_ON_FIGURE,
            // A figure too wide for its cell goes on with its last digits on a line of their own.
            (Type::Decimal, false)
                if it.table.is_some() && before.look.has_decimals && piece.look.is_digits && piece.alone =>
            {
                if self.rows_on_lines && before.alone { GO_ON_ALONE } else { GO_ON_FIGURE }
            }
            (Type::Decimal | Type::Percent | Type::Integer, _) if broken => GO_ON_BROKEN,
            (Type::Decimal | Type::Percent | Type::Integer, _) => return,
        };
        if self.strewn && !same_line && !piece.after_gap {
            cost = cost.min(if broken { GO_ON_FULL_FIGURE } else { GO_ON_IN_BLOCK });
        }
        if self.strewn && it.table.is_some() && self.slots.fragments.contains(&piece.look.hash) {
            cost += FRAGMENT_IN_CELL;
        }
        let prose = it.kind == Type::Prose;
        if self.owned || it.words.contains(&before.look.hash) {
            cost += OTHERS_WORD;
        }
        if self.comes_back && !same_line && !prose {
            cost += WRAPPED_TOO_EARLY;
        }
        if same_line && piece.blanks_before > 1 && it.kind != Type::Choices {
            cost += GO_ON_OVER_BLANKS;
        }
        if piece.first_on_line && piece.after_gap {
            cost += self.over_gap(prose);
        }
        cost += match (piece.shape, prose) {
            _ if broken || it.kind == Type::Decimal => 0.0,
            (Shape::Number | Shape::Percent, true) if !piece.alone => FIGURE_IN_PROSE,
            (Shape::Number | Shape::Percent, _) => FIGURE_IN_TEXT,
            (Shape::Quantity, true) if !piece.alone => FIGURE_IN_PROSE,
            (Shape::Quantity, _) if it.kind != Type::Choices => QUANTITY_IN_TEXT,
            _ => 0.0,
        };
        // Of a line that blanks have cut into pieces the last one tells no width.
        let whole_lines = !prose || (before.alone && piece.alone);
        if !same_line && whole_lines && it.kind != Type::Choices && !before.look.ends_sentence {
            if piece.look.width > before.look.width + RAGGED {
                cost += WIDER_THAN_BEFORE;
            } else if prose && before.look.width < NARROW_PROSE {
                cost += SHORT_LINE_OF_PROSE;
            }
        }
        if let Some(width) = self.widths.limit(slot as usize) {
            if same_line && line + piece.blanks_before + piece.look.width > width + ROUND {
                cost += TOO_WIDE;
            } else if !same_line {
                cost += ROOM_LEFT + if piece.look.width > width + ROUND { TOO_WIDE } else { 0.0 };
            }
        }
        let action = Action::Continue { slot: slot as usize, row: row as usize };
        self.push(state, from, action, cost, state.by_columns);
    }

    /// Whether a line that the dump indents goes on with the text before. A figure alone may be a cell that is set in the
    /// middle, unless the one before it has been broken behind its point.
    fn is_wrapped(&self, state: &State, piece: &Piece, is_figure: bool) -> bool {
        let figure = matches!(piece.shape, Shape::Number | Shape::Month | Shape::Percent | Shape::Quantity);
        let broken = || piece.look.is_digits && self.before(state).is_some_and(|before| before.look.has_decimals);
        piece.wraps && if is_figure { broken() } else { !figure }
    }

    /// The cost of going on over a blank line.
    fn over_gap(&self, prose: bool) -> f32 {
        match (self.strewn, prose) {
            (true, _) => GO_ON_IN_OTHER_BLOCK,
            (false, true) => GO_ON_PROSE_OVER_GAP,
            (false, false) => GO_ON_OVER_GAP,
        }
    }

    /// The width of the line that the text before has come to.
    fn line_width(&self, state: &State) -> u32 {
        let mut width = 0;
        let mut trail = state.trail;
        let mut line = None;
        for _ in 0..MAX_LOOK_BACK {
            let Some(step) = (trail != NO_STEP).then(|| self.steps.get(trail as usize)).flatten() else { break };
            let Some(piece) = piece_of(self.items, step.item as usize) else { break };
            if line.is_some_and(|line| line != piece.line) {
                break;
            }
            line = Some(piece.line);
            width += piece.look.width;
            if !matches!(step.action, Action::Continue { .. }) {
                break;
            }
            width += piece.blanks_before;
            trail = step.before;
        }
        width
    }
}
