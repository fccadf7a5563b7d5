//! Two histories side by side as `--json` tells them.

use heard_history::stats::{Compared, Comparison, Filter, Kind, List, Overlap, SameListens};
use serde::Serialize;

use super::other::Other;
use crate::commands::ranked::Named;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    listener: &'a str,
    other: &'a str,
    /// `listener`, `account` or `file`.
    other_is: &'static str,
    kind: &'static str,
    period: String,
    plays: Pair<u64>,
    same_listens: Pair<Same>,
    artists: Names,
    albums: Names,
    tracks: Names,
    similarity: f64,
    common_share: f64,
    shared: Rows<'a>,
    only_listener: Rows<'a>,
    only_other: Rows<'a>,
}

#[derive(Serialize)]
struct Pair<T> {
    listener: T,
    other: T,
}

#[derive(Serialize)]
struct Same {
    plays: u64,
    same: u64,
    only: u64,
}

#[derive(Serialize)]
struct Names {
    listener: usize,
    other: usize,
    shared: usize,
    jaccard: f64,
}

#[derive(Serialize)]
struct Rows<'a> {
    total: usize,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    rank: usize,
    #[serde(flatten)]
    named: Named<'a>,
    plays: u64,
    other_plays: u64,
    ms_played: u64,
    other_ms_played: u64,
}

pub(super) fn of<'a>(
    found: &'a Comparison,
    kind: Kind,
    [listener, other]: [&'a str; 2],
    which: &Other,
    filter: &Filter,
) -> Document<'a> {
    let [one, two] = found.plays;
    let [mine, theirs] = found.same_listens.map(same);
    Document {
        listener,
        other,
        other_is: which.kind(),
        kind: kind.name(),
        period: filter.period.to_string(),
        plays: Pair { listener: one, other: two },
        same_listens: Pair { listener: mine, other: theirs },
        artists: names(&found.artists),
        albums: names(&found.albums),
        tracks: names(&found.tracks),
        similarity: found.similarity,
        common_share: found.common_share,
        shared: rows(&found.shared, kind),
        only_listener: rows(&found.only[0], kind),
        only_other: rows(&found.only[1], kind),
    }
}

fn same(of: SameListens) -> Same {
    Same { plays: of.plays, same: of.same, only: of.plays - of.same }
}

fn names(of: &Overlap) -> Names {
    let [listener, other] = of.of;
    Names { listener, other, shared: of.shared, jaccard: of.jaccard() }
}

fn rows(list: &List<Compared>, kind: Kind) -> Rows<'_> {
    let rows = (1..).zip(&list.rows).map(|(rank, it)| row(rank, it, kind)).collect();
    Rows { total: list.total, rows }
}

fn row(rank: usize, of: &Compared, kind: Kind) -> Row<'_> {
    let ([plays, other_plays], [ms_played, other_ms_played]) = (of.plays, of.ms_played);
    let named = Named::new(kind, &of.artist, of.title.as_deref());
    Row { rank, named, plays, other_plays, ms_played, other_ms_played }
}
