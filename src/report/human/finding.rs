//! One check in its place.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Snippet};

use crate::message::Lang;
use crate::record::{Check, Extent, Form, Severity, Value, Verdict, Where};
use crate::report::excerpt::Excerpts;
use crate::report::findings;
use crate::report::human::Style;
use crate::report::safe;

/// Figures that a finding is computed from are marked in the excerpt when there are at most this many: a rate or a
/// product has up to three; the rows of a sum would fill the screen.
const MARKED_SOURCES: usize = 3;

/// Renders `check`, a finding of `form` in the document at `path`.
pub(super) fn finding(path: &str, form: &Form, check: &Check, excerpts: &Excerpts<'_>, style: &Style) -> String {
    let mut values: Vec<Option<&Value>> = check.refs.iter().map(|path| form.value(path)).collect();
    if let Some(first) = values.first_mut() {
        *first = findings::shown(form, check);
    }
    let stated = values.first().copied().flatten();
    let level = level(check, style.lang);
    let mut body = Group::with_level(level.clone());
    let mut margin = 0;
    if check.verdict != Verdict::Consistent {
        let sources = values.get(1..).unwrap_or_default();
        if let Some((snippet, digits)) = stated.and_then(|stated| snippet(check, stated, sources, excerpts, style.lang))
        {
            body = body.element(snippet);
            margin = digits;
        }
        let notes = notes(check, style.lang).into_iter();
        body = body.elements(notes.map(|(name, text)| Level::NOTE.with_name(name).message(text)));
    }
    let title = level.primary_title(safe::line(check.message.get(style.lang))).id(check.id.as_str());
    let mut text = super::head(title, place(path, form, stated, style.lang), margin, style);
    if !body.is_empty() {
        text.push_str(&style.renderer().render(&[body]));
        text.push('\n');
    }
    text
}

/// What a finding is called: the severity of an inconsistent one, else the verdict.
fn level(check: &Check, lang: Lang) -> Level<'static> {
    let (level, zh, en) = match (check.verdict, check.severity) {
        (Verdict::Inconsistent, Severity::Error) => (Level::ERROR, "错误", "error"),
        (Verdict::Inconsistent, Severity::Warning) => (Level::WARNING, "警告", "warning"),
        (Verdict::Inconsistent, Severity::Info) => (Level::INFO, "提示", "info"),
        (Verdict::Unverifiable, _) => (Level::NOTE, "无法核对", "unverifiable"),
        (Verdict::Consistent, _) => (Level::HELP, "一致", "consistent"),
    };
    level.with_name(match lang {
        Lang::Zh => zh,
        Lang::En => en,
    })
}

/// Where the checked value stands, or the form where there is no such value.
fn place(path: &str, form: &Form, stated: Option<&Value>, lang: Lang) -> String {
    let path = safe::line(path);
    match (stated.map(|value| &value.place), form.extent) {
        (Some(place), _) => in_words(&path, place, lang),
        (None, Extent::Lines([line, _])) => format!("{path}:{line}"),
        (None, Extent::Pages([page, _])) => match lang {
            Lang::Zh => format!("{path}:第{page}页"),
            Lang::En => format!("{path}:page {page}"),
        },
    }
}

/// A place in the document at `path`.
fn in_words(path: &str, place: &Where, lang: Lang) -> String {
    match (place, lang) {
        (Where::Text { line, columns, .. }, _) => format!("{path}:{line}:{}", columns[0]),
        (Where::Page { page, bbox: [x0, y0, x1, y1] }, Lang::Zh) => {
            format!("{path}:第{page}页（{x0:.1}, {y0:.1} – {x1:.1}, {y1:.1}）")
        }
        (Where::Page { page, bbox: [x0, y0, x1, y1] }, Lang::En) => {
            format!("{path}:page {page} ({x0:.1}, {y0:.1} – {x1:.1}, {y1:.1})")
        }
    }
}

/// The document's own lines with the stated value underlined, and the figures that it is checked against; and how many
/// columns the numbers of these lines take.
fn snippet<'a>(
    check: &Check,
    stated: &Value,
    sources: &[Option<&Value>],
    excerpts: &Excerpts<'_>,
    lang: Lang,
) -> Option<(Snippet<'a, Annotation<'a>>, usize)> {
    let mut values = vec![stated];
    if sources.len() <= MARKED_SOURCES {
        values.extend(sources.iter().flatten().filter(|source| source.place != stated.place));
    }
    let excerpt = excerpts.around(&values)?;
    let mut spans = excerpt.spans.into_iter();
    let primary = AnnotationKind::Primary.span(spans.next()??).label(label(check, lang));
    let contexts = spans.flatten().map(|span| AnnotationKind::Context.span(span));
    let digits = excerpt.first_line.map_or(0, |line| {
        let last = line as usize + excerpt.text.matches('\n').count();
        last.to_string().len()
    });
    let snippet = Snippet::source(excerpt.text)
        .line_numbering(excerpt.first_line.is_some())
        .line_start(excerpt.first_line.unwrap_or(1) as usize)
        .annotation(primary)
        .annotations(contexts);
    Some((snippet, digits))
}

/// What stands under the stated value: the figure that it comes to by the others.
fn label(check: &Check, lang: Lang) -> Option<String> {
    let computed = check.computed.filter(|_| check.verdict == Verdict::Inconsistent)?.0;
    Some(match lang {
        Lang::Zh => format!("算得 {computed}"),
        Lang::En => format!("comes to {computed}"),
    })
}

/// The formula, the interval, the source of the rule, and what might be meant.
fn notes(check: &Check, lang: Lang) -> Vec<(&'static str, String)> {
    let named = |zh, en| match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    let mut notes = Vec::new();
    if !check.formula.is_empty() {
        notes.push((named("公式", "formula"), safe::line(&check.formula).into_owned()));
    }
    if let Some([low, high]) = check.interval
        && low != high
    {
        notes.push((named("容许", "allows"), format!("{} … {}", low.0, high.0)));
    }
    if let Some(basis) = &check.basis {
        notes.push((named("依据", "basis"), safe::line(basis).into_owned()));
    }
    if let Some(policy) = &check.policy {
        notes.push((named("规则", "rule"), safe::line(policy).into_owned()));
    }
    if let Some(elsewhere) = &check.elsewhere {
        let path = safe::line(&elsewhere.document);
        notes.push((named("另见", "see also"), in_words(&path, &elsewhere.place, lang)));
    }
    if let Some(hint) = &check.hint {
        notes.push((named("可能", "hint"), safe::line(hint.get(lang)).into_owned()));
    }
    notes
}
