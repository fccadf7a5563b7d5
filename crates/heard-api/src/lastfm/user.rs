//! The package `user`.

mod friends;
mod info;
mod lists;
mod recent_tracks;
mod track_scrobbles;
mod weekly;

pub use friends::{Friend, GetFriends};
pub use info::{GetInfo, UserInfo};
pub use lists::{
    GetLovedTracks, GetTaggedAlbums, GetTaggedArtists, GetTaggedTracks, GetTopAlbums, GetTopArtists, GetTopTags,
    GetTopTracks,
};
pub use recent_tracks::{GetRecentTracks, RecentTrack, RecentTracks};
pub use track_scrobbles::GetTrackScrobbles;
pub use weekly::{GetWeeklyAlbumChart, GetWeeklyArtistChart, GetWeeklyChartList, GetWeeklyTrackChart};

pub use crate::lastfm::answer::Image;
