//! `track.getInfo`: what is known of a track, and, with `username`, how it stands with that listener.

use crate::{
    account::Account,
    answer::{Answer, Refusal},
    methods::Turn,
    tree::{self, Member, branch, leaf},
    web,
};

/// Answers as the fixture `track.getInfo/docs_a_track_artist_that_doesnt_exist.json` shows; a track that no account
/// holds or loves is error 6 with HTTP 200.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let (artist, track) = (turn.required("artist")?, turn.required("track")?);
    let counts: Vec<_> = turn.world.accounts().iter().map(|account| plays(account, artist, track)).collect();
    let listeners = counts.iter().filter(|count| **count > 0).count();
    let is_loved = |account: &Account| account.loved().iter().any(|(_, a, t)| a == artist && t == track);
    if listeners == 0 && !turn.world.accounts().iter().any(is_loved) {
        return Err(Refusal::new(6, 200, "Track not found"));
    }
    let page = format!("https://www.last.fm/music/{}", web::segment(artist));
    let mut members: Vec<Member> = vec![
        leaf("name", track).into(),
        leaf("url", format!("{page}/_/{}", web::segment(track))).into(),
        leaf("duration", "0").into(),
        leaf("streamable", "0").with("fulltrack", "0").into(),
        leaf("listeners", listeners.to_string()).into(),
        leaf("playcount", counts.iter().sum::<usize>().to_string()).into(),
        branch("artist", vec![leaf("name", artist).into(), leaf("url", page).into()]).into(),
    ];
    if let Some(user) = turn.call.get("username") {
        let account = turn.world.account(user).ok_or_else(Refusal::unknown_user)?;
        let loved = if is_loved(account) { "1" } else { "0" };
        members.push(leaf("userplaycount", plays(account, artist, track).to_string()).into());
        members.push(leaf("userloved", loved).into());
    }
    members.push(branch("toptags", vec![Member::Many("tag", Vec::new())]).into());
    Ok(tree::answer(turn.format, Some(branch("track", members))))
}

fn plays(account: &Account, artist: &str, track: &str) -> usize {
    account.listings().filter(|listing| listing.artist == artist && listing.track == track).count()
}
