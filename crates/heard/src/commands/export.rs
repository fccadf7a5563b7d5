//! `heard export`: everything out again.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use heard_history::export::{ExportError, Exported, Format, Profile, export};
use heard_history::home::replace_file;
use heard_history::store::Mbids;
use serde::Serialize;

use super::question;
use crate::args::{Export, FormatArg, ProfileArg};
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, grouped, several};

pub(crate) fn run(args: &Export, config: &Config, printer: Printer) -> Result<(), Failure> {
    let format = format(args);
    if format == Format::Parquet && args.output.is_none() && io::stdout().is_terminal() {
        return Err(Failure::new(Code::Usage, "a Parquet file is no text for a terminal")
            .hint("heard export --format parquet -o plays.parquet"));
    }
    let asked = question::open(config, printer)?;
    let mbids = match format {
        Format::Csv(Profile::Heard | Profile::Spreadsheet | Profile::Benjaminbenben) => {
            Mbids::reported_names(&config.home.join("heard.db"))?
        }
        _ => Mbids::read(&config.home.join("heard.db"))?,
    };
    match &args.output {
        Some(path) => {
            let mut exported = Ok(Exported::default());
            let written = replace_file(path, |file| {
                exported = export(&asked.columns, &mbids, format, file);
                match &exported {
                    Ok(_) => Ok(()),
                    // Told below in its own words; here it keeps the old file in its place.
                    Err(_) => Err(io::Error::other("the export stopped")),
                }
            });
            let exported = exported.map_err(|error| failure(error, Some(path)))?;
            written.map_err(|error| Failure::output(path, &error))?;
            report(exported, path, printer)
        }
        None => {
            let out = io::BufWriter::with_capacity(1 << 16, Closing(io::stdout()));
            let exported = export(&asked.columns, &mbids, format, out).map_err(|error| failure(error, None))?;
            say_differences(exported, printer);
            Ok(())
        }
    }
}

fn format(args: &Export) -> Format {
    match args.format {
        FormatArg::Csv => Format::Csv(match args.profile {
            ProfileArg::Heard => Profile::Heard,
            ProfileArg::Spreadsheet => Profile::Spreadsheet,
            ProfileArg::Ghan => Profile::Ghan,
            ProfileArg::Benjaminbenben => Profile::Benjaminbenben,
            ProfileArg::Downloader => Profile::Downloader,
        }),
        FormatArg::Jsonl => Format::Jsonl,
        FormatArg::Parquet => Format::Parquet,
        FormatArg::Listenbrainz => Format::Listenbrainz,
        FormatArg::ScrobblerLog => Format::ScrobblerLog,
    }
}

#[derive(Serialize)]
struct Report<'a> {
    file: &'a Path,
    plays: u64,
    left_out: u64,
    altered: u64,
}

fn report(exported: Exported, path: &Path, printer: Printer) -> Result<(), Failure> {
    let Exported { plays, left_out, altered } = exported;
    if printer.style == Style::Json {
        return printer.json(&Report { file: path, plays, left_out, altered });
    }
    printer.say(&format!("{} written to {}", several(plays, "play"), path.display()));
    say_differences(exported, printer);
    Ok(())
}

/// Says in what the file differs from the history. Only some formats differ.
fn say_differences(exported: Exported, printer: Printer) {
    if exported.left_out > 0 {
        printer.say(&format!(
            "plays left out, because ListenBrainz would refuse them (undated, before October 2002, or too long): {}",
            grouped(exported.left_out)
        ));
    }
    if exported.altered > 0 {
        printer.say(&format!(
            "plays with a space in their names for a tab, for a line's end, or before a # that would make a comment of \
             the line: {}",
            grouped(exported.altered)
        ));
    }
}

fn failure(error: ExportError, path: Option<&Path>) -> Failure {
    match (error, path) {
        (ExportError::Columns(error), _) => error.into(),
        (ExportError::Output(error), Some(path)) => Failure::output(path, &error),
        (ExportError::Output(error), None) => Failure::standard_output(&error),
    }
}

/// Standard output whose reader may go away: it has then read enough.
struct Closing<W: Write>(W);

impl<W: Write> Write for Closing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
