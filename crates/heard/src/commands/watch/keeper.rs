//! Keeping and sending plays, beside those who listen to players: disks, networks and other heard processes may take
//! their time, and meanwhile no play is missed.
//!
//! What is handed on is in the spool already; it leaves it when it is kept. The home's lock is held only while something is kept or sent, so that other commands can work. A play that cannot be
//! kept now is tried again until it is.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use heard_api::Clock;
use heard_history::deliver::{DeliverError, Report, deliver};
use heard_history::home::{Home, HomeError, HomeLock};
use heard_history::listen::Listen;
use heard_history::outbox::Outbox;
use heard_history::playback::Event;
use heard_history::stop::StopSign;
use heard_history::store::StoreError;
use heard_history::watch::{Happened, Seen, Spool, keep, take_in};
use heard_history::zone::Zone;
use heard_history::{columns, ingest, verify};
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::told::Voice;
use crate::commands::sending::{Destination, wrong_clock};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::warn;

/// How long another process is waited for before the lock is tried again.
const BUSY: Duration = Duration::from_millis(200);
/// After how long what could not be kept is tried again.
const TROUBLE: Duration = Duration::from_secs(10);
/// For so long the lock is held to send what waits to one target; the rest is sent after others had their turn.
const TURN: Duration = Duration::from_secs(20);
const SOON: Duration = Duration::from_secs(1);
/// Between two tries to send what waits: the first pause, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(30 * 60));

/// Something that happened, on its way to the keeper.
#[derive(Debug)]
pub(super) struct Handed {
    pub(super) happened: Happened,
    /// Whether it is in the spool.
    pub(super) is_spooled: bool,
}

/// Keeps and sends.
pub(super) struct Keeper {
    home: Home,
    spool: Arc<Mutex<Spool>>,
    listener: String,
    zone: Zone,
    destinations: Vec<Destination>,
    voice: Voice,
    clock: Clock,
    /// Where requests run.
    handle: Handle,
    ended: watch::Receiver<bool>,
    /// What is still to be kept, and still to be put into the outbox.
    seen: Vec<Seen>,
    listens: Vec<Listen>,
    /// How many of what was handed on are in the spool, and how many are only here.
    spooled: usize,
    unspooled: usize,
    /// What was said last, so that it is not said again and again.
    said: Option<String>,
    /// The pause before the next try to send, where something waits.
    pause: Option<Duration>,
}

impl Keeper {
    pub(super) fn new(
        home: Home,
        spool: Arc<Mutex<Spool>>,
        config: &Config,
        destinations: Vec<Destination>,
        voice: Voice,
        handle: Handle,
        ended: watch::Receiver<bool>,
    ) -> Self {
        Self {
            home,
            spool,
            listener: config.listener.clone(),
            zone: config.zone.clone(),
            destinations,
            voice,
            clock: Clock::system(),
            handle,
            ended,
            seen: Vec::new(),
            listens: Vec::new(),
            spooled: 0,
            unspooled: 0,
            said: None,
            pause: None,
        }
    }

    /// Works until nobody hands anything on any more, and everything is kept.
    ///
    /// # Errors
    /// Why something could not be kept, though the listener wants to stop; and what standard output says.
    pub(super) fn run(mut self, handed: &Receiver<Handed>) -> Result<(), Failure> {
        self.send_leavings()?;
        loop {
            let first = match self.pause {
                Some(pause) => handed.recv_timeout(pause),
                None => handed.recv().map_err(RecvTimeoutError::from),
            };
            match first {
                Ok(first) => std::iter::once(first).chain(handed.try_iter()).for_each(|it| self.take(&it)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if !self.seen.is_empty() || self.pause.is_some() {
                self.keep_and_send()?;
            }
        }
    }

    fn take(&mut self, Handed { happened, is_spooled }: &Handed) {
        let seen = happened.seen();
        self.spooled += usize::from(*is_spooled);
        self.unspooled += usize::from(seen.is_some() && !is_spooled);
        self.seen.extend(seen);
        if let Event::Counts(listen) = &happened.event {
            self.listens.push(listen.clone());
        }
    }

    /// What an earlier watch, or another command, left in the outbox. Targets that were paused because of their login are
    /// tried again: whoever begins to watch may have a new one.
    fn send_leavings(&mut self) -> Result<(), Failure> {
        if self.destinations.is_empty() {
            return Ok(());
        }
        match self.home.lock() {
            Ok(lock) => {
                let resumed = Outbox::open(&self.home, &lock).and_then(|mut outbox| self.resume(&mut outbox));
                match resumed {
                    Ok(()) => self.send(&lock),
                    Err(error) => Err(error.into()),
                }
            }
            Err(HomeError::Busy { .. }) => {
                self.pause = Some(PAUSES.0);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn resume(&self, outbox: &mut Outbox) -> Result<(), StoreError> {
        for known in outbox.targets()? {
            if known.paused.is_some() && self.destinations.iter().any(|to| to.target == known.target) {
                outbox.resume(&known.target)?;
            }
        }
        Ok(())
    }

    /// Keeps what is to be kept, however often that must be tried, and then sends. While it waits, others have the lock:
    /// they may be who mends it.
    fn keep_and_send(&mut self) -> Result<(), Failure> {
        let (plays, listens) = (self.seen.len(), self.listens.len());
        loop {
            let Some(lock) = self.lock_when_free()? else { return Ok(()) };
            match self.keep(&lock) {
                Ok(()) => {
                    self.said = None;
                    if plays > 0 {
                        self.voice.kept(plays, listens)?;
                    }
                    return if *self.ended.borrow() { Ok(()) } else { self.send(&lock) };
                }
                Err(failure) if *self.ended.borrow() => return Err(failure),
                Err(failure) => self.say_once(&format!("{failure}\nnote: what was played is not lost; trying again")),
            }
            drop(lock);
            self.wait(TROUBLE);
        }
    }

    /// Waits for other heard processes. Whoever wants to stop need not wait: what is in the spool is taken in by the next
    /// command, and only what the disk did not take would be lost.
    fn lock_when_free(&mut self) -> Result<Option<HomeLock>, Failure> {
        loop {
            match self.home.lock() {
                Ok(lock) => return Ok(Some(lock)),
                Err(HomeError::Busy { .. }) if *self.ended.borrow() && self.unspooled == 0 => {
                    self.say_once("another heard process is at work; the next command takes in what was played");
                    return Ok(None);
                }
                Err(error @ HomeError::Busy { .. }) => {
                    self.say_once(&format!("{error}; what was played is kept as soon as it is done"));
                    self.wait(BUSY);
                }
                Err(error) if *self.ended.borrow() => return Err(error.into()),
                Err(error) => {
                    self.say_once(&Failure::from(error).to_string());
                    self.wait(TROUBLE);
                }
            }
        }
    }

    /// The archive first, then the views, then the outbox.
    fn keep(&mut self, lock: &HomeLock) -> Result<(), Failure> {
        if !self.seen.is_empty() {
            verify::unseal(&self.home, lock)?;
            let (mut store, _) = ingest::open(&self.home, lock, &self.zone)?;
            keep(&self.home, lock, &mut store, &self.listener, &self.seen, self.clock.now())?;
            self.seen.clear();
            // What others left is not this watch's to fail over; it waits for the next one.
            if let Err(error) = take_in(&self.home, lock, &mut store, self.clock.now()) {
                tracing::warn!(%error, "what an earlier watch left cannot be taken in");
            }
            columns::refresh(&self.home, lock, &store)?;
            verify::seal(&self.home, lock, store)?;
        }
        let mut outbox = Outbox::open(&self.home, lock)?;
        for to in &self.destinations {
            outbox.add(&to.target, &self.listens, self.clock.now())?;
        }
        self.listens.clear();
        self.unspooled = 0;
        let mut spool = self.spool.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = spool.settle(std::mem::take(&mut self.spooled)) {
            tracing::warn!(%error, "what is kept stays in the folder of what is to be kept");
        }
        Ok(())
    }

    /// Sends what waits, for a while. What does not arrive is tried again later, and soon where more would have.
    fn send(&mut self, lock: &HomeLock) -> Result<(), Failure> {
        let (first, longest) = PAUSES;
        let later = self.pause.map_or(first, |pause| (pause * 2).clamp(first, longest));
        self.pause = None;
        let reports = match self.send_to_all(lock) {
            Ok(reports) => reports,
            Err(error) => {
                self.say_once(&Failure::from(error).to_string());
                self.pause = Some(later);
                return Ok(());
            }
        };
        for report in reports {
            if let Some(sentence) = wrong_clock(&report) {
                self.say_once(&sentence);
            }
            if report.counts.undelivered() > 0 {
                let goes_on = report.accepted > 0 && matches!(report.stopped, Some(DeliverError::Interrupted));
                let pause = if goes_on { SOON } else { later };
                self.pause = Some(self.pause.map_or(pause, |other| other.min(pause)));
            }
            self.voice.sent(report)?;
        }
        Ok(())
    }

    fn send_to_all(&self, lock: &HomeLock) -> Result<Vec<Report>, StoreError> {
        let mut outbox = Outbox::open(&self.home, lock)?;
        let mut send = |to| {
            let mut ended = self.ended.clone();
            self.handle.block_on(send_for_a_turn(&mut outbox, to, &self.clock, &mut ended))
        };
        self.destinations.iter().map(&mut send).collect()
    }

    fn say_once(&mut self, sentence: &str) {
        if self.said.as_deref() != Some(sentence) {
            warn(sentence);
            self.said = Some(sentence.to_owned());
        }
    }

    fn wait(&self, duration: Duration) {
        let mut ended = self.ended.clone();
        self.handle.block_on(async {
            // Another look at the lock comes soon enough.
            tokio::select! {
                () = self.clock.sleep(duration) => {}
                () = is_over(&mut ended), if duration > BUSY => {}
            }
        });
    }
}

/// Sends to one target until nothing waits, its turn is over, or somebody asks to stop.
async fn send_for_a_turn(
    outbox: &mut Outbox,
    to: &Destination,
    clock: &Clock,
    ended: &mut watch::Receiver<bool>,
) -> Result<Report, StoreError> {
    let stop = StopSign::default();
    let mut ignore = |_: &Report| {};
    let sending = deliver(outbox, &to.target, &to.connection, &stop, &mut ignore);
    tokio::pin!(sending);
    tokio::select! {
        report = &mut sending => return report,
        () = clock.sleep(TURN) => {}
        () = is_over(ended) => {}
    }
    stop.raise();
    sending.await
}

/// Returns when somebody asks to stop. Where nobody can any more, that is never.
async fn is_over(ended: &mut watch::Receiver<bool>) {
    if ended.wait_for(|ended| *ended).await.is_err() {
        std::future::pending::<()>().await;
    }
}
