//! Checks of rows against rows: parts of an indicator, level-1 headings, several rows of the budget; and excess.

use crate::audit::testing::Builder;
use crate::record::{Severity, Verdict};

const CONSISTENT: Option<Verdict> = Some(Verdict::Consistent);
const INCONSISTENT: Option<Verdict> = Some(Verdict::Inconsistent);
const UNVERIFIABLE: Option<Verdict> = Some(Verdict::Unverifiable);

#[test]
fn parts_of_an_indicator_sum_to_it() {
    for (whole, parts, expected) in [
        ("10场", &["6场", "4场"][..], CONSISTENT),
        ("10场", &["6场", "5场"], CONSISTENT), // 5.5 + 4.5 is 10
        ("10.0场", &["6.0场", "5.0场"], INCONSISTENT),
        ("10.0场", &["6.0场", "3.0场"], INCONSISTENT),
        ("10.0场", &["6.0场", "4.1场"], CONSISTENT),
        ("10.0场", &["6.0场", "4.2场"], INCONSISTENT),
        ("10.0场", &["6.0场", "3.9场"], CONSISTENT),
        ("10.0场", &["6.0场", "3.8场"], INCONSISTENT),
        ("10场", &["6.40场", "4.55场"], CONSISTENT), // cut off
        ("10场", &["6.40场", "4.62场"], INCONSISTENT),
        ("10.0场", &["6.0场"], UNVERIFIABLE),
        ("10.0场", &["12.0场"], INCONSISTENT),
        ("10场", &["6场", "若干"], UNVERIFIABLE),
        ("若干", &["6场", "4场"], UNVERIFIABLE),
        ("10场", &["6场", "4次"], None),
        ("95%", &["90%", "98%"], None),
        ("3万条", &["2万条", "10000条"], CONSISTENT),
        ("3.00万条", &["2.00万条", "9000条"], INCONSISTENT),
        ("—", &["6场"], None),
    ] {
        let form = Builder::new().row("indicators", &format!("name:甲 target:{whole}"));
        let form =
            parts.iter().fold(form, |form, part| form.row("indicators", &format!("name:其中 target:{part} parent:#0")));
        let at = "tables.indicators[0].target";
        assert_eq!(form.verdict("indicator.parts", at), expected, "{whole} {parts:?}");
        if expected == INCONSISTENT {
            assert_eq!(form.check("indicator.parts", at).unwrap().severity, Severity::Warning);
        }
    }
}

#[test]
fn parts_in_other_steps_show_their_units() {
    let form = Builder::new()
        .row("indicators", "name:甲 target:3.00万条")
        .row("indicators", "name:其中 target:2.00万条 parent:#0")
        .row("indicators", "name:其中 target:9000条 parent:#0");
    let check = form.check("indicator.parts", "tables.indicators[0].target").unwrap();
    assert_eq!(check.formula, "2.00万条 + 9000条");
    assert_eq!(check.computed.map(|computed| computed.0.to_string()).as_deref(), Some("2.9"));
}

#[test]
fn units_of_parts_may_stand_in_a_column() {
    let form = Builder::new()
        .row("indicators", "name:甲 unit:台（套） actual:10.0")
        .row("indicators", "name:其中 unit:台(套) actual:4.0 parent:#0")
        .row("indicators", "name:其中 unit:台(套) actual:5.0 parent:#0");
    assert_eq!(form.verdict("indicator.parts", "tables.indicators[0].actual"), INCONSISTENT);
    // A row that splits itself, or one that is not there, splits nothing.
    let loose = Builder::new()
        .row("indicators", "name:甲 actual:10 parent:#0")
        .row("indicators", "name:乙 actual:10 parent:#7");
    assert!(loose.audit().iter().all(|check| check.id != "indicator.parts"));
}

#[test]
fn a_level_with_a_score_has_that_of_its_rows() {
    for (stated, expected) in [
        ("48", CONSISTENT),
        ("47.5", CONSISTENT),
        ("47.50", CONSISTENT),
        ("47.49", INCONSISTENT),
        ("47.51", INCONSISTENT),
        ("47", CONSISTENT), // cut off
        ("46", INCONSISTENT),
        ("49", INCONSISTENT),
        ("优", UNVERIFIABLE),
        ("", None),
    ] {
        let form = Builder::new()
            .row("blocks", &format!("level1:产出指标 weight:50 score:{stated}"))
            .row("indicators", "level1:产出指标 name:甲 score:27.5")
            .row("indicators", "level1:产出指标 name:乙 score:20");
        assert_eq!(form.verdict("scores.level1", "tables.blocks[0].score"), expected, "{stated}");
    }
}

#[test]
fn headings_stand_for_rows_without_weights_and_scores() {
    let form = |whole: &str| {
        Builder::new()
            .field("indicators_weight", whole)
            .field("total_score", "85")
            .field("total_weight", "90")
            .row("blocks", "level1:产出指标 weight:50 score:45")
            .row("blocks", "level1:效益指标 weight:40 score:40")
            .row("indicators", "level1:产出指标 name:甲")
            .row("indicators", "level1:效益指标 name:乙")
    };
    assert_eq!(form("90").verdict("indicators.weight", "fields.indicators_weight"), CONSISTENT);
    assert_eq!(form("80").verdict("indicators.weight", "fields.indicators_weight"), INCONSISTENT);
    assert_eq!(form("90").verdict("total.score", "fields.total_score"), CONSISTENT);
    assert_eq!(form("90").field("total_score", "84").verdict("total.score", "fields.total_score"), INCONSISTENT);
    assert_eq!(form("90").without("indicators_weight").verdict("total.weight", "fields.total_weight"), CONSISTENT);
}

#[test]
fn budget_rows_that_are_scored_apart_all_count() {
    let form = |weight: &str, total: &str| {
        Builder::new()
            .field("budget_weight", "20")
            .field("total_score", total)
            .row("budget", "source:基本支出 budgeted:10 executed:10 rate:100% weight:10 score:10")
            .row("budget", &format!("source:项目支出 budgeted:10 executed:8 rate:80% weight:{weight} score:8"))
            .row("indicators", "name:甲 score:80")
    };
    assert_eq!(form("10", "98").verdict("total.score", "fields.total_score"), CONSISTENT);
    assert_eq!(form("10", "90").verdict("total.score", "fields.total_score"), INCONSISTENT);
    // Weights beyond the budget's own are repetitions.
    assert_eq!(form("20", "90").verdict("total.score", "fields.total_score"), CONSISTENT);
}

#[test]
fn the_total_row_may_stand_last() {
    let form = Builder::new()
        .row("budget", "source:中央 budgeted:60.0")
        .row("budget", "source:本级 budgeted:40.0")
        .row("budget", "source:合计 budgeted:100.0");
    assert_eq!(form.verdict("budget.total", "tables.budget[0].budgeted"), INCONSISTENT);
    let named = form.rule("budget.total", |rule| rule.words = vec!["合计".into()]);
    assert_eq!(named.verdict("budget.total", "tables.budget[2].budgeted"), CONSISTENT);
    assert_eq!(named.verdict("budget.total", "tables.budget[0].budgeted"), None);
    let nowhere = named.rule("budget.total", |rule| rule.words = vec!["总额".into()]);
    assert_eq!(nowhere.verdict("budget.total", "tables.budget[0].budgeted"), None);
    let named = nowhere.rule("budget.total", |rule| rule.words = vec!["合计".into()]);
    let wrong = named.cell("budget", 2, "budgeted", "110.0");
    assert_eq!(wrong.verdict("budget.total", "tables.budget[2].budgeted"), INCONSISTENT);
}

#[test]
fn far_beyond_a_target_is_explained_where_a_rule_says_so() {
    for (cells, expected) in [
        ("target:≥10.0场 actual:14.0场 weight:5 score:5 note:", INCONSISTENT),
        ("target:≥10.0场 actual:14.0场 weight:5 score:5 note:合办", CONSISTENT),
        ("target:≥10.0场 actual:14.0场 weight:5 score:4 note:", CONSISTENT),
        ("target:≥10.0场 actual:13.0场 weight:5 score:5 note:", CONSISTENT),
        ("target:≥10.0场 actual:13.05场 weight:5 score:5 note:", INCONSISTENT), // from 13.045, above 13
        ("target:10.0场 actual:20.0场 weight:5 score:5 note:", None),
        ("target:≥10场 actual:8场 weight:5 score:5 note:", CONSISTENT),
        ("target:≤10.0场 actual:14.0场 weight:5 score:5 note:", None),
        ("target:≥10.0场 actual:14.0 weight:5 score:5 note:", None),
        ("target:≥10.0场 actual:14.0场 weight:5 score:5", None),
        ("target:≥0场 actual:14场 weight:5 score:5 note:", None),
        ("target:显著 actual:显著 weight:5 score:5 note:", None),
    ] {
        let at = "tables.indicators[0].actual";
        let form = Builder::new().row("indicators", &format!("name:甲 {cells}"));
        assert_eq!(form.verdict("indicator.excess", at), None, "without a rule: {cells}");
        let form = form.rule("indicator.excess", |rule| rule.severity = None);
        assert_eq!(form.verdict("indicator.excess", at), expected, "{cells}");
    }
    let form = Builder::new().row("indicators", "name:甲 target:≥10.0场 actual:14.0场 weight:5 score:5 note:");
    let strict = form.clone().rule("indicator.excess", |rule| rule.threshold = Some(50.into()));
    assert_eq!(strict.verdict("indicator.excess", "tables.indicators[0].actual"), CONSISTENT);
    let check = form.rule("indicator.excess", |_| {}).check("indicator.excess", "tables.indicators[0].actual");
    assert_eq!(check.unwrap().severity, Severity::Info);
}
