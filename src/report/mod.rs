//! Records to formats for machines and for people, one file a format. Knows nothing of how the records came about.

pub mod excerpt;
#[cfg(feature = "cli")]
pub mod human;
pub mod json;
pub mod safe;
pub mod tables;
pub mod text;
