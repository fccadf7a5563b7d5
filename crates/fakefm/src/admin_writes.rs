//! The part of the side door that is about writing: who may, what was, and by what rules.

use std::fmt::Write as _;

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    routing::{get, post},
};
use serde::Serialize;
use serde_json::json;

use crate::{
    admin::{Outcome, account, number, parameters, refuse, required},
    backend::Backend,
    call::Call,
    server::Shared,
    writing::Corrections,
};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_fake/writes", get(writes))
        .route("/_fake/holdings", get(holdings))
        .route("/_fake/loved", get(loved))
        .route("/_fake/tags", get(tags))
        .route("/_fake/session", post(session))
        .route("/_fake/token", post(token))
        .route("/_fake/grant", post(grant))
        .route("/_fake/revoke", post(revoke))
        .route("/_fake/writing", post(writing))
        .route("/_fake/forget", post(forget))
}

/// One JSON document a line.
fn lines<T: Serialize>(items: impl IntoIterator<Item = T>) -> Outcome {
    let mut out = String::new();
    for item in items {
        let line = serde_json::to_string(&item).map_err(|error| refuse(error.to_string()))?;
        writeln!(out, "{line}").map_err(|error| refuse(error.to_string()))?;
    }
    Ok(out)
}

/// The name that `user` gives, or that of the first account.
fn user(backend: &mut Backend, call: &Call) -> String {
    call.get("user").map_or_else(|| backend.world.listener().name().to_owned(), ToOwned::to_owned)
}

/// All requests that write, in order.
async fn writes(State(shared): State<Shared>) -> Outcome {
    lines(shared.lock().counter.writes())
}

/// What the account holds and how often each row was written; with `service=listenbrainz` the one there.
async fn holdings(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Outcome {
    let call = parameters(query, b"");
    let mut backend = shared.lock();
    match call.get("service").unwrap_or("lastfm") {
        "lastfm" => lines(account(&mut backend, &call)?.holdings()),
        "listenbrainz" => {
            let name = user(&mut backend, &call);
            lines(backend.world.listenbrainz(&name).holdings())
        }
        other => Err(refuse(format!("unknown service {other}"))),
    }
}

async fn loved(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Outcome {
    let call = parameters(query, b"");
    let mut backend = shared.lock();
    let loved = account(&mut backend, &call)?.loved();
    lines(loved.into_iter().map(|(uts, artist, track)| json!({"uts": uts, "artist": artist, "track": track})))
}

async fn tags(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Outcome {
    let call = parameters(query, b"");
    let mut backend = shared.lock();
    let account = account(&mut backend, &call)?;
    lines(account.tags().map(|(on, tag)| json!({"on": on, "tag": tag})))
}

/// Opens a session at Last.fm, with the given `key` or a new one.
async fn session(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let name = account(&mut backend, &call)?.name().to_owned();
    Ok(match call.get("key") {
        Some(key) => {
            backend.world.set_session(&name, key);
            format!("{key}\n")
        }
        None => format!("{}\n", backend.world.open_session(&name)),
    })
}

/// Tells the token at ListenBrainz, whose account is opened for it; with `token` gives it a new one.
async fn token(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let name = user(&mut backend, &call);
    let account = backend.world.listenbrainz(&name);
    if let Some(token) = call.get("token") {
        account.set_token(token);
    }
    Ok(format!("{}\n", account.token()))
}

/// Grants the `token` of `auth.getToken`.
async fn grant(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let name = account(&mut backend, &call)?.name().to_owned();
    let granted = backend.world.grant(required(&call, "token")?, &name);
    if granted { Ok("done\n".into()) } else { Err(refuse("there is no such token")) }
}

/// Ends the sessions and the token of the account from second `at` on, by default now.
async fn revoke(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let at = number(&call, "at")?.unwrap_or_else(|| backend.world.now());
    let name = user(&mut backend, &call);
    backend.world.revoke(&name, at);
    Ok("done\n".into())
}

/// Sets `daily_limit` (`none` for no limit), and adds to the filters and corrections: `filter_artist`, `filter_track`,
/// `correct=artist|track|album:OLD=NEW`.
async fn writing(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Outcome {
    let call = parameters(query, &body);
    let mut backend = shared.lock();
    let writing = &mut backend.rules.writing;
    match call.get("daily_limit") {
        None => {}
        Some("none") => writing.daily_limit = None,
        Some(_) => writing.daily_limit = number(&call, "daily_limit")?,
    }
    writing.filtered_artists.extend(call.get("filter_artist").map(ToOwned::to_owned));
    writing.filtered_tracks.extend(call.get("filter_track").map(ToOwned::to_owned));
    if let Some(text) = call.get("correct") {
        writing.corrections.add(text).ok_or_else(|| refuse(format!("correct is {}", Corrections::FORM)))?;
    }
    Ok("done\n".into())
}

/// Forgets the counts, the logs and the arrivals.
async fn forget(State(shared): State<Shared>) -> Outcome {
    shared.lock().forget();
    Ok("done\n".into())
}
