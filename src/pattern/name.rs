//! Names: what an id is made of, and which known name a misspelt one is near to.

use crate::message::Message;

/// Names longer than this are no slip of the finger for a known one.
const MAX_NEAR: usize = 40;

/// One wrong character in so many still makes a slip: `lable` for `label`, `opns` for `opens`.
const CHARS_PER_SLIP: usize = 3;

/// A shorter name is another name with one letter changed as often as a slip.
const MIN_SLIPPED: usize = 4;

/// What an id is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum IdForm {
    /// `wuhan-self-evaluation`: patterns.
    Kebab,
    /// `hubei/execution-rate`: rules.
    Path,
    /// `filled_on`: whatever is a key in the record, and vocabularies.
    Snake,
}

impl IdForm {
    /// Whether `id` is of this form.
    pub(super) fn fits(self, id: &str) -> bool {
        let plain = |part: &str, joint: char| {
            !part.is_empty() && part.chars().all(|ch| ch.is_ascii_lowercase() || ch.is_ascii_digit() || ch == joint)
        };
        match self {
            IdForm::Kebab => plain(id, '-'),
            IdForm::Path => id.split('/').all(|part| plain(part, '-')),
            IdForm::Snake => plain(id, '_') && id.starts_with(|first: char| first.is_ascii_lowercase()),
        }
    }

    /// An id of this form.
    pub(super) fn example(self) -> &'static str {
        match self {
            IdForm::Kebab => "library-short-form",
            IdForm::Path => "library/execution-rate",
            IdForm::Snake => "filled_on",
        }
    }

    /// The form in words, to follow "it must be".
    pub(super) fn in_words(self) -> Message {
        match self {
            IdForm::Kebab => Message::new("小写字母、数字和 -", "lower-case letters, digits and -"),
            IdForm::Path => Message::new("小写字母、数字、- 和 /", "lower-case letters, digits, - and /"),
            IdForm::Snake => {
                Message::new("小写字母开头的字母、数字和 _", "lower-case letters, digits and _, a letter first")
            }
        }
    }
}

/// The known name that `name` is probably a slip for.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let length = name.chars().count();
    if length > MAX_NEAR {
        return None;
    }
    let name = name.to_lowercase();
    known
        .filter(|known| length.abs_diff(known.chars().count()) <= MAX_NEAR / CHARS_PER_SLIP)
        .map(|known| (strsim::damerau_levenshtein(&name, known), known))
        .filter(|(distance, known)| *distance * CHARS_PER_SLIP <= length.max(known.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// The known name that `name` is one slip of the finger away from: a letter wrong, missing, doubled, or two in the
/// wrong order. For names that an author may choose freely, so that one that is merely alike is left alone.
pub(super) fn slip<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let length = name.chars().count();
    if !(MIN_SLIPPED..=MAX_NEAR).contains(&length) || known.contains(&name) {
        return None;
    }
    let one = |known: &&&str| {
        length.abs_diff(known.chars().count()) <= 1
            && known.chars().count() >= MIN_SLIPPED
            && strsim::damerau_levenshtein(name, known) == 1
    };
    known.iter().find(one).copied()
}

/// The known name that has the letters of `name` in another order. One letter more or less makes another word often
/// enough, `contract` and `contact`; the same letters hardly ever do.
pub(super) fn shuffled<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let sorted = |name: &str| {
        let mut letters: Vec<char> = name.chars().collect();
        letters.sort_unstable();
        letters
    };
    let long = (MIN_SLIPPED..=MAX_NEAR).contains(&name.len()) && !known.contains(&name);
    known.iter().find(|known| long && known.len() == name.len() && sorted(known) == sorted(name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_name_that_was_meant() {
        let known = ["labels", "words", "type", "opens", "required"];
        for (name, near) in [
            ("lables", Some("labels")),
            ("Type", Some("type")),
            ("open", Some("opens")),
            ("require", Some("required")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known.iter().copied()), near, "{name}");
        }
        assert_eq!(nearest(&"l".repeat(1000), known.iter().copied()), None);
    }

    #[test]
    fn one_slip_tells_a_name_and_more_do_not() {
        let known = ["unit", "project", "budget_weight", "rate"];
        for (name, near) in [
            ("proejct", Some("project")),
            ("projct", Some("project")),
            ("budget_weigth", Some("budget_weight")),
            ("units", Some("unit")),
            ("project", None),
            ("local_weight", None),
            ("rat", None),
            ("object", None),
        ] {
            assert_eq!(slip(name, &known), near, "{name}");
        }
        assert_eq!(shuffled("proejct", &known), Some("project"));
        assert_eq!(shuffled("contract", &["contact"]), None);
    }

    #[test]
    fn tells_ids_by_their_form() {
        for (form, id, fits) in [
            (IdForm::Kebab, "wuhan-2020", true),
            (IdForm::Kebab, "Wuhan", false),
            (IdForm::Kebab, "武汉", false),
            (IdForm::Kebab, "", false),
            (IdForm::Path, "hubei/rate", true),
            (IdForm::Path, "hubei//rate", false),
            (IdForm::Path, "rate", true),
            (IdForm::Snake, "filled_on", true),
            (IdForm::Snake, "filled-on", false),
            (IdForm::Snake, "2nd", false),
        ] {
            assert_eq!(form.fits(id), fits, "{id}");
        }
    }
}
