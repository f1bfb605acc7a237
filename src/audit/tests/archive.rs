//! Forms held against forms.

use crate::audit::Archive;
use crate::audit::archive::{MOST, NAMED};
use crate::audit::testing::Builder;
use crate::record::{Record, SCHEMA, Source, Status};
use crate::report::findings::fingerprint;

fn form(year: &str, executed: &str) -> Builder {
    Builder::whole()
        .field("unit", "图书馆")
        .field("project", "阅读推广")
        .field("year", year)
        .cell("budget", 0, "executed", executed)
        .row("indicators", "name:册数 target:1万册 actual:1万册")
}

fn record(path: &str, builder: &Builder) -> Record {
    let mut form = builder.form.clone();
    form.checks = Some(Vec::new());
    Record {
        schema: SCHEMA.into(),
        source: Source { path: path.into(), sha256: String::new(), bytes: 0, kind: None, pages: None, encoding: None },
        status: Status::Ok,
        problems: Vec::new(),
        forms: vec![form],
    }
}

fn found(archive: &mut Archive, path: &str, form: &Builder) -> Vec<(String, String)> {
    let mut record = record(path, form);
    archive.add(&mut record);
    let checks = record.forms[0].checks.take().unwrap();
    assert!(checks.iter().all(|check| crate::audit::testing::is_worded(&check.message)));
    checks.into_iter().map(|check| (check.id, check.refs[0].clone())).collect()
}

#[test]
fn the_same_form_twice_has_the_same_figures() {
    let mut archive = Archive::default();
    assert_eq!(found(&mut archive, "a.txt", &form("2021", "80")), []);
    assert_eq!(found(&mut archive, "b.txt", &form("2021", "80")), []);
    let differs = [("archive.twice".to_owned(), "tables.budget[0].executed".to_owned())];
    // Of the two before it, each is named.
    assert_eq!(found(&mut archive, "c.txt", &form("2021", "79")), [differs.clone(), differs].concat());
    let mut last = record("d.txt", &form("2021", "78"));
    archive.add(&mut last);
    let elsewhere = last.forms[0].checks.as_ref().unwrap()[0].elsewhere.clone().unwrap();
    assert_eq!((elsewhere.document.as_str(), elsewhere.form), ("a.txt", 0));
}

#[test]
fn forms_without_number_under_one_name_are_not_all_held_against_each_other() {
    let mut archive = Archive::default();
    let found: Vec<usize> = (0..MOST + 3)
        .map(|number| found(&mut archive, &format!("{number}.txt"), &form("2021", &number.to_string())).len())
        .collect();
    assert_eq!(found.first(), Some(&0));
    assert_eq!(found.iter().max(), Some(&NAMED));
}

#[test]
fn the_same_amount_may_be_written_otherwise() {
    let stated = |money: Option<&str>, executed: &str, score: &str| {
        let form = form("2021", executed).field("self_score", score);
        money.map_or(form.clone(), |money| form.field("money_unit", money))
    };
    for (case, one, other, differs) in [
        ("other steps", stated(Some("万元"), "80.00", "97"), stated(Some("元"), "800000.00", "97"), 0),
        ("other steps, another sum", stated(Some("万元"), "80.00", "97"), stated(Some("元"), "810000", "97"), 1),
        ("rounded", stated(None, "80", "97.25"), stated(None, "80", "97.3"), 0),
        ("cut off", stated(None, "80", "97.25"), stated(None, "80", "97.2"), 0),
        ("another score", stated(None, "80", "97.25"), stated(None, "80", "97.5"), 1),
        ("a unit named once", stated(Some("万元"), "80", "97"), stated(None, "79", "97"), 0),
        ("no units named", stated(None, "80.00", "97"), stated(None, "800000.00", "97"), 0),
    ] {
        // The other amount of the form is the same in no steps but its own.
        let (one, other) = (one.cell("budget", 0, "budgeted", ""), other.cell("budget", 0, "budgeted", ""));
        let mut archive = Archive::default();
        found(&mut archive, "a.txt", &one);
        assert_eq!(found(&mut archive, "b.txt", &other).len(), differs, "{case}");
    }
    let mut archive = Archive::default();
    found(&mut archive, "a.txt", &stated(None, "80", "97.25"));
    let mut last = record("b.txt", &stated(None, "80", "97.5"));
    archive.add(&mut last);
    let message = &last.forms[0].checks.as_ref().unwrap()[0].message;
    assert!(message.zh.contains("自评得分填报为97.25") && message.en.contains("97.25 as the self-assessed score"));
}

#[test]
fn noughts_and_doubtful_figures_repeat_by_chance() {
    let spent = |year: &str, figure: &str| {
        let form = form(year, figure).cell("budget", 0, "budgeted", figure).cell("indicators", 0, "actual", figure);
        form.cell("indicators", 1, "actual", figure).cell("indicators", 2, "actual", figure)
    };
    for (figure, count) in [("0", 0), ("3", 1)] {
        let mut archive = Archive::default();
        found(&mut archive, "a.txt", &spent("2020", figure));
        assert_eq!(found(&mut archive, "b.txt", &spent("2021", figure)).len(), count, "{figure}");
    }
    let doubtful = |year: &str| spent(year, "3").change("indicators", 0, "actual", |value| value.confidence = 0.2);
    let mut archive = Archive::default();
    found(&mut archive, "a.txt", &doubtful("2020"));
    assert_eq!(found(&mut archive, "b.txt", &doubtful("2021")), []);
}

#[test]
fn forms_of_a_whole_unit_are_held_against_each_other() {
    let whole = |year: &str, executed: &str| {
        let mut form = form(year, executed).without("project");
        form.form.overall = true;
        form
    };
    let mut archive = Archive::default();
    found(&mut archive, "a.txt", &whole("2021", "80"));
    let differs = [("archive.twice".to_owned(), "tables.budget[0].executed".to_owned())];
    assert_eq!(found(&mut archive, "b.txt", &whole("2021", "79")), differs);
    assert_eq!(found(&mut archive, "c.txt", &whole("2022", "80")).len(), 1, "the year before");
    assert_eq!(found(&mut archive, "d.txt", &form("2021", "70")), [], "a project of the unit");
}

#[test]
fn figures_change_from_year_to_year() {
    let mut archive = Archive::default();
    found(&mut archive, "a.txt", &form("2020", "80"));
    assert_eq!(found(&mut archive, "b.txt", &form("2021", "79")), []);
    let same = [("archive.years".to_owned(), "fields.year".to_owned())];
    assert_eq!(found(&mut archive, "c.txt", &form("2022", "80")), same);
    // A copy of the earlier form makes no second finding.
    found(&mut archive, "d.txt", &form("2020", "80"));
    assert_eq!(found(&mut archive, "e.txt", &form("2023", "80")), [same.clone(), same].concat(), "2020 and 2022");
}

#[test]
fn another_unit_or_a_doubtful_name_is_another_form() {
    let mut archive = Archive::default();
    found(&mut archive, "a.txt", &form("2021", "80"));
    assert_eq!(found(&mut archive, "b.txt", &form("2021", "79").field("unit", "博物馆")), []);
    assert_eq!(found(&mut archive, "c.txt", &form("2021", "79").without("unit")), []);
    let mut doubtful = form("2021", "79");
    doubtful.form.fields["project"].confidence = 0.2;
    assert_eq!(found(&mut archive, "d.txt", &doubtful), []);
}

#[test]
fn results_do_not_repeat_the_goals() {
    let long = "完成馆藏购置、阅读推广活动和书屋维护，读者满意度逐年提高";
    for (planned, actual, copied) in [
        (long, long, true),
        (long, "完成馆藏购置和阅读推广活动，书屋维护推迟至次年一季度", false),
        ("完成年度任务", "完成年度任务", false),
    ] {
        let form = form("2021", "80").cell("goals", 0, "planned", planned).cell("goals", 0, "actual", actual);
        let found = found(&mut Archive::default(), "a.txt", &form);
        assert_eq!(!found.is_empty(), copied, "{actual}");
    }
}

/// The name of the last finding that the last of these forms gets.
fn named(forms: &[&Builder]) -> String {
    let mut archive = Archive::default();
    let records = forms.iter().enumerate().map(|(number, form)| {
        let mut record = record(&format!("{number}.txt"), form);
        archive.add(&mut record);
        record
    });
    let form = records.last().unwrap().forms.into_iter().next().unwrap();
    fingerprint(&form, form.checks.as_ref().unwrap().last().unwrap())
}

#[test]
fn a_finding_of_two_forms_has_one_name_whichever_comes_first() {
    let (one, other) = (form("2021", "80"), form("2021", "79"));
    let twice = named(&[&one, &other]);
    assert_eq!(twice, named(&[&other, &one]));
    assert_ne!(twice, named(&[&one, &form("2021", "78")]), "another figure");
    let of = |unit: &str, form: &Builder| form.clone().field("unit", unit);
    assert_ne!(twice, named(&[&of("博物馆", &one), &of("博物馆", &other)]), "another unit");
    let years = named(&[&one, &form("2022", "80")]);
    assert_eq!(years, named(&[&form("2022", "80"), &one]));
    assert_ne!(years, named(&[&one, &form("2023", "80")]), "another year");
}

#[test]
fn a_finding_of_a_form_without_unit_is_of_its_implementer_or_department() {
    let total = |id: &str, name: &str| {
        let form = Builder::whole().field("unit", "").field("self_score", "99").field(id, name);
        let check = form.check("total.score", "fields.self_score").unwrap();
        fingerprint(&form.form, &check)
    };
    for id in ["implementer", "department"] {
        assert_ne!(total(id, "图书馆"), total(id, "博物馆"), "{id}");
        assert_eq!(total(id, "图书馆"), total(id, "图书馆"), "{id}");
    }
}

#[test]
fn rows_of_two_budgets_are_matched_by_their_names() {
    let total = "source:合计 budgeted:180 executed:165 score:18";
    let (one, other) = ("source:中央 budgeted:100 executed:100 score:", "source:省级 budgeted:80 executed:65 score:");
    let budget = |rows: &[&str]| {
        let mut form = form("2021", "80");
        form.form.tables.shift_remove("budget");
        rows.iter().fold(form, |form, row| form.row("budget", row))
    };
    let less = total.replace("165", "156");
    let (lower, wrong) = (one.replace("executed:100", "executed:90"), [("archive.twice", "executed")]);
    for (case, first, second, expected) in [
        ("the same", budget(&[total, one, other]), budget(&[total, one, other]), &[][..]),
        ("in another order", budget(&[total, one, other]), budget(&[other, one, total]), &[]),
        ("without its total", budget(&[one, other]), budget(&[total, one, other]), &[]),
        ("another total", budget(&[total, one, other]), budget(&[one, other, &less]), &wrong),
        ("another source", budget(&[one, other]), budget(&[other, &lower]), &wrong),
        ("no name in common", budget(&[one]), budget(&[other]), &[]),
        ("one name twice", budget(&[one, one]), budget(&[&lower]), &[]),
    ] {
        let mut archive = Archive::default();
        found(&mut archive, "a.txt", &first);
        let found = found(&mut archive, "b.txt", &second);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(id, at)| (id.as_str(), at.rsplit('.').next().unwrap_or_default())).collect();
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn a_finding_of_a_department_has_one_name_in_any_order() {
    let project =
        |name: &str, executed: &str| form("2021", executed).field("project", name).field("money_unit", "万元");
    let mut whole = project("", "80.0").without("project");
    whole.form.overall = true;
    let (a, b, c) = (project("甲", "50.0"), project("乙", "40.0"), project("丙", "60.0"));
    let print = |forms: &[&Builder]| {
        let mut archive = Archive::default();
        let mut prints = Vec::new();
        for (number, form) in forms.iter().enumerate() {
            let mut record = record(&format!("{number}.txt"), form);
            archive.add(&mut record);
            let form = &record.forms[0];
            let checks = form.checks.iter().flatten().filter(|check| check.id == "archive.department");
            prints.extend(checks.map(|check| fingerprint(form, check)));
        }
        assert_eq!(prints.len(), 1);
        prints.pop()
    };
    let first = print(&[&whole, &a, &b, &c]);
    for forms in [[&a, &b, &c, &whole], [&c, &whole, &b, &a], [&b, &c, &whole, &a], [&whole, &c, &b, &a]] {
        assert_eq!(print(&forms), first);
    }
    let mut other = whole.cell("budget", 0, "executed", "70.0");
    other.form.overall = true;
    assert_ne!(print(&[&other, &a, &b, &c]), first, "another whole");
}

#[test]
fn rows_alike_under_other_headings_have_names_of_their_own() {
    let named = |headings: &str| {
        let row = format!("{headings} name:合格率 target:≥95% actual:93% weight:5 score:5");
        let form = Builder::new().field("unit", "图书馆").row("indicators", &row);
        let check = form.check("indicator.target", "tables.indicators[0].actual").unwrap();
        fingerprint(&form.form, &check)
    };
    let first = named("level1:产出指标 level2:质量指标");
    assert_eq!(first, named("level1:产出指标 level2:质量指标"));
    for headings in ["level1:产出指标 level2:成本指标", "level1:效益指标 level2:质量指标"] {
        assert_ne!(first, named(headings), "{headings}");
    }
    assert_ne!(first, named("level1:产出指标 level2:质量指标 goal:#2"), "another goal");
}
