//! `budget.rate` and `budget.score`: the execution rate follows from the amounts, the score from the rate.
//!
//! Manual: `retally checks budget.rate`, `retally checks budget.score`.

use rust_decimal::Decimal;

use super::amount::{Amount, align};
use super::context::{Context, Lack, Spot};
use super::finding::{Finding, is_off};
use super::interval::{Agreement, Interval, agreement, rounded};
use super::rules::Rules;
use super::sources;
use super::subtotal::Subtotals;
use crate::fold::fold_text;
use crate::message::{Lang, Message};
use crate::pattern::Pattern;
use crate::record::{Cell, Check, Figure, Form, Severity, Value, Verdict, Where};

const TABLE: &str = "budget";
const RATE: &str = "budget.rate";
const SCORE: &str = "budget.score";

/// Places that rates and points are shown to in messages.
const PLACES: u32 = 2;

/// The checks of every row of the budget, from the top.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    for row in 0..context.rows(TABLE).len() {
        let rate = if is_off(context, RATE) { None } else { rate(context, row) };
        let rate_is_wrong = rate.as_ref().is_some_and(|check| check.verdict == Verdict::Inconsistent);
        checks.extend(rate);
        if !is_off(context, SCORE) {
            checks.extend(score(context, row, rate_is_wrong));
        }
    }
    checks
}

/// Settles every rate written without its sign, as executed ÷ budgeted bears it out: fills in `percent` where just one
/// of percentage and fraction agrees with the amounts.
pub fn settle_rates(form: &mut Form, pattern: &Pattern) {
    for row in 0..form.tables.get(TABLE).map_or(0, Vec::len) {
        let percent = settled(
            Context {
                form,
                pattern,
                rules: &Rules::default(),
                subtotals: &Subtotals::default(),
                lang: Lang::default(),
            },
            row,
        );
        if let Some(percent) = percent
            && let Some(Cell::Value(value)) =
                form.tables.get_mut(TABLE).and_then(|rows| rows.get_mut(row)?.get_mut("rate"))
        {
            value.percent = Some(Figure(percent));
        }
    }
}

/// The rate of a row in percent, if it is bare and just one reading of it agrees with the amounts.
fn settled(context: Context<'_>, row: usize) -> Option<Decimal> {
    let value = context.sure(cell(row, "rate")).ok()?;
    if value.unit.is_some() || value.percent.is_some() {
        return None;
    }
    let computed = percent(&Amounts::read(context, row).ok()?)?;
    let mut agreeing =
        readings(value).into_iter().filter(|reading| reading.agreement(computed) == Some(Agreement::Rounded));
    let first = agreeing.next()?;
    agreeing.next().is_none().then(|| first.percent.normalize())
}

/// The place of a cell of the budget.
pub(super) fn cell(row: usize, column: &str) -> Spot<'_> {
    Spot::Cell { table: TABLE, row, column }
}

/// The rows whose scores stand for the budget; none when it has no place for a score.
///
/// Mostly it is the first one scored: the total stands above its sources, and sub-rows that repeat its score count
/// once. Several rows count where their weights together are the budget's own, as when basic and project spending are
/// scored apart, and where no heading states that weight and the total row has no points.
pub(super) fn scored_rows(context: Context<'_>) -> Vec<usize> {
    let places: Vec<usize> = (0..context.rows(TABLE).len())
        .filter(|row| context.has(cell(*row, "score")) && !context.is_shared(cell(*row, "score")))
        .filter(|row| !context.is_part(TABLE, *row))
        .collect();
    let scored: Vec<usize> = places.iter().copied().filter(|row| context.is_filled(cell(*row, "score"))).collect();
    let whole = context.figure(Spot::Field("budget_weight")).ok().map(|whole| whole.figure);
    if let (Some(whole), true) = (whole, scored.len() > 1) {
        let weights: Option<Vec<Decimal>> =
            scored.iter().map(|row| Some(context.figure(cell(*row, "weight")).ok()?.figure)).collect();
        let sum = weights.and_then(|weights| weights.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add));
        if sum == Some(whole) {
            return scored;
        }
    }
    // Where the total has no points, those of its sources repeat nothing.
    let weighed = scored.iter().all(|row| context.is_filled(cell(*row, "weight")));
    let repeats = total_row(context).is_some_and(|total| scored.contains(&total));
    if whole.is_none() && weighed && !repeats && !scored.is_empty() {
        return scored;
    }
    scored.first().or(places.first()).copied().into_iter().collect()
}

/// Whether a source only repeats the weight and the score of the total row: it is not scored for itself.
fn repeats_total(context: Context<'_>, row: usize) -> bool {
    let Some(total) = total_row(context).filter(|total| *total != row) else { return false };
    let points = |row| {
        let figure = |column| context.figure(cell(row, column)).ok().map(|stated| stated.figure);
        figure("weight").zip(figure("score"))
    };
    let own = points(row);
    own.is_some() && own == points(total) && !scored_rows(context).contains(&row)
}

/// What a rate is taken of: the budget as it stood at the end, or where the form has no column for it, the first one.
pub(super) fn planned<'a>(context: Context<'a>, row: usize) -> Spot<'a> {
    let adjusted = cell(row, "budgeted");
    if context.has(adjusted) || !context.has(cell(row, "initial")) { adjusted } else { cell(row, "initial") }
}

/// The row that states the whole of the budget: the first one. Where the pattern's rule names it by other words it is
/// the row with one of them, and a form may have none.
pub(super) fn total_row(context: Context<'_>) -> Option<usize> {
    let words = context.policy("budget.total").rule().map_or(&[][..], |rule| rule.words.as_slice());
    let words: Vec<String> = words.iter().map(|word| fold_text(word)).collect();
    let is_total = |row: &usize| {
        let source = context.value(cell(*row, "source")).map(|value| fold_text(&value.raw)).unwrap_or_default();
        words.iter().any(|word| source.contains(word))
    };
    let mut rows = 0..context.rows(TABLE).len();
    if words.is_empty() { rows.next() } else { rows.find(is_total) }
}

/// The place of the weight that a row's score is scored by: its own cell, else the one in the heading.
pub(super) fn weight(context: Context<'_>, row: usize) -> Spot<'_> {
    let own = cell(row, "weight");
    if context.is_filled(own) { own } else { Spot::Field("budget_weight") }
}

/// What was spent of what was planned.
pub(super) struct Amounts<'a> {
    pub(super) executed: Amount<'a>,
    pub(super) budgeted: Amount<'a>,
}

impl<'a> Amounts<'a> {
    /// Both amounts of a row in the same steps, or what is wrong with them.
    pub(super) fn read(context: Context<'a>, row: usize) -> Result<Amounts<'a>, Vec<Lack<'a>>> {
        let read = |spot| match Amount::read(context, spot)? {
            amount if amount.figure < Decimal::ZERO => Err(Lack::doubtful(spot)),
            amount => Ok(amount),
        };
        let mut amounts = match (read(cell(row, "executed")), read(planned(context, row))) {
            (Ok(executed), Ok(budgeted)) => [executed, budgeted],
            (executed, budgeted) => return Err([executed.err(), budgeted.err()].into_iter().flatten().collect()),
        };
        align(context, &mut amounts).map_err(|lack| vec![lack])?;
        let [executed, budgeted] = amounts;
        Ok(Amounts { executed, budgeted })
    }

    /// Executed ÷ budgeted; `None` when the budget is nought or the quotient is out of range. Amounts do not fall below
    /// nought by rounding.
    pub(super) fn rate(&self) -> Option<Interval> {
        let range = |amount: &Amount<'_>| Some(amount.range()?.at_least(Decimal::ZERO));
        range(&self.executed)?.over(range(&self.budgeted)?)
    }

    /// The likeliest rate: of the figures as written.
    fn likeliest_rate(&self) -> Option<Decimal> {
        self.executed.counted()?.checked_div(self.budgeted.counted()?)
    }

    fn formula(&self) -> String {
        format!("{} / {}", self.executed.shown(), self.budgeted.shown())
    }
}

/// A way to read a rate.
struct Reading {
    percent: Decimal,
    range: Option<Interval>,
}

impl Reading {
    fn percent(percent: Decimal) -> Reading {
        Reading { percent, range: None }
    }

    fn agreement(&self, computed: Interval) -> Option<Agreement> {
        match self.range {
            Some(range) if range.meets(computed) => Some(Agreement::Rounded),
            Some(_) => Some(Agreement::None),
            None => agreement(self.percent, computed),
        }
    }
}

/// The ways to read a rate: one where it has its sign, else as a percentage and as a fraction.
fn readings(value: &Value) -> Vec<Reading> {
    if let Some(percent) = value.percent {
        return vec![Reading::percent(percent.0)];
    }
    let Some(figure) = value.value.number() else { return Vec::new() };
    let mut readings = vec![Reading::percent(figure)];
    if value.unit.is_none()
        && let Some(percent) = figure.checked_mul(Decimal::ONE_HUNDRED).map(|percent| percent.normalize())
    {
        // A bare `0.85` is rounded to hundredths of the whole; a bare `1` says all, not anything from a half up.
        let range = (figure.scale() > 0)
            .then(|| Interval::stated(figure)?.times(Interval::exact(Decimal::ONE_HUNDRED)))
            .flatten();
        readings.push(Reading { percent, range });
    }
    readings
}

/// Executed ÷ budgeted in percent.
fn percent(amounts: &Amounts<'_>) -> Option<Interval> {
    amounts.rate()?.times(Interval::exact(Decimal::ONE_HUNDRED))
}

fn rate(context: Context<'_>, row: usize) -> Option<Check> {
    let spot = cell(row, "rate");
    let (executed, budgeted) = (cell(row, "executed"), planned(context, row));
    // Sources that are not rated leave the cell blank; the total row should not.
    let expected = Some(row) == total_row(context);
    if !context.has(spot) || context.is_shared(spot) || !(context.is_filled(spot) || expected) {
        return None;
    }
    let finding = Finding::new(context, RATE, Severity::Error, spot).from([executed, budgeted]);
    let amounts = Amounts::read(context, row);
    let amounts = match (context.figure(spot), amounts) {
        (Ok(_), Ok(amounts)) => amounts,
        (stated, amounts) => {
            let lacks: Vec<Lack<'_>> = stated.err().into_iter().chain(amounts.err().into_iter().flatten()).collect();
            return Some(finding.lacking(&lacks));
        }
    };
    let finding = finding.formula(amounts.formula());
    if amounts.budgeted.figure.is_zero() {
        return Some(finding.unverifiable(no_budget()));
    }
    let (Some(computed), Some(likeliest)) = (percent(&amounts), percent_of(amounts.likeliest_rate())) else {
        return Some(finding.out_of_range());
    };
    let finding = finding.computed(likeliest, computed);
    let value = context.value(spot)?;
    let verdicts: Vec<Option<Agreement>> = readings(value).iter().map(|reading| reading.agreement(computed)).collect();
    let name = context.name(spot);
    let raw = context.raw(spot);
    let shown = finding.shown();
    let formula = finding.formula_shown().to_owned();
    Some(if verdicts.contains(&Some(Agreement::Rounded)) {
        finding.consistent(Message::new(
            format!("{}{raw}与{formula} = {shown}%相符。", name.zh),
            format!("{}, {raw}, agrees with {formula} = {shown}%.", name.en),
        ))
    } else if verdicts.contains(&Some(Agreement::Truncated)) {
        finding.consistent_but(Message::new(
            format!("{}{raw}与{formula} = {shown}%相符，但为截尾而非四舍五入。", name.zh),
            format!("{}, {raw}, agrees with {formula} = {shown}%, cut off rather than rounded.", name.en),
        ))
    } else if verdicts.iter().all(Option::is_none) {
        finding.out_of_range()
    } else if let Some(why) = misplaced(context, row) {
        finding.unverifiable(Message::new(
            format!("{}填报为{raw}，按{formula}为{shown}%，但无法核对：{}。", name.zh, why.zh),
            format!("{} is stated as {raw}, and {formula} = {shown}%, but not verifiable: {}.", name.en, why.en),
        ))
    } else {
        finding.inconsistent(Message::new(
            format!("{}填报为{raw}，按{formula}应为{shown}%。", name.zh),
            format!("{} is stated as {raw}; {formula} = {shown}%.", name.en),
        ))
    })
}

fn score(context: Context<'_>, row: usize, rate_is_wrong: bool) -> Option<Check> {
    let spot = cell(row, "score");
    let own_weight = cell(row, "weight");
    // Only the total row is scored; a blank score matters there, or where the row has a weight of its own.
    let scored = scored_rows(context);
    let is_total = Some(row) == total_row(context) && (scored.is_empty() || scored.contains(&row));
    let expected = context.is_filled(own_weight) || is_total;
    let skipped = context.is_shared(spot) || repeats_total(context, row);
    if !context.has(spot) || skipped || !(context.is_filled(spot) || expected) {
        return None;
    }
    let weight = weight(context, row);
    let finding = Finding::new(context, SCORE, Severity::Error, spot).from([
        cell(row, "executed"),
        planned(context, row),
        weight,
    ]);
    let (stated, weight) = match (context.figure(spot), context.figure(weight)) {
        (Ok(stated), Ok(weight)) => (stated, weight),
        (stated, weight) => {
            let lacks: Vec<Lack<'_>> = stated.err().into_iter().chain(weight.err()).collect();
            return Some(finding.lacking(&lacks));
        }
    };
    let name = context.name(spot);
    let (points, most) = (stated.figure, weight.figure);
    let amounts = match Amounts::read(context, row) {
        Ok(amounts) => amounts,
        // No rate earns more than the weight, whatever was spent.
        Err(_) if points > most => {
            return Some(finding.formula(format!("≤ {most}")).inconsistent(Message::new(
                format!("{}为{points}，超过分值{most}。", name.zh),
                format!("{} is {points}, above its weight, {most}.", name.en),
            )));
        }
        Err(lacks) => return Some(finding.lacking(&lacks)),
    };
    let finding = finding.formula(format!("min({}, 1) × {most}", amounts.formula())).giving_way();
    if amounts.budgeted.figure.is_zero() {
        return Some(finding.unverifiable(no_budget()));
    }
    let earned = |rate: Interval| rate.at_most(Decimal::ONE).times(Interval::exact(most));
    let likeliest = amounts.likeliest_rate().and_then(|rate| rate.min(Decimal::ONE).checked_mul(most));
    let (Some(computed), Some(likeliest)) = (amounts.rate().and_then(earned), likeliest) else {
        return Some(finding.out_of_range());
    };
    let finding = finding.computed(likeliest, computed);
    let shown = finding.shown();
    let formula = finding.formula_shown().to_owned();
    Some(match agreement(points, computed) {
        None => finding.out_of_range(),
        Some(Agreement::Rounded) => finding.consistent(Message::new(
            format!("{}{points}与{formula} = {shown}相符。", name.zh),
            format!("{}, {points}, agrees with {formula} = {shown}.", name.en),
        )),
        Some(Agreement::Truncated) => finding.consistent_but(Message::new(
            format!("{}{points}与{formula} = {shown}相符，但为截尾而非四舍五入。", name.zh),
            format!("{}, {points}, agrees with {formula} = {shown}, cut off rather than rounded.", name.en),
        )),
        Some(Agreement::None) if sources::may_be_shifted(context, row) => finding.unverifiable(Message::new(
            format!("{}填报为{points}，按{formula}为{shown}，但该行缺少金额，其他金额可能错位，无法核对。", name.zh),
            format!(
                "{} is stated as {points}, and {formula} = {shown}, but the row lacks an amount, and others may stand in \
                 its place: not verifiable.",
                name.en
            ),
        )),
        Some(Agreement::None) => {
            let mut message = Message::new(
                format!("{}填报为{points}，按{formula}应为{shown}。", name.zh),
                format!("{} is stated as {points}; {formula} = {shown}.", name.en),
            );
            if rate_is_wrong && let Some((raw, by_rate)) = by_stated_rate(context, row, most) {
                message.zh.push_str(&format!("所填执行率{raw}亦不符，按其计算为{by_rate}。"));
                message.en.push_str(&format!(" The stated rate, {raw}, is wrong too; it would give {by_rate}."));
            }
            finding.inconsistent(message)
        }
    })
}

/// Why figures of this row of a text may be those of other columns.
fn misplaced(context: Context<'_>, row: usize) -> Option<Message> {
    let rate = |row| context.value(cell(row, "rate"));
    let signed = |value: &Value| value.unit.is_some() || value.percent.is_some();
    let here = rate(row).filter(|value| matches!(value.place, Where::Text { .. }))?;
    // Rates of one budget are written alike.
    let others = || (0..context.rows(TABLE).len()).filter_map(rate);
    if !signed(here) && others().any(signed) {
        return Some(Message::new(
            "其他行的执行率带有%，此处没有，可能是别处的数字",
            "other rates have a sign and this one has none; it may belong elsewhere",
        ));
    }
    sources::may_be_shifted(context, row).then(|| {
        Message::new("该行缺少金额，其他金额可能错位", "the row lacks an amount, and others may stand in its place")
    })
}

/// The stated rate of a row as written, and the points that it would give.
fn by_stated_rate(context: Context<'_>, row: usize, weight: Decimal) -> Option<(String, Decimal)> {
    let value = context.sure(cell(row, "rate")).ok()?;
    let percent = readings(value).first()?.percent;
    let points = percent.checked_div(Decimal::ONE_HUNDRED)?.min(Decimal::ONE).checked_mul(weight)?;
    Some((context.raw(cell(row, "rate")), rounded(points, PLACES)))
}

fn percent_of(rate: Option<Decimal>) -> Option<Decimal> {
    rate?.checked_mul(Decimal::ONE_HUNDRED)
}

fn no_budget() -> Message {
    Message::new("无法核对：预算数为0，执行率无从计算。", "Not verifiable: the budget is nought, so there is no rate.")
}
