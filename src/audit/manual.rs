//! The manual: a page for every check, in both languages. The pages are the files of `manual/`, Chinese first.

use crate::message::Message;
use crate::record::Severity;

/// What a check is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// Id of the check.
    pub id: &'static str,
    /// How much an inconsistency matters, unless a rule says otherwise.
    pub severity: Severity,
    /// Whether the check is made only where the pattern has a rule for it.
    pub ruled: bool,
    /// What holds when the check is consistent, in a line.
    pub title: Message,
    /// What it checks, why it matters, an example, the source of the rule.
    pub text: Message,
}

/// Lists the pages: the id is the name of the file.
macro_rules! pages {
    ($($id:literal $severity:ident $ruled:literal,)*) => {
        &[$(($id, Severity::$severity, $ruled, include_str!(concat!("manual/", $id, ".md"))),)*]
    };
}

/// Id, severity, whether a rule is needed, and text of every page, in the order in which checks are made.
const PAGES: &[(&str, Severity, bool, &str)] = pages![
    "budget.rate" Error false,
    "budget.score" Error false,
    "budget.total" Error false,
    "budget.over" Warning true,
    "budget.note" Warning true,
    "goals.score" Error false,
    "indicator.score" Error false,
    "indicator.target" Error false,
    "indicator.note" Warning false,
    "indicator.kind" Warning true,
    "indicator.tier" Error true,
    "indicator.excess" Info true,
    "indicator.parts" Warning false,
    "weights.level1" Error false,
    "scores.level1" Error false,
    "indicators.score" Error false,
    "indicators.weight" Error false,
    "total.score" Error false,
    "total.weight" Error false,
    "grade.band" Error true,
    "form.complete" Warning false,
    "form.placeholder" Warning true,
    "form.period" Info false,
    "archive.twice" Warning false,
    "archive.years" Warning false,
    "archive.department" Warning false,
    "archive.copied" Info false,
];

/// What parts the languages of a page.
const BETWEEN: &str = "\n---\n";

/// Every page, in the order in which checks are made.
pub fn pages() -> impl Iterator<Item = Page> {
    PAGES.iter().map(|(id, severity, ruled, text)| {
        let (zh, en) = text.split_once(BETWEEN).unwrap_or((text, text));
        let ((zh_title, zh), (en_title, en)) = (parts(zh), parts(en));
        Page {
            id,
            severity: *severity,
            ruled: *ruled,
            title: Message::new(zh_title, en_title),
            text: Message::new(zh, en),
        }
    })
}

/// The page of the check with this id.
pub fn page(id: &str) -> Option<Page> {
    pages().find(|page| page.id == id)
}

/// The first line and what follows it.
fn parts(half: &str) -> (&str, &str) {
    let (title, text) = half.trim().split_once('\n').unwrap_or((half.trim(), ""));
    (title.trim(), text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::CHECKS;

    #[test]
    fn every_check_has_its_page_in_both_languages() {
        let mut known: Vec<&str> = CHECKS.to_vec();
        let mut paged: Vec<&str> = pages().map(|page| page.id).collect();
        known.sort_unstable();
        paged.sort_unstable();
        assert_eq!(known, paged);
        for page in pages() {
            for (text, parts) in [
                (&page.text.zh, ["查什么：", "为什么：", "例：", "出处："]),
                (&page.text.en, ["What: ", "Why: ", "Example: ", "Source: "]),
            ] {
                for part in parts {
                    assert!(text.contains(part), "{}: {part}", page.id);
                }
            }
            assert!(!page.title.zh.is_empty() && !page.title.en.is_empty(), "{}", page.id);
        }
        assert_eq!(page("budget.rat"), None);
    }
}
