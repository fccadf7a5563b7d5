//! Asking what the service has, before that is sent again of which nobody knows whether it arrived.

use fakefm::Play;
use heard_history::deliver::{Options, deliver_with};

use super::*;

impl Desk {
    fn run_reading_back(&self) -> Report {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (target, connection) = (self.target(), self.connection());
        let options = Options { read_back: true };
        self.kept.with(|outbox| {
            let stop = StopSign::default();
            let mut watch = |_: &Report| {};
            runtime.block_on(deliver_with(outbox, &target, &connection, options, &stop, &mut watch)).unwrap()
        })
    }

    /// Moments of each request that wrote, or tried to.
    fn written(&self) -> Vec<usize> {
        self.fake.writes().iter().map(|write| write.rows.len()).collect()
    }

    fn read_back(&self) -> usize {
        let entries = self.kept.entries(&self.target(), Some("accepted"));
        entries.iter().filter(|entry| entry.is_read_back).count()
    }
}

#[test]
fn what_arrived_is_not_sent_again() {
    for brainz in [false, true] {
        let desk = if brainz { Desk::listenbrainz() } else { Desk::lastfm() };
        let all = listens(if brainz { 1_100 } else { 120 });
        desk.add(&all);
        desk.fake.fail_times(When::Writes, Fault::lost_answer(), 1);
        let report = desk.run_reading_back();
        assert!(report.is_complete() && report.accepted == all.len() as u64, "{report:?}");
        assert_eq!(desk.written(), if brainz { vec![1000, 100] } else { vec![50, 50, 20] });
        assert_eq!(desk.read_back(), if brainz { 1000 } else { 50 });
        assert_eq!(desk.agreed(), keys(&all));
        let seen = desk.kept.entries(&desk.target(), None).remove(0);
        assert!(seen.is_read_back && seen.settled_at.is_some() && seen.fate == Fate::Accepted);
        assert_eq!(desk.kept.with(|outbox| outbox.answer(seen.id).unwrap()), None);
    }
}

#[test]
fn only_the_rest_of_a_batch_goes_again() {
    let desk = Desk::lastfm();
    let all = listens(70);
    desk.add(&all);
    for listen in &all[10..30] {
        let play = Play::new(listen.played_at, listen.track.artist.to_uppercase(), &*listen.track.title);
        desk.fake.world().listener().add(&play);
    }
    // Before it is written; and then the service cannot be asked at first.
    desk.fake.fail_times(When::Writes, Fault::Reset, 1);
    desk.fake.fail_times(When::Method("user.getrecenttracks".into()), Fault::Html { status: 502 }, 2);
    let report = desk.run_reading_back();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!((desk.written(), desk.read_back()), (vec![50, 30, 20], 20));
    assert_eq!(desk.held().len(), 70);
}

#[test]
fn without_being_asked_for_nothing_is_read() {
    let desk = Desk::lastfm();
    desk.add(&listens(60));
    desk.fake.fail_times(When::Writes, Fault::lost_answer(), 1);
    assert!(desk.run().is_complete());
    assert_eq!((desk.written(), desk.read_back()), (vec![50, 50, 10], 0));
    assert_eq!(desk.fake.stats().requests, 3);
    // And what was never sent is not asked for.
    let desk = Desk::lastfm();
    desk.add(&listens(60));
    assert!(desk.run_reading_back().is_complete());
    assert_eq!(desk.fake.stats().requests, 2);
}
