//! One play told by two sources, each in its own way.

use std::collections::HashMap;

use super::{FARTHEST, Plays, Told, Witness};
use crate::facts::Resolution;
use crate::identity::Likeness;
use crate::listen::UNDATED;

/// How far beginnings may lie apart at most, in seconds: players and services tell of one play 4 to 54 seconds apart
/// (metabrainz/listenbrainz-server#201), and a pause moves a beginning that is computed from the end.
const APART: i64 = 90;

/// However short a play was, its beginnings may lie this far apart.
const APART_AT_LEAST: i64 = 20;

/// Less alike than this, names are those of two tracks.
const ALIKE: f32 = 0.75;

/// Names are compared letter by letter only where fewer plays than this lie within reach.
const CROWD: usize = 64;

/// What a scrobbler does not send: less than this many milliseconds of a track.
const SCROBBLED_MS: i32 = 30_000;

/// Reports that were found to be one play, as one that can be joined with others.
struct Unit {
    /// Its best report.
    at: u32,
    track: u32,
    began: (i64, i64),
    /// Kinds of sources that tell of it.
    kinds: u128,
}

/// Two units that may be one play.
struct Pair {
    one: usize,
    other: usize,
    cost: f32,
}

pub(super) fn join(told: &Told<'_>, plays: &mut Plays) {
    let mut units = units(told, plays);
    units.sort_by_key(|unit| (unit.track, unit.began, unit.at));
    let mut pairs = Vec::new();
    for (place, one) in units.iter().enumerate() {
        for (further, other) in units[place + 1..].iter().enumerate() {
            if other.track != one.track || other.began.0.saturating_sub(one.began.1) > FARTHEST {
                break;
            }
            pairs.extend(pair(told, &units, place, place + 1 + further, 1.0));
        }
    }
    take(told, plays, &mut units, pairs);
    units.retain(|unit| unit.kinds != 0);
    units.sort_by_key(|unit| (unit.began, unit.at));
    let pairs = alike_pairs(told, &units);
    take(told, plays, &mut units, pairs);
}

fn units(told: &Told<'_>, plays: &Plays) -> Vec<Unit> {
    let dated = (0..).zip(told.witnesses).filter(|(at, it)| it.played_at != UNDATED && !told.is_own(*at));
    let mut members: Vec<(u32, u32)> = dated.map(|(at, _)| (plays.root(at), at)).collect();
    members.sort_unstable();
    members
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|play| {
            let at = match play {
                [(_, only)] => *only,
                several => several.iter().map(|(_, at)| *at).min_by_key(|at| (told.rank(*at), *at))?,
            };
            let kinds = play.iter().filter_map(|(_, at)| kind(told, *at)).fold(0, |all, kind| all | kind);
            let witness = told.at(at);
            Some(Unit { at, track: told.names.track_group(witness), began: witness.began(), kinds })
        })
        .collect()
}

/// A bit for each kind of source; its minutes and its seconds are two kinds.
fn kind(told: &Told<'_>, at: u32) -> Option<u128> {
    let witness = told.at(at);
    let place = u32::try_from(told.sources.rank(witness)).ok()?.checked_mul(2)?;
    1_u128.checked_shl(place + u32::from(witness.resolution == Resolution::Minute))
}

/// What it costs to take two units for one play; `None` where they cannot be one.
fn pair(told: &Told<'_>, units: &[Unit], one: usize, other: usize, alike: f32) -> Option<Pair> {
    let (a, b) = (&units[one], &units[other]);
    let (first, second) = (told.at(a.at), told.at(b.at));
    if a.kinds & b.kinds != 0 || !told.sources.are_strangers(first, second) || was_never_sent(first, second) {
        return None;
    }
    let apart = apart(first, second);
    let tolerance = tolerance(first, second);
    if apart > tolerance {
        return None;
    }
    // At most 90 and 20: small whole numbers.
    let share = f32::from(i16::try_from(apart).ok()?) / f32::from(i16::try_from(tolerance).ok()?);
    Some(Pair { one, other, cost: 0.3 * share + (1.0 - alike) })
}

/// Services do not tell the time played, because they take only what was played for long enough.
fn was_never_sent(one: &Witness, other: &Witness) -> bool {
    let short = |it: &Witness| (0..SCROBBLED_MS).contains(&it.ms_played);
    (short(one) && other.ms_played < 0) || (short(other) && one.ms_played < 0)
}

/// Seconds between two beginnings, or two ends where both are told, whatever is less. 0 where they may be one moment.
fn apart(one: &Witness, other: &Witness) -> i64 {
    let between = |a: (i64, i64), b: (i64, i64)| a.0.saturating_sub(b.1).max(b.0.saturating_sub(a.1)).max(0);
    let beginnings = between(one.began(), other.began());
    match (one.ended(), other.ended()) {
        (Some(a), Some(b)) => beginnings.min(between(a, b)),
        _ => beginnings,
    }
}

fn tolerance(one: &Witness, other: &Witness) -> i64 {
    let played = [one, other].into_iter().map(|it| it.ms_played).filter(|ms| *ms >= 0).min();
    // A repeat begins a whole play later, so half of one, and a little, is still nearer to its own.
    played.map_or(APART, |ms| (i64::from(ms) * 6 / 10_000).clamp(APART_AT_LEAST, APART))
}

/// Pairs within reach whose names are alike without being the same.
fn alike_pairs(told: &Told<'_>, units: &[Unit]) -> Vec<Pair> {
    let mut names = Alikeness { told, known: HashMap::default() };
    let mut pairs = Vec::new();
    for (place, one) in units.iter().enumerate() {
        let reach = one.began.1.saturating_add(APART);
        let near = units[place + 1..].iter().take_while(|other| other.began.0 <= reach).count();
        if near > CROWD {
            continue;
        }
        for other in place + 1..=place + near {
            let Some(mut found) = pair(told, units, place, other, 1.0) else { continue };
            let alike = names.of(one.at, units[other].at);
            if alike >= ALIKE {
                found.cost += 1.0 - alike;
                pairs.push(found);
            }
        }
    }
    pairs
}

/// Names in the forms in which they are compared, made once for each track.
struct Alikeness<'a> {
    told: &'a Told<'a>,
    known: HashMap<u32, (Likeness, Likeness), foldhash::fast::RandomState>,
}

impl Alikeness<'_> {
    fn of(&mut self, one: u32, other: u32) -> f32 {
        let (one, other) = (self.told.at(one), self.told.at(other));
        for witness in [one, other] {
            if !self.known.contains_key(&witness.track) {
                self.known.insert(witness.track, self.told.names.likeness(witness));
            }
        }
        let ((artist, title), (other_artist, other_title)) = (&self.known[&one.track], &self.known[&other.track]);
        let (artists, titles) = (artist.to(other_artist), title.to(other_title));
        // A title in common may be chance ("Intro"), and an artist in common is an evening with one record.
        if titles < 0.7 || artists < 0.5 { 0.0 } else { 0.4 * artists + 0.6 * titles }
    }
}

/// Joins the cheapest pairs first, each unit with no two of one kind. Joined units are emptied.
fn take(told: &Told<'_>, plays: &mut Plays, units: &mut [Unit], mut pairs: Vec<Pair>) {
    pairs.sort_by(|a, b| {
        let ends = |pair: &Pair| {
            let mut ends = [told.rank(units[pair.one].at), told.rank(units[pair.other].at)];
            ends.sort();
            ends
        };
        a.cost.total_cmp(&b.cost).then_with(|| ends(a).cmp(&ends(b)))
    });
    let mut joined: Vec<usize> = (0..units.len()).collect();
    for Pair { one, other, cost } in pairs {
        let (one, other) = (place_of(&joined, one), place_of(&joined, other));
        if one == other || units[one].kinds & units[other].kinds != 0 {
            continue;
        }
        plays.join(units[one].at, units[other].at, (1.0 - cost).max(0.0));
        units[one].kinds |= units[other].kinds;
        units[other].kinds = 0;
        joined[other] = one;
        // The best report speaks for the play from now on, whichever of them was found first.
        if told.rank(units[other].at) < told.rank(units[one].at) {
            let (at, track, began) = (units[other].at, units[other].track, units[other].began);
            (units[one].at, units[one].track, units[one].began) = (at, track, began);
        }
    }
}

fn place_of(joined: &[usize], mut at: usize) -> usize {
    while joined[at] != at {
        at = joined[at];
    }
    at
}
