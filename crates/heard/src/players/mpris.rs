//! The players of the desktop, which speak MPRIS over the session's D-Bus
//! (<https://specifications.freedesktop.org/mpris-spec/latest/>).
//!
//! Whatever a player signals, it is asked for all its properties: what it tells at once is whole, and a position stands
//! in no signal but one. While it plays it is asked now and then without a signal, too. All are asked side by side, each
//! with a time limit of its own, so that one that hangs keeps nobody waiting.
//!
//! A session may end and come back: its bus is begun anew, or the machine was asleep for long. Until then all its players
//! pause; those that are back under their names go on where they were.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::pin::pin;

use futures_util::StreamExt;
use heard_history::playback::Signal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;
use tokio::time::timeout;
use zbus::{Connection, DynamicType, MatchRule, MessageStream, OwnedVariant, Type, message};

use super::metadata::{LastPosition, Properties, signal};
use super::wanted::{PREFIX, Wanted, short};
use super::{LOOK, Listener, PATIENCE, PAUSES, PlayersError, Tells};

/// Where every player's properties are.
const OBJECT: &str = "/org/mpris/MediaPlayer2";
const PLAYER: &str = "org.mpris.MediaPlayer2.Player";
const ROOT: &str = "org.mpris.MediaPlayer2";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// The bus itself (<https://dbus.freedesktop.org/doc/dbus-specification.html#message-bus>).
const BUS: &str = "org.freedesktop.DBus";
const BUS_OBJECT: &str = "/org/freedesktop/DBus";
/// The bus, as it is asked itself.
const THE_BUS: Asked<'static> = (BUS, BUS_OBJECT, BUS);
/// Signals that may wait before the bus must.
const WAITING: Option<NonZeroUsize> = NonZeroUsize::new(256);

/// Whom a question goes to: a name on the bus, an object of it, an interface of that.
type Asked<'a> = (&'a str, &'a str, &'a str);

/// The session whose players are watched, and which of them are meant.
pub(super) struct Session {
    address: String,
    wanted: Wanted,
}

/// A connection to the session's bus.
pub(super) struct Bus {
    connection: Connection,
    /// Names that go from hand to hand.
    owners: MessageStream,
    signals: MessageStream,
}

/// The players of one connection.
struct Desktop<'a> {
    bus: Bus,
    wanted: &'a Wanted,
    listener: &'a Listener,
    /// Bus names of players that somebody was told of, and that have not left.
    known: &'a mut BTreeSet<String>,
    /// Who bears which of the players' bus names.
    names: BTreeMap<String, String>,
    /// The players that are watched, by the unique names of their connections, of which one may bear several names.
    players: BTreeMap<String, Player>,
    /// Questions under way.
    asked: JoinSet<Answer>,
}

/// A player that is watched.
struct Player {
    bus_name: String,
    plays: bool,
    position: LastPosition,
    /// Whether it is asked and has not answered, and whether it was to be asked again meanwhile.
    is_asked: bool,
    again: bool,
}

/// What came of a question to a player. One that does not answer has told nothing.
enum Answer {
    Identity { bus_name: String, id: String, identity: Option<String> },
    Properties { id: String, properties: Option<Properties> },
}

/// The session at this address, with a connection to its bus.
pub(super) async fn open(address: Option<&str>, wanted: Wanted) -> Result<(Session, Bus), PlayersError> {
    let session = Session { address: address.ok_or(PlayersError::NoSession)?.to_owned(), wanted };
    let bus = session.open().await?;
    Ok((session, bus))
}

impl Session {
    /// Connects to the bus, and listens from then on.
    async fn open(&self) -> Result<Bus, PlayersError> {
        let connecting = async {
            let connection = zbus::connection::Builder::address(self.address.as_str()).build().await?;
            let rule = || MatchRule::builder().msg_type(message::Type::Signal);
            let owners = rule().sender(BUS).member("NameOwnerChanged").arg0ns(ROOT).build()?;
            let owners = MessageStream::for_match_rule(owners, &connection, WAITING).await?;
            let signals = rule().path(OBJECT).build()?;
            let signals = MessageStream::for_match_rule(signals, &connection, WAITING).await?;
            Ok(Bus { connection, owners, signals })
        };
        timeout(PATIENCE, connecting).await.unwrap_or(Err(PlayersError::SilentBus))
    }

    /// Tells what players do until nobody listens any more. A session that is lost is looked for until it is back.
    pub(super) async fn watch(self, first: Bus, listener: Listener) {
        let (mut bus, mut known) = (first, BTreeSet::new());
        loop {
            Desktop::of(bus, &self.wanted, &listener, &mut known).follow().await;
            for bus_name in &known {
                listener.tell(bus_name, short(bus_name), Tells::Signal(Signal::Paused)).await;
            }
            listener.tell(ROOT, ROOT, Tells::Says("the D-Bus session is lost; trying again".to_owned())).await;
            let Some(again) = self.reach(&listener).await else { return };
            bus = again;
            listener.tell(ROOT, ROOT, Tells::Says("the D-Bus session is there again".to_owned())).await;
        }
    }

    /// Tries until it is reached, or nobody listens any more.
    async fn reach(&self, listener: &Listener) -> Option<Bus> {
        let (mut pause, longest) = PAUSES;
        while !listener.told.is_closed() {
            listener.time.sleep(pause).await;
            match self.open().await {
                Ok(bus) => return Some(bus),
                Err(error) => tracing::debug!(%error, "the session is not there"),
            }
            pause = (pause * 2).min(longest);
        }
        None
    }
}

impl<'a> Desktop<'a> {
    fn of(bus: Bus, wanted: &'a Wanted, listener: &'a Listener, known: &'a mut BTreeSet<String>) -> Self {
        let (names, players) = (BTreeMap::new(), BTreeMap::new());
        Self { bus, wanted, listener, known, names, players, asked: JoinSet::new() }
    }

    /// Tells what players do until the connection ends or nobody listens any more.
    async fn follow(mut self) {
        self.find().await;
        let mut look = pin!(self.listener.time.sleep(LOOK));
        while !self.listener.told.is_closed() {
            tokio::select! {
                changed = self.bus.owners.next() => {
                    let Some(Ok(changed)) = changed else { return };
                    if let Ok((name, _, owner)) = changed.body().deserialize::<(String, String, String)>() {
                        self.owned(&name, Some(owner).filter(|owner| !owner.is_empty())).await;
                    }
                }
                told = self.bus.signals.next() => {
                    let Some(Ok(told)) = told else { return };
                    if let Some(sender) = told.header().sender() {
                        self.ask(sender.as_str());
                    }
                }
                Some(Ok(answer)) = self.asked.join_next() => self.take(answer).await,
                () = &mut look => {
                    self.look();
                    look.set(self.listener.time.sleep(LOOK));
                }
            }
        }
    }

    /// The players that were there before, and those that are gone since the session was lost.
    async fn find(&mut self) {
        let names: Vec<String> = call(&self.bus.connection, THE_BUS, "ListNames", &()).await.unwrap_or_default();
        let gone: Vec<String> = self.known.iter().filter(|name| !names.contains(name)).cloned().collect();
        for name in gone {
            self.tell(&name, Tells::Left).await;
        }
        for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
            // It may have gone since.
            let owner = call(&self.bus.connection, THE_BUS, "GetNameOwner", &(name,)).await;
            self.owned(name, owner).await;
        }
    }

    /// A bus name has another owner now, or none.
    async fn owned(&mut self, bus_name: &str, owner: Option<String>) {
        if self.names.get(bus_name) == owner.as_ref() {
            return;
        }
        self.names.remove(bus_name);
        let before = self.players.len();
        self.players.retain(|_, player| player.bus_name != bus_name);
        if self.players.len() < before {
            self.tell(bus_name, Tells::Left).await;
        }
        let Some(id) = owner else { return };
        self.names.insert(bus_name.to_owned(), id.clone());
        let (connection, bus_name) = (self.bus.connection.clone(), bus_name.to_owned());
        self.asked.spawn(async move {
            let value: Option<OwnedVariant> =
                call(&connection, (&id, OBJECT, PROPERTIES), "Get", &(ROOT, "Identity")).await;
            let identity = value.and_then(|value| String::try_from(value).ok());
            Answer::Identity { bus_name, id, identity }
        });
    }

    /// Asks those that play.
    fn look(&mut self) {
        let playing: Vec<String> =
            self.players.iter().filter(|(_, player)| player.plays).map(|(id, _)| id.clone()).collect();
        for id in playing {
            self.ask(&id);
        }
    }

    /// Asks a player what it plays; one that has not answered yet, once more when it has.
    fn ask(&mut self, id: &str) {
        let Some(player) = self.players.get_mut(id) else { return };
        if player.is_asked {
            player.again = true;
            return;
        }
        player.is_asked = true;
        let (connection, id) = (self.bus.connection.clone(), id.to_owned());
        self.asked.spawn(async move {
            let properties = call(&connection, (&id, OBJECT, PROPERTIES), "GetAll", &(PLAYER,)).await;
            Answer::Properties { id, properties }
        });
    }

    async fn take(&mut self, answer: Answer) {
        match answer {
            Answer::Identity { bus_name, id, identity } => {
                // Meanwhile the name may have gone to another, and the player may be known under another one.
                if self.names.get(&bus_name) != Some(&id) || self.players.contains_key(&id) {
                    return;
                }
                if self.wanted.wants(&bus_name, identity.as_deref()) {
                    let position = LastPosition::default();
                    let player = Player { bus_name, plays: false, position, is_asked: false, again: false };
                    self.players.insert(id.clone(), player);
                    self.ask(&id);
                }
            }
            Answer::Properties { id, properties } => self.told(&id, properties).await,
        }
    }

    /// A player has told what it plays. One that does not answer is taken to be silent until it does.
    async fn told(&mut self, id: &str, properties: Option<Properties>) {
        let Some(player) = self.players.get_mut(id) else { return };
        player.is_asked = false;
        let again = std::mem::take(&mut player.again);
        let told = match properties {
            Some(properties) => {
                let told = signal(&properties, &mut player.position);
                player.plays = matches!(told, Signal::Sounds { .. });
                told
            }
            None => Signal::Paused,
        };
        let bus_name = player.bus_name.clone();
        self.tell(&bus_name, Tells::Signal(told)).await;
        if again {
            self.ask(id);
        }
    }

    /// Players go by their bus names, which they bear again after the session was lost.
    async fn tell(&mut self, bus_name: &str, tells: Tells) {
        match tells {
            Tells::Left => self.known.remove(bus_name),
            _ => self.known.insert(bus_name.to_owned()),
        };
        self.listener.tell(bus_name, short(bus_name), tells).await;
    }
}

/// What this method answers; nothing where it does not, or not in time.
async fn call<A, T>(
    connection: &Connection,
    (name, object, interface): Asked<'_>,
    method: &str,
    arguments: &A,
) -> Option<T>
where
    A: Serialize + DynamicType,
    T: DeserializeOwned + Type,
{
    let call = connection.call_method(Some(name), object, Some(interface), method, arguments);
    let answer = match timeout(PATIENCE, call).await {
        Ok(Ok(answer)) => answer.body().deserialize().map_err(|error| error.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer".to_owned()),
    };
    answer.inspect_err(|error| tracing::debug!(%error, name, method, "nothing is told")).ok()
}
