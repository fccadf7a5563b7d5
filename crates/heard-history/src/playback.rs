//! When a play becomes a scrobble: a state machine fed with what a player tells and when.
//!
//! Only time in which a track sounded counts, by a clock that never jumps: pauses, seeking and a sleeping machine add
//! nothing. A play is told as soon as it counts, so that a kill later on does not lose it, and once more when it ends.

mod rule;
mod unfit;

use std::time::Duration;

pub use rule::{counts, needed};
pub use unfit::{Unfit, unfit};

use crate::listen::{Listen, Track};

/// Two tellings further apart than this while a track sounds mean that nobody was there to tell: the machine slept, or
/// the player hung. Such a silence is not played time, so whoever watches a player says [`Signal::Tick`] more often.
pub const LONGEST_SILENCE: Duration = Duration::from_secs(60);
/// A position as near to the beginning as this, behind one that was further on, means that the track was begun anew.
const BEGINNING: Duration = Duration::from_secs(5);

/// A moment by two clocks: one that tells the time of day and may be set, one that only ever goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Unix seconds.
    pub unix_seconds: i64,
    /// Time since some fixed moment; it may stand still while the machine sleeps.
    pub monotonic: Duration,
}

/// What a player tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// A track begins, even if it is the same as before.
    Began(Track),
    /// This sounds. Told again and again it is one play, unless the track changes or is back at its beginning after the
    /// play already counts. Details that the player learns late, like the length, are taken over.
    Sounds {
        /// What sounds.
        track: Track,
        /// How far into the track, in milliseconds, where the player tells it.
        position_ms: Option<u64>,
    },
    /// Nothing sounds, but the play may go on.
    Paused,
    /// The play is over, and so it is when the player goes away.
    Stopped,
    /// Nothing has changed.
    Tick,
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// This sounds now: a track that began, one that sounds again after a pause, or better knowledge of it.
    NowPlaying(Track),
    /// The play counts from now on, whatever follows: a listen to be kept and sent.
    Counts(Listen),
    /// The play is over.
    Finished(Finished),
}

/// A play that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// What sounded.
    pub track: Track,
    /// When it began, in Unix seconds.
    pub started_at: i64,
    /// How long it sounded, in milliseconds.
    pub ms_played: u64,
    /// Whether it counts; then [`Event::Counts`] has told of it already.
    pub counts: bool,
}

/// One player.
#[derive(Clone, Debug, Default)]
pub struct Playback {
    current: Option<Current>,
}

/// The play that goes on.
#[derive(Clone, Debug)]
struct Current {
    track: Track,
    started_at: i64,
    played: Duration,
    /// The part of it that the last telling added.
    step: Duration,
    /// When it was last known to sound; none while it pauses.
    sounding: Option<Duration>,
    /// How far into the track the player said it was.
    position: Option<Duration>,
    counts: bool,
}

impl Playback {
    /// A player that is silent.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what the player tells, and says what follows, in this order: a play that counts, its end, what sounds now.
    pub fn tell(&mut self, signal: Signal, at: Moment) -> Vec<Event> {
        let mut events = Vec::new();
        if let Some(current) = &mut self.current {
            current.pass(at.monotonic);
            events.extend(current.counting());
        }
        match signal {
            Signal::Began(track) => self.begin(track, None, at, &mut events),
            Signal::Sounds { track, position_ms } => {
                self.sounds(track, position_ms.map(Duration::from_millis), at, &mut events);
            }
            Signal::Paused => {
                if let Some(current) = &mut self.current {
                    current.sounding = None;
                }
            }
            Signal::Stopped => events.extend(self.end()),
            Signal::Tick => {}
        }
        events
    }

    /// How much longer the track must sound until its play counts: the time after which a [`Signal::Tick`] is worth
    /// telling. None while nothing sounds, and where the play counts already or never will.
    #[must_use]
    pub fn counts_in(&self) -> Option<Duration> {
        let current = self.current.as_ref().filter(|current| current.sounding.is_some() && !current.counts)?;
        needed(current.track.length_ms).map(|needed| needed.saturating_sub(current.played))
    }

    fn sounds(&mut self, track: Track, position: Option<Duration>, at: Moment, events: &mut Vec<Event>) {
        match &mut self.current {
            Some(current) if current.goes_on_as(&track, position) => {
                if current.resume(track, position, at.monotonic) {
                    events.push(Event::NowPlaying(current.track.clone()));
                }
                events.extend(current.counting());
            }
            _ => self.begin(track, position, at, events),
        }
    }

    fn begin(&mut self, track: Track, position: Option<Duration>, at: Moment, events: &mut Vec<Event>) {
        let anew = self.current.as_mut().filter(|current| current.is(&track));
        let played = anew.map_or(Duration::ZERO, |current| current.hand_over(position));
        events.extend(self.end());
        events.push(Event::NowPlaying(track.clone()));
        self.current = Some(Current {
            track,
            started_at: at.unix_seconds.saturating_sub_unsigned(played.as_secs()),
            played,
            step: Duration::ZERO,
            sounding: Some(at.monotonic),
            position,
            counts: false,
        });
    }

    fn end(&mut self) -> Option<Event> {
        self.current.take().map(|Current { track, started_at, played, counts, .. }| {
            let ms_played = u64::try_from(played.as_millis()).unwrap_or(u64::MAX);
            Event::Finished(Finished { track, started_at, ms_played, counts })
        })
    }
}

impl Current {
    /// Adds the time since the last telling, if the track sounded and somebody was there to tell.
    fn pass(&mut self, now: Duration) {
        self.step = Duration::ZERO;
        let Some(before) = self.sounding else { return };
        self.sounding = Some(now);
        let since = now.saturating_sub(before);
        if since <= LONGEST_SILENCE {
            self.step = since;
            self.played = self.played.saturating_add(since);
            self.position = self.position.map(|position| position.saturating_add(since));
        }
    }

    /// Gives to the repeat what has sounded of it since the last telling, and keeps enough to count. No position makes
    /// that more than what passed.
    fn hand_over(&mut self, position: Option<Duration>) -> Duration {
        let enough = needed(self.track.length_ms).unwrap_or(self.played);
        let spare = self.step.min(self.played.saturating_sub(enough));
        let handed = position.unwrap_or_default().min(spare);
        self.played = self.played.saturating_sub(handed);
        handed
    }

    /// The listen, at the first moment at which the play counts.
    fn counting(&mut self) -> Option<Event> {
        let enough = needed(self.track.length_ms).is_some_and(|needed| self.played >= needed);
        if self.counts || !enough {
            return None;
        }
        self.counts = true;
        Some(Event::Counts(Listen { track: self.track.clone(), played_at: self.started_at }))
    }

    fn goes_on_as(&self, track: &Track, position: Option<Duration>) -> bool {
        self.is(track) && !(self.counts && self.is_behind(position))
    }

    /// Whether this is the same track, as far as both tellings know it.
    fn is(&self, other: &Track) -> bool {
        let agree = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || a == b;
        self.track.artist == other.artist && self.track.title == other.title && agree(&self.track.album, &other.album)
    }

    /// Whether the player is back at the beginning, or has passed the end and is somewhere behind it.
    fn is_behind(&self, position: Option<Duration>) -> bool {
        let (Some(expected), Some(position)) = (self.position, position) else { return false };
        let ended = self.track.length_ms.is_some_and(|length| expected >= Duration::from_millis(length));
        (ended || position <= BEGINNING) && expected.saturating_sub(position) > BEGINNING
    }

    /// Takes over what is told now. Returns whether the world should hear of it.
    fn resume(&mut self, told: Track, position: Option<Duration>, now: Duration) -> bool {
        let resumed = self.sounding.replace(now).is_none();
        self.position = position.or(self.position);
        let before = self.track.clone();
        let Track { album, album_artist, number, length_ms, recording_mbid, .. } = told;
        let track = &mut self.track;
        track.album = album.or(track.album.take());
        track.album_artist = album_artist.or(track.album_artist.take());
        track.number = number.or(track.number);
        track.length_ms = length_ms.filter(|length| *length > 0).or(track.length_ms);
        track.recording_mbid = recording_mbid.or(track.recording_mbid.take());
        resumed || *track != before
    }
}
