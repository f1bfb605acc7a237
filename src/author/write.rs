//! A sketch as a pattern file.

use std::collections::BTreeSet;

use super::Title;
use super::sketch::{FieldSketch, Part, Sketch, TableSketch};
use super::types::{choices, word};
use crate::fold::fold_text;
use crate::value::Type;

/// What stands over the file.
const HEAD: &str = "\
# Drafted from samples. Go over it: ids, types, and other ways in which forms print the same label.
# 根据样本起草。请逐项检查：id、类型，以及同一标签的其他印法。
# patterns/README.md explains every key. · 每个键的说明见 patterns/README.md。
";

/// The TOML of `sketch`.
pub(super) fn write(sketch: &Sketch, title: &Title) -> String {
    let mut out = String::from(HEAD);
    let first = sketch.titles.first().map_or(title.id.as_str(), String::as_str);
    let or_first = |name: &str| quoted(if name.is_empty() { first } else { name });
    line(&mut out, &format!("id = {}", quoted(&title.id)));
    let (zh, en) = (or_first(&title.name.zh), or_first(&title.name.en));
    line(&mut out, &format!("name = {{ zh = {zh}, en = {en} }}"));
    line(&mut out, "include = [\"marks\"]");
    let mut opened = false;
    let mut number = 0;
    if !sketch.titles.is_empty() {
        line(&mut out, "\n[[section]]\nid = \"head\"\n\n[[section.field]]\nid = \"title\"\ntype = \"text\"");
        line(&mut out, &format!("words = {}", list(&sketch.titles)));
        line(&mut out, "required = true\nopens = true");
        opened = true;
        number = 1;
    }
    let mut labels: BTreeSet<String> = sketch.titles.iter().map(|title| fold_text(title)).collect();
    let mut headings: BTreeSet<String> = BTreeSet::new();
    let mut vocabularies: Vec<(String, Vec<String>)> = Vec::new();
    // The fields before the first table are those of the head.
    let mut in_head = opened;
    for part in &sketch.parts {
        match part {
            Part::Fields(fields) => {
                let fields: Vec<&FieldSketch> =
                    fields.iter().filter(|field| labels.insert(fold_text(&field.label))).collect();
                if fields.is_empty() {
                    continue;
                }
                if !in_head {
                    let id = if number == 0 { "head".to_owned() } else { format!("fields_{number}") };
                    line(&mut out, &format!("\n[[section]]\nid = {}", quoted(&id)));
                    number += 1;
                }
                for field in fields {
                    write_field(&mut out, field, !opened);
                    opened = true;
                }
            }
            Part::Table(table) => {
                let headings = table.headings.iter().filter(|heading| headings.insert(fold_text(heading))).cloned();
                let headings = headings.collect();
                write_table(&mut out, &TableSketch { headings, ..table.clone() }, &mut vocabularies);
            }
        }
        in_head = false;
    }
    for heading in sketch.headings.iter().filter(|heading| !labels.contains(&fold_text(heading))) {
        line(&mut out, &format!("\n[[furniture]]\ntext = {}", quoted(heading)));
    }
    for (name, words) in vocabularies {
        for word in words {
            line(&mut out, &format!("\n[[vocabulary.{name}]]\nvalue = {}", quoted(&word)));
        }
    }
    out
}

fn write_field(out: &mut String, field: &FieldSketch, opens: bool) {
    let boxes = if field.kind == Type::Choices { choices(&field.values) } else { Vec::new() };
    let kind = if field.kind == Type::Choices && boxes.is_empty() { Type::Text } else { field.kind };
    line(out, &format!("\n[[section.field]]\nid = {}\ntype = {}", quoted(&field.id), quoted(word(kind))));
    line(out, &format!("labels = {}{}", list(std::slice::from_ref(&field.label)), example(&field.values)));
    if !boxes.is_empty() {
        line(out, &format!("choices = {}", list(&boxes)));
    }
    if opens {
        line(out, "required = true\nopens = true");
    }
}

fn write_table(out: &mut String, table: &TableSketch, vocabularies: &mut Vec<(String, Vec<String>)>) {
    line(out, &format!("\n[[section]]\nid = {}", quoted(&table.id)));
    if !table.headings.is_empty() {
        line(out, &format!("headings = {}", list(&table.headings)));
    }
    line(out, "\n[section.table]");
    let named = table.columns.iter().find(|column| matches!(column.kind, Type::Text | Type::Prose | Type::Quantity));
    if table.single {
        line(out, "rows = \"single\"");
    } else if table.row_labels.is_empty() {
        line(out, "rows = \"listed\"");
    } else {
        line(out, "rows = \"labelled\"");
        let taken = |id: &&&str| table.columns.iter().any(|column| column.id == **id);
        let usual = if table.id == "budget" { "source" } else { "item" };
        let column = [usual, "label_of_row"].iter().find(|id| !taken(id)).copied().unwrap_or("printed_label");
        line(out, &format!("row_label = {{ column = \"{column}\", labels = {} }}", list(&table.row_labels)));
    }
    let same = |label: &&String| table.row_labels.iter().all(|known| fold_text(known) != fold_text(label));
    let totals: Vec<String> = table.totals.iter().filter(same).cloned().collect();
    if !totals.is_empty() && !table.summed.is_empty() {
        let fields = table.summed.iter().map(|id| format!("{id} = \"total_{id}\""));
        let fields: Vec<String> = fields.collect();
        line(out, &format!("total = {{ labels = {}, fields = {{ {} }} }}", list(&totals), fields.join(", ")));
    }
    for (column, label, words) in &table.groups {
        let name = vocabulary(vocabularies, column, &table.id, words);
        line(out, &format!("\n[[section.table.group]]\ncolumn = {}", quoted(column)));
        line(out, &format!("labels = {}\nvocabulary = {}", list(std::slice::from_ref(label)), quoted(&name)));
    }
    for column in &table.columns {
        let kind = if column.kind == Type::Choices { Type::Text } else { column.kind };
        // A row begins with its name.
        let leads = named.is_some_and(|named| named.id == column.id) && table.row_labels.is_empty() && !table.single;
        let kind = if leads { Type::Text } else { kind };
        line(out, &format!("\n[[section.table.column]]\nid = {}\ntype = {}", quoted(&column.id), quoted(word(kind))));
        line(out, &format!("labels = {}{}", list(std::slice::from_ref(&column.label)), example(&column.values)));
        if leads {
            line(out, "required = true");
        }
    }
}

/// The name of the vocabulary of `words`, which is taken in.
fn vocabulary(all: &mut Vec<(String, Vec<String>)>, column: &str, table: &str, words: &[String]) -> String {
    let name = if all.iter().any(|(name, _)| name == column) { format!("{table}_{column}") } else { column.to_owned() };
    all.push((name.clone(), words.to_vec()));
    name
}

/// A remark with the first value seen.
fn example(values: &[String]) -> String {
    let first = values.iter().map(|value| value.trim()).find(|value| !value.is_empty());
    let Some(first) = first else { return String::new() };
    let short: String = first.chars().filter(|ch| !ch.is_control()).take(30).collect();
    format!("    # {short}")
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
