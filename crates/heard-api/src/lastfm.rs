//! The calls of Last.fm 2.0, which Libre.fm and other GNU FM servers speak too.

pub mod user;

/// The root of Last.fm.
pub const ROOT: &str = "https://ws.audioscrobbler.com/2.0/";

/// The root of Libre.fm. Without the slash at the end a POST loses its body
/// (`_errors/quoted_03_no_trailing_slash.xml`).
pub const LIBREFM_ROOT: &str = "https://libre.fm/2.0/";
