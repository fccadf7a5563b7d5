//! What services said of things: a line an answer, the earlier answers to a question before the one that holds.

use std::io::Write;

use serde::Serialize;

use crate::facts::{AboutThing, ListedThing, Said};
use crate::store::things::said;
use crate::store::{Store, StoreError};

const ANSWERS: &str = "
  SELECT kind, name, title, service, method, asked, outcome, replaced_by IS NULL, answers.id
    FROM answers JOIN things ON things.id = thing_id
   ORDER BY kind, name, title, service, method, asked, answers.id";

#[derive(Serialize)]
struct Line {
    thing: String,
    name: String,
    title: String,
    service: String,
    method: String,
    asked: String,
    outcome: String,
    holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<About>,
    tags: Vec<(String, Option<u64>)>,
    listed: Vec<Listed>,
}

#[derive(Serialize)]
struct About {
    names: [Option<String>; 6],
    counts: [Option<u64>; 3],
    summary: Option<String>,
    published_at: Option<i64>,
}

#[derive(Serialize)]
struct Listed {
    thing: &'static str,
    names: [String; 2],
    mbid: Option<String>,
    likeness: Option<f64>,
    counts: [Option<u64>; 3],
    listed_at: Option<i64>,
}

/// Writes all of them.
pub(super) fn dump(store: &Store, to: &mut impl Write) -> Result<(), StoreError> {
    let say = StoreError::sqlite(store.path());
    let mut statement = store.connection().prepare(ANSWERS).map_err(&say)?;
    let mut rows = statement.query([]).map_err(&say)?;
    while let Some(row) = rows.next().map_err(&say)? {
        let read = || -> rusqlite::Result<Line> {
            let Said { about, tags, listed, pages } = said(store.connection(), row.get(8)?)?;
            Ok(Line {
                thing: row.get(0)?,
                name: row.get(1)?,
                title: row.get(2)?,
                service: row.get(3)?,
                method: row.get(4)?,
                asked: row.get(5)?,
                outcome: row.get(6)?,
                holds: row.get(7)?,
                pages,
                about: about.map(About::from),
                tags: tags.into_iter().map(|tag| (tag.tag, tag.weight)).collect(),
                listed: listed.into_iter().map(Listed::from).collect(),
            })
        };
        let line = read().map_err(&say)?;
        store.write_line(to, &line)?;
    }
    Ok(())
}

impl From<AboutThing> for About {
    fn from(about: AboutThing) -> Self {
        let AboutThing { name, title, mbid, listeners, plays, length_ms, album, cover, url, summary, published_at } =
            about;
        let names = [name, title, mbid, album, cover, url];
        Self { names, counts: [listeners, plays, length_ms], summary, published_at }
    }
}

impl From<ListedThing> for Listed {
    fn from(listed: ListedThing) -> Self {
        let ListedThing { thing, mbid, likeness, plays, listeners, length_ms, listed_at } = listed;
        let names = [thing.name, thing.title];
        Self { thing: thing.kind.name(), names, mbid, likeness, counts: [plays, listeners, length_ms], listed_at }
    }
}
