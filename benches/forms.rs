//! Forms per second from text on one core, and what the label search alone takes.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use retally::pattern::Patterns;
use retally::{Engine, Options, layout, source};

const DUMP: &str = include_str!("../samples/wuhan-2021.txt");
/// Forms in [`DUMP`].
const FORMS: usize = 3;

fn main() {
    divan::main();
}

/// Bytes to records with checks.
#[divan::bench]
fn extract(bencher: Bencher) {
    let engine = Engine::new(Patterns::builtin());
    let options = Options::default();
    bencher.counter(ItemsCount::new(FORMS)).bench(|| engine.extract("dump", black_box(DUMP.as_bytes()), &options));
}

/// Bytes to records, no checks.
#[divan::bench]
fn extract_without_audit(bencher: Bencher) {
    let engine = Engine::new(Patterns::builtin());
    let options = Options { audit: false, ..Options::default() };
    bencher.counter(ItemsCount::new(FORMS)).bench(|| engine.extract("dump", black_box(DUMP.as_bytes()), &options));
}

/// Bytes to runs of text.
#[divan::bench]
fn lay_out(bencher: Bencher) {
    bencher
        .counter(ItemsCount::new(FORMS))
        .bench(|| layout::lay_out(&source::read(black_box(DUMP.as_bytes()), &source::Options::default())));
}
