//! Answers as the service writes them in XML.

use std::fmt::Write as _;

use crate::{
    answer::Refusal,
    catalogue::SongText,
    clock,
    methods::{user_get_info::Profile, user_get_recent_tracks::Page},
    web,
};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The head of a document and its opening element.
pub(crate) fn open_document(status: &str) -> String {
    format!("{HEAD}<lfm status=\"{status}\">\n")
}

/// A document that is written element by element, indented as the service does.
struct Document {
    out: String,
}

impl Document {
    fn new(status: &str) -> Self {
        Self { out: open_document(status) }
    }

    fn end(mut self) -> String {
        self.out.push_str("</lfm>\n");
        self.out
    }

    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// One line: an element with at most one attribute, and its text.
    fn leaf(&mut self, depth: usize, name: &str, attribute: Option<(&str, &str)>, text: &str) {
        for _ in 0..depth {
            self.raw("  ");
        }
        self.raw("<");
        self.raw(name);
        if let Some((key, value)) = attribute {
            self.raw(" ");
            self.raw(key);
            self.raw("=\"");
            escape(&mut self.out, value);
            self.raw("\"");
        }
        self.raw(">");
        escape(&mut self.out, text);
        self.raw("</");
        self.raw(name);
        self.raw(">\n");
    }

    fn images(&mut self, depth: usize, file: &str) {
        for (size, folder) in web::SIZES {
            let address = format!("https://lastfm.freetls.fastly.net/i/u/{folder}/{file}");
            self.leaf(depth, "image", Some(("size", size)), &address);
        }
    }
}

/// An error (fixture `_errors/quoted_13_signature.xml`).
pub(crate) fn error(refusal: &Refusal) -> String {
    let mut document = Document::new("failed");
    document.leaf(1, "error", Some(("code", &refusal.code.to_string())), &refusal.message);
    document.end()
}

/// A page of the list (fixture `user.getRecentTracks/pylast_get_recent_tracks_from_to.xml`).
pub(crate) fn recent_tracks(page: &Page<'_>) -> String {
    let mut document = Document::new("ok");
    document.raw("  <recenttracks user=\"");
    escape(&mut document.out, page.user);
    let (pages, total) = (page.total_pages(), page.total);
    write!(
        document.out,
        "\" page=\"{}\" perPage=\"{}\" totalPages=\"{pages}\" total=\"{total}\"",
        page.page, page.per_page
    )
    .expect("writing into a string cannot fail");
    if page.rows.is_empty() && page.now_playing.is_none() {
        document.raw(" />\n");
        return document.end();
    }
    document.raw(">\n");
    if let Some(song) = &page.now_playing {
        row(&mut document, None, song, page.extended);
    }
    for (uts, song) in &page.rows {
        row(&mut document, Some(*uts), song, page.extended);
    }
    document.raw("  </recenttracks>\n");
    document.end()
}

fn row(document: &mut Document, uts: Option<i64>, song: &SongText<'_>, extended: bool) {
    document.raw(if uts.is_none() { "    <track nowplaying=\"true\">\n" } else { "    <track>\n" });
    let artist_url = format!("https://www.last.fm/music/{}", web::segment(song.artist));
    if extended {
        document.raw("      <artist>\n");
        document.leaf(4, "name", None, song.artist);
        document.leaf(4, "mbid", None, song.artist_mbid);
        document.leaf(4, "url", None, &artist_url);
        document.images(4, web::NO_PICTURE);
        document.raw("      </artist>\n");
        document.leaf(3, "loved", None, if song.loved { "1" } else { "0" });
    } else {
        document.leaf(3, "artist", Some(("mbid", song.artist_mbid)), song.artist);
    }
    document.leaf(3, "name", None, song.track);
    document.leaf(3, "streamable", None, "0");
    document.leaf(3, "mbid", None, song.track_mbid);
    document.leaf(3, "album", Some(("mbid", song.album_mbid)), song.album);
    document.leaf(3, "url", None, &format!("{artist_url}/_/{}", web::segment(song.track)));
    document.images(3, &web::cover(song.artist, song.album));
    if let Some(uts) = uts {
        document.leaf(3, "date", Some(("uts", &uts.to_string())), &clock::service_text(uts).to_string());
    }
    document.raw("    </track>\n");
}

/// A profile (fixture `user.getInfo/pylast_get_countryless_user.xml`).
pub(crate) fn profile(profile: &Profile<'_>) -> String {
    let mut document = Document::new("ok");
    let registered = profile.registered_at.to_string();
    document.raw("  <user>\n");
    document.leaf(2, "name", None, profile.name);
    document.leaf(2, "realname", None, "");
    document.images(2, web::NO_PICTURE);
    document.leaf(2, "url", None, &format!("https://www.last.fm/user/{}", web::segment(profile.name)));
    for (name, text) in [("country", "None"), ("age", "0"), ("gender", "n"), ("subscriber", "0")] {
        document.leaf(2, name, None, text);
    }
    document.leaf(2, "playcount", None, &profile.playcount.to_string());
    document.leaf(2, "playlists", None, "0");
    document.leaf(2, "bootstrap", None, "0");
    document.leaf(2, "registered", Some(("unixtime", &registered)), &registered);
    document.leaf(2, "type", None, "user");
    document.leaf(2, "artist_count", None, &profile.artists.to_string());
    document.leaf(2, "album_count", None, &profile.albums.to_string());
    document.leaf(2, "track_count", None, &profile.tracks.to_string());
    document.raw("  </user>\n");
    document.end()
}

/// Control characters pass as they are, as they do in the service: such a document is malformed
/// (fixture `user.getRecentTracks/rubylastfm_malformed.xml`).
pub(crate) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{error, profile, recent_tracks};
    use crate::{
        answer::Refusal,
        catalogue::SongText,
        methods::{user_get_info::Profile, user_get_recent_tracks::Page},
    };

    #[test]
    fn a_page_is_written_like_a_recorded_one() {
        let song = SongText {
            artist: "A & <B>",
            track: "T",
            album: "",
            artist_mbid: "",
            album_mbid: "",
            track_mbid: "m",
            loved: true,
        };
        let page = Page {
            user: "ann",
            page: 1,
            per_page: 11,
            total: 1,
            extended: false,
            single_as_object: true,
            now_playing: Some(song),
            rows: vec![(1_311_261_170, song)],
        };
        let text = recent_tracks(&page);
        assert!(text.contains("<recenttracks user=\"ann\" page=\"1\" perPage=\"11\" totalPages=\"1\" total=\"1\">"));
        assert!(text.contains("    <track nowplaying=\"true\">\n      <artist mbid=\"\">A &amp; &lt;B&gt;</artist>\n"));
        assert!(text.contains("      <date uts=\"1311261170\">21 Jul 2011, 15:12</date>\n    </track>\n"));
        assert_eq!(text.matches("<date").count(), 1);
        let extended = recent_tracks(&Page { extended: true, ..page.clone() });
        assert!(
            extended.contains("<artist>\n        <name>A &amp; &lt;B&gt;</name>")
                && extended.contains("<loved>1</loved>")
        );
        let empty = recent_tracks(&Page { now_playing: None, rows: vec![], total: 0, ..page });
        assert!(empty.ends_with("totalPages=\"0\" total=\"0\" />\n</lfm>\n"), "{empty}");
    }

    #[test]
    fn errors_and_profiles_are_worded_as_recorded() {
        let text = error(&Refusal::known(13, 400));
        let expected =
            "<lfm status=\"failed\">\n  <error code=\"13\">Invalid method signature supplied</error>\n</lfm>\n";
        assert!(text.ends_with(expected), "{text}");
        let shown = Profile { name: "Ann", playcount: 9, artists: 1, albums: 2, tracks: 3, registered_at: 77 };
        assert!(profile(&shown).contains("    <registered unixtime=\"77\">77</registered>\n"));
    }
}
