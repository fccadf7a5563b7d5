//! How names are shown: which spelling stands for a name, whom split names credit, what is hidden, what is a placeholder.
//! Each is looked at in three places that must agree: `heard.db`, `plays.arrow`, and both again after a rebuild.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::fmt::Write as _;
use std::fs;

use heard_history::columns::{self, Columns};
use heard_history::decide::decide;
use heard_history::facts::Decision;
use heard_history::home::Home;
use heard_history::import::{Meter, Options, import};
use heard_history::ingest;
use heard_history::rules::{Name, Rule};
use heard_history::stats::{By, Counting, Filter, Kind, ranking};
use heard_history::store::Store;
use heard_history::zone::Zone;
use rusqlite::Connection;
use tempfile::TempDir;

const NOW: i64 = 1_800_000_000;

/// A throw-away home of one listener.
struct Listener {
    folder: TempDir,
    home: Home,
    files: u32,
}

impl Listener {
    /// A listener who heard these artists and titles, one after the other.
    fn who_heard(plays: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().join("home")).unwrap();
        let mut listener = Self { folder, home, files: 0 };
        listener.hears(plays);
        listener
    }

    fn hears(&mut self, plays: &[(&str, &str)]) {
        self.files += 1;
        let mut text = String::from("uts,artist,track,album\n");
        for (n, (artist, title)) in plays.iter().enumerate() {
            let moment = 1_600_000_000 + i64::from(self.files) * 1_000_000 + n as i64 * 300;
            writeln!(text, "{moment},\"{artist}\",\"{title}\",\"On {title}\"").unwrap();
        }
        let path = self.folder.path().join(format!("{}.csv", self.files));
        fs::write(&path, text).unwrap();
        let lock = self.home.lock().unwrap();
        let options = Options { listener: "ann".into(), now: NOW, ..Options::default() };
        import(&self.home, &lock, &Zone::utc(), &[path], &options, &Meter::default()).unwrap();
    }

    fn decides(&self, decision: Decision) -> u64 {
        let lock = self.home.lock().unwrap();
        let mut store = Store::open(&self.home, &lock, &Zone::utc()).unwrap();
        decide(&self.home, &lock, &mut store, "ann", &[decision], NOW).unwrap()[0]
    }

    fn rules(&self, rule: Rule) -> u64 {
        self.decides(Decision::Rule { rule })
    }

    /// Names with their plays, most heard first, as the columns have them.
    fn top(&self, kind: Kind, placeholders: bool) -> Vec<(String, u64)> {
        let lock = self.home.lock().unwrap();
        let store = Store::open(&self.home, &lock, &Zone::utc()).unwrap();
        columns::refresh(&self.home, &lock, &store).unwrap();
        drop(store);
        let columns = Columns::open(&self.home.columns()).unwrap();
        let counting = Counting { placeholders, ..Counting::default() };
        let filter = Filter { counting, listener: Some("ann".into()), ..Filter::default() };
        let found = ranking(&columns, kind, By::Plays, &filter, &Zone::utc(), NOW, 100).unwrap();
        found.rows.into_iter().map(|row| (row.title.unwrap_or(row.artist), row.plays)).collect()
    }

    /// The same as the database has them; of artists without those that are only credited.
    fn counted(&self, column: &str) -> Vec<(String, u64)> {
        let database = Connection::open(self.home.database()).unwrap();
        let sql = format!(
            "SELECT {column}, count(*) FROM plays_view WHERE {column}_placeholder = 0
              GROUP BY {column} ORDER BY 2 DESC, 1"
        );
        let mut statement = database.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())));
        rows.unwrap().map(Result::unwrap).collect()
    }

    fn digest(&self) -> String {
        let lock = self.home.lock().unwrap();
        Store::open(&self.home, &lock, &Zone::utc()).unwrap().digest().unwrap()
    }

    /// Everything made anew says the same.
    fn survives_a_rebuild(&self) {
        let before = (self.digest(), self.top(Kind::Artists, false), self.top(Kind::Tracks, false));
        let lock = self.home.lock().unwrap();
        ingest::rebuild(&self.home, &lock, &Zone::utc(), |_| {}).unwrap();
        drop(lock);
        assert_eq!((self.digest(), self.top(Kind::Artists, false), self.top(Kind::Tracks, false)), before);
    }
}

fn named(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
    rows.iter().map(|(name, plays)| ((*name).to_owned(), *plays)).collect()
}

fn artist(name: &str) -> Name {
    Name::Artist { artist: name.to_owned() }
}

#[test]
fn the_most_frequent_spelling_is_shown_and_changes_with_the_plays() {
    let mut listener = Listener::who_heard(&[("Mira Vale", "A"), ("Mira Vale", "B"), ("mira vale", "A")]);
    assert_eq!(listener.top(Kind::Artists, false), named(&[("Mira Vale", 3)]));
    assert_eq!(listener.counted("artist"), named(&[("Mira Vale", 3)]));
    assert_eq!(listener.top(Kind::Tracks, false), named(&[("A", 2), ("B", 1)]));
    listener.hears(&[("mira vale", "C"), ("mira vale", "C")]);
    assert_eq!(listener.top(Kind::Artists, false), named(&[("mira vale", 5)]));
    listener.hears(&[("MIRA VALE", "C"), ("MIRA VALE", "C"), ("MIRA VALE", "C")]);
    // Three and three: the first in code-point order.
    assert_eq!(listener.top(Kind::Artists, false), named(&[("MIRA VALE", 8)]));
    listener.survives_a_rebuild();
}

#[test]
fn titles_of_joined_artists_are_joined_too() {
    let listener = Listener::who_heard(&[("Mira Vale", "Tides"), ("MIRA VALE", "tides "), ("Otto", "Tides")]);
    let tracks = listener.top(Kind::Tracks, false);
    assert_eq!(tracks.iter().map(|(_, plays)| *plays).collect::<Vec<_>>(), [2, 1], "{tracks:?}");
    listener.survives_a_rebuild();
}

#[test]
fn split_names_credit_every_artist_in_them() {
    let listener =
        Listener::who_heard(&[("Mira & Otto", "A"), ("Mira & Otto", "B"), ("Mira", "C"), ("Earth & Fire", "D")]);
    let plain = named(&[("Mira & Otto", 2), ("Earth & Fire", 1), ("Mira", 1)]);
    assert_eq!(listener.top(Kind::Artists, false), plain);
    let rule = Rule::SplitAt { separators: vec![" & ".to_owned()], except: vec!["earth & fire".to_owned()] };
    let id = listener.rules(rule);
    let split = named(&[("Mira", 3), ("Otto", 2), ("Earth & Fire", 1)]);
    assert_eq!(listener.top(Kind::Artists, false), split);
    // A track belongs to the name under which it was reported.
    assert_eq!(listener.top(Kind::Tracks, false).len(), 4);
    listener.survives_a_rebuild();
    listener.rules(Rule::Split { artist: "Earth & Fire".into(), into: vec!["Earth".into(), "Fire".into()] });
    let all = named(&[("Mira", 3), ("Otto", 2), ("Earth", 1), ("Fire", 1)]);
    assert_eq!(listener.top(Kind::Artists, false), all);
    listener.decides(Decision::RevokeRule { rule: id });
    let one = named(&[("Mira & Otto", 2), ("Earth", 1), ("Fire", 1), ("Mira", 1)]);
    assert_eq!(listener.top(Kind::Artists, false), one);
    listener.survives_a_rebuild();
}

#[test]
fn what_is_hidden_is_out_of_everything_until_the_rule_is_removed() {
    let plays = [("Mira", "A"), ("MIRA", "B"), ("Otto", "A"), ("Otto", "Rain"), ("Otto", "Rain")];
    let listener = Listener::who_heard(&plays);
    let before = (listener.digest(), listener.top(Kind::Artists, false));
    let hidden_artist = listener.rules(Rule::Hide { name: artist("mira") });
    assert_eq!(listener.top(Kind::Artists, false), named(&[("Otto", 3)]));
    assert_eq!(listener.counted("artist"), named(&[("Otto", 3)]));
    let track = Name::Track { artist: "Otto".into(), title: "rain".into() };
    let hidden_track = listener.rules(Rule::Hide { name: track });
    assert_eq!(listener.top(Kind::Artists, false), named(&[("Otto", 1)]));
    assert_eq!(listener.counted("track"), named(&[("A", 1)]));
    listener.survives_a_rebuild();
    for rule in [hidden_artist, hidden_track] {
        listener.decides(Decision::RevokeRule { rule });
    }
    assert_eq!((listener.digest(), listener.top(Kind::Artists, false)), before);
}

#[test]
fn a_chosen_spelling_outranks_the_frequent_one_and_may_be_new() {
    let mut listener = Listener::who_heard(&[("Mira Vale", "A"), ("Mira Vale", "B"), ("M. Vale", "A")]);
    let before = listener.top(Kind::Artists, false);
    let rule = Rule::ShowAs { from: vec![artist("Mira Vale"), artist("M. Vale")], to: artist("Mira Välé") };
    let id = listener.rules(rule);
    assert_eq!(listener.top(Kind::Artists, false), named(&[("Mira Välé", 3)]));
    assert_eq!(listener.counted("artist"), named(&[("Mira Välé", 3)]));
    // It holds for what comes in later, too.
    listener.hears(&[("m. vale", "Z")]);
    assert_eq!(listener.top(Kind::Artists, false), named(&[("Mira Välé", 4)]));
    listener.survives_a_rebuild();
    listener.decides(Decision::RevokeRule { rule: id });
    let after = listener.top(Kind::Artists, false);
    assert_eq!(after, named(&[("M. Vale", 2), ("Mira Vale", 2)]));
    assert_ne!(after, before);
}

#[test]
fn placeholders_are_plays_and_have_no_place() {
    let plays =
        [("Unknown Artist", "A"), ("<Untagged>", "B"), ("Null", "none"), ("Otto", "Unknown Track"), ("Otto", "A")];
    let listener = Listener::who_heard(&plays);
    assert_eq!(listener.top(Kind::Artists, false), named(&[("Otto", 2), ("Null", 1)]));
    assert_eq!(listener.counted("artist"), named(&[("Otto", 2), ("Null", 1)]));
    assert_eq!(listener.top(Kind::Artists, true).len(), 4);
    // A track without a title has no place, nor has one without an artist.
    assert_eq!(listener.top(Kind::Tracks, false), named(&[("none", 1), ("A", 1)]));
    assert_eq!(listener.top(Kind::Tracks, true).len(), 5);
    listener.survives_a_rebuild();
}

#[test]
fn albums_are_joined_with_their_artists_and_counted_for_the_frequent_spelling() {
    let mut listener = Listener::who_heard(&[("Mira Vale", "Tides"), ("MIRA VALE", "TIDES"), ("Mira Vale", "Tides")]);
    let albums = |listener: &Listener| listener.top(Kind::Albums, false);
    assert_eq!(albums(&listener), named(&[("On Tides", 3)]));
    assert_eq!(listener.counted("album"), named(&[("On Tides", 3)]));
    listener.hears(&[("mira vale", "TIDES"), ("mira vale", "TIDES"), ("Otto", "Tides")]);
    assert_eq!(albums(&listener).iter().map(|(_, plays)| *plays).collect::<Vec<_>>(), [5, 1]);
    assert_eq!(listener.top(Kind::Tracks, false).len(), 2);
    listener.hears(&[("Otto", "tides"), ("OTTO", "tides"), ("OTTO", "tides"), ("OTTO", "tides")]);
    let plays: Vec<u64> = albums(&listener).iter().map(|(_, plays)| *plays).collect();
    assert_eq!(plays, [5, 5]);
    assert!(albums(&listener).iter().any(|(title, _)| title == "On tides"));
    listener.survives_a_rebuild();
}
