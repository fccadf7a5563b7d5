//! `user.getInfo`: a user's profile and counts.

use std::borrow::Cow;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};

use crate::decode;
use crate::error::DecodeError;
use crate::lastfm::answer::{Image, image};
use crate::lastfm::call::call;
use crate::lenient::{self, Object, filled};
use crate::wire::{Digits, Picture};

call! {
    /// A user's profile and counts.
    GetInfo = "user.getInfo", Own, READ;
    answer UserInfo, Whole;
    may {
        /// The user's name; without one the user who asks, which needs a session. Libre.fm insists on a name.
        user: String,
    }
}

/// A profile is a whole document.
struct Whole;

impl Whole {
    fn decode(&self, body: &[u8]) -> Result<UserInfo, DecodeError> {
        decode::document::<Object<Document<'_>>>(body).map(|Object(document)| document.user.0.into())
    }

    fn encode(&self, answer: &UserInfo) -> Vec<u8> {
        decode::written(answer)
    }
}

/// A user's profile. Serialises to the service's own JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserInfo {
    /// The user's name, as the service spells it.
    pub name: String,
    /// The name the user gives, with the blanks it was given with.
    pub realname: Option<String>,
    /// The number of listens that the service counts, dated or not; it may exceed what can be fetched.
    pub playcount: u64,
    /// The number of different artists; not told before 2022 and by Libre.fm.
    pub artist_count: Option<u64>,
    /// The number of different albums.
    pub album_count: Option<u64>,
    /// The number of different tracks.
    pub track_count: Option<u64>,
    /// The moment of registration in Unix seconds. Listens may be older. Libre.fm does not tell.
    pub registered_at: Option<i64>,
    /// The user's page.
    pub url: Option<String>,
    /// The country; the service's text `None` is none (`user.getInfo/lb_sample.json`).
    pub country: Option<String>,
    /// Whether the user pays.
    pub subscriber: Option<bool>,
    /// The kind of account: `user`, `alum` …
    pub kind: Option<String>,
    /// The user's picture in several sizes; sizes without a picture are left out.
    pub images: Vec<Image>,
}

impl UserInfo {
    /// Reads a profile from JSON; [`GetInfo`] reads XML as well.
    ///
    /// # Errors
    /// The body is not JSON, or no profile with a name and a play count.
    pub fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        decode::json::<Object<Document<'_>>>(body).map(|Object(document)| document.user.0.into())
    }
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    user: Object<Profile<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Profile<'a> {
    name: String,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    realname: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "required_count")]
    playcount: u64,
    #[serde(default, deserialize_with = "lenient::count")]
    artist_count: Option<u64>,
    #[serde(default, deserialize_with = "lenient::count")]
    album_count: Option<u64>,
    #[serde(default, deserialize_with = "lenient::count")]
    track_count: Option<u64>,
    registered: Option<Object<Registered>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    url: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    country: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "lenient::flag")]
    subscriber: Option<bool>,
    #[serde(borrow, default, rename = "type", deserialize_with = "lenient::text")]
    kind: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "image::deserialize")]
    image: Vec<Image>,
}

/// `#text` is a date in old answers and a number in new ones; `unixtime` is the moment in both
/// (`user.getInfo/lastfmnode_old_2010.json`, `user.getInfo/lb_sample.json`).
#[derive(Deserialize)]
struct Registered {
    #[serde(default, deserialize_with = "lenient::number")]
    unixtime: Option<i64>,
}

fn required_count<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    lenient::count(from)?.ok_or_else(|| D::Error::custom("no count"))
}

impl From<Profile<'_>> for UserInfo {
    fn from(profile: Profile<'_>) -> Self {
        let text = |text: Option<Cow<'_, str>>| filled(text).map(Cow::into_owned);
        Self {
            name: profile.name,
            realname: text(profile.realname),
            playcount: profile.playcount,
            artist_count: profile.artist_count,
            album_count: profile.album_count,
            track_count: profile.track_count,
            registered_at: profile.registered.and_then(|Object(registered)| registered.unixtime),
            url: text(profile.url),
            country: text(profile.country).filter(|country| country != "None"),
            subscriber: profile.subscriber,
            kind: text(profile.kind),
            images: profile.image,
        }
    }
}

impl Serialize for UserInfo {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        DocumentWritten { user: self.into() }.serialize(to)
    }
}

impl<'a> From<&'a UserInfo> for ProfileWritten<'a> {
    fn from(user: &'a UserInfo) -> Self {
        let pictures = user.images.iter().map(|image| Picture { size: &image.size, url: &image.url });
        Self {
            name: &user.name,
            subscriber: user.subscriber.map(|subscriber| if subscriber { "1" } else { "0" }),
            realname: user.realname.as_deref().unwrap_or_default(),
            playcount: Digits(user.playcount),
            artist_count: user.artist_count.map(Digits),
            track_count: user.track_count.map(Digits),
            album_count: user.album_count.map(Digits),
            image: pictures.collect(),
            registered: user.registered_at.map(|at| RegisteredWritten { unixtime: Digits(at), text: at }),
            country: user.country.as_deref().unwrap_or("None"),
            url: user.url.as_deref().unwrap_or_default(),
            kind: user.kind.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct DocumentWritten<'a> {
    user: ProfileWritten<'a>,
}

#[derive(Serialize)]
pub(super) struct ProfileWritten<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriber: Option<&'static str>,
    realname: &'a str,
    playcount: Digits<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artist_count: Option<Digits<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track_count: Option<Digits<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album_count: Option<Digits<u64>>,
    image: Vec<Picture<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registered: Option<RegisteredWritten>,
    country: &'a str,
    url: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
}

#[derive(Serialize)]
struct RegisteredWritten {
    unixtime: Digits<i64>,
    #[serde(rename = "#text")]
    text: i64,
}
