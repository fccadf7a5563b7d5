//! What can be typed behind the commands that speak to a service at once: `api`, `love`, `unlove` and `now-playing`.

use clap::{Args, ValueEnum};
use heard_history::listen::Service;

use super::files::name;

/// A service that can be spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServiceArg {
    /// Last.fm, and servers that speak its language
    #[default]
    Lastfm,
    /// Libre.fm, and other GNU FM servers
    Librefm,
    /// ListenBrainz, and servers that speak its language
    Listenbrainz,
}

impl From<ServiceArg> for Service {
    fn from(service: ServiceArg) -> Self {
        match service {
            ServiceArg::Lastfm => Self::Lastfm,
            ServiceArg::Librefm => Self::Librefm,
            ServiceArg::Listenbrainz => Self::Listenbrainz,
        }
    }
}

/// Ask a service anything, and print its answer as it came
///
/// Any method of Last.fm and Libre.fm can be called by its name; keys, signature and format are added, and what is
/// documented to change something goes by POST with the session. Of ListenBrainz, the path below /1/ is the method. The
/// logins (auth.…) are not to be had here, for their answers are keys.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard api user.getInfo user=ann
  heard api track.getInfo artist=Björk track=Jóga username=ann | jq .track.userplaycount
  heard api user/ann/listen-count --service listenbrainz
  heard api user.getTopTags user=ann --archive")]
pub(crate) struct Api {
    /// The method, like user.getInfo; at ListenBrainz a path, like user/NAME/listens
    #[arg(value_parser = name())]
    pub(crate) method: String,
    /// The parameters of the call
    #[arg(value_name = "NAME=VALUE", value_parser = parameter)]
    pub(crate) parameters: Vec<(String, String)>,
    /// Send it by POST [default: as the method is documented]
    #[arg(long)]
    pub(crate) post: bool,
    /// Sign it, and send it as the user whose session key is set [default: as the method is documented]
    #[arg(long)]
    pub(crate) sign: bool,
    /// Keep the answer in the archive, too, without any key; no play is made from it
    #[arg(long)]
    pub(crate) archive: bool,
    /// The service that is asked
    #[arg(long, value_enum, default_value_t, hide_possible_values = true, value_name = "lastfm|librefm|listenbrainz")]
    pub(crate) service: ServiceArg,
    /// The service's address, for a server of one's own
    #[arg(long, value_name = "ROOT")]
    pub(crate) url: Option<String>,
}

/// Which accounts are told.
#[derive(Args, Debug)]
pub(crate) struct At {
    /// One account [default: all from the config]
    #[arg(long, value_name = "NAME", value_parser = name())]
    pub(crate) user: Option<String>,
    /// The service of --user [default: lastfm]
    #[arg(
        long,
        value_enum,
        requires = "user",
        hide_possible_values = true,
        value_name = "lastfm|librefm|listenbrainz"
    )]
    pub(crate) service: Option<ServiceArg>,
    /// The service's address, for a server of one's own
    #[arg(long, requires = "user", value_name = "ROOT")]
    pub(crate) url: Option<String>,
}

/// Give a track your heart
///
/// Needs a session: LASTFM_API_SECRET and LASTFM_SESSION_KEY, LIBREFM_SESSION_KEY, or LISTENBRAINZ_TOKEN. ListenBrainz knows hearts of
/// MusicBrainz recordings alone.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard love --artist Björk --track Jóga
  heard love --artist Björk --track Jóga --user ann --service librefm")]
pub(crate) struct Love {
    #[command(flatten)]
    pub(crate) heart: Heart,
}

/// Take your heart from a track
///
/// Needs a session, as heard love does.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  heard unlove --artist Björk --track Jóga")]
pub(crate) struct Unlove {
    #[command(flatten)]
    pub(crate) heart: Heart,
}

/// A track, and who is told about it.
#[derive(Args, Debug)]
pub(crate) struct Heart {
    /// The artist's name
    #[arg(long, value_parser = name())]
    pub(crate) artist: String,
    /// The track's name
    #[arg(long, value_parser = name())]
    pub(crate) track: String,
    /// The recording's MusicBrainz id, for ListenBrainz
    #[arg(long, value_name = "ID", value_parser = name())]
    pub(crate) mbid: Option<String>,
    #[command(flatten)]
    pub(crate) at: At,
}

/// Tell the services what sounds at this moment
///
/// It is shown on the account's page for a while, and never becomes a listen. What the service spells otherwise or does
/// not take is told. Needs a session, as heard love does.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  heard now-playing --artist Björk --track Jóga --album Homogenic --duration 305")]
pub(crate) struct NowPlaying {
    /// The artist's name
    #[arg(long, value_parser = name())]
    pub(crate) artist: String,
    /// The track's name
    #[arg(long, value_parser = name())]
    pub(crate) track: String,
    /// The album's name
    #[arg(long, value_parser = name())]
    pub(crate) album: Option<String>,
    /// The track's length
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=2_073_600))]
    pub(crate) duration: Option<u32>,
    #[command(flatten)]
    pub(crate) at: At,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE, like user=ann".to_owned()),
    }
}
