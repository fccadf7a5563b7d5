//! Text that is not JSON: a player's log, Apple's activity, a table of plays, or none of these.

use super::layout::{Format, Framing, Hints, Layout};
use super::table::sample::Sample;
use super::table::{self, Column, Quoting, Recognised, Table};
use super::{apple_music, scrobbler_log};
use crate::listen::Service;
use crate::zone::Zone;

/// How a text is to be read, by its content; its name only breaks ties and tells the account.
///
/// `head` is the file's first 64 KiB, or all of it, as UTF-8 without a byte-order mark; it may end in the middle of a
/// record. `None`: it is nothing that is known here. An error is a sentence for the listener: what the file is, why it
/// cannot be taken in, and what to do.
#[must_use]
pub fn recognise(name: &str, head: &[u8], hints: &Hints) -> Option<Result<Layout, String>> {
    let begin = head.trim_ascii_start();
    if begin.is_empty() || is_json(begin) || is_binary(head) {
        return None;
    }
    if is_html(begin) {
        return Some(Err(html_refusal(name, head)));
    }
    if let Some(unknown) = hints.zone.as_deref().filter(|zone| Zone::named(zone).is_err()) {
        return Some(Err(format!("the time zone {unknown:?} is not known; zones are named like Europe/Berlin")));
    }
    if let Some(layout) = scrobbler_log::recognise(head, hints) {
        return Some(Ok(layout));
    }
    if begin.contains(&b'\r') && !begin.contains(&b'\n') && begin.len() > 200 {
        return Some(Err(
            "its lines end in carriage returns alone, as on very old computers; save it with line feeds".to_owned()
        ));
    }
    let sample = Sample::new(name, head);
    if let Some(recognised) = apple_music::recognise(&sample).filter(|_| hints.columns.is_empty()) {
        return Some(recognised.map(|(table, skip_lines)| apple_layout(table, skip_lines, hints)));
    }
    Some(table::recognise(&sample, hints)?.map(|recognised| table_layout(name, recognised, hints)))
}

fn apple_layout(table: Table, skip_lines: u32, hints: &Hints) -> Layout {
    Layout {
        format: Format::AppleMusic,
        framing: Framing::Table,
        skip_lines,
        service: Service::Applemusic,
        account: None,
        zone: hints.zone.clone(),
        table: Some(table),
    }
}

fn table_layout(name: &str, recognised: Recognised, hints: &Hints) -> Layout {
    let Recognised { table, skip_lines, service, account } = recognised;
    let framing = if table.quoting == Quoting::Plain { Framing::Lines } else { Framing::Table };
    let may_lack_zone =
        |column: &Column| matches!(column, Column::Began(pattern) | Column::Ended(pattern) if !pattern.is_number());
    let zone = hints.zone.clone().filter(|_| table.columns.iter().any(may_lack_zone));
    Layout {
        format: if service == Service::Deezer { Format::Deezer } else { Format::Table },
        framing,
        skip_lines,
        service,
        account: account.or_else(|| account_in(name)).filter(|_| service == Service::Lastfm),
        zone,
        table: Some(table),
    }
}

/// The account in `recenttracks-USER-NUMBER.csv`, as the exporter at mainstream.ghan.nl names its files, and in
/// `lastfmstats-USER.csv`. A user's name may hold dashes.
fn account_in(name: &str) -> Option<String> {
    let file = name.rsplit(['/', '\\']).next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let numbered = |rest: &'_ str| {
        let (user, number) = rest.rsplit_once('-')?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| user.to_owned())
    };
    let user = stem.strip_prefix("recenttracks-").and_then(numbered);
    let user = user.or_else(|| stem.strip_prefix("lastfmstats-").map(str::to_owned));
    user.filter(|user| !user.is_empty()).map(|user| user.to_lowercase())
}

/// Whether it begins like JSON. An artist's name may begin with a bracket, too.
fn is_json(begin: &[u8]) -> bool {
    let after = |rest: &[u8]| rest.trim_ascii_start().first().copied();
    match begin {
        [b'{', rest @ ..] => matches!(after(rest), Some(b'"' | b'}')),
        [b'[', rest @ ..] => matches!(after(rest), Some(b'{' | b'[' | b']' | b'"')),
        _ => false,
    }
}

/// A text that is shorter than this may have as many damaged bytes as one that is so long.
const SHORT: usize = 200;

/// Whether more than one byte in a hundred is a NUL: a damaged text has few.
fn is_binary(head: &[u8]) -> bool {
    memchr::memchr_iter(0, head).count().saturating_mul(100) > head.len().max(SHORT)
}

fn is_html(begin: &[u8]) -> bool {
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|tag| begin.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes())))
}

fn html_refusal(name: &str, head: &[u8]) -> String {
    let holds = |word: &[u8]| memchr::memmem::find(head, word).is_some();
    let named = name.to_ascii_lowercase().contains("watch-history");
    if named || holds(b"youtube.com/watch") || holds(b"YouTube") {
        return "this is YouTube's HTML; ask Takeout for JSON: under \"multiple formats\", choose JSON for the history"
            .to_owned();
    }
    "this is an HTML page, not an export; a page is what a service sends when the download itself failed".to_owned()
}
