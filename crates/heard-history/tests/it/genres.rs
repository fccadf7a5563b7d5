//! From tags to the genres of plays: which answer counts, which names are meant, what is inherited, and when the file is
//! made anew.

mod inheriting;
mod over_time;
mod real;
mod taste;

use std::path::PathBuf;

use heard_history::columns::{self, Columns, ToldBy};
use heard_history::decide::decide;
use heard_history::facts::Decision;
use heard_history::genres::Vocabulary;
use heard_history::home::Home;
use heard_history::import::{Meter, Options, import};
use heard_history::ingest;
use heard_history::rules::Rule;
use heard_history::stats::{By, Filter, TopGenres, top_genres};
use heard_history::zone::Zone;
use rusqlite::{Connection, params};
use tempfile::TempDir;

/// When questions are asked, in Unix seconds.
const NOW: i64 = 1_717_200_000;

/// What services told, put into the tables as a run of asking them does.
pub(crate) struct Tags {
    database: Connection,
}

impl Tags {
    pub(crate) fn of(home: &Home) -> Self {
        Self { database: Connection::open(home.database()).unwrap() }
    }

    /// An answer of Last.fm that holds. An earlier one to the same question no longer does.
    pub(crate) fn tell(
        &mut self,
        kind: &str,
        name: &str,
        title: &str,
        method: &str,
        tags: &[(&str, Option<i64>)],
    ) -> i64 {
        self.tell_as("lastfm", "known", (kind, name, title), method, tags)
    }

    fn tell_as(
        &mut self,
        service: &str,
        outcome: &str,
        (kind, name, title): (&str, &str, &str),
        method: &str,
        tags: &[(&str, Option<i64>)],
    ) -> i64 {
        let change = self.database.transaction().unwrap();
        change
            .execute("INSERT OR IGNORE INTO things (kind, name, title) VALUES (?1, ?2, ?3)", [kind, name, title])
            .unwrap();
        let thing: i64 = change
            .query_row("SELECT id FROM things WHERE (kind, name, title) = (?1, ?2, ?3)", [kind, name, title], |row| {
                row.get(0)
            })
            .unwrap();
        let answer: i64 =
            change.query_row("SELECT 1000 + coalesce(max(id), 0) FROM answers", [], |row| row.get(0)).unwrap();
        // The one that held points at itself until the new one is there.
        let held = "UPDATE answers SET replaced_by = id
                     WHERE thing_id = ?1 AND service = ?2 AND method = ?3 AND replaced_by IS NULL RETURNING id";
        let held: Vec<i64> = change
            .prepare(held)
            .unwrap()
            .query_map(params![thing, service, method], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        change
            .execute(
                "INSERT INTO answers VALUES (?1, ?2, ?3, ?4, '', 1700000000, ?5, NULL, NULL)",
                params![answer, thing, service, method, outcome],
            )
            .unwrap();
        for held in held {
            change.execute("UPDATE answers SET replaced_by = ?2 WHERE id = ?1", [held, answer]).unwrap();
        }
        for (position, (tag, weight)) in (0_i64..).zip(tags) {
            change.execute("INSERT INTO tags VALUES (?1, ?2, ?3, ?4)", params![answer, position, tag, weight]).unwrap();
        }
        change.execute("UPDATE view_state SET enriched = enriched + 1", []).unwrap();
        change.commit().unwrap();
        answer
    }
}

/// A home with plays, each a second apart: artist, album, track.
struct Heard {
    folder: TempDir,
}

impl Heard {
    fn of(plays: &[[&str; 3]]) -> Self {
        let heard = Self { folder: tempfile::tempdir().unwrap() };
        heard.take_in("ann", plays);
        heard
    }

    fn take_in(&self, listener: &str, plays: &[[&str; 3]]) {
        let plays: Vec<(i64, [&str; 3])> = (1_600_000_000..).step_by(240).zip(plays.iter().copied()).collect();
        self.take_in_at(listener, &plays);
    }

    fn take_in_at(&self, listener: &str, plays: &[(i64, [&str; 3])]) {
        let path = self.folder.path().join(format!("{listener}{}.csv", plays.len()));
        let mut file = csv::Writer::from_path(&path).unwrap();
        file.write_record(["uts", "artist", "album", "track"]).unwrap();
        for (at, [artist, album, track]) in plays {
            file.write_record([&at.to_string(), *artist, *album, *track]).unwrap();
        }
        file.flush().unwrap();
        self.import(listener, path);
    }

    fn import(&self, listener: &str, path: PathBuf) {
        let home = self.home();
        let options = Options { listener: listener.into(), now: NOW, ..Options::default() };
        import(&home, &home.lock().unwrap(), &Zone::utc(), &[path], &options, &Meter::default()).unwrap();
    }

    fn home(&self) -> Home {
        Home::open(self.folder.path().join("home")).unwrap()
    }

    fn tags(&self) -> Tags {
        Tags::of(&self.home())
    }

    fn decide(&self, listener: &str, rule: Rule) -> u64 {
        self.say(listener, Decision::Rule { rule })
    }

    fn say(&self, listener: &str, decision: Decision) -> u64 {
        let home = self.home();
        let lock = home.lock().unwrap();
        let (mut store, _) = ingest::open(&home, &lock, &Zone::utc()).unwrap();
        decide(&home, &lock, &mut store, listener, &[decision], NOW).unwrap()[0]
    }

    /// Brings the columns up to date. Returns whether anything was made anew.
    fn refresh(&self) -> bool {
        let home = self.home();
        let lock = home.lock().unwrap();
        let (store, _) = ingest::open(&home, &lock, &Zone::utc()).unwrap();
        columns::refresh(&home, &lock, &store).unwrap()
    }

    fn columns(&self) -> Columns {
        self.refresh();
        Columns::open(&self.home().columns()).unwrap()
    }

    /// The genres of all plays that meet a filter.
    fn top(&self, filter: &Filter) -> TopGenres {
        self.top_at(filter, NOW)
    }

    fn top_at(&self, filter: &Filter, now: i64) -> TopGenres {
        top_genres(&self.columns(), (By::Plays, false), filter, &Zone::utc(), now, usize::MAX).unwrap()
    }

    /// What the plays of one track come to: who told it, and its genres with their parts, to two decimals.
    fn track(&self, listener: &str, track: &str) -> (Option<ToldBy>, Vec<(String, f64)>) {
        let filter = Filter { listener: Some(listener.to_owned()), track: Some(track.to_owned()), ..Filter::default() };
        let found = self.top(&filter);
        #[expect(clippy::cast_precision_loss, reason = "plays of tests are few")]
        let plays = found.coverage.plays as f64;
        assert!(plays > 0.0, "nobody played {track}");
        let told_by = ToldBy::ALL.into_iter().find(|told_by| found.coverage.told_by(*told_by) > 0);
        let part = |row: &heard_history::stats::RankedGenre| {
            (Vocabulary::own().name_of(row.genre).to_owned(), (row.plays / plays * 100.0).round() / 100.0)
        };
        (told_by, found.rows.iter().map(part).collect())
    }
}

/// Genres with their parts, as [`Heard::track`] gives them.
fn parts(parts: &[(&str, f64)]) -> Vec<(String, f64)> {
    parts.iter().map(|(genre, part)| ((*genre).to_owned(), *part)).collect()
}
