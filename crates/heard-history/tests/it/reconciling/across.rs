//! One play, told by several sources in their own ways.

use super::try_cases;

#[test]
fn beginnings_may_lie_apart_by_ninety_seconds() {
    try_cases(&[
        ("the same second", &["S1 0 200 Song", "L0 0 - Song"], "ab"),
        ("tolerance, later", &["S1 0 200 Song", "L0 90 - Song"], "ab"),
        ("one more, later", &["S1 0 200 Song", "L0 91 - Song"], "a b"),
        ("tolerance, earlier", &["S1 0 200 Song", "L0 -90 - Song"], "ab"),
        ("one more, earlier", &["S1 0 200 Song", "L0 -91 - Song"], "a b"),
        ("nobody tells a time played", &["B0 0 - Song", "L0 90 - Song"], "ba"),
        ("nobody tells a time played, one more", &["B0 0 - Song", "L0 91 - Song"], "a b"),
        ("an end is not compared with a beginning", &["S1 0 200 Song", "L0 200 - Song"], "a b"),
        ("both tell a time played", &["S1 0 200 Song", "Y1 90 200 Song"], "ab"),
    ]);
}

#[test]
fn short_plays_are_held_closer_together() {
    try_cases(&[
        ("six tenths of forty seconds", &["S1 0 40 Song", "L0 24 - Song"], "ab"),
        ("one more", &["S1 0 40 Song", "L0 25 - Song"], "a b"),
        ("six tenths of 149 seconds", &["S1 0 149 Song", "L0 89 - Song"], "ab"),
        ("one more", &["S1 0 149 Song", "L0 90 - Song"], "a b"),
        ("at least twenty", &["S1 0 30 Song", "L0 20 - Song"], "ab"),
        ("at least twenty, and one", &["S1 0 33 Song", "L0 21 - Song"], "a b"),
        ("the shorter one counts", &["S1 0 200 Song", "Y1 25 40 Song"], "a b"),
        ("no time at all", &["S1 0 0 Song", "Y1 20 0 Song"], "ab"),
    ]);
}

#[test]
fn what_was_played_too_briefly_was_never_sent() {
    try_cases(&[
        ("half a minute", &["S1 0 30 Song", "L0 0 - Song"], "ab"),
        ("a thousandth less", &["S1 0 29.999 Song", "L0 0 - Song"], "a b"),
        ("with names that are alike", &["S1 0 29 Song", "L0 3 - Song (Live)"], "a b"),
        ("a source that tells how long", &["S1 0 20 Song", "Y1 0 20 Song"], "ab"),
        ("the next one was", &["S1 0 8 Song", "S1 8 200 Song", "L0 8 - Song"], "a bc"),
    ]);
}

#[test]
fn pauses_move_one_clock_and_not_the_other() {
    try_cases(&[
        ("a pause of 70 seconds", &["A1 0..270 200 Song", "S1 70 200 Song"], "ba"),
        ("as far as is looked", &["A1 0..380 200 Song", "S1 180 200 Song"], "ba"),
        ("further", &["A1 0..381 200 Song", "S1 181 200 Song"], "a b"),
        ("ends apart, too", &["A1 0..300 200 Song", "S1 191 200 Song"], "a b"),
        ("one tells only the beginning", &["S1 70 200 Song", "L0 0 - Song"], "ab"),
        ("one tells only the beginning, which moved too far", &["S1 100 200 Song", "L0 0 - Song"], "a b"),
        ("told when there was a connection again", &["S1 0..90000 200 Song", "L0 2 - Song"], "ab"),
        ("told late, and not scrobbled", &["S1 0..90000 200 Song", "L0 89800 - Song"], "a b"),
    ]);
}

#[test]
fn a_minute_is_any_of_its_seconds() {
    try_cases(&[
        // It ended in the minute from 180 to 239, so it began between -20 and 39.
        ("the same play", &["D1 0 200 Song", "S1 0 200 Song"], "ba"),
        ("the last second and the tolerance", &["D1 0 200 Song", "L0 129 - Song"], "ba"),
        ("one more", &["D1 0 200 Song", "L0 130 - Song"], "a b"),
        ("the first second and the tolerance", &["D1 0 200 Song", "L0 -110 - Song"], "ba"),
        ("one more, earlier", &["D1 0 200 Song", "L0 -111 - Song"], "a b"),
        ("a minute of a beginning", &["M1 0 - Song", "X1 149 - Song"], "ba"),
        ("a minute of a beginning, and one", &["M1 0 - Song", "X1 150 - Song"], "a b"),
        ("earlier than a minute of a beginning", &["M1 0 - Song", "X1 -90 - Song"], "ba"),
        ("earlier, and one", &["M1 0 - Song", "X1 -91 - Song"], "a b"),
        ("two minutes of which one ends", &["D1 0 200 Song", "M1 0 - Song"], "ab"),
        (
            "two plays of one minute, with their seconds",
            &["D1 0 20 S", "D1 25 20 S", "S1 0 20 S", "S1 25 20 S"],
            "ca db",
        ),
    ]);
}

#[test]
fn real_repeats_stay_plays() {
    try_cases(&[
        ("both tell of both", &["S1 0 200 Song", "S1 200 200 Song", "L0 1 - Song", "L0 202 - Song"], "ac bd"),
        ("one source alone tells of the second", &["S1 0 200 Song", "S1 200 200 Song", "L0 203 - Song"], "a bc"),
        ("one source alone tells of the first", &["S1 200 200 Song", "L0 0 - Song", "L0 203 - Song"], "ac b"),
        ("in the middle between two", &["S1 0 200 Song", "S1 200 200 Song", "L0 100 - Song"], "a b c"),
        ("in the middle of short ones, the first", &["S1 0 40 Song", "S1 40 40 Song", "L0 20 - Song"], "ac b"),
        ("the nearest counts", &["S1 0 40 Song", "S1 40 40 Song", "L0 21 - Song"], "a bc"),
        (
            "three in a row, all told late",
            &["S1 0 60 S", "S1 60 60 S", "S1 120 60 S", "L0 20 - S", "L0 80 - S", "L0 140 - S"],
            "ad be cf",
        ),
        ("a third source has only the second", &["S1 0 200 S", "S1 200 200 S", "L0 2 - S", "B0 199 - S"], "ac bd"),
        ("minutes", &["D1 0 60 S", "D1 60 60 S", "L0 1 - S", "L0 61 - S"], "ca db"),
    ]);
}

#[test]
fn many_sources_make_one_play() {
    try_cases(&[
        ("three", &["S1 0 200 Song", "L0 3 - Song", "B0 5 - Song"], "abc"),
        ("four", &["S1 0 200 Song", "D1 0 200 Song", "L0 3 - Song", "P1 1 - Song"], "abcd"),
        (
            "five, in two spellings",
            &["L0 3 - So", "B0 5 - So", "A1 0..201 200 So", "D1 0 200 So", "S1 0 200 SO"],
            "eabcd",
        ),
        ("two by way of a third", &["L0 -60 - Song", "S1 0 200 Song", "B0 60 - Song"], "bac"),
        ("each source once", &["S1 0 200 Song", "L0 3 - Song", "L0 60 - Song", "B0 5 - Song"], "abd c"),
    ]);
}

#[test]
fn one_service_has_its_seconds_from_itself() {
    try_cases(&[
        ("the list and an exporter", &["L0 0 - Song", "X1 1 - Song"], "a b"),
        ("two accounts", &["L0 0 - Song", "K0 1 - Song"], "a b"),
        ("two exporters' files", &["X1 0 - Song", "X2 1 - Song"], "a b"),
        ("two files of ends", &["S1 0 200 Song", "S2 1 200 Song"], "a b"),
        (
            "its minutes and its seconds are two ways of telling",
            &["X1 70 - Song", "S1 0 200 Song", "D1 0 200 Song"],
            "bac",
        ),
        ("a table's minutes and seconds", &["M1 0 - Song", "F1 30 - Song"], "ba"),
    ]);
}

#[test]
fn names_have_to_be_alike() {
    try_cases(&[
        ("another script", &["S1 0 200 夜明け", "L0 0 - Yoake"], "a b"),
        ("an artist in another script", &["S1 0 200 Song / 夜明け", "L0 0 - Song / Yoake"], "a b"),
        ("the same in that script", &["S1 0 200 夜明け / 夜", "L0 4 - 夜明け / 夜"], "ab"),
        ("a guest", &["S1 0 200 Glass Harbour", "L0 4 - Glass Harbour (feat. Ode)"], "ab"),
        ("a remaster", &["S1 0 200 Glass Harbour - Remastered 2011", "L0 4 - Glass Harbour"], "ab"),
        ("accents", &["S1 0 200 Café del Lago", "L0 4 - Cafe del Lago"], "ab"),
        ("artists of whom one leads", &["S1 0 200 Song / Mira Vale", "L0 4 - Song / Mira Vale & The Tides"], "ab"),
        ("a title by chance", &["S1 0 200 Intro / Mira Vale", "L0 4 - Intro / Otto Krantz"], "a b"),
        ("an evening with one record", &["S1 0 200 One", "L0 4 - Seventeen"], "a b"),
        ("alike, and too far apart", &["S1 0 200 Song", "L0 91 - Song (Live)"], "a b"),
        ("alike, and as far apart as may be", &["S1 0 200 Song", "L0 90 - Song (Live)"], "ab"),
        ("what bears the same name goes first", &["S1 0 200 Song", "L0 5 - Song (Live)", "L0 30 - Song"], "ac b"),
        ("of what is alike the nearest", &["S1 0 200 Song", "L0 5 - Song (Live)", "L0 -4 - Song (Mono)"], "ac b"),
        (
            "hostile names",
            &["S1 0 200 \u{202e}'; DROP\u{0} / \u{feff}", "L0 1 - \u{202e}'; DROP\u{0} / \u{feff}"],
            "ab",
        ),
    ]);
}
