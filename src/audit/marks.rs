//! Whether an indicator was given its full points.
//!
//! Where the form writes a weight for the row, its score and weight tell. Where it writes none, only the block can:
//! a block (or a level 1 with a weight of its own) that is given in full holds no deduction for any of its rows.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::context::{Context, Lack, Spot};
use super::sum::Sum;
use crate::fold::fold_text;

const TABLE: &str = "indicators";

/// At most this many lacking figures are kept: every row of a block is told of the same ones.
const LACKS_KEPT: usize = 4;

/// What was given for an indicator.
#[derive(Clone)]
pub(super) enum Marks<'a> {
    /// All of its points.
    Full(Basis<'a>),
    /// Less than all of them.
    Deducted(Basis<'a>),
    /// The form does not say, for want of these figures.
    Unknown(Vec<Lack<'a>>),
}

/// The figures that tell.
#[derive(Clone)]
pub(super) struct Basis<'a> {
    /// The points given.
    pub(super) score: Decimal,
    /// The points to be had.
    pub(super) weight: Decimal,
    /// How many rows they stand for.
    pub(super) rows: usize,
    /// Whether they are the row's own (or of the few rows it shares a cell with), not those of a block.
    pub(super) own: bool,
    /// Where the points of the block stand; for own ones, the row knows.
    block: Vec<Spot<'a>>,
}

/// What was given for each indicator of a form, worked out once.
pub(super) struct Marker<'a> {
    context: Context<'a>,
    /// By the row that a score cell begins in.
    own: BTreeMap<usize, Marks<'a>>,
    /// By the folded words of level 1.
    levels: BTreeMap<String, Marks<'a>>,
    block: Marks<'a>,
}

impl<'a> Marker<'a> {
    pub(super) fn new(context: Context<'a>) -> Marker<'a> {
        Marker { context, own: own(context), levels: levels(context), block: block(context) }
    }

    /// What was given for the indicator in `row`.
    pub(super) fn of(&self, row: usize) -> Marks<'a> {
        let score = cell(row, "score");
        if self.context.is_part(TABLE, row) {
            // Its points are its parent's, and whether the parent lost some says nothing of this part.
            return Marks::Unknown(vec![Lack::absent(score)]);
        }
        if self.context.has(cell(row, "weight")) && self.context.has(score) {
            let owner = owner_row(self.context, row);
            return self.own.get(&owner).cloned().unwrap_or_else(|| Marks::Unknown(vec![Lack::absent(score)]));
        }
        level_of(self.context, row).and_then(|level| self.levels.get(&level)).unwrap_or(&self.block).clone()
    }
}

impl<'a> Basis<'a> {
    /// The places of the points that tell about `row`.
    pub(super) fn spots(&self, row: usize) -> Vec<Spot<'a>> {
        if self.own { vec![cell(row, "score"), cell(row, "weight")] } else { self.block.clone() }
    }

    fn marks(self) -> Marks<'a> {
        if self.score < self.weight { Marks::Deducted(self) } else { Marks::Full(self) }
    }
}

fn cell(row: usize, column: &str) -> Spot<'_> {
    Spot::Cell { table: TABLE, row, column }
}

/// What is unknown for want of these figures.
fn unknown(mut lacks: Vec<Lack<'_>>) -> Marks<'_> {
    lacks.truncate(LACKS_KEPT);
    Marks::Unknown(lacks)
}

fn owner_row(context: Context<'_>, row: usize) -> usize {
    match context.owner(cell(row, "score")) {
        Spot::Cell { row, .. } => row,
        Spot::Field(_) => row,
    }
}

fn level_of(context: Context<'_>, row: usize) -> Option<String> {
    Some(fold_text(context.value(cell(row, "level1"))?.value.text()?))
}

/// By the rows' own scores and weights. Rows that share one score cell are judged together.
fn own(context: Context<'_>) -> BTreeMap<usize, Marks<'_>> {
    let mut together: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for row in 0..context.rows(TABLE).len() {
        together.entry(owner_row(context, row)).or_default().push(row);
    }
    let marks = |(owner, rows): (usize, Vec<usize>)| {
        let count = rows.len();
        let weight = Sum::of(context, TABLE, "weight", rows.into_iter());
        let marks = match (context.figure(cell(owner, "score")), weight) {
            (Ok(score), Ok(Some(weight))) => {
                Basis { score: score.figure, weight: weight.total, rows: count, own: true, block: Vec::new() }.marks()
            }
            (score, weight) => {
                let mut lacks: Vec<Lack<'_>> = score.err().into_iter().collect();
                match weight {
                    Err(more) => lacks.extend(more),
                    Ok(None) => lacks.push(Lack::absent(cell(owner, "weight"))),
                    Ok(Some(_)) => {}
                }
                unknown(lacks)
            }
        };
        (owner, marks)
    };
    together.into_iter().map(marks).collect()
}

/// By level 1, where the form weighs it and all scores under it are readable.
fn levels(context: Context<'_>) -> BTreeMap<String, Marks<'_>> {
    let mut under: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in 0..context.rows(TABLE).len() {
        if let Some(level) = level_of(context, row) {
            under.entry(level).or_default().push(row);
        }
    }
    let mut levels = BTreeMap::new();
    for (level, block) in context.levels() {
        let place = |column| Spot::Cell { table: "blocks", row: block, column };
        let Some(rows) = under.remove(&level) else { continue };
        let count = rows.len();
        if let (Ok(weight), Ok(Some(score))) =
            (context.figure(place("weight")), Sum::of(context, TABLE, "score", rows.into_iter()))
        {
            let block = std::iter::once(weight.spot).chain(score.spots).collect();
            let basis = Basis { score: score.total, weight: weight.figure, rows: count, own: false, block };
            levels.insert(level, basis.marks());
        }
    }
    levels
}

/// By the block as a whole.
fn block(context: Context<'_>) -> Marks<'_> {
    let (score, weight) = (Spot::Field("indicators_score"), Spot::Field("indicators_weight"));
    let given = match context.figure(score) {
        Ok(score) => Ok((score.figure, vec![score.spot])),
        Err(lack) => match Sum::of(context, TABLE, "score", 0..context.rows(TABLE).len()) {
            Ok(Some(sum)) => Ok((sum.total, sum.spots)),
            Ok(None) => Err(vec![lack]),
            Err(lacks) => Err(lacks),
        },
    };
    match (given, context.figure(weight)) {
        (Ok((score, mut spots)), Ok(weight)) => {
            spots.push(weight.spot);
            Basis { score, weight: weight.figure, rows: context.rows(TABLE).len(), own: false, block: spots }.marks()
        }
        (given, weight) => {
            let mut lacks = given.err().unwrap_or_default();
            lacks.extend(weight.err());
            unknown(lacks)
        }
    }
}
