//! Counting through days, weeks, months or years.

use std::cmp::Reverse;
use std::ops::Range;

use super::filter::{Counting, Matches};
use super::names::Names;
use super::period::PeriodError;
use super::ranking::Kind;
use super::subjects::{Heard, Subjects};
use super::unit::{Unit, UnitOfTime};
use crate::columns::{Column, Columns, ColumnsError};
use crate::listen::Span;
use crate::zone::Zone;

/// How often something was heard: its number, and plays.
pub(super) type Count = (usize, u64);

/// The plays of each unit in which anything was heard, from the earliest to the latest.
pub(super) fn by_unit(plays: &[Heard], unit: Unit) -> Vec<(UnitOfTime, &[Heard])> {
    let mut units = Vec::new();
    let mut rest = plays;
    while let Some(first) = rest.first() {
        let here = unit.at(first.local);
        let end = here.seconds().end;
        // One play belongs to it, so that every turn comes further, even at the end of all time.
        let (plays, behind) = rest.split_at(plays_before(rest, end).max(1));
        units.push((here, plays));
        rest = behind;
    }
    units
}

/// How many of these plays come before that second of the wall clock. Most units are short, so it is looked for near
/// the beginning first.
fn plays_before(plays: &[Heard], end: i64) -> usize {
    let mut near = 16;
    while plays.get(near).is_some_and(|heard| heard.local < end) {
        near *= 2;
    }
    plays[..near.min(plays.len())].partition_point(|heard| heard.local < end)
}

/// The last unit that is over at the end of a period, or now, where that comes first.
pub(super) fn last_finished(unit: Unit, period: &Span, zone: &Zone, now: i64) -> Result<UnitOfTime, PeriodError> {
    let end = period.to.min(now.saturating_add(1));
    if zone.wall_clock(end).is_none() {
        return Err(PeriodError::OutOfRange);
    }
    Ok(unit.at(zone.local(end)).before())
}

/// Counts plays, and knows how to begin again without forgetting every number one by one.
#[derive(Default)]
pub(super) struct Counter {
    counts: Vec<u64>,
    touched: Vec<usize>,
}

impl Counter {
    /// How often each of those that are among these plays was heard, in no order.
    pub(super) fn count(&mut self, plays: &[Heard], subjects: &Subjects) -> Vec<Count> {
        plays.iter().for_each(|heard| self.add(heard.code, 1, subjects));
        self.take()
    }

    /// Counts the plays of some rows; those that do not count are marked.
    pub(super) fn read(
        &mut self,
        columns: &Columns,
        column: Column,
        rows: &Range<usize>,
        counts: Option<&[bool]>,
        subjects: &Subjects,
    ) -> Result<(), ColumnsError> {
        columns.for_each_block(column, rows.clone(), |first, codes| match counts {
            None => codes.iter().for_each(|code| self.add(*code, 1, subjects)),
            Some(counts) => {
                let marked = codes.iter().zip(&counts[first - rows.start..]).filter(|(_, counts)| **counts);
                marked.for_each(|(code, _)| self.add(*code, 1, subjects));
            }
        })
    }

    #[inline]
    fn add(&mut self, code: i32, plays: u64, subjects: &Subjects) {
        subjects.each(code, |id| {
            if id >= self.counts.len() {
                self.make_room(id);
            }
            if self.counts[id] == 0 {
                self.touched.push(id);
            }
            self.counts[id] += plays;
        });
    }

    #[cold]
    fn make_room(&mut self, id: usize) {
        self.counts.resize((id + 1).next_power_of_two(), 0);
    }

    /// What was counted, in no order. Counting begins anew.
    pub(super) fn take(&mut self) -> Vec<Count> {
        self.touched.drain(..).map(|id| (id, std::mem::take(&mut self.counts[id]))).collect()
    }
}

/// How often everything was heard that was heard at all, in no order.
pub(super) fn count_all(
    columns: &Columns,
    kind: Kind,
    counting: &Counting,
    matches: &Matches,
) -> Result<Vec<Count>, ColumnsError> {
    let subjects = Subjects::new(columns, kind, counting);
    // By code first: for whom a code counts is asked once for each code, not for each play.
    let mut by_code: Vec<u64> = Vec::new();
    for (rows, counts) in matches.iter() {
        columns.for_each_block(kind.column(), rows.clone(), |first, codes| {
            let greatest = codes.iter().copied().max().and_then(|code| usize::try_from(code).ok());
            by_code.resize(by_code.len().max(greatest.map_or(0, |code| code + 1)), 0);
            for (row, code) in (first - rows.start..).zip(codes) {
                if let Some(plays) = usize::try_from(*code).ok().and_then(|code| by_code.get_mut(code)) {
                    *plays += u64::from(counts.is_none_or(|counts| counts[row]));
                }
            }
        })?;
    }
    let mut counter = Counter::default();
    for (code, plays) in (0..).zip(by_code).filter(|(_, plays)| *plays > 0) {
        counter.add(code, plays, &subjects);
    }
    Ok(counter.take())
}

/// Puts the most heard first, equal ones by name in code-point order, and keeps so many.
pub(super) fn rank(counts: &mut Vec<Count>, names: &Names, places: usize) {
    if places < counts.len() && places > 0 {
        counts.select_nth_unstable_by_key(places - 1, |(_, plays)| Reverse(*plays));
        let last = counts[places - 1].1;
        counts.retain(|(_, plays)| *plays >= last);
    }
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| names.of(a.0).cmp(&names.of(b.0))));
    counts.truncate(places);
}

/// Where one stands among everything that was counted with it.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    wanted: usize,
    /// Its plays.
    pub(super) plays: u64,
    /// So many have more.
    ahead: usize,
    /// These have as many; their names decide.
    tied: Vec<usize>,
}

impl Standing {
    /// `None` where it was not counted at all.
    pub(super) fn of(wanted: usize, counts: &[Count]) -> Option<Self> {
        let plays = counts.iter().find(|(id, _)| *id == wanted)?.1;
        let ahead = counts.iter().filter(|(_, more)| *more > plays).count();
        let tied =
            counts.iter().filter(|(id, as_many)| *as_many == plays && *id != wanted).map(|(id, _)| *id).collect();
        Some(Self { wanted, plays, ahead, tied })
    }

    /// Whose names decide about the rank: its own, and those of what it ties with.
    pub(super) fn names(&self) -> Vec<usize> {
        self.tied.iter().copied().chain([self.wanted]).collect()
    }

    /// Its rank, from 1.
    pub(super) fn rank(&self, names: &Names) -> usize {
        let name = names.of(self.wanted);
        1 + self.ahead + self.tied.iter().filter(|id| names.of(**id) < name).count()
    }
}

/// Every number that is among these plays, in order.
pub(super) fn all_of(plays: &[Heard], subjects: &Subjects) -> Vec<usize> {
    let mut ids: Vec<usize> = Counter::default().count(plays, subjects).into_iter().map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_finished_unit_is_over() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let all = Span::new(i64::MIN, i64::MAX);
        let last = |unit: Unit, now: i64| last_finished(unit, &all, &berlin, now).unwrap().to_string();
        let new_year = 1_704_063_600; // 2024-01-01 00:00 in Berlin
        assert_eq!(last(Unit::Year, new_year - 2), "2022");
        assert_eq!(last(Unit::Year, new_year - 1), "2023", "the last second has begun");
        assert_eq!(last(Unit::Month, new_year), "2023-12");
        assert_eq!(last(Unit::Week(jiff::civil::Weekday::Monday), new_year), "2023-W52");
        let of_2020 = Span::new(1_577_833_200, 1_609_455_600);
        assert_eq!(last_finished(Unit::Month, &of_2020, &berlin, new_year).unwrap().to_string(), "2020-12");
        assert!(last_finished(Unit::Month, &all, &berlin, i64::MAX).is_err());
    }

    #[test]
    fn units_hold_all_plays_once() {
        let plays: Vec<Heard> =
            [0, 86_399, 86_400, 86_400, 400 * 86_400].map(|local| Heard { local, code: 1, ms: -1 }).to_vec();
        let found = by_unit(&plays, Unit::Day);
        assert_eq!(found.iter().map(|(_, plays)| plays.len()).collect::<Vec<_>>(), [2, 2, 1]);
        assert_eq!(found.iter().map(|(unit, _)| unit.to_string()).collect::<Vec<_>>()[2], "1971-02-05");
        let far = [Heard { local: i64::MAX, code: 1, ms: -1 }];
        assert_eq!(by_unit(&far, Unit::Year).len(), 1);
    }
}
