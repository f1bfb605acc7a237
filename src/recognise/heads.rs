//! The heads of a table in a grid: which cells name its columns, in one or two lines, once or again on each page.

use std::collections::BTreeMap;

use super::cells::{GridReader, cell_of};
use super::hits::Hit;
use super::lexicon::Owner;
use super::stream::{CellId, Stream};
use crate::layout::{Block, GridCell, Layout};
use crate::pattern::{Column, Rows, Table};
use crate::value::Type;

/// The rows and columns of the grid that a head takes up.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) col: usize,
    pub(super) rows: usize,
    pub(super) cols: usize,
}

impl Place {
    fn of(cell: &GridCell) -> Place {
        let GridCell { row, col, rows, cols, .. } = *cell;
        Place { row, col, rows, cols }
    }
}

/// A head cell of a table with its place.
#[derive(Clone)]
pub(super) struct Head<'a> {
    pub(super) column: &'a Column,
    pub(super) cell: usize,
    /// Mostly that of the cell; a head over several columns stands for some of them.
    pub(super) place: Place,
    pub(super) hit: &'a Hit,
    /// Whether nothing but its place says what it is; the hit is its neighbour's.
    pub(super) lost: bool,
}

/// A line, or two, of heads.
#[derive(Clone)]
pub(super) struct Band<'a> {
    pub(super) heads: Vec<Head<'a>>,
    /// Heads between those of the groups: 分值 right of 一级指标 is the weight of the level 1.
    pub(super) of_groups: Vec<Head<'a>>,
    /// The first row of the grid that it takes up.
    pub(super) top: usize,
    /// The first row of the grid below it.
    pub(super) below: usize,
}

/// A band with less than this share of the heads of the fullest is none: a word in a cell reads like a head.
const MIN_SHARE_OF_HEADS: f64 = 0.5;

/// Settles which table a head belongs to that several tables have: that of the other heads of its row.
pub(super) fn settle(stream: &Stream, layout: &Layout, hits: &mut [Hit]) {
    let row_of = |cell: CellId| match layout.blocks.get(cell.block as usize) {
        Some(Block::Grid(grid)) => grid.cells.get(cell.cell as usize).map(|it| (cell.block, it.row)),
        _ => None,
    };
    let mut rows: BTreeMap<(u32, usize), Vec<usize>> = BTreeMap::new();
    for (number, hit) in hits.iter().enumerate() {
        let head = hit.owners.iter().any(|owner| matches!(owner, Owner::Column { .. }));
        if let Some(row) = cell_of(stream, hit).and_then(row_of).filter(|_| head) {
            rows.entry(row).or_default().push(number);
        }
    }
    // A head alone in its row that reads like the label of a row of its table is that.
    for number in rows.values().filter(|members| members.len() == 1).flatten() {
        let Some(hit) = hits.get_mut(*number) else { continue };
        let of_row =
            hit.owners.iter().copied().find(
                |owner| matches!(owner, Owner::RowLabel { section } if column_section(&hit.owner) == Some(*section)),
            );
        hit.owner = of_row.unwrap_or(hit.owner);
    }
    for members in rows.values().filter(|members| members.len() > 1) {
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for hit in members.iter().filter_map(|number| hits.get(*number)) {
            let mut sections: Vec<usize> = hit.owners.iter().filter_map(column_section).collect();
            sections.sort_unstable();
            sections.dedup();
            for section in sections {
                *votes.entry(section).or_default() += 1;
            }
        }
        let most = votes.values().copied().max().unwrap_or(0);
        let mut best = votes.iter().filter(|(_, votes)| **votes == most).map(|(section, _)| *section);
        let (Some(section), None) = (best.next(), best.next()) else { continue };
        for number in members {
            let Some(hit) = hits.get_mut(*number) else { continue };
            if let Some(owner) = hit.owners.iter().find(|owner| column_section(owner) == Some(section)) {
                hit.owner = *owner;
            }
        }
    }
}

fn column_section(owner: &Owner) -> Option<usize> {
    match owner {
        Owner::Column { section, .. } => Some(*section),
        _ => None,
    }
}

impl<'a> GridReader<'a> {
    /// The heads of a table, from top to bottom: one band for each time that they are printed.
    pub(super) fn bands(&self, section: usize, table: &'a Table) -> Vec<Band<'a>> {
        let mut heads: Vec<Head> = Vec::new();
        for (cell, hits) in &self.labels {
            for hit in hits {
                if let Owner::Column { section: of, column } = hit.owner
                    && of == section
                    && let Some(column) = table.columns.get(column)
                {
                    heads.push(Head { column, cell: *cell, place: Place::of(self.cell(*cell)), hit, lost: false });
                }
            }
        }
        let places: Vec<Place> = heads.iter().map(|head| head.place).collect();
        // A heading beside the rows of a table may read like a head, and is taller than the heads of its row.
        let beside = |head: &Head| {
            let place = head.place;
            head.hit.owners.contains(&Owner::Heading { section })
                && places.iter().any(|other| other.row == place.row && other.rows < place.rows)
        };
        heads.retain(|head| !beside(head));
        heads.sort_by_key(|head| (head.place.row, head.place.col));
        let mut bands: Vec<Band> = Vec::new();
        for head in heads {
            let Place { row, rows, .. } = head.place;
            match bands.last_mut() {
                Some(band) if row < band.below => {
                    band.below = band.below.max(row + rows);
                    band.heads.push(head);
                }
                _ => bands.push(Band { heads: vec![head], of_groups: Vec::new(), top: row, below: row + rows }),
            }
        }
        join_two_lines(&mut bands);
        let most = bands.iter().map(|band| band.heads.len()).max().unwrap_or(0);
        bands.retain(|band| band.heads.len() as f64 >= most as f64 * MIN_SHARE_OF_HEADS);
        for band in &mut bands {
            drop_upper(&mut band.heads);
            band.heads.extend(self.spread_head(section, table, band));
            band.heads.sort_by_key(|head| head.place.col);
            if self.unseen && band.heads.len() > 1 && !matches!(table.rows, Rows::Single) {
                band.heads.extend(self.lost_heads(table, band));
                band.heads.sort_by_key(|head| head.place.col);
            }
            part_group_heads(table, band);
        }
        bands
    }

    /// The heads that character recognition has lost: as many cells between two heads as the table has columns between them.
    fn lost_heads(&self, table: &'a Table, band: &Band<'a>) -> Vec<Head<'a>> {
        let number = |id: &str| table.columns.iter().position(|column| column.id == id);
        let known: Vec<usize> = band.heads.iter().filter_map(|head| number(&head.column.id)).collect();
        let mut lost = Vec::new();
        for (at, head) in band.heads.iter().enumerate() {
            let next = band.heads.get(at + 1);
            let Some(own) = number(&head.column.id) else { continue };
            let until = match next {
                Some(next) => number(&next.column.id).unwrap_or_default(),
                None => table.columns.len(),
            };
            let right = next.map_or(self.grid.cols, |next| next.place.col);
            let mut cells: Vec<usize> = (head.place.col + head.place.cols..right)
                .filter_map(|col| self.at(head.place.row, col))
                .filter(|cell| !self.has_label(*cell) && self.cell(*cell).rows <= head.place.rows)
                .collect();
            cells.dedup();
            let between = (own + 1..until).filter(|column| !known.contains(column));
            let columns: Vec<&Column> =
                between.filter_map(|column| table.columns.get(column)).filter(|column| !column.optional).collect();
            if cells.len() == columns.len() {
                lost.extend(cells.into_iter().zip(columns).map(|(cell, column)| Head {
                    column,
                    cell,
                    place: Place::of(self.cell(cell)),
                    hit: head.hit,
                    lost: true,
                }));
            }
        }
        lost
    }

    /// The head of the column of names where that of a group stands over both: 评价内容 over three levels.
    fn spread_head(&self, section: usize, table: &'a Table, band: &Band<'a>) -> Option<Head<'a>> {
        let lead = lead(table)?;
        if band.heads.iter().any(|head| head.column.id == lead.id) {
            return None;
        }
        let of_group = |hit: &&&'a Hit| matches!(hit.owner, Owner::GroupHead { section: of, .. } if of == section);
        let (cell, hit) = self.labels.iter().find_map(|(cell, hits)| {
            let place = self.cell(*cell);
            let over = place.cols > 1 && (band.top..band.below).contains(&place.row);
            hits.iter().find(of_group).filter(|_| over).map(|hit| (*cell, *hit))
        })?;
        let head = Place::of(self.cell(cell));
        let last = (head.col..head.col + head.cols).rev().find_map(|col| self.at(band.below, col))?;
        let last = self.cell(last);
        let place = Place { col: last.col, cols: last.cols, ..head };
        (last.col > head.col).then_some(Head { column: lead, cell, place, hit, lost: false })
    }
}

/// Joins two lines of heads that have no column in common: heads over several columns, and their own right below them.
fn join_two_lines(bands: &mut Vec<Band>) {
    let mut joined: Vec<Band> = Vec::new();
    for band in bands.drain(..) {
        let ids = |band: &Band| -> Vec<String> { band.heads.iter().map(|head| head.column.id.clone()).collect() };
        match joined.last_mut() {
            Some(upper)
                if band.top == upper.below
                    && band.heads.len() > 1
                    && band.heads.len() < upper.heads.len()
                    && !ids(&band).iter().any(|id| stands_lower(upper, &band, id)) =>
            {
                upper.below = band.below;
                upper.heads.extend(band.heads);
            }
            _ => joined.push(band),
        }
    }
    *bands = joined;
}

/// Whether both lines have a head for column `id`, and the upper one does not stand over the lower line.
fn stands_lower(upper: &Band, lower: &Band, id: &str) -> bool {
    let over = |head: &Head| {
        let columns = head.place.col..head.place.col + head.place.cols;
        lower.heads.iter().any(|other| columns.contains(&other.place.col))
    };
    upper.heads.iter().any(|head| head.column.id == id && !over(head))
}

/// The column of names that tells the rows apart.
fn lead(table: &Table) -> Option<&Column> {
    table.columns.iter().find(|column| column.required && column.kind == Type::Text)
}

/// Drops the heads that stand over heads of their own: 年度指标值 over 指标性质, 指标值 and 度量单位.
fn drop_upper(heads: &mut Vec<Head>) {
    let places: Vec<Place> = heads.iter().map(|head| head.place).collect();
    let over = |upper: Place, lower: &Place| {
        lower.row >= upper.row + upper.rows && (upper.col..upper.col + upper.cols).contains(&lower.col)
    };
    heads.retain(|head| !places.iter().any(|lower| over(head.place, lower)));
}

/// Parts the heads left of the names that stand again right of them: each level may have weights of its own.
fn part_group_heads(table: &Table, band: &mut Band) {
    let Some(lead) = lead(table).filter(|_| !table.groups.is_empty()) else { return };
    let Some(names) = band.heads.iter().find(|head| head.column.id == lead.id).map(|head| head.place.col) else {
        return;
    };
    let right: Vec<String> =
        band.heads.iter().filter(|head| head.place.col > names).map(|head| head.column.id.clone()).collect();
    let (of_groups, own) = std::mem::take(&mut band.heads)
        .into_iter()
        .partition(|head| head.place.col < names && right.contains(&head.column.id));
    band.of_groups = of_groups;
    band.heads = own;
}
