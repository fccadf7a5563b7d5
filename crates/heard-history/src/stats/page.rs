//! All that is to be told of one artist, album or track.

mod ranks;

use super::StatsError;
use super::by_unit::{Standing, by_unit, count_all};
use super::clock::{Amount, ClockFace};
use super::filter::{By, Filter, Matches};
use super::listens::{Listen, read};
use super::look_up::Subject;
use super::names::Names;
use super::period::{Date, Period};
use super::ranking::{Kind, Ranking, first_places};
use super::sounded::DAY;
use super::streaks::{Streak, longest};
use super::subjects::{Heard, Subjects, heard};
use super::unit::{Unit, UnitOfTime};
use crate::columns::{Column, Columns, ColumnsError};
use crate::zone::Zone;
use ranks::Ranks;

/// A place among others of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 1, by plays; no two share a rank, equal ones are ordered by name in code-point order (artist, then title).
    pub rank: usize,
    /// How many have a place.
    pub of: usize,
}

/// What is told of one artist, album or track. Only plays that have a place in the calendar are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its plays.
    pub amount: Amount,
    /// All plays that the filter lets through, of everything.
    pub total_plays: u64,
    /// Its place in the period; `None` without plays.
    pub place: Option<Place>,
    /// The same whenever it was.
    pub ever: Ever,
    /// The first and the last play; of plays in one second, as `heard.db` numbers them.
    pub ends: Option<(Listen, Listen)>,
    /// Days with plays of it.
    pub days: u64,
    /// The most days in a row with plays of it, the earlier of equal ones.
    pub streak: Option<Streak>,
    /// Its 100th, 500th, 1,000th, 5,000th, 10,000th play and so on, counted within the filter.
    pub milestones: Vec<Reached>,
    /// Every year from the first to the last in which it was heard.
    pub years: Vec<YearOnPage>,
    /// Every month from the first to the last in which it was heard.
    pub months: Vec<(UnitOfTime, Amount)>,
    /// When in the day and on which weekday.
    pub clock: ClockFace,
    /// The most heard tracks of an artist or an album; `None` for a track.
    pub tracks: Option<Ranking>,
    /// The most heard albums of an artist, or those on which a track was heard; `None` for an album.
    pub albums: Option<Ranking>,
    /// Plays of it for which no album was reported.
    pub plays_without_album: u64,
}

/// What is told of all time, whatever the period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ever {
    /// Plays.
    pub plays: u64,
    /// Its place; `None` without plays.
    pub place: Option<Place>,
}

/// A round number of plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Which play it was.
    pub number: u64,
    /// The play.
    pub listen: Listen,
}

/// One year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearOnPage {
    /// The year.
    pub year: UnitOfTime,
    /// Its plays then.
    pub amount: Amount,
    /// Its rank among everything that was heard then; `None` without plays.
    pub rank: Option<usize>,
}

/// All that is to be told of one artist, album or track, which [`look_up`](super::look_up()) found in the same columns,
/// among everything that the filter lets through. Lists of tracks and albums have `limit` rows. A split name's plays
/// count for each artist that it credits.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn page(
    columns: &Columns,
    subject: &Subject,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<Page, StatsError> {
    let Subject { kind, number, .. } = *subject;
    let all = Matches::in_calendar(columns, filter, zone, now)?;
    let own = own(columns, kind, number, filter, &all)?;
    let plays = heard(columns, kind, &own)?;
    let days = days(&plays);
    let ranks = Ranks::read(columns, kind, number, &filter.counting, &all)?;
    let most_heard = |of: Kind| first_places(columns, of, By::Plays, &filter.counting, &own, limit).map(|(_, it)| it);
    Ok(Page {
        amount: amount(&plays),
        total_plays: all.total(),
        place: ranks.place,
        ever: ever(columns, subject, filter, zone, now)?
            .unwrap_or(Ever { plays: plays.len() as u64, place: ranks.place }),
        ends: ends(columns, &own)?,
        days: days.len() as u64,
        streak: longest(&days, Date::at(now, zone)?.number()),
        milestones: milestones(columns, &own)?,
        years: years(&plays, &ranks),
        months: through(&plays, Unit::Month),
        clock: face(&plays),
        tracks: (kind != Kind::Tracks).then(|| most_heard(Kind::Tracks)).transpose()?,
        albums: (kind != Kind::Albums).then(|| most_heard(Kind::Albums)).transpose()?,
        plays_without_album: own.narrowed(columns, Column::AlbumId, |album| album == 0)?.total(),
    })
}

/// The plays that count for one.
fn own(columns: &Columns, kind: Kind, number: usize, filter: &Filter, all: &Matches) -> Result<Matches, ColumnsError> {
    let codes = Subjects::new(columns, kind, &filter.counting).codes_of(number);
    all.narrowed(columns, kind.column(), |code| codes.contains(&code))
}

/// What is told of all time; `None` where the period is that already.
fn ever(
    columns: &Columns,
    subject: &Subject,
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<Option<Ever>, StatsError> {
    if filter.period == Period::Everything && filter.recent.is_none() {
        return Ok(None);
    }
    let always = Filter { period: Period::Everything, recent: None, ..filter.clone() };
    let all = Matches::in_calendar(columns, &always, zone, now)?;
    let counts = count_all(columns, subject.kind, &filter.counting, &all)?;
    let Some(standing) = Standing::of(subject.number, &counts) else { return Ok(Some(Ever { plays: 0, place: None })) };
    let names = Names::read(columns, subject.kind, &all, &standing.names())?;
    let place = Place { rank: standing.rank(&names), of: counts.len() };
    Ok(Some(Ever { plays: standing.plays, place: Some(place) }))
}

/// Days with plays, in order, by their numbers.
fn days(plays: &[Heard]) -> Vec<(i64, Amount)> {
    let day = |play: &Heard| play.local.div_euclid(DAY);
    let days = plays.chunk_by(|one, next| day(one) == day(next));
    days.filter_map(|plays| Some((day(plays.first()?), amount(plays)))).collect()
}

fn face(plays: &[Heard]) -> ClockFace {
    let mut face = ClockFace::default();
    plays.iter().for_each(|play| face.add(play.local, play.known_ms()));
    face
}

fn amount(plays: &[Heard]) -> Amount {
    let mut amount = Amount::default();
    plays.iter().for_each(|play| amount.add(play.known_ms()));
    amount
}

fn ends(columns: &Columns, own: &Matches) -> Result<Option<(Listen, Listen)>, ColumnsError> {
    let Some(first) = own.rows().next() else { return Ok(None) };
    let last = own.rows().last().unwrap_or(first);
    let mut listens = read(columns, &[first, last])?.into_iter();
    Ok(listens.next().zip(listens.next()))
}

fn milestones(columns: &Columns, own: &Matches) -> Result<Vec<Reached>, ColumnsError> {
    let (numbers, rows): (Vec<u64>, Vec<usize>) =
        (1..).zip(own.rows()).filter(|(number, _)| is_milestone(*number)).unzip();
    let listens = read(columns, &rows)?;
    Ok(numbers.into_iter().zip(listens).map(|(number, listen)| Reached { number, listen }).collect())
}

/// 1 or 5 with at least two zeros behind it.
fn is_milestone(number: u64) -> bool {
    let power = 10_u64.pow(number.checked_ilog10().unwrap_or_default());
    number >= 100 && (number == power || number / 5 == power && number.is_multiple_of(5))
}

/// From the first to the last unit, none left out; each with the plays in it.
fn through(plays: &[Heard], unit: Unit) -> Vec<(UnitOfTime, Amount)> {
    let mut units: Vec<(UnitOfTime, Amount)> = Vec::new();
    for (unit, plays) in by_unit(plays, unit) {
        while let Some((last, _)) = units.last().copied()
            && unit.since(last) > 1
        {
            units.push((last.next(), Amount::default()));
        }
        units.push((unit, amount(plays)));
    }
    units
}

fn years(plays: &[Heard], ranks: &Ranks) -> Vec<YearOnPage> {
    let years = through(plays, Unit::Year).into_iter();
    years.map(|(year, amount)| YearOnPage { year, amount, rank: ranks.in_year(year) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milestones_are_ones_and_fives_with_zeros() {
        let found: Vec<u64> = (0..60_000).filter(|number| is_milestone(*number)).collect();
        assert_eq!(found, [100, 500, 1_000, 5_000, 10_000, 50_000]);
        assert!(!is_milestone(u64::MAX));
    }

    #[test]
    fn no_unit_between_the_first_and_the_last_is_left_out() {
        let plays: Vec<Heard> =
            [0, 5, 70 * 86_400, 800 * 86_400].map(|local| Heard { local, code: 1, ms: 1_000 }).to_vec();
        let told = |unit| {
            let units = through(&plays, unit);
            units.into_iter().map(|(unit, it)| format!("{unit}: {} {}", it.plays, it.ms_played)).collect::<Vec<_>>()
        };
        assert_eq!(told(Unit::Year), ["1970: 3 3000", "1971: 0 0", "1972: 1 1000"]);
        assert_eq!(told(Unit::Month)[..4], ["1970-01: 2 2000", "1970-02: 0 0", "1970-03: 1 1000", "1970-04: 0 0"]);
        assert_eq!(told(Unit::Month).len(), 27);
        assert!(through(&[], Unit::Month).is_empty());
    }
}
