//! Zips that lie, grow, lead elsewhere, or are locked.

use std::io::{Cursor, Write as _};

use memchr::memmem;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{file, refused, streamed, sums, taken, text, tracks};
use crate::home::Home;

const GOOD: &str = "MyData/StreamingHistory0.json";

/// A member by its name, and its bytes.
type Member<'a> = (&'a str, &'a [u8]);

fn zipped(members: &[Member<'_>]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The same zip, in which a member says that it needs a password: before its bytes, and in the list.
fn locked(mut zip: Vec<u8>, name: &str) -> Vec<u8> {
    let places: Vec<usize> = memmem::find_iter(&zip, name).collect();
    let [member, listed] = places[..] else { panic!("{name} stands at {places:?}") };
    zip[member - 30 + 6] |= 1;
    zip[listed - 46 + 8] |= 1;
    zip
}

/// A zip with one good member beside what is wrong: the good one is taken in, and each other is named with these words.
#[track_caller]
fn good_beside(zip: Vec<u8>, wrong: &[&str]) {
    let home = Home::new();
    let path = file(&home, "my_spotify_data.zip", zip);
    let document = taken(&home, &path).good().json();
    assert_eq!(sums(&document["total"]), json!([2, 2, 0, {}, {}]), "{document}");
    assert_eq!(tracks(&home), ["Glass Harbour", "Iron Coast"]);
    let ignored: Vec<String> = document["ignored"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ignored| format!("{} {}", ignored["path"].as_str().unwrap(), ignored["why"].as_str().unwrap()))
        .collect();
    assert_eq!(ignored.len(), wrong.len(), "{document}");
    for words in wrong {
        assert!(ignored.iter().any(|said| said.contains(words)), "{words}: {ignored:?}");
    }
    // A person is told the same, and what to do.
    let shown = home.run(&["import", text(&path)]).good();
    for said in ignored {
        assert!(shown.stderr.contains(&format!("left alone: {said}")), "{said}\n{shown}");
    }
}

fn good() -> String {
    streamed(&["Glass Harbour", "Iron Coast"])
}

#[test]
fn a_member_that_grows_without_end() {
    let mut bomb = streamed(&["Night Ferry"]).into_bytes();
    bomb.pop();
    bomb.resize(64 << 20, b' ');
    bomb.push(b']');
    let zip = zipped(&[(GOOD, good().as_bytes()), ("MyData/StreamingHistory1.json", &bomb)]);
    assert!(zip.len() < 1 << 20, "the bomb is small");
    good_beside(zip, &["StreamingHistory1.json grows to more than 200 times its size"]);
    let bare = zipped(&[("StreamingHistory1.json", &bomb)]);
    let home = Home::new();
    let path = file(&home, "bomb.zip", bare);
    taken(&home, &path).refused(65, "StreamingHistory1.json grows to more than 200 times", "heard import --help");
}

#[test]
fn more_members_than_a_history_has() {
    let names: Vec<String> = (0..600).map(|n| format!("MyData/{n}.json")).collect();
    let content = good();
    let members: Vec<Member<'_>> = names.iter().map(|name| (name.as_str(), content.as_bytes())).collect();
    refused("many.zip", zipped(&members), "holds 600 files, and at most 500 are read", "heard import --help");
}

#[test]
fn names_that_lead_elsewhere() {
    let (content, elsewhere) = (good(), streamed(&["Night Ferry"]));
    let home = Home::new();
    let absolute = home.beside("planted.json").display().to_string();
    let names = [
        "../planted.json",
        "../../planted.json",
        "a/../../planted.json",
        r"a\..\planted.json",
        r"C:\planted.json",
        &absolute,
    ];
    for name in names {
        let zip = zipped(&[(GOOD, content.as_bytes()), (name, elsewhere.as_bytes())]);
        good_beside(zip, &["has a name that is not the name of a file in a folder"]);
        // Where the history lies, too, and where the run was started.
        let zip = zipped(&[(name, elsewhere.as_bytes())]);
        let path = file(&home, "planted.zip", zip);
        taken(&home, &path).refused(65, "has a name that is not", "heard import --help");
        assert!(!home.beside("planted.json").exists() && !home.history().join("planted.json").exists(), "{name}");
    }
}

#[test]
fn links() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(GOOD, SimpleFileOptions::default()).unwrap();
    zip.write_all(good().as_bytes()).unwrap();
    zip.add_symlink("MyData/StreamingHistory1.json", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    good_beside(zip, &["StreamingHistory1.json is a link, and links are not followed"]);

    // In a folder, one to another file of its owner.
    let home = Home::new();
    let path = file(&home, "exports/StreamingHistory0.json", good());
    let target = file(&home, "elsewhere/StreamingHistory1.json", streamed(&["Night Ferry"]));
    std::os::unix::fs::symlink(&target, path.with_file_name("StreamingHistory1.json")).unwrap();
    std::os::unix::fs::symlink(home.beside("elsewhere"), path.with_file_name("more")).unwrap();
    let document = taken(&home, path.parent().unwrap()).good().json();
    assert_eq!((tracks(&home).len(), document["ignored"].as_array().unwrap().len()), (2, 2), "{document}");
}

#[test]
fn a_password() {
    let other = "MyData/StreamingHistory1.json";
    let zip = zipped(&[(GOOD, good().as_bytes()), (other, streamed(&["Night Ferry"]).as_bytes())]);
    good_beside(locked(zip.clone(), other), &["is encrypted; unpack the zip with its password and import the folder"]);
    let home = Home::new();
    let all = file(&home, "locked.zip", locked(locked(zip, other), GOOD));
    let ran = taken(&home, &all).refused(65, "holds no listening history", "heard import --help");
    assert_eq!(ran.json()["ignored"].as_array().unwrap().len(), 2, "{ran}");
    let shown = home.run(&["import", text(&all)]);
    assert_eq!(shown.stderr.matches("unpack the zip with its password").count(), 2, "{shown}");

    let alone = locked(zipped(&[(GOOD, good().as_bytes())]), GOOD);
    let path = file(&home, "alone.zip", alone);
    taken(&home, &path).refused(65, "is encrypted; unpack the zip with its password", "heard import --help");
}

#[test]
fn a_zip_in_a_zip() {
    let inner = zipped(&[(GOOD, streamed(&["Night Ferry"]).as_bytes())]);
    let zip = zipped(&[(GOOD, good().as_bytes()), ("inner.zip", &inner)]);
    good_beside(zip, &["inner.zip is packed as a zip inside another container; unpack the outer one"]);
}

#[test]
fn a_zip_that_breaks_off() {
    let whole = zipped(&[(GOOD, good().as_bytes())]);
    for length in [whole.len() - 10, whole.len() / 2, 40] {
        refused(
            "my_spotify_data.zip",
            &whole[..length],
            "is not a whole zip: it is cut off or damaged; download it again",
            "heard import --help",
        );
    }
}
