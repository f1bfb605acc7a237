//! What can go wrong with a ledger, in words.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::message::Message;

/// What an error of the database means for the ledger at `path`.
pub(super) fn database(path: &Path, error: &rusqlite::Error) -> Message {
    let path = path.display();
    let (zh, en) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => (
            "磁盘可能已满或出错。已完成的文件都已记入；请腾出空间后用同一命令继续",
            "the disk may be full or failing; what is finished is in it, so make room and go on with the same command",
        ),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            ("该文件不是台账，或已损坏。请换一个路径", "it is no ledger, or damaged; choose another path")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
            "请检查路径，以及对该文件和所在文件夹的写入权限",
            "check the path, and that you may write the file and its folder",
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("另一个程序正占用它。请等其结束后再试", "another program keeps it busy; try again when that has ended")
        }
        _ => ("请检查该文件能否用 sqlite3 打开", "check whether sqlite3 opens it"),
    };
    Message::new(format!("台账 {path}：{error}。{zh}"), format!("ledger {path}: {error}; {en}"))
}

pub(super) fn in_use(path: &Path) -> Message {
    let path = path.display();
    Message::new(
        format!("台账 {path} 正由另一次运行写入。请等其结束，或另用一个台账，之后用 batch merge 合并"),
        format!("another run is writing the ledger {path}; wait for it, or use another ledger and `batch merge` later"),
    )
}

pub(super) fn no_lock(path: &Path, error: &std::io::Error) -> Message {
    let path = path.display();
    Message::new(
        format!("无法锁定台账 {path}：{error}。请检查路径，以及对所在文件夹的写入权限"),
        format!("cannot lock the ledger {path}: {error}; check the path, and that you may write its folder"),
    )
}

pub(super) fn not_there(path: &Path) -> Message {
    let path = path.display();
    Message::new(
        format!("没有台账 {path}。请检查路径；retally batch 文件… --ledger {path} 会新建一个"),
        format!("there is no ledger {path}; check the path; `retally batch PATH… --ledger {path}` makes one"),
    )
}

pub(super) fn other(path: &Path) -> Message {
    let path = path.display();
    Message::new(
        format!("{path} 是另一程序的数据库，不是台账，没有改动。请换一个路径"),
        format!("{path} is a database of another program and no ledger, and was left alone; choose another path"),
    )
}

pub(super) fn newer(path: &Path, version: usize, today: usize) -> Message {
    let path = path.display();
    Message::new(
        format!("台账 {path} 的版本为 {version}，本程序只认识到 {today}。请使用较新的程序"),
        format!("the ledger {path} is of version {version}, and this program knows {today} at most; use a newer one"),
    )
}

pub(super) fn no_record(path: &Path, error: &serde_json::Error) -> Message {
    // What the error says is told in the names of this program's own types.
    let (path, column) = (path.display(), error.column());
    Message::new(
        format!(
            "台账 {path} 中有记录无法读取：第 {column} 个字节处不符合记录的格式。请用 --changed 重新读取，或新建台账"
        ),
        format!(
            "the ledger {path} has a record that does not read: at its byte {column} it is none; read it again with --changed, or start a new ledger"
        ),
    )
}
