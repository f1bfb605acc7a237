//! What the arguments mean.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches};
use clap_complete::Shell;
use retally::audit::Selection;
use retally::audit::manual::{self, Page};
use retally::author::Title;
use retally::message::{Lang, Message};
use retally::pattern::{LoadError, Overrides, Pattern, Patterns};
use retally::problem::{self, Problem};
use retally::record::Record;
use retally::source::Limits;
use retally::{Engine, source};

use crate::cli::accepted::Accepted;
use crate::cli::batch::args::Batch;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::inputs::Input;
use crate::cli::read::read;
use crate::cli::second;
use crate::cli::usage;
use raw::{Command, ExplainFormat, Format, Raw, TableFormat};

pub(crate) mod raw;

/// Bytes of a policy file that are read at most: more than the loader takes, so that it says so itself.
const POLICY_LIMIT: usize = 1 << 20;

/// What the run is to do, with all that it needs at hand.
pub(crate) struct Settings {
    /// What to do.
    pub(crate) task: Task,
}

/// What to do.
pub(crate) enum Task {
    Extract(Extract),
    Audit(Audit),
    Explain(Explain),
    Tables(Tables),
    Text(Text),
    Checks(Option<Page>),
    ExplainProblem(Option<problem::manual::Page>),
    Schema,
    Batch(Box<Batch>),
    BatchReader,
    SecondReader,
    Doctor(Doctor),
    Completions(Shell),
    Man(Option<PathBuf>),
    Patterns(Shelf),
}

/// Say what the program is and what it finds.
pub(crate) struct Doctor {
    /// The patterns that are built in.
    pub(crate) builtin: Patterns,
    /// Those of the user, or what is wrong with them, and the folder that they come from.
    pub(crate) own: Option<(PathBuf, Result<Patterns, LoadError>)>,
    /// The language that was asked for.
    pub(crate) asked: Option<Lang>,
    /// Whether it is for programs.
    pub(crate) json: bool,
}

/// Print records.
pub(crate) struct Extract {
    pub(crate) reading: Reading,
    /// How, and where to.
    pub(crate) output: Output,
    /// Whether the JSON is indented wherever it goes.
    pub(crate) pretty: bool,
}

/// Print findings.
pub(crate) struct Audit {
    pub(crate) reading: Reading,
    /// How, and where to; for people where no format is named.
    pub(crate) output: Option<Output>,
    /// Whether consistent and unverifiable checks are shown.
    pub(crate) all: bool,
    /// Whether only the counts by check and by unit are shown.
    pub(crate) summary: bool,
    /// The least severity that fails the run.
    pub(crate) fail_on: Option<retally::record::Severity>,
    /// What is known and accepted.
    pub(crate) accepted: Accepted,
    /// Where to write down the findings as accepted.
    pub(crate) write_baseline: Option<PathBuf>,
}

/// How results are written for machines, and where to: standard output without a path.
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) path: Option<PathBuf>,
}

/// Say why values are what they are.
pub(crate) struct Explain {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) engine: Engine,
    pub(crate) options: retally::Options,
    /// The one form that is asked for, from 1.
    pub(crate) form: Option<usize>,
    /// The name of the values that are asked for.
    pub(crate) field: Option<String>,
    pub(crate) format: ExplainFormat,
    /// Whether JSON is indented wherever it goes.
    pub(crate) pretty: bool,
}

/// Print tables.
pub(crate) struct Tables {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) options: source::Options,
    pub(crate) format: TableFormat,
    /// The folder that files are written to, in place of standard output.
    pub(crate) out: Option<PathBuf>,
    /// Whether JSON is indented wherever it goes.
    pub(crate) pretty: bool,
}

/// Print text.
pub(crate) struct Text {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) options: source::Options,
}

/// What to read, and with what.
pub(crate) struct Reading {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) engine: Engine,
    /// Whether a second program reads PDF files too.
    pub(crate) double: bool,
    pub(crate) options: retally::Options,
}

impl Reading {
    /// Bytes of one input at most.
    pub(crate) fn limit(&self) -> usize {
        self.options.source.limits.bytes
    }

    /// The record of an input, compared with a second reading where that was asked for. `path` is what it says of its
    /// origin.
    pub(crate) fn record(&self, path: &str, bytes: Result<Vec<u8>, Problem>) -> Record {
        match bytes {
            Ok(bytes) => {
                let mut record = self.engine.extract(path, &bytes, &self.options);
                self.double_check(&mut record, &bytes);
                record
            }
            Err(problem) => retally::failed(path, problem, self.options.lang),
        }
    }

    /// Compares `record` with what a second program reads in its bytes, where that was asked for.
    pub(crate) fn double_check(&self, record: &mut Record, bytes: &[u8]) {
        if self.double {
            second::check(record, bytes, &self.options.source, self.options.lang);
        }
    }
}

/// Something done with patterns.
pub(crate) enum Shelf {
    List(Patterns),
    Show(Box<Pattern>),
    Check(Vec<PathBuf>),
    New(New),
    Schema,
    Test(Engine, Vec<PathBuf>),
}

/// Draft a pattern.
pub(crate) struct New {
    /// The samples that it is drafted from.
    pub(crate) from: Vec<PathBuf>,
    /// What it is called.
    pub(crate) title: Title,
    /// Where to write it, in place of standard output.
    pub(crate) output: Option<PathBuf>,
}

/// The arguments as typed; or, once help or an error has been printed, the exit code.
pub(crate) fn parse(args: Vec<OsString>) -> Result<Raw, Exit> {
    let lang = usage::lang_of(&args);
    try_parse(args).map_err(|error| {
        let exit = if error.use_stderr() { Exit::Failed } else { Exit::Clean };
        usage::print(error, lang);
        exit
    })
}

/// The arguments as typed, or what is wrong with them.
pub(crate) fn try_parse(args: Vec<OsString>) -> Result<Raw, clap::Error> {
    let mut program = Raw::command();
    let matches = program.try_get_matches_from_mut(args)?;
    refuse_mixture(&program, &matches)?;
    Raw::from_arg_matches(&matches).map_err(|error| error.format(&mut program))
}

/// Refuses arguments of a run of `batch` beside a subcommand of it, which would be passed over. Options of every
/// command are none of them.
fn refuse_mixture(program: &clap::Command, matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some(("batch", given)) = matches.subcommand() else { return Ok(()) };
    let (Some(below), Some(batch)) = (given.subcommand_name(), program.find_subcommand("batch")) else { return Ok(()) };
    let is_typed = |arg: &&Arg| given.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    match batch.get_arguments().filter(|arg| !arg.is_global_set()).find(is_typed) {
        Some(arg) => {
            let mut error = clap::Error::new(ErrorKind::ArgumentConflict).with_cmd(batch);
            error.insert(ContextKind::InvalidArg, ContextValue::String(arg.to_string()));
            error.insert(ContextKind::PriorArg, ContextValue::String(below.to_owned()));
            Err(error)
        }
        None => Ok(()),
    }
}

impl Settings {
    /// Makes ready what `raw` asks for: loads patterns, looks up ids, and refuses what is not to be had.
    pub(crate) fn resolve(raw: Raw, lang: Lang) -> Result<Settings, Failure> {
        let task = match raw.command {
            Command::Extract { reading, policy, format, output, pretty, no_audit } => {
                if format == Format::Sarif {
                    return Err(sarif_is_of_findings());
                }
                let reading = resolve_reading(reading, policy, !no_audit, lang)?;
                Task::Extract(Extract { reading, output: Output { format, path: output }, pretty })
            }
            Command::Audit { reading, policy, format, output, all, summary, fail_on, baseline, write_baseline } => {
                if summary && format == Some(Format::Sarif) {
                    return Err(Failure::Usage(Message::new(
                        "SARIF 中没有汇总的位置，请去掉 --summary，或用 --format json",
                        "SARIF has no place for a summary: leave out --summary, or use --format json",
                    )));
                }
                let reading = resolve_reading(reading, policy, true, lang)?;
                let output = format.map(|format| Output { format, path: output });
                let accepted = Accepted::load(baseline.as_deref())?;
                let fail_on = fail_on.severity();
                Task::Audit(Audit { reading, output, all, summary, fail_on, accepted, write_baseline })
            }
            Command::Explain { input, library, pattern, form, field, format, pretty } => {
                let options = retally::Options { source: resolve_source(&input)?, lang, ..retally::Options::default() };
                let engine = Engine::new(only(load(&library)?, pattern.as_deref())?);
                let form = form.map(NonZeroUsize::get);
                Task::Explain(Explain { paths: input.paths, engine, options, form, field, format, pretty })
            }
            Command::Tables { input, format, out, pretty } => {
                // Files are for spreadsheets, a stream is for programs.
                let format = format.unwrap_or(if out.is_some() { TableFormat::Csv } else { TableFormat::Json });
                Task::Tables(Tables { options: resolve_source(&input)?, paths: input.paths, format, out, pretty })
            }
            Command::Checks { id } => Task::Checks(id.map(|id| find_page(&id)).transpose()?),
            Command::ExplainProblem { code } => Task::ExplainProblem(code.map(|code| find_problem(&code)).transpose()?),
            Command::Text { input } => Task::Text(Text { options: resolve_source(&input)?, paths: input.paths }),
            Command::Schema => Task::Schema,
            Command::Batch(batch) => Task::Batch(batch),
            Command::BatchReader => Task::BatchReader,
            Command::SecondReader => Task::SecondReader,
            Command::Doctor { library, format } => {
                let own = library.patterns.map(|dir| {
                    let mut own = Patterns { list: Vec::new() };
                    let added = own.add_dir(&dir).map(|()| own);
                    (dir, added)
                });
                let asked = raw.common.lang.map(Lang::from);
                Task::Doctor(Doctor { builtin: Patterns::builtin(), own, asked, json: format.is_some() })
            }
            Command::Completions { shell } => Task::Completions(shell),
            Command::Man { out } => Task::Man(out),
            Command::Patterns(raw::Patterns::List { library }) => Task::Patterns(Shelf::List(load(&library)?)),
            Command::Patterns(raw::Patterns::Show { id, library }) => {
                Task::Patterns(Shelf::Show(Box::new(find(&load(&library)?, &id)?)))
            }
            Command::Patterns(raw::Patterns::New { from, id, zh, en, output }) => {
                let title = Title { id, name: Message::new(zh.unwrap_or_default(), en.unwrap_or_default()) };
                Task::Patterns(Shelf::New(New { from, title, output }))
            }
            Command::Patterns(raw::Patterns::Schema) => Task::Patterns(Shelf::Schema),
            Command::Patterns(raw::Patterns::Check { paths }) => Task::Patterns(Shelf::Check(paths)),
            Command::Patterns(raw::Patterns::Test { paths, library }) => {
                Task::Patterns(Shelf::Test(Engine::new(load(&library)?), paths))
            }
        };
        Ok(Settings { task })
    }
}

/// Makes ready what is to be read, and what with.
pub(crate) fn resolve_reading(
    raw: raw::Reading,
    policy: raw::Policy,
    audit: bool,
    lang: Lang,
) -> Result<Reading, Failure> {
    let source = resolve_source(&raw.input)?;
    let mut patterns = load(&raw.library)?;
    let checks = Selection { only: policy.only, skip: policy.skip };
    if let Some(name) = checks.unknown() {
        return Err(no_check(name));
    }
    if let Some(path) = &policy.policy {
        override_policy(&mut patterns, path)?;
    }
    let patterns = only(patterns, raw.pattern.as_deref())?;
    let options = retally::Options { source, audit, checks, lang };
    Ok(Reading { paths: raw.input.paths, engine: Engine::new(patterns), double: raw.double_read, options })
}

fn resolve_source(input: &raw::Input) -> Result<source::Options, Failure> {
    if let Some(label) = &input.encoding
        && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
    {
        return Err(Failure::Usage(Message::new(
            format!("--encoding：没有名为“{label}”的编码。可用 utf-8、gb18030、big5 等"),
            format!(
                "--encoding: there is no encoding called '{label}'; utf-8, gb18030 and big5 are some that there are"
            ),
        )));
    }
    let (encoding, password) = (input.encoding.clone(), input.password.clone());
    Ok(source::Options { encoding, password, limits: resolve_limits(&input.bounds) })
}

/// The built-in limits, but for those that were asked for.
fn resolve_limits(bounds: &raw::Bounds) -> Limits {
    let usual = Limits::default();
    let bytes = |mib: NonZeroUsize| mib.get().saturating_mul(1 << 20);
    let stream = bounds.max_stream.map_or(usual.stream, bytes);
    Limits {
        bytes: bounds.max_size.map_or(usual.bytes, bytes),
        pages: bounds.max_pages.map_or(usual.pages, NonZeroUsize::get),
        page_glyphs: bounds.max_glyphs.map_or(usual.page_glyphs, NonZeroUsize::get),
        stream,
        streams: usual.streams.max(stream),
        ..usual
    }
}

fn load(library: &raw::Library) -> Result<Patterns, Failure> {
    let mut patterns = Patterns::builtin();
    if let Some(dir) = &library.patterns {
        patterns.add_dir(dir).map_err(Failure::Patterns)?;
    }
    Ok(patterns)
}

/// Puts the rules of the file before those of the patterns.
fn override_policy(patterns: &mut Patterns, path: &Path) -> Result<(), Failure> {
    let bytes = read(&Input::File(path.to_owned()), POLICY_LIMIT).map_err(|problem| Failure::Usage(problem.words))?;
    let overrides = Overrides::load(path, bytes).map_err(|file| Failure::Patterns(LoadError { files: vec![file] }))?;
    let unknown = overrides.apply(patterns).join(", ");
    if unknown.is_empty() {
        return Ok(());
    }
    let path = path.display();
    Err(Failure::Usage(Message::new(
        format!("{path}：没有这些规则：{unknown}。retally patterns show 列出表样的规则"),
        format!("{path}: there are no such rules: {unknown}; `retally patterns show` lists those of a pattern"),
    )))
}

fn find_page(id: &str) -> Result<Page, Failure> {
    manual::page(id).ok_or_else(|| no_check(id))
}

fn find_problem(code: &str) -> Result<problem::manual::Page, Failure> {
    if manual::page(code).is_some() {
        return Err(Failure::Usage(Message::new(
            format!("“{code}”是检查项目，请用 retally checks {code}"),
            format!("'{code}' is a check: use `retally checks {code}`"),
        )));
    }
    problem::manual::find(code).ok_or_else(|| {
        Failure::Usage(Message::new(
            format!("没有名为“{code}”的问题代码。retally explain-problem 列出全部代码"),
            format!("there is no problem with the code '{code}'; `retally explain-problem` lists them all"),
        ))
    })
}

fn no_check(name: &str) -> Failure {
    Failure::Usage(Message::new(
        format!("没有名为“{name}”的检查。retally checks 列出全部检查"),
        format!("there is no check called '{name}'; `retally checks` lists them all"),
    ))
}

/// The refusal of a format of findings where records are written.
pub(crate) fn sarif_is_of_findings() -> Failure {
    Failure::Usage(Message::new(
        "--format sarif 只用于检查结果，请用 retally audit --format sarif",
        "--format sarif is for findings: use `retally audit --format sarif`",
    ))
}

/// The one pattern that was asked for, or all.
fn only(patterns: Patterns, id: Option<&str>) -> Result<Patterns, Failure> {
    match id {
        Some(id) => Ok(Patterns { list: vec![find(&patterns, id)?] }),
        None => Ok(patterns),
    }
}

fn find(patterns: &Patterns, id: &str) -> Result<Pattern, Failure> {
    patterns.get(id).cloned().ok_or_else(|| {
        let known: Vec<&str> = patterns.list.iter().map(|pattern| pattern.id.as_str()).collect();
        let known = known.join(", ");
        Failure::Usage(Message::new(
            format!("没有 id 为“{id}”的表样。现有：{known}"),
            format!("there is no pattern with the id '{id}'; there are: {known}"),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(args: &[&str]) -> Result<Raw, clap::Error> {
        try_parse(std::iter::once("retally").chain(args.iter().copied()).map(OsString::from).collect())
    }

    #[test]
    fn options_of_every_command_may_stand_before_a_subcommand_of_batch() {
        for args in [
            &["batch", "--lang", "en", "status", "a"][..],
            &["batch", "-q", "export", "a"],
            &["-v", "batch", "status", "a"],
        ] {
            assert!(typed(args).is_ok(), "{args:?}");
        }
    }

    #[test]
    fn arguments_that_a_subcommand_of_batch_would_pass_over_are_refused() {
        for args in [&["batch", "--jobs", "2", "status", "a"][..], &["batch", "--ledger", "a", "status", "b"]] {
            assert_eq!(typed(args).unwrap_err().kind(), ErrorKind::ArgumentConflict, "{args:?}");
        }
        assert!(typed(&["batch", "a", "status", "--ledger", "b"]).is_ok(), "a path may be called so");
    }

    #[test]
    fn the_arguments_are_well_defined() {
        Raw::command().debug_assert();
    }
}
