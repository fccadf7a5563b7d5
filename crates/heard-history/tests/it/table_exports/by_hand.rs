//! Columns that the listener names.

use heard_history::listen::Service;
use heard_history::normalise::layout::{Hints, Layout};

use super::{brief, layout_with, rows_of};

fn with(text: &str, columns: &[(&str, &str)]) -> Result<Layout, String> {
    let columns = columns.iter().map(|(meaning, place)| ((*meaning).to_owned(), (*place).to_owned())).collect();
    layout_with("x.csv", text.as_bytes(), &Hints { columns, ..Hints::default() }).unwrap()
}

fn read(text: &str, columns: &[(&str, &str)]) -> Vec<String> {
    let layout = with(text, columns).unwrap();
    assert_eq!(layout.service, Service::File);
    rows_of(&layout, text.as_bytes()).plays.iter().map(brief).collect()
}

#[test]
fn numbers_count_from_one() {
    let text = "Weit;1;1675170309;Odo\nHin;2;1675170308;Odo\n";
    let columns = [("artist", "4"), ("track", "1"), ("time", "3")];
    assert_eq!(read(text, &columns), ["1675170309 Odo|-|Weit", "1675170308 Odo|-|Hin"]);
}

#[test]
fn a_first_line_without_a_moment_is_a_header() {
    let text = "Lied;Nr;Zeit;Kapelle\nWeit;1;1675170309;Odo\n";
    assert_eq!(read(text, &[("artist", "4"), ("track", "1"), ("time", "3")]), ["1675170309 Odo|-|Weit"]);
}

#[test]
fn names_are_those_of_the_header_in_any_case() {
    let text = "Kopf\nLied,Nr,Zeit,Kapelle\nWeit,200500,1675170309,Odo\n";
    let columns = [("artist", "kapelle"), ("track", "Lied"), ("time", "ZEIT"), ("ms", "nr")];
    let layout = with(text, &columns).unwrap();
    let rows = rows_of(&layout, text.as_bytes());
    assert_eq!((layout.skip_lines, rows.plays[0].sounding.ms_played), (2, Some(200_500)));
}

#[test]
fn what_the_header_says_holds_until_it_is_contradicted() {
    let text = "artist,album_artist,track,album,date\nfalsch,Odo,Weit,Ufer,1675170309\n";
    assert_eq!(read(text, &[("artist", "album_artist")]), ["1675170309 Odo|Ufer|Weit"]);
    assert_eq!(read(text, &[("artist", "2"), ("ignore", "album")]), ["1675170309 Odo|-|Weit"]);
}

#[test]
fn ends_and_seconds_can_be_named() {
    let text = "a,t,bis,dauer\nOdo,Weit,2023-01-31 13:05:09,90\n";
    let columns = [("artist", "a"), ("track", "t"), ("end", "bis"), ("seconds", "dauer")];
    assert_eq!(read(text, &columns), ["1675170219 Odo|-|Weit"]);
}

#[test]
fn what_cannot_be_is_said_in_a_sentence() {
    let text = "Weit;1;1675170309;Odo\nHin;2;1675170308;Odo\n";
    let refused = [
        (vec![("singer", "4")], "artist, album, track, time"),
        (vec![("artist", "9")], "no column 9"),
        (vec![("artist", "0")], "no column 0"),
        (vec![("artist", "Kapelle")], "Kapelle"),
        (vec![("artist", "4"), ("track", "1")], "which column is the time"),
        (vec![("artist", "4"), ("track", "1"), ("time", "1")], "no moment"),
    ];
    for (columns, why) in refused {
        let sentence = with(text, &columns).unwrap_err();
        assert!(sentence.contains(why), "{columns:?}: {sentence}");
    }
}
