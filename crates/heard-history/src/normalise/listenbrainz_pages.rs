//! What one answer of ListenBrainz proves: a page of `user/NAME/listens`, or the number of `user/NAME/listen-count`.
//!
//! A page does not tell how many listens its window has, only that it is not cut, where it has room for more. The
//! listens themselves are read as those of the service's export are, so that both tell of a play alike.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::fields::{Number, Object, Text};
use super::listenbrainz::{Listen, play};
use super::page::{Asked, Page, Refusal, check_place, check_user, number};
use crate::archive::Head;
use crate::facts::{Play, Reason, Reject, Why};

/// The most listens in one answer (`ListensCall::MAX`).
pub(crate) const MOST: u64 = 1_000;

/// No server is known that gives fewer listens than this where there are more: it is the number that is given where
/// none is asked for. A page of as many may be cut, whatever was asked.
const LEAST_MAXIMUM: u64 = 25;

/// The path of a question for the number of all listens ends so.
const COUNT: &str = "/listen-count";

/// What a request of this path and these parameters asked.
pub(super) fn asked(head: &Head<'_>) -> Option<Asked> {
    let user = head.account.clone().into_owned();
    if head.method.ends_with(COUNT) {
        return Some(Asked { user, limit: 1, page: 1, window: None });
    }
    let bound = |name| number(&head.params, name);
    let window = Some((bound("min_ts")?, bound("max_ts")?));
    Some(Asked { user, limit: number(&head.params, "count")?, page: 1, window })
}

/// Reads an answer and checks it against what was asked.
pub(super) fn read_page<'a>(asked: &Asked, body: &'a [u8]) -> Result<Page<'a>, Refusal> {
    let Some((from, to)) = asked.window else { return count(asked, body) };
    let Object(Payload { count, user_id, oldest_listen_ts, listens }) = payload(body)?;
    check_user(asked, &user_id.0)?;
    let got = listens.len() as u64;
    if count != got || got > asked.limit {
        return Err(Refusal::Count { expected: count.min(asked.limit), got });
    }
    let mut page = Page { per_page: asked.limit, count, ..Page::default() };
    for (row, listen) in listens.into_iter().enumerate() {
        let (played_at, told) = read_row(row, listen)?;
        check_place(asked, row, played_at, page.oldest)?;
        page.oldest = Some(played_at);
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        match told {
            Ok(play) => page.listing.plays.push(Play { row, ..play }),
            Err(reason) => page.listing.rejects.push(Reject { row, played_at, reason }),
        }
    }
    // What one second holds beyond a page cannot be asked for, so the number that was asked is all there is to go by.
    let is_one_second = to.saturating_sub(from) <= 2;
    let room = if is_one_second { asked.limit } else { asked.limit.min(LEAST_MAXIMUM) };
    let total = (count < room).then_some(count);
    let first = oldest_listen_ts
        .filter(|first| (from.saturating_add(1)..to).contains(first) && page.oldest.is_none_or(|it| it > *first));
    if total.is_some() && first.is_some() {
        // It shows less than the first listen of all, which lies in the window: an answer to another question.
        return Err(Refusal::Count { expected: count.saturating_add(1), got });
    }
    Ok(Page { total, ..page })
}

fn count<'a>(asked: &Asked, body: &[u8]) -> Result<Page<'a>, Refusal> {
    let Object(Count { count }) = payload(body)?;
    Ok(Page { per_page: asked.limit, total: Some(count), ..Page::default() })
}

#[derive(Deserialize)]
struct Document<T> {
    payload: T,
}

#[derive(Deserialize)]
struct Payload<'a> {
    count: u64,
    #[serde(borrow)]
    user_id: Text<'a>,
    oldest_listen_ts: Option<i64>,
    #[serde(borrow)]
    listens: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

#[derive(Deserialize)]
struct Moment {
    listened_at: Option<Number>,
}

fn payload<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<Object<T>, serde_json::Error> {
    serde_json::from_slice::<Object<Document<Object<T>>>>(body).map(|Object(Document { payload })| payload)
}

/// A listen and its second. One that is not as its format says costs itself alone, as long as its second can be read.
fn read_row<'a>(row: usize, raw: &'a RawValue) -> Result<(i64, Result<Play<'a>, Reason>), Refusal> {
    let second = |told: Option<Number>| match told {
        Some(Number::Known(second)) => Ok(second),
        _ => Err(Refusal::Key { row, key: "listened_at" }),
    };
    let Ok(Object(listen)) = serde_json::from_str::<Object<Listen<'a>>>(raw.get()) else {
        let Object(Moment { listened_at }) = serde_json::from_str(raw.get())?;
        return Ok((second(listened_at)?, Err(Reason::Malformed)));
    };
    let played_at = second(listen.listened_at)?;
    let told = play(listen).map_err(|why| match why {
        Why::Reject(reason) => reason,
        Why::Other(_) => Reason::Malformed,
    });
    Ok((played_at, told))
}
