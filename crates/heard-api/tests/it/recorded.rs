//! Recorded answers of the real services: each one is read, or refused by name.

use std::collections::BTreeMap;
use std::time::Duration;

use heard_api::lastfm::user::{RecentTracks, UserInfo};
use heard_api::{DecodeError, Error, Reply};

use crate::fixtures::{files, show};

/// What a body comes to on the way of `Client::call`, in a few words.
fn outcome(name: &str, body: &[u8], decode: fn(&[u8]) -> Result<String, DecodeError>) -> String {
    let reply = Reply {
        status: status(name),
        date: None,
        retry_after: None,
        content_type: None,
        body: body.to_vec().into(),
        elapsed: Duration::ZERO,
    };
    match reply.service_error() {
        Some(Error::Service { code, .. }) => format!("error {}", code.number()),
        Some(error) => error.to_string(),
        None => decode(body).unwrap_or_else(|error| error.to_string()),
    }
}

/// Gateways' pages bear their status in the file's name.
fn status(name: &str) -> u16 {
    ["400", "500"]
        .into_iter()
        .find(|status| name.contains(&format!("html_{status}")))
        .map_or(200, |status| status.parse().unwrap())
}

/// Compares every file with the table, and reads files that the table does not know.
fn compare(folder: &str, expected: &[(&str, &str)], decode: fn(&[u8]) -> Result<String, DecodeError>) {
    let Some(files) = files(folder) else { return };
    let found: BTreeMap<_, _> = files.iter().map(|(name, body)| (name.as_str(), outcome(name, body, decode))).collect();
    for (name, outcome) in &found {
        show(&format!("{folder}/{name}: {outcome}"));
    }
    for (name, outcome) in expected {
        let found = found.get(name).unwrap_or_else(|| panic!("{folder}/{name} is missing"));
        assert!(found.contains(outcome), "{folder}/{name}: {found}, not {outcome}");
    }
}

fn page(body: &[u8]) -> Result<String, DecodeError> {
    let page = RecentTracks::decode(body)?;
    let playing = page.rows.iter().filter(|row| row.now_playing).count();
    let dated = page.rows.iter().filter(|row| row.played_at.is_some_and(|at| at > 0)).count();
    let named = page.rows.iter().filter(|row| row.artist.is_some() && row.name.is_some()).count();
    assert_eq!(named, page.rows.len(), "every recorded row has an artist and a name");
    let total = page.total.map_or_else(|| "?".to_owned(), |total| total.to_string());
    Ok(format!("{} rows, {dated} dated, {playing} playing, total {total}", page.rows.len()))
}

fn profile(body: &[u8]) -> Result<String, DecodeError> {
    let user = UserInfo::decode(body)?;
    Ok(format!("{} plays, {} pictures, registered {:?}", user.playcount, user.images.len(), user.registered_at))
}

const XML: &str = "XML where JSON was expected";

const NO_PAGE: &str = "missing field `recenttracks`";

#[test]
fn recent_tracks() {
    compare(
        "lastfm/user.getRecentTracks",
        &[
            ("docs_a_user_currently_not_scrobbling.json", "1 rows, 1 dated, 0 playing, total 94618"),
            ("docs_user_with_hide_recent_listening_information_enabled.json", "error 17"),
            ("inflatable_Empty.json", "0 rows, 0 dated, 0 playing, total 0"),
            ("inflatable_Error.json", "error 6"),
            ("inflatable_Extended.json", "missing field `totalPages`"),
            ("inflatable_Missing.json", "error 6"),
            ("inflatable_Multiple.json", "20 rows, 20 dated, 0 playing, total 76526"),
            ("inflatable_Single.json", "1 rows, 1 dated, 0 playing, total 76536"),
            ("items/lastfmnode_NowPlayingAndScrobbled.json", "expected an object"),
            ("items/lastfmnode_RunToYourGrave.json", NO_PAGE),
            ("items/lastfmnode_RunToYourGrave_NP.json", NO_PAGE),
            ("items/lmammino_now_playing_track.json", NO_PAGE),
            ("items/lmammino_recorded_track.json", NO_PAGE),
            ("lb_two_tracks_last_page.json", "3 rows, 3 dated, 0 playing, total 2"),
            ("lmammino_recent_tracks_page.json", "201 rows, 200 dated, 1 playing, total 290860"),
            ("pylast_album_in_recent_tracks.xml", XML),
            ("pylast_get_recent_tracks_from_to.xml", XML),
            ("pylast_get_recent_tracks_limit_none.xml", XML),
            ("pylast_now_playing_user_with_no_scrobbles.xml", XML),
            ("quoted_empty.json", "0 rows, 0 dated, 0 playing, total 0"),
            ("rubylastfm_malformed.xml", XML),
            ("rubylastfm_sample.xml", XML),
            ("swift_extended.json", "3 rows, 2 dated, 1 playing, total 200"),
            ("swift_sample.json", "3 rows, 2 dated, 1 playing, total 60"),
        ],
        page,
    );
}

#[test]
fn info() {
    compare(
        "lastfm/user.getInfo",
        &[
            ("lastfmnode_old_2010.json", "4049 plays, 4 pictures, registered Some(1202998466)"),
            ("lb_sample.json", "1026 plays, 0 pictures, registered Some(1513921363)"),
            ("pylast_get_countryless_user.xml", XML),
            ("pylast_get_image.xml", XML),
            ("pylast_user_subscriber_1.xml", XML),
            ("rubylastfm_sample.xml", XML),
            ("swift_sample.json", "347575 plays, 4 pictures, registered Some(1313620090)"),
        ],
        profile,
    );
}

#[test]
fn errors() {
    compare(
        "lastfm/_errors",
        &[
            ("doc_06_missing_artist.xml", "error 6"),
            ("lastfmnode_13_auth.json", "error 13"),
            ("lastfmnode_13_update.json", "error 13"),
            ("lastfmnode_6_track_args.json", "error 6"),
            ("lastfmnode_6_unknown_user.json", "error 6"),
            ("lb_17_private.json", "error 17"),
            ("quoted_03_invalid_method.json", "error 3"),
            ("quoted_06_limit_bounds.json", "error 6"),
            ("quoted_06_missing_param.json", "error 6"),
            ("quoted_06_no_such_page.json", "error 6"),
            ("quoted_06_page_bounds_2015.json", "error 6"),
            ("quoted_08_operation_failed.json", "error 8"),
            ("quoted_10_invalid_key.json", "error 10"),
            ("quoted_13_signature.json", "error 13"),
            ("quoted_13_signature.xml", "error 13"),
            ("quoted_13_signature_old_order.json", "error 13"),
            ("quoted_17_login.json", "error 17"),
            ("quoted_26_suspended.json", "error 26"),
            ("quoted_26_suspended_old_order.json", "error 26"),
            ("quoted_29_rate_limit.json", "error 29"),
            ("quoted_html_400_google_frontend.html", "HTTP 400 with an HTML page"),
            ("quoted_html_500.html", "HTTP 500 with an HTML page"),
            ("swift_errorInvalidParameters.json", "error 6"),
            ("swift_invalidSessionKey.json", "error 9"),
        ],
        page,
    );
}

#[test]
fn libre_fm() {
    compare(
        "librefm",
        &[
            ("_errors/quoted_03_no_trailing_slash.xml", "error 3"),
            ("_errors/quoted_14_unauthorised.json", "error 14"),
            ("submissions-1.2/doc_handshake_ok.txt", "HTTP 200 with unknown text"),
            ("user.getLovedTracks/lb_page1.json", NO_PAGE),
            ("user.getLovedTracks/lb_page2.json", NO_PAGE),
            ("user.getRecentTracks/quoted_07_no_listens.json", "error 7"),
        ],
        page,
    );
}

/// No recording of any other method may bring the two readers down, or be taken for a page or a profile.
#[test]
fn answers_of_other_methods_are_refused() {
    let Some(files) = files("lastfm") else { return };
    let mut foreign = 0;
    for (name, body) in files {
        if !name.starts_with("user.getRecentTracks") {
            assert!(RecentTracks::decode(&body).is_err(), "{name}");
            foreign += 1;
        }
        if !name.starts_with("user.getInfo") {
            assert!(UserInfo::decode(&body).is_err(), "{name}");
        }
    }
    assert!(foreign > 100, "only {foreign} recordings");
}
