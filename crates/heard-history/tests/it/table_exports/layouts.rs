//! Every layout that is known, in made-up files.

use heard_history::facts::{Clock, Other, Reason, Resolution, Why};
use heard_history::listen::Service;
use heard_history::normalise::layout::{Format, Framing};
use heard_history::normalise::table::{Column, Delimiter, Quoting};

use super::{NO_TIME, NOW_PLAYING, left_out, plays, rows_of, sure_layout};

/// An id of MusicBrainz' form.
const ID: &str = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

#[test]
fn ghan_takes_its_seconds_and_its_account_from_the_name() {
    let text = "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\r\n\
        \"\",\"\",\"Zilpen\",\"\",\"Ufer\",\"\",\"Jetzt\",\"\"\r\n\
        \"1675170309\",\"31 Jan 2023, 13:05\",\"Zilpen\",\"0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\",\"\",\"\",\"A \"\"B\"\", C\",\"\"\r\n\
        \"0\",\"01 Jan 1970, 00:00\",\"Zilpen\",\"\",\"Ufer\",\"\",\"Weit\",\"\"\r\n";
    let layout = sure_layout("exports/recenttracks-Mia-Moll-1675170400.csv", text);
    assert_eq!((layout.format, &layout.framing, layout.skip_lines), (Format::Table, &Framing::Table, 1));
    assert_eq!((layout.service, layout.account.as_deref()), (Service::Lastfm, Some("mia-moll")));
    let rows = rows_of(&layout, text.as_bytes());
    let first = &rows.plays[0];
    assert_eq!((first.played_at, &*first.track, &first.album), (1_675_170_309, "A \"B\", C", &None));
    assert_eq!((first.artist_mbid.as_deref(), &first.recording_mbid), (Some(ID), &None));
    assert_eq!((first.sounding.clock, first.sounding.resolution), (Clock::Start, Resolution::Second));
    assert_eq!((rows.plays[1].played_at, rows.plays[1].row), (0, 2), "undated");
    assert_eq!((rows.left_out[0].why, rows.left_out[0].line), (NOW_PLAYING, 0));
}

#[test]
fn four_columns_without_a_header_are_artist_album_track_and_last_fms_date() {
    let text = "Zilpen,Ufer,Jetzt,\nZilpen,Ufer,\"Hin, her\",20 Nov 2020 09:35\nOdo,,Weit,20 Nov 2020 09:28\n";
    let layout = sure_layout("scrobbles.csv", text);
    assert_eq!((layout.service, layout.skip_lines, layout.account.clone()), (Service::Lastfm, 0, None));
    let rows = rows_of(&layout, text.as_bytes());
    assert_eq!(rows.plays[0].sounding.resolution, Resolution::Minute);
    assert_eq!(plays("scrobbles.csv", text), ["1605864900 Zilpen|Ufer|Hin, her", "1605864480 Odo|-|Weit"]);
    assert_eq!(left_out("scrobbles.csv", text), [(0, NOW_PLAYING)]);
}

#[test]
fn the_downloader_tells_seconds_and_a_text() {
    let text = format!(
        "artist,artist_mbid,album,album_mbid,track,track_mbid,timestamp,datetime\n\
         Odo,{ID},Ufer,{ID},Weit,{ID},1605864907,2020-11-20 09:35:07\nOdo,,,,Nah,,0,1970-01-01 00:00:00\n"
    );
    let layout = sure_layout("lastfm_scrobbles.csv", &text);
    assert_eq!(layout.service, Service::Lastfm);
    let rows = rows_of(&layout, text.as_bytes());
    let [first, undated] = &rows.plays[..] else { panic!("{rows:?}") };
    assert_eq!((first.played_at, undated.played_at), (1_605_864_907, 0));
    let ids = [&first.artist_mbid, &first.release_mbid, &first.recording_mbid];
    assert!(ids.iter().all(|id| id.as_deref() == Some(ID)), "{first:?}");
}

#[test]
fn tabs_without_a_header_put_the_track_before_the_artist_and_know_no_quotes() {
    let text = format!(
        "1441859348\tDas \"Lied\"\tOdo\tUfer\t{ID}\t{ID}\t\n1441859130\t\"Hin\"\tOdo\t\t\t{ID}\t\n\
         1441858956\tWeit\tZilpen\tUfer\t\t\t\n"
    );
    let layout = sure_layout("exported_tracks.txt", &text);
    assert_eq!((&layout.framing, layout.service), (&Framing::Lines, Service::Lastfm));
    let rows = rows_of(&layout, text.as_bytes());
    assert_eq!(rows.plays.len(), 3);
    assert_eq!((&*rows.plays[0].track, &*rows.plays[0].artist), ("Das \"Lied\"", "Odo"));
    assert_eq!(&*rows.plays[1].track, "\"Hin\"");
    assert_eq!((rows.plays[0].recording_mbid.as_deref(), rows.plays[0].artist_mbid.as_deref()), (Some(ID), Some(ID)));
    assert_eq!(rows.plays[0].release_mbid, None);
}

#[test]
fn semicolons_without_a_header_put_the_track_first() {
    let text = "Weit;Ufer;Odo;13 Feb 2009, 09:34;1234517656\nHin; Her & Hin;Odo;13 Feb 2009, 09:30;1234517419\n";
    let text = &text.replace("Hin; Her", "Hin;Her");
    assert_eq!(
        plays("plays.csv", text),
        ["1234517656 Odo|Ufer|Weit", "1234517419 Odo|Her & Hin|Hin"],
        "the seconds win over the text"
    );
}

#[test]
fn headers_are_known_by_their_words() {
    let cases = [
        ("uts,artist,track,album\n1753641507,Odo,Weit,Ufer\n", Service::Lastfm),
        ("artist,album,song_title,date_time\nOdo,Ufer,Weit,27 Jul 2025 18:38\n", Service::Lastfm),
        ("artist,track,album,played_at\nOdo,Weit,Ufer,2025-07-27 18:38:27\n", Service::File),
        ("utc_time,artist,album,track\n\"27 Jul 2025, 18:38\",Odo,Ufer,Weit\n", Service::Lastfm),
        ("Artist Name;Song Title;Album Name;When\nOdo;Weit;Ufer;2025-07-27T18:38:27Z\n", Service::File),
        ("artistName\ttrackName\talbumName\tTimestamp\nOdo\tWeit\tUfer\t1753641507\n", Service::File),
        ("TITLE,ALBUM_TITLE,ARTIST,TIME MS\nWeit,Ufer,Odo,1753641507000\n", Service::File),
        ("Date-time,Artist,Song,Release,Label\n2025-07-27T13:38:27-0500,Odo,Weit,Ufer,L\n", Service::File),
    ];
    for (text, service) in cases {
        let layout = sure_layout("plays.csv", text);
        assert_eq!((layout.service, layout.skip_lines), (service, 1), "{text}");
        let [play] = &plays("plays.csv", text)[..] else { panic!("{text}") };
        let minute = text.contains("27 Jul");
        assert_eq!(play, &format!("{} Odo|Ufer|Weit", 1_753_641_507 - if minute { 27 } else { 0 }), "{text}");
    }
}

#[test]
fn lastfmstats_names_its_account_in_the_header() {
    let text = "\"Artist\";\"Album\";\"AlbumId\";\"Track\";\"Date#Mia_M\"\n\
        \"Odo\";\"Ufer\";\"\";\"Hin; her\";\"1675170309123\"\n\"Odo\";\"\";\"\";\"Weit\";\"0\"\n";
    let layout = sure_layout("x.csv", text);
    assert_eq!((layout.service, layout.account.as_deref()), (Service::Lastfm, Some("mia_m")));
    assert_eq!(
        layout.table.as_ref().unwrap().columns[4..],
        [Column::Began(heard_history::normalise::moments::Pattern::Milliseconds)]
    );
    assert_eq!(plays("x.csv", text), ["1675170309 Odo|Ufer|Hin; her", "0 Odo|-|Weit"]);
}

#[test]
fn r_writes_nothing_without_quotes_and_an_artist_in_them() {
    let text = "\"\",\"uts\",\"artist\",\"track\",\"album\"\n\"1\",1675170309,\"NA\",\"Weit\",NA\n\"2\",NA,\"Odo\",\"NA\",\"Ufer\"\n";
    let layout = sure_layout("r.csv", text);
    assert!(layout.table.as_ref().unwrap().na);
    assert_eq!(plays("r.csv", text), ["1675170309 NA|-|Weit"]);
    assert_eq!(left_out("r.csv", text), [(1, NOW_PLAYING)]);
    let others = "uts,artist,track,album\n1675170309,NA,Weit,NA\n1675170300,Odo,Weit,Ufer\n";
    assert_eq!(plays("p.csv", others)[0], "1675170309 NA|NA|Weit", "names without quotes are data");
}

#[test]
fn libre_fm_has_comments_and_may_lack_albums() {
    let with =
        "# made up\n+ACM- Data export,,,\nuserid,Artist,track,Album,time\n1,Odo,Weit,Ufer,1690347960\n2,Odo,Hin,,\n";
    let layout = sure_layout("librefm.csv", with);
    assert_eq!((layout.service, layout.skip_lines), (Service::Librefm, 3));
    assert_eq!(plays("librefm.csv", with), ["1690347960 Odo|Ufer|Weit"]);
    assert_eq!(left_out("librefm.csv", with), [(1, NO_TIME)]);
    let without = "+ACM- a,,\n\nArtist,Track,Time\nOdo,Weit,1690347960\n";
    assert_eq!(sure_layout("l.csv", without).skip_lines, 3);
    assert_eq!(plays("l.csv", without), ["1690347960 Odo|-|Weit"]);
}

#[test]
fn pano_scrobblers_hearts_are_no_plays() {
    let text = "timeHuman,timeMs,artist,track,album,albumArtist,durationMs,mediaPlayerPackage,mediaPlayerName,mediaPlayerVersion,event\n\
        \"Jan 31, 2023 1:05 PM\",1675170309123,Odo,Weit,Ufer,Andere,180000,p,P,1,scrobble\n\
        x,1675170309123,Odo,Weit,Ufer,,,p,P,1,love\nx,1675170309123,Odo,Weit,Ufer,,,p,P,1,unlove\n\
        x,1675170309123,Odo,Weit,Ufer,,,p,P,1,ban\n";
    let layout = sure_layout("pano.csv", text);
    assert_eq!(layout.service, Service::Panoscrobbler);
    let rows = rows_of(&layout, text.as_bytes());
    assert_eq!(rows.plays.len(), 1);
    assert_eq!(
        (rows.plays[0].played_at, rows.plays[0].sounding.ms_played),
        (1_675_170_309, None),
        "a length is not time played"
    );
    let feedback = Why::Other(Other::Feedback);
    let why: Vec<Why> = rows.left_out.iter().map(|row| row.why).collect();
    assert_eq!(why, [feedback, feedback, Why::Other(Other::NotAPlay)]);
}

#[test]
fn deezers_sheet_tells_the_seconds_listened() {
    let text = "Song Title,Artist,ISRC,Album Title,Listening Time,Platform Name,Platform Model,Date\n\
        Weit,\"Odo, Zilpen\",ZZ0000000001,Ufer,183,web,,2023-01-31 13:05:09\n";
    let layout = sure_layout("deezer.csv", text);
    assert_eq!((layout.format, layout.service), (Format::Deezer, Service::Deezer));
    let rows = rows_of(&layout, text.as_bytes());
    let play = &rows.plays[0];
    assert_eq!((&*play.artist, play.played_at, play.sounding.ms_played), ("Odo, Zilpen", 1_675_170_309, Some(183_000)));
    assert_eq!((play.sounding.ended_at, play.sounding.clock), (Some(1_675_170_309 + 183), Clock::Start));
}

#[test]
fn heards_own_tables_know_undated_plays() {
    let text = "artist,album,track,timestamps,datetime\nOdo,Ufer,Weit,1675170309,2023-01-31 13:05:09\nOdo,,'Hin,0,1970-01-01 00:00:00\n";
    let layout = sure_layout("x.csv", text);
    assert_eq!(layout.service, Service::Heard);
    assert_eq!(plays("x.csv", text), ["1675170309 Odo|Ufer|Weit", "0 Odo|-|'Hin"], "no spreadsheet, no apostrophes");
    let columns = "listener,played_at,played_time,artist,album,track,ms_played,artist_mbid,release_mbid,recording_mbid,sources\n\
        me,1675170309,2023-01-31T13:05:09Z,Odo,Ufer,Weit,200500,,,,\"[\"\"lastfm\"\"]\"\nme,,,Odo,,Hin,,,,,lastfm\n";
    let layout = sure_layout("plays.csv", columns);
    assert_eq!(layout.service, Service::Heard);
    let rows = rows_of(&layout, columns.as_bytes());
    assert_eq!((rows.plays[0].sounding.ms_played, rows.plays[1].played_at), (Some(200_500), 0));
}

#[test]
fn ends_of_plays_are_put_back_by_the_time_played() {
    let text = "endTime,artistName,trackName,msPlayed\n2023-01-31 13:05,Odo,Weit,90500\n2023-01-31 13:05,Odo,Hin,-5\n";
    let rows_text = sure_layout("x.csv", text);
    let rows = rows_of(&rows_text, text.as_bytes());
    let [first, second] = &rows.plays[..] else { panic!("{rows:?}") };
    assert_eq!((first.played_at, first.sounding.ended_at), (1_675_170_300 - 90, Some(1_675_170_300)));
    assert_eq!((first.sounding.clock, first.sounding.resolution), (Clock::End, Resolution::Minute));
    assert_eq!((second.played_at, second.sounding.ms_played), (1_675_170_300, Some(-5)));
}

/// How artist, album, track and moment are written on a line.
type Written = fn(&str, &str, &str, i64) -> String;

/// Rows of made-up artists with albums and tracks, artists repeating most and tracks least.
fn made_up(rows: usize, line: impl Fn(&str, &str, &str, i64) -> String) -> String {
    let row = |at: usize| {
        let (artist, album, track) = (at % 7, at % 21, at % 63);
        line(
            &format!("Band {artist}"),
            &format!("Platte {album}"),
            &format!("Lied {track}"),
            1_675_170_309 - at as i64 * 181,
        )
    };
    (0..rows).map(row).collect()
}

#[test]
fn columns_without_a_header_are_told_by_how_often_names_repeat() {
    let lines: [Written; 5] = [
        |artist, album, track, at| format!("{artist},{track},{album},{at}\n"),
        |artist, album, track, at| format!("{at};{album};{track};{artist}\n"),
        |artist, album, track, at| format!("{track}\t{at}\t{artist}\t{album}\t{at}\n"),
        |artist, album, track, at| format!("{at},{artist},{ID},{album},,{track},{ID}\n"),
        |artist, album, track, at| format!("{album},{artist},{track},{}\n", jiff::Timestamp::from_second(at).unwrap()),
    ];
    for line in lines {
        let text = made_up(200, line);
        let layout = sure_layout("plays", &text);
        let rows = rows_of(&layout, text.as_bytes());
        assert_eq!(rows.plays.len(), 200, "{}", &text[..80]);
        let play = &rows.plays[1];
        assert_eq!(
            (&*play.artist, play.album.as_deref(), &*play.track),
            ("Band 1", Some("Platte 1"), "Lied 1"),
            "{text:.80}"
        );
        assert_eq!(play.played_at, 1_675_170_309 - 181);
    }
}

#[test]
fn the_values_may_contradict_a_known_order() {
    let text = made_up(200, |artist, album, track, at| {
        let date = jiff::Timestamp::from_second(at).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        format!("{track},{album},{artist},{}\n", date.strftime("%d %b %Y %H:%M"))
    });
    let rows_layout = sure_layout("scrobbles.csv", &text);
    assert_eq!(rows_layout.table.unwrap().columns[..3], [Column::Track, Column::Album, Column::Artist]);
}

#[test]
fn quotes_between_tabs_mean_something_where_they_must() {
    let text = "artist\ttrack\ttime\n\"Odo \"\"der\"\" Erste\"\tWeit\t1675170309\n";
    let table = sure_layout("x.tsv", text).table.unwrap();
    assert_eq!((table.delimiter, table.quoting), (Delimiter::Tab, Quoting::Quoted));
    assert_eq!(plays("x.tsv", text), ["1675170309 Odo \"der\" Erste|-|Weit"]);
    let plain = "artist\ttrack\ttime\n\"Odo\"\tWeit\t1675170309\n";
    assert_eq!(plays("x.tsv", plain), ["1675170309 \"Odo\"|-|Weit"]);
}

#[test]
fn names_are_kept_as_they_are() {
    let text = "artist,album,track,time\n Odo\u{a0},\u{feff},\u{202e}Weit\u{0301} ,1675170309\n\"Zeile\r\nZwei\",x,=1+1,1675170309\n";
    assert_eq!(
        plays("x.csv", text),
        ["1675170309  Odo\u{a0}|\u{feff}|\u{202e}Weit\u{0301} ", "1675170309 Zeile\r\nZwei|x|=1+1"]
    );
    let empty = "artist,album,track,time\n\u{a0},x,Weit,1675170309\nOdo,x,\t,1675170309\n";
    let why: Vec<Why> = left_out("x.csv", empty).into_iter().map(|(_, why)| why).collect();
    assert_eq!(why, [Why::Reject(Reason::NoArtist), Why::Reject(Reason::NoTrack)]);
}

#[test]
fn a_layout_says_the_same_after_it_was_kept() {
    let text = "\"\",\"uts\",\"artist\",\"track\",\"album\"\n\"1\",1675170309,\"NA\",\"Weit\",NA\n";
    let layout = sure_layout("r.csv", text);
    let kept = serde_json::to_string(&layout).unwrap();
    assert_eq!(serde_json::from_str::<heard_history::normalise::layout::Layout>(&kept).unwrap(), layout);
}

#[test]
fn a_quote_above_a_header_between_tabs_does_not_move_it() {
    let text = "\"made up\nof some\tlines\nartist\ttrack\ttime\nOdo\tWeit\t1675170309\n";
    assert_eq!(sure_layout("x.tsv", text).skip_lines, 3);
    assert_eq!(plays("x.tsv", text), ["1675170309 Odo|-|Weit"]);
}
