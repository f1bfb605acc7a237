//! Records and checks to a format, one file a format.
