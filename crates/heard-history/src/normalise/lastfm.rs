//! What one page of `user.getRecentTracks` proves.

use std::borrow::Cow;

use heard_api::lastfm::user::{RecentTrack, RecentTracks};

use super::page::{Asked, Page, Refusal, check_place, check_user, number};
use crate::facts::{Listing, Play, Reason, Reject, Sounding};

/// A service may give smaller pages than are asked, down to this size. It repeats any smaller size as asked
/// (`perPage` in `user.getRecentTracks/quoted_empty.json`).
const SMALLEST_MAXIMUM: u64 = 50;

/// What a request with these parameters asked; `None` when they are not a request for a page.
pub(super) fn asked(user: &str, params: &[(String, String)]) -> Option<Asked> {
    let has = |name: &str| params.iter().any(|(key, _)| key == name);
    let window = match (number(params, "from"), number(params, "to")) {
        (Some(from), Some(to)) => Some((from, to)),
        (None, None) if !has("from") && !has("to") => None,
        _ => return None,
    };
    Some(Asked { user: user.to_owned(), limit: number(params, "limit")?, page: number(params, "page")?, window })
}

/// Reads a page and checks it against what was asked.
pub(super) fn read_page<'a>(asked: &Asked, body: &'a [u8]) -> Result<Page<'a>, Refusal> {
    let page = RecentTracks::decode(body)?;
    check_frame(asked, &page)?;
    let total = page.total.ok_or(Refusal::NoTotal)?;
    let (per_page, expected) = (page.per_page, total.div_ceil(page.per_page));
    if page.total_pages != expected {
        return Err(Refusal::Pages { expected, got: page.total_pages });
    }
    let rows = read_rows(asked, page.rows)?;
    let expected = total.saturating_sub(asked.page.saturating_sub(1).saturating_mul(per_page)).min(per_page);
    if rows.count != expected {
        return Err(Refusal::Count { expected, got: rows.count });
    }
    Ok(Page { per_page, total: Some(total), ..rows })
}

/// Whether a page says of itself what was asked: whose it is, which, and how large.
pub(super) fn check_frame(asked: &Asked, page: &RecentTracks<'_>) -> Result<(), Refusal> {
    check_user(asked, &page.user)?;
    if page.page != asked.page {
        return Err(Refusal::OtherPage { asked: asked.page, got: page.page });
    }
    if page.per_page == 0 {
        return Err(Refusal::OtherSize { asked: asked.limit, got: 0 });
    }
    if page.per_page != asked.limit && !(SMALLEST_MAXIMUM..asked.limit).contains(&page.per_page) {
        return Err(Refusal::OtherSize { asked: asked.limit, got: page.per_page });
    }
    Ok(())
}

/// The rows of a page, without the one now playing, and how many they are.
pub(super) fn read_rows<'a>(asked: &Asked, tracks: Vec<RecentTrack<'a>>) -> Result<Page<'a>, Refusal> {
    let mut page = Page::default();
    for (row, track) in tracks.into_iter().enumerate() {
        if track.now_playing {
            continue;
        }
        let played_at = track.played_at.ok_or(Refusal::Key { row, key: "date" })?;
        check_place(asked, row, played_at, page.oldest)?;
        page.oldest = Some(played_at);
        page.count += 1;
        keep_row(&mut page.listing, row, played_at, track)?;
    }
    Ok(page)
}

fn keep_row<'a>(listing: &mut Listing<'a>, row: usize, played_at: i64, track: RecentTrack<'a>) -> Result<(), Refusal> {
    let artist = track.artist.ok_or(Refusal::Key { row, key: "artist" })?;
    let name = track.name.ok_or(Refusal::Key { row, key: "name" })?;
    let row = u32::try_from(row).unwrap_or(u32::MAX);
    let reason = match (artist.is_empty(), name.is_empty()) {
        (true, _) => Some(Reason::NoArtist),
        (_, true) => Some(Reason::NoTrack),
        _ => None,
    };
    if let Some(reason) = reason {
        listing.rejects.push(Reject { row, played_at, reason });
        return Ok(());
    }
    let told = |id: Option<Cow<'a, str>>| id.filter(|id| !id.is_empty());
    listing.plays.push(Play {
        row,
        played_at,
        artist,
        album: told(track.album),
        track: name,
        artist_mbid: told(track.artist_mbid),
        release_mbid: told(track.album_mbid),
        recording_mbid: told(track.mbid),
        sounding: Sounding::default(),
    });
    Ok(())
}
