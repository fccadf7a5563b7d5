//! Tables without a header: what their columns mean is told by their values.

use std::collections::HashSet;

use super::header::without_moment;
use super::sample::{Line, Sample, width};
use super::{Column, Delimiter, Quoting, Recognised, Table};
use crate::listen::Service;
use crate::normalise::moments::{Moments, Pattern, Undecided};

/// Counts of seconds below this (2001-09-09) are taken for other numbers where no header says what they are: nobody
/// collected plays before 2002.
const FIRST_SECOND: i64 = 1_000_000_000;

/// A table whose columns can be told by their values; or a refusal of one whose columns cannot.
pub(super) fn recognise(sample: &Sample<'_>) -> Option<Result<Recognised, String>> {
    let mut refused = has_table_name(sample.name).then_some((0, Unclear::Time));
    for delimiter in Delimiter::ALL {
        let quoting = sample.quoting(delimiter);
        let lines = sample.divide(delimiter, quoting);
        let Some((width, true)) = width(&lines) else { continue };
        if width < 2 {
            continue;
        }
        let columns: Vec<Values<'_>> = (0..width).map(|at| Values::of(&lines, width, at)).collect();
        match roles(&columns, delimiter) {
            Ok(columns) => return Some(Ok(recognised(delimiter, quoting, columns))),
            // Of several ways to divide it, the one with the most columns is the likeliest.
            Err(why) if (width > 2 || why != Unclear::Time) && refused.is_none_or(|(most, _)| width > most) => {
                refused = Some((width, why));
            }
            Err(_) => {}
        }
    }
    refused.map(|(_, why)| Err(why.sentence()))
}

/// Exporters of Last.fm's lists leave the header out; others do not.
fn recognised(delimiter: Delimiter, quoting: Quoting, columns: Vec<Column>) -> Recognised {
    let service = Service::Lastfm;
    let without_moment = without_moment(service);
    let table = Table { delimiter, quoting, columns, without_moment, apostrophes: false, na: false };
    Recognised { table, skip_lines: 0, service, account: None }
}

fn has_table_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".csv", ".tsv"].iter().any(|end| name.ends_with(end))
}

/// Why columns cannot be told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unclear {
    /// None holds moments.
    Time,
    /// One holds moments with the day or the month first.
    DayOrMonth(usize),
    /// Artists, albums and tracks cannot be told apart.
    Names,
}

impl Unclear {
    fn sentence(self) -> String {
        let example = "say which columns are which, counted from 1: --columns artist=2,track=1,time=5";
        match self {
            Self::Time => format!("this table has no header, and no column tells when something was played; {example}"),
            Self::DayOrMonth(at) => format!(
                "the dates in column {at} may tell the day first or the month first; say \
                 --columns artist=2,track=1,time-day-first={at} (or time-month-first={at}), with the other columns' \
                 numbers, counted from 1"
            ),
            Self::Names => {
                format!("this table has no header, and its artists, albums and tracks cannot be told apart; {example}")
            }
        }
    }
}

/// The values of a column.
struct Values<'a> {
    told: Vec<&'a str>,
    rows: usize,
}

impl<'a> Values<'a> {
    fn of(lines: &'a [Line], width: usize, at: usize) -> Self {
        let sound = lines.iter().filter(|line| line.cells.len() == width);
        let all: Vec<&str> = sound.map(|line| line.told(at)).collect();
        let rows = all.len();
        Self { told: all.into_iter().filter(|told| !told.is_empty()).collect(), rows }
    }

    fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// How many different values there are.
    fn distinct(&self) -> usize {
        self.told.iter().collect::<HashSet<_>>().len()
    }

    /// Whether more than one in twenty is empty.
    fn has_gaps(&self) -> bool {
        (self.rows - self.told.len()) * 20 > self.rows
    }

    /// The pattern, if nearly all values are moments of plays.
    fn moments(&self) -> Result<Option<Pattern>, Undecided> {
        let plausible = self.told.iter().filter(|told| tells_moment(told) || **told == "0").count();
        if self.told.iter().all(|told| *told == "0") || plausible * 10 < self.told.len() * 9 {
            return Ok(None);
        }
        Pattern::decide(self.told.iter().copied()).map(Some)
    }

    fn are_mbids(&self) -> bool {
        !self.is_empty() && self.told.iter().all(|told| is_mbid(told))
    }

    /// Whether they count up or down by one: numbers of rows.
    fn are_row_numbers(&self) -> bool {
        let numbers: Option<Vec<i64>> = self.told.iter().map(|told| told.parse().ok()).collect();
        let steps = |numbers: &[i64], step| {
            numbers.windows(2).all(|pair| matches!(pair, [one, next] if one.checked_add(step) == Some(*next)))
        };
        numbers.is_some_and(|numbers| numbers.len() > 1 && (steps(&numbers, 1) || steps(&numbers, -1)))
    }
}

/// Whether a text is the moment of a play beyond doubt.
pub(super) fn tells_moment(text: &str) -> bool {
    let moments = Moments::in_zone(None);
    let number = moments.read(Pattern::Seconds, text).is_some_and(|moment| moment.second >= FIRST_SECOND);
    number
        || moments.read(Pattern::Milliseconds, text).is_some_and(|moment| moment.second >= FIRST_SECOND)
        || [Pattern::YearMonthDay, Pattern::MonthName, Pattern::DayMonthYear, Pattern::MonthDayYear]
            .into_iter()
            .any(|pattern| moments.read(pattern, text).is_some())
}

/// Whether a text has the form of an id of MusicBrainz.
fn is_mbid(text: &str) -> bool {
    let dashed =
        |(at, byte): (usize, u8)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    text.len() == 36 && text.bytes().enumerate().all(dashed)
}

/// What the columns mean.
fn roles(columns: &[Values<'_>], delimiter: Delimiter) -> Result<Vec<Column>, Unclear> {
    let mut roles = vec![Column::Ignored; columns.len()];
    let mut names = Vec::new();
    let mut timed = false;
    for ((at, values), role) in columns.iter().enumerate().zip(&mut roles) {
        match values.moments() {
            Ok(Some(pattern)) => {
                *role = Column::Began(pattern);
                timed = true;
            }
            Err(Undecided::DayOrMonth) => return Err(Unclear::DayOrMonth(at + 1)),
            _ if values.are_mbids() || values.are_row_numbers() => {}
            _ => names.push(at),
        }
    }
    if !timed {
        return Err(Unclear::Time);
    }
    if let Some(known) = exporter(columns, &roles, delimiter) {
        return Ok(known);
    }
    names.retain(|at| columns.get(*at).is_some_and(|values| !values.is_empty()));
    for (at, role) in name_roles(columns, &names).ok_or(Unclear::Names)? {
        if let Some(place) = roles.get_mut(at) {
            *place = role;
        }
    }
    add_mbids(columns, &mut roles);
    Ok(roles)
}

const ARTIST_ALBUM_TRACK: [Column; 3] = [Column::Artist, Column::Album, Column::Track];
const TRACK_ALBUM_ARTIST: [Column; 3] = [Column::Track, Column::Album, Column::Artist];
const TRACK_ARTIST_ALBUM: [Column; 3] = [Column::Track, Column::Artist, Column::Album];
const ARTIST_TRACK_ALBUM: [Column; 3] = [Column::Artist, Column::Track, Column::Album];

/// The columns of an exporter that writes no header, known by where its moments stand, unless the values contradict.
fn exporter(columns: &[Values<'_>], roles: &[Column], delimiter: Delimiter) -> Option<Vec<Column>> {
    let (before, order) = match roles {
        // Last.fm's dates behind artist, album and track, as in `lastfm-benfoxall/pingw33n_lastfm_scrobbles.csv`.
        [_, _, _, Column::Began(Pattern::MonthName)] => (0, ARTIST_ALBUM_TRACK),
        // Both of Last.fm's moments behind track, album and artist, as in `lastfm-other/stunglan_lastfmplays.csv`.
        [_, _, _, Column::Began(Pattern::MonthName), Column::Began(Pattern::Seconds)]
            if delimiter == Delimiter::Semicolon =>
        {
            (0, TRACK_ALBUM_ARTIST)
        }
        // Seconds before track, artist, album and their ids in the same order, as lastexport.py writes them.
        [Column::Began(Pattern::Seconds), _, _, _, _, _, _] if delimiter == Delimiter::Tab => (1, TRACK_ARTIST_ALBUM),
        // Seconds before artist, track and album.
        [Column::Began(Pattern::Seconds), _, _, _] => (1, ARTIST_TRACK_ALBUM),
        _ => return None,
    };
    let mut known = roles.to_vec();
    for (place, role) in known.iter_mut().skip(before).zip(order) {
        if *place != Column::Ignored {
            return None;
        }
        *place = role;
    }
    if roles.len() == 7 {
        let ids = [Column::RecordingMbid, Column::ArtistMbid, Column::ReleaseMbid];
        for ((place, role), values) in known.iter_mut().zip(ids_behind(ids)).zip(columns) {
            let Some(role) = role else { continue };
            if !values.is_empty() && !values.are_mbids() {
                return None;
            }
            *place = role;
        }
    }
    let of = |column| known.iter().position(|other| *other == column).and_then(|at| columns.get(at));
    let (artists, albums, tracks) = (of(Column::Artist)?, of(Column::Album)?, of(Column::Track)?);
    // Nothing but the moment's place speaks for the last of these orders, so that less is enough to speak against it.
    let doubtful = order == ARTIST_TRACK_ALBUM && fewer(albums.distinct(), artists.distinct());
    (!doubtful && !contradicts(artists, albums, tracks)).then_some(known)
}

fn ids_behind(ids: [Column; 3]) -> [Option<Column>; 7] {
    let [track, artist, album] = ids.map(Some);
    [None, None, None, None, track, artist, album]
}

/// Whether one count is clearly smaller than another.
fn fewer(one: usize, other: usize) -> bool {
    one * 10 < other * 9
}

/// Whether the values speak against these roles: there are more titles than artists and than albums, and only albums
/// are often missing.
fn contradicts(artists: &Values<'_>, albums: &Values<'_>, tracks: &Values<'_>) -> bool {
    let titles = tracks.distinct();
    fewer(titles, artists.distinct()) || fewer(titles, albums.distinct()) || artists.has_gaps() || tracks.has_gaps()
}

/// Which of the columns of names is which: only albums are often missing; of the others artists repeat most and tracks
/// least.
fn name_roles(columns: &[Values<'_>], names: &[usize]) -> Option<Vec<(usize, Column)>> {
    let values: Vec<(usize, &Values<'_>)> = names.iter().filter_map(|at| Some((*at, columns.get(*at)?))).collect();
    let (gaps, mut full): (Vec<_>, Vec<_>) = values.into_iter().partition(|(_, values)| values.has_gaps());
    full.sort_by_key(|(_, values)| values.distinct());
    let clearly = full.windows(2).all(|pair| match pair {
        [(_, one), (_, other)] => fewer(one.distinct(), other.distinct()),
        _ => false,
    });
    let roles: &[Column] = match (full.len(), gaps.len()) {
        (2, 0 | 1) => &[Column::Artist, Column::Track],
        (3, 0) => &ARTIST_ALBUM_TRACK,
        _ => return None,
    };
    let albums = gaps.iter().map(|(at, _)| (*at, Column::Album));
    clearly.then(|| full.iter().map(|(at, _)| *at).zip(roles.iter().copied()).chain(albums).collect())
}

/// A column of ids directly behind a column of names holds their ids.
fn add_mbids(columns: &[Values<'_>], roles: &mut [Column]) {
    for (at, values) in columns.iter().enumerate().skip(1) {
        let id = match roles.get(at - 1) {
            Some(Column::Artist) => Column::ArtistMbid,
            Some(Column::Album) => Column::ReleaseMbid,
            Some(Column::Track) => Column::RecordingMbid,
            _ => continue,
        };
        if values.are_mbids()
            && let Some(place) = roles.get_mut(at)
        {
            *place = id;
        }
    }
}
