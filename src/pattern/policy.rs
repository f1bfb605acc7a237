//! Scoring rules: `[[policy]]` of a pattern, and files of nothing else that override them.

use std::path::Path;

use rust_decimal::Decimal;
use toml::Spanned;

use super::check::{Notes, Scope};
use super::folder::{BrokenFile, text_of};
use super::keys::Keys;
use super::mistake::Mistake;
use super::name::IdForm;
use super::reader::Reader;
use super::{Patterns, contract, hints, syntax, wording};
use crate::message::Message;
use crate::record::Severity;

/// A scoring rule with its source.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Id for people and for switching it off: `hubei/execution-rate`.
    pub id: String,
    /// Id of the check that it governs.
    pub check: String,
    /// Where it is written: a document number, or the form's own words.
    pub source: Message,
    /// How sure the source is.
    pub standing: Standing,
    /// How much breaking it matters, where it is not as the check says.
    pub severity: Option<Severity>,
    /// Whether it is applied.
    pub enabled: bool,
    /// A figure that the rule turns on, in percent.
    pub threshold: Option<Decimal>,
    /// Words that the rule turns on: printed instructions, or names of the budget's total row.
    pub words: Vec<String>,
    /// Texts by which a form prints this very rule. A rule that has some governs only forms that print one of them,
    /// and goes before rules that stand elsewhere.
    pub printed: Vec<String>,
    /// Texts by which a form prints a rule of its own for the same check, which need not be this one. `…` stands for anything
    /// within a sentence, here and in `printed`.
    pub gives_way: Vec<String>,
    /// Whether a budget that was changed needs a reason, too.
    pub adjusted: bool,
    /// Whether a user has laid it down, by a policy file: it then goes before what a form prints.
    pub overrides: bool,
    /// Steps of a scale, the highest first: tiers of words, or grades.
    pub tiers: Vec<Tier>,
}

/// A step of a scale.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tier {
    /// The words that say it.
    pub words: Vec<String>,
    /// Its lower end, in percent, included. It reaches up to the lower end of the step above.
    pub from: Decimal,
}

/// How sure the source of a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The wording was seen.
    Seen,
    /// Reported by somebody who saw it.
    Reported,
    /// Commonly believed; off unless switched on.
    Believed,
}

/// What a policy file asks for: rules of its own, and rules of patterns to switch on or off.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Rules that go before those of every pattern; one with a known id takes its place.
    pub rules: Vec<Rule>,
    /// Ids of rules to switch on.
    pub on: Vec<String>,
    /// Ids of rules to switch off.
    pub off: Vec<String>,
}

const STANDINGS: &[(&str, Standing)] =
    &[("seen", Standing::Seen), ("reported", Standing::Reported), ("believed", Standing::Believed)];

const SEVERITIES: &[(&str, Severity)] =
    &[("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];

/// The checks that turn on a scale, on words, on a figure; a key that its check asks nothing of is a mistake.
const BY_TIERS: &[&str] = &["indicator.tier", "grade.band"];
const BY_WORDS: &[&str] = &["form.placeholder", "budget.total"];
const BY_THRESHOLD: &[&str] = &["budget.note", "indicator.excess", "total.weight"];
const BY_ADJUSTED: &[&str] = &["budget.note"];

/// Those of them that can do nothing without it.
const NEED_TIERS: &[&str] = BY_TIERS;
const NEED_WORDS: &[&str] = &["form.placeholder"];

impl Overrides {
    /// Reads the policy file in `bytes`; `path` is what mistakes call it. Gives every mistake of it, or what it asks
    /// for.
    pub fn load(path: &Path, bytes: Vec<u8>) -> Result<Overrides, BrokenFile> {
        let name = path.display().to_string();
        let broken = |text, mistakes| BrokenFile { path: path.to_owned(), text, mistakes };
        let text = text_of(&name, bytes).map_err(|found| broken(found.0, vec![found.1]))?;
        overrides(&name, &text).map_err(|mistakes| broken(text, mistakes))
    }

    /// Applies itself to every one of `patterns`; gives the ids to switch on or off that no pattern has.
    pub fn apply(&self, patterns: &mut Patterns) -> Vec<String> {
        let mut unknown: Vec<&String> = self.on.iter().chain(&self.off).collect();
        for pattern in &mut patterns.list {
            pattern.policy.retain(|rule| self.rules.iter().all(|own| own.id != rule.id));
            pattern.policy.splice(0..0, self.rules.iter().cloned());
            for rule in &mut pattern.policy {
                rule.enabled = (rule.enabled || self.on.contains(&rule.id)) && !self.off.contains(&rule.id);
                unknown.retain(|id| **id != rule.id);
            }
        }
        unknown.into_iter().cloned().collect()
    }
}

fn overrides(source_name: &str, text: &str) -> Result<Overrides, Vec<Mistake>> {
    let reader = Reader::new(source_name, text);
    let overrides = match syntax::parse(&reader) {
        Some(root) => {
            let keys = Keys::new(&reader, root.get_ref(), 0..0);
            let mut notes = Notes::default();
            let rules = keys.tables("policy").into_iter();
            let rules = rules.map(|keys| Rule { overrides: true, ..rule(&reader, &mut notes, keys) }).collect();
            let overrides = Overrides { rules, on: keys.texts("on"), off: keys.texts("off") };
            keys.done();
            notes.report(&reader);
            overrides
        }
        None => Overrides::default(),
    };
    let mistakes = reader.into_mistakes();
    if mistakes.is_empty() { Ok(overrides) } else { Err(mistakes) }
}

/// Reads one `[[policy]]`.
pub(super) fn rule(reader: &Reader<'_>, notes: &mut Notes, keys: Keys<'_, '_>) -> Rule {
    keys.need(&["id", "check", "source", "standing"]);
    let id = keys.text("id");
    if let Some(id) = &id {
        reader.check_id(id, IdForm::Path);
        notes.id(Scope::Policy, id);
    }
    let check = keys.text("check");
    if let Some(check) = check.as_ref().filter(|check| !contract::CHECKS.contains(&check.get_ref().as_str())) {
        let hint = reader.suggest(check.get_ref(), contract::CHECKS, || wording::known_here(contract::CHECKS));
        reader.mistake(check.span(), wording::unknown_check(check.get_ref()), hint);
    }
    let check = check.map(Spanned::into_inner).unwrap_or_default();
    match check.as_str() {
        check if NEED_TIERS.contains(&check) => keys.need(&["tier"]),
        check if NEED_WORDS.contains(&check) => keys.need(&["words"]),
        _ => {}
    }
    for (key, checks) in
        [("tier", BY_TIERS), ("words", BY_WORDS), ("threshold", BY_THRESHOLD), ("adjusted", BY_ADJUSTED)]
    {
        if keys.has(key) && contract::CHECKS.contains(&check.as_str()) && !checks.contains(&check.as_str()) {
            reader.mistake(keys.span_of(key), wording::idle_key(key, &check), wording::used_by(checks));
        }
    }
    let standing = keys.one_of("standing", STANDINGS).unwrap_or(Standing::Believed);
    let rule = Rule {
        id: id.map(Spanned::into_inner).unwrap_or_default(),
        check,
        source: keys.either_message("source"),
        standing,
        severity: keys.one_of("severity", SEVERITIES),
        enabled: keys.flag("enabled").unwrap_or(standing != Standing::Believed),
        threshold: keys.number("threshold"),
        words: keys.texts("words"),
        printed: keys.texts("printed"),
        gives_way: keys.texts("gives_way"),
        adjusted: keys.flag("adjusted").unwrap_or(false),
        overrides: false,
        tiers: tiers(reader, &keys),
    };
    keys.done();
    rule
}

/// The steps of a scale; their lower ends fall from one to the next.
fn tiers(reader: &Reader<'_>, keys: &Keys<'_, '_>) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = Vec::new();
    for keys in keys.tables("tier") {
        keys.need(&["words", "from"]);
        let tier = Tier { words: keys.texts("words"), from: keys.number("from").unwrap_or_default() };
        if tiers.last().is_some_and(|above| tier.from >= above.from) && keys.has("from") {
            reader.mistake(keys.span_of("from"), wording::tiers_fall(), hints::order_of_steps());
        }
        tiers.push(tier);
        keys.done();
    }
    tiers
}
