//! Every text that a pattern names, with what it stands for, ready to be looked up.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use indexmap::IndexMap;

use crate::fold::fold_text;
use crate::pattern::{Body, Field, Furniture, Part, Pattern, Rows, Template};
use crate::value::Type;

/// What a text of the pattern stands for. Numbers are places in the pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Owner {
    /// The label of a field.
    Label { section: usize, field: usize },
    /// Words that are the value of a field.
    Words { section: usize, field: usize },
    /// The heading of a section.
    Heading { section: usize },
    /// The head of a table column.
    Column { section: usize, column: usize },
    /// The head of a group's column.
    GroupHead { section: usize, group: usize },
    /// A word of a group's vocabulary.
    Word { section: usize, group: usize, word: usize },
    /// The label of a table row.
    RowLabel { section: usize },
    /// The label of the row that adds up a table.
    Total { section: usize },
    /// The mark of a spare row.
    Spare { section: usize },
    /// Text that is neither label nor value.
    Furniture { whole_line: bool },
}

impl Owner {
    /// The section that the text belongs to.
    pub(crate) fn section(self) -> Option<usize> {
        match self {
            Owner::Label { section, .. }
            | Owner::Words { section, .. }
            | Owner::Heading { section }
            | Owner::Column { section, .. }
            | Owner::GroupHead { section, .. }
            | Owner::Word { section, .. }
            | Owner::RowLabel { section }
            | Owner::Total { section }
            | Owner::Spare { section } => Some(section),
            Owner::Furniture { .. } => None,
        }
    }
}

/// A text of the pattern with all that it may stand for.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) template: Template,
    /// Length of the literal parts, in characters.
    pub(crate) length: usize,
    /// How many of them are the word itself: what follows a word of a vocabulary, a weight in brackets, is none of it.
    pub(crate) core: usize,
    pub(crate) owners: Vec<Owner>,
    /// For each hole, in order, the type of what stands there.
    pub(crate) holes: Vec<Type>,
    /// For each hole, in order, the only texts that can stand there, folded; empty when any can.
    pub(crate) only: Vec<Vec<String>>,
}

impl Entry {
    /// The entry of `template`; `own` is the type of the field that owns it.
    fn new(pattern: &Pattern, template: &Template, owners: Vec<Owner>, own: Option<Type>) -> Entry {
        let mut holes = Vec::new();
        let mut only = Vec::new();
        for part in &template.parts {
            let Part::Hole(id) = part else { continue };
            let field = match owners.first() {
                Some(Owner::Label { section, field } | Owner::Words { section, field }) if id.is_empty() => {
                    field_at(pattern, *section, *field)
                }
                _ => field_named(pattern, id),
            };
            holes.push(match id.as_str() {
                "" => own.unwrap_or(Type::Text),
                id => hole_type(pattern, id),
            });
            let words = field.map(|field| field.only.iter().map(|word| fold_text(word)).collect());
            only.push(words.unwrap_or_default());
        }
        let length = template.literal().len();
        Entry { length, core: length, template: template.clone(), owners, holes, only }
    }
}

/// The texts of a pattern.
pub(crate) struct Lexicon {
    pub(crate) entries: Vec<Entry>,
    /// What may follow a label and belongs to it.
    pub(crate) remarks: Vec<Entry>,
}

/// Where in a text the longest part of an entry stands.
#[derive(Clone, Debug)]
pub(crate) struct Sighting {
    /// Number of the entry in its lexicon.
    pub(crate) entry: usize,
    /// Which of its parts stands there.
    pub(crate) part: usize,
    /// The bytes where it stands.
    pub(crate) bytes: Range<usize>,
}

/// The texts of many patterns, ready for one search over a document.
pub(crate) struct Index {
    automaton: Option<AhoCorasick>,
    /// For each text of `automaton` whose longest part it is: the lexicon, the entry and the part.
    owners: Vec<Vec<(usize, usize, usize)>>,
    lexicons: usize,
}

impl Index {
    /// Makes the texts of `lexicons` ready.
    pub(crate) fn new<'l>(lexicons: impl IntoIterator<Item = &'l Lexicon>) -> Index {
        let mut texts: IndexMap<String, Vec<(usize, usize, usize)>> = IndexMap::new();
        let mut count = 0;
        for (number, lexicon) in lexicons.into_iter().enumerate() {
            count = number + 1;
            for (at, entry) in lexicon.entries.iter().enumerate() {
                // The longest literal part is the rarest in a document.
                let literals = entry.template.parts.iter().enumerate().filter_map(|(part, text)| match text {
                    Part::Literal(chars) => Some((part, chars)),
                    Part::Hole(_) => None,
                });
                if let Some((part, chars)) = literals.max_by_key(|(part, chars)| (chars.len(), usize::MAX - part)) {
                    texts.entry(chars.iter().collect()).or_default().push((number, at, part));
                }
            }
        }
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(texts.keys()).ok();
        Index { automaton, owners: texts.into_values().collect(), lexicons: count }
    }

    /// For each lexicon, in order, where its entries may stand in `text`.
    pub(crate) fn search(&self, text: &str) -> Vec<Vec<Sighting>> {
        let mut sightings = vec![Vec::new(); self.lexicons];
        let Some(automaton) = &self.automaton else { return sightings };
        for hit in automaton.find_overlapping_iter(text) {
            for (lexicon, entry, part) in self.owners.get(hit.pattern().as_usize()).into_iter().flatten() {
                if let Some(own) = sightings.get_mut(*lexicon) {
                    own.push(Sighting { entry: *entry, part: *part, bytes: hit.range() });
                }
            }
        }
        sightings
    }
}

impl Lexicon {
    /// Collects the texts of `pattern`.
    pub(crate) fn new(pattern: &Pattern) -> Lexicon {
        let remarks = pattern.remarks.iter().map(|remark| Entry::new(pattern, remark, Vec::new(), None));
        let remarks = remarks.collect();
        let mut lexicon = Lexicon { entries: Vec::new(), remarks };
        for (number, section) in pattern.sections.iter().enumerate() {
            lexicon.add_section(pattern, number, section);
        }
        for furniture in &pattern.furniture {
            match furniture {
                Furniture::Text(template) => {
                    lexicon.add(pattern, template, Owner::Furniture { whole_line: false }, None)
                }
                Furniture::Prefix(template) => {
                    lexicon.add(pattern, template, Owner::Furniture { whole_line: true }, None)
                }
                Furniture::Line(_) => {}
            }
        }
        lexicon
    }

    fn add_section(&mut self, pattern: &Pattern, number: usize, section: &crate::pattern::Section) {
        for heading in &section.headings {
            self.add(pattern, heading, Owner::Heading { section: number }, None);
        }
        match &section.body {
            Body::Fields(fields) => {
                for (at, field) in fields.iter().enumerate() {
                    for label in &field.labels {
                        self.add(pattern, label, Owner::Label { section: number, field: at }, Some(field.kind));
                    }
                    for words in &field.words {
                        self.add(pattern, words, Owner::Words { section: number, field: at }, Some(field.kind));
                    }
                }
            }
            Body::Table(table) => {
                for (at, column) in table.columns.iter().enumerate() {
                    for label in &column.labels {
                        self.add(pattern, label, Owner::Column { section: number, column: at }, None);
                    }
                }
                for (at, group) in table.groups.iter().enumerate() {
                    for label in &group.labels {
                        self.add(pattern, label, Owner::GroupHead { section: number, group: at }, None);
                    }
                    for (word_number, word) in
                        pattern.vocabularies.get(&group.vocabulary).into_iter().flatten().enumerate()
                    {
                        let owner = Owner::Word { section: number, group: at, word: word_number };
                        for template in Template::parse(&word.value).iter().chain(&word.also) {
                            let core = template.literal().len();
                            self.add(pattern, template, owner, None);
                            for suffix in &group.suffixes {
                                self.add_word(pattern, &template.followed_by(suffix), owner, core);
                            }
                        }
                    }
                }
                if let Rows::Labelled { labels, .. } | Rows::Across { labels, .. } = &table.rows {
                    for label in labels {
                        self.add(pattern, label, Owner::RowLabel { section: number }, None);
                    }
                }
                for label in table.total.iter().flat_map(|total| &total.labels) {
                    self.add(pattern, label, Owner::Total { section: number }, None);
                }
                for mark in &table.spare {
                    if let Ok(template) = Template::parse(mark) {
                        self.add(pattern, &template, Owner::Spare { section: number }, None);
                    }
                }
            }
        }
    }

    fn add(&mut self, pattern: &Pattern, template: &Template, owner: Owner, own: Option<Type>) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.template.parts == template.parts) {
            if !entry.owners.contains(&owner) {
                entry.owners.push(owner);
            }
            return;
        }
        self.entries.push(Entry::new(pattern, template, vec![owner], own));
    }

    /// Adds a word of a vocabulary of which the first `core` characters are the word itself.
    fn add_word(&mut self, pattern: &Pattern, template: &Template, owner: Owner, core: usize) {
        self.add(pattern, template, owner, None);
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.template.parts == template.parts) {
            entry.core = core;
        }
    }
}

fn field_named<'p>(pattern: &'p Pattern, id: &str) -> Option<&'p Field> {
    pattern.sections.iter().find_map(|section| match &section.body {
        Body::Fields(fields) => fields.iter().find(|field| field.id == id),
        Body::Table(_) => None,
    })
}

fn field_at(pattern: &Pattern, section: usize, field: usize) -> Option<&Field> {
    match &pattern.sections.get(section)?.body {
        Body::Fields(fields) => fields.get(field),
        Body::Table(_) => None,
    }
}

/// The type of a field that a hole names: as the pattern declares it, else told from the id's ending.
pub(crate) fn hole_type(pattern: &Pattern, id: &str) -> Type {
    field_named(pattern, id).map(|field| field.kind).unwrap_or(match id {
        "year" | "goal" => Type::Integer,
        _ if id.ends_with("weight") || id.ends_with("score") || id.starts_with("total_") => Type::Decimal,
        _ => Type::Text,
    })
}
