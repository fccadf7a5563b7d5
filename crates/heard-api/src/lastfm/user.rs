//! The package `user`.

mod info;
mod recent_tracks;

pub use info::{GetInfo, Image, UserInfo};
pub use recent_tracks::{GetRecentTracks, RecentTrack, RecentTracks};
