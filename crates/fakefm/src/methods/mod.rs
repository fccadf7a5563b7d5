//! The service's methods, one file each.

use crate::{
    answer::{Answer, Refusal},
    batch,
    call::{Call, Format},
    rules::Rules,
    signature,
    world::{World, same_name},
    writes::{Note, WriteRow},
};

mod album;
mod artist;
mod auth;
mod tag;
mod tags;
mod things;
mod track_get_info;
mod track_love;
mod track_scrobble;
mod track_update_now_playing;
pub(crate) mod user_get_info;
mod user_get_loved_tracks;
pub(crate) mod user_get_recent_tracks;
mod user_lists;

/// One call of a method, and all that it may touch.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    /// All parameters; for a method that writes, those of the form alone.
    pub(crate) call: &'a Call,
    pub(crate) format: Format,
    pub(crate) rules: &'a Rules,
    pub(crate) world: &'a mut World,
    pub(crate) note: &'a mut Note,
    /// The request's number.
    pub(crate) nth: u64,
}

/// What answers a call.
pub(crate) type Method = fn(&mut Turn<'_>) -> Result<Answer, Refusal>;

/// The method of this name in lower case, among those that are not asked of a list or a profile.
pub(crate) fn by_name(name: &str) -> Option<Method> {
    Some(match name {
        "album.getinfo" => album::get_info,
        "artist.getinfo" => artist::get_info,
        "artist.getsimilar" => artist::get_similar,
        "artist.gettopalbums" => artist::get_top_albums,
        "artist.gettoptags" => artist::get_top_tags,
        "artist.gettoptracks" => artist::get_top_tracks,
        "tag.gettopartists" => tag::get_top_artists,
        "tag.gettoptracks" => tag::get_top_tracks,
        "track.getsimilar" => tag::similar_tracks,
        "user.getfriends" => user_lists::friends,
        "user.getpersonaltags" => user_lists::personal_tags,
        "user.gettopalbums" => user_lists::top_albums,
        "user.gettopartists" => user_lists::top_artists,
        "user.gettoptags" => user_lists::top_tags,
        "user.gettoptracks" => user_lists::top_tracks,
        "user.getweeklyalbumchart" => user_lists::weekly_albums,
        "user.getweeklyartistchart" => user_lists::weekly_artists,
        "user.getweeklychartlist" => user_lists::weeks,
        "user.getweeklytrackchart" => user_lists::weekly_tracks,
        "album.addtags" | "artist.addtags" | "track.addtags" => tags::add,
        "album.removetag" | "artist.removetag" | "track.removetag" => tags::remove,
        "auth.getmobilesession" => auth::get_mobile_session,
        "auth.getsession" => auth::get_session,
        "auth.gettoken" => auth::get_token,
        "track.getinfo" => track_get_info::answer,
        "track.love" => track_love::love,
        "track.scrobble" => track_scrobble::answer,
        "track.unlove" => track_love::unlove,
        "track.updatenowplaying" => track_update_now_playing::answer,
        "user.getlovedtracks" => user_get_loved_tracks::answer,
        _ => return None,
    })
}

/// Whether a method changes an account.
pub(crate) fn writes(name: &str) -> bool {
    let (_, verb) = name.split_once('.').unwrap_or_default();
    matches!(verb, "addtags" | "removetag" | "love" | "scrobble" | "unlove" | "updatenowplaying")
        && by_name(name).is_some()
}

/// Whether all parameters must stand in the form body of a POST.
pub(crate) fn needs_form(name: &str) -> bool {
    writes(name) || name == "auth.getmobilesession"
}

/// The rows that a call asks to be written, complete or not.
pub(crate) fn asked(call: &Call) -> Vec<WriteRow> {
    batch::rows(call).iter().map(batch::Asked::row).collect()
}

impl<'a> Turn<'a> {
    /// The value of a parameter that must be there.
    fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        self.call.get(name).ok_or_else(Refusal::missing_parameter)
    }

    /// Checks the signature.
    fn signed(&self) -> Result<(), Refusal> {
        signature::check(self.call, self.rules.writing.secret.as_deref())
    }

    /// The account in whose name the call is signed, and noted for the log.
    fn writer(&mut self) -> Result<String, Refusal> {
        self.signed()?;
        let user = session_user(self.call, self.world).ok_or_else(|| Refusal::known(9, 403))?;
        self.note.user = Some(user.clone());
        Ok(user)
    }
}

/// Whose session the parameter `sk` is.
fn session_user(call: &Call, world: &World) -> Option<String> {
    world.session_user(call.get("sk")?).map(ToOwned::to_owned)
}

/// Whether the call is signed in the name of the account `user`: then it may see what is hidden from others.
pub(crate) fn is_owner(call: &Call, rules: &Rules, world: &World, user: &str) -> bool {
    let own = session_user(call, world).is_some_and(|owner| same_name(&owner, user));
    own && signature::check(call, rules.writing.secret.as_deref()).is_ok()
}
