//! Comparators of targets and actuals, as signs and in words, before and after the figure.

use crate::record::Op;

/// Comparators before a figure.
pub(super) const BEFORE: &[(&str, Op)] = &[
    (">=", Op::AtLeast),
    ("=>", Op::AtLeast),
    ("<=", Op::AtMost),
    ("=<", Op::AtMost),
    ("≥", Op::AtLeast),
    ("≤", Op::AtMost),
    (">", Op::Above),
    ("<", Op::Below),
    ("=", Op::Equal),
    ("大于或等于", Op::AtLeast),
    ("大于等于", Op::AtLeast),
    ("小于或等于", Op::AtMost),
    ("小于等于", Op::AtMost),
    ("不得少于", Op::AtLeast),
    ("不得低于", Op::AtLeast),
    ("不得超过", Op::AtMost),
    ("不得高于", Op::AtMost),
    ("不少于", Op::AtLeast),
    ("不低于", Op::AtLeast),
    ("不小于", Op::AtLeast),
    ("至少", Op::AtLeast),
    ("不超过", Op::AtMost),
    ("不高于", Op::AtMost),
    ("不大于", Op::AtMost),
    ("不多于", Op::AtMost),
    ("不超", Op::AtMost),
    ("至多", Op::AtMost),
    ("最多", Op::AtMost),
    ("控制在", Op::AtMost),
    ("大于", Op::Above),
    ("高于", Op::Above),
    ("超过", Op::Above),
    ("多于", Op::Above),
    ("小于", Op::Below),
    ("低于", Op::Below),
    ("少于", Op::Below),
    ("不足", Op::Below),
    ("近", Op::Below),
    ("等于", Op::Equal),
];

/// Comparators after a figure and its unit. 以上, 以下 and 以内 include the figure itself: Civil Code, article 1259.
pub(super) const AFTER: &[(&str, Op)] = &[
    ("及以上", Op::AtLeast),
    ("(含)以上", Op::AtLeast),
    ("以上(含)", Op::AtLeast),
    ("以上", Op::AtLeast),
    ("及以下", Op::AtMost),
    ("(含)以下", Op::AtMost),
    ("以下(含)", Op::AtMost),
    ("以下", Op::AtMost),
    ("以内", Op::AtMost),
    ("之内", Op::AtMost),
    ("内", Op::AtMost),
];

/// Words right after the digits that make a figure a lower bound: 80余条, 100多人.
pub(super) const MORE: &[&str] = &["余", "多"];

/// Words after a date that make it a deadline.
pub(super) const DEADLINE: &[&str] = &["之前", "以前", "前"];
