//! What services told, read out of the database, and what becomes of it with a history beside it.

use std::path::PathBuf;

use heard_history::columns::{self, Columns};
use heard_history::decide::decide;
use heard_history::facts::Decision;
use heard_history::genres::{Vocabulary, equally};
use heard_history::home::Home;
use heard_history::import::{Meter, Options, import};
use heard_history::ingest;
use heard_history::listen::Span;
use heard_history::recommend::{Feedback, Question, Reason, Recommendations, Suggestion, Weights, Why, recommend};
use heard_history::rules::{Name, Rule};
use heard_history::stats::{AsOf, DiscoveryQuestion, Filter, Kind, Period, discoveries};
use heard_history::store::{Knowledge, chart_reports, told_charts, undated_of};
use heard_history::weekly::{Cause, compare_chart};
use heard_history::zone::Zone;
use rusqlite::{Connection, params};
use tempfile::TempDir;

/// When everything is asked: 2024-06-01T00:00:00Z.
const NOW: i64 = 1_717_200_000;
const DAY: i64 = 86_400;
const ME: &str = "ann";

fn artist(artist: &str) -> Name {
    Name::Artist { artist: artist.to_owned() }
}

fn album(artist: &str, title: &str) -> Name {
    Name::Album { artist: artist.to_owned(), title: title.to_owned() }
}

fn track(artist: &str, title: &str) -> Name {
    Name::Track { artist: artist.to_owned(), title: title.to_owned() }
}

/// A home with plays, and a database in which services told something.
struct World {
    folder: TempDir,
}

/// A play: days before now, artist, album, track, milliseconds.
type Played<'a> = (i64, &'a str, &'a str, &'a str, Option<i64>);

impl World {
    fn of(plays: &[Played<'_>]) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        world.import("plays.csv", plays);
        world
    }

    fn home(&self) -> Home {
        Home::open(self.folder.path().join("home")).unwrap()
    }

    fn import(&self, name: &str, plays: &[Played<'_>]) {
        let path: PathBuf = self.folder.path().join(name);
        let mut file = csv::Writer::from_path(&path).unwrap();
        file.write_record(["uts", "artist", "album", "track", "ms_played"]).unwrap();
        for (nth, (ago, artist, album, track, ms)) in (0..).zip(plays) {
            let at = if *ago < 0 { 0 } else { NOW - ago * DAY + nth * 60 };
            let ms = ms.map(|ms| ms.to_string()).unwrap_or_default();
            file.write_record([&at.to_string(), *artist, *album, *track, &ms]).unwrap();
        }
        file.flush().unwrap();
        let home = self.home();
        let lock = home.lock().unwrap();
        let options = Options { listener: ME.into(), now: NOW, ..Options::default() };
        import(&home, &lock, &Zone::utc(), &[path], &options, &Meter::default()).unwrap();
        let (store, _) = ingest::open(&home, &lock, &Zone::utc()).unwrap();
        columns::refresh(&home, &lock, &store).unwrap();
    }

    fn decide(&self, rules: &[Rule]) -> Vec<u64> {
        let home = self.home();
        let lock = home.lock().unwrap();
        let (mut store, _) = ingest::open(&home, &lock, &Zone::utc()).unwrap();
        let decisions: Vec<Decision> = rules.iter().map(|rule| Decision::Rule { rule: rule.clone() }).collect();
        let ids = decide(&home, &lock, &mut store, ME, &decisions, NOW).unwrap();
        columns::refresh(&home, &lock, &store).unwrap();
        ids
    }

    fn database(&self) -> Connection {
        Connection::open(self.home().database()).unwrap()
    }

    fn knowledge(&self) -> Knowledge {
        Knowledge::read(&self.home().database(), ME).unwrap()
    }

    /// An answer about a thing; its number.
    fn answer(&self, of: &Name, method: &str, outcome: &str) -> i64 {
        self.answer_of(of.kind(), of.artist(), of.title().unwrap_or_default(), method, "", outcome)
    }

    fn answer_of(&self, kind: &str, name: &str, title: &str, method: &str, asked: &str, outcome: &str) -> i64 {
        let database = self.database();
        let thing = "INSERT OR IGNORE INTO things (kind, name, title) VALUES (?1, ?2, ?3)";
        database.execute(thing, [kind, name, title]).unwrap();
        let answer = "INSERT INTO answers (thing_id, service, method, asked, told_at, outcome)
                      SELECT id, 'lastfm', ?4, ?5, 0, ?6 FROM things WHERE kind = ?1 AND name = ?2 AND title = ?3";
        database.execute(answer, params![kind, name, title, method, asked, outcome]).unwrap();
        database.last_insert_rowid()
    }

    fn lists(&self, answer: i64, position: i64, name: &Name, likeness: Option<f64>) {
        let sql =
            "INSERT INTO listed (answer_id, position, kind, name, title, likeness) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let title = name.title().unwrap_or_default();
        self.database().execute(sql, params![answer, position, name.kind(), name.artist(), title, likeness]).unwrap();
    }

    /// Says that two artists are alike.
    fn alike(&self, one: &str, other: &str, likeness: f64) {
        let answer = self.answer(&artist(one), "artist.getSimilar", "known");
        self.lists(answer, 0, &artist(other), Some(likeness));
    }

    fn asked(&self, kind: Kind, whys: &[Why]) -> Recommendations {
        self.asked_of(kind, whys, Period::Everything)
    }

    fn asked_of(&self, kind: Kind, whys: &[Why], period: Period) -> Recommendations {
        let columns = Columns::open(&self.home().columns()).unwrap();
        let filter = Filter { listener: Some(ME.to_owned()), period, ..Filter::default() };
        let question = Question { kind, whys: whys.to_vec(), limit: 20, weights: Weights::default() };
        recommend(&columns, &self.knowledge(), &question, &filter, &Zone::utc(), NOW).unwrap()
    }
}

fn names(found: &Recommendations) -> Vec<Name> {
    found.rows.iter().map(|row: &Suggestion| row.name.clone()).collect()
}

/// So many plays of one track, a day apart, the last of them so many days ago.
fn often(
    times: i64,
    last: i64,
    artist: &'static str,
    album: &'static str,
    track: &'static str,
) -> Vec<Played<'static>> {
    (0..times).map(|nth| (last + nth, artist, album, track, None)).collect()
}

#[test]
fn only_answers_that_hold_are_known() {
    let world = World::of(&often(5, 1, "Ada", "One", "A"));
    let old = world.answer(&artist("Ada"), "artist.getSimilar", "known");
    world.lists(old, 0, &artist("Replaced"), Some(0.9));
    let sql = "UPDATE answers SET replaced_by = ?1 WHERE id = ?1";
    world.database().execute(sql, [old]).unwrap();
    for (outcome, listed) in [("known", "Holds"), ("unknown", "No Such"), ("contradiction", "Another")] {
        let answer = world.answer_of("artist", "Ada", "", "artist.getSimilar", outcome, outcome);
        world.lists(answer, 0, &artist(listed), Some(0.5));
    }
    let other = world.answer(&artist("Ada"), "user.getTopArtists", "known");
    world.lists(other, 0, &artist("Of Another Question"), Some(1.0));
    let known: Vec<Name> = world.knowledge().listed.into_iter().map(|row| row.name).collect();
    assert_eq!(known, [artist("Holds")]);
    assert!(world.knowledge().knows(&artist("holds")) && !world.knowledge().knows(&artist("Replaced")));
    assert_eq!(names(&world.asked(Kind::Artists, &[Why::Unheard])), [artist("Holds")]);
}

#[test]
fn the_answer_that_counts_tells_genres_and_the_most_listeners_are_told() {
    let world = World::of(&often(1, 1, "Ada", "One", "A"));
    let database = world.database();
    let [info, tags] = ["artist.getInfo", "artist.getTopTags"].map(|it| world.answer(&artist("Ada"), it, "known"));
    for (answer, position, tag, weight) in
        [(info, 0, "folk", None), (tags, 0, "dub", Some(30)), (tags, 1, "seen live", Some(90)), (tags, 2, "1994", None)]
    {
        database.execute("INSERT INTO tags VALUES (?1, ?2, ?3, ?4)", params![answer, position, tag, weight]).unwrap();
    }
    for (answer, listeners) in [(info, Some(900)), (tags, Some(700))] {
        let sql = "INSERT INTO about (answer_id, listeners) VALUES (?1, ?2)";
        database.execute(sql, params![answer, listeners]).unwrap();
    }
    let known = world.knowledge();
    assert_eq!(known.listeners, [(artist("Ada"), 900)]);
    assert_eq!(known.genres, [], "tags that nobody cleaned yet");
    ingest::open(&world.home(), &world.home().lock().unwrap(), &Zone::utc()).unwrap().0.clean_tags().unwrap();
    let dub = equally(Vocabulary::own(), ["dub"]);
    assert_eq!(world.knowledge().genres, [(artist("Ada"), dub)], "weights come before none, and years are no genres");
}

#[test]
fn nothing_is_known_where_nobody_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Knowledge::read(&folder.path().join("heard.db"), ME).unwrap(), Knowledge::default());
    let mut plays = often(12, 400, "Ada", "One", "A");
    plays.push((1, "Bo", "Two", "B", None));
    let world = World::of(&plays);
    assert_eq!(world.knowledge(), Knowledge::default());
    let found = world.asked(Kind::Artists, &[]);
    assert!(!found.has_similar);
    assert_eq!((names(&found), found.rows[0].why, found.artists_heard), (vec![artist("Ada")], Why::Forgotten, 2));
    let nothing = World::of(&[(1, "Short", "", "S", Some(5))]).asked(Kind::Tracks, &[]);
    assert_eq!((nothing.rows.len(), nothing.artists_heard), (0, 0));
}

#[test]
fn what_is_played_under_any_name_is_known() {
    let mut plays = often(8, 1, "Ada", "One", "A");
    plays.extend([
        (3, "Short", "", "S", Some(900)),
        (-1, "Undated", "", "U", None),
        (3, "Bo & Cy", "", "B", None),
        (3, "Dï", "", "D", None),
        (3, "Hidden", "", "H", None),
    ]);
    let world = World::of(&plays);
    world.decide(&[
        Rule::Split { artist: "Bo & Cy".into(), into: vec!["Bo".into(), "Cy".into()] },
        Rule::ShowAs { from: vec![artist("Dï")], to: artist("Di") },
        Rule::Hide { name: artist("Hidden") },
        Rule::Hide { name: artist("Never Wanted") },
    ]);
    let answer = world.answer(&artist("Ada"), "artist.getSimilar", "known");
    let alike = ["Short", "Undated", "Bo & Cy", "Bo", "Cy", "Dï", "Di", "Hidden", "Never Wanted", "Really New"];
    for (position, name) in (0..).zip(alike) {
        world.lists(answer, position, &artist(name), Some(0.8));
    }
    assert_eq!(names(&world.asked(Kind::Artists, &[Why::Unheard])), [artist("Really New")]);
}

#[test]
fn another_spelling_keeps_what_services_told() {
    let world = World::of(&often(30, 1, "Ada", "One", "A"));
    world.alike("Ada", "New", 0.75);
    world.decide(&[Rule::ShowAs { from: vec![artist("Ada")], to: artist("Ada Vale") }]);
    assert_eq!(world.knowledge().shown_as, [(artist("Ada"), artist("Ada Vale"))]);
    let found = world.asked(Kind::Artists, &[Why::Unheard]);
    assert_eq!(names(&found), [artist("New")]);
    assert_eq!(found.rows[0].reasons, [Reason::Similar { to: artist("Ada Vale"), likeness: 0.75, plays: 30 }]);
}

#[test]
fn reasons_have_their_numbers() {
    let mut plays = often(30, 1, "Ada", "One", "A");
    plays.extend(often(10, 50, "Bo", "Two", "B"));
    let world = World::of(&plays);
    world.alike("Ada", "New", 0.75);
    world.alike("New", "bo", 0.5);
    let found = world.asked(Kind::Artists, &[Why::Unheard]);
    assert!(found.has_similar);
    let similar = |to: &str, likeness, plays| Reason::Similar { to: artist(to), likeness, plays };
    assert_eq!(found.rows[0].reasons, [similar("Ada", 0.75, 30), similar("Bo", 0.5, 10)], "its own list counts, too");
    assert_eq!((found.rows[0].score, found.rows.len()), (1.0, 1));
}

#[test]
fn best_known_albums_and_tracks_are_found_through_their_artists() {
    let world = World::of(&often(30, 1, "Ada", "One", "A"));
    world.alike("Ada", "New", 0.75);
    for (of, method, rows) in [
        ("Ada", "artist.getTopAlbums", [album("Ada", "ONE"), album("Ada", "Next"), album("Ada", "(null)")]),
        ("New", "artist.getTopAlbums", [album("New", "First"), album("New", ""), album("[unknown]", "x")]),
        ("Ada", "artist.getTopTracks", [track("Ada", "B"), track("Ada", "a"), track("Ada", "C")]),
    ] {
        let answer = world.answer(&artist(of), method, "known");
        for (position, name) in (0..).zip(&rows) {
            world.lists(answer, position, name, None);
        }
    }
    let found = world.asked(Kind::Albums, &[Why::Unheard]);
    assert_eq!(names(&found), [album("Ada", "Next"), album("New", "First")]);
    let top = |artist: &str, place, plays| Reason::Top { artist: artist.into(), place, plays };
    assert_eq!(found.rows[0].reasons, [top("Ada", 2, 30)]);
    assert_eq!(found.rows[1].reasons, [top("New", 1, 0)], "of somebody who is only like others");
    assert_eq!(names(&world.asked(Kind::Tracks, &[Why::Unheard])), [track("Ada", "B"), track("Ada", "C")]);
}

#[test]
fn silence_is_measured_as_of_the_end_of_the_period() {
    let mut plays = often(12, 500, "Ada", "One", "A");
    plays.extend((0..12).map(|nth| (40 + nth * 6, "Bo", "Two", "B", None)));
    plays.extend(often(9, 500, "Few", "Three", "C"));
    plays.push((1, "Now", "Four", "D", None));
    let world = World::of(&plays);
    let forgotten = world.asked(Kind::Artists, &[Why::Forgotten]);
    assert_eq!(names(&forgotten), [artist("Ada")], "nine plays make no favourite");
    let last_at = NOW - 500 * DAY;
    assert_eq!(forgotten.rows[0].reasons, [Reason::Silent { plays: 12, last_at, days: 500 }]);
    let overdue = world.asked(Kind::Artists, &[Why::Overdue]);
    assert_eq!(names(&overdue), [artist("Bo")]);
    assert_eq!(overdue.rows[0].reasons, [Reason::Interval { usual_days: 6, days: 39 }]);
    // A month after the last of them Ada was due, and nobody had been forgotten.
    let day = jiff::Timestamp::from_second(last_at + 30 * DAY).unwrap().to_string();
    let to = heard_history::stats::Date::parse(&day[..10]).unwrap();
    let then = Period::Between { from: None, to: Some(to) };
    assert_eq!(names(&world.asked_of(Kind::Artists, &[Why::Forgotten], then)), []);
    assert_eq!(names(&world.asked_of(Kind::Artists, &[Why::Overdue], then)), [artist("Ada")]);
}

/// Two favourites of a history that ended: one was heard to its end, the other no more for the last year and a half of it.
fn ended(days_ago: i64) -> World {
    let mut plays = often(40, days_ago, "Ada", "One", "A");
    plays.extend(often(12, days_ago + 500, "Bo", "Two", "B"));
    plays.extend((0..12).map(|nth| (days_ago + 40 + nth * 6, "Cy", "Three", "C", None)));
    World::of(&plays)
}

#[test]
fn a_history_that_ended_is_told_as_of_its_last_listen() {
    let world = ended(2_000);
    let forgotten = world.asked(Kind::Artists, &[Why::Forgotten]);
    assert_eq!(names(&forgotten), [artist("Bo")], "and not everything");
    let last = NOW - 2_000 * DAY;
    assert_eq!(forgotten.as_of, AsOf { at: last, last_listen: Some(last) });
    assert_eq!(names(&world.asked(Kind::Artists, &[Why::Overdue])), [artist("Cy")]);
    // Whoever says until when is believed.
    let until = |to: &str| Period::Between { from: None, to: Some(heard_history::stats::Date::parse(to).unwrap()) };
    let then = world.asked_of(Kind::Artists, &[Why::Forgotten], until("2024-05-31"));
    assert_eq!((names(&then).len(), then.as_of.last_listen), (3, None));
    assert_eq!(world.asked_of(Kind::Artists, &[Why::Forgotten], until("2099-01-01")).as_of, forgotten.as_of);
}

#[test]
fn thirty_days_of_silence_are_no_end() {
    let as_of = |world: &World| world.asked(Kind::Artists, &[Why::Forgotten]).as_of;
    assert_eq!(as_of(&ended(29)), AsOf { at: NOW, last_listen: None });
    assert_eq!(as_of(&World::of(&[(30, "Ada", "", "A", None)])), AsOf { at: NOW, last_listen: None });
    let last = NOW - 31 * DAY;
    assert_eq!(as_of(&World::of(&[(31, "Ada", "", "A", None)])), AsOf { at: last, last_listen: Some(last) });
    // What is too short to count, has no moment or one that cannot be, does not keep a history alive.
    let short = World::of(&[(31, "Ada", "", "A", None), (1, "Bo", "", "B", Some(900)), (-1, "Cy", "", "C", None)]);
    assert_eq!(as_of(&short), AsOf { at: last, last_listen: Some(last) });
    assert_eq!(as_of(&World::of(&[(1, "Bo", "", "B", Some(900))])), AsOf { at: NOW, last_listen: None }, "no history");
}

#[test]
fn discoveries_of_a_history_that_ended_are_those_of_its_last_day() {
    let world = ended(2_000);
    let columns = Columns::open(&world.home().columns()).unwrap();
    let question = DiscoveryQuestion { kind: Kind::Artists, limit: 9, years: 1, top: 9 };
    let found = |period| {
        let filter = Filter { listener: Some(ME.to_owned()), period, ..Filter::default() };
        discoveries(&columns, &question, &filter, &Zone::utc(), NOW).unwrap()
    };
    let all = found(Period::Everything);
    let artists = |list: &heard_history::stats::List<heard_history::stats::Placed>| -> Vec<String> {
        list.rows.iter().map(|row| row.of.artist.clone()).collect()
    };
    assert_eq!(artists(&all.forgotten_favourites), ["Bo"]);
    assert_eq!(all.as_of.last_listen, Some(NOW - 2_000 * DAY));
    assert_eq!(all.stuck.rows.iter().map(|row| row.artist.as_str()).collect::<Vec<_>>(), ["Ada"]);
    let today =
        found(Period::Between { from: None, to: Some(heard_history::stats::Date::parse("2024-05-31").unwrap()) });
    assert_eq!((artists(&today.forgotten_favourites).len(), today.stuck.total, today.as_of.last_listen), (3, 0, None));
}

#[test]
fn an_album_of_one_known_track_is_no_single() {
    let mut plays = often(5, 1, "Ada", "Rooms", "Door");
    plays.extend(often(5, 1, "Bo", "Song", "Song"));
    plays.extend(often(5, 1, "Cy", "Tune - Single", "Tune"));
    plays.extend(often(5, 1, "Di", "Alone", "Only"));
    plays.extend(often(2, 1, "El", "Rare", "Once"));
    plays.extend(often(4, 1, "Fi", "Fi", "Fi"));
    let world = World::of(&plays);
    let tracks = |of: &Name, titles: &[&str]| {
        let answer = world.answer(of, "album.getInfo", "known");
        for (position, title) in (0..).zip(titles) {
            world.lists(answer, position, &track(of.artist(), title), None);
        }
    };
    tracks(&album("Di", "Alone"), &["Only"]);
    tracks(&album("Fi", "Fi"), &["Fi", "Fo", "Fum"]);
    let found = world.asked(Kind::Albums, &[Why::OneTrack]);
    assert_eq!(names(&found), [album("Ada", "Rooms"), album("Fi", "Fi")], "what a service counts is believed");
    let only = |track: &str, plays, of| vec![Reason::OnlyTrack { track: track.into(), plays, of }];
    assert_eq!(found.rows[0].reasons, only("Door", 5, None));
    assert_eq!(found.rows[1].reasons, only("Fi", 4, Some(3)));
    assert_eq!(names(&world.asked(Kind::Artists, &[Why::OneTrack])), []);
}

#[test]
fn feedback_changes_no_play_and_is_the_same_after_a_rebuild() {
    let mut plays = often(12, 400, "Ada", "One", "A");
    plays.extend(often(12, 1, "Bo", "Two", "B"));
    let world = World::of(&plays);
    let generation = || Columns::open(&world.home().columns()).unwrap().generation().clone();
    let before = generation();
    world.decide(&[Rule::Dismiss { name: artist("ada") }, Rule::Like { name: track("Bo", "B") }]);
    assert_eq!(generation(), before, "no play is seen otherwise");
    assert_eq!(names(&world.asked(Kind::Artists, &[])), []);
    let rules = world.knowledge().rules;
    let home = world.home();
    let lock = home.lock().unwrap();
    let kept = ingest::open(&home, &lock, &Zone::utc()).unwrap().0.digest().unwrap();
    ingest::rebuild(&home, &lock, &Zone::utc(), |_| {}).unwrap();
    let (store, _) = ingest::open(&home, &lock, &Zone::utc()).unwrap();
    assert_eq!(store.digest().unwrap(), kept);
    columns::refresh(&home, &lock, &store).unwrap();
    drop((store, lock));
    assert_eq!(world.knowledge().rules, rules);
    let feedback = Feedback::of(&rules);
    assert!(feedback.is_dismissed(&track("Ada", "A")) && feedback.is_liked(&track("bo", "b")));
    assert_eq!(names(&world.asked(Kind::Artists, &[])), []);
}

/// A week of which the account `ann` told most. Its end is not in it.
const WEEK: Span = Span { from: NOW - 7 * DAY, to: NOW };

#[test]
fn a_weeks_reports_are_those_of_the_account_and_of_others() {
    let world = World::of(&[
        (1, "Ada", "One", "A", None),
        (2, "Ada", "One", "A", Some(5_000)),
        (3, "Bo & Cy", "", "B", None),
        (7, "First Second", "", "F", None),
        (8, "Before", "", "X", None),
        (0, "Behind", "", "Y", None),
        (-1, "Ada", "", "Z", None),
    ]);
    world.decide(&[Rule::Split { artist: "Bo & Cy".into(), into: vec!["Bo".into(), "Cy".into()] }]);
    // The file becomes what the account told; a second file is another source, of which one row is the same play.
    let database = world.database();
    database
        .execute("UPDATE accounts SET service = 'lastfm', name = 'ann', asked = 1 WHERE service <> 'heard'", [])
        .unwrap();
    drop(database);
    world.import("other.csv", &[(1, "Ada", "One", "A", None), (4, "Di", "", "D", None)]);
    let chart = |asked: &str| world.answer_of("account", "ANN", "", "user.getWeeklyArtistChart", asked, "known");
    let told = chart(&format!("from={}&to={}", WEEK.from, WEEK.to));
    let sql =
        "INSERT INTO listed (answer_id, position, kind, name, title, plays) VALUES (?1, ?2, 'artist', ?3, '', ?4)";
    for (position, name, plays) in [(0, "Ada", 3), (1, "Bo & Cy", 1), (2, "First Second", -4)] {
        world.database().execute(sql, params![told, position, name, plays]).unwrap();
    }
    chart("");
    let path = world.home().database();
    let charts = told_charts(&path, ME).unwrap();
    assert_eq!(charts.len(), 1, "an answer without a week is of none");
    assert_eq!((charts[0].span, charts[0].kind, charts[0].rows[2].1), (WEEK, "artist", 0));
    assert_eq!(told_charts(&path, "nobody").unwrap(), []);
    let reports = chart_reports(&path, ME, &charts[0]).unwrap();
    let undated = undated_of(&path, ME, &charts[0]).unwrap();
    assert_eq!(undated.iter().map(|it| it.track.as_str()).collect::<Vec<_>>(), ["Z"]);
    let mut compared = compare_chart(&charts[0], &reports, &undated, 30_000);
    compared.rows.sort_by(|a, b| a.name.cmp(&b.name));
    let told: Vec<_> =
        compared.rows.iter().map(|row| (row.name.artist(), row.theirs, row.ours, row.causes.clone())).collect();
    let expected = [
        ("Ada", 3, 1, vec![(Cause::Short, 1), (Cause::Undated, 1)]),
        ("Bo", 0, 1, vec![(Cause::ToldAsOther, -1)]),
        ("Bo & Cy", 1, 0, vec![(Cause::ShownAsOther, 1)]),
        ("Cy", 0, 1, vec![(Cause::ToldAsOther, -1)]),
        ("Di", 0, 1, vec![(Cause::OtherSource, -1)]),
        ("First Second", 0, 1, vec![(Cause::Unexplained, -1)]),
    ];
    assert_eq!(told, expected);
}
