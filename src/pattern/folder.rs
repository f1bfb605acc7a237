//! Patterns of the user's own: the `*.toml` files of a folder.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::load::{MAX_BYTES, load};
use super::mistake::Mistake;
use super::{Pattern, Patterns, wording};
use crate::message::Message;

/// Why a folder of patterns was not taken: every mistake of every file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The files with mistakes, in the order of their names.
    pub files: Vec<BrokenFile>,
}

/// A file that is no pattern, or a folder that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenFile {
    /// The file.
    pub path: PathBuf,
    /// Its text, which the spans of the mistakes point into; empty when it could not be read.
    pub text: String,
    /// What is wrong with it; never empty.
    pub mistakes: Vec<Mistake>,
}

impl LoadError {
    /// Every mistake in a line: file, line, column, message and hint.
    pub fn messages(&self) -> impl Iterator<Item = Message> {
        self.files.iter().flat_map(|file| file.mistakes.iter().map(|mistake| mistake.in_words(&file.text)))
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.messages().map(|message| message.en).collect();
        to.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for LoadError {}

impl Patterns {
    /// Adds the patterns of the `*.toml` files in `dir`, each in place of the one with the same id. Files are taken
    /// in the order of their names; hidden ones and folders within are left alone.
    ///
    /// All or none: when one file has a mistake, nothing is added and the error lists the mistakes of every file.
    pub fn add_dir(&mut self, dir: &Path) -> Result<(), LoadError> {
        let paths = match pattern_files(dir) {
            Ok(paths) if !paths.is_empty() => paths,
            Ok(_) => return Err(whole_folder(dir, wording::no_patterns())),
            Err(error) => {
                return Err(whole_folder(dir, wording::unreadable(&dir.display().to_string(), &error)));
            }
        };
        let mut files = Vec::new();
        let mut loaded: Vec<(String, Pattern)> = Vec::new();
        for path in paths {
            let name = path.display().to_string();
            let (text, result) = load_file(&path, &name);
            let result = result.and_then(|pattern| match loaded.iter().find(|(_, known)| known.id == pattern.id) {
                Some((other, _)) => Err(vec![whole_file(&name, wording::same_pattern(&pattern.id, other))]),
                None => Ok(pattern),
            });
            match result {
                Ok(pattern) => loaded.push((name, pattern)),
                Err(mistakes) => files.push(BrokenFile { path, text, mistakes }),
            }
        }
        if !files.is_empty() {
            return Err(LoadError { files });
        }
        for (_, pattern) in loaded {
            self.add(pattern);
        }
        Ok(())
    }
}

fn pattern_files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.extension().is_some_and(|extension| extension == "toml") && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Reads the pattern in `bytes`, the content of the file at `path`.
///
/// Gives the pattern, or the text of the file as far as it is text with every mistake in it.
pub fn load_bytes(path: &Path, bytes: Vec<u8>) -> Result<Pattern, BrokenFile> {
    let (text, result) = read_pattern(&path.display().to_string(), bytes);
    result.map_err(|mistakes| BrokenFile { path: path.to_owned(), text, mistakes })
}

/// The text of a file as far as it is text, and its pattern or mistakes.
fn load_file(path: &Path, name: &str) -> (String, Result<Pattern, Vec<Mistake>>) {
    match read_bounded(path) {
        Ok(bytes) => read_pattern(name, bytes),
        Err(error) => (String::new(), Err(vec![whole_file(name, wording::unreadable(name, &error))])),
    }
}

fn read_pattern(name: &str, bytes: Vec<u8>) -> (String, Result<Pattern, Vec<Mistake>>) {
    match text_of(name, bytes) {
        Ok(text) => {
            let result = load(name, &text);
            (text, result)
        }
        Err(broken) => (broken.0, Err(vec![broken.1])),
    }
}

/// The text in `bytes`, or what can be shown of it with what is wrong.
pub(super) fn text_of(name: &str, bytes: Vec<u8>) -> Result<String, Box<(String, Mistake)>> {
    if bytes.len() > MAX_BYTES {
        return Err(Box::new((String::new(), whole_file(name, wording::file_too_large(MAX_BYTES)))));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let span = at..at + char::REPLACEMENT_CHARACTER.len_utf8();
        let hint = Some(wording::save_as_utf8());
        Box::new((text, Mistake { source: name.to_owned(), span, message: wording::not_utf8(), hint }))
    })
}

/// The bytes of a file, one more than a pattern may have at most: enough to see that there are too many.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn whole_file(name: &str, message: Message) -> Mistake {
    Mistake { source: name.to_owned(), span: 0..0, message, hint: None }
}

fn whole_folder(dir: &Path, message: Message) -> LoadError {
    let mistakes = vec![whole_file(&dir.display().to_string(), message)];
    LoadError { files: vec![BrokenFile { path: dir.to_owned(), text: String::new(), mistakes }] }
}
