//! Our shapes against recorded answers, where those are at hand.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use fakefm::{Config, Play, World};
use serde_json::Value;

use crate::client::{get, info, list, start};

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
