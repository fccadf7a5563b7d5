//! What the service answers.

use serde::{Deserialize, Serialize};

use super::listen::{ListenItem, TrackMetadata};

/// Whether a token is one. The service answers HTTP 200 in both cases (`api.responses/validate_bad.json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCheck {
    /// Always 200.
    pub code: u16,
    /// Words.
    pub message: String,
    /// Whose token it is, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Whether it is one.
    pub valid: bool,
}

/// The word that all went well: `{"status":"ok"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// `ok`
    pub status: String,
    /// The service's own id of what plays now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_msid: Option<String>,
}

/// What most answers are wrapped in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Payload<T> {
    pub(super) payload: T,
}

/// The number of a user's listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The number.
    pub count: u64,
}

/// A stretch of a user's listens, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Listens {
    /// How many listens these are.
    pub count: u64,
    /// The user's name, as the service spells it.
    pub user_id: String,
    /// When the user's latest listen of all began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_listen_ts: Option<i64>,
    /// When the user's first listen of all began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_listen_ts: Option<i64>,
    /// The listens.
    pub listens: Vec<ListenItem>,
}

/// What a user listens to now: one listen or none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Playing {
    /// How many there are.
    pub count: u64,
    /// The user's name.
    pub user_id: String,
    /// Always true.
    pub playing_now: bool,
    /// What plays.
    pub listens: Vec<ListenItem>,
}

/// What a user thinks of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i8", into = "i8")]
pub enum Score {
    /// 1: loved.
    Loved,
    /// 0: nothing; takes love or hate back.
    #[default]
    Nothing,
    /// -1: hated.
    Hated,
}

impl From<Score> for i8 {
    fn from(score: Score) -> Self {
        match score {
            Score::Loved => 1,
            Score::Nothing => 0,
            Score::Hated => -1,
        }
    }
}

impl TryFrom<i8> for Score {
    type Error = &'static str;

    fn try_from(score: i8) -> Result<Self, &'static str> {
        match score {
            1 => Ok(Self::Loved),
            0 => Ok(Self::Nothing),
            -1 => Ok(Self::Hated),
            _ => Err("a score is 1, 0 or -1"),
        }
    }
}

/// What a user thinks of one recording, which is named by one of two ids or both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// The MusicBrainz id of the recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_mbid: Option<String>,
    /// The service's own id of the names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_msid: Option<String>,
    /// The thought.
    pub score: Score,
    /// When it was told, in Unix seconds; in answers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// Whose it is; in answers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The names, if they were asked for; in answers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track_metadata: Option<TrackMetadata>,
}

/// A stretch of a user's feedback, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedbackPage {
    /// How many there are on this page.
    pub count: u64,
    /// How many there are in all.
    pub total_count: u64,
    /// How many were left out before.
    pub offset: u64,
    /// The thoughts.
    pub feedback: Vec<Feedback>,
}
