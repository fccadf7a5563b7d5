//! Which genres a play has.

use std::fs;

use heard_history::columns::{ColumnsError, Genres, ToldBy};
use heard_history::facts::Decision;
use heard_history::rules::{Name, Rule};
use heard_history::stats::Filter;

use super::{Heard, parts};

const ROCK: &[(&str, Option<i64>)] = &[("rock", Some(100))];
const JAZZ: &[(&str, Option<i64>)] = &[("jazz", Some(100))];
const DUB: &[(&str, Option<i64>)] = &[("dub", Some(100))];
const NONE: &[(&str, Option<i64>)] = &[("seen live", Some(100)), ("1977", Some(3))];

#[test]
fn a_play_has_the_genres_of_its_track_else_its_album_else_its_artist() {
    let heard =
        Heard::of(&[["Ora", "Tides", "One"], ["Ora", "Tides", "Two"], ["Ora", "", "Three"], ["Mira", "Tides", "Four"]]);
    let mut tags = heard.tags();
    tags.tell("artist", "Ora", "", "artist.getTopTags", ROCK);
    tags.tell("album", "Ora", "Tides", "album.getInfo", JAZZ);
    tags.tell("track", "Ora", "One", "track.getInfo", DUB);
    tags.tell("track", "Ora", "Two", "track.getTopTags", NONE);
    assert_eq!(heard.track("ann", "One"), (Some(ToldBy::Track), parts(&[("dub", 1.0)])));
    assert_eq!(heard.track("ann", "Two"), (Some(ToldBy::Album), parts(&[("jazz", 1.0)])), "its own tags say nothing");
    assert_eq!(heard.track("ann", "Three"), (Some(ToldBy::Artist), parts(&[("rock", 1.0)])));
    assert_eq!(heard.track("ann", "Four"), (None, Vec::new()), "another artist's album of the same title");
    let coverage = heard.top(&Filter::default()).coverage;
    assert_eq!((coverage.plays, coverage.with_genres()), (4, 3));
}

#[test]
fn of_several_answers_the_one_with_weights_counts_where_it_holds() {
    let heard = Heard::of(&[["Ora", "", "One"]]);
    let mut tags = heard.tags();
    tags.tell("artist", "Ora", "", "artist.getInfo", DUB);
    assert_eq!(heard.track("ann", "One").1, parts(&[("dub", 1.0)]));
    tags.tell("artist", "Ora", "", "artist.getTopTags", ROCK);
    assert_eq!(heard.track("ann", "One").1, parts(&[("rock", 1.0)]));
    tags.tell("artist", "Ora", "", "artist.getTopTags", &[("jazz", Some(75)), ("Ora", Some(100)), ("dub", Some(25))]);
    assert_eq!(heard.track("ann", "One").1, parts(&[("jazz", 0.75), ("dub", 0.25)]), "the later answer holds");
    tags.tell("artist", "Ora", "", "artist.getTopTags", NONE);
    assert_eq!(heard.track("ann", "One").1, parts(&[("dub", 1.0)]), "what names no genre does not count");
    tags.tell_as("librefm", "known", ("artist", "Ora", ""), "artist.getTopTags", JAZZ);
    assert_eq!(heard.track("ann", "One").1, parts(&[("jazz", 1.0)]));
}

#[test]
fn answers_that_are_none_do_not_count() {
    let heard = Heard::of(&[["Ora", "", "One"]]);
    let mut tags = heard.tags();
    tags.tell_as("lastfm", "contradiction", ("artist", "Ora", ""), "artist.getTopTags", ROCK);
    tags.tell_as("lastfm", "known", ("artist", "Ora", ""), "artist.getTags", DUB);
    tags.tell_as("lastfm", "known", ("tag", "Ora", ""), "tag.getTopTags", DUB);
    tags.tell_as("lastfm", "known", ("track", "Ora", "One"), "artist.getTopTags", DUB);
    assert_eq!(heard.track("ann", "One"), (None, Vec::new()));
}

#[test]
fn things_are_found_by_any_spelling() {
    let heard = Heard::of(&[
        ["IDA", "", "One"],
        ["Ida", "", "Two"],
        ["Ida", "", "Three"],
        ["Ova", "", "Four"],
        ["ÓVA", "", "FOUR"],
    ]);
    let mut tags = heard.tags();
    tags.tell("artist", "IDA", "", "artist.getTopTags", ROCK);
    tags.tell("artist", "óva ", "", "artist.getTopTags", DUB);
    assert_eq!(heard.track("ann", "One").1, parts(&[("rock", 1.0)]), "it is shown as Ida");
    assert_eq!(heard.track("ann", "Two").1, parts(&[("rock", 1.0)]));
    tags.tell("artist", "ida", "", "artist.getTopTags", DUB);
    assert_eq!(heard.track("ann", "Two").1, parts(&[("rock", 1.0)]), "a spelling that is here comes first");
    tags.tell("artist", "Ida", "", "artist.getTopTags", JAZZ);
    assert_eq!(heard.track("ann", "One").1, parts(&[("jazz", 1.0)]), "and before it the one that is shown");
    let filter = Filter { artist: Some("ÓVA".to_owned()), ..Filter::default() };
    assert_eq!(heard.top(&filter).coverage.with_genres(), 1, "an accent is another name");
    tags.tell("track", "ova", "four", "track.getInfo", JAZZ);
    assert_eq!(heard.track("ann", "Four").1.len(), 2);
    heard.decide("ann", Rule::ShowAs { from: vec![artist("Ova")], to: artist("Ova Moon") });
    tags.tell("track", "Ova", "Four", "track.getTopTags", ROCK);
    let filter = Filter { artist: Some("Ova Moon".to_owned()), ..Filter::default() };
    assert_eq!(heard.top(&filter).rows.len(), 1, "asked by the name that was shown before");
}

fn artist(name: &str) -> Name {
    Name::Artist { artist: name.to_owned() }
}

fn genres(artist: &str, genres: &[&str]) -> Rule {
    Rule::Genres { artist: artist.to_owned(), genres: genres.iter().map(|it| (*it).to_owned()).collect() }
}

#[test]
fn what_the_listener_decides_outranks_every_tag() {
    let heard = Heard::of(&[["Ora", "Tides", "One"], ["Mira", "", "Two"]]);
    heard.take_in("ben", &[["Ora", "Tides", "One"]]);
    assert_eq!(heard.track("ann", "One"), (None, Vec::new()));
    let first = heard.decide("ann", genres("ORA", &["dub", "trip-hop", "Dub"]));
    assert_eq!(
        heard.track("ann", "One"),
        (Some(ToldBy::Rule), parts(&[("dub", 0.5), ("trip hop", 0.5)])),
        "no tags at all"
    );
    heard.tags().tell("track", "Ora", "One", "track.getTopTags", ROCK);
    assert_eq!(heard.track("ann", "One").0, Some(ToldBy::Rule));
    assert_eq!(heard.track("ben", "One"), (Some(ToldBy::Track), parts(&[("rock", 1.0)])), "another listener");
    assert_eq!(heard.track("ann", "Two"), (None, Vec::new()));
    let second = heard.decide("ann", genres("Ora", &["zeuhl"]));
    assert_eq!(heard.track("ann", "One").1, parts(&[("zeuhl", 1.0)]), "the later rule counts");
    heard.say("ann", Decision::RevokeRule { rule: second });
    assert_eq!(heard.track("ann", "One").1.len(), 2);
    heard.say("ann", Decision::RevokeRule { rule: first });
    assert_eq!(heard.track("ann", "One"), (Some(ToldBy::Track), parts(&[("rock", 1.0)])));
    heard.decide("ann", genres("Ora", &["a genre of a later version"]));
    assert_eq!(heard.track("ann", "One").0, Some(ToldBy::Track), "what is not known is not decided");
}

#[test]
fn a_split_name_has_the_genres_of_its_artists() {
    let heard = Heard::of(&[["Ora & Mira", "", "One"], ["Ora", "", "Two"], ["Mira", "", "Three"]]);
    let mut tags = heard.tags();
    tags.tell("artist", "Ora", "", "artist.getTopTags", ROCK);
    let split = Rule::Split { artist: "Ora & Mira".into(), into: vec!["Ora".into(), "Mira".into(), "Nobody".into()] };
    heard.decide("ann", split);
    assert_eq!(heard.track("ann", "One"), (Some(ToldBy::Artist), parts(&[("rock", 1.0)])), "as far as they are known");
    tags.tell("artist", "Mira", "", "artist.getTopTags", &[("rock", Some(50)), ("dub", Some(50))]);
    assert_eq!(heard.track("ann", "One").1, parts(&[("rock", 0.75), ("dub", 0.25)]));
    heard.decide("ann", genres("Mira", &["jazz"]));
    assert_eq!(heard.track("ann", "One"), (Some(ToldBy::Rule), parts(&[("jazz", 0.5), ("rock", 0.5)])));
    tags.tell("artist", "Ora & Mira", "", "artist.getInfo", DUB);
    assert_eq!(heard.track("ann", "One"), (Some(ToldBy::Artist), parts(&[("dub", 1.0)])), "tags of the pair itself");
}

#[test]
fn the_file_is_made_anew_when_it_must_be_and_only_then() {
    let heard = Heard::of(&[["Ora", "", "One"]]);
    heard.refresh();
    let path = heard.home().genres();
    assert!(!path.exists(), "nothing is known");
    let mut tags = heard.tags();
    tags.tell("artist", "Ora", "", "artist.getTopTags", ROCK);
    assert!(heard.refresh(), "there are tags");
    let made_of = Genres::made_of_file(&path).unwrap();
    assert!(!heard.refresh(), "nothing changed");
    tags.tell("artist", "Ora", "", "artist.getTopTags", DUB);
    assert!(heard.refresh(), "there are other tags");
    assert_eq!(Genres::made_of_file(&path).unwrap().enriched, made_of.enriched + 1);
    heard.take_in("ann", &[["Mira", "", "Two"], ["Ora", "", "Three"]]);
    assert!(heard.refresh(), "there are other plays");
    assert_eq!(Genres::open(&path).unwrap().unwrap().of_plays().len(), heard.columns().rows());
    tags.database.execute("UPDATE tags_cleaned SET vocabulary = 'another'", []).unwrap();
    tags.database.execute("DELETE FROM answer_genres", []).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(heard.refresh(), "there is no file");
    assert_eq!(heard.track("ann", "One").1, parts(&[("dub", 1.0)]), "another vocabulary cleans anew");
    tags.database
        .execute_batch("DELETE FROM answer_genres; DELETE FROM tags; UPDATE view_state SET enriched = 0")
        .unwrap();
    heard.refresh();
    assert!(!path.exists(), "nothing is known any more");
    assert!(heard.columns().genres().unwrap().is_none());
}

#[test]
fn a_damaged_file_is_an_error_and_never_a_panic() {
    let heard = Heard::of(&[["Ora", "", "One"], ["Mira", "", "Two"]]);
    heard.tags().tell("artist", "Ora", "", "artist.getTopTags", &[("rock", Some(3)), ("jazz", Some(1))]);
    heard.refresh();
    let path = heard.home().genres();
    let sound = fs::read(&path).unwrap();
    let mut random = fastrand::Rng::with_seed(5);
    let mut refused = 0;
    for round in 0..400 {
        let mut bytes = sound.clone();
        if round % 4 == 0 {
            bytes.truncate(random.usize(0..bytes.len()));
        } else {
            let at = random.usize(0..bytes.len());
            bytes[at] = random.u8(..);
        }
        #[expect(clippy::disallowed_methods, reason = "a file that is to be damaged")]
        fs::write(&path, &bytes).unwrap();
        match Genres::open(&path) {
            Ok(Some(genres)) => {
                let sets: Vec<usize> = (0..genres.sets() + 2).collect();
                assert!(
                    sets.iter().all(|set| genres.of_set(*set).count() <= sound.len()
                        && (*set > 0 || genres.told_by(*set).is_none()))
                );
            }
            Ok(None) => panic!("the file is there"),
            Err(ColumnsError::Format { .. }) => refused += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn hostile_names_and_tags_are_names_and_tags() {
    let names = ["'; DROP TABLE tags; --", "\u{202e}kcor", "%_%", "\"genres\"", "👩‍🚀", "=SUM(A1)", "NULL", " "];
    let plays: Vec<[&str; 3]> = names.iter().map(|name| [*name, "", "One"]).collect();
    let heard = Heard::of(&plays);
    let mut tags = heard.tags();
    for name in names {
        tags.tell("artist", name, "", "artist.getTopTags", &[(name, Some(i64::MAX)), ("", Some(5)), ("rock", Some(1))]);
        tags.tell("album", name, name, "album.getInfo", &[(name, Some(i64::MIN))]);
    }
    let found = heard.top(&Filter::default());
    assert_eq!(found.coverage.with_genres(), found.coverage.plays);
    assert_eq!(found.rows.len(), 1, "all of them are rock");
}
