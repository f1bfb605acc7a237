//! Every text that a pattern names, with what it stands for, ready to be looked up.

use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use indexmap::IndexMap;
use regex::Regex;

use super::hits::Edges;
use super::stream::{Span, Stream};
use crate::fold::fold_text;
use crate::pattern::{Body, Field, Furniture, Part, Pattern, Rows, Template};
use crate::value::Type;

/// Lines longer than this are not compared with the pattern's furniture lines: a page number is short.
const MAX_FURNITURE_LINE: usize = 40;

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
    pub(crate) owners: Arc<[Owner]>,
    /// For each hole, in order, the field that it names; empty for the field that owns the text.
    pub(crate) hole_ids: Arc<[String]>,
    /// For each hole, in order, the type of what stands there.
    pub(crate) holes: Vec<Type>,
    /// For each hole, in order, the only texts that can stand there, folded; empty when any can.
    pub(crate) only: Vec<Vec<String>>,
}

impl Entry {
    /// The entry of `template`; `own` is the type of the field that owns it.
    fn new(pattern: &Pattern, template: &Template, owners: &[Owner], own: Option<Type>) -> Entry {
        let mut holes = Vec::new();
        let mut hole_ids = Vec::new();
        let mut only = Vec::new();
        for part in &template.parts {
            let Part::Hole(id) = part else { continue };
            hole_ids.push(id.clone());
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
        let length = template.length();
        let (owners, hole_ids) = (owners.into(), hole_ids.into());
        Entry { length, core: length, template: template.clone(), owners, hole_ids, holes, only }
    }

    /// Whether it is one text without holes.
    pub(crate) fn is_literal(&self) -> bool {
        matches!(self.template.parts.as_slice(), [Part::Literal(_)])
    }

    /// The character that it begins with, if it does not begin with a hole.
    pub(crate) fn first_char(&self) -> Option<char> {
        match self.template.parts.first()? {
            Part::Literal(chars) => chars.first().copied(),
            Part::Hole(_) => None,
        }
    }
}

/// The texts of a pattern.
pub(crate) struct Lexicon {
    pub(crate) entries: Vec<Entry>,
    /// What may follow a label and belongs to it.
    pub(crate) remarks: Vec<Entry>,
    /// What those begin with.
    remark_starts: Vec<char>,
    /// What whole lines that are furniture look like.
    lines: Vec<Regex>,
    /// What every form has: each thing by the owners that show it, with the length of its first label.
    pub(crate) wanted: Vec<(Vec<Owner>, usize)>,
    /// For each entry the numbers of those that it shows.
    shows: Vec<Vec<usize>>,
}

/// Where the texts of a lexicon may stand in a stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sightings {
    pub(crate) entries: Vec<Sighting>,
    /// The lines that are furniture as a whole.
    pub(crate) lines: Vec<Span>,
}

/// Where the longest part of an entry stands.
#[derive(Clone, Debug)]
pub(crate) struct Sighting {
    /// Number of the entry in its lexicon.
    pub(crate) entry: usize,
    /// Which of its parts stands there.
    pub(crate) part: usize,
    /// The characters there.
    pub(crate) core: Span,
    pub(crate) edges: Edges,
}

/// The texts of many patterns, ready for one search over a document.
pub(crate) struct Index {
    automaton: Option<AhoCorasick>,
    /// For each text of `automaton` whose longest part it is: the lexicon, the entry and the part.
    owners: Vec<Vec<(usize, usize, usize)>>,
    /// What lines of furniture look like, each with the lexicons that have it: families share most.
    lines: Vec<(Regex, Vec<usize>)>,
    lexicons: usize,
}

impl Index {
    /// Makes the texts of `lexicons` ready.
    pub(crate) fn new<'l>(lexicons: impl IntoIterator<Item = &'l Lexicon>) -> Index {
        let mut texts: IndexMap<String, Vec<(usize, usize, usize)>> = IndexMap::new();
        let mut lines: Vec<(Regex, Vec<usize>)> = Vec::new();
        let mut count = 0;
        for (number, lexicon) in lexicons.into_iter().enumerate() {
            count = number + 1;
            for line in &lexicon.lines {
                match lines.iter_mut().find(|(known, _)| known.as_str() == line.as_str()) {
                    Some((_, lexicons)) => lexicons.push(number),
                    None => lines.push((line.clone(), vec![number])),
                }
            }
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
        Index { automaton, owners: texts.into_values().collect(), lines, lexicons: count }
    }

    /// For each lexicon, in order, where its texts may stand in `stream`.
    pub(crate) fn search(&self, stream: &Stream) -> Vec<Sightings> {
        let mut sightings = vec![Sightings::default(); self.lexicons];
        self.search_lines(stream, &mut sightings);
        let Some(automaton) = &self.automaton else { return sightings };
        for hit in automaton.find_overlapping_iter(&stream.text) {
            let core = stream.char_number(hit.start())..stream.char_number(hit.end());
            let edges = Edges::of(stream, core.clone());
            for (lexicon, entry, part) in self.owners.get(hit.pattern().as_usize()).into_iter().flatten() {
                if let Some(own) = sightings.get_mut(*lexicon) {
                    own.entries.push(Sighting { entry: *entry, part: *part, core: core.clone(), edges });
                }
            }
        }
        sightings
    }

    /// Finds the lines that are furniture: page numbers and the like. Among cells none is: 6/6 answers a target there.
    fn search_lines(&self, stream: &Stream, sightings: &mut [Sightings]) {
        if self.lines.is_empty() {
            return;
        }
        for tokens in stream.tokens.chunk_by(|one, other| one.line == other.line) {
            let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
            let span = first.span.start..last.span.end;
            if span.len() > MAX_FURNITURE_LINE || stream.is_in_row(first.line) {
                continue;
            }
            let text = stream.text_of(&span);
            for (_, lexicons) in self.lines.iter().filter(|(line, _)| line.is_match(text)) {
                for lexicon in lexicons {
                    let lines = sightings.get_mut(*lexicon).map(|own| &mut own.lines);
                    // A line may look like several of one lexicon.
                    if let Some(lines) = lines.filter(|lines| lines.last() != Some(&span)) {
                        lines.push(span.clone());
                    }
                }
            }
        }
    }
}

impl Lexicon {
    /// Collects the texts of `pattern`.
    pub(crate) fn new(pattern: &Pattern) -> Lexicon {
        let remarks = pattern.remarks.iter().map(|remark| Entry::new(pattern, remark, &[], None));
        let remarks: Vec<Entry> = remarks.collect();
        let mut remark_starts: Vec<char> = remarks.iter().filter_map(Entry::first_char).collect();
        remark_starts.sort_unstable();
        remark_starts.dedup();
        let mut texts = Texts::default();
        let mut lines = Vec::new();
        for (number, section) in pattern.sections.iter().enumerate() {
            texts.add_section(pattern, number, section);
        }
        for furniture in &pattern.furniture {
            match furniture {
                Furniture::Text(template) => {
                    texts.add(pattern, template, Owner::Furniture { whole_line: false }, None);
                }
                Furniture::Prefix(template) => {
                    texts.add(pattern, template, Owner::Furniture { whole_line: true }, None);
                }
                Furniture::Line(line) => lines.push(line.clone()),
            }
        }
        let wanted = wanted(pattern);
        let shown = |entry: &Entry| {
            let shown =
                wanted.iter().enumerate().filter(|(_, (owners, _))| owners.iter().any(|it| entry.owners.contains(it)));
            shown.map(|(number, _)| number).collect()
        };
        let shows = texts.entries.iter().map(shown).collect();
        Lexicon { entries: texts.entries, remarks, remark_starts, lines, wanted, shows }
    }

    /// The share of the labels that every form has which a form can have at most, by where their texts may stand.
    pub(crate) fn coverage_at_most(&self, sightings: &Sightings) -> f64 {
        let mut seen = vec![false; self.wanted.len()];
        for number in sightings.entries.iter().filter_map(|sighting| self.shows.get(sighting.entry)).flatten() {
            seen[*number] = true;
        }
        seen.iter().filter(|seen| **seen).count() as f64 / seen.len().max(1) as f64
    }

    /// Whether a remark may begin with this character.
    pub(crate) fn begins_remark(&self, ch: char) -> bool {
        self.remark_starts.contains(&ch)
    }
}

/// The texts of a lexicon in the making.
#[derive(Default)]
struct Texts {
    entries: Vec<Entry>,
}

impl Texts {
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
                            let core = template.length();
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

    /// Adds a text, and gives its entry: there is one for each text, whatever it stands for.
    fn add(&mut self, pattern: &Pattern, template: &Template, owner: Owner, own: Option<Type>) -> Option<&mut Entry> {
        let length = template.length();
        let known = |entry: &Entry| entry.length == length && entry.template.parts == template.parts;
        let number = self.entries.iter().position(known).unwrap_or(self.entries.len());
        if number == self.entries.len() {
            self.entries.push(Entry::new(pattern, template, &[owner], own));
        }
        let entry = self.entries.get_mut(number)?;
        if !entry.owners.contains(&owner) {
            entry.owners = entry.owners.iter().copied().chain([owner]).collect();
        }
        Some(entry)
    }

    /// Adds a word of a vocabulary of which the first `core` characters are the word itself.
    fn add_word(&mut self, pattern: &Pattern, template: &Template, owner: Owner, core: usize) {
        if let Some(entry) = self.add(pattern, template, owner, None) {
            entry.core = core;
        }
    }
}

/// What every form of the pattern has: each thing by the owners that show it, with the length of its first label.
fn wanted(pattern: &Pattern) -> Vec<(Vec<Owner>, usize)> {
    let length = |labels: &[Template]| labels.first().map_or(0, Template::length);
    let mut wanted = Vec::new();
    for (section, part) in pattern.sections.iter().enumerate().filter(|(_, part)| !part.optional) {
        if !part.headings.is_empty() {
            wanted.push((vec![Owner::Heading { section }], length(&part.headings)));
        }
        match &part.body {
            Body::Fields(fields) => {
                for (field, it) in fields.iter().enumerate().filter(|(_, field)| field.required || field.usual) {
                    let owners = vec![Owner::Label { section, field }, Owner::Words { section, field }];
                    wanted.push((owners, length(&it.labels).max(length(&it.words))));
                }
            }
            Body::Table(table) => {
                for (column, it) in table.columns.iter().enumerate().filter(|(_, column)| !column.optional) {
                    wanted.push((vec![Owner::Column { section, column }], length(&it.labels)));
                }
            }
        }
    }
    wanted
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
