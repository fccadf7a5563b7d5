//! Which players are watched, as far as the config file and the environment tell.

use heard_api::Secret;
use serde::Deserialize;

use super::variable;
use crate::exit::{Code, Failure};

/// The table `[watch]` of the config file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    mpris: Option<bool>,
    #[serde(default)]
    mpd: Vec<String>,
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    ignore: Vec<String>,
}

/// Which players are watched where nothing is typed.
#[derive(Debug)]
pub(crate) struct Watching {
    /// Whether the desktop's players are.
    pub(crate) mpris: bool,
    /// Addresses of MPDs.
    pub(crate) mpd: Vec<String>,
    pub(crate) only: Vec<String>,
    pub(crate) ignore: Vec<String>,
    /// The D-Bus address of the session, where there is one.
    pub(crate) session_bus: Option<String>,
    /// How much faster than the machine's the clock of players goes: 1, but for tests that have no time to listen.
    pub(crate) speed: u32,
}

impl Default for Watching {
    fn default() -> Self {
        Self { mpris: true, mpd: Vec::new(), only: Vec::new(), ignore: Vec::new(), session_bus: None, speed: 1 }
    }
}

impl Watching {
    pub(super) fn resolve(file: File) -> Result<Self, Failure> {
        let File { mpris, mut mpd, only, ignore } = file;
        if let Some(host) = variable("MPD_HOST") {
            mpd = vec![address(&host, variable("MPD_PORT").as_deref())];
        }
        Ok(Self { mpris: mpris.unwrap_or(true), mpd, only, ignore, session_bus: session_bus(), speed: speed()? })
    }
}

/// `$MPD_HOST` as MPD's own clients read it: `HOST`, `PASSWORD@HOST`, the path of a socket, or `@NAME` for an abstract one
/// (<https://mpd.readthedocs.io/en/stable/client.html>).
fn split(host: &str) -> (Option<&str>, &str) {
    match host.split_once('@') {
        Some((password, host)) if !password.is_empty() && !host.is_empty() => (Some(password), host),
        _ => (None, host),
    }
}

fn address(host: &str, port: Option<&str>) -> String {
    let (_, host) = split(host);
    match port {
        Some(port) if !host.starts_with(['/', '@', '~']) => format!("{host}:{port}"),
        _ => host.to_owned(),
    }
}

/// The password that stands before the host in `$MPD_HOST`.
pub(super) fn password_of_mpd_host() -> Option<Secret> {
    split(&variable("MPD_HOST")?).0.map(Secret::new)
}

/// Where D-Bus clients look (<https://dbus.freedesktop.org/doc/dbus-specification.html>, and systemd's place for it).
fn session_bus() -> Option<String> {
    variable("DBUS_SESSION_BUS_ADDRESS").or_else(|| {
        let socket = format!("{}/bus", variable("XDG_RUNTIME_DIR")?);
        std::path::Path::new(&socket).exists().then(|| format!("unix:path={socket}"))
    })
}

fn speed() -> Result<u32, Failure> {
    let Some(text) = variable("HEARD_WATCH_SPEED") else { return Ok(1) };
    let wrong = || {
        let problem = format!("HEARD_WATCH_SPEED is {text:?}, and not a number from 1 to 1000");
        Failure::new(Code::Configuration, problem).hint("unset HEARD_WATCH_SPEED")
    };
    text.parse().ok().filter(|speed| (1..=1000).contains(speed)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mpd_host_is_read_as_mpds_clients_read_it() {
        for (host, port, password, told) in [
            ("music", None, None, "music"),
            ("music", Some("6601"), None, "music:6601"),
            ("pass@music", Some("6601"), Some("pass"), "music:6601"),
            ("pass@/run/mpd/socket", Some("6601"), Some("pass"), "/run/mpd/socket"),
            ("/run/mpd/socket", None, None, "/run/mpd/socket"),
            ("@mpd", None, None, "@mpd"),
            ("a@b@c", None, Some("a"), "b@c"),
            ("pass@", None, None, "pass@"),
            ("@", None, None, "@"),
        ] {
            assert_eq!(split(host).0, password, "{host}");
            assert_eq!(address(host, port), told, "{host}");
        }
    }
}
