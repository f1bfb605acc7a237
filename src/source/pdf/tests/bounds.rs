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
