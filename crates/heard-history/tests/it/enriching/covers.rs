//! Covers: each address once, equal pictures as one file, and nothing that a stranger's address may do harm with.
#![allow(clippy::disallowed_methods, reason = "files that are to be damaged need no safety")]

use std::cell::Cell;
use std::fs;
use std::sync::Arc;

use fakefm::{Config, Cover, Fault, Play, When, World};
use heard_api::{ClientOptions, Credentials, Pacer, PictureClient, Rate};
use heard_history::archive::{CoverFile, Covers, Purpose};
use heard_history::collect::{CollectError, StopSign};
use heard_history::enrich::{Asker, Call, CoverReport, Options, Report};
use heard_history::extract::extract;
use heard_history::facts::NoPicture;
use heard_history::store::cover_of_album;
use heard_history::verify::{self, Verified};
use heard_history::zone::Zone;

use super::{asker, assert_rebuilt_the_same, only, rows, run_with, scene_in};
use crate::scene::{CANARY_KEY, CANARY_SECRET, NOW, Scene};

const DAY: i64 = 86_400;

/// Albums, each heard once less than the one before, and what lies where their covers should.
fn scene_of(covers: &[(&str, Option<Cover>)]) -> Scene {
    let mut world = World::of("ann");
    let mut at = NOW - 1_000_000;
    for (nth, (title, cover)) in covers.iter().enumerate() {
        for time in 0..covers.len() - nth {
            at += 300;
            world.listener().add(&Play::new(at, "Mira Vale", format!("{title} {time}")).on(*title));
        }
        if let Some(cover) = cover {
            world.set_cover("Mira Vale", title, cover.clone());
        }
    }
    scene_in(Config { own_pictures: true, ..Config::new(world) })
}

/// A way to pictures, as a process of its own has it. The keys in it must never be sent.
fn pictures(scene: &Scene) -> PictureClient {
    pictures_below(scene, &scene.fake.url(), |_| {})
}

fn pictures_below(scene: &Scene, root: &str, change: impl FnOnce(&mut ClientOptions)) -> PictureClient {
    let pacer = Pacer::new(scene.rate, scene.clock.clone());
    let mut options = ClientOptions::new(root, Credentials::key(CANARY_KEY), pacer);
    change(&mut options);
    PictureClient::new(&options).unwrap()
}

fn options() -> Options {
    only(&[Call::AlbumInfo])
}

fn run_to(scene: &Scene, pictures: &PictureClient, options: &Options) -> Report {
    let report = run_with(scene, Some(pictures), &asker(scene, false), options, &Arc::default()).0;
    assert!(report.damage.is_empty() && report.unread.is_empty(), "{report:?}");
    report
}

/// One run that asks about albums and fetches their covers.
fn run(scene: &Scene) -> CoverReport {
    let report = run_to(scene, &pictures(scene), &options());
    assert!(report.stopped.is_none(), "{report:?}");
    report.covers
}

fn asked_for(scene: &Scene) -> u64 {
    scene.fake.stats().by_method.get("picture").copied().unwrap_or_default()
}

fn shelf(scene: &Scene) -> Covers {
    Covers::of(&scene.home())
}

fn covers(scene: &Scene, columns: &str) -> Vec<String> {
    rows(scene, &format!("SELECT {columns} FROM covers ORDER BY address"))
}

fn verified(scene: &Scene) -> Verified {
    let home = scene.home();
    let lock = home.lock().unwrap();
    verify::verify(&home, &lock, &Zone::utc(), true).unwrap()
}

/// What verifying says of covers.
fn found(scene: &Scene) -> Vec<String> {
    let of_covers = |finding: &verify::Finding| finding.path.to_string_lossy().contains("covers");
    let mut found = verified(scene).findings;
    found.retain(of_covers);
    found.into_iter().map(|finding| finding.what).collect()
}

#[test]
fn covers_are_fetched_once_and_kept_by_their_content() {
    let scene = scene_of(&[("Doors", Some(Cover::Painted(7))), ("Windows", Some(Cover::Painted(7))), ("Stairs", None)]);
    let report = run(&scene);
    let wanted = CoverReport { asked: 3, kept: 3, ..CoverReport::default() };
    assert_eq!(report, wanted);
    let files = shelf(&scene).list().unwrap();
    assert_eq!(files.len(), 2, "equal bytes are one file: {files:?}");
    assert!(files.iter().all(|file| matches!(file, CoverFile::Named { .. })));
    let kept = covers(&scene, "none, form, bytes > 60, width, height");
    assert_eq!(kept, ["-|png|1|8|8"; 3]);
    let names = rows(&scene, "SELECT artist, album, count(*) OVER (PARTITION BY sha256) FROM album_covers ORDER BY 2");
    assert_eq!(names, ["Mira Vale|Doors|2", "Mira Vale|Stairs|1", "Mira Vale|Windows|2"]);
    let doors = cover_of_album(&scene.home().database(), "Mira Vale", "Doors").unwrap().unwrap();
    assert_eq!(shelf(&scene).read(&doors).unwrap().len() as u64, doors.bytes);
    assert_eq!(cover_of_album(&scene.home().database(), "Mira Vale", "Roofs").unwrap(), None);

    assert_eq!(run(&scene), CoverReport::default(), "what is kept is not asked for again");
    assert_eq!(asked_for(&scene), 3);
    assert_rebuilt_the_same(&scene);
    let verified = verified(&scene);
    assert_eq!((verified.covers, verified.unnamed_covers), (2, 0));
    assert_eq!(found(&scene), [""; 0]);
}

#[test]
fn the_archive_tells_what_was_asked_and_what_came() {
    let scene = scene_of(&[("Doors", None), ("Windows", Some(Cover::Gone))]);
    run(&scene);
    let envelopes = scene.envelopes();
    let of_covers: Vec<_> = envelopes.iter().filter(|kept| kept.purpose == Purpose::Cover).collect();
    assert_eq!(of_covers.len(), 2);
    let mut bodies: Vec<&str> = of_covers.iter().map(|kept| std::str::from_utf8(&kept.body).unwrap()).collect();
    bodies.sort_unstable();
    assert!(bodies[0].starts_with(r#"{"content_type":"image/png","outcome":{"kept":{"sha256":""#), "{bodies:?}");
    assert_eq!(bodies[1], r#"{"content_type":"text/html; charset=UTF-8","outcome":{"none":"missing"}}"#);
    for kept in of_covers {
        assert_eq!(kept.method, "heard.cover");
        assert!(kept.params[0].0 == "address" && kept.params[0].1.starts_with("http://127.0.0.1"), "{:?}", kept.params);
    }
}

#[test]
fn without_the_wish_no_picture_is_asked_for() {
    let scene = scene_of(&[("Doors", None)]);
    super::complete(&scene, &options());
    assert_eq!(asked_for(&scene), 0);
    assert!(!shelf(&scene).is_there());
    assert_eq!(covers(&scene, "*"), [""; 0]);
}

#[test]
fn the_picture_that_stands_for_none_is_not_asked_for() {
    let elsewhere = |scene: &Scene| {
        let root = scene.fake.url().replace("/2.0/", "/i/u/300x300/2a96cbd8b46e442fc41c2b86b821562f.png");
        Cover::Elsewhere(root)
    };
    let scene = scene_of(&[("Doors", Some(Cover::Star)), ("Windows", None)]);
    let cover = elsewhere(&scene);
    scene.fake.world().set_cover("Mira Vale", "Windows", cover);
    assert_eq!(run(&scene), CoverReport { asked: 1, none: 1, ..CoverReport::default() });
    let arrivals = scene.fake.arrivals();
    assert!(arrivals.iter().all(|arrival| !arrival.path.contains("2a96cbd8b46e442fc41c2b86b821562f")));
    assert_eq!(covers(&scene, "none, sha256"), ["missing|-"], "a redirect to it leads nowhere");
    assert!(!shelf(&scene).is_there());
}

#[test]
fn that_there_is_none_is_an_answer_and_grows_old_by_itself() {
    let scene = scene_of(&[
        ("Doors", Some(Cover::Gone)),
        ("Windows", Some(Cover::Page)),
        ("Stairs", Some(Cover::Huge(PictureClient::LARGEST))),
        ("Roofs", None),
    ]);
    assert_eq!(run(&scene), CoverReport { asked: 4, kept: 1, none: 3, ..CoverReport::default() });
    let mut reasons = covers(&scene, "none");
    reasons.sort();
    assert_eq!(reasons, ["-", "missing", "not-a-picture", "too-large"]);
    assert_rebuilt_the_same(&scene);

    scene.wait(59 * DAY);
    assert_eq!(run(&scene).asked, 0);
    scene.fake.world().set_cover("Mira Vale", "Doors", Cover::Painted(3));
    scene.wait(2 * DAY);
    assert_eq!(run(&scene), CoverReport { asked: 3, kept: 1, none: 2, ..CoverReport::default() });
    // What is there is asked for again after half a year, and stays where its host has lost it.
    scene.fake.world().set_cover("Mira Vale", "Roofs", Cover::Gone);
    let before = covers(&scene, "address, sha256");
    scene.wait(120 * DAY);
    let report = run(&scene);
    assert_eq!((report.asked, report.none), (3, 3), "{report:?}");
    assert_eq!(covers(&scene, "address, sha256"), before);
    assert_eq!(rows(&scene, "SELECT count(*) FROM album_covers"), ["2"]);
    assert_rebuilt_the_same(&scene);
}

#[test]
fn addresses_of_private_networks_are_closed() {
    let scene = scene_of(&[("Doors", None), ("Windows", Some(Cover::Named("file:///etc/passwd".into())))]);
    // The service is somewhere else, so what it names on this machine is none of its business.
    let strict = pictures_below(&scene, "https://service.invalid/2.0/", |_| {});
    let report = run_to(&scene, &strict, &options());
    assert_eq!(report.covers, CoverReport { asked: 2, none: 2, ..CoverReport::default() });
    assert_eq!(asked_for(&scene), 0, "nothing was knocked at");
    assert_eq!(covers(&scene, "none"), [NoPicture::Forbidden.name(); 2]);
}

#[test]
fn redirects_are_followed_a_little() {
    let scene = scene_of(&[("Doors", None), ("Windows", None), ("Stairs", None)]);
    let place = |title: &str| {
        let address = |file: String| scene.fake.url().replace("2.0/", &format!("i/u/300x300/{file}"));
        address(format!("{title}.jpg"))
    };
    for (title, to) in [("Doors", place("anything")), ("Windows", "ftp://127.0.0.1/x.jpg".into())] {
        scene.fake.world().set_cover("Mira Vale", title, Cover::Elsewhere(to));
    }
    // Round and round.
    run_to(&scene, &pictures(&scene), &Options { limit: Some(3), ..options() });
    let named = rows(&scene, "SELECT about.cover FROM about WHERE title = 'Stairs'");
    scene.fake.world().set_cover("Mira Vale", "Stairs", Cover::Elsewhere(named[0].clone()));
    assert_eq!(run(&scene), CoverReport { asked: 3, kept: 1, none: 2, ..CoverReport::default() });
    assert_eq!(asked_for(&scene), 1 + 1 + 1 + 4, "one, one further, none, and four times round");
}

#[test]
fn keys_stay_at_home() {
    let scene = scene_of(&[("Doors", None), ("Windows", Some(Cover::Gone))]);
    run(&scene);
    let arrivals = scene.fake.arrivals();
    let of_pictures: Vec<_> = arrivals.iter().filter(|arrival| arrival.path.starts_with("/i/u/")).collect();
    assert_eq!(of_pictures.len(), 2);
    for arrival in of_pictures {
        let text = format!("{arrival:?}");
        assert!(!text.contains(CANARY_KEY) && !text.contains(CANARY_SECRET) && arrival.query.is_empty(), "{text}");
        for header in ["authorization", "cookie", "referer"] {
            assert_eq!(arrival.header(header), None);
        }
    }
    for path in scene.files() {
        let bytes = fs::read(&path).unwrap();
        assert!(memchr::memmem::find(&bytes, CANARY_KEY.as_bytes()).is_none(), "{}", path.display());
    }
}

#[test]
fn pictures_have_turns_of_their_own_and_never_more_than_five_a_second() {
    let titles: Vec<String> = (0..30).map(|nth| format!("Album {nth}")).collect();
    let albums: Vec<(&str, Option<Cover>)> = titles.iter().map(|title| (title.as_str(), None)).collect();
    let mut scene = scene_of(&albums);
    scene.rate = Rate::PerSecond(5.0);
    scene.wait(1);
    assert_eq!(run(&scene).kept, 30);
    let log = scene.fake.log();
    let at: Vec<i64> = log.iter().filter(|it| it.method == "picture").map(|it| it.at_ms).collect();
    assert_eq!(at.len(), 30);
    assert!(at.windows(8).all(|window| window[7] - window[0] >= 1_000), "{at:?}");
}

#[test]
fn what_fails_is_asked_for_again_and_a_closed_host_keeps_nobody_waiting() {
    let scene = scene_of(&[
        ("Doors", Some(Cover::Named("http://127.0.0.1:1/a.jpg".into()))),
        ("Windows", Some(Cover::Named("http://127.0.0.1:1/b.jpg".into()))),
        ("Stairs", None),
        ("Roofs", None),
    ]);
    let picture = || When::Method("picture".into());
    scene.fake.fail_times(picture(), Fault::NoBody { status: 503, retry_after: None }, 1);
    scene.fake.fail_times(picture(), Fault::CutConnection, 1);
    scene.fake.fail_times(picture(), Fault::NoBody { status: 429, retry_after: Some(30) }, 1);
    let report = run(&scene);
    assert_eq!((report.asked, report.kept, report.left), (4, 2, 2), "{report:?}");
    assert_eq!(report.waiting.len(), 2);
    assert_eq!(asked_for(&scene), 5);
    assert_eq!(covers(&scene, "none"), ["-", "-"], "no answer is none");
    // The same again, as soon as somebody asks.
    assert_eq!(run(&scene).waiting.len(), 2);
}

#[test]
fn stopped_at_any_moment_it_goes_on() {
    let titles: Vec<String> = (0..12).map(|nth| format!("Album {nth}")).collect();
    let albums: Vec<(&str, Option<Cover>)> = titles.iter().map(|title| (title.as_str(), None)).collect();
    let whole = scene_of(&albums);
    assert_eq!(run(&whole).kept, 12);
    let scene = scene_of(&albums);
    let mut stops = 0;
    for round in 0..200_u64 {
        let stop = Arc::new(StopSign::default());
        let sign = Arc::clone(&stop);
        let mut left = 1 + round % 3;
        scene.fake.set_hook(Some(Box::new(move |_, _| {
            left = left.saturating_sub(1);
            if left == 0 {
                sign.raise();
            }
        })));
        let asker: Asker = asker(&scene, false);
        let report = run_with(&scene, Some(&pictures(&scene)), &asker, &options(), &stop).0;
        match report.stopped {
            Some(CollectError::Interrupted) => stops += 1,
            Some(error) => panic!("{error}"),
            None => break,
        }
    }
    scene.fake.set_hook(None);
    assert!(stops > 5, "{stops} stops");
    assert_eq!(run(&scene), CoverReport::default());
    // The two services lie at different ports, and so do their covers.
    assert_eq!(covers(&scene, "sha256 IS NOT NULL"), covers(&whole, "sha256 IS NOT NULL"));
    assert_rebuilt_the_same(&scene);
    assert_eq!(found(&scene), [""; 0]);
}

#[test]
fn bounds_count_covers_too() {
    let scene = scene_of(&[("Doors", None), ("Windows", None), ("Stairs", None)]);
    let report = run_to(&scene, &pictures(&scene), &Options { limit: Some(4), ..options() });
    assert_eq!((report.asked, report.covers.asked, report.covers.left), (3, 1, 2));
    let doors = cover_of_album(&scene.home().database(), "Mira Vale", "Doors").unwrap();
    assert!(doors.is_some(), "the most heard comes first");
    let few = Options { min_plays: 2, ..options() };
    let report = run_to(&scene, &pictures(&scene), &few);
    assert_eq!((report.covers.asked, report.covers.left), (1, 0), "one of the two was heard once");
    assert_eq!(run(&scene).asked, 1);
}

/// Whoever is killed between the picture and its envelope leaves a file that nobody names.
#[test]
fn a_file_without_an_envelope_does_no_harm_and_is_used() {
    let scene = scene_of(&[("Doors", None), ("Windows", None)]);
    run(&scene);
    let other = scene_of(&[("Doors", None), ("Windows", None)]);
    let copied = Cell::new(0);
    for file in shelf(&scene).list().unwrap() {
        let to = other.home().archive().join(file.path().strip_prefix(scene.home().archive()).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        // One is whole, the other was being written.
        let bytes = fs::read(file.path()).unwrap();
        if copied.replace(copied.get() + 1) == 0 {
            fs::write(to, bytes).unwrap();
        } else {
            fs::write(format!("{}.new", to.display()), &bytes[..9]).unwrap();
        }
    }
    let before = verified(&other);
    assert_eq!((before.covers, before.unnamed_covers), (0, 2), "{before:?}");
    assert_eq!(found(&other), [""; 0]);
    assert_eq!(run(&other).kept, 2);
    let after = verified(&other);
    assert_eq!((after.covers, after.unnamed_covers), (2, 0), "{after:?}");
    assert_eq!(found(&other), [""; 0]);
    assert_rebuilt_the_same(&other);
}

#[test]
fn verifying_finds_what_is_changed_or_missing_and_fetching_mends_it() {
    let scene = scene_of(&[("Doors", None), ("Windows", None), ("Stairs", None)]);
    run(&scene);
    let files = shelf(&scene).list().unwrap();
    let mut bytes = fs::read(files[0].path()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(files[0].path(), &bytes).unwrap();
    fs::remove_file(files[1].path()).unwrap();
    fs::write(scene.home().archive().join("covers/note.txt"), b"x").unwrap();
    let found_of = found(&scene);
    assert_eq!(found_of.len(), 3, "{found_of:?}");
    for part in ["its bytes are not those", "it is missing; heard enrich --covers", "does not belong to the archive"] {
        assert_eq!(found_of.iter().filter(|what| what.contains(part)).count(), 1, "{part}: {found_of:?}");
    }
    assert_eq!(run(&scene).asked, 1, "the one that is missing");
    fs::remove_file(files[0].path()).unwrap();
    fs::remove_file(scene.home().archive().join("covers/note.txt")).unwrap();
    assert_eq!(run(&scene).asked, 1, "the one that was deleted for being damaged");
    assert_eq!(found(&scene), [""; 0]);
}

#[test]
fn covers_are_extracted_by_their_names() {
    let scene = scene_of(&[("Doors", None), ("Windows", Some(Cover::Gone)), ("../Up", None)]);
    run(&scene);
    let to = tempfile::tempdir().unwrap();
    let extracted = extract(&scene.home(), to.path()).unwrap();
    assert_eq!((extracted.files, extracted.covers), (3, 2));
    let mut names: Vec<String> = fs::read_dir(to.path().join("covers/Mira Vale"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["%2E%2E%2FUp.png", "Doors.png"]);
    for name in names {
        assert!(fs::read(to.path().join("covers/Mira Vale").join(name)).unwrap().starts_with(b"\x89PNG"));
    }
    for file in shelf(&scene).list().unwrap() {
        fs::remove_file(file.path()).unwrap();
    }
    let extracted = extract(&scene.home(), to.path()).unwrap();
    assert_eq!((extracted.files, extracted.covers, extracted.damage.len()), (3, 0, 2));
}
