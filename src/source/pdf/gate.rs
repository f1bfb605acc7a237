//! The gate: what lopdf says of the bytes before a reader sees them. Sizes, passwords, damage.

use lopdf::xref::XrefRecovery;
use lopdf::{DecompressError, Document, Error, LoadOptions};

use super::revive;
use super::weight::{self, Scale, TooHeavy};
use crate::problem::{Code, Problem};
use crate::source::Limits;

/// What the gate makes of a PDF.
pub(crate) enum Gate {
    /// It is open, and decrypted where it was encrypted.
    Open {
        /// The objects of the document.
        document: Box<Document>,
        /// Whether the bytes as given are of no use to another reader: they are encrypted, or lead to no page.
        anew: bool,
        /// What had to be repaired.
        damage: Option<Problem>,
    },
    /// lopdf cannot make sense of it; another reader may.
    Unparsed,
    /// It has more objects than lopdf may hold; another reader may go without.
    Heavy,
    /// It is not to be read, and this is why.
    Refused(Problem),
}

/// Opens `bytes`, with `password` where it needs one.
pub(crate) fn open(bytes: &[u8], password: Option<&str>, limits: &Limits) -> Gate {
    let mut scale = Scale::new(bytes.len(), limits);
    match scale.weigh(bytes) {
        Ok(()) => {}
        Err(TooHeavy::Objects) if !weight::is_encrypted(bytes) => return Gate::Heavy,
        Err(_) => return Gate::Refused(too_many_objects(limits.objects)),
    }
    if weight::is_encrypted(bytes) {
        // What its object streams hold shows only when they are decrypted.
        let weighed = weight::probe(bytes).and_then(|probe| match load(&probe, password, limits) {
            Ok(document) => scale.weigh_decrypted(&document),
            Err(_) => Ok(()),
        });
        if weighed.is_err() {
            return Gate::Refused(too_many_objects(limits.objects));
        }
    }
    let loaded = load(bytes, password, limits).map(|mut document| {
        let lost = document.page_iter().next().is_none() && revive::gather_pages(&mut document);
        (document, lost)
    });
    match loaded {
        Ok((document, true)) => Gate::Open { document: Box::new(document), anew: true, damage: Some(tree_lost()) },
        Ok((document, _)) if document.is_encrypted() => Gate::Refused(password_needed(password.is_some())),
        Ok((document, _)) if document.xref_recovery == Some(XrefRecovery::Reconstructed) => {
            // Of a file that is cut off, the last object has no end, and is no object without one.
            let closed = load(&revive::closed(bytes), password, limits).ok();
            let closed = closed.filter(|closed| closed.objects.len() > document.objects.len());
            Gate::Open {
                anew: document.was_encrypted() || closed.is_some(),
                document: Box::new(closed.unwrap_or(document)),
                damage: Some(repaired()),
            }
        }
        Ok((document, _)) => Gate::Open { anew: document.was_encrypted(), document: Box::new(document), damage: None },
        Err(Error::InvalidPassword) => Gate::Refused(password_needed(password.is_some())),
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { limit })) => Gate::Refused(bomb(limit)),
        Err(_) => {
            let ended = load(&revive::ended(bytes), password, limits).ok().filter(|document| !document.is_encrypted());
            let gathered = ended.and_then(|mut document| revive::gather_pages(&mut document).then_some(document));
            gathered.map_or(Gate::Unparsed, |document| Gate::Open {
                document: Box::new(document),
                anew: true,
                damage: Some(tree_lost()),
            })
        }
    }
}

fn load(bytes: &[u8], password: Option<&str>, limits: &Limits) -> lopdf::Result<Document> {
    let options = LoadOptions {
        password: password.map(str::to_owned),
        max_decompressed_size: Some(limits.stream),
        ..LoadOptions::default()
    };
    Document::load_mem_with_options(bytes, options)
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

fn tree_lost() -> Problem {
    Problem::new(
        Code::DamagedPdf,
        "PDF 的页面目录缺失或损坏（文件可能不完整），找到的页面按编号排列；可能缺页，顺序也可能不对。请核对页数，或重新下载文件",
        "the PDF's tree of pages is missing or broken (the file may be cut off); the pages found are in the order of their numbers, some may be missing, and the order may be wrong: check the number of pages, or fetch the file again",
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

/// The problem of a PDF with more objects than the limit, or one that hides how many it has.
pub(crate) fn too_many_objects(limit: usize) -> Problem {
    Problem::new(
        Code::LimitReached,
        format!(
            "PDF 的对象（每个数、名称、字符串都算）超过 {limit} 个的上限，或其数目无法查明；加密的和索引过大的不读取，其余的只读取页面，没有检查和修补。请拆分文件，或另行打印为 PDF 再试"
        ),
        format!(
            "the PDF has more than {limit} objects, each number, name and string counted, or hides how many; an encrypted one, or one whose index is as long, is not read; of others the pages are, unchecked and unmended: split the file, or print it to a new PDF and try again"
        ),
    )
}
