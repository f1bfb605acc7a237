//! The documents of an archive: files, folders, globs, lists of paths, and the members of ZIP files.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use retally::batch::ledger::Parts;
use retally::problem::{Code, Problem};

use super::members::{self, Member};
use crate::cli::inputs::{Input, has_extension, named, shown};
use crate::cli::read;

/// What is looked for in folders.
const IN_FOLDERS: &[&str] = &["pdf", "txt", "text", "zip"];

/// Archives whose members are documents.
const ARCHIVES: &[&str] = &["zip"];

/// What parts the name of a ZIP file from that of its member, as in Java's `jar:` addresses.
const WITHIN: &str = "!/";

/// The list of paths on standard input.
pub(super) const LISTED: &str = "-";

/// Bytes of a list of paths at most: a million paths of two hundred bytes.
const LIST: u64 = 256 << 20;

/// One document of an archive.
#[derive(Debug)]
pub(super) enum Origin {
    /// A file, or why there is none.
    Plain(Input),
    /// A member of a ZIP file.
    Member { archive: PathBuf, member: Box<Member> },
}

/// Documents with names, each name once: what is named twice is read and reported once.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub(super) names: Vec<String>,
    /// Sources that were named, and at which there is nothing.
    pub(super) missing: Vec<String>,
    origins: Vec<Origin>,
    /// What there is already, by path and number in a ZIP file.
    seen: HashSet<(OsString, Option<usize>)>,
    /// How many inputs would be called so.
    called: HashMap<String, usize>,
}

impl Inputs {
    /// The documents that `paths` stand for, in order. `-` is a list of paths on standard input, one a line, or with a
    /// zero byte after each.
    pub(super) fn expand(paths: &[PathBuf]) -> Inputs {
        let mut inputs = Inputs::default();
        for path in paths {
            if path.as_os_str() == LISTED {
                inputs.list(io::stdin().lock());
            } else {
                inputs.path(path);
            }
        }
        inputs
    }

    /// The bytes of the document with a number, `limit` at most. A file of the `ledger` is none.
    pub(super) fn fetch(&self, number: usize, limit: usize, ledger: &Parts) -> Result<Vec<u8>, Problem> {
        match self.origins.get(number) {
            Some(Origin::Plain(Input::File(path))) if ledger.has(path) => Err(is_ledger(path)),
            Some(Origin::Plain(Input::File(path))) if is_stream(path) => Err(not_a_file(path)),
            Some(Origin::Plain(input)) => read::read(input, limit),
            Some(Origin::Member { archive, member }) => {
                let name = self.names.get(number).map(String::as_str).unwrap_or_default();
                member.fetch(archive, name, limit)
            }
            None => Err(lost("?", "")),
        }
    }

    fn list(&mut self, from: impl Read) {
        let mut bytes = Vec::new();
        if let Err(error) = from.take(LIST).read_to_end(&mut bytes) {
            self.missing(Path::new(LISTED), lost(LISTED, &error.to_string()));
            return;
        }
        let end = if bytes.contains(&0) { 0 } else { b'\n' };
        let lines = bytes.split(|byte| *byte == end).map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let mut lines = lines.filter(|line| !line.is_empty()).peekable();
        if lines.peek().is_none() {
            self.missing.push(LISTED.to_owned());
        }
        lines.for_each(|line| self.path(&path_of(line)));
    }

    fn path(&mut self, path: &Path) {
        match pattern(path) {
            Some(found) if found.is_empty() => self.missing(path, nothing_matches(path)),
            Some(found) => found.iter().for_each(|path| self.expanded(path)),
            None => self.expanded(path),
        }
    }

    fn expanded(&mut self, path: &Path) {
        if !path.exists() {
            self.missing.push(shown(path));
        }
        for input in named(path, IN_FOLDERS) {
            match input {
                Input::Lost(lost, problem) if lost == path => self.missing(path, *problem),
                Input::File(file) if has_extension(&file, ARCHIVES) && !is_stream(&file) => self.archive(&file),
                Input::Lost(path, problem) => self.lost(&path, *problem),
                Input::File(path) => self.plain(path.clone(), Input::File(path)),
                Input::Stdin => {}
            }
        }
    }

    fn archive(&mut self, path: &Path) {
        let name = shown(path);
        match members::list(path) {
            Ok(members) if members.is_empty() => self.lost(path, members::none(&name)),
            Ok(members) => {
                for member in members {
                    let key = (path.into(), Some(member.number));
                    let name = format!("{name}{WITHIN}{}", member.name);
                    self.add(key, name, Origin::Member { archive: path.to_owned(), member: Box::new(member) });
                }
            }
            Err(error) => self.lost(path, members::unreadable(&name, &error)),
        }
    }

    fn missing(&mut self, source: &Path, problem: Problem) {
        self.missing.push(shown(source));
        self.lost(source, problem);
    }

    fn lost(&mut self, path: &Path, problem: Problem) {
        self.plain(path.to_owned(), Input::Lost(path.to_owned(), Box::new(problem)));
    }

    fn plain(&mut self, path: PathBuf, input: Input) {
        self.add((path.into_os_string(), None), input.name(), Origin::Plain(input));
    }

    /// Adds what there is not yet. Another of the same name gets a number: `a.zip!/x.txt#2`.
    fn add(&mut self, key: (OsString, Option<usize>), name: String, origin: Origin) {
        if !self.seen.insert(key) {
            return;
        }
        let mut unique = name.clone();
        while self.called.contains_key(&unique) {
            let count = self.called.entry(name.clone()).or_default();
            *count += 1;
            unique = format!("{name}#{count}");
        }
        self.called.insert(unique.clone(), 1);
        self.names.push(unique);
        self.origins.push(origin);
    }
}

/// A path as bytes: as the system has it on unix, as UTF-8 elsewhere.
#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// The paths that a glob stands for, in the order of their names; `None` for a plain path.
fn pattern(path: &Path) -> Option<Vec<PathBuf>> {
    let text = path.to_str().filter(|text| text.contains(['*', '?', '[']))?;
    // A file may be called so.
    if path.exists() {
        return None;
    }
    let found = glob::glob(text).ok()?;
    let path = |entry: glob::GlobResult| entry.unwrap_or_else(|error| error.path().to_owned());
    Some(found.map(path).collect())
}

/// Whether there is something at `path` other than a file. A pipe may never say anything, and what has been read from it
/// is gone: a batch could neither end nor be gone on with.
fn is_stream(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|about| !about.is_file())
}

fn lost(name: &str, cause: &str) -> Problem {
    Problem::new(
        Code::Unreadable,
        format!("无法读取文件列表 {name}：{cause}。请检查管道或文件"),
        format!("cannot read the list {name}: {cause}; check the pipe or file"),
    )
}

fn is_ledger(path: &Path) -> Problem {
    let path = shown(path);
    Problem::new(
        Code::Unreadable,
        format!("{path} 是台账自身的文件，没有读取。请换一个写法，使其不在输入之中"),
        format!("{path} is a file of the ledger itself, and was not read; name the inputs so that it is none"),
    )
}

fn not_a_file(path: &Path) -> Problem {
    let path = shown(path);
    Problem::new(
        Code::Unreadable,
        format!("{path} 是管道或设备，不是文件，没有读取。请先存为文件，或用 retally extract 读取"),
        format!(
            "{path} is a pipe or device and no file, and was not read; save it as a file, or use `retally extract`"
        ),
    )
}

fn nothing_matches(path: &Path) -> Problem {
    let path = shown(path);
    Problem::new(
        Code::Unreadable,
        format!("没有文件符合 {path}。请检查写法"),
        format!("no file matches {path}; check how it is written"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_a_path_a_line_or_a_zero_byte_after_each() {
        for list in ["a.txt\nb c.txt\n\na.txt", "a.txt\r\nb c.txt\r\n", "a.txt\0b c.txt\0"] {
            let mut inputs = Inputs::default();
            inputs.list(list.as_bytes());
            assert_eq!(inputs.names, ["a.txt", "b c.txt"], "{list:?}");
        }
    }

    #[test]
    fn a_dash_in_a_list_is_a_file() {
        let mut inputs = Inputs::default();
        inputs.list(b"-\n".as_slice());
        assert!(matches!(inputs.origins.as_slice(), [Origin::Plain(Input::File(path))] if path.as_os_str() == "-"));
    }

    #[test]
    fn inputs_of_one_name_are_told_apart() {
        let mut inputs = Inputs::default();
        for (number, name) in ["x", "x#2", "x", "x", "x"].into_iter().enumerate() {
            // The last one is named once more.
            let key = ("a.zip".into(), Some(number.min(3)));
            inputs.add(key, name.to_owned(), Origin::Plain(Input::Stdin));
        }
        assert_eq!(inputs.names, ["x", "x#2", "x#3", "x#4"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_that_nobody_writes_to_does_not_stop_a_batch() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.pdf", "b.zip"] {
            let path = folder.path().join(name);
            assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
            let problem =
                Inputs::expand(std::slice::from_ref(&path)).fetch(0, 1000, &Parts::of(Path::new("none"))).unwrap_err();
            assert_eq!(problem.code, Code::Unreadable);
            assert!(problem.words.en.contains(name), "{}", problem.words.en);
        }
        // In a folder it is no document.
        assert_eq!(
            Inputs::expand(&[folder.path().to_owned()]).fetch(0, 1000, &Parts::of(Path::new("none"))).unwrap_err().code,
            Code::Unreadable
        );
    }

    #[test]
    fn a_file_whose_name_looks_like_a_glob_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a[1].txt", "a1.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let names = |name: &str| Inputs::expand(&[folder.path().join(name)]).names.len();
        assert_eq!((names("a[1].txt"), names("a*.txt"), names("a[2].txt")), (1, 2, 1));
        assert!(Inputs::expand(&[folder.path().join("a[2].txt")]).fetch(0, 9, &Parts::of(Path::new("none"))).is_err());
    }
}
