//! Paths as typed to inputs in order.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use retally::problem::{Code, Problem};
use walkdir::{DirEntry, WalkDir};

/// What documents are called. In a folder only such files are read; a file that is named itself always is.
pub(crate) const DOCUMENTS: &[&str] = &["pdf", "txt", "text"];

/// One thing to read.
#[derive(Debug)]
pub(crate) enum Input {
    /// Standard input, `-`.
    Stdin,
    /// A file.
    File(PathBuf),
    /// A folder that could not be walked, or has nothing to read.
    Lost(PathBuf, Box<Problem>),
}

impl Input {
    /// What the record says of its origin.
    pub(crate) fn name(&self) -> String {
        match self {
            Input::Stdin => "-".to_owned(),
            Input::File(path) | Input::Lost(path, _) => shown(path),
        }
    }
}

/// A path as text. What of it is not UTF-8 comes out as escapes, `\xb2`, so that it stays told apart.
pub(crate) fn shown(path: &Path) -> String {
    let mut text = String::new();
    for part in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text += part.valid();
        text.extend(part.invalid().escape_ascii().map(char::from));
    }
    text
}

/// The inputs that `paths` stand for: files as they are, folders walked in the order of their names.
pub(crate) fn expand(paths: &[PathBuf], extensions: &[&str]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input::Stdin);
        } else {
            inputs.extend(named(path, extensions));
        }
    }
    inputs
}

/// The inputs that one path stands for, `-` being a file like others.
pub(crate) fn named(path: &Path, extensions: &[&str]) -> Vec<Input> {
    if path.is_dir() { walk(path, extensions) } else { vec![Input::File(path.to_owned())] }
}

fn walk(folder: &Path, extensions: &[&str]) -> Vec<Input> {
    let mut inputs = Vec::new();
    // Hidden files beside documents are not documents: macOS leaves `._form.pdf` with every `form.pdf` it copies.
    let is_shown = |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_shown) {
        match entry {
            Ok(entry) if has_extension(entry.path(), extensions) && entry.path().is_file() => {
                inputs.push(Input::File(entry.into_path()));
            }
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let problem = unwalkable(&path, &error);
                inputs.push(Input::Lost(path, Box::new(problem)));
            }
        }
    }
    if inputs.is_empty() {
        inputs.push(Input::Lost(folder.to_owned(), Box::new(nothing_to_read(folder, extensions))));
    }
    inputs
}

/// Whether a file is called so, in capitals or not.
pub(crate) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let is = |extension: &OsStr| extensions.iter().any(|known| extension.eq_ignore_ascii_case(known));
    path.extension().is_some_and(is)
}

fn unwalkable(path: &Path, error: &walkdir::Error) -> Problem {
    let path = shown(path);
    Problem::new(
        Code::Unreadable,
        format!("无法列出文件夹 {path}：{error}。请检查访问权限"),
        format!("cannot list the folder {path}: {error}; check that you may read it"),
    )
}

fn nothing_to_read(folder: &Path, extensions: &[&str]) -> Problem {
    let (folder, extensions) = (shown(folder), extensions.join(", ."));
    Problem::new(
        Code::Unreadable,
        format!("文件夹 {folder} 中没有可读的文件（.{extensions}）。其他扩展名的文件请直接写出文件名"),
        format!("the folder {folder} has no file to read (.{extensions}); name files with other extensions themselves"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_walked_in_the_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("b/.hidden")).unwrap();
        for name in ["c.txt", "a.PDF", "b/2.txt", "b/10.txt", "b/.hidden/x.txt", "._a.pdf", "notes.md", "bare"] {
            std::fs::write(root.join(name), "x").unwrap();
        }
        let names: Vec<String> = expand(&[root.to_owned(), "-".into(), "gone.txt".into()], DOCUMENTS)
            .iter()
            .map(|input| input.name().replace(&format!("{}/", root.display()), ""))
            .collect();
        assert_eq!(names, ["a.PDF", "b/10.txt", "b/2.txt", "c.txt", "-", "gone.txt"]);
    }

    #[test]
    fn names_that_are_no_text_stay_apart() {
        assert_eq!(shown(Path::new("2021年/自评\\x.pdf")), "2021年/自评\\x.pdf");
        #[cfg(unix)]
        for (bytes, name) in
            [(b"u/\xb2\xe2.txt".as_slice(), r"u/\xb2\xe2.txt"), (b"\xe8\xa1\xa8\xe8\xa1", r"表\xe8\xa1")]
        {
            use std::os::unix::ffi::OsStrExt;
            assert_eq!(shown(Path::new(OsStr::from_bytes(bytes))), name);
        }
    }

    #[test]
    fn a_folder_with_nothing_to_read_is_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = expand(&[folder.path().to_owned()], DOCUMENTS);
        assert!(matches!(inputs.as_slice(), [Input::Lost(_, problem)] if problem.code == Code::Unreadable));
    }
}
