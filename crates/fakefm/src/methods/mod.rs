//! The service's methods, one file each.

pub(crate) mod user_get_info;
pub(crate) mod user_get_recent_tracks;
