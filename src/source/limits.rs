//! How much of one input is read: bounds on memory and time, whatever the bytes.

/// Bounds on the reading of one document. Past one of them a problem names it, and the rest comes out.
///
/// The defaults are far above what forms and even whole compendia of them need; they are there for damaged and
/// hostile input. Lower them where many documents are read at once. Members may be added: begin from
/// `..Limits::default()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the input. A scan of some hundred pages stays under 100 MiB; what is larger is not opened at all.
    pub bytes: usize,
    /// Objects of a PDF, each number, name and string counted: some 250 bytes each in memory while it is opened. A page
    /// has some hundred, with a tree of its structure a thousand; a font has one for each of its characters. What has more
    /// is read without being mended.
    pub objects: usize,
    /// Pages of a PDF, or of a text between form feeds. The largest compendia of a county's filings have some 2000.
    pub pages: usize,
    /// Glyphs on one page of a PDF. A page of small print has 6000; CAD sheets reach 50 000.
    pub page_glyphs: usize,
    /// Glyphs in one PDF: some 100 bytes each in memory, so half a gigabyte at most.
    pub glyphs: usize,
    /// Rulings on one page of a PDF. A grid of 200 rows by 50 columns, drawn cell by cell, has 40 000.
    pub page_rulings: usize,
    /// Drawing operations on one page of a PDF; one form drawn inside another multiplies them.
    pub page_calls: usize,
    /// Bytes of page content that are interpreted for one page of a PDF, forms within forms counted each time they
    /// are drawn, and each width that its fonts write out for one. A dense page has 1 MiB.
    pub page_content: usize,
    /// Bytes of page content that are interpreted for one PDF: 2000 pages of 100 KiB have 200 MiB.
    pub content: usize,
    /// Bytes that a stream of a PDF may unpack to. Embedded fonts of 30 000 Chinese characters have 20 MiB.
    pub stream: usize,
    /// Bytes that all streams of a PDF that a reader of text needs (not images) may unpack to.
    pub streams: usize,
    /// Pixels of the pictures of one page of a PDF that are looked at for lines. A page of A3 at 400 dots an inch has 31
    /// million; they take some 8 bytes each.
    pub page_pixels: usize,
    /// Pixels of all pictures of one PDF that are looked at for lines: a thousand pages of A4 at 200 dots an inch have
    /// 3900 million.
    pub pixels: usize,
    /// Lines of a text: 5000 pages of 60 lines; some 800 bytes each in memory, with what is recognised in them.
    pub lines: usize,
    /// Characters of one line of a text. Pages dumped without line ends stay under 20 000.
    pub line_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 256 << 20,
            objects: 2_000_000,
            pages: 5_000,
            page_glyphs: 100_000,
            glyphs: 5_000_000,
            page_rulings: 50_000,
            page_calls: 500_000,
            page_content: 16 << 20,
            content: 256 << 20,
            stream: 64 << 20,
            streams: 512 << 20,
            page_pixels: 40_000_000,
            pixels: 4_000_000_000,
            lines: 300_000,
            line_chars: 100_000,
        }
    }
}

impl Limits {
    /// Every bound by the name of its field, in the order in which they are declared.
    pub fn bounds(&self) -> [(&'static str, usize); 15] {
        let Limits {
            bytes,
            objects,
            pages,
            page_glyphs,
            glyphs,
            page_rulings,
            page_calls,
            page_content,
            content,
            stream,
            streams,
            page_pixels,
            pixels,
            lines,
            line_chars,
        } = *self;
        [
            ("bytes", bytes),
            ("objects", objects),
            ("pages", pages),
            ("page_glyphs", page_glyphs),
            ("glyphs", glyphs),
            ("page_rulings", page_rulings),
            ("page_calls", page_calls),
            ("page_content", page_content),
            ("content", content),
            ("stream", stream),
            ("streams", streams),
            ("page_pixels", page_pixels),
            ("pixels", pixels),
            ("lines", lines),
            ("line_chars", line_chars),
        ]
    }
}
