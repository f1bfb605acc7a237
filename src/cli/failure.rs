//! What ends a run before its work is done.

use std::io;
use std::path::{Path, PathBuf};

use retally::message::Message;
use retally::pattern::LoadError;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::patterns;

/// Why a run ended before its work was done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments ask for something that is not to be had.
    Usage(Message),
    /// The patterns of the user have mistakes.
    Patterns(LoadError),
    /// The program could not find or start itself anew.
    Itself(io::Error),
    /// Standard output took no more.
    Output(io::Error),
    /// A file that takes the results took no more.
    File(PathBuf, io::Error),
}

impl From<io::Error> for Failure {
    /// Reading has errors of its own; what is left to fail as plain I/O is the writing of results.
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl From<Message> for Failure {
    fn from(message: Message) -> Self {
        Failure::Usage(message)
    }
}

impl Failure {
    /// Whether whoever read standard output has gone.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Says on standard error what happened, and gives the exit code.
    ///
    /// A closed pipe is no failure: its reader, `head` perhaps, has what it wanted.
    pub(crate) fn report(self, console: &Console) -> Exit {
        match self {
            _ if self.is_closed_pipe() => return Exit::Clean,
            Failure::Output(error) => console.error(&Message::new(
                format!("无法将结果写到标准输出：{error}。请检查输出所在的磁盘或管道"),
                format!("cannot write the results to standard output: {error}; check the disk or pipe that takes them"),
            )),
            Failure::File(path, error) => console.error(&unwritten(&path, &error)),
            Failure::Itself(error) => console.error(&Message::new(
                format!("无法启动读取进程：找不到 retally 自身的程序文件：{error}。请检查安装"),
                format!(
                    "cannot start readers: the file of retally itself is not found: {error}; check the installation"
                ),
            )),
            Failure::Usage(message) => console.error(&message),
            Failure::Patterns(error) => {
                for file in &error.files {
                    console.print_error(&patterns::mistakes(file, console.error_style()));
                }
            }
        }
        Exit::Failed
    }
}

/// The failure to write the results to the file at `path`.
pub(crate) fn unwritten(path: &Path, error: &io::Error) -> Message {
    let path = path.display();
    Message::new(
        format!("无法写文件 {path}：{error}。请检查路径、权限和磁盘空间"),
        format!("cannot write the file {path}: {error}; check the path, the permissions and the disk"),
    )
}

/// The failure to write files to the folder of `--out`.
pub(crate) fn unwritable(folder: &Path, error: &io::Error) -> Failure {
    let folder = folder.display();
    Failure::Usage(Message::new(
        format!("--out：无法写入文件夹 {folder}：{error}。请检查路径、权限和磁盘空间"),
        format!("--out: cannot write to the folder {folder}: {error}; check the path, the permissions and the disk"),
    ))
}
