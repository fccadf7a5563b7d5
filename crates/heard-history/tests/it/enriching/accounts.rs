//! What is asked about accounts: profile, hearts, rankings, tags, weeks.

use std::collections::BTreeMap;
use std::sync::Arc;

use fakefm::{Config, Play, Rules, World};
use heard_history::enrich::{Asker, Call, Options, Report};

use super::{asked, asker, assert_rebuilt_the_same, counted, few, rows, run_as, scene_in, scene_of, told};
use crate::scene::{DAY, NOW, Scene};

fn about_accounts(scene: &Scene) -> Report {
    let asker = Asker { things: false, ..asker(scene, true) };
    let report = run_as(scene, &asker, &Options::default(), &Arc::default()).0;
    assert!(report.stopped.is_none() && report.left == 0, "{report:?}");
    report
}

fn by_method(scene: &Scene) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for question in asked(&scene.fake) {
        *counts.entry(told(&question, "method").to_owned()).or_default() += 1;
    }
    counts
}

#[test]
fn every_list_of_an_account_is_asked_once() {
    let scene = scene_of(few());
    scene.fake.world().befriend("ann", "Bob");
    let report = about_accounts(&scene);
    let counts = by_method(&scene);
    let of = |method: &str| counts.get(method).copied().unwrap_or_default();
    for method in
        ["user.getInfo", "user.getLovedTracks", "user.getFriends", "user.getTopTags", "user.getWeeklyChartList"]
    {
        assert_eq!(of(method), 1, "{method}");
    }
    for method in ["user.getTopArtists", "user.getTopAlbums", "user.getTopTracks"] {
        assert_eq!(of(method), 6, "{method}: one a stretch of time");
    }
    // The plays lie within one week, which is over.
    for method in ["user.getWeeklyArtistChart", "user.getWeeklyAlbumChart", "user.getWeeklyTrackChart"] {
        assert_eq!(of(method), 1, "{method}");
    }
    assert!(counted(&scene.fake).values().all(|times| *times == 1));
    assert_eq!(report.answers.unknown, 0);
    let profile = rows(
        &scene,
        "SELECT things.kind, things.name, about.plays FROM about JOIN answers ON answers.id = answer_id JOIN things ON things.id = thing_id",
    );
    assert_eq!(profile, ["account|ann|6"]);
    let overall = rows(
        &scene,
        "SELECT listed.name, listed.plays FROM listed JOIN answers ON answers.id = answer_id
          WHERE method = 'user.getTopArtists' AND asked = 'period=overall' ORDER BY position",
    );
    assert_eq!(overall, ["Mira Vale|3", "The Lanterns|2", "Oslo Tin|1"]);
    let chart = rows(
        &scene,
        "SELECT listed.kind, listed.name, listed.title, listed.plays FROM listed JOIN answers ON answers.id = answer_id
          WHERE method = 'user.getWeeklyAlbumChart' ORDER BY position LIMIT 1",
    );
    assert_eq!(chart, ["album|Mira Vale|Album of Mira Vale|3"]);
    let friends = rows(&scene, "SELECT name FROM listed WHERE kind = 'account'");
    assert_eq!(friends, ["Bob"]);
    assert_rebuilt_the_same(&scene);
}

#[test]
fn lists_grow_old_after_days_and_weeks_that_are_over_never() {
    let scene = scene_of(few());
    about_accounts(&scene);
    scene.fake.forget();
    scene.wait(6 * DAY);
    assert_eq!(about_accounts(&scene).asked, 0);
    scene.wait(2 * DAY);
    let report = about_accounts(&scene);
    let counts = by_method(&scene);
    assert!(!counts.contains_key("user.getWeeklyArtistChart"), "{counts:?}");
    assert_eq!(report.asked, 5 + 18, "{counts:?}");
}

#[test]
fn who_follows_nobody_is_an_answer() {
    let scene = scene_of(few());
    assert_eq!(about_accounts(&scene).answers.unknown, 1);
    assert_eq!(rows(&scene, "SELECT method FROM answers WHERE outcome = 'unknown'"), ["user.getFriends"]);
}

#[test]
fn a_list_of_many_pages_is_read_to_its_end() {
    let mut world = World::of("ann");
    let play = |nth: i64| Play::new(NOW - 5_000_000 + nth, "Mira Vale", format!("Song {nth}")).loved();
    world.listener().extend((0..2_300).map(play));
    let scene = scene_in(Config::new(world));
    let options = Options { only: vec![Call::LovedTracks], ..Options::default() };
    let report = run_as(&scene, &asker(&scene, true), &options, &Arc::default()).0;
    assert_eq!((report.asked, report.left), (3, 0));
    assert_eq!(rows(&scene, "SELECT asked FROM answers ORDER BY id"), ["", "page=2", "page=3"]);
    assert_eq!(
        rows(&scene, "SELECT count(*), count(DISTINCT title), min(listed_at) FROM listed"),
        [format!("2300|2300|{}", NOW - 5_000_000)]
    );
}

#[test]
fn a_service_that_gives_small_pages_is_read_to_its_end() {
    let mut world = World::of("ann");
    let play = |nth: i64| Play::new(NOW - 5_000_000 + nth, "Mira Vale", format!("Song {nth}")).loved();
    world.listener().extend((0..230).map(play));
    for nth in 0..120 {
        world.befriend("ann", &format!("friend-{nth:03}"));
    }
    let rules = Rules { list_max: 50, ..Rules::default() };
    let scene = scene_in(Config { rules, ..Config::new(world) });
    let options = Options { only: vec![Call::LovedTracks, Call::Friends], ..Options::default() };
    let report = run_as(&scene, &asker(&scene, true), &options, &Arc::default()).0;
    assert_eq!((report.asked, report.left), (5 + 3, 0));
    let listed = |kind: &str| {
        rows(&scene, &format!("SELECT count(*), count(DISTINCT name || title) FROM listed WHERE kind = '{kind}'"))
    };
    assert_eq!((listed("track"), listed("account")), (vec!["230|230".to_owned()], vec!["120|120".to_owned()]));
    assert_eq!(rows(&scene, "SELECT DISTINCT pages FROM answers ORDER BY 1"), ["3", "5"]);
    assert_rebuilt_the_same(&scene);
    // A heart fewer, and the last page is gone: what was on it is no question any more.
    scene.wait(8 * DAY);
    let listener = |nth: usize| format!("friend-{nth:03}");
    assert!(rows(&scene, "SELECT name FROM listed WHERE kind = 'account'").contains(&listener(119)));
    let report = run_as(&scene, &asker(&scene, true), &options, &Arc::default()).0;
    assert_eq!((report.asked, report.answers.unchanged), (8, 8));
}

#[test]
fn charts_that_do_not_say_of_which_week_they_are_count_for_the_one_that_was_asked() {
    let plays = [NOW - 30 * DAY, NOW - 29 * DAY].map(|at| Play::new(at, "Mira Vale", "Song"));
    let mut world = World::of("ann");
    world.listener().extend(plays);
    let rules = Rules { nameless_weeks: true, ..Rules::default() };
    let scene = scene_in(Config { rules, ..Config::new(world) });
    let options = Options { only: vec![Call::Weeks, Call::WeekOfArtists], ..Options::default() };
    let report = run_as(&scene, &asker(&scene, true), &options, &Arc::default()).0;
    assert_eq!((report.answers.contradictions, report.left), (0, 0));
    let charts = "SELECT count(*) > 0, sum(listed.plays) FROM answers JOIN listed ON answer_id = answers.id
                   WHERE method = 'user.getWeeklyArtistChart' AND asked GLOB 'from=*&to=*'";
    assert_eq!(rows(&scene, charts), ["1|2"]);
}

#[test]
fn weeks_are_those_in_which_the_account_was_heard() {
    let plays = [NOW - 300 * DAY, NOW - 280 * DAY, NOW - DAY].map(|at| Play::new(at, "Mira Vale", "Song"));
    let scene = scene_of(plays);
    let options = Options { only: Call::named("user.getWeeklyArtistChart"), ..Options::default() };
    let ask = || run_as(&scene, &asker(&scene, true), &options, &Arc::default()).0;
    assert_eq!(ask().asked, 0, "nobody knows of any weeks yet");
    let both = Options { only: vec![Call::Weeks, Call::WeekOfArtists], ..Options::default() };
    let report = run_as(&scene, &asker(&scene, true), &both, &Arc::default()).0;
    // From the week of the first play to the last week that is over.
    assert!((42..=44).contains(&report.asked), "{}", report.asked);
    let (from, to) = (NOW - 301 * DAY, NOW);
    let within = format!(
        "SELECT count(*) FROM answers WHERE asked GLOB 'from=*&to=*' AND told_at BETWEEN {from} AND {to} + 1000"
    );
    assert_eq!(rows(&scene, &within), [(report.asked - 1).to_string()]);
    assert_eq!(ask().asked, 0);
}
