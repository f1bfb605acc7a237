//! Ids for labels: those that other families have for the same words, else made of the words' own letters.

use std::collections::BTreeMap;

use crate::fold::fold_text;
use crate::pattern::{Body, Patterns, Rows, Template, slip_of_shared};

/// Letters of an id made of a label.
const LONGEST: usize = 30;

/// The ids that other families have, by folded label.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    fields: BTreeMap<String, String>,
    /// Table and column.
    columns: BTreeMap<String, Vec<(String, String)>>,
    totals: Vec<String>,
    words: Vec<String>,
    row_labels: Vec<String>,
    taken: Vec<String>,
}

impl Names {
    /// The names of the built-in families.
    pub(super) fn new() -> Names {
        let mut names = Names::default();
        let texts = |templates: &[Template]| -> Vec<String> {
            templates.iter().map(|template| template.literal().into_iter().collect()).collect()
        };
        for pattern in Patterns::builtin().list.iter().filter(|pattern| !pattern.look_alike) {
            for section in &pattern.sections {
                match &section.body {
                    Body::Fields(fields) => {
                        for field in fields {
                            for text in texts(&field.labels) {
                                names.fields.entry(text).or_insert_with(|| field.id.clone());
                            }
                        }
                    }
                    Body::Table(table) => {
                        let columns = table.columns.iter().map(|column| (&column.id, &column.labels));
                        let groups = table.groups.iter().map(|group| (&group.column, &group.labels));
                        for (id, labels) in columns.chain(groups) {
                            for text in texts(labels) {
                                let known = names.columns.entry(text).or_default();
                                let name = (section.id.clone(), id.clone());
                                if !known.contains(&name) {
                                    known.push(name);
                                }
                            }
                        }
                        names.totals.extend(table.total.iter().flat_map(|total| texts(&total.labels)));
                        if let Rows::Labelled { labels, .. } = &table.rows {
                            names.row_labels.extend(texts(labels));
                        }
                    }
                }
            }
            names.words.extend(pattern.vocabularies.values().flatten().map(|word| fold_text(&word.value)));
        }
        names
    }

    /// Whether other families have the text as the label of a field.
    pub(super) fn is_field(&self, text: &str) -> bool {
        self.fields.contains_key(&fold_text(text))
    }

    /// Whether other families have the text as the head of a column.
    pub(super) fn is_column(&self, text: &str) -> bool {
        self.columns.contains_key(&fold_text(text))
    }

    /// Whether other families have the text as the label of a row that adds up.
    pub(super) fn is_total(&self, text: &str) -> bool {
        self.totals.contains(&fold_text(text))
    }

    /// Whether other families have the text as the label of a row.
    pub(super) fn is_row_label(&self, text: &str) -> bool {
        self.row_labels.contains(&fold_text(text))
    }

    /// The table that most of these heads belong to in other families; two at least.
    pub(super) fn table(&self, heads: &[&str]) -> Option<String> {
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for head in heads {
            let mut tables: Vec<&str> =
                self.columns.get(&fold_text(head)).into_iter().flatten().map(|(table, _)| table.as_str()).collect();
            tables.sort_unstable();
            tables.dedup();
            for table in tables {
                *votes.entry(table).or_default() += 1;
            }
        }
        let best = votes.into_iter().filter(|(_, votes)| *votes >= 2).max_by_key(|(_, votes)| *votes);
        best.map(|(table, _)| table.to_owned())
    }

    /// An id for the field of a label, that no field has yet.
    pub(super) fn field(&mut self, label: &str) -> String {
        let known = self.fields.get(&fold_text(label)).cloned();
        let id = known.unwrap_or_else(|| own(label, "field"));
        let id = unlike(id, |id| self.taken.iter().any(|taken| taken == id));
        self.taken.push(id.clone());
        id
    }

    /// How many fields were named.
    pub(super) fn count(&self) -> usize {
        self.taken.len()
    }

    /// Takes an id for a field; false when one has it.
    pub(super) fn take(&mut self, id: &str) -> bool {
        let free = self.taken.iter().all(|taken| taken != id);
        if free {
            self.taken.push(id.to_owned());
        }
        free
    }

    /// An id for the column of a table, that none of `taken` is.
    pub(super) fn column(&self, table: &str, label: &str, taken: &[String]) -> String {
        let known = self.columns.get(&fold_text(label)).into_iter().flatten();
        let known = known.filter(|(of, _)| of == table).map(|(_, id)| id.clone()).next();
        let id = known.unwrap_or_else(|| own(label, "column"));
        unlike(id, |id| taken.iter().any(|taken| taken == id))
    }
}

/// An id of a label's own letters, or of `otherwise` where it has none.
pub(super) fn own(label: &str, otherwise: &str) -> String {
    let mut id = String::new();
    for ch in label.chars() {
        match ch {
            _ if id.len() >= LONGEST => break,
            'a'..='z' | 'A'..='Z' => id.push(ch.to_ascii_lowercase()),
            '0'..='9' if !id.is_empty() => id.push(ch),
            _ if !id.is_empty() && !id.ends_with('_') => id.push('_'),
            _ => {}
        }
    }
    let id = id.trim_end_matches('_');
    match id.chars().filter(char::is_ascii_alphabetic).count() {
        0 | 1 => otherwise.to_owned(),
        _ if slip_of_shared(id) => format!("own_{id}"),
        _ => id.to_owned(),
    }
}

/// `id`, with a number behind it when it is taken.
fn unlike(id: String, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&id) {
        return id;
    }
    let mut number = 2;
    loop {
        let next = format!("{id}_{number}");
        if !taken(&next) {
            return next;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_get_ids() {
        let mut names = Names::new();
        assert_eq!(names.field("项目名称"), "project");
        assert_eq!(names.field("Vendor name"), "vendor_name");
        assert_eq!(names.field("Vendor name"), "vendor_name_2");
        assert_eq!(names.field("拟定措施"), "field");
        assert_eq!(names.field("Units"), "own_units", "one letter off an id that all records share");
        assert_eq!(names.column("indicators", "指标值", &[]), "target");
        assert_eq!(names.table(&["三级指标", "指标值", "分值"]).as_deref(), Some("indicators"));
        assert_eq!(names.table(&["Criterion", "Weight"]), None);
    }
}
