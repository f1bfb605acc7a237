//! Findings as SARIF 2.1.0 (OASIS), for tools that show results beside a document.
//!
//! A place in a text is a region of lines and columns. A page of a PDF has no lines: its place is said in words and in
//! the properties `page` and `bbox`, and the path of the value stands as a logical location.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::audit::manual;
use crate::message::Lang;
use crate::record::{Record, Severity, Status, Verdict, Where};
use crate::report::findings::Finding;

/// Where the schema of the format stands.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log of a run over `records`: every check as a rule, every document as an artifact, each of `findings` as a result.
pub fn log(records: &[Record], findings: &[Finding<'_>], lang: Lang) -> Json {
    let pages: Vec<manual::Page> = manual::pages().collect();
    let places: BTreeMap<&str, usize> = pages.iter().enumerate().map(|(place, page)| (page.id, place)).collect();
    let numbers: BTreeMap<&str, usize> =
        records.iter().enumerate().map(|(number, record)| (record.source.path.as_str(), number)).collect();
    let results: Vec<Json> = findings.iter().map(|finding| result(finding, &places, &numbers, lang)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "retally",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": pages.iter().map(|page| rule(page, lang)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(records)],
            "artifacts": records.iter().map(artifact).collect::<Vec<_>>(),
            "results": results,
        }],
    })
}

fn rule(page: &manual::Page, lang: Lang) -> Json {
    json!({
        "id": page.id,
        "shortDescription": { "text": page.title.get(lang) },
        "fullDescription": { "text": page.text.get(lang) },
        "help": { "text": page.text.get(lang) },
        "defaultConfiguration": { "level": level(page.severity) },
    })
}

fn artifact(record: &Record) -> Json {
    json!({
        "location": { "uri": uri(&record.source.path) },
        "length": record.source.bytes,
        "hashes": { "sha-256": record.source.sha256 },
    })
}

/// What went wrong in reading: problems are no findings.
fn invocation(records: &[Record]) -> Json {
    let mut notices = Vec::new();
    for (document, record) in records.iter().enumerate() {
        for problem in &record.problems {
            let region = problem.line.map(|line| json!({ "startLine": line }));
            notices.push(json!({
                "descriptor": { "id": problem.code.id() },
                "level": if record.status == Status::Failed { "error" } else { "warning" },
                "message": { "text": problem.message },
                "locations": [{ "physicalLocation": physical(&record.source.path, document, region) }],
            }));
        }
    }
    json!({
        "executionSuccessful": records.iter().all(|record| record.status != Status::Failed),
        "toolExecutionNotifications": notices,
    })
}

fn result(finding: &Finding<'_>, places: &BTreeMap<&str, usize>, numbers: &BTreeMap<&str, usize>, lang: Lang) -> Json {
    let (form, document) = (finding.of, finding.number_of_document);
    let check = finding.check;
    let (kind, level) = match check.verdict {
        Verdict::Inconsistent => ("fail", level(check.severity)),
        Verdict::Consistent => ("pass", "none"),
        Verdict::Unverifiable => ("open", "none"),
    };
    let mut text = check.message.get(lang).to_owned();
    if let Some(hint) = &check.hint {
        text.push_str(match lang {
            Lang::Zh => "可能：",
            Lang::En => " Perhaps: ",
        });
        text.push_str(hint.get(lang));
    }
    let mut related: Vec<Json> = check
        .refs
        .iter()
        .skip(1)
        .filter_map(|path| Some(location(finding.document, document, path, Some(&form.value(path)?.place), lang)))
        .collect();
    let first = check.refs.first().map_or("", String::as_str);
    // The other form that a finding across documents speaks of.
    if let Some((other, number)) =
        check.elsewhere.as_ref().and_then(|other| Some((other, *numbers.get(other.document.as_str())?)))
    {
        related.push(location(&other.document, number, &format!("forms[{}]", other.form), Some(&other.place), lang));
    }
    let mut result = json!({
        "ruleId": check.id,
        "kind": kind,
        "level": level,
        "message": { "text": text },
        "locations": [location(finding.document, document, first, finding.place, lang)],
        "partialFingerprints": { "retally/v1": finding.fingerprint },
        "properties": properties(finding),
    });
    if let Some(rule) = places.get(check.id.as_str()) {
        result["ruleIndex"] = json!(rule);
    }
    if !related.is_empty() {
        result["relatedLocations"] = Json::Array(related);
    }
    if let Some(reason) = &finding.accepted {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": reason }]);
    }
    result
}

fn properties(finding: &Finding<'_>) -> Json {
    let check = finding.check;
    let mut properties = Map::new();
    let mut put = |key: &str, value: Json| {
        if !value.is_null() && value != "" {
            properties.insert(key.to_owned(), value);
        }
    };
    put("form", json!(finding.form));
    put("pattern", json!(finding.pattern));
    put("unit", json!(finding.unit));
    put("project", json!(finding.project));
    put("stated", json!(check.stated));
    put("computed", json!(check.computed));
    put("interval", json!(check.interval));
    put("formula", json!(check.formula));
    put("basis", json!(check.basis));
    put("policy", json!(check.policy));
    Json::Object(properties)
}

fn location(path: &str, document: usize, value: &str, place: Option<&Where>, lang: Lang) -> Json {
    let region = place.and_then(|place| match place {
        Where::Text { line, columns: [first, last], last_line } => {
            // Columns of the format end behind the last character. Of a wrapped value only the lines are sure.
            Some(match last_line {
                Some(last_line) if last_line > line => {
                    json!({ "startLine": line, "startColumn": first, "endLine": last_line })
                }
                _ => json!({ "startLine": line, "startColumn": first, "endColumn": last.max(first).saturating_add(1) }),
            })
        }
        Where::Page { .. } => None,
    });
    let mut location = json!({
        "physicalLocation": physical(path, document, region),
        "logicalLocations": [{ "fullyQualifiedName": value }],
    });
    if let Some(Where::Page { page, bbox }) = place {
        let [x0, y0, x1, y1] = bbox;
        let words = match lang {
            Lang::Zh => format!("第{page}页（{x0:.1}, {y0:.1} – {x1:.1}, {y1:.1}）"),
            Lang::En => format!("page {page} ({x0:.1}, {y0:.1} – {x1:.1}, {y1:.1})"),
        };
        location["message"] = json!({ "text": words });
        location["properties"] = json!({ "page": page, "bbox": bbox });
    }
    location
}

fn physical(path: &str, document: usize, region: Option<Json>) -> Json {
    let mut physical = json!({ "artifactLocation": { "uri": uri(path), "index": document } });
    if let Some(region) = region {
        physical["region"] = region;
    }
    physical
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A path as a relative or absolute URI reference (RFC 3986): everything but unreserved characters and strokes is
/// percent-encoded. Standard input is `stdin`.
fn uri(path: &str) -> String {
    if path == "-" {
        return "stdin".to_owned();
    }
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte.into()),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uri_references() {
        for (path, expected) in [
            ("a b.pdf", "a%20b.pdf"),
            ("dir\\表.txt", "dir/%E8%A1%A8.txt"),
            ("-", "stdin"),
            ("/tmp/1:2#3?.txt", "/tmp/1%3A2%233%3F.txt"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
