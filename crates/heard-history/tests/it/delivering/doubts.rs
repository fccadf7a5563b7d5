//! Listens over which the service fails, without saying anything about them.

use super::*;

const FAILS: Fault = Fault::Refusal { code: 8, status: 500, retry_after: None };
const TEN_MINUTES: i64 = 600;

/// So many listens, of which the service fails over these.
fn poisoned(count: i64, places: &[usize]) -> Vec<Listen> {
    let mut all = listens(count);
    for place in places {
        all[*place].track.title = "poison".to_owned();
    }
    all
}

impl Desk {
    fn fails_over_poison(&self, fault: Fault) {
        self.fake.fail(When::Track("poison".into()), fault);
    }

    /// Runs so often, with so many seconds between.
    fn runs(&self, count: u32, seconds: i64) -> Vec<Report> {
        (0..count)
            .map(|_| {
                self.wait(seconds);
                self.run()
            })
            .collect()
    }
}

fn requests(reports: &[Report]) -> u64 {
    reports.iter().map(|report| report.requests).sum()
}

#[test]
fn others_pass_and_the_one_to_blame_is_found() {
    let all = poisoned(200, &[3]);
    for fault in [FAILS, Fault::Refusal { code: 11, status: 503, retry_after: None }, Fault::Html { status: 502 }] {
        let desk = Desk::lastfm();
        desk.add(&all);
        desk.fails_over_poison(fault);
        let first = desk.run();
        assert_eq!((first.accepted, first.set_aside, first.counts.waiting), (199, 1, 1), "{first:?}");
        assert!(first.requests <= 5 + 3 + 2 * 6 + 7, "{first:?}");
        assert!(first.stopped.is_none() && !first.is_complete());
        assert_eq!(desk.agreed().len(), 199);
        let order: Vec<_> = desk.fake.writes().iter().map(|write| write.rows.len()).take(10).collect();
        assert_eq!(order, [50, 50, 50, 50, 50, 50, 50, 50, 50, 50], "five tries, the others, and the first one again");
        assert_eq!(desk.run().requests, 0, "for two hours it is left alone");
        // What comes later is not held up by it, and it does not spoil what comes later.
        let later: Vec<_> = (0..60).map(|n| listen("Later", &format!("{n}"), NOW + n)).collect();
        desk.add(&later);
        let third = desk.runs(1, DAY).remove(0);
        assert_eq!((third.accepted, third.set_aside, third.requests), (60, 1, 2 + 2), "{third:?}");
    }
}

#[test]
fn a_single_listen_is_parked_only_after_days_in_which_others_were_taken() {
    let desk = Desk::lastfm();
    desk.add(&poisoned(60, &[0]));
    desk.fails_over_poison(FAILS);
    let mut reports = Vec::new();
    let began = desk.clock.now();
    while desk.parked().is_empty() {
        reports.extend(desk.runs(1, 3600));
        assert!(reports.len() < 24 * 14, "{:?}", desk.counts());
    }
    let days = (desk.clock.now() - began) / DAY;
    println!("parked on day {days} after {} requests", requests(&reports));
    assert!((3..=6).contains(&days), "{days} days");
    assert_eq!(desk.parked(), [("poison".to_owned(), Some(8))]);
    assert!(desk.kept.entries(&desk.target(), Some("parked"))[0].attempts >= 16);
    assert!(requests(&reports) <= 60, "{} requests", requests(&reports));
    assert_eq!(desk.agreed().len(), 59);
    // Whoever decides may have it tried again, and it goes like any other.
    desk.fake.fail_no_more();
    let id = desk.kept.entries(&desk.target(), Some("parked"))[0].id;
    assert!(desk.kept.with(|outbox| outbox.retry(id).unwrap()));
    assert!(desk.run().is_complete());
    assert_eq!(desk.agreed().len(), 60);
}

#[test]
fn a_service_that_takes_nothing_parks_nothing() {
    let desk = Desk::lastfm();
    let all = listens(120);
    desk.add(&all);
    desk.fake.fail(When::Writes, FAILS);
    for report in desk.runs(24 * 9, 3600) {
        assert!(matches!(report.stopped, Some(DeliverError::Outage { .. })), "{report:?}");
        assert!(report.requests <= 7, "{report:?}");
        assert_eq!((report.counts.undelivered(), report.set_aside), (120, 0));
    }
    desk.fake.fail_no_more();
    let last = desk.complete();
    assert_eq!((last.len(), requests(&last)), (1, 3), "the batches are as they were, and go at once");
    assert_eq!(desk.agreed(), keys(&all));
}

#[test]
fn a_batch_that_is_alone_is_judged_by_other_questions() {
    let desk = Desk::lastfm();
    desk.add(&poisoned(4, &[2]));
    desk.fails_over_poison(FAILS);
    let reports = desk.runs(3, 3600);
    assert!(matches!(reports[0].stopped, Some(DeliverError::Outage { .. })), "{:?}", reports[0]);
    assert_eq!((desk.agreed().len(), desk.counts().waiting), (3, 1));
    // A service that answers nothing at all says nothing about the batch.
    let desk = Desk::lastfm();
    desk.add(&poisoned(4, &[2]));
    desk.fake.fail(When::Always, Fault::Html { status: 503 });
    desk.runs(5, 3600);
    desk.fake.fail_no_more();
    assert!(desk.run().is_complete());
    assert_eq!((desk.requests(), desk.agreed().len()), (5 * 5 + 1, 4));
}

#[test]
fn several_to_blame_and_a_line_that_breaks_over_them() {
    let desk = Desk::lastfm();
    let places = [3, 4, 77, 160];
    desk.add(&poisoned(200, &places));
    desk.fails_over_poison(Fault::Reset);
    let reports = desk.runs(12, 1800);
    assert_eq!(desk.agreed().len(), 196, "{:?}", desk.counts());
    assert_eq!(desk.counts().undelivered(), 4);
    println!("{} requests for 200 listens with four to blame", requests(&reports));
    desk.fake.fail_no_more();
    desk.complete();
    assert_eq!(desk.agreed().len(), 200);
}

#[test]
fn listenbrainz_is_no_other() {
    let desk = Desk::listenbrainz();
    desk.add(&poisoned(2_500, &[1_200]));
    desk.fake.fail(When::Track("poison".into()), Fault::NoBody { status: 500, retry_after: None });
    desk.runs(4, TEN_MINUTES);
    assert_eq!((desk.agreed().len(), desk.counts().undelivered()), (2_499, 1));
}
