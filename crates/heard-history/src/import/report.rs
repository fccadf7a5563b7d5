//! What an import came to, file by file.

use std::collections::HashMap;

use crate::normalise::layout::Format;
use crate::store::{Import, Sheet};

/// What became of a file that holds a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken in.
    Imported,
    /// It had been taken in before, and nothing was added.
    Known,
    /// It had been taken in and undone; it holds again.
    Restored,
}

/// One file that holds a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// The file as it was named, with its place inside a zip.
    pub path: String,
    /// Its format.
    pub format: Format,
    /// What became of it.
    pub outcome: Outcome,
    /// The import's number.
    pub import: u64,
    /// Whether the file breaks off before its end.
    pub is_cut_off: bool,
    /// The zone in which times that name none were read.
    pub zone: Option<String>,
    /// What became of its rows.
    pub sheet: Sheet,
}

/// A file that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The file as it was named, or found.
    pub path: String,
    /// Why, as a part of a sentence that begins with the path.
    pub why: String,
    /// Whether the listener named it, or the container in which it is.
    pub is_named: bool,
}

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that hold a history, in the order in which they were found.
    pub files: Vec<FileReport>,
    /// Other files.
    pub ignored: Vec<Ignored>,
}

impl Report {
    /// The sums of all files.
    #[must_use]
    pub fn total(&self) -> Sheet {
        let mut total = Sheet::default();
        self.files.iter().for_each(|file| total.add(&file.sheet));
        total
    }

    /// Gives each file its sheet. What was known before this import, from its first envelope on, is a duplicate now.
    pub(super) fn fill(&mut self, imports: Vec<Import>) {
        let mut sheets: HashMap<u64, Sheet> = imports.into_iter().map(|import| (import.id, import.sheet)).collect();
        for file in &mut self.files {
            file.sheet = match file.outcome {
                Outcome::Imported | Outcome::Restored => sheets.remove(&file.import).unwrap_or_default(),
                Outcome::Known => {
                    let known = sheets.get(&file.import).cloned().unwrap_or_default();
                    Sheet { duplicates: known.plays + known.duplicates, plays: 0, ..known }
                }
            };
        }
    }
}
