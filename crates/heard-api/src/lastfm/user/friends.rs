//! `user.getFriends`: whom a user follows.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::info::{Profile, ProfileWritten, UserInfo};
use crate::lastfm::answer::{Page, Paged};
use crate::lastfm::call::call;

call! {
    /// The users that a user follows. Somebody who follows nobody is answered with error 6, "no such page"
    /// (`_errors/quoted_06_no_such_page.json`).
    GetFriends = "user.getFriends", Key, READ;
    answer Page<Friend>, Paged::at(&["friends"], "user");
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

/// A user as a row of a list. The profile has no counts of artists, albums and tracks here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Friend(pub UserInfo);

impl<'de> Deserialize<'de> for Friend {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Profile::deserialize(from).map(|profile| Self(profile.into()))
    }
}

impl Serialize for Friend {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        ProfileWritten::from(&self.0).serialize(to)
    }
}
