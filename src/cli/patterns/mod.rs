//! `retally patterns`: what forms are recognised by.

use std::io::Write;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use retally::message::{Lang, Message};
use retally::pattern::{BrokenFile, Mistake, Patterns, load_bytes, schema};
use retally::record::Status;
use retally::report::{human, json, safe};

use crate::cli::console::{self, Console};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::flags::Shelf;
use crate::cli::inputs::expand;
use crate::cli::read::read;

mod new;
mod show;
mod test;

/// Bytes of one pattern file that are read at most: more than the loader takes, so that it says so itself.
const LIMIT: usize = 1 << 20;

/// Does what is asked for with patterns.
pub(crate) fn run(task: &Shelf, console: &Console) -> Result<Exit, Failure> {
    match task {
        Shelf::List(patterns) => list(patterns, console.lang()),
        Shelf::Show(pattern) => {
            let mut out = console::data();
            out.write_all(show::show(pattern, console.lang()).as_bytes())?;
            out.flush()?;
            Ok(Exit::Clean)
        }
        Shelf::Check(paths) => check(paths, console),
        Shelf::New(task) => new::new(task, console),
        Shelf::Schema => {
            let mut out = console::data();
            json::write(&schema(), true, &mut out)?;
            out.flush()?;
            Ok(Exit::Clean)
        }
        Shelf::Test(engine, paths) => test::test(engine, paths, console),
    }
}

/// Id and name of each pattern, with a tab between, and behind another what is said of those that are not read.
fn list(patterns: &Patterns, lang: Lang) -> Result<Exit, Failure> {
    let mut out = console::data();
    for pattern in &patterns.list {
        write!(out, "{}\t{}", pattern.id, safe::line(pattern.name.get(lang)))?;
        if pattern.look_alike {
            let words = Message::new("只指出，不读取", "told by its name, not read");
            write!(out, "\t{}", words.get(lang))?;
        }
        writeln!(out)?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

/// Every mistake of every file, then the files that have none.
fn check(paths: &[PathBuf], console: &Console) -> Result<Exit, Failure> {
    let mut out = console::report();
    let mut exit = Exit::Clean;
    for input in expand(paths, &["toml"]) {
        let name = input.name();
        let bytes = match read(&input, LIMIT) {
            Ok(bytes) => bytes,
            Err(problem) => {
                console.trouble(&name, &problem.worded(console.lang()), Status::Failed);
                exit = exit.max(Exit::Failed);
                continue;
            }
        };
        match load_bytes(Path::new(&name), bytes) {
            Ok(pattern) => {
                let words = Message::new(
                    format!("{name}：表样 {} 没有错误", pattern.id),
                    format!("{name}: the pattern {} has no mistakes", pattern.id),
                );
                writeln!(out, "{}", safe::line(words.get(console.lang())))?;
            }
            Err(broken) => {
                exit = exit.max(Exit::Findings);
                out.write_all(mistakes(&broken, console.style(false)).as_bytes())?;
            }
        }
    }
    out.flush()?;
    Ok(exit)
}

/// The mistakes of a file, each in its place, as a compiler shows them.
pub(crate) fn mistakes(file: &BrokenFile, style: human::Style) -> String {
    let path = file.path.display().to_string();
    let path = safe::line(&path);
    let text = Shown::new(&file.text);
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width);
    file.mistakes.iter().fold(String::new(), |mut out, mistake| {
        out.push_str(&renderer.render(&[group(mistake, &path, &text, style.lang)]));
        out.push_str("\n\n");
        out
    })
}

fn group<'a>(mistake: &'a Mistake, path: &'a str, text: &'a Shown, lang: Lang) -> Group<'a> {
    let (error, help) = match lang {
        Lang::Zh => ("错误", "建议"),
        Lang::En => ("error", "help"),
    };
    let group = Level::ERROR.with_name(error).primary_title(safe::line(mistake.message.get(lang)));
    let group = if text.text.is_empty() || mistake.span.is_empty() && mistake.span.start == 0 {
        Group::with_title(group).element(Origin::path(path))
    } else {
        let span = text.place(mistake.span.start)..text.place(mistake.span.end);
        let annotation = AnnotationKind::Primary.span(span);
        Group::with_title(group).element(Snippet::source(text.text.as_str()).path(path).annotation(annotation))
    };
    match &mistake.hint {
        Some(hint) => group.element(Level::HELP.with_name(help).message(safe::line(hint.get(lang)))),
        None => group,
    }
}

/// The text of a file, safe to show, with the way from places in the file to places in it.
struct Shown {
    text: String,
    /// Where the two texts come apart: byte in the file, byte in what is shown, both after an escaped character.
    shifts: Vec<(usize, usize)>,
}

impl Shown {
    fn new(file: &str) -> Shown {
        let mut shown = Shown { text: String::with_capacity(file.len()), shifts: Vec::new() };
        for (at, ch) in file.char_indices() {
            // A carriage return before its line feed is part of the line end, and is not shown either.
            let line_end = ch == '\r' && file[at..].starts_with("\r\n");
            if !safe::is_unsafe(ch) || line_end || matches!(ch, '\n' | '\t') {
                shown.text.push(ch);
            } else {
                shown.text.push_str(&safe::visible(ch));
                shown.shifts.push((at + ch.len_utf8(), shown.text.len()));
            }
        }
        shown
    }

    /// The place in what is shown of byte `at` of the file.
    fn place(&self, at: usize) -> usize {
        let passed = self.shifts.partition_point(|(file, _)| *file <= at);
        let (file, shown) = match passed.checked_sub(1).and_then(|last| self.shifts.get(last)) {
            Some(shift) => *shift,
            None => (0, 0),
        };
        self.text.floor_char_boundary((shown + (at - file)).min(self.text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str, lang: Lang) -> String {
        let file = load_bytes(Path::new("mine.toml"), text.as_bytes().to_vec()).unwrap_err();
        mistakes(&file, human::Style { lang, colour: false, width: 120, all: false, brief: false })
    }

    #[test]
    fn a_mistake_is_shown_in_its_place() {
        let text = "id = \"mine\"\nname = { zh = \"甲\", en = \"A\" }\n\n[[section]]\nid = \"head\"\n\n\
            [[section.field]]\nid = \"title\"\ntype = \"txt\"\nlabels = [\"名称\"]\n";
        let shown = rendered(text, Lang::En);
        assert!(shown.contains("mine.toml:9:8"), "{shown}");
        assert!(shown.contains("9 | type = \"txt\""), "{shown}");
        assert!(shown.contains("^^^^^"), "{shown}");
        assert!(rendered(text, Lang::Zh).starts_with("错误"));
    }

    #[test]
    fn escapes_never_reach_the_terminal_and_places_stay_true() {
        let text = "# \u{1b}[31m\u{202e}\nid = 7\n";
        let shown = rendered(text, Lang::En);
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
        assert!(shown.contains("mine.toml:1:3"), "{shown}");
    }

    #[test]
    fn bytes_that_are_no_text_are_a_mistake() {
        let file = load_bytes(Path::new("mine.toml"), b"id = \"\xff\"".to_vec()).unwrap_err();
        assert!(
            !mistakes(&file, human::Style { lang: Lang::En, colour: false, width: 80, all: false, brief: false })
                .is_empty()
        );
    }
}
