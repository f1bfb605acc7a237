//! Which of a pattern's rules govern a form: those that the form itself prints come first.

use crate::fold::fold_text;
use crate::message::Message;
use crate::pattern::Rule;
use crate::record::{Cell, Datum, Form};

/// A quotation is cut after this many characters: a sentence of a printed note, with room to spare.
const QUOTE_LENGTH: usize = 120;

/// Signs at which a printed note is cut into sentences.
const ENDS: [char; 6] = ['。', '；', ';', '\n', '!', '！'];

/// The rules that govern `form`, in the order in which they are asked. A rule with printed texts governs only a form
/// that prints one of them, quotes it as its source, and goes before the others.
pub(super) fn in_force(rules: &[Rule], form: &Form) -> Vec<Rule> {
    let sentences = if rules.iter().any(|rule| !rule.printed.is_empty()) { sentences(form) } else { Vec::new() };
    let (mut printed, mut others) = (Vec::new(), Vec::new());
    for rule in rules {
        if rule.printed.is_empty() {
            others.push(rule.clone());
        } else if let Some(quote) = quote(rule, &sentences) {
            let source = Message::new(format!("本表所印：“{quote}”"), format!("printed on the form: “{quote}”"));
            printed.push(Rule { source, ..rule.clone() });
        }
    }
    printed.append(&mut others);
    printed
}

/// Every sentence of the form's fields, of the remarks in its budget and of what found no place, as written and folded.
/// What stands in the rows of goals and indicators is the filer's own prose and prints no rule.
fn sentences(form: &Form) -> Vec<(String, String)> {
    let budget = form.tables.get("budget").into_iter().flatten().flat_map(|row| row.values());
    let values = form.fields.values().chain(budget.filter_map(Cell::value));
    let texts = values.filter(|value| matches!(value.value, Datum::Text(_))).map(|value| &value.raw);
    let texts = texts.chain(form.unmatched.iter().map(|piece| &piece.text));
    let cut = |text: &String| -> Vec<(String, String)> {
        // A note is wrapped by its cell, not by its sentences.
        let joined = text.replace('\n', "");
        joined.split(ENDS).map(|sentence| (sentence.trim().to_owned(), plain(sentence))).collect()
    };
    texts.flat_map(cut).collect()
}

/// The sentence that prints `rule`.
fn quote(rule: &Rule, sentences: &[(String, String)]) -> Option<String> {
    let wanted: Vec<String> = rule.printed.iter().map(|text| plain(text)).collect();
    let (sentence, _) = sentences.iter().find(|(_, folded)| wanted.iter().any(|text| folded.contains(text)))?;
    Some(super::context::cut(sentence, QUOTE_LENGTH))
}

/// `text` as printed rules are compared: folded, with one sign for every dash, `80%—60%` as `80%-60%` and `80%~60%`.
fn plain(text: &str) -> String {
    fold_text(text).replace("——", "-").replace(['—', '~'], "-")
}
