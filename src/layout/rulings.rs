//! Rulings as drawn to rulings as meant: pieces joined, double rules made one, and those that touch put together.

use crate::source::{Axis, BBox, Ruling};

/// Rulings this near, in points, along each other are one: a double rule's lines are 1 to 3 points apart.
const SAME_RULE: f64 = 3.0;

/// Pieces of a ruling with gaps up to this, in points, are one ruling: dashes leave gaps of 1 to 3 points, and
/// borders drawn cell by cell miss each other by a point or two.
const JOIN_GAP: f64 = 4.0;

/// A ruling shorter than this, in points, after joining is a dot, an arrowhead or part of a sign.
const MIN_LENGTH: f64 = 4.0;

/// A ruling ends at another when it stops no further than this, in points, before it.
pub(super) const TOUCH: f64 = 4.0;

/// A page with more rulings than this is a map or a chart; a dense page of a form has some 500.
const MAX_RULINGS: usize = 6000;

/// The rulings that belong together: each group is connected and has rulings of both directions. Groups come in
/// the order of their first rulings; none when the page has too many rulings to be one of tables.
pub(super) fn groups(rulings: &[Ruling]) -> Vec<Vec<Ruling>> {
    let across = merged(rulings, Axis::Horizontal);
    let down = merged(rulings, Axis::Vertical);
    if across.len() + down.len() > MAX_RULINGS {
        return Vec::new();
    }
    let all: Vec<Ruling> = across.iter().chain(&down).copied().collect();
    let mut parents: Vec<usize> = (0..all.len()).collect();
    for (h, horizontal) in across.iter().enumerate() {
        for (v, vertical) in down.iter().enumerate() {
            if touches(horizontal, vertical) {
                let (a, b) = (root(&mut parents, h), root(&mut parents, across.len() + v));
                let (low, high) = (a.min(b), a.max(b));
                if let Some(parent) = parents.get_mut(high) {
                    *parent = low;
                }
            }
        }
    }
    let mut groups: Vec<Vec<Ruling>> = vec![Vec::new(); all.len()];
    for (number, ruling) in all.into_iter().enumerate() {
        let root = root(&mut parents, number);
        if let Some(group) = groups.get_mut(root) {
            group.push(ruling);
        }
    }
    groups.retain(|group| [Axis::Horizontal, Axis::Vertical].iter().all(|axis| group.iter().any(|r| r.axis == *axis)));
    groups
}

/// The box around `rulings`.
pub(super) fn bounds(rulings: &[Ruling]) -> BBox {
    let boxes = rulings.iter().map(|ruling| match ruling.axis {
        Axis::Horizontal => BBox { x0: ruling.from, y0: ruling.at, x1: ruling.to, y1: ruling.at },
        Axis::Vertical => BBox { x0: ruling.at, y0: ruling.from, x1: ruling.at, y1: ruling.to },
    });
    boxes.reduce(BBox::union).unwrap_or_default()
}

fn touches(horizontal: &Ruling, vertical: &Ruling) -> bool {
    let within = |at: f64, ruling: &Ruling| at > ruling.from - TOUCH && at < ruling.to + TOUCH;
    within(vertical.at, horizontal) && within(horizontal.at, vertical)
}

fn root(parents: &mut [usize], mut node: usize) -> usize {
    while let Some(parent) = parents.get(node).copied().filter(|parent| *parent != node) {
        let above = parents.get(parent).copied().unwrap_or(parent);
        if let Some(slot) = parents.get_mut(node) {
            *slot = above;
        }
        node = parent;
    }
    node
}

/// The rulings of one direction, pieces and doubles joined, sorted by place.
fn merged(rulings: &[Ruling], axis: Axis) -> Vec<Ruling> {
    let mut sorted: Vec<Ruling> = rulings
        .iter()
        .filter(|ruling| ruling.axis == axis && [ruling.at, ruling.from, ruling.to].iter().all(|at| at.is_finite()))
        .map(|ruling| Ruling { from: ruling.from.min(ruling.to), to: ruling.from.max(ruling.to), ..*ruling })
        .collect();
    sorted.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut out = Vec::new();
    let mut rest = sorted.as_mut_slice();
    while let Some(first) = rest.first().map(|ruling| ruling.at) {
        let count = rest.partition_point(|ruling| ruling.at <= first + SAME_RULE);
        let (band, after) = rest.split_at_mut(count);
        rest = after;
        band.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut joined: Option<(Ruling, f64)> = None;
        for piece in band.iter() {
            let length = piece.to - piece.from;
            joined = match joined {
                Some((whole, drawn)) if piece.from <= whole.to + JOIN_GAP => {
                    // The longer pieces say more about where the ruling runs.
                    let share = if drawn + length > 0.0 { length / (drawn + length) } else { 0.5 };
                    let at = whole.at + (piece.at - whole.at) * share;
                    Some((Ruling { at, to: whole.to.max(piece.to), ..whole }, drawn + length))
                }
                Some((whole, _)) => {
                    out.push(whole);
                    Some((*piece, length))
                }
                None => Some((*piece, length)),
            };
        }
        out.extend(joined.map(|(whole, _)| whole));
    }
    out.retain(|ruling| ruling.to - ruling.from >= MIN_LENGTH);
    out
}
