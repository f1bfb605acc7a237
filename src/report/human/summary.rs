//! Lines that sum up: one a form, one for all.

use crate::message::Lang;
use crate::record::{Check, Extent, Form, Record, Severity, Status, Verdict};
use crate::report::safe;
use crate::report::summary::{Counts, Summary};

/// Columns of a count: the longest head, and blanks before it.
const WIDTH: usize = 10;

/// Units that are named for people: those with the most errors, on one screen with the checks.
const UNITS: usize = 10;

/// How much there was of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents seen.
    pub documents: usize,
    /// Those of them that could not be read.
    pub failed: usize,
    /// Forms found.
    pub forms: usize,
    /// Inconsistent checks that are errors.
    pub errors: usize,
    /// Inconsistent checks that are warnings.
    pub warnings: usize,
    /// Inconsistent checks that are worth knowing.
    pub infos: usize,
    /// Checks that agree.
    pub consistent: usize,
    /// Checks that lack a figure.
    pub unverifiable: usize,
}

impl Tally {
    /// Counts `record` in.
    pub fn add(&mut self, record: &Record) {
        self.documents += 1;
        self.failed += usize::from(record.status == Status::Failed);
        self.forms += record.forms.len();
        for check in record.forms.iter().flat_map(|form| form.checks.iter().flatten()) {
            self.add_check(check);
        }
    }

    /// Whether something at or above `severity` is inconsistent.
    pub fn reaches(&self, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.errors > 0,
            Severity::Warning => self.errors + self.warnings > 0,
            Severity::Info => self.errors + self.warnings + self.infos > 0,
        }
    }

    fn add_check(&mut self, check: &Check) {
        match (check.verdict, check.severity) {
            (Verdict::Consistent, _) => self.consistent += 1,
            (Verdict::Unverifiable, _) => self.unverifiable += 1,
            (Verdict::Inconsistent, Severity::Error) => self.errors += 1,
            (Verdict::Inconsistent, Severity::Warning) => self.warnings += 1,
            (Verdict::Inconsistent, Severity::Info) => self.infos += 1,
        }
    }

    fn checks(&self, lang: Lang) -> String {
        let Tally { errors, warnings, infos, consistent, unverifiable, .. } = *self;
        match lang {
            Lang::Zh => {
                format!("错误 {errors}，警告 {warnings}，提示 {infos}，一致 {consistent}，无法核对 {unverifiable}")
            }
            Lang::En => format!(
                "{}, {}, {infos} info, {consistent} consistent, {unverifiable} unverifiable",
                count(errors, "error"),
                count(warnings, "warning"),
            ),
        }
    }
}

/// The line for all documents.
pub fn summary(tally: &Tally, lang: Lang) -> String {
    let Tally { documents, failed, forms, .. } = *tally;
    let checks = tally.checks(lang);
    match lang {
        Lang::Zh if failed > 0 => format!("共 {documents} 个文件（{failed} 个未能读取），{forms} 张表：{checks}"),
        Lang::Zh => format!("共 {documents} 个文件，{forms} 张表：{checks}"),
        Lang::En => {
            let unread = if failed > 0 { format!(" ({failed} could not be read)") } else { String::new() };
            format!("{}{unread}, {}: {checks}", count(documents, "document"), count(forms, "form"))
        }
    }
}

/// The findings by check and by unit, in two tables; nothing when there are none. Figures come first, so that names of
/// any width stand in line.
pub fn breakdown(summary: &Summary, lang: Lang) -> String {
    let (head, check, unit, none) = match lang {
        Lang::Zh => ("      错误      警告      提示", "检查项目", "单位", "（未写单位）"),
        Lang::En => ("    errors  warnings      info", "check", "unit", "(no unit stated)"),
    };
    let mut out = String::new();
    let line = |counts: &Counts, name: &str| {
        let Counts { errors, warnings, infos } = counts;
        format!("{errors:>WIDTH$}{warnings:>WIDTH$}{infos:>WIDTH$}  {}\n", safe::line(name))
    };
    let (checks, units) = (summary.by_check(), summary.by_unit());
    if !checks.is_empty() {
        out.push_str(&format!("{head}  {check}\n"));
        checks.iter().for_each(|check| out.push_str(&line(&check.counts, check.id)));
    }
    // One unit has all of them, and a second table would say the same.
    if units.len() > 1 {
        out.push_str(&format!("\n{head}  {unit}\n"));
        units.iter().take(UNITS).for_each(|unit| out.push_str(&line(&unit.counts, unit.unit.unwrap_or(none))));
    }
    if let Some(more) = units.len().checked_sub(UNITS).filter(|more| *more > 0) {
        out.push_str(&match lang {
            Lang::Zh => format!("另有 {more} 个单位；全部列出：--summary --format csv\n"),
            Lang::En => format!("and {}; for all of them: --summary --format csv\n", count(more, "more unit")),
        });
    }
    out
}

/// The line for form `number` (0-based) of a record.
pub(super) fn form(record: &Record, number: usize, form: &Form, lang: Lang) -> String {
    let path = safe::line(&record.source.path);
    let (number, forms) = (number + 1, record.forms.len());
    let name = name(form).map(|name| safe::line(name).into_owned());
    let checks = form.checks.as_ref().map(|checks| {
        let mut tally = Tally::default();
        checks.iter().for_each(|check| tally.add_check(check));
        tally.checks(lang)
    });
    match lang {
        Lang::Zh => {
            let name = name.map(|name| format!("《{name}》")).unwrap_or_default();
            let extent = match form.extent {
                Extent::Lines([first, last]) => format!("第 {first}–{last} 行"),
                Extent::Pages([first, last]) if first == last => format!("第 {first} 页"),
                Extent::Pages([first, last]) => format!("第 {first}–{last} 页"),
            };
            let checks = checks.unwrap_or_else(|| "未核对".to_owned());
            format!("{path} 第 {number}/{forms} 张表{name}（{extent}）：{checks}")
        }
        Lang::En => {
            let name = name.map(|name| format!(" “{name}”")).unwrap_or_default();
            let extent = match form.extent {
                Extent::Lines([first, last]) => format!("lines {first}–{last}"),
                Extent::Pages([first, last]) if first == last => format!("page {first}"),
                Extent::Pages([first, last]) => format!("pages {first}–{last}"),
            };
            let checks = checks.unwrap_or_else(|| "not checked".to_owned());
            format!("{path} form {number}/{forms}{name} ({extent}): {checks}")
        }
    }
}

/// What a form is about: its project, else its unit.
fn name(form: &Form) -> Option<&str> {
    ["project", "unit"].iter().filter_map(|id| form.fields.get(*id)?.value.text()).find(|name| !name.trim().is_empty())
}

/// `1 error`, `2 errors`.
fn count(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}
