//! Answers as files, on file systems that take `A` for `a`, too.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use heard_history::archive::{Archive, Draft, Purpose};
use heard_history::extract::extract;
use heard_history::home::Home;
use heard_history::listen::{Account, Service};

/// An answer about an artist's tags, of which nothing matters but that it is one.
fn answer(artist: &str) -> Draft {
    let body = format!(r#"{{"toptags":{{"tag":[],"@attr":{{"artist":{artist:?}}}}}}}"#);
    Draft {
        received_at: 1_700_000_000,
        account: Account::new("me", Service::Lastfm, ""),
        method: "artist.getTopTags".into(),
        params: vec![("artist".to_owned(), artist.to_owned())],
        purpose: Purpose::Enrich,
        run: 0,
        wanted: None,
        status: 200,
        served_at: None,
        body: Bytes::from(body),
        is_json: true,
        sha256: None,
    }
}

fn home_with(artists: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path()).unwrap();
    let (mut archive, _) = Archive::open(&home, &home.lock().unwrap(), 0).unwrap();
    for artist in artists {
        archive.append(&[answer(artist)]).unwrap();
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("enrichment/artist.getTopTags")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn names_that_differ_only_in_case_are_files_that_do_not() {
    let artists = ["Iron Coast", "IRON COAST", "iron coast", "Stra\u{df}e", "STRASSE", "Other", "Iron Coast"];
    let home = home_with(&artists);
    let home = Home::open(home.path()).unwrap();
    let to = tempfile::tempdir().unwrap();
    assert_eq!(extract(&home, to.path()).unwrap().files, 6);
    let found = names(to.path());
    assert_eq!(found.len(), 6);
    let folded: BTreeSet<String> = found.iter().map(|name| name.to_uppercase()).collect();
    assert_eq!(folded.len(), 6, "{found:?}");
    assert!(
        found.contains(&"Iron Coast.json".to_owned()) && found.contains(&"Stra\u{df}e.json".to_owned()),
        "{found:?}"
    );
    assert_eq!(found.iter().filter(|name| name.contains('~')).count(), 3, "{found:?}");
    // Each file holds the answer about its own name.
    for name in &found {
        let text = fs::read_to_string(to.path().join("enrichment/artist.getTopTags").join(name)).unwrap();
        let stem = name.split(['~', '.']).next().unwrap();
        assert!(text.contains(&format!("{stem:?}")), "{name}: {text}");
    }
    // Another time, and after further answers, everybody has the same name.
    extract(&home, to.path()).unwrap();
    assert_eq!(names(to.path()), found);
    let (mut archive, _) = Archive::open(&home, &home.lock().unwrap(), 0).unwrap();
    archive.append(&[answer("iron coast"), answer("A newcomer")]).unwrap();
    drop(archive);
    extract(&home, to.path()).unwrap();
    assert_eq!(names(to.path()).iter().filter(|name| found.contains(name)).count(), 6);
}
