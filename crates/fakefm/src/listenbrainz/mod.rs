//! ListenBrainz below `/1/`: its endpoints, and how it refuses. Written after the server's source as its answers in the
//! fixtures `listenbrainz/api.responses` show it; nothing here is shared with the Last.fm side but the socket.

use serde_json::{Value, json};

use crate::{
    answer::{Answer, JSON, Refusal},
    request::Request,
    world::{World, same_name},
    writes::{Note, Outcome, WriteRow},
};

mod account;
mod feedback;
mod listens;
mod submission;
mod window;

pub use account::ListenBrainzAccount;
pub(crate) use listens::window as window_of;
pub(crate) use window::{Standing, TOO_MANY, Windows};

/// Whose answers are sent to others by mistake.
const STRANGER: &str = "a_stranger";

/// What can be asked, with the user whom the path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    ValidateToken,
    SubmitListens,
    SetFeedback,
    Listens(String),
    ListenCount(String),
    PlayingNow(String),
    GetFeedback(String),
    Unknown,
}

impl Endpoint {
    /// The endpoint at `path`; `None` for paths of the other service.
    pub(crate) fn of(path: &str, is_post: bool) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix("/1/")?.trim_end_matches('/').split('/').collect();
        let user = |encoded: &str| {
            let pair = format!("n={}", encoded.replace('+', "%2B"));
            form_urlencoded::parse(pair.as_bytes()).map(|(_, name)| name.into_owned()).next().unwrap_or_default()
        };
        Some(match (is_post, parts.as_slice()) {
            (false, ["validate-token"]) => Self::ValidateToken,
            (true, ["submit-listens"]) => Self::SubmitListens,
            (true, ["feedback", "recording-feedback"]) => Self::SetFeedback,
            (false, ["user", name, "listens"]) => Self::Listens(user(name)),
            (false, ["user", name, "listen-count"]) => Self::ListenCount(user(name)),
            (false, ["user", name, "playing-now"]) => Self::PlayingNow(user(name)),
            (false, ["feedback", "user", name, "get-feedback"]) => Self::GetFeedback(user(name)),
            _ => Self::Unknown,
        })
    }

    /// The path after `/1/`, without the user's name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::ValidateToken => "validate-token",
            Self::SubmitListens => "submit-listens",
            Self::SetFeedback => "feedback/recording-feedback",
            Self::Listens(_) => "user/listens",
            Self::ListenCount(_) => "user/listen-count",
            Self::PlayingNow(_) => "user/playing-now",
            Self::GetFeedback(_) => "feedback/user/get-feedback",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it changes an account.
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::SubmitListens | Self::SetFeedback)
    }

    /// The same about a stranger, who is not the one that was asked about.
    pub(crate) fn of_stranger(&self) -> Self {
        let stranger = || STRANGER.to_owned();
        match self {
            Self::Listens(_) => Self::Listens(stranger()),
            Self::ListenCount(_) => Self::ListenCount(stranger()),
            Self::PlayingNow(_) => Self::PlayingNow(stranger()),
            Self::GetFeedback(_) => Self::GetFeedback(stranger()),
            other => other.clone(),
        }
    }

    /// The user whom the path names.
    pub(crate) fn user(&self) -> Option<&str> {
        match self {
            Self::Listens(user) | Self::ListenCount(user) | Self::PlayingNow(user) | Self::GetFeedback(user) => {
                Some(user)
            }
            Self::ValidateToken | Self::SubmitListens | Self::SetFeedback | Self::Unknown => None,
        }
    }
}

/// `{"code":…,"error":…}`, the code being the HTTP status.
pub(crate) fn refusal(refusal: &Refusal) -> Answer {
    let body = json!({"code": refusal.status, "error": refusal.message});
    Answer::new(refusal.status, JSON, body.to_string())
}

fn bad_request(message: impl Into<String>) -> Refusal {
    Refusal::new(400, 400, message)
}

fn unauthorised() -> Refusal {
    Refusal::new(401, 401, "Invalid authorization token.")
}

fn good(body: &Value, rows: usize) -> Answer {
    Answer { rows, ..Answer::new(200, JSON, body.to_string()) }
}

/// Answers one request.
pub(crate) fn answer(
    endpoint: &Endpoint,
    request: &Request,
    world: &mut World,
    note: &mut Note,
) -> Result<Answer, Refusal> {
    let unknown = || Refusal::new(404, 404, "Not Found");
    let Some(user) = endpoint.user() else {
        return match endpoint {
            Endpoint::ValidateToken => validate_token(request, world),
            Endpoint::SubmitListens => submission::answer(request, world, note),
            Endpoint::SetFeedback => feedback::set(request, world, note),
            _ => Err(unknown()),
        };
    };
    let no_user = || Refusal::new(404, 404, format!("Cannot find user: {user}"));
    if user == STRANGER {
        world.listenbrainz(STRANGER).add(1_700_000_000, "Another", "Listener");
    }
    let mut accounts = world.listenbrainz_accounts().iter();
    let account = accounts.find(|account| same_name(account.name(), user)).ok_or_else(no_user)?;
    match endpoint {
        Endpoint::Listens(_) => listens::list(account, &request.call),
        Endpoint::ListenCount(_) => Ok(good(&json!({"payload": {"count": account.counted()}}), 0)),
        Endpoint::PlayingNow(_) => Ok(listens::playing_now(account)),
        Endpoint::GetFeedback(_) => feedback::get(account, &request.call),
        _ => Err(unknown()),
    }
}

/// The token of the header `Authorization: Token …`, whatever the case of that word.
fn token_of(request: &Request) -> Option<&str> {
    let (scheme, token) = request.authorization.as_deref()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("token").then(|| token.trim())
}

/// Tells whether a token is good, always with HTTP 200 (fixtures `validate_ok.json`, `validate_bad.json`).
fn validate_token(request: &Request, world: &World) -> Result<Answer, Refusal> {
    let token = token_of(request).or_else(|| request.call.get("token"));
    let token = token.ok_or_else(|| bad_request("You need to provide an Authorization token."))?;
    let now = world.now();
    let body = match world.listenbrainz_accounts().iter().find(|account| account.lets_in(token, now)) {
        Some(account) => json!({"code": 200, "message": "Token valid.", "user_name": account.name(), "valid": true}),
        None => json!({"code": 200, "message": "Token invalid.", "valid": false}),
    };
    Ok(good(&body, 0))
}

/// The account in whose name a request writes, noted for the log.
fn writer<'a>(
    request: &Request,
    world: &'a mut World,
    note: &mut Note,
) -> Result<&'a mut ListenBrainzAccount, Refusal> {
    if request.authorization.is_none() {
        return Err(Refusal::new(401, 401, "You need to provide an Authorization header."));
    }
    let (now, token) = (world.now(), token_of(request).ok_or_else(unauthorised)?);
    let name =
        world.listenbrainz_accounts().iter().find(|account| account.lets_in(token, now)).map(|a| a.name().to_owned());
    let name = name.ok_or_else(unauthorised)?;
    note.user = Some(name.clone());
    Ok(world.listenbrainz(&name))
}

/// The rows that a body asks to be written, complete or not.
pub(crate) fn asked(body: &[u8]) -> Vec<WriteRow> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let row = |listen: &Value| {
        let metadata = &listen["track_metadata"];
        WriteRow {
            uts: listen["listened_at"].as_i64(),
            artist: text(metadata, "artist_name"),
            track: text(metadata, "track_name"),
            album: text(metadata, "release_name"),
            outcome: Outcome::Undone,
        }
    };
    body["payload"].as_array().into_iter().flatten().map(row).collect()
}
