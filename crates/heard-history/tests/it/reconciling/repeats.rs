//! One source, or several with the same seconds, telling the same thing again.

use super::try_cases;

#[test]
fn one_account_scrobbles_a_track_once_in_a_second() {
    try_cases(&[
        ("a repeat in a file", &["X1 0 - Song", "X1 0 - Song"], "ab"),
        ("another file", &["X1 0 - Song", "X2 0 - Song"], "ab"),
        ("a second later", &["X1 0 - Song", "X1 1 - Song"], "a b"),
        ("a second later in another file", &["X1 0 - Song", "X2 1 - Song"], "a b"),
        ("files that overlap", &["X1 0 - One", "X1 300 - Two", "X2 300 - Two", "X2 600 - Six"], "a bc d"),
        ("the same again in three files", &["X1 0 - Song", "X2 0 - Song", "X3 0 - Song"], "abc"),
        ("another track of that second", &["X1 0 - One", "X1 0 - Two", "X2 0 - Two", "X2 0 - One"], "ad bc"),
        ("a spelling with the same key", &["X1 0 - Song", "X2 0 -  SONG"], "ba"),
        ("an artist with the same key", &["X1 0 - Song / Mira Vale", "X2 0 - Song / MIRA  VALE"], "ba"),
        ("other artists of one title", &["X1 0 - Song / Mira Vale", "X2 0 - Song / Otto Krantz"], "a b"),
        ("a player's log and what came of it", &["P1 0 - Song", "X1 0 - Song"], "ba"),
    ]);
}

#[test]
fn a_service_that_lists_a_second_twice_means_it() {
    try_cases(&[
        ("two of one second", &["L0 0 - Song", "L0 0 - Song"], "a b"),
        ("an exporter that shows it once", &["L0 0 - Song", "L0 0 - Song", "X1 0 - Song"], "ca b"),
        ("an exporter that shows it twice", &["L0 0 - Song", "L0 0 - Song", "X1 0 - Song", "X1 0 - Song"], "cad b"),
        ("two accounts of one service", &["L0 0 - Song", "K0 0 - Song"], "ab"),
        ("three against two", &["L0 0 - So", "L0 0 - So", "L0 0 - So", "B0 0 - So", "B0 0 - So"], "ad be c"),
    ]);
}

#[test]
fn ends_are_told_with_the_source_s_own_name_of_the_track() {
    try_cases(&[
        ("a repeat in a file", &["S1 0 200 Song", "S1 0 200 Song"], "ab"),
        ("another file", &["S1 0 200 Song", "S2 0 200 Song"], "ab"),
        ("one end, another time played", &["S1 0 200 Song", "S2 10 190 Song"], "a b"),
        ("one second later", &["S1 0 200 Song", "S2 1 200 Song"], "a b"),
        ("a track that was renamed", &["S1 0 200 Song #7", "S2 0 200 Canzone #7"], "ba"),
        ("another track of that name", &["S1 0 200 Song #7", "S2 0 200 Song #8"], "a b"),
        ("no name of its own", &["A1 0..250 200 Song", "A2 0..250 200 Song"], "ab"),
        ("no name of its own, another beginning", &["A1 0..250 200 Song", "A2 9..250 200 Song"], "a b"),
        ("no name of its own, another title", &["A1 0..250 200 One", "A2 0..250 200 Two"], "a b"),
        ("told with and without its own name", &["S1 0 200 Song #7", "S2 0 200 Song #"], "a b"),
        ("no time played at all", &["S1 0 0 Song", "S1 0 0 Song", "S2 0 0 Song"], "abc"),
    ]);
}

#[test]
fn of_minutes_the_second_of_one_file_is_the_second_of_every_file() {
    try_cases(&[
        ("two in one file", &["D1 0 10 Song", "D1 20 10 Song"], "a b"),
        ("one in two files", &["D1 0 10 Song", "D2 0 10 Song"], "ab"),
        ("three and two", &["D1 0 9 S", "D1 9 9 S", "D1 18 9 S", "D2 0 9 S", "D2 9 9 S"], "ad be c"),
        ("three files", &["D1 0 9 S", "D1 9 9 S", "D2 0 9 S", "D3 0 9 S", "D3 9 9 S"], "acd be"),
        ("another time played", &["D1 0 100 Song", "D2 0 101 Song"], "a b"),
        ("another minute", &["D1 0 10 Song", "D2 60 10 Song"], "a b"),
        ("minutes of beginnings, in one file", &["M1 5 - Song", "M1 40 - Song"], "a b"),
        ("minutes of beginnings, in two files", &["M1 5 - Song", "M1 40 - Song", "M2 20 - Song"], "ac b"),
        ("a minute and its first second are two ways of telling", &["M1 0 - Song", "M1 0 - Other"], "a b"),
    ]);
}

#[test]
fn undated_plays_are_counted_like_minutes() {
    try_cases(&[
        ("two in one file", &["X1 never - Song", "X1 never - Song"], "a b"),
        ("and one in another", &["X1 never - Song", "X1 never - Song", "X2 never - Song"], "ac b"),
        ("of a service and its exporter", &["L0 never - Song", "X1 never - Song"], "ba"),
        ("never joined with a dated one", &["X1 never - Song", "X1 0 - Song", "L0 90 - Song"], "a b c"),
        ("another track", &["X1 never - One", "X2 never - Two"], "a b"),
        (
            "a spelling that drifted says nothing without a moment",
            &["X1 never - Song", "X2 never - Song (Live)"],
            "a b",
        ),
    ]);
}

const GLASS: &str = "Glass Harbour";

#[test]
fn spellings_of_one_second_drift_from_file_to_file() {
    let [plain, remaster, guest, live] =
        ["", " - Remastered 2009", " (feat. Ode)", " (Live)"].map(|remark| format!("0 - {GLASS}{remark}"));
    let of = |who: &str, text: &str| format!("{who} {text}");
    let (one, two, in_one) = (of("X1", &plain), of("X2", &remaster), of("X1", &remaster));
    let (three, two_live, other) = (of("X3", &guest), of("X2", &live), of("P1", &remaster));
    let listed = of("L0", &remaster);
    try_cases(&[
        ("two files", &[&one, &two], "ab"),
        ("one file", &[&one, &in_one], "a b"),
        ("three files", &[&one, &two, &three], "abc"),
        ("one to one, the first by its letters where all are equally alike", &[&one, &two_live, &two], "ab c"),
        ("one to one on both sides", &[&one, "X1 0 - Iron Coast", &two, "X2 0 - Iron Coast (Live)"], "ac bd"),
        ("a service and its exporter", &[&listed, &one], "ba"),
        ("two services, by the likeness of what both tell", &[&other, &one], "ba"),
        ("other names", &["X1 0 - One", "X2 0 - Two"], "a b"),
        ("a second apart", &[&one, "X2 1 - Glass Harbour (Live)"], "a b"),
        ("an artist who brought guests", &["X1 0 - Song / Mira Vale", "X2 0 - Song / Mira Vale & Ode"], "ab"),
        ("an artist of another name", &["X1 0 - Intro / Mira Vale", "X2 0 - Intro / Otto Krantz"], "a b"),
        ("accents", &["X1 0 - Café del Lago", "X2 0 - Cafe del Lago"], "ba"),
        ("a spelling that half the world writes otherwise", &["X1 0 - Don’t Go", "X2 0 - Don't Go"], "ba"),
    ]);
}

/// Seventeen plays of one second are some program's doing, and their spellings are not compared.
#[test]
fn crowded_seconds_say_nothing_of_spellings() {
    let words = ["amber", "basin", "cedar", "delta", "ember", "fjord", "glass", "iron"];
    let mut reports: Vec<String> = words.iter().map(|word| format!("X1 0 - {word}")).collect();
    reports.extend(words.iter().map(|word| format!("X2 0 - {word} (Live)")));
    reports.push("X1 0 - quartz".to_owned());
    let seventeen: Vec<&str> = reports.iter().map(String::as_str).collect();
    try_cases(&[
        ("sixteen", &seventeen[..16], "ai bj ck dl em fn go hp"),
        ("seventeen", &seventeen, "a b c d e f g h i j k l m n o p q"),
    ]);
}
