//! The package `tag`, as far as it is read. A tag that nobody gave has empty lists (fixture
//! `tag.getTopArtists/docs_a_tag_that_doesn_t_exist.json`).

use crate::{
    answer::{Answer, Refusal},
    methods::{
        Turn,
        artist::titled,
        things::{by, ranked},
    },
    tally::ArtistTally,
    tree::{branch, leaf},
};

/// Answers as the fixture `tag.getTopArtists/docs_sample.json` shows.
pub(crate) fn get_top_artists(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let tag = turn.required("tag")?;
    let tally = turn.world.tally();
    let artists = tagged(turn, tally.ranked(), tag);
    let row = |(nth, it): (usize, &&ArtistTally)| {
        ranked(branch("artist", vec![leaf("name", &it.artist.name).into(), leaf("mbid", &it.artist.mbid).into()]), nth)
    };
    turn.page("topartists", "artist", &artists, row, &[("tag", tag)])
}

/// Answers as the fixture `tag.getTopTracks/docs_sample.json` shows.
pub(crate) fn get_top_tracks(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let tag = turn.required("tag")?;
    let tally = turn.world.tally();
    let artists = tagged(turn, tally.ranked(), tag);
    let mut tracks: Vec<_> =
        artists.iter().flat_map(|it| it.tracks.values().map(|track| (it.artist.name.as_str(), track))).collect();
    tracks.sort_by(|a, b| (b.1.plays, a.0, &a.1.name).cmp(&(a.1.plays, b.0, &b.1.name)));
    let row = |(nth, (artist, track)): (usize, &(&str, &_))| ranked(titled("track", artist, track), nth);
    turn.page("tracks", "track", &tracks, row, &[("tag", tag)])
}

fn tagged<'a>(turn: &Turn<'_>, artists: Vec<&'a ArtistTally>, tag: &str) -> Vec<&'a ArtistTally> {
    let has = |it: &&ArtistTally| turn.tags_of(&it.artist.name).iter().any(|given| given.eq_ignore_ascii_case(tag));
    artists.into_iter().filter(has).collect()
}

/// Answers as the fixture `track.getSimilar/docs_sample.json` shows: the tracks of the artists behind this one.
pub(crate) fn similar_tracks(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let artist = turn.artist()?;
    let title = turn.required("track")?.to_lowercase();
    let tally = turn.world.tally();
    let known = tally.artist(&artist).and_then(|it| it.tracks.get(&title));
    let known = known.ok_or_else(|| Refusal::new(6, 200, "Track not found"))?;
    let others = tally.behind(&artist, 10).filter_map(|it| Some((it, it.tracks.values().min_by_key(|it| &it.name)?)));
    let rows = others.enumerate().map(|(nth, (it, track))| {
        let members = vec![
            leaf("name", &track.name).into(),
            turn.count("playcount", track.plays).into(),
            leaf("match", format!("{:.3}", 1.0 / (nth as f64 + 1.0))).into(),
            turn.count("duration", super::album::SECONDS).into(),
            by(&it.artist.name, &it.artist.mbid),
        ];
        branch("track", members)
    });
    let rows = rows.collect();
    Ok(turn.list("similartracks", "track", rows, &[("artist", &artist), ("track", &known.name)]))
}
