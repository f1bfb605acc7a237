//! What might be meant.

use crate::audit::testing::{Builder, is_worded};
use crate::record::Verdict;

fn scored(total: &str) -> Builder {
    Builder::new()
        .field("budget_weight", "10")
        .field("total_score", total)
        .row("budget", "source:总额 budgeted:60.00 executed:54.00 rate:90% score:9")
        .row("indicators", "name:甲 weight:50 score:47.5")
        .row("indicators", "name:乙 weight:40 score:38")
}

fn hint(form: &Builder, id: &str, at: &str) -> Option<String> {
    let check = form.check(id, at).unwrap();
    assert_eq!(check.verdict, Verdict::Inconsistent);
    assert!(check.hint.iter().all(is_worded), "{:?}", check.hint);
    check.hint.map(|hint| hint.en)
}

#[test]
fn one_slip_that_explains_a_total_is_named() {
    for (total, expected) in [
        ("85.5", Some("85.5 is just the sum without the score of “总额”, 9.")),
        ("56.5", Some("56.5 is just the sum without the score of “乙”, 38.")),
        ("132.5", Some("132.5 is just the sum with the score of “乙”, 38, counted twice.")),
        ("49.5", Some("all figures would agree if total score, 49.5, were 94.5 (two digits swapped).")),
        ("945", Some("all figures would agree if total score, 945, were 94.5 (its decimal point moved).")),
        ("71", None),
    ] {
        assert_eq!(hint(&scored(total), "total.score", "fields.total_score").as_deref(), expected, "{total}");
    }
}

#[test]
fn amounts_in_different_steps_are_named() {
    let form = Builder::new()
        .field("budget_weight", "10")
        .row("budget", "source:总额 budgeted:600000.00 executed:54.00 rate:90% score:9");
    // Either amount may be the one that is off.
    assert_eq!(hint(&form, "budget.rate", "tables.budget[0].rate"), None);
    let form = scored("94.5").cell("budget", 0, "executed", "45.00");
    let expected = "all figures would agree if the executed amount of “总额”, 45.00, were 54.00 (two digits swapped).";
    assert_eq!(hint(&form, "budget.rate", "tables.budget[0].rate").as_deref(), Some(expected));
    assert_eq!(hint(&form, "budget.score", "tables.budget[0].score").as_deref(), Some(expected));
}

#[test]
fn a_sum_of_what_is_wrong_itself_has_no_hint() {
    let form = |block: &str| {
        Builder::new()
            .field("total_weight", "100")
            .field("indicators_weight", block)
            .row("budget", "source:总额 budgeted:60 executed:60 weight:10 rate:100% score:10")
            .row("indicators", "name:甲 weight:50 score:50")
            .row("indicators", "name:乙 weight:40 score:40")
    };
    assert!(form("90").audit().iter().all(|check| check.verdict == Verdict::Consistent));
    // 100 is 10 and 80 with 10 counted twice; yet it is 80 that is wrong.
    assert_eq!(hint(&form("80"), "indicators.weight", "fields.indicators_weight"), None);
    assert_eq!(hint(&form("80"), "total.weight", "fields.total_weight"), None);
}

#[test]
fn two_explanations_are_none() {
    let twins = Builder::new()
        .field("total_score", "10")
        .row("indicators", "name:甲 score:10")
        .row("indicators", "name:乙 score:10");
    assert_eq!(hint(&twins, "total.score", "fields.total_score"), None);
}

#[test]
fn a_hint_corrects_nothing() {
    let check = scored("85.5").check("total.score", "fields.total_score").unwrap();
    assert_eq!(check.stated.number().map(|stated| stated.to_string()).as_deref(), Some("85.5"));
    assert!(scored("94.5").audit().iter().all(|check| check.hint.is_none()));
}

#[test]
fn a_figure_of_which_the_checks_give_up_explains_nothing() {
    // In a text a part above its whole is taken for another's, so that 9 as 900 would leave nothing to be wrong.
    for total in ["49.5", "945"] {
        let hint = hint(&scored(total).in_text(), "total.score", "fields.total_score");
        assert!(hint.is_some_and(|hint| hint.contains("were 94.5")), "{total}");
    }
}

#[test]
fn nobody_writes_a_nought_in_front_and_points_are_no_shares() {
    let form = |total: &str, score: &str| {
        Builder::new()
            .field("total_score", total)
            .row("indicators", "name:甲 weight:90 score:90")
            .row("indicators", &format!("name:乙 weight:10 score:{score}"))
    };
    let expected = "all figures would agree if total score, 1000, were 100 (its decimal point moved).";
    assert_eq!(hint(&form("1000", "10"), "total.score", "fields.total_score").as_deref(), Some(expected));
    assert_eq!(hint(&form("90.1", "10"), "total.score", "fields.total_score"), None);
}
