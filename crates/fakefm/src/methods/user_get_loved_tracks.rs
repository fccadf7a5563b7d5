//! `user.getLovedTracks`: the loved tracks by pages, the latest love first.

use crate::{
    answer::{Answer, Refusal},
    clock::service_text,
    methods::Turn,
    tree::{self, Element, Member, branch, leaf},
    web,
};

/// The greatest page, as documented.
const LIMIT_MAX: usize = 1_000;
const DEFAULT_LIMIT: usize = 50;

/// Answers as the fixture `user.getLovedTracks/docs_sample.json` shows.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let user = turn.required("user")?;
    let account = turn.world.account(user).ok_or_else(Refusal::unknown_user)?;
    let bound = |name, default, max| match turn.call.number::<usize>(name) {
        Ok(number) if (1..=max).contains(&number.unwrap_or(default)) => Ok(number.unwrap_or(default)),
        _ => Err(Refusal::out_of_bounds(name, u32::try_from(max).unwrap_or(u32::MAX))),
    };
    let (page, limit) =
        (bound("page", 1, 1_000_000)?, bound("limit", DEFAULT_LIMIT, LIMIT_MAX)?.min(turn.rules.list_max));
    let loved = account.loved();
    let rows: Vec<_> = loved.iter().skip((page - 1) * limit).take(limit).map(row).collect();
    let count = rows.len();
    let list = branch("lovedtracks", vec![Member::Many("track", rows)])
        .with("user", account.name())
        .with("totalPages", loved.len().div_ceil(limit).to_string())
        .with("page", page.to_string())
        .with("perPage", limit.to_string())
        .with("total", loved.len().to_string());
    Ok(Answer { rows: count, ..tree::answer(turn.format, Some(list)) })
}

fn row((at, artist, track): &(i64, String, String)) -> Element {
    let page = format!("https://www.last.fm/music/{}", web::segment(artist));
    let image = |(size, folder): (&str, &str)| {
        let address = format!("https://lastfm.freetls.fastly.net/i/u/{folder}/{}", web::NO_PICTURE);
        leaf("image", address).with("size", size)
    };
    let by = vec![leaf("url", &page).into(), leaf("name", artist).into(), leaf("mbid", "").into()];
    let members = vec![
        branch("artist", by).into(),
        leaf("mbid", "").into(),
        leaf("date", service_text(*at).to_string()).with("uts", at.to_string()).into(),
        leaf("url", format!("{page}/_/{}", web::segment(track))).into(),
        Member::Many("image", web::SIZES.map(image).into()),
        leaf("name", track).into(),
        leaf("streamable", "0").with("fulltrack", "0").into(),
    ];
    branch("track", members)
}
