//! How sure a match is, which report stands for a play, and what the listener decides of single reports.

use fastrand::Rng;
use heard_history::reconcile::Overrules;

use super::{Telling, decide, letter, try_case, try_cases};

/// What it is about, the reports, and of each further witness the report that stands for it and the score.
type Case<'a> = (&'a str, &'a [&'a str], &'a [(char, char, f32)]);

#[test]
fn a_match_is_as_sure_as_its_least_sure_step() {
    let drifted = "X2 45 - Song (Live)";
    let cases: [Case<'_>; 10] = [
        ("told twice", &["X1 0 - Song", "X2 0 - Song"], &[('b', 'a', 1.0)]),
        ("the same second", &["S1 0 200 Song", "L0 0 - Song"], &[('b', 'a', 1.0)]),
        ("half the tolerance", &["S1 0 200 Song", "L0 45 - Song"], &[('b', 'a', 0.85)]),
        ("all of it", &["S1 0 200 Song", "L0 90 - Song"], &[('b', 'a', 0.7)]),
        ("half of twenty seconds", &["S1 0 30 Song", "L0 10 - Song"], &[('b', 'a', 0.85)]),
        ("a remark", &["X1 0 - Song", "X2 0 - Song (Live)"], &[('b', 'a', 0.97)]),
        ("a remark, and half the tolerance", &["S1 0 200 Song", "L0 45 - Song (Live)"], &[('b', 'a', 0.82)]),
        ("in a row", &["S1 0 200 So", "L0 9 - So", "B0 18 - So"], &[('b', 'a', 0.97), ('c', 'a', 0.97)]),
        ("by way of what drifted", &["S1 0 200 Song", "X1 45 - Song", drifted], &[('b', 'a', 0.85), ('c', 'a', 0.85)]),
        ("sure, then not", &["S1 0 200 So", "B0 45 - So", "X1 45 - So"], &[('b', 'a', 0.85), ('c', 'a', 0.85)]),
    ];
    for (shows, reports, wanted) in cases {
        let tellings: Vec<Telling> = reports.iter().map(|line| Telling::parse(line)).collect();
        let order: Vec<usize> = (0..tellings.len()).collect();
        let found = decide(&tellings, &order, &Overrules::default(), &mut Rng::with_seed(2));
        let named: Vec<(char, char)> = found.iter().map(|it| (letter(it.witness), letter(it.of))).collect();
        assert_eq!(named, wanted.iter().map(|it| (it.0, it.1)).collect::<Vec<_>>(), "{shows}");
        for (verdict, (.., score)) in found.iter().zip(wanted) {
            assert!((verdict.score - score).abs() < 1e-5, "{shows}: {verdict:?}, {score} expected");
        }
    }
}

#[test]
fn the_best_report_stands_for_a_play() {
    try_cases(&[
        ("the exact one before the vague", &["D1 0 200 Song", "L0 0 - Song"], "ba"),
        ("the exact one before the vague of one service", &["M1 0 - Song", "F1 9 - Song"], "ba"),
        ("one that tells the time played", &["L0 0 - Song", "Y1 0 200 Song"], "ba"),
        ("the source that comes first", &["P1 0 - Song", "Y1 5 200 Song", "S1 4 200 Song"], "cab"),
        ("the source that comes first, not the earliest", &["B0 0 - Song", "L0 4 - Song"], "ba"),
        ("the longest of one source's", &["Y1 0 200 Song", "Y2 0 201 Song"], "ba"),
        ("the first by its letters", &["X1 0 - b", "X2 0 - B"], "ba"),
    ]);
}

/// What the listener said, by letters: reports of one play, and reports of plays of their own.
fn said(same: &[&str], own: &str) -> Overrules {
    let place = |letter: u8| u32::from(letter - b'a');
    Overrules {
        same: same.iter().map(|two| (place(two.as_bytes()[0]), place(two.as_bytes()[1]))).collect(),
        own: own.bytes().map(place).collect(),
    }
}

#[test]
fn what_the_listener_says_outranks_what_is_found() {
    let far: &[&str] = &["X1 0 - Song", "X1 9000 - Other / Otto Krantz"];
    let near: &[&str] = &["S1 0 200 Song", "L0 3 - Song"];
    let twice: &[&str] = &["X1 0 - Song", "X2 0 - Song", "X3 0 - Song"];
    let three: &[&str] = &["S1 0 200 Song", "L0 3 - Song", "L0 9 - Song"];
    let chain: &[&str] = &["X1 0 - Song", "X1 500 - Song", "X1 900 - Song"];
    let undated: &[&str] = &["X1 never - Song", "X1 5 - Song", "L0 never - Song"];
    for (shows, reports, same, own, wanted) in [
        ("nothing said", near, &[][..], "", "ab"),
        ("however far apart", far, &["ab"], "", "ab"),
        ("in either order", far, &["ba"], "", "ab"),
        ("a play of its own", near, &[], "b", "a b"),
        ("both of their own", near, &[], "ab", "a b"),
        ("its own, though told twice", twice, &[], "b", "ac b"),
        ("its own leaves the place to another", three, &[], "b", "ac b"),
        ("joined by way of one", chain, &["ab", "bc"], "", "abc"),
        ("joined round and round", chain, &["ab", "bc", "ca"], "", "abc"),
        ("joined with itself", far, &["aa"], "", "a b"),
        ("its own, then joined after all", near, &["ab"], "b", "ab"),
        ("an undated one with a dated one, which is better", undated, &["ab"], "", "bac"),
    ] {
        try_case(shows, reports, wanted, &said(same, own));
    }
}

/// A report that the listener joined brings along what tells the same thing as it.
#[test]
fn what_was_joined_by_hand_is_sure() {
    let reports = ["X1 0 - Song", "X2 0 - Song", "P1 700 - Song / Otto Krantz"];
    let tellings: Vec<Telling> = reports.iter().map(|line| Telling::parse(line)).collect();
    let found = decide(&tellings, &[0, 1, 2], &said(&["bc"], ""), &mut Rng::with_seed(3));
    let scores: Vec<(char, char, f32)> = found.iter().map(|it| (letter(it.witness), letter(it.of), it.score)).collect();
    assert_eq!(scores, [('b', 'a', 1.0), ('c', 'a', 1.0)]);
}
