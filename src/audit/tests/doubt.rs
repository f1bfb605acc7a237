//! What a text does not show for certain is held against nobody; in a PDF, whose cells are known, it is.

use crate::audit::testing::Builder;
use crate::record::{Inferred, Severity, Unmatched, Verdict, Where};

const INCONSISTENT: Option<Verdict> = Some(Verdict::Inconsistent);
const UNVERIFIABLE: Option<Verdict> = Some(Verdict::Unverifiable);

/// A form whose total is wrong.
fn wrong_total() -> Builder {
    Builder::whole().field("self_score", "90").field("project", "修路")
}

fn total(form: &Builder) -> Option<Verdict> {
    form.verdict("total.score", "fields.self_score")
}

fn stray(line: u32, text: &str) -> Unmatched {
    Unmatched { text: text.into(), place: Where::Text { line, columns: [9, 10], last_line: None } }
}

#[test]
fn sums_of_a_form_that_is_not_whole_are_unverifiable() {
    assert_eq!(total(&wrong_total()), INCONSISTENT);
    let mut cut = wrong_total();
    cut.form.missing.push("goals".into());
    assert_eq!(total(&cut), UNVERIFIABLE);
    let mut loose = wrong_total();
    loose.form.unmatched.push(stray(99, "10"));
    assert_eq!(total(&loose), UNVERIFIABLE);
    let mut words = wrong_total();
    words.form.unmatched.push(stray(99, "盖章"));
    assert_eq!(total(&words), INCONSISTENT);
}

#[test]
fn a_figure_beside_one_without_a_place_may_be_exchanged() {
    let mut form = Builder::whole().in_text().cell("budget", 0, "rate", "90%").in_text();
    assert_eq!(form.verdict("budget.rate", "tables.budget[0].rate"), INCONSISTENT);
    let Some(Where::Text { line, .. }) = form.form.value("tables.budget[0].rate").map(|value| value.place.clone())
    else {
        panic!("in a text")
    };
    form.form.unmatched.push(stray(line, "100%"));
    assert_eq!(form.verdict("budget.rate", "tables.budget[0].rate"), UNVERIFIABLE);
    let unsure = Builder::whole().cell("budget", 0, "rate", "90%").in_text();
    let unsure = unsure.change("budget", 0, "score", |value| value.confidence = 0.1);
    assert_eq!(unsure.verdict("budget.rate", "tables.budget[0].rate"), UNVERIFIABLE);
}

#[test]
fn a_figure_torn_over_two_lines_of_a_text_may_be_two() {
    let figure = |value: &mut crate::record::Value| value.raw = "40\n0".into();
    let form = Builder::whole().cell("budget", 0, "executed", "40").change("budget", 0, "executed", figure);
    assert_eq!(form.verdict("budget.rate", "tables.budget[0].rate"), INCONSISTENT);
    assert_eq!(form.in_text().verdict("budget.rate", "tables.budget[0].rate"), UNVERIFIABLE);
    // A heading that runs downwards tears its figure at every sign.
    let downwards = |value: &mut crate::record::Value| value.raw = "4\n0".into();
    let form = Builder::whole().cell("budget", 0, "executed", "40").change("budget", 0, "executed", downwards);
    assert_eq!(form.in_text().verdict("budget.rate", "tables.budget[0].rate"), INCONSISTENT);
    // A unit on the next line tears no figure.
    let unit = |value: &mut crate::record::Value| value.raw = "40\n万元".into();
    let form = Builder::whole().cell("budget", 0, "executed", "40").change("budget", 0, "executed", unit).in_text();
    assert_eq!(form.verdict("budget.rate", "tables.budget[0].rate"), INCONSISTENT);
}

#[test]
fn a_part_larger_than_its_whole_is_misplaced() {
    let form = Builder::new().field("indicators_score", "5").row("indicators", "name:甲 score:59");
    assert_eq!(form.verdict("indicators.score", "fields.indicators_score"), INCONSISTENT);
    assert_eq!(form.in_text().verdict("indicators.score", "fields.indicators_score"), UNVERIFIABLE);
    let form = Builder::whole()
        .field("indicators_weight", "6059")
        .rule("total.weight", |rule| rule.threshold = Some(rust_decimal::Decimal::ONE_HUNDRED));
    assert_eq!(form.verdict("total.weight", "fields.budget_weight"), INCONSISTENT);
    assert_eq!(form.in_text().verdict("total.weight", "fields.budget_weight"), UNVERIFIABLE);
}

#[test]
fn what_rests_on_a_misplaced_sum_is_unverifiable() {
    let form =
        Builder::new().field("self_score", "59").field("indicators_score", "5").row("indicators", "name:甲 score:59");
    assert_eq!(total(&form), INCONSISTENT);
    assert_eq!(total(&form.in_text()), UNVERIFIABLE);
}

#[test]
fn a_weight_of_a_text_may_not_have_been_read() {
    let rule = |rule: &mut crate::pattern::Rule| rule.threshold = Some(rust_decimal::Decimal::ONE_HUNDRED);
    let form = Builder::whole().without("goals_weight").rule("total.weight", rule);
    assert_eq!(form.verdict("total.weight", "fields.budget_weight"), INCONSISTENT);
    assert_eq!(form.clone().in_text().verdict("total.weight", "fields.budget_weight"), UNVERIFIABLE);
    let stated = form.field("total_weight", "100").in_text();
    assert_eq!(stated.verdict("total.weight", "fields.total_weight"), INCONSISTENT);
}

#[test]
fn rates_of_one_budget_are_written_alike() {
    let form = |rate: &str| {
        Builder::new()
            .row("budget", "source:总额 budgeted:60 executed:30 rate:50%")
            .row("budget", &format!("source:其中 budgeted:60 executed:30 rate:{rate}"))
    };
    let at = "tables.budget[1].rate";
    assert_eq!(form("61").verdict("budget.rate", at), INCONSISTENT);
    assert_eq!(form("61").in_text().verdict("budget.rate", at), UNVERIFIABLE);
    assert_eq!(form("61%").in_text().verdict("budget.rate", at), INCONSISTENT);
    assert_eq!(form("50").in_text().verdict("budget.rate", at), Some(Verdict::Consistent));
}

#[test]
fn a_row_that_lacks_an_amount_may_be_shifted() {
    let form = |initial: &str| {
        Builder::new()
            .field("budget_weight", "10")
            .row("budget", &format!("source:总额 initial:{initial} budgeted:60.0 executed:60.0 rate:68% score:6.8"))
    };
    for (id, at) in [("budget.rate", "tables.budget[0].rate"), ("budget.score", "tables.budget[0].score")] {
        assert_eq!(form("").verdict(id, at), INCONSISTENT);
        assert_eq!(form("").in_text().verdict(id, at), UNVERIFIABLE);
        assert_eq!(form("60.0").in_text().verdict(id, at), INCONSISTENT);
    }
}

#[test]
fn a_blank_cell_of_a_text_may_belong_to_the_row_beside() {
    let form = |first: &str, second: &str| {
        Builder::new()
            .require(&[], "actual")
            .row("indicators", &format!("name:甲 actual:{first}"))
            .row("indicators", &format!("name:乙 actual:{second}"))
    };
    let at = "tables.indicators[1].actual";
    assert_eq!(form("5场", "").verdict("form.complete", at), INCONSISTENT);
    assert_eq!(form("5场", "").in_text().verdict("form.complete", at), UNVERIFIABLE);
    // A stroke was written, and a column without anything has nothing to exchange.
    assert_eq!(form("5场", "—").in_text().verdict("form.complete", at), INCONSISTENT);
    assert_eq!(form("", "").in_text().verdict("form.complete", "tables.indicators[0].actual"), INCONSISTENT);
}

#[test]
fn a_place_without_text_hides_nothing() {
    let form = Builder::new().require(&["project"], "actual").field("project", "").field("phone", "");
    let mut form = form;
    form.form.fields["phone"].confidence = 0.0;
    assert_eq!(form.verdict("form.complete", "fields.project"), INCONSISTENT);
    form = form.field("phone", "李强");
    form.form.fields["phone"].confidence = 0.3;
    assert_eq!(form.verdict("form.complete", "fields.project"), UNVERIFIABLE);
}

#[test]
fn an_inferred_figure_is_no_proof_and_says_so() {
    let form = wrong_total().change("goals", 0, "score", |value| value.inferred = Some(Inferred::Arithmetic));
    let check = form.check("total.score", "fields.self_score").unwrap();
    assert_eq!((check.verdict, check.severity), (Verdict::Unverifiable, Severity::Error));
    assert!(check.message.en.contains("which is doubtful"), "{}", check.message.en);
}

#[test]
fn an_amount_that_recognition_misread_is_nobodys_mistake() {
    let form = |rate: &str, score: &str| {
        Builder::new()
            .field("budget_weight", "10")
            .row("budget", &format!("source:总额 budgeted:17241.24 executed:1269.72 rate:{rate} score:{score}"))
    };
    for (rate, score, expected) in [
        ("73.8%", "7.38", Verdict::Unverifiable),
        ("73.8%", "10", Verdict::Inconsistent),
        ("73.8%", "0.74", Verdict::Inconsistent),
    ] {
        let form = form(rate, score);
        let mut checks = form.audit();
        crate::audit::soften(&form.form, &mut checks, &[1].into());
        let of_rate = checks.iter().find(|check| check.id == "budget.rate").unwrap();
        assert_eq!(of_rate.verdict, expected, "{rate} {score}");
        assert_eq!(form.verdict("budget.rate", "tables.budget[0].rate"), INCONSISTENT);
    }
}

#[test]
fn what_cannot_be_the_name_explains_no_blank() {
    let form = |id: &str, raw: &str| {
        let mut form = Builder::new().require(&["project", "title"], "actual").field("project", "").field(id, raw);
        let crate::pattern::Body::Fields(fields) = &mut form.pattern.sections[0].body else { panic!("fields") };
        fields[1].words = vec![crate::pattern::Template::parse("{year}年度项目自评表").unwrap()];
        form.form.fields[id].confidence = 0.3;
        form.verdict("form.complete", "fields.project")
    };
    for (id, raw, expected) in [
        ("title", "2021年度项目自评表", INCONSISTENT),
        ("title", "修路项目2021年度自评表", UNVERIFIABLE),
        ("self_score", "98.5", INCONSISTENT),
        ("deviation", "部分设备到货较晚。", INCONSISTENT),
        ("deviation", "农村公路养护", UNVERIFIABLE),
        ("deviation", "——", INCONSISTENT),
    ] {
        assert_eq!(form(id, raw), expected, "{id} {raw}");
    }
}
