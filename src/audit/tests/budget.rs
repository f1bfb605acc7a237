use rust_decimal::Decimal;

use crate::audit::settle_rates;
use crate::audit::testing::Builder;
use crate::record::{Cell, Datum, Figure, Inferred, Severity, Verdict};

const RATE: &str = "tables.budget[0].rate";
const SCORE: &str = "tables.budget[0].score";

fn form(cells: &str) -> Builder {
    Builder::new().field("budget_weight", "20").row("budget", cells)
}

#[test]
fn rates_follow_from_the_amounts() {
    for (cells, expected) in [
        ("budgeted:31.7 executed:14.79 rate:46.66%", Verdict::Consistent),
        ("budgeted:60 executed:52.1 rate:87%", Verdict::Consistent),
        ("budgeted:712.00 executed:712.00 rate:108.00%", Verdict::Inconsistent),
        ("budgeted:60 executed:15 rate:25", Verdict::Consistent),
        ("budgeted:60 executed:60 rate:1", Verdict::Consistent),
        ("budgeted:60 executed:30 rate:1", Verdict::Inconsistent),
        ("budgeted:60.00 executed:30.00 rate:0.5", Verdict::Consistent),
        ("budgeted:60.00 executed:30.00 rate:0.7", Verdict::Inconsistent),
        // 50.00 of 60.00: from 83.318… to 83.348… percent
        ("budgeted:60.00 executed:50.00 rate:83.35%", Verdict::Consistent),
        ("budgeted:60.00 executed:50.00 rate:83.36%", Verdict::Inconsistent),
        ("budgeted:60.00 executed:50.00 rate:83.31%", Verdict::Consistent),
        ("budgeted:60.00 executed:50.00 rate:83.30%", Verdict::Inconsistent),
        ("budgeted:0 executed:0 rate:0%", Verdict::Unverifiable),
        ("budgeted:0 executed:5 rate:100%", Verdict::Unverifiable),
        ("budgeted:60 executed: rate:100%", Verdict::Unverifiable),
        ("budgeted:60 executed:60 rate:", Verdict::Unverifiable),
        ("budgeted:60 executed:众多 rate:100%", Verdict::Unverifiable),
        ("budgeted:60 rate:100%", Verdict::Unverifiable),
        // nothing written, or a stroke
        ("budgeted:/ executed:/ rate:100%", Verdict::Unverifiable),
        ("budgeted:/ executed:/ rate:/", Verdict::Unverifiable),
        ("budgeted: executed: rate:", Verdict::Unverifiable),
        // 2000.00 of 3000.00 cut off, and one less
        ("budgeted:3000.00 executed:2000.00 rate:66.66%", Verdict::Consistent),
        ("budgeted:3000.00 executed:2000.00 rate:66.65%", Verdict::Inconsistent),
        // the same steps, different steps, different things
        ("budgeted:60万元 executed:30万元 rate:50%", Verdict::Consistent),
        ("budgeted:60.0万元 executed:300000元 rate:50%", Verdict::Consistent),
        ("budgeted:60万元 executed:30 rate:50%", Verdict::Consistent),
        ("budgeted:60万元 executed:30个 rate:50%", Verdict::Unverifiable),
        ("budgeted:79228162514264337593543950335 executed:1 rate:1%", Verdict::Unverifiable),
    ] {
        assert_eq!(form(cells).verdict("budget.rate", RATE), Some(expected), "{cells}");
    }
}

#[test]
fn a_rate_that_is_cut_off_is_said_so() {
    // 66.666… cut to 66.66
    let check = form("budgeted:3000.00 executed:2000.00 rate:66.66%").check("budget.rate", RATE).unwrap();
    assert_eq!((check.verdict, check.severity), (Verdict::Consistent, Severity::Info));
    assert!(check.message.en.contains("cut off"), "{}", check.message.en);
}

#[test]
fn sources_without_a_rate_are_not_checked() {
    let form =
        form("budgeted:60 executed:60 rate:100% score:20").row("budget", "budgeted:60 executed:60 rate:— score:—");
    assert_eq!(form.verdict("budget.rate", "tables.budget[1].rate"), None);
    assert_eq!(form.verdict("budget.score", "tables.budget[1].score"), None);
}

#[test]
fn a_form_that_nobody_filled_in_has_no_findings() {
    let checks = form("budgeted: executed: rate: score:").audit();
    let verdicts: Vec<_> = checks.iter().map(|check| (check.id.as_str(), check.verdict)).collect();
    assert_eq!(verdicts, [("budget.rate", Verdict::Unverifiable), ("budget.score", Verdict::Unverifiable)]);
    assert!(checks[0].message.en.contains("is blank"), "{}", checks[0].message.en);
}

#[test]
fn amounts_in_different_steps_show_their_units() {
    let check = form("source:总额 budgeted:60.0万元 executed:300000元 rate:70%").check("budget.rate", RATE).unwrap();
    assert_eq!((check.verdict, check.formula.as_str()), (Verdict::Inconsistent, "300000元 / 60.0万元"));
    assert_eq!(check.computed, Some(Figure(Decimal::from(50))));
    let check = form("source:总额 budgeted:60.0万元 executed:300000元 score:10").check("budget.score", SCORE).unwrap();
    assert_eq!((check.verdict, check.formula.as_str()), (Verdict::Consistent, "min(300000元 / 60.0万元, 1) × 20"));
}

#[test]
fn scores_follow_from_the_amounts() {
    for (cells, expected) in [
        ("budgeted:31.7 executed:14.79 rate:46.66% score:15", Verdict::Inconsistent),
        ("budgeted:31.7 executed:14.79 rate:46.66% score:9.33", Verdict::Consistent),
        ("budgeted:31.7 executed:14.79 rate:46.66% score:9", Verdict::Consistent),
        // a row's own weight goes before the heading's; spending over the budget earns nothing more
        ("budgeted:60 executed:52.1 weight:10 rate:87% score:9", Verdict::Consistent),
        ("budgeted:100.00 executed:103.00 weight:10 rate:103% score:10", Verdict::Consistent),
        ("budgeted:100.00 executed:103.00 weight:10 rate:103% score:10.3", Verdict::Inconsistent),
        ("budgeted:60 executed:60 weight:— rate:100% score:20", Verdict::Consistent),
        // 50.000 of 60.000 and 20 points: from 16.666… to 16.667
        ("budgeted:60.000 executed:50.000 score:16.67", Verdict::Consistent),
        ("budgeted:60.000 executed:50.000 score:16.68", Verdict::Inconsistent),
        ("budgeted:60.000 executed:50.000 score:16.65", Verdict::Inconsistent),
        ("budgeted:0 executed:0 score:20", Verdict::Unverifiable),
        ("budgeted:60 executed: score:20", Verdict::Unverifiable),
        ("budgeted:60 executed: score:20.5", Verdict::Inconsistent), // no rate earns more than the weight
        ("budgeted:60 executed:60 score:", Verdict::Unverifiable),
        ("budgeted:60 executed:60 score:良好", Verdict::Unverifiable),
    ] {
        assert_eq!(form(cells).verdict("budget.score", SCORE), Some(expected), "{cells}");
    }
    let unweighted = form("budgeted:60 executed:60 score:20").without("budget_weight");
    assert_eq!(unweighted.verdict("budget.score", SCORE), Some(Verdict::Unverifiable));
}

#[test]
fn a_finding_shows_its_figures() {
    let check =
        form("source:总额 budgeted:31.7 executed:14.79 rate:46.66% score:15").check("budget.score", SCORE).unwrap();
    assert_eq!(check.stated, Datum::Number(Figure(Decimal::from(15))));
    assert_eq!(check.computed, Some(Figure("9.33".parse().unwrap())));
    assert_eq!(check.interval, Some([Figure("9.313".parse().unwrap()), Figure("9.35".parse().unwrap())]));
    assert_eq!(check.formula, "min(14.79 / 31.7, 1) × 20");
    assert!(check.message.zh.contains("min(14.79 / 31.7, 1) × 20应为9.33"), "{}", check.message.zh);
    assert!(check.message.en.contains("min(14.79 / 31.7, 1) × 20 = 9.33"), "{}", check.message.en);
    let refs = [SCORE, "tables.budget[0].executed", "tables.budget[0].budgeted", "fields.budget_weight"];
    assert_eq!(check.refs, refs);
}

#[test]
fn a_score_cut_off_is_said_so() {
    // 16.666… cut to 16.66
    let check = form("budgeted:60.0000 executed:50.0000 score:16.66").check("budget.score", SCORE).unwrap();
    assert_eq!((check.verdict, check.severity), (Verdict::Consistent, Severity::Info));
}

#[test]
fn a_score_by_a_wrong_rate_is_told_apart() {
    let form = form("budgeted:100.00 executed:50.00 rate:90% score:18");
    assert_eq!(form.findings().len(), 2);
    let check = form.check("budget.score", SCORE).unwrap();
    assert!(check.message.en.contains("90%, is wrong too; it would give 18."), "{}", check.message.en);
}

#[test]
fn doubtful_amounts_prove_nothing() {
    let form = form("budgeted:31.7 executed:14.79 rate:40% score:15");
    let inferred = form.clone().change("budget", 0, "executed", |value| value.inferred = Some(Inferred::Arithmetic));
    let unsure = form.clone().change("budget", 0, "budgeted", |value| value.confidence = 0.4);
    let absurd = form.change("budget", 0, "budgeted", |value| value.confidence = f64::NAN);
    for form in [inferred, unsure, absurd] {
        assert_eq!(form.verdict("budget.rate", RATE), Some(Verdict::Unverifiable));
        assert_eq!(form.verdict("budget.score", SCORE), Some(Verdict::Unverifiable));
    }
}

#[test]
fn bare_rates_are_settled_by_the_amounts() {
    for (cells, expected) in [
        ("budgeted:60 executed:15 rate:25", Some("25")),
        ("budgeted:60 executed:60 rate:1", Some("100")),
        ("budgeted:60.00 executed:51.00 rate:0.85", Some("85")),
        ("budgeted:60 executed:15 rate:30", None),
        ("budgeted:60 executed:15 rate:25%", None),
        ("budgeted:0 executed:0 rate:0", None),
        ("budgeted:60 executed: rate:25", None),
    ] {
        let mut builder = form(cells);
        settle_rates(&mut builder.form, &builder.pattern);
        let Some(Cell::Value(rate)) = builder.form.tables["budget"][0].get("rate") else { panic!("{cells}") };
        assert_eq!(rate.percent, expected.map(|percent| Figure(percent.parse().unwrap())), "{cells}");
    }
}

#[test]
fn sources_sum_to_the_total() {
    let at = "tables.budget[0].budgeted";
    let form = |total: &str, sources: &[&str]| {
        let whole = Builder::new().row("budget", &format!("source:总额 budgeted:{total}"));
        sources.iter().fold(whole, |form, source| form.row("budget", &format!("source:其中 budgeted:{source}")))
    };
    for (total, sources, expected) in [
        ("1020.7", &["888.01", "132.69"][..], Some(Verdict::Consistent)),
        ("100.0", &["60.0", "39.8"], Some(Verdict::Inconsistent)),
        ("100.0", &["60.0", "40.2"], Some(Verdict::Inconsistent)),
        ("100.0", &["60.0", "40.1"], Some(Verdict::Consistent)), // by rounding
        ("100.0", &["60.0", "39.9"], Some(Verdict::Consistent)),
        ("100", &["60.45", "40.40"], Some(Verdict::Consistent)), // cut off
        ("100", &["60.40", "40.59"], Some(Verdict::Consistent)),
        ("100", &["60.40", "40.62"], Some(Verdict::Inconsistent)),
        ("100", &["60.00", "39.40"], Some(Verdict::Inconsistent)),
        ("100.0万元", &["600000元", "400000元"], Some(Verdict::Consistent)),
        ("100.0万元", &["600000元", "390000元"], Some(Verdict::Inconsistent)),
        ("100.0万元", &["600000", "390000元"], Some(Verdict::Unverifiable)),
        ("100.0万元", &["60.0", "40.0"], Some(Verdict::Consistent)),
        ("100.0", &["60.0", "40.0", "—"], Some(Verdict::Consistent)),
        ("100.0", &["60.0", "—"], Some(Verdict::Unverifiable)),
        ("100.0", &["60.0"], Some(Verdict::Unverifiable)),
        ("100.0", &["160.0"], Some(Verdict::Inconsistent)),
        ("0.00", &["160.0", "0.00"], Some(Verdict::Inconsistent)),
        ("100.0", &["60.0", "不详"], Some(Verdict::Unverifiable)),
        ("—", &["60.0", "40.0"], Some(Verdict::Unverifiable)),
        ("100.0", &["—", "—"], None),
        ("100.0", &[], None),
    ] {
        assert_eq!(form(total, sources).verdict("budget.total", at), expected, "{total} {sources:?}");
    }
}

#[test]
fn spending_over_the_budget_is_a_warning_where_a_rule_says_so() {
    for (cells, expected) in [
        ("budgeted:100 executed:102", Some(Verdict::Inconsistent)),
        ("budgeted:100 executed:101", Some(Verdict::Consistent)), // by rounding
        ("budgeted:100 executed:90", Some(Verdict::Consistent)),
        ("budgeted:100.00 executed:100.01", Some(Verdict::Consistent)), // by rounding
        ("budgeted:100.00 executed:100.02", Some(Verdict::Inconsistent)),
        ("budgeted:60万元 executed:300000元", Some(Verdict::Consistent)),
        ("budgeted:60万元 executed:700000元", Some(Verdict::Inconsistent)),
        ("initial:100 executed:102", Some(Verdict::Inconsistent)), // the form has no other budget
        ("budgeted: executed:90", Some(Verdict::Unverifiable)),
        ("budgeted:100 executed:", None),
    ] {
        assert_eq!(form(cells).verdict("budget.over", "tables.budget[0].executed"), None, "{cells}");
        let ruled = form(cells).rule("budget.over", |_| {});
        assert_eq!(ruled.verdict("budget.over", "tables.budget[0].executed"), expected, "{cells}");
    }
}

#[test]
fn low_rates_and_changed_budgets_have_reasons_where_a_rule_says_so() {
    for (cells, expected) in [
        ("budgeted:100.0 executed:89.0 note:", Some(Verdict::Inconsistent)),
        ("budgeted:100.0 executed:89.0 note:下雨", Some(Verdict::Consistent)),
        ("budgeted:100.0 executed:90.0 note:", Some(Verdict::Consistent)),
        ("budgeted:100.0 executed:89.95 note:", Some(Verdict::Consistent)), // up to 89.955 of 99.95
        ("budgeted:100.0 executed:89.9 note:", Some(Verdict::Inconsistent)),
        ("initial:100万元 budgeted:1000000元 executed:950000元 note:", Some(Verdict::Consistent)),
        ("initial:90.0 budgeted:100.0 executed:95.0 note:", Some(Verdict::Inconsistent)),
        ("initial:100.0 budgeted:100.0 executed:95.0 note:", Some(Verdict::Consistent)),
        ("budgeted:100.0 executed: note:", Some(Verdict::Unverifiable)),
        ("budgeted:100.0 executed:89.0", None),
    ] {
        let ruled = form(cells).rule("budget.note", |rule| {
            (rule.threshold, rule.adjusted) = (Some(Decimal::from(90)), true);
        });
        assert_eq!(ruled.verdict("budget.note", "tables.budget[0].note"), expected, "{cells}");
    }
}

#[test]
fn an_amount_in_another_unit_than_the_head_names_is_not_compared() {
    let form = form("source:总额 budgeted:80.00 executed:780000元 rate:97.50% score:19.5");
    let named = |unit: &str| form.clone().field("money_unit", unit);
    assert_eq!(named("元").verdict("budget.rate", RATE), Some(Verdict::Inconsistent));
    for (id, at) in [("budget.rate", RATE), ("budget.score", SCORE)] {
        let check = named("万元").check(id, at).unwrap();
        assert_eq!(check.verdict, Verdict::Unverifiable);
        assert!(check.message.en.contains("“780000元”, in another unit"), "{}", check.message.en);
    }
}

#[test]
fn a_source_of_a_source_is_not_added_to_the_total() {
    let form = |rows: &[(&str, &str, &str)]| {
        let rows = rows.iter().enumerate();
        rows.fold(Builder::new().marks("其中", "投诉"), |form, (at, (name, budgeted, executed))| {
            let total = if at == 0 { "rate:90%" } else { "rate:" };
            form.row("budget", &format!("source:{name} budgeted:{budgeted} executed:{executed} {total}"))
        })
    };
    let verdicts = |rows: &[(&str, &str, &str)]| {
        ["budgeted", "executed"].map(|column| form(rows).verdict("budget.total", &format!("tables.budget[0].{column}")))
    };
    let (consistent, inconsistent, unverifiable) =
        (Some(Verdict::Consistent), Some(Verdict::Inconsistent), Some(Verdict::Unverifiable));
    let total = ("总额", "100.00", "90.00");
    let fiscal = ("其中：财政拨款", "60.00", "60.00");
    for (case, rows, expected) in [
        ("split", vec![total, fiscal, ("其中：中央", "40.00", "40.00"), ("其他", "40.00", "30.00")], [consistent; 2]),
        (
            "split by two",
            vec![
                total,
                fiscal,
                ("其中：中央", "40.00", "40.00"),
                ("省级", "20.00", "20.00"),
                ("其他", "40.00", "30.00"),
            ],
            [consistent; 2],
        ),
        ("both of the total", vec![total, fiscal, ("其中：其他", "40.00", "30.00")], [consistent; 2]),
        // One column tells how the other is to be taken.
        ("one wrong", vec![total, fiscal, ("其中：其他", "40.00", "31.00")], [consistent, inconsistent]),
        (
            "split, one wrong",
            vec![total, fiscal, ("其中：中央", "40.00", "40.00"), ("其他", "40.00", "35.00")],
            [consistent, inconsistent],
        ),
        (
            "nothing adds up",
            vec![total, fiscal, ("其中：中央", "41.00", "31.00"), ("其他", "3.00", "3.00")],
            [unverifiable; 2],
        ),
        (
            "more than the total either way",
            vec![total, ("其中：财政拨款", "160.00", "160.00"), ("其中：中央", "40.00", "40.00")],
            [inconsistent; 2],
        ),
    ] {
        assert_eq!(verdicts(&rows), expected, "{case}");
    }
}

#[test]
fn a_source_that_repeats_the_points_of_the_total_is_not_scored() {
    let form = |weight: &str, score: &str| {
        form("source:总额 budgeted:80.00 executed:78.00 rate:97.50% weight:10 score:9.75")
            .field("budget_weight", "10")
            .row(
                "budget",
                &format!("source:拨款 budgeted:60.00 executed:60.00 rate:100% weight:{weight} score:{score}"),
            )
            .verdict("budget.score", "tables.budget[1].score")
    };
    assert_eq!(form("10", "9.75"), None);
    assert_eq!(form("10", "9.5"), Some(Verdict::Inconsistent));
    assert_eq!(form("9", "9"), Some(Verdict::Consistent));
}
