use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::*;
use crate::layout::{Place, Run};
use crate::message::Message;
use crate::problem::{Code, Problem};
use crate::record::{Cell, Datum, Extent, Figure, Severity, Source, SourceKind, Status, Value, Where};
use crate::source::BBox;

const STYLE: Style = Style { lang: Lang::En, colour: false, width: 120, all: false, brief: false };

fn figure(text: &str) -> Figure {
    Figure(Decimal::from_str_exact(text).unwrap())
}

fn value(raw: &str, place: Where) -> Value {
    Value {
        raw: raw.to_owned(),
        value: Datum::Text(raw.to_owned()),
        op: None,
        unit: None,
        scale: None,
        kind: None,
        percent: None,
        inferred: None,
        invisible: false,
        place,
        confidence: 1.0,
    }
}

fn check(verdict: Verdict, severity: Severity) -> Check {
    Check {
        id: "budget.score".into(),
        verdict,
        severity,
        stated: Datum::Number(figure("18")),
        computed: Some(figure("15.00")),
        interval: Some([figure("14.99"), figure("15.01")]),
        formula: "min(B / A, 1) × 20".into(),
        refs: vec!["tables.budget[0].score".into(), "tables.budget[0].rate".into()],
        basis: Some("得分 = 权重 × 执行率".into()),
        policy: Some("hubei/execution-rate".into()),
        message: Message::new("填报18分，按执行率应为15分", "states 18, but the rate gives 15"),
        hint: None,
        elsewhere: None,
    }
}

fn record(row: [Where; 2], checks: Vec<Check>, extent: Extent) -> Record {
    let [rate, score] = row;
    let row = IndexMap::from([
        ("rate".to_owned(), Cell::Value(value("75%", rate.clone()))),
        ("score".to_owned(), Cell::Value(value("18", score))),
    ]);
    Record {
        schema: "retally/1".into(),
        source: Source {
            path: "a.txt".into(),
            sha256: String::new(),
            bytes: 0,
            kind: Some(SourceKind::Text),
            pages: None,
            encoding: None,
        },
        status: Status::Ok,
        problems: Vec::new(),
        forms: vec![Form {
            pattern: "p".into(),
            confidence: 1.0,
            extent,
            fields: IndexMap::from([("project".to_owned(), value("路灯养护", rate))]),
            tables: IndexMap::from([("budget".to_owned(), vec![row])]),
            unmatched: Vec::new(),
            missing: Vec::new(),
            repeated: Vec::new(),
            disordered: false,
            overall: false,
            checks: Some(checks),
        }],
    }
}

fn in_text(checks: Vec<Check>) -> (Record, Layout) {
    let at = |columns| Where::Text { line: 7, columns, last_line: None };
    let layout = Layout {
        runs: vec![Run {
            text: "年度资金总额： 80 60 75% 18".into(),
            place: Place::Text { page: 1, line: 7, column: 1 },
        }],
        blocks: Vec::new(),
    };
    (record([at([15, 17]), at([19, 20])], checks, Extent::Lines([1, 40])), layout)
}

#[test]
fn a_finding_stands_in_its_line() {
    let (record, layout) = in_text(vec![check(Verdict::Inconsistent, Severity::Error)]);
    assert_eq!(
        document(&record, &layout, &STYLE),
        "\
error[budget.score]: states 18, but the rate gives 15
 --> a.txt:7:19
  |
7 | 年度资金总额： 80 60 75% 18
  |                      --- ^^ comes to 15.00
  |
  = formula: min(B / A, 1) × 20
  = allows: 14.99 … 15.01
  = basis: 得分 = 权重 × 执行率
  = rule: hubei/execution-rate

a.txt form 1/1 “路灯养护” (lines 1–40): 1 error, 0 warnings, 0 info, 0 consistent, 0 unverifiable

"
    );
}

#[test]
fn a_finding_stands_in_the_row_of_its_page() {
    let place = |x0: f64| Where::Page { page: 2, bbox: [x0, 100.0, x0 + 20.0, 110.0] };
    let run = |x0: f64, text: &str| Run {
        text: text.to_owned(),
        place: Place::Page {
            page: 2,
            boxes: (0..text.chars().count())
                .map(|n| BBox { x0: x0 + 5.0 * n as f64, y0: 101.0, x1: x0 + 5.0 * (n as f64 + 1.0), y1: 109.0 })
                .collect(),
            invisible: false,
        },
    };
    let layout = Layout { runs: vec![run(60.0, "18"), run(30.0, "75%")], blocks: Vec::new() };
    let mut found = check(Verdict::Inconsistent, Severity::Warning);
    found.interval = None;
    (found.basis, found.policy) = (None, None);
    let record = record([place(30.0), place(60.0)], vec![found], Extent::Pages([2, 2]));
    let report = document(&record, &layout, &Style { lang: Lang::Zh, ..STYLE });
    assert_eq!(
        report,
        "\
警告[budget.score]: 填报18分，按执行率应为15分
--> a.txt:第2页（60.0, 100.0 – 80.0, 110.0）
 |
 | 75%  18
 | ---  ^^ 算得 15.00
 |
 = 公式: min(B / A, 1) × 20

a.txt 第 1/1 张表《路灯养护》（第 2 页）：错误 0，警告 1，提示 0，一致 0，无法核对 0

"
    );
}

#[test]
fn only_what_was_asked_for_is_shown() {
    let checks = vec![
        check(Verdict::Consistent, Severity::Error),
        check(Verdict::Unverifiable, Severity::Error),
        check(Verdict::Inconsistent, Severity::Info),
    ];
    let (record, layout) = in_text(checks);
    let heads = |style: &Style| -> Vec<String> {
        let report = document(&record, &layout, style);
        report.lines().filter_map(|line| Some(line.split_once("[budget.score]")?.0.to_owned())).collect()
    };
    assert_eq!(heads(&STYLE), ["info"]);
    assert_eq!(heads(&Style { all: true, ..STYLE }), ["consistent", "unverifiable", "info"]);
    assert_eq!(heads(&Style { brief: true, ..STYLE }), [""; 0]);
}

#[test]
fn a_finding_without_a_place_names_its_form() {
    let mut missing = check(Verdict::Inconsistent, Severity::Error);
    missing.refs = vec!["fields.self_score".into()];
    let (record, layout) = in_text(vec![missing]);
    assert!(document(&record, &layout, &STYLE).contains("--> a.txt:1\n"));
}

#[test]
fn nothing_from_a_document_steers_the_terminal() {
    let evil = "\u{1b}]0;x\u{7}\u{202e}";
    let mut found = check(Verdict::Inconsistent, Severity::Error);
    found.message = Message::new(evil, evil);
    (found.formula, found.basis, found.policy) = (evil.into(), Some(evil.into()), Some(evil.into()));
    let (mut record, mut layout) = in_text(vec![found]);
    record.source.path = evil.into();
    record.problems = vec![Problem::new(Code::UnmatchedText, evil, evil)];
    record.forms[0].fields["project"].value = Datum::Text(evil.into());
    layout.runs[0].text.push_str(evil);
    let report = document(&record, &layout, &Style { all: true, ..STYLE });
    assert!(report.contains("\\u{1b}]0;x"));
    assert!(report.chars().all(|ch| ch == '\n' || !crate::report::safe::is_unsafe(ch)), "{report:?}");
}

#[test]
fn colour_is_written_when_asked_for() {
    let (record, layout) = in_text(vec![check(Verdict::Inconsistent, Severity::Error)]);
    assert!(!document(&record, &layout, &STYLE).contains('\u{1b}'));
    assert!(document(&record, &layout, &Style { colour: true, ..STYLE }).contains("\u{1b}["));
}

#[test]
fn problems_say_where_they_are() {
    let problem = Problem::new(Code::NoTextLayer, "本页只有图像", "the page is only a picture");
    assert_eq!(
        trouble("b.pdf", &problem.clone().on_page(3), Status::Partial, &STYLE),
        "warning[no-text-layer]: the page is only a picture\n --> b.pdf:page 3\n"
    );
    assert_eq!(
        trouble("b.pdf", &problem.on_line(9), Status::Failed, &STYLE),
        "error[no-text-layer]: the page is only a picture\n --> b.pdf:9\n"
    );
}

#[test]
fn the_tally_adds_up() {
    let checks = vec![
        check(Verdict::Consistent, Severity::Error),
        check(Verdict::Unverifiable, Severity::Error),
        check(Verdict::Inconsistent, Severity::Warning),
        check(Verdict::Inconsistent, Severity::Info),
    ];
    let (record, _) = in_text(checks);
    let mut tally = Tally::default();
    tally.add(&record);
    tally.add(&Record { status: Status::Failed, forms: Vec::new(), ..record });
    assert_eq!(
        summary(&tally, Lang::En),
        "2 documents (1 could not be read), 1 form: 0 errors, 1 warning, 1 info, 1 consistent, 1 unverifiable"
    );
    assert_eq!(
        summary(&tally, Lang::Zh),
        "共 2 个文件（1 个未能读取），1 张表：错误 0，警告 1，提示 1，一致 1，无法核对 1"
    );
    assert!(!tally.reaches(Severity::Error) && tally.reaches(Severity::Warning) && tally.reaches(Severity::Info));
}

#[test]
fn a_blank_cell_is_shown_by_its_row_and_not_by_the_head_of_its_column() {
    let mut missing = check(Verdict::Inconsistent, Severity::Warning);
    missing.refs = vec!["tables.budget[0].score".into(), "fields.project".into()];
    let (mut record, layout) = in_text(vec![missing]);
    if let Some(Cell::Value(value)) = record.forms[0].tables["budget"][0].get_mut("score") {
        value.raw = String::new();
        value.place = Where::Text { line: 2, columns: [1, 2], last_line: None };
    }
    let report = document(&record, &layout, &STYLE);
    assert!(report.contains("a.txt:7:15"), "{report}");
    assert!(report.contains("^^^"), "{report}");
}

#[test]
fn a_hint_is_shown_as_help() {
    let mut wrong = check(Verdict::Inconsistent, Severity::Error);
    wrong.hint = Some(Message::new("18恰好是甲的合计。", "18 is just the sum of this."));
    let (record, layout) = in_text(vec![wrong]);
    let report = document(&record, &layout, &STYLE);
    assert!(report.contains("= hint: 18 is just the sum of this."), "{report}");
}
