//! The bytes of an input, and never more than a limit.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use retally::problem::{Code, Problem};

use crate::cli::inputs::Input;

/// The bytes of `input`, or why they are not to be had. Reads `limit` bytes at most and one more to see that there is.
pub(crate) fn read(input: &Input, limit: usize) -> Result<Vec<u8>, Problem> {
    match input {
        Input::Stdin => bounded(io::stdin().lock(), limit).map_err(|error| unreadable(&input.name(), &error))?,
        Input::File(path) => file(path, limit).map_err(|error| unreadable(&input.name(), &error))?,
        Input::Lost(_, problem) => return Err(Problem::clone(problem)),
    }
    .ok_or_else(|| too_large(&input.name(), limit))
}

fn file(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let file = File::open(path)?;
    // A regular file says its size: one that is too large is not read first and refused then.
    if file.metadata()?.len() > limit as u64 {
        return Ok(None);
    }
    bounded(file, limit)
}

/// All bytes of `from`; `None` when there are more than `limit`.
fn bounded(from: impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

fn unreadable(name: &str, error: &io::Error) -> Problem {
    let cause = error.to_string();
    let (zh_cause, zh, en) = match error.kind() {
        ErrorKind::NotFound => ("没有这个文件", "请检查路径的写法", "check how the path is written"),
        ErrorKind::PermissionDenied => ("没有读取权限", "请取得读取权限", "get the permission to read it"),
        _ => (cause.as_str(), "请检查文件能否用其他程序打开", "check that another program can open it"),
    };
    Problem::new(
        Code::Unreadable,
        format!("无法读取 {name}：{zh_cause}。{zh}"),
        format!("cannot read {name}: {cause}; {en}"),
    )
}

/// The problem of an input that is larger than `limit`.
pub(crate) fn too_large(name: &str, limit: usize) -> Problem {
    let mib = limit >> 20;
    Problem::new(
        Code::TooLarge,
        format!("{name} 超过 {mib} MiB 的上限，没有读取。请拆分文件，或提高 --max-size"),
        format!("{name} is larger than the limit of {mib} MiB and was not read; split it, or raise --max-size"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "12345").unwrap();
        let input = Input::File(path);
        assert_eq!(read(&input, 5).unwrap(), b"12345");
        assert_eq!(read(&input, 4).unwrap_err().code, Code::TooLarge);
    }

    #[test]
    fn a_stream_without_end_is_left() {
        assert_eq!(bounded(io::repeat(b'x'), 10).unwrap(), None);
    }

    #[test]
    fn a_missing_file_is_named_with_a_remedy() {
        let problem = read(&Input::File("no/such.pdf".into()), 9).unwrap_err();
        assert_eq!(problem.code, Code::Unreadable);
        assert!(problem.words.en.starts_with("cannot read no/such.pdf: "), "{}", problem.words.en);
        assert_eq!(problem.words.zh, "无法读取 no/such.pdf：没有这个文件。请检查路径的写法");
    }
}
