//! `submit-listens`: a batch is taken whole or refused whole, by the server's own rules (its source, August 2026).

use serde_json::{Map, Value, json};

use crate::{
    answer::{Answer, Refusal},
    listenbrainz::{account::msid, bad_request, good, writer},
    request::Request,
    world::World,
    writes::{Note, Outcome},
};

const LISTENS_MAX: usize = 1_000;
/// The most bytes of one listen; a body may hold so many for each of its listens.
const LISTEN_SIZE_MAX: usize = 10_240;
const BODY_SIZE_MAX: usize = LISTENS_MAX * LISTEN_SIZE_MAX;
/// Nothing can have been sent before Audioscrobbler was founded.
const FIRST_SECOND: i64 = 1_033_430_400;
const AHEAD_AT_MOST: i64 = 3_600;
const TAGS_MAX: usize = 50;
const TAG_LENGTH_MAX: usize = 64;
const DURATION_MAX: f64 = 24.0 * 86_400.0;

/// How listens are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Single,
    PlayingNow,
    Import,
}

/// Takes in `{"listen_type", "payload": […]}`, and says ok or, for a playing one with `return_msid=true`, its id.
pub(super) fn answer(request: &Request, world: &mut World, note: &mut Note) -> Result<Answer, Refusal> {
    let now = world.now();
    let account = writer(request, world, note)?;
    let (kind, listens) = read(&request.body, now)?;
    let mut ok = json!({"status": "ok"});
    let mut outcomes = Vec::with_capacity(listens.len());
    for (listened_at, metadata) in listens {
        if kind == Kind::PlayingNow {
            if request.call.get("return_msid") == Some("true") {
                ok["recording_msid"] = msid(&metadata).into();
            }
            account.playing_now = Some(metadata);
            outcomes.push(Outcome::Stored);
        } else {
            let new = account.write(listened_at, now, metadata);
            outcomes.push(if new { Outcome::Stored } else { Outcome::Repeated });
        }
    }
    note.settle(outcomes);
    Ok(good(&ok, 0))
}

/// The second and the names of a listen; the second of a playing one is 0.
type Told = (i64, Map<String, Value>);

/// What a body tells, if all of it can be taken.
fn read(body: &[u8], now: i64) -> Result<(Kind, Vec<Told>), Refusal> {
    if body.len() > BODY_SIZE_MAX {
        return Err(bad_request("Payload too large."));
    }
    let document: Value = serde_json::from_slice(body).map_err(|_| bad_request("Cannot parse JSON document."))?;
    let kind = match document["listen_type"].as_str() {
        Some("single") => Kind::Single,
        Some("playing_now") => Kind::PlayingNow,
        Some("import") => Kind::Import,
        _ => return Err(bad_request("JSON document requires a valid listen_type key.")),
    };
    let payload = document["payload"].as_array().filter(|payload| !payload.is_empty());
    let payload = payload.ok_or_else(|| bad_request("JSON document does not contain any listens."))?;
    if kind != Kind::Import && payload.len() > 1 {
        return Err(bad_request("Only one listen may be submitted with this listen_type."));
    }
    if payload.len() > LISTENS_MAX {
        return Err(bad_request(format!("Too many listens, at most {LISTENS_MAX} may be submitted at once.")));
    }
    if body.len() > LISTEN_SIZE_MAX.saturating_mul(payload.len()) {
        return Err(bad_request("Payload too large."));
    }
    let listens: Result<Vec<_>, _> = payload.iter().map(|listen| checked(listen, kind, now)).collect();
    Ok((kind, listens?))
}

fn checked(listen: &Value, kind: Kind, now: i64) -> Result<Told, Refusal> {
    if listen.to_string().len() > LISTEN_SIZE_MAX {
        return Err(bad_request(format!("Listen is too large, at most {LISTEN_SIZE_MAX} bytes are allowed.")));
    }
    if holds_nul(listen) {
        return Err(bad_request("The null character is not allowed in a listen."));
    }
    let members = listen.as_object().ok_or_else(|| bad_request("A listen must be an object."))?;
    if members.keys().any(|key| !["listened_at", "track_metadata"].contains(&key.as_str())) {
        return Err(bad_request("A listen has unknown keys."));
    }
    let metadata = listen["track_metadata"].as_object();
    let metadata = metadata.ok_or_else(|| bad_request("JSON document is missing the key track_metadata."))?;
    let at = second(members.get("listened_at"), kind, now)?;
    Ok((at, cleaned(metadata)?))
}

fn second(listened_at: Option<&Value>, kind: Kind, now: i64) -> Result<i64, Refusal> {
    match (kind, listened_at) {
        (Kind::PlayingNow, None) => Ok(0),
        (Kind::PlayingNow, Some(_)) => {
            Err(bad_request("JSON document must not contain listened_at while playing now."))
        }
        (_, at) => {
            let at = at.and_then(Value::as_i64);
            let at = at.ok_or_else(|| bad_request("JSON document does not contain a valid key listened_at."))?;
            let in_bounds = (FIRST_SECOND..now.saturating_add(AHEAD_AT_MOST)).contains(&at);
            in_bounds.then_some(at).ok_or_else(|| bad_request("Value for key listened_at is out of range."))
        }
    }
}

/// The names as they are kept: without blanks around them, and without members that are empty.
fn cleaned(metadata: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let mut kept = metadata.clone();
    for name in ["artist_name", "track_name"] {
        let text = metadata.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| bad_request(format!("track_metadata needs a non-empty text {name}.")))?;
        kept.insert(name.into(), text.into());
    }
    match metadata.get("release_name") {
        None => {}
        Some(Value::String(text)) if !text.trim().is_empty() => {
            kept.insert("release_name".into(), text.trim().into());
        }
        Some(Value::String(_)) => {
            kept.remove("release_name");
        }
        Some(_) => return Err(bad_request("track_metadata.release_name must be a text.")),
    }
    if let Some(more) = metadata.get("additional_info") {
        let more = more.as_object().ok_or_else(|| bad_request("track_metadata.additional_info must be an object."))?;
        kept.insert("additional_info".into(), additional(more)?.into());
    }
    Ok(kept)
}

fn additional(more: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let mut kept = more.clone();
    check_durations(more)?;
    if let Some(tags) = more.get("tags").and_then(Value::as_array) {
        let fits = |tag: &Value| tag.as_str().is_some_and(|tag| tag.chars().count() <= TAG_LENGTH_MAX);
        if tags.len() > TAGS_MAX || !tags.iter().all(fits) {
            return Err(bad_request("additional_info.tags has too many or too long tags."));
        }
    }
    for key in ["recording_mbid", "release_mbid", "release_group_mbid", "track_mbid"] {
        match more.get(key) {
            Some(Value::Null) => drop(kept.remove(key)),
            Some(Value::String(id)) if id.is_empty() => drop(kept.remove(key)),
            Some(Value::String(id)) if is_uuid(id) => {}
            None => {}
            Some(_) => return Err(bad_request(format!("additional_info.{key} is not a valid MBID."))),
        }
    }
    for key in ["artist_mbids", "work_mbids"] {
        if let Some(ids) = more.get(key) {
            let valid = |id: &Value| id.as_str().is_some_and(is_uuid);
            if !ids.as_array().is_some_and(|ids| ids.iter().all(valid)) {
                return Err(bad_request(format!("additional_info.{key} is not a list of valid MBIDs.")));
            }
        }
    }
    Ok(kept)
}

/// `duration` in seconds or `duration_ms`, not both; a number from 1 to 24 days, of which the fraction does not matter
/// (fixtures `submit-listens.request/lb_valid_duration.json`, `lb_invalid_duration.json`).
fn check_durations(more: &Map<String, Value>) -> Result<(), Refusal> {
    let given: Vec<_> = [("duration", 1.0), ("duration_ms", 1_000.0)]
        .into_iter()
        .filter_map(|(key, in_a_second)| more.get(key).map(|value| (key, in_a_second, value)))
        .collect();
    if given.len() > 1 {
        return Err(bad_request("additional_info has both duration and duration_ms."));
    }
    for (key, in_a_second, value) in given {
        let fits = value.as_f64().is_some_and(|length| (1.0..=DURATION_MAX * in_a_second).contains(&length.trunc()));
        if !fits {
            return Err(bad_request(format!("additional_info.{key} must be a positive number of at most 24 days.")));
        }
    }
    Ok(())
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => members.iter().any(|(key, member)| key.contains('\0') || holds_nul(member)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a text has the form of a UUID.
pub(super) fn is_uuid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
