//! A real history with the tags of its artists, where the environment says where they are.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use heard_history::genres::{Meaning, Vocabulary};
use heard_history::identity::key;
use heard_history::stats::Filter;

use super::Heard;

/// The folder of real files; nothing where the environment names none.
fn shared() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where the files are")]
    let folder = std::env::var_os("HEARD_SHARED").map(PathBuf::from);
    if folder.is_none() {
        println!("HEARD_SHARED is not set: no real history was asked for its genres");
    }
    folder.map(|folder| folder.canonicalize().unwrap().join("data"))
}

/// The tags of each artist, as the file tells them: the heaviest first, without weights.
fn tags_of_artists(folder: &std::path::Path) -> HashMap<String, Vec<String>> {
    let path = folder.join("enrichment/bastianolea__lastfm_top_tags__artist_info.csv");
    let mut rows = csv::Reader::from_path(path).unwrap();
    rows.deserialize::<HashMap<String, String>>()
        .map(|row| {
            let mut row = row.unwrap();
            let tags = row.remove("artist_tags").unwrap();
            let tags = tags.split(';').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
            (row.remove("artist").unwrap(), tags)
        })
        .collect()
}

#[test]
fn a_real_history_has_the_genres_that_its_artists_are_tagged_with() {
    let Some(folder) = shared() else { return };
    let tags = tags_of_artists(&folder);
    let file = folder.join("lastfm_csv/bastianolea__lastfm_top_tags__scrobbles.csv");
    let heard = Heard { folder: tempfile::tempdir().unwrap() };
    heard.import("ann", file.clone());
    let mut told = heard.tags();
    for (artist, tags) in &tags {
        let tags: Vec<(&str, Option<i64>)> = tags.iter().map(|tag| (tag.as_str(), None)).collect();
        told.tell("artist", artist, "", "artist.getInfo", &tags);
    }
    // Counted here from the two files alone.
    let own = Vocabulary::own();
    let has_genre = |artist: &&String| {
        tags[*artist].iter().any(|tag| matches!(own.meaning(tag, &[artist.as_str()]), Meaning::Genre(_)))
    };
    let with_genres: HashSet<String> = tags.keys().filter(has_genre).map(|artist| key(artist)).collect();
    let (mut plays, mut known, mut different) = (0, 0, HashSet::new());
    for row in csv::Reader::from_path(&file).unwrap().records() {
        let row = row.unwrap();
        plays += 1;
        known += u64::from(tags.contains_key(&row[1]));
        // A row that stands there twice tells of one play.
        different.insert(row.iter().map(str::to_owned).collect::<Vec<_>>());
    }
    assert_eq!((plays, known), (17_000, 16_882), "as is known of the files");
    let plays = different.len() as u64;
    let count = |is_it: &dyn Fn(&String) -> bool| different.iter().filter(|row| is_it(&row[1])).count() as u64;
    let tagged = count(&|artist| tags.get(artist).is_some_and(|tags| !tags.is_empty()));
    // Two of them are spelt otherwise in the one file than in the other.
    let covered = count(&|artist| with_genres.contains(&key(artist)));
    let found = heard.top_at(&Filter::default(), 1_800_000_000);
    println!("{plays} plays, {known} of known artists, {tagged} with tags, {covered} with genres");
    println!(
        "the first: {:?}",
        found.rows.iter().take(12).map(|row| (own.name_of(row.genre), row.plays)).collect::<Vec<_>>()
    );
    assert_eq!((found.coverage.plays, found.coverage.with_genres()), (plays, covered));
    assert!(covered * 100 >= tagged * 95, "the vocabulary knows a genre for {covered} of {tagged} plays with tags");
}

#[test]
fn the_vocabulary_knows_most_tags_of_a_real_history() {
    let Some(folder) = shared() else { return };
    let own = Vocabulary::own();
    let (mut all, mut understood) = (0_usize, 0_usize);
    let mut unknown: HashMap<String, usize> = HashMap::new();
    for (artist, tags) in tags_of_artists(&folder) {
        for tag in tags {
            all += 1;
            match own.meaning(&tag, &[&artist]) {
                Meaning::None(heard_history::genres::Why::Unknown) => {
                    *unknown.entry(tag.to_lowercase()).or_default() += 1;
                }
                _ => understood += 1,
            }
        }
    }
    let mut unknown: Vec<(usize, String)> = unknown.into_iter().map(|(tag, count)| (count, tag)).collect();
    unknown.sort_unstable_by(|a, b| b.cmp(a));
    println!(
        "{understood} of {all} tags are understood; the most frequent others: {:?}",
        &unknown[..unknown.len().min(60)]
    );
    assert!(understood * 100 >= all * 90, "{understood} of {all}");
}
