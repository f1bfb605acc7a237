//! Tests of the checks, one file a family; what must hold for any form is in `any`.

mod any;
mod archive;
mod budget;
mod complete;
mod disordered;
mod doubled;
mod doubt;
mod hints;
mod indicators;
mod quantity;
mod rows;
mod rules;
mod settled;
mod totals;
mod words;

use super::testing::{Builder, is_worded};
use crate::record::{Severity, Verdict};

#[test]
fn a_form_in_order_has_no_findings() {
    let form = Builder::whole();
    assert_eq!(form.findings(), []);
    let ids: Vec<String> = form.audit().into_iter().map(|check| check.id).collect();
    assert_eq!(
        ids,
        [
            "budget.rate",
            "budget.score",
            "goals.score",
            "indicator.score",
            "indicator.target",
            "indicator.note",
            "indicator.score",
            "indicator.target",
            "indicator.note",
            "indicators.score",
            "total.score",
        ]
    );
}

#[test]
fn every_check_says_what_and_why_in_both_languages() {
    let broken = Builder::whole()
        .field("self_score", "99")
        .cell("budget", 0, "executed", "40")
        .cell("goals", 0, "score", "21")
        .cell("indicators", 0, "actual", "4场")
        .cell("indicators", 1, "actual", "完成");
    for check in Builder::whole().audit().into_iter().chain(broken.audit()) {
        assert!(is_worded(&check.message), "{check:?}");
        assert!(!check.refs.is_empty(), "{check:?}");
    }
}

#[test]
fn no_message_shows_an_id() {
    let broken = Builder::whole().field("indicators_score", "61").field("self_score", "99");
    for id in ["indicators.score", "total.score"] {
        let check = broken.audit().into_iter().find(|check| check.id == id).unwrap();
        assert_eq!(check.verdict, Verdict::Inconsistent);
        assert!(check.message.zh.chars().all(|ch| !ch.is_ascii_alphabetic()), "{}", check.message.zh);
    }
    let check = broken.check("indicators.score", "fields.indicators_score").unwrap();
    assert!(check.message.en.starts_with("score of the indicators is stated as 61"), "{}", check.message.en);
}

#[test]
fn a_rule_gives_its_source_and_severity() {
    let missed = Builder::whole().cell("indicators", 0, "actual", "4场");
    let at = "tables.indicators[0].actual";
    let check = missed.check("indicator.target", at).unwrap();
    assert_eq!((check.verdict, check.severity, check.policy), (Verdict::Inconsistent, Severity::Error, None));
    let ruled = missed.rule("indicator.target", |rule| rule.severity = Some(Severity::Info));
    let check = ruled.check("indicator.target", at).unwrap();
    assert_eq!(check.severity, Severity::Info);
    assert_eq!(check.policy.as_deref(), Some("test/indicator.target"));
    assert_eq!(check.basis.as_deref(), Some("a rule for tests"));
}

#[test]
fn a_rule_switched_off_takes_its_check_away() {
    for id in [
        "budget.rate",
        "budget.score",
        "goals.score",
        "indicator.score",
        "indicator.target",
        "indicator.note",
        "total.score",
    ] {
        let form = Builder::whole().rule(id, |rule| rule.enabled = false);
        assert!(form.audit().iter().all(|check| check.id != id), "{id}");
        let form = form.rule(id, |_| {});
        assert!(form.audit().iter().any(|check| check.id == id), "{id}: another rule is on");
    }
}
