//! The whole way of a PDF.
#![no_main]

use libfuzzer_sys::fuzz_target;

mod held;

fuzz_target!(|bytes: &[u8]| {
    // What does not begin as a PDF would be read as a text, which has a target of its own.
    if bytes.starts_with(b"%PDF-") {
        held::extract(bytes);
    } else {
        held::extract(&[b"%PDF-1.7\n", bytes].concat());
    }
});
