//! Rows of the outbox and the ledger, for people and for programs.

use heard_history::outbox::{Entry, Fate, Target};
use serde::Serialize;

use crate::exit::Failure;
use crate::print::{Printer, Style, moment};

#[derive(Serialize)]
struct Document {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: Option<i64>,
    service: &'static str,
    user: String,
    root: String,
    played_at: i64,
    played_time: String,
    artist: String,
    track: String,
    album: Option<String>,
    album_artist: Option<String>,
    state: &'static str,
    code: Option<i64>,
    words: Option<String>,
    attempts: u32,
    read_back: bool,
    corrected_artist: Option<String>,
    corrected_track: Option<String>,
    corrected_album: Option<String>,
    corrected_album_artist: Option<String>,
}

/// Prints rows, each with its target. What was never put into the outbox has the number 0, and none is printed.
pub(super) fn print(rows: &[(Target, Entry)], printer: Printer) -> Result<(), Failure> {
    match printer.style {
        Style::Json => printer.json(&Document { rows: rows.iter().map(row).collect() }),
        Style::Csv => {
            let header = ["id", "service", "user", "played_time", "artist", "track", "album", "state", "code", "words"];
            let cells = |(target, entry): &(Target, Entry)| {
                let Row { id, service, user, played_time, artist, track, album, state, code, words, .. } =
                    row(&(target.clone(), entry.clone()));
                let (id, code) = (id.map(|id| id.to_string()), code.map(|code| code.to_string()));
                let mut cells = vec![id.unwrap_or_default(), service.to_owned(), user, played_time, artist, track];
                cells.extend([album.unwrap_or_default(), state.to_owned(), code.unwrap_or_default()]);
                cells.push(words.unwrap_or_default());
                cells
            };
            printer.csv(&header, &rows.iter().map(cells).collect::<Vec<_>>())
        }
        Style::Table => {
            let cells = |(target, entry): &(Target, Entry)| {
                let track = &entry.listen.track;
                let id = if entry.id == 0 { String::new() } else { entry.id.to_string() };
                let names = [track.artist.clone(), track.title.clone()];
                let head = [id, target.account.to_string(), moment(entry.listen.played_at)];
                head.into_iter().chain(names).chain([in_words(entry)]).collect()
            };
            let header = ["id", "account", "played", "artist", "track", ""];
            printer.table(&header, &rows.iter().map(cells).collect::<Vec<_>>(), &[0])
        }
    }
}

fn row((target, entry): &(Target, Entry)) -> Row {
    let (code, words) = match &entry.fate {
        Fate::Ignored { code, words } => (Some(*code), words.clone()),
        Fate::Parked { code, reason } => (*code, Some(reason.clone())),
        Fate::Waiting | Fate::InFlight | Fate::Accepted => (None, None),
    };
    let track = &entry.listen.track;
    let corrected = &entry.corrected;
    Row {
        id: Some(entry.id).filter(|id| *id != 0),
        service: target.account.service.name(),
        user: target.account.user.clone(),
        root: target.root.clone(),
        played_at: entry.listen.played_at,
        played_time: moment(entry.listen.played_at),
        artist: track.artist.clone(),
        track: track.title.clone(),
        album: track.album.clone(),
        album_artist: track.album_artist.clone(),
        state: entry.fate.name(),
        code,
        words,
        attempts: entry.attempts,
        read_back: entry.is_read_back,
        corrected_artist: corrected.artist.clone(),
        corrected_track: corrected.track.clone(),
        corrected_album: corrected.album.clone(),
        corrected_album_artist: corrected.album_artist.clone(),
    }
}

/// What became of a row, for people.
pub(super) fn in_words(entry: &Entry) -> String {
    match &entry.fate {
        Fate::Waiting => "waits".to_owned(),
        Fate::InFlight => "sent, without an answer yet".to_owned(),
        Fate::Accepted => {
            let names = &entry.corrected;
            let changed = [&names.artist, &names.track, &names.album, &names.album_artist];
            let changed: Vec<&str> = changed.into_iter().flatten().map(String::as_str).collect();
            match changed.join(", ") {
                _ if entry.is_read_back => "accepted, as was seen by reading back".to_owned(),
                names if names.is_empty() => "accepted".to_owned(),
                names => format!("accepted as {names}"),
            }
        }
        Fate::Ignored { code, words } => {
            let told = words.as_ref().map_or_else(String::new, |words| format!(": {words}"));
            format!("ignored (code {code}), {}{told}", meaning(*code))
        }
        Fate::Parked { code: Some(code), reason } => format!("refused (code {code}): {reason}"),
        Fate::Parked { code: None, reason } => format!("parked: {reason}"),
    }
}

/// What a code of an ignored scrobble means (last.fm/api/show/track.scrobble). Listens that are too new, or too many for
/// a day, wait instead, so 3 and 4 are the same thing in the mouths of two services.
fn meaning(code: i64) -> &'static str {
    match code {
        1 => "for its artist",
        2 => "for its track",
        3 | 4 => "for it is too old",
        _ => "for a reason that is not known",
    }
}

#[cfg(test)]
mod tests {
    use heard_history::listen::Listen;
    use heard_history::outbox::Corrected;

    use super::*;

    #[test]
    fn every_fate_has_its_words() {
        let ignored = |code, words: Option<&str>| Fate::Ignored { code, words: words.map(str::to_owned) };
        let parked = |code| Fate::Parked { code, reason: "no".to_owned() };
        for (fate, says) in [
            (Fate::Waiting, "waits"),
            (Fate::InFlight, "sent, without an answer yet"),
            (Fate::Accepted, "accepted"),
            (ignored(1, None), "ignored (code 1), for its artist"),
            (ignored(2, Some("Track filtered")), "ignored (code 2), for its track: Track filtered"),
            (ignored(3, None), "ignored (code 3), for it is too old"),
            (ignored(4, None), "ignored (code 4), for it is too old"),
            (ignored(77, None), "ignored (code 77), for a reason that is not known"),
            (parked(Some(6)), "refused (code 6): no"),
            (parked(None), "parked: no"),
        ] {
            let mut entry = Entry {
                id: 1,
                listen: Listen::default(),
                fate,
                attempts: 1,
                attempted_at: None,
                settled_at: None,
                corrected: Corrected::default(),
                is_read_back: false,
            };
            assert_eq!(in_words(&entry), says);
            entry.corrected.artist = Some("Ada".to_owned());
            entry.corrected.album = Some("Nine".to_owned());
            assert_eq!(in_words(&entry) == "accepted as Ada, Nine", says == "accepted");
            entry.is_read_back = true;
            assert_eq!(in_words(&entry) == "accepted, as was seen by reading back", says == "accepted");
        }
    }
}
