//! What stands in a form twice makes no sum wrong.

use crate::audit::testing::Builder;
use crate::record::Verdict;

const INCONSISTENT: Option<Verdict> = Some(Verdict::Inconsistent);
const UNVERIFIABLE: Option<Verdict> = Some(Verdict::Unverifiable);

/// A form with sources of its money whose every sum is wrong.
fn wrong() -> Builder {
    Builder::whole()
        .row("budget", "source:财政资金 budgeted:50 executed:50")
        .row("budget", "source:其他资金 budgeted:40 executed:30")
        .field("self_score", "80")
        .field("indicators_score", "50")
}

/// The verdicts on the sums of a form in a text.
fn verdicts(form: &Builder) -> [Option<Verdict>; 3] {
    let form = form.clone().in_text();
    [
        form.verdict("budget.total", "tables.budget[0].budgeted"),
        form.verdict("indicators.score", "fields.indicators_score"),
        form.verdict("total.score", "fields.self_score"),
    ]
}

#[test]
fn sums_over_a_part_that_stands_there_twice_are_unverifiable() {
    assert_eq!(verdicts(&wrong()), [INCONSISTENT; 3]);
    let mut repeated = wrong();
    repeated.form.repeated.push("goals".into());
    assert_eq!(verdicts(&repeated), [UNVERIFIABLE; 3]);
    assert_eq!(repeated.verdict("total.score", "fields.self_score"), INCONSISTENT, "pages show what stands where");
    let total = wrong().row("budget", "source:总额 budgeted:80 executed:80 rate:100% score:20");
    assert_eq!(verdicts(&total), [UNVERIFIABLE; 3]);
    let row = wrong().row("indicators", "level1:产出指标 name:场次 target:≥5场 actual:5场 note: score:30");
    assert_eq!(verdicts(&row), [UNVERIFIABLE; 3]);
}

#[test]
fn rows_that_are_only_alike_are_two() {
    for row in [
        "name:场次 target:≥6场 actual:5场 score:30",
        "name:场次 target:≥5场 actual:6场 score:30",
        "name: target:≥5场 actual:5场 score:30",
        "goal:#2 name:场次 target:≥5场 actual:5场 score:30",
    ] {
        assert_eq!(verdicts(&wrong().row("indicators", row))[2], INCONSISTENT, "{row}");
    }
}

#[test]
fn the_total_once_more_is_no_source() {
    let form = |second: &str| Builder::new().row("budget", "source:总额： budgeted:80").row("budget", second);
    assert_eq!(form("source:总额： budgeted:90").verdict("budget.total", "tables.budget[0].budgeted"), None);
    assert_eq!(form("source:其他 budgeted:90").verdict("budget.total", "tables.budget[0].budgeted"), INCONSISTENT);
}

#[test]
fn a_sum_that_is_just_twice_as_much_counts_something_twice() {
    let form = |last: &str| {
        Builder::new()
            .field("indicators_score", "60")
            .row("indicators", "name:甲 score:30")
            .row("indicators", "name:乙 score:30")
            .row("indicators", &format!("name:丙 score:{last}"))
    };
    for (last, expected) in [("60", UNVERIFIABLE), ("59", INCONSISTENT), ("58", INCONSISTENT)] {
        assert_eq!(form(last).in_text().verdict("indicators.score", "fields.indicators_score"), expected, "{last}");
    }
}

#[test]
fn what_rests_on_the_points_of_a_repeated_block_is_unverifiable() {
    let mut form = Builder::whole().cell("indicators", 0, "actual", "4场").in_text();
    let target = "tables.indicators[0].actual";
    assert_eq!(form.verdict("indicator.target", target), INCONSISTENT);
    form.form.repeated.push("indicators".into());
    assert_eq!(form.verdict("indicator.target", target), UNVERIFIABLE);
}
