//! Small files of every format. The people and the music in them do not exist.

use fastrand::Rng;
use heard_history::normalise::layout::Format;

/// Files as the services and exporters write them.
pub(super) const CORPUS: [(Format, &str); 26] = [
    (
        Format::SpotifyAccountData,
        r#"[
  {
    "endTime" : "2021-03-04 10:15",
    "artistName" : "The Paper Lanterns",
    "trackName" : "Low \"Tide\" [Live]",
    "msPlayed" : 201333
  },
  {
    "endTime" : "2021-03-04 10:15",
    "podcastName" : "Slow Radio",
    "episodeName" : "One",
    "msPlayed" : -5
  }
]"#,
    ),
    (
        Format::SpotifyExtended,
        r#"[{"ts":"2022-05-06T07:08:09Z","username":"nobody","platform":"x","ms_played":180000,"conn_country":"ZZ","master_metadata_track_name":"Étude","master_metadata_album_artist_name":"Ola Nordby","master_metadata_album_album_name":"Rooms","spotify_track_uri":"spotify:track:0000000000000000000001","episode_name":null,"reason_start":"clickrow","reason_end":"trackdone","shuffle":false,"skipped":null,"offline":true,"offline_timestamp":1651820689000,"incognito_mode":false},{"ts":"2022-05-06T07:12:00Z","ms_played":0,"master_metadata_track_name":null,"episode_name":"Two","episode_show_name":"Slow Radio","spotify_episode_uri":"spotify:episode:1","offline_timestamp":0},{"ts":"2022-05-06T07:13:00Z","ms_played":1,"master_metadata_track_name":null,"audiobook_title":"A Book","audiobook_chapter_title":"1"}]"#,
    ),
    (
        Format::LastfmPages,
        r##"{"recenttracks":{"track":[{"artist":{"mbid":"","#text":"Mira Vale"},"name":"Glass","album":{"mbid":"","#text":""},"@attr":{"nowplaying":"true"}},{"artist":{"mbid":"11111111-2222-3333-4444-555555555555","#text":"Mira Vale"},"name":"Stone","album":{"mbid":"","#text":"Matter"},"date":{"uts":"1400000000","#text":"13 May 2014, 16:53"}}],"@attr":{"user":"nobody","page":"1","perPage":"200","totalPages":"1","total":"1"}}}"##,
    ),
    (
        Format::LastfmPages,
        r##"[{"track":[{"artist":{"name":"Mira Vale"},"name":"Salt","album":{"#text":"Matter"},"date":{"uts":"0"}}],"@attr":{"page":"1"}},{"track":{"artist":"Mira Vale","name":"Sand","date":{"uts":"1400000100"}}}]"##,
    ),
    (
        Format::Lastfmstats,
        r#"{"username":"nobody","scrobbles":[{"track":"North","artist":"Kettle & Fog","album":"Weather","date":1500000000000},{"track":"South","artist":"Kettle & Fog","album":"","date":0}]}"#,
    ),
    (
        Format::LastfmOfficial,
        r#"[{"timestamp":{"unixtimestamp":1300000000,"iso":"2011-03-13T07:06:40"},"track":{"name":"Harbour","artist":{"name":"Ines Obrador"},"mbid":""},"album":{"name":"Ports"}}]"#,
    ),
    (
        Format::Listenbrainz,
        "{\"listened_at\":1600000000,\"track_metadata\":{\"artist_name\":\"Tomas Rell\",\"track_name\":\"Orbit\",\"release_name\":\"Moons\",\"additional_info\":{\"recording_mbid\":\"11111111-2222-3333-4444-555555555555\",\"duration_ms\":1000}}}\n{\"listened_at\":1600000200,\"track_metadata\":{\"artist_name\":\"Tomas Rell\",\"track_name\":\"Apogee\",\"mbid_mapping\":{\"artist_mbids\":[\"11111111-2222-3333-4444-555555555555\"],\"artists\":[{\"artist_credit_name\":\"Tomas Rell\"},{\"a\":1}]}}}\n",
    ),
    (
        Format::Listenbrainz,
        "[{\"listened_at\":1600000000,\"user_name\":\"nobody\",\"track_metadata\":{\"artist_name\":\"Tomas Rell\",\"track_name\":\"Orbit\",\"additional_info\":{}}}]",
    ),
    (
        Format::Maloja,
        r#"{"maloja":{"export_time":1700000000},"scrobbles":[{"time":1650000000,"track":{"artists":["Lina Ash","Quill"],"title":"Ember","album":{"artists":["Lina Ash"],"albumtitle":"Coal"},"length":200},"duration":null,"origin":"client"},{"time":1650000300,"track":{"artists":[],"title":"Soot","album":null,"length":null}}]}"#,
    ),
    (
        Format::Koito,
        r#"{"version":"1","exported_at":"2025-01-02T03:04:05Z","user":"nobody","listens":[{"listened_at":"2024-02-03T04:05:06Z","client":"x","track":{"mbid":null,"duration":0,"aliases":[{"alias":"Dusk","source":"x","is_primary":true},{"alias":"dusk","is_primary":false}]},"album":{"mbid":null,"aliases":[{"alias":"Hours","is_primary":true}],"various_artists":false},"artists":[{"mbid":null,"is_primary":true,"aliases":[{"alias":"Owen Pike","is_primary":true}]}]}]}"#,
    ),
    (
        Format::Panoscrobbler,
        "{\"timeHuman\":\"2023-01-01\",\"timeMs\":1672531200000,\"artist\":\"Rune Dahl\",\"track\":\"Frost\",\"album\":\"North\",\"albumArtist\":\"\",\"durationMs\":1000,\"event\":\"scrobble\"}\n{\"timeMs\":1672531300000,\"artist\":\"Rune Dahl\",\"track\":\"Thaw\",\"event\":\"love\"}\n",
    ),
    (
        Format::ScrobblerLog,
        "#AUDIOSCROBBLER/1.1\n#TZ/UNKNOWN\n#CLIENT/Rockbox\nVesna\tField\tRye\t1\t200\tL\t1200000000\t11111111-2222-3333-4444-555555555555\nVesna\t\tOats #2\t\t180\tS\t1200000300\t\n<Untagged>\t\tx\t\t1\tL\t946684800\n",
    ),
    (
        Format::AppleMusic,
        "Apple Id Number,Artist Name,Content Name,Event End Timestamp,Event Start Timestamp,Event Type,Item Type,Media Type,Play Duration Milliseconds,UTC Offset In Seconds,End Reason Type,Media Duration In Milliseconds,Song Name,Album Name\n1,\"Bell, Book\",Candle,2019-01-02T03:04:05.678Z,2019-01-02T03:01:05.678Z,PLAY_END,ITUNES_STORE_CONTENT,AUDIO,180000,3600,NATURAL_END_OF_TRACK,180000,Candle,Wax\n1,,,2019-01-02T03:04:05Z,,LYRIC_DISPLAY,ITUNES_STORE_CONTENT,AUDIO,-1,0,,,,\n",
    ),
    (
        Format::Youtube,
        r#"[{"header":"YouTube Music","title":"Watched Saltwater","titleUrl":"https://music.youtube.com/watch?v=1","subtitles":[{"name":"Noor Haddad - Topic","url":"https://x"}],"time":"2024-12-18T10:11:12.345Z","products":["YouTube"],"activityControls":["YouTube watch history"]},{"header":"YouTube","title":"Watched a video","time":"2024-12-18T10:00:00Z","products":["YouTube"]}]"#,
    ),
    (
        Format::Deezer,
        "Song Title,Artist,ISRC,Album Title,IP Address,Listening Time,Platform Name,Platform Model,Date\nMarrow,\"Ada Finch, Brindle\",XX0000000001,Bone,,201,web,,2023-04-05 06:07:08\n",
    ),
    (
        Format::Heard,
        "{\"listener\":\"nobody\",\"played_at\":1500000000,\"played_time\":\"2017-07-14T02:40:00Z\",\"artist\":\"Juno Wells\",\"album\":null,\"track\":\"Reed\",\"ms_played\":null,\"sources\":[\"lastfm\"]}\n{\"listener\":\"nobody\",\"played_at\":null,\"artist\":\"Juno Wells\",\"track\":\"Rush\",\"sources\":[]}\n",
    ),
    (
        Format::Table,
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n\"1600000000\",\"13 Sep 2020, 12:26\",\"Halden\",\"\",\"Sea \"\"and\"\" Sky\",\"\",\"Wave\n2\",\"\"\n\"\",\"\",\"Halden\",\"\",\"\",\"\",\"Foam\",\"\"\n",
    ),
    (
        Format::Table,
        "Halden,Sea,Wave,13 Sep 2020 12:26\n\"Hal, den\",,\"12\"\" mix\",14 Sep 2020 12:26\nHalden,Sea,Foam,\nHalden,Sea,Spray,15 Sep 2020 09:01\n",
    ),
    (
        Format::Table,
        "1400000000\tWave\tHalden\tSea\t11111111-2222-3333-4444-555555555555\t\t\n1400000300\tFoam \"x\tHalden\tSea\t\t\t\n1400000600\tSpray\tHalden\tSea\t\t\t\n1400000900\tBrine\tHalden\tSea\t\t\t\n",
    ),
    (
        Format::Table,
        "Wave;Sea;Halden;13/09/2020 12:26;1600000000\nFoam;Sea;Halden;13/09/2020 12:27;1600000060\nSpray;Sky;Halden;13/09/2020 12:28;1600000120\nRye;Field;Vesna;13/09/2020 12:29;1600000180\nOats;Field;Vesna;13/09/2020 12:30;1600000240\nWave;Sea;Halden;13/09/2020 12:31;1600000300\nRye;Corn;Vesna;13/09/2020 12:32;1600000360\nDusk;Sky;Halden;13/09/2020 12:33;1600000420\nDawn;Sky;Halden;13/09/2020 12:34;1600000480\nBarley;Field;Vesna;13/09/2020 12:35;1600000540\nHay;Corn;Vesna;13/09/2020 12:36;1600000600\nBrine;Sea;Halden;13/09/2020 12:37;1600000660\n",
    ),
    (
        Format::Table,
        "\"\",\"artist\",\"album\",\"track\",\"date\"\n\"1\",\"Halden\",NA,\"Wave\",\"2020-09-13 12:26:40\"\n\"2\",\"NA\",\"Sea\",\"Foam\",\"2020-09-13 12:30:40\"\n",
    ),
    (
        Format::Table,
        "# Data export\n# of nobody\nArtist,Track,Album,Time\nHalden,Wave,Sea,1300000000\nHalden,\"Half\" quoted,Sea,1300000300\n",
    ),
    (
        Format::Table,
        "\u{FEFF}Artist;Album;AlbumId;Track;Date#nobody\n\"Halden\";\"Sea\";\"\";\"Wave\";\"1600000000000\"\n\"Halden\";\"Sea\";\"\";\"Foam\";\"1600000300000\"\n",
    ),
    (
        Format::Table,
        "artist,album,track,timestamps,datetime\nHalden,Sea,Wave,1600000000,2020-09-13T12:26:40Z\n'=Halden,,Foam,,\n",
    ),
    (
        Format::Table,
        "artist,track,album,played_at\nHalden,Wave,Sea,2016-12-31T23:59:60Z\nHalden,Foam,Sea,2016-12-31 18:00:00 -0500\n",
    ),
    (
        Format::Table,
        "timeHuman,timeMs,artist,track,album,albumArtist,durationMs,mediaPlayerPackage,mediaPlayerName,mediaPlayerVersion,event\nx,1600000000000,Halden,Wave,Sea,,1000,,,,scrobble\nx,1600000100000,Halden,Foam,Sea,,1000,,,,love\n",
    ),
];

/// What damage likes to be made of.
pub(super) const TOKENS: [&str; 44] = [
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "\\",
    "\n",
    "\r\n",
    "\r",
    "\t",
    ";",
    "#",
    "'",
    "\0",
    "\u{FEFF}",
    "\"\"",
    "},{\"",
    "{\"ts\":",
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "99999999999999999999",
    "9223372036854775807",
    "-9223372036854775808",
    "253402300800",
    "1600000000000",
    "\\ud800",
    "\\u0000",
    "\\udc00\\ud800",
    "é",
    "\u{1F600}",
    "NA",
    "0000-00-00",
    "2020-02-30T25:61:61Z",
    "2016-12-31T23:59:60Z",
    "9999-12-31T23:59:59Z",
    "+99:99",
    "31/12/2020 24:00",
    "\"uts\":",
    " - Topic",
];

/// Any file of the corpus.
pub(super) fn any(random: &mut Rng) -> &'static str {
    CORPUS[random.usize(..CORPUS.len())].1
}
