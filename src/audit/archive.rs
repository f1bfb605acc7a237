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
use crate::record::{Cell, Check, Datum, Elsewhere, Form, Record, Severity, Value, Verdict, Where};

/// The figures of a form that are the same wherever it is published, with what they are called.
const FIGURES: [(&str, &str, &str); 5] = [
    ("fields.self_score", "自评得分", "self-assessed score"),
    ("fields.total_score", "总分", "total score"),
    ("tables.budget[0].budgeted", "预算数", "budgeted amount"),
    ("tables.budget[0].executed", "执行数", "executed amount"),
    ("tables.budget[0].score", "预算执行得分", "score of the budget"),
];

/// Those of them that are money.
const MONEY: [&str; 2] = ["tables.budget[0].budgeted", "tables.budget[0].executed"];

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
    figures: BTreeMap<&'static str, Stated>,
    /// The actuals and amounts that are sure, from the top.
    reached: Vec<Decimal>,
    place: Option<Where>,
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
    fn of(form: &Form, path: &str) -> Option<Stated> {
        let value = form.value(path).filter(|value| is_sure(value))?;
        let written = value.value.number()?;
        let named = form.fields.get("money_unit").filter(|value| is_sure(value)).and_then(|value| value.value.text());
        let unit = Unit::of(value, named).filter(|unit| MONEY.contains(&path) && unit.base.ends_with(YUAN));
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
    fn differs(&self, other: &Stated, path: &str) -> bool {
        let apart = |times: Decimal| {
            let times = Interval::exact(times);
            let here = Interval::exact(self.figure).times(times).zip(self.range.times(times));
            here.is_some_and(|(here, range)| !(is_of(other.range, here.low()) || is_of(range, other.figure)))
        };
        let steps = Decimal::from(YUAN_OF_TEN_THOUSAND);
        let down = Decimal::ONE.checked_div(steps).unwrap_or(Decimal::ONE);
        // Nought is nought in any steps.
        let unnamed = MONEY.contains(&path) && !self.in_yuan && !self.figure.is_zero() && !other.figure.is_zero();
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
        let figures = FIGURES.iter().filter_map(|(path, ..)| Some((*path, Stated::of(form, path)?)));
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
    FIGURES
        .iter()
        .filter_map(|(path, zh, en)| {
            let (figure, other) = (here.figures.get(path)?, before.figures.get(path)?);
            figure.differs(other, path).then_some((*path, (*zh, *en), figure, other))
        })
        .map(|(path, (zh, en), figure, other)| {
            let (name, figure, stated) = (before.name(), &figure.shown, &other.shown);
            Check {
                formula: format!("{figure} = {stated}"),
                elsewhere: before.elsewhere(Some(other.place.clone())),
                ..check(
                    form,
                    ("archive.twice", Severity::Warning),
                    vec![path.to_owned()],
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
