//! Rows of a listed table that a text has set on two heights: the name with some cells on one, the other cells on the next.

use super::draft::{DraftCell, DraftRow};
use crate::pattern::{Rows, Table};
use crate::value::Type;

/// Puts the halves of such rows together. `places` are the rows of the grid that the `made` ones were read from.
///
/// The second half has no name, and text only where the first has none, its points among it.
pub(super) fn join(table: &Table, made: &mut Vec<DraftRow>, places: &mut Vec<usize>) {
    let lead = table.columns.iter().find(|column| column.required && column.kind == Type::Text);
    let (Some(lead), Rows::Listed) = (lead, &table.rows) else { return };
    let columns = || table.columns.iter();
    let mut at = 1;
    while at < made.len() {
        let is_half = match made.get(at - 1..=at) {
            Some([above, under]) => {
                let of_points = |row: &DraftRow| {
                    columns().filter(|column| column.kind == Type::Decimal).any(|column| is_written(row, &column.id))
                };
                is_written(above, &lead.id)
                    && is_blank(under, &lead.id)
                    && of_points(under)
                    && !of_points(above)
                    && columns().all(|column| !is_written(above, &column.id) || is_blank(under, &column.id))
            }
            _ => false,
        };
        if !is_half {
            at += 1;
            continue;
        }
        let under = made.remove(at);
        if at < places.len() {
            places.remove(at);
        }
        for column in columns().filter(|column| is_written(&under, &column.id)) {
            if let (Some(above), Some(cell)) = (made.get_mut(at - 1), under.get(&column.id)) {
                above.insert(column.id.clone(), cell.clone());
            }
        }
        for cell in made.iter_mut().flat_map(|row| row.values_mut()) {
            if let DraftCell::Shared(row) = cell
                && *row >= at
            {
                *row -= 1;
            }
        }
    }
}

fn is_written(row: &DraftRow, column: &str) -> bool {
    matches!(row.get(column), Some(DraftCell::Text(text)) if !text.spans.is_empty())
}

/// Whether nothing stands there, not even text that it shares with another row.
fn is_blank(row: &DraftRow, column: &str) -> bool {
    match row.get(column) {
        None => true,
        Some(DraftCell::Text(text)) => text.spans.is_empty(),
        Some(DraftCell::Shared(_) | DraftCell::Index(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Body, Patterns};
    use crate::recognise::draft::DraftText;

    fn row(written: &[&str]) -> DraftRow {
        let text = |column: &&str| {
            let spans = std::iter::once(column.len()..column.len() + 1).collect();
            ((*column).to_owned(), DraftCell::Text(DraftText { spans, ..DraftText::default() }))
        };
        written.iter().map(text).collect()
    }

    fn joined(rows: &[&[&str]]) -> Vec<Vec<String>> {
        let patterns = Patterns::builtin();
        let section = patterns.get("yunnan-project").unwrap().sections.iter().find(|one| one.id == "indicators");
        let Body::Table(table) = &section.unwrap().body else { panic!("a table") };
        let mut made: Vec<DraftRow> = rows.iter().map(|written| row(written)).collect();
        let mut places: Vec<usize> = (0..made.len()).collect();
        join(table, &mut made, &mut places);
        assert_eq!(made.len(), places.len());
        let names = |row: &DraftRow| {
            let mut names: Vec<String> = row.keys().cloned().collect();
            names.sort();
            names
        };
        made.iter().map(names).collect()
    }

    #[test]
    fn halves_that_lack_each_others_cells_are_one_row() {
        let whole: &[&str] = &["name", "target", "actual", "weight", "score"];
        assert_eq!(joined(&[whole, &["name", "target"], &["actual", "weight", "score"], whole]).len(), 3);
        let names = joined(&[&["name", "target"], &["actual", "weight", "score"]]);
        assert_eq!(names, [["actual", "name", "score", "target", "weight"]]);
    }

    #[test]
    fn other_rows_stay_apart() {
        for rows in [
            [&["name", "target"][..], &["target", "weight", "score"]], // a second target under one name
            [&["name", "target", "weight"], &["actual", "score"]],     // points of its own
            [&["name", "target"], &["actual"]],                        // wrapped text
            [&["name", "target"], &["name", "weight"]],
        ] {
            assert_eq!(joined(&rows).len(), 2, "{rows:?}");
        }
    }
}
