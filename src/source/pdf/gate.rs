//! The gate: what lopdf says of the bytes before a reader sees them. Sizes, passwords, damage.

use lopdf::xref::XrefRecovery;
use lopdf::{DecompressError, Document, Error, LoadOptions};

use crate::problem::{Code, Problem};
use crate::source::Limits;

/// What the gate makes of a PDF.
pub(crate) enum Gate {
    /// It is open, and decrypted where it was encrypted.
    Open {
        /// The objects of the document.
        document: Box<Document>,
        /// Whether it was encrypted: the bytes as given are not readable without lopdf.
        decrypted: bool,
        /// What had to be repaired.
        damage: Option<Problem>,
    },
    /// lopdf cannot make sense of it; another reader may.
    Unparsed,
    /// It is not to be read, and this is why.
    Refused(Problem),
}

/// Opens `bytes`, with `password` where it needs one.
pub(crate) fn open(bytes: &[u8], password: Option<&str>, limits: &Limits) -> Gate {
    let options = LoadOptions {
        password: password.map(str::to_owned),
        max_decompressed_size: Some(limits.stream),
        ..LoadOptions::default()
    };
    match Document::load_mem_with_options(bytes, options) {
        Ok(document) if document.is_encrypted() => Gate::Refused(password_needed(password.is_some())),
        Ok(document) => Gate::Open {
            decrypted: document.was_encrypted(),
            damage: (document.xref_recovery == Some(XrefRecovery::Reconstructed)).then(repaired),
            document: Box::new(document),
        },
        Err(Error::InvalidPassword) => Gate::Refused(password_needed(password.is_some())),
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { limit })) => Gate::Refused(bomb(limit)),
        Err(_) => Gate::Unparsed,
    }
}

fn password_needed(given: bool) -> Problem {
    if given {
        Problem::new(
            Code::PasswordNeeded,
            "PDF 已加密，所给密码不正确。请用 --password 给出打开密码",
            "the PDF is encrypted and the password given does not open it; give the one that does with --password",
        )
    } else {
        Problem::new(
            Code::PasswordNeeded,
            "PDF 已加密，需要密码才能打开。请用 --password 给出打开密码",
            "the PDF is encrypted and needs a password to open; give it with --password",
        )
    }
}

fn repaired() -> Problem {
    Problem::new(
        Code::DamagedPdf,
        "PDF 的交叉引用表缺失或损坏，已扫描全文件重建；可能缺少内容。请核对页数，或重新下载文件",
        "the PDF's cross-reference table is missing or broken and was rebuilt by scanning the file; something may be missing: check the number of pages, or fetch the file again",
    )
}

/// The problem of a stream that unpacks to more than the limit.
pub(crate) fn bomb(limit: usize) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!(
            "PDF 中有数据流解压后超过 {limit} 字节的上限，没有读取。请检查文件来源；来源可靠的，可提高 --max-stream"
        ),
        format!(
            "a stream of the PDF unpacks to more than {limit} bytes, the limit, and was not read; check where the file comes from, and if it is to be trusted, raise --max-stream"
        ),
    )
}

/// The problem of streams that together unpack to more than the limit.
pub(crate) fn bombs(limit: usize) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!(
            "PDF 的数据流解压后合计超过 {limit} 字节的上限，其余没有读取。请拆分文件；来源可靠的，可提高 --max-stream"
        ),
        format!(
            "the streams of the PDF unpack to more than {limit} bytes together, the limit, and the rest was not read; split the file, or if it is to be trusted, raise --max-stream"
        ),
    )
}
