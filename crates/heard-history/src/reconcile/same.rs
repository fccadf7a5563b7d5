//! The same thing told again, by the same source or by one that has its seconds from it.

use super::{Keying, NO_MOMENT, Plays, Told, Witness};
use crate::facts::Resolution;
use crate::listen::UNDATED;

/// Less alike than this, two names of one second are two plays.
const ALIKE: f32 = 0.75;

/// What reports of one play have in common. `nth` counts equal ones of one file where each of them is a play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    moment: i64,
    way: u8,
    track: u32,
    other: i64,
    ms_played: i32,
    nth: u32,
}

pub(super) fn join(told: &Told<'_>, plays: &mut Plays) {
    let mut order: Vec<(i64, u32)> = (0..).zip(told.witnesses).map(|(at, it)| (moment(told, it), at)).collect();
    // Most files are in order of time, one way or the other, and cost next to nothing to sort.
    order.sort();
    for moment in order.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        let mut keyed: Vec<(Key, u32)> =
            moment.iter().filter(|(_, at)| !told.is_own(*at)).map(|(_, at)| (key(told, told.at(*at)), *at)).collect();
        count(told, &mut keyed);
        keyed.sort_unstable();
        for same in keyed.chunk_by(|a, b| a.0 == b.0) {
            same[1..].iter().for_each(|(_, at)| plays.join(same[0].1, *at, 1.0));
        }
        join_drifted(told, plays, &keyed);
    }
}

fn moment(told: &Told<'_>, witness: &Witness) -> i64 {
    match told.sources.keying(witness) {
        Keying::Ending | Keying::EndingMinute if witness.ended_at != NO_MOMENT => witness.ended_at,
        _ => witness.played_at,
    }
}

fn key(told: &Told<'_>, witness: &Witness) -> Key {
    let track = told.names.track_group(witness);
    let moment = moment(told, witness);
    let plain = Key { moment, way: 0, track, other: 0, ms_played: 0, nth: 0 };
    match told.sources.keying(witness) {
        _ if witness.played_at == UNDATED => Key { way: 1, ..plain },
        Keying::Ending if witness.uri != 0 => Key { way: 2, track: witness.uri, ms_played: witness.ms_played, ..plain },
        Keying::Ending => Key { way: 3, other: witness.played_at, ms_played: witness.ms_played, ..plain },
        Keying::EndingMinute => Key { way: 4, ms_played: witness.ms_played, ..plain },
        Keying::Moment | Keying::Listed if witness.resolution == Resolution::Minute => Key { way: 5, ..plain },
        Keying::Moment | Keying::Listed => plain,
    }
}

/// Numbers equal rows of one file, where a source can tell of two plays with one key.
fn count(told: &Told<'_>, keyed: &mut [(Key, u32)]) {
    let whose = |at: u32| (told.at(at).account, told.at(at).import);
    let mut repeats: Vec<(Key, (u32, u32), u32, usize)> = keyed
        .iter()
        .enumerate()
        .filter(|(_, (key, at))| matches!(key.way, 1 | 4 | 5) || told.sources.keying(told.at(*at)) == Keying::Listed)
        .map(|(place, (key, at))| (*key, whose(*at), *at, place))
        .collect();
    repeats.sort_unstable();
    for same in repeats.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        for (nth, (.., place)) in (0..).zip(same) {
            keyed[*place].0.nth = nth;
        }
    }
}

/// Joins what is left of one second, where several files of one service tell of it in other spellings.
fn join_drifted(told: &Told<'_>, plays: &mut Plays, keyed: &[(Key, u32)]) {
    let mut left: Vec<(u32, u32)> =
        keyed.iter().filter(|(key, _)| key.way == 0).map(|(_, at)| (plays.root(*at), *at)).collect();
    left.sort_unstable();
    let file = |at: u32| (told.at(at).account, told.at(at).import);
    let mut clusters: Vec<(u32, Vec<(u32, u32)>)> = left
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|cluster| {
            let best = cluster.iter().map(|(_, at)| *at).min_by_key(|at| (told.rank(*at), *at))?;
            Some((best, cluster.iter().map(|(_, at)| file(*at)).collect()))
        })
        .collect();
    // A second with more plays than a person hears is some program's doing, and says nothing of spellings.
    if !(2..=16).contains(&clusters.len()) {
        return;
    }
    for (one, other, alike) in drifted_pairs(told, &clusters) {
        let place = |at: u32| clusters.iter().position(|(root, _)| plays.root(*root) == plays.root(at));
        let (Some(one), Some(other)) = (place(one), place(other)) else { continue };
        let shared = clusters[one].1.iter().any(|file| clusters[other].1.contains(file));
        if one != other && !shared {
            plays.join(clusters[one].0, clusters[other].0, alike);
            // From now on both are found at the first of their places.
            let files = clusters[one.max(other)].1.clone();
            clusters[one.min(other)].1.extend(files);
        }
    }
}

/// Pairs of one service's reports that are alike, the most alike first.
fn drifted_pairs(told: &Told<'_>, clusters: &[(u32, Vec<(u32, u32)>)]) -> Vec<(u32, u32, f32)> {
    let mut pairs = Vec::new();
    for (place, (one, _)) in clusters.iter().enumerate() {
        for (other, _) in &clusters[place + 1..] {
            let (a, b) = (told.at(*one), told.at(*other));
            let alike = if told.sources.are_of_one_service(a, b) { told.names.alike(a, b) } else { 0.0 };
            if alike >= ALIKE {
                pairs.push((*one, *other, alike));
            }
        }
    }
    let text = |at: u32| told.names.text(told.at(at));
    let ends = |pair: &(u32, u32, f32)| {
        let (one, other) = (text(pair.0), text(pair.1));
        (one.min(other), one.max(other))
    };
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| ends(a).cmp(&ends(b))));
    pairs
}
