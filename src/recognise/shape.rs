//! What a piece of text looks like at a glance, and how badly that fits a type. Evidence only: the exact reading
//! is the value reader's.

use rust_decimal::Decimal;

use crate::value::Type;

/// What a piece of text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Digits, with a point or separators.
    Number,
    /// A number with a percent sign, with or without comparator.
    Percent,
    /// A number with a comparator or a short unit.
    Quantity,
    /// A year with a month, or more.
    Date,
    /// A year with a month that reads as a number just as well: 2022.3.
    Month,
    /// Dashes and strokes: a mark for nothing.
    Mark,
    /// A comparator alone, or a percent sign.
    Sign,
    /// A few characters without punctuation.
    Word,
    /// More text than that.
    Prose,
}

/// What kind of figure or word a piece is, so that two of them can be told to be alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kin {
    /// A number without unit.
    Bare,
    /// A percentage.
    Percent,
    /// A figure with a unit; the number tells units apart.
    Unit(u32),
    /// A date.
    Date,
    /// A mark for nothing.
    Mark,
    /// No figure.
    Word,
}

/// What of a piece's looks a reading weighs beside its shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Width in columns, wide characters two.
    pub(crate) width: u32,
    /// Width of what it begins with and no line is broken in: a wide character, a word or figure of narrow ones.
    pub(crate) first_unit: u32,
    /// A number that tells the text from others.
    pub(crate) hash: u64,
    /// Number of characters.
    pub(crate) length: usize,
    pub(crate) kin: Kin,
    /// Whether a bracket or quotation is opened and not closed.
    pub(crate) leaves_open: bool,
    /// Whether it closes a bracket or quotation that it has not opened.
    pub(crate) closes: bool,
    /// Whether it ends a sentence.
    pub(crate) ends_sentence: bool,
    /// Whether it begins with what only goes on: a closing bracket, a comma.
    pub(crate) goes_on: bool,
    /// Whether it has a decimal point with digits behind it to the end, and whether it is digits alone.
    pub(crate) has_decimals: bool,
    pub(crate) is_digits: bool,
    /// Whether it begins with a digit or a point, and whether it ends with one.
    pub(crate) begins_in_figure: bool,
    pub(crate) ends_in_figure: bool,
    /// Whether it ends with the point or separator of a figure.
    pub(crate) ends_at_point: bool,
    /// Whether it begins with a comparator.
    pub(crate) compares: bool,
    /// Whether it is nought.
    pub(crate) is_zero: bool,
    /// Whether it is a bare number above a hundred.
    pub(crate) beyond_points: bool,
    /// The number that it has, whatever its comparator and its unit.
    pub(crate) figure: Option<Decimal>,
}

/// A number that tells a folded text from others (FNV-1a).
pub(crate) fn hash(text: &[char]) -> u64 {
    text.iter().fold(0xCBF2_9CE4_8422_2325, |hash, ch| (hash ^ u64::from(*ch)).wrapping_mul(0x0100_0000_01B3))
}

/// Whether a number in signs is above a hundred.
fn is_beyond_points(text: &[char]) -> bool {
    let whole = text.iter().take_while(|ch| **ch != '.').filter(|ch| ch.is_ascii_digit());
    let digits: Vec<char> = whole.copied().skip_while(|ch| *ch == '0').collect();
    digits.len() > 3 || (digits.len() == 3 && (digits != ['1', '0', '0'] || text.contains(&'.')))
}

/// The looks of folded `text` of this shape.
pub(crate) fn look(text: &[char], shape: Shape) -> Look {
    let width_of = |ch: &char| unicode_width::UnicodeWidthChar::width(*ch).unwrap_or(0) as u32;
    let width = text.iter().map(width_of).sum();
    let narrow = text.iter().take_while(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '.' | ',' | '%'));
    let first_unit = match narrow.count() {
        0 => text.first().map_or(0, width_of),
        count => count as u32,
    };
    let mut depth = 0i32;
    let mut closes_more = false;
    for ch in text {
        depth += i32::from(OPENING.contains(ch)) - i32::from(CLOSING.contains(ch));
        closes_more |= depth < 0;
    }
    let kin = match shape {
        Shape::Number | Shape::Month => Kin::Bare,
        Shape::Percent => Kin::Percent,
        Shape::Date => Kin::Date,
        Shape::Mark => Kin::Mark,
        Shape::Sign | Shape::Word | Shape::Prose => Kin::Word,
        Shape::Quantity => {
            let unit = text.iter().rev().take_while(|ch| !ch.is_ascii_digit());
            match unit.fold(0u32, |hash, ch| hash.wrapping_mul(31).wrapping_add(*ch as u32)) {
                0 => Kin::Bare,
                hash => Kin::Unit(hash),
            }
        }
    };
    let goes_on = text.first().is_some_and(|ch| CLOSING.contains(ch) || GOING_ON.contains(ch));
    let ends_sentence = text.last().is_some_and(|ch| SENTENCE_ENDS.contains(ch));
    let decimals = text.iter().rev().take_while(|ch| ch.is_ascii_digit()).count();
    let has_decimals = decimals > 0 && text.iter().rev().nth(decimals) == Some(&'.');
    Look {
        width,
        first_unit,
        hash: hash(text),
        ends_sentence,
        length: text.len(),
        kin,
        leaves_open: depth > 0 && !closes_more,
        closes: closes_more,
        goes_on,
        has_decimals,
        is_digits: decimals == text.len(),
        begins_in_figure: text.first().is_some_and(is_of_figure),
        ends_in_figure: text.last().is_some_and(is_of_figure),
        ends_at_point: matches!(text, [.., digit, '.' | ','] if digit.is_ascii_digit()),
        compares: text.first().is_some_and(comparator),
        is_zero: shape == Shape::Number && text.contains(&'0') && text.iter().all(|ch| matches!(ch, '0' | '.')),
        beyond_points: matches!(shape, Shape::Number | Shape::Month) && is_beyond_points(text),
        figure: figure(text, shape),
    }
}

/// The number in a figure.
fn figure(text: &[char], shape: Shape) -> Option<Decimal> {
    if !matches!(shape, Shape::Number | Shape::Month | Shape::Percent | Shape::Quantity) {
        return None;
    }
    let digits = text.iter().skip_while(|ch| !ch.is_ascii_digit()).take_while(|ch| is_of_figure(ch));
    digits.filter(|ch| **ch != ',').collect::<String>().parse().ok()
}

fn is_of_figure(ch: &char) -> bool {
    ch.is_ascii_digit() || matches!(ch, '.' | ',')
}

fn comparator(ch: &char) -> bool {
    matches!(ch, '≥' | '≤' | '>' | '<' | '=')
}

const OPENING: [char; 5] = ['(', '“', '《', '[', '「'];
const CLOSING: [char; 5] = [')', '”', '》', ']', '」'];
const SENTENCE_ENDS: [char; 4] = ['。', ';', '!', '?'];
/// Marks that never begin a text.
const GOING_ON: [char; 7] = [',', '、', '。', ';', ':', '!', '?'];

/// Longest unit behind a figure (元/立方米, 个工作日): longer text behind a figure is a name that begins with one.
const MAX_UNIT: usize = 6;
/// Text of more characters than this is prose: the longest indicator names have about thirty.
const MAX_WORD: usize = 32;

/// Tells the shape of folded `text`.
pub(crate) fn shape(text: &[char]) -> Shape {
    if text.iter().all(|ch| matches!(ch, '-' | '—' | '/' | '*' | '…' | '_' | '.')) {
        return Shape::Mark;
    }
    if text.iter().all(|ch| comparator(ch) || *ch == '%') {
        return Shape::Sign;
    }
    if text.iter().all(is_of_figure) {
        let points = text.iter().filter(|ch| **ch == '.').count();
        return match points {
            2 if is_date(text) => Shape::Date,
            1 if is_month(text) => Shape::Month,
            _ => Shape::Number,
        };
    }
    let operator = text.iter().take_while(|ch| comparator(ch)).count();
    let sign = usize::from(text.get(operator) == Some(&'-'));
    let digits = text.iter().skip(operator + sign).take_while(|ch| is_of_figure(ch)).count();
    if digits > 0 {
        let rest = &text[operator + sign + digits..];
        if is_date(text) {
            return Shape::Date;
        }
        return match rest {
            [] if sign == 1 && operator == 0 => Shape::Number,
            ['%'] => Shape::Percent,
            [] => Shape::Quantity,
            // 560人。 is the last line of a sentence.
            [.., '。' | ';'] => Shape::Prose,
            _ if rest.len() <= MAX_UNIT => Shape::Quantity,
            _ if text.len() > MAX_WORD => Shape::Prose,
            _ => Shape::Word,
        };
    }
    let sentence = text.iter().any(|ch| matches!(ch, '。' | ';' | ',' | '!' | '?'));
    if text.len() > MAX_WORD || sentence { Shape::Prose } else { Shape::Word }
}

/// Four digits of a year, then a mark and digits of a month.
fn is_date(text: &[char]) -> bool {
    let year = text.iter().take_while(|ch| ch.is_ascii_digit()).count();
    year == 4
        && matches!(text.get(4), Some('年' | '-' | '.' | '/'))
        && text.len() <= 12
        && (text.get(4) == Some(&'年')
            || text.iter().filter(|ch| matches!(ch, '-' | '.' | '/')).count() == 2
            || text[5..].len() <= 2)
        && text[5..].iter().all(|ch| ch.is_ascii_digit() || matches!(ch, '年' | '月' | '日' | '-' | '.' | '/'))
        && (text.len() > 5 || text.get(4) == Some(&'年'))
}

/// A year of this or the last century, a point, and the number of a month.
fn is_month(text: &[char]) -> bool {
    let month = match text {
        ['1', '9', _, _, '.', month @ ..] | ['2', '0', _, _, '.', month @ ..] => month,
        _ => return false,
    };
    matches!(month, ['1'..='9'] | ['0', '1'..='9'] | ['1', '0'..='2'])
}

/// The columns whose cells hold a comparator, and a unit, of the figure beside them; by the names that records give them.
const NATURE: &str = "nature";
const UNIT: &str = "unit";
/// The columns whose cells hold points, of which a whole form has a hundred.
const POINTS: [&str; 2] = ["weight", "score"];
/// The columns whose cells hold amounts.
const MONEY: [&str; 3] = ["initial", "budgeted", "executed"];
/// Longest word in such a column: 个工作日, 元/人·月.
const MAX_SIGN_WORD: usize = 6;

/// What the cells of a column hold beyond their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Anything,
    /// Comparators, or the word for a target without one.
    Nature,
    /// Units.
    Unit,
    /// Amounts, perhaps with their unit: 120万元.
    Money,
    /// Points.
    Points,
}

impl Holds {
    /// What the column of this id holds.
    pub(crate) fn of_column(id: &str) -> Holds {
        match id {
            NATURE => Holds::Nature,
            UNIT => Holds::Unit,
            id if MONEY.contains(&id) => Holds::Money,
            id if POINTS.contains(&id) => Holds::Points,
            _ => Holds::Anything,
        }
    }

    /// How badly a piece fits, in place of [`misfit`]; none where the type alone decides.
    pub(crate) fn misfit(self, shape: Shape, length: usize) -> Option<f32> {
        let word = |longest: usize, cost: f32| if length <= longest { cost } else { 2.5 };
        match (self, shape) {
            (Holds::Money, Shape::Quantity) => Some(0.8),
            (Holds::Anything | Holds::Money | Holds::Points, _) => None,
            (_, Shape::Sign) => Some(0.0),
            (_, Shape::Mark) => Some(0.1),
            (Holds::Nature, Shape::Word) => Some(word(2, 0.2)),
            (Holds::Unit, Shape::Word) => Some(if length <= 2 { 0.0 } else { word(MAX_SIGN_WORD, 0.3) }),
            _ => Some(4.0),
        }
    }
}

/// How badly a piece of this shape fits a cell of this type: 0 fits, 3 is about as bad as leaving it unread.
pub(crate) fn misfit(kind: Type, shape: Shape) -> f32 {
    use Shape::{Date, Mark, Month, Number, Percent, Prose, Quantity, Sign, Word};
    match (kind, shape) {
        (Type::Decimal | Type::Integer, Number | Month) => 0.0,
        (Type::Decimal | Type::Integer | Type::Percent, Mark) => 0.1,
        (Type::Decimal, Quantity) => 2.5,
        (Type::Decimal | Type::Integer, Percent | Date) => 4.0,
        (Type::Integer, Quantity) => 3.0,
        (Type::Decimal | Type::Integer, Word) => 5.0,
        (Type::Percent, Percent) => 0.0,
        (Type::Percent, Number | Month) => 0.6,
        (Type::Percent, Quantity | Date) => 4.0,
        (Type::Percent | Type::Date, Word) => 5.0,
        (Type::Decimal | Type::Integer | Type::Percent | Type::Date, Prose) => 8.0,
        (Type::Date, Date | Month) => 0.0,
        (Type::Date, Mark) => 0.5,
        (Type::Date, Number | Quantity) => 1.5,
        (Type::Date, Percent) => 5.0,
        (Type::Quantity, Percent | Quantity) => 0.0,
        (Type::Quantity, Number | Date | Month) => 0.2,
        (Type::Quantity, Mark) => 0.4,
        (Type::Quantity, Word) => 0.5,
        (Type::Quantity, Prose) => 4.0,
        (Type::Text, Word) => 0.0,
        (Type::Text, Prose) => 0.6,
        (Type::Text, Mark) => 0.6,
        (Type::Text, Quantity | Date) => 1.6,
        (Type::Text, Number | Percent | Month) => 3.0,
        (Type::Prose, Prose) => 0.0,
        (Type::Prose, Word) => 0.6,
        (Type::Prose, Mark) => 0.5,
        (Type::Prose, Quantity | Date) => 1.5,
        (Type::Prose, Number | Percent | Month) => 3.0,
        (Type::Quantity | Type::Text | Type::Prose, Sign) => 2.5,
        (Type::Decimal | Type::Integer | Type::Percent | Type::Date | Type::Choices, Sign) => 5.0,
        (Type::Choices, Word | Prose | Mark) => 0.0,
        (Type::Choices, Number | Percent | Quantity | Date | Month) => 3.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_shapes() {
        for (text, expected) in [
            ("31.7", Shape::Number),
            ("1,201.43", Shape::Number),
            ("46.66%", Shape::Percent),
            ("≥95%", Shape::Percent),
            ("≤24小时", Shape::Quantity),
            ("300条", Shape::Quantity),
            ("≤32元/立方米", Shape::Quantity),
            ("300天开放服务窗口", Shape::Word),
            ("2021年2月", Shape::Date),
            ("2023.5.11", Shape::Date),
            ("2022-02-17", Shape::Date),
            ("2022.55", Shape::Number),
            ("2022.3", Shape::Month),
            ("2022.03", Shape::Month),
            ("2022.12", Shape::Month),
            ("2022.13", Shape::Number),
            ("2522.1", Shape::Number),
            ("560人。", Shape::Prose),
            ("——", Shape::Mark),
            ("≥", Shape::Sign),
            ("%", Shape::Sign),
            ("法律顾问人数", Shape::Word),
            ("做好工作计划,合理使用资金。", Shape::Prose),
        ] {
            let folded: Vec<char> = text.chars().collect();
            assert_eq!(shape(&folded), expected, "{text}");
        }
    }
}
