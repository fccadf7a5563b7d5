//! The calls of Last.fm 2.0, which Libre.fm and other GNU FM servers speak too.
//!
//! One module for each of the service's packages. A call is a struct: [`new`](user::GetTopAlbums::new) takes what the
//! service demands, a method of the same name sets each other parameter, and
//! [`Client::call`](crate::Client::call) sends it.

pub mod album;
pub mod answer;
pub mod artist;
pub mod auth;
pub mod chart;
pub mod geo;
pub mod library;
pub mod tag;
pub mod track;
pub mod user;

mod call;
mod period;
mod table;
mod which;

pub use period::{NotAPeriod, Period};
pub use table::{KnownMethod, METHODS, method};
pub use which::{WhichAlbum, WhichArtist, WhichTrack};

/// The root of Last.fm.
pub const ROOT: &str = "https://ws.audioscrobbler.com/2.0/";

/// The root of Libre.fm. Without the slash at the end a POST loses its body
/// (`_errors/quoted_03_no_trailing_slash.xml`).
pub const LIBREFM_ROOT: &str = "https://libre.fm/2.0/";
