//! Records to formats for machines and for people, one file a format. Knows nothing of how the records came about.

#[cfg(feature = "cli")]
pub mod csv;
pub mod excerpt;
pub mod explain;
pub mod findings;
pub mod harmless;
#[cfg(feature = "cli")]
pub mod human;
pub mod json;
pub mod plain;
pub mod safe;
pub mod sarif;
pub mod summary;
pub mod table;
pub mod tables;
pub mod text;
#[cfg(feature = "cli")]
pub mod xlsx;
