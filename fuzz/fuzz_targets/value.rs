//! The reader of values.
#![no_main]

use libfuzzer_sys::fuzz_target;
use retally::value::{self, Type};

const TYPES: [Type; 8] = [
    Type::Text,
    Type::Prose,
    Type::Integer,
    Type::Decimal,
    Type::Percent,
    Type::Date,
    Type::Quantity,
    Type::Choices,
];

fuzz_target!(|raw: &str| {
    for kind in TYPES {
        value::read(raw, kind, &["—".to_owned()], &["是".to_owned(), "否".to_owned()]);
    }
    value::read_unit(raw);
    value::read_op(raw);
});
