//! `album.getInfo`: an album with its tracks, tags and cover.

use crate::{
    answer::{Answer, Refusal},
    methods::{
        Turn,
        things::{by, ranked, text},
    },
    tree::{self, Element, branch, leaf, number},
    web,
};

/// Seconds that every made-up track lasts.
pub(super) const SECONDS: u64 = 181;

/// Answers as the fixture `album.getInfo/swift_noUsername.json` shows. An album that nobody played is error 6
/// (`album.getInfo/docs_an_artist_album_that_doesnt_exist.json`).
pub(crate) fn get_info(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let artist = turn.artist()?;
    let title = turn.required("album")?.to_lowercase();
    let tally = turn.world.tally();
    let album = tally.artist(&artist).and_then(|it| it.albums.get(&title));
    let album = album.ok_or_else(|| Refusal::new(6, 200, "Album not found"))?;
    let track = |(nth, title): (usize, &String)| -> Element {
        let members = vec![leaf("name", title).into(), number("duration", SECONDS).into(), by(&artist, "")];
        ranked(branch("track", members), nth)
    };
    let tracks = album.beside.iter().enumerate().map(track).collect();
    let tags = turn.tags_of(&artist);
    let tags = turn.tag_rows(&tags, false);
    let address = format!("https://www.last.fm/music/{}/{}", web::segment(&artist), web::segment(&album.name));
    let members = vec![
        leaf("name", &album.name).into(),
        leaf("artist", &artist).into(),
        leaf("mbid", &album.mbid).into(),
        leaf("url", address).into(),
        turn.cover(&web::cover(&artist, &album.name)),
        leaf("listeners", album.listeners.to_string()).into(),
        leaf("playcount", album.plays.to_string()).into(),
        branch("tracks", vec![turn.rows("track", tracks)]).into(),
        branch("tags", vec![turn.rows("tag", tags)]).into(),
        text("wiki", &album.name),
    ];
    Ok(tree::answer(turn.format, Some(branch("album", members))))
}
