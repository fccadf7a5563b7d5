//! What one page of `user.getRecentTracks` proves at Libre.fm and other GNU FM servers, which tell less than Last.fm.
//!
//! A page tells how many pages the whole list has, whatever window was asked for, and not how many rows: that is known
//! where a page holds one row, and where a page has room for more. A window or a page without rows is error 7
//! (`user.getRecentTracks/quoted_07_no_listens.json`), with HTTP 200.

use heard_api::lastfm::{self as api, user::RecentTracks};
use heard_api::{Code, DecodeError};

use super::lastfm::{check_frame, read_rows};
use super::page::{Asked, Page, Refusal};

/// Reads a page and checks it against what was asked.
pub(super) fn read_page<'a>(asked: &Asked, body: &'a [u8]) -> Result<Page<'a>, Refusal> {
    let before = asked.page.saturating_sub(1);
    let page = match RecentTracks::decode(body) {
        Ok(page) => page,
        Err(error) => return none_or(error, asked, body),
    };
    check_frame(asked, &page)?;
    let RecentTracks { per_page, total_pages, .. } = page;
    let rows = read_rows(asked, page.rows)?;
    if rows.count > per_page {
        return Err(Refusal::Count { expected: per_page, got: rows.count });
    }
    let shown = (rows.count < per_page).then_some(before.saturating_mul(per_page).saturating_add(rows.count));
    let told = (asked.window.is_none() && per_page == 1).then_some(total_pages);
    Ok(Page { per_page, total: told.or(shown), ..rows })
}

/// An empty page, where the body says that there is nothing to be listed.
fn none_or<'a>(error: DecodeError, asked: &Asked, body: &[u8]) -> Result<Page<'a>, Refusal> {
    if api::refusal_of(body) != Some(Code::InvalidResource) {
        return Err(error.into());
    }
    let before = asked.page.saturating_sub(1).saturating_mul(asked.limit);
    Ok(Page { per_page: asked.limit, total: Some(before), ..Page::default() })
}
