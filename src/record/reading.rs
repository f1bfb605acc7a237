//! Records read back from JSON.
//!
//! Serde tries the variants of an untagged enum on a copy of the input in which an exact number is no longer a number.
//! So those enums are told apart here, by the shape of their JSON.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::{Cell, Datum, Where};

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Cell, D::Error> {
        let json = Json::deserialize(from)?;
        match json.get("shared") {
            _ if json.is_number() => typed(json).map(Cell::Index),
            Some(shared) => typed(shared.clone()).map(|shared| Cell::Shared { shared }),
            None => typed(json).map(Cell::Value),
        }
    }
}

impl<'de> Deserialize<'de> for Datum {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Datum, D::Error> {
        match Json::deserialize(from)? {
            Json::Null => Ok(Datum::Null),
            Json::String(text) => Ok(Datum::Text(text)),
            json @ Json::Array(_) => typed(json).map(Datum::Choices),
            json => typed(json).map(Datum::Number),
        }
    }
}

/// [`Where`] as an object of either kind.
#[derive(Deserialize)]
struct Place {
    page: Option<u32>,
    bbox: Option<[f64; 4]>,
    line: Option<u32>,
    columns: Option<[u32; 2]>,
    last_line: Option<u32>,
}

impl<'de> Deserialize<'de> for Where {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Where, D::Error> {
        match Place::deserialize(from)? {
            Place { page: Some(page), bbox: Some(bbox), .. } => Ok(Where::Page { page, bbox }),
            Place { line: Some(line), columns: Some(columns), last_line, .. } => {
                Ok(Where::Text { line, columns, last_line })
            }
            _ => Err(D::Error::custom("neither a place on a page nor one in a text")),
        }
    }
}

fn typed<T: DeserializeOwned, E: Error>(json: Json) -> Result<T, E> {
    serde_json::from_value(json).map_err(E::custom)
}

#[cfg(test)]
mod tests {
    use crate::pattern::Patterns;
    use crate::record::Record;
    use crate::{Engine, Options};

    #[test]
    fn a_record_comes_back_as_it_was() {
        let engine = Engine::new(Patterns::builtin());
        for path in ["samples/wuhan-2021.txt", "samples/wuhan-2021-form1.pdf", "samples/breakage/binary-junk.txt"] {
            let record = engine.extract(path, &std::fs::read(path).unwrap(), &Options::default());
            let json = serde_json::to_string(&record).unwrap();
            let back: Record = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&back).unwrap(), json, "{path}");
            assert_eq!(back.forms, record.forms, "{path}");
        }
    }

    #[test]
    fn what_is_no_record_is_an_error() {
        for json in ["{}", "[]", r#"{"page":1}"#, r#"{"line":1,"bbox":[1,2,3,4]}"#] {
            assert!(serde_json::from_str::<crate::record::Where>(json).is_err(), "{json}");
        }
        assert!(serde_json::from_str::<crate::record::Cell>(r#"{"shared":"x"}"#).is_err());
        assert!(serde_json::from_str::<crate::record::Cell>("-1").is_err());
    }
}
