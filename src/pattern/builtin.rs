//! The patterns that are part of the program: the files of `patterns/`, embedded.

use std::sync::OnceLock;

use super::{Patterns, load};

/// Name and text of every file `patterns/*.toml`, sorted by name.
const FILES: &[(&str, &str)] = &[
    ("beijing-project.toml", include_str!("../../patterns/beijing-project.toml")),
    ("booklet.toml", include_str!("../../patterns/booklet.toml")),
    ("department-index.toml", include_str!("../../patterns/department-index.toml")),
    ("department-overall.toml", include_str!("../../patterns/department-overall.toml")),
    ("evaluation-index.toml", include_str!("../../patterns/evaluation-index.toml")),
    ("hubei-process.toml", include_str!("../../patterns/hubei-process.toml")),
    ("hubei-project.toml", include_str!("../../patterns/hubei-project.toml")),
    ("mof-project.toml", include_str!("../../patterns/mof-project.toml")),
    ("monitoring.toml", include_str!("../../patterns/monitoring.toml")),
    ("ningxia-project.toml", include_str!("../../patterns/ningxia-project.toml")),
    ("result-list.toml", include_str!("../../patterns/result-list.toml")),
    ("rural-fund.toml", include_str!("../../patterns/rural-fund.toml")),
    ("sichuan-project.toml", include_str!("../../patterns/sichuan-project.toml")),
    ("target-declaration.toml", include_str!("../../patterns/target-declaration.toml")),
    ("transfer.toml", include_str!("../../patterns/transfer.toml")),
    ("wuhan-self-evaluation.toml", include_str!("../../patterns/wuhan-self-evaluation.toml")),
    ("yunnan-project.toml", include_str!("../../patterns/yunnan-project.toml")),
];

/// Name and text of every file `patterns/shared/NAME.toml`, sorted by name.
pub(super) const SHARED: &[(&str, &str)] = &[
    ("form-rules", include_str!("../../patterns/shared/form-rules.toml")),
    ("hubei-rules", include_str!("../../patterns/shared/hubei-rules.toml")),
    ("levels", include_str!("../../patterns/shared/levels.toml")),
    ("marks", include_str!("../../patterns/shared/marks.toml")),
    ("mof-rules", include_str!("../../patterns/shared/mof-rules.toml")),
    ("terms", include_str!("../../patterns/shared/terms.toml")),
];

impl Patterns {
    /// The patterns that are part of the program.
    pub fn builtin() -> Patterns {
        static PARSED: OnceLock<Patterns> = OnceLock::new();
        PARSED.get_or_init(parse).clone()
    }

    /// File name and TOML text of the patterns that are part of the program, for reading and copying.
    pub fn builtin_files() -> &'static [(&'static str, &'static str)] {
        FILES
    }
}

/// Parses the embedded files. Tests hold them to have no mistakes, so none is left out.
fn parse() -> Patterns {
    let mut patterns = Patterns::default();
    for pattern in FILES.iter().filter_map(|(name, text)| load(name, text).ok()) {
        patterns.add(pattern);
    }
    patterns
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_is_embedded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".toml"))
            .collect();
        names.sort();
        let listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, listed, "list every file of patterns/ in builtin.rs, sorted");
    }

    #[test]
    fn every_file_loads_under_its_name() {
        for (name, text) in FILES {
            match load(name, text) {
                Ok(pattern) => assert_eq!(format!("{}.toml", pattern.id), *name),
                Err(mistakes) => {
                    let lines: Vec<_> = mistakes.iter().map(|mistake| mistake.in_words(text).en).collect();
                    panic!("{}", lines.join("\n"));
                }
            }
        }
        assert_eq!(Patterns::builtin().list.len(), FILES.len());
    }
}
