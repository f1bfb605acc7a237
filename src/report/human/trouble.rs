//! One problem of a document.

use annotate_snippets::Level;

use crate::message::Lang;
use crate::problem::{Code, Problem};
use crate::record::Status;
use crate::report::human::Style;
use crate::report::safe;

/// Renders `problem` of the document at `path`, which came out as `status`.
pub fn trouble(path: &str, problem: &Problem, status: Status, style: &Style) -> String {
    let (level, zh, en) = match (status, problem.code) {
        (Status::Failed, _) => (Level::ERROR, "错误", "error"),
        (_, Code::NoForm) => (Level::NOTE, "说明", "note"),
        _ => (Level::WARNING, "警告", "warning"),
    };
    let level = level.with_name(match style.lang {
        Lang::Zh => zh,
        Lang::En => en,
    });
    let path = safe::line(path);
    let place = match (problem.page, problem.line, style.lang) {
        (_, Some(line), _) => format!("{path}:{line}"),
        (Some(page), None, Lang::Zh) => format!("{path}:第{page}页"),
        (Some(page), None, Lang::En) => format!("{path}:page {page}"),
        (None, None, _) => path.into_owned(),
    };
    let title = level.primary_title(safe::line(&problem.message)).id(problem.code.id());
    super::head(title, place, 1, style)
}
