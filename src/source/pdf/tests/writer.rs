//! A tiny writer of PDFs for tests: numbered objects as written, and a cross-reference table.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// A PDF in the making. Objects 1 to 5 are the catalog, the page tree, the page, its content and its first font.
pub(crate) struct Writer {
    objects: Vec<Vec<u8>>,
    /// More entries of the page's dictionary.
    pub(crate) page: String,
    /// More entries of the page's resources.
    pub(crate) resources: String,
}

/// The font F1 of every test: two-byte codes that are UTF-16, not embedded.
pub(crate) const FONT: &str = "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ << \
    /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) \
    /Supplement 5 >> /DW 1000 /W [ 1 95 500 814 939 500 ] >> ] >>";

impl Writer {
    /// A page of 200 by 100 points with this content.
    pub(crate) fn new(content: &str) -> Self {
        let mut writer = Writer { objects: Vec::new(), page: String::new(), resources: String::new() };
        writer.add("<< /Type /Catalog /Pages 2 0 R >>");
        writer.add("<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>");
        writer.add("");
        writer.add(stream("", content.as_bytes()));
        writer.add(FONT);
        writer
    }

    /// Adds an object; gives its number.
    pub(crate) fn add(&mut self, object: impl AsRef<[u8]>) -> usize {
        self.objects.push(object.as_ref().to_vec());
        self.objects.len()
    }

    /// Writes object `number` anew.
    pub(crate) fn set(&mut self, number: usize, object: impl AsRef<[u8]>) {
        self.objects[number - 1] = object.as_ref().to_vec();
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 100 ] /Contents 4 0 R {} /Resources << /Font << /F1 5 0 R >> {} >> >>",
            self.page, self.resources
        );
        let mut bytes = b"%PDF-1.7\n%\xe4\xb8\xad\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (index, object) in self.objects.iter().enumerate() {
            let _ = writeln!(table, "{:010} 00000 n ", bytes.len());
            let object = if object.is_empty() { page.as_bytes() } else { object };
            let _ = writeln!(bytes, "{} 0 obj", index + 1);
            bytes.extend_from_slice(object);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let start = bytes.len();
        let size = self.objects.len() + 1;
        let _ = write!(
            bytes,
            "{table}trailer\n<< /Size {size} /Root 1 0 R /ID [ <00> <00> ] >>\nstartxref\n{start}\n%%EOF\n"
        );
        bytes
    }
}

/// A stream object with more entries of its dictionary.
pub(crate) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< /Length {} {entries} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// `data` deflated.
pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Operators that show `text` in F1 at a place, 10 points high, after `before`.
pub(crate) fn show(text: &str, x: f64, y: f64, before: &str) -> String {
    let hex = text.encode_utf16().fold(String::new(), |mut hex, unit| {
        let _ = write!(hex, "{unit:04X}");
        hex
    });
    format!("BT {before} /F1 10 Tf 1 0 0 1 {x} {y} Tm <{hex}> Tj ET\n")
}
