//! Genres at the prompt: shares, rotation, the word of the listener, and where it all comes from.

use std::fs;

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::commands::remembered;
use crate::home::Home;

/// What a service tells of a thing: kind, artist, title, and tags with weights.
type Told<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, i64)]);

/// Puts answers of Last.fm into the tables, as a run of asking it does.
pub(crate) fn tell(home: &Home, told: &[Told<'_>]) {
    let mut database = Connection::open(home.history().join("heard.db")).unwrap();
    let change = database.transaction().unwrap();
    for (kind, artist, title, tags) in told {
        change.execute("INSERT INTO things (kind, name, title) VALUES (?1, ?2, ?3)", [kind, artist, title]).unwrap();
        let thing = change.last_insert_rowid();
        change
            .execute(
                "INSERT INTO answers
                   SELECT coalesce(max(id), 100) + 1, ?1, 'lastfm', ?2, '', 1700000000, 'known', NULL, NULL FROM answers",
                params![thing, format!("{kind}.getTopTags")],
            )
            .unwrap();
        let answer = change.last_insert_rowid();
        for (position, (tag, weight)) in (0_i64..).zip(*tags) {
            change.execute("INSERT INTO tags VALUES (?1, ?2, ?3, ?4)", params![answer, position, tag, weight]).unwrap();
        }
    }
    let about = "INSERT INTO about (answer_id, listeners) SELECT answers.id, 1000 * answers.id * answers.id FROM answers
                   JOIN things ON things.id = thing_id WHERE kind = 'artist' AND answers.id NOT IN (SELECT answer_id FROM about)";
    change.execute(about, []).unwrap();
    change.execute("UPDATE view_state SET enriched = enriched + 1", []).unwrap();
    change.commit().unwrap();
}

/// Plays that can be counted by hand: a day of 2023, how many in its evening, artist, album, track.
const PLAYS: [(&str, u32, &str, &str, &str); 12] = [
    ("01-03", 4, "Tin Meadow", "Hay", "Scythe"),
    ("01-04", 4, "Iron Coast", "", "Salt"),
    ("01-20", 2, "Glass Oar", "Still", "Row"),
    ("02-10", 6, "Iron Coast", "", "Salt"),
    ("02-11", 4, "Gone Lantern", "Wick", "Smoke"),
    ("02-12", 2, "Nobody Knows", "", "When"),
    ("04-01", 5, "Gone Lantern", "Wick", "Smoke"),
    ("04-02", 5, "Tin Meadow", "Hay", "Barn"),
    ("04-03", 1, "\u{1b}[31m=SUM(A1)", "", "Red"),
    ("04-04", 1, "東の灯台", "港", "霧"),
    ("04-05", 2, "Gone Lantern", "Flood", "Ark"),
    ("04-06", 2, "Gone Lantern", "Flood", "Dove"),
];

const TOLD: [Told<'static>; 7] = [
    (
        "artist",
        "Tin Meadow",
        "",
        &[("folk", 100), ("indie folk", 50), ("seen live", 40), ("british", 30), ("Tin Meadow", 9)],
    ),
    (
        "artist",
        "Iron Coast",
        "",
        &[("Norwegian Black Metal", 100), ("metal", 25), ("1994", 25), ("brutal but kind", 3)],
    ),
    ("artist", "Glass Oar", "", &[("ambient", 100), ("piano", 90)]),
    ("artist", "Gone Lantern", "", &[("Trip-Hop", 100)]),
    ("album", "Gone Lantern", "Flood", &[("dub", 10), ("1994", 5), ("2004", 5)]),
    ("track", "Gone Lantern", "Dove", &[("lovers rock", 10), ("beautiful", 90)]),
    ("artist", "\u{1b}[31m=SUM(A1)", "", &[("\u{1b}]0;evil\u{7}", 100), ("noise", 1)]),
];

fn imported() -> Home {
    let evening =
        |(day, plays, artist, album, track): (&str, _, _, _, _)| (format!("2023-{day}"), plays, [artist, album, track]);
    Home::with_evenings(PLAYS.into_iter().map(evening))
}

fn tagged() -> Home {
    let home = imported();
    tell(&home, &TOLD);
    home
}

#[test]
fn what_the_questions_about_genres_print() {
    let home = tagged();
    for (name, words) in [
        ("genres", &["genres"][..]),
        ("genres_main", &["genres", "--main", "--by-year"]),
        ("genres_json", &["genres", "--json", "-n", "2", "--from", "2023-02-01", "--transitions"]),
        ("genres_csv", &["genres", "--csv", "--by-year"]),
        ("genres_transitions", &["genres", "--transitions", "-n", "2", "--month", "2023-04"]),
        ("genres_by_time", &["genres", "--by", "time", "-n", "2", "--artist", "lantern"]),
        ("genres_explain", &["genres", "--explain", "gone lantern"]),
        ("genres_explain_hostile", &["genres", "--explain", "=SUM(A1)"]),
        ("genres_explain_json", &["genres", "--explain", "Iron Coast", "--json"]),
        ("genres_explain_csv", &["genres", "--explain", "Iron Coast", "--csv"]),
        ("genres_explain_unknown", &["genres", "--explain", "Iron Cost"]),
        ("top_tags", &["top", "tags"]),
        ("top_tags_main", &["top", "tags", "--main", "--by", "time"]),
        ("top_tags_json", &["top", "tags", "--json", "-n", "3", "--month", "2023-02"]),
        ("top_tags_csv", &["top", "tags", "--csv", "-n", "3"]),
        ("top_artists_of_a_tag", &["top", "artists", "--tag", "Metal"]),
        ("top_artists_of_no_tag", &["top", "artists", "--tag", "metl"]),
        ("taste", &["taste", "--from", "2023-02-01"]),
        ("taste_of_everything", &["taste"]),
        ("taste_json", &["taste", "--json", "--month", "2023-04", "-n", "2"]),
        ("taste_csv", &["taste", "--csv", "--month", "2023-04"]),
        ("taste_of_silence", &["taste", "--year", "1999"]),
        ("plot_main_genres", &["plot", "genres", "--main", "--from", "2023-01-01", "--to", "2023-05-01"]),
        ("plot_genres_of_a_history", &["plot", "genres", "--from", "2023-01-01", "--to", "2023-05-01"]),
    ] {
        remembered(&home, &format!("genres_{name}"), &home.run(words));
    }
}

#[test]
fn without_tags_everything_is_said_to_be_without_genres() {
    let home = imported();
    for (name, words) in [
        ("genres_of_nothing", &["genres"][..]),
        ("top_tags_of_nothing_json", &["top", "tags", "--json"]),
        ("genres_explain_of_nothing", &["genres", "--explain", "Glass Oar"]),
    ] {
        remembered(&home, &format!("genres_{name}"), &home.run(words));
    }
    assert!(!home.history().join("genres.arrow").exists());
    assert_eq!(home.run(&["listens", "--count", "--tag", "folk"]).good().stdout, "0\n");
}

#[test]
fn every_question_takes_a_tag() {
    let home = tagged();
    let count = |words: &[&str]| home.run(&[&["listens", "--count"], words].concat()).good().stdout.trim().to_owned();
    assert_eq!(count(&["--tag", "metal"]), "10");
    assert_eq!(count(&["--tag", "black metal"]), "10");
    assert_eq!(count(&["--tag", "reggae"]), "4", "dub, and lovers rock");
    assert_eq!(count(&["--tag", "TripHop", "--month", "2023-04"]), "5");
    for words in [
        &["top", "albums"][..],
        &["clock"],
        &["calendar"],
        &["streaks"],
        &["sessions"],
        &["milestones"],
        &["charts"],
        &["trends"],
        &["discoveries"],
        &["numbers"],
        &["genres"],
        &["top", "tags"],
        &["wrapped", "2023"],
        &["plot", "stream"],
        &["plot", "genres"],
    ] {
        let ran = home.run(&[words, &["--tag", "hip hop"]].concat()).good();
        assert!(!ran.stderr.contains("panicked"), "{ran}");
    }
}

fn parts(home: &Home, month: &str) -> Value {
    let document = home.run(&["top", "tags", "--json", "--month", month]).good().json();
    document["rows"].as_array().unwrap().iter().map(|row| json!([row["tag"], row["plays"]])).collect()
}

#[test]
fn the_listener_has_the_last_word() {
    let home = tagged();
    let before = parts(&home, "2023-02");
    assert_eq!(before, json!([["black metal", 4.8], ["trip hop", 4.0], ["metal", 1.2]]));
    let tried = home.run(&["genres", "set", "iron coast", "sea shanties", "--dry-run"]).good();
    assert_eq!(parts(&home, "2023-02"), before, "{tried}");
    let made = home.run(&["genres", "set", "iron coast", "sea shanties, Dub", "dub", "--json"]).good().json();
    assert_eq!(made["rules"][0]["says"], r#"the genres of "iron coast" are "dub" and "sea shanty""#);
    assert_eq!(parts(&home, "2023-02"), json!([["trip hop", 4.0], ["dub", 3.0], ["sea shanty", 3.0]]));
    let explained = home.run(&["genres", "--explain", "Iron Coast", "--json"]).good().json();
    assert_eq!((&explained["decided"], &explained["coverage"]["by_rule"]), (&json!(["dub", "sea shanty"]), &json!(10)));
    let again = home.run(&["genres", "set", "Iron Coast", "dub", "sea shanty"]).good();
    assert!(again.stderr.contains("the genres of"), "another spelling is another rule of the same artist: {again}");
    let id = made["rules"][0]["id"].to_string();
    home.run(&["rules", "remove", &id]).good();
    assert_eq!(parts(&home, "2023-02")[1], json!(["dub", 3.0]), "the later rule holds");
    home.run(&["genres", "set", "Nobody at all", "dub"]).refused(65, "no play bears the artist", "");
    home.run(&["genres", "set", "Iron Coast", "dubb"]).refused(2, "\"dubb\" is no genre", "\"dub\"");
    assert_eq!(home.run(&["genres", "set", "Iron Coast"]).code(), 2);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let home = tagged();
    home.run(&["top", "artists", "--main"]).refused(2, "--main is about tags", "heard top tags --main");
    home.run(&["plot", "stream", "--main"]).refused(2, "--main is about genres", "heard plot genres --main");
    for page in ["artist", "album", "track"] {
        home.run(&[page, "Hay", "--tag", "folk"]).refused(2, "whatever their genres", "heard listens --artist");
    }
    home.run(&["genres", "--tag", "seen live"]).refused(2, "is no genre that heard knows", "");
    home.run(&["genres", "--explain", "o"]).refused(65, "names no single artist", "names like it");
}

#[test]
fn new_tags_are_asked_about_at_once() {
    let home = imported();
    assert_eq!(home.run(&["top", "tags", "--json"]).good().json()["coverage"]["with_genres"], 0);
    tell(&home, &TOLD[..1]);
    assert_eq!(home.run(&["top", "tags", "--json"]).good().json()["coverage"]["with_genres"], 9);
    tell(&home, &TOLD[1..2]);
    assert_eq!(home.run(&["listens", "--count", "--tag", "metal"]).good().stdout, "10\n");
    let genres = home.history().join("genres.arrow");
    let made = fs::read(&genres).unwrap();
    home.run(&["genres"]).good();
    assert_eq!(fs::read(&genres).unwrap(), made, "nothing is made anew");
    #[expect(clippy::disallowed_methods, reason = "a file that is to be damaged")]
    fs::write(&genres, &made[..made.len() / 2]).unwrap();
    assert_eq!(
        home.run(&["top", "tags", "--json"]).good().json()["coverage"]["with_genres"],
        19,
        "half a file is none"
    );
}

#[test]
fn genres_that_only_the_listener_told_are_made_again_when_they_are_deleted() {
    let home = imported();
    home.run(&["genres", "set", "Iron Coast", "black metal"]).good();
    let genres = home.history().join("genres.arrow");
    let count = || home.run(&["listens", "--count", "--tag", "black metal"]).good().stdout;
    assert_eq!(count(), "10\n");
    for made_again in [&["genres"][..], &["rebuild"]] {
        fs::remove_file(&genres).unwrap();
        home.run(made_again).good();
        assert!(genres.exists(), "{made_again:?}");
    }
    assert_eq!(count(), "10\n");
    home.run(&["verify"]).good();
}

#[test]
fn verifying_looks_at_genres_too() {
    let home = imported();
    home.run(&["genres", "set", "Iron Coast", "black metal"]).good();
    home.run(&["genres"]).good();
    home.run(&["verify"]).good();
    let genres = home.history().join("genres.arrow");
    let made = fs::read(&genres).unwrap();
    let found = || {
        let ran = home.run(&["verify", "--quick", "--json"]);
        let document = ran.refused(65, "not as", "").json();
        let findings = document["findings"].as_array().unwrap().clone();
        assert!(
            findings.iter().all(|finding| finding["file"].as_str().unwrap().ends_with("genres.arrow")),
            "{findings:?}"
        );
        findings.iter().map(|finding| finding["what"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("; ")
    };
    let write = |bytes: &[u8]| {
        #[expect(clippy::disallowed_methods, reason = "a file that is to be damaged")]
        fs::write(&genres, bytes).unwrap();
    };
    for at in [made.len() / 3, made.len() / 2, made.len() - 9] {
        let mut changed = made.clone();
        changed[at] ^= 4;
        write(&changed);
        assert!(found().contains("not those that heard wrote last"), "byte {at}");
    }
    write(&made[..made.len() / 2]);
    assert!(found().contains("not as heard writes it"));
    fs::remove_file(&genres).unwrap();
    assert!(found().contains("the next question about genres makes it again"));
    home.run(&["genres"]).good();
    home.run(&["verify"]).good();
}
