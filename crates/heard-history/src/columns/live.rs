//! Which reports are plays, and what their further witnesses tell of them.

use rusqlite::Connection;

use crate::facts::{Clock, Resolution};
use crate::reconcile::{NO_MOMENT, Verdict, Witness};
use crate::store::apply::milliseconds;

/// A further witness of a play, by the play's place in the list.
pub(crate) struct FurtherWitness {
    pub(crate) play: usize,
    pub(crate) account: u32,
    pub(crate) ms_played: i32,
}

/// Live plays and their further witnesses, from all reports at hand.
pub(crate) fn live(mut reports: Vec<Witness>, verdicts: &[Verdict]) -> (Vec<Witness>, Vec<FurtherWitness>) {
    if verdicts.is_empty() {
        return (reports, Vec::new());
    }
    let mut is_further = vec![false; reports.len()];
    verdicts.iter().for_each(|verdict| is_further[verdict.witness as usize] = true);
    let mut live = 0;
    let mut places = Vec::with_capacity(reports.len());
    for further in &is_further {
        places.push(live);
        live += usize::from(!further);
    }
    let further = verdicts
        .iter()
        .map(|verdict| {
            let Witness { account, ms_played, .. } = reports[verdict.witness as usize];
            FurtherWitness { play: places[verdict.of as usize], account, ms_played }
        })
        .collect();
    let mut flags = is_further.iter();
    reports.retain(|_| flags.next() == Some(&false));
    (reports, further)
}

/// Live plays, and further witnesses of them.
pub(super) fn read_plays(database: &Connection) -> rusqlite::Result<(Vec<Witness>, Vec<FurtherWitness>)> {
    let count: i64 = database.query_row("SELECT count(*) FROM plays", [], |row| row.get(0))?;
    let mut rows = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
    let mut ids: Vec<i64> = Vec::new();
    let joined: bool =
        database.query_row("SELECT EXISTS (SELECT 1 FROM plays WHERE same_as NOT NULL)", [], |row| row.get(0))?;
    let mut statement = database.prepare(
        "SELECT played_at, coalesce(local_at, 0), listener_id, account_id, artist_id, coalesce(album_id, 0), track_id,
                ms_played, id
           FROM plays WHERE gone_seq IS NULL AND same_as IS NULL AND hidden IS NULL ORDER BY id",
    )?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        rows.push(Witness {
            id: row.get(8)?,
            played_at: row.get(0)?,
            local_at: row.get(1)?,
            ended_at: NO_MOMENT,
            listener: row.get(2)?,
            account: row.get(3)?,
            artist: row.get(4)?,
            album: row.get(5)?,
            track: row.get(6)?,
            uri: 0,
            import: 0,
            ms_played: row.get::<_, Option<i64>>(7)?.map_or(-1, milliseconds),
            clock: Clock::Start,
            resolution: Resolution::Second,
        });
        if joined {
            ids.push(row.get(8)?);
        }
    }
    Ok((rows, if joined { read_further(database, &ids)? } else { Vec::new() }))
}

fn read_further(database: &Connection, ids: &[i64]) -> rusqlite::Result<Vec<FurtherWitness>> {
    let mut further = Vec::new();
    let mut statement = database
        .prepare("SELECT same_as, account_id, ms_played FROM plays WHERE same_as NOT NULL AND gone_seq IS NULL")?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        if let Ok(play) = ids.binary_search(&row.get(0)?) {
            let ms_played = row.get::<_, Option<i64>>(2)?.map_or(-1, milliseconds);
            further.push(FurtherWitness { play, account: row.get(1)?, ms_played });
        }
    }
    Ok(further)
}
