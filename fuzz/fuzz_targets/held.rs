//! What must hold of any record.

use std::sync::LazyLock;

use retally::pattern::Patterns;
use retally::record::Status;
use retally::source::{self, Limits};
use retally::{Engine, Options};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Patterns::builtin()));

/// Reads `bytes` within limits that a fuzzer's small inputs can meet.
pub fn extract(bytes: &[u8]) {
    let limits = Limits {
        pages: 20,
        page_glyphs: 5_000,
        glyphs: 20_000,
        page_rulings: 2_000,
        page_calls: 20_000,
        page_content: 1 << 18,
        content: 1 << 20,
        stream: 1 << 20,
        streams: 4 << 20,
        lines: 2_000,
        line_chars: 2_000,
        ..Limits::default()
    };
    let options = Options { source: source::Options { limits, ..source::Options::default() }, ..Options::default() };
    let record = ENGINE.extract("fuzz", bytes, &options);
    assert!(record.status == Status::Ok || !record.problems.is_empty(), "nothing is said");
    for problem in &record.problems {
        assert!(!problem.words.en.contains("made the reader fail"), "the reader panicked");
    }
}
