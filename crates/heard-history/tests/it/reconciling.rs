//! Which reports tell of one play: made-up reports in a short notation, given in many orders.
//!
//! A report is a line like `S1 0 200 Song / Artist #7`: its source and file, when it began, how long it was played, the
//! track, the artist (the same one where none is named) and the source's own name of the track. Moments are seconds
//! after [`ZERO`]; `never` is an undated play; `0..270` tells an end that the time played does not give. `-` is a time
//! played that is not told. Reports are named by letters in the order in which they are written, and an answer is
//! written as `ba c`: plays, each with its best report first.

mod across;
mod orders;
mod repeats;
mod sureness;

use std::collections::BTreeMap;

use fastrand::Rng;
use heard_history::facts::{Clock, Resolution};
use heard_history::identity::key;
use heard_history::listen::{Service, UNDATED};
use heard_history::reconcile::{Keying, NO_MOMENT, Names, Overrules, Source, Sources, Verdict, Witness, reconcile};

/// The beginning of a minute.
const ZERO: i64 = 1_500_000_000;

/// Who tells: a letter, the source, and whether its file matters or it was asked.
#[rustfmt::skip]
const TELLERS: [(char, Service, &str, Keying, Clock, Resolution); 11] = [
    ('L', Service::Lastfm, "ann", Keying::Listed, Clock::Start, Resolution::Second),
    ('K', Service::Lastfm, "bob", Keying::Listed, Clock::Start, Resolution::Second),
    ('X', Service::Lastfm, "", Keying::Moment, Clock::Start, Resolution::Second),
    ('B', Service::Listenbrainz, "ann", Keying::Listed, Clock::Start, Resolution::Second),
    ('S', Service::Spotify, "", Keying::Ending, Clock::End, Resolution::Second),
    ('D', Service::Spotify, "", Keying::EndingMinute, Clock::End, Resolution::Minute),
    ('A', Service::Applemusic, "", Keying::Ending, Clock::Both, Resolution::Second),
    ('Y', Service::Deezer, "", Keying::Moment, Clock::Start, Resolution::Second),
    ('P', Service::Player, "", Keying::Moment, Clock::Start, Resolution::Second),
    ('F', Service::File, "", Keying::Moment, Clock::Start, Resolution::Second),
    ('M', Service::File, "", Keying::Moment, Clock::Start, Resolution::Minute),
];

/// One report, as its source wrote it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Telling {
    teller: usize,
    file: u32,
    played_at: i64,
    ended_at: i64,
    ms_played: i32,
    artist: String,
    title: String,
    /// The source's own name of the track; empty for none.
    uri: String,
}

impl Telling {
    fn parse(line: &str) -> Self {
        let (line, uri) = line.split_once(" #").map_or((line, None), |(line, uri)| (line, Some(uri)));
        let (line, artist) = line.split_once(" / ").unwrap_or((line, "Mira Vale"));
        let mut words = line.splitn(4, ' ');
        let (who, when, played) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let title = words.next().unwrap();
        let ms = if played == "-" { -1 } else { (played.parse::<f64>().unwrap() * 1000.0).round() as i32 };
        let (began, ended) = when.split_once("..").map_or((when, None), |(began, ended)| (began, Some(ended)));
        let began = if began == "never" { None } else { Some(began.parse().unwrap()) };
        let ended = ended.map(|ended| ended.parse().unwrap());
        let mut telling = Self::new(who.chars().next().unwrap(), who[1..].parse().unwrap(), began, ended, ms);
        (telling.artist, telling.title) = (artist.to_owned(), title.to_owned());
        telling.uri = match uri {
            Some(uri) => uri.to_owned(),
            None if telling.letter() == 'S' => format!("{artist} {title}"),
            None => String::new(),
        };
        telling
    }

    /// What the source makes of a play that began, and perhaps ended, so many seconds after [`ZERO`].
    fn new(letter: char, file: u32, began: Option<i64>, ended: Option<i64>, ms_played: i32) -> Self {
        let teller = TELLERS.iter().position(|teller| teller.0 == letter).unwrap();
        let (.., keying, clock, resolution) = TELLERS[teller];
        let played = i64::from(ms_played.max(0) / 1000);
        let ended = began.map(|began| ZERO + ended.unwrap_or(began + played));
        let (played_at, ended_at) = match (began, resolution) {
            (None, _) => (UNDATED, NO_MOMENT),
            // The minute of the end, less the time played.
            (Some(_), Resolution::Minute) if keying == Keying::EndingMinute => {
                let minute = ended.unwrap() - ended.unwrap().rem_euclid(60);
                (minute - played, minute)
            }
            (Some(began), Resolution::Minute) => (ZERO + began - began.rem_euclid(60), NO_MOMENT),
            (Some(began), Resolution::Second) if clock == Clock::Start => (ZERO + began, NO_MOMENT),
            (Some(began), Resolution::Second) => (ZERO + began, ended.unwrap()),
        };
        let names = (String::new(), String::new(), String::new());
        Self { teller, file, played_at, ended_at, ms_played, artist: names.0, title: names.1, uri: names.2 }
    }

    fn letter(&self) -> char {
        TELLERS[self.teller].0
    }

    /// Account and import.
    fn from(&self) -> (u32, u32) {
        let account = self.teller as u32 + 1;
        let asked = TELLERS[self.teller].3 == Keying::Listed;
        (account, if asked { 0 } else { account * 1000 + self.file })
    }

    fn source(&self) -> Source {
        let (_, service, account, keying, ..) = TELLERS[self.teller];
        Source { service, account: account.to_owned(), keying }
    }
}

/// Numbers for names, in an order by chance.
struct Numbers<T>(BTreeMap<T, u32>);

impl<T: Ord + Clone> Numbers<T> {
    fn new(names: impl Iterator<Item = T>, random: &mut Rng) -> Self {
        let mut names: Vec<T> = names.collect();
        names.sort();
        names.dedup();
        random.shuffle(&mut names);
        Self(names.into_iter().zip(1..).collect())
    }

    /// For each number, what `of` says of its name; number 0 is none.
    fn list<U: Clone + Default>(&self, of: impl Fn(&T) -> U) -> Vec<U> {
        let mut list = vec![U::default(); self.0.len() + 1];
        self.0.iter().for_each(|(name, number)| list[*number as usize] = of(name));
        list
    }

    /// For each number, the smallest number whose name has the same key.
    fn groups<K: Ord>(&self, key: impl Fn(&T) -> K) -> Vec<u32> {
        let mut least: BTreeMap<K, u32> = BTreeMap::new();
        for (name, number) in &self.0 {
            let group = least.entry(key(name)).or_insert(*number);
            *group = (*group).min(*number);
        }
        self.list(|name| least[&key(name)])
    }
}

/// Decides, with the reports in this order and names numbered by chance. Reports keep their places in `tellings`.
fn decide(tellings: &[Telling], order: &[usize], overrules: &Overrules, random: &mut Rng) -> Vec<Verdict> {
    let artists = Numbers::new(tellings.iter().map(|it| it.artist.clone()), random);
    let tracks = Numbers::new(tellings.iter().map(|it| (it.artist.clone(), it.title.clone())), random);
    let uris = Numbers::new(tellings.iter().map(|it| it.uri.clone()).filter(|uri| !uri.is_empty()), random);
    let names = Names {
        artist_groups: artists.groups(|name| key(name)),
        track_groups: tracks.groups(|(artist, title)| (key(artist), key(title))),
        artists: artists.list(|name| name.as_str().into()),
        titles: tracks.list(|(_, title)| title.as_str().into()),
        ..Names::default()
    };
    let witness = |(id, place): (u32, &usize)| {
        let it = &tellings[*place];
        let (account, import) = it.from();
        Witness {
            id,
            played_at: it.played_at,
            local_at: it.played_at,
            ended_at: it.ended_at,
            listener: 1,
            account,
            artist: artists.0[&it.artist],
            album: 0,
            track: tracks.0[&(it.artist.clone(), it.title.clone())],
            uri: uris.0.get(&it.uri).copied().unwrap_or(0),
            import,
            ms_played: it.ms_played,
            clock: TELLERS[it.teller].4,
            resolution: TELLERS[it.teller].5,
        }
    };
    let witnesses: Vec<Witness> = (1..).zip(order).map(witness).collect();
    let sources = Sources::new(tellings.iter().map(|it| (it.from(), it.source())));
    let place = |report: u32| order.iter().position(|place| *place == report as usize).unwrap() as u32;
    let overrules = Overrules {
        same: overrules.same.iter().map(|(one, other)| (place(*one), place(*other))).collect(),
        own: overrules.own.iter().map(|report| place(*report)).collect(),
    };
    let verdicts = reconcile(&witnesses, &sources, &names, &overrules);
    assert!(verdicts.is_sorted_by(|a, b| a.witness < b.witness), "each report at most once, in order: {verdicts:?}");
    let is_further = |at: u32| verdicts.iter().any(|verdict| verdict.witness == at);
    for verdict in &verdicts {
        assert!((0.0..=1.0).contains(&verdict.score) && !is_further(verdict.of), "{verdict:?} of {verdicts:?}");
    }
    let report = |at: u32| order[at as usize] as u32;
    verdicts.iter().map(|it| Verdict { witness: report(it.witness), of: report(it.of), score: it.score }).collect()
}

/// Plays, each with its best report first, then the others in order.
fn plays(count: usize, verdicts: &[Verdict]) -> Vec<Vec<u32>> {
    let stands = |at: u32| verdicts.iter().find(|verdict| verdict.witness == at).map_or(at, |verdict| verdict.of);
    let mut plays: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    (0..count as u32).for_each(|at| plays.entry(stands(at)).or_default().push(at));
    for (best, play) in &mut plays {
        play.sort_by_key(|at| (at != best, *at));
    }
    let mut plays: Vec<Vec<u32>> = plays.into_values().collect();
    plays.sort_by_key(|play| play.iter().min().copied());
    plays
}

fn letter(report: u32) -> char {
    char::from_u32(u32::from('a') + report).unwrap()
}

fn written(plays: &[Vec<u32>]) -> String {
    let words: Vec<String> = plays.iter().map(|play| play.iter().map(|at| letter(*at)).collect()).collect();
    words.join(" ")
}

/// An order in which files come one after the other, each with its rows as they stand in it.
fn shuffled_files(tellings: &[Telling], random: &mut Rng) -> Vec<usize> {
    let mut files: Vec<(u32, u32)> = tellings.iter().map(Telling::from).collect();
    files.sort_unstable();
    files.dedup();
    random.shuffle(&mut files);
    let rows = |file: &(u32, u32)| -> Vec<usize> {
        let of_file = tellings.iter().enumerate().filter(|(_, telling)| telling.from() == *file);
        of_file.map(|(place, _)| place).collect()
    };
    files.iter().flat_map(rows).collect()
}

/// A case: what it shows, its reports, and the plays that they are of.
type Case<'a> = (&'a str, &'a [&'a str], &'a str);

fn try_cases(cases: &[Case<'_>]) {
    for (shows, reports, wanted) in cases {
        try_case(shows, reports, wanted, &Overrules::default());
    }
}

/// Tries reports as they are written, and then with their files in other orders and other numbers for names.
fn try_case(shows: &str, reports: &[&str], wanted: &str, overrules: &Overrules) {
    let tellings: Vec<Telling> = reports.iter().map(|line| Telling::parse(line)).collect();
    let mut random = Rng::with_seed(1);
    let as_written: Vec<usize> = (0..tellings.len()).collect();
    let found = decide(&tellings, &as_written, overrules, &mut random);
    assert_eq!(written(&plays(tellings.len(), &found)), wanted, "{shows}: {reports:#?}");
    for _ in 0..12 {
        let order = shuffled_files(&tellings, &mut random);
        let again = decide(&tellings, &order, overrules, &mut random);
        assert_eq!(told(&tellings, &again), told(&tellings, &found), "{shows}, in the order {order:?}: {reports:#?}");
    }
}

/// A play, by what its reports say: the best one, whichever file of equal ones tells it, and all with how sure they are.
type Decided = (Telling, Vec<(Telling, u32)>);

fn told(tellings: &[Telling], verdicts: &[Verdict]) -> Vec<Decided> {
    let verdict = |at: u32| verdicts.iter().find(|it| it.witness == at);
    let report = |at: u32| tellings[at as usize].clone();
    let decided = |play: Vec<u32>| {
        let best = Telling { file: 0, ..report(play[0]) };
        // Which of equal reports stands for the play says nothing, and it is as sure as those that are told twice.
        let score = |at: &u32| verdict(*at).map_or(100_000, |it| (it.score * 1e5).round() as u32);
        let mut reports: Vec<(Telling, u32)> = play.iter().map(|at| (report(*at), score(at))).collect();
        reports.sort();
        (best, reports)
    };
    let mut told: Vec<Decided> = plays(tellings.len(), verdicts).into_iter().map(decided).collect();
    told.sort();
    told
}
