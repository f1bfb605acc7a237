//! What must hold for any form.

use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::audit::settle_rates;
use crate::audit::testing::Builder;
use crate::record::{Cell, Datum, Figure, Inferred, Value as RecordValue, Verdict};

/// `figure` as a careful clerk writes it to `places`.
fn written(figure: Decimal, places: u32) -> String {
    let mut figure = figure.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    figure.rescale(places);
    figure.to_string()
}

/// An indicator: weight in tenths of points, target, and what was reached of it.
fn indicator() -> impl Strategy<Value = (i64, i64, i64)> {
    (10_i64..300, 1_i64..100_000, 0_i64..200_000)
}

/// What a form has beside its budget and its indicators.
#[derive(Clone, Copy, Debug)]
struct Parts {
    /// Whether indicators have weights of their own.
    weighed: bool,
    /// Whether they stand under a level 1 that prints what it weighs.
    levelled: bool,
    /// Points of the overall goal, of 20.
    goal: Option<i64>,
    /// Permille of the amounts that the first of two sources gives.
    source: Option<i64>,
}

fn parts() -> impl Strategy<Value = Parts> {
    (any::<bool>(), any::<bool>(), proptest::option::of(0_i64..=20), proptest::option::of(1_i64..1000))
        .prop_map(|(weighed, levelled, goal, source)| Parts { weighed, levelled, goal, source })
}

/// `form` with two sources that come to these amounts, each written to `places`.
fn sourced(form: Builder, permille: i64, [budgeted, executed]: [Decimal; 2], places: u32) -> Builder {
    let share = Decimal::new(permille, 3);
    let split =
        [[budgeted * share, executed * share], [budgeted * (Decimal::ONE - share), executed * (Decimal::ONE - share)]];
    split.iter().fold(form, |form, [budgeted, executed]| {
        let (budgeted, executed) = (written(*budgeted, places), written(*executed, places));
        form.row("budget", &format!("source:来源 budgeted:{budgeted} executed:{executed} rate:— score:—"))
    })
}

/// A form as a careful clerk fills it in: every figure computed from the ones before, then rounded.
fn careful() -> impl Strategy<Value = Builder> {
    let amounts = (1_i64..1_000_000_000, 0_i64..1_200_000_000, 0_u32..5, 0_u32..3, 0_u32..3);
    (amounts, proptest::collection::vec(indicator(), 1..12), parts()).prop_map(|(amounts, indicators, parts)| {
        let (budgeted, executed, places, rate_places, score_places) = amounts;
        let (budgeted, executed) = (Decimal::new(budgeted.max(10_000), 4), Decimal::new(executed, 4));
        let rate = executed / budgeted;
        let budget = written(rate.min(Decimal::ONE) * Decimal::from(20), score_places);
        let mut total: Decimal = budget.parse().unwrap();
        let mut weights = Decimal::from(20);
        let percent = written(rate * Decimal::ONE_HUNDRED, rate_places);
        let (a, b) = (written(budgeted, places), written(executed, places));
        let mut form = Builder::new()
            .field("budget_weight", "20")
            .row("budget", &format!("source:总额 budgeted:{a} executed:{b} rate:{percent}% score:{budget}"));
        if let Some(permille) = parts.source {
            form = sourced(form, permille, [budgeted, executed], places);
        }
        if let Some(points) = parts.goal {
            form = form.field("goals_weight", "20").row("goals", &format!("planned:办好 actual:办好 score:{points}"));
            total += Decimal::from(points);
            weights += Decimal::from(20);
        }
        let (mut block, mut block_weight) = (Decimal::ZERO, Decimal::ZERO);
        for (tenths, target, reached) in indicators {
            let weight = Decimal::new(tenths, 1);
            // Full points for what is met; a clear deduction, with its reason, for what is not.
            let (score, note) = if reached >= target { (weight, "") } else { (weight / Decimal::TWO, "天气") };
            let score: Decimal = written(score, 2).parse().unwrap();
            let weight_cell = if parts.weighed { format!(" weight:{weight}") } else { String::new() };
            let level = if parts.levelled { "level1:产出指标 " } else { "" };
            form = form.row(
                "indicators",
                &format!(
                    "{level}name:指标 target:≥{target}个 actual:{reached}个 note:{note}{weight_cell} score:{score}"
                ),
            );
            total += score;
            weights += weight;
            block += score;
            block_weight += weight;
        }
        if parts.levelled {
            form = form.row("blocks", &format!("level1:产出指标 weight:{block_weight}"));
        }
        form.field("indicators_score", &block.to_string())
            .field("indicators_weight", &block_weight.to_string())
            .field("total_score", &written(total, score_places))
            .field("total_weight", &weights.to_string())
    })
}

/// Any cell: figures of all sizes, marks, words.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        (any::<i64>(), 0_u32..12).prop_map(|(units, places)| Decimal::new(units, places).abs().to_string()),
        (0_u32..200).prop_map(|percent| format!("{percent}%")),
        "[≥≤=<>]?[0-9]{1,28}(\\.[0-9]{1,4})?[万亿]?[元个%]?",
        "20[0-9]{2}-[0-9]{1,2}(-[0-9]{1,2})?",
        "[^ :^#]{0,8}",
        Just("^7".to_owned()),
        Just("#0".to_owned()),
    ]
}

const COLUMNS: [&str; 15] = [
    "name", "source", "level1", "level2", "nature", "unit", "target", "actual", "weight", "score", "note", "budgeted",
    "executed", "rate", "parent",
];

const FIELDS: [&str; 9] = [
    "self_score",
    "total_score",
    "total_weight",
    "budget_weight",
    "goals_weight",
    "indicators_weight",
    "indicators_score",
    "deviation",
    "project",
];

/// Any form at all, in the tables that checks read.
fn any_form() -> impl Strategy<Value = Builder> {
    let table = prop_oneof![Just("budget"), Just("goals"), Just("indicators"), Just("blocks")];
    let row = (table, proptest::collection::vec((0..COLUMNS.len(), cell()), 1..9), 0.0..1.5_f64);
    let field = (0..FIELDS.len(), cell());
    (proptest::collection::vec(row, 0..12), proptest::collection::vec(field, 0..9)).prop_map(|(rows, fields)| {
        let mut form = Builder::new().ceiling("成本指标").require(&["project", "unit"], "actual");
        for id in ["indicator.score", "indicator.kind", "budget.over", "budget.note", "total.weight"] {
            form = form.rule(id, |rule| rule.threshold = Some(Decimal::ONE_HUNDRED));
        }
        for (id, raw) in fields {
            form = form.field(FIELDS[id], &raw);
        }
        for (table, cells, confidence) in rows {
            let cells: Vec<String> = cells.iter().map(|(column, raw)| format!("{}:{raw}", COLUMNS[*column])).collect();
            form = form.row(table, &cells.join(" "));
            let last = form.form.tables[table].len() - 1;
            form = form.change(table, last, "score", |value| value.confidence = confidence);
        }
        form
    })
}

/// Checks that hold just when two figures are equal: one of them changed, they must not.
const EQUALITIES: [&str; 8] = [
    "budget.rate",
    "budget.score",
    "budget.total",
    "indicators.score",
    "indicators.weight",
    "total.score",
    "total.weight",
    "weights.level1",
];

/// Every figure of [`careful`] with what it is changed to, and where it stands. Each change is beyond all rounding.
fn changes(form: &Builder) -> Vec<(String, Decimal)> {
    let mut changes = Vec::new();
    let figure = |path: &str| form.form.value(path).and_then(|value| value.value.number());
    let mut change = |path: String, to: &dyn Fn(Decimal) -> Decimal| {
        if let Some(figure) = figure(&path) {
            changes.push((path, to(figure)));
        }
    };
    for id in ["total_score", "total_weight", "indicators_score", "indicators_weight", "budget_weight", "goals_weight"]
    {
        change(format!("fields.{id}"), &|figure| figure + Decimal::from(17));
    }
    change("tables.budget[0].executed".into(), &|figure| figure * Decimal::TWO);
    change("tables.budget[0].budgeted".into(), &|figure| figure * Decimal::TWO);
    change("tables.budget[0].rate".into(), &|figure| figure + Decimal::from(9));
    change("tables.budget[0].score".into(), &|figure| figure + Decimal::from(5));
    change("tables.goals[0].score".into(), &|figure| figure + Decimal::from(23));
    change("tables.budget[1].executed".into(), &|figure| figure + Decimal::from(5000));
    change("tables.budget[2].budgeted".into(), &|figure| figure + Decimal::from(5000));
    change("tables.blocks[0].weight".into(), &|figure| figure + Decimal::from(1001));
    for row in 0..form.form.tables["indicators"].len() {
        change(format!("tables.indicators[{row}].score"), &|figure| figure + Decimal::from(37));
        change(format!("tables.indicators[{row}].weight"), &|figure| figure + Decimal::from(7));
        change(format!("tables.indicators[{row}].actual"), &|_| Decimal::ZERO);
    }
    changes
}

/// `form` with the figure at `path` changed.
fn changed(form: &Builder, path: &str, figure: Decimal) -> Builder {
    let mut form = form.clone();
    let written = |value: &mut RecordValue| {
        value.value = Datum::Number(Figure(figure));
        value.raw = figure.to_string();
    };
    match path.strip_prefix("fields.") {
        Some(id) => written(&mut form.form.fields[id]),
        None => {
            let (table, rest) = path.strip_prefix("tables.").and_then(|rest| rest.split_once('[')).unwrap();
            let (row, column) = rest.split_once("].").unwrap();
            match &mut form.form.tables[table][row.parse::<usize>().unwrap()][column] {
                Cell::Value(value) => written(value),
                _ => panic!("{path}"),
            }
        }
    }
    form
}

/// A form by [`careful`] of which less than half of the budget was spent, so that twice as much still counts.
fn thrifty() -> impl Strategy<Value = Builder> {
    (careful(), 1_000_000_i64..1_000_000_000, 12_i64..45).prop_map(|(form, budgeted, percent)| {
        let (budgeted, percent) = (Decimal::new(budgeted, 4), Decimal::from(percent));
        let rate = percent / Decimal::ONE_HUNDRED;
        let executed = written(budgeted * rate, 4);
        let score = written(rate * Decimal::from(20), 2);
        let points = |path: &str| form.form.value(path).and_then(|value| value.value.number()).unwrap_or_default();
        let total =
            points("fields.indicators_score") + points("tables.goals[0].score") + score.parse::<Decimal>().unwrap();
        let sources = form.form.tables["budget"].len() > 1;
        let mut form = form
            .cell("budget", 0, "budgeted", &budgeted.to_string())
            .cell("budget", 0, "executed", &executed)
            .cell("budget", 0, "rate", &format!("{percent}.0%"))
            .cell("budget", 0, "score", &score)
            .field("total_score", &total.to_string());
        form.form.tables["budget"].truncate(1);
        if sources { sourced(form, 300, [budgeted, executed.parse().unwrap()], 4) } else { form }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(1000)))]

    #[test]
    fn careful_clerks_are_never_accused(form in careful()) {
        prop_assert_eq!(form.findings(), [], "{:#?}", form.form.tables);
    }

    /// One figure changed beyond rounding breaks the checks that rest on it, and no other.
    #[test]
    fn a_changed_figure_breaks_just_the_checks_that_rest_on_it(form in thrifty(), nth in any::<proptest::sample::Index>()) {
        prop_assert_eq!(form.findings(), []);
        let changes = changes(&form);
        let (path, figure) = nth.get(&changes);
        let broken = changed(&form, path, *figure);
        for check in broken.audit() {
            let rests = check.refs.contains(path);
            match check.verdict {
                Verdict::Inconsistent => prop_assert!(rests, "{path} to {figure}: {check:?}"),
                Verdict::Consistent | Verdict::Unverifiable => {
                    prop_assert!(!(rests && EQUALITIES.contains(&check.id.as_str())), "{path} to {figure}: {check:?}");
                }
            }
        }
    }

}

/// Two rows that are the same in every figure, each with half of its points, under a block that states too many.
#[test]
fn rows_that_are_alike_are_no_trouble() {
    let row = "name:指标 target:≥1个 actual:0个 note:天气 score:0.50";
    let form = Builder::new()
        .field("budget_weight", "20")
        .row("budget", "source:总额 budgeted:100 executed:12 rate:12.0% score:2.40")
        .row("indicators", row)
        .row("indicators", row)
        .field("indicators_score", "1.00")
        .field("indicators_weight", "2.0")
        .field("total_score", "3.40")
        .field("total_weight", "22.0");
    assert_eq!(form.findings(), []);
    for (path, figure) in changes(&form) {
        let checks = changed(&form, &path, figure).audit();
        let wrong = checks.iter().filter(|check| check.verdict == Verdict::Inconsistent);
        assert!(wrong.into_iter().all(|check| check.refs.contains(&path)), "{path} to {figure}");
    }
}

proptest! {
    /// A total that is off by a point is always found.
    #[test]
    fn a_wrong_total_is_always_found(form in careful(), off in 11_i64..500) {
        let total: Decimal = form.form.fields["total_score"].raw.parse().unwrap();
        let wrong = total + Decimal::new(off, 1);
        let form = form.field("total_score", &wrong.to_string());
        prop_assert_eq!(form.verdict("total.score", "fields.total_score"), Some(Verdict::Inconsistent));
    }

    /// No check leans on a figure that arithmetic chose.
    #[test]
    fn inferred_figures_accuse_nobody(form in any_form()) {
        let mut form = form;
        for row in form.form.tables.values_mut().flatten() {
            for cell in row.values_mut() {
                if let Cell::Value(value) = cell {
                    value.inferred = Some(Inferred::Arithmetic);
                }
            }
        }
        for value in form.form.fields.values_mut() {
            value.inferred = Some(Inferred::Arithmetic);
        }
        let accused: Vec<_> = form.findings().into_iter().filter(|(id, _)| id != "form.complete").collect();
        prop_assert_eq!(accused, []);
    }

    #[test]
    fn any_form_gives_the_same_checks_twice(form in any_form()) {
        let mut form = form;
        settle_rates(&mut form.form, &form.pattern);
        prop_assert_eq!(form.audit(), form.audit());
        for check in form.audit() {
            prop_assert!(!check.refs.is_empty());
            prop_assert!(crate::audit::testing::is_worded(&check.message), "{:?}", check.message);
        }
    }
}
