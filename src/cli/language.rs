//! The language of messages and reports, before anybody has said one.

use retally::message::Lang;

/// Variables that say the language of messages, the strongest first (POSIX, Base Definitions, 8.2).
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language of the user's locale: Chinese for every locale of the language `zh`, else English.
pub(crate) fn of_locale() -> Lang {
    of_variables(|name| std::env::var(name).ok())
        .or_else(|| sys_locale::get_locale().map(|locale| of_tag(&locale)))
        .unwrap_or_default()
}

/// What the user's locale is told by: the variables that are set, then what the system says.
pub(crate) fn told() -> Vec<(&'static str, String)> {
    let set = VARIABLES.iter().filter_map(|name| Some((*name, std::env::var(name).ok()?)));
    set.chain(sys_locale::get_locale().map(|locale| ("system", locale))).collect()
}

/// The language that the first variable with a value says.
fn of_variables(get: impl Fn(&str) -> Option<String>) -> Option<Lang> {
    let locale = VARIABLES.iter().filter_map(|name| get(name)).find(|locale| !locale.is_empty())?;
    Some(of_tag(&locale))
}

/// The language of a locale such as `zh_CN.UTF-8` or `zh-Hans-CN`.
fn of_tag(locale: &str) -> Lang {
    let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("zh") { Lang::Zh } else { Lang::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_variable_decides() {
        for (set, lang) in [
            (&[("LANG", "zh_CN.UTF-8")][..], Some(Lang::Zh)),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")], Some(Lang::En)),
            (&[("LANG", "de_DE"), ("LC_MESSAGES", "zh")], Some(Lang::Zh)),
            (&[("LANG", "zh-Hant-TW"), ("LC_ALL", "")], Some(Lang::Zh)),
            (&[("LANG", "zha_CN")], Some(Lang::En)),
            (&[], None),
        ] {
            let get = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(of_variables(get), lang, "{set:?}");
        }
    }
}
