//! Tables whose columns the listener names: `--columns artist=2,track=1,time=5`, by number from 1 or by the header's
//! name. Columns that are not named keep what the header says.

use super::header::{self, Header, folded};
use super::headerless::tells_moment;
use super::sample::{Line, Sample, width};
use super::{Column, Delimiter, Quoting, Recognised, Table, WithoutMoment};
use crate::listen::Service;
use crate::normalise::moments::{Pattern, Undecided};

/// What can be said of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Column(Column),
    Began,
    Ended,
}

/// The words for it.
const MEANINGS: [(&str, Meaning); 16] = [
    ("artist", Meaning::Column(Column::Artist)),
    ("album", Meaning::Column(Column::Album)),
    ("track", Meaning::Column(Column::Track)),
    ("time", Meaning::Began),
    ("time-day-first", Meaning::Column(Column::Began(Pattern::DayMonthYear))),
    ("time-month-first", Meaning::Column(Column::Began(Pattern::MonthDayYear))),
    ("end", Meaning::Ended),
    ("ms", Meaning::Column(Column::MsPlayed)),
    ("seconds", Meaning::Column(Column::SecondsPlayed)),
    ("album-artist", Meaning::Column(Column::AlbumArtist)),
    ("track-number", Meaning::Column(Column::TrackNumber)),
    ("length", Meaning::Column(Column::Length)),
    ("artist-mbid", Meaning::Column(Column::ArtistMbid)),
    ("release-mbid", Meaning::Column(Column::ReleaseMbid)),
    ("recording-mbid", Meaning::Column(Column::RecordingMbid)),
    ("ignore", Meaning::Column(Column::Ignored)),
];

/// The table as the listener describes it.
pub(super) fn recognise(sample: &Sample<'_>, columns: &[(String, String)]) -> Result<Recognised, String> {
    let wanted = wanted(columns)?;
    let names: Vec<&str> = wanted.iter().map(|(_, place)| *place).filter(|place| number(place).is_none()).collect();
    let mut draft = match header(sample, &names) {
        Some(header) => Draft::below(sample, &header),
        None if names.is_empty() => Draft::without_header(sample, largest(&wanted))?,
        None => return Err(format!("no line of the file has the columns {}", names.join(", "))),
    };
    for (meaning, place) in wanted {
        draft.set(meaning, place)?;
    }
    draft.finish()
}

fn wanted(columns: &[(String, String)]) -> Result<Vec<(Meaning, &str)>, String> {
    let read = |(meaning, place): &'_ (String, String)| {
        MEANINGS.iter().find(|(word, _)| word == meaning).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let known: Vec<&str> = MEANINGS.iter().map(|(word, _)| *word).collect();
            format!("a column cannot be {meaning:?} (in {meaning}={place}); it can be {}", known.join(", "))
        })
    };
    columns.iter().map(|column| read(column).map(|meaning| (meaning, column.1.trim()))).collect()
}

fn number(place: &str) -> Option<usize> {
    place.parse().ok()
}

fn largest(wanted: &[(Meaning, &str)]) -> usize {
    wanted.iter().filter_map(|(_, place)| number(place)).max().unwrap_or_default()
}

/// The line that has all these names; without names, the one that is a header by its words.
fn header(sample: &Sample<'_>, names: &[&str]) -> Option<Header> {
    if names.is_empty() { header::find(sample) } else { header::find_named(sample, names) }
}

/// The table while its columns are being named.
struct Draft {
    delimiter: Delimiter,
    quoting: Quoting,
    skip_lines: u32,
    names: Vec<String>,
    columns: Vec<Column>,
    records: Vec<Line>,
}

impl Draft {
    fn below(sample: &Sample<'_>, header: &Header) -> Self {
        let (quoting, records) = header::below(sample, header);
        let (columns, _) = header.columns(&records);
        Self {
            delimiter: header.delimiter,
            quoting,
            skip_lines: header.lines,
            names: header.cells.iter().map(|cell| cell.text.clone()).collect(),
            columns,
            records,
        }
    }

    /// A table with at least so many columns. Its first line is none of its records if only the others tell moments.
    fn without_header(sample: &Sample<'_>, columns: usize) -> Result<Self, String> {
        let wide = |delimiter: &Delimiter| {
            width(sample.divided(*delimiter)).is_some_and(|(width, _)| width >= columns && width > 1)
        };
        let delimiter = Delimiter::ALL.into_iter().filter(wide).max_by_key(|delimiter| {
            let (width, steady) = width(sample.divided(*delimiter)).unwrap_or_default();
            (steady, width)
        });
        let delimiter = delimiter.ok_or_else(|| format!("the file has no column {columns}"))?;
        let quoting = sample.quoting(delimiter);
        let mut records = sample.divide(delimiter, quoting);
        let (width, _) = width(&records).unwrap_or_default();
        let timed = |line: &Line| line.cells.iter().any(|cell| tells_moment(&cell.text));
        let header = records.first().is_some_and(|first| !timed(first)) && records.get(1).is_some_and(timed);
        let first = header.then(|| records.remove(0));
        Ok(Self {
            delimiter,
            quoting,
            skip_lines: first.as_ref().map_or(0, |line| line.lines),
            names: first.iter().flat_map(|line| &line.cells).map(|cell| cell.text.clone()).collect(),
            columns: vec![Column::Ignored; width],
            records,
        })
    }

    /// Gives a column its meaning; whatever had that meaning before has none.
    fn set(&mut self, meaning: Meaning, place: &str) -> Result<(), String> {
        let by_name = || self.names.iter().position(|name| folded(name) == folded(place));
        let at = number(place).map_or_else(by_name, |number| number.checked_sub(1));
        let at = at.filter(|at| *at < self.columns.len()).ok_or_else(|| format!("the file has no column {place}"))?;
        let column = match meaning {
            Meaning::Column(column) => column,
            Meaning::Began => Column::Began(self.pattern(at, place)?),
            Meaning::Ended => Column::Ended(self.pattern(at, place)?),
        };
        let is_began = |column: &Column| matches!(column, Column::Began(_));
        let is_ended = |column: &Column| matches!(column, Column::Ended(_));
        for (other, before) in self.columns.iter_mut().enumerate() {
            let same =
                *before == column || (is_began(before) && is_began(&column)) || (is_ended(before) && is_ended(&column));
            if other == at {
                *before = column;
            } else if same {
                *before = Column::Ignored;
            }
        }
        Ok(())
    }

    fn pattern(&self, at: usize, place: &str) -> Result<Pattern, String> {
        let told = || self.records.iter().map(|line| line.told(at)).filter(|told| *told != "NA");
        match Pattern::decide(told()) {
            Ok(pattern) => Ok(pattern),
            Err(Undecided::Empty) => Err(format!("column {place} is empty, so it tells no moments")),
            Err(Undecided::DayOrMonth) => Err(format!(
                "column {place} may tell the day first or the month first: say time-day-first={place} or \
                 time-month-first={place}"
            )),
            Err(Undecided::NoMoments) => {
                let example: String =
                    told().find(|told| !told.is_empty()).unwrap_or_default().chars().take(40).collect();
                Err(format!("column {place} tells no moment that can be read, such as {example:?}"))
            }
        }
    }

    fn finish(self) -> Result<Recognised, String> {
        let has = |column: Column| self.columns.contains(&column);
        let moments = self.columns.iter().any(|column| matches!(column, Column::Began(_) | Column::Ended(_)));
        let needed = [("artist", has(Column::Artist)), ("track", has(Column::Track)), ("time", moments)];
        if let Some((lacking, _)) = needed.into_iter().find(|(_, there)| !there) {
            return Err(format!("which column is the {lacking}? Say --columns {lacking}=NAME or its number, from 1"));
        }
        let table = Table {
            delimiter: self.delimiter,
            quoting: self.quoting,
            columns: self.columns,
            without_moment: WithoutMoment::Missing,
            apostrophes: false,
            na: false,
        };
        Ok(Recognised { table, skip_lines: self.skip_lines, service: Service::File, account: None })
    }
}
