//! How many plays have genres, which is always told.

use heard_history::columns::ToldBy;
use heard_history::stats::GenreCoverage;
use serde::Serialize;

use crate::print::{Printer, grouped, percent, share};

/// As `--json` tells it.
#[derive(Serialize)]
pub(in crate::commands) struct CoverageValue {
    plays: u64,
    with_genres: u64,
    share: f64,
    by_rule: u64,
    by_track: u64,
    by_album: u64,
    by_artist: u64,
}

impl CoverageValue {
    pub(in crate::commands) fn of(coverage: &GenreCoverage) -> Self {
        Self {
            plays: coverage.plays,
            with_genres: coverage.with_genres(),
            share: share(coverage.with_genres(), coverage.plays),
            by_rule: coverage.told_by(ToldBy::Rule),
            by_track: coverage.told_by(ToldBy::Track),
            by_album: coverage.told_by(ToldBy::Album),
            by_artist: coverage.told_by(ToldBy::Artist),
        }
    }
}

/// "87 % of plays have genres (14,790 of 17,000)", and what helps where none has.
pub(in crate::commands) fn say_coverage(coverage: &GenreCoverage, printer: Printer) {
    printer.say(&sentence(coverage));
    if coverage.with_genres() == 0 && coverage.plays > 0 {
        printer.say("heard enrich asks services for tags; heard genres set ARTIST GENRE says them by hand");
    }
}

/// The same for a picture's footer.
pub(in crate::commands) fn sentence(coverage: &GenreCoverage) -> String {
    let (known, all) = (coverage.with_genres(), coverage.plays);
    let percent = percent(share(known, all));
    format!("{percent} of plays have genres ({} of {})", grouped(known), grouped(all))
}
