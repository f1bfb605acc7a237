//! `retally doctor`: what the program is and what it finds on this machine, as a report of a bug needs it.
//!
//! It names no file of the user but the folder of patterns that was given.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use indexmap::IndexMap;
use retally::message::{Lang, Message};
use retally::pattern::Patterns;
use retally::report::{json, safe};
use retally::source::Limits;
use serde::Serialize;

use crate::cli::console::{self, Console};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::language;
use crate::cli::version::{COMMIT, NUMBER};

/// What `retally doctor` is to do.
pub(crate) use crate::cli::flags::Doctor as Task;

/// Variables by which a user or a terminal chooses colours.
const TERMINAL_VARIABLES: [&str; 5] = ["TERM", "COLORTERM", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"];

/// All that is found.
#[derive(Serialize)]
struct Report {
    version: &'static str,
    commit: Option<&'static str>,
    /// `release` or `debug`.
    build: &'static str,
    system: System,
    features: Features,
    patterns: Vec<Known>,
    limits: IndexMap<&'static str, usize>,
    language: Language,
    terminal: Terminal,
}

#[derive(Serialize)]
struct System {
    os: &'static str,
    architecture: &'static str,
    processors: Option<usize>,
}

/// What this build can do, where builds differ.
#[derive(Serialize)]
struct Features {
    /// Whether readers of a batch bound their own memory.
    batch_memory_bound: bool,
    /// Version of the SQLite that is built in.
    sqlite: &'static str,
}

/// A pattern that is known.
#[derive(Serialize)]
struct Known {
    id: String,
    name: Message,
    /// Where it comes from: `built-in`, or a folder.
    from: String,
    /// Whether it takes the place of one that is built in.
    replaces: bool,
}

#[derive(Serialize)]
struct Language {
    chosen: &'static str,
    /// What decided: `--lang` or `locale`.
    by: &'static str,
    locale: IndexMap<&'static str, String>,
}

#[derive(Serialize)]
struct Terminal {
    stdin: bool,
    stdout: bool,
    stderr: bool,
    /// Columns of the terminal.
    columns: Option<u16>,
    /// Whether a report on standard output has colours.
    colour: bool,
    variables: IndexMap<&'static str, String>,
}

/// Says what is found; then what is wrong with the user's patterns.
pub(crate) fn run(task: Task, console: &Console) -> Result<Exit, Failure> {
    let report = look(&task, console);
    let mut out = console::data();
    if task.json {
        json::write(&report, true, &mut out)?;
    } else {
        for line in report.lines() {
            writeln!(out, "{}", safe::line(line.get(console.lang())))?;
        }
    }
    out.flush()?;
    drop(out);
    match task.own {
        Some((_, Err(error))) => Err(Failure::Patterns(error)),
        _ => Ok(Exit::Clean),
    }
}

fn look(task: &Task, console: &Console) -> Report {
    let set = |name: &'static str| Some((name, std::env::var(name).ok()?));
    let own = task.own.as_ref().and_then(|(dir, own)| Some((dir.display().to_string(), own.as_ref().ok()?)));
    Report {
        version: NUMBER,
        commit: COMMIT,
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
        system: System {
            os: std::env::consts::OS,
            architecture: std::env::consts::ARCH,
            processors: std::thread::available_parallelism().ok().map(usize::from),
        },
        features: Features { batch_memory_bound: cfg!(unix), sqlite: rusqlite::version() },
        patterns: known(&task.builtin, own),
        limits: Limits::default().bounds().into_iter().collect(),
        language: Language {
            chosen: match console.lang() {
                Lang::Zh => "zh",
                Lang::En => "en",
            },
            by: if task.asked.is_some() { "--lang" } else { "locale" },
            locale: language::told().into_iter().collect(),
        },
        terminal: Terminal {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
            columns: terminal_size::terminal_size().map(|(width, _)| width.0),
            colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            variables: TERMINAL_VARIABLES.into_iter().filter_map(set).collect(),
        },
    }
}

/// The patterns that would be used: those that are built in, but for those that the user's take the place of, then
/// the user's.
fn known(builtin: &Patterns, own: Option<(String, &Patterns)>) -> Vec<Known> {
    let of_user = own.as_ref().map_or(&[][..], |(_, own)| own.list.as_slice());
    let kept = builtin.list.iter().filter(|pattern| !of_user.iter().any(|other| other.id == pattern.id));
    let kept = kept.map(|pattern| (pattern, "built-in", false));
    let folder = own.as_ref().map_or("", |(folder, _)| folder.as_str());
    let added = of_user.iter().map(|pattern| (pattern, folder, builtin.get(&pattern.id).is_some()));
    let entry = |(pattern, from, replaces): (&retally::pattern::Pattern, &str, bool)| Known {
        id: pattern.id.clone(),
        name: pattern.name.clone(),
        from: from.to_owned(),
        replaces,
    };
    kept.chain(added).map(entry).collect()
}

impl Report {
    /// The same for people.
    fn lines(&self) -> Vec<Message> {
        let commit = self.commit.unwrap_or("-");
        let Report { version, build, system, features, language, terminal, .. } = self;
        let System { os, architecture, .. } = system;
        let processors = system.processors.map_or("?".to_owned(), |count| count.to_string());
        let mut lines = vec![
            Message::new(
                format!("retally {version}，提交 {commit}，{build} 构建"),
                format!("retally {version}, commit {commit}, {build} build"),
            ),
            Message::new(
                format!("系统：{os} {architecture}，处理器 {processors} 个"),
                format!("system: {os} {architecture}, processors: {processors}"),
            ),
            Message::new(
                format!("功能：SQLite {}；批量读取限制内存：{}", features.sqlite, yes(features.batch_memory_bound).zh),
                format!(
                    "features: SQLite {}; readers of a batch bound their memory: {}",
                    features.sqlite,
                    yes(features.batch_memory_bound).en
                ),
            ),
            Message::new(
                format!("语言：{}，由{}决定{}", language.chosen, by(language.by).zh, pairs("；", &language.locale)),
                format!("language: {}, by {}{}", language.chosen, by(language.by).en, pairs("; ", &language.locale)),
            ),
        ];
        let columns = terminal.columns.map_or("-".to_owned(), |columns| columns.to_string());
        let streams = [terminal.stdin, terminal.stdout, terminal.stderr].map(yes);
        lines.push(Message::new(
            format!(
                "终端：标准输入 {}，标准输出 {}，标准错误 {}；列数 {columns}；颜色：{}{}",
                streams[0].zh,
                streams[1].zh,
                streams[2].zh,
                yes(terminal.colour).zh,
                pairs("；", &terminal.variables)
            ),
            format!(
                "terminal: standard input {}, output {}, error {}; columns: {columns}; colour: {}{}",
                streams[0].en,
                streams[1].en,
                streams[2].en,
                yes(terminal.colour).en,
                pairs("; ", &terminal.variables)
            ),
        ));
        lines.push(Message::new(
            format!("表样 {} 个：", self.patterns.len()),
            format!("patterns: {}", self.patterns.len()),
        ));
        lines.extend(self.patterns.iter().map(Known::line));
        lines.push(Message::new("上限：", "limits:"));
        lines.extend(
            self.limits
                .iter()
                .map(|(name, value)| Message::new(format!("  {name} {value}"), format!("  {name} {value}"))),
        );
        lines
    }
}

impl Known {
    fn line(&self) -> Message {
        let Known { id, name, from, replaces } = self;
        let instead = match replaces {
            true => Message::new("，取代内置的", ", in place of the built-in one"),
            false => Message::default(),
        };
        let built_in = from == "built-in";
        let zh_from = if built_in { "内置" } else { from };
        Message::new(
            format!("  {id}  {}（{zh_from}{}）", name.zh, instead.zh),
            format!("  {id}  {} ({from}{})", name.en, instead.en),
        )
    }
}

fn yes(is: bool) -> Message {
    if is { Message::new("是", "yes") } else { Message::new("否", "no") }
}

fn by(what: &str) -> Message {
    match what {
        "locale" => Message::new("系统区域设置", "the locale"),
        option => Message::new(option, option),
    }
}

/// Names with their values, after `mark`; nothing where there are none.
fn pairs(mark: &str, of: &IndexMap<&'static str, String>) -> String {
    let pairs: Vec<String> = of.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if pairs.is_empty() { String::new() } else { format!("{mark}{}", pairs.join(" ")) }
}
