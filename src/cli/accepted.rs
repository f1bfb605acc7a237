//! Findings that are known and accepted, each with its reason: in a file that is named, or in one beside the documents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use retally::message::{Lang, Message};
use retally::record::{Record, Verdict};
use retally::report::findings::{findings, fingerprint};
use serde::{Deserialize, Serialize};

use crate::cli::failure::Failure;
use crate::cli::inputs::Input;
use crate::cli::read::read;

/// The file beside documents in which findings of theirs are accepted.
pub(crate) const BESIDE: &str = "retally-accepted.toml";

/// Bytes of such a file that are read at most: some hundred thousand findings.
const LIMIT: usize = 64 << 20;

/// What stands at the top of a file that the program writes.
const HEAD: &str = "\
# Findings that are known and accepted. An entry holds for every document that says the same; give each a reason.
# 已知并接受的检查结果。文件内容相同即适用，与位置无关；请逐条写明原因。

";

/// Findings that are accepted, with the reason why.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    /// By fingerprint, from the file that was named.
    named: BTreeMap<String, String>,
    /// By folder, then by fingerprint, from the files beside documents.
    beside: BTreeMap<PathBuf, BTreeMap<String, String>>,
}

/// A file of accepted findings.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `accepted`")]
struct Book {
    #[serde(default)]
    accepted: Vec<Entry>,
}

/// An accepted finding. Its fingerprint counts; the rest is for people.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `fingerprint` and `reason`")]
struct Entry {
    fingerprint: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    check: String,
    #[serde(default)]
    document: String,
    #[serde(default)]
    message: String,
}

impl Accepted {
    /// What the file at `path` accepts, if one is named.
    pub(crate) fn load(path: Option<&Path>) -> Result<Accepted, Failure> {
        let named = path.map(book).transpose()?.unwrap_or_default();
        Ok(Accepted { named, beside: BTreeMap::new() })
    }

    /// Reads the file beside the document at `path`, if there is one and it has not been read yet.
    pub(crate) fn look_beside(&mut self, path: &str) -> Result<(), Failure> {
        let folder = folder(path);
        if path == "-" || self.beside.contains_key(&folder) {
            return Ok(());
        }
        let file = folder.join(BESIDE);
        let accepted = if file.is_file() { book(&file)? } else { BTreeMap::new() };
        self.beside.insert(folder, accepted);
        Ok(())
    }

    /// Why the finding of the document at `path` is accepted, if it is.
    pub(crate) fn reason(&self, path: &str, fingerprint: &str) -> Option<&str> {
        let beside = || self.beside.get(&folder(path)).and_then(|accepted| accepted.get(fingerprint));
        self.named.get(fingerprint).or_else(beside).map(String::as_str)
    }

    /// Takes the accepted inconsistencies out of `record`, and gives their number.
    pub(crate) fn take_out(&self, record: &mut Record) -> usize {
        let path = record.source.path.clone();
        let mut taken = 0;
        for form in &mut record.forms {
            let Some(mut checks) = form.checks.take() else { continue };
            let before = checks.len();
            checks.retain(|check| {
                check.verdict != Verdict::Inconsistent || self.reason(&path, &fingerprint(form, check)).is_none()
            });
            taken += before - checks.len();
            form.checks = Some(checks);
        }
        taken
    }
}

/// Every inconsistency of `records` as a file of accepted findings, with the reasons that `accepted` already gives.
pub(crate) fn write_down(records: &[Record], accepted: &Accepted, lang: Lang) -> String {
    let mut seen = BTreeSet::new();
    let mut book = Book::default();
    for finding in findings(records, false) {
        if !seen.insert(finding.fingerprint.clone()) {
            continue;
        }
        book.accepted.push(Entry {
            reason: accepted.reason(finding.document, &finding.fingerprint).unwrap_or_default().to_owned(),
            check: finding.check.id.clone(),
            document: finding.document.to_owned(),
            message: finding.check.message.get(lang).to_owned(),
            fingerprint: finding.fingerprint,
        });
    }
    // Plain strings in plain tables: this cannot fail.
    format!("{HEAD}{}", toml::to_string(&book).unwrap_or_default())
}

fn folder(path: &str) -> PathBuf {
    Path::new(path).parent().map(Path::to_owned).unwrap_or_default()
}

fn book(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let bytes = read(&Input::File(path.to_owned()), LIMIT).map_err(|problem| Failure::Usage(problem.words))?;
    let text = String::from_utf8_lossy(&bytes);
    let book: Book = toml::from_str(&text).map_err(|error| {
        let path = path.display();
        let line =
            1 + error.span().map_or(0, |span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count());
        let error = error.message();
        Failure::Usage(Message::new(
            format!("{path} 不是可用的已接受结果文件：第 {line} 行：{error}。可用 --write-baseline 重新生成"),
            format!("{path} is no file of accepted findings: line {line}: {error}; --write-baseline makes one"),
        ))
    })?;
    Ok(book.accepted.into_iter().map(|entry| (entry.fingerprint, entry.reason)).collect())
}
