//! The log of requests that write: what was asked, and what became of every row.

use serde::Serialize;

/// What became of one row of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing was done: the request was refused, or lost before it was read.
    Undone,
    /// It was done, and changed something.
    Stored,
    /// It was answered like a stored one, and was there already.
    Repeated,
    /// It was ignored with this code: 1 artist, 2 track, 3 too old, 4 too new, 5 daily limit.
    Ignored(u8),
}

/// One row of a write, as the client sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WriteRow {
    /// The second of a scrobble or listen; `None` for what has none, or where no number stood.
    pub uts: Option<i64>,
    /// The artist; empty where none was sent.
    pub artist: String,
    /// The track; empty where none was sent.
    pub track: String,
    /// The album; empty where none was sent.
    pub album: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// One request that writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Write {
    /// Its number among all requests, from 1.
    pub nth: u64,
    /// When it came, by the world's clock, in Unix milliseconds.
    pub at_ms: i64,
    /// The method in lower case, or what follows `/1/` in a path of ListenBrainz.
    pub method: String,
    /// In whose name, once that was known.
    pub user: Option<String>,
    /// The rows in the order of their numbers.
    pub rows: Vec<WriteRow>,
    /// The HTTP status that was meant; a reset connection shows none of it.
    pub status: u16,
    /// The fault that was done to it, in words.
    pub fault: Option<String>,
}

/// What is known of a write while it goes through the service.
#[derive(Debug, Clone, Default)]
pub(crate) struct Note {
    pub(crate) user: Option<String>,
    pub(crate) rows: Vec<WriteRow>,
}

impl Note {
    /// A note of rows to which nothing was done yet.
    pub(crate) fn of(rows: Vec<WriteRow>) -> Self {
        Self { user: None, rows }
    }

    /// Notes what became of all rows, in their order.
    pub(crate) fn settle(&mut self, outcomes: impl IntoIterator<Item = Outcome>) {
        for (row, outcome) in self.rows.iter_mut().zip(outcomes) {
            row.outcome = outcome;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Note, Outcome, WriteRow};

    #[test]
    fn a_row_is_written_as_json_with_its_outcome() {
        let row =
            |outcome| WriteRow { uts: Some(5), artist: "A".into(), track: "T".into(), album: String::new(), outcome };
        let mut note = Note::of(vec![row(Outcome::Undone), row(Outcome::Undone)]);
        note.settle([Outcome::Ignored(3)]);
        assert_eq!(note.rows, [row(Outcome::Ignored(3)), row(Outcome::Undone)]);
        let expected = r#"{"uts":5,"artist":"A","track":"T","album":"","outcome":{"ignored":3}}"#;
        assert_eq!(serde_json::to_string(&note.rows[0]).unwrap(), expected);
    }
}
