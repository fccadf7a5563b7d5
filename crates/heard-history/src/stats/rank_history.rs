//! One artist's, album's or track's rank through the weeks, months or years.

use std::cmp::Reverse;

use super::StatsError;
use super::by_unit::{Count, Counter, Standing, all_of, by_unit};
use super::filter::{Filter, Matches};
use super::names::Names;
use super::ranking::Kind;
use super::subjects::{Subjects, heard};
use super::unit::{Unit, UnitOfTime};
use crate::columns::Columns;
use crate::identity::{Needle, folded};
use crate::zone::Zone;

/// The ranks of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankHistory {
    /// The artist.
    pub artist: String,
    /// The album's or track's title; `None` for artists.
    pub title: Option<String>,
    /// Every unit in which anything at all was heard, from the first in which this was heard to the last of the period.
    pub rows: Vec<RankThen>,
}

/// A rank in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankThen {
    /// The day, week, month or year.
    pub unit: UnitOfTime,
    /// The rank among everything that was heard then; `None` without plays. Equal plays are ordered by name in
    /// code-point order (artist, then title).
    pub rank: Option<usize>,
    /// Its plays then.
    pub plays: u64,
}

/// The rank, unit by unit, of what the filter's names mean: a track where it names one, else an album, else an artist.
///
/// Of several that match, the one that is named exactly is taken, then one whose name differs only in case, accents
/// and punctuation, then the most heard, then the first by name. Ranks are among everything that the rest of the filter
/// lets through. `None` where nothing matches.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn rank_history(
    columns: &Columns,
    unit: Unit,
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<Option<RankHistory>, StatsError> {
    let kind = match filter {
        Filter { track: Some(_), .. } => Kind::Tracks,
        Filter { album: Some(_), .. } => Kind::Albums,
        _ => Kind::Artists,
    };
    let of_all = Filter { artist: None, album: None, track: None, ..filter.clone() };
    let matches = Matches::in_calendar(columns, &of_all, zone, now)?;
    let subjects = Subjects::new(columns, kind, &filter.counting);
    let plays = heard(columns, kind, &matches)?;
    let names = Names::read(columns, kind, &matches, &all_of(&plays, &subjects))?;
    let mut counter = Counter::default();
    let meant = Meant::by(filter, kind);
    let Some(wanted) = meant.among(&counter.count(&plays, &subjects), &names) else { return Ok(None) };
    let mut rows = Vec::new();
    for (unit, plays) in by_unit(&plays, unit) {
        let counts = counter.count(plays, &subjects);
        let plays = counts.iter().find(|(id, _)| *id == wanted).map_or(0, |(_, plays)| *plays);
        if plays > 0 || !rows.is_empty() {
            let rank = Standing::of(wanted, &counts).map(|standing| standing.rank(&names));
            rows.push(RankThen { unit, rank, plays });
        }
    }
    let (artist, title) = names.owned(wanted);
    Ok(Some(RankHistory { artist, title, rows }))
}

/// What somebody means by a name.
struct Meant<'a> {
    artist: Option<&'a str>,
    title: Option<&'a str>,
}

impl<'a> Meant<'a> {
    fn by(filter: &'a Filter, kind: Kind) -> Self {
        let title = match kind {
            Kind::Artists => None,
            Kind::Albums => filter.album.as_deref(),
            Kind::Tracks => filter.track.as_deref(),
        };
        Self { artist: filter.artist.as_deref(), title }
    }

    fn among(&self, counts: &[Count], names: &Names) -> Option<usize> {
        let needles = [self.artist, self.title].map(|text| text.map(Needle::new));
        let holds = |needle: &Option<Needle>, name: &str| needle.as_ref().is_none_or(|needle| needle.is_in(name));
        let matching = counts.iter().filter(|(id, _)| {
            let (artist, title) = names.of(*id);
            holds(&needles[0], artist) && holds(&needles[1], title.unwrap_or_default())
        });
        matching
            .min_by_key(|(id, plays)| (self.distance(names.of(*id)), Reverse(*plays), names.of(*id)))
            .map(|(id, _)| *id)
    }

    /// How exactly a name is the one that was meant: 0 to the letter, 1 but for its spelling, 2 in part; summed up.
    fn distance(&self, (artist, title): (&str, Option<&str>)) -> u8 {
        let one = |meant: Option<&str>, name: &str| match meant {
            None => 0,
            Some(meant) if meant == name => 0,
            Some(meant) if folded(meant) == folded(name) => 1,
            Some(_) => 2,
        };
        one(self.artist, artist) + one(self.title, title.unwrap_or_default())
    }
}
