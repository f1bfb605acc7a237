//! Bytes of a text dump to numbered lines.

use encoding_rs::{Encoding, GB18030, GBK, REPLACEMENT};

use super::limits::Limits;
use super::sniff::{self, Kind};
use super::{Content, Document, Page, TextLine, encoding};
use crate::fold::is_blank;
use crate::problem::{Code, Problem};
use crate::record::SourceKind;

/// Reads `bytes` as lines of text in `encoding` (a label of the WHATWG standard), or in the one that they show.
pub(crate) fn read(bytes: &[u8], encoding: Option<&str>, limits: &Limits) -> Document {
    let mut problems = Vec::new();
    let asked = encoding.and_then(|label| {
        let found = Encoding::for_label(label.trim().as_bytes()).filter(|found| *found != REPLACEMENT);
        if found.is_none() {
            problems.push(unknown_label(label));
        }
        found
    });
    let encoding = match asked.or_else(|| encoding::detect(bytes)) {
        Some(encoding) if encoding == GBK => GB18030,
        Some(encoding) => encoding,
        None => {
            problems.push(sniff::not_text(Kind::Binary));
            return super::failed(None, problems);
        }
    };
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    if asked.is_none() && encoding::is_strange(&text) {
        problems.push(sniff::not_text(Kind::Binary));
        return super::failed(None, problems);
    }
    let encoding = Some(encoding.name().to_lowercase());
    if text.chars().all(is_blank) {
        problems.push(sniff::empty(bytes.len()));
        return Document { encoding, ..super::failed(Some(SourceKind::Text), problems) };
    }
    let paged = text.contains('\u{c}');
    let pages = paginate(&text, limits, &mut problems);
    problems.extend(undecoded(&pages, encoding.as_deref().unwrap_or_default()));
    Document { kind: Some(SourceKind::Text), encoding, paged, pages, problems, ..Document::default() }
}

/// Splits `text` into pages at form feeds and into lines at CR LF, CR or LF.
fn paginate(text: &str, limits: &Limits, problems: &mut Vec<Problem>) -> Vec<Page> {
    let mut pages = Vec::new();
    let (mut number, mut cut_lines, mut first_cut) = (0u32, 0usize, 0u32);
    let mut room = limits.lines;
    let mut parts = text.split('\u{c}');
    for part in parts.by_ref().take(limits.pages) {
        let mut lines = Vec::new();
        for line in split_lines(part) {
            if room == 0 {
                break;
            }
            room -= 1;
            number = number.saturating_add(1);
            let text = match line.char_indices().nth(limits.line_chars) {
                Some((end, _)) => {
                    cut_lines += 1;
                    first_cut = if cut_lines == 1 { number } else { first_cut };
                    line.get(..end).unwrap_or_default()
                }
                None => line,
            };
            lines.push(TextLine { number, text: text.to_owned() });
        }
        let page = u32::try_from(pages.len() + 1).unwrap_or(u32::MAX);
        pages.push(Page { number: page, content: Content::Lines(lines) });
    }
    if pages.len() == limits.pages && parts.any(|part| !part.chars().all(is_blank)) {
        problems.push(too_many_pages(limits.pages).on_line(number));
    }
    // What follows the last form feed is a page only when something stands on it.
    if pages.len() > 1 && pages.last().is_some_and(is_blank_page) {
        pages.pop();
    }
    if room == 0 && number as usize >= limits.lines && text_lines(text) > limits.lines {
        problems.push(
            Problem::new(
                Code::LimitReached,
                format!("文本超过 {} 行的上限，其后的行没有读取。请拆分文件", limits.lines),
                format!(
                    "the text has more than {} lines, the limit; the lines after it were not read: split the file",
                    limits.lines
                ),
            )
            .on_line(number),
        );
    }
    if cut_lines > 0 {
        problems.push(
            Problem::new(
                Code::LimitReached,
                format!("有 {cut_lines} 行超过每行 {} 个字符的上限，超出部分没有读取。请按版面导出文本", limits.line_chars),
                format!("{cut_lines} lines are longer than {} characters, the limit for a line; the rest of them was not read: export the text with its line ends", limits.line_chars),
            )
            .on_line(first_cut),
        );
    }
    pages
}

/// The problem of a text with more pages than the limit.
fn too_many_pages(limit: usize) -> Problem {
    Problem::new(
        Code::LimitReached,
        format!("文本超过 {limit} 页的上限，其后的页没有读取。请拆分文件，或提高 --max-pages"),
        format!(
            "the text has more than {limit} pages, the limit; those after it were not read: split the file, or raise --max-pages"
        ),
    )
}

/// The lines of `part`; a line end at its end begins no further line.
fn split_lines(part: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(part);
    std::iter::from_fn(move || {
        let text = rest.filter(|text| !text.is_empty())?;
        let end = text.find(['\n', '\r']).unwrap_or(text.len());
        let (line, tail) = text.split_at_checked(end)?;
        rest = tail.strip_prefix("\r\n").or_else(|| tail.strip_prefix(['\n', '\r']));
        Some(line)
    })
}

/// Number of lines of `text`, as [`paginate`] counts them.
fn text_lines(text: &str) -> usize {
    text.split('\u{c}').map(|part| split_lines(part).count()).sum()
}

/// Whether nothing but blanks stands on `page`.
fn is_blank_page(page: &Page) -> bool {
    match &page.content {
        Content::Lines(lines) => lines.iter().all(|line| line.text.chars().all(is_blank)),
        Content::Placed(_) => false,
    }
}

/// The problem of characters that could not be decoded, here or by the tool that made the text.
fn undecoded(pages: &[Page], encoding: &str) -> Option<Problem> {
    let lines = pages.iter().filter_map(|page| match &page.content {
        Content::Lines(lines) => Some(lines),
        Content::Placed(_) => None,
    });
    let mut count = 0;
    let mut first = None;
    for line in lines.flatten() {
        let here = line.text.chars().filter(|ch| *ch == '\u{fffd}').count();
        if here > 0 {
            count += here;
            first = first.or(Some(line.number));
        }
    }
    let encoding = encoding.to_lowercase();
    first.map(|line| {
        Problem::new(
            Code::SuspectEncoding,
            format!("按 {encoding} 解码时有 {count} 处无法解码，首处在第 {line} 行，记作 U+FFFD。如编码有误，请用 --encoding 指定；否则请重新导出文本"),
            format!("{count} places could not be decoded as {encoding}, the first in line {line}; they stand as U+FFFD. If the encoding is wrong, name it with --encoding; else export the text again"),
        )
        .on_line(line)
    })
}

/// The problem of an encoding label that the standard does not know.
fn unknown_label(label: &str) -> Problem {
    Problem::new(
        Code::SuspectEncoding,
        format!("不认识编码名“{label}”，改为自动判断。可用 utf-8、gb18030、big5、utf-16le 等 WHATWG 编码名"),
        format!(
            "no encoding is called “{label}”, so it was detected instead; use a WHATWG label such as utf-8, gb18030, big5 or utf-16le"
        ),
    )
}

#[cfg(test)]
mod tests {
    use encoding_rs::BIG5;
    use proptest::prelude::*;

    use super::*;

    const FORM: &str = "绩效自评表\n单位名称：某市文化馆\n预算数（A） 执行数（B） 执行率\n31.70 14.79 46.66%\n";

    fn read_default(bytes: &[u8]) -> Document {
        read(bytes, None, &Limits::default())
    }

    fn lines(document: &Document) -> Vec<Vec<(u32, String)>> {
        let page = |page: &Page| match &page.content {
            Content::Lines(lines) => lines.iter().map(|line| (line.number, line.text.clone())).collect(),
            Content::Placed(_) => Vec::new(),
        };
        document.pages.iter().map(page).collect()
    }

    fn codes(document: &Document) -> Vec<Code> {
        document.problems.iter().map(|problem| problem.code).collect()
    }

    fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn every_encoding_of_a_form_gives_the_same_lines() {
        let gbk = GB18030.encode(FORM).0.into_owned();
        let big5 = BIG5
            .encode("績效自評表\n單位名稱：某市文化館\n預算數 執行數 執行率 得分\n31.70 14.79 46.66%\n")
            .0
            .into_owned();
        let rest = lines(&read_default(FORM.as_bytes()));
        let table: &[(&str, Vec<u8>, &str)] = &[
            ("plain", FORM.into(), "utf-8"),
            ("mark", [b"\xef\xbb\xbf", FORM.as_bytes()].concat(), "utf-8"),
            ("gbk", gbk, "gb18030"),
            ("le", utf16(FORM, false), "utf-16le"),
            ("be", utf16(FORM, true), "utf-16be"),
            ("le mark", [b"\xff\xfe".to_vec(), utf16(FORM, false)].concat(), "utf-16le"),
            ("be mark", [b"\xfe\xff".to_vec(), utf16(FORM, true)].concat(), "utf-16be"),
            ("cr lf", FORM.replace('\n', "\r\n").into(), "utf-8"),
            ("cr", FORM.replace('\n', "\r").into(), "utf-8"),
        ];
        for (name, bytes, encoding) in table {
            let document = read_default(bytes);
            assert_eq!(document.encoding.as_deref(), Some(*encoding), "{name}");
            assert_eq!(lines(&document), rest, "{name}");
            assert_eq!(document.problems, [], "{name}");
            assert!(!document.paged, "{name}");
        }
        assert_eq!(read_default(&big5).encoding.as_deref(), Some("big5"));
        assert_eq!(read_default(b"ASCII 95%").encoding.as_deref(), Some("utf-8"));
    }

    #[test]
    fn short_gbk_is_no_japanese() {
        for text in ["得分", "绩效", "自评得分：95", "单位：万元", "项目名称", "①数量指标 ≥95%", "已完成，达标"]
        {
            let document = read_default(&GB18030.encode(text).0);
            assert_eq!(lines(&document), [[(1, text.to_owned())]], "{text}");
        }
    }

    #[test]
    fn form_feeds_end_pages_and_lines_count_on() {
        type Row = (&'static str, &'static [&'static [(u32, &'static str)]], bool);
        let table: &[Row] = &[
            ("a\nb", &[&[(1, "a"), (2, "b")]], false),
            ("a\n\n", &[&[(1, "a"), (2, "")]], false),
            ("a\n\x0cb\n", &[&[(1, "a")], &[(2, "b")]], true),
            ("a\x0cb", &[&[(1, "a")], &[(2, "b")]], true),
            ("a\n\x0c", &[&[(1, "a")]], true),
            ("a\n\x0c\n", &[&[(1, "a")]], true),
            ("a\n\x0c\x0cb", &[&[(1, "a")], &[], &[(2, "b")]], true),
        ];
        for (text, pages, paged) in table {
            let document = read_default(text.as_bytes());
            let expected: Vec<Vec<(u32, String)>> = pages
                .iter()
                .map(|page| page.iter().map(|(number, line)| (*number, (*line).to_owned())).collect())
                .collect();
            assert_eq!(lines(&document), expected, "{text:?}");
            assert_eq!(document.paged, *paged, "{text:?}");
            assert_eq!(
                document.pages.iter().map(|page| page.number).collect::<Vec<_>>(),
                (1..=pages.len() as u32).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn an_asked_encoding_rules_and_an_unknown_one_is_said() {
        let gbk = GB18030.encode("执行率").0.into_owned();
        let asked = read(&gbk, Some("windows-1252"), &Limits::default());
        assert_eq!(asked.encoding.as_deref(), Some("windows-1252"));
        let gb2312 = read(&gbk, Some("GB2312"), &Limits::default());
        assert_eq!(
            (gb2312.encoding.as_deref(), lines(&gb2312)),
            (Some("gb18030"), vec![vec![(1, "执行率".to_owned())]])
        );
        let unknown = read(&gbk, Some("gb-latin"), &Limits::default());
        assert_eq!(codes(&unknown), [Code::SuspectEncoding]);
        assert!(unknown.problems[0].message.contains("gb-latin"));
        assert_eq!(unknown.encoding.as_deref(), Some("gb18030"));
    }

    #[test]
    fn broken_bytes_are_counted_and_placed() {
        let mut bytes = FORM.as_bytes().to_vec();
        bytes.remove(FORM.find('某').unwrap() + 1);
        let document = read_default(&bytes);
        assert_eq!(document.encoding.as_deref(), Some("utf-8"));
        assert_eq!(codes(&document), [Code::SuspectEncoding]);
        assert_eq!(document.problems[0].line, Some(2));
        let mut cut = GB18030.encode(FORM).0.into_owned();
        cut.truncate(cut.len() - 1);
        cut.push(0xb5);
        let document = read_default(&cut);
        assert_eq!((document.encoding.as_deref(), codes(&document)), (Some("gb18030"), vec![Code::SuspectEncoding]));
    }

    #[test]
    fn what_is_no_text_is_said_to_be_none() {
        let binary: Vec<u8> = (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(codes(&read_default(&binary)), [Code::NotText]);
        assert_eq!(codes(&read_default(b"\x00\x01\x02\x03\x04\x05\x06\x07")), [Code::NotText]);
        let blank = read_default(b" \r\n\x0c\n");
        assert_eq!((blank.kind, blank.failed, codes(&blank)), (Some(SourceKind::Text), true, vec![Code::Empty]));
    }

    #[test]
    fn pages_beyond_the_bound_are_named() {
        let limits = Limits { pages: 2, ..Limits::default() };
        for (text, said) in [("一\n\x0c二\n", false), ("一\x0c二\x0c \n\x0c", false), ("一\x0c二\x0c三", true)] {
            let document = read(text.as_bytes(), None, &limits);
            assert_eq!(lines(&document).len(), 2, "{text:?}");
            assert_eq!(codes(&document), if said { vec![Code::LimitReached] } else { vec![] }, "{text:?}");
        }
        let over = read("一\x0c二\x0c三".as_bytes(), None, &limits);
        assert!(over.problems[0].words.en.contains('2') && over.problems[0].line == Some(2), "{:?}", over.problems);
    }

    #[test]
    fn limits_are_named() {
        let limits = Limits { lines: 2, line_chars: 3, ..Limits::default() };
        let document = read("执行率高\n二\n三\n四".as_bytes(), None, &limits);
        assert_eq!(lines(&document), [[(1, "执行率".to_owned()), (2, "二".to_owned())]]);
        assert_eq!(codes(&document), [Code::LimitReached, Code::LimitReached]);
        let exact = read("一\n二\n".as_bytes(), None, &limits);
        assert_eq!(exact.problems, []);
    }

    proptest! {
        #[test]
        fn any_bytes_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let document = read_default(&bytes);
            prop_assert!(!document.failed || !document.problems.is_empty());
        }

        #[test]
        fn utf8_text_comes_out_whole(text in "[一-龥a-z0-9 \n\u{c}%（）]{1,200}") {
            let document = read_default(text.as_bytes());
            let whole: String = text.chars().filter(|ch| !is_blank(*ch)).collect();
            let out: String = lines(&document).concat().iter().map(|(_, line)| line.as_str()).collect();
            let out: String = out.chars().filter(|ch| !is_blank(*ch)).collect();
            prop_assert_eq!(out, whole);
        }
    }
}
