//! What a year in review says, in words.

use heard_history::stats::{Comeback, Discovery, Faithful, Milestone, MilestoneKind, Period, Session, Streak, Wrapped};
use jiff::Timestamp;

use crate::chart::{Measure, WEEKDAYS};

/// One thing that is told of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about, as "busiest day".
    pub label: &'static str,
    /// The thing itself: a number, a day, or a name as it was reported.
    pub value: String,
    /// What is to be said besides; may be empty.
    pub detail: String,
}

/// The months of a year.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// All that is told of a period besides its rankings and milestones, in the order in which it is read. What is not known
/// is left out: the time played where no source tells it, a comeback where nobody came back. Days and times are those of
/// the listener's wall clock.
#[must_use]
pub fn facts(found: &Wrapped) -> Vec<Fact> {
    let numbers = &found.numbers;
    let plain = |label, number: usize| fact(label, count(number as u64), String::new());
    let beside = compared(found).zip(found.before.as_ref());
    let beside = beside.map(|(words, before)| format!("{words} ({})", count(before.numbers.plays)));
    let mut facts = vec![fact("plays", count(numbers.plays), beside.unwrap_or_default())];
    if numbers.ms_played > 0 {
        facts.push(fact("time played", Measure::Time.text(numbers.ms_played), String::new()));
    }
    let days = match found.period {
        Period::Year(_) if found.is_over => format!("of {}", found.days.len()),
        _ => String::new(),
    };
    facts.push(fact("days with music", count(numbers.days_heard), days));
    let (new, share) = (found.new_artists, percent(found.new_artists, numbers.artists));
    let new = if new == 0 { "none new".to_owned() } else { format!("{} new ({share} %)", count(new as u64)) };
    facts.push(fact("artists", count(numbers.artists as u64), new));
    facts.extend([plain("albums", numbers.albums), plain("tracks", numbers.tracks)]);
    facts.extend(peaks(found));
    facts.extend(found.streak.as_ref().map(streak));
    facts.extend(found.sitting.as_ref().filter(|sitting| sitting.length_ms >= 60_000).map(sitting));
    facts.extend(found.most_loyal().map(loyal));
    facts.extend(found.discovery.as_ref().map(discovery));
    facts.extend(found.comeback.as_ref().map(comeback));
    facts
}

fn fact(label: &'static str, value: String, detail: String) -> Fact {
    Fact { label, value, detail }
}

/// Where the most was heard: month, day, weekday and hour.
fn peaks(found: &Wrapped) -> Vec<Fact> {
    let month = found.top_month().map(|month| {
        let first = month.unit.first_day();
        let name = MONTHS.get(usize::from(first.month()).saturating_sub(1)).filter(|_| is_year(found.period));
        fact("top month", name.map_or_else(|| month.unit.to_string(), |name| (*name).to_owned()), plays(month.plays))
    });
    let day = found.busiest_day().map(|day| fact("busiest day", day.day.to_string(), plays(day.amount.plays)));
    let weekday = found.peak_weekday().map(|(day, most)| {
        fact("busiest weekday", WEEKDAYS.get(day).copied().unwrap_or_default().to_owned(), plays(most))
    });
    let hour = found.peak_hour().map(|(hour, most)| fact("busiest hour", format!("{hour:02}:00"), plays(most)));
    [month, day, weekday, hour].into_iter().flatten().collect()
}

fn is_year(period: Period) -> bool {
    matches!(period, Period::Year(_))
}

fn streak(streak: &Streak) -> Fact {
    let days = several(streak.days, "day");
    let (first, last) = (streak.first_day, streak.last_day);
    let stretch = if first == last { first.to_string() } else { format!("{first} to {last}") };
    fact("longest streak", days, format!("{stretch}, {}", plays(streak.plays)))
}

fn sitting(sitting: &Session) -> Fact {
    let from = wall_clock(sitting.started_local);
    fact("longest sitting", Measure::Time.text(sitting.length_ms), format!("{from}, {}", plays(sitting.plays)))
}

fn loyal(of: &Faithful) -> Fact {
    fact("most loyal", of.artist.clone(), format!("in {}, {}", several(of.times, "week"), plays(of.plays)))
}

fn discovery(of: &Discovery) -> Fact {
    let since = day(of.first_local_at);
    fact("discovery", of.artist.clone(), format!("{} since {since}", plays(of.plays)))
}

fn comeback(of: &Comeback) -> Fact {
    let silence = format!("after {} without", several(of.days(), "day"));
    fact("comeback", of.artist.clone(), format!("{} since {}, {silence}", plays(of.plays), day(of.returned_local_at)))
}

/// The period's plays beside those of the period before, like "12 % more plays than in 2023"; `None` where nothing was
/// heard then.
///
/// From twice as many on it says how many times as many they are; else how many hundredths more or fewer, rounded to
/// whole ones.
#[must_use]
pub fn compared(found: &Wrapped) -> Option<String> {
    let before = found.before.as_ref()?;
    let (now, then) = (found.numbers.plays, before.numbers.plays);
    let difference = percent_of(now.abs_diff(then), then);
    let how = match now.cmp(&then) {
        std::cmp::Ordering::Equal => "as many plays as".to_owned(),
        _ if difference == 0 => "about as many plays as".to_owned(),
        _ if now / 2 >= then => format!("{} times as many plays as", times(now, then)),
        std::cmp::Ordering::Greater => format!("{difference} % more plays than"),
        std::cmp::Ordering::Less => format!("{} % fewer plays than", difference.min(if now > 0 { 99 } else { 100 })),
    };
    let so_far = if found.is_over { "" } else { "so far, " };
    Some(format!("{so_far}{how} in {}", before.period))
}

/// To a tenth, and from ten on to a whole number.
fn times(now: u64, then: u64) -> String {
    let tenths = (u128::from(now) * 10 + u128::from(then) / 2) / u128::from(then.max(1));
    match u64::try_from(tenths).unwrap_or(u64::MAX) {
        tenths if tenths >= 100 => count(tenths / 10),
        tenths if tenths.is_multiple_of(10) => (tenths / 10).to_string(),
        tenths => format!("{}.{}", tenths / 10, tenths % 10),
    }
}

fn percent(part: usize, whole: usize) -> u64 {
    percent_of(part as u64, whole as u64)
}

/// Hundredths, rounded to whole ones.
fn percent_of(part: u64, whole: u64) -> u64 {
    let whole = u128::from(whole.max(1));
    u64::try_from((u128::from(part) * 200 + whole) / (2 * whole)).unwrap_or(u64::MAX)
}

/// What was reached, and what is to be said besides, like "Play 1,000" and "Artist – Track".
#[must_use]
pub fn milestone_words(found: &Milestone) -> (String, String) {
    let number = found.number;
    let (artist, track) = (found.artist.as_deref(), found.track.as_deref());
    let play = [artist, track].into_iter().flatten().collect::<Vec<_>>().join(" – ");
    match found.kind {
        MilestoneKind::Anniversary => {
            (format!("{} of listening", several(number, "year")), format!("{} so far", plays(found.listens)))
        }
        MilestoneKind::Listen if number == 1 => ("First play".to_owned(), play),
        MilestoneKind::Listen => (format!("Play {}", count(number)), play),
        MilestoneKind::Artist => {
            (format!("Play {} of {}", count(number), artist.unwrap_or_default()), track.unwrap_or_default().to_owned())
        }
    }
}

pub(super) fn count(number: u64) -> String {
    Measure::Count.text(number)
}

pub(super) fn plays(number: u64) -> String {
    several(number, "play")
}

/// A number with its noun, whose plural ends in s.
pub(super) fn several(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

/// Seconds of the wall clock as a day and a minute.
fn wall_clock(local: i64) -> String {
    // Local seconds read as if they were UTC are the wall clock.
    Timestamp::from_second(local).map_or_else(|_| local.to_string(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

fn day(local: i64) -> String {
    wall_clock(local).chars().take(10).collect()
}
