//! Findings that are known and accepted, each with its reason: in a file that is named, or in one beside the documents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use retally::audit::Selection;
use retally::message::{Lang, Message};
use retally::record::{Record, Status, Verdict};
use retally::report::findings::{findings, fingerprint};
use serde::{Deserialize, Serialize};

use crate::cli::failure::Failure;
use crate::cli::inputs::Input;
use crate::cli::read::read;

/// The file beside documents in which findings of theirs are accepted.
pub(crate) const BESIDE: &str = "retally-accepted.toml";

/// What the ids of checks begin with that hold forms against forms.
const OF_FORMS: &str = "archive.";

/// Bytes of such a file that are read at most: some hundred thousand findings.
const LIMIT: usize = 64 << 20;

/// What stands at the top of a file that the program writes.
const HEAD: &str = "\
# Findings that are known and accepted. An entry holds for every document that says the same; one without a reason is refused.
# 已知并接受的检查结果。文件内容相同即适用，与位置无关；请逐条写明原因，未写原因的不予接受。

";

/// Findings that are accepted, with the reason why.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    /// By fingerprint, from the file that was named.
    named: BTreeMap<String, String>,
    /// By folder, then by fingerprint, from the files beside documents.
    beside: BTreeMap<PathBuf, BTreeMap<String, String>>,
    /// By fingerprint, the entries of a file that is to be written anew; their reasons are kept, and accept nothing.
    kept: BTreeMap<String, Entry>,
}

/// What a file of accepted findings is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// To accept findings, each with its reason.
    Accept,
    /// To keep the reasons that it has when it is written anew.
    Keep,
}

/// A file of accepted findings.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `accepted`")]
struct Book {
    #[serde(default)]
    accepted: Vec<Entry>,
}

/// An accepted finding. Its fingerprint counts; the rest is for people.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
        let named = path.map(reasons).transpose()?.unwrap_or_default();
        Ok(Accepted { named, ..Accepted::default() })
    }

    /// Remembers the reasons in the file at `path`, if there is one, which is to be written anew.
    pub(crate) fn keep(&mut self, path: &Path) -> Result<(), Failure> {
        if path.is_file() {
            self.kept = book(path, Use::Keep)?;
        }
        Ok(())
    }

    /// The reason to write down for a finding: why it is accepted, else what the file had.
    fn written(&self, path: &str, fingerprint: &str) -> &str {
        let kept = || self.kept.get(fingerprint).map(|entry| entry.reason.as_str());
        self.reason(path, fingerprint).or_else(kept).unwrap_or_default()
    }

    /// Reads the file beside the document at `path`, if there is one and it has not been read yet.
    pub(crate) fn look_beside(&mut self, path: &str) -> Result<(), Failure> {
        let folder = folder(path);
        if path == "-" || self.beside.contains_key(&folder) {
            return Ok(());
        }
        let file = folder.join(BESIDE);
        let accepted = if file.is_file() { reasons(&file)? } else { BTreeMap::new() };
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

/// Every inconsistency of `records` as a file of accepted findings, with the reasons that `accepted` already gives or the file
/// had. What the file had and this run could not find, for it did not make the check or read the document, is kept.
pub(crate) fn write_down(records: &[Record], accepted: &Accepted, checks: &Selection, lang: Lang) -> String {
    let mut seen = BTreeSet::new();
    let mut book = Book::default();
    for finding in findings(records, false) {
        if !seen.insert(finding.fingerprint.clone()) {
            continue;
        }
        book.accepted.push(Entry {
            reason: accepted.written(finding.document, &finding.fingerprint).to_owned(),
            check: finding.check.id.clone(),
            document: finding.document.to_owned(),
            message: finding.check.message.get(lang).to_owned(),
            fingerprint: finding.fingerprint,
        });
    }
    let read: BTreeSet<&str> = records
        .iter()
        .filter(|record| record.status != Status::Failed)
        .map(|record| record.source.path.as_str())
        .collect();
    let is_read = |entry: &&Entry| read.contains(entry.document.as_str());
    let all_read = accepted.kept.values().all(|entry| is_read(&entry));
    let could_find = |entry: &&Entry| {
        // Forms are held against forms of other documents.
        let others = !entry.check.starts_with(OF_FORMS) || all_read;
        checks.takes(&entry.check) && is_read(entry) && others
    };
    let kept = accepted.kept.values().filter(|entry| !seen.contains(&entry.fingerprint) && !could_find(entry));
    book.accepted.extend(kept.cloned());
    // Plain strings in plain tables: this cannot fail.
    format!("{HEAD}{}", toml::to_string(&book).unwrap_or_default())
}

fn folder(path: &str) -> PathBuf {
    Path::new(path).parent().map(Path::to_owned).unwrap_or_default()
}

/// The reasons of the file at `path`, by fingerprint.
fn reasons(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    Ok(book(path, Use::Accept)?.into_iter().map(|(fingerprint, entry)| (fingerprint, entry.reason)).collect())
}

/// The entries of the file at `path`, by fingerprint.
fn book(path: &Path, to: Use) -> Result<BTreeMap<String, Entry>, Failure> {
    let bytes = read(&Input::File(path.to_owned()), LIMIT).map_err(|problem| Failure::Usage(problem.words))?;
    let text = String::from_utf8_lossy(&bytes);
    let book: Book = toml::from_str(&text).map_err(|error| {
        let path = path.display();
        let line =
            1 + error.span().map_or(0, |span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count());
        let error = error.message();
        let (zh, en) = match to {
            Use::Accept => ("可用 --write-baseline 重新生成", "--write-baseline makes one"),
            Use::Keep => ("未覆盖，请先移走或改用别的文件名", "it is left as it is: move it away or name another"),
        };
        Failure::Usage(Message::new(
            format!("{path} 不是可用的已接受结果文件：第 {line} 行：{error}。{zh}"),
            format!("{path} is no file of accepted findings: line {line}: {error}; {en}"),
        ))
    })?;
    let blank = |(_, entry): &(usize, &Entry)| to == Use::Accept && entry.reason.trim().is_empty();
    if let Some((number, entry)) = book.accepted.iter().enumerate().find(blank) {
        let (path, number, check, document) = (path.display(), number + 1, &entry.check, &entry.document);
        return Err(Failure::Usage(Message::new(
            format!("{path} 第 {number} 条（{check}，{document}）未写原因。请在 reason 中写明为何接受，或删去该条"),
            format!(
                "{path}: entry {number} ({check}, {document}) has no reason; write into reason why it is accepted, or delete it"
            ),
        )));
    }
    Ok(book.accepted.into_iter().map(|entry| (entry.fingerprint.clone(), entry)).collect())
}
