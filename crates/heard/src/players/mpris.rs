//! The players of the desktop, which speak MPRIS over the session's D-Bus
//! (<https://specifications.freedesktop.org/mpris-spec/latest/>).
//!
//! Whatever a player signals, it is asked for all its properties: what it tells at once is whole, and a position stands
//! in no signal but one. While it plays it is asked now and then without a signal, too.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use futures_util::StreamExt;
use heard_history::playback::Signal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use zbus::{Connection, DynamicType, MatchRule, MessageStream, OwnedVariant, Type, message};

use super::metadata::{LastPosition, Properties, signal};
use super::wanted::{PREFIX, Wanted, short};
use super::{LOOK, Listener, PATIENCE, PlayersError, Tells};

/// Where every player's properties are.
const OBJECT: &str = "/org/mpris/MediaPlayer2";
const PLAYER: &str = "org.mpris.MediaPlayer2.Player";
const ROOT: &str = "org.mpris.MediaPlayer2";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// The bus itself (<https://dbus.freedesktop.org/doc/dbus-specification.html#message-bus>).
const BUS: &str = "org.freedesktop.DBus";
const BUS_OBJECT: &str = "/org/freedesktop/DBus";
/// Signals that may wait before the bus must.
const WAITING: Option<NonZeroUsize> = NonZeroUsize::new(256);

/// The session's bus.
pub(super) struct Desktop {
    connection: Connection,
    /// Names that go from hand to hand.
    owners: MessageStream,
    signals: MessageStream,
    wanted: Wanted,
    /// The players that are watched, by the unique names of their connections, of which one may bear several names.
    players: BTreeMap<String, Player>,
}

/// A player that is watched.
struct Player {
    bus_name: String,
    plays: bool,
    position: LastPosition,
}

impl Desktop {
    /// Connects to the bus at this address, and listens from then on.
    pub(super) async fn open(address: Option<&str>, wanted: Wanted) -> Result<Self, PlayersError> {
        let address = address.ok_or(PlayersError::NoSession)?;
        let connecting = async {
            let connection = zbus::connection::Builder::address(address).build().await?;
            let rule = || MatchRule::builder().msg_type(message::Type::Signal);
            let owners = rule().sender(BUS).member("NameOwnerChanged").arg0ns(ROOT).build()?;
            let owners = MessageStream::for_match_rule(owners, &connection, WAITING).await?;
            let signals = rule().path(OBJECT).build()?;
            let signals = MessageStream::for_match_rule(signals, &connection, WAITING).await?;
            Ok(Self { connection, owners, signals, wanted, players: BTreeMap::new() })
        };
        timeout(PATIENCE, connecting).await.unwrap_or(Err(PlayersError::SilentBus))
    }

    /// Tells what players do until the session ends or nobody listens any more.
    pub(super) async fn watch(mut self, listener: Listener) {
        self.find(&listener).await;
        while !listener.told.is_closed() {
            tokio::select! {
                changed = self.owners.next() => {
                    let Some(Ok(changed)) = changed else { return };
                    if let Ok((name, _, owner)) = changed.body().deserialize::<(String, String, String)>() {
                        self.owned(&name, Some(owner).filter(|owner| !owner.is_empty()), &listener).await;
                    }
                }
                told = self.signals.next() => {
                    let Some(Ok(told)) = told else { return };
                    if let Some(sender) = told.header().sender() {
                        self.ask(sender.as_str(), &listener).await;
                    }
                }
                () = listener.time.sleep(LOOK) => self.look(&listener).await,
            }
        }
    }

    /// The players that were there before.
    async fn find(&mut self, listener: &Listener) {
        let names: Vec<String> = self.call((BUS, BUS_OBJECT, BUS), "ListNames", &()).await.unwrap_or_default();
        for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
            // It may have gone since.
            let owner = self.call((BUS, BUS_OBJECT, BUS), "GetNameOwner", &(name,)).await;
            self.owned(name, owner, listener).await;
        }
    }

    /// A bus name has another owner now, or none.
    async fn owned(&mut self, bus_name: &str, owner: Option<String>, listener: &Listener) {
        let gone: Vec<String> =
            self.players.iter().filter(|(_, player)| player.bus_name == bus_name).map(|(id, _)| id.clone()).collect();
        for id in gone {
            self.players.remove(&id);
            listener.tell(&id, short(bus_name), Tells::Left).await;
        }
        let Some(id) = owner.filter(|id| !self.players.contains_key(id)) else { return };
        if self.wanted.wants(bus_name, self.identity(&id).await.as_deref()) {
            let player = Player { bus_name: bus_name.to_owned(), plays: false, position: LastPosition::default() };
            self.players.insert(id.clone(), player);
            self.ask(&id, listener).await;
        }
    }

    /// Asks those that play.
    async fn look(&mut self, listener: &Listener) {
        let playing: Vec<String> =
            self.players.iter().filter(|(_, player)| player.plays).map(|(id, _)| id.clone()).collect();
        for id in playing {
            self.ask(&id, listener).await;
        }
    }

    /// Asks a player what it plays. One that does not answer is taken to be silent until it does.
    async fn ask(&mut self, id: &str, listener: &Listener) {
        if !self.players.contains_key(id) {
            return;
        }
        let answer = self.properties(id).await;
        let Some(player) = self.players.get_mut(id) else { return };
        let told = match answer {
            Some(properties) => {
                let told = signal(&properties, &mut player.position);
                player.plays = matches!(told, Signal::Sounds { .. });
                told
            }
            None => Signal::Paused,
        };
        listener.tell(id, short(&player.bus_name), Tells::Signal(told)).await;
    }

    async fn properties(&self, id: &str) -> Option<Properties> {
        self.call((id, OBJECT, PROPERTIES), "GetAll", &(PLAYER,)).await
    }

    /// What a player calls itself.
    async fn identity(&self, id: &str) -> Option<String> {
        let value: OwnedVariant = self.call((id, OBJECT, PROPERTIES), "Get", &(ROOT, "Identity")).await?;
        String::try_from(value).ok()
    }

    /// What this method of an object answers; nothing where it does not, or not in time.
    async fn call<A, T>(&self, (name, object, interface): (&str, &str, &str), method: &str, arguments: &A) -> Option<T>
    where
        A: Serialize + DynamicType,
        T: DeserializeOwned + Type,
    {
        let call = self.connection.call_method(Some(name), object, Some(interface), method, arguments);
        let answer = match timeout(PATIENCE, call).await {
            Ok(Ok(answer)) => answer.body().deserialize().map_err(|error| error.to_string()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("no answer".to_owned()),
        };
        answer.inspect_err(|error| tracing::debug!(%error, name, method, "nothing is told")).ok()
    }
}
