//! Our shapes against recorded answers, where those are at hand.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use fakefm::{Config, Play, World};
use serde_json::Value;

use crate::{
    client::{get, info, list, post, start},
    writer::{NOW, brainz, brainz_as, call, fake, form, scrobble, signed},
};

/// The folder of recorded answers, if the environment names it.
#[allow(clippy::disallowed_methods, reason = "where the recorded answers lie is told by the environment")]
fn recorded() -> Option<PathBuf> {
    let Some(shared) = std::env::var_os("HEARD_SHARED") else {
        println!("skipped: HEARD_SHARED does not name the folder of recorded answers");
        return None;
    };
    Some(Path::new(&shared).join("fixtures/lastfm"))
}

fn read(folder: &Path, name: &str) -> Value {
    let text = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_slice(&text).unwrap()
}

/// All paths of a document with the types at their ends; rows are one and the same place.
fn shape(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    descend(value, "", &mut found);
    found
}

fn descend(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    let kind = match value {
        Value::Object(members) => {
            for (key, member) in members {
                descend(member, &format!("{path}.{key}"), found);
            }
            return;
        }
        Value::Array(items) => {
            for item in items {
                descend(item, &format!("{path}[]"), found);
            }
            return;
        }
        Value::String(_) => "string",
        Value::Number(_) => "number",
        Value::Null | Value::Bool(_) => "other",
    };
    found.insert(format!("{path}: {kind}"));
}

#[test]
fn lists_and_profiles_have_the_recorded_shapes() {
    let Some(folder) = recorded() else { return };
    let mut world = World::of("Ann");
    world.listener().add(&Play::new(1_600_000_000, "A", "T").on("L"));
    let fake = start(Config::new(world));
    let tracks = "user.getRecentTracks";
    let stopped = read(&folder, &format!("{tracks}/docs_a_user_currently_not_scrobbling.json"));
    assert_eq!(shape(&get(&fake, &list("")).json()), shape(&stopped));
    let profile = read(&folder, "user.getInfo/swift_sample.json");
    assert_eq!(shape(&get(&fake, &info()).json()), shape(&profile));
    fake.world().listener().set_now_playing(Some(&Play::new(0, "N", "P").on("L")));
    let playing = read(&folder, &format!("{tracks}/swift_sample.json"));
    assert_eq!(shape(&get(&fake, &list("")).json()), shape(&playing));
    let extended = read(&folder, &format!("{tracks}/lmammino_recent_tracks_page.json"));
    assert_eq!(shape(&get(&fake, &list("extended=1")).json()), shape(&extended));
    fake.world().listener().clear();
    fake.world().listener().set_now_playing(None);
    let empty = read(&folder, &format!("{tracks}/quoted_empty.json"));
    assert_eq!(shape(&get(&fake, &list("")).json()), shape(&empty));
}

#[test]
fn errors_have_the_recorded_texts() {
    let Some(folder) = recorded() else { return };
    let fake = start(Config::new(World::of("Ann")));
    for (code, name) in [
        (3, "quoted_03_invalid_method"),
        (6, "quoted_06_missing_param"),
        (8, "quoted_08_operation_failed"),
        (9, "swift_invalidSessionKey"),
        (10, "quoted_10_invalid_key"),
        (13, "quoted_13_signature"),
        (17, "quoted_17_login"),
        (26, "quoted_26_suspended"),
        (29, "quoted_29_rate_limit"),
    ] {
        fake.fail_next(fakefm::Fault::Refusal { code, status: 400, retry_after: None });
        assert_eq!(get(&fake, &list("")).json(), read(&folder, &format!("_errors/{name}.json")));
    }
}

#[test]
fn answers_to_writers_have_the_recorded_shapes() {
    let Some(folder) = recorded() else { return };
    let fake = fake();
    let full = |uts: i64, track: &str| {
        let uts = uts.to_string();
        let all =
            [("artist", "A"), ("track", track), ("album", "L"), ("albumArtist", "A"), ("timestamp", uts.as_str())];
        call(&fake, "track.scrobble", &all)
    };
    let same = |reply: &Value, name: &str| assert_eq!(shape(reply), shape(&read(&folder, name)), "{name}");
    same(&full(NOW, "T").json(), "track.scrobble/swift_sample.json");
    let several = scrobble(&fake, &[(NOW, "A", "T"), (NOW, "A", "U")]).json();
    same(&several, "track.scrobble/swift_multiple.json");
    let playing = call(&fake, "track.updateNowPlaying", &[("artist", "A"), ("track", "T")]).json();
    same(&playing, "track.updateNowPlaying/swift_sample.json");
    call(&fake, "track.love", &[("artist", "A"), ("track", "T")]);
    let asked = |method: &str, more: &str| {
        let signed = signed(&[("method", method), ("api_key", "k")]);
        get(&fake, &format!("/2.0/?{signed}&{more}")).json()
    };
    same(&asked("user.getLovedTracks", "user=ann"), "user.getLovedTracks/docs_sample.json");
    fake.world().set_tags("A", [""; 0]);
    same(&asked("track.getInfo", "artist=A&track=U"), "track.getInfo/docs_a_track_artist_that_doesnt_exist.json");
    let token = asked("auth.getToken", "");
    same(&token, "auth.getToken/swift_sample.json");
    let token = token["token"].as_str().unwrap();
    assert!(fake.world().grant(token, "Ann"));
    let session = signed(&[("method", "auth.getSession"), ("api_key", "k"), ("token", token)]);
    same(&get(&fake, &format!("/2.0/?{session}")).json(), "auth.getSession/quoted_compact.json");
    fake.set_rules(|rules| rules.writing.counts_as_text = true);
    same(&scrobble(&fake, &[(NOW, "Various", "T")]).json(), "track.scrobble/quoted_various_filtered.json");
}

#[test]
fn refused_tokens_and_done_writes_have_the_recorded_xml() {
    let Some(folder) = recorded() else { return };
    let fake = fake();
    let bogus =
        signed(&[("method", "auth.getSession"), ("api_key", "k"), ("token", "bogus")]).replace("&format=json", "");
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let body = String::from_utf8(get(&fake, &format!("/2.0/?{bogus}")).body).unwrap();
    assert_eq!(body.trim(), text("auth.getSession/pylast_init_with_token.xml").trim());
    let love = form("track.love", &[("artist", "A"), ("track", "T")]).replace("&format=json", "");
    let body = String::from_utf8(post(&fake, "/2.0/", &love).body).unwrap();
    let without_head = body.split_once('\n').map(|(_, rest)| rest);
    assert_eq!(without_head.map(str::trim), Some(text("track.love/doc_ok.xml").trim()));
}

#[test]
fn listenbrainz_answers_as_recorded() {
    let Some(folder) = recorded().map(|folder| folder.with_file_name("listenbrainz")) else { return };
    let answer = |name: &str| read(&folder, &format!("api.responses/{name}.json"));
    let fake = fake();
    fake.world().listenbrainz("someuser").set_token("t");
    let ask =
        |target: &str, token: &str| brainz_as(&fake, target, None, &format!("Authorization: Token {token}\r\n")).json();
    assert_eq!(ask("validate-token", "t"), answer("validate_ok"));
    assert_eq!(ask("validate-token", "other"), answer("validate_bad"));
    assert_eq!(ask("user/someuser/playing-now", "t"), answer("playing_now_empty"));
    assert_eq!(shape(&ask("user/someuser/listen-count", "t")), shape(&answer("listen_count")));
    let missing = answer("user_not_found");
    assert_eq!(ask("user/some%75ser2/listens", "t")["error"], format!("{}2", missing["error"].as_str().unwrap()));
    let request = read(&folder, "submit-listens.request/lb_valid_single.json").to_string();
    let submit = |header: &str| brainz_as(&fake, "submit-listens", Some(&request), header).json();
    assert_eq!(submit(""), answer("submit_no_auth"));
    assert_eq!(submit("Authorization: Token other\r\n"), answer("submit_bad_auth"));
    assert_eq!(submit("Authorization: Token t\r\n"), answer("submit_ok"));
    let listed = ask("user/someuser/listens", "t")["payload"]["listens"][0].clone();
    let items = read(&folder, "get-listens.items/ms_correctlyMapped_normalizedName.json");
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&listed), keys(&items[0]["data"]));
}

#[test]
fn listenbrainz_takes_and_refuses_what_the_server_does() {
    let Some(folder) = recorded().map(|folder| folder.with_file_name("listenbrainz")) else { return };
    let index = fs::read_to_string(folder.join("INDEX.md")).unwrap();
    let fake = fake();
    let (mut taken, mut refused) = (0, 0);
    for line in index.lines().filter(|line| line.contains("| submit-listens.request/lb_")) {
        let name = line.split('|').nth(1).unwrap().trim();
        let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = if line.contains("REJECT") { 400 } else { 200 };
        let reply = brainz(&fake, "submit-listens", Some(&text));
        assert_eq!(reply.status, expected, "{name}: {}", String::from_utf8_lossy(&reply.body));
        *(if expected == 200 { &mut taken } else { &mut refused }) += 1;
    }
    assert!(taken >= 5 && refused >= 15, "{taken} taken, {refused} refused");
}
