use crate::audit::testing::Builder;
use crate::record::{Op, Severity, Verdict};

fn at(column: &str) -> String {
    format!("tables.indicators[0].{column}")
}

#[test]
fn a_goal_earns_at_most_its_weight() {
    for (score, expected) in [
        ("20", Verdict::Consistent),
        ("0", Verdict::Consistent),
        ("20.0", Verdict::Consistent),
        ("20.01", Verdict::Inconsistent), // points count as written
        ("20.5", Verdict::Inconsistent),
        ("", Verdict::Unverifiable),
        ("良", Verdict::Unverifiable),
    ] {
        let form = Builder::new().field("goals_weight", "20").row("goals", &format!("planned:办好 score:{score}"));
        assert_eq!(form.verdict("goals.score", "tables.goals[0].score"), Some(expected), "{score}");
    }
    let unscored = Builder::new().field("goals_weight", "20").row("goals", "planned:办好");
    assert_eq!(unscored.verdict("goals.score", "tables.goals[0].score"), None);
}

#[test]
fn an_indicator_earns_at_most_its_weight() {
    for (cells, expected) in [
        ("name:场次 weight:10 score:10", Some(Verdict::Consistent)),
        ("name:场次 weight:10 score:10.5", Some(Verdict::Inconsistent)),
        ("name:场次 weight:10 score:10.01", Some(Verdict::Inconsistent)),
        ("name:场次 weight:10 score:0", Some(Verdict::Consistent)),
        ("name:场次 weight:— score:10.5", Some(Verdict::Unverifiable)),
        ("name:场次 weight:10 score:", Some(Verdict::Unverifiable)),
        ("name:场次 score:60", Some(Verdict::Consistent)), // of the block's
        ("name:场次 score:61", Some(Verdict::Inconsistent)),
        ("name:场次 weight:10 score:10 parent:#0", None),
    ] {
        let form = Builder::new().field("indicators_weight", "60").row("indicators", cells);
        assert_eq!(form.verdict("indicator.score", &at("score")), expected, "{cells}");
    }
}

#[test]
fn a_score_below_nought_is_wrong() {
    let form = Builder::whole().change("indicators", 0, "score", |value| {
        value.value = crate::record::Datum::Number(rust_decimal::Decimal::from(-1).into())
    });
    assert_eq!(form.verdict("indicator.score", &at("score")), Some(Verdict::Inconsistent));
}

#[test]
fn a_level_bounds_the_rows_under_it() {
    let form = Builder::new()
        .field("indicators_weight", "60")
        .row("blocks", "level1:产出指标 weight:40")
        .row("blocks", "level1:效益指标 weight:20")
        .row("indicators", "level1:产出指标 name:甲 score:45")
        .row("indicators", "level1:效益指标 name:乙 score:15");
    assert_eq!(form.verdict("indicator.score", &at("score")), Some(Verdict::Inconsistent));
    assert_eq!(form.verdict("indicator.score", "tables.indicators[1].score"), Some(Verdict::Consistent));
    assert_eq!(form.verdict("scores.level1", "tables.blocks[0].weight"), Some(Verdict::Inconsistent));
    assert_eq!(form.verdict("scores.level1", "tables.blocks[1].weight"), Some(Verdict::Consistent));
    assert_eq!(form.verdict("weights.level1", "tables.blocks[0].weight"), None);
}

#[test]
fn the_weights_under_a_level_sum_to_its_own() {
    for (second, expected) in [
        ("20", Verdict::Consistent),
        ("20.0", Verdict::Consistent),
        ("15", Verdict::Inconsistent),
        ("20.1", Verdict::Inconsistent),
        ("不详", Verdict::Unverifiable),
    ] {
        let form = Builder::new()
            .row("blocks", "level1:产出指标 weight:50")
            .row("indicators", "level1:产出指标 name:甲 weight:30")
            .row("indicators", &format!("level1:产出指标 name:乙 weight:{second}"));
        assert_eq!(form.verdict("weights.level1", "tables.blocks[0].weight"), Some(expected), "{second}");
        let ruled = form.rule("weights.level1", |rule| rule.severity = Some(Severity::Info));
        assert_eq!(ruled.check("weights.level1", "tables.blocks[0].weight").unwrap().severity, Severity::Error);
    }
}

#[test]
fn rows_that_share_a_score_share_its_weight() {
    let form = Builder::new()
        .row("indicators", "name:甲 target:≥5场 actual:4场 weight:10 score:15")
        .row("indicators", "name:乙 target:≥5场 actual:5场 weight:5 score:^0");
    assert_eq!(form.verdict("indicator.score", &at("score")), Some(Verdict::Consistent));
    assert_eq!(form.verdict("indicator.target", &at("actual")), Some(Verdict::Inconsistent));
    let deducted = form.cell("indicators", 0, "score", "14");
    assert_eq!(deducted.verdict("indicator.target", &at("actual")), Some(Verdict::Consistent));
}

#[test]
fn a_missed_target_costs_points() {
    for (cells, expected) in [
        ("target:100% actual:98% weight:5 score:5", Verdict::Inconsistent),
        ("target:100% actual:98% weight:5 score:4.9", Verdict::Consistent),
        ("target:100% actual:98% weight:5 score:6", Verdict::Inconsistent),
        ("target:100% actual:98% weight:5 score:", Verdict::Unverifiable),
        ("target:100% actual:98% weight:— score:5", Verdict::Unverifiable),
        ("target:100% actual:100% weight:— score:", Verdict::Consistent),
        ("target:≥95% actual:≥93% weight:5 score:5", Verdict::Inconsistent),
        ("target:98% actual:97 weight:5 score:5", Verdict::Unverifiable),
        ("target:显著 actual:显著 weight:5 score:5", Verdict::Consistent),
        ("target:显著 actual:一般 weight:5 score:5", Verdict::Unverifiable),
        ("target:≤45万元 actual:完成 weight:5 score:5", Verdict::Unverifiable),
        ("target:=8个 actual:9个 weight:5 score:5", Verdict::Consistent),
        ("target:100% actual: weight:5 score:5", Verdict::Unverifiable),
        // comparator and unit in columns of their own
        ("nature:≥ target:92 unit:% actual:90% weight:5 score:5", Verdict::Inconsistent),
        ("nature:≥ target:92 unit:% actual:90 weight:5 score:5", Verdict::Inconsistent),
        ("nature:≥ target:92 unit:% actual:0.90 weight:5 score:5", Verdict::Unverifiable), // 90%, perhaps
        ("nature:≥ target:0.92 unit:% actual:90 weight:5 score:5", Verdict::Unverifiable),
        ("nature:≤ target:92 unit:万元 actual:90 weight:5 score:5", Verdict::Consistent),
        ("nature:≤ target:92 unit:万元 actual:93万元 weight:5 score:5", Verdict::Inconsistent),
        ("nature:≤ target:92 unit:— actual:93万元 weight:5 score:5", Verdict::Unverifiable),
    ] {
        let form = Builder::new().row("indicators", &format!("name:甲 {cells}"));
        assert_eq!(form.verdict("indicator.target", &at("actual")), Some(expected), "{cells}");
    }
}

#[test]
fn a_target_is_shown_with_the_comparator_and_unit_of_its_row() {
    let row = "name:甲 nature:≥ target:92 unit:% actual:90 weight:5 score:5";
    let check = Builder::new().row("indicators", row).check("indicator.target", &at("actual")).unwrap();
    assert_eq!(check.formula, "90% ≥ 92%");
    assert!(check.message.en.contains("target ≥92%, actual 90%"), "{}", check.message.en);
    let own = "name:甲 nature:定性 target:≥92% unit:% actual:90% weight:5 score:5";
    let check = Builder::new().row("indicators", own).check("indicator.target", &at("actual")).unwrap();
    assert!(check.message.en.contains("target ≥92%, actual 90%"), "{}", check.message.en);
}

#[test]
fn without_weights_the_block_tells() {
    let missed = Builder::whole().cell("indicators", 0, "actual", "4场");
    let target = |form: &Builder| form.verdict("indicator.target", &at("actual"));
    assert_eq!(target(&missed), Some(Verdict::Inconsistent));
    assert_eq!(target(&missed.clone().field("indicators_score", "59")), Some(Verdict::Consistent));
    assert_eq!(target(&missed.clone().field("indicators_score", "")), Some(Verdict::Inconsistent)); // 30 + 30
    assert_eq!(target(&missed.clone().without("indicators_weight")), Some(Verdict::Unverifiable));
    let unscored = missed.without("indicators_score").without_column("indicators", "score");
    assert_eq!(target(&unscored), Some(Verdict::Unverifiable));
}

#[test]
fn a_level_with_an_unreadable_row_is_unverifiable() {
    for (second, expected) in
        [("20", Verdict::Consistent), ("20.01", Verdict::Inconsistent), ("不详", Verdict::Unverifiable)]
    {
        let form = Builder::new()
            .row("blocks", "level1:产出指标 weight:50")
            .row("indicators", "level1:产出指标 name:甲 score:30")
            .row("indicators", &format!("level1:产出指标 name:乙 score:{second}"));
        assert_eq!(form.verdict("scores.level1", "tables.blocks[0].weight"), Some(expected), "{second}");
    }
}

#[test]
fn a_level_given_in_full_holds_no_deduction() {
    let form = |first: &str| {
        Builder::new()
            .field("indicators_weight", "60")
            .row("blocks", "level1:产出指标 weight:40")
            .row("indicators", &format!("level1:产出指标 name:甲 target:≥5场 actual:4场 score:{first}"))
            .row("indicators", "level1:效益指标 name:乙 target:显著 actual:显著 score:10")
    };
    assert_eq!(form("40").verdict("indicator.target", &at("actual")), Some(Verdict::Inconsistent));
    assert_eq!(form("38").verdict("indicator.target", &at("actual")), Some(Verdict::Consistent));
}

#[test]
fn bare_figures_under_costs_are_ceilings() {
    let form = |actual: &str| {
        Builder::new()
            .ceiling("成本指标")
            .row("indicators", &format!("level2:成本指标 name:甲 target:100万元 actual:{actual} weight:5 score:5"))
    };
    assert_eq!(form("90万元").verdict("indicator.target", &at("actual")), Some(Verdict::Consistent));
    assert_eq!(form("110万元").verdict("indicator.target", &at("actual")), Some(Verdict::Inconsistent));
}

#[test]
fn a_part_of_an_indicator_is_not_judged_by_itself() {
    let form = Builder::new()
        .row("indicators", "name:甲 target:10场 actual:10场 weight:5 score:5")
        .row("indicators", "name:其中 target:5场 actual:4场 parent:#0");
    assert_eq!(form.verdict("indicator.target", "tables.indicators[1].actual"), Some(Verdict::Unverifiable));
    assert_eq!(form.verdict("indicator.note", "tables.indicators[1].note"), None);
}

#[test]
fn misses_and_deductions_have_reasons() {
    for (cells, expected) in [
        ("target:5场 actual:4场 weight:5 score:4 note:下雨", Verdict::Consistent),
        ("target:5场 actual:4场 weight:5 score:4 note:", Verdict::Inconsistent),
        ("target:5场 actual:4场 weight:5 score:4 note:—", Verdict::Inconsistent),
        ("target:5场 actual:5场 weight:5 score:4 note:", Verdict::Inconsistent),
        ("target:5场 actual:5场 weight:5 score:5 note:", Verdict::Consistent),
        ("target:显著 actual:一般 weight:5 score:5 note:", Verdict::Unverifiable),
        ("target:显著 actual:一般 weight:5 score:5 note:下雨", Verdict::Consistent),
        ("target:显著 actual:一般 weight:5 score:4 note:", Verdict::Inconsistent),
    ] {
        let form = Builder::new().row("indicators", &format!("name:甲 {cells}"));
        let check = form.check("indicator.note", &at("note")).unwrap();
        assert_eq!((check.verdict, check.severity), (expected, Severity::Warning), "{cells}");
    }
    let doubtful = Builder::new().row("indicators", "name:甲 target:5场 actual:4场 weight:5 score:4 note:下雨").change(
        "indicators",
        0,
        "note",
        |value| value.confidence = 0.1,
    );
    assert_eq!(doubtful.verdict("indicator.note", &at("note")), Some(Verdict::Unverifiable));
}

#[test]
fn a_field_for_reasons_stands_for_rows_without_a_column() {
    let form = |deviation: &str| {
        Builder::new()
            .field("deviation", deviation)
            .row("indicators", "name:甲 target:5场 actual:4场 weight:5 score:4")
            .row("indicators", "name:乙 target:5场 actual:5场 weight:5 score:5")
    };
    assert_eq!(form("下雨").verdict("indicator.note", &at("actual")), Some(Verdict::Consistent));
    assert_eq!(form("").verdict("indicator.note", &at("actual")), Some(Verdict::Inconsistent));
    assert_eq!(form("").verdict("indicator.note", "tables.indicators[1].actual"), None);
    assert_eq!(form("").without("deviation").verdict("indicator.note", &at("actual")), None);
}

#[test]
fn a_missed_target_earns_its_share_where_a_rule_says_so() {
    let form = |cells: &str| Builder::new().row("indicators", &format!("name:甲 {cells}"));
    let ruled = |cells: &str| form(cells).rule("indicator.score", |_| {});
    for (cells, expected) in [
        ("target:≥60场 actual:46场 weight:8 score:6.13", Verdict::Consistent),
        ("target:≥60场 actual:46场 weight:8 score:6.1", Verdict::Consistent),
        ("target:≥60场 actual:46场 weight:8 score:7.5", Verdict::Inconsistent),
        // 46.0 of 60: from 6.126… to 6.14
        ("target:≥60场 actual:46.0场 weight:8 score:6.12", Verdict::Consistent), // 6.127 cut off
        ("target:≥60场 actual:46.0场 weight:8 score:6.14", Verdict::Consistent),
        ("target:≥60场 actual:46.0场 weight:8 score:6.11", Verdict::Inconsistent),
        ("target:≥60场 actual:46.0场 weight:8 score:6.15", Verdict::Inconsistent),
        ("target:≤20天 actual:25天 weight:10 score:8", Verdict::Consistent),
        ("target:≤20.0天 actual:25.0天 weight:10 score:9.0", Verdict::Inconsistent),
        ("target:≥1等 actual:0等 weight:7.5 score:0", Verdict::Consistent),
        // full points are for indicator.target, words have no ratio
        ("target:≥60场 actual:46场 weight:8 score:8", Verdict::Consistent),
        ("target:显著 actual:一般 weight:8 score:7", Verdict::Consistent),
        ("target:≥60场 actual:46场 weight:8 score:9", Verdict::Inconsistent),
    ] {
        assert_eq!(ruled(cells).verdict("indicator.score", &at("score")), Some(expected), "{cells}");
    }
    let cells = "target:≥60场 actual:46场 weight:8 score:7.5";
    assert_eq!(ruled(cells).check("indicator.score", &at("score")).unwrap().severity, Severity::Warning);
    assert_eq!(form(cells).verdict("indicator.score", &at("score")), Some(Verdict::Consistent));
}

#[test]
fn a_figure_is_answered_by_a_figure_where_a_rule_says_so() {
    for (cells, expected) in [
        ("target:≤45万元 actual:完成", Some(Verdict::Inconsistent)),
        ("target:≤45万元 actual:40万元", Some(Verdict::Consistent)),
        ("target:≤45万元 actual:", Some(Verdict::Unverifiable)),
        ("target:显著 actual:完成", None),
    ] {
        let form = Builder::new().row("indicators", &format!("name:甲 {cells}"));
        assert_eq!(form.verdict("indicator.kind", &at("actual")), None, "{cells}");
        let form = form.rule("indicator.kind", |_| {});
        assert_eq!(form.verdict("indicator.kind", &at("actual")), expected, "{cells}");
    }
}

#[test]
fn a_missed_ceiling_earns_what_was_allowed_of_what_was_used() {
    for (cells, computed, formula) in [
        ("target:≤1次 actual:3次 weight:25 score:20", "8.33", "25 × (1次 ÷ 3次)"),
        ("target:≤1次 actual:2次 weight:25 score:5", "12.5", "25 × (1次 ÷ 2次)"),
        ("target:≥3次 actual:1次 weight:24 score:20", "8", "24 × (1次 ÷ 3次)"),
        ("nature:≤ target:10 unit:天 actual:15 weight:25 score:24", "16.67", "25 × (10天 ÷ 15天)"),
    ] {
        let form = Builder::new().row("indicators", &format!("name:甲 {cells}")).rule("indicator.score", |_| {});
        let check = form.check("indicator.score", &at("score")).unwrap();
        assert_eq!((check.verdict, check.formula.as_str()), (Verdict::Inconsistent, formula));
        assert_eq!(check.computed.map(|figure| figure.0.to_string()).as_deref(), Some(computed), "{cells}");
    }
    let far = Builder::new()
        .row("indicators", "name:甲 target:≥6台 actual:70台 weight:25 score:25 note:")
        .rule("indicator.excess", |_| {});
    assert_eq!(far.check("indicator.excess", &at("actual")).unwrap().formula, "70台 ≤ 130% × 6台");
}

/// Forms under the words that all families share.
fn of_a_family(row: &str) -> Builder {
    let builtin = crate::pattern::Patterns::builtin();
    Builder::new().row("indicators", row).under(builtin.get("mof-project").unwrap())
}

#[test]
fn the_way_of_a_bare_target_is_known_by_sign_name_or_heading() {
    for (heading, name, target, actual, expected) in [
        // fewer is better, or may be
        ("质量指标", "患者投诉率", "5%", "3%", Verdict::Unverifiable),
        ("质量指标", "患者投诉率", "5%", "8%", Verdict::Unverifiable),
        ("质量指标", "患者投诉率", "≥5%", "3%", Verdict::Inconsistent),
        ("质量指标", "患者投诉率", "≤5%", "3%", Verdict::Consistent),
        ("质量指标", "城镇登记失业率", "4%", "3.2%", Verdict::Unverifiable),
        ("质量指标", "产品不合格率", "3%", "1%", Verdict::Unverifiable),
        ("质量指标", "贷款逾期率", "3%", "1.5%", Verdict::Unverifiable),
        ("质量指标", "次均费用", "300元", "280元", Verdict::Unverifiable),
        ("数量指标", "火灾起数", "5起", "2起", Verdict::Unverifiable),
        ("数量指标", "发生事故次数", "5次", "2次", Verdict::Unverifiable),
        // more is better, the longer word telling
        ("质量指标", "设备合格率", "95%", "93%", Verdict::Inconsistent),
        ("质量指标", "设备合格率", "95%", "96%", Verdict::Consistent),
        ("质量指标", "投诉办结率", "95%", "93%", Verdict::Inconsistent),
        ("质量指标", "尾气排放达标率", "95%", "97%", Verdict::Consistent),
        ("社会效益指标", "受益人数", "500人", "480人", Verdict::Inconsistent),
        // by the heading
        ("数量指标", "更换饮水机", "24台", "23台", Verdict::Inconsistent),
        ("数量指标", "更换饮水机", "24台", "25台", Verdict::Consistent),
        ("服务对象满意度指标", "师生评价", "90%", "88%", Verdict::Inconsistent),
        // by the figure: nothing is above all of it
        ("质量指标", "资料归档", "100%", "98%", Verdict::Inconsistent),
        ("质量指标", "产品不合格率", "100%", "98%", Verdict::Unverifiable),
        // by the sign of equality
        ("质量指标", "更换饮水机", "=24台", "23台", Verdict::Inconsistent),
        // by nothing
        ("质量指标", "资产占比", "60%", "55%", Verdict::Unverifiable),
        ("质量指标", "资产占比", "60%", "65%", Verdict::Unverifiable),
        ("质量指标", "资产占比", "60%", "60%", Verdict::Consistent),
        // under costs
        ("成本指标", "设备标准", "6万元", "5万元", Verdict::Consistent),
        ("成本指标", "设备标准", "6万元", "7万元", Verdict::Inconsistent),
        ("成本指标", "成本节约额", "10万元", "12万元", Verdict::Consistent),
        ("成本指标", "成本节约额", "10万元", "9万元", Verdict::Unverifiable),
    ] {
        let row =
            format!("level1:产出指标 level2:{heading} name:{name} target:{target} actual:{actual} weight:5 score:5");
        let found = of_a_family(&row).check("indicator.target", &at("actual")).unwrap();
        assert_eq!(found.verdict, expected, "{heading} {name} {target} {actual}: {}", found.message.en);
    }
    let unknown = of_a_family("level2:质量指标 name:资产占比 target:60% actual:55% weight:5 score:5");
    let message = unknown.check("indicator.target", &at("actual")).unwrap().message;
    assert!(message.en.contains("does not say which way is better") && message.zh.contains("越多越好还是越少越好"));
}

#[test]
fn nought_and_what_lies_below_a_figure_do_not_reach_it() {
    for (target, actual, op, expected) in [
        ("≥0.5亩", "0亩", None, Verdict::Inconsistent),
        ("≥0.5亩", "0.45亩", None, Verdict::Inconsistent),
        ("≤0亩", "0亩", None, Verdict::Consistent),
        ("≥3万人次", "近3万人次", Some(Op::Below), Verdict::Inconsistent),
        ("≥3万人次", "近3万人次", Some(Op::AtMost), Verdict::Consistent),
        ("3万人次", "<3万人次", Some(Op::Below), Verdict::Inconsistent),
        ("≥2万人次", "近3万人次", Some(Op::Below), Verdict::Consistent),
        ("≤3万人次", "近3万人次", Some(Op::Below), Verdict::Consistent),
        ("≤3万人次", "逾3万人次", Some(Op::Above), Verdict::Inconsistent),
    ] {
        let plain = actual.trim_start_matches(['近', '逾', '<']);
        let row = format!("level2:数量指标 name:场次 target:{target} actual:{plain} weight:5 score:5");
        let form = of_a_family(&row).change("indicators", 0, "actual", |value| {
            (value.op, value.raw) = (op, actual.to_owned());
        });
        assert_eq!(form.verdict("indicator.target", &at("actual")), Some(expected), "{target} {actual}");
    }
}
