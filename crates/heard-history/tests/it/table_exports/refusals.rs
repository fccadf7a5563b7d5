//! What is no history is refused with a sentence that helps, or left to others.

use super::{layout_of, refusal};

#[test]
fn youtubes_html_is_named() {
    let page = "<!DOCTYPE html>\n<html><body>Watched <a href=\"https://www.youtube.com/watch?v=x\">x</a></body></html>";
    assert!(refusal("Takeout/watch-history.html", page).contains("ask Takeout for JSON"));
    assert!(refusal("page.html", "<html><body>502 Bad Gateway</body></html>").contains("HTML page"));
}

#[test]
fn other_lists_are_no_plays() {
    let cases = [
        ("artist,play_count\nOdo,1244\nZilpen,872\n", "no column names the tracks"),
        ("artist,track,play_count\nOdo,Weit,633\n", "no column tells when"),
        ("artist,track,date\nOdo,Weit,2023-01-31\n", "no moment that can be read"),
        ("Odo,Weit,Ufer\nOdo,Hin,Ufer\n", "--columns artist=2,track=1,time=5"),
        ("1675170309,a,b\n1675170308,c,d\n", "cannot be told apart"),
        ("Odo,Weit,01/02/2023 13:05\nOdo,Hin,02/02/2023 13:05\n", "time-day-first=3"),
    ];
    for (text, why) in cases {
        let sentence = refusal("list.csv", text);
        assert!(sentence.contains(why), "{text}: {sentence}");
    }
}

#[test]
fn lines_that_end_in_returns_alone_are_named() {
    let text = format!("artist,track,time\r{}", "Odo,Weit,1675170309\r".repeat(20));
    assert!(refusal("old.csv", &text).contains("carriage returns"));
}

#[test]
fn what_is_no_table_is_left_to_others() {
    let prose =
        "This is a letter, and it is long, very long.\nIt has lines.\n\nAnd no columns, at all, whatever you try.\n";
    let others: [(&str, &[u8]); 8] = [
        ("", b""),
        ("x", b" \n\n"),
        ("README", prose.as_bytes()),
        ("x.json", b"[{\"a\":1}]"),
        ("x.json", b"{ \"a\": [1, 2] }"),
        ("x.json", b"[]"),
        ("x.bin", b"\x00\x01\x02\x03,\x00\x00,\n"),
        ("notes", b"one\ntwo\nthree\n"),
    ];
    for (name, text) in others {
        assert_eq!(layout_of(name, text), None, "{name}");
    }
    assert!(layout_of("brackets", b"[odo],Ufer,Weit,20 Nov 2020 09:35\n").is_some_and(|layout| layout.is_ok()));
}
