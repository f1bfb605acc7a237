//! `retally explain-problem`: what the codes of problems mean, how they come about, and what can be done.

use std::io::Write;

use retally::message::Lang;
use retally::problem::manual::{self, Page};

use crate::cli::console::{self, Console};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// The page of one code, or a line for each: code and title, with a tab between.
pub(crate) fn run(page: Option<&Page>, console: &Console) -> Result<Exit, Failure> {
    let lang = console.lang();
    let mut out = console::data();
    match page {
        Some(page) => write!(out, "{}", whole(page, lang))?,
        None => {
            for page in manual::pages() {
                writeln!(out, "{}\t{}", page.code.id(), page.title.get(lang))?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn whole(page: &Page, lang: Lang) -> String {
    let (cause, remedy) = match lang {
        Lang::Zh => ("原因：", "处理："),
        Lang::En => ("Cause: ", "Remedy: "),
    };
    let Page { code, title, cause: why, remedy: what, .. } = page;
    let (code, title, why, what) = (code.id(), title.get(lang), why.get(lang), what.get(lang));
    format!("{code}\n{title}\n\n{cause}{why}\n{remedy}{what}\n")
}
