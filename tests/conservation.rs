//! Nothing is lost: every non-blank character of a form has exactly one owner, whatever was done to the document.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use proptest::prelude::*;
use retally::pattern::Patterns;
use retally::recognise::{Recognised, Recogniser};
use retally::{layout, source};

fn recognise(bytes: &[u8]) -> Recognised {
    let document = source::read(bytes, &source::Options::default());
    Recogniser::new(&Patterns::builtin()).recognise(&layout::lay_out(&document))
}

fn assert_owned_once(name: &str, bytes: &[u8]) -> usize {
    let recognised = recognise(bytes);
    assert_eq!(recognised.accounts.len(), recognised.forms.len());
    for account in &recognised.accounts {
        assert_eq!(account.owned_once, account.characters, "{name}");
        assert!(account.characters > 0, "{name}");
    }
    recognised.forms.len()
}

#[test]
fn every_character_of_every_sample_has_one_owner() {
    let mut forms = 0;
    for folder in ["samples", "samples/breakage", "samples/families"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "txt" || ending == "pdf") {
                forms += assert_owned_once(&path.to_string_lossy(), &fs::read(&path).unwrap());
            }
        }
    }
    assert!(forms > 20, "only {forms} forms");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_character_of_a_damaged_sample_has_one_owner(
        drops in prop::collection::vec((0usize..4000, 1usize..60), 0..6),
        swaps in prop::collection::vec((0usize..150, 0usize..150), 0..12),
        breaks in prop::collection::vec((0usize..4000, prop::sample::select(vec!['\n', ' ', '4', '指', '标', '：', '%'])), 0..40),
    ) {
        let text = fs::read_to_string("samples/wuhan-2021.txt").unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        for (one, other) in swaps {
            let (one, other) = (one % lines.len(), other % lines.len());
            lines.swap(one, other);
        }
        let mut chars: Vec<char> = lines.join("\n").chars().collect();
        for (at, ch) in breaks {
            let at = at % chars.len();
            chars.insert(at, ch);
        }
        for (at, length) in drops {
            let at = at % chars.len();
            let end = (at + length).min(chars.len());
            chars.drain(at..end);
        }
        let damaged: String = chars.into_iter().collect();
        assert_owned_once("damaged", damaged.as_bytes());
    }
}
