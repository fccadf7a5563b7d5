//! `track.updateNowPlaying`: what sounds at this moment. It is filtered like a scrobble, and never one.

use crate::{
    answer::{Answer, Refusal},
    batch,
    methods::Turn,
    play::Play,
    sieve::{Names, ignored_message},
    tree::{self, Member, branch},
    writes::Outcome,
};

/// Answers as the fixture `track.updateNowPlaying/swift_sample.json` shows.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let user = turn.writer()?;
    turn.required("artist")?;
    turn.required("track")?;
    let asked = batch::rows(turn.call).pop().ok_or_else(Refusal::missing_parameter)?;
    let names = Names::of(&asked, &turn.rules.writing);
    let code = names.filtered(&turn.rules.writing);
    let outcome = if code == 0 {
        let playing = Play::new(0, &names.artist.text, &names.track.text).on(&names.album.text);
        turn.world.open(&user).set_now_playing(Some(&playing));
        Outcome::Stored
    } else {
        Outcome::Ignored(code)
    };
    turn.note.settle([outcome]);
    let mut members: Vec<Member> = names.elements().map(Member::One).into();
    members.push(ignored_message(code).into());
    Ok(tree::answer(turn.format, Some(branch("nowplaying", members))))
}
