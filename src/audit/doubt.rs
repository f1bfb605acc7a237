//! Sums over a form that did not come out whole are not held against it.
//!
//! A sum is wrong only when every part of it was read. When the form is cut off, or when a figure of it found no
//! place, the missing part may be just what the sum lacks: the check is then `unverifiable`, never `inconsistent`.

use crate::message::Message;
use crate::record::{Check, Form, Verdict};

/// The checks that add up rows or parts of the form.
const SUMS: [&str; 9] = [
    "budget.total",
    "indicator.parts",
    "indicators.score",
    "indicators.weight",
    "total.score",
    "total.weight",
    "weights.level1",
    "scores.level1",
    "form.complete",
];

/// Takes back each accusation that rests on a sum of which a part may be lost.
pub(super) fn take_back(form: &Form, checks: &mut [Check]) {
    let cut = !form.missing.is_empty();
    let stray = form.unmatched.iter().find(|piece| piece.text.chars().any(char::is_numeric));
    let reason = match (cut, stray) {
        (true, _) => {
            let parts = form.missing.join(", ");
            Message::new(format!("表不完整，缺少 {parts}"), format!("the form is not whole: {parts} is missing"))
        }
        (false, Some(piece)) => Message::new(
            format!("“{}”没有归属，可能属于其中", piece.text),
            format!("“{}” has no place and may be part of it", piece.text),
        ),
        (false, None) => return,
    };
    for check in checks {
        if check.verdict == Verdict::Inconsistent && SUMS.contains(&check.id.as_str()) {
            check.verdict = Verdict::Unverifiable;
            check.message = Message::new(
                format!("无法核对（{}）：{}", reason.zh, check.message.zh),
                format!("Not verifiable ({}): {}", reason.en, check.message.en),
            );
        }
    }
}
