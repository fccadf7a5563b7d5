//! Tables and logs of plays: recognised by their content, and every row of them is a play or left out with its reason.

mod by_hand;
mod damage;
mod layouts;
mod moments;
mod players;
mod real;
mod refusals;
mod round_trip;

use heard_history::facts::{LeftOut, Other, Play, Reason, Rows, Why};
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::{Hints, Layout};
use heard_history::normalise::recognise_text::recognise;

/// The beginning of a file that recognition sees.
const HEAD: usize = 64 * 1024;

/// How a file of that name and content is read.
pub(crate) fn layout_of(name: &str, text: &[u8]) -> Option<Result<Layout, String>> {
    layout_with(name, text, &Hints::default())
}

/// The same, with what the listener says of it.
pub(crate) fn layout_with(name: &str, text: &[u8], hints: &Hints) -> Option<Result<Layout, String>> {
    recognise(name, &text[..text.len().min(HEAD)], hints)
}

/// How a table that is one is read.
pub(crate) fn sure_layout(name: &str, text: &str) -> Layout {
    layout_of(name, text.as_bytes()).unwrap_or_else(|| panic!("{name} is no table")).unwrap()
}

/// Why a file is refused.
pub(crate) fn refusal(name: &str, text: &str) -> String {
    layout_of(name, text.as_bytes()).unwrap_or_else(|| panic!("{name} is no table")).unwrap_err()
}

/// The rows of a whole file as one piece, without the lines before its first record.
pub(crate) fn rows_of<'a>(layout: &Layout, text: &'a [u8]) -> Rows<'a> {
    let skipped = (0..layout.skip_lines)
        .fold(text, |rest, _| memchr::memchr(b'\n', rest).map_or(&rest[rest.len()..], |end| &rest[end + 1..]));
    let rows = read_rows(layout, skipped);
    assert_adds_up(&rows);
    rows
}

/// Every row is in exactly one place.
pub(crate) fn assert_adds_up(rows: &Rows<'_>) {
    let numbers = rows.plays.iter().map(|play| play.row).chain(rows.left_out.iter().map(|row| row.row));
    let mut numbers: Vec<u32> = numbers.collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..rows.count), "{rows:?}");
    assert!(rows.left_out.iter().all(|row| row.text.len() <= LeftOut::LONGEST));
}

/// A play in brief: its moment, artist, album and track.
pub(crate) fn brief(play: &Play<'_>) -> String {
    format!("{} {}|{}|{}", play.played_at, play.artist, play.album.as_deref().unwrap_or("-"), play.track)
}

/// All plays of a file in brief, recognised from the file alone.
pub(crate) fn plays(name: &str, text: &str) -> Vec<String> {
    rows_of(&sure_layout(name, text), text.as_bytes()).plays.iter().map(brief).collect()
}

/// What was left out of a file: line within its records, and why.
pub(crate) fn left_out(name: &str, text: &str) -> Vec<(u32, Why)> {
    let layout = sure_layout(name, text);
    rows_of(&layout, text.as_bytes()).left_out.iter().map(|row| (row.line, row.why)).collect()
}

pub(crate) const MALFORMED: Why = Why::Reject(Reason::Malformed);
pub(crate) const BAD_TIME: Why = Why::Reject(Reason::BadTime);
pub(crate) const NO_TIME: Why = Why::Reject(Reason::NoTime);
pub(crate) const NOW_PLAYING: Why = Why::Other(Other::NowPlaying);
