//! Two readings of one document compared: every figure of a record is looked for in the text that an independent
//! reader found on the same page. Archives key a record twice, by two people, for the same reason.

use std::collections::HashMap;

use crate::fold::{fold_char, is_blank};
use crate::message::Lang;
use crate::problem::{Code, Problem};
use crate::record::{Cell, Record, Status, Value, Where};

/// What is left of the confidence in a figure that the other reader does not have: one of two is wrong.
const DIFFERENT: f64 = 0.5;

/// A figure of at least so many characters is also there when the other reader has run it together with its neighbours,
/// or torn it. A shorter one is found by chance in many others.
const TELLING: usize = 3;

/// Pages with more figures than this on either side are aligned no more, and the other reading is not named: the work
/// is the product of both.
const MAX_ALIGNED: usize = 3000;

/// The text that a second reader found, page by page; none for a page that it could not read.
pub type Pages = [Option<String>];

/// Adds a problem to `record` for every figure that `pages` do not have, with both readings, and lowers its confidence;
/// and one for every page with figures that the second reader could not read.
pub fn compare(record: &mut Record, pages: &Pages, lang: Lang) {
    let mut problems = Vec::new();
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX).max(record.source.pages.unwrap_or(0));
    for number in 1..=count {
        let mut values = values_on(record, number);
        if values.is_empty() {
            continue;
        }
        match pages.get(number as usize - 1) {
            Some(Some(text)) => problems.extend(differences(&mut values, text, number)),
            _ => problems.push(not_read(number)),
        }
    }
    if !problems.is_empty() {
        record.status = record.status.max(Status::Partial);
        record.problems.extend(problems.into_iter().map(|problem| problem.worded(lang)));
    }
}

/// A value of a form with the path that leads to it.
struct Placed<'a> {
    form: usize,
    path: String,
    value: &'a mut Value,
}

/// The values with figures on a page, in reading order.
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
        values.extend(fields.chain(cells).map(|(path, value)| Placed { form, path, value }));
    }
    let place = |placed: &Placed<'_>| match placed.value.place {
        Where::Page { page: on, bbox } if on == page => Some([bbox[1], bbox[0]]),
        _ => None,
    };
    values.retain(|placed| place(placed).is_some() && !figures(&placed.value.raw).is_empty());
    values.sort_by(|a, b| place(a).partial_cmp(&place(b)).unwrap_or(std::cmp::Ordering::Equal));
    values
}

/// The problems of the figures that `text` does not have.
fn differences(values: &mut [Placed<'_>], text: &str, page: u32) -> Vec<Problem> {
    let (mut ours, mut owners) = (Vec::new(), Vec::new());
    for (owner, placed) in values.iter().enumerate() {
        for figure in figures(&placed.value.raw) {
            ours.push(figure);
            owners.push(owner);
        }
    }
    let theirs = figures(text);
    let solid: String = folded(text).filter(|ch| !is_blank(*ch)).collect();
    let mut spare: HashMap<&str, usize> = HashMap::new();
    for figure in &theirs {
        *spare.entry(figure).or_default() += 1;
    }
    let pairs = align(&ours, &theirs);
    // Those at their place in the order have the first claim to a figure of the other reader.
    let mut missing: Vec<usize> = Vec::new();
    let (first, last): (Vec<usize>, Vec<usize>) = (0..ours.len()).partition(|at| is_aligned(&pairs, *at));
    for at in first.into_iter().chain(last) {
        let Some(figure) = ours.get(at) else { continue };
        match spare.get_mut(figure.as_str()) {
            Some(left @ 1..) => *left -= 1,
            _ if figure.chars().count() >= TELLING && solid.contains(figure.as_str()) => {}
            _ => missing.push(at),
        }
    }
    missing.sort_unstable();
    let mut problems = Vec::new();
    for at in missing {
        let (Some(figure), Some(placed)) = (ours.get(at), owners.get(at).and_then(|owner| values.get_mut(*owner)))
        else {
            continue;
        };
        placed.value.confidence = placed.value.confidence.min(DIFFERENT);
        problems.push(differs(placed, figure, other_reading(figure, at, &theirs, &pairs), page));
    }
    problems
}

fn is_aligned(pairs: &[(usize, usize)], at: usize) -> bool {
    pairs.binary_search_by_key(&at, |(ours, _)| *ours).is_ok()
}

/// What the other reader has between the neighbours of a figure: of several the one most like it.
fn other_reading<'a>(figure: &str, at: usize, theirs: &'a [String], pairs: &[(usize, usize)]) -> Option<&'a str> {
    let next = pairs.partition_point(|(ours, _)| *ours < at);
    let from = next.checked_sub(1).and_then(|before| pairs.get(before)).map_or(0, |(_, theirs)| theirs + 1);
    let to = pairs.get(next).map_or(theirs.len(), |(_, theirs)| *theirs);
    let between = theirs.get(from..to).unwrap_or_default();
    let like = |other: &&String| strsim::normalized_levenshtein(figure, other);
    between.iter().rev().max_by(|a, b| like(a).total_cmp(&like(b))).map(String::as_str)
}

/// The longest common row of figures: pairs of places in both, in order. Nothing for very long rows.
fn align(ours: &[String], theirs: &[String]) -> Vec<(usize, usize)> {
    if ours.len() > MAX_ALIGNED || theirs.len() > MAX_ALIGNED {
        return Vec::new();
    }
    let width = theirs.len() + 1;
    let mut lengths = vec![0u16; (ours.len() + 1) * width];
    let length = |lengths: &[u16], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
    for (i, one) in ours.iter().enumerate().rev() {
        for (j, other) in theirs.iter().enumerate().rev() {
            let best = match one == other {
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
        if one == other {
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

/// The figures in `text`: digits with the points between them, thousands separators left out.
fn figures(text: &str) -> Vec<String> {
    let mut figures: Vec<String> = Vec::new();
    let mut open = false;
    for ch in folded(text) {
        match ch {
            '0'..='9' if open => figures.last_mut().into_iter().for_each(|figure| figure.push(ch)),
            '0'..='9' => {
                figures.push(ch.to_string());
                open = true;
            }
            '.' if open => figures.last_mut().into_iter().for_each(|figure| figure.push(ch)),
            ',' if open => {}
            _ => open = false,
        }
    }
    for figure in &mut figures {
        figure.truncate(figure.trim_end_matches('.').len());
    }
    figures
}

/// The characters of `text` in the forms that compare equal.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let mut folded = Vec::with_capacity(text.len());
    for ch in text.chars() {
        if is_blank(ch) {
            folded.push(ch);
        } else {
            fold_char(ch, |ch| folded.push(ch));
        }
    }
    folded.into_iter()
}

fn differs(placed: &Placed<'_>, figure: &str, other: Option<&str>, page: u32) -> Problem {
    let path = &placed.path;
    let (zh_other, other) = match other {
        Some(other) => (format!("“{other}”"), format!("“{other}”")),
        None => ("没有这个数字".to_owned(), "nothing in its place".to_owned()),
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
    use crate::{Engine, Options};

    #[test]
    fn figures_are_told_from_text() {
        for (text, expected) in [
            ("预算数 1,234.50 万元，执行率98.5%。", vec!["1234.50", "98.5"]),
            ("１２．５", vec!["12.5"]),
            ("第3. 2021-02", vec!["3", "2021", "02"]),
            ("无", vec![]),
        ] {
            assert_eq!(figures(text), expected, "{text}");
        }
    }

    /// A record of figures down a page.
    fn record(raws: &[&str]) -> Record {
        let dump = std::fs::read_to_string("samples/wuhan-2021.txt").unwrap();
        let mut record = Engine::new(Patterns::builtin()).extract("a.pdf", dump.as_bytes(), &Options::default());
        record.forms.truncate(1);
        record.problems.clear();
        record.status = Status::Ok;
        record.source.pages = Some(1);
        let form = &mut record.forms[0];
        let value = form.fields["unit"].clone();
        form.tables.clear();
        form.fields.clear();
        for (row, raw) in raws.iter().enumerate() {
            let place = Where::Page { page: 1, bbox: [50.0, row as f64 * 20.0, 90.0, row as f64 * 20.0 + 10.0] };
            form.fields
                .insert(format!("f{row}"), Value { raw: (*raw).to_owned(), place, confidence: 0.9, ..value.clone() });
        }
        record
    }

    fn compared(raws: &[&str], text: Option<&str>) -> (Vec<(Code, String)>, Vec<f64>) {
        let mut record = record(raws);
        compare(&mut record, &[text.map(str::to_owned)], Lang::En);
        let problems = record.problems.iter().map(|problem| (problem.code, problem.message.clone())).collect();
        (problems, record.forms[0].fields.values().map(|value| value.confidence).collect())
    }

    #[test]
    fn the_same_figures_are_no_problem() {
        let raws = ["48.6", "1,200", "82.00%", "局"];
        for text in ["预算 48.6 执行 1200 率 82.00 %", "82.00\n1,200.\n48.6", "48.61200 82.00"] {
            assert_eq!(compared(&raws, Some(text)), (vec![], vec![0.9; 4]), "{text}");
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
        let (problems, _) = compared(&["7"], Some("无"));
        assert!(problems[0].1.contains("nothing in its place"), "{problems:?}");
    }

    #[test]
    fn a_page_that_was_not_read_twice_is_said() {
        assert_eq!(compared(&["20"], None).0[0].0, Code::NotReadTwice);
        assert_eq!(compared(&["局"], None).0, []);
    }
}
