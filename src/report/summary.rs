//! Findings counted: how many of each severity, by check and by unit.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::fold::fold_text;
use crate::record::{Check, Form, Record, Severity, Verdict};
use crate::report::findings::Finding;

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Counts {
    /// Inconsistent checks that are errors.
    pub errors: usize,
    /// Those that are warnings.
    pub warnings: usize,
    /// Those that are worth knowing.
    pub infos: usize,
}

/// The findings of a run, counted.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    by_check: BTreeMap<String, Counts>,
    /// By folded name, each with its name as it is first written; without one where a form names no unit.
    by_unit: BTreeMap<String, (Option<String>, Counts)>,
}

/// The findings of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OfCheck<'a> {
    /// Id of the check.
    pub id: &'a str,
    /// Its findings.
    #[serde(flatten)]
    pub counts: Counts,
}

/// The findings of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OfUnit<'a> {
    /// What it is called; none for the forms that do not say.
    pub unit: Option<&'a str>,
    /// The findings in its forms.
    #[serde(flatten)]
    pub counts: Counts,
}

impl Counts {
    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }
}

impl Summary {
    /// Counts the inconsistent checks of `record` in.
    pub fn add(&mut self, record: &Record) {
        for form in &record.forms {
            form.checks.iter().flatten().for_each(|check| self.count(form, check));
        }
    }

    /// Counts the findings that are not accepted.
    pub fn of(findings: &[Finding<'_>]) -> Summary {
        let mut summary = Summary::default();
        let open = findings.iter().filter(|finding| finding.accepted.is_none());
        open.for_each(|finding| summary.count(finding.of, finding.check));
        summary
    }

    fn count(&mut self, form: &Form, check: &Check) {
        if check.verdict != Verdict::Inconsistent {
            return;
        }
        self.by_check.entry(check.id.clone()).or_default().add(check.severity);
        let unit = unit(form);
        let of_unit = self.by_unit.entry(unit.map(fold_text).unwrap_or_default());
        of_unit.or_insert_with(|| (unit.map(str::to_owned), Counts::default())).1.add(check.severity);
    }

    /// Each check that found something, the one with the most errors first.
    pub fn by_check(&self) -> Vec<OfCheck<'_>> {
        let mut all: Vec<_> = self.by_check.iter().map(|(id, counts)| OfCheck { id, counts: *counts }).collect();
        all.sort_by_key(|of| std::cmp::Reverse(of.counts));
        all
    }

    /// Each unit in whose forms something was found, the one with the most errors first.
    pub fn by_unit(&self) -> Vec<OfUnit<'_>> {
        let units = self.by_unit.values();
        let mut all: Vec<_> = units.map(|(unit, counts)| OfUnit { unit: unit.as_deref(), counts: *counts }).collect();
        all.sort_by_key(|of| std::cmp::Reverse(of.counts));
        all
    }
}

/// Whose form it is.
fn unit(form: &Form) -> Option<&str> {
    let texts = ["unit", "implementer"].iter().filter_map(|id| form.fields.get(*id)?.value.text());
    texts.map(str::trim).find(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(unit: &str, checks: &[(&str, &str, &str)]) -> Form {
        let checks = checks.iter().map(|(id, verdict, severity)| {
            json!({
                "id": id, "verdict": verdict, "severity": severity, "stated": null, "computed": null, "interval": null,
                "formula": "", "refs": [], "message": { "zh": "", "en": "" },
            })
        });
        let place = json!({ "line": 1, "columns": [1, 1] });
        serde_json::from_value(json!({
            "pattern": "test", "confidence": 1, "where": { "lines": [1, 1] }, "tables": {}, "unmatched": [],
            "fields": { "unit": { "raw": unit, "value": unit, "where": place, "confidence": 1 } },
            "checks": checks.collect::<Vec<_>>(),
        }))
        .unwrap()
    }

    #[test]
    fn the_most_errors_come_first_and_only_findings_count() {
        let rate = ("budget.rate", "inconsistent", "error");
        let mut summary = Summary::default();
        for form in [
            form("甲馆", &[("budget.note", "inconsistent", "warning"), ("total.score", "consistent", "error")]),
            form("乙 馆", &[rate]),
            form("乙馆", &[("total.score", "inconsistent", "error"), ("budget.score", "unverifiable", "error")]),
            form("", &[rate]),
            form("丙馆", &[("budget.score", "consistent", "info")]),
        ] {
            form.checks.iter().flatten().for_each(|check| summary.count(&form, check));
        }
        let checks: Vec<_> = summary.by_check().iter().map(|check| (check.id, check.counts.errors)).collect();
        assert_eq!(checks, [("budget.rate", 2), ("total.score", 1), ("budget.note", 0)]);
        let units: Vec<_> = summary.by_unit().iter().map(|unit| (unit.unit, unit.counts.errors)).collect();
        assert_eq!(units, [(Some("乙 馆"), 2), (None, 1), (Some("甲馆"), 0)]);
    }
}
