//! What is printed of five formats in one folder, and of a zip as Spotify sends it, to the letter.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{file, streamed_row, text};
use crate::commands::remembered;
use crate::home::{Home, Ran};

fn exports() -> Home {
    let home = Home::new();
    let podcast =
        r#"  {"endTime" : "2024-02-08 11:00", "podcastName" : "Talk", "episodeName" : "One", "msPlayed" : 5}"#;
    let rows =
        [streamed_row(1, "Glass Harbour"), podcast.to_owned(), streamed_row(9, "Iron Coast").replace("08 10", "32 10")];
    file(&home, "exports/StreamingHistory_music_0.json", format!("[\n{}\n]\n", rows.join(",\n")));
    file(
        &home,
        "exports/recenttracks-ann-1700000000.csv",
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n\
         \"1600000000\",\"13 Sep 2020, 12:26\",\"Mira Vale\",\"\",\"Tides\",\"\",\"Night Ferry\",\"\"\n\
         \"soon\",\"\",\"Mira Vale\",\"\",\"Tides\",\"\",\"Lost\",\"\"\n",
    );
    file(
        &home,
        "exports/player/.scrobbler.log",
        "#AUDIOSCROBBLER/1.1\n#TZ/UTC\n#CLIENT/made up\n\
         Mira Vale\tTides\tNight Ferry\t1\t200\tL\t1600000000\t\n\
         Mira Vale\tTides\tSalt\t2\t200\tS\t1600000300\t\n",
    );
    file(
        &home,
        "exports/listens.jsonl",
        "{\"listened_at\":1610000000,\"track_metadata\":{\"artist_name\":\"夜の海\",\"track_name\":\"波\"}}\n{\"listened_at\":\n",
    );
    file(
        &home,
        "exports/Takeout/watch-history.json",
        r#"[{
  "header": "YouTube Music",
  "title": "Watched Glass Harbour",
  "titleUrl": "https://music.youtube.com/watch?v=aaaaaaaaaaa",
  "subtitles": [{"name": "Mira Vale - Topic", "url": "https://www.youtube.com/channel/UCaaaaaaaaaaaaaaaaaaaaaa"}],
  "time": "2021-05-01T10:00:00.000Z",
  "products": ["YouTube"],
  "activityControls": ["YouTube watch history"]
},{
  "header": "YouTube",
  "title": "Watched How to sail",
  "titleUrl": "https://www.youtube.com/watch?v=bbbbbbbbbbb",
  "time": "2021-05-02T10:00:00.000Z",
  "products": ["YouTube"],
  "activityControls": ["YouTube watch history"]
}]
"#,
    );
    file(&home, "exports/Takeout/search-history.html", "<html><body>YouTube</body></html>");
    home
}

/// Compares all that a run says; where the throw-away folder lies, and on which day it is, is masked.
#[track_caller]
fn told(home: &Home, name: &str, ran: &Ran) {
    let folder = home.beside("").display().to_string();
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(&folder.replace('.', r"\."), "[FOLDER]/");
    settings.add_filter(r#""imported_at": \d+"#, r#""imported_at": [SECOND]"#);
    settings.add_filter(r"\b(202[5-9]|20[3-9]\d)-\d\d-\d\d(?:  |\b)", "[DAY]");
    settings.bind(|| remembered(home, name, ran));
}

#[test]
fn five_formats_in_one_folder() {
    for (name, more) in
        [("import_of_five", &[][..]), ("import_of_five_csv", &["--csv"]), ("import_of_five_json", &["--json"])]
    {
        let home = exports();
        told(&home, name, &home.run(&[&["import", "exports"], more].concat()).good());
        if !more.is_empty() {
            continue;
        }
        told(&home, "import_of_five_again", &home.run(&["import", "exports"]).good());
        told(&home, "imports_of_five", &home.run(&["imports"]).good());
        told(&home, "imports_of_five_csv", &home.run(&["imports", "--csv"]).good());
        told(&home, "imports_of_five_json", &home.run(&["imports", "--json"]).good());
        told(&home, "rejects_of_five", &home.run(&["rejects"]).good());
        told(&home, "rejects_of_five_csv", &home.run(&["rejects", "--csv"]).good());
        told(&home, "rejects_of_five_json", &home.run(&["rejects", "--json", "-n", "1"]).good());
        told(&home, "rejects_of_five_other", &home.run(&["rejects", "--other"]).good());
        home.digest();
    }
}

#[test]
fn a_zip_as_spotify_sends_it() {
    let home = Home::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let history = format!("[\n{}\n]\n", [streamed_row(1, "Glass Harbour"), streamed_row(9, "Iron Coast")].join(",\n"));
    for (name, content) in [
        ("MyData/Read_Me_First.pdf", "%PDF-1.7\n\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}"),
        ("MyData/StreamingHistory_music_0.json", &history),
        ("MyData/Userdata.json", r#"{"username": "ann", "country": "NO"}"#),
        ("MyData/Playlist1.json", r#"{"playlists": [{"name": "Sea", "items": []}]}"#),
        ("MyData/Follow.json", r#"{"userIsFollowing": []}"#),
        ("MyData/SearchQueries.json", r#"[{"platform": "WEB", "searchTime": "2024-02-08", "searchQuery": "sea"}]"#),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    let path = file(&home, "my_spotify_data.zip", zip.finish().unwrap().into_inner());
    told(&home, "import_of_spotifys_zip", &home.run(&["import", text(&path)]).good());
    told(&home, "import_of_spotifys_zip_json", &super::taken(&Home::new(), &path).good());
    assert_eq!(super::tracks(&home), ["Glass Harbour", "Iron Coast"]);
}
