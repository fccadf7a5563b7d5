//! The rows of a file, and which of them nobody is to be told of.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use heard_history::facts::{Reason, Why};
use heard_history::import::{FileRows, Row};
use heard_history::listen::{Listen, Played};
use heard_history::playback::unfit;

use crate::print::grouped;

/// A row of a file.
pub(super) struct Line<'a> {
    /// The file's name, with its place inside a zip.
    pub(super) path: &'a str,
    /// The row.
    pub(super) row: &'a Row,
    /// Why it goes to nobody: a name for programs, and words.
    pub(super) left_out: Option<(&'static str, String)>,
}

impl<'a> Line<'a> {
    /// What may go, if anything may.
    pub(super) fn listen(&self) -> Option<&'a Listen> {
        self.told().filter(|_| self.left_out.is_none())
    }

    /// How a row stands in the file that tells of no play.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.row.told.as_ref().err().map(|(_, text)| text.as_str())
    }

    /// What the row tells of, whether it may go or not.
    pub(super) fn told(&self) -> Option<&'a Listen> {
        self.row.told.as_ref().ok().map(|played| &played.listen)
    }
}

/// All rows of the files at a path. Of one play in several rows the first may go.
pub(super) fn of<'a>(path: &Path, files: &'a [FileRows], now: i64) -> Vec<Line<'a>> {
    let mut seen = HashSet::new();
    let folder = path.parent().unwrap_or(Path::new(""));
    let within = |file: &'a str| Path::new(file).strip_prefix(folder).ok().and_then(Path::to_str).unwrap_or(file);
    let rows = files.iter().flat_map(|file| file.rows.iter().map(move |row| (within(&file.path), row)));
    rows.map(|(path, row)| {
        let left_out = match &row.told {
            Err((why, text)) => Some((why_name(*why), in_words(*why, text))),
            Ok(played) => unfit(played, now)
                .map(|why| (why.name(), why.words().to_owned()))
                .or_else(|| (!seen.insert(identity(played))).then(|| ("repeated", "twice in the file".to_owned()))),
        };
        Line { path, row, left_out }
    })
    .collect()
}

/// How many rows go to nobody, and why.
pub(super) fn reasons(lines: &[Line<'_>]) -> String {
    let mut counts = BTreeMap::new();
    for (_, words) in lines.iter().filter_map(|line| line.left_out.as_ref()) {
        *counts.entry(words.as_str()).or_insert(0_u64) += 1;
    }
    let told = counts.iter().map(|(words, count)| format!("{} {words}", grouped(*count)));
    told.collect::<Vec<_>>().join("; ")
}

fn identity(played: &Played) -> (i64, &str, &str) {
    let Listen { track, played_at } = &played.listen;
    (*played_at, &track.artist, &track.title)
}

fn why_name(why: Why) -> &'static str {
    match why {
        Why::Other(other) => other.name(),
        Why::Reject(reason) => reason.name(),
    }
}

fn in_words(why: Why, text: &str) -> String {
    match why {
        Why::Reject(Reason::NoTime) => "no moment".to_owned(),
        Why::Reject(Reason::BadTime) if holds_milliseconds(text) => {
            "a moment in milliseconds among others in seconds".to_owned()
        }
        Why::Reject(Reason::BadTime) => "a moment that cannot be read".to_owned(),
        Why::Reject(Reason::Malformed) => "not as its format says".to_owned(),
        why => why_name(why).replace('_', " "),
    }
}

/// Whether a field of the row may be a moment in milliseconds, of 1973 or later.
fn holds_milliseconds(text: &str) -> bool {
    let fields = text.split([',', ';', '\t']).map(|field| field.trim().trim_matches('"'));
    fields.into_iter().any(|field| (12..=14).contains(&field.len()) && field.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use heard_history::facts::Other;
    use heard_history::listen::Track;
    use heard_history::normalise::layout::Format;

    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn file(told: Vec<Result<Played, (Why, String)>>) -> FileRows {
        let rows = (1..).zip(told).map(|(number, told)| Row { number, line: Some(number + 1), told }).collect();
        FileRows { path: "some/plays.csv".into(), format: Format::Table, zone: None, is_cut_off: false, rows }
    }

    fn play(artist: &str, played_at: i64) -> Result<Played, (Why, String)> {
        let listen = Listen { track: Track::new(artist, "Nine"), played_at };
        Ok(Played { listen, ..Played::default() })
    }

    fn left_out(why: Why, text: &str) -> Result<Played, (Why, String)> {
        Err((why, text.to_owned()))
    }

    #[test]
    fn each_row_goes_or_has_a_reason() {
        let first = file(vec![
            play("Mira Vale", NOW - 500),
            play("Mira Vale", NOW - 500),
            play("Mira Vale", NOW + 500),
            play("undefined", NOW - 400),
            left_out(Why::Reject(Reason::NoArtist), ",Nine,1699999999"),
            left_out(Why::Reject(Reason::BadTime), "Mira Vale,Nine,\"1699999999000\""),
            left_out(Why::Reject(Reason::BadTime), "Mira Vale,Nine,yesterday"),
            left_out(Why::Reject(Reason::NoTime), "Mira Vale,Nine,"),
            left_out(Why::Reject(Reason::Malformed), "Mira Vale"),
            left_out(Why::Other(Other::NowPlaying), ""),
        ]);
        let files = [first, file(vec![play("Mira Vale", NOW - 500), play("Ida Kestrel", NOW - 500)])];
        let lines = of(Path::new("some/plays.csv"), &files, NOW);
        assert!(lines.iter().all(|line| line.path == "plays.csv"));
        let names: Vec<_> = lines.iter().map(|line| line.left_out.as_ref().map_or("", |(name, _)| name)).collect();
        assert_eq!(
            names,
            [
                "",
                "repeated",
                "future",
                "no_name",
                "no_artist",
                "bad_time",
                "bad_time",
                "no_time",
                "malformed",
                "now_playing",
                "repeated",
                ""
            ]
        );
        assert_eq!(lines.iter().filter_map(Line::listen).count(), 2);
        assert_eq!(lines.iter().filter_map(Line::told).count(), 6);
        assert_eq!(
            reasons(&lines),
            "1 a moment in milliseconds among others in seconds; 1 a moment that cannot be read; \
             1 a name that says there is none; 1 in the future; 1 no artist; 1 no moment; 1 not as its format says; \
             1 now playing; 2 twice in the file"
        );
    }
}
