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

use crate::error::{Code, DecodeError};

/// A refusal as the service writes it, for the side that is asked.
///
/// ```
/// use heard_api::{Code, lastfm};
///
/// let body = lastfm::refusal(Code::InvalidSessionKey, "Log in again");
/// assert_eq!(body, br#"{"error":9,"message":"Log in again"}"#);
/// ```
#[must_use]
pub fn refusal(code: Code, message: &str) -> Vec<u8> {
    crate::refusal::written(code.number(), message)
}

/// The code of a refusal, if that is what a body holds, in JSON and in any form that a service was seen to write it.
///
/// ```
/// use heard_api::{Code, lastfm};
///
/// let body = br##"{"error":{"#text":"Invalid resource specified","code":"7"}}"##;
/// assert_eq!(lastfm::refusal_of(body), Some(Code::InvalidResource));
/// assert_eq!(lastfm::refusal_of(b"{}"), None);
/// ```
#[must_use]
pub fn refusal_of(body: &[u8]) -> Option<Code> {
    crate::refusal::json(body).map(|refusal| Code::from(refusal.code))
}

/// A document of the service's JSON, an answer or a refusal, as the XML that it sends to those who do not ask for JSON.
///
/// ```
/// use heard_api::lastfm::{self, track::Love};
/// use heard_api::{Code, Method};
///
/// assert!(lastfm::to_xml(&Love::encode(&()))?.ends_with("<lfm status=\"ok\"></lfm>\n"));
/// let refused = lastfm::to_xml(&lastfm::refusal(Code::InvalidParameters, "No <such> thing"))?;
/// assert!(refused.contains("<lfm status=\"failed\"><error code=\"6\">No &lt;such&gt; thing</error></lfm>"));
/// # Ok::<(), heard_api::DecodeError>(())
/// ```
///
/// # Errors
/// The body is no JSON object.
pub fn to_xml(body: &[u8]) -> Result<String, DecodeError> {
    let document: serde_json::Map<_, _> = crate::decode::json(body)?;
    Ok(crate::xml::written(&document.into()))
}

/// The root of Last.fm.
pub const ROOT: &str = "https://ws.audioscrobbler.com/2.0/";

/// The root of Libre.fm. Without the slash at the end a POST loses its body
/// (`_errors/quoted_03_no_trailing_slash.xml`).
pub const LIBREFM_ROOT: &str = "https://libre.fm/2.0/";
