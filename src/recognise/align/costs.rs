//! What a reading costs. The unit is a doubt; [`UNREAD`] is not understanding a piece at all.
//!
//! The figures were set by reading dumps of ten tools and raising or lowering a cost until the person's reading was
//! the cheapest; most bear a change by half.

/// A piece that no slot takes.
pub(super) const UNREAD: f32 = 4.0;

/// The same of a short number alone on its line, where rows stand on lines: it may be a page's.
pub(super) const STRAY_FIGURE: f32 = 2.0;

// ---- fields ----------------------------------------------------------------------------------------------------

/// Passing over an open label whose value may still come.
pub(super) const PASS_OPEN_LABEL: f32 = 0.4;
/// A value for a label though a later label has had its value already: of two labels in a row, the first value is
/// the first label's.
pub(super) const AGAINST_ORDER: f32 = 0.9;
/// Each label between a field's own and the piece.
pub(super) const LABEL_BETWEEN: f32 = 0.25;
pub(super) const MAX_LABELS_BETWEEN: f32 = 0.8;
/// A value that stands before its label, and each item between.
pub(super) const BEFORE_LABEL: f32 = 1.4;
pub(super) const BEFORE_LABEL_ITEM: f32 = 0.3;
/// The same again: a tool that puts one value before its label does so with the next.
pub(super) const BEFORE_LABEL_AGAIN: f32 = 0.1;
/// A blank line between a label and its value, either way.
pub(super) const GAP_TO_LABEL: f32 = 0.3;
/// A value that stands in one walk over the form, its label in another.
pub(super) const LABEL_IN_OTHER_WALK: f32 = 0.1;
/// A value in another part of the form than the one whose labels stand around it in its walk.
pub(super) const IN_OTHER_SECTION: f32 = 0.5;
/// How many items ahead a label may stand.
pub(super) const LOOK_AHEAD: usize = 8;
/// A required field left empty, and another.
pub(super) const BLANK_REQUIRED: f32 = 0.8;
pub(super) const BLANK_OPTIONAL: f32 = 0.3;

// ---- cells -----------------------------------------------------------------------------------------------------

/// The first cell of a column before any head of its table, or before its own.
pub(super) const BEFORE_TABLE: f32 = 2.5;
pub(super) const BEFORE_HEAD: f32 = 0.5;
/// Each further cell of the column before any head.
pub(super) const FURTHER_BEFORE_TABLE: f32 = 0.4;
/// A cell right behind a label that has no value yet.
pub(super) const LEFT_LABEL: f32 = 0.6;
/// The way back to an earlier section: another walk over the form begins.
pub(super) const BACK_TO_SECTION: f32 = 1.2;
/// The same where the walk goes down columns, now of the one table, now of the other.
pub(super) const BACK_BY_COLUMNS: f32 = 0.5;
/// A cell behind the head of another column, and behind its own with others before that.
pub(super) const OTHER_HEAD: f32 = 0.8;
pub(super) const PASS_HEAD: f32 = 0.2;
/// A step down a column instead of along the row, when the tool went along rows before.
pub(super) const TO_COLUMNS: f32 = 1.1;
/// The step from the foot of a column to the head of another.
pub(super) const NEXT_COLUMN: f32 = 0.4;
/// A row begun after steps down a column.
pub(super) const TO_ROWS: f32 = 0.5;
/// A cell to the left of the one before, in the same row.
pub(super) const LEFTWARD: f32 = 1.3;
/// A step back to an earlier row.
pub(super) const UPWARD: f32 = 1.4;
/// Each column passed over that the row still wants.
pub(super) const PASS_COLUMN: f32 = 0.25;
/// The same when a later walk over the form may bring it.
pub(super) const PASS_COLUMN_IN_WALK: f32 = 0.05;
/// Each row passed over that still wants this column, and the most that this costs.
pub(super) const PASS_ROW: f32 = 0.3;
pub(super) const MAX_PASS_ROWS: f32 = 1.5;
/// A step down to a row that has its name already, in another column.
pub(super) const DOWN_TO_NAMED: f32 = 0.35;
/// The same in a walk that brings what rows lack; and a row that begins in it.
pub(super) const DOWN_IN_LATER_WALK: f32 = 0.05;
pub(super) const ROW_IN_LATER_WALK: f32 = 1.5;
/// A row begun without its name.
pub(super) const NAMELESS: f32 = 1.3;
/// A row that begins in the middle of a line.
pub(super) const ROW_IN_LINE: f32 = 0.4;
/// A cell on another line than the one before it in its row, in a walk over short cells that puts rows on lines.
pub(super) const ROW_OVER_LINES: f32 = 1.0;
/// A cell in the row before, though a merged heading begins below it.
pub(super) const ROW_OVER_HEADING: f32 = 2.5;
/// A cell of a row below the one that adds up, in a walk that never goes back.
pub(super) const BELOW_TOTAL: f32 = 2.0;
/// A cell in another row than the label before it says.
pub(super) const OTHER_ROW_LABEL: f32 = 0.8;
/// Each required cell that a row lacks at the end, and its name.
pub(super) const EMPTY_REQUIRED: f32 = 1.2;
pub(super) const EMPTY_NAME: f32 = 2.2;
pub(super) const EMPTY_OPTIONAL: f32 = 0.05;
/// A figure that a row lacks though most rows have one in this column.
pub(super) const EMPTY_USUAL: f32 = 0.9;
/// The same when no row has the column: the dump, or the form, lacks it.
pub(super) const EMPTY_COLUMN: f32 = 1.5;
/// A score in one row of several, in a table whose score may be one for all.
pub(super) const LONE_SCORE: f32 = 1.6;
/// Part of [`EMPTY_REQUIRED`] that is charged as soon as a further row begins, and given back when the cell comes: a
/// tool that goes along rows hardly comes back, one that goes down columns does.
pub(super) const PENDING: f32 = 0.6;
pub(super) const PENDING_BY_COLUMNS: f32 = 0.1;
pub(super) const PENDING_IN_WALK: f32 = 0.02;

// ---- looks -----------------------------------------------------------------------------------------------------

/// A figure above a hundred as a weight or a score.
pub(super) const NO_POINTS: f32 = 2.5;
/// Nought as the points of a source of money: its amounts are nought, its points are left out.
pub(super) const NOUGHT_AS_POINTS: f32 = 0.4;
/// A comparator before what was reached: it belongs to what was aimed at, though some repeat it.
pub(super) const COMPARED_ACTUAL: f32 = 0.25;
/// A word that stands in the cells of another column alone.
pub(super) const OTHERS_WORD: f32 = 1.5;
/// A unit beside a target that is no figure.
pub(super) const UNIT_OF_WORD: f32 = 0.9;
/// What is taken off where target and actual are the same word.
pub(super) const SAME_WORD: f32 = 0.4;
/// Target and actual of different kinds: a percentage and a count, counts of different units.
pub(super) const OTHER_KIND: f32 = 1.1;
/// A figure beside a word.
pub(super) const WORD_BESIDE_FIGURE: f32 = 0.5;
/// A bare number beside a figure with a unit, and one among figures most of which have units.
pub(super) const BARE_BESIDE_UNIT: f32 = 0.6;
pub(super) const BARE_AMONG_UNITS: f32 = 0.5;
/// A name of one character, of two, of three.
pub(super) const NAME_OF_ONE: f32 = 2.5;
pub(super) const NAME_OF_TWO: f32 = 0.9;
pub(super) const NAME_OF_THREE: f32 = 0.4;
/// A name that is a sentence.
pub(super) const SENTENCE_AS_NAME: f32 = 1.2;
/// A new value though the piece before left a bracket open, or the piece begins with what never begins a value.
pub(super) const BROKEN_BRACKET: f32 = 1.6;
/// The piece goes on with the one before, yet is wider than it: a cell is wrapped where it is full.
pub(super) const WIDER_THAN_BEFORE: f32 = 0.9;
/// Columns by which full lines of one cell may differ.
pub(super) const RAGGED: u32 = 3;
/// A paragraph cell begun: after a blank line, at a line's start, within a line.
pub(super) const PARAGRAPH_AFTER_GAP: f32 = 0.2;
pub(super) const PARAGRAPH_AT_LINE: f32 = 0.5;
pub(super) const PARAGRAPH_IN_LINE: f32 = 0.9;

// ---- wrapped text ----------------------------------------------------------------------------------------------

/// The next line, or the next word, of a paragraph or of a row of boxes.
pub(super) const GO_ON_PROSE: f32 = 0.08;
/// The next word of a cell, and of a field.
pub(super) const GO_ON_CELL_IN_LINE: f32 = 0.7;
pub(super) const GO_ON_FIELD_IN_LINE: f32 = 0.3;
/// The next line of a wrapped text.
pub(super) const GO_ON_TEXT: f32 = 0.45;
/// The same where rows stand on lines and both lines hold nothing else.
pub(super) const GO_ON_ALONE: f32 = 0.15;
/// The next line of a text whose lines so far are full, where the width of its cells is known; of a figure.
pub(super) const GO_ON_FULL: f32 = 0.1;
pub(super) const GO_ON_FULL_FIGURE: f32 = 0.2;
/// A figure that fills its line ends there, though the next line has digits alone.
pub(super) const FULL_FIGURE_ENDS: f32 = 0.1;
/// What a figure costs as the next line of such a text besides.
pub(super) const FIGURE_IN_FULL_TEXT: f32 = 0.5;
/// Columns by which a line may be wider than the width learnt from lines of wide characters.
pub(super) const ROUND: u32 = 1;
/// The next line though the one before has room for what it begins with.
pub(super) const ROOM_LEFT: f32 = 1.3;
/// A line wider than the cells of its slot are.
pub(super) const TOO_WIDE: f32 = 1.3;
/// The next line of a text in a walk over the short cells, before that over the wrapped ones.
pub(super) const WRAPPED_TOO_EARLY: f32 = 0.6;
/// A figure or date that is wrapped.
pub(super) const GO_ON_FIGURE: f32 = 1.0;
/// A figure that a blank or the end of a line breaks between two digits: dearer than two cells side by side, cheaper than
/// two of its digits in cells that want neither.
pub(super) const GO_ON_BROKEN: f32 = 2.0;
/// The same over more than one blank, and over a blank line.
pub(super) const GO_ON_OVER_BLANKS: f32 = 0.5;
pub(super) const GO_ON_OVER_GAP: f32 = 0.7;
pub(super) const GO_ON_PROSE_OVER_GAP: f32 = 0.15;
/// The next line where blank lines part the cells of a text: within such a block, and over one.
pub(super) const GO_ON_IN_BLOCK: f32 = 0.15;
pub(super) const GO_ON_IN_OTHER_BLOCK: f32 = 1.2;
/// A piece that is a figure goes on: within a line of prose, elsewhere; a figure with a unit elsewhere.
pub(super) const FIGURE_IN_PROSE: f32 = 0.3;
pub(super) const FIGURE_IN_TEXT: f32 = 2.5;
pub(super) const QUANTITY_IN_TEXT: f32 = 1.2;
/// A paragraph goes on behind a line that is too short for one: lines of a paragraph cell hold eight wide characters
/// and more.
pub(super) const SHORT_LINE_OF_PROSE: f32 = 0.5;
pub(super) const NARROW_PROSE: u32 = 16;

// ---- the whole -------------------------------------------------------------------------------------------------

/// A block score that does not stand on a line of its own.
pub(super) const BLOCK_SCORE: f32 = 0.6;
pub(super) const BLOCK_SCORE_IN_LINE: f32 = 2.0;
/// The same before the row that it stands beside has its own.
pub(super) const BLOCK_SCORE_TOO_EARLY: f32 = 0.2;
/// The end of the form before the end of its stretch.
pub(super) const END_OF_FORM: f32 = 0.8;
/// Each piece behind that end.
pub(super) const OUTSIDE: f32 = 0.02;
