//! A record as a reader of the document writes it down: what it says, without places and confidence. The records
//! beside samples are written so, and compared.

use serde_json::{Map, Value as Json, json};

use crate::record::{Cell, Form, Record, Severity, Verdict};

/// Columns whose values are written down with comparator and unit.
const QUANTITIES: [&str; 2] = ["target", "actual"];

/// What `record` says: `status`, `forms` with `pattern`, `fields` and `tables`, and `findings`: id and place of each
/// inconsistent check that is more than information.
pub fn plain(record: &Record) -> Json {
    let findings = record.forms.iter().enumerate().flat_map(|(number, form)| {
        let wrong = |severity, verdict| verdict == Verdict::Inconsistent && severity > Severity::Info;
        let checks = form.checks.iter().flatten().filter(move |check| wrong(check.severity, check.verdict));
        checks.map(move |check| {
            let place = check.refs.first().map_or_else(String::new, |place| format!(".{place}"));
            json!([check.id, format!("forms[{number}]{place}")])
        })
    });
    let forms: Vec<Json> = record.forms.iter().map(plain_form).collect();
    json!({ "status": record.status, "forms": forms, "findings": findings.collect::<Vec<Json>>() })
}

/// What one form says.
pub fn plain_form(form: &Form) -> Json {
    let fields: Map<String, Json> = form.fields.iter().map(|(id, value)| (id.clone(), json!(value.value))).collect();
    let mut tables = Map::new();
    for (id, rows) in &form.tables {
        let row = |row: &crate::record::Row| {
            Json::Object(row.iter().map(|(column, cell)| (column.clone(), plain_cell(column, cell))).collect())
        };
        tables.insert(id.clone(), Json::Array(rows.iter().map(row).collect()));
    }
    json!({ "pattern": form.pattern, "fields": fields, "tables": tables })
}

fn plain_cell(column: &str, cell: &Cell) -> Json {
    let Cell::Value(value) = cell else { return json!(cell) };
    if !QUANTITIES.contains(&column) || value.kind.is_none() {
        return json!(value.value);
    }
    let mut plain = Map::new();
    plain.insert("value".to_owned(), json!(value.value));
    plain.extend(value.op.map(|op| ("op".to_owned(), json!(op))));
    plain.extend(value.unit.as_ref().map(|unit| ("unit".to_owned(), json!(unit))));
    plain.extend(value.scale.map(|scale| ("scale".to_owned(), json!(scale))));
    Json::Object(plain)
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where: `.forms[0].fields.project`.
    pub place: String,
    /// What was written down.
    pub expected: Json,
    /// What was found.
    pub found: Json,
}

/// Where `found` differs from what was `expected`. A key that only one of them has counts when it is not null, and a
/// word as a target may be written down as the word alone.
pub fn differences(expected: &Json, found: &Json) -> Vec<Difference> {
    let mut list = Vec::new();
    compare(String::new(), expected, found, &mut list);
    list
}

fn compare(place: String, expected: &Json, found: &Json, list: &mut Vec<Difference>) {
    match (expected, found) {
        (Json::Object(one), Json::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let (one, other) = (one.get(key).unwrap_or(&Json::Null), other.get(key).unwrap_or(&Json::Null));
                compare(format!("{place}.{key}"), one, other, list);
            }
        }
        (Json::Array(one), Json::Array(other)) if one.len() == other.len() => {
            for (number, (one, other)) in one.iter().zip(other).enumerate() {
                compare(format!("{place}[{number}]"), one, other, list);
            }
        }
        (Json::String(_), Json::Object(other)) if other.get("value") == Some(expected) => {}
        _ if expected == found => {}
        _ => list.push(Difference { place, expected: expected.clone(), found: found.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_told_by_its_place() {
        let expected = json!({ "a": 1, "b": [{ "c": "词", "gone": null }, 2], "d": [1], "status": "ok" });
        let found = json!({ "a": 1, "b": [{ "c": { "value": "词" } }, 3], "d": [1, 2], "status": "ok", "new": "x" });
        let places: Vec<String> = differences(&expected, &found).into_iter().map(|it| it.place).collect();
        assert_eq!(places, [".b[1]", ".d", ".new"]);
        assert_eq!(differences(&found, &found), []);
    }
}
