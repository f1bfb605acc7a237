//! A document as plain text, its layout kept by blanks.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::words::{BLANK_GAP, Stretch, lines, marks, stretches};
use crate::source::{Content, Document, PlacedPage};

/// No line is indented further than this, in columns: wider than any page of print, and a bound on what a page with
/// text at odd places can take.
const MAX_COLUMNS: usize = 500;

/// A space between lines from here on, in ems, gives an empty line.
const EMPTY_LINE: f64 = 1.2;

/// The text of `document`, page by page as it was read; a form feed stands between pages.
///
/// Lines of a text come out as they are. On a page of a PDF, characters that stand on one line come on one line, each
/// about as far from the left as on the page; a wide character takes two columns. Every character of the document is in it.
pub fn render(document: &Document) -> String {
    let pages = document.pages.iter().map(|page| match &page.content {
        Content::Lines(lines) => lines.iter().map(|line| format!("{}\n", line.text)).collect(),
        Content::Placed(placed) => render_page(placed),
    });
    pages.collect::<Vec<String>>().join("\u{c}")
}

fn render_page(page: &PlacedPage) -> String {
    let lines: Vec<Vec<Stretch>> = lines(&marks(&page.glyphs)).iter().map(|line| stretches(line, BLANK_GAP)).collect();
    let left = lines.iter().flatten().map(|stretch| stretch.bbox().x0).fold(f64::INFINITY, f64::min);
    let unit = column_width(&lines);
    let mut text = String::new();
    let mut before: Option<f64> = None;
    for line in &lines {
        let Some(place) = line.first().map(Stretch::bbox) else { continue };
        let em = line.iter().map(|stretch| stretch.size).fold(1.0, f64::max);
        if before.is_some_and(|bottom| place.y0 - bottom > EMPTY_LINE * em) {
            text.push('\n');
        }
        before = Some(place.y1);
        let mut column = 0;
        for stretch in line {
            let target = (((stretch.bbox().x0 - left) / unit).round().max(0.0) as usize).min(MAX_COLUMNS);
            // Text that is wider here than on the page pushes on what follows; one blank keeps them apart.
            let blanks = target.saturating_sub(column).max(usize::from(column > 0));
            text.extend(std::iter::repeat_n(' ', blanks));
            text.push_str(&stretch.text);
            column += blanks + stretch.text.width();
        }
        text.push('\n');
    }
    text
}

/// How many points a column of the text takes: the average width of a character on the page by its columns.
fn column_width(lines: &[Vec<Stretch>]) -> f64 {
    let mut widths: Vec<f64> = Vec::new();
    for stretch in lines.iter().flatten() {
        for (ch, bbox) in stretch.text.chars().zip(&stretch.boxes) {
            let columns = ch.width().unwrap_or(1).max(1);
            widths.push((bbox.x1 - bbox.x0) / columns as f64);
        }
    }
    widths.sort_by(f64::total_cmp);
    // The median: titles in large type and narrow signs do not count.
    widths.get(widths.len() / 2).copied().filter(|width| *width > 0.0).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sheet, document};
    use super::*;
    use crate::source::{Page, TextLine};

    #[test]
    fn keeps_columns_by_blanks() {
        let one = Sheet::new()
            .write(50.0, 50.0, "项目名称")
            .write(150.0, 50.0, "路灯养护")
            .write(50.0, 62.0, "A")
            .write(150.0, 62.0, "95%");
        let two = Sheet::new().write(50.0, 50.0, "续");
        assert_eq!(render(&document(&[one, two])), "项目名称            路灯养护\nA                   95%\n\u{c}续\n");
    }

    #[test]
    fn a_text_comes_out_as_it_is() {
        let lines =
            ["  甲\t乙 ", "", "丙"].iter().zip(1..).map(|(text, number)| TextLine { number, text: (*text).to_owned() });
        let page = Page { number: 1, content: Content::Lines(lines.collect()) };
        let document = Document { pages: vec![page], ..Document::default() };
        assert_eq!(render(&document), "  甲\t乙 \n\n丙\n");
    }
}
