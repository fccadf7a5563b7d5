//! Round numbers and anniversaries.

use super::StatsError;
use super::filter::{Filter, Matches};
use super::listens::read;
use super::period::Date;
use super::ranking::Kind;
use super::sounded;
use super::subjects::Subjects;
use crate::columns::{Column, Columns, Moment};
use crate::zone::Zone;

/// What was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MilestoneKind {
    /// Years since the first listen.
    Anniversary,
    /// A number of listens.
    Listen,
    /// A number of listens of one artist.
    Artist,
}

/// A round number, or an anniversary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// What was reached.
    pub kind: MilestoneKind,
    /// Which listen it was, of all or of the artist; for an anniversary, how many years ago the first was.
    pub number: u64,
    /// The day of the listener's calendar.
    pub day: Date,
    /// Listens up to and with that one; for an anniversary, up to the day before.
    pub listens: u64,
    /// When the play began, in Unix seconds; an anniversary is a day and has none.
    pub played_at: Option<i64>,
    /// The artist: of the play, or the one whose number it is. An anniversary has none.
    pub artist: Option<String>,
    /// The play's track.
    pub track: Option<String>,
}

/// Which numbers of listens are milestones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Round {
    /// The first listen, every 1,000th up to 10,000, every 10,000th up to 100,000, every 100,000th up to a million, and
    /// every millionth; for an artist the 100th, 1,000th and so on.
    #[default]
    Usual,
    /// The first listen, and every so many.
    Every(u64),
}

impl Round {
    fn has_listen(self, number: u64) -> bool {
        let step = match self {
            Self::Every(step) => step,
            Self::Usual => match number {
                0..10_000 => 1_000,
                10_000..100_000 => 10_000,
                100_000..1_000_000 => 100_000,
                _ => 1_000_000,
            },
        };
        number == 1 || (step > 0 && number.is_multiple_of(step))
    }

    fn has_artists_listen(self, number: u64) -> bool {
        match self {
            Self::Every(step) => step > 0 && number.is_multiple_of(step),
            Self::Usual => number >= 100 && number == 10_u64.pow(number.ilog10()),
        }
    }
}

/// A milestone that is a play.
struct Reached {
    kind: MilestoneKind,
    number: u64,
    listens: u64,
    row: usize,
    /// The artist whose number it is.
    artist: Option<usize>,
}

/// The milestones of these kinds, in order of time; on one day anniversaries come first, and of one play its number
/// before the numbers of its artists, which are ordered by name. Listens are counted within the filter: with a year,
/// from the first listen of that year. An anniversary of 29 February is on the 28th where there is none. A split name's
/// plays count for each artist that it credits. Plays without a moment and those of wrong clocks are not counted.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn milestones(
    columns: &Columns,
    kinds: &[MilestoneKind],
    round: Round,
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<Vec<Milestone>, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let mut reached = Vec::new();
    if kinds.contains(&MilestoneKind::Listen) {
        reached.extend(listens(round, &matches));
    }
    if kinds.contains(&MilestoneKind::Artist) {
        reached.extend(artists(columns, round, filter, &matches)?);
    }
    let mut found = told(columns, reached)?;
    if kinds.contains(&MilestoneKind::Anniversary) {
        found.extend(anniversaries(columns, filter, &matches, zone, now)?);
    }
    let key = |it: &Milestone| (it.day, it.played_at, it.listens, it.kind);
    found.sort_by(|one, other| (key(one), &one.artist).cmp(&(key(other), &other.artist)));
    Ok(found)
}

fn listens(round: Round, matches: &Matches) -> Vec<Reached> {
    let reached = |(number, row)| Reached { kind: MilestoneKind::Listen, number, listens: number, row, artist: None };
    (1..).zip(matches.rows()).filter(|(number, _)| round.has_listen(*number)).map(reached).collect()
}

fn artists(columns: &Columns, round: Round, filter: &Filter, matches: &Matches) -> Result<Vec<Reached>, StatsError> {
    let subjects = Subjects::new(columns, Kind::Artists, &filter.counting);
    let (mut listens, mut reached) = (0, Vec::new());
    let mut plays: Vec<u64> = Vec::new();
    for (range, counts) in matches.iter() {
        columns.for_each_block(Column::Artist, range.clone(), |first, codes| {
            for (row, code) in (first..).zip(codes) {
                if !counts.is_none_or(|counts| counts[row - range.start]) {
                    continue;
                }
                listens += 1;
                subjects.each(*code, |artist| {
                    plays.resize(plays.len().max(artist + 1), 0);
                    plays[artist] += 1;
                    let number = plays[artist];
                    if round.has_artists_listen(number) {
                        let kind = MilestoneKind::Artist;
                        reached.push(Reached { kind, number, listens, row, artist: Some(artist) });
                    }
                });
            }
        })?;
    }
    Ok(reached)
}

/// The plays behind numbers.
fn told(columns: &Columns, reached: Vec<Reached>) -> Result<Vec<Milestone>, StatsError> {
    let names = columns.dictionary(Column::Artist)?;
    let rows: Vec<usize> = reached.iter().map(|it| it.row).collect();
    let milestone = |(it, play): (Reached, super::Listen)| {
        let name = it.artist.map(|artist| names.get(i32::try_from(artist).unwrap_or(i32::MAX)).to_owned());
        Milestone {
            kind: it.kind,
            number: it.number,
            day: Date::numbered(play.local_at.unwrap_or_default().div_euclid(sounded::DAY)),
            listens: it.listens,
            played_at: play.played_at,
            artist: Some(name.unwrap_or(play.artist)),
            track: Some(play.track),
        }
    };
    Ok(reached.into_iter().zip(read(columns, &rows)?).map(milestone).collect())
}

fn anniversaries(
    columns: &Columns,
    filter: &Filter,
    matches: &Matches,
    zone: &Zone,
    now: i64,
) -> Result<Vec<Milestone>, StatsError> {
    let Some(first) = matches.iter().find_map(|(range, _)| range.clone().find(|row| matches.has(*row))) else {
        return Ok(Vec::new());
    };
    let first = Date::numbered(columns.moments(Moment::LocalAt, first..first + 1)?[0].div_euclid(sounded::DAY));
    // Today is the last that can have come, and the period's end the last that is asked for.
    let end = filter.period.moments(zone, now)?.to.saturating_sub(1).min(now);
    let last = Date::at(end, zone)?;
    let days = sounded::days(columns, matches)?;
    let before = |day: Date| days.iter().take_while(|(heard, _)| *heard < day.number()).map(|(_, it)| it.plays).sum();
    let milestone = |years: u64| {
        let day = first.years_later(years).filter(|day| *day <= last)?;
        let kind = MilestoneKind::Anniversary;
        Some(Milestone { kind, number: years, day, listens: before(day), played_at: None, artist: None, track: None })
    };
    Ok((1..).map_while(milestone).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_numbers_are_the_usual_ones() {
        let round: Vec<u64> = (1..250_000).filter(|number| Round::Usual.has_listen(*number)).collect();
        assert_eq!(round[..4], [1, 1_000, 2_000, 3_000]);
        assert_eq!(round[9..13], [9_000, 10_000, 20_000, 30_000]);
        assert_eq!(round[round.len() - 3..], [90_000, 100_000, 200_000]);
        assert!(Round::Usual.has_listen(3_000_000) && !Round::Usual.has_listen(3_100_000));
        let artists: Vec<u64> = (1..20_000).filter(|number| Round::Usual.has_artists_listen(*number)).collect();
        assert_eq!(artists, [100, 1_000, 10_000]);
        let every: Vec<u64> = (1..20).filter(|number| Round::Every(7).has_listen(*number)).collect();
        assert_eq!(every, [1, 7, 14]);
        assert!(!Round::Every(0).has_listen(0) && !Round::Every(0).has_artists_listen(0));
    }
}
