//! Whatever the bytes, reading them ends well: a record comes out that is `ok`, or says what is wrong.
//!
//! The normal run takes some seconds. A thousand damaged copies of every sample are read by
//! `cargo test --test any_bytes -- --ignored --nocapture`, which also tells how much is recovered from copies that are
//! only cut off; `RETALLY_COPIES` sets another number.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use lopdf::{Document, Object, ObjectId};
use proptest::prelude::*;
use retally::fold::is_blank;
use retally::message::Lang;
use retally::pattern::{self, Patterns};
use retally::problem::Code;
use retally::record::{Record, Status};
use retally::value::{self, Type};
use retally::{Engine, Options, layout, report, source};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Patterns::builtin()));

/// The documents of the project: name and bytes.
static SAMPLES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    ["samples", "samples/authoring", "samples/breakage", "samples/families", "samples/none", "tests/pdfs"]
        .map(documents)
        .concat()
});

/// The documents in a folder, in the order of their names.
fn documents(folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pdf" || extension == "txt"))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

/// Xorshift (Marsaglia 2003): the same numbers on every run and system.
struct Seed(u64);

impl Seed {
    fn new(number: u64) -> Seed {
        Seed(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// `bytes` with some damage of the kinds that files meet: cut, bits flipped, stretches lost, doubled, blanked, numbers
/// changed, bytes of their own making.
fn damaged(bytes: &[u8], seed: &mut Seed) -> Vec<u8> {
    let mut broken = bytes.to_vec();
    for _ in 0..=seed.below(5) {
        if broken.is_empty() {
            break;
        }
        let at = seed.below(broken.len());
        let end = (at + 1 + seed.below(200)).min(broken.len());
        match seed.below(9) {
            0 => broken.truncate(at),
            1 | 2 => broken[at] ^= 1 << seed.below(8),
            3 => drop(broken.drain(at..end)),
            4 => {
                let part = broken[at..end].to_vec();
                broken.splice(at..at, part);
            }
            5 => broken[at..end].fill(b" \0\xff\n"[seed.below(4)]),
            6 => broken[at..end].iter_mut().filter(|byte| byte.is_ascii_digit()).for_each(|byte| *byte = b'9'),
            7 => broken[at..end].reverse(),
            _ => {
                let own = (0..seed.below(40)).map(|_| seed.below(256) as u8).collect::<Vec<u8>>();
                broken.splice(at..at, own);
            }
        }
    }
    broken
}

/// Reads `bytes` and holds what must hold for any.
fn read(name: &str, bytes: &[u8]) -> Record {
    let record = ENGINE.extract(name, bytes, &Options { lang: Lang::En, ..Options::default() });
    let codes: Vec<Code> = record.problems.iter().map(|problem| problem.code).collect();
    match record.status {
        Status::Ok => assert!(codes.iter().all(|code| *code == Code::NoForm), "{name}: ok with {codes:?}"),
        Status::Partial | Status::Failed => {
            assert!(!codes.is_empty(), "{name}: {:?}, and nothing is said", record.status)
        }
    }
    if record.status == Status::Failed {
        assert!(record.forms.is_empty(), "{name}: failed with forms");
    }
    for problem in &record.problems {
        assert!(!problem.words.en.is_empty() && !problem.words.zh.is_empty(), "{name}: {problem:?}");
        // A reader that panics is caught, and is a defect all the same.
        assert!(!problem.words.en.contains("made the reader fail"), "{name}: the reader panicked");
    }
    let json = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&json).unwrap().forms.len(), record.forms.len(), "{name}");
    record
}

/// The non-blank characters that are read.
fn characters(bytes: &[u8]) -> usize {
    let document = source::read(bytes, &source::Options::default());
    report::text::text(&layout::lay_out(&document)).chars().filter(|ch| !is_blank(*ch)).count()
}

#[test]
fn what_once_did_harm_does_none() {
    let finds = documents("tests/finds");
    assert!(!finds.is_empty());
    for (name, bytes) in finds {
        assert_ne!(read(&name, &bytes).status, Status::Ok, "{name}");
    }
}

#[test]
fn some_damaged_copies_of_every_sample() {
    for (number, (name, bytes)) in SAMPLES.iter().enumerate() {
        for copy in 0..2 {
            let broken = damaged(bytes, &mut Seed::new((number * 1_000 + copy) as u64));
            read(&format!("{name}, copy {copy}"), &broken);
        }
    }
}

#[test]
#[ignore = "takes long: a thousand copies of each"]
fn a_thousand_damaged_copies_of_every_sample() {
    let copies = std::env::var("RETALLY_COPIES").ok().and_then(|copies| copies.parse().ok()).unwrap_or(1_000);
    println!("| sample | ok | partial | failed |\n| --- | ---: | ---: | ---: |");
    let mut all = [0usize; 3];
    for (number, (name, bytes)) in SAMPLES.iter().enumerate() {
        let mut came = [0usize; 3];
        for copy in 0..copies {
            let broken = damaged(bytes, &mut Seed::new((number * 1_000_000 + copy) as u64));
            came[read(&format!("{name}, copy {copy}"), &broken).status as usize] += 1;
        }
        println!("| {name} | {} | {} | {} |", came[0], came[1], came[2]);
        all.iter_mut().zip(came).for_each(|(all, came)| *all += came);
    }
    println!("| {} samples, {copies} copies of each | {} | {} | {} |", SAMPLES.len(), all[0], all[1], all[2]);
}

/// The PDF with its objects in the order in which a reader needs them, as many programs write them: the tree of pages,
/// then each page with its content and fonts. LibreOffice writes fonts and pages last, at 93 to 99 % of a file, and
/// nothing tells its characters without them.
fn in_order(bytes: &[u8]) -> Vec<u8> {
    let document = Document::load_mem(bytes).unwrap();
    let root = document.trailer.get(b"Root").unwrap().as_reference().unwrap();
    let mut order = vec![root];
    order.extend(document.get_pages().into_values());
    let mut next = 0;
    while let Some(id) = order.get(next).copied() {
        let mut found = Vec::new();
        refer(&mut document.get_object(id).unwrap().clone(), &mut |to| found.push(*to));
        // A page is whole before the next begins: what it needs stands right after it.
        let new: Vec<_> =
            found.into_iter().filter(|to| !order.contains(to) && document.get_object(*to).is_ok()).collect();
        for (offset, to) in new.into_iter().enumerate() {
            if !order.contains(&to) {
                order.insert(next + 1 + offset, to);
            }
        }
        next += 1;
    }
    let number = |id: ObjectId| (order.iter().position(|known| *known == id).map_or(0, |at| at as u32 + 1), 0);
    let mut ordered = Document::with_version("1.7");
    for id in &order {
        let mut object = document.get_object(*id).unwrap().clone();
        refer(&mut object, &mut |to| *to = number(*to));
        ordered.objects.insert(number(*id), object);
    }
    ordered.max_id = order.len() as u32;
    ordered.trailer.set("Root", Object::Reference(number(root)));
    let mut written = Vec::new();
    ordered.save_to(&mut written).unwrap();
    written
}

/// Calls `each` for every reference in `object`.
fn refer(object: &mut Object, each: &mut dyn FnMut(&mut ObjectId)) {
    match object {
        Object::Reference(to) => each(to),
        Object::Array(items) => items.iter_mut().for_each(|item| refer(item, each)),
        Object::Dictionary(dict) => dict.iter_mut().for_each(|(_, value)| refer(value, each)),
        Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, value)| refer(value, each)),
        _ => {}
    }
}

#[test]
#[ignore = "prints how much is recovered"]
fn what_is_recovered_from_copies_that_are_cut_off() {
    println!("| samples | share of the bytes kept | share of the characters recovered |");
    println!("| --- | ---: | ---: |");
    let pdfs: Vec<&[u8]> =
        SAMPLES.iter().filter(|(name, _)| name.ends_with("pdf")).map(|(_, bytes)| &bytes[..]).collect();
    let texts = SAMPLES.iter().filter(|(name, _)| name.ends_with("txt")).map(|(_, bytes)| bytes.clone()).collect();
    let ordered = pdfs.iter().map(|bytes| in_order(bytes)).collect();
    let as_they_are = pdfs.iter().map(|bytes| bytes.to_vec()).collect();
    for (kind, samples) in [("pdf", as_they_are), ("pdf, objects in order", ordered), ("txt", texts)] {
        let samples: Vec<Vec<u8>> = samples;
        for kept in [990, 970, 900, 750, 500, 250, 100] {
            let (mut all, mut back) = (0, 0);
            for whole in &samples {
                let part = &whole[..whole.len() * kept / 1000];
                read(&format!("{kind} cut to {kept} thousandths"), part);
                all += characters(whole);
                back += characters(part);
            }
            println!("| {kind} | {} % | {:.1} % |", kept / 10, back as f64 / f64::from(all as u32) * 100.0);
        }
    }
}

/// Something of a form: labels, figures, marks, and what tears them.
fn piece() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "项目支出绩效自评表",
        "（2020年度）",
        "项目名称",
        "主管部门",
        "年度资金总额",
        "产出指标",
        "数量指标",
        "效益指标",
        "满意度指标",
        "预算数（A）",
        "执行数（B）",
        "执行率（B/A）",
        "得分",
        "分值",
        "≥95%",
        "100.00",
        "12月底前",
        "=1+1",
        "20",
        "\t",
        " ",
        "　",
        "\n",
        "\u{c}",
        "|",
        "☑",
        "□",
        "\u{0}",
        "\u{202e}",
        "\u{fffd}",
        "𠀀",
        "ﾃ",
    ];
    prop_oneof![8 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<String>()]
}

fn kind() -> impl Strategy<Value = Type> {
    prop::sample::select(vec![
        Type::Text,
        Type::Prose,
        Type::Integer,
        Type::Decimal,
        Type::Percent,
        Type::Date,
        Type::Quantity,
        Type::Choices,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn bytes_of_any_kind(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        read("any bytes", &bytes);
    }

    #[test]
    fn bytes_that_begin_as_a_pdf(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        read("any PDF", &[b"%PDF-1.7\n", bytes.as_slice(), b"\ntrailer << /Root 1 0 R >>\n%%EOF"].concat());
    }

    #[test]
    fn texts_made_of_labels(pieces in prop::collection::vec(piece(), 0..120)) {
        read("labels", pieces.concat().as_bytes());
    }

    #[test]
    fn damaged_samples(sample: prop::sample::Index, number: u64) {
        let (name, bytes) = sample.get(&SAMPLES);
        read(&format!("{name}, damaged by {number}"), &damaged(bytes, &mut Seed::new(number)));
    }
}

proptest! {
    #[test]
    fn values_of_every_type(raw in prop::collection::vec(piece(), 0..6), kind in kind()) {
        let raw = raw.concat();
        value::read(&raw, kind, &["—".to_owned()], &["是".to_owned(), "否".to_owned()]);
        value::read_unit(&raw);
        value::read_op(&raw);
    }

    #[test]
    fn damaged_patterns(sample: prop::sample::Index, number: u64) {
        let paths = ["patterns/mof-project.toml", "patterns/booklet.toml", "patterns/transfer.toml"];
        let text = fs::read(sample.get(&paths)).unwrap();
        let broken = String::from_utf8_lossy(&damaged(&text, &mut Seed::new(number))).into_owned();
        if let Err(mistakes) = pattern::load("damaged.toml", &broken) {
            prop_assert!(!mistakes.is_empty());
            for mistake in mistakes {
                prop_assert!(mistake.span.end <= broken.len());
                let words = mistake.in_words(&broken).en;
                prop_assert!(words.contains("damaged.toml") || words.contains("shared"), "{}", words);
                prop_assert!(!words.contains("::"), "a Rust type: {}", words);
            }
        }
    }

    /// What a batch keeps of a document, and reads back.
    #[test]
    fn damaged_records(number: u64) {
        static JSON: LazyLock<String> = LazyLock::new(|| {
            let bytes = fs::read("samples/breakage/tidy.txt").unwrap();
            serde_json::to_string(&ENGINE.extract("a", &bytes, &Options::default())).unwrap()
        });
        let broken = damaged(JSON.as_bytes(), &mut Seed::new(number));
        if let Ok(record) = serde_json::from_slice::<Record>(&broken) {
            let again = serde_json::to_string(&record).unwrap();
            prop_assert_eq!(serde_json::from_str::<Record>(&again).unwrap(), record);
        }
    }
}
