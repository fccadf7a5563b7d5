//! Whom a made-up listener knows, and what they put on next.

use crate::{
    names::{invent_artist, invent_mbid, invent_title},
    play::Play,
    random::Random,
};

/// An album, or the loose tracks of an artist when it has no title.
struct Record {
    title: String,
    mbid: String,
    tracks: Vec<(String, String, bool)>,
}

struct Artist {
    name: String,
    mbid: String,
    records: Vec<Record>,
    /// Sums of the records' weights, for choosing.
    sums: Vec<f64>,
}

/// All that the listener knows, more and less loved: the weight of the nth artist falls as 1/n, as does that of records.
pub(crate) struct Taste {
    artists: Vec<Artist>,
    sums: Vec<f64>,
}

impl Taste {
    /// Invents as many artists as a history of so many plays would know.
    pub(crate) fn invent(plays: usize, random: &mut Random) -> Self {
        let artists: Vec<_> = (0..3 + (plays as f64).powf(0.6) as usize).map(|_| Artist::invent(random)).collect();
        Self { sums: zipf_sums(artists.len()), artists }
    }

    /// Begins to listen by this taste.
    pub(crate) fn listen<'a>(&'a self, random: &'a mut Random) -> Listening<'a> {
        Listening { taste: self, random, artist: 0, record: 0, track: 0, left: 0 }
    }
}

impl Artist {
    fn invent(random: &mut Random) -> Self {
        let records: Vec<_> = (0..1 + random.below(7)).map(|_| Record::invent(random)).collect();
        let mbid = if random.chance(0.6) { invent_mbid(random) } else { String::new() };
        Self { name: invent_artist(random), mbid, sums: zipf_sums(records.len()), records }
    }
}

impl Record {
    fn invent(random: &mut Random) -> Self {
        let title = if random.chance(0.9) { invent_title(random) } else { String::new() };
        let mbid = if title.is_empty() || random.chance(0.6) { String::new() } else { invent_mbid(random) };
        let track = |random: &mut Random| {
            let mbid = if random.chance(0.25) { invent_mbid(random) } else { String::new() };
            (invent_title(random), mbid, random.chance(0.03))
        };
        let tracks = (0..3 + random.below(12)).map(|_| track(random)).collect();
        Self { title, mbid, tracks }
    }
}

/// A walk through a taste: records are often heard in order, single tracks between them.
pub(crate) struct Listening<'a> {
    taste: &'a Taste,
    random: &'a mut Random,
    artist: usize,
    record: usize,
    track: usize,
    /// How many more tracks of the present record are heard in order.
    left: usize,
}

impl Listening<'_> {
    /// What is heard next, at `uts`.
    pub(crate) fn next_at(&mut self, uts: i64) -> Play {
        let artist = &self.taste.artists[self.artist];
        if self.left > 0 && self.track + 1 < artist.records[self.record].tracks.len() {
            self.left -= 1;
            self.track += 1;
        } else {
            self.turn();
        }
        let artist = &self.taste.artists[self.artist];
        let record = &artist.records[self.record];
        let (track, track_mbid, loved) = &record.tracks[self.track];
        Play {
            uts,
            artist: artist.name.clone(),
            album: record.title.clone(),
            track: track.clone(),
            artist_mbid: artist.mbid.clone(),
            album_mbid: record.mbid.clone(),
            track_mbid: track_mbid.clone(),
            loved: *loved,
        }
    }

    /// Chooses the next artist, record and track.
    fn turn(&mut self) {
        self.artist = by_sums(&self.taste.sums, self.random);
        let artist = &self.taste.artists[self.artist];
        self.record = by_sums(&artist.sums, self.random);
        let in_order = self.random.chance(0.3);
        self.left = if in_order { 20 } else { 0 };
        self.track = if in_order { 0 } else { self.random.below(artist.records[self.record].tracks.len()) };
    }
}

fn zipf_sums(count: usize) -> Vec<f64> {
    let weights = (1..=count).map(|rank| 1.0 / rank as f64);
    let mut sum = 0.0;
    weights
        .map(|weight| {
            sum += weight;
            sum
        })
        .collect()
}

fn by_sums(sums: &[f64], random: &mut Random) -> usize {
    let total = sums.last().copied().unwrap_or(0.0);
    let wanted = random.unit() * total;
    sums.partition_point(|sum| *sum <= wanted).min(sums.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::{by_sums, zipf_sums};
    use crate::random::Random;

    #[test]
    fn the_nth_is_chosen_an_nth_as_often() {
        let (sums, mut random, mut chosen) = (zipf_sums(4), Random::new(8), [0.0; 4]);
        for _ in 0..20_000 {
            chosen[by_sums(&sums, &mut random)] += 1.0;
        }
        for (at, count) in chosen.iter().enumerate() {
            let share: f64 = count * (at + 1) as f64 / chosen[0];
            assert!((0.9..1.1).contains(&share), "{chosen:?}");
        }
    }
}
