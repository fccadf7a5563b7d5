//! The answers of each method, in one form. What a method does not tell stays open.

use heard_api::lastfm::answer::{
    About, Album, AlbumInfo, Artist, ArtistInfo, ChartSpan, Image, ImageSize, Paging, Tag, Track, TrackInfo, Wiki,
};
use heard_api::lastfm::user::{Friend, UserInfo};
use heard_api::lastfm::{album, artist, tag, track, user};
use heard_api::{DecodeError, Method};
use jiff::civil::DateTime;

use super::{Refusal, plain};
use crate::facts::{AboutThing, ListedThing, Said, Thing, ThingKind, WeightedTag};

/// What an answer says, and whose it is.
pub(super) struct Reading {
    /// The account, where the answer names one.
    pub(super) user: Option<String>,
    /// The stretch of time, where the answer names one.
    pub(super) span: Option<[String; 2]>,
    pub(super) said: Said,
}

/// A reader of the lists that a method answers.
macro_rules! lists {
    ($method:ty, $rows:ident) => {
        |body| list::<$method, _>(body, |answer| (answer.about, None, answer.items), $rows)
    };
}

/// A reader of the lists that a method answers page by page.
macro_rules! pages {
    ($method:ty, $rows:ident) => {
        |body| list::<$method, _>(body, |answer| (answer.about, Some(answer.paging), answer.items), $rows)
    };
}

/// Reads the answer to a method, by its documented spelling; `tagged` is the kind of things that a personal tag hangs on.
pub(super) fn read(method: &str, tagged: Option<&str>, body: &[u8]) -> Result<Reading, Refusal> {
    let read: fn(&[u8]) -> Result<Reading, DecodeError> = match method {
        "album.getInfo" => album_info,
        "artist.getInfo" => artist_info,
        "artist.getSimilar" => lists!(artist::GetSimilar, artists),
        "artist.getTopAlbums" => lists!(artist::GetTopAlbums, albums),
        "artist.getTopTags" => lists!(artist::GetTopTags, tags),
        "artist.getTopTracks" => lists!(artist::GetTopTracks, tracks),
        "tag.getTopArtists" => lists!(tag::GetTopArtists, artists),
        "tag.getTopTracks" => lists!(tag::GetTopTracks, tracks),
        "track.getInfo" => track_info,
        "track.getSimilar" => lists!(track::GetSimilar, tracks),
        "user.getFriends" => pages!(user::GetFriends, friends),
        "user.getInfo" => user_info,
        "user.getLovedTracks" => pages!(user::GetLovedTracks, tracks),
        "user.getPersonalTags" => match tagged {
            Some("album") => lists!(user::GetTaggedAlbums, albums),
            Some("track") => lists!(user::GetTaggedTracks, tracks),
            _ => lists!(user::GetTaggedArtists, artists),
        },
        "user.getTopAlbums" => lists!(user::GetTopAlbums, albums),
        "user.getTopArtists" => lists!(user::GetTopArtists, artists),
        "user.getTopTags" => lists!(user::GetTopTags, tags),
        "user.getTopTracks" => lists!(user::GetTopTracks, tracks),
        "user.getWeeklyAlbumChart" => lists!(user::GetWeeklyAlbumChart, albums),
        "user.getWeeklyArtistChart" => lists!(user::GetWeeklyArtistChart, artists),
        "user.getWeeklyChartList" => lists!(user::GetWeeklyChartList, weeks),
        "user.getWeeklyTrackChart" => lists!(user::GetWeeklyTrackChart, tracks),
        _ => return Err(Refusal::NoQuestion { method: method.to_owned() }),
    };
    Ok(read(body)?)
}

/// The lists of a method: what they are about, and their rows.
fn list<M: Method, T>(
    body: &[u8],
    parts: impl FnOnce(M::Answer) -> (About, Option<Paging>, Vec<T>),
    say: impl FnOnce(Vec<T>) -> Said,
) -> Result<Reading, DecodeError> {
    let (words, paging, rows) = parts(M::decode(body)?);
    let pages = paging.and_then(|paging| pages(&paging, rows.len()));
    let own = |word| words.get(word).map(str::to_owned);
    // Of what an account gave a tag, the tag is no name of the account.
    let user = own("user");
    let name = if user.is_some() { None } else { own("artist").or_else(|| own("tag")) };
    let about = name.map(|name| AboutThing { name: Some(name), title: own("track"), ..AboutThing::default() });
    let span = own("from").zip(own("to")).map(|(from, to)| [from, to]);
    Ok(Reading { user, span, said: Said { about, pages, ..say(rows) } })
}

/// How many pages there are: as many as the service says, and where it says none, one more than this one as long as it is
/// as full as its pages get. A service may give fewer rows than were asked for.
fn pages(paging: &Paging, rows: usize) -> Option<u64> {
    let page = paging.page.unwrap_or(1).max(1);
    let by_count =
        || paging.total.zip(paging.per_page.filter(|rows| *rows > 0)).map(|(total, rows)| total.div_ceil(rows));
    let by_fullness = || paging.per_page.map(|full| page.saturating_add(u64::from(rows > 0 && rows as u64 >= full)));
    paging.total_pages.or_else(by_count).or_else(by_fullness)
}

fn album_info(body: &[u8]) -> Result<Reading, DecodeError> {
    let AlbumInfo { name, artist, mbid, url, images, listeners, playcount, tracks: on_it, tags: given, wiki, .. } =
        album::GetInfo::decode(body)?;
    let about = AboutThing {
        name: filled(artist),
        title: filled(name),
        mbid,
        listeners,
        plays: playcount,
        cover: cover(&images),
        url,
        ..of_text(&wiki)
    };
    Ok(of_itself(about, Said { tags: weighted(given), ..tracks(on_it) }))
}

fn artist_info(body: &[u8]) -> Result<Reading, DecodeError> {
    let ArtistInfo { name, mbid, url, images, stats, similar, tags: given, bio, .. } = artist::GetInfo::decode(body)?;
    let about = AboutThing {
        name: filled(name),
        mbid,
        listeners: stats.listeners,
        plays: stats.playcount,
        cover: cover(&images),
        url,
        ..of_text(&bio)
    };
    Ok(of_itself(about, Said { tags: weighted(given), ..artists(similar) }))
}

fn track_info(body: &[u8]) -> Result<Reading, DecodeError> {
    let TrackInfo { name, artist, mbid, url, duration_ms, listeners, playcount, album, tags: given, wiki, .. } =
        track::GetInfo::decode(body)?;
    let about = AboutThing {
        name: filled(artist.name),
        title: filled(name),
        mbid,
        listeners,
        plays: playcount,
        length_ms: duration_ms.filter(|length| *length <= LONGEST_MS),
        cover: album.as_ref().and_then(|album| cover(&album.images)),
        album: album.and_then(|album| filled(album.title)),
        url,
        ..of_text(&wiki)
    };
    Ok(of_itself(about, Said { tags: weighted(given), ..Said::default() }))
}

fn user_info(body: &[u8]) -> Result<Reading, DecodeError> {
    let UserInfo { name, playcount, registered_at, url, images, .. } = user::GetInfo::decode(body)?;
    let about = AboutThing {
        name: Some(name.clone()),
        plays: Some(playcount),
        cover: cover(&images),
        url,
        published_at: registered_at,
        ..AboutThing::default()
    };
    Ok(Reading { user: Some(name), ..of_itself(about, Said::default()) })
}

fn of_itself(about: AboutThing, said: Said) -> Reading {
    Reading { user: None, span: None, said: Said { about: Some(about), ..said } }
}

/// What a text about something tells.
fn of_text(text: &Wiki) -> AboutThing {
    let summary = text.summary.as_deref().map(plain).filter(|summary| !summary.is_empty());
    let published_at = text.published.as_deref().and_then(moment).filter(|_| summary.is_some());
    AboutThing { summary, published_at, ..AboutThing::default() }
}

/// A moment as texts bear it, in UTC: `09 Jan 2011, 12:41` (`artist.getInfo/docs_without_user_parameter.json`).
fn moment(words: &str) -> Option<i64> {
    let at = DateTime::strptime("%d %b %Y, %H:%M", words.trim()).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// The largest picture; none where all are those that stand for none.
fn cover(images: &[Image]) -> Option<String> {
    let by_size = ImageSize::ALL.into_iter().rev().find_map(|size| Image::of_size(images, size));
    by_size.or_else(|| images.last()).filter(|image| !image.is_placeholder()).map(|image| image.url.clone())
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A thousand years: a longer length is none.
const LONGEST_MS: u64 = 1_000 * 366 * 86_400_000;

fn milliseconds(seconds: Option<u64>) -> Option<u64> {
    seconds?.checked_mul(1_000).filter(|length| *length <= LONGEST_MS)
}

fn weighted(given: Vec<Tag>) -> Vec<WeightedTag> {
    given.into_iter().map(|tag| WeightedTag { tag: tag.name, weight: tag.count }).collect()
}

fn tags(given: Vec<Tag>) -> Said {
    Said { tags: weighted(given), ..Said::default() }
}

fn listing(listed: impl Iterator<Item = ListedThing>) -> Said {
    Said { listed: listed.collect(), ..Said::default() }
}

fn artists(rows: Vec<Artist>) -> Said {
    listing(rows.into_iter().map(|row| ListedThing {
        mbid: row.mbid,
        likeness: row.similarity.map(|likeness| likeness.clamp(0.0, 1.0)),
        plays: row.playcount,
        listeners: row.listeners,
        ..ListedThing::new(Thing::named(ThingKind::Artist, row.name))
    }))
}

fn albums(rows: Vec<Album>) -> Said {
    listing(rows.into_iter().map(|row| ListedThing {
        mbid: row.mbid,
        plays: row.playcount,
        ..ListedThing::new(Thing::titled(ThingKind::Album, row.artist.name, row.name))
    }))
}

fn tracks(rows: Vec<Track>) -> Said {
    listing(rows.into_iter().map(|row| ListedThing {
        mbid: row.mbid,
        likeness: row.similarity.map(|likeness| likeness.clamp(0.0, 1.0)),
        plays: row.playcount,
        listeners: row.listeners,
        length_ms: milliseconds(row.duration_s),
        listed_at: row.loved_at,
        ..ListedThing::new(Thing::titled(ThingKind::Track, row.artist.name, row.name))
    }))
}

fn friends(rows: Vec<Friend>) -> Said {
    listing(rows.into_iter().map(|Friend(user)| ListedThing {
        plays: Some(user.playcount).filter(|plays| *plays > 0),
        ..ListedThing::new(Thing::named(ThingKind::Account, user.name))
    }))
}

fn weeks(rows: Vec<ChartSpan>) -> Said {
    listing(rows.into_iter().map(|week| ListedThing {
        listed_at: Some(week.from),
        ..ListedThing::new(Thing::titled(ThingKind::Week, week.from.to_string(), week.to.to_string()))
    }))
}
