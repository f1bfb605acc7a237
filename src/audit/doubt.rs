//! Sums over a form that did not come out whole are not held against it.
//!
//! A sum is wrong only when every part of it was read. When the form is cut off, or when a figure of it found no
//! place, the missing part may be just what the sum lacks: the check is then `unverifiable`, never `inconsistent`.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::context::{CONFIDENT, Context, Spot};
use super::interval::{Agreement, Interval, agreement};
use super::{parts, stretch};
use crate::fold::fold_text;
use crate::message::Message;
use crate::pattern::Body;
use crate::record::{Cell, Check, Datum, Form, Severity, Unmatched, Value, Verdict, Where};
use crate::value::Type;

/// The checks that add up rows or parts of the form.
const SUMS: [&str; 8] = [
    "budget.total",
    "indicator.parts",
    "indicators.score",
    "indicators.weight",
    "total.score",
    "total.weight",
    "weights.level1",
    "scores.level1",
];
/// What a sentence has and a name has not.
const SENTENCES: [char; 4] = ['。', '；', ';', '！'];
const COMPLETE: &str = "form.complete";
/// A value less sure than this could well stand elsewhere; reports say the same of it.
const DOUBTFUL: f64 = 0.6;
/// Points on a page between a blank and text that could be its own: a label stands in the middle of its cell, and the
/// tallest cells of forms take up a quarter of a page.
const NEAR: f64 = 200.0;
/// The sums of points. None of their parts is larger than the whole.
const POINTS: [&str; 5] = ["indicators.score", "indicators.weight", "total.score", "total.weight", "weights.level1"];
/// The points of a whole form, where it does not state them.
const WHOLE: Decimal = Decimal::ONE_HUNDRED;

/// Text that could well stand elsewhere.
struct Loose<'a> {
    text: &'a str,
    place: &'a Where,
    /// Whether it reads as a figure or as choices.
    figure: bool,
}

/// What could well stand elsewhere: text without a place, and doubtful values. A place without text holds none, and what
/// is printed on every form of the family belongs where it is.
fn loose<'a>(context: Context<'a>) -> Vec<Loose<'a>> {
    let form = context.form;
    let cells = form.tables.values().flatten().flat_map(|row| row.values()).filter_map(Cell::value);
    let fields = form.fields.iter().filter(|(id, value)| !is_printed(context, id, value)).map(|(_, value)| value);
    let doubtful = fields.chain(cells).filter(|value| value.confidence < DOUBTFUL && !value.raw.trim().is_empty());
    let pieces = form.unmatched.iter().map(|piece| Loose { text: &piece.text, place: &piece.place, figure: false });
    let values = doubtful.map(|value| {
        let figure = match &value.value {
            Datum::Number(_) | Datum::Choices(_) => true,
            Datum::Text(_) | Datum::Null => false,
        };
        Loose { text: &value.raw, place: &value.place, figure }
    });
    pieces.chain(values).collect()
}

impl Loose<'_> {
    /// Whether it may be the text of a blank that holds `kind`: no figure is a name, no sentence either, and a mark is
    /// nothing at all.
    fn fills(&self, kind: Option<Type>) -> bool {
        let is_other = match kind {
            Some(Type::Text) => self.figure || self.text.contains(SENTENCES),
            Some(Type::Prose) => self.figure,
            _ => false,
        };
        self.text.chars().any(char::is_alphanumeric) && !is_other
    }
}

/// Whether the value of a field is one of the texts that its pattern has printed there, as titles are, perhaps with a year.
fn is_printed(context: Context<'_>, id: &str, value: &Value) -> bool {
    let mut fields = context.pattern.sections.iter().flat_map(|section| match &section.body {
        Body::Fields(fields) => fields.as_slice(),
        Body::Table(_) => &[],
    });
    let undated = |text: &mut dyn Iterator<Item = char>| text.filter(|ch| !ch.is_ascii_digit()).collect::<String>();
    let written = undated(&mut fold_text(&value.raw).chars());
    let words = fields.find(|field| field.id == id).map_or(&[][..], |field| field.words.as_slice());
    words.iter().any(|word| undated(&mut word.literal().into_iter()) == written)
}

/// Whether text at `one` could be what looks blank at `other`. Lines of a text say nothing of distances.
fn is_near(one: &Where, other: &Where) -> bool {
    match (one, other) {
        (Where::Page { page, bbox: [_, top, _, bottom] }, Where::Page { page: of, bbox: [_, from, _, to] }) => {
            page == of && top - to <= NEAR && from - bottom <= NEAR
        }
        _ => true,
    }
}

/// Whether a piece of a page is a sentence: it holds no points, whatever its figures.
fn is_prose(piece: &Unmatched) -> bool {
    matches!(piece.place, Where::Page { .. }) && piece.text.contains(['，', '。', '；'])
}

/// Makes each error that rests on a figure of these pages a warning: a recognition of characters put the text there, and
/// what it misread is nobody's mistake.
pub fn soften(form: &Form, checks: &mut [Check], recognised: &BTreeSet<u32>) {
    let is_recognised = |path: &String| match form.value(path).map(|value| &value.place) {
        Some(Where::Page { page, .. }) => recognised.contains(page),
        _ => false,
    };
    take_back_misread(form, checks, &is_recognised);
    for check in checks {
        let is_error = check.verdict == Verdict::Inconsistent && check.severity == Severity::Error;
        if is_error && check.refs.iter().any(is_recognised) {
            check.severity = Severity::Warning;
            check.message.zh.push_str("数字来自文字识别，请对照图像。");
            check.message.en.push_str(" The figures come from character recognition: look at the picture.");
        }
    }
}

/// Takes back what is said of a recognised rate and its points where these two bear each other out: of four figures one
/// misread amount is then likelier than two wrong results.
fn take_back_misread(form: &Form, checks: &mut [Check], is_recognised: &impl Fn(&String) -> bool) {
    let wrong = |check: &&Check| check.verdict == Verdict::Inconsistent && check.refs.iter().any(is_recognised);
    let row = |check: &Check| match Spot::parse(check.refs.first()?)? {
        Spot::Cell { row, .. } => Some(row),
        Spot::Field(_) => None,
    };
    let rates = checks.iter().filter(|check| check.id == "budget.rate").filter(wrong);
    let rates: Vec<(usize, Decimal)> =
        rates.filter_map(|check| Some((row(check)?, percent(form.value(check.refs.first()?)?)?))).collect();
    let mut misread = BTreeSet::new();
    for check in checks.iter().filter(|check| check.id == "budget.score").filter(wrong) {
        let weight = check.refs.last().and_then(|path| form.value(path)).and_then(|value| value.value.number());
        for (at, percent) in rates.iter().filter(|(at, _)| row(check) == Some(*at)) {
            let earned = weight.zip(Interval::stated(*percent)).and_then(|(weight, percent)| {
                percent.times(Interval::exact(weight))?.over(Interval::exact(Decimal::ONE_HUNDRED))
            });
            let stated = check.stated.number().zip(earned);
            if stated.and_then(|(score, earned)| agreement(score, earned)) == Some(Agreement::Rounded) {
                misread.insert(*at);
            }
        }
    }
    let reason = Message::new(
        "执行率与得分相互一致，金额可能识别有误",
        "rate and score bear each other out, and an amount may have been misread",
    );
    let ids = ["budget.rate", "budget.score"];
    for check in checks.iter_mut().filter(|check| ids.contains(&check.id.as_str())) {
        if row(check).is_some_and(|row| misread.contains(&row)) {
            withdraw(check, &reason);
        }
    }
}

/// A rate in percent, where its sign tells that it is one.
fn percent(value: &Value) -> Option<Decimal> {
    let signed = || value.value.number().filter(|_| value.unit.as_deref() == Some("%"));
    value.percent.map(|percent| percent.0).or_else(signed)
}

/// Takes back each accusation that what was lost or misplaced in reading may explain.
pub(super) fn take_back(context: Context<'_>, checks: &mut [Check]) {
    let form = context.form;
    take_back_sums(form, checks);
    take_back_blanks(context, checks);
    take_back_neighbours(form, checks);
    take_back_exchanged(form, checks);
    take_back_misplaced(form, checks);
    parts::take_back_counted_twice(context, checks);
}

/// Takes back each accusation that rests on a sum of which a part may be lost.
fn take_back_sums(form: &Form, checks: &mut [Check]) {
    let has_figure = |piece: &&Unmatched| piece.text.chars().any(char::is_numeric);
    let reason = if !form.missing.is_empty() {
        let parts = form.missing.join(", ");
        Message::new(format!("表不完整，缺少 {parts}"), format!("the form is not whole: {parts} is missing"))
    } else if let Some(piece) = form.unmatched.iter().filter(has_figure).find(|piece| !is_prose(piece)) {
        Message::new(
            format!("“{}”没有归属，可能属于其中", piece.text),
            format!("“{}” has no place and may be part of it", piece.text),
        )
    } else {
        return;
    };
    for check in checks.iter_mut().filter(|check| SUMS.contains(&check.id.as_str())) {
        withdraw(check, &reason);
    }
}

/// Takes back that something is blank, where its text may have gone to another place.
fn take_back_blanks(context: Context<'_>, checks: &mut [Check]) {
    let form = context.form;
    let loose = loose(context);
    let reason = Message::new("有的文字没有归属或可能属于别处", "some text has no place, or may belong elsewhere");
    for check in checks.iter_mut().filter(|check| check.id == COMPLETE) {
        let is_explained = |path: &String| {
            let kind = Spot::parse(path).and_then(|spot| context.kind(spot));
            let blank = form.value(path);
            blank.is_some_and(|blank| loose.iter().any(|loose| loose.fills(kind) && is_near(loose.place, &blank.place)))
        };
        if !form.missing.is_empty() || check.refs.iter().any(is_explained) {
            withdraw(check, &reason);
        }
    }
}

/// Takes back each accusation that rests on a figure beside which another one has no place, or one of whose row is
/// doubtful: they may be exchanged.
fn take_back_neighbours(form: &Form, checks: &mut [Check]) {
    let strays = form.unmatched.iter().filter(|piece| piece.text.chars().any(char::is_numeric));
    let strays: BTreeMap<u32, &str> = strays.filter_map(|piece| Some((line(&piece.place)?, &*piece.text))).collect();
    for check in checks {
        let beside = |path: &String| {
            let stray = strays.get(&line(&form.value(path)?.place)?).map(|text| (*text).to_owned());
            stray.or_else(|| doubtful_in_row(form, path))
        };
        if let Some(text) = check.refs.iter().find_map(beside) {
            let reason = Message::new(
                format!("同一行的“{text}”归属不明，可能与之错位"),
                format!("the place of “{text}” on the same row is not sure; they may be exchanged"),
            );
            withdraw(check, &reason);
        }
    }
}

/// Takes back what rests on a score of the goals that is above their weight, and all that the indicators weigh, when no
/// score of the indicators was read: a text without rulings has put the one in the place of the other.
fn take_back_exchanged(form: &Form, checks: &mut [Check]) {
    let figure = |path: &str| form.value(path).and_then(|value| value.value.number());
    let (Some(weight), None) = (figure("fields.indicators_weight"), figure("fields.indicators_score")) else { return };
    let is_other = |check: &&Check| {
        check.id == "goals.score" && check.verdict == Verdict::Inconsistent && check.stated.number() == Some(weight)
    };
    let exchanged: BTreeSet<String> = checks.iter().filter(is_other).flat_map(|check| check.refs.clone()).collect();
    let exchanged: Vec<&String> = exchanged.iter().filter(|path| figure(path) == Some(weight)).collect();
    let reason = Message::new("该得分可能是指标部分的得分", "the score may be that of the indicators");
    for check in checks.iter_mut().filter(|check| check.refs.iter().any(|path| exchanged.contains(&path))) {
        withdraw(check, &reason);
    }
}

/// Takes back each accusation that rests on misplaced points of a text. A part that is more than its whole is one: a
/// figure of another column, or two that were taken for one, is far likelier than such a form. And weights that nobody
/// has summed up may lack one that was not read.
fn take_back_misplaced(form: &Form, checks: &mut [Check]) {
    let in_text = |path: &String| form.value(path).is_some_and(|value| line(&value.place).is_some());
    let mut misplaced = BTreeSet::new();
    for check in checks.iter_mut().filter(|check| POINTS.contains(&check.id.as_str())) {
        let stated = check.stated.number();
        let whole = stated.unwrap_or(WHOLE);
        let points = |path: &&String| form.value(path).and_then(|value| value.value.number());
        let larger = check.refs.iter().find(|path| in_text(path) && points(path).is_some_and(|part| part > whole));
        if let Some(part) = larger.and_then(|path| form.value(path)) {
            let part = part.raw.replace('\n', " ");
            let reason = Message::new(
                format!("“{part}”大于合计数，可能不属于其中"),
                format!("“{part}” is more than the whole and may not be part of it"),
            );
            withdraw(check, &reason);
            misplaced.extend(check.refs.first().filter(|_| stated.is_some()).cloned());
        } else if stated.is_none() && check.computed.is_some_and(|sum| sum.0 < whole) && check.refs.iter().any(in_text)
        {
            let reason = Message::new("可能有分值没有读到", "a weight may not have been read");
            withdraw(check, &reason);
        }
    }
    let reason = Message::new("其中的合计数可能不属于此处", "a sum among its figures may belong elsewhere");
    for check in checks.iter_mut().filter(|check| check.refs.iter().any(|path| misplaced.contains(path))) {
        withdraw(check, &reason);
    }
}

/// A figure in the row of a cell that nothing may rest on.
fn doubtful_in_row(form: &Form, path: &str) -> Option<String> {
    let Spot::Cell { table, row, .. } = Spot::parse(path)? else { return None };
    let values = form.tables.get(table)?.get(row)?.values().filter_map(|cell| match cell {
        Cell::Value(value) => Some(value),
        Cell::Shared { .. } | Cell::Index(_) => None,
    });
    let mut doubtful = values.filter(|value| value.value.number().is_some() && value.confidence < CONFIDENT);
    doubtful.next().map(|value| value.raw.replace('\n', " "))
}

/// The line of a text that a value stands on.
fn line(place: &Where) -> Option<u32> {
    match place {
        Where::Text { line, .. } => Some(*line),
        Where::Page { .. } => None,
    }
}

/// Takes back every accusation of a form whose order is lost, but those that rest on figures of one unbroken row.
pub(super) fn take_back_disordered(context: Context<'_>, checks: &mut [Check]) {
    if context.form.disordered {
        let reason = Message::new(
            "文本次序已乱，数字可能属于别处",
            "the order of the text is lost, and figures may belong elsewhere",
        );
        let stands = |check: &Check| {
            stretch::holds(context.form, context.pattern, check) && stretch::is_borne_out(check, checks)
        };
        let fallen: Vec<bool> = checks.iter().map(|check| !stands(check)).collect();
        for (check, _) in checks.iter_mut().zip(fallen).filter(|(_, fallen)| *fallen) {
            withdraw(check, &reason);
        }
    }
}

/// Makes an inconsistency unverifiable, for this reason.
pub(super) fn withdraw(check: &mut Check, reason: &Message) {
    if check.verdict == Verdict::Inconsistent {
        check.verdict = Verdict::Unverifiable;
        check.message = Message::new(
            format!("无法核对（{}）：{}", reason.zh, check.message.zh),
            format!("Not verifiable ({}): {}", reason.en, check.message.en),
        );
    }
}
