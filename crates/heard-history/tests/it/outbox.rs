//! The outbox and its ledger, with whoever sends played by the test.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use heard_history::home::Home;
use heard_history::listen::{Account, Listen, Service, Track};
use heard_history::outbox::{
    Added, Answer, Batch, Corrected, Counts, Entry, Fate, Limits, Outbox, Plan, Refused, Settled, Target, Verdict,
};
use tempfile::TempDir;

use crate::scene::{DAY, NOW};
use crate::seeds;

const LIMITS: Limits = Limits { most: 50, max_age: Some(14 * 86_400) };

pub(crate) fn target(user: &str) -> Target {
    let account = Account::new("me", Service::Lastfm, user);
    Target { account, root: "https://scrobbles.example/2.0/".to_owned() }
}

pub(crate) fn listen(artist: &str, title: &str, played_at: i64) -> Listen {
    Listen { track: Track::new(artist, title), played_at }
}

/// So many listens, the last of them a minute ago.
pub(crate) fn listens(count: i64) -> Vec<Listen> {
    (0..count).map(|n| listen(&format!("Artist {}", n % 7), &format!("Track {n}"), NOW - 60 * (count - n))).collect()
}

/// A home, and the outbox opened anew at every look, as by another process.
pub(crate) struct Kept {
    pub(crate) folder: TempDir,
}

impl Kept {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Outbox) -> T) -> T {
        let home = Home::open(self.folder.path()).unwrap();
        let lock = home.lock().unwrap();
        work(&mut Outbox::open(&home, &lock).unwrap())
    }

    pub(crate) fn add(&self, to: &Target, listens: &[Listen]) -> Added {
        self.with(|outbox| outbox.add(to, listens, NOW).unwrap())
    }

    pub(crate) fn entries(&self, of: &Target, fate: Option<&str>) -> Vec<Entry> {
        self.with(|outbox| outbox.list(of, fate, 0, u32::MAX).unwrap())
    }

    pub(crate) fn counts(&self, of: &Target) -> Counts {
        self.with(|outbox| outbox.counts(of).unwrap())
    }

    fn next(&self, of: &Target) -> Option<Batch> {
        self.with(|outbox| outbox.next_batch(of, &LIMITS, NOW).unwrap())
    }
}

fn titles(batch: &Batch) -> Vec<&str> {
    batch.entries.iter().map(|entry| entry.listen.track.title.as_str()).collect()
}

fn accepted() -> Verdict {
    Verdict::Accepted(Corrected::default())
}

#[test]
fn a_listen_is_added_once_for_each_target() {
    let kept = Kept::new();
    let (ann, bob) = (target("Ann"), target("bob"));
    let two = [listen("A", "T", NOW), listen("A", "T", NOW - 5)];
    assert_eq!(kept.add(&ann, &two), Added { waiting: 2, known: 0, parked: 0 });
    assert_eq!(
        kept.add(&target("ann"), &two),
        Added { waiting: 0, known: 2, parked: 0 },
        "case means nothing in names"
    );
    assert_eq!(kept.add(&bob, &two), Added { waiting: 2, known: 0, parked: 0 });
    let elsewhere = Target { root: "http://127.0.0.1:1/2.0/".into(), ..ann.clone() };
    assert_eq!(kept.add(&elsewhere, &two), Added { waiting: 2, known: 0, parked: 0 });
    // What was sent, and what was refused, is known as well.
    let batch = kept.next(&ann).unwrap();
    let verdicts = [accepted(), Verdict::Ignored { code: 1, words: None }];
    kept.with(|outbox| outbox.record(&batch, &verdicts, None, NOW).unwrap());
    let three = [two[0].clone(), two[1].clone(), listen("A", "t", NOW)];
    assert_eq!(kept.add(&ann, &three), Added { waiting: 1, known: 2, parked: 0 });
    let states = kept.with(|outbox| outbox.targets().unwrap());
    assert_eq!(states.iter().map(|state| &state.target).collect::<Vec<_>>(), [&ann, &bob, &elsewhere]);
    let counts = Counts { waiting: 1, accepted: 1, ignored: 1, ..Counts::default() };
    assert_eq!((states[0].counts, states[0].paused.as_ref()), (counts, None));
}

#[test]
fn everything_of_a_listen_is_kept() {
    let kept = Kept::new();
    let whole = Listen {
        track: Track {
            artist: "Ünïcode '; DROP TABLE outbox; --".into(),
            title: "\u{202e}\u{1f3b5}\n".into(),
            album: Some(String::new()),
            album_artist: Some("Others".into()),
            number: Some(u32::MAX),
            length_ms: Some(1),
            recording_mbid: Some("not an id".into()),
        },
        played_at: NOW,
    };
    kept.add(&target("ann"), std::slice::from_ref(&whole));
    assert_eq!(kept.entries(&target("ann"), None)[0].listen, whole);
    let long = Listen { track: Track { length_ms: Some(u64::MAX), ..Track::new("A", "T") }, played_at: i64::MAX };
    kept.add(&target("ann"), std::slice::from_ref(&long));
    let entries = kept.entries(&target("ann"), None);
    assert_eq!((entries[1].listen.played_at, entries[1].listen.track.length_ms), (i64::MAX, None), "no such length");
}

#[test]
fn what_can_go_nowhere_is_parked_at_once() {
    let kept = Kept::new();
    let odd = [listen(" ", "T", NOW), listen("A", "", NOW), listen("A", "T", 0), listen("A", "T", i64::MIN)];
    assert_eq!(kept.add(&target("ann"), &odd), Added { waiting: 0, known: 0, parked: 4 });
    assert_eq!(kept.add(&target("ann"), &odd).known, 4);
    assert_eq!(kept.next(&target("ann")), None);
    for entry in kept.entries(&target("ann"), Some("parked")) {
        assert!(matches!(entry.fate, Fate::Parked { code: None, ref reason } if !reason.is_empty()), "{entry:?}");
    }
}

#[test]
fn the_oldest_go_first_and_a_batch_comes_again_until_it_is_answered() {
    let kept = Kept::new();
    let mut all = listens(120);
    Rng::with_seed(7).shuffle(&mut all);
    kept.add(&target("ann"), &all);
    let first = kept.next(&target("ann")).unwrap();
    let expected: Vec<String> = (0..50).map(|n| format!("Track {n}")).collect();
    assert_eq!(titles(&first), expected);
    assert!(first.entries.iter().all(|entry| entry.attempts == 1 && entry.fate == Fate::InFlight));
    kept.add(&target("ann"), &[listen("Late", "Comer", NOW - 9 * DAY)]);
    let again = kept.next(&target("ann")).unwrap();
    let sent = |batch: &Batch| batch.entries.iter().map(|entry| entry.listen.clone()).collect::<Vec<_>>();
    assert_eq!(sent(&again), sent(&first), "the same listens with the same moments");
    assert!(again.entries.iter().all(|entry| entry.attempts == 2));
    let verdicts = vec![accepted(); 50];
    let settled = kept.with(|outbox| outbox.record(&again, &verdicts, None, NOW).unwrap());
    assert_eq!(settled, Settled { accepted: 50, ..Settled::default() });
    assert_eq!(titles(&kept.next(&target("ann")).unwrap())[0], "Comer");
}

#[test]
fn verdicts_are_kept_one_by_one() {
    let kept = Kept::new();
    kept.add(&target("ann"), &listens(6));
    let batch = kept.next(&target("ann")).unwrap();
    let corrected = Corrected { artist: Some("The Artist".into()), ..Corrected::default() };
    let verdicts = [
        Verdict::Accepted(corrected.clone()),
        Verdict::Ignored { code: 1, words: Some("filtered".into()) },
        Verdict::Ignored { code: 91, words: None },
        Verdict::TooEarly,
        accepted(),
    ];
    let answer = Answer { status: 200, body: b"{\"scrobbles\":{}}" };
    let settled = kept.with(|outbox| outbox.record(&batch, &verdicts, Some(answer), NOW + 1).unwrap());
    assert_eq!(settled, Settled { accepted: 2, ignored: 2, waiting: 1 });
    let entries = kept.entries(&target("ann"), None);
    let fates: Vec<_> = entries.iter().map(|entry| entry.fate.clone()).collect();
    assert_eq!(
        fates,
        [
            Fate::Accepted,
            Fate::Ignored { code: 1, words: Some("filtered".into()) },
            Fate::Ignored { code: 91, words: None },
            Fate::Waiting,
            Fate::Accepted,
            Fate::InFlight,
        ]
    );
    assert_eq!(entries[0].corrected, corrected);
    assert_eq!(
        entries.iter().map(|entry| entry.settled_at).collect::<Vec<_>>(),
        [Some(NOW + 1), Some(NOW + 1), Some(NOW + 1), None, Some(NOW + 1), None]
    );
    let kept_answer = kept.with(|outbox| outbox.answer(entries[1].id).unwrap());
    assert_eq!(kept_answer, Some((200, answer.body.to_vec())));
    assert_eq!(kept.with(|outbox| outbox.answer(entries[5].id).unwrap()), None);
    // Without a verdict it goes again, alone; what came too early waits for an hour.
    let again = kept.next(&target("ann")).unwrap();
    assert_eq!(titles(&again), ["Track 5"]);
    kept.with(|outbox| outbox.record(&again, &[accepted()], None, NOW).unwrap());
    assert_eq!(kept.next(&target("ann")), None);
    let later = kept.with(|outbox| outbox.next_batch(&target("ann"), &LIMITS, NOW + 3601).unwrap().unwrap());
    assert_eq!(titles(&later), ["Track 3"]);
    // Whoever decides may have an ignored one tried again.
    kept.with(|outbox| outbox.record(&later, &[accepted()], None, NOW).unwrap());
    assert!(kept.with(|outbox| outbox.retry(entries[1].id).unwrap()));
    assert!(!kept.with(|outbox| outbox.retry(entries[0].id).unwrap()), "the service has it");
    assert_eq!(titles(&kept.next(&target("ann")).unwrap()), ["Track 1"]);
}

#[test]
fn a_fortnight_is_too_old() {
    let kept = Kept::new();
    let at = |age| listen("A", &format!("{age}"), NOW - age);
    kept.add(&target("ann"), &[at(14 * DAY + 1), at(14 * DAY), at(14 * DAY - 1), at(5)]);
    assert_eq!(titles(&kept.next(&target("ann")).unwrap()), [(14 * DAY - 1).to_string(), "5".to_string()]);
    let parked = kept.entries(&target("ann"), Some("parked"));
    assert_eq!(parked.len(), 2);
    let Fate::Parked { reason, .. } = &parked[0].fate else { panic!("{:?}", parked[0]) };
    assert_eq!(reason, "too old: the service takes listens of the last 14 days");
    // Another service takes any age.
    kept.add(&target("bob"), &[at(4000 * DAY)]);
    let any = Limits { max_age: None, ..LIMITS };
    assert!(kept.with(|outbox| outbox.next_batch(&target("bob"), &any, NOW).unwrap()).is_some());
}

#[test]
fn a_paused_target_keeps_everything() {
    let kept = Kept::new();
    kept.add(&target("ann"), &listens(3));
    kept.next(&target("ann")).unwrap();
    kept.with(|outbox| outbox.pause(&target("ann"), "log in again", NOW + 3).unwrap());
    assert_eq!(kept.next(&target("ann")), None);
    let states = kept.with(|outbox| outbox.targets().unwrap());
    assert_eq!(states[0].paused, Some(("log in again".to_owned(), NOW + 3)));
    assert_eq!(states[0].counts, Counts { waiting: 3, ..Counts::default() });
    kept.add(&target("ann"), &listens(4));
    kept.with(|outbox| outbox.resume(&target("ann")).unwrap());
    assert_eq!(kept.next(&target("ann")).unwrap().entries.len(), 4 + 3);
}

/// How many batches go until everything is settled, where whoever has a poisoned row refuses them whole.
fn batches_until_settled(poisoned: &[usize], rows: i64) -> (u32, Kept) {
    let kept = Kept::new();
    let is_poisoned = |title: &str| poisoned.iter().any(|n| title == format!("Track {n}"));
    kept.add(&target("ann"), &listens(rows));
    let mut sent = 0;
    kept.with(|outbox| {
        while let Some(batch) = outbox.next_batch(&target("ann"), &LIMITS, NOW).unwrap() {
            sent += 1;
            if titles(&batch).into_iter().any(is_poisoned) {
                let expected = if batch.entries.len() == 1 { Refused::Parked } else { Refused::Halved };
                assert_eq!(outbox.refuse(&batch, Some(6), "Invalid parameters", NOW).unwrap(), expected);
            } else {
                outbox.record(&batch, &vec![accepted(); batch.entries.len()], None, NOW).unwrap();
            }
        }
    });
    let parked = kept.entries(&target("ann"), Some("parked"));
    let mut found: Vec<_> = parked.iter().map(|entry| entry.listen.track.title.clone()).collect();
    found.sort();
    let mut expected: Vec<_> = poisoned.iter().map(|n| format!("Track {n}")).collect();
    expected.sort();
    assert_eq!(found, expected);
    let refusal = Fate::Parked { code: Some(6), reason: "Invalid parameters".into() };
    assert!(parked.iter().all(|entry| entry.fate == refusal));
    let counts = kept.counts(&target("ann"));
    assert_eq!((counts.accepted, counts.undelivered()), (rows.cast_unsigned() - poisoned.len() as u64, 0));
    (sent, kept)
}

#[test]
fn a_row_that_spoils_its_batch_is_found() {
    for place in (0..50).step_by(3).chain([49]) {
        let (sent, _) = batches_until_settled(&[place], 50);
        assert!(sent <= 9, "{sent} batches with poison at {place}");
    }
    assert_eq!(batches_until_settled(&[0], 1).0, 1);
    let (sent, kept) = batches_until_settled(&[3, 4, 49, 50, 119], 120);
    assert!(sent <= 40, "{sent} batches");
    assert!(kept.entries(&target("ann"), None).iter().all(|entry| entry.attempts <= 20));
}

#[test]
fn a_limit_of_the_day_is_learned() {
    let kept = Kept::new();
    let week = |outbox: &mut Outbox, now| outbox.plan(&target("ann"), &LIMITS, now).unwrap();
    kept.add(&target("ann"), &listens(1_000));
    let plan = kept.with(|outbox| week(outbox, NOW));
    let unknown = Plan { undelivered: 1000, now: 1000, ..Plan::default() };
    assert_eq!(plan, unknown, "no limit is known");
    // It takes 120 of them within an hour.
    let mut now = NOW;
    for accepts in [50, 50, 20] {
        let batch = kept.with(|outbox| outbox.next_batch(&target("ann"), &LIMITS, now).unwrap().unwrap());
        let verdicts: Vec<_> = (0..50).map(|n| if n < accepts { accepted() } else { Verdict::Limited }).collect();
        kept.with(|outbox| outbox.record(&batch, &verdicts, None, now).unwrap());
        now += 1800;
    }
    let plan = kept.with(|outbox| week(outbox, now));
    let opens_at = Some(NOW + DAY);
    assert_eq!(plan, Plan { undelivered: 880, taken: 120, budget: Some(120), now: 0, opens_at, days: 8, too_late: 0 });
    assert_eq!(kept.with(|outbox| outbox.next_batch(&target("ann"), &LIMITS, now).unwrap()), None);
    // A day after the first fifty there is room for as many, half an hour later for as many again.
    let next = |now| kept.with(|outbox| outbox.next_batch(&target("ann"), &LIMITS, now).unwrap());
    let batch = next(NOW + DAY).unwrap();
    assert_eq!(batch.entries.len(), 50);
    kept.with(|outbox| outbox.record(&batch, &vec![accepted(); 50], None, NOW + DAY).unwrap());
    assert_eq!(next(NOW + DAY), None);
    assert_eq!(kept.with(|outbox| week(outbox, NOW + DAY)).opens_at, Some(NOW + DAY + 1800));
    let batch = next(NOW + DAY + 1800).unwrap();
    assert_eq!(batch.entries.len(), 50);
    kept.with(|outbox| outbox.record(&batch, &vec![accepted(); 50], None, NOW + DAY + 1800).unwrap());
    // A week later the limit is no longer believed.
    assert_eq!(next(NOW + 9 * DAY).unwrap().entries.len(), 50);
}

#[test]
fn what_will_be_too_late_is_foreseen() {
    let kept = Kept::new();
    let old: Vec<_> = (0..300).map(|n| listen("A", &format!("{n}"), NOW - 12 * DAY + n)).collect();
    kept.add(&target("ann"), &old);
    let batch = kept.next(&target("ann")).unwrap();
    let verdicts: Vec<_> = (0..50).map(|n| if n < 40 { accepted() } else { Verdict::Limited }).collect();
    kept.with(|outbox| outbox.record(&batch, &verdicts, None, NOW).unwrap());
    let plan = kept.with(|outbox| outbox.plan(&target("ann"), &LIMITS, NOW + 2 * 3600).unwrap());
    assert_eq!((plan.undelivered, plan.budget, plan.days), (260, Some(40), 7));
    assert_eq!(plan.too_late, 260 - 40, "forty more are sent on the next day, and on the one after it is too late");
    // A limit that others have used up says nothing of what it is.
    kept.add(&target("bob"), &old);
    let batch = kept.next(&target("bob")).unwrap();
    kept.with(|outbox| outbox.record(&batch, &vec![Verdict::Limited; 50], None, NOW).unwrap());
    let plan = kept.with(|outbox| outbox.plan(&target("bob"), &LIMITS, NOW).unwrap());
    assert_eq!((plan.budget, plan.now, plan.opens_at), (None, 0, Some(NOW + 3600)));
    kept.with(|outbox| outbox.resume(&target("bob")).unwrap());
    assert!(kept.next(&target("bob")).is_some(), "whoever resumes it knows better");
    assert_eq!(kept.with(|outbox| outbox.plan(&target("nobody"), &LIMITS, NOW).unwrap()), Plan::default());
}

/// A service in a few lines: what it holds, and how often each was written.
#[derive(Default)]
struct Held(BTreeMap<(i64, String, String), u32>);

impl Held {
    fn write(&mut self, batch: &Batch) {
        for entry in &batch.entries {
            let track = &entry.listen.track;
            *self.0.entry((entry.listen.played_at, track.artist.clone(), track.title.clone())).or_default() += 1;
        }
    }
}

/// A listener's plays, and what is known of them outside of the outbox.
#[derive(Default)]
struct Life<'a> {
    all: &'a [Listen],
    added: usize,
    poison: BTreeSet<i64>,
    service: Held,
    settled: BTreeSet<i64>,
    under_way: Option<Vec<i64>>,
}

impl Life<'_> {
    /// Adds and sends until the process is killed, or until nothing is left; then it returns true.
    fn until_killed(&mut self, outbox: &mut Outbox, random: &mut Rng) -> bool {
        loop {
            if self.added < self.all.len() && random.bool() {
                let until = (self.added + random.usize(0..60)).min(self.all.len());
                outbox.add(&target("ann"), &self.all[self.added.saturating_sub(5)..until], NOW).unwrap();
                self.added = until;
            }
            let Some(batch) = outbox.next_batch(&target("ann"), &LIMITS, NOW).unwrap() else {
                if self.added == self.all.len() {
                    return true;
                }
                continue;
            };
            let sent: Vec<i64> = batch.entries.iter().map(|entry| entry.listen.played_at).collect();
            assert!(sent.iter().all(|at| !self.settled.contains(at)), "sent again though its answer was known");
            if let Some(before) = self.under_way.take() {
                assert_eq!(sent, before, "another batch than the one whose answer was lost");
            }
            let poisoned = sent.iter().any(|at| self.poison.contains(at));
            // Killed before it was sent, after it arrived, or not at all.
            let fate = random.u8(0..4);
            if fate > 0 && !poisoned {
                self.service.write(&batch);
            }
            if fate < 2 {
                self.under_way = Some(sent);
                return false;
            }
            if !poisoned {
                outbox.record(&batch, &vec![accepted(); sent.len()], None, NOW).unwrap();
                self.settled.extend(sent);
            } else if outbox.refuse(&batch, Some(6), "no", NOW).unwrap() == Refused::Parked {
                self.settled.extend(sent);
            }
        }
    }
}

/// Whatever fails at whatever step, every listen is at the service or in the ledger with its reason, none is lost, none
/// was sent under another moment, and none was sent again after its answer was known.
#[test]
fn no_order_of_failures_loses_a_listen() {
    seeds::each(8, |seed| {
        let mut random = Rng::with_seed(seed);
        let kept = Kept::new();
        let all = listens(random.i64(1..300));
        let poison: BTreeSet<i64> = all.iter().filter(|_| random.u8(0..60) == 0).map(|l| l.played_at).collect();
        let mut life = Life { all: &all, poison, ..Life::default() };
        while !kept.with(|outbox| life.until_killed(outbox, &mut random)) {}
        let Life { service, poison, .. } = life;
        let counts = kept.counts(&target("ann"));
        assert_eq!(counts.undelivered() + counts.ignored, 0);
        assert_eq!(counts.parked, poison.len() as u64);
        let accepted: BTreeSet<_> = kept.entries(&target("ann"), Some("accepted")).into_iter().map(key).collect();
        let held: BTreeSet<_> = service.0.into_keys().collect();
        assert_eq!(accepted, held, "the ledger and the service agree");
        assert_eq!(held.len() + poison.len(), all.len());
    });
}

pub(crate) fn key(entry: Entry) -> (i64, String, String) {
    (entry.listen.played_at, entry.listen.track.artist, entry.listen.track.title)
}

#[test]
fn a_row_is_found_by_its_listen_and_by_its_number() {
    let kept = Kept::new();
    let listens = listens(3);
    kept.add(&target("ann"), &listens);
    kept.add(&target("bob"), &listens[..1]);
    for listen in &listens {
        let row = kept.with(|outbox| outbox.find(&target("ann"), listen).unwrap()).unwrap();
        assert_eq!(&row.listen, listen);
        assert_eq!(kept.with(|outbox| outbox.row(row.id).unwrap()), Some(row));
    }
    let first = |name| kept.with(|outbox| outbox.find(&target(name), &listens[0]).unwrap());
    assert_ne!(first("ann").unwrap().id, first("bob").unwrap().id);
    assert_eq!(kept.with(|outbox| outbox.find(&target("bob"), &listens[1]).unwrap()), None);
    assert_eq!(first("nobody"), None);
    for id in [-1, 0, 5, i64::MAX] {
        assert_eq!(kept.with(|outbox| outbox.row(id).unwrap()), None);
    }
}
