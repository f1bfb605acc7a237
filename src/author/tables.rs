//! The tables of a family: where their heads stand, what stands below, and the row that adds up.

use super::names::own;
use super::sketch::{ColumnSketch, Drawer, Part, TableSketch, can_be_word, note};
use super::survey::{CellText, Grid};
use crate::fold::fold_text;
use crate::pattern::slip_of_shared;
use crate::value::Type;

/// A line of heads has at least so many cells where figures stand below; two may be a label and its value.
const MIN_HEADS: usize = 3;
/// Of so many ten cells of a row below the heads this many begin where a head does.
const ALIGNED_IN_TEN: usize = 5;
/// Columns that a table takes at most: what has more is no form.
const MAX_COLUMNS: usize = 40;

impl Drawer<'_> {
    /// The heads of a table that begins in a row; none when the row is none of heads.
    pub(super) fn heads<'g>(&self, grid: &'g Grid, row: usize) -> Option<Vec<&'g CellText>> {
        let begin = grid.begin(row);
        let low = begin.iter().filter(|cell| !cell.text.is_empty()).map(|cell| cell.rows).min()?;
        // A heading beside the table is taller than its heads.
        let heads: Vec<&CellText> =
            begin.iter().copied().filter(|cell| !cell.text.is_empty() && (cell.rows == low || cell.col > 0)).collect();
        if heads.len() < 2 || !heads.iter().all(|head| self.is_label(&head.text)) {
            return None;
        }
        let below = row + low;
        let under: Vec<&CellText> = heads.iter().filter_map(|head| grid.at(below, head.col)).collect();
        let under_heads = |cell: &&CellText| cell.row == below && heads.iter().any(|head| head.col == cell.col);
        let aligned = under.iter().filter(|cell| under_heads(cell)).count();
        if aligned * 10 < heads.len() * ALIGNED_IN_TEN {
            return None;
        }
        let known = heads.iter().filter(|head| self.names.is_column(&head.text)).count();
        let fields = heads.iter().step_by(2).filter(|head| self.names.is_field(&head.text)).count();
        let values = |col: usize| (below..grid.rows).filter_map(move |row| grid.at(row, col));
        let figures = heads.iter().filter(|head| {
            let first = values(head.col).find(|cell| !cell.text.is_empty());
            first.is_some_and(|cell| !self.is_label(&cell.text) || cell.text.chars().any(|ch| ch.is_ascii_digit()))
        });
        let varied = under.iter().any(|cell| !cell.text.is_empty() && self.is_common(&cell.text) != Some(true));
        let several = self.surveys.len() > 1;
        let enough = match () {
            // With several samples the heads are what all have, and their values are not.
            () if several => varied && (heads.len() >= MIN_HEADS || known >= 2),
            () if known >= 2 => known > fields,
            () => heads.len() >= MIN_HEADS && fields == 0 && figures.count() > 0,
        };
        enough.then_some(heads)
    }

    /// Notes the table under `heads`, which begin in `top`; gives the row behind it.
    pub(super) fn table(&mut self, grid: &Grid, top: usize, heads: &[&CellText]) -> usize {
        let below = top + heads.iter().map(|head| head.rows).min().unwrap_or(1);
        let left = heads.iter().map(|head| head.col).min().unwrap_or(0);
        let mut end = below;
        let mut total: Option<usize> = None;
        while end < grid.rows && total.is_none() {
            let begin: Vec<&CellText> = grid.begin(end).into_iter().filter(|cell| cell.col >= left).collect();
            let written: Vec<&&CellText> = begin.iter().filter(|cell| !cell.text.is_empty()).collect();
            let on_heads = begin.iter().filter(|cell| heads.iter().any(|head| head.col == cell.col)).count();
            let first = written.first().map_or("", |cell| cell.text.as_str());
            let merged = written.first().is_some_and(|cell| cell.cols > 1 && cell.col == left && written.len() > 1);
            if self.names.is_total(first) || merged && written.iter().skip(1).all(|cell| is_figure(&cell.text)) {
                total = Some(end);
                end += 1;
                break;
            }
            let over = written.len() == 1 && written.iter().any(|cell| cell.cols * 2 > grid.cols);
            let fields = written.len() > 1 && self.names.is_field(first) && !self.names.is_row_label(first);
            let other = end > below && self.heads(grid, end).is_some_and(|next| next.len() != written.len());
            if over || fields || other || (on_heads * 10 < begin.len() * ALIGNED_IN_TEN && !begin.is_empty()) {
                break;
            }
            end += 1;
        }
        let rows: Vec<usize> = (below..total.unwrap_or(end)).collect();
        let labels: Vec<&str> = heads.iter().map(|head| head.text.as_str()).collect();
        let beside = grid.cells.iter().filter(|cell| {
            cell.col + cell.cols <= left && cell.row <= top && top < cell.row + cell.rows && !cell.text.is_empty()
        });
        let heading = beside.max_by_key(|cell| cell.rows).filter(|cell| cell.rows > 1 || below > top + 1);
        let id = self.names.table(&labels).unwrap_or_else(|| own(heading.map_or("", |cell| &cell.text), "rows"));
        let at = self.part_of(&id, &labels);
        let mut table = match self.sketch.parts.get_mut(at) {
            Some(Part::Table(table)) => std::mem::take(table),
            _ => TableSketch::default(),
        };
        if table.id.is_empty() {
            table.id = self.free_table(&id);
        }
        if let Some(heading) = heading.filter(|cell| can_be_word(&cell.text)) {
            note(&mut table.headings, heading_text(&heading.text, &table.id));
        }
        let mut in_groups = true;
        for head in heads {
            let cells: Vec<&CellText> = rows.iter().filter_map(|row| grid.at(*row, head.col)).collect();
            let tall = rows.len() > 1 && cells.iter().any(|cell| cell.rows > 1 && !cell.text.is_empty());
            in_groups &= tall || matches!(self.names.column(&table.id, &head.text, &[]).as_str(), "level1" | "level2");
            let values = cells.iter().filter(|cell| !cell.text.is_empty()).map(|cell| cell.text.clone());
            self.column(&mut table, &head.text, values.collect(), in_groups && heads.len() > 2);
        }
        for row in &rows {
            let label = (0..left).rev().filter_map(|col| grid.at(*row, col)).find(|cell| !cell.text.is_empty());
            let own_row = label.filter(|cell| cell.row >= below && cell.rows <= 2);
            if let Some(label) = own_row.filter(|cell| self.is_label(&cell.text)) {
                note(&mut table.row_labels, label.text.clone());
            }
        }
        table.single = rows.len() == 1 && heads.len() == 2 && table.row_labels.is_empty();
        if let Some(row) = total {
            let cells = grid.begin(row);
            if let Some(label) = cells.iter().find(|cell| can_be_word(&cell.text)) {
                note(&mut table.totals, label.text.clone());
            }
            for head in heads {
                let cell = grid.at(row, head.col).filter(|cell| is_figure(&cell.text) && !cell.text.is_empty());
                let column = table.columns.iter().find(|column| fold_text(&column.label) == fold_text(&head.text));
                if let (Some(_), Some(column)) = (cell, column) {
                    let id = column.id.clone();
                    note(&mut table.summed, id);
                }
            }
        }
        if let Some(part) = self.sketch.parts.get_mut(at) {
            *part = Part::Table(table);
        }
        end.max(below)
    }

    /// The number of the part for a table with these heads: that of an earlier sample, else a new one.
    fn part_of(&mut self, id: &str, heads: &[&str]) -> usize {
        let folded: Vec<String> = heads.iter().map(|head| fold_text(head)).collect();
        let same = |part: &Part| match part {
            Part::Table(table) => {
                let known = table.columns.iter().map(|column| &column.label);
                let known = known.chain(table.groups.iter().map(|(_, label, _)| label));
                let common = known.filter(|label| folded.contains(&fold_text(label))).count();
                common * 2 > heads.len() || table.id == id && common > 0
            }
            Part::Fields(_) => false,
        };
        self.sketch.parts.iter().position(same).unwrap_or_else(|| {
            self.sketch.parts.push(Part::Table(TableSketch::default()));
            self.sketch.parts.len() - 1
        })
    }

    /// `id`, or with a number behind it, so that no other table has it.
    fn free_table(&self, id: &str) -> String {
        let taken = |id: &str| {
            self.sketch.parts.iter().any(|part| matches!(part, Part::Table(table) if table.id == id))
                || id.starts_with("fields")
                || id == "head"
        };
        let mut free = id.to_owned();
        let mut number = 2;
        while taken(&free) {
            free = format!("{id}_{number}");
            number += 1;
        }
        free
    }

    fn column(&self, table: &mut TableSketch, label: &str, values: Vec<String>, group: bool) {
        let folded = fold_text(label);
        if let Some(known) = table.columns.iter_mut().find(|column| fold_text(&column.label) == folded) {
            known.values.extend(values);
            return;
        }
        if let Some((_, _, words)) = table.groups.iter_mut().find(|(_, known, _)| fold_text(known) == folded) {
            values.into_iter().filter(|word| can_be_word(word)).for_each(|word| note(words, word));
            return;
        }
        let columns = table.columns.iter().map(|column| column.id.clone());
        let taken: Vec<String> = columns.chain(table.groups.iter().map(|(id, ..)| id.clone())).collect();
        let id = self.names.column(&table.id, label, &taken);
        if taken.len() >= MAX_COLUMNS {
            return;
        }
        if group {
            let mut words = Vec::new();
            values.into_iter().filter(|word| can_be_word(word)).for_each(|word| note(&mut words, word));
            if !words.is_empty() {
                table.groups.push((id, label.to_owned(), words));
            }
        } else {
            table.columns.push(ColumnSketch { id, label: label.to_owned(), values, kind: Type::Text });
        }
    }
}

fn is_figure(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    text.is_empty() || digits > 0 && text.chars().count() <= 2 * digits + 2
}

/// A heading as a pattern has it: the figure in it is the weight of its table.
fn heading_text(text: &str, table: &str) -> String {
    let Some(first) = text.find(|ch: char| ch.is_ascii_digit()) else { return text.to_owned() };
    let rest = text.get(first..).unwrap_or_default();
    let length = rest.find(|ch: char| !ch.is_ascii_digit() && ch != '.').unwrap_or(rest.len());
    let (before, after) = (text.get(..first).unwrap_or_default(), rest.get(length..).unwrap_or_default());
    let hole = format!("{table}_weight");
    if after.chars().any(|ch| ch.is_ascii_digit()) || slip_of_shared(&hole) {
        return text.to_owned();
    }
    format!("{before}{{{hole}}}{after}")
}
