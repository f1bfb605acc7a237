//! Which program this is.

/// Version, and commit where it was built from a clone: `0.1.0 (1a2b3c4d5e)`.
pub(crate) const VERSION: &str = env!("RETALLY_VERSION");

/// Version alone.
pub(crate) const NUMBER: &str = env!("CARGO_PKG_VERSION");

/// The commit that it was built from, where that is known.
pub(crate) const COMMIT: Option<&str> = option_env!("RETALLY_COMMIT");
