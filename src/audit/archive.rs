//! Forms against forms: what one document says, and another says otherwise, or all too much the same.
//!
//! Documents are added one by one, in the order of the run; each form gets a check for what it shares with a form
//! before it. Only what disagrees is said: that two forms of an archive have nothing in common is no finding.
//!
//! Manual: `retally checks archive.twice`, `retally checks archive.years`, `retally checks archive.copied`; of projects and
//! their department `departments`.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::departments::Departments;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Cell, Check, Datum, Elsewhere, Form, Record, Severity, Value, Verdict, Where};

/// The figures of a form that are the same wherever it is published.
const FIGURES: [&str; 5] = [
    "fields.self_score",
    "fields.total_score",
    "tables.budget[0].budgeted",
    "tables.budget[0].executed",
    "tables.budget[0].score",
];

/// Below this confidence a value is not held against another; the same as for checks within a form.
const CONFIDENT: f64 = 0.6;

/// So many figures at least must repeat before a form counts as that of another year: three may agree by chance, as with
/// 100% and 10 of 10.
const REPEATED: usize = 5;

/// A text shorter than this, in characters, may well say the same before and after: 完成年度任务.
const LONG: usize = 20;

/// A form is held against so many before it at most. A project has a form a year, and a corrected one now and then; where
/// hundreds share a name, it is a placeholder, and all against all would go with the square of their number.
const MOST: usize = 50;

/// A form is said to differ from so many of its own year at most: further copies tell a reader nothing new.
const NAMED: usize = 3;

/// What is remembered of the forms seen so far.
#[derive(Debug, Default)]
pub struct Archive {
    /// By folded unit and project.
    seen: BTreeMap<(String, String), Vec<Seen>>,
    departments: Departments,
}

#[derive(Debug)]
struct Seen {
    document: String,
    form: usize,
    year: Option<Decimal>,
    figures: BTreeMap<&'static str, (Decimal, Where)>,
    /// The actuals and amounts, from the top.
    reached: Vec<Decimal>,
    place: Option<Where>,
}

impl Archive {
    /// Adds the checks of the forms in `record` against those of the documents before it, and remembers them. Forms that
    /// were not checked get none, and those whose order is lost neither have nor make any.
    pub fn add(&mut self, record: &mut Record) {
        let document = record.source.path.clone();
        let forms = record.forms.iter_mut().enumerate().filter(|(_, form)| !form.disordered);
        for (number, form) in forms {
            let mut found = copied(form);
            if let Some(key) = key(form) {
                let seen = self.seen.entry(key).or_default();
                let here = Seen::of(&document, number, form);
                let mut copies = 0;
                let told = seen.iter().filter(|before| {
                    copies += usize::from(before.year == here.year);
                    before.year != here.year || copies <= NAMED
                });
                let mut years = BTreeSet::new();
                for before in told {
                    let more = against(form, &here, before);
                    // Of another year one copy that repeats is enough.
                    if before.year == here.year || (!more.is_empty() && years.insert(before.year)) {
                        found.extend(more);
                    }
                }
                if seen.len() < MOST {
                    seen.push(here);
                }
            }
            found.extend(self.departments.add(form, &document, number));
            if let Some(checks) = &mut form.checks {
                checks.extend(found);
            }
        }
    }
}

impl Seen {
    fn of(document: &str, number: usize, form: &Form) -> Seen {
        let figures = FIGURES.iter().filter_map(|path| {
            let value = form.value(path).filter(|value| is_sure(value))?;
            Some((*path, (value.value.number()?, value.place.clone())))
        });
        let cells = |table: &str, columns: &'static [&'static str]| {
            let rows = form.tables.get(table).map_or(&[][..], Vec::as_slice);
            let figures = rows.iter().flat_map(move |row| {
                columns.iter().filter_map(|column| row.get(*column).and_then(Cell::value)?.value.number())
            });
            figures.collect::<Vec<Decimal>>()
        };
        let mut reached = cells("budget", &["budgeted", "executed"]);
        reached.extend(cells("indicators", &["actual"]));
        Seen {
            document: document.to_owned(),
            form: number,
            year: form.fields.get("year").and_then(|value| value.value.number()),
            figures: figures.collect(),
            reached,
            place: form.fields.get("project").map(|value| value.place.clone()),
        }
    }

    fn elsewhere(&self, place: Option<Where>) -> Option<Elsewhere> {
        Some(Elsewhere {
            document: self.document.clone(),
            form: self.form,
            place: place.or_else(|| self.place.clone())?,
        })
    }

    fn name(&self) -> String {
        format!("{} #{}", self.document, self.form.saturating_add(1))
    }
}

/// Whose form it is; `None` when either name is wanting.
fn key(form: &Form) -> Option<(String, String)> {
    let name = |id: &str| {
        let folded = fold_text(form.fields.get(id).filter(|value| is_sure(value))?.value.text()?);
        (!folded.is_empty()).then_some(folded)
    };
    Some((name("unit").or_else(|| name("implementer"))?, name("project")?))
}

pub(super) fn is_sure(value: &Value) -> bool {
    value.inferred.is_none() && value.confidence >= CONFIDENT
}

fn against(form: &Form, here: &Seen, before: &Seen) -> Vec<Check> {
    match (here.year, before.year) {
        (Some(year), Some(other)) if year == other => twice(form, here, before),
        (Some(year), Some(other)) => years(form, here, before, year, other).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The same form twice, with figures that differ.
fn twice(form: &Form, here: &Seen, before: &Seen) -> Vec<Check> {
    let differs = |path: &&'static str| {
        let (figure, _) = here.figures.get(path)?;
        let (other, place) = before.figures.get(path)?;
        (figure != other).then(|| (*path, *figure, *other, place.clone()))
    };
    FIGURES
        .iter()
        .filter_map(differs)
        .map(|(path, figure, other, place)| {
            let name = before.name();
            Check {
                formula: format!("{figure} = {other}"),
                elsewhere: before.elsewhere(Some(place)),
                ..check(
                    form,
                    ("archive.twice", Severity::Warning),
                    vec![path.to_owned()],
                    Message::new(
                        format!("同一单位、项目、年度的表{name}填报为{other}，这里为{figure}。"),
                        format!(
                            "the form of the same unit, project and year, {name}, states {other}; this one {figure}."
                        ),
                    ),
                )
            }
        })
        .collect()
}

/// The same figures in another year.
fn years(form: &Form, here: &Seen, before: &Seen, year: Decimal, other: Decimal) -> Option<Check> {
    if here.reached.len() < REPEATED || here.reached != before.reached {
        return None;
    }
    let (count, name) = (here.reached.len(), before.name());
    let found = check(
        form,
        ("archive.years", Severity::Warning),
        vec!["fields.year".to_owned()],
        Message::new(
            format!("{year}年度与{other}年度（{name}）的{count}个金额和完成值完全相同。"),
            format!("all {count} amounts and actuals of {year} are those of {other} ({name})."),
        ),
    );
    Some(Check { elsewhere: before.elsewhere(None), ..found })
}

/// Results that repeat the goals word for word.
fn copied(form: &Form) -> Vec<Check> {
    let rows = form.tables.get("goals").map_or(&[][..], Vec::as_slice);
    let text = |cell: Option<&Cell>| {
        let value = cell.and_then(Cell::value).filter(|value| is_sure(value))?;
        Some(fold_text(value.value.text()?))
    };
    let is_copied = |row: &usize| {
        let cells = rows.get(*row);
        let (planned, actual) =
            (cells.and_then(|row| text(row.get("planned"))), cells.and_then(|row| text(row.get("actual"))));
        planned.is_some_and(|planned| planned.chars().count() >= LONG && actual == Some(planned))
    };
    (0..rows.len())
        .filter(is_copied)
        .map(|row| {
            check(
                form,
                ("archive.copied", Severity::Info),
                vec![format!("tables.goals[{row}].actual"), format!("tables.goals[{row}].planned")],
                Message::new("实际完成情况与年初目标一字不差。", "the results repeat the goals word for word."),
            )
        })
        .collect()
}

pub(super) fn check(form: &Form, (id, severity): (&str, Severity), refs: Vec<String>, message: Message) -> Check {
    let stated = refs.first().and_then(|path| form.value(path)).map_or(Datum::Null, |value| value.value.clone());
    Check {
        id: id.to_owned(),
        verdict: Verdict::Inconsistent,
        severity,
        stated,
        computed: None,
        interval: None,
        formula: String::new(),
        refs,
        basis: None,
        policy: None,
        message,
        hint: None,
        elsewhere: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::testing::Builder;
    use crate::record::{SCHEMA, Source, Status};

    fn form(year: &str, executed: &str) -> Builder {
        Builder::whole()
            .field("unit", "图书馆")
            .field("project", "阅读推广")
            .field("year", year)
            .cell("budget", 0, "executed", executed)
            .row("indicators", "name:册数 target:1万册 actual:1万册")
    }

    fn record(path: &str, builder: &Builder) -> Record {
        let mut form = builder.form.clone();
        form.checks = Some(Vec::new());
        Record {
            schema: SCHEMA.into(),
            source: Source {
                path: path.into(),
                sha256: String::new(),
                bytes: 0,
                kind: None,
                pages: None,
                encoding: None,
            },
            status: Status::Ok,
            problems: Vec::new(),
            forms: vec![form],
        }
    }

    fn found(archive: &mut Archive, path: &str, form: &Builder) -> Vec<(String, String)> {
        let mut record = record(path, form);
        archive.add(&mut record);
        let checks = record.forms[0].checks.take().unwrap();
        assert!(checks.iter().all(|check| crate::audit::testing::is_worded(&check.message)));
        checks.into_iter().map(|check| (check.id, check.refs[0].clone())).collect()
    }

    #[test]
    fn the_same_form_twice_has_the_same_figures() {
        let mut archive = Archive::default();
        assert_eq!(found(&mut archive, "a.txt", &form("2021", "80")), []);
        assert_eq!(found(&mut archive, "b.txt", &form("2021", "80")), []);
        let differs = [("archive.twice".to_owned(), "tables.budget[0].executed".to_owned())];
        // Of the two before it, each is named.
        assert_eq!(found(&mut archive, "c.txt", &form("2021", "79")), [differs.clone(), differs].concat());
        let mut last = record("d.txt", &form("2021", "78"));
        archive.add(&mut last);
        let elsewhere = last.forms[0].checks.as_ref().unwrap()[0].elsewhere.clone().unwrap();
        assert_eq!((elsewhere.document.as_str(), elsewhere.form), ("a.txt", 0));
    }

    #[test]
    fn forms_without_number_under_one_name_are_not_all_held_against_each_other() {
        let mut archive = Archive::default();
        let found: Vec<usize> = (0..MOST + 3)
            .map(|number| found(&mut archive, &format!("{number}.txt"), &form("2021", &number.to_string())).len())
            .collect();
        assert_eq!(found.first(), Some(&0));
        assert_eq!(found.iter().max(), Some(&NAMED));
    }

    #[test]
    fn figures_change_from_year_to_year() {
        let mut archive = Archive::default();
        found(&mut archive, "a.txt", &form("2020", "80"));
        assert_eq!(found(&mut archive, "b.txt", &form("2021", "79")), []);
        let same = [("archive.years".to_owned(), "fields.year".to_owned())];
        assert_eq!(found(&mut archive, "c.txt", &form("2022", "80")), same);
        // A copy of the earlier form makes no second finding.
        found(&mut archive, "d.txt", &form("2020", "80"));
        assert_eq!(found(&mut archive, "e.txt", &form("2023", "80")), [same.clone(), same].concat(), "2020 and 2022");
    }

    #[test]
    fn another_unit_or_a_doubtful_name_is_another_form() {
        let mut archive = Archive::default();
        found(&mut archive, "a.txt", &form("2021", "80"));
        assert_eq!(found(&mut archive, "b.txt", &form("2021", "79").field("unit", "博物馆")), []);
        assert_eq!(found(&mut archive, "c.txt", &form("2021", "79").without("unit")), []);
        let mut doubtful = form("2021", "79");
        doubtful.form.fields["project"].confidence = 0.2;
        assert_eq!(found(&mut archive, "d.txt", &doubtful), []);
    }

    #[test]
    fn results_do_not_repeat_the_goals() {
        let long = "完成馆藏购置、阅读推广活动和书屋维护，读者满意度逐年提高";
        for (planned, actual, copied) in [
            (long, long, true),
            (long, "完成馆藏购置和阅读推广活动，书屋维护推迟至次年一季度", false),
            ("完成年度任务", "完成年度任务", false),
        ] {
            let form = form("2021", "80").cell("goals", 0, "planned", planned).cell("goals", 0, "actual", actual);
            let found = found(&mut Archive::default(), "a.txt", &form);
            assert_eq!(!found.is_empty(), copied, "{actual}");
        }
    }
}
