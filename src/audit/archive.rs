//! Forms against forms: what one document says, and another says otherwise, or all too much the same.
//!
//! Documents are added one by one, in the order of the run; each form gets a check for what it shares with a form
//! before it. Only what disagrees is said: that two forms of an archive have nothing in common is no finding.
//!
//! Manual: `retally checks archive.twice`, `retally checks archive.years`, `retally checks archive.copied`; of projects and
//! their department `departments`.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::departments::{Departments, YUAN};
use super::interval::Interval;
use super::unit::Unit;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Cell, Check, Datum, Elsewhere, Form, Record, Row, Severity, Value, Verdict, Where};

/// The figures of a form that are the same wherever it is published, with what they are called: fields, and columns of the
/// budget.
const FIELDS: [(&str, &str, &str); 2] =
    [("self_score", "自评得分", "self-assessed score"), ("total_score", "总分", "total score")];
const COLUMNS: [(&str, &str, &str); 3] = [
    ("budgeted", "预算数", "budgeted amount"),
    ("executed", "执行数", "executed amount"),
    ("score", "预算执行得分", "score of the budget"),
];

/// Those of them that are money.
const MONEY: [&str; 2] = ["budgeted", "executed"];

/// Of two amounts without a unit the one may be in 元 and the other in 万元.
const YUAN_OF_TEN_THOUSAND: i64 = 10_000;

/// Below this confidence a value is not held against another; the same as for checks within a form.
const CONFIDENT: f64 = 0.6;

/// So many figures at least, sure ones and other than nought, must repeat before a form counts as that of another year: three may agree by chance, as with
/// 100% and 10 of 10.
const REPEATED: usize = 5;

/// A text shorter than this, in characters, may well say the same before and after: 完成年度任务.
const LONG: usize = 20;

/// A form is held against so many before it at most. A project has a form a year, and a corrected one now and then; where
/// hundreds share a name, it is a placeholder, and all against all would go with the square of their number.
pub(super) const MOST: usize = 50;

/// A form is said to differ from so many of its own year at most: further copies tell a reader nothing new.
pub(super) const NAMED: usize = 3;

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
    /// By field.
    figures: BTreeMap<&'static str, Stated>,
    budget: Vec<Line>,
    /// The actuals and amounts that are sure, from the top.
    reached: Vec<Decimal>,
    place: Option<Where>,
}

/// A row of a budget.
#[derive(Debug)]
struct Line {
    row: usize,
    /// What it is called, folded; nothing where the form has no names of rows.
    source: String,
    /// By column.
    figures: BTreeMap<&'static str, Stated>,
}

impl Line {
    /// The rows of the form that are sure of their names.
    fn all(form: &Form) -> Vec<Line> {
        let rows = form.tables.get("budget").map_or(&[][..], Vec::as_slice).iter().enumerate();
        let line = |(row, cells): (usize, &Row)| {
            let source = match cells.get("source").and_then(Cell::value) {
                Some(value) => fold_text(&value.raw),
                None => String::new(),
            };
            let path = |column: &str| format!("tables.budget[{row}].{column}");
            let sure = cells.get("source").and_then(Cell::value).is_none_or(is_sure);
            let figures = COLUMNS.iter().filter_map(|(id, ..)| Some((*id, Stated::of(form, &path(id), id)?)));
            sure.then(|| Line { row, source, figures: figures.collect() })
        };
        rows.filter_map(line).collect()
    }

    /// The largest of its amounts.
    fn amount(&self) -> Option<Decimal> {
        MONEY.iter().filter_map(|column| Some(self.figures.get(column)?.figure)).max()
    }
}

/// The row that states the whole of both budgets: of those that both have, by name, the one with the largest amount, for a
/// total is not below its parts. Rows stand in any order, and one of the forms may lack the total.
fn whole<'a>(here: &'a [Line], before: &'a [Line]) -> Option<(&'a Line, &'a Line)> {
    fn only<'a>(lines: &'a [Line], source: &str) -> Option<&'a Line> {
        let mut found = lines.iter().filter(|line| line.source == source);
        found.next().filter(|_| found.next().is_none())
    }
    let pairs = here.iter().filter_map(|line| Some((only(here, &line.source)?, only(before, &line.source)?)));
    // Of equal ones the first.
    pairs.rev().max_by_key(|(line, other)| line.amount().max(other.amount()))
}

/// A figure as a form states it.
#[derive(Debug)]
struct Stated {
    /// With the unit, where one is named.
    shown: String,
    /// What is written, and what it stands for: of money in yuan, where its unit is named.
    figure: Decimal,
    range: Interval,
    in_yuan: bool,
    place: Where,
}

impl Stated {
    /// The figure at `path`; `id` says what it is.
    fn of(form: &Form, path: &str, id: &str) -> Option<Stated> {
        let value = form.value(path).filter(|value| is_sure(value))?;
        let written = value.value.number()?;
        let named = form.fields.get("money_unit").filter(|value| is_sure(value)).and_then(|value| value.value.text());
        let unit = Unit::of(value, named).filter(|unit| MONEY.contains(&id) && unit.base.ends_with(YUAN));
        let step = unit.as_ref().map_or(Decimal::ONE, |unit| unit.step);
        let name = if value.unit.is_some() { value.unit.as_deref() } else { named };
        Some(Stated {
            shown: format!("{written}{}", name.filter(|_| unit.is_some()).unwrap_or_default()),
            figure: written.checked_mul(step)?,
            range: Interval::stated(written)?.times(Interval::exact(step))?,
            in_yuan: unit.is_some(),
            place: value.place.clone(),
        })
    }

    /// Whether the two cannot be the same: the one that is written to fewer places is not the other one rounded or cut off.
    /// Figures whose units may differ are held against nobody.
    fn differs(&self, other: &Stated, id: &str) -> bool {
        let apart = |times: Decimal| {
            let times = Interval::exact(times);
            let here = Interval::exact(self.figure).times(times).zip(self.range.times(times));
            here.is_some_and(|(here, range)| !(is_of(other.range, here.low()) || is_of(range, other.figure)))
        };
        let steps = Decimal::from(YUAN_OF_TEN_THOUSAND);
        let down = Decimal::ONE.checked_div(steps).unwrap_or(Decimal::ONE);
        // Nought is nought in any steps.
        let unnamed = MONEY.contains(&id) && !self.in_yuan && !self.figure.is_zero() && !other.figure.is_zero();
        self.in_yuan == other.in_yuan && apart(Decimal::ONE) && !(unnamed && (!apart(steps) || !apart(down)))
    }
}

/// Whether a figure that stands for `range` may be `finer`, rounded or with its further digits cut off.
fn is_of(range: Interval, finer: Decimal) -> bool {
    let rounded = range.meets(Interval::exact(finer));
    let unit = range.high().checked_sub(range.low());
    let half = unit.and_then(|unit| unit.checked_div(Decimal::TWO));
    // Cut off, it is the lower end of a unit that begins in the middle of the range.
    let cut = half.zip(unit).and_then(|(half, unit)| {
        let figure = range.low().checked_add(half)?;
        Some(figure <= finer && finer < figure.checked_add(unit)?)
    });
    rounded || cut == Some(true)
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
        let figures = FIELDS.iter().filter_map(|(id, ..)| Some((*id, Stated::of(form, &format!("fields.{id}"), id)?)));
        let cells = |table: &str, columns: &'static [&'static str]| {
            let rows = form.tables.get(table).map_or(&[][..], Vec::as_slice);
            let figures = rows.iter().flat_map(move |row| {
                let sure = |column: &&str| row.get(*column).and_then(Cell::value).filter(|value| is_sure(value));
                columns.iter().filter_map(move |column| sure(column)?.value.number())
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
            budget: Line::all(form),
            reached,
            place: ["project", "unit", "implementer"].iter().find_map(|id| Some(form.fields.get(*id)?.place.clone())),
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

/// Whose form it is, and of what: a project, or of a family that is of the whole unit, the family; `None` when a name is
/// wanting.
fn key(form: &Form) -> Option<(String, String)> {
    let name = |id: &str| {
        let folded = fold_text(form.fields.get(id).filter(|value| is_sure(value))?.value.text()?);
        (!folded.is_empty()).then_some(folded)
    };
    // No project is called that.
    let whole = || form.overall.then(|| format!("\0{}", form.pattern));
    Some((name("unit").or_else(|| name("implementer"))?, name("project").or_else(whole)?))
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
    let (zh_same, en_same) = if form.overall { ("单位", "unit") } else { ("单位、项目", "unit, project") };
    let fields = FIELDS.iter().filter_map(|(id, zh, en)| {
        Some((*id, format!("fields.{id}"), (*zh, *en), here.figures.get(id)?, before.figures.get(id)?))
    });
    let budget = whole(&here.budget, &before.budget).into_iter().flat_map(|(line, other)| {
        COLUMNS.iter().filter_map(move |(id, zh, en)| {
            let path = format!("tables.budget[{}].{id}", line.row);
            Some((*id, path, (*zh, *en), line.figures.get(id)?, other.figures.get(id)?))
        })
    });
    fields
        .chain(budget)
        .filter(|(id, _, _, figure, other)| figure.differs(other, id))
        .map(|(_, path, (zh, en), figure, other)| {
            let (name, figure, stated) = (before.name(), &figure.shown, &other.shown);
            Check {
                formula: format!("{figure} = {stated}"),
                elsewhere: before.elsewhere(Some(other.place.clone())),
                ..check(
                    form,
                    ("archive.twice", Severity::Warning),
                    vec![path],
                    Message::new(
                        format!("同一{zh_same}、年度的表{name}的{zh}填报为{stated}，这里为{figure}。"),
                        format!(
                            "the form of the same {en_same} and year, {name}, states {stated} as the {en}; this one {figure}."
                        ),
                    ),
                )
            }
        })
        .collect()
}

/// The same figures in another year.
fn years(form: &Form, here: &Seen, before: &Seen, year: Decimal, other: Decimal) -> Option<Check> {
    let telling = here.reached.iter().filter(|figure| !figure.is_zero()).count();
    if telling < REPEATED || here.reached != before.reached {
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
    let figures: Vec<String> = here.reached.iter().map(Decimal::to_string).collect();
    // The same whichever of the two comes first.
    let formula = format!("{} = {} ({})", year.min(other), year.max(other), figures.join(", "));
    Some(Check { formula, elsewhere: before.elsewhere(None), ..found })
}

/// Results that repeat the goals word for word.
fn copied(form: &Form) -> Vec<Check> {
    let rows = form.tables.get("goals").map_or(&[][..], Vec::as_slice);
    let text = |cell: Option<&Cell>| {
        let value = cell.and_then(Cell::value).filter(|value| is_sure(value))?;
        // A full stop more or less makes no other words.
        Some(fold_text(value.value.text()?).trim_end_matches(['。', '.', ';', '；']).to_owned())
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
