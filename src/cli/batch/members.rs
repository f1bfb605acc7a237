//! The members of ZIP files: named, and read in place. Nothing is ever unpacked to a path.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use retally::problem::{Code, Problem};
use zip::read::OwnedZipFileEntry;
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, SUPPORTED_COMPRESSION_METHODS, ZipReadOptions};

use crate::cli::inputs::{DOCUMENTS, has_extension};
use crate::cli::read;

/// A document in a ZIP file.
#[derive(Debug)]
pub(super) struct Member {
    /// What it is called there. Others may be called the same.
    pub(super) name: String,
    /// Its place in the directory.
    pub(super) number: usize,
    entry: OwnedZipFileEntry,
}

/// The documents in the ZIP file at `path`, by name. Hidden files and what macOS adds are none.
pub(super) fn list(path: &Path) -> Result<Vec<Member>, ZipError> {
    let mut archive = ZipIterable::try_new(BufReader::new(File::open(path)?), Default::default())?;
    let mut members = Vec::new();
    for (number, entry) in archive.files()?.enumerate() {
        let entry = entry?;
        let name = name(entry.name_raw());
        if entry.is_file() && !name.split('/').any(is_hidden) && has_extension(Path::new(&name), DOCUMENTS) {
            members.push(Member { name, number, entry: entry.into() });
        }
    }
    members.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(members)
}

/// Whether a part of a path is that of something which people do not see. `.` and `..` lead to what they do see.
fn is_hidden(part: &str) -> bool {
    part == "__MACOSX" || part.starts_with('.') && !matches!(part, "." | "..")
}

/// The name of a member. Archives made in China have names in GBK, and do not say so.
fn name(raw: &[u8]) -> String {
    match str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

impl Member {
    /// Its bytes, `limit` at most, out of the ZIP file at `archive`; in messages it is called `name`.
    pub(super) fn fetch(&self, archive: &Path, name: &str, limit: usize) -> Result<Vec<u8>, Problem> {
        if self.entry.encrypted() {
            return Err(locked(name));
        }
        let method = self.entry.compression();
        if !SUPPORTED_COMPRESSION_METHODS.contains(&method) {
            return Err(unknown_method(name, method));
        }
        match self.read(archive, limit) {
            Ok(bytes) if bytes.len() > limit => Err(read::too_large(name, limit)),
            Ok(bytes) => Ok(bytes),
            Err(error) => Err(unreadable(name, &error)),
        }
    }

    /// What a member says of its size is not trusted: it may unpack to more.
    fn read(&self, archive: &Path, limit: usize) -> Result<Vec<u8>, ZipError> {
        let mut file = BufReader::new(File::open(archive)?);
        let member = self.entry.as_ref().with_reader(&mut file, ZipReadOptions::new())?;
        let mut bytes = Vec::new();
        member.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

fn locked(name: &str) -> Problem {
    Problem::new(
        Code::PasswordNeeded,
        format!("{name} 已加密，没有读取。请先解压"),
        format!("{name} is encrypted and was not read; unpack it first"),
    )
}

fn unknown_method(name: &str, method: CompressionMethod) -> Problem {
    let known = method.to_string();
    let method = if known == "Unknown" { format!("{method:?}") } else { known };
    Problem::new(
        Code::Unreadable,
        format!("{name} 以 {method} 方式压缩，本程序不能解压，没有读取。请先解压"),
        format!(
            "{name} is packed with {method}, which this program does not unpack, and was not read; unpack it first"
        ),
    )
}

/// `name` is that of a ZIP file, or of one of its members.
pub(super) fn unreadable(name: &str, error: &ZipError) -> Problem {
    let (zh, en) = match error {
        ZipError::InvalidArchive(_) => {
            ("其中的数据不是完整的 ZIP 文件".to_owned(), "the data are not those of a whole ZIP file".to_owned())
        }
        ZipError::UnsupportedArchive(what) => {
            (format!("不支持这种 ZIP 文件（{what}）"), format!("it is packed in a way that is not read ({what})"))
        }
        other => (other.to_string(), other.to_string()),
    };
    Problem::new(
        Code::Unreadable,
        format!("无法读取 {name}：{zh}。请检查文件是否完整，或先解压"),
        format!("cannot read {name}: {en}; check that the file is whole, or unpack it first"),
    )
}

/// The problem of a ZIP file without documents.
pub(super) fn none(name: &str) -> Problem {
    let extensions = DOCUMENTS.join(", .");
    Problem::new(
        Code::Unreadable,
        format!("ZIP 文件 {name} 中没有可读的文件（.{extensions}）。其他文件请先解压"),
        format!("the ZIP file {name} has no file to read (.{extensions}); unpack it to read others"),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn names_are_read_as_they_were_written() {
        let gbk = encoding_rs::GBK.encode("2021年/绩效自评表.pdf").0;
        for (raw, text) in [
            ("2021年/绩效自评表.pdf".as_bytes(), "2021年/绩效自评表.pdf"),
            (&gbk, "2021年/绩效自评表.pdf"),
            (b"a.txt", "a.txt"),
        ] {
            assert_eq!(name(raw), text);
        }
    }

    #[test]
    fn only_hidden_files_are_hidden() {
        let hidden = |path: &str| path.split('/').any(is_hidden);
        assert!(["a.txt", "./a.txt", "./d/b.txt", "../c.txt"].iter().all(|path| !hidden(path)));
        assert!([".DS_Store", "d/._a.pdf", "__MACOSX/a.pdf", "./.a/b.txt"].iter().all(|path| hidden(path)));
    }

    #[test]
    fn a_member_that_unpacks_to_more_than_the_limit_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        zip.start_file("a.txt", SimpleFileOptions::default()).unwrap();
        zip.write_all(&[b'x'; 1000]).unwrap();
        zip.finish().unwrap();
        let [member] = list(&path).unwrap().try_into().unwrap();
        assert_eq!(member.fetch(&path, "a.txt", 1000).unwrap().len(), 1000);
        assert_eq!(member.fetch(&path, "a.txt", 999).unwrap_err().code, Code::TooLarge);
    }
}
