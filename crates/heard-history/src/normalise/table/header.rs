//! Tables whose first line, or first line behind a preamble, names its columns.

use super::headerless::tells_moment;
use super::sample::{Cell, Line, Sample};
use super::{Column, Delimiter, Quoting, Recognised, Table, WithoutMoment};
use crate::listen::Service;
use crate::normalise::moments::{Pattern, Undecided};

/// A header stands on one of this many records; behind it a preamble ends for certain.
const FARTHEST: usize = 100;

/// What a header's word can mean before the values below it are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A column of this meaning.
    Column(Column),
    /// A column of moments, when a play began.
    Began,
    /// A column of moments, when a play ended.
    Ended,
}

/// The words of headers, without case, spaces and signs between them. Where a table has several words of one meaning,
/// the one that stands earlier here counts; of moments all do.
const WORDS: [(&str, Word); 75] = [
    ("artist", Word::Column(Column::Artist)),
    ("artistname", Word::Column(Column::Artist)),
    ("artists", Word::Column(Column::Artist)),
    ("artistnames", Word::Column(Column::Artist)),
    ("trackartist", Word::Column(Column::Artist)),
    ("songartist", Word::Column(Column::Artist)),
    ("track", Word::Column(Column::Track)),
    ("trackname", Word::Column(Column::Track)),
    ("tracktitle", Word::Column(Column::Track)),
    ("song", Word::Column(Column::Track)),
    ("songname", Word::Column(Column::Track)),
    ("songtitle", Word::Column(Column::Track)),
    ("title", Word::Column(Column::Track)),
    ("name", Word::Column(Column::Track)),
    ("recordingname", Word::Column(Column::Track)),
    ("album", Word::Column(Column::Album)),
    ("albumname", Word::Column(Column::Album)),
    ("albumtitle", Word::Column(Column::Album)),
    ("release", Word::Column(Column::Album)),
    ("releasename", Word::Column(Column::Album)),
    ("releasetitle", Word::Column(Column::Album)),
    ("artistmbid", Word::Column(Column::ArtistMbid)),
    ("albummbid", Word::Column(Column::ReleaseMbid)),
    ("releasembid", Word::Column(Column::ReleaseMbid)),
    ("trackmbid", Word::Column(Column::RecordingMbid)),
    ("songmbid", Word::Column(Column::RecordingMbid)),
    ("recordingmbid", Word::Column(Column::RecordingMbid)),
    ("msplayed", Word::Column(Column::MsPlayed)),
    ("playedms", Word::Column(Column::MsPlayed)),
    ("millisecondsplayed", Word::Column(Column::MsPlayed)),
    ("secondsplayed", Word::Column(Column::SecondsPlayed)),
    ("secsplayed", Word::Column(Column::SecondsPlayed)),
    ("albumartist", Word::Column(Column::AlbumArtist)),
    ("albumartistname", Word::Column(Column::AlbumArtist)),
    ("tracknumber", Word::Column(Column::TrackNumber)),
    ("trackno", Word::Column(Column::TrackNumber)),
    ("tracknr", Word::Column(Column::TrackNumber)),
    ("duration", Word::Column(Column::Length)),
    ("trackduration", Word::Column(Column::Length)),
    ("length", Word::Column(Column::Length)),
    ("tracklength", Word::Column(Column::Length)),
    ("durationseconds", Word::Column(Column::Length)),
    ("durationms", Word::Column(Column::LengthMs)),
    ("lengthms", Word::Column(Column::LengthMs)),
    ("trackdurationms", Word::Column(Column::LengthMs)),
    ("uts", Word::Began),
    ("timestamp", Word::Began),
    ("timestamps", Word::Began),
    ("unixtime", Word::Began),
    ("unixtimestamp", Word::Began),
    ("epoch", Word::Began),
    ("timems", Word::Began),
    ("timestampms", Word::Began),
    ("time", Word::Began),
    ("times", Word::Began),
    ("playedat", Word::Began),
    ("listenedat", Word::Began),
    ("scrobbledat", Word::Began),
    ("scrobbletime", Word::Began),
    ("playedon", Word::Began),
    ("playedtime", Word::Began),
    ("dateplayed", Word::Began),
    ("timeplayed", Word::Began),
    ("startedat", Word::Began),
    ("starttime", Word::Began),
    ("datetime", Word::Began),
    ("dateandtime", Word::Began),
    ("date", Word::Began),
    ("utcdate", Word::Began),
    ("dateutc", Word::Began),
    ("utctime", Word::Began),
    ("timeutc", Word::Began),
    ("when", Word::Began),
    ("endedat", Word::Ended),
    ("endtime", Word::Ended),
];

/// A header's cell without case, white space and signs between words, so that `Song Title`, `song_title` and
/// `songTitle` are one.
pub(in crate::normalise) fn folded(cell: &str) -> String {
    cell.chars().filter(|sign| sign.is_alphanumeric() || *sign == '#').flat_map(char::to_lowercase).collect()
}

/// The cells of a line, folded. lastfmstats.com puts the account behind the date's name.
fn words(line: &Line) -> Vec<String> {
    let folded = |cell: &Cell| folded(&cell.text);
    let words = line.cells.iter().map(folded);
    words.map(|word| word.split_once('#').map_or_else(|| word.clone(), |(word, _)| word.to_owned())).collect()
}

/// A table's header: the line, and what its words mean.
pub(super) struct Header {
    /// The delimiter that divides it so.
    pub(super) delimiter: Delimiter,
    /// Lines of the file up to and with it.
    pub(super) lines: u32,
    /// Its cells.
    pub(super) cells: Vec<Cell>,
    /// The same, folded.
    words: Vec<String>,
    meanings: Vec<Option<Word>>,
}

impl Header {
    fn read(delimiter: Delimiter, line: &Line) -> Self {
        let words = words(line);
        let mut meanings: Vec<Option<Word>> = vec![None; words.len()];
        for (word, meaning) in WORDS {
            let moment = matches!(meaning, Word::Began | Word::Ended);
            if let Some(column) = words.iter().position(|other| other == word)
                && (moment || !meanings.contains(&Some(meaning)))
                && let Some(place) = meanings.get_mut(column)
            {
                *place = Some(meaning);
            }
        }
        let mut header = Self { delimiter, lines: line.lines, cells: line.cells.clone(), words, meanings };
        header.add_what_services_mean();
        header
    }

    /// Words that mean something only beside certain others.
    fn add_what_services_mean(&mut self) {
        if self.has(&["songtitle", "isrc", "listeningtime"]) {
            self.set("listeningtime", Column::SecondsPlayed);
        }
        if self.has(&["timems", "event"]) {
            self.set("event", Column::Event);
        }
    }

    fn set(&mut self, word: &str, column: Column) {
        let at = self.words.iter().position(|other| other == word);
        if let Some(place) = at.and_then(|at| self.meanings.get_mut(at)) {
            *place = Some(Word::Column(column));
        }
    }

    /// Whether all these words are in it.
    fn has(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.words.iter().any(|other| other == word))
    }

    fn means(&self, column: Column) -> bool {
        self.meanings.contains(&Some(Word::Column(column)))
    }

    fn names_a_play(&self) -> bool {
        self.means(Column::Artist) && self.means(Column::Track)
    }

    /// What its columns mean, given the values below it; the second is the first column of moments that cannot be read.
    pub(super) fn columns(&self, below: &[Line]) -> (Vec<Column>, Option<(usize, Undecided)>) {
        let mut unread = None;
        let mut column = |(at, meaning): (usize, &Option<Word>)| match meaning {
            Some(Word::Column(column)) => *column,
            Some(Word::Began | Word::Ended) => match self.pattern(at, below) {
                Ok(pattern) if *meaning == Some(Word::Ended) => Column::Ended(pattern),
                Ok(pattern) => Column::Began(pattern),
                Err(undecided) => {
                    unread.get_or_insert((at, undecided));
                    Column::Ignored
                }
            },
            None => Column::Ignored,
        };
        let columns = self.meanings.iter().enumerate().map(&mut column).collect();
        (columns, unread)
    }

    /// How a column writes moments. One without any value is written as its name says, should there be values later.
    fn pattern(&self, at: usize, below: &[Line]) -> Result<Pattern, Undecided> {
        match Pattern::decide(below.iter().map(|line| line.told(at)).filter(|told| *told != "NA")) {
            Err(Undecided::Empty) => Ok(match self.words.get(at).map(String::as_str) {
                Some("uts" | "timestamp" | "timestamps" | "unixtime" | "unixtimestamp" | "epoch") => Pattern::Seconds,
                Some("timems" | "timestampms") => Pattern::Milliseconds,
                Some("utctime") => Pattern::MonthName,
                _ => Pattern::YearMonthDay,
            }),
            decided => decided,
        }
    }

    fn is_listed(&self, words: &[&str]) -> bool {
        self.words.len() == words.len() && self.has(words)
    }

    /// Who wrote a table with this header.
    fn service(&self, columns: &[Column]) -> Service {
        let libre = ["userid", "artist", "track", "album", "time"];
        if self.is_listed(&["artist", "album", "track", "timestamps", "datetime"])
            || self.has(&["listener", "playedat", "artist", "track", "sources"])
        {
            Service::Heard
        } else if self.has(&["timems", "event"]) {
            Service::Panoscrobbler
        } else if self.has(&["isrc", "listeningtime"]) {
            Service::Deezer
        } else if self.has(&["time"]) && self.words.iter().all(|word| libre.contains(&word.as_str())) {
            Service::Librefm
        } else if self.is_of_lastfm(columns) {
            Service::Lastfm
        } else {
            Service::File
        }
    }

    /// Whether it bears Last.fm's own word for a moment, the columns of a known exporter, or moments as only Last.fm
    /// writes them.
    fn is_of_lastfm(&self, columns: &[Column]) -> bool {
        let downloader = ["artist", "artistmbid", "album", "albummbid", "track", "trackmbid", "timestamp", "datetime"];
        self.has(&["uts"])
            || self.is_listed(&downloader)
            || self.is_listed(&["artist", "album", "albumid", "track", "date"])
            || columns.contains(&Column::Began(Pattern::MonthName))
    }
}

/// The first line that names artists and tracks, whatever the delimiter.
pub(super) fn find(sample: &Sample<'_>) -> Option<Header> {
    find_with(sample, Header::names_a_play)
}

/// The first line that has columns of all these names, whatever else it names.
pub(super) fn find_named(sample: &Sample<'_>, names: &[&str]) -> Option<Header> {
    let names: Vec<String> = names.iter().map(|name| folded(name)).collect();
    let has = |header: &Header, name: &String| header.cells.iter().any(|cell| folded(&cell.text) == *name);
    find_with(sample, |header| names.iter().all(|name| has(header, name)))
}

fn find_with(sample: &Sample<'_>, fits: impl Fn(&Header) -> bool) -> Option<Header> {
    let in_one = |delimiter| {
        let lines = sample.divided(delimiter).iter().take(FARTHEST);
        // A line that tells a moment is no header, whatever else is on it: names may be any word.
        let headers = lines.filter(|line| !line.cells.iter().any(|cell| tells_moment(&cell.text)));
        headers.map(|line| Header::read(delimiter, line)).find(|header| fits(header))
    };
    Delimiter::ALL.into_iter().filter_map(in_one).min_by_key(|header| header.lines)
}

/// A table whose header names artists and tracks; or a refusal of one that has a header and no plays.
pub(super) fn recognise(sample: &Sample<'_>) -> Option<Result<Recognised, String>> {
    let Some(header) = find(sample) else {
        return refuse_other_lists(sample).map(Err);
    };
    let (quoting, below) = below(sample, &header);
    let (columns, unread) = header.columns(&below);
    if columns.iter().any(|column| matches!(column, Column::Began(_) | Column::Ended(_))) {
        return Some(Ok(recognised(sample, &header, quoting, columns, &below)));
    }
    Some(Err(no_moment(&header, &below, unread)))
}

/// What quotes mean in a table with that header, and its records.
pub(super) fn below(sample: &Sample<'_>, header: &Header) -> (Quoting, Vec<Line>) {
    let quoting = sample.quoting(header.delimiter);
    let mut lines = sample.divide(header.delimiter, quoting);
    let below = lines.split_off(lines.partition_point(|line| line.lines <= header.lines));
    (quoting, below)
}

/// What is known of a table once its columns are.
fn recognised(
    sample: &Sample<'_>,
    header: &Header,
    quoting: Quoting,
    columns: Vec<Column>,
    below: &[Line],
) -> Recognised {
    let service = header.service(&columns);
    let table = Table {
        delimiter: header.delimiter,
        quoting,
        without_moment: without_moment(service),
        // The header of both of heard's own CSV exports is the same; the one for spreadsheets has their line ends.
        apostrophes: service == Service::Heard && sample.ends_with_return(header.lines),
        na: is_of_r(header, below, &columns),
        columns,
    };
    Recognised { table, skip_lines: header.lines, service, account: account(header) }
}

/// What a row without a moment is, by who wrote it.
pub(super) fn without_moment(service: Service) -> WithoutMoment {
    match service {
        Service::Lastfm => WithoutMoment::NowPlaying,
        Service::Heard => WithoutMoment::Undated,
        _ => WithoutMoment::Missing,
    }
}

/// The account that lastfmstats.com writes behind the date's name.
fn account(header: &Header) -> Option<String> {
    let date = header.cells.iter().filter_map(|cell| cell.text.trim().split_once('#'));
    date.filter(|(word, user)| folded(word) == "date" && !user.is_empty()).map(|(_, user)| user.to_lowercase()).next()
}

/// Whether an unquoted `NA` means nothing: R puts text in quotes and nothing without them. It is told by R's column of
/// row numbers, by an `NA` where no name can be, or by one among names that are all in quotes.
fn is_of_r(header: &Header, below: &[Line], columns: &[Column]) -> bool {
    let numbered = header.cells.first().is_some_and(|cell| cell.quoted && cell.text.is_empty());
    let is_name = |at: usize| matches!(columns.get(at), Some(Column::Artist | Column::Album | Column::Track));
    let (mut na, mut na_elsewhere, mut unquoted) = (false, false, false);
    for (at, cell) in below.iter().flat_map(|line| line.cells.iter().enumerate()) {
        let is_na = !cell.quoted && cell.text == "NA";
        na |= is_na && is_name(at);
        na_elsewhere |= is_na && columns.get(at).is_some_and(|column| !is_name(at) && *column != Column::Ignored);
        unquoted |= is_name(at) && !cell.quoted && !is_na && !cell.text.is_empty();
    }
    numbered || na_elsewhere || (na && !unquoted)
}

fn no_moment(header: &Header, below: &[Line], unread: Option<(usize, Undecided)>) -> String {
    let Some((at, undecided)) = unread else {
        let names = header.cells.iter().map(|cell| cell.text.trim());
        let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        return format!(
            "no column tells when something was played (there are {}); if one does, name it: --columns time=NAME",
            names.join(", ")
        );
    };
    let name = header.cells.get(at).map_or("", |cell| cell.text.trim());
    if undecided == Undecided::DayOrMonth {
        return format!(
            "the column {name} may tell the day first or the month first: say --columns time-day-first={} or \
             --columns time-month-first={}",
            at + 1,
            at + 1
        );
    }
    let told = below.iter().map(|line| line.told(at)).find(|told| !told.is_empty()).unwrap_or_default();
    let told: String = told.chars().take(40).collect();
    format!("the column {name} tells no moment that can be read, such as {told:?}: a date and a time of day are needed")
}

/// A sentence for tables that have a header and are no plays: charts, lists of artists, sums.
fn refuse_other_lists(sample: &Sample<'_>) -> Option<String> {
    let named = |header: &Header| header.means(Column::Artist) || header.means(Column::Track);
    let header =
        find_with(sample, |header| header.words.len() > 1 && named(header)).filter(|header| header.lines == 1)?;
    let below = sample.divided(header.delimiter).get(1..).unwrap_or_default();
    let (columns, _) = header.columns(below);
    let lacks = if header.means(Column::Artist) { "tracks" } else { "artists" };
    let moments = columns.iter().any(|column| matches!(column, Column::Began(_) | Column::Ended(_)));
    let also = if moments { "" } else { " and none tells when something was played" };
    Some(format!(
        "no column names the {lacks}{also}: this is a list, but none of plays; if it is one, say which columns are \
         which: --columns artist=NAME,track=NAME,time=NAME"
    ))
}
