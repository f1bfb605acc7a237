//! Form families as data: TOML to a checked [`Pattern`]. Knows nothing of pages or PDFs.
//!
//! The language is documented for its authors in `patterns/README.md`.

use indexmap::IndexMap;

use crate::message::Message;
use crate::value::Type;

mod builtin;
mod check;
mod contract;
mod folder;
mod hints;
mod keys;
mod load;
mod mistake;
mod name;
mod policy;
mod reader;
mod schema;
mod shared;
mod syntax;
mod template;
mod texts;
mod wording;

pub use contract::CHECKS;
pub(crate) use contract::{field_type, slip_of_shared};
pub use folder::{BrokenFile, LoadError, load_bytes};
pub use load::load;
pub use mistake::{Mistake, Position};
pub use policy::{Overrides, Rule, Standing, Tier};
pub use schema::schema;
pub use template::{Part, Template};

/// The loaded patterns, in the order of their ids.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    /// The patterns.
    pub list: Vec<Pattern>,
}

impl Patterns {
    /// Adds a pattern, in place of the one with the same id.
    pub fn add(&mut self, pattern: Pattern) {
        self.list.retain(|known| known.id != pattern.id);
        self.list.push(pattern);
        self.list.sort_by(|one, other| one.id.cmp(&other.id));
    }

    /// The pattern with this id.
    pub fn get(&self, id: &str) -> Option<&Pattern> {
        self.list.iter().find(|pattern| pattern.id == id)
    }
}

/// A form family: what its forms are called, what stands in them, and by which rules they are scored.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Pattern {
    /// Short name in lower case, unique among the loaded patterns.
    pub id: String,
    /// Name for people.
    pub name: Message,
    /// Whether its forms only look like those that are wanted: they are named, and not read.
    pub look_alike: bool,
    /// Whether its forms are of all that a unit spends in a year, not of one project.
    pub overall: bool,
    /// The parts of the form, from top to bottom.
    pub sections: Vec<Section>,
    /// Word lists that groups and columns refer to, by name.
    pub vocabularies: IndexMap<String, Vec<Word>>,
    /// What is written for "nothing": a dash, a stroke. Read as a blank value.
    pub blanks: Vec<String>,
    /// What the name of a source of funds begins with where it may split the source above it: 其中.
    pub splits: Vec<String>,
    /// Words, folded, in the name of an indicator of which less is better, so that a target without a comparator may be a ceiling:
    /// 投诉.
    pub fewer_is_better: Vec<String>,
    /// Words, folded, in the name of an indicator of which more is better: 合格率. Of both lists the longer word tells.
    pub more_is_better: Vec<String>,
    /// How the name of a row of the indicators ends that adds up those above it, folded: 小计.
    pub subtotals: Vec<String>,
    /// Words by which a sentence takes back, or bends, the rule that it prints: 不采用, 酌情.
    pub exceptions: Vec<String>,
    /// Text that may follow any label and belongs to it: （盖章）, （A）.
    pub remarks: Vec<Template>,
    /// Text that is neither label nor value: page numbers, printed notes.
    pub furniture: Vec<Furniture>,
    /// The scoring rules of the family.
    pub policy: Vec<Rule>,
}

/// A part of a form.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Section {
    /// Name of the section; for a table the table's id in the record.
    pub id: String,
    /// Whether forms of the family may lack it.
    pub optional: bool,
    /// Headings of the section; they often run vertically beside it. A hole in one captures a field.
    pub headings: Vec<Template>,
    /// What it holds.
    pub body: Body,
}

/// What a section holds.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a pattern has some ten of them, and they stay where they are")]
pub enum Body {
    /// Labels with a value each.
    Fields(Vec<Field>),
    /// A table.
    Table(Table),
}

/// A label with its value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Field {
    /// Id in the record.
    pub id: String,
    /// How its value reads.
    pub kind: Type,
    /// What the form calls it. A hole `{}` stands where the value stands inside the label.
    pub labels: Vec<Template>,
    /// Words that are themselves the value (a title); they may have holes.
    pub words: Vec<Template>,
    /// Whether a form without it is incomplete.
    pub required: bool,
    /// Whether nearly every form of the family has it: that speaks for the pattern, and its lack against it.
    pub usual: bool,
    /// Whether a form may begin with it.
    pub opens: bool,
    /// The choices of a checkbox group.
    pub choices: Vec<String>,
    /// The only values that it can have; empty when any can stand there. Binds the holes that name the field, too.
    pub only: Vec<String>,
    /// How its values mostly end, as those of an organisation do. They tell them apart where a text has lost its order.
    pub ends: Vec<String>,
    /// The field that takes a code which stands before the value, joined to it by a dash.
    pub code: Option<String>,
}

/// A table of a form.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Table {
    /// How its rows are told.
    pub rows: Rows,
    /// Its columns, in their usual order. A form may lack some, or have them in another order.
    pub columns: Vec<Column>,
    /// Merged headings at the left, outermost first.
    pub groups: Vec<Group>,
    /// Marks of an empty spare row.
    pub spare: Vec<String>,
    /// The field that takes a score standing once for the whole table.
    pub block_score: Option<String>,
    /// The row below the others that adds them up.
    pub total: Option<Total>,
    /// What the name of a row begins with that splits the row above it: 其中.
    pub parts: Vec<String>,
}

/// The row of a table that adds up the others, or the form.
#[derive(Clone, Debug)]
pub struct Total {
    /// What it begins with.
    pub labels: Vec<Template>,
    /// Column and the field that takes what stands under it, in the order of the file.
    pub fields: Vec<(String, String)>,
}

/// How the rows of a table are told.
#[derive(Clone, Debug)]
pub enum Rows {
    /// Any number of rows, each with a name of its own.
    Listed,
    /// One row.
    Single,
    /// Each row begins with one of these labels, which is the value of `column`.
    Labelled {
        /// Id of the column that the label itself fills.
        column: String,
        /// The labels.
        labels: Vec<Template>,
    },
    /// One row for each of these labels, which stand side by side as heads.
    Across {
        /// Id of the column that the label itself fills.
        column: String,
        /// The labels.
        labels: Vec<Template>,
        /// Id of the column that takes what stands under the label.
        value: String,
    },
}

/// A column of a table.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Column {
    /// Id in the record.
    pub id: String,
    /// How its values read.
    pub kind: Type,
    /// What its head says.
    pub labels: Vec<Template>,
    /// Words that stand in its cells and in no other's.
    pub words: Vec<String>,
    /// Whether every row has a value in it.
    pub required: bool,
    /// Whether forms of the family may well lack it.
    pub optional: bool,
}

/// A merged heading that stands at the left of many rows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Group {
    /// Id of the column that it fills in every row under it.
    pub column: String,
    /// What the head of its column says.
    pub labels: Vec<Template>,
    /// Name of the vocabulary of its words.
    pub vocabulary: String,
    /// What may follow a word in its cell: its weight, （50分）. The holes fill a row of `blocks`.
    pub suffixes: Vec<Template>,
}

/// A word of a vocabulary.
#[derive(Clone, Debug)]
pub struct Word {
    /// The word.
    pub value: String,
    /// Other ways to write it.
    pub also: Vec<Template>,
    /// The word of the outer group that it usually stands under.
    pub under: Option<String>,
    /// Whether a bare figure under this heading is a ceiling rather than a floor: costs.
    pub ceiling: bool,
    /// Whether a bare figure under this heading is a floor, unless the name of the indicator says otherwise: quantities.
    pub floor: bool,
    /// Parts of names that usually stand under it, folded. They part the rows where a text has lost where the headings stood.
    pub signs: Vec<String>,
}

impl Word {
    /// How many characters the longest sign has that stands in `name`, which is folded; 0 when none does. The longest says
    /// most: 及时 in 及时率, not 率.
    pub(crate) fn spoken_in(&self, name: &str) -> usize {
        let signs = self.signs.iter().filter(|sign| name.contains(sign.as_str()));
        signs.map(|sign| sign.chars().count()).max().unwrap_or(0)
    }
}

/// Text that is neither label nor value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Furniture {
    /// This text.
    Text(Template),
    /// A whole line that begins with this text.
    Prefix(Template),
    /// A whole line that matches, after folding.
    Line(regex::Regex),
}
