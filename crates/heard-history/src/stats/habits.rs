//! How often, since when and at what intervals everything is heard.

use super::StatsError;
use super::alike::name;
use super::by_unit::count_all;
use super::filter::{Counting, Filter, Matches};
use super::names::Names;
use super::ranking::Kind;
use super::subjects::Subjects;
use crate::columns::{Columns, ColumnsError, Moment};
use crate::rules::Name;
use crate::zone::Zone;

/// Fewer gaps than these say nothing about what is usual.
const FEWEST_GAPS: usize = 4;

/// What is usual of one artist, album or track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Habit {
    /// Which.
    pub name: Name,
    /// Its plays.
    pub plays: u64,
    /// The first of them, in Unix seconds.
    pub first_at: i64,
    /// The last of them, in Unix seconds.
    pub last_at: i64,
    /// The days of the listener's calendar on which it was heard.
    pub days: u64,
    /// The median of the days from one of them to the next (of two in the middle the longer); `None` where fewer than
    /// four gaps are known.
    pub usual_gap: Option<u32>,
}

/// The plays of one so far.
#[derive(Clone, Default)]
struct Life {
    plays: u64,
    first_at: i64,
    last_at: i64,
    /// The days of its plays; the same one never stands twice in a row.
    days: Vec<i64>,
}

impl Life {
    fn hear(&mut self, at: i64, day: i64) {
        if self.plays == 0 {
            self.first_at = at;
        }
        if self.days.last() != Some(&day) {
            self.days.push(day);
        }
        self.last_at = at;
        self.plays += 1;
    }

    /// Each day once, in order: by the calendar of somebody who moved a day may come again.
    fn settle(&mut self) {
        self.days.sort_unstable();
        self.days.dedup();
    }

    fn usual_gap(&self) -> Option<u32> {
        let gap = |pair: &[i64]| u32::try_from(pair[1].saturating_sub(pair[0])).unwrap_or(u32::MAX);
        let mut gaps: Vec<u32> = self.days.windows(2).map(gap).collect();
        if gaps.len() < FEWEST_GAPS {
            return None;
        }
        let middle = gaps.len() / 2;
        Some(*gaps.select_nth_unstable(middle).1)
    }
}

/// The habits of everything that was heard, ordered by name. Plays without a moment and those of wrong clocks say nothing
/// about when; a split name's plays count for each artist that it credits.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn habits(columns: &Columns, kind: Kind, filter: &Filter, zone: &Zone, now: i64) -> Result<Vec<Habit>, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let subjects = Subjects::new(columns, kind, &filter.counting);
    let lives = lives(columns, kind, &matches, &subjects)?;
    let ids: Vec<usize> = (0..lives.len()).filter(|id| lives[*id].plays > 0).collect();
    let names = Names::read(columns, kind, &matches, &ids)?;
    let mut found: Vec<Habit> = (0..)
        .zip(lives)
        .filter(|(_, life)| life.plays > 0)
        .map(|(id, mut life)| {
            life.settle();
            Habit {
                name: name(kind, &names, id),
                plays: life.plays,
                first_at: life.first_at,
                last_at: life.last_at,
                days: life.days.len() as u64,
                usual_gap: life.usual_gap(),
            }
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn lives(columns: &Columns, kind: Kind, matches: &Matches, subjects: &Subjects) -> Result<Vec<Life>, ColumnsError> {
    let mut lives: Vec<Life> = Vec::new();
    for (range, counts) in matches.iter() {
        let moments = columns.moments(Moment::PlayedAt, range.clone())?;
        let local = columns.moments(Moment::LocalAt, range.clone())?;
        columns.for_each_block(kind.column(), range.clone(), |first, codes| {
            for (place, code) in (first - range.start..).zip(codes) {
                if counts.is_none_or(|counts| counts[place]) {
                    subjects.each(*code, |id| {
                        if id >= lives.len() {
                            lives.resize((id + 1).next_power_of_two(), Life::default());
                        }
                        lives[id].hear(moments[place], local[place].div_euclid(86_400));
                    });
                }
            }
        })?;
    }
    Ok(lives)
}

/// The names of everything that the listener ever played, however short, and whether its moment is known or not; ordered.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read.
pub fn heard_ever(columns: &Columns, kind: Kind, listener: Option<&str>) -> Result<Vec<Name>, StatsError> {
    let counting = Counting { min_played_ms: 0, undated: true, implausible: true, placeholders: true };
    let filter = Filter { counting, listener: listener.map(str::to_owned), ..Filter::default() };
    // Without a period there is no calendar in it.
    let matches = Matches::find(columns, &filter, &Zone::utc(), 0)?;
    let ids: Vec<usize> = count_all(columns, kind, &counting, &matches)?.into_iter().map(|(id, _)| id).collect();
    let names = Names::read(columns, kind, &matches, &ids)?;
    let mut heard: Vec<Name> = ids.into_iter().map(|id| name(kind, &names, id)).collect();
    heard.sort_unstable();
    Ok(heard)
}
