//! Which export a JSON file is, told by the keys of its first records. Its name gives the account where the file does
//! not, and decides where there is no record.

use super::json_sample::Sample;
use super::layout::{Format, Framing, Hints, Layout};
use crate::listen::Service;

/// What an object at the root tells.
type Recognised = Option<Result<Layout, String>>;

/// Recognises an export by the beginning of its text (64 KiB or all of it, without a byte order mark), which may be cut
/// off anywhere.
///
/// `None` is for what is no JSON, or none that is known here; an error is a sentence that says why a known file holds no
/// plays. What the listener says of the format counts where the content says nothing.
#[must_use]
pub fn recognise(name: &str, head: &[u8], hints: &Hints) -> Option<Result<Layout, String>> {
    let root = Sample::new(head);
    let known = if root.is_list() {
        list(name, root)
    } else if root.is_object() {
        object(name, root)
    } else {
        return None;
    };
    known.or_else(|| hints.format.and_then(|format| as_told(format, root)).map(Ok))
}

/// A list at the root: of records, or of Last.fm's pages.
fn list(name: &str, root: Sample<'_>) -> Recognised {
    let Some(first) = root.elements().next() else { return named(name).map(|format| Ok(whole_list(format))) };
    if let Some(words) = error_of_lastfm(first) {
        return Some(Err(words));
    }
    let some = |keys: &[&str]| root.elements().take(SAMPLE).any(|record| record.has(keys));
    let layout = if is_account_data(first) {
        whole_list(Format::SpotifyAccountData)
    } else if is_extended(first) {
        whole_list(Format::SpotifyExtended)
    } else if is_official(first) {
        return Some(official(name));
    } else if is_page(first) {
        let account = user_of(first).or_else(|| user_in_name(name, "recenttracks-"));
        Layout { account, ..whole_list(Format::LastfmPages) }
    } else if is_track(first) {
        Layout { account: user_in_name(name, "recenttracks-"), ..whole_list(Format::LastfmPages) }
    } else if some(&["track_metadata"]) {
        Layout { account: user_of_listens(name, root.elements()), ..whole_list(Format::Listenbrainz) }
    } else if root.elements().take(SAMPLE).any(is_watched) {
        whole_list(Format::Youtube)
    } else {
        return None;
    };
    Some(Ok(layout))
}

/// An object at the root: a document, what is around a list, or the first of many lines.
fn object(name: &str, root: Sample<'_>) -> Recognised {
    if let Some(words) = error_of_lastfm(root).or_else(|| chart_of_lastfm(root)) {
        return Some(Err(words));
    }
    let known = if root.has(&["recenttracks"]) || is_page(root) {
        let account = user_of(root).or_else(|| user_in_name(name, "recenttracks-"));
        Layout { account, ..layout(Format::LastfmPages, Framing::Document) }
    } else if let Some(scrobbles) = root.get("scrobbles").filter(|scrobbles| scrobbles.is_list()) {
        return scrobbles_of(root, scrobbles).map(Ok);
    } else if let Some(listens) = root.get("listens").filter(|listens| listens.is_list()) {
        return listens_of(name, root, listens).map(Ok);
    } else if root.has(&["listener", "played_at", "artist", "track"]) {
        layout(Format::Heard, Framing::Lines)
    } else if root.has(&["timeMs", "artist", "track"]) {
        layout(Format::Panoscrobbler, Framing::Lines)
    } else if root.has(&["track_metadata"]) || is_feedback(root) {
        let account = user_of_listens(name, std::iter::once(root));
        Layout { account, ..layout(Format::Listenbrainz, Framing::Lines) }
    } else {
        return None;
    };
    Some(Ok(known))
}

/// Maloja's and lastfmstats.com's files both hold `scrobbles`.
fn scrobbles_of(root: Sample<'_>, scrobbles: Sample<'_>) -> Option<Layout> {
    let track = scrobbles.elements().find_map(|scrobble| scrobble.get("track"));
    let format = match track {
        Some(track) if track.is_object() => Format::Maloja,
        Some(track) if track.is_text() => Format::Lastfmstats,
        None if root.has(&["maloja"]) => Format::Maloja,
        None if root.has(&["username"]) => Format::Lastfmstats,
        _ => return None,
    };
    let account = root.get("username").filter(|_| format == Format::Lastfmstats).and_then(account);
    Some(Layout { account, ..layout(format, Framing::Elements(Some("scrobbles".to_owned()))) })
}

/// Koito's file holds `listens`; so may one of ListenBrainz'.
fn listens_of(name: &str, root: Sample<'_>, listens: Sample<'_>) -> Option<Layout> {
    let framing = Framing::Elements(Some("listens".to_owned()));
    match listens.elements().next() {
        Some(listen) if listen.has(&["track_metadata"]) => {
            let account = user_of_listens(name, listens.elements());
            Some(Layout { account, ..layout(Format::Listenbrainz, framing) })
        }
        Some(listen) if !listen.has_any(&["track", "artists"]) => None,
        None if !root.has_any(&["exported_at", "version"]) => None,
        _ => Some(Layout { account: root.get("user").and_then(account), ..layout(Format::Koito, framing) }),
    }
}

/// The layout of a file of which only the listener says what it is.
fn as_told(format: Format, root: Sample<'_>) -> Option<Layout> {
    let key = match format {
        Format::Maloja | Format::Lastfmstats => "scrobbles",
        Format::Koito => "listens",
        Format::Panoscrobbler | Format::Heard if root.is_object() => return Some(layout(format, Framing::Lines)),
        Format::Listenbrainz if root.is_object() => return Some(layout(format, Framing::Lines)),
        Format::LastfmPages if root.is_object() => return Some(layout(format, Framing::Document)),
        Format::SpotifyAccountData
        | Format::SpotifyExtended
        | Format::LastfmPages
        | Format::LastfmOfficial
        | Format::Listenbrainz
        | Format::Youtube
            if root.is_list() =>
        {
            return Some(whole_list(format));
        }
        _ => return None,
    };
    Some(layout(format, Framing::Elements(root.is_object().then(|| key.to_owned()))))
}

/// How many records are looked at where the first need not be like all others.
const SAMPLE: usize = 20;

fn is_account_data(record: Sample<'_>) -> bool {
    record.has(&["endTime"])
        && record.has_any(&["trackName", "artistName", "podcastName", "episodeName", "audiobookName", "msPlayed"])
}

fn is_extended(record: Sample<'_>) -> bool {
    record.has(&["ts"]) && record.has_any(&["ms_played", "master_metadata_track_name", "spotify_track_uri"])
}

fn is_official(record: Sample<'_>) -> bool {
    let has_track = record.get("track").is_some_and(Sample::is_object);
    let has_moment = ["timestamp", "time"].iter().any(|key| record.get(key).is_some_and(Sample::is_object));
    has_track && (has_moment || record.has_any(&["bootstrapCount", "bootstrapped"]))
}

/// A page of Last.fm without the object that names what it is a page of; or with it.
fn is_page(page: Sample<'_>) -> bool {
    let Some(tracks) = page.get("track") else { return page.has(&["recenttracks"]) };
    match tracks.elements().next() {
        Some(first) => is_track(first),
        None if tracks.is_list() => page.has(&["@attr"]),
        None => is_track(tracks),
    }
}

fn is_track(record: Sample<'_>) -> bool {
    record.has(&["artist", "name"]) && record.has_any(&["date", "@attr", "streamable", "image", "url", "mbid"])
}

/// What was done on YouTube; Takeout writes what was done elsewhere in the same way.
fn is_watched(record: Sample<'_>) -> bool {
    let of_youtube = |text: Sample<'_>| text.text().is_some_and(|text| text.starts_with("YouTube"));
    let in_products = |products: Sample<'_>| products.elements().any(of_youtube);
    record.has(&["title", "time"])
        && (record.get("header").is_some_and(of_youtube) || record.get("products").is_some_and(in_products))
}

fn is_feedback(line: Sample<'_>) -> bool {
    line.has_any(&["recording_msid", "recording_mbid"]) && line.has_any(&["score", "pinned_until"])
}

/// The month files of the archive that Last.fm offered. Its lists of loved, banned and skipped tracks may look the same.
fn official(name: &str) -> Result<Layout, String> {
    let file = file_name(name).to_lowercase();
    match ["loved", "banned", "skipped"].iter().find(|kind| file.contains(*kind)) {
        Some(kind) => Err(format!("it is Last.fm's list of {kind} tracks, which tells of no plays")),
        None => Ok(whole_list(Format::LastfmOfficial)),
    }
}

/// What Last.fm says in place of an answer: `{"message":…,"error":…}`.
fn error_of_lastfm(root: Sample<'_>) -> Option<String> {
    let code = root.get("error")?.text()?;
    let words = root.get("message")?.text()?;
    let words: String = words.chars().filter(|c| !c.is_control()).take(LONGEST_WORDS).collect();
    code.chars()
        .all(|digit| digit.is_ascii_digit())
        .then(|| format!("it holds no plays, but an error of Last.fm: {words} (error {code})"))
}

/// The most that is repeated of a service's words.
const LONGEST_WORDS: usize = 300;

/// Answers of Last.fm that add up plays.
fn chart_of_lastfm(root: Sample<'_>) -> Option<String> {
    let (key, _) = root.members().next()?;
    let key = std::str::from_utf8(key).ok()?;
    let sums = ["weekly", "top", "loved"].iter().any(|word| key.starts_with(word));
    let things = ["artists", "albums", "tracks", "tags", "chart", "chartlist"].iter().any(|word| key.ends_with(word));
    (sums && things && key.bytes().all(|letter| letter.is_ascii_lowercase())).then(|| {
        format!("it is Last.fm's \"{key}\", which does not tell when each play was; user.getRecentTracks does")
    })
}

/// The format of a list without records, by the name that its service gives it.
fn named(name: &str) -> Option<Format> {
    let known = [
        ("StreamingHistory", Format::SpotifyAccountData),
        ("Streaming_History_", Format::SpotifyExtended),
        ("endsong", Format::SpotifyExtended),
        ("recenttracks-", Format::LastfmPages),
        ("watch-history", Format::Youtube),
        ("listenbrainz_", Format::Listenbrainz),
    ];
    let file = file_name(name);
    known.into_iter().find_map(|(begin, format)| file.starts_with(begin).then_some(format))
}

fn file_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn user_of(page: Sample<'_>) -> Option<String> {
    page.get("recenttracks").unwrap_or(page).get("@attr")?.get("user").and_then(account)
}

/// The user that a listen names; else that of `listenbrainz_<user>_<second>.zip`, which may be the archive around the
/// file, or of the older `<user>_lb-<date>.json`.
fn user_of_listens<'a>(name: &str, mut listens: impl Iterator<Item = Sample<'a>>) -> Option<String> {
    let told = listens.next().and_then(|listen| listen.get("user_name")).and_then(account);
    told.or_else(|| user_in_name(name, "listenbrainz_"))
        .or_else(|| file_name(name).split_once("_lb-").and_then(|(user, _)| filled(user)))
}

/// The user in a part of the path like `recenttracks-<user>-<number>.json`.
fn user_in_name(name: &str, begin: &str) -> Option<String> {
    name.split(['/', '\\']).find_map(|part| {
        let (user, number) = part.strip_prefix(begin)?.rsplit_once(begin.chars().last()?)?;
        number.starts_with(|digit: char| digit.is_ascii_digit()).then(|| filled(user))?
    })
}

fn account(name: Sample<'_>) -> Option<String> {
    name.text().as_deref().and_then(filled)
}

fn filled(name: &str) -> Option<String> {
    Some(name.trim().to_lowercase()).filter(|name| !name.is_empty())
}

fn whole_list(format: Format) -> Layout {
    layout(format, Framing::Elements(None))
}

fn layout(format: Format, framing: Framing) -> Layout {
    let service = match format {
        Format::SpotifyAccountData | Format::SpotifyExtended => Service::Spotify,
        Format::LastfmPages | Format::Lastfmstats | Format::LastfmOfficial => Service::Lastfm,
        Format::Listenbrainz => Service::Listenbrainz,
        Format::Maloja => Service::Maloja,
        Format::Koito => Service::Koito,
        Format::Panoscrobbler => Service::Panoscrobbler,
        Format::Youtube => Service::Youtube,
        Format::Heard => Service::Heard,
        Format::ScrobblerLog => Service::Player,
        Format::AppleMusic => Service::Applemusic,
        Format::Deezer => Service::Deezer,
        Format::Table => Service::File,
    };
    Layout { format, framing, skip_lines: 0, service, account: None, zone: None, table: None }
}
