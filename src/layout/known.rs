//! What is known of the labels and the heads of tables before a text or a page is laid out.

use super::columns::Reach;
use super::{under, unruled};

/// A stretch of a line: the line, where the stretch begins, and where it ends.
///
/// Of a text: the line's number, the first character, and the one after the last, from 0. Of a PDF: the number of the
/// line's block in [`super::lay_out_lines`], the left and the right end in points.
pub type Stretch = (u32, u32, u32);

/// What is known of a text or a PDF before it is laid out.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The heads of its tables.
    pub heads: Vec<Head>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// The lines of rows that add up a table.
    pub totals: Vec<u32>,
    /// Pieces of the names of rows, each with the merged headings that it speaks of and the length of the sign for each.
    pub names: Vec<(Stretch, Vec<(String, usize)>)>,
}

/// A label, before the text or the page is laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Label {
    /// The pieces that it is torn into.
    pub pieces: Vec<Stretch>,
    /// Whether it stands in a row of cells, as the heads of columns and the labels of rows do, and not beside several.
    pub of_row: bool,
    /// The word that it is, as a merged heading.
    pub heading: Option<String>,
    /// The word of the heading outside that such a heading stands under.
    pub under: Option<String>,
}

/// The head of a table, before the table is laid out.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its first line.
    pub line: u32,
    /// The line that its table ends before, at the latest.
    pub end: Option<u32>,
    /// For each of its cells the pieces that it is torn into.
    pub columns: Vec<Vec<Stretch>>,
    /// How many of the first cells stand over merged headings.
    pub headings: usize,
    /// Whether its rows have labels, left of its cells.
    pub labelled: bool,
    /// Whether labels of the table stand left of those of its rows.
    pub parted: bool,
    /// Whether its table has one row.
    pub single: bool,
    /// How badly each word below it fits into the columns, and after them into one of labels left of them: 0 fits, 3 is as
    /// bad as can be.
    pub misfits: Vec<(Stretch, Vec<f32>)>,
}

impl Known {
    /// What is known of `count` lines. `line_of` gives the first of them that is not before a line, `place` where a stretch
    /// is among them.
    pub(super) fn placed(
        &self,
        count: usize,
        line_of: impl Fn(u32) -> usize,
        place: impl Fn(&Stretch) -> Option<(usize, Reach)>,
    ) -> unruled::Known {
        let heads = self.heads.iter().filter_map(|head| {
            let line = head.columns.iter().flatten().filter_map(&place).map(|(line, _)| line).min()?;
            let line = line.min(line_of(head.line));
            let end = head.end.map_or(count, &line_of);
            let reach = |a: Reach, b: Reach| (a.0.min(b.0), a.1.max(b.1));
            let whole = |pieces: &Vec<Stretch>| pieces.iter().filter_map(&place).map(|piece| piece.1).reduce(reach);
            let numbered = head.columns.iter().enumerate();
            let mut columns: Vec<(usize, Reach)> =
                numbered.filter_map(|(number, pieces)| Some((number, whole(pieces)?))).collect();
            columns.sort_by(|a, b| a.1.0.total_cmp(&b.1.0));
            let below = head.columns.iter().flatten().filter_map(&place).map(|(line, _)| line + 1).max()?;
            let misfits = head.misfits.iter().filter_map(|(stretch, misfits)| {
                let (line, (x0, _)) = place(stretch)?;
                let numbers = columns.iter().map(|(number, _)| *number).chain([head.columns.len()]);
                let misfits = numbers.map(|number| misfits.get(number).copied().unwrap_or_default());
                Some(((line, x0), misfits.collect()))
            });
            let mut misfits: Vec<((usize, f64), Vec<f32>)> = misfits.collect();
            misfits.sort_by(|(a, _), (b, _)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let columns = columns.into_iter().map(|(_, reach)| reach).collect();
            let Head { headings, labelled, parted, single, .. } = *head;
            let goes_on = false;
            Some(under::Head { line, below, end, columns, headings, labelled, parted, single, goes_on, misfits })
        });
        let heads = heads.collect();
        let labels = self.labels.iter().map(|label| unruled::Label {
            pieces: label.pieces.iter().filter_map(&place).collect(),
            of_row: label.of_row,
            heading: label.heading.clone(),
            under: label.under.clone(),
        });
        let labels = labels.collect();
        let totals = self.totals.iter().map(|number| line_of(*number)).filter(|line| *line < count).collect();
        let names = self.names.iter().filter_map(|(stretch, speaks)| {
            let (line, _) = place(stretch)?;
            Some(unruled::Name { line, speaks: speaks.clone() })
        });
        unruled::Known { heads, labels, totals, names: names.collect() }
    }
}
