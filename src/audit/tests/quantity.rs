//! Targets and what was reached, set against each other.

use crate::audit::interval::rounded;
use crate::audit::quantity::{Bare, Outcome, Quantity, compare};
use crate::audit::testing::value;
use crate::record::{Op, Value};
use crate::value::Type;

fn outcome(target: &str, actual: &str, bare: Bare) -> &'static str {
    let (target, actual) = (value(target), value(actual));
    fn quantity(value: &Value) -> Quantity<'_> {
        Quantity { value, unit: None, op: value.op }
    }
    match compare(quantity(&target), quantity(&actual), bare) {
        Outcome::Met => "met",
        Outcome::Passed => "passed",
        Outcome::Missed { .. } => "missed",
        Outcome::Unknown(_) => "unknown",
    }
}

#[test]
fn compares_what_compares() {
    for (target, actual, expected) in [
        ("≥95%", "≥95%", "met"),
        ("≥95%", "≥93%", "missed"),
        ("≥95%", "95.00%", "met"),
        ("≥95%", "94.5%", "missed"),
        ("≥95.5%", "95%", "met"), // 95 stands for up to 95.5
        ("≥95.6%", "95%", "missed"),
        ("100%", "98%", "missed"),
        ("300条", "338条", "met"),
        ("300条", "299条", "missed"),
        ("300条", "338", "met"),
        ("300条", "260", "unknown"),
        ("300条", "338次", "unknown"),
        ("98%", "97", "unknown"),
        ("100", "100元", "met"),
        ("≤24小时", "≤24小时", "met"),
        ("≤24小时", "30小时", "missed"),
        ("≤24小时", "2小时", "met"),
        ("3天", "3天", "met"),
        ("3天", "2天", "unknown"),
        ("=8个", "9个", "passed"),
        ("=8个", "7个", "missed"),
        ("3万条", "29000条", "missed"),
        ("3万条", "31000条", "met"),
        ("2万元", "3元", "missed"),
        ("0起", "0起", "met"),
        ("0起", "1起", "unknown"),
        (">90%", "90%", "unknown"),
        (">90%", "≥90%", "unknown"),
        (">90%", "91%", "met"),
        (">90%", "89%", "missed"),
        ("<5%", "6%", "missed"),
        ("<5%", "4%", "met"),
        ("有效增强", "有效\n增强", "met"),
        ("有效增强", "完成", "unknown"),
        ("≤45万元", "完成", "unknown"),
        ("2021-11-30", "2021-11", "met"),
        ("2021-11-30", "2021-12", "missed"),
        ("2021-12-15", "2021-12", "unknown"),
        ("2021-12", "2021-12-31", "met"),
        ("2020-01/2020-11", "2020-10", "met"),
        ("2020-01/2020-11", "2020-12-01", "missed"),
        ("--12", "--11", "met"),
        ("--12", "2021-11", "unknown"),
        ("2021-13", "2021-14", "unknown"),
        ("90%~95%", "93%", "met"),
        ("90%~95%", "89%", "missed"),
        ("90~95%", "89.6%", "missed"),
        ("90%~95%", "89.95%", "missed"),
        ("90%~95%", "96%", "unknown"),
        ("10~20场", "9场", "missed"),
        ("10~20场", "9", "unknown"),
        ("3~5天", "2天", "unknown"),
        ("10~20场", "15次", "unknown"),
        ("20~10场", "15场", "unknown"),
        ("≥95", "0.96", "unknown"), // 96%, perhaps
        ("=100", "1", "unknown"),
        ("≥0.9", "95", "unknown"),
        ("≥6", "1", "missed"),
        ("≥12", "1", "missed"),
        ("≥500", "0.9", "missed"),
        ("≥6", "0.8", "missed"), // as a share it would be far from it
    ] {
        assert_eq!(outcome(target, actual, Bare::Floor), expected, "{target} | {actual}");
    }
}

#[test]
fn deadlines_without_a_year_are_dates() {
    let read = |raw: &str| {
        let reading = crate::value::read(raw, Type::Quantity, &[], &[]);
        Value { value: reading.value, op: reading.op, kind: reading.kind, ..value("") }
    };
    for (target, actual, expected) in [
        ("12月底前", "12月20日", "met"),
        ("12月31日前完成", "12月底", "met"),
        ("6月底前", "12月20日", "unknown"), // which may be that of the year before
        ("12月15日前", "12月", "unknown"),
        ("2021年12月底前", "12月20日", "unknown"),
        ("12月底前", "合格", "unknown"),
    ] {
        let (target, actual) = (read(target), read(actual));
        let quantity = |value| Quantity { value, unit: None, op: None };
        let outcome = compare(quantity(&target), quantity(&actual), Bare::Floor);
        let found = match outcome {
            Outcome::Met => "met",
            Outcome::Unknown(_) => "unknown",
            Outcome::Passed | Outcome::Missed { .. } => "missed",
        };
        assert_eq!(found, expected, "{:?} | {:?}", target.value, actual.value);
    }
}

#[test]
fn costs_are_not_to_be_exceeded() {
    for (target, actual, expected) in [
        ("100万元", "90万元", "met"),
        ("100万元", "110万元", "missed"),
        ("=100万元", "110万元", "missed"),
        ("98%", "98.00%", "met"),
        ("98%", "95%", "unknown"),
        ("10~20万元", "21万元", "missed"),
        ("10~20万元", "9万元", "unknown"),
        ("≥98%", "95%", "missed"),
    ] {
        assert_eq!(outcome(target, actual, Bare::Ceiling), expected, "{target} | {actual}");
    }
}

#[test]
fn a_bare_figure_that_may_be_either_bound_settles_nothing() {
    for (target, actual, expected) in [
        ("5%", "5%", "met"),
        ("5%", "3%", "unknown"),
        ("5%", "6%", "unknown"),
        ("≤5%", "3%", "met"),
        ("≤5%", "6%", "missed"),
        ("5~6次", "3次", "unknown"),
    ] {
        assert_eq!(outcome(target, actual, Bare::Unclear), expected, "{target} | {actual}");
    }
}

#[test]
fn a_column_for_the_comparator_or_the_unit_counts() {
    for (op, unit, target, actual, expected) in [
        (Op::Above, "%", "90", "90", "unknown"),
        (Op::Below, "%", "90", "90", "unknown"),
        (Op::AtLeast, "%", "90", "90", "met"),
        (Op::Above, "%", "90", "91", "met"),
        (Op::AtMost, "%", "2", "0.8", "met"),
        (Op::AtMost, "%", "0.5", "1.2", "missed"),
        (Op::AtLeast, "%", "92", "0.95", "unknown"),
    ] {
        let (wanted, reached) = (value(target), value(actual));
        let of = |value| Quantity { value, unit: Some(unit), op: Some(op) };
        let found = match compare(of(&wanted), of(&reached), Bare::Floor) {
            Outcome::Met => "met",
            Outcome::Missed { .. } => "missed",
            Outcome::Passed | Outcome::Unknown(_) => "unknown",
        };
        assert_eq!(found, expected, "{op:?} {target} | {actual}");
    }
}

#[test]
fn a_share_is_of_the_bound_that_counts() {
    for (target, actual, formula, likeliest) in [
        ("≤1次", "3次", "1次 ÷ 3次", "0.33"),
        ("≥4场", "3场", "3场 ÷ 4场", "0.75"),
        ("≥3万条", "15000条", "15000条 ÷ 3万条", "0.5"),
        ("10~20场", "5场", "5场 ÷ 10场", "0.5"),
    ] {
        let (target, actual) = (value(target), value(actual));
        fn quantity(value: &Value) -> Quantity<'_> {
            Quantity { value, unit: None, op: value.op }
        }
        let Outcome::Missed { share: Some(share) } = compare(quantity(&target), quantity(&actual), Bare::Floor) else {
            panic!("{formula}")
        };
        assert_eq!(share.formula, formula);
        assert_eq!(rounded(share.likeliest, 2).to_string(), likeliest);
        assert!(share.range.low() <= share.likeliest && share.likeliest <= share.range.high());
    }
}
