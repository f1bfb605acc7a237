//! A first pattern for forms of a new family, drafted from samples of it: the labels found, the cells around them,
//! the columns, the words of merged headings, the types of the values seen. A person goes over it then.
//!
//! What is known of other families helps with names alone: a label that they share gets the id that they have. What is
//! a label is told by the layout, and by what the samples have in common.

use crate::layout::{self, Known, Layout};
use crate::message::Message;
use crate::pattern::{Mistake, Pattern, load};
use crate::source::{self, Document};

mod names;
mod sketch;
mod survey;
mod tables;
mod types;
mod write;

/// What a drafted pattern is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// Id of the pattern: lower-case letters, digits and `-`.
    pub id: String,
    /// Its name; that of the first sample's title where it is empty.
    pub name: Message,
}

/// A drafted pattern.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Drafted {
    /// The pattern file: TOML, with remarks on what to look at.
    pub text: String,
    /// How many fields it has.
    pub fields: usize,
    /// How many tables it has.
    pub tables: usize,
}

impl Drafted {
    /// The pattern that the file describes, or the mistakes in it.
    pub fn load(&self) -> Result<Pattern, Vec<Mistake>> {
        load("-", &self.text)
    }
}

/// Drafts a pattern from samples of a family, given as bytes; none when no sample has a label or a table.
///
/// Two samples that were filled in differently are worth more than one: what they have in common is printed.
pub fn draft(samples: &[Vec<u8>], options: &source::Options, title: &Title) -> Option<Drafted> {
    let layouts: Vec<Layout> = samples.iter().map(|bytes| lay_out(&source::read(bytes, options))).collect();
    let surveys: Vec<survey::Survey> = layouts.iter().map(survey::survey).collect();
    let sketch = sketch::sketch(&surveys)?;
    let tables = sketch.parts.iter().filter(|part| matches!(part, sketch::Part::Table(_))).count();
    let fields = sketch.parts.iter().map(|part| match part {
        sketch::Part::Fields(fields) => fields.len(),
        sketch::Part::Table(_) => 0,
    });
    Some(Drafted { fields: fields.sum(), tables, text: write::write(&sketch, title) })
}

/// A document with its cells: those of its pages; of a text those that tabs, bars or blanks keep apart.
fn lay_out(document: &Document) -> Layout {
    layout::lay_out_cells(document)
        .or_else(|| layout::lay_out_columns(document, &Known::default()))
        .unwrap_or_else(|| layout::lay_out(document))
}
