//! Plain text: each line that is not blank is one run.

use super::table::Piece;
use super::{Place, Run};
use crate::fold::is_blank;
use crate::source::TextLine;

/// The pieces of a page of plain text.
pub(super) fn pieces(page: u32, lines: &[TextLine]) -> Vec<Piece> {
    let runs = lines.iter().filter_map(|line| run(page, line));
    runs.map(|run| Piece::Line(vec![run])).collect()
}

/// A line without the blanks around it; none when nothing is left.
fn run(page: u32, line: &TextLine) -> Option<Run> {
    let text = line.text.trim_matches(is_blank);
    let column = line.text.chars().take_while(|ch| is_blank(*ch)).count() as u32 + 1;
    let place = Place::Text { page, line: line.number, column };
    (!text.is_empty()).then(|| Run { text: text.to_owned(), place })
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
        let mut seen = Vec::new();
        for piece in pieces(2, &lines) {
            let Piece::Line(runs) = piece else { panic!("a text has no table here") };
            seen.extend(runs.into_iter().map(|run| match run.place {
                Place::Text { page, line, column } => (run.text, page, line, column),
                Place::Page { .. } => panic!("a text has no boxes"),
            }));
        }
        assert_eq!(seen, [("项目名称  路灯养护".to_owned(), 2, 7, 1), ("主管部门".to_owned(), 2, 9, 3)]);
    }
}
