//! `addTags` and `removeTag` of artists, albums and tracks.

use crate::{
    answer::{Answer, Refusal},
    methods::Turn,
    tree,
    writes::Outcome,
    written::Tagged,
};

/// The most tags in one call, as documented.
const TAGS_MAX: usize = 10;

pub(crate) fn add(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    set(turn, "tags", true)
}

pub(crate) fn remove(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    set(turn, "tag", false)
}

fn set(turn: &mut Turn<'_>, parameter: &str, hang: bool) -> Result<Answer, Refusal> {
    let user = turn.writer()?;
    let on = tagged(turn)?;
    let value = turn.required(parameter)?;
    let split: Vec<String> = value.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    // A comma separates tags that are added; one that is taken off is one.
    let tags = if hang { split } else { vec![value.trim().to_owned()] };
    if tags.is_empty() || tags.len() > TAGS_MAX {
        return Err(Refusal::missing_parameter());
    }
    let account = turn.world.open(&user);
    for tag in &tags {
        account.set_tag(on.clone(), tag, hang);
    }
    turn.note.settle([Outcome::Stored]);
    Ok(tree::answer(turn.format, None))
}

fn tagged(turn: &Turn<'_>) -> Result<Tagged, Refusal> {
    let name = |name| turn.required(name).map(ToOwned::to_owned);
    let artist = name("artist")?;
    Ok(match turn.call.method().split('.').next() {
        Some("album") => Tagged::Album { artist, album: name("album")? },
        Some("track") => Tagged::Track { artist, track: name("track")? },
        _ => Tagged::Artist { artist },
    })
}
