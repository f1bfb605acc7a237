//! Retally rebuilds the broken tables of public bodies' filings and re-checks every stated score and rate.
//!
//! The way of the data is the order of the modules: [`source`] (bytes to a document), [`layout`] (runs, lines,
//! grids), [`recognise`] with [`pattern`]s (forms), [`audit`] (checks), [`report`] (formats for people and machines).

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::layout::{Layout, Place, Run};
use crate::message::Lang;
use crate::pattern::Patterns;
use crate::problem::{Code, Problem};
use crate::recognise::Recogniser;
use crate::record::{Record, SCHEMA, Source, Status};

pub mod audit;
pub mod fold;
pub mod layout;
pub mod message;
pub mod pattern;
pub mod problem;
pub mod recognise;
pub mod record;
pub mod report;
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

    /// Does what [`Engine::extract`] does and keeps the layout, for reports that show the document's own lines.
    pub fn examine(&self, path: &str, bytes: &[u8], options: &Options) -> Examined {
        let document = source::read(bytes, &options.source);
        let layout = layout::lay_out(&document);
        let recognised = self.recogniser.recognise(&layout);
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
        let pages = document.paged.then_some(document.pages.len() as u32);
        let mut problems = document.problems;
        problems.extend(recognised.problems);
        let status = match () {
            () if document.kind.is_none() => Status::Failed,
            () if problems.iter().all(|problem| problem.code == Code::NoForm) => Status::Ok,
            () => Status::Partial,
        };
        let record = Record {
            schema: SCHEMA.to_owned(),
            source: Source {
                path: path.to_owned(),
                sha256: sha256(bytes),
                bytes: bytes.len() as u64,
                kind: document.kind,
                pages,
                encoding: document.encoding,
            },
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
        source: Source {
            path: path.to_owned(),
            sha256: sha256(&[]),
            bytes: 0,
            kind: None,
            pages: None,
            encoding: None,
        },
        status: Status::Failed,
        problems: vec![problem.worded(lang)],
        forms: Vec::new(),
    }
}

/// The hash by which a record names its bytes.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
