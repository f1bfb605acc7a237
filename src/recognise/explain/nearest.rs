//! The label that a piece of text is most like.

use strsim::generic_damerau_levenshtein;

use super::{Nearest, paths};
use crate::fold::fold_text;
use crate::pattern::{Part, Pattern};
use crate::recognise::lexicon::Lexicon;
use crate::recognise::near::{FIGURE, plain};

/// Characters of the text that are compared: the longest label has some forty, and the rest of a paragraph is none.
const COMPARED: usize = 60;

/// The label of `pattern` that `text` is most like, up to a colon; of equal ones the first. None when there is no
/// character in common.
pub(super) fn nearest(text: &str, lexicon: &Lexicon, pattern: &Pattern) -> Option<Nearest> {
    let text = signs(fold_text(text).chars().take_while(|ch| *ch != ':').take(COMPARED));
    let mut best: Option<Nearest> = None;
    for entry in &lexicon.entries {
        let mut label = Vec::new();
        for part in &entry.template.parts {
            match part {
                Part::Literal(chars) => label.extend(chars.iter().map(|ch| plain(*ch))),
                Part::Hole(_) => label.push(FIGURE),
            }
        }
        let longest = label.len().max(text.len());
        // No closer than by what their lengths differ: most labels need no comparison.
        let bound = 1.0 - label.len().abs_diff(text.len()) as f64 / longest.max(1) as f64;
        let known = best.as_ref().map_or(0.0, |best| best.similarity);
        if bound <= known {
            continue;
        }
        let edits = generic_damerau_levenshtein(&label, &text);
        let similarity = 1.0 - edits as f64 / longest.max(1) as f64;
        if similarity > known
            && let Some(owner) = entry.owners.first()
        {
            let (label, path) = (entry.template.text.clone(), paths::of_owner(pattern, *owner));
            best = Some(Nearest { label, path, similarity });
        }
    }
    best.map(|best| Nearest { similarity: super::assemble::rounded(best.similarity), ..best })
}

/// Characters for comparison: look-alikes made one, each figure a single mark.
fn signs(text: impl Iterator<Item = char>) -> Vec<char> {
    let mut signs: Vec<char> = Vec::new();
    for ch in text {
        match ch {
            '0'..='9' | '.' if signs.last() == Some(&FIGURE) => {}
            '0'..='9' => signs.push(FIGURE),
            _ => signs.push(plain(ch)),
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

    #[test]
    fn the_label_with_most_characters_in_common_is_nearest() {
        let patterns = Patterns::builtin();
        let pattern = patterns.get("wuhan-self-evaluation").unwrap();
        let lexicon = Lexicon::new(pattern);
        for (text, path, at_least) in [
            ("项目名称", "fields.project", 1.0),
            ("项目的名称：某桥", "fields.project", 0.8),
            ("项 目 名 弥", "fields.project", 1.0),
        ] {
            let nearest = nearest(text, &lexicon, pattern).unwrap();
            assert_eq!(nearest.path, path, "{text}: {}", nearest.label);
            assert!(nearest.similarity >= at_least, "{text}: {}", nearest.similarity);
        }
        assert_eq!(nearest("#&~", &lexicon, pattern), None);
    }
}
