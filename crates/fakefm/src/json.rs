//! Answers as the service writes them in JSON: compact, with `\/`, nearly all values strings.

use std::fmt::Write as _;

use crate::{
    answer::Refusal,
    catalogue::SongText,
    clock,
    methods::{user_get_info::Profile, user_get_recent_tracks::Page},
    web,
};

/// `{"message":…,"error":N}` (fixture `_errors/quoted_10_invalid_key.json`).
pub(crate) fn error(refusal: &Refusal) -> String {
    let mut out = String::from("{\"message\":");
    string(&mut out, &refusal.message);
    push(&mut out, format_args!(",\"error\":{}}}", refusal.code));
    out
}

/// A page of the list (fixtures `user.getRecentTracks/lmammino_recent_tracks_page.json`, `quoted_empty.json`).
pub(crate) fn recent_tracks(page: &Page<'_>) -> String {
    let count = page.rows.len() + usize::from(page.now_playing.is_some());
    let mut out = String::with_capacity(200 + count * if page.extended { 1400 } else { 900 });
    out.push_str("{\"recenttracks\":{\"track\":");
    let bare = count == 1 && page.single_as_object;
    out.push_str(if bare { "" } else { "[" });
    let now_playing = page.now_playing.map(|song| (None, song));
    let rows = page.rows.iter().map(|(uts, song)| (Some(*uts), *song));
    for (nth, (uts, song)) in now_playing.into_iter().chain(rows).enumerate() {
        out.push_str(if nth == 0 { "" } else { "," });
        row(&mut out, uts, &song, page.extended);
    }
    out.push_str(if bare { "" } else { "]" });
    out.push_str(",\"@attr\":{\"user\":");
    string(&mut out, page.user);
    push(
        &mut out,
        format_args!(
            ",\"totalPages\":\"{}\",\"page\":\"{}\",\"perPage\":\"{}\",\"total\":\"{}\"}}}}}}",
            page.total_pages(),
            page.page,
            page.per_page,
            page.total
        ),
    );
    out
}

/// One row; without a second it is what sounds now.
fn row(out: &mut String, uts: Option<i64>, song: &SongText<'_>, extended: bool) {
    out.push_str("{\"artist\":{");
    if extended {
        artist(out, song);
    } else {
        named(out, song.artist_mbid, song.artist);
    }
    out.push_str("},\"streamable\":\"0\",\"image\":");
    images(out, &web::cover(song.artist, song.album));
    out.push_str(",\"mbid\":");
    string(out, song.track_mbid);
    out.push_str(",\"album\":{");
    named(out, song.album_mbid, song.album);
    out.push_str("},\"name\":");
    string(out, song.track);
    if uts.is_none() {
        out.push_str(",\"@attr\":{\"nowplaying\":\"true\"}");
    }
    if extended {
        out.push_str(if song.loved { ",\"loved\":\"1\"" } else { ",\"loved\":\"0\"" });
    }
    out.push(',');
    address(out, "music", song.artist, Some(song.track));
    if let Some(uts) = uts {
        let text = clock::service_text(uts);
        push(out, format_args!(",\"date\":{{\"uts\":\"{uts}\",\"#text\":\"{text}\"}}"));
    }
    out.push('}');
}

/// The artist of an extended row.
fn artist(out: &mut String, song: &SongText<'_>) {
    address(out, "music", song.artist, None);
    out.push_str(",\"name\":");
    string(out, song.artist);
    out.push_str(",\"image\":");
    images(out, web::NO_PICTURE);
    out.push_str(",\"mbid\":");
    string(out, song.artist_mbid);
}

fn named(out: &mut String, mbid: &str, text: &str) {
    out.push_str("\"mbid\":");
    string(out, mbid);
    out.push_str(",\"#text\":");
    string(out, text);
}

fn images(out: &mut String, file: &str) {
    let mut open = '[';
    for (size, folder) in web::SIZES {
        out.push(open);
        open = ',';
        out.push_str("{\"size\":\"");
        out.push_str(size);
        out.push_str("\",\"#text\":\"https:\\/\\/lastfm.freetls.fastly.net\\/i\\/u\\/");
        out.push_str(folder);
        out.push_str("\\/");
        out.push_str(file);
        out.push_str("\"}");
    }
    out.push(']');
}

/// The member `url`: the address of a page of the service, or of a track's page below it.
fn address(out: &mut String, folder: &str, name: &str, track: Option<&str>) {
    out.push_str("\"url\":\"https:\\/\\/www.last.fm\\/");
    out.push_str(folder);
    out.push_str("\\/");
    web::push_segment(out, name);
    if let Some(track) = track {
        out.push_str("\\/_\\/");
        web::push_segment(out, track);
    }
    out.push('"');
}

/// A profile (fixtures `user.getInfo/lb_sample.json`, `swift_sample.json`).
pub(crate) fn profile(profile: &Profile<'_>) -> String {
    let Profile { name, playcount, artists, albums, tracks, registered_at } = profile;
    let mut out = String::from("{\"user\":{\"name\":");
    string(&mut out, name);
    out.push_str(",\"age\":\"0\",\"subscriber\":\"0\",\"realname\":\"\",\"bootstrap\":\"0\"");
    push(&mut out, format_args!(",\"playcount\":\"{playcount}\",\"artist_count\":\"{artists}\",\"playlists\":\"0\""));
    push(&mut out, format_args!(",\"track_count\":\"{tracks}\",\"album_count\":\"{albums}\",\"image\":"));
    images(&mut out, web::NO_PICTURE);
    push(&mut out, format_args!(",\"registered\":{{\"unixtime\":\"{registered_at}\",\"#text\":{registered_at}}},"));
    out.push_str("\"country\":\"None\",\"gender\":\"n\",");
    address(&mut out, "user", name, None);
    out.push_str(",\"type\":\"user\"}}");
    out
}

/// Writes `text` in quotes.
pub(crate) fn string(out: &mut String, text: &str) {
    out.push('"');
    escape(out, text);
    out.push('"');
}

/// Escapes as the service does: the slash too, characters beyond ASCII not.
fn escape(out: &mut String, text: &str) {
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'/' | 0..=0x1f);
    let mut rest = text;
    while let Some(at) = rest.as_bytes().iter().position(special) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control @ 0..=0x1f => push(out, format_args!("\\u{control:04x}")),
            mark => {
                out.push('\\');
                out.push(char::from(mark));
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

pub(crate) fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing into a string cannot fail");
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{error, profile, recent_tracks};
    use crate::{
        answer::Refusal,
        catalogue::SongText,
        methods::{user_get_info::Profile, user_get_recent_tracks::Page},
    };

    fn song() -> SongText<'static> {
        SongText {
            artist: "Á/\"B\"\\\u{1}",
            track: "T\n",
            album: "",
            artist_mbid: "m",
            album_mbid: "",
            track_mbid: "",
            loved: true,
        }
    }

    fn page(rows: Vec<(i64, SongText<'_>)>, extended: bool, single_as_object: bool) -> Page<'_> {
        Page { user: "ann", page: 1, per_page: 2, total: 3, extended, single_as_object, now_playing: None, rows }
    }

    fn parsed(page: &Page<'_>) -> Value {
        serde_json::from_str(&recent_tracks(page)).unwrap()
    }

    #[test]
    fn a_row_has_the_members_of_a_recorded_row() {
        let text = recent_tracks(&page(vec![(1_311_261_170, song())], false, false));
        assert!(text.contains("\"Á\\/\\\"B\\\"\\\\\\u0001\""), "{text}");
        let value: Value = serde_json::from_str(&text).unwrap();
        let row = &value["recenttracks"]["track"][0];
        assert_eq!(row["artist"], json!({"mbid": "m", "#text": song().artist}));
        assert_eq!(row["date"], json!({"uts": "1311261170", "#text": "21 Jul 2011, 15:12"}));
        assert_eq!((&row["album"], &row["name"]), (&json!({"mbid": "", "#text": ""}), &json!("T\n")));
        assert_eq!(row["image"].as_array().map(Vec::len), Some(4));
        assert!(row.get("loved").is_none() && row.get("@attr").is_none());
        let attr = json!({"user": "ann", "page": "1", "perPage": "2", "total": "3", "totalPages": "2"});
        assert_eq!(value["recenttracks"]["@attr"], attr);
    }

    #[test]
    fn the_extended_row_names_its_artist_and_its_love() {
        let value = parsed(&page(vec![(0, song())], true, false));
        let row = &value["recenttracks"]["track"][0];
        assert_eq!((&row["artist"]["name"], &row["loved"]), (&json!(song().artist), &json!("1")));
        assert!(row["artist"].get("#text").is_none());
        assert_eq!(row["date"]["#text"], "01 Jan 1970, 00:00");
    }

    #[test]
    fn what_sounds_now_has_no_date_and_makes_a_list_of_two() {
        let playing = Page { now_playing: Some(song()), ..page(vec![(5, song())], false, true) };
        let value = parsed(&playing);
        let rows = value["recenttracks"]["track"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0]["@attr"], json!({"nowplaying": "true"}));
        assert!(rows[0].get("date").is_none());
        assert!(parsed(&page(vec![(5, song())], false, true))["recenttracks"]["track"].is_object());
        assert_eq!(parsed(&page(vec![], false, true))["recenttracks"]["track"], json!([]));
    }

    #[test]
    fn errors_and_profiles_are_worded_as_recorded() {
        let refusal = Refusal::known(29, 429);
        assert!(
            error(&refusal).contains("https:\\/\\/www.last.fm\\/api\\/tos#4.4")
                && error(&refusal).ends_with(",\"error\":29}")
        );
        let shown = Profile { name: "Ann B", playcount: 9, artists: 1, albums: 2, tracks: 3, registered_at: 77 };
        let value: Value = serde_json::from_str(&profile(&shown)).unwrap();
        assert_eq!(value["user"]["playcount"], "9");
        assert_eq!(value["user"]["registered"], json!({"unixtime": "77", "#text": 77}));
        assert_eq!(value["user"]["url"], "https://www.last.fm/user/Ann+B");
    }
}
