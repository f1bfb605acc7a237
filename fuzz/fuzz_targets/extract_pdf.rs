//! The whole way of a PDF.
#![no_main]

use libfuzzer_sys::fuzz_target;

mod held;

fuzz_target!(|bytes: &[u8]| {
    held::extract(bytes);
    held::extract(&[b"%PDF-1.7\n", bytes].concat());
});
