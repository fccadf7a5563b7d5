//! The weekly charts that services told, and the reports of plays from which ours of the same span are made.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, Row, params};

use super::StoreError;
use super::open::open_for_reading;
use crate::listen::Span;
use crate::rules::Name;

/// One weekly chart as a service told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldChart {
    /// The service.
    pub service: String,
    /// The account's name there, in lower case.
    pub account: String,
    /// What is charted: `artist`, `album` or `track`.
    pub kind: &'static str,
    /// The stretch of time, in Unix seconds; its end is not in it.
    pub span: Span,
    /// When it was told last, by the local clock.
    pub told_at: i64,
    /// Its rows in their order, each with its plays.
    pub rows: Vec<(Name, u64)>,
}

/// A report of a play, as far as a chart is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartReport {
    /// Whether the account of the chart told it; else it is a play of which that account told nothing.
    pub of_account: bool,
    /// What it was called when it was told.
    pub reported: Names,
    /// What the play for which it stands is called now, once for each artist whom it credits.
    pub shown: Vec<Names>,
    /// That play's number, so that several reports of one play are seen to be.
    pub play: i64,
    /// Whether the service no longer shows it, or its import was undone.
    pub is_gone: bool,
    /// Whether a rule hides it or one of its names.
    pub is_hidden: bool,
    /// Milliseconds played, where any witness tells.
    pub ms_played: Option<i64>,
}

/// The names of a play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The artist.
    pub artist: String,
    /// The album, where there is one.
    pub album: Option<String>,
    /// The track.
    pub track: String,
}

/// The methods of Last.fm that tell a weekly chart, and of what.
const METHODS: [(&str, &str); 3] = [
    ("user.getWeeklyArtistChart", "artist"),
    ("user.getWeeklyAlbumChart", "album"),
    ("user.getWeeklyTrackChart", "track"),
];

/// The weekly charts of a listener's accounts that hold, in the order of time. An answer that does not say of which week
/// it is cannot be compared, and is none of them.
///
/// # Errors
/// What SQLite says.
pub fn told_charts(database: &Path, listener: &str) -> Result<Vec<ToldChart>, StoreError> {
    let read = || charts(&open_for_reading(database)?, listener);
    read().map_err(StoreError::sqlite(database))
}

/// The reports of which a chart of an account could be made: those that the account told of the span, and plays of the
/// span of which it told nothing.
///
/// # Errors
/// What SQLite says.
pub fn chart_reports(database: &Path, listener: &str, chart: &ToldChart) -> Result<Vec<ChartReport>, StoreError> {
    let read = || reports(&open_for_reading(database)?, listener, chart);
    read().map_err(StoreError::sqlite(database))
}

/// The names of the live plays of a chart's account that have no moment, as they were told: to which week they belong,
/// the account does not say.
///
/// # Errors
/// What SQLite says.
pub fn undated_of(database: &Path, listener: &str, chart: &ToldChart) -> Result<Vec<Names>, StoreError> {
    let read = || -> rusqlite::Result<Vec<Names>> {
        open_for_reading(database)?
            .prepare(
                "SELECT artists.name, albums.title, tracks.title FROM plays
                   JOIN accounts ON accounts.id = account_id
                   JOIN listeners ON listeners.id = plays.listener_id
                   JOIN artists ON artists.id = plays.artist_id
                   JOIN tracks ON tracks.id = track_id
                   LEFT JOIN albums ON albums.id = album_id
                  WHERE listeners.name = ?1 AND service = ?2 AND accounts.name = ?3 AND played_at = 0
                    AND gone_seq IS NULL
                  ORDER BY plays.id",
            )?
            .query_map(params![listener, chart.service, chart.account], |row| names(row, 0))?
            .collect()
    };
    read().map_err(StoreError::sqlite(database))
}

fn charts(connection: &Connection, listener: &str) -> rusqlite::Result<Vec<ToldChart>> {
    let mut statement = connection.prepare(
        "SELECT answers.id, answers.service, accounts.name, method, answers.asked, told_at, listed.name, listed.title,
                coalesce(listed.plays, 0)
           FROM answers JOIN things ON things.id = thing_id
           JOIN accounts ON accounts.service = answers.service AND accounts.name = lower(things.name)
           JOIN listeners ON listeners.id = accounts.listener_id
           LEFT JOIN listed ON answer_id = answers.id
          WHERE things.kind = 'account' AND listeners.name = ?1 AND accounts.asked = 1
            AND replaced_by IS NULL AND outcome = 'known'
            AND method IN ('user.getWeeklyArtistChart', 'user.getWeeklyAlbumChart', 'user.getWeeklyTrackChart')
          ORDER BY answers.id, position",
    )?;
    let mut rows = statement.query([listener])?;
    let mut found: BTreeMap<i64, ToldChart> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let method = row.get_ref(3)?.as_str()?;
        let kind = METHODS.iter().find(|(name, _)| *name == method).map(|(_, kind)| *kind);
        let Some((kind, span)) = kind.zip(span(row.get_ref(4)?.as_str()?)) else { continue };
        let chart = match found.entry(row.get(0)?) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => new.insert(ToldChart {
                service: row.get(1)?,
                account: row.get(2)?,
                kind,
                span,
                told_at: row.get(5)?,
                rows: Vec::new(),
            }),
        };
        // An empty chart has no rows.
        let Some(artist) = row.get::<_, Option<String>>(6)? else { continue };
        let title: String = row.get(7)?;
        chart.rows.push((name(kind, artist, title), row.get::<_, i64>(8)?.max(0).cast_unsigned()));
    }
    let mut charts: Vec<ToldChart> = found.into_values().collect();
    charts.sort_by(|a, b| {
        let key = |chart: &ToldChart| (chart.span.from, chart.span.to, chart.kind);
        key(a).cmp(&key(b)).then_with(|| (&a.service, &a.account).cmp(&(&b.service, &b.account)))
    });
    Ok(charts)
}

fn name(kind: &str, artist: String, title: String) -> Name {
    match kind {
        "album" => Name::Album { artist, title },
        "track" => Name::Track { artist, title },
        _ => Name::Artist { artist },
    }
}

/// The span in `from=1708862400&to=1709467200`.
fn span(asked: &str) -> Option<Span> {
    let value = |wanted: &str| {
        let pairs = asked.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(name, _)| *name == wanted).and_then(|(_, value)| value.parse::<i64>().ok())
    };
    let (from, to) = value("from").zip(value("to"))?;
    (from < to).then(|| Span::new(from, to))
}

fn reports(connection: &Connection, listener: &str, chart: &ToldChart) -> rusqlite::Result<Vec<ChartReport>> {
    let credits = credits(connection)?;
    let mut statement = connection.prepare(REPORTS)?;
    let mut rows = statement.query(params![listener, chart.service, chart.account, chart.span.from, chart.span.to])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let shown = names(row, 4)?;
        let credited = credits.get(&row.get::<_, i64>(7)?);
        let shown = match credited {
            Some(artists) => artists.iter().map(|artist| Names { artist: artist.clone(), ..shown.clone() }).collect(),
            None => vec![shown],
        };
        found.push(ChartReport {
            of_account: row.get(0)?,
            reported: names(row, 1)?,
            shown,
            play: row.get(8)?,
            is_gone: row.get(9)?,
            is_hidden: row.get(10)?,
            ms_played: row.get(11)?,
        });
    }
    Ok(found)
}

/// Reports of the account, each with the play for which it stands; then live plays without one.
const REPORTS: &str = "
  WITH own AS (
    SELECT accounts.id FROM accounts JOIN listeners ON listeners.id = listener_id
     WHERE listeners.name = ?1 AND service = ?2 AND accounts.name = ?3),
  told AS (
    SELECT plays.* FROM plays
     WHERE listener_id = (SELECT id FROM listeners WHERE name = ?1) AND played_at >= ?4 AND played_at < ?5),
  pairs AS (
    SELECT 1 AS of_account, id, coalesce(same_as, id) AS stands FROM told WHERE account_id IN own
    UNION ALL
    SELECT 0, id, id FROM told
     WHERE account_id NOT IN own AND gone_seq IS NULL AND same_as IS NULL
       AND NOT EXISTS (SELECT 1 FROM plays w WHERE w.same_as = told.id AND w.account_id IN own))
  SELECT of_account, ra.name, rl.title, rt.title, sa.name, sl.title, st.title, pa.id, p.id,
         r.gone_seq NOT NULL,
         p.hidden NOT NULL OR pa.hidden = 1 OR pt.hidden = 1 OR coalesce(pl.hidden, 0) = 1,
         coalesce(p.ms_played, (SELECT max(w.ms_played) FROM plays w WHERE w.same_as = p.id))
    FROM pairs
    JOIN plays r ON r.id = pairs.id
    JOIN plays p ON p.id = pairs.stands
    JOIN artists ra ON ra.id = r.artist_id LEFT JOIN albums rl ON rl.id = r.album_id JOIN tracks rt ON rt.id = r.track_id
    JOIN artists pa ON pa.id = p.artist_id LEFT JOIN albums pl ON pl.id = p.album_id JOIN tracks pt ON pt.id = p.track_id
    JOIN artists sa ON sa.id = coalesce(pa.shown_as, pa.id)
    LEFT JOIN albums sl ON sl.id = coalesce(pl.shown_as, pl.id)
    JOIN tracks st ON st.id = coalesce(pt.shown_as, pt.id)
   ORDER BY of_account DESC, r.id";

fn names(row: &Row<'_>, at: usize) -> rusqlite::Result<Names> {
    Ok(Names { artist: row.get(at)?, album: row.get(at + 1)?, track: row.get(at + 2)? })
}

/// Whom each split name credits, as shown.
fn credits(connection: &Connection) -> rusqlite::Result<BTreeMap<i64, Vec<String>>> {
    let mut statement = connection.prepare(
        "SELECT artist_id, shown.name FROM artist_credits JOIN artists a ON a.id = credited_id
           JOIN artists shown ON shown.id = coalesce(a.shown_as, a.id) ORDER BY artist_id, position",
    )?;
    let mut rows = statement.query([])?;
    let mut found: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (artist, name): (i64, String) = (row.get(0)?, row.get(1)?);
        let names = found.entry(artist).or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_told_by_its_two_ends() {
        assert_eq!(span("from=10&to=20"), Some(Span::new(10, 20)));
        assert_eq!(span("to=20&from=10&limit=5"), Some(Span::new(10, 20)));
        for asked in ["", "from=10", "from=20&to=10", "from=10&to=10", "from=x&to=20", "from&to"] {
            assert_eq!(span(asked), None, "{asked}");
        }
    }
}
