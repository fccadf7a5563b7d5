//! Histories from files: CSV of several exporters, and JSON.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use csv::StringRecord;
use serde::Deserialize;
use thiserror::Error;

use crate::{account::Account, lore::ArtistLore, play::Play, world::World};

/// Why a file is not a history.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file cannot be opened or read.
    #[error("cannot read {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The text is not CSV.
    #[error("not readable as CSV")]
    Csv(#[from] csv::Error),
    /// The text is not a JSON array of plays.
    #[error("not readable as a JSON array of plays")]
    Json(#[from] serde_json::Error),
    /// A column is missing; the first line must name the columns.
    #[error("the CSV has no column {0}")]
    NoColumn(&'static str),
    /// A row has no whole number of seconds where its time should stand.
    #[error("row {row}: {text:?} is not a time in Unix seconds")]
    Time {
        /// The number of the row after the header, from 1.
        row: usize,
        /// What stands there.
        text: String,
    },
}

/// Adds the plays of the file at `path` to `account` and says how many: JSON if the name ends in `.json`, CSV otherwise.
///
/// # Errors
/// When the file cannot be read, or is not what its name says. Nothing was added then.
pub fn file(path: &Path, account: &mut Account) -> Result<usize, LoadError> {
    let opened = File::open(path).map_err(|source| LoadError::Io { path: path.to_owned(), source })?;
    let reader = BufReader::new(opened);
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        json(reader, account)
    } else {
        csv(reader, account)
    }
}

/// Adds the plays of a CSV. The first line names the columns, which may stand in any order: `artist` and `track`; the
/// time in Unix seconds as `uts`, `timestamp` or `timestamps`, 0 for an undated play; and, if there are any, `album`,
/// `artist_mbid`, `album_mbid`, `track_mbid` and `loved` (`1`). Others do not matter.
///
/// # Errors
/// When the text is not such a CSV. Nothing was added then.
pub fn csv(reader: impl Read, account: &mut Account) -> Result<usize, LoadError> {
    let mut rows = csv::Reader::from_reader(reader);
    let columns = Columns::find(rows.headers()?)?;
    let numbered = rows.records().zip(1..);
    account.try_extend(numbered.map(|(record, row)| columns.play(&record?, row)))
}

/// Tells `world` of artists from the CSV at `path`, and says of how many. The first line names the columns, which may stand
/// in any order: `artist`, `artist_tags` (the most frequent first, divided by semicolons; perhaps none), and, if there
/// are any, `global_listeners` and `global_scrobbles`.
///
/// # Errors
/// When the file cannot be read, or is not such a CSV. What was told before that stays.
pub fn tags(path: &Path, world: &mut World) -> Result<usize, LoadError> {
    let opened = File::open(path).map_err(|source| LoadError::Io { path: path.to_owned(), source })?;
    let mut rows = csv::Reader::from_reader(BufReader::new(opened));
    let headers = rows.headers()?.clone();
    let find = |name: &'static str| headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
    let artist = find("artist").ok_or(LoadError::NoColumn("artist"))?;
    let tags = find("artist_tags").ok_or(LoadError::NoColumn("artist_tags"))?;
    let (listeners, plays) = (find("global_listeners"), find("global_scrobbles"));
    let mut count = 0;
    for record in rows.records() {
        let record = record?;
        let text = |column: usize| record.get(column).unwrap_or_default();
        let number = |column: Option<usize>| column.and_then(|column| text(column).parse().ok()).unwrap_or_default();
        let tags = text(tags).split(';').map(str::trim).filter(|tag| !tag.is_empty()).map(ToOwned::to_owned).collect();
        let name = text(artist).to_owned();
        world.lore.tell(ArtistLore { name, listeners: number(listeners), plays: number(plays), tags });
        count += 1;
    }
    Ok(count)
}

/// Where the columns stand.
struct Columns {
    time: usize,
    artist: usize,
    track: usize,
    album: Option<usize>,
    artist_mbid: Option<usize>,
    album_mbid: Option<usize>,
    track_mbid: Option<usize>,
    loved: Option<usize>,
}

impl Columns {
    fn find(headers: &StringRecord) -> Result<Self, LoadError> {
        let find = |name: &str| {
            headers.iter().position(|header| header.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name))
        };
        let time = ["uts", "timestamp", "timestamps"].into_iter().find_map(find);
        Ok(Self {
            time: time.ok_or(LoadError::NoColumn("uts, timestamp or timestamps"))?,
            artist: find("artist").ok_or(LoadError::NoColumn("artist"))?,
            track: find("track").ok_or(LoadError::NoColumn("track"))?,
            album: find("album"),
            artist_mbid: find("artist_mbid"),
            album_mbid: find("album_mbid"),
            track_mbid: find("track_mbid"),
            loved: find("loved"),
        })
    }

    fn play(&self, record: &StringRecord, row: usize) -> Result<Play, LoadError> {
        let at = |column: usize| record.get(column).unwrap_or_default().to_owned();
        let maybe = |column: Option<usize>| column.map(at).unwrap_or_default();
        let time = at(self.time);
        let uts = time.trim().parse().map_err(|_| LoadError::Time { row, text: time })?;
        Ok(Play {
            uts,
            artist: at(self.artist),
            album: maybe(self.album),
            track: at(self.track),
            artist_mbid: maybe(self.artist_mbid),
            album_mbid: maybe(self.album_mbid),
            track_mbid: maybe(self.track_mbid),
            loved: maybe(self.loved) == "1",
        })
    }
}

#[derive(Deserialize)]
struct JsonPlay {
    artist: String,
    #[serde(default)]
    album: String,
    track: String,
    uts: i64,
    #[serde(default)]
    loved: bool,
}

/// Adds the plays of a JSON array of objects with `artist`, `track`, `uts` (Unix seconds, 0 = undated) and, if they
/// have any, `album` and `loved` (a truth value).
///
/// # Errors
/// When the text is not such an array. Nothing was added then.
pub fn json(reader: impl Read, account: &mut Account) -> Result<usize, LoadError> {
    let plays: Vec<JsonPlay> = serde_json::from_reader(reader)?;
    let count = plays.len();
    account.extend(
        plays
            .into_iter()
            .map(|play| Play { loved: play.loved, ..Play::new(play.uts, play.artist, play.track).on(play.album) }),
    );
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::{csv, json};
    use crate::{account::Account, play::Play};

    fn plays(account: &Account) -> Vec<Play> {
        account.plays().map(|(_, play)| play).collect()
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let expected = vec![Play::new(9, "A, B", "T\"").on("L"), Play::new(0, "C", "U")];
        for text in [
            "artist,artist_mbid,album,album_mbid,track,track_mbid,timestamp,datetime\n\"A, B\",,L,,\"T\"\"\",,9,x\nC,,,,U,,0,\n",
            "uts,track,artist,album\n0,U,C,\n9,\"T\"\"\",\"A, B\",L\n",
            "\u{feff}Artist,Album,Track,Timestamps,datetime\nC,,U,0,1970\n\"A, B\",L,\"T\"\"\",9,1970\n",
        ] {
            let mut account = Account::new("ann");
            assert_eq!(csv(text.as_bytes(), &mut account).unwrap(), 2);
            assert_eq!(plays(&account), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_history_is_refused_whole() {
        for (text, expected) in [
            ("artist,track\nA,T\n", "the CSV has no column uts, timestamp or timestamps"),
            ("uts,track\n1,T\n", "the CSV has no column artist"),
            ("uts,artist,track\n1,A,T\nsoon,A,T\n", "row 2: \"soon\" is not a time in Unix seconds"),
            ("uts,artist,track\n1,A\n", "not readable as CSV"),
        ] {
            let mut account = Account::new("ann");
            assert_eq!(csv(text.as_bytes(), &mut account).unwrap_err().to_string(), expected);
            assert!(account.is_empty());
        }
    }

    #[test]
    fn json_is_an_array_of_plays() {
        let mut account = Account::new("ann");
        let text = r#"[{"artist":"A","track":"T","uts":5,"album":"L","extra":1},{"artist":"B","track":"U","uts":7,"loved":true}]"#;
        assert_eq!(json(text.as_bytes(), &mut account).unwrap(), 2);
        assert_eq!(plays(&account), [Play::new(7, "B", "U").loved(), Play::new(5, "A", "T").on("L")]);
        assert!(json(&b"{}"[..], &mut account).is_err());
    }
}
