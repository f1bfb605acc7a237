//! The tutorial of `patterns/README.md`, followed on two families that are not built in: a declaration of targets, and
//! an English form for the evaluation of vendors.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use proptest::prelude::*;
use retally::author::{Drafted, Title, draft};
use retally::message::Message;
use retally::pattern::Patterns;
use retally::record::{Form, Record};
use retally::report::plain::{differences, plain};
use retally::{Engine, Options, source};
use serde_json::Value as Json;

const FOLDER: &str = "samples/authoring";

fn read(name: &str) -> Vec<u8> {
    fs::read(Path::new(FOLDER).join(name)).unwrap()
}

fn title() -> Title {
    Title { id: "my-form".to_owned(), name: Message::default() }
}

fn drafted(names: &[&str]) -> Drafted {
    let samples: Vec<Vec<u8>> = names.iter().map(|name| read(name)).collect();
    draft(&samples, &source::Options::default(), &title()).unwrap()
}

/// What the drafted pattern alone reads of a sample.
fn extract(drafted: &Drafted, name: &str) -> Record {
    let engine = Engine::new(Patterns { list: vec![drafted.load().unwrap()] });
    engine.extract(name, &read(name), &Options { audit: false, ..Options::default() })
}

fn raws(form: &Form, table: &str, column: &str) -> Vec<String> {
    let rows = form.tables.get(table).unwrap().iter();
    rows.map(|row| row.get(column).and_then(|cell| cell.value()).map_or(String::new(), |value| value.raw.clone()))
        .collect()
}

#[test]
fn a_draft_from_two_samples_reads_both_to_the_last_character() {
    for names in [["declaration-1.pdf", "declaration-2.pdf"], ["vendor-1.pdf", "vendor-2.pdf"]] {
        let drafted = drafted(&names);
        for name in names {
            let record = extract(&drafted, name);
            assert_eq!(record.forms.len(), 1, "{name}\n{}", drafted.text);
            assert_eq!(record.forms[0].unmatched, [], "{name}\n{}", drafted.text);
            assert_eq!(record.forms[0].confidence, 1.0, "{name}");
        }
    }
}

#[test]
fn a_draft_knows_labels_columns_words_and_types() {
    let drafted = drafted(&["vendor-1.pdf", "vendor-2.pdf"]);
    let form = extract(&drafted, "vendor-2.pdf").forms.remove(0);
    let field = |id: &str| form.fields.get(id).map(|value| value.raw.as_str());
    assert_eq!(field("vendor_name"), Some("Harbour Catering Co."));
    assert_eq!(field("contract_no"), Some("C-2025-031"));
    assert_eq!(field("evaluated_on"), Some("2025-06-18"));
    assert_eq!(field("approved_by"), Some("P. Okafor"));
    assert_eq!(field("total_weighted_score"), Some("3.10"));
    let table = form.tables.keys().next().unwrap();
    assert_eq!(raws(&form, table, "category"), ["Quality", "Delivery", "Delivery", "Service"]);
    assert_eq!(raws(&form, table, "weight"), ["40%", "30%", "10%", "20%"]);
    assert_eq!(raws(&form, table, "score"), ["3", "2", "5", "4"]);
    for line in ["type = \"percent\"", "type = \"date\"", "vocabulary = \"category\"", "labels = [\"Fiscal year {}\"]"]
    {
        assert!(drafted.text.contains(line), "{line}\n{}", drafted.text);
    }
}

#[test]
fn labels_that_other_families_share_get_their_ids() {
    let drafted = drafted(&["declaration-1.pdf", "declaration-2.pdf"]);
    let form = extract(&drafted, "declaration-1.pdf").forms.remove(0);
    for id in ["title", "year", "project", "department", "implementer", "attribute", "contact", "phone"] {
        assert!(form.fields.contains_key(id), "{id}\n{}", drafted.text);
    }
    assert_eq!(raws(&form, "indicators", "target"), ["≥3处", "2024年10月底前", "≥260人次", "≥92%"]);
    assert_eq!(raws(&form, "indicators", "level1"), ["产出指标", "产出指标", "效益指标", "满意度指标"]);
}

#[test]
fn a_label_in_letters_is_no_part_of_a_longer_word() {
    let drafted = drafted(&["vendor-1.pdf", "vendor-2.pdf"]);
    let engine = Engine::new(Patterns { list: vec![drafted.load().unwrap()] });
    let text = String::from_utf8(read("vendor-2.tabs.txt")).unwrap();
    let text =
        text.replace("School Meals Unit", "Departmental Meals").replace("Late on nine days", "Weightier than ever");
    let record = engine.extract("-", text.as_bytes(), &Options::default());
    let form = &record.forms[0];
    assert_eq!(form.fields.get("department").unwrap().raw, "Departmental Meals");
    assert_eq!(form.unmatched, []);
    let remarks = form.tables.values().next().unwrap().iter().map(|row| row["remarks"].value().unwrap().raw.as_str());
    assert_eq!(remarks.collect::<Vec<_>>(), ["Menu repeats weekly", "Weightier than ever", "", ""]);
}

#[test]
fn one_sample_gives_a_draft_too() {
    for name in ["declaration-1.pdf", "declaration-2.tabs.txt", "vendor-1.pdf", "vendor-2.tabs.txt"] {
        let record = extract(&drafted(&[name]), name);
        assert_eq!(record.forms.len(), 1, "{name}");
    }
}

#[test]
fn there_is_nothing_to_draft_from_without_labels() {
    for text in [
        "",
        "12 13 14\n15 16 17\n",
        "今天下雨，路很滑，大家走得很慢，到家已经很晚了，晚饭吃的是面条，后来又下了一阵雨，电视里说明天放晴。",
    ] {
        assert!(draft(&[text.into()], &source::Options::default(), &title()).is_none(), "{text}");
    }
    assert!(draft(&[], &source::Options::default(), &title()).is_none());
}

/// The finished patterns of the tutorial beside the built-in ones.
fn tutorial() -> Patterns {
    let mut patterns = Patterns::builtin();
    patterns.add_dir(Path::new(FOLDER)).unwrap();
    patterns
}

#[test]
fn the_tutorials_patterns_read_their_forms_as_written_down() {
    let engine = Engine::new(tutorial());
    let mut documents = 0;
    for entry in fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        let Ok(expected) = fs::read_to_string(path.with_extension("expected.json")) else { continue };
        if path.extension().is_some_and(|ending| ending == "json") {
            continue;
        }
        let expected: Json = serde_json::from_str(&expected).unwrap();
        let record = engine.extract(&path.to_string_lossy(), &fs::read(&path).unwrap(), &Options::default());
        assert_eq!(differences(&expected, &plain(&record)), [], "{}", path.display());
        documents += 1;
    }
    assert!(documents >= 6, "only {documents} documents");
}

#[test]
fn the_tutorials_patterns_take_no_sample_of_another_family() {
    let engine = Engine::new(tutorial());
    let builtin = Engine::new(Patterns::builtin());
    for folder in ["samples", "samples/families", "samples/none"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if !path.extension().is_some_and(|ending| ending == "pdf" || ending == "txt") {
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let patterns = |engine: &Engine| -> Vec<String> {
                let options = Options { audit: false, ..Options::default() };
                let forms = engine.extract("-", &bytes, &options).forms.into_iter();
                // What was only named before is read now.
                forms.map(|form| form.pattern).filter(|pattern| pattern != "target-declaration").collect()
            };
            assert_eq!(patterns(&engine), patterns(&builtin), "{}", path.display());
        }
    }
}

fn retally(args: &[&str]) -> assert_cmd::assert::Assert {
    Command::new(env!("CARGO_BIN_EXE_retally")).args(args).assert()
}

#[test]
fn the_tutorials_commands_do_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vendor-evaluation.toml");
    let file = file.to_string_lossy();
    let (one, two) = (format!("{FOLDER}/vendor-1.pdf"), format!("{FOLDER}/vendor-2.pdf"));
    let run =
        retally(&["patterns", "new", "--lang", "en", "--id", "vendor-evaluation", "-o", &file, "--from", &one, &two]);
    let told = String::from_utf8(run.code(0).get_output().stderr.clone()).unwrap();
    assert!(told.contains("vendor-2.pdf: forms read: 1, pieces of text without a place: 0"), "{told}");
    retally(&["patterns", "check", &file]).code(0);
    retally(&["patterns", "show", "vendor-evaluation", "--patterns", &folder.path().to_string_lossy()]).code(0);
    let run = retally(&["patterns", "test", "--lang", "en", "--patterns", FOLDER, FOLDER]).code(0);
    let told = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(told.contains("exactly as written down: 6"), "{told}");
    retally(&["patterns", "new", "--from", "samples/none/digits.txt", "no/such.pdf"]).code(2);
    let schema = retally(&["patterns", "schema"]).code(0);
    let schema: Json = serde_json::from_slice(&schema.get_output().stdout).unwrap();
    assert_eq!(schema["title"], "Pattern");
}

/// A cell of a made-up table.
fn cell() -> impl Strategy<Value = String> {
    let fixed = [
        "",
        "",
        "项目名称",
        "Vendor name",
        "Score",
        "得分",
        "一级指标",
        "产出指标",
        "12",
        "3.50",
        "≥95%",
        "100%",
        "☑是 □否",
        "合计",
        "Total",
        "（2023年度）",
        "附件1",
        "{x}",
        "@term",
        "a: b",
        "units",
        "head",
        "item",
        "Goal 20",
        "2023-01-05",
        "\"quoted\"",
        "\\",
        "'",
    ];
    prop_oneof![6 => prop::sample::select(fixed.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

proptest! {
    #[test]
    fn a_draft_from_any_table_passes_the_check(
        tables in prop::collection::vec(prop::collection::vec(prop::collection::vec(cell(), 1..7), 1..9), 1..3),
    ) {
        let text = |rows: &Vec<Vec<String>>| rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n");
        let samples: Vec<Vec<u8>> = tables.iter().map(|rows| text(rows).into_bytes()).collect();
        if let Some(drafted) = draft(&samples, &source::Options::default(), &title()) {
            let mistakes = drafted.load().err().unwrap_or_default();
            let told: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.en.as_str()).collect();
            prop_assert!(told.is_empty(), "{told:?}\n{}", drafted.text);
        }
    }
}

#[test]
fn a_sample_that_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, word) in [
        ("a.txt", &b""[..], "empty"),
        ("b.bin", &[0, 1, 2, 3, 0, 255, 254, 7], "text"),
        ("c.xlsx", b"PK\x03\x04\0\0\0\0", "xlsx"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let run = Command::new(env!("CARGO_BIN_EXE_retally"))
            .args(["patterns", "new", "--lang", "en", "--from", path.to_str().unwrap()])
            .assert()
            .code(2);
        let err = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(err.contains(name) && err.contains(word) && !err.contains("to draft from"), "{name}: {err}");
    }
}
