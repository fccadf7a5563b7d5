//! The outbox emptied into a service that misbehaves: every listen there once, and the ledger agrees.

mod doubts;
mod read_back;

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use fakefm::{Config, FakeFm, Fault, Faults, Holding, When, World, Writing};
use fastrand::Rng;
use heard_api::{Client, ClientOptions, Clock, Credentials, Pacer, Rate, Secret, Service, listenbrainz};
use heard_history::deliver::{Connection, DeliverError, Report, deliver};
use heard_history::listen::{Account, Listen, Track};
use heard_history::outbox::{Counts, Fate, Target};
use heard_history::stop::StopSign;

use crate::outbox::{Kept, key, listen, listens};
use crate::scene::{CANARY_KEY, CANARY_SECRET, DAY, NOW};
use crate::seeds;

/// A session key that must never be found in any file.
const CANARY_SESSION: &str = "c4a1ac4a1ac4a1ac4a1ac4a1ac4a1a03";

type Key = (i64, String, String);

/// A listener with an outbox, before a service with one virtual clock for both.
struct Desk {
    kept: Kept,
    clock: Clock,
    fake: FakeFm,
    /// Whether it is ListenBrainz.
    brainz: bool,
    secret: &'static str,
}

impl Desk {
    fn at(brainz: bool, writing: Writing, faults: Faults) -> Self {
        let clock = Clock::at(NOW);
        let told = clock.clone();
        let mut world = World::of("ann");
        world.set_session("ann", CANARY_SESSION);
        world.listenbrainz("ann").set_token(CANARY_SESSION);
        let mut config = Config::new(world);
        config.clock = Some(Arc::new(move || told.now_millis()));
        config.rules.writing = Writing { secret: Some(CANARY_SECRET.to_owned()), ..writing };
        config.faults = faults;
        config.keep_arrivals = 3;
        let fake = FakeFm::start(config).unwrap();
        Self { kept: Kept::new(), clock, fake, brainz, secret: CANARY_SECRET }
    }

    fn lastfm() -> Self {
        Self::at(false, Writing::default(), Faults::none())
    }

    fn listenbrainz() -> Self {
        Self::at(true, Writing::default(), Faults::none())
    }

    fn target(&self) -> Target {
        use heard_history::listen::Service;
        let (service, root) = if self.brainz {
            (Service::Listenbrainz, format!("{}/1/", self.fake.listenbrainz_url()))
        } else {
            (Service::Lastfm, self.fake.url())
        };
        Target { account: Account::new("me", service, "ann"), root }
    }

    fn connection(&self) -> Connection {
        let pacer = Pacer::new(Rate::PerSecond(4.0), self.clock.clone());
        if self.brainz {
            let options = ClientOptions::new(self.target().root, Credentials::token(CANARY_SESSION), pacer);
            return Connection::Listenbrainz(listenbrainz::Client::new(options).unwrap());
        }
        let credentials = Credentials {
            api_key: Secret::new(CANARY_KEY),
            shared_secret: Some(Secret::new(self.secret)),
            session_key: Some(Secret::new(CANARY_SESSION)),
        };
        let mut options = ClientOptions::new(self.target().root, credentials, pacer);
        options.service = Service::LASTFM;
        options.timeout = Duration::from_secs(5);
        Connection::Lastfm(Client::new(options).unwrap())
    }

    fn add(&self, listens: &[Listen]) {
        self.kept.add(&self.target(), listens);
    }

    fn run(&self) -> Report {
        self.run_until(&StopSign::default(), u32::MAX).unwrap()
    }

    /// One run as a process of its own would do it: until the sign is raised, and killed when it has made so many steps.
    fn run_until(&self, stop: &StopSign, steps: u32) -> Option<Report> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (target, connection) = (self.target(), self.connection());
        self.kept.with(|outbox| {
            let mut watch = |_: &Report| {};
            let run = deliver(outbox, &target, &connection, stop, &mut watch);
            runtime.block_on(until_killed(run, steps)).map(Result::unwrap)
        })
    }

    /// Runs until nothing waits any more, an hour later each time.
    fn complete(&self) -> Vec<Report> {
        let mut reports = Vec::new();
        for _ in 0..60 {
            reports.push(self.run());
            if reports.last().unwrap().is_complete() {
                return reports;
            }
            self.wait(3600);
        }
        panic!("never complete: {reports:#?}")
    }

    fn wait(&self, seconds: i64) {
        self.clock.advance(Duration::from_secs(seconds.unsigned_abs()));
    }

    fn counts(&self) -> Counts {
        self.kept.counts(&self.target())
    }

    fn holdings(&self) -> Vec<Holding> {
        let mut world = self.fake.world();
        if self.brainz { world.listenbrainz("ann").holdings() } else { world.listener().holdings() }
    }

    /// Every listen of the service, each of which it must hold once.
    fn held(&self) -> BTreeSet<Key> {
        let holdings = self.holdings().into_iter();
        holdings
            .map(|holding| {
                assert_eq!(holding.held, 1, "{holding:?}");
                (holding.uts, holding.artist, holding.track)
            })
            .collect()
    }

    /// The ledger and the service agree. Returns what both have.
    fn agreed(&self) -> BTreeSet<Key> {
        let accepted = self.kept.entries(&self.target(), Some("accepted")).into_iter().map(key).collect();
        assert_eq!(self.held(), accepted);
        accepted
    }

    fn parked(&self) -> Vec<(String, Option<i64>)> {
        let parked = self.kept.entries(&self.target(), Some("parked")).into_iter();
        parked
            .map(|entry| match entry.fate {
                Fate::Parked { code, .. } => (entry.listen.track.title, code),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    /// How many requests wrote, or tried to.
    fn requests(&self) -> usize {
        self.fake.writes().len()
    }
}

/// Polls the future so many times, and drops it then: a process that is killed at any point where it could be.
async fn until_killed<T>(future: impl Future<Output = T>, mut polls: u32) -> Option<T> {
    let mut future = std::pin::pin!(future);
    poll_fn(move |context| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        polls -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

fn keys(listens: &[Listen]) -> BTreeSet<Key> {
    listens.iter().map(|l| (l.played_at, l.track.artist.clone(), l.track.title.clone())).collect()
}

/// What real services and networks do to a write, before and after it, in this share of all requests.
fn trouble(seed: u64, share: f64) -> Faults {
    let refusal = |code, status| Fault::Refusal { code, status, retry_after: None };
    let before = [
        refusal(8, 500),
        refusal(8, 200),
        refusal(11, 503),
        refusal(16, 503),
        refusal(29, 429),
        Fault::NoBody { status: 503, retry_after: Some(7) },
        Fault::Html { status: 502 },
        Fault::Reset,
    ];
    let after = [
        Fault::NoBody { status: 200, retry_after: None },
        Fault::Html { status: 200 },
        Fault::Html { status: 504 },
        Fault::CutText,
        Fault::CutConnection,
        Fault::Stale,
        Fault::InvalidUtf8,
        Fault::DoubledKey,
        refusal(8, 500),
        Fault::Reset,
        Fault::Reset,
        Fault::Reset,
    ];
    let after = after.into_iter().map(|fault| Fault::AfterWrite(Box::new(fault)));
    let kinds: Vec<Fault> = before.into_iter().chain(after).collect();
    let each = share / kinds.len() as f64;
    kinds.into_iter().fold(Faults::new(seed), |faults, kind| faults.and(each, kind))
}

#[test]
fn batches_are_full_and_the_pace_is_that_of_the_rate() {
    let desk = Desk::lastfm();
    let all = listens(10_000);
    desk.add(&all);
    let began = desk.clock.monotonic();
    assert!(desk.run().is_complete());
    let took = (desk.clock.monotonic() - began).as_secs_f64();
    let writes = desk.fake.writes();
    assert!(writes.len() == 200 && writes.iter().all(|write| write.rows.len() == 50), "{} requests", writes.len());
    println!("10,000 listens in {} requests and {took:.2} s at 4 requests a second", writes.len());
    assert!((49.75..=49.75 * 1.05).contains(&took), "{took} s");
    assert_eq!(desk.agreed(), keys(&all));
}

#[test]
fn ten_thousand_listens_with_every_fifth_answer_spoilt_or_lost() {
    seeds::each(1, |seed| {
        let all = listens(10_000);
        for brainz in [false, true] {
            let desk = Desk::at(brainz, Writing::default(), trouble(seed, 0.2));
            desk.add(&all);
            desk.complete();
            assert_eq!(desk.agreed(), keys(&all));
            let (batches, requests) = (if brainz { 10 } else { 200 }, desk.requests());
            assert!(requests >= batches && requests <= batches * 2, "{requests} requests for {batches} batches");
            let most = desk.fake.writes().iter().map(|write| write.rows.len()).max().unwrap();
            assert_eq!(most, if brainz { 1000 } else { 50 });
        }
    });
}

#[test]
fn killed_at_any_step_every_listen_arrives_once() {
    seeds::each(12, |seed| {
        let mut random = Rng::with_seed(seed);
        let desk = Desk::at(seed % 3 == 0, Writing::default(), trouble(seed, 0.3));
        let all = listens(random.i64(1..500));
        let mut kills = 0;
        for part in all.chunks(170) {
            desk.add(part);
            while kills < 40 {
                kills += 1;
                if desk.run_until(&StopSign::default(), random.u32(1..40)).is_some() {
                    break;
                }
                assert!(desk.held().is_subset(&keys(&all)), "another moment than the listen's own");
            }
        }
        desk.complete();
        assert_eq!(desk.agreed(), keys(&all));
    });
}

#[test]
fn a_lost_answer_is_asked_for_with_the_same_moments() {
    for fault in [Fault::lost_answer(), Fault::CutText, Fault::Html { status: 200 }, Fault::Stale] {
        let desk = Desk::lastfm();
        desk.add(&listens(120));
        desk.fake.fail_times(When::Requests(2..3), Fault::AfterWrite(Box::new(fault)), 1);
        assert!(desk.run().is_complete());
        let writes = desk.fake.writes();
        let moments = |nth: usize| writes[nth].rows.iter().map(|row| row.uts).collect::<Vec<_>>();
        assert_eq!(moments(1), moments(2));
        assert_eq!(writes.len(), 4);
        assert_eq!(desk.agreed().len(), 120);
        let attempts = desk.kept.entries(&desk.target(), None).into_iter().fold(BTreeMap::new(), |mut sum, entry| {
            *sum.entry(entry.attempts).or_insert(0) += 1;
            sum
        });
        assert_eq!(attempts, BTreeMap::from([(1, 70), (2, 50)]));
    }
}

#[test]
fn a_stop_is_clean_and_nothing_is_sent_again_that_was_answered() {
    let desk = Desk::lastfm();
    desk.add(&listens(500));
    let stop = Arc::new(StopSign::default());
    let sign = Arc::clone(&stop);
    desk.fake.set_hook(Some(Box::new(move |nth, _| {
        if nth == 4 {
            sign.raise();
        }
    })));
    let report = desk.run_until(&stop, u32::MAX).unwrap();
    assert!(matches!(report.stopped, Some(DeliverError::Interrupted)), "{report:?}");
    assert!(report.counts.accepted >= 150 && report.counts.undelivered() >= 300, "{report:?}");
    let before = desk.run_until(&stop, u32::MAX).unwrap();
    assert_eq!(before.requests, 0, "the sign is still raised");
    assert!(desk.run().is_complete());
    assert!(desk.requests() <= 11);
    assert_eq!(desk.agreed().len(), 500);
}

#[test]
fn a_login_that_ended_pauses_the_target_and_loses_nothing() {
    for brainz in [false, true] {
        let desk = if brainz { Desk::listenbrainz() } else { Desk::lastfm() };
        desk.add(&listens(60));
        desk.fake.world().revoke("ann", NOW - 1);
        let report = desk.run();
        assert!(matches!(report.stopped, Some(DeliverError::Paused(ref error)) if error.needs_login()), "{report:?}");
        for _ in 0..3 {
            desk.wait(DAY);
            let later = desk.run();
            assert_eq!((later.requests, later.counts.waiting), (0, 60), "one notice, and no request more");
        }
        let state = desk.kept.with(|outbox| outbox.targets().unwrap().remove(0));
        assert_eq!(state.paused.unwrap().1, NOW);
        desk.fake.world().set_session("ann", CANARY_SESSION);
        desk.fake.world().listenbrainz("ann").set_token(CANARY_SESSION);
        desk.kept.with(|outbox| outbox.resume(&desk.target()).unwrap());
        assert!(desk.run().is_complete());
        assert_eq!(desk.agreed(), keys(&listens(60)));
        let moments: Vec<_> = desk.fake.writes().iter().skip(1).flat_map(|write| write.rows.clone()).collect();
        assert!(moments.is_sorted_by_key(|row| row.uts), "in their order");
    }
}

#[test]
fn every_other_refusal_for_good_keeps_everything() {
    for (code, status, pauses) in
        [(4, 403, true), (10, 403, true), (14, 403, true), (15, 403, true), (26, 403, true), (7, 400, false)]
    {
        let desk = Desk::lastfm();
        desk.add(&listens(10));
        desk.fake.fail_times(When::Writes, Fault::Refusal { code, status, retry_after: None }, 1);
        let report = desk.run();
        match report.stopped {
            Some(DeliverError::Paused(_)) => assert!(pauses, "{code}"),
            Some(DeliverError::Service(_)) => assert!(!pauses, "{code}"),
            ref other => panic!("{code}: {other:?}"),
        }
        assert_eq!((report.requests, report.counts.undelivered()), (1, 10), "{code}");
        desk.kept.with(|outbox| outbox.resume(&desk.target()).unwrap());
        assert!(desk.run().is_complete());
        assert_eq!(desk.agreed().len(), 10);
    }
}

#[test]
fn a_wrong_secret_is_not_the_listens_fault() {
    let mut desk = Desk::lastfm();
    desk.secret = "c4a1ac4a1ac4a1ac4a1ac4a1ac4a1aff";
    desk.add(&listens(60));
    let report = desk.run();
    assert!(matches!(report.stopped, Some(DeliverError::Paused(ref error)) if error.is_bad_key()), "{report:?}");
    assert_eq!((report.requests, report.counts.waiting, report.counts.parked), (1, 60, 0));
    desk.secret = CANARY_SECRET;
    desk.kept.with(|outbox| outbox.resume(&desk.target()).unwrap());
    assert!(desk.run().is_complete());
    assert_eq!(desk.agreed().len(), 60);
}

#[test]
fn one_bad_row_cannot_hold_the_others() {
    for (code, place) in [(6, 0), (6, 31), (13, 49)] {
        let desk = Desk::lastfm();
        let mut all = listens(50);
        all[place].track.title = "poison".to_owned();
        desk.add(&all);
        desk.fake.fail(When::Track("poison".into()), Fault::Refusal { code, status: 400, retry_after: None });
        let report = desk.run();
        assert!(report.is_complete(), "{report:?}");
        assert!(report.requests <= 9, "{} requests with poison at {place}", report.requests);
        assert_eq!(desk.parked(), [("poison".to_owned(), Some(i64::from(code)))]);
        assert_eq!((desk.agreed().len(), report.parked), (49, 1));
    }
}

#[test]
fn listenbrainz_refuses_a_batch_for_one_row() {
    let desk = Desk::listenbrainz();
    let mut all = listens(2_300);
    // What can be seen from here is parked without being sent; what cannot is found.
    all[700].track.title = "y".repeat(11_000);
    all[1_500].played_at = NOW + 2 * DAY;
    desk.add(&all);
    let report = desk.run();
    assert!(report.is_complete(), "{report:?}");
    let parked: BTreeSet<_> = desk.parked().into_iter().map(|(title, code)| (title.len(), code)).collect();
    assert_eq!(parked, BTreeSet::from([(11_000, None), ("Track 1500".len(), Some(400))]));
    assert_eq!(desk.agreed().len(), 2_298);
    assert!(report.requests < 25, "{report:?}");
}

#[test]
fn each_verdict_goes_into_the_ledger() {
    let mut writing = Writing::default();
    writing.corrections.artists.insert("Misspelt".into(), "Spelt".into());
    let desk = Desk::at(false, writing, Faults::none());
    let plain = listen("Misspelt", "Corrected", NOW - 500);
    let full = Track {
        album: Some("An Album".into()),
        album_artist: Some("Various Artists".into()),
        number: Some(3),
        length_ms: Some(12_000),
        ..Track::new("A", "With all that is known")
    };
    let all = [
        plain,
        Listen { track: full, played_at: NOW - 400 },
        listen("Unknown Artist", "Filtered", NOW - 300),
        listen("A", "undefined", NOW - 200),
        listen("A", "From a clock that is ahead", NOW + 3 * 3600),
    ];
    desk.add(&all);
    let report = desk.run();
    assert_eq!((report.accepted, report.ignored, report.counts.waiting), (2, 2, 1));
    let entries = desk.kept.entries(&desk.target(), None);
    assert_eq!(entries[0].corrected.artist.as_deref(), Some("Spelt"));
    assert_eq!(entries[0].corrected.track, None);
    assert_eq!(entries[1].corrected, heard_history::outbox::Corrected::default());
    let codes = entries.iter().map(|entry| match entry.fate {
        Fate::Ignored { code, .. } => code,
        _ => 0,
    });
    assert_eq!(codes.collect::<Vec<_>>(), [0, 0, 1, 2, 0]);
    let (status, body) = desk.kept.with(|outbox| outbox.answer(entries[2].id).unwrap()).unwrap();
    assert!(status == 200 && String::from_utf8(body).unwrap().contains("Filtered"), "the answer as it came");
    // When its moment has come, it is taken.
    for _ in 0..4 {
        desk.wait(3601);
        desk.run();
    }
    assert_eq!(desk.counts(), Counts { accepted: 3, ignored: 2, ..Counts::default() });
}

/// A listen of which everything is told, and one of which little can be.
fn told_and_untellable() -> [Listen; 2] {
    let whole = Track {
        album: Some("An Album & More".into()),
        album_artist: Some("Somebody Else".into()),
        number: Some(3),
        length_ms: Some(200_999),
        recording_mbid: Some("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9".into()),
        ..Track::new("The Invented", "First+Song")
    };
    let odd = Track {
        album: Some(" ".into()),
        album_artist: Some("VA".into()),
        length_ms: Some(12_000),
        ..Track::new("The Invented", "Second")
    };
    [Listen { track: whole, played_at: NOW - 90 }, Listen { track: odd, played_at: NOW - 60 }]
}

#[test]
fn what_goes_to_lastfm_is_what_it_takes() {
    let desk = Desk::lastfm();
    desk.add(&told_and_untellable());
    assert!(desk.run().is_complete());
    let arrival = desk.fake.arrivals().pop().unwrap();
    let body = String::from_utf8(arrival.body.to_vec()).unwrap();
    let has = |part: &str| body.split('&').any(|pair| pair == part);
    for part in [
        "artist%5B0%5D=The+Invented",
        "track%5B0%5D=First%2BSong",
        "album%5B0%5D=An+Album+%26+More",
        "albumArtist%5B0%5D=Somebody+Else",
        "trackNumber%5B0%5D=3",
        "duration%5B0%5D=200",
        "mbid%5B0%5D=0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        "timestamp%5B0%5D=1699999910",
        "timestamp%5B1%5D=1699999940",
    ] {
        assert!(has(part), "{part} in {body}");
    }
    // Both would make the service ignore the listen.
    assert!(!body.contains("duration%5B1%5D") && !body.contains("albumArtist%5B1%5D"), "{body}");
    assert!(arrival.query.is_empty(), "nothing in the address, where logs would keep it");
}

#[test]
fn what_goes_to_listenbrainz_is_what_it_takes() {
    let desk = Desk::listenbrainz();
    desk.add(&told_and_untellable());
    assert!(desk.run().is_complete());
    let sent: serde_json::Value = serde_json::from_slice(&desk.fake.arrivals().pop().unwrap().body).unwrap();
    assert_eq!(sent["listen_type"], "import");
    let first = &sent["payload"][0];
    assert_eq!(first["listened_at"], NOW - 90);
    let metadata = &first["track_metadata"];
    assert_eq!((&metadata["track_name"], &metadata["release_name"]), (&"First+Song".into(), &"An Album & More".into()));
    let info = &metadata["additional_info"];
    assert_eq!((&info["duration_ms"], &info["tracknumber"]), (&200_999.into(), &3.into()));
    assert_eq!(info["recording_mbid"], "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
    let second = &sent["payload"][1]["track_metadata"];
    assert!(second.get("release_name").is_none() && second["additional_info"].get("recording_mbid").is_none());
}

#[test]
fn targets_do_not_hold_each_other() {
    let desk = Desk::lastfm();
    let other = Target { root: "http://127.0.0.1:1/2.0/".to_owned(), ..desk.target() };
    desk.add(&listens(70));
    desk.kept.add(&other, &listens(30));
    desk.kept.with(|outbox| outbox.pause(&other, "by hand", NOW).unwrap());
    assert!(desk.run().is_complete());
    assert_eq!(desk.kept.counts(&other), Counts { waiting: 30, ..Counts::default() });
    assert_eq!(desk.agreed().len(), 70);
    // The ledger can be read in pieces.
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let part = desk.kept.with(|outbox| outbox.list(&desk.target(), Some("accepted"), after, 32).unwrap());
        let Some(last) = part.last() else { break };
        assert!(part.len() <= 32);
        after = last.id;
        seen.extend(part.into_iter().map(key));
    }
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), desk.agreed());
}

#[test]
fn a_limit_of_the_day_spreads_the_rest_over_days() {
    let writing = Writing { daily_limit: Some(412), ..Writing::default() };
    let desk = Desk::at(false, writing, Faults::none());
    let all = listens(3_900);
    desk.add(&all);
    let report = desk.run();
    assert!(report.stopped.is_none(), "{report:?}");
    let plan = report.plan;
    assert_eq!((report.accepted, plan.budget, plan.now, plan.undelivered), (412, Some(412), 0, 3_488));
    assert_eq!((plan.days, plan.too_late), (9, 0), "412 today, done in 9 days");
    let before = desk.requests();
    assert_eq!(desk.run().requests, 0, "nothing is asked while the window is closed");
    let mut days = 0;
    while !desk.run().is_complete() {
        days += 1;
        assert!(days <= 12, "{:?}", desk.counts());
        desk.wait(DAY);
    }
    assert_eq!(desk.agreed(), keys(&all));
    assert!(desk.requests() - before <= 3_488 / 50 + 2 * 12, "{} requests", desk.requests() - before);
}

#[test]
fn after_twenty_days_offline_the_older_ones_are_named_and_the_rest_arrives() {
    let desk = Desk::lastfm();
    let all: Vec<_> = (0..200).map(|n| listen("A", &format!("{n}"), NOW - 20 * DAY + n * 20 * DAY / 200)).collect();
    desk.add(&all);
    assert!(desk.run().is_complete());
    let counts = desk.counts();
    assert_eq!((counts.accepted, counts.parked, counts.ignored), (139, 61, 0), "ten a day, fourteen days");
    assert_eq!(desk.agreed(), keys(&all[61..]), "never under another moment");
    // A service that takes any age gets them all.
    let brainz = Desk::listenbrainz();
    brainz.add(&all);
    assert!(brainz.run().is_complete());
    assert_eq!(brainz.agreed().len(), 200);
}

#[test]
fn a_service_that_is_down_is_left_alone() {
    let desk = Desk::lastfm();
    desk.add(&listens(10));
    desk.fake.fail(When::Always, Fault::Refusal { code: 11, status: 503, retry_after: None });
    let began = desk.clock.now();
    let report = desk.run();
    assert!(matches!(report.stopped, Some(DeliverError::Outage { until: None, .. })), "{report:?}");
    assert_eq!((report.requests, report.counts.in_flight), (5, 10));
    assert!(desk.clock.now() - began >= 1 + 2 + 4 + 8, "ever longer waits");
    desk.fake.fail_no_more();
    // A rate limit is kept on the disk, so that a new start does not shorten it.
    desk.fake.fail(When::Always, Fault::Refusal { code: 29, status: 429, retry_after: None });
    let report = desk.run();
    let Some(DeliverError::Outage { until: Some(until), .. }) = report.stopped else { panic!("{report:?}") };
    assert_eq!(report.requests, 6);
    desk.fake.fail_no_more();
    assert!(desk.run().is_complete());
    assert!(desk.clock.now() >= until);
    assert_eq!(desk.agreed().len(), 10);
    assert_eq!(desk.fake.stats().impolite, Vec::<String>::new());
}

#[test]
fn no_file_holds_a_key() {
    let desk = Desk::at(false, Writing::default(), trouble(3, 0.4));
    desk.add(&listens(400));
    desk.complete();
    assert!(desk.fake.stats().writes > 8, "the keys were in use");
    let mut files = 0;
    for entry in std::fs::read_dir(desk.kept.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        files += 1;
        let bytes = std::fs::read(&path).unwrap();
        for secret in [CANARY_KEY, CANARY_SECRET, CANARY_SESSION] {
            assert!(memchr::memmem::find(&bytes, secret.as_bytes()).is_none(), "{}", path.display());
        }
    }
    assert!(files > 0);
    for entry in desk.kept.entries(&desk.target(), None) {
        let (_, body) = desk.kept.with(|outbox| outbox.answer(entry.id).unwrap()).unwrap();
        assert!(memchr::memmem::find(&body, CANARY_SESSION.as_bytes()).is_none());
        if entry.id % 50 == 0 {
            assert!(!body.is_empty());
        }
    }
}
