//! Checks of words and dates: grades, tiers, printed instructions, years.

use rust_decimal::Decimal;

use crate::audit::testing::Builder;
use crate::pattern::{Rule, Tier};
use crate::record::{Datum, Severity, Verdict};

const CONSISTENT: Option<Verdict> = Some(Verdict::Consistent);
const INCONSISTENT: Option<Verdict> = Some(Verdict::Inconsistent);
const UNVERIFIABLE: Option<Verdict> = Some(Verdict::Unverifiable);

fn tiers(steps: &[(&[&str], i64)]) -> Vec<Tier> {
    let tier = |(words, from): &(&[&str], i64)| Tier {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        from: Decimal::from(*from),
    };
    steps.iter().map(tier).collect()
}

fn grades(rule: &mut Rule) {
    rule.tiers = tiers(&[(&["优", "优秀"], 90), (&["良"], 80), (&["中"], 60), (&["差"], 0)]);
}

fn phrases(rule: &mut Rule) {
    rule.tiers = tiers(&[
        (&["达成预期指标", "达成年度指标"], 80),
        (&["部分达成预期指标并具有一定效果"], 50),
        (&["未达成预期指标且效果较差"], 0),
    ]);
}

#[test]
fn a_grade_agrees_with_its_total() {
    for (total, grade, expected) in [
        ("97", "优", CONSISTENT),
        ("97", "优秀", CONSISTENT),
        ("90", "优", CONSISTENT),
        ("90", "良", CONSISTENT), // 90 stands for 89.5, too
        ("90.0", "良", CONSISTENT),
        ("90.1", "良", INCONSISTENT),
        ("89.6", "优", CONSISTENT), // by whole points
        ("89.50", "优", CONSISTENT),
        ("89.4", "优", INCONSISTENT),
        ("84.47", "优", INCONSISTENT),
        ("84.47", "良", CONSISTENT),
        ("79", "良", INCONSISTENT),
        ("60", "中", CONSISTENT),
        ("59", "差", CONSISTENT),
        ("61", "差", INCONSISTENT),
        ("97", "合格", UNVERIFIABLE),
        ("", "优", UNVERIFIABLE),
        ("不详", "优", UNVERIFIABLE),
        ("97", "—", None),
    ] {
        let form = Builder::new().field("total_score", total).field("grade", grade);
        assert_eq!(form.verdict("grade.band", "fields.grade"), None, "without a rule: {total} {grade}");
        let form = form.rule("grade.band", grades);
        assert_eq!(form.verdict("grade.band", "fields.grade"), expected, "{total} {grade}");
    }
    let blank = Builder::new().field("grade", "优").rule("grade.band", grades);
    let message = blank.check("grade.band", "fields.grade").unwrap().message;
    assert!(message.en.contains("total score is blank"), "the grade stands in its row: {}", message.en);
    let rounded = Builder::new().field("self_score", "89.6").field("grade", "优").rule("grade.band", grades);
    assert_eq!(rounded.check("grade.band", "fields.grade").unwrap().severity, Severity::Info);
}

#[test]
fn a_grade_goes_by_the_share_of_the_whole() {
    for (total, whole, grade, expected) in [
        ("76", "80", "优", CONSISTENT),
        ("76", "80", "中", INCONSISTENT),
        ("76", "100", "中", CONSISTENT),
        ("76", "0", "优", UNVERIFIABLE),
    ] {
        let form = Builder::new().field("total_score", total).field("total_weight", whole).field("grade", grade);
        assert_eq!(form.rule("grade.band", grades).verdict("grade.band", "fields.grade"), expected, "{total} {whole}");
    }
}

#[test]
fn a_tier_phrase_agrees_with_its_score() {
    for (actual, weight, score, expected) in [
        ("达成预期指标", "10", "10", CONSISTENT),
        ("达成预期指标", "10", "8", CONSISTENT), // 80 % included
        ("达成预期指标", "10", "7.9", INCONSISTENT),
        ("达成预期指标", "10", "7", INCONSISTENT),
        ("达成年度指标", "5", "4.0", CONSISTENT),
        ("达成预期指标", "3", "2", CONSISTENT), // up to 2.5 of 3 round to 2
        ("部分达成预期指标并具有一定效果", "10", "6", CONSISTENT),
        ("部分达成预期指标并具有一定效果", "10", "5", CONSISTENT),
        ("部分达成预期指标并具有一定效果", "10", "4.9", INCONSISTENT),
        ("部分达成预期指标并具有一定效果", "10", "8", CONSISTENT), // 7.5 to 8.5
        ("部分达成预期指标并具有一定效果", "10", "8.0", CONSISTENT),
        ("部分达成预期指标并具有一定效果", "10", "8.1", INCONSISTENT),
        ("部分达成预期指标并具有一定效果", "10", "10", INCONSISTENT),
        ("未达成预期指标且效果较差", "10", "0", CONSISTENT),
        ("未达成预期指标且效果较差", "10", "9", INCONSISTENT),
        // All of the points are all of them, whatever they round to.
        ("未达成预期指标且效果较差", "1", "1", INCONSISTENT),
        ("部分达成预期指标并具有一定效果", "2", "2", INCONSISTENT),
        ("达成预期指标", "1", "1", CONSISTENT),
        ("达成预期指标", "10", "", UNVERIFIABLE),
        ("达成预期指标", "—", "8", UNVERIFIABLE),
        ("完成", "10", "2", None),
        ("100%", "10", "2", None),
    ] {
        let cells = format!("name:甲 target:显著 actual:{actual} weight:{weight} score:{score}");
        let form = Builder::new().row("indicators", &cells);
        let at = "tables.indicators[0].score";
        assert_eq!(form.verdict("indicator.tier", at), None, "without a rule: {cells}");
        assert_eq!(form.rule("indicator.tier", phrases).verdict("indicator.tier", at), expected, "{cells}");
    }
    // Points of several rows say nothing of one of them.
    let shared = Builder::new()
        .row("indicators", "name:甲 actual:达成预期指标 weight:10 score:5")
        .row("indicators", "name:乙 actual:达成预期指标 weight:10 score:^0")
        .rule("indicator.tier", phrases);
    assert_eq!(shared.verdict("indicator.tier", "tables.indicators[0].score"), None);
}

#[test]
fn printed_instructions_are_no_values() {
    let rule = |rule: &mut Rule| rule.words = vec!["(100字以内)".into(), "**".into()];
    for (text, expected) in
        [("说明完成情况（100 字以内）", INCONSISTENT), ("场地≥**平方米", INCONSISTENT), ("已按期完成", CONSISTENT)]
    {
        let form = Builder::new().field("issues", text);
        assert_eq!(form.verdict("form.placeholder", "fields.issues"), None);
        assert_eq!(
            form.rule("form.placeholder", rule).verdict("form.placeholder", "fields.issues"),
            expected,
            "{text}"
        );
    }
    let form = Builder::whole().cell("goals", 0, "actual", "**").rule("form.placeholder", rule);
    assert_eq!(form.findings(), [("form.placeholder".into(), "tables.goals[0].actual".into())]);
    assert!(Builder::new().field("issues", "").rule("form.placeholder", rule).audit().is_empty());
}

#[test]
fn dates_lie_in_the_year_of_the_form() {
    for (target, expected) in [
        ("2020-12", CONSISTENT),
        ("2020-11-30", CONSISTENT),
        ("2019-12", INCONSISTENT),
        ("2021-01-31", INCONSISTENT),
        ("2019-06/2021-06", CONSISTENT),
        ("2018-06/2019-06", INCONSISTENT),
        ("--12", None),
        ("5场", None),
        ("显著", None),
        ("力争2020年底前完成", CONSISTENT),
        ("力争2019年底前完成", INCONSISTENT),
        ("从2018—2021年逐年提高", CONSISTENT),
        ("长2000米", None),
        ("第12020年", None),
    ] {
        let form = Builder::new().field("year", "2020").row("indicators", &format!("name:甲 target:{target}"));
        let at = "tables.indicators[0].target";
        assert_eq!(form.verdict("form.period", at), expected, "{target}");
        assert_eq!(form.without("year").verdict("form.period", at), None, "{target}");
    }
    let form = |goal: &str| Builder::new().field("year", "2020").row("goals", &format!("planned:{goal}"));
    let at = "tables.goals[0].planned";
    assert_eq!(form("要在2019年完成改造。").verdict("form.period", at), INCONSISTENT);
    assert_eq!(form("在2019年基础上，2020年完成改造。").verdict("form.period", at), CONSISTENT);
    assert_eq!(form("完成改造5000处。").verdict("form.period", at), None);
    assert_eq!(form("要在2019年完成改造。").check("form.period", at).unwrap().severity, Severity::Info);
}

#[test]
fn a_form_is_filled_in_after_its_year_began() {
    for (date, expected) in
        [("2021-03-01", CONSISTENT), ("2020-12", CONSISTENT), ("2019-12-31", INCONSISTENT), ("", None)]
    {
        let form = Builder::new().field("year", "2020").field("filled_on", date);
        assert_eq!(form.verdict("form.period", "fields.filled_on"), expected, "{date}");
    }
    let absurd = Builder::new().field("year", "20200").field("filled_on", "2019-12-31");
    assert_eq!(absurd.verdict("form.period", "fields.filled_on"), None);
}

#[test]
fn rules_that_a_form_prints_come_first() {
    let note = "说明：得分=20分×执行率，最高不超过20分；其他。";
    let form = Builder::whole()
        .field("notes", note)
        .rule("budget.score", |rule| rule.id = "province/rate".into())
        .rule("budget.score", |rule| {
            rule.id = "form/rate".into();
            rule.printed = vec!["得分＝20分 × 执行率".into()];
        });
    let at = "tables.budget[0].score";
    let check = form.check("budget.score", at).unwrap();
    assert_eq!(check.policy.as_deref(), Some("form/rate"));
    assert_eq!(check.basis.as_deref(), Some("printed on the form: “说明：得分=20分×执行率，最高不超过20分”"));
    let check = form.without("notes").check("budget.score", at).unwrap();
    assert_eq!(check.policy.as_deref(), Some("province/rate"));
    assert_eq!(check.basis.as_deref(), Some("a rule for tests"));
}

/// Notes as forms print them, wrapped by their cells, each with what it governs and a form that breaks it.
#[test]
fn notes_of_forms_govern_them() {
    let builtin = crate::pattern::Patterns::builtin();
    let form = |note: &str| {
        let cells = "level1:产出指标 level2:数量指标 target:≥100场 note: weight:10";
        Builder::new()
            .field("total_score", "84.5")
            .field("total_weight", "100")
            .field("grade", "优")
            .row("budget", "source:总额 budgeted:80 executed:60 rate:75% weight:10 score:7.5 note:")
            .row("indicators", &format!("{cells} name:场次 actual:80场 score:9"))
            .row("indicators", &format!("{cells} name:成效 actual:部分达成预期指标 score:5.5"))
            .field("notes", note)
    };
    let (score, tier) = ("tables.indicators[0].score", "tables.indicators[1].score");
    let (budget, reason) = ("tables.budget[0].note", "tables.indicators[0].note");
    for (note, rule, check, at) in [
        ("未达标的定量指标按完成比例计\n分。", "note/share-reached", "indicator.score", score),
        ("未完成目标的须说明原因及\n改进措施。", "note/reason", "indicator.note", reason),
        ("预算执行率低于９０％的，应说明原因", "note/rate-reason", "budget.note", budget),
        ("分值区间100-80%（含80%）、80-60%（含60%）、60-0%", "note/tiers-80-60", "indicator.tier", tier),
        ("本表满分100分，90分（含）以上为优，80—90分为良，60—80分\n为中", "note/grades", "grade.band", "fields.grade"),
    ] {
        for id in ["mof-project", "hubei-project", "yunnan-project", "sichuan-project", "beijing-project"] {
            let pattern = builtin.get(id).unwrap();
            let found = form(note).under(pattern).check(check, at).unwrap_or_else(|| panic!("{id}: {note}"));
            assert_eq!((found.policy.as_deref(), found.verdict), (Some(rule), Verdict::Inconsistent), "{id}: {note}");
            assert!(found.basis.unwrap().starts_with("printed on the form: “"), "{id}: {note}");
            let silent = form("其他说明").under(pattern).check(check, at);
            assert_ne!(silent.and_then(|check| check.policy).as_deref(), Some(rule), "{id}: {note}");
        }
    }
    // The border between the tiers is the form's own, whatever its family has.
    let fifty = "定性指标分为三档，分别按80%—100%、50%—80%、0—50%计分。";
    for id in ["mof-project", "sichuan-project"] {
        let found = form(fifty).under(builtin.get(id).unwrap()).check("indicator.tier", tier).unwrap();
        assert_eq!((found.policy.as_deref(), found.verdict), (Some("note/tiers-80-50"), Verdict::Consistent), "{id}");
    }
    // Remarks in the budget print rules as notes do; the filer's own prose does not.
    let remark = "执行率低于90%的，应说明原因";
    let printed = form("无").cell("budget", 0, "initial", "80").cell("budget", 0, "weight_note", remark);
    let found = printed.under(builtin.get("mof-project").unwrap()).check("budget.note", budget);
    assert_eq!(found.and_then(|check| check.policy).as_deref(), Some("note/rate-reason"));
    let prose = form("无").cell("indicators", 1, "note", remark);
    assert_eq!(prose.under(builtin.get("mof-project").unwrap()).verdict("budget.note", budget), None);
}

#[test]
fn a_source_is_quoted_in_the_language_of_the_report() {
    let form = Builder::whole().rule("budget.score", |_| {});
    let basis = |lang| {
        let checks = crate::audit::audit(&form.form, &form.pattern, lang);
        checks.into_iter().find(|check| check.id == "budget.score").unwrap().basis.unwrap()
    };
    assert_eq!(basis(crate::message::Lang::Zh), "测试规则");
    assert_eq!(basis(crate::message::Lang::En), "a rule for tests");
}

#[test]
fn a_number_is_no_instruction() {
    let form =
        Builder::new().field("total_score", "100").rule("form.placeholder", |rule| rule.words = vec!["100".into()]);
    assert!(matches!(form.form.fields["total_score"].value, Datum::Number(_)));
    assert_eq!(form.verdict("form.placeholder", "fields.total_score"), CONSISTENT);
}

#[test]
fn what_character_recognition_read_is_no_error() {
    use crate::record::Where;
    let form = Builder::whole().field("self_score", "90").change("budget", 0, "score", |value| {
        value.place = Where::Page { page: 2, bbox: [0.0, 0.0, 1.0, 1.0] };
    });
    for (pages, severity) in [(&[2][..], Severity::Warning), (&[3], Severity::Error), (&[], Severity::Error)] {
        let mut checks = form.audit();
        crate::audit::soften(&form.form, &mut checks, &pages.iter().copied().collect());
        let total = checks.iter().find(|check| check.id == "total.score").unwrap();
        assert_eq!((total.verdict, total.severity), (Verdict::Inconsistent, severity), "{pages:?}");
    }
}
