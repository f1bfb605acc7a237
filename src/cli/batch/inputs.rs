//! The documents of an archive: files, folders, globs, lists of paths, and the members of ZIP files.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use retally::problem::{Code, Problem};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::cli::inputs::{DOCUMENTS, Input, expand, has_extension};
use crate::cli::read;

/// What is looked for in folders.
const IN_FOLDERS: &[&str] = &["pdf", "txt", "text", "zip"];

/// Archives whose members are documents.
const ARCHIVES: &[&str] = &["zip"];

/// What parts the name of a ZIP file from that of its member, as in Java's `jar:` addresses.
const WITHIN: &str = "!/";

/// Bytes of a list of paths at most: a million paths of two hundred bytes.
const LIST: u64 = 256 << 20;

/// One document of an archive.
#[derive(Debug)]
pub(super) enum Origin {
    /// A file, or why there is none.
    Plain(Input),
    /// A member of a ZIP file, by its number there.
    Member { archive: PathBuf, number: usize },
}

/// Documents with names, each name once: what is named twice is read and reported once.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub(super) names: Vec<String>,
    origins: Vec<Origin>,
    seen: BTreeSet<String>,
}

impl Inputs {
    /// The documents that `paths` stand for, in order. `-` is a list of paths on standard input, one a line, or with a
    /// zero byte after each.
    pub(super) fn expand(paths: &[PathBuf]) -> Inputs {
        let mut inputs = Inputs::default();
        for path in paths {
            if path.as_os_str() == "-" {
                inputs.list(io::stdin().lock());
            } else {
                inputs.path(path);
            }
        }
        inputs
    }

    /// The bytes of the document with a number, `limit` at most.
    pub(super) fn fetch(&self, number: usize, limit: usize) -> Result<Vec<u8>, Problem> {
        match self.origins.get(number) {
            Some(Origin::Plain(Input::File(path))) if is_stream(path) => Err(not_a_file(path)),
            Some(Origin::Plain(input)) => read::read(input, limit),
            Some(Origin::Member { archive, number: member }) => {
                let name = self.names.get(number).map(String::as_str).unwrap_or_default();
                fetch_member(archive, *member, name, limit)
            }
            None => Err(lost("?", "")),
        }
    }

    fn list(&mut self, from: impl Read) {
        let mut bytes = Vec::new();
        if let Err(error) = from.take(LIST).read_to_end(&mut bytes) {
            self.add("-".to_owned(), Origin::Plain(Input::Lost("-".into(), Box::new(lost("-", &error.to_string())))));
            return;
        }
        let end = if bytes.contains(&0) { 0 } else { b'\n' };
        for line in bytes.split(|byte| *byte == end) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() {
                self.path(&path_of(line));
            }
        }
    }

    fn path(&mut self, path: &Path) {
        match pattern(path) {
            Some(found) if found.is_empty() => {
                let problem = Box::new(nothing_matches(path));
                self.add(path.display().to_string(), Origin::Plain(Input::Lost(path.to_owned(), problem)));
            }
            Some(found) => found.iter().for_each(|path| self.expanded(path)),
            None => self.expanded(path),
        }
    }

    fn expanded(&mut self, path: &Path) {
        for input in expand(&[path.to_owned()], IN_FOLDERS) {
            match &input {
                Input::File(file) if has_extension(file, ARCHIVES) => self.archive(file),
                _ => self.add(input.name(), Origin::Plain(input)),
            }
        }
    }

    fn archive(&mut self, path: &Path) {
        let name = path.display().to_string();
        if is_stream(path) {
            self.add(name, Origin::Plain(Input::File(path.to_owned())));
            return;
        }
        match members(path) {
            Ok(members) if members.is_empty() => {
                let problem = Box::new(nothing_within(&name));
                self.add(name, Origin::Plain(Input::Lost(path.to_owned(), problem)));
            }
            Ok(members) => {
                for ((member, _), number) in members {
                    self.add(format!("{name}{WITHIN}{member}"), Origin::Member { archive: path.to_owned(), number });
                }
            }
            Err(error) => {
                let problem = Box::new(no_archive(&name, &error));
                self.add(name, Origin::Plain(Input::Lost(path.to_owned(), problem)));
            }
        }
    }

    fn add(&mut self, name: String, origin: Origin) {
        if self.seen.insert(name.clone()) {
            self.names.push(name);
            self.origins.push(origin);
        }
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

/// The documents in a ZIP file by name, then by number. Hidden files and what macOS adds are none.
fn members(path: &Path) -> Result<BTreeMap<(String, usize), usize>, ZipError> {
    let mut archive = open(path)?;
    let mut members = BTreeMap::new();
    for number in 0..archive.len() {
        let member = archive.by_index_raw(number)?;
        let name = member_name(member.name_raw());
        let is_hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if member.is_file() && !is_hidden && has_extension(Path::new(&name), DOCUMENTS) {
            members.insert((name, number), number);
        }
    }
    Ok(members)
}

/// The name of a member. Archives made in China have names in GBK, and do not say so.
fn member_name(raw: &[u8]) -> String {
    match str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// Whether there is something at `path` other than a file. A pipe may never say anything, and what has been read from it
/// is gone: a batch could neither end nor be gone on with.
fn is_stream(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|about| !about.is_file())
}

type Archive = ZipArchive<BufReader<File>>;

fn open(path: &Path) -> Result<Archive, ZipError> {
    ZipArchive::new(BufReader::new(File::open(path)?))
}

thread_local! {
    /// The ZIP file that this thread has read from last: its directory is not read anew for each member.
    static LAST: RefCell<Option<(PathBuf, Archive)>> = const { RefCell::new(None) };
}

fn fetch_member(path: &Path, number: usize, name: &str, limit: usize) -> Result<Vec<u8>, Problem> {
    LAST.with_borrow_mut(|last| {
        let mut read = || -> Result<Vec<u8>, ZipError> {
            if last.as_ref().is_none_or(|(known, _)| known != path) {
                *last = Some((path.to_owned(), open(path)?));
            }
            let Some((_, archive)) = last else { return Err(ZipError::FileNotFound) };
            let mut bytes = Vec::new();
            // What a member says of its size is not trusted: it may unpack to more.
            archive.by_index(number)?.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        match read() {
            Ok(bytes) if bytes.len() > limit => Err(read::too_large(name, limit)),
            Ok(bytes) => Ok(bytes),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => Err(locked(name)),
            Err(error) => {
                *last = None;
                Err(no_archive(name, &error))
            }
        }
    })
}

fn lost(name: &str, cause: &str) -> Problem {
    Problem::new(
        Code::Unreadable,
        format!("无法读取文件列表 {name}：{cause}。请检查管道或文件"),
        format!("cannot read the list {name}: {cause}; check the pipe or file"),
    )
}

fn not_a_file(path: &Path) -> Problem {
    let path = path.display();
    Problem::new(
        Code::Unreadable,
        format!("{path} 是管道或设备，不是文件，没有读取。请先存为文件，或用 retally extract 读取"),
        format!(
            "{path} is a pipe or device and no file, and was not read; save it as a file, or use `retally extract`"
        ),
    )
}

fn locked(name: &str) -> Problem {
    Problem::new(
        Code::PasswordNeeded,
        format!("{name} 已加密，没有读取。请先解压"),
        format!("{name} is encrypted and was not read; unpack it first"),
    )
}

/// `name` is that of a ZIP file, or of one of its members.
fn no_archive(name: &str, error: &ZipError) -> Problem {
    let (zh, en) = match error {
        ZipError::InvalidArchive(_) => {
            ("其中的数据不是完整的 ZIP 文件".to_owned(), "the data are not those of a whole ZIP file".to_owned())
        }
        ZipError::UnsupportedArchive(what) => {
            (format!("不支持其压缩方式（{what}）"), format!("it is packed in a way that is not read ({what})"))
        }
        other => (other.to_string(), other.to_string()),
    };
    Problem::new(
        Code::Unreadable,
        format!("无法读取 {name}：{zh}。请检查文件是否完整，或先解压"),
        format!("cannot read {name}: {en}; check that the file is whole, or unpack it first"),
    )
}

fn nothing_within(name: &str) -> Problem {
    let extensions = DOCUMENTS.join(", .");
    Problem::new(
        Code::Unreadable,
        format!("ZIP 文件 {name} 中没有可读的文件（.{extensions}）。其他文件请先解压"),
        format!("the ZIP file {name} has no file to read (.{extensions}); unpack it to read others"),
    )
}

fn nothing_matches(path: &Path) -> Problem {
    let path = path.display();
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
    fn names_of_members_are_read_as_they_were_written() {
        let gbk = encoding_rs::GBK.encode("2021年/绩效自评表.pdf").0;
        for (raw, name) in [
            ("2021年/绩效自评表.pdf".as_bytes(), "2021年/绩效自评表.pdf"),
            (&gbk, "2021年/绩效自评表.pdf"),
            (b"a.txt", "a.txt"),
        ] {
            assert_eq!(member_name(raw), name);
        }
    }

    #[test]
    fn a_list_has_a_path_a_line_or_a_zero_byte_after_each() {
        for list in ["a.txt\nb c.txt\n\na.txt", "a.txt\r\nb c.txt\r\n", "a.txt\0b c.txt\0"] {
            let mut inputs = Inputs::default();
            inputs.list(list.as_bytes());
            assert_eq!(inputs.names, ["a.txt", "b c.txt"], "{list:?}");
        }
    }

    #[test]
    fn a_member_that_unpacks_to_more_than_the_limit_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        zip.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
        io::Write::write_all(&mut zip, &[b'x'; 1000]).unwrap();
        zip.finish().unwrap();
        let inputs = Inputs::expand(&[path]);
        assert_eq!(inputs.fetch(0, 1000).unwrap().len(), 1000);
        assert_eq!(inputs.fetch(0, 999).unwrap_err().code, Code::TooLarge);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_that_nobody_writes_to_does_not_stop_a_batch() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.pdf", "b.zip"] {
            let path = folder.path().join(name);
            assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
            let problem = Inputs::expand(std::slice::from_ref(&path)).fetch(0, 1000).unwrap_err();
            assert_eq!(problem.code, Code::Unreadable);
            assert!(problem.words.en.contains(name), "{}", problem.words.en);
        }
        // In a folder it is no document.
        assert_eq!(Inputs::expand(&[folder.path().to_owned()]).fetch(0, 1000).unwrap_err().code, Code::Unreadable);
    }

    #[test]
    fn a_file_whose_name_looks_like_a_glob_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a[1].txt", "a1.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let names = |name: &str| Inputs::expand(&[folder.path().join(name)]).names.len();
        assert_eq!((names("a[1].txt"), names("a*.txt"), names("a[2].txt")), (1, 2, 1));
        assert!(Inputs::expand(&[folder.path().join("a[2].txt")]).fetch(0, 9).is_err());
    }
}
