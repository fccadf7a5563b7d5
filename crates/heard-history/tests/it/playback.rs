//! When a play becomes a scrobble: what players tell, in tables, and what follows.

use std::time::Duration;

use fastrand::Rng;
use heard_history::listen::Track;
use heard_history::playback::{Event, Finished, LONGEST_SILENCE, Moment, Playback, Signal};

use crate::seeds;

/// When the monotonic clock of these tables shows 0.
const BEGAN: i64 = 1_700_000_000;

fn track(name: &str, length_s: u64) -> Track {
    let mut track = Track::new("The Invented", name);
    track.length_ms = (length_s > 0).then_some(length_s * 1000);
    track
}

/// `begin NAME LENGTH`, `sound NAME LENGTH [POSITION]`, `pause`, `stop`, `tick`; times and lengths in seconds.
fn signal(text: &str) -> Signal {
    let words: Vec<&str> = text.split(' ').collect();
    let number = |at: usize| words.get(at).map(|word| word.parse::<u64>().unwrap());
    match words[0] {
        "begin" => Signal::Began(track(words[1], number(2).unwrap())),
        "sound" => Signal::Sounds {
            track: track(words[1], number(2).unwrap()),
            position_ms: number(3).map(|seconds| seconds * 1000),
        },
        "pause" => Signal::Paused,
        "stop" => Signal::Stopped,
        "tick" => Signal::Tick,
        other => panic!("{other} is no signal"),
    }
}

fn told(event: Event) -> String {
    match event {
        Event::NowPlaying(track) => format!("now {}", track.title),
        Event::Counts(listen) => format!("counts {} from {}", listen.track.title, listen.played_at - BEGAN),
        Event::Finished(Finished { track, started_at, ms_played, counts }) => {
            let end = if counts { "counted" } else { "did not count" };
            format!("{} from {} for {} s {end}", track.title, started_at - BEGAN, ms_played / 1000)
        }
    }
}

fn moment(seconds: u64) -> Moment {
    Moment { unix_seconds: BEGAN + seconds.cast_signed(), monotonic: Duration::from_secs(seconds) }
}

/// Tells what stands in `script`, and ticks once a second in between, as a watcher does.
fn run(script: &[(u64, &str)]) -> Vec<String> {
    let mut playback = Playback::new();
    let mut events = Vec::new();
    let mut now = 0;
    for (at, text) in script {
        while now < *at {
            events.extend(playback.tell(Signal::Tick, moment(now)));
            now += 1;
        }
        events.extend(playback.tell(signal(text), moment(*at)));
    }
    events.into_iter().map(told).collect()
}

#[test]
fn half_of_the_track_or_four_minutes() {
    for (script, expected) in [
        // Half of it.
        (&[(0, "begin a 200"), (99, "stop")][..], &["now a", "a from 0 for 99 s did not count"][..]),
        (&[(0, "begin a 200"), (100, "stop")], &["now a", "counts a from 0", "a from 0 for 100 s counted"]),
        (&[(0, "begin a 200"), (150, "stop")], &["now a", "counts a from 0", "a from 0 for 150 s counted"]),
        // Four minutes of a long one.
        (&[(0, "begin a 3600"), (239, "stop")], &["now a", "a from 0 for 239 s did not count"]),
        (&[(0, "begin a 3600"), (240, "tick")], &["now a", "counts a from 0"]),
        // Thirty seconds are too short, however often they sound.
        (&[(0, "begin a 30"), (300, "stop")], &["now a", "a from 0 for 300 s did not count"]),
        (&[(0, "begin a 31"), (16, "tick")], &["now a", "counts a from 0"]),
        // An unknown length: four minutes.
        (&[(0, "begin a 0"), (239, "stop")], &["now a", "a from 0 for 239 s did not count"]),
        (&[(0, "begin a 0"), (240, "stop")], &["now a", "counts a from 0", "a from 0 for 240 s counted"]),
        // The length is learned late.
        (&[(0, "sound a 0"), (20, "sound a 100"), (50, "tick")], &["now a", "now a", "counts a from 0"]),
        (&[(0, "sound a 0"), (80, "sound a 100")], &["now a", "now a", "counts a from 0"]),
    ] {
        assert_eq!(run(script), expected, "{script:?}");
    }
}

#[test]
fn only_what_sounds_is_played() {
    for (script, expected) in [
        // Pauses add nothing, and going on is worth telling.
        (
            &[(0, "begin a 200"), (60, "pause"), (1000, "sound a 200 60"), (1039, "stop")][..],
            &["now a", "now a", "a from 0 for 99 s did not count"][..],
        ),
        (
            &[(0, "begin a 200"), (60, "pause"), (1000, "sound a 200 60"), (1040, "tick")],
            &["now a", "now a", "counts a from 0"],
        ),
        (
            &[(0, "begin a 200"), (60, "pause"), (70, "pause"), (500, "stop")],
            &["now a", "a from 0 for 60 s did not count"],
        ),
        // Seeking forward adds nothing either.
        (&[(0, "sound a 200 0"), (5, "sound a 200 190"), (15, "stop")], &["now a", "a from 0 for 15 s did not count"]),
        // Back to the beginning before it counts: the same play, and what sounded counts.
        (
            &[(0, "sound a 200 0"), (60, "sound a 200 60"), (61, "sound a 200 0"), (100, "tick")],
            &["now a", "counts a from 0"],
        ),
        // A player that was at work before anybody watched: what sounded then is not known.
        (&[(0, "sound a 200 150"), (50, "stop")], &["now a", "a from 0 for 50 s did not count"]),
        // Nothing sounds at all.
        (&[(0, "pause"), (5, "tick"), (9, "stop")], &[]),
    ] {
        assert_eq!(run(script), expected, "{script:?}");
    }
}

#[test]
fn every_repeat_is_a_play() {
    for (script, expected) in [
        // The player tells that it begins again.
        (
            &[(0, "begin a 100"), (100, "begin a 100"), (150, "stop")][..],
            &[
                "now a",
                "counts a from 0",
                "a from 0 for 100 s counted",
                "now a",
                "counts a from 100",
                "a from 100 for 50 s counted",
            ][..],
        ),
        // Its position tells it, at once or at the next look.
        (
            &[(0, "sound a 100 0"), (98, "sound a 100 98"), (101, "sound a 100 1"), (150, "tick")],
            &["now a", "counts a from 0", "a from 0 for 100 s counted", "now a", "counts a from 100"],
        ),
        (
            &[(0, "sound a 100 0"), (90, "sound a 100 90"), (104, "sound a 100 4"), (149, "stop")],
            &["now a", "counts a from 0", "a from 0 for 103 s counted", "now a", "a from 103 for 46 s did not count"],
        ),
        // Looking again at the same beginning is no repeat; nor is a step back in the middle.
        (
            &[(0, "sound a 100 0"), (50, "sound a 100 50"), (60, "sound a 100 30"), (61, "sound a 100 31")],
            &["now a", "counts a from 0"],
        ),
        // Another track.
        (
            &[(0, "sound a 100"), (60, "sound b 100"), (80, "sound a 100")],
            &[
                "now a",
                "counts a from 0",
                "a from 0 for 60 s counted",
                "now b",
                "b from 60 for 20 s did not count",
                "now a",
            ],
        ),
    ] {
        assert_eq!(run(script), expected, "{script:?}");
    }
}

/// Both clocks at every telling: the wall's may be set, the other one may stand still or run through while asleep.
#[test]
fn a_sleeping_machine_plays_nothing() {
    let silence = LONGEST_SILENCE.as_secs();
    for (case, script, expected) in [
        (
            "the clock stands still in sleep",
            &[(0, 0, "begin a 200"), (30_000, 60, "tick"), (30_050, 100, "tick")][..],
            100,
        ),
        (
            "the clock runs through",
            &[(0, 0, "begin a 200"), (40, 40, "tick"), (9_000, 9_000, "tick"), (9_050, 9_050, "tick")],
            90,
        ),
        ("the wall's clock is set back", &[(0, 0, "begin a 200"), (-500, 50, "tick"), (-400, 99, "tick")], 99),
        (
            "the longest silence still counts",
            &[(0, 0, "begin a 200"), (silence.cast_signed(), silence, "tick")],
            silence,
        ),
        ("a clock that goes back", &[(0, 50, "begin a 200"), (0, 20, "tick"), (0, 30, "tick")], 10),
    ] {
        let mut playback = Playback::new();
        let mut last = Duration::ZERO;
        for (wall, monotonic, text) in script {
            last = Duration::from_secs(*monotonic);
            playback.tell(signal(text), Moment { unix_seconds: BEGAN + wall, monotonic: last });
        }
        let events = playback.tell(Signal::Stopped, Moment { unix_seconds: 0, monotonic: last });
        let Some(Event::Finished(finished)) = events.last() else { panic!("{case}: {events:?}") };
        assert_eq!((finished.started_at, finished.ms_played), (BEGAN, expected * 1000), "{case}");
    }
}

#[test]
fn the_next_look_is_known() {
    let mut playback = Playback::new();
    assert_eq!(playback.counts_in(), None);
    playback.tell(signal("begin a 200"), moment(0));
    playback.tell(Signal::Tick, moment(40));
    assert_eq!(playback.counts_in(), Some(Duration::from_secs(60)));
    playback.tell(Signal::Paused, moment(50));
    assert_eq!(playback.counts_in(), None);
    playback.tell(signal("sound a 200"), moment(70));
    assert_eq!(playback.counts_in(), Some(Duration::from_secs(50)));
    playback.tell(Signal::Tick, moment(120));
    assert_eq!(playback.counts_in(), None, "it counts");
    playback.tell(signal("begin b 20"), moment(121));
    assert_eq!(playback.counts_in(), None, "it never will");
}

#[test]
fn details_that_come_late_are_kept() {
    let mut playback = Playback::new();
    let album = Track { album: Some("Late".into()), number: Some(3), ..track("a", 0) };
    playback.tell(signal("sound a 100"), moment(0));
    let events = playback.tell(Signal::Sounds { track: album, position_ms: None }, moment(10));
    let whole = Track { album: Some("Late".into()), number: Some(3), ..track("a", 100) };
    assert_eq!(events, [Event::NowPlaying(whole.clone())]);
    assert_eq!(playback.tell(signal("sound a 100"), moment(20)), [], "nothing new");
    let other = Track { album: Some("Live".into()), ..track("a", 100) };
    let events = playback.tell(Signal::Sounds { track: other, position_ms: None }, moment(50));
    let told: Vec<String> = events.iter().cloned().map(told).collect();
    assert_eq!(told, ["counts a from 0", "a from 0 for 50 s counted", "now a"], "another album is another track");
    let Event::Counts(listen) = &events[0] else { panic!("{events:?}") };
    assert_eq!(listen.track, whole);
}

/// Whatever a player tells, played time is no more than what passed, every counted play was told once, and every play
/// ends once.
#[test]
fn no_player_can_make_time() {
    seeds::each(300, |seed| {
        let mut random = Rng::with_seed(seed);
        let mut playback = Playback::new();
        let (mut wall, mut monotonic) = (BEGAN, Duration::ZERO);
        let (mut counted, mut finished, mut played, mut sounding) = (0, 0, Duration::ZERO, 0_u32);
        for step in 0..200 {
            let pass = Duration::from_millis(random.u64(0..90_000));
            monotonic += pass;
            wall += random.i64(-1000..1000);
            let name = ["a", "b"][random.usize(0..2)];
            let length = [0, 20, 31, 200, 700][random.usize(0..5)];
            let signal = match random.u8(0..8) {
                _ if step == 199 => Signal::Stopped,
                0 => Signal::Began(track(name, length)),
                1 => Signal::Paused,
                2 => Signal::Stopped,
                3 => Signal::Tick,
                _ => {
                    let position = random.bool().then(|| random.u64(..) >> random.u32(0..64));
                    Signal::Sounds { track: track(name, length), position_ms: position }
                }
            };
            for event in playback.tell(signal, Moment { unix_seconds: wall, monotonic }) {
                match event {
                    Event::NowPlaying(_) => sounding += 1,
                    Event::Counts(_) => counted += 1,
                    Event::Finished(end) => {
                        finished += u32::from(end.counts);
                        played += Duration::from_millis(end.ms_played);
                    }
                }
            }
        }
        assert_eq!(counted, finished);
        assert!(sounding > 0);
        assert!(played <= monotonic, "{played:?} of {monotonic:?}");
    });
}
