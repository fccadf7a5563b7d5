//! What happens, said to the listener in a line, or to a program as a line of JSON.

use heard_history::deliver::Report;
use heard_history::listen::Track;
use heard_history::playback::{Event, Finished};
use heard_history::watch::Happened;
use serde::Serialize;

use crate::commands::sending::{judge, say};
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, moment, several};

/// Says what happens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    printer: Printer,
}

/// One line of `--json`.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    NowPlaying {
        player: &'a str,
        #[serde(flatten)]
        track: Names<'a>,
    },
    Counts {
        player: &'a str,
        #[serde(flatten)]
        began: Began,
        #[serde(flatten)]
        track: Names<'a>,
    },
    Finished {
        player: &'a str,
        #[serde(flatten)]
        began: Began,
        #[serde(flatten)]
        track: Names<'a>,
        ms_played: u64,
        counts: bool,
    },
    Kept {
        plays: usize,
        listens: usize,
    },
    Sent {
        account: String,
        accepted: u64,
        ignored: u64,
        parked: u64,
        waiting: u64,
    },
}

#[derive(Serialize)]
struct Names<'a> {
    artist: &'a str,
    track: &'a str,
    album: Option<&'a str>,
    length_ms: Option<u64>,
}

#[derive(Serialize)]
struct Began {
    played_at: i64,
    played_time: String,
}

impl Voice {
    pub(super) fn new(printer: Printer) -> Self {
        Self { printer }
    }

    /// Says a sentence.
    pub(super) fn says(self, sentence: &str) {
        self.printer.say(sentence);
    }

    /// Says what a player did.
    pub(super) fn happened(self, Happened { player, event }: &Happened) -> Result<(), Failure> {
        if self.is_json() {
            return self.line(&line(player, event));
        }
        self.says(&format!("{player}: {}", in_words(event)));
        Ok(())
    }

    /// Says that plays are in the archive: reports of them, and listens among them. A person hears of what becomes of
    /// them, and of what does not.
    pub(super) fn kept(self, plays: usize, listens: usize) -> Result<(), Failure> {
        if self.is_json() { self.line(&Line::Kept { plays, listens }) } else { Ok(()) }
    }

    /// Says what came of sending, where anything did.
    pub(super) fn sent(self, report: Report) -> Result<(), Failure> {
        let waiting = report.counts.undelivered();
        if report.requests == 0 && report.stopped.is_none() {
            return Ok(());
        }
        let account = report.target.account.to_string();
        if self.is_json() {
            let Report { accepted, ignored, parked, .. } = report;
            self.line(&Line::Sent { account: account.clone(), accepted, ignored, parked, waiting })?;
        } else if report.accepted + report.ignored + report.parked > 0 {
            say(std::slice::from_ref(&report), self.printer);
        }
        match judge(report) {
            Err(failure) if failure.code != Code::Interrupted => {
                let waits = several(waiting, "listen");
                self.says(&format!("{account}: {waits} in the outbox: {}", failure.sentence()));
            }
            _ => {}
        }
        Ok(())
    }

    fn is_json(self) -> bool {
        self.printer.style == Style::Json
    }

    fn line(self, line: &Line<'_>) -> Result<(), Failure> {
        let text = serde_json::to_string(line).map_err(|error| Failure::new(Code::Failure, error.to_string()))?;
        self.printer.data(&(text + "\n"))
    }
}

fn line<'a>(player: &'a str, event: &'a Event) -> Line<'a> {
    match event {
        Event::NowPlaying(track) => Line::NowPlaying { player, track: names(track) },
        Event::Counts(listen) => Line::Counts { player, began: began(listen.played_at), track: names(&listen.track) },
        Event::Finished(Finished { track, started_at, ms_played, counts }) => Line::Finished {
            player,
            began: began(*started_at),
            track: names(track),
            ms_played: *ms_played,
            counts: *counts,
        },
    }
}

fn names(track: &Track) -> Names<'_> {
    let Track { artist, title, album, length_ms, .. } = track;
    Names { artist, track: title, album: album.as_deref(), length_ms: *length_ms }
}

fn began(played_at: i64) -> Began {
    Began { played_at, played_time: moment(played_at) }
}

fn in_words(event: &Event) -> String {
    let both = |track: &Track| format!("{} – {}", track.artist, track.title);
    match event {
        Event::NowPlaying(track) => format!("now {}", both(track)),
        Event::Counts(listen) => format!("counts: {}", both(&listen.track)),
        Event::Finished(Finished { track, ms_played, counts, .. }) => {
            let seconds = ms_played / 1000;
            let verdict = if *counts { "" } else { ", too short to count" };
            format!("ended after {}:{:02}{verdict}: {}", seconds / 60, seconds % 60, both(track))
        }
    }
}

#[cfg(test)]
mod tests {
    use heard_history::listen::Listen;

    use super::*;

    fn events() -> [Event; 3] {
        let mut track = Track::new("Mira \u{1b}[2J", "Nine\n");
        track.length_ms = Some(230_000);
        let listen = Listen { track: track.clone(), played_at: 1_777_636_800 };
        let finished = Finished { track: track.clone(), started_at: 1_777_636_800, ms_played: 61_999, counts: false };
        [Event::NowPlaying(track), Event::Counts(listen), Event::Finished(finished)]
    }

    #[test]
    fn an_event_is_one_line_of_json() {
        let told = events().map(|event| serde_json::to_string(&line("vlc", &event)).unwrap());
        let names = r#""artist":"Mira \u001b[2J","track":"Nine\n","album":null,"length_ms":230000"#;
        let began = r#""played_at":1777636800,"played_time":"2026-05-01T12:00:00Z""#;
        assert_eq!(
            told,
            [
                format!(r#"{{"event":"now_playing","player":"vlc",{names}}}"#),
                format!(r#"{{"event":"counts","player":"vlc",{began},{names}}}"#),
                format!(r#"{{"event":"finished","player":"vlc",{began},{names},"ms_played":61999,"counts":false}}"#),
            ]
        );
        let kept = serde_json::to_string(&Line::Kept { plays: 2, listens: 1 }).unwrap();
        assert_eq!(kept, r#"{"event":"kept","plays":2,"listens":1}"#);
    }

    #[test]
    fn an_event_is_a_sentence() {
        let [now, counts, mut finished] = events();
        assert_eq!(in_words(&now), "now Mira \u{1b}[2J – Nine\n");
        assert_eq!(in_words(&counts), "counts: Mira \u{1b}[2J – Nine\n");
        assert_eq!(in_words(&finished), "ended after 1:01, too short to count: Mira \u{1b}[2J – Nine\n");
        if let Event::Finished(finished) = &mut finished {
            finished.counts = true;
        }
        assert!(in_words(&finished).starts_with("ended after 1:01: "));
    }
}
