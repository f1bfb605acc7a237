//! Questions that filled-in forms have settled, one test each.

use crate::audit::settle_rates;
use crate::audit::testing::Builder;
use crate::record::{Cell, Verdict};

fn budget(cells: &str) -> Builder {
    Builder::new().field("budget_weight", "10").row("budget", &format!("source:年度资金总额 {cells}"))
}

fn of_rate(form: &Builder) -> Option<Verdict> {
    form.verdict("budget.rate", "tables.budget[0].rate")
}

fn of_score(form: &Builder) -> Option<Verdict> {
    form.verdict("budget.score", "tables.budget[0].score")
}

#[test]
fn spending_over_the_budget_earns_the_weight_and_no_more() {
    assert_eq!(of_score(&budget("budgeted:100.0 executed:103.0 rate:103% score:10")), Some(Verdict::Consistent));
    assert_eq!(of_rate(&budget("budgeted:100.0 executed:103.0 rate:103% score:10")), Some(Verdict::Consistent));
    assert_eq!(of_score(&budget("budgeted:100.0 executed:103.0 rate:103% score:10.3")), Some(Verdict::Inconsistent));
}

#[test]
fn a_bare_rate_is_a_percentage_or_a_fraction_as_the_amounts_say() {
    for (cells, percent) in [("budgeted:60 executed:15 rate:25", "25"), ("budgeted:60 executed:60 rate:1", "100")] {
        let mut form = budget(cells);
        settle_rates(&mut form.form, &form.pattern);
        assert_eq!(of_rate(&form), Some(Verdict::Consistent), "{cells}");
        let Some(Cell::Value(rate)) = form.form.tables["budget"][0].get("rate") else { panic!("{cells}") };
        assert_eq!(rate.percent.map(|percent| percent.0.to_string()).as_deref(), Some(percent), "{cells}");
    }
}

#[test]
fn whole_percents_and_whole_points_are_roundings() {
    let form = budget("budgeted:60 executed:52.1 rate:87% score:9");
    assert_eq!((of_rate(&form), of_score(&form)), (Some(Verdict::Consistent), Some(Verdict::Consistent)));
}

#[test]
fn a_merged_score_counts_once() {
    let form = Builder::new()
        .field("total_score", "20")
        .row("indicators", "name:甲 weight:10 score:20")
        .row("indicators", "name:乙 weight:10 score:^0");
    assert_eq!(form.verdict("total.score", "fields.total_score"), Some(Verdict::Consistent));
    assert_eq!(form.verdict("indicator.score", "tables.indicators[1].score"), None);
}

#[test]
fn points_repeated_beside_a_source_count_once() {
    let form = budget("budgeted:60 executed:60 rate:100% weight:10 score:10")
        .row("budget", "source:其中：本年财政拨款 budgeted:60 executed:60 rate:100% weight:10 score:10")
        .row("indicators", "name:甲 weight:90 score:90")
        .field("total_score", "100")
        .field("total_weight", "100");
    assert_eq!(form.findings(), []);
}

#[test]
fn strokes_for_weight_and_score_are_no_points() {
    let form = budget("budgeted:60 executed:60 rate:100% weight:10 score:10")
        .row("budget", "source:其他资金 budgeted:0 executed:0 rate:/ weight:/ score:/")
        .row("indicators", "name:甲 weight:90 score:90")
        .field("total_score", "100")
        .field("total_weight", "100");
    assert_eq!(form.findings(), []);
    assert_eq!(form.verdict("budget.score", "tables.budget[1].score"), None);
}

#[test]
fn a_blank_budget_score_leaves_the_total_open_and_the_weights_wrong() {
    let form = budget("budgeted:60 executed:60 rate:100% weight: score:")
        .row("indicators", "name:甲 weight:50 score:50")
        .row("indicators", "name:乙 weight:50 score:50")
        .field("total_score", "100")
        .field("total_weight", "100");
    assert_eq!(of_score(&form), Some(Verdict::Unverifiable));
    assert_eq!(form.verdict("total.score", "fields.total_score"), Some(Verdict::Unverifiable));
    assert_eq!(form.verdict("total.weight", "fields.total_weight"), Some(Verdict::Inconsistent));
}

#[test]
fn a_total_without_the_scored_budget_is_wrong() {
    let form = budget("budgeted:60 executed:60 rate:100% score:10")
        .row("indicators", "name:甲 weight:90 score:88")
        .field("total_score", "88");
    assert_eq!(form.verdict("total.score", "fields.total_score"), Some(Verdict::Inconsistent));
}

#[test]
fn nought_of_nought_is_no_rate() {
    for rate in ["0%", "100%", "0"] {
        let form = budget(&format!("budgeted:0 executed:0 rate:{rate} score:10"));
        assert_eq!((of_rate(&form), of_score(&form)), (Some(Verdict::Unverifiable), Some(Verdict::Unverifiable)));
    }
}
