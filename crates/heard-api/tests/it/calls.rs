//! Every method of the service with the type that stands for it, for tests that go through all of them.

use heard_api::lastfm::{album, artist, auth, chart, geo, library, tag, track, user};
use heard_api::{Access, DecodeError, Method};
use serde_json::Value;

/// One method, its type forgotten.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    pub(crate) name: &'static str,
    pub(crate) access: Access,
    pub(crate) write: bool,
    /// Reads a body, writes what was read, demands that reading it again gives the same, and tells what it was.
    pub(crate) read: fn(&[u8]) -> Result<String, DecodeError>,
}

fn call<M: Method>() -> Call
where
    M::Answer: PartialEq + std::fmt::Debug,
{
    Call { name: M::NAME, access: M::ACCESS, write: M::WRITE, read: read::<M> }
}

/// A call whose answer is a secret, which can only be compared as it is written.
fn secret<M: Method>() -> Call {
    let read = |body: &[u8]| {
        let written = M::encode(&M::decode(body)?);
        assert_eq!(M::encode(&M::decode(&written).unwrap()), written, "{}", M::NAME);
        Ok("one".to_owned())
    };
    Call { name: M::NAME, access: M::ACCESS, write: M::WRITE, read }
}

fn read<M: Method>(body: &[u8]) -> Result<String, DecodeError>
where
    M::Answer: PartialEq + std::fmt::Debug,
{
    let answer = M::decode(body)?;
    let written = M::encode(&answer);
    let again = M::decode(&written)
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", M::NAME, String::from_utf8_lossy(&written)));
    assert_eq!(again, answer, "{}: what was written is not what was read", M::NAME);
    let document: Value = serde_json::from_slice(&written).unwrap();
    Ok(rows(&document).map_or_else(|| "one".to_owned(), |rows| format!("{rows} rows")))
}

/// The length of the list, if the document is one. Lists lie one or two objects deep.
fn rows(document: &Value) -> Option<usize> {
    let outer = document.as_object()?.values().next()?.as_object()?;
    let inner = outer.values().filter_map(Value::as_object).flat_map(|inner| inner.values());
    let is_info = outer.contains_key("name");
    outer.values().chain(inner).filter(|_| !is_info).find_map(Value::as_array).map(Vec::len)
}

/// All of them, in the order of the service's own list. `user.getPersonalTags` has three types, one for each kind of
/// thing that can bear a tag.
pub(crate) fn calls() -> Vec<Call> {
    vec![
        call::<album::AddTags>(),
        call::<album::GetInfo>(),
        call::<album::GetTags>(),
        call::<album::GetTopTags>(),
        call::<album::RemoveTag>(),
        call::<album::Search>(),
        call::<artist::AddTags>(),
        call::<artist::GetCorrection>(),
        call::<artist::GetInfo>(),
        call::<artist::GetSimilar>(),
        call::<artist::GetTags>(),
        call::<artist::GetTopAlbums>(),
        call::<artist::GetTopTags>(),
        call::<artist::GetTopTracks>(),
        call::<artist::RemoveTag>(),
        call::<artist::Search>(),
        secret::<auth::GetMobileSession>(),
        secret::<auth::GetSession>(),
        secret::<auth::GetToken>(),
        call::<chart::GetTopArtists>(),
        call::<chart::GetTopTags>(),
        call::<chart::GetTopTracks>(),
        call::<geo::GetTopArtists>(),
        call::<geo::GetTopTracks>(),
        call::<library::GetArtists>(),
        call::<tag::GetInfo>(),
        call::<tag::GetSimilar>(),
        call::<tag::GetTopAlbums>(),
        call::<tag::GetTopArtists>(),
        call::<tag::GetTopTags>(),
        call::<tag::GetTopTracks>(),
        call::<tag::GetWeeklyChartList>(),
        call::<track::AddTags>(),
        call::<track::GetCorrection>(),
        call::<track::GetInfo>(),
        call::<track::GetSimilar>(),
        call::<track::GetTags>(),
        call::<track::GetTopTags>(),
        call::<track::Love>(),
        call::<track::RemoveTag>(),
        call::<track::Scrobble>(),
        call::<track::Search>(),
        call::<track::Unlove>(),
        call::<track::UpdateNowPlaying>(),
        call::<user::GetFriends>(),
        call::<user::GetInfo>(),
        call::<user::GetLovedTracks>(),
        call::<user::GetTaggedAlbums>(),
        call::<user::GetTaggedArtists>(),
        call::<user::GetTaggedTracks>(),
        call::<user::GetRecentTracks>(),
        call::<user::GetTopAlbums>(),
        call::<user::GetTopArtists>(),
        call::<user::GetTopTags>(),
        call::<user::GetTopTracks>(),
        call::<user::GetTrackScrobbles>(),
        call::<user::GetWeeklyAlbumChart>(),
        call::<user::GetWeeklyArtistChart>(),
        call::<user::GetWeeklyChartList>(),
        call::<user::GetWeeklyTrackChart>(),
    ]
}
