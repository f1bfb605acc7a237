//! The JSON that a batch reads back from its ledger.
#![no_main]

use libfuzzer_sys::fuzz_target;
use retally::record::Record;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(record) = serde_json::from_slice::<Record>(bytes) {
        let json = serde_json::to_string(&record).expect("a record is JSON");
        assert_eq!(serde_json::from_str::<Record>(&json).expect("and reads back"), record);
    }
});
