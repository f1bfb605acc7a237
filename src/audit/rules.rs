//! Which of a pattern's rules govern a form: those that the user has laid down come first, then those that the form itself
//! prints. Where it prints a rule that none of them is, theirs proves nothing.

use std::collections::BTreeMap;

use super::context::cut;
use crate::fold::fold_text;
use crate::message::Message;
use crate::pattern::{Pattern, Rule};
use crate::record::{Cell, Datum, Form};

/// A quotation is cut after this many characters: a sentence of a printed note, with room to spare.
const QUOTE_LENGTH: usize = 120;

/// Signs at which a printed note is cut into sentences.
const ENDS: [char; 6] = ['。', '；', ';', '\n', '!', '！'];

/// The fields in which forms print rules; others hold the filer's own prose.
const NOTES: [&str; 2] = ["notes", "other"];

/// The table in whose cells forms print remarks, and the column of it that names the rows.
const BUDGET: &str = "budget";
const SOURCE: &str = "source";

/// Between the pieces of a printed text: anything, within the sentence.
const ANYTHING: char = '…';

/// The rules that govern a form.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// In the order in which they are asked.
    list: Vec<Rule>,
    /// By check, a sentence by which the form prints a rule of its own for it that is none of these.
    own: BTreeMap<String, String>,
}

impl Rules {
    /// The rules of `pattern` that govern `form`. One with printed texts governs only a form that prints one of them, and
    /// quotes it as its source.
    pub(super) fn in_force(pattern: &Pattern, form: &Form) -> Rules {
        let spoken: Vec<Spoken<'_>> = pattern.policy.iter().map(Spoken::of).collect();
        let sentences = if spoken.iter().all(Spoken::is_silent) { Vec::new() } else { sentences(form) };
        let exceptions = templates(&pattern.exceptions);
        let (mut list, mut printed, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for Spoken { rule, printed: texts, .. } in &spoken {
            let quote = sentences.iter().find(|sentence| sentence.prints(texts, &exceptions));
            if quote.is_none() && !texts.is_empty() {
                continue;
            }
            let place = match () {
                () if rule.overrides => &mut list,
                () if quote.is_some() => &mut printed,
                () => &mut others,
            };
            place.push(match quote {
                Some(sentence) => Rule { source: sentence.source(), ..(*rule).clone() },
                None => (*rule).clone(),
            });
        }
        list.append(&mut printed);
        list.append(&mut others);
        Rules { list, own: own(&spoken, &sentences, &exceptions) }
    }

    /// The rules for `check`, the first to be asked first.
    pub(super) fn of(&self, check: &str) -> impl Iterator<Item = &Rule> {
        self.list.iter().filter(move |rule| rule.check == check)
    }

    /// The sentence by which the form prints a rule of its own for `check`, which `rule` governs. One of the user's gives way
    /// to none.
    pub(super) fn own(&self, check: &str, rule: Option<&Rule>) -> Option<&str> {
        self.own.get(check).map(String::as_str).filter(|_| !rule.is_some_and(|rule| rule.overrides))
    }
}

/// A rule with the texts by which forms print it, or another one.
struct Spoken<'a> {
    rule: &'a Rule,
    printed: Vec<Template>,
    gives_way: Vec<Template>,
}

impl<'a> Spoken<'a> {
    fn of(rule: &'a Rule) -> Spoken<'a> {
        Spoken { rule, printed: templates(&rule.printed), gives_way: templates(&rule.gives_way) }
    }

    fn is_silent(&self) -> bool {
        self.printed.is_empty() && self.gives_way.is_empty()
    }
}

/// By check, the first sentence by which the form prints a rule of its own: one that sounds like a rule for it, or like one
/// of the rules but with an exception, and prints none of them.
fn own(rules: &[Spoken<'_>], sentences: &[Sentence], exceptions: &[Template]) -> BTreeMap<String, String> {
    let mut own = BTreeMap::new();
    for sentence in sentences {
        let prints = |check: &str| {
            rules.iter().any(|spoken| spoken.rule.check == check && sentence.prints(&spoken.printed, exceptions))
        };
        for Spoken { rule, printed, gives_way } in rules {
            let sounds = sentence.has(gives_way) || sentence.has(printed);
            if sounds && !own.contains_key(&rule.check) && !prints(&rule.check) {
                own.insert(rule.check.clone(), sentence.quote());
            }
        }
    }
    own
}

/// A sentence of what a form prints.
struct Sentence {
    written: String,
    folded: String,
}

impl Sentence {
    /// Whether it has one of `texts`, and says nothing that takes it back.
    fn prints(&self, texts: &[Template], exceptions: &[Template]) -> bool {
        self.has(texts) && !self.has(exceptions)
    }

    fn has(&self, texts: &[Template]) -> bool {
        texts.iter().any(|text| text.is_in(&self.folded))
    }

    fn quote(&self) -> String {
        cut(&self.written, QUOTE_LENGTH)
    }

    fn source(&self) -> Message {
        let quote = self.quote();
        Message::new(format!("本表所印：“{quote}”"), format!("printed on the form: “{quote}”"))
    }
}

/// A text as it is looked for in a sentence: its pieces, with anything between them.
struct Template(Vec<String>);

fn templates(texts: &[String]) -> Vec<Template> {
    texts.iter().map(|text| Template(text.split(ANYTHING).map(plain).collect())).collect()
}

impl Template {
    fn is_in(&self, folded: &str) -> bool {
        let mut rest = folded;
        self.0.iter().all(|piece| match rest.split_once(piece.as_str()) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
    }
}

/// Every sentence of the form's notes, of the remarks in its budget and of what found no place.
fn sentences(form: &Form) -> Vec<Sentence> {
    let notes = form.fields.iter().filter(|(id, _)| NOTES.contains(&id.as_str())).map(|(_, value)| value);
    let budget = form.tables.get(BUDGET).into_iter().flatten();
    let remarks = budget.flat_map(|row| row.iter().filter(|(column, _)| *column != SOURCE));
    let values = notes.chain(remarks.filter_map(|(_, cell)| Cell::value(cell)));
    let texts = values.filter(|value| matches!(value.value, Datum::Text(_))).map(|value| &value.raw);
    let texts = texts.chain(form.unmatched.iter().map(|piece| &piece.text));
    let cut = |text: &String| -> Vec<Sentence> {
        // A note is wrapped by its cell, not by its sentences.
        let joined = text.replace('\n', "");
        let sentences = joined.split(ENDS).map(str::trim).filter(|sentence| !sentence.is_empty());
        sentences.map(|sentence| Sentence { written: sentence.to_owned(), folded: plain(sentence) }).collect()
    };
    texts.flat_map(cut).collect()
}

/// `text` as printed rules are compared: folded, with one sign for every dash, without the percent sign before it, and
/// without （含80%）, which says of a border what every rule says: `100%—80%（含80%）` as `100-80%`.
fn plain(text: &str) -> String {
    let mut folded = fold_text(text).replace("——", "-").replace(['—', '~'], "-");
    while let Some((before, rest)) = folded.split_once("(含")
        && let Some((_, behind)) = rest.split_once(')')
    {
        folded = format!("{before}{behind}");
    }
    folded.replace("%-", "-")
}
