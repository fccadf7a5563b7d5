//! The side door under `/_fake/`, for shell scripts. Nothing here is counted as a request.

use std::{collections::BTreeMap, fmt::Write as _};

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    http::StatusCode,
    routing::{get, post},
};
use serde_json::json;

use crate::{
    account::{Account, Glitch},
    admin_writes,
    backend::Backend,
    call::Call,
    faults::{Fault, Faults, When},
    movement::Movement,
    play::{Edit, Play, PlayId},
    server::Shared,
};

/// What a side door call answers: text, or why it cannot be done.
pub(crate) type Outcome = Result<String, (StatusCode, String)>;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_fake/stats", get(stats))
        .route("/_fake/requests", get(requests))
        .route("/_fake/plays", get(plays))
        .route("/_fake/add", post(add))
        .route("/_fake/late", post(late))
        .route("/_fake/delete", post(delete))
        .route("/_fake/edit", post(edit))
        .route("/_fake/now-playing", post(now_playing))
        .route("/_fake/glitch", post(glitch))
        .route("/_fake/fault", post(fault))
        .route("/_fake/movement", post(movement))
        .merge(admin_writes::routes())
}

pub(crate) fn refuse(why: impl Into<String>) -> (StatusCode, String) {
    (StatusCode::BAD_REQUEST, format!("{}\n", why.into()))
}

/// Parameters of the query and the form body, as in the service.
pub(crate) fn parameters(query: Option<String>, body: &[u8]) -> Call {
    Call::new(&query.unwrap_or_default(), body)
}

pub(crate) fn number<N: std::str::FromStr>(call: &Call, name: &str) -> Result<Option<N>, (StatusCode, String)> {
    call.number(name).map_err(|_| refuse(format!("{name} is not a fitting number")))
}

pub(crate) fn required<'a>(call: &'a Call, name: &str) -> Result<&'a str, (StatusCode, String)> {
    call.get(name).ok_or_else(|| refuse(format!("{name} is missing")))
}

/// The account that `user` names; the first one without it.
pub(crate) fn account<'a>(backend: &'a mut Backend, call: &Call) -> Result<&'a mut Account, (StatusCode, String)> {
    match call.get("user") {
        None => Ok(backend.world.listener()),
        Some(name) => backend.world.account_mut(name).ok_or_else(|| refuse(format!("there is no account {name}"))),
    }
}

/// The play that `id` names, or else the newest one with these names.
fn play_id(account: &Account, call: &Call) -> Result<PlayId, (StatusCode, String)> {
    if let Some(id) = call.get("id") {
        return id.parse().map_err(|_| refuse("id is not of the form SECOND.SERIAL"));
    }
    let (artist, track) = (required(call, "artist")?, required(call, "track")?);
    account.find_listing(artist, track, number(call, "uts")?).ok_or_else(|| refuse("there is no such play"))
}

fn play(call: &Call, uts: i64) -> Result<Play, (StatusCode, String)> {
    let mut play = Play::new(uts, required(call, "artist")?, required(call, "track")?);
    play.album = call.get("album").unwrap_or_default().to_owned();
    play.loved = call.get("loved") == Some("1");
    Ok(play)
}

async fn stats(State(shared): State<Shared>) -> Outcome {
    let stats = shared.lock().counter.stats.clone();
    serde_json::to_string_pretty(&stats).map(|text| text + "\n").map_err(|error| refuse(error.to_string()))
}

/// How often each question was asked, as far as arrivals are kept: JSON lines, by the method and the other parameters.
async fn requests(State(shared): State<Shared>) -> Outcome {
    let mut counts: BTreeMap<Vec<(String, String)>, u64> = BTreeMap::new();
    for arrival in &shared.lock().arrivals {
        let mut parameters = arrival.parameters();
        parameters.retain(|(name, _)| !["api_key", "api_sig", "sk", "format"].contains(&name.as_str()));
        parameters.sort_by(|a, b| (a.0 != "method", a).cmp(&(b.0 != "method", b)));
        *counts.entry(parameters).or_default() += 1;
    }
    let mut out = String::new();
    for (parameters, times) in counts {
        let asked: serde_json::Map<String, serde_json::Value> =
            parameters.into_iter().map(|(name, value)| (name, value.into())).collect();
        writeln!(out, "{}", json!({ "asked": asked, "times": times })).map_err(|error| refuse(error.to_string()))?;
    }
    Ok(out)
}

/// All plays as JSON lines, newest first, as the service lists them.
async fn plays(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Outcome {
    let call = parameters(query, b"");
    let mut backend = shared.lock();
    let mut out = String::new();
    for (id, play) in account(&mut backend, &call)?.plays() {
        let line = json!({
            "id": id.to_string(), "uts": play.uts, "artist": play.artist, "album": play.album,
            "track": play.track, "loved": play.loved,
        });
        writeln!(out, "{line}").map_err(|error| refuse(error.to_string()))?;
    }
    Ok(out)
}

/// Adds a play at `uts`, by default now.
async fn add(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let uts = number(&call, "uts")?.unwrap_or_else(|| backend.world.now());
    let play = play(&call, uts)?;
    Ok(format!("{}\n", account(&mut backend, &call)?.add(&play)))
}

/// Adds a play that happened `days` ago, by default 3.
async fn late(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let days: u32 = number(&call, "days")?.unwrap_or(3);
    let play = play(&call, backend.world.now() - i64::from(days) * 86_400)?;
    Ok(format!("{}\n", account(&mut backend, &call)?.add(&play)))
}

async fn delete(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let account = account(&mut backend, &call)?;
    let id = play_id(account, &call)?;
    account.delete(id).map(|_| format!("{id}\n")).ok_or_else(|| refuse("there is no such play"))
}

/// Gives a play other names: `new_artist`, `new_track`, `new_album`.
async fn edit(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let account = account(&mut backend, &call)?;
    let id = play_id(account, &call)?;
    let new = |name| call.get(name).map(ToOwned::to_owned);
    let edit = Edit { artist: new("new_artist"), track: new("new_track"), album: new("new_album") };
    if account.edit(id, &edit) { Ok(format!("{id}\n")) } else { Err(refuse("there is no such play")) }
}

/// Sets what sounds now; without `artist`, silence.
async fn now_playing(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let playing = call.get("artist").map(|_| play(&call, 0)).transpose()?;
    account(&mut backend, &call)?.set_now_playing(playing.as_ref());
    Ok("done\n".into())
}

/// `kind=total-zero|empty-page|hide-years` (with `years`), for the next `requests`, by default 1.
async fn glitch(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let glitch = match required(&call, "kind")? {
        "total-zero" => Glitch::TotalZero,
        "empty-page" => Glitch::EmptyPage,
        "hide-years" => Glitch::HideYears(number(&call, "years")?.unwrap_or(3)),
        other => return Err(refuse(format!("unknown glitch {other}"))),
    };
    account(&mut backend, &call)?.glitch(glitch, number(&call, "requests")?.unwrap_or(1));
    Ok("done\n".into())
}

/// `mix=none|hostile|lossy|spoilt:SHARE` (with `seed`) sets what happens by chance; `kind=…` orders one fault, by default for
/// the next request, else for `times` requests; with `second` only for windows that hold it, with `track` for writes
/// that hold such a title, with `method` for that one, with `writes=1` for all writes. With `after_write=1` a write is
/// done before the fault befalls its answer.
async fn fault(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    if let Some(mix) = call.get("mix") {
        let seed = number(&call, "seed")?.unwrap_or(1);
        backend.faults =
            Faults::parse(mix, seed).ok_or_else(|| refuse("mix is none, hostile, lossy or spoilt:SHARE"))?;
        if mix == "none" {
            backend.script.clear();
        }
        return Ok("done\n".into());
    }
    let mut kind = ordered_fault(&call)?;
    if call.get("after_write") == Some("1") {
        kind = Fault::AfterWrite(Box::new(kind));
    }
    let when = match (number(&call, "second")?, call.get("track"), call.get("method")) {
        (Some(second), ..) => When::Second(second),
        (None, Some(title), _) => When::Track(title.to_owned()),
        (None, None, Some(method)) => When::Method(method.to_owned()),
        (None, None, None) if call.get("writes") == Some("1") => When::Writes,
        (None, None, None) => When::Always,
    };
    backend.script.order(when, kind, number(&call, "times")?.unwrap_or(1));
    Ok("done\n".into())
}

/// The fault that `kind` names, with its `code`, `status`, `retry_after` and `ms`.
fn ordered_fault(call: &Call) -> Result<Fault, (StatusCode, String)> {
    let status = |default| Ok(number(call, "status")?.unwrap_or(default));
    let retry_after = number(call, "retry_after")?;
    if status(200)? < 200 || status(200)? > 599 {
        return Err(refuse("status is not between 200 and 599"));
    }
    Ok(match required(call, "kind")? {
        "refusal" => Fault::Refusal { code: number(call, "code")?.unwrap_or(8), status: status(500)?, retry_after },
        "no-body" => Fault::NoBody { status: status(500)?, retry_after },
        "html" => Fault::Html { status: status(502)? },
        "cut-text" => Fault::CutText,
        "cut-connection" => Fault::CutConnection,
        "reset" => Fault::Reset,
        "late" => Fault::Late { ms: number(call, "ms")?.unwrap_or(1000) },
        "drip" => Fault::Drip { tick_ms: 10, for_ms: number(call, "ms")?.unwrap_or(1000) },
        "other-user" => Fault::OtherUser,
        "other-page" => Fault::OtherPage,
        "stale" => Fault::Stale,
        "invalid-utf8" => Fault::InvalidUtf8,
        "doubled-key" => Fault::DoubledKey,
        "bomb" => Fault::Bomb { mib: number(call, "mib")?.unwrap_or(1024) },
        "xml" => Fault::XmlBody,
        other => return Err(refuse(format!("unknown fault {other}"))),
    })
}

/// `kind=lively|growing|none` (with `seed`).
async fn movement(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let seed = number(&call, "seed")?.unwrap_or(1);
    let movement = match required(&call, "kind")? {
        "none" => None,
        "lively" => Some(Movement::lively(seed)),
        "growing" => Some(Movement::growing(seed)),
        other => return Err(refuse(format!("unknown movement {other}"))),
    };
    shared.lock().movement = movement;
    Ok("done\n".into())
}
