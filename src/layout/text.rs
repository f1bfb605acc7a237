//! Plain text: each line that is not blank is one run.

use super::{Block, Layout, Place, Run};
use crate::fold::is_blank;
use crate::source::TextLine;

/// Lays the lines of a page of plain text out in `layout`.
pub(super) fn lay_out(page: u32, lines: &[TextLine], layout: &mut Layout) {
    for line in lines {
        let text = line.text.trim_matches(is_blank);
        if text.is_empty() {
            continue;
        }
        let column = line.text.chars().take_while(|ch| is_blank(*ch)).count() as u32 + 1;
        let place = Place::Text { page, line: line.number, column };
        let run = layout.add(Run { text: text.to_owned(), place });
        layout.blocks.push(Block::Line(vec![run]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_run_without_the_blanks_around_it() {
        let lines = ["项目名称  路灯养护 ", "\u{3000} ", "\t 主管部门"]
            .iter()
            .zip(7..)
            .map(|(text, number)| TextLine { number, text: (*text).to_owned() })
            .collect::<Vec<_>>();
        let mut layout = Layout::default();
        lay_out(2, &lines, &mut layout);
        let seen = layout
            .runs
            .iter()
            .map(|run| match run.place {
                Place::Text { page, line, column } => (run.text.as_str(), page, line, column),
                Place::Page { .. } => panic!("a text has no boxes"),
            })
            .collect::<Vec<_>>();
        assert_eq!(seen, [("项目名称  路灯养护", 2, 7, 1), ("主管部门", 2, 9, 3)]);
        assert_eq!(layout.blocks.len(), 2);
    }
}
