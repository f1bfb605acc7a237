use rust_decimal::Decimal;

use crate::audit::testing::Builder;
use crate::pattern::Standing;
use crate::record::{Datum, Inferred, Severity, Verdict};

#[test]
fn rows_sum_to_their_block() {
    let at = "fields.indicators_score";
    let form = Builder::whole();
    assert_eq!(form.verdict("indicators.score", at), Some(Verdict::Consistent));
    for (second, expected) in [
        ("28", Verdict::Inconsistent), // 58 is not 60
        ("29.5", Verdict::Consistent), // the stated sum may be rounded
        ("29.4", Verdict::Inconsistent),
        ("30.5", Verdict::Consistent),
        ("30.9", Verdict::Consistent), // cut off
        ("30.99", Verdict::Consistent),
        ("31", Verdict::Inconsistent), // 61 is not cut off to 60
        ("", Verdict::Unverifiable),
        ("优", Verdict::Unverifiable),
    ] {
        let form = form.clone().cell("indicators", 1, "score", second);
        assert_eq!(form.verdict("indicators.score", at), Some(expected), "{second}");
    }
    // One score for the block leaves the rows unscored.
    let unscored = form.cell("indicators", 0, "score", "").cell("indicators", 1, "score", "");
    assert_eq!(unscored.verdict("indicators.score", at), None);
    assert_eq!(unscored.verdict("indicator.score", "tables.indicators[0].score"), None);
}

#[test]
fn shared_cells_count_once_and_parts_not_at_all() {
    let form = Builder::new()
        .field("indicators_score", "15")
        .field("indicators_weight", "15")
        .row("indicators", "name:甲 weight:10 score:10")
        .row("indicators", "name:乙 weight:^0 score:^0")
        .row("indicators", "name:丙 weight:5 score:5")
        .row("indicators", "name:其中 weight:5 score:5 parent:#2");
    assert_eq!(form.verdict("indicators.score", "fields.indicators_score"), Some(Verdict::Consistent));
    assert_eq!(form.verdict("indicators.weight", "fields.indicators_weight"), Some(Verdict::Consistent));
    assert_eq!(form.findings(), []);
}

#[test]
fn weights_are_set_and_not_cut_off() {
    for (second, expected) in [
        ("30", Verdict::Consistent),
        ("30.5", Verdict::Consistent),
        ("30.6", Verdict::Inconsistent),
        ("29.5", Verdict::Consistent),
        ("29.4", Verdict::Inconsistent),
        ("30.99", Verdict::Inconsistent), // set, not computed: nothing is cut off
        ("", Verdict::Unverifiable),
    ] {
        let form = Builder::new()
            .field("indicators_weight", "60")
            .row("indicators", "name:甲 weight:30")
            .row("indicators", &format!("name:乙 weight:{second}"));
        assert_eq!(form.verdict("indicators.weight", "fields.indicators_weight"), Some(expected), "{second}");
    }
}

#[test]
fn parts_sum_to_the_total_wherever_it_stands() {
    let form = Builder::whole().field("total_score", "98");
    assert_eq!(form.verdict("total.score", "fields.self_score"), Some(Verdict::Consistent));
    assert_eq!(form.verdict("total.score", "fields.total_score"), Some(Verdict::Inconsistent));
    let check = form.check("total.score", "fields.total_score").unwrap();
    assert_eq!(check.formula, "20 + 20 + 60");
    assert!(check.message.en.ends_with("20 + 20 + 60 = 100."), "{}", check.message.en);
}

#[test]
fn a_total_may_be_rounded_or_cut_off() {
    for (stated, severity, expected) in [
        ("97.42", Severity::Error, Verdict::Consistent),
        ("97.4", Severity::Error, Verdict::Consistent),
        ("97", Severity::Error, Verdict::Consistent),
        ("97.5", Severity::Error, Verdict::Inconsistent),
        ("97.41", Severity::Error, Verdict::Inconsistent),
        ("97.43", Severity::Error, Verdict::Inconsistent),
        ("96", Severity::Error, Verdict::Inconsistent),
        ("98", Severity::Error, Verdict::Inconsistent),
    ] {
        let form = Builder::whole().field("indicators_score", "57.42").field("self_score", stated);
        let check = form.check("total.score", "fields.self_score").unwrap();
        assert_eq!((check.verdict, check.severity), (expected, severity), "{stated}");
    }
    let form = Builder::whole().field("indicators_score", "57.92").field("self_score", "97");
    let check = form.check("total.score", "fields.self_score").unwrap();
    assert_eq!((check.verdict, check.severity), (Verdict::Consistent, Severity::Info));
}

#[test]
fn a_total_without_all_its_parts_is_unverifiable() {
    let at = "fields.self_score";
    let whole = Builder::whole;
    for form in [
        whole().field("self_score", ""),
        whole().cell("budget", 0, "score", ""),
        whole().cell("goals", 0, "score", "优"),
        whole().without_column("budget", "score"),
        whole().without_column("goals", "score"),
        whole().without("indicators_score").cell("indicators", 1, "score", ""),
        whole().change("budget", 0, "score", |value| value.inferred = Some(Inferred::Arithmetic)),
    ] {
        assert_eq!(form.verdict("total.score", at), Some(Verdict::Unverifiable));
    }
    // A form that scores neither budget nor goals has no such parts.
    let bare = Builder::new().field("self_score", "30").row("indicators", "name:甲 score:30");
    assert_eq!(bare.verdict("total.score", at), Some(Verdict::Consistent));
}

#[test]
fn repeated_scores_of_sources_count_once() {
    let form = Builder::whole().row("budget", "source:其中 budgeted:80 executed:80 rate:100% score:20");
    assert_eq!(form.verdict("total.score", "fields.self_score"), Some(Verdict::Consistent));
}

#[test]
fn weights_sum_to_the_total_weight() {
    let form = |weight: &str| {
        Builder::new()
            .field("total_weight", "100")
            .row("budget", &format!("budgeted:8 executed:8 weight:{weight} score:10"))
            .row("indicators", "name:甲 weight:50 score:50")
            .row("indicators", "name:乙 weight:40 score:40")
    };
    assert_eq!(form("10").verdict("total.weight", "fields.total_weight"), Some(Verdict::Consistent));
    assert_eq!(form("20").verdict("total.weight", "fields.total_weight"), Some(Verdict::Inconsistent));
    for (weight, expected) in [
        ("10.5", Verdict::Consistent), // 100.5 may be written as 100
        ("10.6", Verdict::Inconsistent),
        ("9.5", Verdict::Consistent),
        ("9.4", Verdict::Inconsistent),
        ("10.9", Verdict::Inconsistent), // set, not computed: nothing is cut off
    ] {
        assert_eq!(form(weight).verdict("total.weight", "fields.total_weight"), Some(expected), "{weight}");
    }
    assert_eq!(form("—").verdict("total.weight", "fields.total_weight"), Some(Verdict::Unverifiable));
    let heading = form("—").field("budget_weight", "10");
    assert_eq!(heading.verdict("total.weight", "fields.total_weight"), Some(Verdict::Consistent));
}

#[test]
fn where_no_total_weight_is_stated_the_rule_says_it() {
    let rule = |form: Builder| form.rule("total.weight", |rule| rule.threshold = Some(Decimal::ONE_HUNDRED));
    let at = "fields.budget_weight";
    assert_eq!(Builder::whole().verdict("total.weight", at), None);
    let check = rule(Builder::whole()).check("total.weight", at).unwrap();
    assert_eq!((check.verdict, check.stated), (Verdict::Consistent, Datum::Null));
    let check = rule(Builder::whole().field("goals_weight", "15")).check("total.weight", at).unwrap();
    assert_eq!((check.verdict, check.severity), (Verdict::Inconsistent, Severity::Info));
    assert_eq!(check.policy.as_deref(), Some("test/total.weight"));
    // What the form states is arithmetic and needs no rule.
    let stated =
        rule(Builder::whole()).field("total_weight", "90").check("total.weight", "fields.total_weight").unwrap();
    assert_eq!((stated.verdict, stated.severity, stated.policy), (Verdict::Inconsistent, Severity::Error, None));
}

#[test]
fn a_stated_total_weight_that_its_parts_come_to_is_held_against_the_rule() {
    let form = |total: &str, standing: Standing| {
        Builder::new()
            .field("total_weight", total)
            .row("indicators", "name:甲 weight:50 score:50")
            .row("indicators", "name:乙 weight:60 score:60")
            .rule("total.weight", |rule| (rule.threshold, rule.standing) = (Some(Decimal::ONE_HUNDRED), standing))
            .audit()
            .into_iter()
            .filter(|check| check.id == "total.weight")
            .map(|check| (check.verdict, check.severity, check.policy.is_some()))
            .collect::<Vec<_>>()
    };
    let agrees = (Verdict::Consistent, Severity::Error, false);
    assert_eq!(form("110", Standing::Seen), [agrees, (Verdict::Inconsistent, Severity::Warning, true)]);
    assert_eq!(form("110", Standing::Reported), [agrees, (Verdict::Inconsistent, Severity::Info, true)]);
    // One that is wrong in itself is said once.
    assert_eq!(form("100", Standing::Seen), [(Verdict::Inconsistent, Severity::Error, false)]);
    assert_eq!(form("90", Standing::Seen), [(Verdict::Inconsistent, Severity::Error, false)]);
}

#[test]
fn rows_with_points_that_may_split_an_indicator_are_not_held_against_a_sum() {
    let form = |second: &str, total: &str| {
        Builder::new()
            .field("total_weight", total)
            .field("total_score", total)
            .row("indicators", "level2:数量指标 name:里程 weight:30 score:30")
            .row("indicators", "level2:数量指标 name:其中：主路 weight:20 score:20 parent:#0")
            .row("indicators", &format!("level2:数量指标 name:支路 weight:{second} score:{second}"))
            .row("indicators", "level2:质量指标 name:合格率 weight:70 score:70")
    };
    for (second, total, expected) in [
        ("10", "100", Verdict::Unverifiable), // 30 + 10 + 70 without the 10
        ("10", "110", Verdict::Consistent),
        ("10", "105", Verdict::Inconsistent),
        ("70", "100", Verdict::Unverifiable),
        ("10", "40", Verdict::Inconsistent), // the row of another level 2 splits nothing
    ] {
        let form = form(second, total);
        for (id, at) in [("total.weight", "fields.total_weight"), ("total.score", "fields.total_score")] {
            assert_eq!(form.verdict(id, at), Some(expected), "{id} {second} {total}");
        }
    }
}

#[test]
fn points_of_sources_count_where_the_total_has_none() {
    let form = |total: &str, first: &str, second: &str| {
        Builder::new()
            .field("total_weight", "100")
            .field("total_score", "98")
            .row("budget", &format!("source:总额 budgeted:80 executed:78 {total}"))
            .row("budget", &format!("source:当年 budgeted:60 executed:60 {first}"))
            .row("budget", &format!("source:结转 budgeted:20 executed:18 {second}"))
            .row("indicators", "level1:产出指标 name:甲 target:≥5场 actual:5场 weight:90 score:90")
    };
    let (score, weight) = ("fields.total_score", "fields.total_weight");
    for (case, form, expected) in [
        ("blank", form("weight: score:", "weight:6 score:6", "weight:4 score:2"), Verdict::Consistent),
        ("a stroke", form("weight:— score:—", "weight:6 score:6", "weight:4 score:2"), Verdict::Consistent),
        ("alike", form("weight:— score:—", "weight:5 score:4", "weight:5 score:4"), Verdict::Consistent),
        ("a wrong sum", form("weight: score:", "weight:6 score:6", "weight:3 score:3"), Verdict::Inconsistent),
        ("the total has them", form("weight:10 score:8", "weight:6 score:6", "weight:4 score:2"), Verdict::Consistent),
    ] {
        assert_eq!(form.verdict("total.score", score), Some(expected), "{case}");
        assert_eq!(form.verdict("total.weight", weight), Some(expected), "{case}");
    }
    let split = form("weight:— score:—", "weight:6 score:6", "weight:4 score:3.6");
    assert_eq!(split.verdict("budget.score", "tables.budget[0].score"), None, "its sources are scored");
    assert_eq!(split.verdict("budget.score", "tables.budget[2].score"), Some(Verdict::Consistent));
}

#[test]
fn a_row_that_adds_up_others_is_no_indicator() {
    let form = |row: &str| {
        let mut form = Builder::new()
            .field("total_weight", "50")
            .field("indicators_weight", "50")
            .row("blocks", "level1:产出指标 weight:30")
            .row(
                "indicators",
                "level1:产出指标 level2:数量指标 name:甲 target:≥5场 actual:5场 weight:20 score:20 note:",
            )
            .row(
                "indicators",
                "level1:产出指标 level2:质量指标 name:乙 target:≥5场 actual:5场 weight:10 score:10 note:",
            )
            .row("indicators", row)
            .row(
                "indicators",
                "level1:效益指标 level2:经济指标 name:丙 target:≥5场 actual:5场 weight:20 score:20 note:",
            )
            .require(&[], "name");
        form.pattern.subtotals.push("小计".into());
        form
    };
    let weights = "fields.indicators_weight";
    for (row, expected) in [
        ("level1:小计 name: target: actual: weight:30 score:30 note:", Verdict::Consistent),
        ("level1:产出指标 level2:小计 name: target: actual: weight:30 score:30 note:", Verdict::Consistent),
        ("level1:产出指标 name:产出小计 target: actual: weight:30 score:30 note:", Verdict::Consistent),
        ("level1:产出指标 name: target: actual: weight:30 score:30 note:", Verdict::Consistent),
        ("level1:产出指标 name: target: actual: weight:10 score:10 note:", Verdict::Unverifiable), // an unread name?
        ("level1:小计 name: target: actual: weight:40 score:40 note:", Verdict::Unverifiable),
        ("level1:产出指标 name: target: actual:5场 weight:30 score:30 note:", Verdict::Inconsistent),
        ("level1:产出指标 name:丁 target: actual: weight:30 score:30 note:", Verdict::Inconsistent),
    ] {
        let form = form(row);
        assert_eq!(form.verdict("indicators.weight", weights), Some(expected), "{row}");
        if expected == Verdict::Consistent {
            assert_eq!(form.findings(), [], "{row}");
            assert_eq!(form.verdict("weights.level1", "tables.blocks[0].weight"), Some(expected), "{row}");
            let checked =
                |check: crate::record::Check| check.refs.iter().any(|path| path.starts_with("tables.indicators[2]"));
            assert!(!form.audit().into_iter().any(checked), "{row}");
        }
    }
}

#[test]
fn of_one_term_no_sum_is_shown() {
    let form = Builder::new()
        .row("blocks", "level1:产出指标 weight:50")
        .row("indicators", "level1:产出指标 name:甲 weight:20");
    let message = form.check("weights.level1", "tables.blocks[0].weight").unwrap().message;
    assert!(message.en.contains("the rows under it come to 20, "), "{}", message.en);
    assert!(message.zh.contains("其下各项合计20，"), "{}", message.zh);
}
