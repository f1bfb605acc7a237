use crate::audit::testing::Builder;
use crate::record::{Severity, Verdict};

fn form() -> Builder {
    Builder::whole().field("project", "修路").field("unit", "交通局").require(&["project", "unit"], "actual")
}

#[test]
fn required_places_are_filled() {
    let check = form().check("form.complete", "fields.project").unwrap();
    assert_eq!(check.verdict, Verdict::Consistent);
    assert_eq!(Builder::whole().audit().iter().filter(|check| check.id == "form.complete").count(), 0);
}

#[test]
fn a_blank_one_is_inconsistent() {
    for (form, at) in [
        (form().field("unit", ""), "fields.unit"),
        (form().field("unit", "/"), "fields.unit"),
        (form().cell("indicators", 1, "actual", "—"), "tables.indicators[1].actual"),
        (form().without("project").field("unit", ""), "fields.unit"),
    ] {
        let check = form.check("form.complete", at).unwrap();
        assert_eq!((check.verdict, check.severity), (Verdict::Inconsistent, Severity::Warning));
    }
}

#[test]
fn one_that_was_not_found_is_unverifiable() {
    assert_eq!(form().without("unit").verdict("form.complete", "fields.unit"), Some(Verdict::Unverifiable));
    // A column that the form lacks altogether is not asked for.
    let short = form().without_column("indicators", "actual");
    assert_eq!(short.verdict("form.complete", "fields.project"), Some(Verdict::Consistent));
}

#[test]
fn a_word_that_does_not_read_is_not_blank() {
    let form = form().change("indicators", 0, "actual", |value| value.value = crate::record::Datum::Null);
    assert_eq!(form.verdict("form.complete", "fields.project"), Some(Verdict::Consistent));
}

#[test]
fn what_is_not_sure_to_be_blank_accuses_nobody() {
    let doubt = |value: &mut crate::record::Value| value.confidence = 0.5;
    let merged = form().cell("indicators", 1, "actual", "").change("indicators", 1, "actual", doubt);
    assert_eq!(merged.verdict("form.complete", "tables.indicators[1].actual"), Some(Verdict::Unverifiable));
    // One that is sure is named alone.
    let check = merged.field("unit", "").check("form.complete", "fields.unit").unwrap();
    assert_eq!((check.verdict, check.refs.len()), (Verdict::Inconsistent, 1));
}
