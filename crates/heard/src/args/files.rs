//! What can be typed behind the commands that take files in and write them out.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use heard_history::normalise::layout::Format;

/// Take in export files: of services, players and other programs
///
/// Every file is recognised by what is in it. Folders are searched, zip archives and compressed files are looked into,
/// and what is not a history is named and left alone. Everything is kept as it was in the archive; what was taken in
/// before changes nothing. Rows that are no plays are counted by kind, rows that cannot be read are kept with the
/// reason: rows = plays + duplicates + other + rejects, for every file.
///
/// --zone says where the listener was, for files whose times name no zone (a portable player's log); without it they
/// are taken as UTC.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard import my_spotify_data.zip
  heard import --dry-run ~/Downloads
  heard import --zone Europe/Berlin .scrobbler.log
  heard import --as table --columns artist=2,track=1,time=5 plays.csv
  heard import --json recenttracks-ann-1700000000.csv")]
pub(crate) struct Import {
    /// Files, folders, zip archives
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The files' format, instead of the one that is recognised
    #[arg(long = "as", value_name = "FORMAT", value_parser = format_parser())]
    pub(crate) format: Option<Format>,
    /// Which column of a table holds what, by its name or by its number from 1
    #[arg(long, value_name = "MEANING=COLUMN", value_delimiter = ',', value_parser = column)]
    pub(crate) columns: Vec<(String, String)>,
    /// Only say what the files hold; keep nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What was imported, when, and what came of it
///
/// An import can be undone and done again. Nothing is deleted: its plays leave the history, and come back.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  heard imports
  heard imports --json
  heard imports undo 3")]
pub(crate) struct Imports {
    #[command(subcommand)]
    pub(crate) action: Option<ImportsAction>,
}

/// What is to be done with an import.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportsAction {
    /// Take the plays of an import out of the history; those that another source reports, too, stay
    #[command(after_help = "Example:
  heard imports undo 3 --dry-run")]
    Undo(OneImport),
    /// Put the plays of an undone import into the history again
    #[command(after_help = "Example:
  heard imports redo 3")]
    Redo(OneImport),
}

/// One import.
#[derive(Args, Debug)]
pub(crate) struct OneImport {
    /// The import's number, as heard imports lists it
    #[arg(value_name = "ID")]
    pub(crate) import: u64,
    /// Only say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Rows of imported files that could not be read, with the reason, the file and the line
///
/// They are kept in the archive as they are; a version of heard that can read them will find them there.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard rejects
  heard rejects 3 --json
  heard rejects --other -n 100")]
pub(crate) struct Rejects {
    /// Only those of this import, by its number in heard imports
    #[arg(value_name = "IMPORT")]
    pub(crate) import: Option<u64>,
    /// List the rows that are no plays of music instead: podcasts, videos, skipped tracks and the like
    #[arg(long)]
    pub(crate) other: bool,
    /// How many to list
    #[arg(short = 'n', long = "limit", default_value_t = 20)]
    pub(crate) limit: usize,
}

/// Everything out again, newest first; undated plays last.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard export > plays.csv
  heard export --format parquet -o plays.parquet
  heard export --format listenbrainz -o listens.jsonl
  heard export --format scrobbler-log -o .scrobbler.log")]
pub(crate) struct Export {
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: FormatArg,
    /// The columns of a CSV
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: ProfileArg,
    /// The file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Export formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    /// Comma-separated values, in the columns of --profile
    #[default]
    Csv,
    /// A JSON object a line, with everything that is known
    Jsonl,
    /// The same as columns, for DuckDB, Polars, pandas and their like
    Parquet,
    /// A listen a line, as ListenBrainz takes them; what it would refuse is left out
    Listenbrainz,
    /// A portable player's .scrobbler.log, with times in UTC
    ScrobblerLog,
}

/// Layouts of a CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    /// artist,album,track,timestamps,datetime
    #[default]
    Heard,
    /// The same, safe to open in a spreadsheet: cells that would be formulas begin with an apostrophe
    Spreadsheet,
    /// uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid, all quoted
    Ghan,
    /// artist,album,track,date without a header, minutes
    Benjaminbenben,
    /// artist,artist_mbid,album,album_mbid,track,track_mbid,timestamp,datetime
    Downloader,
}

pub(super) fn format_parser() -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(Format::ALL.map(Format::name));
    names.try_map(|name| Format::parse(&name).ok_or("it is no format"))
}

pub(super) fn column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((meaning, column)) if !meaning.is_empty() && !column.is_empty() => {
            Ok((meaning.to_owned(), column.to_owned()))
        }
        _ => Err("write what the column means, and its name or number, like artist=2".to_owned()),
    }
}

/// A name as a person types it: anything but nothing.
pub(super) fn name() -> NonEmptyStringValueParser {
    NonEmptyStringValueParser::new()
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser, error::ErrorKind};

    use super::*;

    #[derive(Debug, Parser)]
    enum Typed {
        Import(Import),
        Imports(Imports),
        Rejects(Rejects),
    }

    fn typed(words: &str) -> Result<Typed, ErrorKind> {
        Typed::try_parse_from(std::iter::once("heard").chain(words.split(' '))).map_err(|error| error.kind())
    }

    #[test]
    fn imports_are_read_as_typed() {
        Typed::command().debug_assert();
        let typed_import = typed("import a.csv b --as table --columns artist=2,track=Song --columns time=5 --dry-run");
        let Ok(Typed::Import(import)) = typed_import else { panic!("{typed_import:?}") };
        assert_eq!(import.paths, ["a.csv", "b"].map(PathBuf::from));
        assert_eq!(import.format, Some(Format::Table));
        let columns = [("artist", "2"), ("track", "Song"), ("time", "5")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(import.columns, columns);
        assert!(import.dry_run);
        assert_eq!(typed("import").unwrap_err(), ErrorKind::MissingRequiredArgument);
        assert_eq!(typed("import a --as csv").unwrap_err(), ErrorKind::InvalidValue);
        for broken in ["artist", "artist=", "=2", ""] {
            let refused = typed(&format!("import a --columns {broken}"));
            assert_eq!(refused.unwrap_err(), ErrorKind::ValueValidation, "{broken}");
        }
    }

    #[test]
    fn every_format_can_be_named() {
        for format in Format::ALL {
            let typed_import = typed(&format!("import a --as {}", format.name()));
            let Ok(Typed::Import(import)) = typed_import else { panic!("{typed_import:?}") };
            assert_eq!(import.format, Some(format));
        }
    }

    #[test]
    fn an_import_is_undone_and_redone_by_its_number() {
        assert!(matches!(typed("imports"), Ok(Typed::Imports(Imports { action: None }))));
        let Ok(Typed::Imports(Imports { action: Some(ImportsAction::Undo(one)) })) = typed("imports undo 3") else {
            panic!("not undone")
        };
        assert_eq!((one.import, one.dry_run), (3, false));
        let Ok(Typed::Imports(Imports { action: Some(ImportsAction::Redo(one)) })) = typed("imports redo 4 --dry-run")
        else {
            panic!("not redone")
        };
        assert_eq!((one.import, one.dry_run), (4, true));
        assert_eq!(typed("imports undo").unwrap_err(), ErrorKind::MissingRequiredArgument);
        assert_eq!(typed("imports undo three").unwrap_err(), ErrorKind::ValueValidation);
        let Ok(Typed::Rejects(rejects)) = typed("rejects 3 --other") else { panic!("no rejects") };
        assert_eq!((rejects.import, rejects.other, rejects.limit), (Some(3), true, 20));
    }
}
