//! Words that many families have in common: the files of `patterns/shared/`, which a pattern includes by name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use indexmap::IndexMap;

use super::builtin::SHARED;
use super::check::Notes;
use super::keys::Keys;
use super::load::vocabulary_file;
use super::mistake::Mistake;
use super::reader::Reader;
use super::{Furniture, Rule, Template, Word, syntax, wording};
use crate::fold::fold_text;

/// Texts that stand under a name.
pub(super) type Terms = BTreeMap<String, Vec<Template>>;

/// Every shared file, read once for all the patterns that include it. The files are part of the program; tests hold them to
/// have no mistakes, so none is left out.
static LOADED: LazyLock<BTreeMap<&str, (Shared, Terms)>> =
    LazyLock::new(|| SHARED.iter().filter_map(|(name, text)| Some((*name, load_shared(name, text).ok()?))).collect());

/// What a shared file may hold besides terms, which go to the [`Reader`].
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    pub(super) blanks: Vec<String>,
    pub(super) splits: Vec<String>,
    pub(super) fewer_is_better: Vec<String>,
    pub(super) more_is_better: Vec<String>,
    pub(super) subtotals: Vec<String>,
    pub(super) exceptions: Vec<String>,
    pub(super) remarks: Vec<Template>,
    pub(super) vocabularies: IndexMap<String, Vec<Word>>,
    pub(super) furniture: Vec<Furniture>,
    pub(super) policy: Vec<Rule>,
}

impl Shared {
    /// This and `other`; a vocabulary or rule of `other` takes the place of the one with its name.
    pub(super) fn with(mut self, other: Shared) -> Shared {
        add_new(&mut self.blanks, other.blanks);
        add_new(&mut self.splits, other.splits);
        add_new(&mut self.fewer_is_better, other.fewer_is_better);
        add_new(&mut self.more_is_better, other.more_is_better);
        add_new(&mut self.subtotals, other.subtotals);
        add_new(&mut self.exceptions, other.exceptions);
        let new: Vec<Template> =
            other.remarks.into_iter().filter(|one| self.remarks.iter().all(|known| known.parts != one.parts)).collect();
        self.remarks.extend(new);
        self.vocabularies.extend(other.vocabularies);
        self.furniture.extend(other.furniture);
        self.policy.retain(|rule| other.policy.iter().all(|own| own.id != rule.id));
        self.policy.extend(other.policy);
        self
    }
}

/// Adds to `known` what of `more` is not in it, however written.
fn add_new(known: &mut Vec<String>, more: Vec<String>) {
    for one in more {
        if known.iter().all(|known| fold_text(known) != fold_text(&one)) {
            known.push(one);
        }
    }
}

/// Reads what the key `include` names, with its terms into `reader`.
pub(super) fn include(reader: &Reader<'_>, keys: &Keys<'_, '_>) -> Shared {
    let mut all = Shared::default();
    for name in keys.names("include") {
        let known: Vec<&str> = SHARED.iter().map(|(name, _)| *name).collect();
        let Some((shared, terms)) = LOADED.get(name.get_ref().as_str()) else {
            let hint = reader.suggest(name.get_ref(), &known, || wording::known_here(&known));
            reader.mistake(name.span(), wording::unknown_shared(name.get_ref()), hint);
            continue;
        };
        all = all.with(shared.clone());
        reader.terms.borrow_mut().extend(terms.clone());
    }
    all
}

/// Reads a shared file: what it holds, and its terms.
fn load_shared(name: &str, text: &str) -> Result<(Shared, Terms), Vec<Mistake>> {
    let reader = Reader::new(name, text);
    let shared = syntax::parse(&reader).map(|root| {
        let keys = Keys::new(&reader, root.get_ref(), 0..0);
        let shared = vocabulary_file(&reader, &mut Notes::default(), &keys);
        keys.done();
        shared
    });
    let terms = reader.terms.take();
    let mistakes = reader.into_mistakes();
    match shared {
        Some(shared) if mistakes.is_empty() => Ok((shared, terms)),
        _ => Err(mistakes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shared_file_loads() {
        for (name, text) in SHARED {
            if let Err(mistakes) = load_shared(name, text) {
                let lines: Vec<_> = mistakes.iter().map(|mistake| mistake.in_words(text).en).collect();
                panic!("{}", lines.join("\n"));
            }
        }
    }
}
