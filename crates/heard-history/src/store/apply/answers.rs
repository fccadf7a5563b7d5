//! What services say of things: an answer takes the place of the one before it only where it says something else.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Applier, Item};
use crate::facts::{Knowledge, ListedThing, Said, Thing, ThingAnswer, WeightedTag};
use crate::store::things::{number, said};

impl Applier {
    pub(super) fn keep_answer(
        &mut self,
        database: &Connection,
        item: &Item,
        answer: &ThingAnswer,
    ) -> rusqlite::Result<()> {
        let counts = &mut self.applied.answers;
        match answer.outcome {
            Knowledge::Known => counts.known += 1,
            Knowledge::Unknown => counts.unknown += 1,
            Knowledge::Contradiction => counts.contradictions += 1,
        }
        let thing = thing_id(database, &answer.thing)?;
        let key = params![thing, item.account.service.name(), answer.method, answer.asked];
        let holding: Option<(i64, String)> = database
            .prepare_cached(
                "SELECT id, outcome FROM answers
                  WHERE thing_id = ?1 AND service = ?2 AND method = ?3 AND asked = ?4 AND replaced_by IS NULL",
            )?
            .query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((id, outcome)) = &holding
            && *outcome == answer.outcome.name()
            && said(database, *id)? == answer.said
        {
            counts.unchanged += 1;
            database
                .prepare_cached("UPDATE answers SET told_at = max(told_at, ?2) WHERE id = ?1")?
                .execute(params![id, item.received_at])?;
            return Ok(());
        }
        self.enriched = true;
        insert(database, item, thing, answer)?;
        replace(database, holding.map(|(id, _)| id), item.seq.cast_signed())
    }
}

fn thing_id(database: &Connection, thing: &Thing) -> rusqlite::Result<i64> {
    let key = params![thing.kind.name(), thing.name, thing.title];
    let known = database
        .prepare_cached("SELECT id FROM things WHERE kind = ?1 AND name = ?2 AND title = ?3")?
        .query_row(key, |row| row.get(0))
        .optional()?;
    match known {
        Some(id) => Ok(id),
        None => database.prepare_cached("INSERT INTO things (kind, name, title) VALUES (?1, ?2, ?3)")?.insert(key),
    }
}

/// An answer that is about to hold points to itself until the one before it has gone: of one question only one holds.
fn insert(database: &Connection, item: &Item, thing: i64, answer: &ThingAnswer) -> rusqlite::Result<()> {
    let id = item.seq.cast_signed();
    database.prepare_cached("INSERT INTO answers VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?1, ?8)")?.execute(params![
        id,
        thing,
        item.account.service.name(),
        answer.method,
        answer.asked,
        item.received_at,
        answer.outcome.name(),
        number(answer.said.pages),
    ])?;
    insert_said(database, id, &answer.said)
}

fn insert_said(database: &Connection, id: i64, said: &Said) -> rusqlite::Result<()> {
    if let Some(about) = &said.about {
        database
            .prepare_cached("INSERT INTO about VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")?
            .execute(params![
                id,
                about.name,
                about.title,
                about.mbid,
                number(about.listeners),
                number(about.plays),
                number(about.length_ms),
                about.album,
                about.cover,
                about.url,
                about.summary,
                about.published_at,
            ])?;
    }
    let mut insert = database.prepare_cached("INSERT INTO tags VALUES (?1, ?2, ?3, ?4)")?;
    for (position, WeightedTag { tag, weight }) in (0_i64..).zip(&said.tags) {
        insert.execute(params![id, position, tag, number(*weight)])?;
    }
    let mut insert =
        database.prepare_cached("INSERT INTO listed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
    for (position, listed) in (0_i64..).zip(&said.listed) {
        let ListedThing { thing, mbid, likeness, plays, listeners, length_ms, listed_at } = listed;
        insert.execute(params![
            id,
            position,
            thing.kind.name(),
            thing.name,
            thing.title,
            mbid,
            likeness,
            number(*plays),
            number(*listeners),
            number(*length_ms),
            listed_at,
        ])?;
    }
    Ok(())
}

fn replace(database: &Connection, former: Option<i64>, id: i64) -> rusqlite::Result<()> {
    if let Some(former) = former {
        database.prepare_cached("UPDATE answers SET replaced_by = ?2 WHERE id = ?1")?.execute([former, id])?;
    }
    database.prepare_cached("UPDATE answers SET replaced_by = NULL WHERE id = ?1")?.execute([id])?;
    Ok(())
}
