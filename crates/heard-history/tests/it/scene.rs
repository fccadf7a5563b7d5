//! A home, a service that misbehaves, and one virtual clock for both: pauses cost no time, and the service's own
//! limits are held against the client in virtual seconds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use fakefm::{Config, FakeFm, Listing, Logged, Play, World};
use fastrand::Rng;
use heard_api::{Client, ClientOptions, Clock, Credentials, Pacer, Rate, Secret, listenbrainz};
use heard_history::archive::{self, Envelope, Position, Purpose};
use heard_history::collect::{CollectError, Meter, Options, Report, Session, StopSign, collect};
use heard_history::connection::Connection;
use heard_history::home::Home;
use heard_history::ingest;
use heard_history::listen::{Account, Service};
use heard_history::store::Store;
use heard_history::zone::Zone;
use rusqlite::OpenFlags;
use tempfile::TempDir;

/// The present when a scene opens, in Unix seconds.
pub(crate) const NOW: i64 = 1_700_000_000;
/// A day, in seconds.
pub(crate) const DAY: i64 = 86_400;
/// An api key that must never be found anywhere.
pub(crate) const CANARY_KEY: &str = "c4a1ac4a1ac4a1ac4a1ac4a1ac4a1a01";
/// A shared secret that must never be found anywhere.
pub(crate) const CANARY_SECRET: &str = "c4a1ac4a1ac4a1ac4a1ac4a1ac4a1a02";

/// A token that must never be found anywhere.
pub(crate) const CANARY_TOKEN: &str = "c4a1ac4a-1ac4-41ac-84a1-ac4a1ac4a103";

/// A play as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) listing: Listing,
    pub(crate) gone: bool,
    /// Envelope and row that first told of it.
    pub(crate) witness: (u64, u32),
    /// Track titles that it bore before.
    pub(crate) formerly: Vec<String>,
}

/// What one envelope of the archive says of itself, and its body.
pub(crate) struct Kept {
    pub(crate) seq: u64,
    pub(crate) purpose: Purpose,
    pub(crate) method: String,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A listener at work with a service.
pub(crate) struct Scene {
    pub(crate) folder: TempDir,
    pub(crate) clock: Clock,
    pub(crate) fake: FakeFm,
    pub(crate) rate: Rate,
    /// Options of every run of this scene.
    pub(crate) options: Options,
    /// Which service the account is at.
    pub(crate) service: Service,
}

impl Scene {
    /// A new home before a service. Its clock is the client's.
    pub(crate) fn new(mut config: Config) -> Self {
        let clock = Clock::at(NOW);
        let told = clock.clone();
        config.clock = Some(Arc::new(move || told.now_millis()));
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock,
            fake: FakeFm::start(config).unwrap(),
            rate: Rate::PerSecond(4.0),
            options: Options::default(),
            service: Service::Lastfm,
        }
    }

    /// The same, with pages of this size.
    pub(crate) fn with_page(config: Config, size: u64) -> Self {
        let mut scene = Self::new(config);
        scene.options.page_size = Some(size);
        scene
    }

    /// The same at another service.
    pub(crate) fn at(service: Service, config: Config, size: u64) -> Self {
        Self { service, ..Self::with_page(config, size) }
    }

    pub(crate) fn home(&self) -> Home {
        Home::open(self.folder.path()).unwrap()
    }

    pub(crate) fn account(&self) -> Account {
        Account::new("me", self.service, "Ann")
    }

    fn connection(&self) -> Connection {
        let credentials = Credentials {
            api_key: Secret::new(CANARY_KEY),
            shared_secret: Some(Secret::new(CANARY_SECRET)),
            session_key: None,
        };
        let pacer = Pacer::new(self.rate, self.clock.clone());
        if self.service == Service::Listenbrainz {
            let root = format!("{}/1/", self.fake.listenbrainz_url());
            let credentials = Credentials { session_key: Some(Secret::new(CANARY_TOKEN)), ..Credentials::key("") };
            let options = ClientOptions::new(root, credentials, pacer);
            return Connection::Listenbrainz(listenbrainz::Client::new(options).unwrap());
        }
        Connection::Lastfm(Client::new(ClientOptions::new(self.fake.url(), credentials, pacer)).unwrap())
    }

    /// The way to the fake Last.fm.
    pub(crate) fn client(&self) -> Client {
        match self.connection() {
            Connection::Lastfm(client) => client,
            Connection::Listenbrainz(_) => panic!("this scene is at ListenBrainz"),
        }
    }

    /// One run, as a process of its own would do it.
    pub(crate) fn run(&self) -> Report {
        self.run_as(&self.options, &Arc::default())
    }

    /// One run that reads everything again.
    pub(crate) fn run_full(&self) -> Report {
        self.run_as(&Options { full: true, ..self.options }, &Arc::default())
    }

    /// One run with these options, until the sign is raised.
    pub(crate) fn run_as(&self, options: &Options, stop: &Arc<StopSign>) -> Report {
        let home = self.home();
        let lock = home.lock().unwrap();
        let mut store = Store::open(&home, &lock, &Zone::utc()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut session = Session {
            home: &home,
            lock: &lock,
            store: &mut store,
            runtime: &runtime,
            meter: Arc::new(Meter::default()),
            stop: Arc::clone(stop),
        };
        let report = collect(&mut session, &self.connection(), &self.account(), options).unwrap();
        store.close().unwrap();
        report
    }

    /// Runs until one is complete, a day later each time that it was not; removals in doubt are confirmed.
    pub(crate) fn complete(&self, options: &Options) -> Report {
        let mut options = *options;
        let mut told = Vec::new();
        for _ in 0..60 {
            let report = self.run_as(&options, &Arc::default());
            assert!(report.damage.is_empty() && report.unread.is_empty(), "{report:?}");
            if report.is_complete() {
                return report;
            }
            let passing = matches!(report.stopped, None | Some(CollectError::Outage(_) | CollectError::Refused(_)));
            assert!(passing, "{report:?}");
            self.wait(if report.suspects.is_empty() { 3_600 } else { DAY + 1 });
            options.confirm_removals = !report.suspects.is_empty();
            told.push(brief(&report));
        }
        panic!("never complete: {told:#?}")
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(Duration::from_secs(seconds.unsigned_abs()));
    }

    /// All plays of the service, in order.
    pub(crate) fn remote(&self) -> Vec<Listing> {
        let mut world = self.fake.world();
        let mut listings: Vec<Listing> = match self.service {
            Service::Listenbrainz => world.listenbrainz("ann").listings().collect(),
            _ => world.listener().listings().collect(),
        };
        listings.sort();
        listings
    }

    /// All live plays of the store, in order.
    pub(crate) fn stored(&self) -> Vec<Listing> {
        let mut listings: Vec<Listing> =
            self.rows().into_iter().filter(|row| !row.gone).map(|row| row.listing).collect();
        listings.sort();
        listings
    }

    /// The same; nothing where no run has made a store yet.
    pub(crate) fn stored_if_any(&self) -> Vec<Listing> {
        if self.home().database().exists() { self.stored() } else { Vec::new() }
    }

    /// Every row of the store.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let database = rusqlite::Connection::open_with_flags(self.home().database(), flags).unwrap();
        let mut formerly: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        let mut names = database
            .prepare("SELECT play_id, title FROM former_names JOIN tracks ON tracks.id = track_id ORDER BY until_seq")
            .unwrap();
        for pair in names.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap() {
            let (id, title): (i64, String) = pair.unwrap();
            formerly.entry(id).or_default().push(title);
        }
        let mut plays = database
            .prepare(
                "SELECT plays.id, played_at, artists.name, tracks.title, coalesce(albums.title, ''),
                        gone_seq NOT NULL, envelope_seq, row
                   FROM plays
                   JOIN artists ON artists.id = plays.artist_id
                   JOIN tracks ON tracks.id = plays.track_id
                   JOIN witnesses ON play_id = plays.id
                   LEFT JOIN albums ON albums.id = plays.album_id
                  ORDER BY plays.id",
            )
            .unwrap();
        let rows = plays.query_map([], |row| {
            let id = row.get(0)?;
            let listing = Listing { uts: row.get(1)?, artist: row.get(2)?, track: row.get(3)?, album: row.get(4)? };
            Ok(Row {
                id,
                listing,
                gone: row.get(5)?,
                witness: (row.get::<_, i64>(6)?.cast_unsigned(), row.get(7)?),
                formerly: formerly.remove(&id).unwrap_or_default(),
            })
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// The digest of what the store says.
    pub(crate) fn digest(&self) -> String {
        let home = self.home();
        let lock = home.lock().unwrap();
        Store::open(&home, &lock, &Zone::utc()).unwrap().digest().unwrap()
    }

    /// Every line that the store says.
    pub(crate) fn dump(&self) -> String {
        let home = self.home();
        let lock = home.lock().unwrap();
        let mut text = Vec::new();
        Store::open(&home, &lock, &Zone::utc()).unwrap().dump(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    /// Makes the store anew from the archive.
    pub(crate) fn rebuild(&self) {
        let home = self.home();
        let lock = home.lock().unwrap();
        ingest::rebuild(&home, &lock, &Zone::utc(), |_| {}).unwrap();
    }

    /// Brings the store up to the archive.
    pub(crate) fn catch_up(&self) {
        let home = self.home();
        let lock = home.lock().unwrap();
        let mut store = Store::open(&home, &lock, &Zone::utc()).unwrap();
        ingest::catch_up(&home, &mut store).unwrap();
        store.close().unwrap();
    }

    /// Every envelope of the archive.
    pub(crate) fn envelopes(&self) -> Vec<Kept> {
        let mut kept = Vec::new();
        let take = |frame: archive::Frame| {
            for line in frame.lines() {
                let envelope = Envelope::parse(line).unwrap();
                envelope.check().unwrap();
                let Envelope { head, body } = envelope;
                let (method, body) = (head.method.into_owned(), body.into_owned());
                kept.push(Kept { seq: head.seq, purpose: head.purpose, method, params: head.params, body });
            }
            true
        };
        archive::read_after(&self.home().archive(), Position::default(), take, |damage| panic!("{damage}")).unwrap();
        kept
    }

    /// Every file of the home.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        walk(self.folder.path(), &mut files);
        files
    }

    /// Holds the pace of all requests since the last look against what the service allows, by the virtual clock.
    ///
    /// A client has up to three requests under way. The clock of the next one may have moved on before an earlier one
    /// is seen to arrive, so an arrival is noted no earlier than its start and no later than the start of the second
    /// one behind it. Five starts in any second at the most are then seven arrivals at the most.
    pub(crate) fn assert_polite(&self) {
        let log = self.fake.log();
        assert!(log.len() < 100_000, "the log is too short to judge by");
        assert_paced(&log, 1_000, 5 + 2);
        assert_paced(&log, 300_000, 1_200 + 2);
        assert_eq!(self.fake.stats().impolite, Vec::<String>::new());
    }
}

fn assert_paced(log: &[Logged], span_ms: i64, most: usize) {
    for window in log.windows(most + 1) {
        let took = window[most].at_ms - window[0].at_ms;
        assert!(took >= span_ms, "{} requests within {took} ms, from request {}", most + 1, window[0].nth);
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// A report without what only fills the screen.
pub(crate) fn brief(report: &Report) -> String {
    let Report { requests, proven, stopped, stored_total, service_total, .. } = report;
    let (open, suspects) = (&report.open[..report.open.len().min(3)], &report.suspects[..report.suspects.len().min(3)]);
    format!(
        "{requests} requests, {stored_total} of {service_total:?}, proven {proven}, {} open {open:?}, \
         {} suspects {suspects:?}, stopped {stopped:?}",
        report.open.len(),
        report.suspects.len(),
    )
}

/// A play of few names, so that equal ones come up.
pub(crate) fn some_play(random: &mut Rng, uts: i64) -> Play {
    let artist = format!("Artist {}", random.u8(0..4));
    let play = Play::new(uts, artist, format!("Track {}", random.u8(0..6)));
    match random.u8(0..3) {
        0 => play,
        n => play.on(format!("Album {n}")),
    }
}

/// A small account with everything that is difficult: crowded stretches, equal plays in one second, a second with more
/// plays than a page, undated plays, and one that sounds just now.
pub(crate) fn difficult_world(random: &mut Rng) -> World {
    let mut world = World::of("ann");
    let account = world.listener();
    for _ in 0..random.usize(20..120) {
        let uts = match random.u8(0..3) {
            0 => NOW - random.i64(1..40 * DAY),
            1 => NOW - 20 * DAY + random.i64(0..50),
            _ => 0,
        };
        account.add(&some_play(random, uts));
    }
    for _ in 0..3 {
        account.add(&Play::new(NOW - 30 * DAY, "Artist 1", "Track 1"));
    }
    for _ in 0..random.usize(0..50) {
        account.add(&some_play(random, NOW - 25 * DAY));
    }
    account.set_now_playing(Some(&Play::new(0, "Artist 0", "Sounding")));
    world
}

/// `lines` as a bag that can be compared with another.
pub(crate) fn count<T: Ord>(lines: impl IntoIterator<Item = T>) -> BTreeMap<T, u32> {
    let mut counts = BTreeMap::new();
    for line in lines {
        *counts.entry(line).or_default() += 1;
    }
    counts
}
