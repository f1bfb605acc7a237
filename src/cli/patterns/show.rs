//! A pattern for people.

use std::fmt::{self, Write};

use retally::message::Lang;
use retally::pattern::{Body, Field, Pattern, Rows, Rule, Standing, Table, Template};
use retally::record::Severity;
use retally::report::safe;
use retally::value::Type;

/// What `pattern` knows of a form: its parts from top to bottom with their labels, then its rules.
pub(super) fn show(pattern: &Pattern, lang: Lang) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(pattern, Words(lang), &mut out);
    safe::block(&out).into_owned()
}

#[derive(Clone, Copy)]
struct Words(Lang);

impl Words {
    fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

fn write(pattern: &Pattern, words: Words, out: &mut String) -> fmt::Result {
    writeln!(out, "{}  {}", pattern.id, pattern.name.get(words.0))?;
    for section in &pattern.sections {
        writeln!(out, "\n[{}]{}", section.id, listed("  ", &section.headings))?;
        match &section.body {
            Body::Fields(fields) => fields.iter().try_for_each(|field| write_field(field, words, out))?,
            Body::Table(table) => write_table(table, words, out)?,
        }
    }
    if !pattern.policy.is_empty() {
        writeln!(out, "\n[{}]", words.pick("规则", "policy"))?;
        pattern.policy.iter().try_for_each(|rule| write_rule(rule, words, out))?;
    }
    Ok(())
}

fn write_field(field: &Field, words: Words, out: &mut String) -> fmt::Result {
    let labels: Vec<Template> = field.labels.iter().chain(&field.words).cloned().collect();
    let required = if field.required { words.pick("，必填", ", required") } else { "" };
    writeln!(out, "  {} ({}{required}){}", field.id, kind(field.kind), listed(": ", &labels))?;
    if !field.choices.is_empty() {
        writeln!(out, "    {}", field.choices.join(" / "))?;
    }
    Ok(())
}

fn write_table(table: &Table, words: Words, out: &mut String) -> fmt::Result {
    match &table.rows {
        Rows::Listed => writeln!(out, "  {}", words.pick("行：每个名称一行", "rows: one a name"))?,
        Rows::Single => writeln!(out, "  {}", words.pick("行：一行", "rows: one"))?,
        Rows::Labelled { column, labels } | Rows::Across { column, labels, .. } => {
            writeln!(out, "  {} {column}{}", words.pick("行：", "rows:"), listed(": ", labels))?;
        }
    }
    for group in &table.groups {
        writeln!(out, "  {} <{}>{}", group.column, group.vocabulary, listed(": ", &group.labels))?;
    }
    for column in &table.columns {
        let required = if column.required { words.pick("，必填", ", required") } else { "" };
        writeln!(out, "  {} ({}{required}){}", column.id, kind(column.kind), listed(": ", &column.labels))?;
    }
    Ok(())
}

fn write_rule(rule: &Rule, words: Words, out: &mut String) -> fmt::Result {
    let standing = match rule.standing {
        Standing::Seen => words.pick("原文已见", "wording seen"),
        Standing::Reported => words.pick("据转述", "reported"),
        Standing::Believed => words.pick("通行说法", "commonly believed"),
    };
    let severity = match rule.severity {
        Some(Severity::Error) => words.pick("，错误", ", error"),
        Some(Severity::Warning) => words.pick("，警告", ", warning"),
        Some(Severity::Info) => words.pick("，提示", ", info"),
        None => "",
    };
    let off = if rule.enabled { "" } else { words.pick("，未启用", ", off") };
    let threshold = rule.threshold.map(|percent| format!(" {percent}%")).unwrap_or_default();
    writeln!(out, "  {} -> {}{threshold} ({standing}{severity}{off})", rule.id, rule.check)?;
    writeln!(out, "    {}", rule.source.get(words.0))?;
    for tier in &rule.tiers {
        writeln!(out, "    ≥ {}%: {}", tier.from, tier.words.join(" / "))?;
    }
    if !rule.words.is_empty() {
        writeln!(out, "    {}", rule.words.join(" / "))?;
    }
    if !rule.printed.is_empty() {
        writeln!(out, "    {} {}", words.pick("表上印有：", "where printed:"), rule.printed.join(" / "))?;
    }
    Ok(())
}

/// The texts of `templates` after `before`; nothing at all when there are none.
fn listed(before: &str, templates: &[Template]) -> String {
    let texts: Vec<&str> = templates.iter().map(|template| template.text.as_str()).collect();
    if texts.is_empty() { String::new() } else { format!("{before}{}", texts.join(" | ")) }
}

/// The type as a pattern file writes it.
fn kind(kind: Type) -> &'static str {
    match kind {
        Type::Text => "text",
        Type::Prose => "prose",
        Type::Integer => "integer",
        Type::Decimal => "decimal",
        Type::Percent => "percent",
        Type::Date => "date",
        Type::Quantity => "quantity",
        Type::Choices => "choices",
    }
}
