//! The package `artist`, as far as it is read.

use crate::{
    answer::{Answer, Refusal},
    methods::{
        Turn,
        things::{by, images, no_artist, ranked, text},
    },
    tally::Tallied,
    tree::{self, Element, Member, branch, leaf},
    web,
};

/// Artists that are listed as similar ones.
const SIMILAR: usize = 20;

/// Answers as the fixture `artist.getTopTags/inflatable_Multiple.json` shows; with none, one and text for a number as
/// its neighbours.
pub(crate) fn get_top_tags(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let artist = known(turn)?;
    let rows = turn.tag_rows(&turn.tags_of(&artist), true);
    Ok(turn.list("toptags", "tag", rows, &[("artist", &artist)]))
}

/// Answers as the fixture `artist.getInfo/docs_without_user_parameter.json` shows.
pub(crate) fn get_info(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    // This one alone says so with another status (`artist.getInfo/docs_an_artist_that_doesnt_exist.json`).
    let artist = known(turn).map_err(|refusal| Refusal { status: 404, ..refusal })?;
    let tally = turn.world.tally();
    let tallied = tally.artist(&artist).map(|it| it.artist.clone()).unwrap_or_default();
    let told = turn.world.lore.artist(&artist).cloned().unwrap_or_default();
    let counts = vec![
        leaf("listeners", tallied.listeners.max(told.listeners).to_string()).into(),
        leaf("playcount", tallied.plays.max(told.plays).to_string()).into(),
    ];
    let similar: Vec<Element> = tally.behind(&artist, 5).map(|it| similar(&it.artist, None)).collect();
    let tags = turn.tags_of(&artist);
    let tags = turn.tag_rows(&tags[..tags.len().min(5)], false);
    let members = vec![
        leaf("name", &artist).into(),
        leaf("mbid", &tallied.mbid).into(),
        leaf("url", format!("https://www.last.fm/music/{}", web::segment(&artist))).into(),
        images(web::NO_PICTURE),
        leaf("streamable", "0").into(),
        leaf("ontour", "0").into(),
        branch("stats", counts).into(),
        branch("similar", vec![turn.rows("artist", similar)]).into(),
        branch("tags", vec![turn.rows("tag", tags)]).into(),
        text("bio", &artist),
    ];
    Ok(tree::answer(turn.format, Some(branch("artist", members))))
}

/// Answers as the fixture `artist.getSimilar/swift_sample.json` shows.
pub(crate) fn get_similar(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let artist = known(turn)?;
    let limit = turn.call.number("limit").unwrap_or_default().unwrap_or(SIMILAR).min(SIMILAR);
    let alike = |nth: usize| 1.0 / (nth as f64 + 1.0);
    let tally = turn.world.tally();
    let rows = tally.behind(&artist, limit).enumerate().map(|(nth, it)| similar(&it.artist, Some(alike(nth))));
    let rows = rows.collect();
    Ok(turn.list("similarartists", "artist", rows, &[("artist", &artist)]))
}

/// Answers as the fixture `artist.getTopTracks/docs_sample.json` shows.
pub(crate) fn get_top_tracks(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let artist = known(turn)?;
    let tally = turn.world.tally();
    let tracks = tally.artist(&artist).map(|it| most_played(it.tracks.values())).unwrap_or_default();
    let row = |(nth, track): (usize, &&Tallied)| ranked(titled("track", &artist, track), nth);
    turn.page("toptracks", "track", &tracks, row, &[("artist", &artist)])
}

/// Answers as the fixture `artist.getTopAlbums/docs_sample.json` shows.
pub(crate) fn get_top_albums(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let artist = known(turn)?;
    let tally = turn.world.tally();
    let albums = tally.artist(&artist).map(|it| most_played(it.albums.values())).unwrap_or_default();
    let row = |(_, album): (usize, &&Tallied)| titled("album", &artist, album);
    turn.page("topalbums", "album", &albums, row, &[("artist", &artist)])
}

fn known(turn: &mut Turn<'_>) -> Result<String, Refusal> {
    let artist = turn.artist()?;
    if turn.is_known(&artist) { Ok(artist) } else { Err(no_artist()) }
}

fn most_played<'a>(all: impl Iterator<Item = &'a Tallied>) -> Vec<&'a Tallied> {
    let mut all: Vec<_> = all.collect();
    all.sort_by(|a, b| (b.plays, &a.name).cmp(&(a.plays, &b.name)));
    all
}

fn similar(artist: &Tallied, alike: Option<f64>) -> Element {
    let mut members: Vec<Member> = vec![leaf("name", &artist.name).into(), leaf("mbid", &artist.mbid).into()];
    members.extend(alike.map(|alike| leaf("match", format!("{alike:.6}")).into()));
    members.push(leaf("url", format!("https://www.last.fm/music/{}", web::segment(&artist.name))).into());
    members.push(images(web::NO_PICTURE));
    branch("artist", members)
}

/// An album or a track of an artist, with its counts.
pub(super) fn titled(kind: &'static str, artist: &str, it: &Tallied) -> Element {
    let members = vec![
        leaf("name", &it.name).into(),
        leaf("playcount", it.plays.to_string()).into(),
        leaf("listeners", it.listeners.to_string()).into(),
        leaf("mbid", &it.mbid).into(),
        leaf("url", format!("https://www.last.fm/music/{}/{}", web::segment(artist), web::segment(&it.name))).into(),
        by(artist, ""),
        images(&web::cover(artist, if kind == "album" { &it.name } else { "" })),
    ];
    branch(kind, members)
}
