//! Collecting from GNU FM, which tells less than Last.fm: no totals, pages of everything, error 7 for nothing.

use fakefm::{Config, Fault, Play, When, World};
use heard_history::collect::{CollectError, Options};
use heard_history::listen::{Service, Span};
use heard_history::normalise::page::{Asked, Refusal, closed_by, read_page};
use serde_json::json;

use crate::scene::{DAY, NOW, Scene, brief};

fn scene(plays: impl IntoIterator<Item = Play>, size: u64) -> Scene {
    let mut world = World::of("ann");
    world.listener().extend(plays);
    world.listener().set_now_playing(Some(&Play::new(0, "A", "Sounding")));
    let mut config = Config::new(world);
    config.rules.gnu_fm = true;
    config.rules.writing.secret = None;
    Scene::at(Service::Librefm, config, size)
}

fn daily(plays: i64) -> impl Iterator<Item = Play> {
    (1..=plays).map(|n| Play::new(NOW - n * DAY, "A", format!("T{n}")))
}

#[test]
fn everything_is_collected_and_the_count_proves_it() {
    for plays in [1, 19, 20, 21, 95] {
        let scene = scene(daily(plays), 20);
        let report = scene.run();
        assert!(report.is_complete(), "{plays}: {}", brief(&report));
        assert_eq!(report.service_total, Some(plays.unsigned_abs()), "a page of one row tells how many there are");
        assert_eq!(scene.stored(), scene.remote());
        let digest = scene.digest();
        scene.rebuild();
        assert_eq!(scene.digest(), digest);
    }
}

#[test]
fn what_is_new_is_read_and_what_came_late_is_found() {
    let scene = scene(daily(95), 20);
    assert!(scene.run().is_complete());
    scene.wait(2 * DAY);
    scene.fake.world().listener().add(&Play::new(NOW + DAY, "New", "T"));
    scene.fake.world().listener().add(&Play::new(NOW - 80 * DAY - 7, "Imported", "T"));
    let report = scene.run();
    assert!(report.is_complete(), "{}", brief(&report));
    assert_eq!(scene.stored(), scene.remote());
}

#[test]
fn a_second_with_more_plays_than_a_page_is_read_in_pages() {
    for crowd in [20, 45, 60] {
        let crowded = (0..crowd).map(|n| Play::new(NOW - 3 * DAY, "Crowd", format!("T{n}")));
        let scene = scene(daily(30).chain(crowded), 20);
        let report = scene.run();
        assert!(report.is_complete(), "{crowd}: {}", brief(&report));
        assert_eq!(scene.stored(), scene.remote());
    }
}

#[test]
fn an_account_without_listens_is_complete_and_one_that_there_is_not_is_told() {
    let empty = scene([], 20);
    assert!(empty.run().is_complete());
    let mut config = Config::new(World::of("bob"));
    config.rules.gnu_fm = true;
    let report = Scene::at(Service::Librefm, config, 20).run();
    assert!(matches!(report.stopped, Some(CollectError::NoAccount)), "{:?}", report.stopped);
}

#[test]
fn faults_are_borne_and_a_part_of_time_is_proven() {
    let scene = scene(daily(95), 20);
    for nth in [2, 4, 7] {
        scene.fake.fail(When::Requests(nth..nth + 1), Fault::Html { status: 502 });
    }
    scene.fake.fail(When::Requests(5..6), Fault::CutText);
    let range = Span::new(NOW - 60 * DAY, NOW - 30 * DAY);
    let report = scene.run_as(&Options { range, ..scene.options }, &std::sync::Arc::default());
    assert!(report.is_complete(), "{}", brief(&report));
    assert!(scene.run().is_complete());
    assert_eq!(scene.stored(), scene.remote());
}

#[test]
fn a_page_is_whole_where_it_has_room() {
    let row = |at: i64| json!({"artist": {"#text": "A"}, "name": "T", "date": {"uts": at.to_string()}});
    let wanted = Span::new(5, 100);
    let claim = |seconds: &[i64], limit: u64, page: u64| {
        let asked = Asked { page, ..Asked::stretch(Service::Librefm, "ann", wanted, limit) };
        let rows: Vec<_> = seconds.iter().map(|at| row(*at)).collect();
        let (page, per_page) = (page.to_string(), limit.to_string());
        let attr = json!({"user": "Ann", "page": page, "perPage": per_page, "totalPages": "77", "total": "999"});
        let body = json!({"recenttracks": {"track": rows, "@attr": attr}}).to_string();
        read_page(Service::Librefm, &asked, body.as_bytes()).map(|page| (closed_by(&page, wanted), page.total))
    };
    assert_eq!(claim(&[90, 80], 3, 1).unwrap(), (wanted, Some(2)), "pages and total are of everything");
    assert_eq!(claim(&[90, 80, 70], 3, 1).unwrap(), (Span::new(71, 100), None));
    assert_eq!(claim(&[90], 3, 2).unwrap().1, Some(4), "with the page before it");
    assert!(matches!(claim(&[90, 80, 70, 60], 3, 1), Err(Refusal::Count { expected: 3, got: 4 })));
    assert!(matches!(claim(&[70, 80], 3, 1), Err(Refusal::Order { row: 1 })));
    assert!(matches!(claim(&[101], 3, 1), Err(Refusal::Outside { row: 0 })));
    let asked = Asked::stretch(Service::Librefm, "ann", wanted, 50);
    let none = br##"{"error":{"#text":"Invalid resource specified","code":"7"}}"##;
    assert_eq!(read_page(Service::Librefm, &asked, none).unwrap().total, Some(0));
    assert!(read_page(Service::Lastfm, &asked, none).is_err(), "at Last.fm it means something else");
    assert!(read_page(Service::Librefm, &asked, br#"{"error":8,"message":"m"}"#).is_err());
}
