//! `heard export`: everything out again.

use std::io::{self, Write};
use std::path::Path;

use heard_history::export::{ExportError, Format, Profile, export};
use heard_history::home::replace_file;
use heard_history::store::Mbids;

use super::question;
use crate::args::{Export, FormatArg, ProfileArg};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, grouped};

pub(crate) fn run(args: &Export, config: &Config, printer: Printer) -> Result<(), Failure> {
    let asked = question::open(config, printer)?;
    let profile = match args.profile {
        ProfileArg::Heard => Profile::Heard,
        ProfileArg::Spreadsheet => Profile::Spreadsheet,
        ProfileArg::Ghan => Profile::Ghan,
        ProfileArg::Benjaminbenben => Profile::Benjaminbenben,
        ProfileArg::Downloader => Profile::Downloader,
    };
    let format = match args.format {
        FormatArg::Csv => Format::Csv(profile),
        FormatArg::Jsonl => Format::Jsonl,
    };
    let mbids = match format {
        Format::Csv(Profile::Heard | Profile::Spreadsheet | Profile::Benjaminbenben) => Mbids::default(),
        _ => Mbids::read(&config.home.join("heard.db"))?,
    };
    match &args.output {
        Some(path) => {
            let mut count = Ok(0);
            replace_file(path, |file| {
                count = export(&asked.columns, &mbids, format, file);
                Ok(())
            })
            .map_err(|error| Failure::output(path, &error))?;
            let count = count.map_err(|error| failure(error, Some(path)))?;
            printer.say(&format!("{} plays written to {}", grouped(count), path.display()));
            Ok(())
        }
        None => {
            let out = io::BufWriter::new(io::stdout().lock());
            export(&asked.columns, &mbids, format, Closing(out)).map(drop).map_err(|error| failure(error, None))
        }
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
