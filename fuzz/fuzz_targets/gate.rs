//! The gate to a PDF and what mends it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use retally::source::{Options, plain_pdf};

fuzz_target!(|bytes: &[u8]| {
    plain_pdf(&[b"%PDF-1.7\n", bytes].concat(), &Options::default());
});
