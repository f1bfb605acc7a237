//! What no single table of a pattern shows: names taken twice, and names that nothing answers to.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use toml::Spanned;

use super::load::TYPES;
use super::mistake::Position;
use super::name::{IdForm, shuffled, slip};
use super::reader::Reader;
use super::template::{Part, Template};
use super::{Body, Pattern, contract, hints, wording};
use crate::fold::fold_text;
use crate::message::Message;
use crate::value::Type;

/// The hole of a heading that takes the number of a goal.
const GOAL: &str = "goal";

/// Where a name must be the only one of its kind. Tables are told apart by their number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    Sections,
    Headings,
    Fields,
    FieldLabels,
    Columns(usize),
    ColumnLabels(usize),
    RowLabels(usize),
    Vocabulary(String),
    Policy,
}

/// What was read and where it stands, for the checks that need both.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Number of tables so far: the number of the one being read.
    pub(super) tables: usize,
    /// Names of the vocabularies.
    pub(super) vocabularies: Vec<Spanned<String>>,
    /// Names of the vocabularies that shared files give.
    included: Vec<String>,
    first_section: Option<Range<usize>>,
    claims: Vec<Claim>,
    groups: Vec<GroupNote>,
    unders: Vec<UnderNote>,
    /// Fields that are named where they are not defined.
    mentions: Vec<Spanned<String>>,
    /// Holes, each with the place of the text that has it.
    holes: Vec<(HoleOf, Spanned<String>)>,
}

/// What the hole of a text fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HoleOf {
    /// A field of the form.
    Field,
    /// A column of the table `blocks`.
    Block,
}

/// A name or text that is taken.
#[derive(Debug)]
struct Claim {
    scope: Scope,
    key: String,
    shown: String,
    /// Who takes a text; `None` for an id, which stands for itself.
    owner: Option<String>,
    span: Range<usize>,
}

#[derive(Debug)]
struct GroupNote {
    vocabulary: Spanned<String>,
    outer: Option<String>,
    /// How many texts may follow each of its words.
    suffixes: usize,
}

#[derive(Debug)]
struct UnderNote {
    vocabulary: String,
    word: String,
    under: Spanned<String>,
}

impl Notes {
    pub(super) fn section(&mut self, span: Range<usize>) {
        self.first_section.get_or_insert(span);
    }

    pub(super) fn included<'n>(&mut self, names: impl Iterator<Item = &'n String>) {
        self.included.extend(names.cloned());
    }

    pub(super) fn table(&mut self) {
        self.tables += 1;
    }

    pub(super) fn id(&mut self, scope: Scope, id: &Spanned<String>) {
        let (key, shown) = (id.get_ref().clone(), id.get_ref().clone());
        self.claims.push(Claim { scope, key, shown, owner: None, span: id.span() });
    }

    pub(super) fn labels(&mut self, scope: Scope, owner: &str, labels: &[Spanned<Template>]) {
        let of = if matches!(scope, Scope::Vocabulary(_)) { HoleOf::Block } else { HoleOf::Field };
        self.holes(of, labels);
        self.claims.extend(labels.iter().map(|label| Claim {
            scope: scope.clone(),
            key: shape(label.get_ref()),
            shown: label.get_ref().text.clone(),
            owner: Some(owner.to_owned()),
            span: label.span(),
        }));
    }

    /// Notes that a field is named where it is not defined.
    pub(super) fn mention(&mut self, field: &Spanned<String>) {
        self.mentions.push(field.clone());
    }

    /// Notes the named holes of `texts`.
    pub(super) fn holes(&mut self, of: HoleOf, texts: &[Spanned<Template>]) {
        for text in texts {
            for part in &text.get_ref().parts {
                if let Part::Hole(name) = part
                    && !name.is_empty()
                {
                    self.holes.push((of, Spanned::new(text.span(), name.clone())));
                }
            }
        }
    }

    /// Notes every name that is taken twice.
    pub(super) fn report(&self, reader: &Reader<'_>) {
        taken_twice(reader, &self.claims);
    }

    pub(super) fn group(&mut self, vocabulary: Option<Spanned<String>>, outer: Option<String>, suffixes: usize) {
        self.groups.extend(vocabulary.map(|vocabulary| GroupNote { vocabulary, outer, suffixes }));
    }

    pub(super) fn under(&mut self, vocabulary: &str, word: &str, under: &Spanned<String>) {
        let (vocabulary, word) = (vocabulary.to_owned(), word.to_owned());
        self.unders.push(UnderNote { vocabulary, word, under: under.clone() });
    }
}

/// A template as a form shows it: folded, all holes alike.
fn shape(template: &Template) -> String {
    let mut shape = String::new();
    for part in &template.parts {
        match part {
            Part::Literal(chars) => shape.extend(chars),
            Part::Hole(_) => shape.push('\0'),
        }
    }
    shape
}

/// Notes every mistake that shows only in the whole pattern.
pub(super) fn check(reader: &Reader<'_>, pattern: &Pattern, notes: &Notes) {
    taken_twice(reader, &notes.claims);
    vocabularies(reader, notes);
    unders(reader, pattern, notes);
    suffixes(reader, pattern, notes);
    fields(reader, pattern, notes);
    detection(reader, pattern, notes);
}

/// Notes a field whose values would read otherwise than in every other family.
pub(super) fn contract_type(reader: &Reader<'_>, id: &str, kind: Type, span: Range<usize>) {
    let like = |kind| if kind == Type::Prose { Type::Text } else { kind };
    let word = |kind| TYPES.iter().find(|(_, known)| *known == kind).map_or("text", |(word, _)| word);
    if let Some(known) = contract::field_type(id).filter(|known| like(*known) != like(kind)) {
        let hint = hints::type_by_contract(word(known));
        reader.mistake(span, wording::type_by_contract(id, word(known), word(kind)), hint);
    }
}

fn taken_twice(reader: &Reader<'_>, claims: &[Claim]) {
    let mut taken: HashMap<(&Scope, &str), &Claim> = HashMap::new();
    for claim in claims {
        let first = *taken.entry((&claim.scope, &claim.key)).or_insert(claim);
        if std::ptr::eq(first, claim) || reader.is_full() {
            continue;
        }
        let line = Position::of(reader.text(), first.span.start).line;
        let what = kind_in_words(&claim.scope);
        let (message, hint) = match &first.owner {
            None => (wording::id_twice(what, &claim.shown, line), Some(hints::another_id())),
            Some(owner) => (wording::text_twice(what, &claim.shown, owner, line), Some(wording::folding())),
        };
        reader.mistake(claim.span.clone(), message, hint);
    }
}

fn kind_in_words(scope: &Scope) -> Message {
    match scope {
        Scope::Sections => Message::new("部分", "section id"),
        Scope::Headings => Message::new("标题", "heading"),
        Scope::Fields => Message::new("字段", "field id"),
        Scope::FieldLabels => Message::new("标签", "label"),
        Scope::Columns(_) => Message::new("列", "column id"),
        Scope::ColumnLabels(_) => Message::new("列标题", "column label"),
        Scope::RowLabels(_) => Message::new("行标签", "row label"),
        Scope::Vocabulary(_) => Message::new("词", "word"),
        Scope::Policy => Message::new("规则", "rule id"),
    }
}

fn vocabularies(reader: &Reader<'_>, notes: &Notes) {
    let own = notes.vocabularies.iter().map(|name| name.get_ref().as_str());
    let known: Vec<&str> = own.chain(notes.included.iter().map(String::as_str)).collect();
    let used: HashSet<&str> = notes.groups.iter().map(|group| group.vocabulary.get_ref().as_str()).collect();
    let mut misnamed = false;
    for name in notes.groups.iter().map(|group| &group.vocabulary) {
        if !known.contains(&name.get_ref().as_str()) {
            misnamed = true;
            let hint = reader.suggest(name.get_ref(), &known, || wording::define_vocabulary(name.get_ref()));
            reader.mistake(name.span(), wording::unknown_vocabulary(name.get_ref()), hint);
        }
    }
    // A group that names an unknown vocabulary probably means the one that seems unused.
    for name in notes.vocabularies.iter().filter(|name| !misnamed && !used.contains(name.get_ref().as_str())) {
        let hint = hints::use_vocabulary(name.get_ref());
        reader.mistake(name.span(), wording::unused_vocabulary(name.get_ref()), hint);
    }
}

/// Every `under` must name a word of the group outside, in one at least of the tables that use its vocabulary.
fn unders(reader: &Reader<'_>, pattern: &Pattern, notes: &Notes) {
    let words: HashMap<&str, HashSet<String>> = pattern
        .vocabularies
        .iter()
        .map(|(name, words)| (name.as_str(), words.iter().map(|word| fold_text(&word.value)).collect()))
        .collect();
    let mut outers: HashMap<&str, BTreeSet<Option<&str>>> = HashMap::new();
    for group in &notes.groups {
        outers.entry(group.vocabulary.get_ref()).or_default().insert(group.outer.as_deref());
    }
    // What a vocabulary lacks that is missing, or has a mistake of its own, is not known.
    let unsure = |outer: &str| words.get(outer).is_none_or(|words| words.is_empty() || words.contains(""));
    for UnderNote { vocabulary, word, under } in notes.unders.iter().take_while(|_| !reader.is_full()) {
        let Some(outers) = outers.get(vocabulary.as_str()) else { continue };
        let folded = fold_text(under.get_ref());
        let named = || outers.iter().flatten().copied();
        if named().any(|outer| unsure(outer) || words.get(outer).is_some_and(|words| words.contains(&folded))) {
            continue;
        }
        let Some((outer, known)) = named().find_map(|outer| Some((outer, words.get(outer)?))) else {
            let hint = hints::delete("under");
            reader.mistake(under.span(), wording::under_without_outer(word, vocabulary), hint);
            continue;
        };
        let mut known: Vec<&str> = known.iter().map(String::as_str).collect();
        known.sort_unstable();
        let hint = reader.suggest(under.get_ref(), &known, || wording::known_here(&known));
        reader.mistake(under.span(), wording::under_unknown(under.get_ref(), outer), hint);
    }
}

/// Every word of a group is looked for with each of its suffixes, and all of these are texts of the pattern.
fn suffixes(reader: &Reader<'_>, pattern: &Pattern, notes: &Notes) {
    for group in &notes.groups {
        let words = pattern.vocabularies.get(group.vocabulary.get_ref()).into_iter().flatten();
        let printed: usize = words.map(|word| 1 + word.also.len()).sum();
        if !reader.takes(printed.saturating_mul(group.suffixes), group.vocabulary.span()) {
            return;
        }
    }
}

/// Fields that are named in holes and elsewhere must be known to every record, or be fields of the pattern.
fn fields(reader: &Reader<'_>, pattern: &Pattern, notes: &Notes) {
    let own = pattern.sections.iter().flat_map(|section| match &section.body {
        Body::Fields(fields) => fields.as_slice(),
        Body::Table(_) => &[],
    });
    let mut known: Vec<&str> = contract::FIELDS.iter().map(|(id, _)| *id).collect();
    known.extend(own.map(|field| field.id.as_str()).filter(|id| contract::field_type(id).is_none()));
    let in_blocks = |name: &str| contract::columns("blocks").contains(&name);
    let field_holes = notes.holes.iter().filter(|(of, name)| *of == HoleOf::Field && name.get_ref() != GOAL);
    for name in field_holes.map(|(_, name)| name).chain(&notes.mentions) {
        let id = name.get_ref().as_str();
        // A weight, score or total of the form's own needs no more than its hole; a slip for a known one is no such thing.
        let figure = id.ends_with("_weight") || id.ends_with("_score") || id.starts_with("total_");
        let own_figure = figure && slip(id, &known).is_none();
        if !IdForm::Snake.fits(id) || known.contains(&id) || own_figure {
            continue;
        }
        let hint = reader.suggest(id, &known, || hints::define_field(id));
        reader.mistake(place_of_hole(reader, name), wording::unknown_field(id), hint);
    }
    for (_, name) in notes.holes.iter().filter(|(of, name)| *of == HoleOf::Block && !in_blocks(name.get_ref())) {
        if IdForm::Snake.fits(name.get_ref()) {
            let known = contract::columns("blocks");
            let hint = reader.suggest(name.get_ref(), known, || wording::known_here(known));
            reader.mistake(place_of_hole(reader, name), wording::unknown_block(name.get_ref()), hint);
        }
    }
}

/// The hole in the text at `name`; the whole place where it is written otherwise, as a term or with escapes.
fn place_of_hole(reader: &Reader<'_>, name: &Spanned<String>) -> Range<usize> {
    let span = name.span();
    let hole = format!("{{{}}}", name.get_ref());
    let at = reader.text().get(span.clone()).and_then(|written| written.find(&hole));
    at.map_or(span.clone(), |at| span.start + at..span.start + at + hole.len())
}

/// Notes an id that is probably a slip for one that all records know: nothing would read it.
pub(super) fn slip_of_column(reader: &Reader<'_>, id: &Spanned<String>, known: &[&str]) {
    if let Some(near) = slip(id.get_ref(), known) {
        reader.mistake(id.span(), wording::slip(id.get_ref()), hints::meant(near));
    }
}

/// The same for a field, of which forms have many of their own.
pub(super) fn slip_of_field(reader: &Reader<'_>, id: &Spanned<String>) {
    let known: Vec<&str> = contract::FIELDS.iter().map(|(id, _)| *id).collect();
    if let Some(near) = shuffled(id.get_ref(), &known) {
        reader.mistake(id.span(), wording::slip(id.get_ref()), hints::meant(near));
    }
}

/// A form is found by its opening fields, and is complete by its required ones.
fn detection(reader: &Reader<'_>, pattern: &Pattern, notes: &Notes) {
    let Some(first) = &notes.first_section else { return };
    let fields = || {
        pattern.sections.iter().flat_map(|section| match &section.body {
            Body::Fields(fields) => fields.as_slice(),
            Body::Table(_) => &[],
        })
    };
    if !fields().any(|field| field.required) {
        reader.mistake(first.clone(), wording::no_required_field(), wording::why_required());
    }
    if !fields().any(|field| field.opens) {
        reader.mistake(first.clone(), wording::no_opening_field(), wording::why_opens());
    }
}
