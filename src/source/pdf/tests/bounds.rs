//! Each bound, just under and just over: at the bound nothing is said, one beyond it is named.

use super::writer::{FONT, Writer, deflate, show, stream};
use super::{codes, read_with, text};
use crate::problem::Code;
use crate::source::{self, Document, Limits, Options};

/// Widths that the font of the tests writes out: 95 and 126 codes.
const WIDTHS: usize = 221;

/// Reads `writer` with a bound of `enough` and with one less, which must be named by a problem with this code.
fn holds(name: &str, writer: &Writer, enough: usize, code: Code, set: impl Fn(&mut Limits, usize)) -> Document {
    let read = |bound: usize| {
        let mut limits = Limits::default();
        set(&mut limits, bound);
        read_with(writer, limits)
    };
    let under = read(enough);
    assert_eq!(codes(&under), [], "{name} of {enough}");
    let over = read(enough - 1);
    let problem = over.problems.first().unwrap_or_else(|| panic!("{name} of {}: nothing is said", enough - 1));
    assert_eq!(problem.code, code, "{name}: {}", problem.words.en);
    let bound = (enough - 1).to_string();
    for words in [&problem.words.en, &problem.words.zh] {
        assert!(words.contains(&bound), "{name}: {bound} is not in: {words}");
    }
    over
}

#[test]
fn bounds_of_a_page() {
    let writer = Writer::new(&(show("一二三四", 20.0, 60.0, "") + "20 20 m 80 20 l S 20 30 m 80 30 l S"));
    let glyphs = holds("page_glyphs", &writer, 4, Code::LimitReached, |limits, bound| limits.page_glyphs = bound);
    assert_eq!(text(&glyphs), "一二三");
    let rulings = holds("page_rulings", &writer, 2, Code::LimitReached, |limits, bound| limits.page_rulings = bound);
    assert_eq!(text(&rulings), "一二三四");
    holds("page_calls", &writer, 6, Code::LimitReached, |limits, bound| limits.page_calls = bound);
    let content = show("一", 20.0, 60.0, "");
    // Each stream of content is parted from the next by a blank.
    let length = content.len() + 1 + WIDTHS;
    let short = Writer::new(&content);
    holds("page_content", &short, length, Code::LimitReached, |limits, bound| limits.page_content = bound);
}

#[test]
fn bounds_of_a_document() {
    let content = show("一二", 20.0, 60.0, "");
    let mut writer = Writer::new(&content);
    let second = writer.add(
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 100 ] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    );
    writer.set(2, format!("<< /Type /Pages /Kids [ 3 0 R {second} 0 R ] /Count 2 >>"));
    let pages = holds("pages", &writer, 2, Code::LimitReached, |limits, bound| limits.pages = bound);
    assert_eq!(text(&pages), "一二");
    let glyphs = holds("glyphs", &writer, 4, Code::LimitReached, |limits, bound| limits.glyphs = bound);
    assert_eq!(text(&glyphs), "一二一");
    let both = 2 * (content.len() + 1 + WIDTHS);
    let content = holds("content", &writer, both, Code::LimitReached, |limits, bound| limits.content = bound);
    assert_eq!(text(&content), "一二");
    assert_eq!(content.problems[0].page, Some(2));
}

#[test]
fn bounds_of_what_is_unpacked() {
    let content = show("一", 20.0, 60.0, "") + &" ".repeat(10_000);
    let mut writer = Writer::new("");
    writer.set(4, stream("/Filter /FlateDecode", &deflate(content.as_bytes())));
    holds("stream", &writer, content.len(), Code::TooLarge, |limits, bound| limits.stream = bound);
    // The stream counts first, the other objects of the file have none.
    holds("streams", &writer, content.len(), Code::TooLarge, |limits, bound| limits.streams = bound);
}

#[test]
fn bounds_of_the_input() {
    let bytes = Writer::new(&show("一", 20.0, 60.0, "")).bytes();
    let read = |bound: usize| {
        let limits = Limits { bytes: bound, ..Limits::default() };
        source::read(&bytes, &Options { limits, ..Options::default() })
    };
    assert_eq!(codes(&read(bytes.len())), []);
    let over = read(bytes.len() - 1);
    assert!(over.failed && over.problems[0].words.en.contains(&(bytes.len() - 1).to_string()), "{:?}", over.problems);
}

#[test]
fn widths_that_a_font_writes_out_are_content() {
    for (widths, said) in [("0 60000 500", false), ("0 2147483647 500", true), ("0 [ 1 2 ] 7 4294967295 500", true)] {
        // Within the font, where nothing mends them.
        let mut writer = Writer::new(&show("宽", 20.0, 60.0, ""));
        writer.set(5, FONT.replace("1 95 500 814 939 500", widths));
        let document = read_with(&writer, Limits::default());
        assert_eq!(
            codes(&document).contains(&(Code::LimitReached, Some(1))),
            said,
            "{widths}: {:?}",
            document.problems
        );
    }
}

#[test]
fn the_same_content_many_times_is_not_put_together() {
    let mut writer = Writer::new("");
    writer.set(4, stream("/Filter /FlateDecode", &deflate(&vec![b' '; 1 << 20])));
    writer.page = format!("/Contents [ {} ]", "4 0 R ".repeat(20_000));
    let document = read_with(&writer, Limits::default());
    assert_eq!(codes(&document), [(Code::LimitReached, Some(1))]);
}

/// A page that is a picture of 20 by 10 pixels, with a layer of text that is not to be seen.
fn scanned() -> Writer {
    let mut writer = Writer::new(&("q 200 0 0 100 0 0 cm /I Do Q ".to_owned() + &show("表", 20.0, 60.0, "3 Tr")));
    let entries = "/Type /XObject /Subtype /Image /Width 20 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let number = writer.add(stream(entries, &[0xff; 200]));
    writer.resources = format!("/XObject << /I {number} 0 R >>");
    writer
}

#[test]
fn bounds_of_pictures() {
    let layer = (Code::OcrLayer, Some(1));
    let over = (Code::LimitReached, Some(1));
    let default = Limits::default;
    for (limits, bound, said) in [
        (Limits { page_pixels: 200, ..default() }, "", vec![layer]),
        (Limits { page_pixels: 199, ..default() }, "199", vec![layer, over]),
        (Limits { pixels: 200, ..default() }, "", vec![layer]),
        (Limits { pixels: 199, ..default() }, "199", vec![layer, over]),
    ] {
        let document = read_with(&scanned(), limits);
        assert_eq!(codes(&document), said, "{:?}", document.problems);
        assert_eq!(text(&document), "表");
        let words = document.problems.last().map(|problem| problem.words.clone()).unwrap_or_default();
        assert!(words.en.contains(bound) && words.zh.contains(bound), "{words:?}");
    }
}

#[test]
fn pictures_count_over_all_pages() {
    let mut writer = scanned();
    let second = writer.add(
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 100 ] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> \
         /XObject << /I 6 0 R >> >> >>",
    );
    writer.set(2, format!("<< /Type /Pages /Kids [ 3 0 R {second} 0 R ] /Count 2 >>"));
    let document = read_with(&writer, Limits { pixels: 399, ..Limits::default() });
    let pages = [(Code::OcrLayer, Some(1)), (Code::OcrLayer, Some(2)), (Code::LimitReached, Some(2))];
    assert_eq!(codes(&document), pages);
}

#[test]
fn a_picture_whose_size_only_unpacking_tells_is_not_unpacked() {
    let mut writer = scanned();
    // 60000 by 60000 pixels in the header of the data: ten gigabytes, if any reader believed it.
    let side = 60_000_u32.to_be_bytes();
    let data = [&b"\xff\x4f\xff\x51\0\x29\0\0"[..], &side, &side, &[0; 24], b"\0\x01\x07\x01\x01"].concat();
    let entries = "/Type /XObject /Subtype /Image /Width 20 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8 \
        /Filter /JPXDecode";
    writer.set(6, stream(entries, &data));
    let document = read_with(&writer, Limits::default());
    assert_eq!((text(&document), codes(&document)), ("表".to_owned(), vec![(Code::OcrLayer, Some(1))]));
}

#[test]
fn bounds_of_objects() {
    let writer = Writer::new(&show("一", 20.0, 60.0, ""));
    let read = |objects: usize| codes(&read_with(&writer, Limits { objects, ..Limits::default() }));
    let enough = (1..1_000).find(|objects| read(*objects).is_empty()).unwrap();
    // What the writer writes: 7 dictionaries with their keys and values, and some arrays.
    assert!((70..100).contains(&enough), "{enough}");
    let over = holds("objects", &writer, enough, Code::LimitReached, |limits, bound| limits.objects = bound);
    assert_eq!(text(&over), "一", "what is too heavy for the gate is read without it");
}

#[test]
fn objects_in_streams_count_as_often_as_they_are_named() {
    // Three numbers for one array.
    let stream = |entries: &str, items: usize| {
        let head = "10 0 11 0 12 0 ";
        let objects = format!("{head}[ {}]", "1 ".repeat(items));
        stream(&format!("/Type /ObjStm /N 3 /First {} {entries}", head.len()), &deflate(objects.as_bytes()))
    };
    let says = |entries: &str, items: usize, objects: usize| {
        let mut writer = Writer::new(&show("一", 20.0, 60.0, ""));
        writer.add(stream(entries, items));
        let document = read_with(&writer, Limits { objects, ..Limits::default() });
        assert_eq!(text(&document), "一");
        codes(&document).contains(&(Code::LimitReached, None))
    };
    assert!(!says("/Filter /FlateDecode", 1000, 3_300));
    assert!(says("/Filter /FlateDecode", 1000, 3_000));
    // Where nothing tells where the objects begin, or they are packed as nothing can measure.
    assert!(says("/Filter /FlateDecode /First 0", 1, 3_300));
    assert!(says("/Filter [ /ASCIIHexDecode /FlateDecode ] /DP null", 1, 3_300));
    assert!(says("/Fil#74er /FlateDecode", 1000, 3_000));
}

#[test]
fn objects_that_lie_in_each_other_are_gone_over_a_few_times_only() {
    let mut writer = Writer::new(&show("一", 20.0, 60.0, ""));
    writer.add(b"(1 0 obj".repeat(100_000));
    assert!(codes(&read_with(&writer, Limits::default())).contains(&(Code::LimitReached, None)));
}
