//! What was found, for programs and in words.

use heard_history::stats::Alike;
use heard_history::stats::{Gap, Ranked, Ranking, Stretch, Stretches, WrongClock};
use serde::Serialize;

use super::super::listens::minute;
use super::super::suggest::{Suggestion, suggestion};
use crate::print::{by_number, duration, grouped, moment, several, share};

/// What is doubtful. The names are those of `--json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Doubt {
    WithoutAlbum,
    WithoutName,
    Undated,
    TooEarly,
    InTheFuture,
    SameSecond,
    BusyMinute,
    BusyHour,
    Overlaps,
    AlikeNames,
    Gaps,
}

/// What was found of one kind.
#[derive(Serialize)]
pub(super) struct Finding<'a> {
    pub(super) kind: Doubt,
    /// How many: tracks, stretches, gaps, groups of names; of wrong clocks, plays.
    pub(super) count: u64,
    /// Plays that it is about; null for gaps.
    plays: Option<u64>,
    /// Of all plays that count, from 0 to 1; null for gaps, for names, which are those of the whole history, and for
    /// moments that cannot be.
    share: Option<f64>,
    /// How much too early plays began, summed up.
    #[serde(skip_serializing_if = "Option::is_none")]
    early_ms: Option<u64>,
    pub(super) examples: Vec<Example<'a>>,
    /// What can be pasted into a shell to see more, or to help; null where nothing was found.
    pub(super) command: Option<String>,
}

/// One of those that were found.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Example<'a> {
    Track(Track<'a>),
    Plays(Plays),
    Gap(Days),
    Names(Suggestion<'a>),
}

#[derive(Serialize)]
pub(super) struct Track<'a> {
    artist: &'a str,
    track: &'a str,
    plays: u64,
}

/// Plays from one moment to another.
#[derive(Serialize)]
pub(super) struct Plays {
    from_at: i64,
    from_time: String,
    to_at: i64,
    to_time: String,
    plays: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    early_ms: Option<u64>,
    /// As it is told to people.
    #[serde(skip)]
    when: String,
}

#[derive(Serialize)]
pub(super) struct Days {
    first_day: String,
    last_day: String,
    days: u64,
}

impl<'a> Finding<'a> {
    /// Tracks of whose plays something is not known.
    pub(super) fn tracks(kind: Doubt, found: &'a Ranking, total_plays: u64, command: Option<String>) -> Self {
        let examples = found.rows.iter().map(Example::track).collect();
        let plays = found.total_plays;
        Self { examples, command, ..Self::plays(kind, found.distinct as u64, plays, total_plays) }
    }

    /// Stretches with too many plays, or too early ones.
    pub(super) fn stretches(kind: Doubt, found: &Stretches, total_plays: u64, command: Option<String>) -> Self {
        let early = kind == Doubt::Overlaps;
        Self {
            early_ms: early.then_some(found.early_ms),
            examples: found.rows.iter().map(|row| Example::stretch(row, early)).collect(),
            command,
            ..Self::plays(kind, found.total as u64, found.plays, total_plays)
        }
    }

    /// Plays of a wrong clock. They are none of those that count, and so no part of them.
    pub(super) fn clock(kind: Doubt, found: Option<WrongClock>, command: &str) -> Self {
        let plays = found.map_or(0, |it| it.plays);
        Self {
            share: None,
            examples: found.iter().map(Example::clock).collect(),
            command: found.map(|_| command.to_owned()),
            ..Self::plays(kind, plays, plays, 0)
        }
    }

    /// Plays without a moment.
    pub(super) fn undated(plays: u64, command: &str) -> Self {
        let command = (plays > 0).then(|| command.to_owned());
        Self { share: None, command, ..Self::plays(Doubt::Undated, plays, plays, 0) }
    }

    /// Names that look like one.
    pub(super) fn names(found: &'a [Alike], limit: usize, command: &str) -> Self {
        Self {
            share: None,
            examples: found.iter().take(limit).filter_map(suggestion).map(Example::Names).collect(),
            command: (!found.is_empty()).then(|| command.to_owned()),
            ..Self::plays(Doubt::AlikeNames, found.len() as u64, found.iter().map(Alike::plays).sum(), 0)
        }
    }

    /// Days without plays.
    pub(super) fn gaps(longest: &[Gap], total: usize, command: &str) -> Self {
        Self {
            plays: None,
            share: None,
            examples: longest.iter().map(Example::gap).collect(),
            command: (total > 0).then(|| command.to_owned()),
            ..Self::plays(Doubt::Gaps, total as u64, 0, 0)
        }
    }

    fn plays(kind: Doubt, count: u64, plays: u64, total_plays: u64) -> Self {
        let share = Some(share(plays, total_plays));
        Self { kind, count, plays: Some(plays), share, early_ms: None, examples: Vec::new(), command: None }
    }

    /// What was found, in a sentence.
    pub(super) fn in_words(&self) -> String {
        let plays = several(self.plays.unwrap_or_default(), "play");
        let share = self.share.map(|share| format!(" ({:.1} %)", share * 100.0)).unwrap_or_default();
        let count = |noun: &str| several(self.count, noun);
        match self.kind {
            Doubt::WithoutAlbum => format!("Without an album: {plays}{share} of {}", count("track")),
            Doubt::WithoutName => format!("Without a name: {plays}{share}"),
            Doubt::Undated => format!("Without a moment: {plays}"),
            Doubt::TooEarly => format!("Before there was scrobbling: {plays}"),
            Doubt::InTheFuture => format!("In the future: {plays}"),
            Doubt::SameSecond => format!("In one second: {plays}{share} in {}", count("second")),
            Doubt::BusyMinute => {
                format!("Too many in a minute: {plays}{share} in {}", stretches(self.count))
            }
            Doubt::BusyHour => {
                format!("Too many in an hour: {plays}{share} in {}", stretches(self.count))
            }
            Doubt::Overlaps => {
                let early = duration(self.early_ms.unwrap_or_default());
                format!("Before the one before was over: {plays}{share}, {early} too early")
            }
            Doubt::AlikeNames => format!("Names that look like one, in the whole history: {}, {plays}", count("group")),
            Doubt::Gaps => format!("Days without plays: {}", count("gap")),
        }
    }

    /// One row of `--csv`, with the first example.
    pub(super) fn cells(&self) -> Vec<String> {
        let kind = serde_json::to_value(self.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
        vec![
            kind.unwrap_or_default(),
            self.count.to_string(),
            self.plays.map(|plays| plays.to_string()).unwrap_or_default(),
            self.share.map(|share| format!("{share:.6}")).unwrap_or_default(),
            self.examples.first().map(Example::in_words).unwrap_or_default(),
            self.command.clone().unwrap_or_default(),
        ]
    }
}

/// The later of two times of the wall clock; a day need not be told twice.
fn later<'a>(from: &str, to: &'a str) -> &'a str {
    to.get(11..).filter(|_| from.get(..10) == to.get(..10)).unwrap_or(to)
}

fn stretches(number: u64) -> String {
    format!("{} {}", grouped(number), by_number(number, "stretch", "stretches"))
}

impl<'a> Example<'a> {
    fn track(row: &'a Ranked) -> Self {
        Self::Track(Track { artist: &row.artist, track: row.title.as_deref().unwrap_or_default(), plays: row.plays })
    }

    fn stretch(row: &Stretch, early: bool) -> Self {
        let (from, to) = (minute(row.from_local), minute(row.to_local));
        let when = if from == to { from } else { format!("{from} to {}", later(&from, &to)) };
        Self::Plays(Plays {
            from_at: row.from_at,
            from_time: moment(row.from_at),
            to_at: row.to_at,
            to_time: moment(row.to_at),
            plays: row.plays,
            early_ms: early.then_some(row.early_ms),
            when,
        })
    }

    fn clock(found: &WrongClock) -> Self {
        let (from_time, to_time) = (moment(found.first_at), moment(found.last_at));
        let when = format!("{from_time} to {to_time}");
        let WrongClock { plays, first_at: from_at, last_at: to_at } = *found;
        Self::Plays(Plays { from_at, from_time, to_at, to_time, plays, early_ms: None, when })
    }

    fn gap(gap: &Gap) -> Self {
        let (first_day, last_day) = (gap.first_day.to_string(), gap.last_day.to_string());
        Self::Gap(Days { first_day, last_day, days: gap.days })
    }

    /// In words, on one line.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Track(it) => format!("{} – {} ({})", it.artist, it.track, grouped(it.plays)),
            Self::Plays(it) => {
                let early = it.early_ms.map(|ms| format!(", {} too early", duration(ms))).unwrap_or_default();
                format!("{}: {}{early}", it.when, several(it.plays, "play"))
            }
            Self::Gap(it) => format!("{} to {}: {}", it.first_day, it.last_day, several(it.days, "day")),
            Self::Names(it) => it.in_words(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_told_once() {
        let stretch = |from_local: i64, to_local: i64| {
            let row = Stretch { from_at: 0, to_at: 1, from_local, to_local, plays: 2, early_ms: 90_000_000 };
            (Example::stretch(&row, false).in_words(), Example::stretch(&row, true).in_words())
        };
        let day = 86_400 * 19_000;
        let (told, early) = stretch(day, day + 3_600);
        assert_eq!(told, "2022-01-08 00:00 to 01:00: 2 plays");
        assert_eq!(early, "2022-01-08 00:00 to 01:00: 2 plays, 25h 00m too early");
        assert_eq!(stretch(day, day + 59).0, "2022-01-08 00:00: 2 plays");
        assert_eq!(stretch(day - 1, day).0, "2022-01-07 23:59 to 2022-01-08 00:00: 2 plays");
        assert_eq!((stretches(1), stretches(1_000)), ("1 stretch".to_owned(), "1,000 stretches".to_owned()));
    }

    #[test]
    fn nothing_found_has_no_command() {
        let nothing = [
            Finding::undated(0, "x"),
            Finding::clock(Doubt::TooEarly, None, "x"),
            Finding::stretches(Doubt::SameSecond, &Stretches::default(), 0, None),
            Finding::names(&[], 3, "x"),
            Finding::gaps(&[], 0, "x"),
        ];
        for finding in nothing {
            assert_eq!((finding.count, finding.examples.len(), &finding.command), (0, 0, &None), "{:?}", finding.kind);
            assert_eq!(finding.cells().len(), 6);
            assert!(finding.in_words().contains('0'), "{}", finding.in_words());
        }
    }
}
