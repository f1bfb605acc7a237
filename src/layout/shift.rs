//! Lines that a dump has set off the columns of their table: it keeps the order of cells, and where one line has a longer
//! text than others, what follows on it stands further right. Words that do not look like their column tell it.

use super::columns::Reach;
use super::under::{EM, Head};

/// What it costs, for each em, that a word is taken to stand in a column that it stands beside.
const SHIFT: f64 = 0.05;

/// What it costs besides that it does not stand in it. A word that can't be where it stands is moved over some fifteen
/// columns of a text.
const MOVED: f64 = 0.15;

/// What it costs that a word comes into a column that another one of its line has: less than one that it can't be in.
const STRAY: f64 = 0.4;

/// What it costs that two words stay in one column: as much as to move one by two places.
const APART: f64 = 0.2;

/// A line of a table has no more words.
const MAX_WORDS: usize = 60;

/// How far from a word an edge is set, in points, where there is room.
const INSET: f64 = EM / 4.0;

/// Where the edges run on a line, `labels` of the columns being left of the head's cells: between the words, each of which
/// has its place in a column.
pub(super) fn shifted(head: &Head, edges: &[f64], labels: usize, line: usize, words: &[Reach]) -> Vec<f64> {
    let columns = columns(head, edges, labels, line, words);
    let moved = edges.iter().enumerate().map(|(number, edge)| {
        let next = columns.partition_point(|column| *column <= number);
        let from = next.checked_sub(1).and_then(|before| words.get(before)).map(|word| word.1);
        let to = words.get(next).map(|word| word.0);
        match (from, to) {
            (Some(from), Some(to)) => {
                let inset = ((to - from) / 2.0).min(INSET);
                edge.min(to - inset).max(from + inset)
            }
            (Some(from), None) => edge.max(from + INSET),
            (None, Some(to)) => edge.min(to - INSET),
            (None, None) => *edge,
        }
    });
    moved.collect()
}

/// The columns that the words of a line stand in, at the least cost.
fn columns(head: &Head, edges: &[f64], labels: usize, line: usize, words: &[Reach]) -> Vec<usize> {
    let middle = |word: &Reach| (word.0 + word.1) / 2.0;
    let homes: Vec<usize> = words.iter().map(|word| edges.partition_point(|edge| *edge < middle(word))).collect();
    if words.len() > MAX_WORDS {
        return homes;
    }
    let misfit = |word: &Reach, column: usize| head.misfit(line, word.0, column, labels);
    let off = |word: &Reach, column: usize| {
        let left = column.checked_sub(1).and_then(|left| edges.get(left)).copied().unwrap_or(f64::NEG_INFINITY);
        let right = edges.get(column).copied().unwrap_or(f64::INFINITY);
        let off = (left - middle(word)).max(middle(word) - right).max(0.0) / EM;
        off * SHIFT + if off > 0.0 { MOVED } else { 0.0 }
    };
    // For each word the least cost of it and those before it, by its column, with the column of the word before.
    let mut steps: Vec<Vec<(f64, usize)>> = Vec::new();
    for (number, (word, home)) in words.iter().zip(&homes).enumerate() {
        let own = |column: usize| misfit(word, column) + off(word, column);
        let before = number.checked_sub(1);
        let cost = before.and_then(|before| steps.get(before));
        let together = before.and_then(|before| homes.get(before)) == Some(home);
        let step = (0..=edges.len()).map(|column| {
            let Some(cost) = cost else { return (own(column), 0) };
            let stray = if together && column == *home { APART } else { STRAY };
            let stray = |other: usize| if other == column { stray } else { 0.0 };
            let ways = cost.iter().take(column + 1).enumerate().map(|(other, (cost, _))| (cost + stray(other), other));
            let least = ways.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
            (least.0 + own(column), least.1)
        });
        let step = step.collect();
        steps.push(step);
    }
    let last = steps.last().and_then(|last| last.iter().enumerate().min_by(|a, b| a.1.0.total_cmp(&b.1.0)));
    let mut column = last.map_or(0, |(column, _)| column);
    let mut columns = Vec::new();
    for step in steps.iter().rev() {
        columns.push(column);
        column = step.get(column).map_or(0, |step| step.1);
    }
    columns.reverse();
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(misfits: Vec<((usize, f64), Vec<f32>)>) -> Head {
        let columns = vec![(0.0, 20.0), (30.0, 50.0), (60.0, 80.0)];
        let (line, below, end, headings) = (0, 1, 9, 0);
        Head {
            line,
            below,
            end,
            columns,
            headings,
            labelled: false,
            parted: false,
            single: false,
            goes_on: false,
            misfits,
        }
    }

    #[test]
    fn a_word_goes_to_the_free_column_that_it_looks_like() {
        let words = [(30.0, 40.0), (60.0, 75.0)];
        let looks = vec![((1, 30.0), vec![3.0, 0.0, 3.0, 0.0]), ((1, 60.0), vec![3.0, 0.0, 3.0, 0.0])];
        // Both look like the second column's: there is room for one.
        assert_eq!(columns(&head(looks), &[25.0, 55.0], 0, 1, &words), [1, 2]);
        let looks = vec![((1, 30.0), vec![0.0, 3.0, 3.0, 0.0]), ((1, 60.0), vec![3.0, 0.0, 3.0, 0.0])];
        assert_eq!(columns(&head(looks.clone()), &[25.0, 55.0], 0, 1, &words), [0, 1]);
        let edges = shifted(&head(looks), &[25.0, 55.0], 0, 1, &words);
        assert!(edges[0] > 40.0 && edges[0] < 60.0 && edges[1] > 75.0, "{edges:?}");
    }
}
