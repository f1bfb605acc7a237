//! What bytes look like, before anything is decoded.

use crate::problem::{Code, Problem};

/// A PDF may have this much before its header: readers have always searched the first kilobyte
/// (ISO 32000-1, implementation note 13 of the PDF 1.7 reference).
const HEADER_REACH: usize = 1024;

/// What the bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing at all.
    Empty,
    /// A PDF, whose header is at this offset.
    Pdf(usize),
    /// A known kind of file that is neither.
    Other(Kind),
    /// Perhaps text: decoding will tell.
    Text,
}

/// A kind of file that is neither PDF nor text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ole,
    Zip,
    Rtf,
    Image,
    Archive,
    Binary,
}

/// Says what `bytes` look like by their first bytes.
pub(crate) fn sniff(bytes: &[u8]) -> Look {
    const MAGIC: &[(&[u8], Kind)] = &[
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Ole),
        (b"PK\x03\x04", Kind::Zip),
        (b"PK\x05\x06", Kind::Zip),
        (b"{\\rtf", Kind::Rtf),
        (b"\x89PNG\r\n\x1a\n", Kind::Image),
        (b"\xff\xd8\xff", Kind::Image),
        (b"GIF87a", Kind::Image),
        (b"GIF89a", Kind::Image),
        (b"II*\x00", Kind::Image),
        (b"MM\x00*", Kind::Image),
        (b"\x00\x00\x00\x0cjP  ", Kind::Image),
        (b"AT&TFORM", Kind::Image),
        (b"\x1f\x8b\x08", Kind::Archive),
        (b"7z\xbc\xaf\x27\x1c", Kind::Archive),
        (b"Rar!\x1a\x07", Kind::Archive),
        (b"BZh", Kind::Archive),
        (b"\xfd7zXZ\x00", Kind::Archive),
        (b"\x28\xb5\x2f\xfd", Kind::Archive),
    ];
    if bytes.is_empty() {
        return Look::Empty;
    }
    if let Some(offset) = pdf_header(bytes) {
        return Look::Pdf(offset);
    }
    let web_picture = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let bitmap = bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]);
    if web_picture || bitmap {
        return Look::Other(Kind::Image);
    }
    match MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, kind)) => Look::Other(*kind),
        None => Look::Text,
    }
}

/// Where the header of a PDF stands. After other bytes it counts only when objects follow, so that a text which
/// speaks of PDFs stays a text; and objects with a cross-reference at the end are a PDF whose header is broken.
fn pdf_header(bytes: &[u8]) -> Option<usize> {
    const HEADER: &[u8] = b"%PDF-";
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let reach = bytes.len().min(HEADER_REACH + HEADER.len());
    match bytes.get(..reach)?.windows(HEADER.len()).position(|window| window == HEADER) {
        Some(0) => Some(0),
        Some(offset) => (holds(b" obj") && holds(b"endobj")).then_some(offset),
        None => {
            let tail = bytes.get(bytes.len().saturating_sub(HEADER_REACH)..)?;
            let ends = tail.windows(9).any(|window| window == b"startxref");
            (ends && holds(b" obj") && holds(b"endobj")).then_some(0)
        }
    }
}

/// The problem of a file that is neither PDF nor text.
pub(crate) fn not_text(kind: Kind) -> Problem {
    let (zh, en) = match kind {
        Kind::Ole => (
            "输入是旧版 Office 或 WPS 文件（.doc、.xls、.wps、.et），不是 PDF 或纯文本。请先另存为 PDF 再读取，例如 soffice --convert-to pdf",
            "the input is an old Office or WPS file (.doc, .xls, .wps, .et), neither PDF nor plain text; save it as PDF first, for example with soffice --convert-to pdf",
        ),
        Kind::Zip => (
            "输入是 ZIP 容器（.docx、.xlsx、.ofd 或压缩包），不是 PDF 或纯文本。请解压，或先另存为 PDF 再读取，例如 soffice --convert-to pdf",
            "the input is a ZIP container (.docx, .xlsx, .ofd or an archive), neither PDF nor plain text; unpack it or save it as PDF first, for example with soffice --convert-to pdf",
        ),
        Kind::Rtf => (
            "输入是 RTF 文件，不是 PDF 或纯文本。请先另存为 PDF 再读取，例如 soffice --convert-to pdf",
            "the input is an RTF file, neither PDF nor plain text; save it as PDF first, for example with soffice --convert-to pdf",
        ),
        Kind::Image => (
            "输入是图片，没有文字层。请先做文字识别（OCR），再读取带文字层的 PDF",
            "the input is a picture without text; run OCR on it first and give the PDF with its text layer",
        ),
        Kind::Archive => (
            "输入是压缩文件，不是 PDF 或纯文本。请先解压",
            "the input is a compressed file, neither PDF nor plain text; unpack it first",
        ),
        Kind::Binary => (
            "输入不是 PDF，也不像任何已知编码的文本。如果它是文本，请用 --encoding 说明其编码",
            "the input is not a PDF, and it does not look like text in a known encoding; if it is text, name its encoding with --encoding",
        ),
    };
    Problem::new(Code::NotText, zh, en)
}

/// The problem of an input with nothing in it.
pub(crate) fn empty(bytes: usize) -> Problem {
    if bytes == 0 {
        Problem::new(
            Code::Empty,
            "输入是空的（0 字节）。请检查文件是否下载或导出完整",
            "the input is empty (0 bytes); check that it was downloaded or exported in full",
        )
    } else {
        Problem::new(
            Code::Empty,
            format!("输入有 {bytes} 字节，但只有空白。请检查导出文本的工具是否读到了文字"),
            format!("the input has {bytes} bytes, all of them blank; check that the tool that made it found any text"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_told_by_the_first_bytes() {
        let junk = [&b"HTTP/1.1 200 OK\r\n\r\n"[..], b"%PDF-1.4\n1 0 obj\nendobj\n"].concat();
        let table: &[(&[u8], Look)] = &[
            (b"", Look::Empty),
            (b"%PDF-1.7\n", Look::Pdf(0)),
            (&junk, Look::Pdf(19)),
            (b"a note on the header %PDF- of files", Look::Text),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", Look::Other(Kind::Ole)),
            (b"PK\x03\x04rest", Look::Other(Kind::Zip)),
            (b"{\\rtf1\\ansi", Look::Other(Kind::Rtf)),
            (b"\x89PNG\r\n\x1a\nrest", Look::Other(Kind::Image)),
            (b"RIFF\x01\x02\x03\x04WEBPVP8", Look::Other(Kind::Image)),
            (b"BM\x01\x02\x03\x04\x00\x00\x00\x00", Look::Other(Kind::Image)),
            (b"BMI of the staff", Look::Text),
            (b"\x1f\x8b\x08\x00", Look::Other(Kind::Archive)),
            ("绩效".as_bytes(), Look::Text),
        ];
        for (bytes, look) in table {
            assert_eq!(sniff(bytes), *look, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn without_a_header_objects_and_their_table_make_a_pdf() {
        let mut bytes = vec![b' '; HEADER_REACH + 1];
        bytes.extend_from_slice(b"%PDF-1.4\n1 0 obj\nendobj\n");
        assert_eq!(sniff(&bytes), Look::Text);
        bytes.extend_from_slice(b"startxref\n0\n%%EOF");
        assert_eq!(sniff(&bytes), Look::Pdf(0));
    }
}
