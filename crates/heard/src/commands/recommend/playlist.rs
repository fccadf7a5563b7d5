//! Suggested tracks as a playlist's file.

use std::io::BufWriter;
use std::path::Path;

use heard_history::home::replace_file;
use heard_history::recommend::{Entry, PlaylistFormat, Recommendations, Suggestion, write_playlist};
use heard_history::stats::Kind;

use super::words::sentence;
use crate::exit::{Code, Failure, quoted};
use crate::print::{Printer, several};

/// What the playlist is called.
const TITLE: &str = "Recommended by heard";

/// A file to be written.
pub(super) struct Target<'a> {
    path: &'a Path,
    format: PlaylistFormat,
}

impl<'a> Target<'a> {
    /// The file, where its ending is known and tracks are suggested.
    pub(super) fn of(path: &'a Path, kind: Kind) -> Result<Self, Failure> {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let format = match ending.as_deref() {
            Some("jspf") => PlaylistFormat::Jspf,
            Some("m3u" | "m3u8") => PlaylistFormat::M3u,
            Some("csv") => PlaylistFormat::Csv,
            _ => {
                let problem = format!("{} ends neither in .jspf, .m3u, .m3u8 nor .csv", path.display());
                return Err(
                    Failure::new(Code::Usage, problem).hint(format!("-o {}", quoted(&path.with_extension("jspf"))))
                );
            }
        };
        if kind != Kind::Tracks {
            return Err(Failure::new(Code::Usage, format!("a playlist holds tracks, not {}", kind.name()))
                .hint(format!("heard recommend tracks -o {}", quoted(path))));
        }
        Ok(Self { path, format })
    }

    /// Writes the file as a whole or not at all, and says so.
    pub(super) fn write(&self, found: &Recommendations, now: i64, printer: Printer) -> Result<(), Failure> {
        let entries: Vec<Entry> = found.rows.iter().map(entry).collect();
        replace_file(self.path, |file| write_playlist(BufWriter::new(file), self.format, TITLE, &entries, now))
            .map_err(|error| Failure::output(self.path, &error))?;
        printer.say(&format!("{} written to {}", several(entries.len() as u64, "track"), self.path.display()));
        Ok(())
    }
}

fn entry(row: &Suggestion) -> Entry {
    Entry {
        artist: row.name.artist().to_owned(),
        title: row.name.title().unwrap_or_default().to_owned(),
        length_ms: row.length_ms,
        annotation: sentence(row),
    }
}
