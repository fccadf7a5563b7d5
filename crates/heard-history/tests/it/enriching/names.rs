//! Names that are hard to ask for, and ids that lead elsewhere.

use fakefm::{Config, Play, World};
use heard_history::enrich::{Call, Options};
use heard_history::extract::extract;

use super::{asked, assert_rebuilt_the_same, complete, counted, only, rows, scene_in, scene_of, told};
use crate::scene::NOW;

/// Names that a careless address, file name or query would trip over.
fn hostile() -> Vec<String> {
    let long = "An Endless Name ".repeat(19);
    assert!(long.len() > 300);
    [
        "AC/DC",
        "What?",
        "1+1",
        "100% Wool",
        "%2F%00",
        "Tom & Jerry",
        "a=b&method=track.love",
        "#hash",
        "!!!",
        "...",
        "..",
        "👩‍🚀 Sisters",
        "宇多田ヒカル",
        "فيروز",
        "e\u{301}clair",
        "Quote\"s 'n' \\slashes",
        "<b>bold</b>",
        "'; DROP TABLE tags; --",
        "Various Artists",
        "null",
        "0",
        "CON",
        "tab\there",
        "\u{202e}reversed",
    ]
    .into_iter()
    .map(ToOwned::to_owned)
    .chain([long.trim().to_owned()])
    .collect()
}

#[test]
fn every_name_is_asked_for_as_it_is() {
    let names = hostile();
    let plays = (0_i64..).zip(&names).map(|(nth, name)| Play::new(NOW - 10_000 + nth, name, name).on(name));
    let mut world = World::of("ann");
    world.listener().extend(plays);
    for name in &names {
        world.set_tags(name, [format!("tag of {name}")]);
    }
    let scene = scene_in(Config::new(world));
    let report = complete(&scene, &only(&[Call::ArtistTags, Call::AlbumInfo, Call::TrackInfo]));
    assert_eq!((report.answers.unknown, report.answers.contradictions), (0, 0), "{report:?}");
    assert!(counted(&scene.fake).values().all(|times| *times == 1));
    let mut heard = rows(&scene, "SELECT name FROM artists WHERE placeholder = 0 AND shown_as IS NULL ORDER BY name");
    let mut known = rows(&scene, "SELECT name FROM things WHERE kind = 'artist' ORDER BY name");
    heard.sort();
    known.sort();
    assert_eq!(known, heard);
    assert!(known.len() >= names.len() - 3, "{known:?}");
    let tagged = rows(
        &scene,
        "SELECT count(*) FROM tags JOIN answers ON answers.id = answer_id JOIN things ON things.id = thing_id
          WHERE method = 'artist.getTopTags' AND tag = 'tag of ' || name",
    );
    assert_eq!(tagged, [known.len().to_string()]);
    assert_rebuilt_the_same(&scene);

    // As files, too, every answer has a place of its own, and none lies outside of the folder.
    let folder = tempfile::tempdir().unwrap();
    let extracted = extract(&scene.home(), &folder.path().join("out")).unwrap();
    assert_eq!(extracted.files, report.asked);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(files(&folder.path().join("out/enrichment")), report.asked);
}

fn files(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[test]
fn names_that_stand_for_nobody_are_not_asked_for() {
    let names = ["Unknown Artist", "[unknown]", "<Unknown>"];
    let plays = (0_i64..).zip(names).map(|(nth, name)| Play::new(NOW - 10_000 + nth, name, "Unknown Track"));
    let scene = scene_of(plays);
    assert_eq!(complete(&scene, &Options::default()).asked, 0);
}

#[test]
fn spellings_that_are_shown_as_one_are_one_question() {
    let spelt = ["The Lanterns", "the lanterns", "The  Lanterns", "The Lanterns"];
    let scene = scene_of((0_i64..).zip(spelt).map(|(nth, name)| Play::new(NOW - 10_000 + nth, name, "Song")));
    complete(&scene, &only(&[Call::ArtistTags]));
    let artists: Vec<String> = asked(&scene.fake).iter().map(|asked| told(asked, "artist").to_owned()).collect();
    assert_eq!(artists, ["The Lanterns"]);
}

/// An artist whom the service does not know by the name that was reported, and the id that came with it.
fn astray() -> World {
    let mut world = World::of("ann");
    let play = Play {
        artist_mbid: "11111111-aaaa-4bbb-8ccc-222222222222".into(),
        ..Play::new(NOW - 9_000, "Misspelt", "Song")
    };
    world.listener().add(&play);
    world
}

const OUTCOMES: &str = "SELECT name, asked, outcome FROM answers JOIN things ON things.id = thing_id
                         WHERE replaced_by IS NULL ORDER BY asked";
const MBID: &str = "11111111-aaaa-4bbb-8ccc-222222222222";

#[test]
fn an_id_that_leads_to_another_artist_is_kept_as_a_contradiction() {
    let scene = scene_in(Config::new(astray()));
    {
        let mut world = scene.fake.world();
        world.listener().clear();
        world.set_tags("Somebody Else", ["wrong"]);
        world.lead_mbid(MBID, "Somebody Else");
    }
    let report = complete(&scene, &only(&[Call::ArtistTags]));
    assert_eq!((report.answers.unknown, report.answers.contradictions), (1, 1));
    let told = ["Misspelt||unknown".to_owned(), format!("Misspelt|mbid={MBID}|contradiction")];
    assert_eq!(rows(&scene, OUTCOMES), told);
    assert_eq!(complete(&scene, &only(&[Call::ArtistTags])).asked, 0);
    assert_rebuilt_the_same(&scene);
}

#[test]
fn an_id_helps_where_the_name_alone_leads_nowhere() {
    let scene = scene_in(Config::new(astray()));
    {
        let mut world = scene.fake.world();
        world.listener().clear();
        world.set_tags("MISSPELT!", ["right"]);
        world.lead_mbid(MBID, "MISSPELT!");
    }
    let report = complete(&scene, &only(&[Call::ArtistTags]));
    assert_eq!((report.asked, report.answers.unknown, report.answers.known), (2, 1, 1));
    assert_eq!(rows(&scene, OUTCOMES), ["Misspelt||known"]);
    assert_rebuilt_the_same(&scene);
}

#[test]
fn a_name_under_which_another_artist_is_shown_is_asked_twice_and_kept_as_a_contradiction() {
    let scene = scene_of([Play::new(NOW - 9_000, "Old Name", "Song"), Play::new(NOW - 8_000, "New Act", "Song")]);
    scene.fake.world().redirect("Old Name", "New Act");
    let report = complete(&scene, &only(&[Call::ArtistTags]));
    assert_eq!((report.asked, report.answers.known, report.answers.contradictions), (2, 1, 1));
    assert_eq!(counted(&scene.fake).values().copied().max(), Some(2));
    assert_eq!(rows(&scene, OUTCOMES), ["New Act||known", "Old Name||contradiction"]);
    assert_rebuilt_the_same(&scene);
}
