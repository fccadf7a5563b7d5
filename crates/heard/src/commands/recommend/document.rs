//! Suggestions for programs.

use heard_history::recommend::{Reason, Recommendations, Suggestion};
use heard_history::stats::Kind;
use serde::Serialize;

use super::words::{listeners, rounded, sentence};
use crate::commands::asking::LastListen;
use crate::commands::ranked::{Named, named_cells, named_header};
use crate::print::moment;

/// What `--json` tells.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    kind: &'static str,
    rows: Vec<Row<'a>>,
    has_similar: bool,
    #[serde(flatten)]
    last_listen: LastListen,
}

#[derive(Serialize)]
struct Row<'a> {
    rank: usize,
    #[serde(flatten)]
    named: Named<'a>,
    why: &'static str,
    score: f64,
    reasons: Vec<Told<'a>>,
    text: String,
    listeners: Option<u64>,
    length_ms: Option<u64>,
}

/// A reason with its numbers.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
enum Told<'a> {
    Similar {
        artist: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<&'a str>,
        likeness: f64,
        plays: u64,
    },
    Top {
        artist: &'a str,
        place: u32,
        plays: u64,
    },
    /// The word is that of `top tags`, which tells genres, too.
    Tags {
        tags: &'a [&'static str],
    },
    Silent {
        plays: u64,
        last_at: i64,
        last_time: String,
        days: u64,
    },
    Interval {
        usual_days: u32,
        days: u64,
    },
    OnlyTrack {
        track: &'a str,
        plays: u64,
        tracks: Option<u64>,
    },
    Liked,
}

impl<'a> Document<'a> {
    pub(super) fn new(found: &'a Recommendations, kind: Kind) -> Self {
        let rows = (1..).zip(&found.rows).map(|(rank, row)| Row::new(rank, row, kind)).collect();
        let last_listen = LastListen::of(found.as_of);
        Self { kind: kind.name(), rows, has_similar: found.has_similar, last_listen }
    }
}

impl<'a> Row<'a> {
    fn new(rank: usize, row: &'a Suggestion, kind: Kind) -> Self {
        Self {
            rank,
            named: Named::new(kind, row.name.artist(), row.name.title()),
            why: row.why.name(),
            score: rounded(row.score),
            reasons: row.reasons.iter().map(Told::of).collect(),
            text: sentence(row),
            listeners: row.listeners,
            length_ms: row.length_ms,
        }
    }
}

impl<'a> Told<'a> {
    fn of(reason: &'a Reason) -> Self {
        match reason {
            Reason::Similar { to, likeness, plays } => {
                Self::Similar { artist: to.artist(), title: to.title(), likeness: rounded(*likeness), plays: *plays }
            }
            Reason::Top { artist, place, plays } => Self::Top { artist, place: *place, plays: *plays },
            Reason::Genres(tags) => Self::Tags { tags },
            Reason::Silent { plays, last_at, days } => {
                Self::Silent { plays: *plays, last_at: *last_at, last_time: moment(*last_at), days: *days }
            }
            Reason::Interval { usual_days, days } => Self::Interval { usual_days: *usual_days, days: *days },
            Reason::OnlyTrack { track, plays, of } => Self::OnlyTrack { track, plays: *plays, tracks: *of },
            Reason::Liked => Self::Liked,
        }
    }
}

/// Header and rows of a table for programs.
pub(super) fn table(found: &Recommendations, kind: Kind) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let header = [&["rank"], named_header(kind), &["why", "score", "listeners", "text"]].concat();
    let row = |(rank, row): (usize, &Suggestion)| {
        let mut cells = vec![rank.to_string()];
        cells.extend(named_cells(row.name.artist(), row.name.title()));
        cells.extend([row.why.name().to_owned(), rounded(row.score).to_string(), listeners(row), sentence(row)]);
        cells
    };
    (header, (1..).zip(&found.rows).map(row).collect())
}
