//! Retally rebuilds the broken tables of public bodies' filings and re-checks every stated score and rate.
//!
//! It extracts, then audits, and never invents: a stated figure is never altered, doubt is marked, and text that fits
//! nowhere is kept. Nothing here fails on a document or panics whatever its bytes are; what goes wrong is said in the
//! record.
//!
//! # From bytes to a record
//!
//! An [`Engine`] is made once of [`Patterns`] and reads any number of documents, from any number of threads.
//!
//! ```
//! use retally::pattern::Patterns;
//! use retally::record::Status;
//! use retally::{Engine, Options};
//!
//! let engine = Engine::new(Patterns::builtin());
//! let bytes = std::fs::read("samples/wuhan-2021.txt")?;
//! let record = engine.extract("samples/wuhan-2021.txt", &bytes, &Options::default());
//!
//! assert_eq!(record.status, Status::Ok);
//! assert_eq!(record.forms.len(), 3);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! A document that cannot be read gives a record too, with the reason in words and as a code
//! ([`problem::manual`] explains each):
//!
//! ```
//! use retally::pattern::Patterns;
//! use retally::problem::Code;
//! use retally::record::Status;
//! use retally::{Engine, Options};
//!
//! let engine = Engine::new(Patterns::builtin());
//! let record = engine.extract("scan.png", b"\x89PNG\r\n\x1a\n", &Options::default());
//! assert_eq!(record.status, Status::Failed);
//! assert_eq!(record.problems[0].code, Code::NotText);
//! ```
//!
//! # Walking the record
//!
//! A [`record::Form`] has fields and tables by the ids of its pattern. Each [`record::Value`] has the text as written,
//! what it reads as, and its place. The record is the JSON that the program prints: [`report::json`] writes it, and
//! [`record::schema`] describes it.
//!
//! ```
//! # use retally::{Engine, Options, pattern::Patterns};
//! # let engine = Engine::new(Patterns::builtin());
//! # let bytes = std::fs::read("samples/wuhan-2021.txt")?;
//! # let record = engine.extract("samples/wuhan-2021.txt", &bytes, &Options::default());
//! let form = &record.forms[0];
//! assert_eq!(form.pattern, "wuhan-self-evaluation");
//! let project = &form.fields["project"];
//! println!("{} at {:?}", project.raw, project.place);
//! for row in &form.tables["indicators"] {
//!     if let Some(retally::record::Cell::Value(name)) = row.get("name") {
//!         println!("{}", name.raw);
//!     }
//! }
//! // A path such as those of checks leads to a value.
//! let score = form.value("tables.budget[0].score").expect("the form has a budget");
//! assert_eq!(score.raw, "17");
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Auditing
//!
//! Checks come with the record, unless [`Options::audit`] is off. Each names the figures it rests on, what they allow, and
//! the rule with its source; [`audit::manual`] has a page of each.
//!
//! ```
//! # use retally::{Engine, Options, pattern::Patterns};
//! # let engine = Engine::new(Patterns::builtin());
//! # let bytes = std::fs::read("samples/wuhan-2021.txt")?;
//! # let record = engine.extract("samples/wuhan-2021.txt", &bytes, &Options::default());
//! use retally::record::Verdict;
//!
//! let checks = record.forms[0].checks.iter().flatten();
//! let wrong: Vec<_> = checks.filter(|check| check.verdict == Verdict::Inconsistent).collect();
//! assert_eq!(wrong[0].id, "budget.score");
//! assert_eq!(wrong[0].refs[0], "tables.budget[0].score");
//! println!("{}", wrong[0].message.en);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # A pattern of one's own
//!
//! What is known of a family of forms is data: the files of `patterns/`, and those of [`Patterns::add_dir`]. A text of
//! one's own is loaded by [`pattern::load`], which gives every mistake in its place. A form has at least six different
//! texts of its pattern; fewer are a mention of one.
//!
//! ```
//! use retally::pattern::{self, Patterns};
//! use retally::{Engine, Options};
//!
//! let slip = r#"
//!     id = "slip"
//!     name = { zh = "借阅单", en = "Loan slip" }
//!
//!     [[section]]
//!     id = "head"
//!     field = [
//!         { id = "title", type = "text", words = ["图书借阅单"], required = true, opens = true },
//!         { id = "reader", type = "text", labels = ["读者姓名"], required = true },
//!         { id = "due", type = "date", labels = ["应还日期"], required = true },
//!         { id = "books", type = "integer", labels = ["借书册数"], required = true },
//!         { id = "desk", type = "text", labels = ["经办人员"] },
//!         { id = "notes", type = "text", labels = ["备注事项"] },
//!     ]
//! "#;
//! let mut patterns = Patterns::builtin();
//! patterns.add(pattern::load("slip.toml", slip).expect("it has no mistakes"));
//!
//! let text = "图书借阅单\n读者姓名：林一\n应还日期：2021年2月25日\n借书册数：3\n经办人员：周二\n备注事项：无\n";
//! let record = Engine::new(patterns).extract("slip.txt", text.as_bytes(), &Options::default());
//! assert_eq!(record.forms[0].fields["due"].value.text(), Some("2021-02-25"));
//!
//! let mistakes = pattern::load("slip.toml", &slip.replace("integer", "numbr")).unwrap_err();
//! println!("{}", mistakes[0].in_words(slip).en);
//! ```
//!
//! # Tables without a pattern
//!
//! [`tables`] gives every table of a document, whatever it is about, and [`report::text`] its text.
//!
//! ```
//! use retally::message::Lang;
//! use retally::source;
//!
//! let bytes = std::fs::read("tests/pdfs/library.pdf")?;
//! let found = retally::tables("library.pdf", &bytes, &source::Options::default(), Lang::En);
//! println!("{} cells", found.tables[0].cells.len());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Documents of strangers
//!
//! [`source::Limits`] bound the memory and the work that one document takes. They bound no seconds; where that is needed,
//! read in a process of its own, as `batch` does.
//!
//! # The floors
//!
//! The way of the data is the order of the modules: [`source`] (bytes to a document), [`layout`] (runs, lines,
//! grids), [`recognise`] with [`pattern`]s (forms), [`audit`] (checks), [`report`] (formats for people and machines).
//!
//! Without the feature `cli`, which is on by default, the crate has neither `batch` nor what the program alone needs.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::layout::{Layout, Place, Run, Trust};
use crate::message::Lang;
use crate::pattern::Patterns;
use crate::problem::{Code, Problem};
use crate::recognise::explain::FormExplained;
use crate::recognise::{Recognised, Recogniser};
use crate::record::{Record, SCHEMA, Source, Status};
use crate::report::tables::Tables;

pub mod audit;
pub mod author;
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

/// How [`Engine::extract`] works. Members may be added: begin from `..Options::default()`.
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
        let known = if layout::may_keep_columns(document) {
            self.recogniser.known(&found, &layout)
        } else {
            layout::Known::default()
        };
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
                    // Tabs and bars are meant to part cells; blanks may be chance.
                    (Some((layout, read)), Some((_, other)))
                        if suits(&other, clearly, fit) && read.fit() >= other.fit() =>
                    {
                        (layout, read)
                    }
                    (_, Some((layout, read))) if suits(&read, clearly, fit) => (layout, read),
                    _ => (layout, recognised),
                }
            }
        }
    }

    /// Why the forms in `bytes` come out of [`Engine::extract`] as they do. Takes some three times as long.
    pub fn explain(&self, path: &str, bytes: &[u8], options: &Options) -> Explanation {
        let document = source::read(bytes, &options.source);
        let (layout, recognised) = self.recognise(&document);
        let source = origin(path, bytes, &document);
        let problems: Vec<Problem> = document.problems.into_iter().chain(recognised.problems).collect();
        Explanation {
            schema: SCHEMA.to_owned(),
            source,
            status: status(document.failed, &problems),
            problems: problems.into_iter().map(|problem| problem.worded(options.lang)).collect(),
            forms: self.recogniser.explain(&layout),
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
        let record = Record {
            schema: SCHEMA.to_owned(),
            source,
            status: status(document.failed, &problems),
            problems: problems.into_iter().map(|problem| problem.worded(options.lang)).collect(),
            forms,
        };
        Examined { record, layout }
    }
}

/// Why the forms of a document came out as they did: what [`Engine::explain`] gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Explanation {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Where the document comes from.
    pub source: Source,
    /// How the reading went, as in the record.
    pub status: Status,
    /// What was lost in reading the bytes, or is doubtful.
    pub problems: Vec<Problem>,
    /// The forms that were read, in the order of the record.
    pub forms: Vec<FormExplained>,
}

impl Explanation {
    /// Keeps the form with the number `form`, from 1, alone; and of the values those that `field` names alone: by their
    /// path (`tables.budget[0].score`), with or without its first word, by the id of a field or column (`score`), or by
    /// table and row (`budget`, `budget[0]`). Forms without such a value go.
    pub fn keep(&mut self, form: Option<usize>, field: Option<&str>) {
        self.forms.retain(|explained| form.is_none_or(|form| explained.form == form));
        if let Some(field) = field {
            self.forms.iter_mut().for_each(|form| form.values.retain(|value| value.is_called(field)));
            self.forms.retain(|form| !form.values.is_empty());
        }
    }

    /// What there is to explain of an input of which not a byte could be had.
    pub fn failed(path: &str, problem: Problem, lang: Lang) -> Explanation {
        let Record { schema, source, status, problems, .. } = failed(path, problem, lang);
        Explanation { schema, source, status, problems, forms: Vec::new() }
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
#[non_exhaustive]
pub struct Examined {
    /// What the document says.
    pub record: Record,
    /// The text of the document as it stands, to show a finding in its place.
    pub layout: Layout,
}

impl Examined {
    /// The same of an input of which not a byte could be had.
    pub fn failed(path: &str, problem: Problem, lang: Lang) -> Examined {
        Examined { record: failed(path, problem, lang), layout: Layout::default() }
    }
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
        status: match (document.failed, document.problems.is_empty()) {
            (true, _) => Status::Failed,
            (false, false) => Status::Partial,
            (false, true) => Status::Ok,
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

/// How the reading of a document went that has these `problems`. That it has no form is none of them.
fn status(failed: bool, problems: &[Problem]) -> Status {
    match () {
        () if failed => Status::Failed,
        () if problems.iter().all(|problem| problem.code == Code::NoForm) => Status::Ok,
        () => Status::Partial,
    }
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
