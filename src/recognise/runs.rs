//! Runs of rows under merged headings, in a text that has lost where the headings stood.
//!
//! A merged heading heads rows that follow each other. A tool puts it before its first row, or, set in the middle of
//! them, somewhere among them, or away with the other headings. The runs are the cheapest way to part the rows: near
//! their headings, in the vocabulary's order, no heading without a row.

/// A heading as the text has it.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// How many of the rows stand before it, at least and at most, for each place where it stands.
    pub(crate) before: Vec<(usize, usize)>,
    /// The rows that share a line with it.
    pub(crate) beside: Vec<usize>,
    /// The rows that stand under an outer heading which it does not.
    pub(crate) elsewhere: Vec<usize>,
}

/// How a tool puts headings.
#[derive(Clone, Copy)]
enum Set {
    /// Before the first row.
    Top,
    /// In the middle of the rows.
    Middle,
}

/// The unit is a heading's distance of some three rows.
/// Each row between a heading and where it should stand, and the most that this costs: headings that a tool has put
/// together at the end tell nothing but their order.
const AWAY: f32 = 0.3;
const MOST_AWAY: f32 = 1.2;
/// A row that shares its line with another heading: two cells side by side are one row's.
const NOT_BESIDE: f32 = 2.0;
/// A row that stands under another outer heading, as far as these are known.
const ELSEWHERE: f32 = 0.4;
/// A heading without a row. Forms print headings that nothing stands under.
const UNUSED: f32 = 0.9;
/// A run whose heading comes before that of the run above, in the order of the vocabulary.
const BACK: f32 = 1.0;

/// For each of `rows` rows the number of its heading among `marks`, which are in the order of their vocabulary.
/// Where `topped`, all headings stand before their rows.
pub(crate) fn runs(rows: usize, marks: &[Mark], topped: bool) -> Vec<usize> {
    let top = cheapest(rows, marks, Set::Top);
    if topped {
        return top.1;
    }
    let middle = cheapest(rows, marks, Set::Middle);
    if middle.0 < top.0 { middle.1 } else { top.1 }
}

/// The cheapest way to part the rows when headings are set so, and its cost.
fn cheapest(rows: usize, marks: &[Mark], set: Set) -> (f32, Vec<usize>) {
    // For each number of rows and last heading the least cost, where its run begins, and the heading before.
    let mut best = vec![vec![(f32::INFINITY, 0, None); marks.len()]; rows + 1];
    for end in 1..=rows {
        for (number, mark) in marks.iter().enumerate() {
            let mut least = (f32::INFINITY, 0, None);
            for begin in 0..end {
                let own = run(mark, number, marks, begin..end, set);
                let mut consider = |cost: f32, before: Option<usize>| {
                    if cost + own < least.0 {
                        least = (cost + own, begin, before);
                    }
                };
                if begin == 0 {
                    consider(number as f32 * UNUSED, None);
                    continue;
                }
                for (before, (cost, ..)) in best.get(begin).into_iter().flatten().enumerate() {
                    let step = match before < number {
                        true => (number - before - 1) as f32 * UNUSED,
                        false if before == number => continue,
                        false => BACK,
                    };
                    consider(cost + step, Some(before));
                }
            }
            if let Some(place) = best.get_mut(end).and_then(|row| row.get_mut(number)) {
                *place = least;
            }
        }
    }
    let last = best.last().into_iter().flatten().enumerate();
    let last = last.map(|(number, (cost, ..))| (cost + (marks.len() - number - 1) as f32 * UNUSED, number));
    let Some((cost, last)) = last.min_by(|one, other| one.0.total_cmp(&other.0)) else { return (0.0, Vec::new()) };
    let mut of_rows = vec![last; rows];
    let (mut end, mut number) = (rows, Some(last));
    while let Some((at, (_, begin, before))) =
        number.and_then(|number| Some((number, *best.get(end)?.get(number)?))).filter(|_| end > 0)
    {
        of_rows.get_mut(begin..end).into_iter().flatten().for_each(|row| *row = at);
        (end, number) = (begin, before);
    }
    (cost, of_rows)
}

/// What a run of rows under a heading costs.
fn run(mark: &Mark, number: usize, marks: &[Mark], rows: std::ops::Range<usize>, set: Set) -> f32 {
    let outside = |least: usize, most: usize, at: usize| least.saturating_sub(at) + at.saturating_sub(most);
    let away = mark.before.iter().map(|(least, most)| match set {
        Set::Top => outside(*least, *most, rows.start) as f32,
        // Counted twice: the middle of an odd number of rows is within a row.
        Set::Middle => outside(2 * least, 2 * most, rows.start + rows.end) as f32 / 2.0,
    });
    let away = away.min_by(f32::total_cmp).unwrap_or(0.0);
    let others = marks.iter().enumerate().filter(|(other, _)| *other != number).flat_map(|(_, other)| &other.beside);
    let strangers = others.filter(|row| rows.contains(row) && !mark.beside.contains(row)).count();
    let elsewhere = mark.elsewhere.iter().filter(|row| rows.contains(row)).count();
    (away * AWAY).min(MOST_AWAY) + strangers as f32 * NOT_BESIDE + elsewhere as f32 * ELSEWHERE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(before: usize, beside: &[usize]) -> Mark {
        Mark { before: vec![(before, before)], beside: beside.to_vec(), elsewhere: Vec::new() }
    }

    #[test]
    fn headings_before_their_rows() {
        assert_eq!(runs(5, &[mark(0, &[]), mark(2, &[]), mark(4, &[])], false), [0, 0, 1, 1, 2]);
    }

    #[test]
    fn headings_in_the_middle_of_their_rows() {
        // Four rows and two.
        assert_eq!(runs(6, &[mark(2, &[]), mark(5, &[])], false), [0, 0, 0, 0, 1, 1]);
    }

    #[test]
    fn a_heading_beside_a_row_is_its_own() {
        // The first heading comes after its four rows, the others stand beside theirs.
        assert_eq!(runs(6, &[mark(6, &[]), mark(4, &[4]), mark(5, &[5])], false), [0, 0, 0, 0, 1, 2]);
    }

    #[test]
    fn headings_may_have_room() {
        let between = |least, most| Mark { before: vec![(least, most)], beside: Vec::new(), elsewhere: Vec::new() };
        assert_eq!(runs(6, &[mark(0, &[]), between(1, 5), between(4, 4)], true), [0, 1, 1, 1, 2, 2]);
    }

    #[test]
    fn headings_may_stand_in_another_order() {
        assert_eq!(runs(4, &[mark(2, &[2, 3]), mark(0, &[0, 1])], false), [1, 1, 0, 0]);
    }

    #[test]
    fn a_form_without_rows_or_headings_has_no_runs() {
        assert_eq!(runs(0, &[mark(0, &[])], false), [0usize; 0]);
        assert_eq!(runs(2, &[], false), [0usize; 0]);
    }
}
