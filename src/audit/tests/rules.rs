//! Which rule a form is judged by: the user's, its own, its family's; and when by none.

use crate::audit::testing::Builder;
use crate::pattern::{Pattern, Patterns};
use crate::record::Verdict;

const TIER: &str = "tables.indicators[1].score";
const SHARE: &str = "tables.indicators[0].score";
const GRADE: &str = "fields.grade";
const BUDGET: &str = "tables.budget[0].score";

fn family(id: &str) -> Pattern {
    Patterns::builtin().get(id).unwrap().clone()
}

/// A form that the usual rules find wrong in every way: its grade, its tier, the share that it gives, and its budget.
fn wrong() -> Builder {
    let cells = "level1:产出指标 level2:数量指标 note: weight:10";
    Builder::new()
        .field("total_score", "84.5")
        .field("grade", "优")
        .row("budget", "source:总额 budgeted:80 executed:60 rate:75% weight:10 score:0 note:")
        .row("indicators", &format!("{cells} name:场次 target:≥100场 actual:50场 score:0"))
        .row("indicators", &format!("{cells} name:成效 target:提高 actual:部分达成预期指标 score:5.5"))
        .under(&family("mof-project"))
}

#[test]
fn a_form_with_a_rule_of_its_own_is_not_judged_by_another() {
    for (note, check, at) in [
        ("评价等级：95分（含）以上为优，85（含）-95分为良，60分以下为差。", "grade.band", GRADE),
        ("评价等级：优（90-100分）、良（75-89分）、中（60-74分）、差（60分以下）。", "grade.band", GRADE),
        ("优：80分以上；良：70-80分；中：60-70分。", "grade.band", GRADE),
        ("自评等级分为优秀（85分以上）、良好（70-85分）、合格（60-70分）三档。", "grade.band", GRADE),
        ("定性指标三档，分别按100%-90%（含）、90%-50%（含）、50%-0%计分。", "indicator.tier", TIER),
        ("预算执行率低于80%的不得分。", "budget.score", BUDGET),
        ("预算执行率达到95%以上的得满分，低于95%的按比例计分。", "budget.score", BUDGET),
        ("未达目标的定量指标按完成比例计分；完成率低于60%的不得分。", "indicator.score", SHARE),
        ("定量指标每低于目标值1个百分点扣1分，不按完成比例计分。", "indicator.score", SHARE),
        ("满意度指标按完成率计分，其他指标由专家打分。", "indicator.score", SHARE),
        ("定性指标按完成比例计分。", "indicator.score", SHARE),
    ] {
        assert_eq!(wrong().verdict(check, at), Some(Verdict::Inconsistent), "{check} without a note");
        let found = wrong().field("notes", note).check(check, at).unwrap();
        assert_eq!(found.verdict, Verdict::Unverifiable, "{note}");
        assert!(found.message.en.starts_with("Not verifiable (the form prints a rule of its own: “"), "{note}");
        assert!(found.message.zh.starts_with("无法核对（本表另印有规则：“"), "{note}");
    }
}

#[test]
fn what_only_sounds_like_a_rule_proves_nothing() {
    for (note, check, at) in [
        ("预算执行率在80%-50%（含50%）之间的，说明情况。", "indicator.tier", TIER),
        ("满意度在80%-50%（含50%）的，说明情况。", "indicator.tier", TIER),
        ("评价等级分为优、良、中、差四个等级。", "grade.band", GRADE),
        ("执行率＝执行数÷预算数×100%，执行率超过100%的按满分计。", "budget.score", BUDGET),
        ("综合得分90（含）-100分为优、80（含）-90分为良、60（含）-80分为中。", "grade.band", GRADE),
        ("2.定量指标按完成比例计分，超过年初目标值的最高计该项满分。", "indicator.score", SHARE),
        ("得分=分值×执行率，执行率超过100%的得满分。", "budget.score", BUDGET),
    ] {
        assert_eq!(wrong().field("notes", note).verdict(check, at), Some(Verdict::Inconsistent), "{note}");
    }
}

#[test]
fn a_sentence_that_takes_a_rule_back_prints_none() {
    for note in [
        "本表不采用90-100分为优，80-89分为良，60-79分为中的标准。",
        "90分以上为优，80-90分为良，60-80分为中，由专家酌情调整。",
    ] {
        let found = wrong().field("notes", note).check("grade.band", GRADE).unwrap();
        assert_eq!((found.verdict, found.policy.as_deref()), (Verdict::Unverifiable, Some("mof/grade")), "{note}");
    }
    // Of a family that has no rule nothing is asked then.
    for note in ["本表不采用完成值/目标值×分值的办法。", "未完成指标按完成比例计分后，再由专家酌情扣分。"]
    {
        let form = wrong().under(&family("yunnan-project"));
        let found = form.clone().field("notes", note).check("indicator.score", SHARE).unwrap();
        assert_eq!((found.verdict, found.policy), (Verdict::Consistent, None), "{note}");
    }
}

#[test]
fn tiers_are_read_whatever_the_note_writes_between() {
    for note in [
        "分三档：达成预期指标得80%-100%，部分达成预期指标并具有一定效果得50%-80%，未达成得0-50%。",
        "预算执行率在80%-60%（含60%）的扣2分；定性指标分别按100%～80％（含80%）、80-50%（含50%）、50-0%计分。",
    ] {
        let found = wrong().field("notes", note).check("indicator.tier", TIER).unwrap();
        assert_eq!((found.verdict, found.policy.as_deref()), (Verdict::Consistent, Some("note/tiers-80-50")), "{note}");
    }
}

#[test]
fn the_prose_of_the_filer_prints_no_rule() {
    let note = "定性指标分别按100-80%（含80%）、80-50%（含50%）、50-0%计分。";
    for (id, expected) in [
        ("notes", Verdict::Consistent),
        ("other", Verdict::Consistent),
        ("improvement", Verdict::Inconsistent),
        ("deviation", Verdict::Inconsistent),
        ("overview", Verdict::Inconsistent),
    ] {
        assert_eq!(wrong().field(id, note).verdict("indicator.tier", TIER), Some(expected), "{id}");
    }
    let remark = wrong().cell("budget", 0, "note", note);
    assert_eq!(remark.verdict("indicator.tier", TIER), Some(Verdict::Consistent));
    let source = wrong().cell("budget", 0, "source", note);
    assert_eq!(source.verdict("indicator.tier", TIER), Some(Verdict::Inconsistent));
}

#[test]
fn a_change_of_the_budget_needs_a_reason_only_where_the_note_says_so() {
    let changed = wrong().cell("budget", 0, "initial", "70").cell("budget", 0, "executed", "80");
    for (note, expected) in [
        ("预算执行率低于90%的应说明原因。", Verdict::Consistent),
        ("预算执行率低于90%或预算有调整的，应说明原因。", Verdict::Inconsistent),
    ] {
        let found = changed.clone().field("notes", note).verdict("budget.note", "tables.budget[0].note");
        assert_eq!(found, Some(expected), "{note}");
    }
}

#[test]
fn what_the_user_lays_down_goes_before_what_a_form_prints() {
    let notes = "90分以上为优，80-90分为良，60-80分为中。";
    let mut form = wrong().field("notes", notes);
    let mut own = form.pattern.policy.iter().find(|rule| rule.id == "mof/grade").unwrap().clone();
    own.id = "user/grade".into();
    own.tiers[0].from = 80.into();
    let policy = |form: &Builder| form.check("grade.band", GRADE).unwrap().policy;
    form.pattern.policy.insert(0, own.clone());
    assert_eq!(policy(&form).as_deref(), Some("note/grades"));
    own.overrides = true;
    form.pattern.policy[0] = own;
    assert_eq!(policy(&form).as_deref(), Some("user/grade"));
    assert_eq!(form.verdict("grade.band", GRADE), Some(Verdict::Consistent));
    let other = form.field("notes", "95分以上为优。");
    assert_eq!(other.verdict("grade.band", GRADE), Some(Verdict::Consistent), "nor does it give way");
}
