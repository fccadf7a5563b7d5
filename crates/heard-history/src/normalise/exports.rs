//! From a piece of an export file to its rows. Infallible: what cannot be read is a reject.

use super::layout::{Format, Layout};
use super::{
    apple_music, heard, koito, lastfm_export, listenbrainz, maloja, panoscrobbler, scrobbler_log, spotify, table,
    youtube,
};
use crate::facts::Rows;

/// Reads a piece of an export file. The same piece and layout always give the same rows, and each record of the piece
/// is in exactly one of them.
#[must_use]
pub fn read_rows<'a>(layout: &Layout, piece: &'a [u8]) -> Rows<'a> {
    match layout.format {
        Format::SpotifyAccountData => spotify::read_account_data(piece),
        Format::SpotifyExtended => spotify::read_extended(piece),
        Format::LastfmPages => lastfm_export::read_pages(piece),
        Format::Lastfmstats => lastfm_export::read_lastfmstats(piece),
        Format::LastfmOfficial => lastfm_export::read_official(piece),
        Format::Listenbrainz => listenbrainz::read(piece),
        Format::Maloja => maloja::read(piece),
        Format::Koito => koito::read(piece),
        Format::Panoscrobbler => panoscrobbler::read(piece),
        Format::ScrobblerLog => scrobbler_log::read(layout, piece),
        Format::AppleMusic => apple_music::read(layout, piece),
        Format::Youtube => youtube::read(piece),
        Format::Heard => heard::read(piece),
        Format::Deezer | Format::Table => table::read(layout, piece),
    }
}
