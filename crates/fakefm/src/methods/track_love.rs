//! `track.love` and `track.unlove`: they answer nothing but that they are done (fixture `track.love/doc_ok.xml`).

use crate::{
    answer::{Answer, Refusal},
    methods::Turn,
    tree,
    writes::Outcome,
};

pub(crate) fn love(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let now = turn.world.now();
    set(turn, Some(now))
}

pub(crate) fn unlove(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    set(turn, None)
}

fn set(turn: &mut Turn<'_>, heart: Option<i64>) -> Result<Answer, Refusal> {
    let user = turn.writer()?;
    let (artist, track) = (turn.required("artist")?, turn.required("track")?);
    turn.world.open(&user).set_heart(artist, track, heart);
    turn.note.settle([Outcome::Stored]);
    Ok(tree::answer(turn.format, None))
}
