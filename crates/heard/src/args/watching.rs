//! What can be typed behind `watch`.

use clap::Args;

use super::files::name;
use super::sending::Reaching;

/// Watch players, keep what they play, and scrobble it
///
/// Watches the players of the desktop (MPRIS over D-Bus) and MPDs, several at once, until Ctrl-C or SIGTERM. Only time in
/// which a track sounded counts: pauses, seeking and a sleeping machine add nothing. A track counts after half of its
/// length or four minutes, and never if it has 30 seconds or less.
///
/// Every play is kept in the archive, counting or not. One that counts goes into the outbox of each account whose keys are
/// set, and from there to the service; without a network it waits there. Other heard commands can be used meanwhile. What
/// is seen is on the disk before anything is said of it: after a kill, the next heard command takes it in.
///
/// A player that hangs keeps no other waiting; a D-Bus session or an MPD that is gone is looked for until it is back.
///
/// With --json, each event is one line of JSON on standard output: now_playing (player, artist, track, album, length_ms),
/// counts (the same with played_at, played_time), finished (the same with ms_played, counts), kept (plays, listens), sent
/// (account, accepted, ignored, parked, waiting).
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard watch
  heard watch --ignore firefox --ignore chromium
  heard watch --mpd localhost:6600 --no-mpris --service listenbrainz
  heard watch --no-send --json

Exit codes: 69 no player can be watched here · 77 the MPD wants another password · 78 no account with keys")]
pub(crate) struct Watch {
    /// An MPD: HOST, HOST:PORT, or the path of its socket; may be repeated [default: from the config, or $MPD_HOST]
    #[arg(long, value_name = "ADDRESS", value_parser = name())]
    pub(crate) mpd: Vec<String>,
    /// Leave the players of the desktop alone
    #[arg(long)]
    pub(crate) no_mpris: bool,
    /// Of the desktop's players, only this one, like spotify; may be repeated [default: from the config, or all]
    #[arg(long, value_name = "NAME", value_parser = name())]
    pub(crate) only: Vec<String>,
    /// Of the desktop's players, not this one; may be repeated [default: from the config]
    #[arg(long, value_name = "NAME", value_parser = name())]
    pub(crate) ignore: Vec<String>,
    /// Only keep what is played, and send nothing
    #[arg(long, conflicts_with_all = ["user", "url", "service", "rate"])]
    pub(crate) no_send: bool,
    #[command(flatten)]
    pub(crate) reaching: Reaching,
}
