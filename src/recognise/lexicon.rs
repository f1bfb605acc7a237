//! Every text that a pattern names, with what it stands for, ready to be looked up.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::pattern::{Body, Furniture, Part, Pattern, Rows, Template};
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
    pub(crate) owners: Vec<Owner>,
    /// For each hole, in order, the type of what stands there.
    pub(crate) holes: Vec<Type>,
}

/// The texts of a pattern, ready for one search over a document.
pub(crate) struct Lexicon {
    pub(crate) entries: Vec<Entry>,
    /// For each key of `automaton`, the entry and which of its parts the key is.
    keys: Vec<(usize, usize)>,
    automaton: Option<AhoCorasick>,
}

impl Lexicon {
    /// Collects the texts of `pattern`.
    pub(crate) fn new(pattern: &Pattern) -> Lexicon {
        let mut lexicon = Lexicon { entries: Vec::new(), keys: Vec::new(), automaton: None };
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
        let mut texts = Vec::new();
        for (number, entry) in lexicon.entries.iter().enumerate() {
            // The longest literal part is the rarest in a document.
            let longest = entry.template.parts.iter().enumerate().filter_map(|(part, text)| match text {
                Part::Literal(chars) => Some((part, chars)),
                Part::Hole(_) => None,
            });
            if let Some((part, chars)) = longest.max_by_key(|(part, chars)| (chars.len(), usize::MAX - part)) {
                texts.push(chars.iter().collect::<String>());
                lexicon.keys.push((number, part));
            }
        }
        lexicon.automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&texts).ok();
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
                        if let Ok(template) = Template::parse(&word.value) {
                            self.add(pattern, &template, owner, None);
                        }
                        for also in &word.also {
                            self.add(pattern, also, owner, None);
                        }
                    }
                }
                if let Rows::Labelled { labels, .. } = &table.rows {
                    for label in labels {
                        self.add(pattern, label, Owner::RowLabel { section: number }, None);
                    }
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
        let holes = template.parts.iter().filter_map(|part| match part {
            Part::Hole(id) if id.is_empty() => Some(own.unwrap_or(Type::Text)),
            Part::Hole(id) => Some(hole_type(pattern, id)),
            Part::Literal(_) => None,
        });
        let holes = holes.collect();
        self.entries.push(Entry {
            length: template.literal().len(),
            template: template.clone(),
            owners: vec![owner],
            holes,
        });
    }

    /// Calls `found` with entry, part and byte range for each place in `text` where the longest part of an entry stands.
    pub(crate) fn search(&self, text: &str, mut found: impl FnMut(usize, usize, std::ops::Range<usize>)) {
        let Some(automaton) = &self.automaton else { return };
        for hit in automaton.find_overlapping_iter(text) {
            if let Some((entry, part)) = self.keys.get(hit.pattern().as_usize()) {
                found(*entry, *part, hit.range());
            }
        }
    }
}

/// The type of a field that a hole names: as the pattern declares it, else told from the id's ending.
pub(crate) fn hole_type(pattern: &Pattern, id: &str) -> Type {
    let declared = pattern.sections.iter().find_map(|section| match &section.body {
        Body::Fields(fields) => fields.iter().find(|field| field.id == id).map(|field| field.kind),
        Body::Table(_) => None,
    });
    declared.unwrap_or(match id {
        "year" => Type::Integer,
        _ if id.ends_with("weight") || id.ends_with("score") => Type::Decimal,
        _ => Type::Text,
    })
}
