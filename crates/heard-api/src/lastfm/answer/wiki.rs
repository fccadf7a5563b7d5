//! Texts that users wrote.

use serde::{Deserialize, Serialize};

use crate::wire;

/// A text about an artist, an album, a track or a tag, with HTML links in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wiki {
    /// When it was published, in the service's words: `09 Jan 2011, 12:41` (`artist.getInfo/docs_without_user_parameter.json`).
    #[serde(default, with = "wire::text")]
    pub published: Option<String>,
    /// Its beginning.
    #[serde(default, with = "wire::text")]
    pub summary: Option<String>,
    /// All of it.
    #[serde(default, with = "wire::text")]
    pub content: Option<String>,
}
