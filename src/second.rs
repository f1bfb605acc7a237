//! Two readings of one document compared: every figure of a record is looked for in the text that an independent
//! reader found on the same page. Archives key a record twice, by two people, for the same reason.
//!
//! Both readers give the characters of a page in the order in which they are drawn, so that the two rows are laid beside
//! each other character by character. Blanks do not count: readers differ on where a gap is one.

use crate::fold::{fold_char, is_blank};
use crate::message::Lang;
use crate::problem::{Code, Problem};
use crate::record::{Cell, Record, Status, Value, Where};
use crate::source::{BBox, Content, Document};

/// What is left of the confidence in a figure that the other reader does not have: one of two is wrong.
const DIFFERENT: f64 = 0.5;

/// Rows of characters are laid beside each other up to this much work, the product of their lengths without the ends
/// that they share: two pages of 4000 characters that have nothing in common.
const MAX_WORK: usize = 16_000_000;

/// A value's box is written to a tenth of a point, and its glyphs' middles lie well within.
const SLACK: f64 = 0.1;

/// The text that a second reader found, page by page; none for a page that it could not read.
pub type Pages = [Option<String>];

/// Adds a problem to `record` for every figure that `pages` have otherwise, with both readings, and lowers its
/// confidence; and one for every page with figures that the second reader could not read. `document` is what the record
/// was made from.
pub fn compare(record: &mut Record, document: &Document, pages: &Pages, lang: Lang) {
    let mut problems = Vec::new();
    for page in &document.pages {
        let mut values = values_on(record, page.number);
        let Content::Placed(placed) = &page.content else { continue };
        if values.is_empty() {
            continue;
        }
        let ours: Vec<Drawn> = placed.glyphs.iter().flat_map(|glyph| drawn(&glyph.text, glyph.bbox)).collect();
        let theirs = pages.get(page.number as usize - 1).and_then(Option::as_deref).map(letters);
        match theirs.and_then(|theirs| Some((align(&ours, &theirs)?, theirs))) {
            Some((pairs, theirs)) => problems.extend(differences(&mut values, &ours, &theirs, &pairs, page.number)),
            None => problems.push(not_read(page.number)),
        }
    }
    if !problems.is_empty() {
        record.status = record.status.max(Status::Partial);
        record.problems.extend(problems.into_iter().map(|problem| problem.worded(lang)));
    }
}

/// A character of ours, folded, with its place.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    ch: char,
    bbox: BBox,
}

/// A character of theirs, folded.
#[derive(Clone, Copy, Debug)]
struct Letter {
    ch: char,
    /// Whether a blank stands before it.
    apart: bool,
}

fn drawn(text: &str, bbox: BBox) -> Vec<Drawn> {
    let mut chars = Vec::new();
    for ch in text.chars().filter(|ch| !is_blank(*ch)) {
        fold_char(ch, |ch| chars.push(Drawn { ch, bbox }));
    }
    chars
}

fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::new();
    let mut apart = true;
    for ch in text.chars() {
        if is_blank(ch) {
            apart = true;
        } else {
            fold_char(ch, |ch| letters.push(Letter { ch, apart: std::mem::take(&mut apart) }));
        }
    }
    letters
}

/// A value of a form with the path that leads to it.
struct Placed<'a> {
    form: usize,
    path: String,
    bbox: [f64; 4],
    value: &'a mut Value,
}

/// The values with figures on a page.
fn values_on(record: &mut Record, page: u32) -> Vec<Placed<'_>> {
    let mut values = Vec::new();
    for (form, content) in record.forms.iter_mut().enumerate() {
        let fields = content.fields.iter_mut().map(|(id, value)| (format!("fields.{id}"), value));
        let cells = content.tables.iter_mut().flat_map(|(table, rows)| {
            rows.iter_mut().enumerate().flat_map(move |(row, cells)| {
                cells.iter_mut().filter_map(move |(column, cell)| match cell {
                    Cell::Value(value) => Some((format!("tables.{table}[{row}].{column}"), value)),
                    Cell::Shared { .. } | Cell::Index(_) => None,
                })
            })
        });
        values.extend(fields.chain(cells).filter_map(|(path, value)| match value.place {
            Where::Page { page: on, bbox } if on == page && value.raw.contains(char::is_numeric) => {
                Some(Placed { form, path, bbox, value })
            }
            _ => None,
        }));
    }
    values
}

/// The problems of the figures that the other reader has otherwise.
fn differences(
    values: &mut [Placed<'_>],
    ours: &[Drawn],
    theirs: &[Letter],
    pairs: &[(usize, usize)],
    page: u32,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for placed in values {
        for figure in figures(ours, placed.bbox) {
            let text: String = ours.get(figure.clone()).unwrap_or_default().iter().map(|drawn| drawn.ch).collect();
            if let Some(other) = other_reading(&figure, &text, theirs, pairs) {
                placed.value.confidence = placed.value.confidence.min(DIFFERENT);
                problems.push(differs(placed, &text, &other, page));
            }
        }
    }
    problems
}

/// A stretch of characters.
type Stretch = std::ops::Range<usize>;

/// The figures in a box: stretches of digits with the points and commas between them.
fn figures(ours: &[Drawn], bbox: [f64; 4]) -> Vec<Stretch> {
    let [x0, y0, x1, y1] = bbox;
    let inside = |drawn: &Drawn| {
        let (x, y) = drawn.bbox.centre();
        (x0 - SLACK..=x1 + SLACK).contains(&x) && (y0 - SLACK..=y1 + SLACK).contains(&y)
    };
    let mut figures: Vec<Stretch> = Vec::new();
    for (at, drawn) in ours.iter().enumerate().filter(|(_, drawn)| inside(drawn)) {
        match figures.last_mut() {
            Some(last) if last.end == at && is_figure(drawn.ch) => last.end += 1,
            _ if drawn.ch.is_ascii_digit() => figures.push(at..at + 1),
            _ => {}
        }
    }
    for figure in &mut figures {
        while figure.len() > 1 && ours.get(figure.end - 1).is_some_and(|drawn| !drawn.ch.is_ascii_digit()) {
            figure.end -= 1;
        }
    }
    figures
}

/// Whether `ch` may stand in a figure.
fn is_figure(ch: char) -> bool {
    ch.is_ascii_digit() || matches!(ch, '.' | ',')
}

/// What the other reader has in place of a figure; none when it has the same.
fn other_reading(figure: &Stretch, text: &str, theirs: &[Letter], pairs: &[(usize, usize)]) -> Option<String> {
    let first = pairs.partition_point(|(ours, _)| *ours < figure.start);
    let next = pairs.partition_point(|(ours, _)| *ours < figure.end);
    let partner = |number: usize| pairs.get(number).map(|(_, theirs)| *theirs);
    // Between the partners of the neighbours there is theirs, and whatever else only they have.
    let from = first.checked_sub(1).and_then(partner).map_or(0, |before| before + 1);
    let to = partner(next).unwrap_or(theirs.len());
    let between = theirs.get(from..to).unwrap_or_default();
    if has_figure(between, text) {
        return None;
    }
    let (mut start, mut end) = match (partner(first), next.checked_sub(1).and_then(partner)) {
        (Some(start), Some(last)) if first < next => (start, last + 1),
        _ => return Some(between.iter().map(|letter| letter.ch).filter(|ch| is_figure(*ch)).collect()),
    };
    let at = |number: usize| theirs.get(number).copied();
    while start > from && at(start).is_some_and(|own| !own.apart) && at(start - 1).is_some_and(|own| is_figure(own.ch))
    {
        start -= 1;
    }
    while end < to && at(end).is_some_and(|own| !own.apart && is_figure(own.ch)) {
        end += 1;
    }
    let other: String = theirs.get(start..end).unwrap_or_default().iter().map(|letter| letter.ch).collect();
    let plain = |text: &str| -> String { text.chars().filter(|ch| *ch != ',').collect() };
    let (one, two) = (plain(text), plain(other.trim_end_matches(['.', ','])));
    // Bold that is drawn twice comes twice from a reader that does not see it.
    let same = one == two || two.strip_prefix(one.as_str()) == Some(one.as_str());
    (!same).then_some(other)
}

/// Whether one of the figures in `letters`, as their blanks part them, is `text`.
fn has_figure(letters: &[Letter], text: &str) -> bool {
    let figures = letters.chunk_by(|one, next| !next.apart && is_figure(one.ch) == is_figure(next.ch));
    figures.map(|figure| figure.iter().map(|letter| letter.ch).collect::<String>()).any(|figure| figure == text)
}

/// The longest row of characters that both have: pairs of places, in order. None where that is too much work.
fn align(ours: &[Drawn], theirs: &[Letter]) -> Option<Vec<(usize, usize)>> {
    let same = |(one, other): &(&Drawn, &Letter)| one.ch == other.ch;
    let head = ours.iter().zip(theirs).take_while(same).count();
    let (rest, others) = (ours.get(head..)?, theirs.get(head..)?);
    let tail = rest.iter().rev().zip(others.iter().rev()).take_while(same).count();
    let (rest, others) = (rest.get(..rest.len() - tail)?, others.get(..others.len() - tail)?);
    if rest.len().saturating_mul(others.len()) > MAX_WORK {
        return None;
    }
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    pairs.extend(common(rest, others).into_iter().map(|(one, other)| (head + one, head + other)));
    pairs.extend((0..tail).map(|at| (head + rest.len() + at, head + others.len() + at)));
    Some(pairs)
}

/// The longest common row of two short ones.
fn common(ours: &[Drawn], theirs: &[Letter]) -> Vec<(usize, usize)> {
    let width = theirs.len() + 1;
    let mut lengths = vec![0u32; (ours.len() + 1) * width];
    let length = |lengths: &[u32], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
    for (i, one) in ours.iter().enumerate().rev() {
        for (j, other) in theirs.iter().enumerate().rev() {
            let best = match one.ch == other.ch {
                true => length(&lengths, i + 1, j + 1) + 1,
                false => length(&lengths, i + 1, j).max(length(&lengths, i, j + 1)),
            };
            if let Some(place) = lengths.get_mut(i * width + j) {
                *place = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while let (Some(one), Some(other)) = (ours.get(i), theirs.get(j)) {
        if one.ch == other.ch {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length(&lengths, i + 1, j) >= length(&lengths, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

fn differs(placed: &Placed<'_>, figure: &str, other: &str, page: u32) -> Problem {
    let path = &placed.path;
    let (zh_other, other) = match other {
        "" => ("没有这个数字".to_owned(), "nothing in its place".to_owned()),
        other => (format!("“{other}”"), format!("“{other}”")),
    };
    Problem::new(
        Code::ReadersDiffer,
        format!("两个读取程序读到的数字不同，{path}：“{figure}”，另一程序：{zh_other}。请对照原文"),
        format!("two readers differ on {path}: “{figure}”, the other has {other}; compare with the document"),
    )
    .on_page(page)
    .in_form(placed.form)
}

fn not_read(page: u32) -> Problem {
    Problem::new(
        Code::NotReadTwice,
        "另一读取程序未能读取本页，本页的数字没有比较。请对照原文核对",
        "the second reader could not read this page, and its figures were not compared; compare them with the document",
    )
    .on_page(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;
    use crate::source::{Glyph, Page, PlacedPage};
    use crate::{Engine, Options};

    /// A record of figures down a page, and the document that it stands for.
    fn record(raws: &[&str]) -> (Record, Document) {
        let dump = std::fs::read_to_string("samples/wuhan-2021.txt").unwrap();
        let mut record = Engine::new(Patterns::builtin()).extract("a.pdf", dump.as_bytes(), &Options::default());
        record.forms.truncate(1);
        record.problems.clear();
        record.status = Status::Ok;
        let form = &mut record.forms[0];
        let value = form.fields["unit"].clone();
        form.tables.clear();
        form.fields.clear();
        let mut placed = PlacedPage::default();
        for (row, raw) in raws.iter().enumerate() {
            let (y0, y1) = (row as f64 * 20.0, row as f64 * 20.0 + 10.0);
            for (col, ch) in raw.chars().enumerate() {
                let bbox = BBox { x0: 50.0 + col as f64 * 5.0, y0, x1: 55.0 + col as f64 * 5.0, y1 };
                placed.glyphs.push(Glyph { text: ch.to_string(), bbox, size: 10.0, invisible: false });
            }
            let place = Where::Page { page: 1, bbox: [50.0, y0, 50.0 + raw.chars().count() as f64 * 5.0, y1] };
            let value = Value { raw: (*raw).to_owned(), place, confidence: 0.9, ..value.clone() };
            form.fields.insert(format!("f{row}"), value);
        }
        let pages = vec![Page { number: 1, content: Content::Placed(placed) }];
        (record, Document { pages, paged: true, ..Document::default() })
    }

    fn compared(raws: &[&str], text: Option<&str>) -> (Vec<(Code, String)>, Vec<f64>) {
        let (mut record, document) = record(raws);
        compare(&mut record, &document, &[text.map(str::to_owned)], Lang::En);
        let problems = record.problems.iter().map(|problem| (problem.code, problem.message.clone())).collect();
        (problems, record.forms[0].fields.values().map(|value| value.confidence).collect())
    }

    #[test]
    fn the_same_figures_are_no_problem_however_they_are_spaced() {
        let raws = ["48.6", "1,200", "82.00%", "局", "20"];
        for text in [
            "48.6 1,200 82.00 % 局 20",
            "4\n8.\n6 1,20082.00%\n局20",
            "4 8.6 1200 ８２.００% 局 20",
            "第4页 48.6 1,200 82.00% 局 20 20",
            "48.648.6 1,200 82.00% 局 2020",
        ] {
            assert_eq!(compared(&raws, Some(text)), (vec![], vec![0.9; 5]), "{text}");
        }
    }

    #[test]
    fn another_figure_is_named_beside_ours() {
        let (problems, confidences) = compared(&["20", "31.75", "20", "15"], Some("20 31.15 26 15"));
        let codes: Vec<Code> = problems.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [Code::ReadersDiffer, Code::ReadersDiffer]);
        assert!(problems[0].1.contains("fields.f1: “31.75”, the other has “31.15”"), "{}", problems[0].1);
        assert!(problems[1].1.contains("fields.f2: “20”, the other has “26”"), "{}", problems[1].1);
        assert_eq!(confidences, [0.9, 0.5, 0.5, 0.9]);
        for (ours, theirs, other) in
            [("7", "无", "nothing"), ("20", "200", "“200”"), ("1.5", "15", "“15”"), ("15", "1.5", "“1.5”")]
        {
            let (problems, _) = compared(&["分", ours, "局"], Some(&format!("分 {theirs} 局")));
            assert!(problems[0].1.contains(&format!("the other has {other}")), "{problems:?}");
        }
    }

    #[test]
    fn a_page_that_was_not_read_twice_is_said() {
        assert_eq!(compared(&["20"], None).0[0].0, Code::NotReadTwice);
        assert_eq!(compared(&["局"], None).0, []);
        let long = "长".repeat(5000);
        assert_eq!(compared(&[&long, "20"], Some(&"短".repeat(5000))).0[0].0, Code::NotReadTwice);
    }
}
