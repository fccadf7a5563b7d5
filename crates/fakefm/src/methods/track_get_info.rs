//! `track.getInfo`: what is known of a track, and, with `username`, how it stands with that listener.

use crate::{
    account::Account,
    answer::{Answer, Refusal},
    methods::{Turn, album::SECONDS, things::images},
    tree::{self, Member, branch, leaf},
    web,
};

/// Answers as the fixture `track.getInfo/docs_with_user_parameter.json` shows; a track that no account
/// holds or loves is error 6 with HTTP 200.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let (artist, title) = (turn.artist()?, turn.required("track")?);
    let tally = turn.world.tally();
    let tallied = tally.artist(&artist).and_then(|it| it.tracks.get(&title.to_lowercase())).cloned();
    let is_loved = |account: &Account| account.loved().iter().any(|(_, a, t)| *a == artist && t == title);
    if tallied.is_none() && !turn.world.accounts().iter().any(is_loved) {
        return Err(Refusal::new(6, 200, "Track not found"));
    }
    let track = tallied.unwrap_or_default();
    let page = format!("https://www.last.fm/music/{}", web::segment(&artist));
    let duration = if track.beside.is_empty() { 0 } else { SECONDS * 1_000 };
    let mut members: Vec<Member> = vec![
        leaf("name", title).into(),
        leaf("url", format!("{page}/_/{}", web::segment(title))).into(),
        leaf("duration", duration.to_string()).into(),
        leaf("streamable", "0").with("fulltrack", "0").into(),
        leaf("listeners", track.listeners.to_string()).into(),
        leaf("playcount", track.plays.to_string()).into(),
        branch("artist", vec![leaf("name", &artist).into(), leaf("url", page).into()]).into(),
    ];
    if let Some(album) = track.beside.first() {
        let named =
            vec![leaf("artist", &artist).into(), leaf("title", album).into(), images(&web::cover(&artist, album))];
        members.push(branch("album", named).into());
    }
    if let Some(user) = turn.call.get("username") {
        let account = turn.world.account(user).ok_or_else(Refusal::unknown_user)?;
        let loved = if is_loved(account) { "1" } else { "0" };
        members.push(leaf("userplaycount", plays(account, &artist, title).to_string()).into());
        members.push(leaf("userloved", loved).into());
    }
    let tags = turn.tags_of(&artist);
    let tags = turn.tag_rows(&tags, false);
    members.push(branch("toptags", vec![turn.rows("tag", tags)]).into());
    Ok(tree::answer(turn.format, Some(branch("track", members))))
}

fn plays(account: &Account, artist: &str, track: &str) -> usize {
    account.listings().filter(|listing| listing.artist == artist && listing.track == track).count()
}
