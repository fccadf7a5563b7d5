//! Players that play: those of the desktop, which speak MPRIS over D-Bus, and MPDs.

mod metadata;
mod mpd;
mod mpris;
mod names;
mod wanted;

use std::time::Duration;

use heard_api::{Clock, Secret};
use heard_history::playback::{Moment, Signal};
use tokio::sync::mpsc;

pub(crate) use mpd::{Address, MpdError};
pub(crate) use wanted::Wanted;

/// So often a player that plays is asked where it is, whether it tells anything or not: some tell nothing of a track that
/// begins anew, and one that hangs tells nothing at all.
const LOOK: Duration = Duration::from_secs(5);
/// Who has not answered after so long does not answer. It is a wait for a machine, so it is the same at every speed.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pauses between tries to reach a player that is gone: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Why players cannot be watched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlayersError {
    /// There is no session to whose players one could listen.
    #[error("there is no D-Bus session here, and so no desktop whose players could be watched")]
    NoSession,
    /// The session's bus does not answer as it should.
    #[error("the D-Bus session cannot be used: {0}")]
    Bus(#[from] zbus::Error),
    /// The session's bus does not answer at all.
    #[error("the D-Bus session does not answer")]
    SilentBus,
    /// An MPD cannot be watched.
    #[error("{address}: {error}")]
    Mpd {
        /// Where it was looked for.
        address: Address,
        /// What went wrong.
        error: MpdError,
    },
    /// Everything that was watched is gone for good.
    #[error("players tell nothing any more")]
    Ended,
}

/// Something that a player told.
#[derive(Debug)]
pub(crate) struct Told {
    /// What tells players apart, also those of one name.
    pub(crate) id: String,
    /// The player's name.
    pub(crate) name: String,
    /// What it told.
    pub(crate) tells: Tells,
    /// When.
    pub(crate) at: Moment,
}

/// What may be told.
#[derive(Debug)]
pub(crate) enum Tells {
    /// What it plays.
    Signal(Signal),
    /// It is gone.
    Left,
    /// It cannot be reached any more, or again: a sentence for the listener.
    Says(String),
}

/// The time of players: by the machine's clocks, of which the one that only goes on stands still while the machine
/// sleeps, so that a night is no time in which anything sounded.
#[derive(Clone, Debug)]
pub(crate) struct Timekeeper {
    clock: Clock,
    speed: u32,
}

impl Timekeeper {
    /// `speed`: how much faster than the machine's the clock of players goes.
    pub(crate) fn new(speed: u32) -> Self {
        Self { clock: Clock::system(), speed: speed.max(1) }
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { unix_seconds: self.clock.now(), monotonic: self.clock.monotonic().saturating_mul(self.speed) }
    }

    pub(crate) async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration / self.speed).await;
    }
}

/// Where players are looked for.
#[derive(Debug)]
pub(crate) struct Places {
    /// Whether on the desktop.
    pub(crate) mpris: bool,
    /// The address of the session's bus.
    pub(crate) session_bus: Option<String>,
    /// Which of the desktop's.
    pub(crate) wanted: Wanted,
    pub(crate) mpd: Vec<Address>,
    pub(crate) password: Option<Secret>,
}

/// Who is told what players tell.
#[derive(Clone, Debug)]
struct Listener {
    time: Timekeeper,
    told: mpsc::Sender<Told>,
}

impl Listener {
    /// Passes it on with the moment. Returns whether somebody listens.
    async fn tell(&self, id: &str, name: &str, tells: Tells) -> bool {
        let told = Told { id: id.to_owned(), name: name.to_owned(), tells, at: self.time.moment() };
        self.told.send(told).await.is_ok()
    }
}

/// Begins to watch in all places, each in a task of its own. The reasons come back for which some cannot be; an MPD is
/// tried again, as long as something else can be watched.
///
/// # Errors
/// The first reason, where nothing can be watched at all; and where an MPD wants another password, which waiting mends
/// as little.
pub(crate) async fn watch(
    places: Places,
    time: &Timekeeper,
) -> Result<(mpsc::Receiver<Told>, Vec<PlayersError>), PlayersError> {
    let (told, heard) = mpsc::channel(64);
    let listener = Listener { time: time.clone(), told };
    let mut failed = Vec::new();
    let mut watched = 0;
    if places.mpris {
        match mpris::open(places.session_bus.as_deref(), places.wanted).await {
            Ok((session, bus)) => {
                watched += 1;
                tokio::spawn(session.watch(bus, listener.clone()));
            }
            Err(error) => failed.push(error),
        }
    }
    for address in places.mpd {
        let place = mpd::Place { address, password: places.password.clone() };
        let failure = |error| PlayersError::Mpd { address: place.address.clone(), error };
        let session = match place.connect().await {
            Ok(session) => Some(session),
            Err(error) if error.is_final() => return Err(failure(error)),
            Err(error) => {
                failed.push(failure(error));
                None
            }
        };
        watched += usize::from(session.is_some());
        tokio::spawn(place.watch(session, listener.clone()));
    }
    if watched == 0 && !failed.is_empty() { Err(failed.swap_remove(0)) } else { Ok((heard, failed)) }
}
