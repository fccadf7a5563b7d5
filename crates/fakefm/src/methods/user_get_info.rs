//! `user.getInfo`: the account's profile.

use crate::{
    account::Account,
    answer::{Answer, Refusal},
    call::Format,
    json, xml,
};

/// What the profile shows of an account.
#[derive(Debug, Clone)]
pub(crate) struct Profile<'a> {
    pub(crate) name: &'a str,
    pub(crate) playcount: u64,
    pub(crate) artists: usize,
    pub(crate) albums: usize,
    pub(crate) tracks: usize,
    pub(crate) registered_at: i64,
}

/// Answers for the account; a missing one is error 6.
pub(crate) fn answer(account: Option<&Account>, format: Format) -> Result<Answer, Refusal> {
    let account = account.ok_or_else(Refusal::unknown_user)?;
    let (artists, albums, tracks) = account.distinct();
    let profile = Profile {
        name: account.name(),
        playcount: account.len() as u64 + account.unlisted_plays,
        artists,
        albums,
        tracks,
        registered_at: account.registered_at,
    };
    let body = match format {
        Format::Json => json::profile(&profile),
        Format::Xml => xml::profile(&profile),
    };
    Ok(Answer::good(format, body, 0))
}
