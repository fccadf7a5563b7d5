//! From the service's JSON to rows.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny};

use super::{RecentTrack, RecentTracks};
use crate::lenient::{self, Named, Object, filled};

/// The whole document.
pub(super) struct Document<'a>(pub(super) RecentTracks<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Document<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Object(outer) = Object::<Outer<'a>>::deserialize(from)?;
        if outer.error.is_some() {
            return Err(D::Error::custom("an error where an answer was expected"));
        }
        Ok(Self(outer.recenttracks.0))
    }
}

#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(borrow)]
    recenttracks: Page<'a>,
    error: Option<IgnoredAny>,
}

struct Page<'a>(RecentTracks<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Page<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Object(list) = Object::<List<'a>>::deserialize(from)?;
        let blank = list.text.is_some();
        let attributes = list.attr.map_or(
            Attributes {
                user: list.user,
                page: list.page,
                per_page: list.per_page,
                total_pages: list.total_pages,
                total: list.total,
            },
            |Object(attributes)| attributes,
        );
        let required = |value: Option<u64>, name| value.ok_or_else(|| D::Error::missing_field(name));
        let total_pages = required(attributes.total_pages, "totalPages")?;
        let total = attributes.total;
        let claims_none = blank || total.unwrap_or(total_pages) == 0;
        let rows = match list.track {
            Some(rows) => rows.into_iter().map(|Object(row)| row.into()).collect(),
            None if claims_none => Vec::new(),
            None => return Err(D::Error::missing_field("track")),
        };
        Ok(Self(RecentTracks {
            user: attributes.user.ok_or_else(|| D::Error::missing_field("user"))?,
            page: required(attributes.page, "page")?,
            per_page: required(attributes.per_page, "perPage")?,
            total_pages,
            total,
            rows,
        }))
    }
}

/// The list with its attributes in `@attr`; before August 2015 an empty list had them beside a blank `#text`
/// (`user.getRecentTracks/inflatable_Empty.json`).
#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::one_or_many")]
    track: Option<Vec<Object<Row<'a>>>>,
    #[serde(borrow, rename = "@attr")]
    attr: Option<Object<Attributes<'a>>>,
    #[serde(rename = "#text")]
    text: Option<IgnoredAny>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    user: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "lenient::count")]
    page: Option<u64>,
    #[serde(default, rename = "perPage", deserialize_with = "lenient::count")]
    per_page: Option<u64>,
    #[serde(default, rename = "totalPages", deserialize_with = "lenient::count")]
    total_pages: Option<u64>,
    #[serde(default, deserialize_with = "lenient::count")]
    total: Option<u64>,
}

#[derive(Deserialize)]
struct Attributes<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    user: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "lenient::count")]
    page: Option<u64>,
    #[serde(default, rename = "perPage", deserialize_with = "lenient::count")]
    per_page: Option<u64>,
    #[serde(default, rename = "totalPages", deserialize_with = "lenient::count")]
    total_pages: Option<u64>,
    #[serde(default, deserialize_with = "lenient::count")]
    total: Option<u64>,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow, default)]
    artist: Named<'a>,
    #[serde(borrow, default)]
    album: Named<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    mbid: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    url: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "lenient::date")]
    date: Option<i64>,
    #[serde(default, deserialize_with = "lenient::flag")]
    loved: Option<bool>,
    #[serde(default, rename = "@attr")]
    attr: Object<RowAttributes>,
}

#[derive(Default, Deserialize)]
struct RowAttributes {
    #[serde(default, deserialize_with = "lenient::flag")]
    nowplaying: Option<bool>,
}

impl<'a> From<Row<'a>> for RecentTrack<'a> {
    fn from(row: Row<'a>) -> Self {
        Self {
            artist: row.artist.name,
            artist_mbid: filled(row.artist.mbid),
            album: filled(row.album.name),
            album_mbid: filled(row.album.mbid),
            name: row.name,
            mbid: filled(row.mbid),
            played_at: row.date,
            now_playing: row.attr.0.nowplaying.unwrap_or(false),
            loved: row.loved,
            url: filled(row.url),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RecentTrack<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Object::<Row<'a>>::deserialize(from).map(|Object(row)| row.into())
    }
}
