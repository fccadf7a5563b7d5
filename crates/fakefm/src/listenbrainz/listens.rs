//! Reading: the list of listens, and what is playing now.

use serde_json::{Map, Value, json};

use crate::{
    answer::{Answer, Refusal},
    call::Call,
    listenbrainz::{
        ListenBrainzAccount,
        account::{Listen, msid},
        bad_request, good,
    },
};

/// The seconds that a request asks for, end excluded.
pub(crate) fn window(call: &Call) -> (i64, i64) {
    let bound = |name: &str| call.number::<i64>(name).unwrap_or_default();
    let first = bound("min_ts").map_or(i64::MIN, |min| min.saturating_add(1));
    (first, bound("max_ts").unwrap_or(i64::MAX))
}

const DEFAULT_COUNT: usize = 25;
const COUNT_MAX: usize = 1_000;

/// The listens after `min_ts` and before `max_ts`, both excluded, newest first: the newest of them, or with `min_ts`
/// alone those next to it, as the documentation lets a list start at that bound. Both bounds may be given if they leave room; `count` above 1000 is 1000.
pub(super) fn list(account: &ListenBrainzAccount, call: &Call) -> Result<Answer, Refusal> {
    let bound = |name: &str| {
        call.number::<i64>(name).map_err(|_| bad_request(format!("Invalid {name} argument: must be a number")))
    };
    let (min, max) = (bound("min_ts")?, bound("max_ts")?);
    if min.zip(max).is_some_and(|(min, max)| max <= min) {
        return Err(bad_request("max_ts should be greater than min_ts"));
    }
    let count = call.number::<usize>("count").map_err(|_| bad_request("Invalid count argument: must be a number"))?;
    let count = count.unwrap_or(DEFAULT_COUNT).min(COUNT_MAX);
    let found = account.between(min, max);
    let mut newest_first: Vec<_> =
        if min.is_some() && max.is_none() { found.take(count).collect() } else { found.rev().take(count).collect() };
    newest_first.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)));
    let listens: Vec<_> = newest_first.into_iter().map(|listen| shown(account, listen)).collect();
    let edge = |listen: Option<(i64, &str, &Listen)>| listen.map_or(0, |(at, ..)| at);
    let (oldest, latest) = (edge(account.between(None, None).next()), edge(account.between(None, None).next_back()));
    let rows = listens.len();
    let payload = json!({
        "count": rows, "user_id": account.name(), "latest_listen_ts": latest, "oldest_listen_ts": oldest,
        "listens": listens,
    });
    Ok(good(&json!({ "payload": payload }), rows))
}

/// One listen as recorded ones look (fixture `get-listens.items/ms_correctlyMapped_normalizedName.json`), unmapped.
fn shown(account: &ListenBrainzAccount, (at, msid, listen): (i64, &str, &Listen)) -> Value {
    json!({
        "inserted_at": listen.inserted_at, "listened_at": at, "recording_msid": msid, "user_name": account.name(),
        "track_metadata": with_msid(&listen.metadata, msid),
    })
}

/// The names with the service's own id among the additional ones.
fn with_msid(metadata: &Map<String, Value>, msid: &str) -> Map<String, Value> {
    let mut metadata = metadata.clone();
    let more = metadata.entry("additional_info").or_insert_with(|| json!({}));
    if let Some(more) = more.as_object_mut() {
        more.insert("recording_msid".into(), msid.into());
    }
    metadata
}

/// What is playing now, or an empty list (fixture `playing_now_empty.json`).
pub(super) fn playing_now(account: &ListenBrainzAccount) -> Answer {
    let playing = account.playing_now.iter();
    let listens: Vec<Value> = playing
        .map(|metadata| json!({"playing_now": true, "track_metadata": with_msid(metadata, &msid(metadata))}))
        .collect();
    let payload = json!({"count": listens.len(), "listens": listens, "playing_now": true, "user_id": account.name()});
    good(&json!({ "payload": payload }), 0)
}
