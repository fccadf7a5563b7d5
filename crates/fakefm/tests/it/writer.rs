//! A writer that signs by hand and sends text.

use std::collections::BTreeMap;

use fakefm::{Config, FakeFm, HandClock, World, Writing};
use md5::{Digest as _, Md5};
use serde_json::Value;

use crate::client::{Reply, exchange, post, start};

/// The second at which the worlds of these tests stand.
pub(crate) const NOW: i64 = 1_750_000_000;

/// The session key of `Ann` in these tests, and her token at ListenBrainz.
pub(crate) const SESSION: &str = "anns-session";
pub(crate) const TOKEN: &str = "anns-token";

/// A fake with the empty accounts of `Ann`, whose time stands still.
pub(crate) fn fake() -> FakeFm {
    fake_at(&HandClock::at_ms(NOW * 1000), |_| {})
}

pub(crate) fn fake_with(change: impl FnOnce(&mut Writing)) -> FakeFm {
    fake_at(&HandClock::at_ms(NOW * 1000), change)
}

pub(crate) fn fake_at(clock: &HandClock, change: impl FnOnce(&mut Writing)) -> FakeFm {
    let mut config = Config::new(World::of("Ann"));
    config.clock = Some(clock.source());
    config.world.set_session("Ann", SESSION);
    config.world.listenbrainz("Ann").set_token(TOKEN);
    change(&mut config.rules.writing);
    start(config)
}

pub(crate) fn md5_hex(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The parameters as a form with their signature, JSON being asked for.
pub(crate) fn signed<N: AsRef<str>, V: AsRef<str>>(parameters: &[(N, V)]) -> String {
    let sorted: BTreeMap<_, _> = parameters.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    let text: String = sorted.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters).append_pair("api_sig", &md5_hex(&(text + Writing::SECRET)));
    form.append_pair("format", "json").finish()
}

/// The form of a signed call of `method` in Ann's session.
pub(crate) fn form(method: &str, more: &[(&str, &str)]) -> String {
    let mut all = vec![("method", method), ("api_key", "k"), ("sk", SESSION)];
    all.extend(more);
    signed(&all)
}

/// A signed call of `method` in Ann's session.
pub(crate) fn call(fake: &FakeFm, method: &str, more: &[(&str, &str)]) -> Reply {
    post(fake, "/2.0/", &form(method, more))
}

/// The form of a batch of scrobbles: second, artist, track each.
pub(crate) fn batch(rows: &[(i64, &str, &str)]) -> String {
    let mut all: Vec<(String, String)> =
        [("method", "track.scrobble"), ("api_key", "k"), ("sk", SESSION)].map(|(n, v)| (n.into(), v.into())).into();
    for (nth, (uts, artist, track)) in rows.iter().enumerate() {
        all.push((format!("artist[{nth}]"), (*artist).to_owned()));
        all.push((format!("track[{nth}]"), (*track).to_owned()));
        all.push((format!("timestamp[{nth}]"), uts.to_string()));
    }
    signed(&all)
}

pub(crate) fn scrobble(fake: &FakeFm, rows: &[(i64, &str, &str)]) -> Reply {
    post(fake, "/2.0/", &batch(rows))
}

/// How many scrobbles an answer calls accepted and ignored, and the code of each.
pub(crate) fn verdict(reply: &Reply) -> (u64, u64, Vec<String>) {
    let all = &reply.json()["scrobbles"];
    let rows = match &all["scrobble"] {
        Value::Array(rows) => rows.clone(),
        one => vec![one.clone()],
    };
    let codes = rows.iter().map(|row| row["ignoredMessage"]["code"].as_str().unwrap().to_owned()).collect();
    (all["@attr"]["accepted"].as_u64().unwrap(), all["@attr"]["ignored"].as_u64().unwrap(), codes)
}

/// What the account holds: second, track, how many, how often written.
pub(crate) fn held(fake: &FakeFm) -> Vec<(i64, String, u32, u32)> {
    let holdings = fake.world().listener().holdings();
    holdings.into_iter().map(|row| (row.uts, row.track, row.held, row.written)).collect()
}

/// A request to ListenBrainz with Ann's token; a body makes it a POST.
pub(crate) fn brainz(fake: &FakeFm, target: &str, body: Option<&str>) -> Reply {
    brainz_as(fake, target, body, &format!("Authorization: Token {TOKEN}\r\n"))
}

/// The same with any further headers.
pub(crate) fn brainz_as(fake: &FakeFm, target: &str, body: Option<&str>, headers: &str) -> Reply {
    exchange(fake.address(), brainz_request(target, body, headers).as_bytes()).unwrap()
}

pub(crate) fn brainz_request(target: &str, body: Option<&str>, headers: &str) -> String {
    let (verb, body) = body.map_or(("GET", ""), |body| ("POST", body));
    format!(
        "{verb} /1/{target} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
