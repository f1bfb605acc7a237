//! What is wrong with the arguments, in the user's language.
//!
//! clap words its errors in English. Those that people meet are worded here as well; the rest come out as clap has
//! them. Arguments may come from file names, so that nothing in them reaches a terminal that would act on it.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use retally::message::Lang;
use retally::report::safe;

use crate::cli::language;

/// What parts the languages of a reason in [`ErrorKind::ValueValidation`].
const BETWEEN: &str = " / ";

/// The language of messages about `args`, which are not read yet: the last `--lang` that says one, else the locale's.
pub(crate) fn lang_of(args: &[OsString]) -> Lang {
    let words: Vec<&str> =
        args.iter().map(|arg| arg.to_str().unwrap_or_default()).take_while(|arg| *arg != "--").collect();
    let after = words.windows(2).filter_map(|pair| match pair {
        ["--lang", lang] => named(lang),
        _ => None,
    });
    let within = words.iter().filter_map(|word| named(word.strip_prefix("--lang=")?));
    after.chain(within).last().unwrap_or_else(language::of_locale)
}

fn named(lang: &str) -> Option<Lang> {
    match lang {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// Prints `error`, which may also be the help or the version that was asked for.
pub(crate) fn print(mut error: Error, lang: Lang) {
    disarm(&mut error);
    // There is nobody left to tell when this fails.
    let _ = match chinese(&error).filter(|_| lang == Lang::Zh) {
        Some(text) => io::stderr().write_all(safe::block(&text).as_bytes()),
        None => error.print(),
    };
}

/// Makes visible what a terminal would act on in the arguments that `error` names, line breaks too: a file may be
/// called like a message of this program.
fn disarm(error: &mut Error) {
    let is_risky = |text: &String| text.contains(safe::is_unsafe);
    let line = |text: &String| safe::line(text).into_owned();
    let named: Vec<(ContextKind, ContextValue)> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) if is_risky(text) => Some((kind, ContextValue::String(line(text)))),
            ContextValue::Strings(texts) if texts.iter().any(is_risky) => {
                Some((kind, ContextValue::Strings(texts.iter().map(line).collect())))
            }
            _ => None,
        })
        .collect();
    if named.is_empty() {
        return;
    }
    for (kind, value) in named {
        error.insert(kind, value);
    }
    // Its tips say the arguments again.
    error.insert(ContextKind::Suggested, ContextValue::None);
}

/// The words for the errors that people meet; `None` for others.
fn chinese(error: &Error) -> Option<String> {
    let quoted = |kind| Some(format!("“{}”", strings(error, kind)?.join("”、“")));
    let invalid = || quoted(ContextKind::InvalidArg);
    let (what, hint) = match error.kind() {
        ErrorKind::UnknownArgument => {
            let like = quoted(ContextKind::SuggestedArg).or_else(|| quoted(ContextKind::SuggestedSubcommand));
            (format!("没有名为{}的选项", invalid()?), like.map(|like| format!("相近的有{like}")))
        }
        ErrorKind::InvalidSubcommand => {
            let like = quoted(ContextKind::SuggestedSubcommand);
            (
                format!("没有名为{}的命令", quoted(ContextKind::InvalidSubcommand)?),
                like.map(|like| format!("相近的有{like}")),
            )
        }
        ErrorKind::MissingRequiredArgument => (format!("缺少必需的参数{}", invalid()?), None),
        ErrorKind::InvalidValue => {
            let value = strings(error, ContextKind::InvalidValue)?;
            let valid = strings(error, ContextKind::ValidValue).filter(|valid| !valid.is_empty());
            let what = match value.concat() {
                none if none.is_empty() => format!("{}后面缺少值", invalid()?),
                value => format!("“{value}”不能用作{}的值", invalid()?),
            };
            (what, valid.map(|valid| format!("可用的值：{}", valid.join("、"))))
        }
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(|reason| reason.to_string());
            let reason = reason.as_deref().and_then(|reason| reason.split_once(BETWEEN)).map(|(_, zh)| zh.to_owned());
            (format!("{}不能用作{}的值", quoted(ContextKind::InvalidValue)?, invalid()?), reason)
        }
        ErrorKind::ArgumentConflict => {
            (format!("{}不能与{}同时使用", invalid()?, quoted(ContextKind::PriorArg)?), None)
        }
        _ => return None,
    };
    let hint = hint.map(|hint| format!("\n  提示：{hint}")).unwrap_or_default();
    let usage = strings(error, ContextKind::Usage).map(|usage| usage.concat()).unwrap_or_default();
    let usage = match usage.trim().strip_prefix("Usage:") {
        Some(usage) => format!("\n\n用法：{}", usage.trim()),
        None => String::new(),
    };
    Some(format!("错误：{what}{hint}{usage}\n\n--help 显示详细说明。\n"))
}

/// What the error says of a kind.
fn strings(error: &Error, kind: ContextKind) -> Option<Vec<String>> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(vec![text.clone()]),
        ContextValue::Strings(texts) => Some(texts.clone()),
        ContextValue::StyledStr(text) => Some(vec![text.to_string()]),
        ContextValue::StyledStrs(texts) => Some(texts.iter().map(ToString::to_string).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags;

    fn refused(args: &[&str]) -> Error {
        let args = std::iter::once("retally").chain(args.iter().copied()).map(OsString::from).collect();
        flags::try_parse(args).unwrap_err()
    }

    #[test]
    fn common_mistakes_are_told_in_chinese() {
        for (args, words) in [
            (&["extract", "--bogus", "a"][..], "没有名为“--bogus”的选项"),
            (&["extract", "--no-audti", "a"], "相近的有“--no-audit”"),
            (&["extrct"], "没有名为“extrct”的命令"),
            (&["extract"], "缺少必需的参数“<PATH>...”"),
            (&["extract", "a", "--format", "doc"], "“doc”不能用作“--format <FORMAT>”的值\n  提示：可用的值：json"),
            (&["extract", "a", "--max-pages", "0"], "“0”不能用作“--max-pages <PAGES>”的值\n  提示：应为"),
            (&["extract", "a", "--max-pages"], "“--max-pages <PAGES>”后面缺少值"),
            (&["batch", "a", "--ledger", "b", "--shard", "3/2"], "提示：应为 I/N"),
            (&["extract", "-q", "-v", "a"], "不能与"),
        ] {
            let shown = chinese(&refused(args)).unwrap();
            assert!(shown.starts_with("错误：") && shown.contains(words), "{args:?}: {shown}");
        }
    }

    #[test]
    fn the_language_is_known_before_the_arguments_are() {
        for (args, lang) in [
            (&["extract", "--lang", "zh", "--bogus"][..], Lang::Zh),
            (&["--lang=zh", "extrct"], Lang::Zh),
            (&["extract", "--", "--lang", "zh", "--lang=zh"], language::of_locale()),
            (&["--lang", "en"], Lang::En),
        ] {
            let args: Vec<OsString> = args.iter().map(OsString::from).collect();
            assert_eq!(lang_of(&args), lang, "{args:?}");
        }
    }
}
