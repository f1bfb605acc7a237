//! The loader of patterns.
#![no_main]

use libfuzzer_sys::fuzz_target;
use retally::pattern;

fuzz_target!(|text: &str| {
    if let Err(mistakes) = pattern::load("fuzz.toml", text) {
        assert!(!mistakes.is_empty());
    }
});
