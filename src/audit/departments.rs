//! Projects against their department: what the projects of a unit spent is a part of what the unit spent as a whole.
//!
//! The forms of a year seldom are all there, so that less proves nothing. More does: a part is not larger than its whole.
//!
//! Manual: `retally checks archive.department`.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::archive::{check, is_sure};
use super::interval::Interval;
use super::unit::Unit;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Cell, Check, Elsewhere, Form, Severity};

const ID: &str = "archive.department";
const TABLE: &str = "budget";
const COLUMN: &str = "executed";
/// What amounts are compared in.
pub(super) const YUAN: &str = "元";
/// Terms of a sum that are written out; a unit may have hundreds of projects.
const TERMS: usize = 12;

/// What the forms seen so far say of the spending of each unit in each year.
#[derive(Debug, Default)]
pub(super) struct Departments {
    /// By folded unit, and year.
    spending: BTreeMap<(String, Decimal), Spending>,
}

#[derive(Debug, Default)]
struct Spending {
    /// The whole: of several forms the one with the largest amount.
    whole: Option<Amount>,
    /// By folded project, of several forms of one the one with the smallest amount.
    projects: BTreeMap<String, Amount>,
    told: bool,
}

/// An amount in yuan.
#[derive(Clone, Debug)]
struct Amount {
    figure: Decimal,
    range: Interval,
    /// Its path in the form.
    path: String,
    at: Elsewhere,
}

impl Departments {
    /// Adds `form`, the one with this number in `document`. Gives the check when it is the form by which the projects of
    /// its unit have spent more than the unit.
    pub(super) fn add(&mut self, form: &Form, document: &str, number: usize) -> Option<Check> {
        let name = |id: &str| {
            let folded = fold_text(form.fields.get(id).filter(|value| is_sure(value))?.value.text()?);
            (!folded.is_empty()).then_some(folded)
        };
        let year = form.fields.get("year").filter(|value| is_sure(value))?.value.number()?;
        let unit = name("unit").or_else(|| if form.overall { None } else { name("implementer") })?;
        let project = if form.overall { None } else { Some(name("project")?) };
        let amount = amount(form, document, number)?;
        let spending = self.spending.entry((unit, year)).or_default();
        match project {
            None => match &spending.whole {
                Some(known) if known.range.high() >= amount.range.high() => {}
                _ => spending.whole = Some(amount.clone()),
            },
            Some(project) => match spending.projects.get(&project) {
                Some(known) if known.range.low() <= amount.range.low() => {}
                _ => {
                    spending.projects.insert(project, amount.clone());
                }
            },
        }
        spending.check(form, &amount)
    }
}

impl Spending {
    /// The finding that the projects have spent more than the whole, once.
    fn check(&mut self, form: &Form, here: &Amount) -> Option<Check> {
        let whole = self.whole.as_ref().filter(|_| !self.told)?;
        // One project may go by two names, but hardly with another amount: equal ones count once.
        let mut amounts = BTreeSet::new();
        let different = self.projects.values().filter(|project| amounts.insert(project.figure));
        let different: Vec<&Amount> = different.collect();
        let least = different.iter().try_fold(Decimal::ZERO, |sum, project| sum.checked_add(project.range.low()))?;
        if different.len() < 2 || least <= whole.range.high() {
            return None;
        }
        let sum = different.iter().try_fold(Decimal::ZERO, |sum, project| sum.checked_add(project.figure))?.normalize();
        let mut terms: Vec<String> = different.iter().take(TERMS).map(|of| of.figure.to_string()).collect();
        if different.len() > TERMS {
            terms.push("…".to_owned());
        }
        let (count, total) = (different.len(), whole.figure);
        let other = if form.overall { different.iter().max_by_key(|project| project.figure)? } else { whole };
        let (document, nth) = (&whole.at.document, whole.at.form.saturating_add(1));
        let message = Message::new(
            format!("同一单位、年度的{count}个项目执行数合计{sum}元，超过部门整体的{total}元（{document} #{nth}）。"),
            format!(
                "the {count} projects of the same unit and year spent {sum} yuan together, more than the {total} of the \
                 unit as a whole ({document} #{nth})."
            ),
        );
        let found = Check {
            formula: format!("{} ≤ {total}", terms.join(" + ")),
            elsewhere: Some(other.at.clone()),
            ..check(form, (ID, Severity::Warning), vec![here.path.clone()], message)
        };
        self.told = true;
        Some(found)
    }
}

/// What the form says was spent, if it is sure and in a unit of money that is written: the first row of the budget states
/// the whole of it; of a unit's own the largest row does, whichever it is.
fn amount(form: &Form, document: &str, number: usize) -> Option<Amount> {
    if !form.repeated.is_empty() {
        return None;
    }
    let rows = form.tables.get(TABLE)?;
    let money = form.fields.get("money_unit").filter(|value| is_sure(value)).and_then(|value| value.value.text());
    let read = |(row, cells): (usize, &crate::record::Row)| {
        let value = cells.get(COLUMN).and_then(Cell::value).filter(|value| is_sure(value))?;
        let unit = Unit::of(value, money).filter(|unit| unit.base.ends_with(YUAN))?;
        let figure = value.value.number().filter(|figure| *figure >= Decimal::ZERO)?;
        Some(Amount {
            figure: figure.checked_mul(unit.step)?.normalize(),
            range: Interval::stated(figure)?.times(Interval::exact(unit.step))?,
            path: format!("tables.{TABLE}[{row}].{COLUMN}"),
            at: Elsewhere { document: document.to_owned(), form: number, place: value.place.clone() },
        })
    };
    let mut amounts = rows.iter().enumerate().map(read);
    if form.overall {
        // Of a row that cannot be read nobody knows whether it is the largest; a blank one is nothing.
        let filled = |cells: &crate::record::Row| {
            cells.get(COLUMN).and_then(Cell::value).is_some_and(|value| value.value.number().is_some())
        };
        let unread = rows.iter().zip(amounts.by_ref()).map(|(cells, amount)| (filled(cells), amount));
        let all: Option<Vec<Amount>> = unread.filter(|(filled, _)| *filled).map(|(_, amount)| amount).collect();
        all?.into_iter().max_by_key(|amount| amount.figure)
    } else {
        amounts.next().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::testing::Builder;

    const NONE: [usize; 0] = [];

    fn project(name: &str, executed: &str) -> Builder {
        Builder::new()
            .field("unit", "图书馆")
            .field("project", name)
            .field("year", "2021")
            .field("money_unit", "万元")
            .row(TABLE, &format!("source:总额 executed:{executed}"))
    }

    fn whole(executed: &str) -> Builder {
        let mut form = project("", executed)
            .without("project")
            .row(TABLE, "source:基本支出 executed:20")
            .row(TABLE, "source:项目支出 executed:30");
        form.form.overall = true;
        form
    }

    /// The numbers, from 0, of the forms that get the check.
    fn found(forms: &[Builder]) -> Vec<usize> {
        let mut departments = Departments::default();
        let mut found = Vec::new();
        for (number, builder) in forms.iter().enumerate() {
            if let Some(check) = departments.add(&builder.form, &format!("{number}.txt"), number) {
                assert!(crate::audit::testing::is_worded(&check.message), "{:?}", check.message);
                assert_eq!((check.id.as_str(), check.refs[0].as_str()), (ID, "tables.budget[0].executed"));
                assert!(check.elsewhere.is_some());
                found.push(number);
            }
        }
        found
    }

    #[test]
    fn projects_spend_no_more_than_their_department() {
        for (case, forms, expected) in [
            ("within", vec![whole("80.0"), project("甲", "50.0"), project("乙", "30.0")], vec![]),
            ("above", vec![whole("80.0"), project("甲", "50.0"), project("乙", "31.0")], vec![2]),
            ("above, the whole last", vec![project("甲", "50.0"), project("乙", "31.0"), whole("80.0")], vec![2]),
            (
                "told once",
                vec![whole("80.0"), project("甲", "50.0"), project("乙", "31.0"), project("丙", "9.0")],
                vec![2],
            ),
            ("no whole", vec![project("甲", "50.0"), project("乙", "31.0")], vec![]),
            ("one project alone", vec![whole("80.0"), project("甲", "90.0")], vec![]),
            // The parts are 80.4 at least; 80.4 may be 80.45, and 80.3 may be no more than 80.35.
            ("at the border", vec![whole("80.4"), project("甲", "50.2"), project("乙", "30.3")], vec![]),
            ("beyond the border", vec![whole("80.3"), project("甲", "50.2"), project("乙", "30.3")], vec![2]),
            ("twice the same", vec![whole("80.0"), project("甲", "50.0"), project("甲", "49.0")], vec![]),
            (
                "one amount under two names",
                vec![whole("80.0"), project("甲", "50.0"), project("甲项目", "50.0")],
                vec![],
            ),
        ] {
            assert_eq!(found(&forms), expected, "{case}");
        }
    }

    #[test]
    fn what_is_not_sure_is_held_against_nobody() {
        let with = |last: Builder| vec![whole("80.0"), project("甲", "50.0"), last];
        assert_eq!(found(&with(project("乙", "40.0"))), [2]);
        let mut doubtful = project("乙", "40.0").change(TABLE, 0, COLUMN, |value| value.confidence = 0.2);
        assert_eq!(found(&with(doubtful)), NONE, "a doubtful amount");
        doubtful = project("乙", "40.0").without("money_unit");
        assert_eq!(found(&with(doubtful)), NONE, "no unit of money");
        assert_eq!(found(&with(project("乙", "40.0").field("unit", "博物馆"))), NONE, "another unit");
        assert_eq!(found(&with(project("乙", "40.0").field("year", "2020"))), NONE, "another year");
        assert_eq!(found(&with(project("乙", "400000").field("money_unit", "元"))), [2], "40万元");
        assert_eq!(found(&with(project("乙", "290000").field("money_unit", "元"))), NONE, "29万元");
        let mut repeated = project("乙", "40.0");
        repeated.form.repeated.push(TABLE.into());
        assert_eq!(found(&with(repeated)), NONE, "a part that stands there twice");
        let unread = whole("80.0").change(TABLE, 2, COLUMN, |value| value.confidence = 0.2);
        assert_eq!(found(&[unread, project("甲", "50.0"), project("乙", "40.0")]), NONE, "a doubtful row of the whole");
    }
}
