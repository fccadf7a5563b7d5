//! Sittings: plays with little silence between them.

use std::collections::HashMap;

use super::StatsError;
use super::filter::{Filter, Matches};
use super::ranking::Kind;
use super::sounded::{self, Sounded};
use super::subjects::Subjects;
use crate::columns::{Column, Columns, ColumnsError, Dictionary, Moment};
use crate::zone::Zone;

/// Which sittings come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionOrder {
    /// The longest; of equally long ones those with more plays.
    #[default]
    Length,
    /// Those with most plays; of equal ones the longer.
    Plays,
}

/// Plays in one sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// When the first play began, in Unix seconds.
    pub started_at: i64,
    /// The same by the listener's wall clock.
    pub started_local: i64,
    /// From the beginning of the first play to the end of the last, in milliseconds; a play of unknown length ends where
    /// it begins.
    pub length_ms: u64,
    /// Its plays.
    pub plays: u64,
    /// Milliseconds played, where the sources tell.
    pub ms_played: u64,
    /// The artist with most plays in it; of equal ones the first by name in code-point order. `None` where all names
    /// only say that there is none.
    pub artist: Option<String>,
}

impl Session {
    /// When the last play ended, in Unix seconds.
    #[must_use]
    pub fn ended_at(&self) -> i64 {
        self.started_at.saturating_add_unsigned(self.length_ms / 1000)
    }
}

/// All sittings, and some of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sessions {
    /// How many there are.
    pub total: u64,
    /// Plays in all of them.
    pub plays: u64,
    /// How long all of them are, in milliseconds.
    pub length_ms: u64,
    /// Milliseconds played in all of them, where the sources tell.
    pub ms_played: u64,
    /// The first in the order that was asked for; equal ones in the order of time.
    pub rows: Vec<Session>,
}

/// A sitting while it is put together.
#[derive(Clone, Copy)]
struct Sitting {
    first: usize,
    last: usize,
    started_at: i64,
    length_ms: u64,
    plays: u64,
    ms_played: u64,
}

impl Sitting {
    fn new(play: Sounded) -> Self {
        let (row, ms) = (play.row, play.ms);
        Self { first: row, last: row, started_at: play.at, length_ms: ms, plays: 1, ms_played: ms }
    }

    /// Takes the next play, unless the silence before it is too long.
    fn take(&mut self, play: Sounded, gap_ms: u64) -> bool {
        let offset = u64::try_from(play.at.saturating_sub(self.started_at)).unwrap_or_default().saturating_mul(1000);
        let goes_on = offset < self.length_ms.saturating_add(gap_ms);
        if goes_on {
            self.last = play.row;
            self.length_ms = offset.saturating_add(play.ms);
            self.plays += 1;
            self.ms_played += play.ms;
        }
        goes_on
    }
}

/// Puts plays together that belong to one sitting. A play begins a new one when `gap_ms` or more have gone by since the
/// play before it ended; a play of unknown length ends where it begins. Plays without a moment and those of wrong
/// clocks are not counted.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn sessions(
    columns: &Columns,
    gap_ms: u64,
    order: SessionOrder,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<Sessions, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let mut sittings: Vec<Sitting> = Vec::new();
    sounded::for_each(columns, Moment::PlayedAt, &matches, |play| {
        if !sittings.last_mut().is_some_and(|sitting| sitting.take(play, gap_ms)) {
            sittings.push(Sitting::new(play));
        }
    })?;
    let mut found = Sessions::default();
    for sitting in &sittings {
        found.total += 1;
        found.plays += sitting.plays;
        found.length_ms += sitting.length_ms;
        found.ms_played += sitting.ms_played;
    }
    sittings.sort_by_key(|sitting| {
        std::cmp::Reverse(match order {
            SessionOrder::Length => (sitting.length_ms, sitting.plays),
            SessionOrder::Plays => (sitting.plays, sitting.length_ms),
        })
    });
    sittings.truncate(limit);
    if !sittings.is_empty() {
        let artists = Artists::new(columns, filter, &matches)?;
        found.rows = sittings.iter().map(|sitting| artists.session(sitting)).collect::<Result<_, ColumnsError>>()?;
    }
    Ok(found)
}

/// Who is heard most in a sitting.
struct Artists<'a> {
    columns: &'a Columns,
    matches: &'a Matches,
    subjects: Subjects,
    names: Dictionary,
}

impl<'a> Artists<'a> {
    fn new(columns: &'a Columns, filter: &Filter, matches: &'a Matches) -> Result<Self, ColumnsError> {
        let subjects = Subjects::new(columns, Kind::Artists, &filter.counting);
        Ok(Self { columns, matches, subjects, names: columns.dictionary(Column::Artist)? })
    }

    fn session(&self, sitting: &Sitting) -> Result<Session, ColumnsError> {
        let started_local = self.columns.moments(Moment::LocalAt, sitting.first..sitting.first + 1)?[0];
        let Sitting { started_at, length_ms, plays, ms_played, .. } = *sitting;
        Ok(Session { started_at, started_local, length_ms, plays, ms_played, artist: self.most_heard(sitting)? })
    }

    fn most_heard(&self, sitting: &Sitting) -> Result<Option<String>, ColumnsError> {
        let rows = sitting.first..sitting.last + 1;
        let mut plays: HashMap<usize, u64> = HashMap::new();
        for (code, row) in self.columns.values(Column::Artist, rows.clone())?.iter().zip(rows) {
            if self.matches.has(row) {
                self.subjects.each(*code, |artist| *plays.entry(artist).or_default() += 1);
            }
        }
        let name = |artist: usize| self.names.get(i32::try_from(artist).unwrap_or(i32::MAX));
        let most = plays.into_iter().map(|(artist, plays)| (std::cmp::Reverse(plays), name(artist))).min();
        Ok(most.map(|(_, name)| name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_counted_from_the_end_of_the_play_before() {
        let play = |row, at, ms| Sounded { row, at, ms };
        let mut sitting = Sitting::new(play(0, 1_000, 200_000));
        assert!(sitting.take(play(1, 1_000 + 200 + 1_199, 0), 1_200_000), "a second less than twenty minutes");
        assert_eq!((sitting.length_ms, sitting.plays, sitting.last), (1_399_000, 2, 1));
        assert!(!sitting.take(play(2, 2_399 + 1_200, 5_000), 1_200_000), "twenty minutes");
        assert!(sitting.take(play(3, 2_399, 5_000), 1), "in the same second");
        assert!(!Sitting::new(play(0, 5, 0)).take(play(1, 5, 0), 0), "no silence at all is allowed");
    }
}
