//! Every statistic beside its reference query: the Rust function on `plays.arrow` and the SQL of `docs/queries` on
//! `heard.db` give the same answer, for made-up histories and for real ones.
//!
//! Whoever adds a query adds a line to [`CHECKS`]; a query without one, and a line without a query, fail.

mod calendar;
mod clock;
mod compare;
mod genres;
mod habits;
mod milestones;
mod pages;
mod quality;
mod sessions;
mod streaks;
mod taste;
mod year;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use heard_history::columns::{self, Columns};
use heard_history::decide::decide;
use heard_history::facts::Decision;
use heard_history::home::Home;
use heard_history::import::{Meter, Options, import};
use heard_history::ingest;
use heard_history::rules::Rule;
use heard_history::stats::{Counting, Date, Filter, Month, Period};
use heard_history::zone::Zone;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::seeds;

/// Compares a query with the Rust function.
type Check = fn(&History, &Filter);

/// Each query of `docs/queries` by its file's name.
const CHECKS: &[(&str, Check)] = &[
    ("anniversaries", milestones::check_anniversaries),
    ("calendar", calendar::check),
    ("clock", clock::check),
    ("entity_hours", pages::check_hours),
    ("entity_milestones", pages::check_milestones),
    ("entity_months", pages::check_months),
    ("entity_summary", pages::check_summary),
    ("entity_top", pages::check_top),
    ("entity_years", pages::check_years),
    ("comeback", year::check_comeback),
    ("compare_listens", compare::check_listens),
    ("compare_only", compare::check_only),
    ("compare_overlap", compare::check_overlap),
    ("compare_shared", compare::check_shared),
    ("compare_similarity", compare::check_similarity),
    ("gaps", streaks::check_gaps),
    ("genre_rotation", genres::check_rotation),
    ("genre_transitions", genres::check_transitions),
    ("genres", genres::check),
    ("habits", habits::check),
    ("one_track_albums", habits::check_one_track),
    ("top_tags", genres::check_top),
    ("milestones", milestones::check),
    ("milestones_artists", milestones::check_artists),
    ("quality_albums", quality::check_albums),
    ("quality_bursts", quality::check_bursts),
    ("quality_clocks", quality::check_clocks),
    ("quality_overlaps", quality::check_overlaps),
    ("quality_placeholders", quality::check_placeholders),
    ("sessions", sessions::check),
    ("streaks", streaks::check),
    ("streaks_albums", streaks::check_albums),
    ("streaks_artists", streaks::check_artists),
    ("streaks_tracks", streaks::check_tracks),
    ("charts", taste::check_charts),
    ("discoveries", taste::check_discoveries),
    ("discoveries_by_month", taste::check_discoveries_by_month),
    ("discoveries_that_stuck", taste::check_discoveries_that_stuck),
    ("every_year_artists", taste::check_every_year_artists),
    ("forgotten_favourites", taste::check_forgotten_favourites),
    ("golden_oldies", taste::check_golden_oldies),
    ("movers", taste::check_movers),
    ("numbers", taste::check_numbers),
    ("plays_per_artist", taste::check_plays_per_artist),
    ("rank_history", taste::check_rank_history),
    ("top", taste::check_top),
    ("top_over_time", taste::check_top_over_time),
    ("trends", taste::check_trends),
    ("unlikely_hours", taste::check_unlikely_hours),
    ("weeks_per_artist", taste::check_weeks_per_artist),
];

/// When made-up histories are asked: 2024-06-01T00:00:00Z, in Unix seconds.
pub(crate) const NOW: i64 = 1_717_200_000;

/// Whose histories they are.
pub(crate) const LISTENER: &str = "ann";

/// Somebody else in the same home.
pub(crate) const OTHER: &str = "ben";

/// What the harness itself knows of a play that it makes up.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    /// Unix seconds; 0 for an undated one.
    pub(crate) at: i64,
    pub(crate) artist: String,
    pub(crate) album: String,
    pub(crate) track: String,
    /// Milliseconds played, where they are told.
    pub(crate) ms: Option<i64>,
}

impl Play {
    /// A play of unknown length on no album. `time` is like `2024-02-29T23:59:59Z`, or with another offset than `Z`.
    pub(crate) fn new(time: &str, artist: &str, track: &str) -> Self {
        let at = time.parse::<jiff::Timestamp>().unwrap().as_second();
        Self { at, artist: artist.into(), album: String::new(), track: track.into(), ms: None }
    }

    /// The same with its length in milliseconds.
    pub(crate) fn lasting(self, ms: i64) -> Self {
        Self { ms: Some(ms), ..self }
    }
}

/// A home with a history in it, its columns beside its database.
pub(crate) struct History {
    folder: TempDir,
    pub(crate) zone: Zone,
    pub(crate) now: i64,
}

impl History {
    /// One listener's plays.
    pub(crate) fn of(plays: &[Play], zone: &str) -> Self {
        let history = Self::new(zone, NOW);
        history.add(LISTENER, plays);
        history.finish(&[])
    }

    fn new(zone: &str, now: i64) -> Self {
        let folder = tempfile::Builder::new().prefix("heard-").tempdir().unwrap();
        Self { folder, zone: Zone::named(zone).unwrap(), now }
    }

    fn add(&self, listener: &str, plays: &[Play]) {
        let path = self.folder.path().join(format!("{listener}.csv"));
        let mut file = csv::Writer::from_path(&path).unwrap();
        file.write_record(["uts", "artist", "album", "track", "ms_played"]).unwrap();
        for play in plays {
            let ms = play.ms.map(|ms| ms.to_string()).unwrap_or_default();
            file.write_record([&play.at.to_string(), &play.artist, &play.album, &play.track, &ms]).unwrap();
        }
        file.flush().unwrap();
        self.take_in(listener, &[path]);
    }

    pub(crate) fn home(&self) -> Home {
        Home::open(self.folder.path().join("home")).unwrap()
    }

    fn take_in(&self, listener: &str, paths: &[PathBuf]) {
        let (home, options) = (self.home(), Options { listener: listener.into(), now: self.now, ..Options::default() });
        let lock = home.lock().unwrap();
        import(&home, &lock, &self.zone, paths, &options, &Meter::default()).unwrap();
    }

    fn finish(self, decisions: &[Decision]) -> Self {
        let home = self.home();
        let lock = home.lock().unwrap();
        let (mut store, _) = ingest::open(&home, &lock, &self.zone).unwrap();
        if !decisions.is_empty() {
            decide(&home, &lock, &mut store, LISTENER, decisions, self.now).unwrap();
        }
        columns::refresh(&home, &lock, &store).unwrap();
        drop(store);
        self
    }

    /// The columns that a statistic reads: of every other history held in memory, where the answers are to be the same.
    pub(crate) fn columns(&self) -> Columns {
        let columns = Columns::open(&self.home().columns()).unwrap();
        if columns.rows().is_multiple_of(2) { columns.held() } else { columns }
    }

    /// What the query `docs/queries/NAME.sql` answers, row by row, each an object by the names of its columns. The
    /// parameters that every query may have come from the filter: `:listener`, `:from_day`, `:to_day`, `:min_ms` and
    /// `:now`; `more` gives it its own. Names that the filter wants are taken out of `plays_view` itself.
    pub(crate) fn asked(&self, name: &str, filter: &Filter, more: &[(&str, &dyn rusqlite::ToSql)]) -> Vec<Value> {
        let database = Connection::open_with_flags(self.home().database(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        narrow(&database, filter);
        let sql = fs::read_to_string(folder().join(name).with_extension("sql")).unwrap();
        let mut statement = database.prepare(&sql).unwrap_or_else(|error| panic!("{name}.sql: {error}"));
        let (from, to) = days(filter.period);
        let common: [(&str, &dyn rusqlite::ToSql); 5] = [
            (":listener", &filter.listener),
            (":from_day", &from),
            (":to_day", &to),
            (":min_ms", &filter.counting.min_played_ms),
            (":now", &self.now),
        ];
        for place in 1..=statement.parameter_count() {
            let parameter = statement.parameter_name(place).unwrap().to_owned();
            let known = common.iter().chain(more).find(|(known, _)| *known == parameter);
            let (_, value) = known.unwrap_or_else(|| panic!("{name}.sql: {parameter} has no value"));
            statement.raw_bind_parameter(place, *value).unwrap();
        }
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let cells = names.iter().enumerate().map(|(at, name)| (name.clone(), json(row.get_ref(at).unwrap())));
            found.push(Value::Object(cells.collect::<Map<_, _>>()));
        }
        found
    }
}

/// The folder of the queries.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/queries")
}

fn json(cell: ValueRef<'_>) -> Value {
    match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => std::str::from_utf8(text).unwrap().into(),
        ValueRef::Blob(_) => panic!("no query answers with bytes"),
    }
}

/// Puts a view of the wanted names in front of `plays_view`. Knows plain letters only, and no sources.
fn narrow(database: &Connection, filter: &Filter) {
    assert!(filter.source.is_none() && filter.text.is_none(), "the harness does not know these conditions");
    let wanted = [("artist", &filter.artist), ("album", &filter.album), ("track", &filter.track)];
    let conditions: Vec<String> = wanted
        .iter()
        .filter_map(|(column, text)| Some((column, text.as_deref()?)))
        .inspect(|(_, text)| assert!(text.bytes().all(|b| b.is_ascii_alphanumeric()), "{text} is more than letters"))
        .map(|(column, text)| format!("{column} LIKE '%{text}%'"))
        .collect();
    if !conditions.is_empty() {
        let condition = conditions.join(" AND ");
        let sql = format!("CREATE TEMP VIEW plays_view AS SELECT * FROM main.plays_view WHERE {condition}");
        database.execute_batch(&sql).unwrap();
    }
}

/// The day of the listener's calendar at a moment.
pub(crate) fn day_of(history: &History, moment: i64) -> jiff::civil::Date {
    history.zone.wall_clock(moment).unwrap().date()
}

/// Of a real history not everything is asked for: SQL takes its time.
fn is_large(history: &History) -> bool {
    history.columns().rows() > 10_000
}

/// The first day of a period and the day after its last, as texts; open ends lie beyond every day.
fn days(period: Period) -> (String, String) {
    let (first, last) = ("0000-01-01".to_owned(), "9999-12-31".to_owned());
    match period {
        Period::Everything => (first, last),
        Period::Between { from, to } => {
            let text = |day: Option<Date>, open: String| day.map_or(open, |day| day.to_string());
            (text(from, first), text(to, last))
        }
        Period::Year(year) => (format!("{year:04}-01-01"), format!("{:04}-01-01", year + 1)),
        Period::Month(_) => {
            let text = period.to_string();
            let (year, month) = text.split_once('-').unwrap();
            let (year, month): (i32, i32) = (year.parse().unwrap(), month.parse().unwrap());
            (format!("{text}-01"), format!("{:04}-{:02}-01", year + month / 12, month % 12 + 1))
        }
        Period::Last(_) | Period::BeforeLast(_) => panic!("what ends now is no stretch of whole days"),
    }
}

/// Compares row by row; numbers with a fraction may differ in the last digits, for sums have an order.
#[track_caller]
pub(crate) fn same(what: &str, filter: &Filter, ours: &[Value], theirs: &[Value]) {
    let differ = ours.iter().zip(theirs).position(|(ours, theirs)| !is_same(ours, theirs));
    let at = differ.or_else(|| (ours.len() != theirs.len()).then(|| ours.len().min(theirs.len())));
    if let Some(at) = at {
        let (many, all, ours, theirs) = (ours.len(), theirs.len(), ours.get(at), theirs.get(at));
        panic!("{what}, {filter:?}\nrow {at} of {many} here and {all} there:\nRust {ours:#?}\nSQL {theirs:#?}");
    }
}

fn is_same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(name, ours)| theirs.get(name).is_some_and(|theirs| is_same(ours, theirs)))
        }
        (Value::Number(ours), Value::Number(theirs)) if ours.is_f64() || theirs.is_f64() => {
            let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
            (ours - theirs).abs() <= 1e-9 * ours.abs().max(theirs.abs()).max(1.0)
        }
        _ => ours == theirs,
    }
}

/// Zones with all that is difficult: changes at midnight and of half an hour, odd offsets, a day that never was.
const ZONES: [&str; 10] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/Berlin, 2012-06-01 America/New_York, 2016-02-29 Asia/Tokyo, 2020-10-25 Pacific/Auckland",
    "America/Havana",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

/// Local moments around which plays are made up: changes of the clock, ends of years, leap days, midnights.
const DIFFICULT: [&str; 12] = [
    "2011-12-29T23:30:00Z",
    "2016-02-29T12:00:00Z",
    "2018-02-18T02:00:00Z",
    "2019-12-31T23:00:00Z",
    "2020-02-28T23:00:00Z",
    "2020-12-31T12:00:00Z",
    "2022-03-27T01:00:00Z",
    "2022-10-30T01:00:00Z",
    "2023-11-05T06:00:00Z",
    "2024-02-29T00:00:00Z",
    "2024-03-31T00:00:00Z",
    "2024-05-31T22:00:00Z",
];

/// A made-up artist; some are spelt in two ways, one stands for two, one says only that there is none.
fn artist(random: &mut Rng) -> &'static str {
    const ARTISTS: [&str; 10] = [
        "Ida Kestrel",
        "IDA KESTREL",
        "Glass Harbour",
        "Øre & Vinge",
        "夜明けの塔",
        "The Long Meadow",
        "ora",
        "Ora Pell",
        "Kestrel & Ora",
        "Unknown Artist",
    ];
    // The first are heard more often.
    ARTISTS[random.usize(0..ARTISTS.len()).min(random.usize(0..ARTISTS.len()))]
}

fn some_play(random: &mut Rng, at: i64) -> Play {
    let ms = match random.u8(0..4) {
        0 => None,
        1 => Some(random.i64(0..40_000)),
        2 => Some(30_000),
        _ => Some(random.i64(60_000..900_000)),
    };
    let album = if random.bool() { format!("Tides {}", random.u8(0..3)) } else { String::new() };
    Play { at, artist: artist(random).into(), album, track: format!("Song {}", random.u8(0..5)), ms }
}

/// Sittings around difficult moments and at any time, days in a row, equal seconds, wrong clocks and no clock.
fn plays(random: &mut Rng) -> Vec<Play> {
    let mut plays = Vec::new();
    for _ in 0..random.usize(5..60) {
        let around = DIFFICULT[random.usize(0..DIFFICULT.len())].parse::<jiff::Timestamp>().unwrap().as_second();
        let mut at = match random.u8(0..4) {
            0 => random.i64(1_300_000_000..NOW),
            1 => around + random.i64(-15 * 86_400..15 * 86_400),
            _ => around + random.i64(-14 * 3600..14 * 3600),
        };
        for _ in 0..random.usize(1..12) {
            plays.push(some_play(random, at));
            at += [0, 240, 600, 1_200, 86_400, random.i64(1..3_000)][random.usize(0..6)];
        }
    }
    for _ in 0..random.usize(0..4) {
        let wrong = [0, 946_684_800, NOW + random.i64(0..86_400 * 3), 1_009_843_199][random.usize(0..4)];
        plays.push(some_play(random, wrong));
    }
    plays
}

/// A made-up history: two listeners, and now and then decisions.
fn made_up(random: &mut Rng) -> History {
    let history = History::new(ZONES[random.usize(0..ZONES.len())], NOW);
    let mine = plays(random);
    // The other one has plays of their own, and some that they heard together, told a little apart.
    let mut theirs = plays(random)[..5].to_vec();
    for play in mine.iter().filter(|play| play.at > 0) {
        if random.u8(0..5) == 0 {
            theirs.push(Play { at: play.at + [0, -60, 60, 61, 3_600][random.usize(0..5)], ..play.clone() });
        }
    }
    // Columns have one code for a name, whoever's it is: what one listener splits is split for all of them.
    theirs.retain(|play| play.artist != "Kestrel & Ora");
    history.add(LISTENER, &mine);
    history.add(OTHER, &theirs);
    genres::tell(&history, random);
    let split = Rule::Split { artist: "Kestrel & Ora".into(), into: vec!["Ida Kestrel".into(), "Ora Pell".into()] };
    let mut decisions = if random.bool() { vec![Decision::Rule { rule: split }] } else { Vec::new() };
    if random.bool() {
        decisions.push(Decision::Rule { rule: genres::some_rule(random) });
    }
    history.finish(&decisions)
}

fn some_filter(random: &mut Rng) -> Filter {
    // Half of the days are those around which plays are made up.
    let day = |random: &mut Rng| {
        let text = match random.bool() {
            true => DIFFICULT[random.usize(0..DIFFICULT.len())][..10].to_owned(),
            false => format!("20{:02}-{:02}-{:02}", random.u8(11..25), random.u8(1..13), random.u8(1..29)),
        };
        Date::parse(&text).unwrap()
    };
    let period = match random.u8(0..5) {
        0 => Period::Year(random.i16(2011..2025)),
        1 => Period::Month(Month::parse(["2022-03", "2024-02", "2020-12", "2011-12"][random.usize(0..4)]).unwrap()),
        2 => {
            let (one, other) = (day(random), day(random));
            let (from, to) = (random.u8(0..4) > 0, random.u8(0..4) > 0);
            Period::Between { from: from.then_some(one.min(other)), to: to.then_some(one.max(other)) }
        }
        _ => Period::Everything,
    };
    let min_played_ms = [0, 30_000, 100_000][random.usize(0..3)];
    let named = |random: &mut Rng, text: &str| (random.u8(0..6) == 0).then(|| text.to_owned());
    Filter {
        period,
        counting: Counting { min_played_ms, placeholders: random.bool(), ..Counting::default() },
        listener: Some(LISTENER.to_owned()),
        artist: named(random, "kestrel"),
        track: named(random, "1"),
        ..Filter::default()
    }
}

#[test]
fn made_up_histories_have_the_same_answers() {
    seeds::each(6, |seed| {
        let mut random = Rng::with_seed(seed);
        let history = made_up(&mut random);
        for _ in 0..6 {
            let filter = some_filter(&mut random);
            CHECKS.iter().for_each(|(_, check)| check(&history, &filter));
        }
        let everything = Filter { listener: Some(LISTENER.to_owned()), ..Filter::default() };
        CHECKS.iter().for_each(|(_, check)| check(&history, &everything));
    });
}

#[test]
fn an_empty_history_has_the_same_answers() {
    let history = History::of(&[], "Europe/Berlin");
    CHECKS.iter().for_each(|(_, check)| check(&history, &Filter::default()));
}

/// Asks about real files of one kind, taken in together, where the environment says where they are.
fn real(kind: &str, zone: &str) {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where the files are")]
    let Some(shared) = std::env::var_os("HEARD_SHARED").map(PathBuf::from) else {
        println!("HEARD_SHARED is not set: real histories were not asked");
        return;
    };
    let files = shared.canonicalize().unwrap().join("data").join(kind);
    assert!(files.is_dir(), "{} is missing", files.display());
    let history = History::new(zone, 1_800_000_000);
    history.take_in(LISTENER, &[files]);
    let history = history.finish(&[]);
    let plays = history.columns().rows();
    println!("{kind}: {plays} plays");
    assert!(plays > 1_000);
    let listener = Some(LISTENER.to_owned());
    let all = Counting { min_played_ms: 0, ..Counting::default() };
    for filter in [
        Filter { listener: listener.clone(), ..Filter::default() },
        Filter { listener: listener.clone(), counting: all, ..Filter::default() },
        Filter { listener: listener.clone(), period: Period::Year(2023), ..Filter::default() },
    ] {
        CHECKS.iter().for_each(|(_, check)| check(&history, &filter));
    }
}

#[test]
fn real_histories_of_last_fm_have_the_same_answers() {
    real("lastfm_csv", "Europe/Berlin");
}

#[test]
fn real_histories_of_account_data_have_the_same_answers() {
    real("spotify_basic", "America/New_York");
}

#[test]
fn real_histories_of_extended_exports_have_the_same_answers() {
    real("spotify_extended", "Australia/Lord_Howe");
}

#[test]
fn every_query_is_checked_and_says_what_it_answers() {
    let mut queries = BTreeSet::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("-- "), "{} does not say what it answers", path.display());
            queries.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    let checked: BTreeSet<String> = CHECKS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(queries, checked);
}
