//! The way from pylast: every public name of it has its row.

use std::path::Path;

/// The rows of the tables: what stands left, and what stands right.
fn rows() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pylast.md");
    let text = std::fs::read_to_string(page).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    rows.map(|(left, right)| (left.to_owned(), right.to_owned())).collect()
}

/// The words in backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

const NAMES: &str = "
    LastFMNetwork LibreFMNetwork api_key api_secret session_key username password_hash token proxy
    get_artist get_track get_album get_authenticated_user get_country get_user get_tag get_track_by_mbid
    get_artist_by_mbid get_album_by_mbid get_top_artists get_top_tracks get_top_tags get_geo_top_artists
    get_geo_top_tracks search_for_album search_for_artist search_for_track update_now_playing scrobble scrobble_many
    enable_proxy disable_proxy is_proxy_enabled enable_rate_limit disable_rate_limit is_rate_limited
    enable_caching disable_caching is_caching_enabled DELAY_TIME HEADERS SSL_CONTEXT
    SessionKeyGenerator get_web_auth_session_key get_web_auth_session_key_username get_session_key md5
    TopItem SimilarItem LibraryItem PlayedTrack LovedTrack
    PyLastError WSError status details get_id MalformedResponseError NetworkError
    get_wiki get_wiki_published_date get_wiki_summary get_wiki_content
    get_weekly_chart_dates get_weekly_album_charts get_weekly_artist_charts get_weekly_track_charts get_weekly_charts
    add_tag add_tags remove_tag remove_tags clear_tags set_tags get_tags
    get_cover_image get_title get_name get_playcount get_userplaycount get_listener_count get_mbid get_url
    get_tracks get_correction get_bio get_bio_published_date get_bio_summary get_bio_content get_similar
    get_top_albums get_duration get_userloved love unlove get_artists get_library
    get_friends get_loved_tracks get_now_playing get_recent_tracks is_subscriber get_registered
    get_unixtime_registered get_tagged_albums get_tagged_artists get_tagged_tracks get_track_scrobbles get_image
    AuthenticatedUser AlbumSearch ArtistSearch TrackSearch get_next_page get_total_result_count
    PERIOD_OVERALL PERIOD_7DAYS PERIOD_1MONTH PERIOD_3MONTHS PERIOD_6MONTHS PERIOD_12MONTHS
    SIZE_SMALL SIZE_MEDIUM SIZE_LARGE SIZE_EXTRA_LARGE SIZE_MEGA DOMAIN_ENGLISH
    IMAGES_ORDER_POPULARITY IMAGES_ORDER_DATE
    SCROBBLE_SOURCE_USER SCROBBLE_SOURCE_NON_PERSONALIZED_BROADCAST SCROBBLE_SOURCE_PERSONALIZED_BROADCAST
    SCROBBLE_SOURCE_LASTFM SCROBBLE_SOURCE_UNKNOWN
    SCROBBLE_MODE_PLAYED SCROBBLE_MODE_LOVED SCROBBLE_MODE_BANNED SCROBBLE_MODE_SKIPPED
    STATUS_INVALID_SERVICE STATUS_INVALID_METHOD STATUS_AUTH_FAILED STATUS_INVALID_FORMAT STATUS_INVALID_PARAMS
    STATUS_INVALID_RESOURCE STATUS_OPERATION_FAILED STATUS_INVALID_SK STATUS_INVALID_API_KEY STATUS_OFFLINE
    STATUS_SUBSCRIBERS_ONLY STATUS_INVALID_SIGNATURE STATUS_TOKEN_UNAUTHORIZED STATUS_TOKEN_EXPIRED
    STATUS_TEMPORARILY_UNAVAILABLE STATUS_LOGIN_REQUIRED STATUS_TRIAL_EXPIRED STATUS_NOT_ENOUGH_CONTENT
    STATUS_NOT_ENOUGH_MEMBERS STATUS_NOT_ENOUGH_FANS STATUS_NOT_ENOUGH_NEIGHBOURS STATUS_NO_PEAK_RADIO
    STATUS_RADIO_NOT_FOUND STATUS_API_KEY_SUSPENDED STATUS_DEPRECATED STATUS_RATE_LIMIT_EXCEEDED
";

#[test]
fn every_name_has_its_row() {
    let rows = rows();
    let bare = |word: &str| word.rsplit('.').next().unwrap().split(['(', '=']).next().unwrap().to_owned();
    let left: Vec<String> = rows.iter().flat_map(|(left, _)| quoted(left).map(bare).collect::<Vec<_>>()).collect();
    let missing: Vec<_> = NAMES.split_whitespace().filter(|name| !left.iter().any(|known| known == name)).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
    assert!(rows.iter().all(|(left, right)| !left.is_empty() && !right.trim().is_empty()));
}

/// What the right column names is in the source.
#[test]
fn every_row_names_what_there_is() {
    let mut source = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
    let rows = rows();
    let mut looked_for = 0;
    for (left, right) in &rows {
        for word in quoted(right).flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_')) {
            // Types and their variants; words, names of artists and the like are not in camel case.
            let camel = word.len() > 3 && word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase);
            if camel && !["Some", "None", "Cher", "Believe", "Bolivia"].contains(&word) {
                assert!(source.contains(word), "{left}: there is no {word}");
                looked_for += 1;
            }
        }
    }
    assert!(looked_for > 150, "only {looked_for} names");
}

fn read(folder: &Path, source: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, source);
        } else {
            *source += &std::fs::read_to_string(path).unwrap();
        }
    }
}
