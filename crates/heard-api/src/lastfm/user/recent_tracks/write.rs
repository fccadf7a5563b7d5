//! From rows to the service's JSON.

use serde::{Serialize, Serializer};

use super::{RecentTrack, RecentTracks};
use crate::wire::{Date, Digits, Picture, blank_pictures};

impl Serialize for RecentTracks<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let attr = Attributes {
            user: &self.user,
            total_pages: Digits(self.total_pages),
            page: Digits(self.page),
            per_page: Digits(self.per_page),
            total: self.total.map(Digits),
        };
        let track = self.rows.iter().map(Row::from).collect();
        Document { recenttracks: List { track, attr } }.serialize(to)
    }
}

impl Serialize for RecentTrack<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Row::from(self).serialize(to)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    recenttracks: List<'a>,
}

#[derive(Serialize)]
struct List<'a> {
    track: Vec<Row<'a>>,
    #[serde(rename = "@attr")]
    attr: Attributes<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attributes<'a> {
    user: &'a str,
    total_pages: Digits<u64>,
    page: Digits<u64>,
    per_page: Digits<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Digits<u64>>,
}

#[derive(Serialize)]
struct Row<'a> {
    artist: Artist<'a>,
    streamable: &'static str,
    image: [Picture<'static>; 4],
    mbid: &'a str,
    album: Album<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(rename = "@attr", skip_serializing_if = "Option::is_none")]
    attr: Option<RowAttributes>,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    loved: Option<&'static str>,
}

/// `{mbid,#text}`, and with `extended=1` `{url,name,image,mbid}`.
#[derive(Serialize)]
#[serde(untagged)]
enum Artist<'a> {
    Plain {
        mbid: &'a str,
        #[serde(rename = "#text", skip_serializing_if = "Option::is_none")]
        text: Option<&'a str>,
    },
    Extended {
        url: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<&'a str>,
        image: [Picture<'static>; 4],
        mbid: &'a str,
    },
}

#[derive(Serialize)]
struct Album<'a> {
    mbid: &'a str,
    #[serde(rename = "#text")]
    text: &'a str,
}

#[derive(Serialize)]
struct RowAttributes {
    nowplaying: &'static str,
}

impl<'a> From<&'a RecentTrack<'_>> for Row<'a> {
    fn from(row: &'a RecentTrack<'_>) -> Self {
        Self {
            artist: artist(row),
            streamable: "0",
            image: blank_pictures(),
            mbid: row.mbid.as_deref().unwrap_or_default(),
            album: Album {
                mbid: row.album_mbid.as_deref().unwrap_or_default(),
                text: row.album.as_deref().unwrap_or_default(),
            },
            name: row.name.as_deref(),
            attr: row.now_playing.then_some(RowAttributes { nowplaying: "true" }),
            url: row.url.as_deref().unwrap_or_default(),
            date: row.played_at.map(Date::at),
            loved: row.loved.map(|loved| if loved { "1" } else { "0" }),
        }
    }
}

fn artist<'a>(row: &'a RecentTrack<'_>) -> Artist<'a> {
    let (name, mbid) = (row.artist.as_deref(), row.artist_mbid.as_deref().unwrap_or_default());
    if row.loved.is_some() {
        Artist::Extended { url: "", name, image: blank_pictures(), mbid }
    } else {
        Artist::Plain { mbid, text: name }
    }
}
