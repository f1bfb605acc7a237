//! Bytes to a [`Document`]: pages of placed glyphs and rulings (PDF), or lines (text). Knows nothing of forms.

mod encoding;
pub mod limits;
mod pdf;
mod sniff;
mod text;

pub use limits::Limits;

use crate::problem::{Code, Problem};
use crate::record::SourceKind;
use sniff::Look;

/// What an input is made of, before anything is made of it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Document {
    /// PDF or text; `None` when the bytes are neither, or not enough to tell.
    pub kind: Option<SourceKind>,
    /// Whether nothing of it could be read; the problems say why.
    pub failed: bool,
    /// The encoding of a text, in lower case (`utf-8`, `gb18030`).
    pub encoding: Option<String>,
    /// Whether the pages are real ones: false for a text without form feeds.
    pub paged: bool,
    /// The pages in order.
    pub pages: Vec<Page>,
    /// What was lost on the way.
    pub problems: Vec<Problem>,
}

/// A page of a document.
#[derive(Clone, Debug)]
pub struct Page {
    /// 1-based number.
    pub number: u32,
    /// What stands on it.
    pub content: Content,
}

/// What stands on a page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Content {
    /// Lines of plain text.
    Lines(Vec<TextLine>),
    /// Placed glyphs and rulings of a PDF page.
    Placed(PlacedPage),
}

/// A line of plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLine {
    /// 1-based number of the line in the document.
    pub number: u32,
    /// The line without its line end.
    pub text: String,
}

/// Glyphs and rulings of a PDF page, in points from the top left of the page as it is shown.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PlacedPage {
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// The glyphs in the order in which they are drawn.
    pub glyphs: Vec<Glyph>,
    /// The lines drawn, horizontal and vertical ones only.
    pub rulings: Vec<Ruling>,
}

/// A glyph with its text and place.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// What it stands for: mostly one character, U+FFFD where nothing tells.
    pub text: String,
    /// Its box: advance width by font size.
    pub bbox: BBox,
    /// Font size in points as shown.
    pub size: f64,
    /// Not to be seen on the page: drawn without ink, white on white, or under a picture. OCR puts such a layer
    /// behind the picture of a page.
    pub invisible: bool,
}

/// A box in points, origin top left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BBox {
    /// Left edge.
    pub x0: f64,
    /// Top edge.
    pub y0: f64,
    /// Right edge.
    pub x1: f64,
    /// Bottom edge.
    pub y1: f64,
}

impl BBox {
    /// The smallest box around both.
    pub fn union(self, other: BBox) -> BBox {
        BBox {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// What both cover; a box of no area, which may be turned inside out, when that is nothing.
    pub fn intersection(self, other: BBox) -> BBox {
        BBox {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    /// Its area in square points.
    pub fn area(self) -> f64 {
        (self.x1 - self.x0).max(0.0) * (self.y1 - self.y0).max(0.0)
    }

    /// The middle of the box.
    pub fn centre(self) -> (f64, f64) {
        ((self.x0 + self.x1) / 2.0, (self.y0 + self.y1) / 2.0)
    }
}

/// A straight horizontal or vertical line drawn on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruling {
    /// Whether it runs across or down.
    pub axis: Axis,
    /// Its place across its own direction: y of a horizontal ruling, x of a vertical one.
    pub at: f64,
    /// Where it starts along its direction.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// The direction of a ruling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Across the page.
    Horizontal,
    /// Down the page.
    Vertical,
}

/// How an input is to be read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The encoding of a text, where the user says it: any label of the WHATWG encoding standard.
    pub encoding: Option<String>,
    /// Password of an encrypted PDF.
    pub password: Option<String>,
    /// How much of the input is read.
    pub limits: Limits,
}

/// Reads `bytes` as a PDF or as text. Never fails: what goes wrong is in the document's problems.
///
/// Of a document that is `failed` nothing could be read, and its problems say why.
pub fn read(bytes: &[u8], options: &Options) -> Document {
    let limits = &options.limits;
    if bytes.len() > limits.bytes {
        return failed(kind(bytes), vec![too_large(bytes.len(), limits.bytes)]);
    }
    match sniff::sniff(bytes) {
        Look::Empty => failed(None, vec![sniff::empty(0)]),
        Look::Pdf(offset) => pdf::read(bytes.get(offset..).unwrap_or_default(), options),
        Look::Other(kind) => failed(None, vec![sniff::not_text(kind)]),
        Look::Text => text::read(bytes, options.encoding.as_deref(), limits),
    }
}

/// A PDF for readers that know less: decrypted, and with tables for its Chinese fonts where it leaves them to the reader.
/// `None` when the bytes are no PDF, or it does not open.
pub fn plain_pdf(bytes: &[u8], options: &Options) -> Option<Vec<u8>> {
    match sniff::sniff(bytes) {
        Look::Pdf(offset) if bytes.len() <= options.limits.bytes => pdf::plain(bytes.get(offset..)?, options),
        _ => None,
    }
}

/// What `bytes` that cannot be read are, as far as their beginning tells.
pub(crate) fn kind(bytes: &[u8]) -> Option<SourceKind> {
    bytes.starts_with(b"%PDF-").then_some(SourceKind::Pdf)
}

/// A document of which nothing could be read.
fn failed(kind: Option<SourceKind>, problems: Vec<Problem>) -> Document {
    Document { kind, failed: true, problems, ..Document::default() }
}

/// The problem of an input that is larger than the limit.
fn too_large(bytes: usize, limit: usize) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!("输入有 {bytes} 字节，超过 {limit} 字节的上限，没有读取。请拆分文件，或提高 --max-size"),
        format!(
            "the input has {bytes} bytes, more than the limit of {limit}, and was not read: split it, or raise --max-size"
        ),
    )
}
