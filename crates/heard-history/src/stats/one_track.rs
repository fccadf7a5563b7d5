//! Albums of which one track is known.

use super::StatsError;
use super::filter::{Filter, Matches};
use super::names::Names;
use super::ranking::Kind;
use super::subjects::Subjects;
use crate::columns::{Column, Columns, ColumnsError, Moment};
use crate::zone::Zone;

/// An album, and the only one of its tracks that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTrack {
    /// The artist.
    pub artist: String,
    /// The album's title.
    pub album: String,
    /// The track's title.
    pub track: String,
    /// Its plays.
    pub plays: u64,
    /// The last of them, in Unix seconds.
    pub last_at: i64,
}

/// What is known of an album so far: one track, by its title's code and its number, or several.
#[derive(Clone, Copy, Default)]
struct Known {
    plays: u64,
    track: i32,
    title: i32,
    is_several: bool,
    last_at: i64,
}

/// Albums of which exactly one track was heard, ordered by artist and title. Plays without a moment and those of wrong
/// clocks are not counted.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn one_track(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Vec<OneTrack>, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let subjects = Subjects::new(columns, Kind::Albums, &filter.counting);
    let known = known(columns, &matches, &subjects)?;
    let is_one = |id: &usize| known[*id].plays > 0 && !known[*id].is_several;
    let ids: Vec<usize> = (0..known.len()).filter(is_one).collect();
    let names = Names::read(columns, Kind::Albums, &matches, &ids)?;
    let titles = columns.dictionary(Column::Track)?;
    let one = |id: usize| {
        let (artist, album) = names.owned(id);
        let Known { plays, title, last_at, .. } = known[id];
        OneTrack { artist, album: album.unwrap_or_default(), track: titles.get(title).to_owned(), plays, last_at }
    };
    let mut found: Vec<OneTrack> = ids.into_iter().map(one).collect();
    found.sort_by(|a, b| (&a.artist, &a.album).cmp(&(&b.artist, &b.album)));
    Ok(found)
}

fn known(columns: &Columns, matches: &Matches, subjects: &Subjects) -> Result<Vec<Known>, ColumnsError> {
    let mut known: Vec<Known> = Vec::new();
    for (range, counts) in matches.iter() {
        let moments = columns.moments(Moment::PlayedAt, range.clone())?;
        let tracks = columns.values(Column::TrackId, range.clone())?;
        let titles = columns.values(Column::Track, range.clone())?;
        columns.for_each_block(Column::AlbumId, range.clone(), |first, albums| {
            for (place, album) in (first - range.start..).zip(albums) {
                if counts.is_none_or(|counts| counts[place]) {
                    subjects.each(*album, |id| {
                        if id >= known.len() {
                            known.resize((id + 1).next_power_of_two(), Known::default());
                        }
                        known[id].hear(tracks[place], titles[place], moments[place]);
                    });
                }
            }
        })?;
    }
    Ok(known)
}

impl Known {
    fn hear(&mut self, track: i32, title: i32, at: i64) {
        self.is_several |= self.plays > 0 && self.track != track;
        (self.track, self.title, self.last_at) = (track, title, at);
        self.plays += 1;
    }
}
