//! Retally rebuilds the broken tables of public bodies' filings and re-checks every stated score and rate.
//!
//! The way of the data is the order of the modules: [`source`] (bytes to a document), [`layout`] (runs, lines,
//! grids), [`recognise`] with [`pattern`]s (forms), [`audit`] (checks), [`report`] (formats for people and machines).

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::layout::{Layout, Place, Run, Trust};
use crate::message::Lang;
use crate::pattern::Patterns;
use crate::problem::{Code, Problem};
use crate::recognise::{Recognised, Recogniser};
use crate::record::{Record, SCHEMA, Source, Status};
use crate::report::tables::Tables;

pub mod audit;
#[cfg(feature = "cli")]
pub mod batch;
pub mod fold;
pub mod layout;
pub mod message;
pub mod pattern;
pub mod problem;
pub mod recognise;
pub mod record;
pub mod report;
pub mod second;
pub mod source;
pub mod value;

/// How [`Engine::extract`] works.
#[derive(Clone, Debug)]
pub struct Options {
    /// How the bytes are read.
    pub source: source::Options,
    /// Whether forms get their checks.
    pub audit: bool,
    /// Which checks they get.
    pub checks: audit::Selection,
    /// The language of problem messages, and of the sources that checks quote.
    pub lang: Lang,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            source: source::Options::default(),
            audit: true,
            checks: audit::Selection::default(),
            lang: Lang::default(),
        }
    }
}

/// Columns of blanks may be chance, and a table that is read from them wrongly still has a place for most of its text.
/// So the reading by columns must place more of the text by this factor than the reading in its order.
const CLEARLY: f64 = 1.15;

/// Where the heads of its tables stand as heads do, a text keeps its columns: its reading in order must place more by as
/// much to be taken.
const HEADED: f64 = 0.9;

/// The patterns made ready: reads any number of documents, from any number of threads.
pub struct Engine {
    patterns: Patterns,
    recogniser: Recogniser,
}

impl Engine {
    /// Makes `patterns` ready.
    pub fn new(patterns: Patterns) -> Engine {
        let recogniser = Recogniser::new(&patterns);
        Engine { patterns, recogniser }
    }

    /// The patterns that documents are read with.
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// Reads the forms in `bytes` and checks them. `path` is what the record says of its origin.
    ///
    /// Never fails: a document that cannot be read gives a record with status `failed` and the reason in `problems`.
    pub fn extract(&self, path: &str, bytes: &[u8], options: &Options) -> Record {
        self.examine(path, bytes, options).record
    }

    /// The forms of a document, with the layout that they were read from. A text whose tabs, bars or blanks may keep
    /// columns is read in its order and as a table, and the reading that leaves less without a place is taken.
    fn recognise(&self, document: &source::Document) -> (Layout, Recognised) {
        if !layout::is_text(document) {
            return self.recognise_pages(document);
        }
        let layout = layout::lay_out(document);
        let found = self.recogniser.find(&layout);
        let known = self.recogniser.known(&found, &layout);
        let clearly = if known.heads.is_empty() { CLEARLY } else { HEADED };
        let read = |other: Layout| {
            let recognised = self.recogniser.recognise(&other);
            (other, recognised)
        };
        let cells = layout::lay_out_cells(document).map(read);
        let columns = layout::lay_out_columns(document, &known).map(read);
        let suits = |read: &Recognised, factor: f64, other: usize| read.fit() as f64 > factor * other as f64;
        // No other reading can suit better than one that suits so well; the longest one is spared.
        let most = found.characters();
        match (cells, columns) {
            (None, Some((layout, read))) if suits(&read, clearly, most) => (layout, read),
            (cells, columns) => {
                let recognised = self.recogniser.read(found, &layout);
                let fit = recognised.fit();
                match (cells, columns) {
                    (Some((layout, read)), _) if suits(&read, 1.0, fit) => (layout, read),
                    (_, Some((layout, read))) if suits(&read, clearly, fit) => (layout, read),
                    _ => (layout, recognised),
                }
            }
        }
    }

    /// The same of a PDF. Where pages without rulings have the heads of known tables, these tell the columns. Rulings with
    /// gaps are tried both ways, and the reading that suits better is taken.
    fn recognise_pages(&self, document: &source::Document) -> (Layout, Recognised) {
        let ruled = match self.recognise_known(document, Trust::All) {
            Some((read, most)) if read.1.fit() as f64 > HEADED * most as f64 => return read,
            known => {
                let layout = layout::lay_out(document);
                let recognised = self.recogniser.recognise(&layout);
                match known {
                    Some((known, _)) if known.1.fit() >= recognised.fit() => known,
                    _ => (layout, recognised),
                }
            }
        };
        if !layout::is_patchy(document) {
            return ruled;
        }
        match self.recognise_known(document, Trust::Whole) {
            Some((unruled, _)) if unruled.1.fit() > ruled.1.fit() => unruled,
            _ => ruled,
        }
    }

    /// The forms of a PDF by the heads of tables on its pages without rulings, and how many characters these have; none
    /// when no heads are known.
    fn recognise_known(&self, document: &source::Document, trust: Trust) -> Option<((Layout, Recognised), usize)> {
        let lines = layout::lay_out_lines(document, trust)?;
        let found = self.recogniser.find(&lines);
        let known = self.recogniser.known(&found, &lines);
        if known.heads.is_empty() {
            return None;
        }
        let layout = layout::lay_out_known(document, &known, trust);
        let recognised = self.recogniser.recognise(&layout);
        Some(((layout, recognised), found.characters()))
    }

    /// Does what [`Engine::extract`] does and keeps the layout, for reports that show the document's own lines.
    pub fn examine(&self, path: &str, bytes: &[u8], options: &Options) -> Examined {
        let document = source::read(bytes, &options.source);
        let (layout, recognised) = self.recognise(&document);
        let mut forms = recognised.forms;
        let ocr = recognised_pages(&layout);
        for form in &mut forms {
            let Some(pattern) = self.patterns.get(&form.pattern) else { continue };
            audit::settle_rates(form, pattern);
            if options.audit {
                let mut checks = audit::audit(form, pattern, options.lang);
                audit::soften(form, &mut checks, &ocr);
                checks.retain(|check| options.checks.takes(&check.id));
                form.checks = Some(checks);
            }
        }
        let source = origin(path, bytes, &document);
        let mut problems = document.problems;
        problems.extend(recognised.problems);
        let status = match () {
            () if document.kind.is_none() => Status::Failed,
            () if problems.iter().all(|problem| problem.code == Code::NoForm) => Status::Ok,
            () => Status::Partial,
        };
        let record = Record {
            schema: SCHEMA.to_owned(),
            source,
            status,
            problems: problems.into_iter().map(|problem| problem.worded(options.lang)).collect(),
            forms,
        };
        Examined { record, layout }
    }
}

/// The pages whose text lies unseen over a picture, as character recognition puts it.
fn recognised_pages(layout: &Layout) -> BTreeSet<u32> {
    let unseen = |run: &Run| match run.place {
        Place::Page { page, invisible: true, .. } => Some(page),
        _ => None,
    };
    layout.runs.iter().filter_map(unseen).collect()
}

/// What [`Engine::examine`] gives: a record, and the layout that it was made from.
#[derive(Clone, Debug)]
pub struct Examined {
    /// What the document says.
    pub record: Record,
    /// The text of the document as it stands, to show a finding in its place.
    pub layout: Layout,
}

/// The record of an input of which not a byte could be had: status `failed`, with `problem` as the reason.
pub fn failed(path: &str, problem: Problem, lang: Lang) -> Record {
    Record {
        schema: SCHEMA.to_owned(),
        source: origin(path, &[], &source::Document::default()),
        status: Status::Failed,
        problems: vec![problem.worded(lang)],
        forms: Vec::new(),
    }
}

/// The tables in `bytes`, whatever they are about. `path` is what the result says of their origin.
///
/// Never fails: a document that cannot be read gives status `failed` and the reason in `problems`.
pub fn tables(path: &str, bytes: &[u8], options: &source::Options, lang: Lang) -> Tables {
    let document = source::read(bytes, options);
    Tables {
        schema: SCHEMA.to_owned(),
        source: origin(path, bytes, &document),
        status: match (document.kind, document.problems.is_empty()) {
            (None, _) => Status::Failed,
            (Some(_), false) => Status::Partial,
            (Some(_), true) => Status::Ok,
        },
        tables: report::tables::tables(&layout::lay_out_tables(&document)),
        problems: document.problems.into_iter().map(|problem| problem.worded(lang)).collect(),
    }
}

/// What [`tables`] gives of an input of which not a byte could be had, with `problem` as the reason.
pub fn no_tables(path: &str, problem: Problem, lang: Lang) -> Tables {
    let Record { schema, source, status, problems, .. } = failed(path, problem, lang);
    Tables { schema, source, status, problems, tables: Vec::new() }
}

/// Where a record of `document` comes from.
fn origin(path: &str, bytes: &[u8], document: &source::Document) -> Source {
    Source {
        path: path.to_owned(),
        sha256: sha256(bytes),
        bytes: bytes.len() as u64,
        kind: document.kind,
        pages: document.paged.then_some(document.pages.len() as u32),
        encoding: document.encoding.clone(),
    }
}

/// The hash by which a record names its bytes.
fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// A hash in lower-case hexadecimal.
fn hexadecimal(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
