//! A desktop of the test's own: a D-Bus that nobody else is on, and players that do what the test says.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use zbus::{Connection, Message, MessageStream, OwnedVariant, Variant, message};

const OBJECT: &str = "/org/mpris/MediaPlayer2";
const ROOT: &str = "org.mpris.MediaPlayer2";
const PLAYER: &str = "org.mpris.MediaPlayer2.Player";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// A bus, and the runtime in which its players live.
pub(crate) struct Desktop {
    daemon: Child,
    pub(crate) address: String,
    config: PathBuf,
    runtime: Runtime,
    _folder: TempDir,
}

impl Desktop {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("bus-").tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        let rules = "<allow send_destination=\"*\"/><allow receive_sender=\"*\"/><allow own=\"*\"/>";
        let text = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
             <policy context=\"default\">{rules}</policy></busconfig>",
            folder.path().join("socket").display()
        );
        #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
        std::fs::write(&config, text).unwrap();
        let (daemon, address) = begin(&config);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { daemon, address, config, runtime, _folder: folder }
    }

    /// A player of this name comes onto the desktop; it is silent.
    pub(crate) fn player(&self, name: &str) -> Player<'_> {
        let script = Arc::new(Mutex::new(Script { status: "Stopped", hangs: false, metadata: HashMap::new() }));
        let identity = format!("The {name} Player");
        let answering = Arc::clone(&script);
        let opened = async {
            let connection = zbus::connection::Builder::address(self.address.as_str()).build().await?;
            let calls = MessageStream::from(&connection);
            tokio::spawn(answer(connection.clone(), calls, identity, answering));
            connection.request_name(format!("{ROOT}.{name}")).await?;
            Ok::<_, zbus::Error>(connection)
        };
        let connection = self.runtime.block_on(opened).unwrap();
        Player { desktop: self, connection: Some(connection), script }
    }

    /// Starts something, and waits until it bears this name on the bus.
    #[cfg(feature = "keyring")]
    pub(crate) fn until_owned<T>(&self, name: &'static str, start: impl FnOnce() -> T) -> T {
        self.runtime.block_on(async {
            let connection = zbus::connection::Builder::address(self.address.as_str()).build().await.unwrap();
            let rule =
                zbus::MatchRule::builder().msg_type(message::Type::Signal).member("NameOwnerChanged").arg(0, name);
            let rule = rule.build().unwrap();
            let mut owners = MessageStream::for_match_rule(rule, &connection, None).await.unwrap();
            let started = start();
            let owned = async {
                loop {
                    let (_, _, owner): (String, String, String) =
                        owners.next().await.unwrap().unwrap().body().deserialize().unwrap();
                    if !owner.is_empty() {
                        return;
                    }
                }
            };
            let patience = std::time::Duration::from_secs(60);
            tokio::time::timeout(patience, owned).await.unwrap_or_else(|_| panic!("nobody bears the name {name}"));
            started
        })
    }

    /// The session ends.
    pub(crate) fn end(&mut self) {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
    }

    /// A new session begins, at the same address.
    pub(crate) fn begin_anew(&mut self) {
        let (daemon, address) = begin(&self.config);
        assert!(address.starts_with(self.address.split(',').next().unwrap()), "{address} {}", self.address);
        self.daemon = daemon;
    }
}

/// A bus, and its address.
fn begin(config: &Path) -> (Child, String) {
    let mut daemon = Command::new("dbus-daemon")
        .args(["--nofork", "--nopidfile", "--print-address", "--config-file"])
        .arg(config)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("dbus-daemon: {error}; ./check tools installs it"));
    let mut address = String::new();
    BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
    // Without the number of the bus, which changes with each.
    let address = address.trim().split(",guid=").next().unwrap_or_default().to_owned();
    (daemon, address)
}

impl Drop for Desktop {
    fn drop(&mut self) {
        drop(self.daemon.kill());
        drop(self.daemon.wait());
    }
}

/// A player on the desktop.
pub(crate) struct Player<'d> {
    desktop: &'d Desktop,
    connection: Option<Connection>,
    script: Arc<Mutex<Script>>,
}

/// What a player says of itself.
pub(crate) struct Script {
    status: &'static str,
    hangs: bool,
    metadata: HashMap<String, OwnedVariant>,
}

impl Script {
    fn properties(&self) -> HashMap<&'static str, OwnedVariant> {
        let metadata: HashMap<String, OwnedVariant> =
            self.metadata.iter().map(|(key, value)| (key.clone(), value.try_clone().unwrap())).collect();
        HashMap::from([
            ("PlaybackStatus", OwnedVariant::try_from(Variant::from(self.status)).unwrap()),
            ("Metadata", OwnedVariant::from(metadata)),
            ("Position", OwnedVariant::from(0_i64)),
        ])
    }
}

/// Answers whoever asks, as long as the connection is there.
async fn answer(connection: Connection, mut calls: MessageStream, identity: String, script: Arc<Mutex<Script>>) {
    while let Some(Ok(call)) = calls.next().await {
        if call.message_type() == message::Type::MethodCall && !script.lock().unwrap().hangs {
            // Who asked may be gone.
            drop(answer_one(&connection, &call, &identity, &script).await);
        }
    }
}

async fn answer_one(
    connection: &Connection,
    call: &Message,
    identity: &str,
    script: &Mutex<Script>,
) -> zbus::Result<()> {
    let header = call.header();
    match header.member().map(zbus::names::MemberName::as_str) {
        Some("GetAll") => {
            let properties = script.lock().unwrap().properties();
            connection.reply(&header, &properties).await
        }
        Some("Get") => connection.reply(&header, &Variant::from(identity)).await,
        _ => connection.reply_error(&header, "org.freedesktop.DBus.Error.UnknownMethod", &"no such method").await,
    }
}

impl Player<'_> {
    /// Plays a track of 31 seconds.
    pub(crate) fn play(&self, artist: &str, title: &str) {
        self.play_with(&[
            ("xesam:artist", Variant::from(vec![artist])),
            ("xesam:title", Variant::from(title)),
            ("mpris:length", Variant::from(62_000_000_i64)),
        ]);
    }

    pub(crate) fn play_with(&self, metadata: &[(&str, Variant<'_>)]) {
        let owned = |(key, value): &(&str, Variant<'_>)| ((*key).to_owned(), OwnedVariant::try_from(value).unwrap());
        let metadata = metadata.iter().map(owned).collect();
        self.change(|script| *script = Script { status: "Playing", hangs: false, metadata });
    }

    pub(crate) fn pause(&self) {
        self.change(|script| script.status = "Paused");
    }

    pub(crate) fn stop(&self) {
        self.change(|script| script.status = "Stopped");
    }

    /// Answers nobody any more.
    pub(crate) fn hang(&self) {
        self.script.lock().unwrap().hangs = true;
    }

    /// Changes, and says so to all.
    fn change(&self, change: impl FnOnce(&mut Script)) {
        let properties = {
            let mut script = self.script.lock().unwrap();
            change(&mut script);
            script.properties()
        };
        let connection = self.connection.as_ref().unwrap();
        let changed = (PLAYER, properties, Vec::<String>::new());
        let told = connection.emit_signal(None::<&str>, OBJECT, PROPERTIES, "PropertiesChanged", &changed);
        self.desktop.runtime.block_on(told).unwrap();
    }

    /// Goes away without a word.
    pub(crate) fn quit(mut self) {
        self.close();
    }

    fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(self.desktop.runtime.block_on(connection.close()));
        }
    }
}

impl Drop for Player<'_> {
    fn drop(&mut self) {
        self.close();
    }
}
