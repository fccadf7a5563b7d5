//! What can be typed behind `enrich` and `archive`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use heard_history::enrich::Call;
use jiff::SignedDuration;

use super::collecting::rate;
use super::files::name;

/// Fetch what services know of what you heard: tags, lengths, albums, similar artists, charts
///
/// Every artist, album and track is asked about once, the most heard first, and never more than five times a second. The
/// answers lie in the archive like all others, so `heard rebuild` needs no network. Interrupt it whenever you like: what
/// is known is not asked again until it is old. That a service knows no such thing is an answer, too.
///
/// Everything about everything takes long: ten thousand artists are five questions each. --only, --min-plays, --limit and
/// --for ask for less, and the next time for the rest.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard enrich --only artist.getTopTags --min-plays 10
  heard enrich --only artist,album --for 1h
  heard enrich --only album --covers
  heard enrich --limit 5000 --json

Kinds, named as the service names its calls:
  album.getInfo
  artist.getInfo, artist.getSimilar, artist.getTopAlbums, artist.getTopTags, artist.getTopTracks
  tag.getTopArtists, tag.getTopTracks
  track.getInfo, track.getSimilar
  user.getFriends, user.getInfo, user.getLovedTracks, user.getPersonalTags, user.getTopAlbums,
  user.getTopArtists, user.getTopTags, user.getTopTracks, user.getWeeklyAlbumChart,
  user.getWeeklyArtistChart, user.getWeeklyChartList, user.getWeeklyTrackChart
and album, artist, tag, track and user for all that begin so; similar, info, topTags and the like for all that get
the same.")]
pub(crate) struct Enrich {
    /// Only these kinds of questions [default: all]
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = calls)]
    pub(crate) only: Vec<Calls>,
    /// Fetch the covers of albums, too: they lie in the archive, and nothing ever points to the service's own
    #[arg(long)]
    pub(crate) covers: bool,
    /// At most so many questions
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Ask no longer than this, like 1h or 90m
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    pub(crate) time: Option<Duration>,
    /// Only artists, albums and tracks with so many plays [default: 1]
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
    pub(crate) min_plays: u64,
    /// An account at Last.fm [default: all from the config]
    #[arg(long, value_name = "NAME", value_parser = name())]
    pub(crate) user: Option<String>,
    /// The service's address, for servers that speak Last.fm's language
    #[arg(long, value_name = "ROOT")]
    pub(crate) url: Option<String>,
    /// Requests per second, at most 5; 0 means unpaced, and only towards this machine [default: 4]
    #[arg(long, value_name = "N", value_parser = rate)]
    pub(crate) rate: Option<f64>,
}

/// The calls that one word means.
#[derive(Clone, Debug)]
pub(crate) struct Calls(pub(crate) Vec<Call>);

fn calls(text: &str) -> Result<Calls, String> {
    match Call::named(text.trim()) {
        calls if calls.is_empty() => {
            let known = Call::ALL.map(Call::method);
            let near = heard_history::stats::nearest(known.into_iter(), text, 3);
            let near = if near.is_empty() { "artist.getTopTags, artist or track".to_owned() } else { near.join(", ") };
            Err(format!("write a kind of question, like {near}"))
        }
        calls => Ok(Calls(calls)),
    }
}

fn time(text: &str) -> Result<Duration, String> {
    let time = text.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    time.filter(|time| !time.is_zero()).ok_or_else(|| "write a time, like 1h, 90m or 45s".to_owned())
}

/// Take single answers out of the archive
#[derive(Args, Debug)]
pub(crate) struct ArchiveArgs {
    #[command(subcommand)]
    pub(crate) action: ArchiveAction,
}

/// What can be done with the archive by hand.
#[derive(Debug, Subcommand)]
pub(crate) enum ArchiveAction {
    /// Write what services said of artists, albums, tracks and tags into a folder, a file each, and the covers
    ///
    /// The newest answer to every question lies at enrichment/METHOD/NAME.json, byte for byte as it came; covers that
    /// were fetched lie at covers/ARTIST/ALBUM.jpg and the like. In names, whatever is no letter, digit, space, hyphen or
    /// underscore is written as %XX. Of names that differ only in case the later one ends in ~ and eight digits.
    #[command(after_help = "Example:
  heard archive extract answers && jq .toptags answers/enrichment/artist.getTopTags/*.json")]
    Extract {
        /// The folder; it is made where there is none
        folder: PathBuf,
    },
}
