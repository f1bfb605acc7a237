//! Of a form whose order is lost, figures that agree bear each other out, and figures that do not prove nothing.

use crate::audit::testing::Builder;
use crate::record::{Verdict, Where};

#[test]
fn what_agrees_is_consistent_and_nothing_is_accused() {
    let mut form = Builder::whole().field("self_score", "80").in_text();
    let rows = form.form.tables["indicators"].len();
    let goals = |form: &Builder| form.verdict("indicator.score", &format!("tables.indicators[{}].score", rows - 1));
    let total = |form: &Builder| form.verdict("total.score", "fields.self_score");
    assert_eq!((goals(&form), total(&form)), (Some(Verdict::Consistent), Some(Verdict::Inconsistent)));
    form.form.disordered = true;
    assert_eq!((goals(&form), total(&form)), (Some(Verdict::Consistent), Some(Verdict::Unverifiable)));
    assert_eq!(form.findings(), [], "no finding of it is told");
}

/// A row of a text whose order is lost, each cell on a line of its own, from line 11 on.
fn unbroken() -> Builder {
    let cells = "level1:产出指标 name:场次 target:≥100场 actual:80场";
    let mut form = Builder::new()
        .field("notes", "说明")
        .field("total_score", "100")
        .row("indicators", &format!("{cells} weight:10 score:10"))
        .row("indicators", &format!("{cells} weight:90 score:90"))
        .in_text();
    form = form.under(crate::pattern::Patterns::builtin().get("mof-project").unwrap());
    form.form.disordered = true;
    for (line, column) in (11..).zip(["name", "target", "actual", "weight", "score"]) {
        form = form.change("indicators", 0, column, |value| value.place = at(line));
    }
    form.form.fields["notes"].place = at(99);
    for column in ["name", "target", "actual", "weight", "score"] {
        form = form.change("indicators", 1, column, |value| value.place = at(30));
    }
    form
}

fn at(line: u32) -> Where {
    Where::Text { line, columns: [1, 3], last_line: None }
}

#[test]
fn a_row_that_is_printed_unbroken_is_held_against_itself() {
    let verdict = |form: &Builder| form.verdict("indicator.target", "tables.indicators[0].actual");
    assert_eq!(verdict(&unbroken()), Some(Verdict::Inconsistent));
    let unsure = unbroken().change("indicators", 0, "actual", |value| value.confidence = 0.8);
    assert_eq!(verdict(&unsure), Some(Verdict::Unverifiable), "a figure is not sure");
    let exchanged = unbroken().change("indicators", 0, "actual", |value| value.place = at(14));
    let exchanged = exchanged.change("indicators", 0, "weight", |value| value.place = at(13));
    assert_eq!(verdict(&exchanged), Some(Verdict::Unverifiable), "two figures come in another order");
    for (line, expected) in [(10, Verdict::Inconsistent), (13, Verdict::Unverifiable), (16, Verdict::Inconsistent)] {
        let mut between = unbroken();
        between.form.fields["notes"].place = at(line);
        assert_eq!(verdict(&between), Some(expected), "another value on line {line}");
    }
    let mut stray = unbroken();
    stray.form.fields["total_score"] = crate::audit::testing::value("29");
    assert_eq!(verdict(&stray), Some(Verdict::Unverifiable), "the points do not add up");
    let exchanged = unbroken().change("indicators", 0, "target", |value| value.op = None);
    let exchanged = exchanged.change("indicators", 0, "actual", |value| value.op = Some(crate::record::Op::AtLeast));
    assert_eq!(verdict(&exchanged), Some(Verdict::Unverifiable), "the comparator is the target's");
    let apart = unbroken().change("indicators", 0, "name", |value| value.place = at(31));
    assert_eq!(verdict(&apart), Some(Verdict::Unverifiable), "the name stands behind its figures");
}

#[test]
fn what_a_doubtful_value_fills_may_be_blank() {
    let verdict = |form: &Builder| form.verdict("form.complete", "fields.project");
    let builtin = crate::pattern::Patterns::builtin();
    let pattern = builtin.get("mof-project").unwrap();
    let mut filled = Builder::new().under(pattern);
    for section in &pattern.sections {
        if let crate::pattern::Body::Fields(fields) = &section.body {
            for field in fields.iter().filter(|field| field.required) {
                filled = filled.field(&field.id, "图书馆");
            }
        }
    }
    filled = filled.in_text();
    let complete = |form: &Builder| form.audit().into_iter().find(|check| check.id == "form.complete").unwrap();
    assert_eq!(complete(&filled).verdict, Verdict::Consistent);
    filled.form.fields["project"].confidence = 0.5;
    assert_eq!(complete(&filled).verdict, Verdict::Consistent, "its order is not lost");
    filled.form.disordered = true;
    assert_eq!(verdict(&filled), Some(Verdict::Unverifiable));
}
