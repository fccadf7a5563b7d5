//! Love and hate of recordings.

use serde_json::{Value, json};

use crate::{
    answer::{Answer, Refusal},
    call::Call,
    listenbrainz::{ListenBrainzAccount, account::Recording, bad_request, good, submission::is_uuid, writer},
    request::Request,
    world::World,
    writes::Note,
};

/// Takes in `{"recording_mbid"|"recording_msid", "score": 1|0|-1}`; 0 takes a score back.
pub(super) fn set(request: &Request, world: &mut World, note: &mut Note) -> Result<Answer, Refusal> {
    let now = world.now();
    let account = writer(request, world, note)?;
    let body: Value = serde_json::from_slice(&request.body).map_err(|_| bad_request("Cannot parse JSON document"))?;
    let id = |name: &str| body[name].as_str().filter(|id| is_uuid(id)).map(ToOwned::to_owned);
    let recording = match (id("recording_mbid"), id("recording_msid")) {
        (Some(mbid), _) => Recording::Mbid(mbid),
        (None, Some(msid)) => Recording::Msid(msid),
        (None, None) => return Err(bad_request("recording_mbid or recording_msid must be present and valid")),
    };
    match body["score"].as_i64() {
        Some(0) => {
            account.feedback.remove(&recording);
        }
        Some(score @ (-1 | 1)) => {
            account.feedback.insert(recording, (score, now));
        }
        _ => return Err(bad_request("score must be one of 1, 0 and -1")),
    }
    Ok(good(&json!({"status": "ok"}), 0))
}

/// The scores that were given, the latest first, with `score`, `count` and `offset` as filters.
pub(super) fn get(account: &ListenBrainzAccount, call: &Call) -> Result<Answer, Refusal> {
    let number = |name: &str, default: i64| {
        call.number::<i64>(name).map(|n| n.unwrap_or(default)).map_err(|_| bad_request(format!("Invalid {name}")))
    };
    let (wanted, count, offset) = (number("score", 0)?, number("count", 25)?, number("offset", 0)?);
    let mut all: Vec<_> = account.feedback.iter().filter(|(_, (score, _))| wanted == 0 || *score == wanted).collect();
    all.sort_by(|a, b| (b.1.1, b.0).cmp(&(a.1.1, a.0)));
    let place = |n: i64| usize::try_from(n).unwrap_or_default();
    let row = |(recording, (score, at)): (&Recording, &(i64, i64))| {
        let (mbid, msid) = match recording {
            Recording::Mbid(id) => (Some(id), None),
            Recording::Msid(id) => (None, Some(id)),
        };
        let metadata = msid.and_then(|msid| account.metadata_of(msid));
        json!({
            "created": at, "recording_mbid": mbid, "recording_msid": msid, "score": score,
            "track_metadata": metadata, "user_id": account.name(),
        })
    };
    let total = all.len();
    let rows: Vec<Value> = all.into_iter().skip(place(offset)).take(place(count).min(1_000)).map(row).collect();
    let shown = rows.len();
    let body = json!({"count": shown, "feedback": rows, "offset": offset, "total_count": total});
    Ok(good(&body, shown))
}
