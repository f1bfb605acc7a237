//! Of a form whose order is lost, figures that agree bear each other out, and figures that do not prove nothing.

use crate::audit::testing::Builder;
use crate::record::Verdict;

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
