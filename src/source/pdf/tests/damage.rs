//! Hundreds of damaged PDFs, the same on every run: whatever is done to the bytes, reading them ends, and where
//! something is lost a problem says so.

use lopdf::{Dictionary, Object, Stream};

use super::writer::{Writer, deflate, show, stream};
use super::{codes, text};
use crate::problem::Code;
use crate::source::pdf::page_failed;
use crate::source::{self, Content, Document, Limits, Options};

/// Xorshift (Marsaglia 2003): the same numbers on every run and system.
struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// Two pages with text, rulings, a form and a picture; the streams deflated.
fn whole() -> Writer {
    let rows = |from: usize| -> String {
        let row = |row: usize| show(&format!("第{row}行{}", row * 37), 10.0, 90.0 - (row % 8) as f64 * 10.0, "");
        (from..from + 8).map(row).collect::<String>() + "10 10 100 80 re S /X Do\n"
    };
    let packed =
        |entries: &str, data: &str| stream(&format!("/Filter /FlateDecode {entries}"), &deflate(data.as_bytes()));
    let mut writer = Writer::new("");
    writer.set(4, packed("", &rows(1)));
    let form = packed("/Type /XObject /Subtype /Form /BBox [ 0 0 200 100 ]", "20 60 m 80 60 l S 20 40 m 80 40 l S");
    let form = writer.add(form);
    writer.resources = format!("/XObject << /X {form} 0 R >>");
    let content = writer.add(packed("", &rows(9)));
    let page = writer.add(format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 100 ] /Contents {content} 0 R /Resources << /Font << /F1 5 0 R >> \
         /XObject << /X {form} 0 R >> >> >>"
    ));
    writer.set(2, format!("<< /Type /Pages /Kids [ 3 0 R {page} 0 R ] /Count 2 >>"));
    writer
}

/// The same with cross-reference and object streams.
fn modern(bytes: &[u8]) -> Vec<u8> {
    let mut document = lopdf::Document::load_mem(bytes).unwrap();
    let mut modern = Vec::new();
    document.save_modern(&mut modern).unwrap();
    modern
}

/// Reads `bytes` within limits that hostile files meet soon, and checks what holds for any.
fn read(bytes: &[u8], name: &str) -> Document {
    let limits = Limits { stream: 4 << 20, streams: 16 << 20, page_content: 1 << 20, ..Limits::default() };
    let document = source::read(bytes, &Options { limits, ..Options::default() });
    assert!(!document.failed || !document.problems.is_empty(), "{name}: nothing came out and nothing is said");
    let failed = page_failed();
    assert!(document.problems.iter().all(|problem| problem.words != failed.words), "{name}: the reader panicked");
    for page in &document.pages {
        let Content::Placed(page) = &page.content else { panic!("{name}: a PDF has placed pages") };
        assert!(page.width.is_finite() && page.height.is_finite(), "{name}");
        let places = page.glyphs.iter().flat_map(|glyph| {
            let bbox = glyph.bbox;
            [bbox.x0, bbox.y0, bbox.x1, bbox.y1, glyph.size]
        });
        let rulings = page.rulings.iter().flat_map(|ruling| [ruling.at, ruling.from, ruling.to]);
        assert!(places.chain(rulings).all(f64::is_finite), "{name}");
    }
    document
}

#[test]
fn files_cut_short_say_so() {
    let classic = whole().bytes();
    for (kind, bytes) in [("classic", classic.clone()), ("modern", modern(&classic))] {
        let all = text(&read(&bytes, kind));
        assert!(all.contains("第16行592"), "{all}");
        // What ends the file may go without a loss; all before may not.
        let end = bytes.len() - "startxref\n0000\n%%EOF\n".len();
        for cut in (8..end).step_by(bytes.len() / 100) {
            let name = format!("{kind} cut at {cut} of {}", bytes.len());
            assert!(!read(&bytes[..cut], &name).problems.is_empty(), "{name}");
        }
    }
}

#[test]
fn flipped_bits_and_lost_bytes_do_no_harm() {
    let classic = whole().bytes();
    let mut seed = Seed(0x2545_f491_4f6c_dd1d);
    for (kind, bytes) in [("classic", classic.clone()), ("modern", modern(&classic))] {
        for round in 0..250 {
            let mut broken = bytes.clone();
            for _ in 0..=seed.below(6) {
                // The header stays, so that it is a PDF that is damaged.
                let at = 8 + seed.below(broken.len() - 8);
                match seed.below(4) {
                    0 => broken[at] ^= 1 << seed.below(8),
                    1 => broken[at] = b"0123456789<>[]/() "[seed.below(18)],
                    2 => drop(broken.drain(at..(at + 1 + seed.below(20)).min(broken.len()))),
                    _ => {
                        let part = broken[at..(at + seed.below(60)).min(broken.len())].to_vec();
                        broken.splice(at..at, part);
                    }
                }
            }
            read(&broken, &format!("{kind}, round {round}"));
        }
    }
}

/// Deflated data carry a checksum; what is outside of them (a number of a box, of an object) may change unnoticed.
#[test]
fn flipped_bits_within_data_are_said_where_they_change_what_is_read() {
    let bytes = whole().bytes();
    let all = text(&read(&bytes, "whole"));
    let places = |mark: &[u8]| -> Vec<usize> { (0..bytes.len()).filter(|at| bytes[*at..].starts_with(mark)).collect() };
    let (starts, ends) = (places(b"\nstream\n"), places(b"\nendstream"));
    let mut seed = Seed(0x0dd0_5eed_0dd0_5eed);
    for round in 0..200 {
        let stream = seed.below(starts.len());
        let at = starts[stream] + 8 + seed.below(ends[stream] - starts[stream] - 8);
        let mut broken = bytes.clone();
        broken[at] ^= 1 << seed.below(8);
        let document = read(&broken, &format!("round {round}"));
        let now = text(&document);
        assert!(now == all || !document.problems.is_empty(), "round {round}, byte {at}: changed silently: {now}");
    }
}

#[test]
fn streams_that_are_cut_say_so() {
    let long: String = (0..60).map(|row| show(&format!("数据{row}"), 20.0, f64::from(row), "")).collect();
    let packed = deflate(long.as_bytes());
    for cut in (1..packed.len() - 8).step_by(packed.len() / 40) {
        let mut writer = Writer::new("");
        writer.set(4, stream("/Filter /FlateDecode", &packed[..cut]));
        let document = read(&writer.bytes(), "cut stream");
        assert!(codes(&document).contains(&(Code::DamagedPdf, Some(1))), "cut at {cut} of {}", packed.len());
    }
}

#[test]
fn boxes_and_numbers_beyond_reason_do_no_harm() {
    const NUMBERS: [&str; 12] = [
        "0",
        "-1",
        "1e300",
        "-99999999999999999999",
        "2147483647",
        "-2147483648",
        "0.0000000001",
        "NaN",
        "null",
        "(text)",
        "[ 1 2 ]",
        "9 0 R",
    ];
    let mut seed = Seed(0x9e37_79b9_7f4a_7c15);
    for round in 0..200 {
        let mut number = || NUMBERS[seed.below(NUMBERS.len())];
        let four = |number: &mut dyn FnMut() -> &'static str| [number(), number(), number(), number()].join(" ");
        let boxes = four(&mut number);
        let matrix = format!("{} {} {}", four(&mut number), number(), number());
        let content = format!(
            "q {matrix} cm {} w {} re S {} {} m {} {} l S Q BT /F1 {} Tf {} Tz {} Tc {} TL {matrix} Tm <6570> Tj ET",
            number(),
            four(&mut number),
            number(),
            number(),
            number(),
            number(),
            number(),
            number(),
            number(),
            number()
        );
        let mut writer = Writer::new(&content);
        writer.page = format!("/CropBox [ {boxes} ] /Rotate {} /UserUnit {}", number(), number());
        read(&writer.bytes(), &format!("round {round}: {boxes} | {content}"));
    }
}

#[test]
fn objects_that_lead_back_to_themselves_come_to_an_end() {
    let bytes = whole().bytes();
    let numbers = lopdf::Document::load_mem(&bytes).unwrap().max_id;
    let mut seed = Seed(0x1234_5678_9abc_def1);
    for round in 0..200 {
        let mut document = lopdf::Document::load_mem(&bytes).unwrap();
        for _ in 0..=seed.below(3) {
            let ids: Vec<_> = document.objects.keys().copied().collect();
            let id = ids[seed.below(ids.len())];
            let target = Object::Reference((seed.below(numbers as usize) as u32 + 1, 0));
            let Some(object) = document.objects.get_mut(&id) else { continue };
            match object {
                Object::Dictionary(dict) => redirect(dict, &mut seed, target),
                Object::Stream(Stream { dict, .. }) => redirect(dict, &mut seed, target),
                _ => *object = target,
            }
        }
        let mut looped = Vec::new();
        document.save_to(&mut looped).unwrap();
        read(&looped, &format!("round {round}"));
    }
}

/// Makes an entry of `dict`, or of a dictionary or array within, lead to `target`.
fn redirect(dict: &mut Dictionary, seed: &mut Seed, target: Object) {
    let count = dict.len();
    let Some((_, value)) = dict.iter_mut().nth(seed.below(count)) else { return };
    match value {
        Object::Dictionary(inner) if seed.below(2) == 0 => redirect(inner, seed, target),
        Object::Array(items) if !items.is_empty() && seed.below(2) == 0 => {
            let at = seed.below(items.len());
            items[at] = target;
        }
        _ => *value = target,
    }
}

#[test]
fn pages_come_out_without_what_leads_to_them() {
    let bytes = whole().bytes();
    let all = text(&read(&bytes, "whole"));
    // Catalog and tree are the first objects here; without them only the pages are left.
    let blank = |bytes: &[u8], mark: &[u8]| -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        while let Some(at) = bytes.windows(mark.len()).position(|part| part == mark) {
            bytes[at..at + mark.len()].fill(b'x');
        }
        bytes
    };
    let no_tree = blank(&bytes, b"/Type /Pages");
    let no_kids = blank(&no_tree, b"/Kids");
    let no_catalog = blank(&bytes, b"/Type /Catalog");
    let no_root = blank(&blank(&no_catalog, b"/Root"), b"/Pages 2");
    let cut = no_root.windows(5).position(|part| part == b"xref\n").unwrap();
    for (name, broken) in [("no kids", &no_kids[..]), ("no root", &no_root), ("no end", &no_root[..cut])] {
        let document = read(broken, name);
        assert_eq!(text(&document), all, "{name}");
        assert!(codes(&document).contains(&(Code::DamagedPdf, None)), "{name}: {:?}", document.problems);
    }
}

#[test]
fn a_font_without_its_program_is_read_by_its_tables() {
    let mut writer = Writer::new("BT /F1 10 Tf 20 60 Td <00010002> Tj ET");
    let map =
        "1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfchar <0001> <6570> <0002> <636E> endbfchar";
    let map = writer.add(stream("", map.as_bytes()));
    let descriptor = writer.add("<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 99 0 R >>");
    writer.set(
        5,
        format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode {map} 0 R /DescendantFonts [ << /Type \
             /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> \
             /DW 1000 /FontDescriptor {descriptor} 0 R >> ] >>"
        ),
    );
    let document = read(&writer.bytes(), "no program");
    assert_eq!(text(&document), "数据");
    assert_eq!(codes(&document), [(Code::DamagedPdf, None)]);
}
