//! TOML to a [`Pattern`]: one function for each table of the language, in the order of the README.

use indexmap::IndexMap;
use toml::Spanned;

use super::check::{self, HoleOf, Notes, Scope};
use super::keys::Keys;
use super::mistake::Mistake;
use super::name::IdForm;
use super::reader::Reader;
use super::shared::{self, Shared};
use super::template::Template;
use super::texts::Holes;
use super::{Body, Column, Field, Furniture, Group, Pattern, Rows, Section, Table, Total, Word};
use super::{contract, hints, policy, syntax, wording};
use crate::fold::fold_text;
use crate::message::Message;
use crate::value::Type;

/// Bytes of a pattern file. The longest family known needs some twenty thousand.
pub(super) const MAX_BYTES: usize = 256 * 1024;

/// The words for [`Type`] in a pattern.
pub(super) const TYPES: &[(&str, Type)] = &[
    ("text", Type::Text),
    ("prose", Type::Prose),
    ("integer", Type::Integer),
    ("decimal", Type::Decimal),
    ("percent", Type::Percent),
    ("date", Type::Date),
    ("quantity", Type::Quantity),
    ("choices", Type::Choices),
];

#[derive(Clone, Copy)]
enum RowsWord {
    Listed,
    Single,
    Labelled,
    Across,
}

const ROWS: &[(&str, RowsWord)] = &[
    ("listed", RowsWord::Listed),
    ("single", RowsWord::Single),
    ("labelled", RowsWord::Labelled),
    ("across", RowsWord::Across),
];

/// Reads the pattern in `text`. `source_name` is what mistakes call it: a path, or `-`.
///
/// Gives the pattern, or every mistake in the order of the text; never an empty list of them. A text that is not
/// TOML gives its syntax errors alone, since what follows one cannot be trusted.
pub fn load(source_name: &str, text: &str) -> Result<Pattern, Vec<Mistake>> {
    let reader = Reader::new(source_name, text);
    let pattern = read(&reader);
    let mistakes = reader.into_mistakes();
    if mistakes.is_empty() { Ok(pattern) } else { Err(mistakes) }
}

fn read(reader: &Reader<'_>) -> Pattern {
    if reader.text().len() > MAX_BYTES {
        reader.mistake(0..0, wording::file_too_large(MAX_BYTES), hints::right_file());
        return Pattern::default();
    }
    match syntax::parse(reader) {
        Some(root) => pattern(reader, Keys::new(reader, root.get_ref(), 0..0)),
        None => Pattern::default(),
    }
}

fn pattern(reader: &Reader<'_>, keys: Keys<'_, '_>) -> Pattern {
    let mut notes = Notes::default();
    keys.need(&["id", "name", "section"]);
    let id = keys.text("id");
    if let Some(id) = &id {
        reader.check_id(id, IdForm::Kebab);
    }
    let included = shared::include(reader, &keys);
    notes.included(included.vocabularies.keys());
    let own = vocabulary_file(reader, &mut notes, &keys);
    let sections = keys.tables("section").into_iter().map(|keys| section(reader, &mut notes, keys)).collect();
    let shared = included.with(own);
    let pattern = Pattern {
        id: plain(id),
        name: keys.table("name").map(name).unwrap_or_default(),
        overall: keys.flag("overall").unwrap_or(false),
        look_alike: keys.flag("look_alike").unwrap_or(false),
        blanks: shared.blanks,
        splits: shared.splits,
        fewer_is_better: shared.fewer_is_better,
        more_is_better: shared.more_is_better,
        subtotals: shared.subtotals,
        exceptions: shared.exceptions,
        remarks: shared.remarks,
        sections,
        vocabularies: shared.vocabularies,
        furniture: shared.furniture,
        policy: shared.policy,
    };
    keys.done();
    check::check(reader, &pattern, &notes);
    pattern
}

/// What a pattern may have for itself or take from a shared file: words that many families have in common.
pub(super) fn vocabulary_file(reader: &Reader<'_>, notes: &mut Notes, keys: &Keys<'_, '_>) -> Shared {
    for (name, labels) in keys.named_templates("terms") {
        reader.check_id(&name, IdForm::Snake);
        reader.terms.borrow_mut().insert(name.into_inner(), unplaced(labels));
    }
    Shared {
        blanks: keys.texts("blanks"),
        splits: keys.texts("splits"),
        fewer_is_better: folded(keys.texts("fewer_is_better")),
        more_is_better: folded(keys.texts("more_is_better")),
        subtotals: folded(keys.texts("subtotals")),
        exceptions: keys.texts("exceptions"),
        remarks: remarks(notes, keys),
        vocabularies: vocabularies(reader, notes, keys),
        furniture: keys.tables("furniture").into_iter().filter_map(furniture).collect(),
        policy: keys.tables("policy").into_iter().map(|keys| policy::rule(reader, notes, keys)).collect(),
    }
}

fn remarks(notes: &mut Notes, keys: &Keys<'_, '_>) -> Vec<Template> {
    let remarks = keys.templates("remarks", Holes::Named);
    notes.holes(HoleOf::Field, &remarks);
    unplaced(remarks)
}

fn name(keys: Keys<'_, '_>) -> Message {
    keys.need(&["zh", "en"]);
    let name = Message::new(plain(keys.text("zh")), plain(keys.text("en")));
    keys.done();
    name
}

fn section(reader: &Reader<'_>, notes: &mut Notes, keys: Keys<'_, '_>) -> Section {
    notes.section(keys.span());
    keys.need(&["id"]);
    let id = id(reader, notes, &keys, "id", Scope::Sections);
    let headings = keys.templates("headings", Holes::Named);
    notes.labels(Scope::Headings, &id, &headings);
    let optional = keys.flag("optional").unwrap_or(false);
    keys.need_one(&["field", "table"]);
    let fields = keys.tables("field").into_iter().map(|keys| field(reader, notes, keys)).collect();
    let body = match keys.table("table") {
        Some(keys) => Body::Table(table(reader, notes, &id, keys)),
        None => Body::Fields(fields),
    };
    keys.done();
    Section { id, optional, headings: unplaced(headings), body }
}

fn field(reader: &Reader<'_>, notes: &mut Notes, keys: Keys<'_, '_>) -> Field {
    keys.need(&["id", "type"]);
    let id = id(reader, notes, &keys, "id", Scope::Fields);
    if let Some(id) = keys.text("id") {
        check::slip_of_field(reader, &id);
    }
    let kind = keys.one_of("type", TYPES);
    let labels = keys.templates("labels", Holes::Own);
    let words = keys.templates("words", Holes::Own);
    if !keys.has("labels") && !keys.has("words") {
        let either = ["labels", "words"];
        reader.mistake(keys.span(), wording::one_of_keys(&either), hints::one_of(&keys.examples(&either)));
    }
    notes.labels(Scope::FieldLabels, &id, &labels);
    notes.labels(Scope::FieldLabels, &id, &words);
    if let Some(kind) = kind {
        check::contract_type(reader, &id, kind, keys.span_of("type"));
    }
    match kind {
        Some(Type::Choices) => keys.need(&["choices"]),
        Some(_) if keys.has("choices") => {
            reader.mistake(keys.span_of("choices"), wording::choices_need_type(), hints::choices_type());
        }
        _ => {}
    }
    let field = Field {
        id,
        kind: kind.unwrap_or(Type::Text),
        labels: unplaced(labels),
        words: unplaced(words),
        // A flag that cannot be read is a mistake already, and must not seem missing besides.
        required: keys.flag("required").unwrap_or(keys.has("required")),
        usual: keys.flag("usual").unwrap_or(false),
        opens: keys.flag("opens").unwrap_or(keys.has("opens")),
        choices: keys.texts("choices"),
        only: keys.texts("only"),
        ends: unplaced(keys.templates("ends", Holes::Never)).into_iter().map(|end| end.text).collect(),
        code: field_id(reader, notes, &keys, "code"),
    };
    keys.done();
    field
}

fn table(reader: &Reader<'_>, notes: &mut Notes, section: &str, keys: Keys<'_, '_>) -> Table {
    notes.table();
    keys.need(&["rows", "column"]);
    let known = contract::columns(section);
    let rows = rows(reader, notes, known, &keys);
    let mut outer = None;
    let groups = keys
        .tables("group")
        .into_iter()
        .map(|keys| {
            let (group, vocabulary) = group(reader, notes, known, keys);
            notes.group(vocabulary, outer.replace(group.vocabulary.clone()), group.suffixes.len());
            group
        })
        .collect();
    let columns = keys.tables("column").into_iter().map(|keys| column(reader, notes, known, keys));
    let columns: Vec<Column> = columns.collect();
    let table = Table {
        rows,
        groups,
        spare: keys.texts("spare"),
        block_score: field_id(reader, notes, &keys, "block_score"),
        total: keys.table("total").map(|keys| total(reader, notes, &columns, keys)),
        parts: keys.texts("parts"),
        columns,
    };
    keys.done();
    table
}

/// The row that adds up: its labels, and for columns of the table the fields that take their sums.
fn total(reader: &Reader<'_>, notes: &mut Notes, columns: &[Column], keys: Keys<'_, '_>) -> Total {
    keys.need(&["labels", "fields"]);
    let labels = keys.templates("labels", Holes::Named);
    notes.labels(Scope::RowLabels(notes.tables), "total", &labels);
    let ids: Vec<&str> = columns.iter().map(|column| column.id.as_str()).collect();
    let mut fields = Vec::new();
    for (column, field) in keys.named_texts("fields") {
        if !ids.contains(&column.get_ref().as_str()) {
            let hint = reader.suggest(column.get_ref(), &ids, || wording::known_here(&ids));
            reader.mistake(column.span(), wording::unknown_column(column.get_ref()), hint);
        }
        reader.check_id(&field, IdForm::Snake);
        notes.mention(&field);
        fields.push((column.into_inner(), field.into_inner()));
    }
    keys.done();
    Total { labels: unplaced(labels), fields }
}

/// The id of a field that takes something besides its own value.
fn field_id(reader: &Reader<'_>, notes: &mut Notes, keys: &Keys<'_, '_>, key: &'static str) -> Option<String> {
    let field = keys.text(key)?;
    reader.check_id(&field, IdForm::Snake);
    notes.mention(&field);
    Some(field.into_inner())
}

/// Notes an id that is a slip for one of `known`.
fn slip(reader: &Reader<'_>, keys: &Keys<'_, '_>, key: &'static str, known: &[&str]) {
    if let Some(id) = keys.text(key) {
        check::slip_of_column(reader, &id, known);
    }
}

fn rows(reader: &Reader<'_>, notes: &mut Notes, known: &[&str], keys: &Keys<'_, '_>) -> Rows {
    let word = keys.one_of("rows", ROWS);
    let label = keys.table("row_label").map(|keys| {
        keys.need(&["column", "labels"]);
        let column = id(reader, notes, &keys, "column", Scope::Columns(notes.tables));
        slip(reader, &keys, "column", known);
        let labels = keys.templates("labels", Holes::Named);
        notes.labels(Scope::RowLabels(notes.tables), &column, &labels);
        let value = match word {
            Some(RowsWord::Across) => {
                keys.need(&["value"]);
                slip(reader, &keys, "value", known);
                keys.text("value").map(Spanned::into_inner)
            }
            _ => None,
        };
        keys.done();
        (column, unplaced(labels), value)
    });
    match word {
        Some(RowsWord::Labelled | RowsWord::Across) => keys.need(&["row_label"]),
        Some(_) if keys.has("row_label") => {
            reader.mistake(keys.span_of("row_label"), wording::row_label_needs_labelled(), hints::rows_labelled());
        }
        _ => {}
    }
    match (word, label) {
        (Some(RowsWord::Single), _) => Rows::Single,
        (Some(RowsWord::Labelled), Some((column, labels, _))) => Rows::Labelled { column, labels },
        (Some(RowsWord::Across), Some((column, labels, value))) => {
            Rows::Across { column, labels, value: value.unwrap_or_default() }
        }
        _ => Rows::Listed,
    }
}

fn column(reader: &Reader<'_>, notes: &mut Notes, known: &[&str], keys: Keys<'_, '_>) -> Column {
    keys.need(&["id", "type", "labels"]);
    let id = id(reader, notes, &keys, "id", Scope::Columns(notes.tables));
    slip(reader, &keys, "id", known);
    let labels = keys.templates("labels", Holes::Named);
    notes.labels(Scope::ColumnLabels(notes.tables), &id, &labels);
    let column = Column {
        id,
        kind: keys.one_of("type", TYPES).unwrap_or(Type::Text),
        labels: unplaced(labels),
        words: keys.texts("words"),
        required: keys.flag("required").unwrap_or(false),
        optional: keys.flag("optional").unwrap_or(false),
    };
    keys.done();
    column
}

/// A group, and the name of its vocabulary with its place.
fn group(
    reader: &Reader<'_>,
    notes: &mut Notes,
    known: &[&str],
    keys: Keys<'_, '_>,
) -> (Group, Option<Spanned<String>>) {
    keys.need(&["column", "vocabulary"]);
    let column = id(reader, notes, &keys, "column", Scope::Columns(notes.tables));
    slip(reader, &keys, "column", known);
    let labels = keys.templates("labels", Holes::Named);
    notes.labels(Scope::ColumnLabels(notes.tables), &column, &labels);
    let vocabulary = keys.text("vocabulary");
    let suffixes = keys.templates("suffixes", Holes::Named);
    notes.holes(HoleOf::Block, &suffixes);
    let group =
        Group { column, labels: unplaced(labels), vocabulary: plain(vocabulary.clone()), suffixes: unplaced(suffixes) };
    keys.done();
    (group, vocabulary)
}

fn vocabularies(reader: &Reader<'_>, notes: &mut Notes, keys: &Keys<'_, '_>) -> IndexMap<String, Vec<Word>> {
    let mut vocabularies = IndexMap::new();
    for (name, words) in keys.named_tables("vocabulary") {
        reader.check_id(&name, IdForm::Snake);
        let words = words.into_iter().map(|keys| word(notes, name.get_ref(), keys)).collect();
        notes.vocabularies.push(name.clone());
        vocabularies.insert(name.into_inner(), words);
    }
    vocabularies
}

/// Texts that are looked for in folded ones.
fn folded(texts: Vec<String>) -> Vec<String> {
    texts.iter().map(|text| fold_text(text)).collect()
}

fn word(notes: &mut Notes, vocabulary: &str, keys: Keys<'_, '_>) -> Word {
    keys.need(&["value"]);
    let value = keys.template("value", Holes::Never);
    let also = keys.templates("also", Holes::Named);
    let under = keys.text("under");
    let (ceiling, floor) = (keys.flag("ceiling").unwrap_or(false), keys.flag("floor").unwrap_or(false));
    let signs = folded(keys.texts("signs"));
    let shown = value.as_ref().map(|value| value.get_ref().text.clone()).unwrap_or_default();
    let scope = Scope::Vocabulary(vocabulary.to_owned());
    notes.labels(scope.clone(), &shown, value.as_slice());
    notes.labels(scope, &shown, &also);
    if let Some(under) = &under {
        notes.under(vocabulary, &shown, under);
    }
    keys.done();
    Word { value: shown, also: unplaced(also), under: under.map(Spanned::into_inner), ceiling, floor, signs }
}

fn furniture(keys: Keys<'_, '_>) -> Option<Furniture> {
    keys.need_one(&["text", "prefix", "line"]);
    let text = keys.print("text").map(Furniture::Text);
    let prefix = keys.print("prefix").map(Furniture::Prefix);
    let line = keys.regex("line").map(Furniture::Line);
    keys.done();
    text.or(prefix).or(line)
}

/// Reads an id, checks its form and notes it as taken in `scope`.
fn id(reader: &Reader<'_>, notes: &mut Notes, keys: &Keys<'_, '_>, key: &'static str, scope: Scope) -> String {
    let Some(id) = keys.text(key) else { return String::new() };
    reader.check_id(&id, IdForm::Snake);
    notes.id(scope, &id);
    id.into_inner()
}

fn plain(text: Option<Spanned<String>>) -> String {
    text.map(Spanned::into_inner).unwrap_or_default()
}

fn unplaced(templates: Vec<Spanned<Template>>) -> Vec<Template> {
    templates.into_iter().map(Spanned::into_inner).collect()
}
