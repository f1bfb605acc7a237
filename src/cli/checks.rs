//! `retally checks`: the manual of the checks.

use std::io::Write;

use retally::audit::manual::{self, Page};
use retally::message::Lang;
use retally::report::table::severity;

use crate::cli::console::{self, Console};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// The page of one check, or a line for each: id, severity, title, with tabs between.
pub(crate) fn run(page: Option<&Page>, console: &Console) -> Result<Exit, Failure> {
    let lang = console.lang();
    let mut out = console::data();
    match page {
        Some(page) => write!(out, "{}", whole(page, lang))?,
        None => {
            for page in manual::pages() {
                writeln!(out, "{}\t{}\t{}", page.id, severity(page.severity, lang), page.title.get(lang))?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn whole(page: &Page, lang: Lang) -> String {
    let ruled = match (page.ruled, lang) {
        (true, Lang::Zh) => "，只在表样有规则时检查",
        (true, Lang::En) => ", made only where the pattern has a rule for it",
        (false, _) => "",
    };
    let (id, level, title, text) = (page.id, severity(page.severity, lang), page.title.get(lang), page.text.get(lang));
    let (open, close) = match lang {
        Lang::Zh => ("（", "）"),
        Lang::En => (" (", ")"),
    };
    format!("{id}{open}{level}{ruled}{close}\n{title}\n\n{text}\n")
}
