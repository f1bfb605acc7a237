//! The whole way of a text.
#![no_main]

use libfuzzer_sys::fuzz_target;

mod held;

fuzz_target!(|text: &str| held::extract(text.as_bytes()));
