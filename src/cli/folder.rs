//! A folder that results are written to, and never a path outside of it.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A file's name has no more bytes than 255 on usual systems; this leaves room for numbers and extensions.
const STEM_BYTES: usize = 200;

/// A folder, and the names given out in it.
pub(crate) struct Folder {
    path: PathBuf,
    stems: BTreeSet<String>,
}

impl Folder {
    /// The folder at `path`, made where there is none.
    pub(crate) fn open(path: &Path) -> io::Result<Folder> {
        fs::create_dir_all(path)?;
        Ok(Folder { path: path.to_owned(), stems: BTreeSet::new() })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A name for the files of the document called `name`: its own, without folders and extension. Where two documents
    /// of one run have the same, the later one gets a number.
    pub(crate) fn stem(&mut self, name: &str) -> String {
        let plain = plain_stem(name);
        let numbered = (2u64..).map(|number| format!("{plain}-{number}"));
        // On some systems `A.csv` and `a.csv` are one file.
        let free = |stem: &String| !self.stems.contains(&stem.to_lowercase());
        let stem = std::iter::once(plain.clone()).chain(numbered).find(free).unwrap_or(plain);
        self.stems.insert(stem.to_lowercase());
        stem
    }

    /// Writes a file in the folder. One of that name is replaced, not written through where it is a link.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        OpenOptions::new().write(true).create_new(true).open(&path)?.write_all(bytes)
    }
}

/// The name of a file without folders and extension, and with nothing that a system takes for more than a name.
fn plain_stem(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let mut plain = String::new();
    for ch in stem.trim().trim_start_matches('.').chars() {
        let risky = ch.is_control() || matches!(ch, ':' | '*' | '?' | '"' | '<' | '>' | '|');
        let ch = if risky { '_' } else { ch };
        if plain.len() + ch.len_utf8() > STEM_BYTES {
            break;
        }
        plain.push(ch);
    }
    if plain.is_empty() || plain == "-" { "input".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names() {
        for (name, stem) in [
            ("a/b/决算.pdf", "决算"),
            ("../../etc/passwd", "passwd"),
            ("..", "input"),
            ("a/..", "input"),
            ("...pdf", "input"),
            ("-", "input"),
            (r"C:\x\..\y.pdf", "y"),
            ("C:", "C_"),
            ("a\u{0}b.pdf", "a_b"),
            ("v1.2.pdf", "v1.2"),
        ] {
            assert_eq!(plain_stem(name), stem, "{name}");
        }
        assert!(plain_stem(&"表".repeat(300)).len() <= STEM_BYTES);
    }

    #[test]
    fn the_same_name_twice_gives_two_files() {
        let home = tempfile::tempdir().unwrap();
        let mut folder = Folder::open(&home.path().join("new/folder")).unwrap();
        let stems: Vec<String> = ["a/x.pdf", "b/x.pdf", "c/X.pdf"].iter().map(|name| folder.stem(name)).collect();
        assert_eq!(stems, ["x", "x-2", "X-3"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_its_target_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("target.txt");
        fs::write(&target, "keep").unwrap();
        let folder = Folder::open(&home.path().join("out")).unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join("x.1.csv")).unwrap();
        folder.write("x.1.csv", b"new").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "keep");
        assert_eq!(fs::read_to_string(folder.path().join("x.1.csv")).unwrap(), "new");
    }
}
