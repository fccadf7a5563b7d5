//! Looking for everything that is doubtful.

use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use heard_history::listen::FUTURE_GRACE;
use heard_history::stats::{
    Alike, BUSY_HOUR, BUSY_MINUTE, Crowd, Filter, Gaps, Matches, OVERLAP_GRACE_MS, PeriodError, Ranked, Ranking,
    SAME_SECOND, Stretches, WrongClocks, alike, bursts, gaps, overlaps, without_album, without_name, wrong_clocks,
};
use jiff::Timestamp;

use super::super::question::Asked;
use super::finding::{Doubt, Finding};
use crate::config::Config;
use crate::exit::{Failure, quoted};

/// Everything that was found.
pub(super) struct Found {
    /// Plays that count.
    pub(super) total_plays: u64,
    albums: Ranking,
    names: Ranking,
    clocks: WrongClocks,
    seconds: Stretches,
    minutes: Stretches,
    hours: Stretches,
    overlaps: Stretches,
    alike: Vec<Alike>,
    gaps: Gaps,
}

impl Found {
    /// Looks for everything. One example of each is found in any case: the commands are made from it.
    pub(super) fn look(
        asked: &Asked,
        filter: &Filter,
        config: &Config,
        per_hour: u32,
        limit: usize,
    ) -> Result<Self, Failure> {
        let (columns, zone, now, limit) = (&asked.columns, &config.zone, asked.now, limit.max(1));
        let most = usize::try_from(per_hour).unwrap_or(usize::MAX);
        let crowds = [SAME_SECOND, BUSY_MINUTE, Crowd { most, ..BUSY_HOUR }];
        // Looking at every name takes as long as all the rest.
        let (alike, rest) = thread::scope(|scope| {
            let alike = scope.spawn(|| alike(columns, &config.listener));
            let rest = || {
                let [seconds, minutes, hours] = bursts(columns, crowds, filter, zone, now, limit)?;
                Ok::<_, Failure>(Self {
                    total_plays: Matches::find(columns, filter, zone, now)?.total(),
                    albums: without_album(columns, filter, zone, now, limit)?,
                    names: without_name(columns, filter, zone, now, limit)?,
                    clocks: wrong_clocks(columns, filter, zone, now)?,
                    seconds,
                    minutes,
                    hours,
                    overlaps: overlaps(columns, OVERLAP_GRACE_MS, filter, zone, now, limit)?,
                    alike: Vec::new(),
                    gaps: gaps(columns, filter, zone, now, limit)?,
                })
            };
            let rest = rest();
            (alike.join().unwrap_or_else(|panic| resume_unwind(panic)), rest)
        });
        Ok(Self { alike: alike?, ..rest? })
    }

    /// One finding for each kind of doubt, also where there is none; with so many examples.
    pub(super) fn findings(&self, limit: usize, tomorrow: &str) -> Vec<Finding<'_>> {
        let total = self.total_plays;
        let future = format!("heard listens --implausible --from {tomorrow}");
        let command = |found: &Stretches| found.rows.first().map(|row| listed(row.from_local, row.to_local));
        let stretches = |kind, found: &Stretches| Finding::stretches(kind, found, total, command(found));
        let tracks = |kind, found| Finding::tracks(kind, found, total, found.rows.first().map(track));
        let mut findings = vec![
            tracks(Doubt::WithoutAlbum, &self.albums),
            tracks(Doubt::WithoutName, &self.names),
            Finding::undated(self.clocks.undated, "heard imports"),
            Finding::clock(Doubt::TooEarly, self.clocks.early, "heard listens --implausible --to 2002-01-02"),
            Finding::clock(Doubt::InTheFuture, self.clocks.future, &future),
            stretches(Doubt::SameSecond, &self.seconds),
            stretches(Doubt::BusyMinute, &self.minutes),
            stretches(Doubt::BusyHour, &self.hours),
            stretches(Doubt::Overlaps, &self.overlaps),
            Finding::names(&self.alike, limit, "heard rules suggest"),
            Finding::gaps(&self.gaps.longest, self.gaps.total, "heard streaks gaps"),
        ];
        findings.iter_mut().for_each(|finding| finding.examples.truncate(limit));
        findings
    }
}

/// The day on which the future begins: the listener's, a day from now.
pub(super) fn tomorrow(now: i64, config: &Config) -> Result<String, Failure> {
    let later = config.zone.wall_clock(now.saturating_add(FUTURE_GRACE)).ok_or(PeriodError::OutOfRange)?;
    Ok(later.date().to_string())
}

/// The command that lists the plays of a track.
fn track(row: &Ranked) -> String {
    let quoted = |name: &str| quoted(Path::new(name));
    let title = row.title.as_deref().unwrap_or_default();
    format!("heard listens --artist={} --track={}", quoted(&row.artist), quoted(title))
}

/// The command that lists the plays of the days from one moment of the wall clock to another; such days have many.
fn listed(from_local: i64, to_local: i64) -> String {
    format!("heard listens --from {} --to {} -n 1000", day(from_local), day(to_local.saturating_add(86_400)))
}

/// The day of a moment of the wall clock, which is counted as if it were UTC.
fn day(seconds: i64) -> String {
    let moment = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
    moment.to_string().chars().take(10).collect()
}
