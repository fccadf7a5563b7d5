//! Watching players from outside: what they play is kept and sent, and only that.
//!
//! The clock of players goes twenty times as fast here, but for the MPD, which plays in real time.

mod desk;
pub(crate) mod desktop;
mod real_mpd;
mod scripted_mpd;

use fakefm::{Fault, When};
use heard_history::home::{Home, HomeError, HomeLock};
use serde_json::Value as Json;
use zbus::Variant;

use crate::commands::remembered;
use crate::home::Ran;

use desk::{Desk, PASSWORD, Watching};
use desktop::Desktop;
use real_mpd::RealMpd;
use scripted_mpd::{Manner, serve};

/// Both services, unpaced.
const TO_BOTH: [&str; 2] = ["--rate", "0"];

fn pair(artist: &str, track: &str) -> (String, String) {
    (artist.to_owned(), track.to_owned())
}

fn from(track: &str, sources: &[&str]) -> (String, Vec<String>) {
    (track.to_owned(), sources.iter().map(|it| (*it).to_owned()).collect())
}

/// Is the process that has the home, as soon as the watch has let go of it: it takes it for a moment when it begins.
fn at_work(home: &Home) -> HomeLock {
    loop {
        match home.lock() {
            Err(HomeError::Busy { .. }) => std::thread::yield_now(),
            lock => return lock.unwrap(),
        }
    }
}

/// Waits until the play is in the archive and the outbox is empty.
fn sent(watching: &mut Watching, accounts: &[&str]) {
    watching.next("kept", |event| event["listens"] == 1);
    for account in accounts {
        let sent = watching.next("sent", |event| event["account"] == **account);
        assert_eq!((&sent["accepted"], &sent["waiting"]), (&1.into(), &0.into()), "{sent}");
    }
}

#[test]
fn what_a_player_plays_is_shown_kept_and_sent() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    desk.configure("");
    let player = desktop.player("mira");
    player.play("Mira Vale", "Nine");
    let mut watching = desk.watch(&desktop.address, &TO_BOTH);
    let now = watching.of("now_playing", "Nine");
    assert_eq!((&now["player"], &now["length_ms"]), (&"mira".into(), &62_000.into()));
    let counts = watching.of("counts", "Nine");
    sent(&mut watching, &["lastfm/ann", "listenbrainz/ann"]);
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")]);
    assert_eq!(desk.held_by_brainz(), [pair("Mira Vale", "Nine")]);
    watching.until(|_| desk.shown() == 1);
    // Others can work while it watches.
    assert_eq!(desk.listens(), [from("Nine", &["watch/mira"])]);
    // The next track ends the play, and is left before it counts.
    player.play("Iron Coast", "Salt");
    let finished = watching.of("finished", "Nine");
    assert_eq!((&finished["played_at"], &finished["counts"]), (&counts["played_at"], &true.into()));
    assert!(finished["ms_played"].as_u64() >= Some(31_000), "{finished}");
    watching.of("now_playing", "Salt");
    player.play("Iron Coast", "Dawn");
    assert_eq!(watching.of("finished", "Salt")["counts"], false);
    watching.of("now_playing", "Dawn");
    let (code, rest) = watching.stop();
    assert_eq!(code, 0);
    let ends: Vec<&Json> = rest.iter().filter(|event| event["event"] == "finished").collect();
    assert!(ends.len() == 1 && ends[0]["track"] == "Dawn" && ends[0]["counts"] == false, "{rest:?}");
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")], "and nothing else");
    let listens = desk.run(&["listens", "--json", "--min-played", "0"]).good().json();
    let ms = |row: &Json| row["ms_played"].as_u64();
    assert!(listens["rows"].as_array().unwrap().iter().all(|row| ms(row) > Some(0)), "{listens}");
    let digest = desk.home.digest();
    desk.run(&["rebuild"]).good();
    assert_eq!(desk.home.digest(), digest);
    // What the service lists of it is a second witness, and no second play.
    let url = desk.fake.url();
    desk.run(&["sync", "--user", "ann", "--url", &url, "--rate", "0"]).good();
    let mut listens = desk.listens();
    listens.iter_mut().for_each(|(_, sources)| sources.sort());
    assert_eq!(listens, [from("Nine", &["lastfm/ann", "watch/mira"])]);
}

#[test]
fn what_pauses_or_goes_away_does_not_count() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    let (quiet, loud, gone) = (desktop.player("quiet"), desktop.player("loud"), desktop.player("gone"));
    let mut watching = desk.watch(&desktop.address, &["--no-send"]);
    quiet.play("Mira Vale", "Nine");
    watching.of("now_playing", "Nine");
    quiet.pause();
    gone.play("Ida Kestrel", "Song 1");
    watching.of("now_playing", "Song 1");
    gone.quit();
    assert_eq!(watching.of("finished", "Song 1")["counts"], false);
    loud.play("Iron Coast", "Salt");
    watching.of("counts", "Salt");
    watching.next("kept", |event| event["listens"] == 1);
    // It would have counted, had it not paused; it does, once it sounds for long enough.
    quiet.play("Mira Vale", "Nine");
    watching.of("now_playing", "Nine");
    watching.of("counts", "Nine");
    loud.stop();
    assert_eq!(watching.of("finished", "Salt")["counts"], true);
    let (code, rest) = watching.stop();
    assert_eq!(code, 0);
    assert!(
        rest.iter().any(|it| it["event"] == "finished" && it["track"] == "Nine" && it["counts"] == true),
        "{rest:?}"
    );
    assert_eq!(desk.listens().len(), 2);
    assert_eq!(desk.fake.writes(), [], "nobody was to be told");
}

#[test]
fn only_players_that_are_meant_are_watched() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    desk.configure("[watch]\nignore = [\"The noise Player\", \"films\"]\n");
    let players =
        ["noise", "films.instance42", "playerctld", "mira", "vlc.instance_1"].map(|name| desktop.player(name));
    let heard = |words: &[&str], titles: &[&str]| {
        for (player, title) in players.iter().zip(["Noise", "Film", "Echo", "Nine", "Ten"]) {
            player.play("Somebody", title);
        }
        let mut watching = desk.watch(&desktop.address, &[&["--no-send"], words].concat());
        // In whatever order the players answer.
        let mut each_once = |event: &str| {
            let mut left: Vec<&str> = titles.to_vec();
            while !left.is_empty() {
                let told = watching.next(event, |_| true);
                let place = left.iter().position(|title| told["track"] == **title);
                left.remove(place.unwrap_or_else(|| panic!("{told} is none of {left:?}")));
            }
        };
        each_once("now_playing");
        for player in &players {
            player.stop();
        }
        each_once("finished");
        let (code, rest) = watching.stop();
        assert_eq!(code, 0);
        let others = rest.iter().filter(|it| it["event"] == "now_playing" || it["event"] == "finished");
        assert_eq!(others.count(), 0, "{rest:?}");
    };
    heard(&[], &["Nine", "Ten"]);
    heard(&["--only", "VLC"], &["Ten"]);
    heard(&["--ignore", "vlc.instance_1"], &["Noise", "Film", "Nine"]);
    heard(&["--only", "playerctld", "--only", "the mira player"], &["Echo", "Nine"]);
}

#[test]
fn names_of_every_kind_are_borne() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    let player = desktop.player("odd");
    let mut watching = desk.watch(&desktop.address, &["--no-send"]);
    let artist = |names: Vec<&'static str>| ("xesam:artist", Variant::from(names));
    let long = "ü".repeat(15_500);
    // Nothing of these can be told as a listen.
    player.play_with(&[]);
    player.play_with(&[("xesam:title", Variant::from("A Film"))]);
    player.play_with(&[artist(vec![""]), ("xesam:title", Variant::from("Nobody"))]);
    player.play_with(&[artist(vec!["Somebody"]), ("xesam:title", Variant::from(7_i32))]);
    let length = |length: i64| ("mpris:length", Variant::from(length));
    for (title, length, told) in [
        (long.as_str(), length(0), Json::Null),
        ("\u{1b}[2J\u{202e}", length(-1), Json::Null),
        ("'; DROP TABLE plays; --", length(i64::MAX), 9_223_372_036_854_775_u64.into()),
        ("Short", length(30_000_000), 30_000.into()),
    ] {
        player.play_with(&[artist(vec!["Mira Vale", "Iron Coast"]), ("xesam:title", Variant::from(title)), length]);
        let now = watching.next("now_playing", |_| true);
        assert_eq!((&now["artist"], &now["track"]), (&"Mira Vale, Iron Coast".into(), &title.into()));
        assert_eq!(now["length_ms"], told);
        player.pause();
    }
    let (code, rest) = watching.stop();
    assert_eq!(code, 0, "{rest:?}");
    desk.run(&["verify"]).good();
}

#[test]
fn without_the_service_it_waits_in_the_outbox() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    desk.configure("");
    let player = desktop.player("mira");
    player.play("Mira Vale", "Nine");
    desk.fake.fail(When::Writes, Fault::Reset);
    let mut watching = desk.watch(&desktop.address, &["--rate", "0", "--service", "lastfm"]);
    watching.of("counts", "Nine");
    watching.next("kept", |event| event["listens"] == 1);
    let (code, _) = watching.stop();
    assert_eq!((code, desk.held()), (0, Vec::new()));
    let waiting = desk.run(&["outbox", "--json"]).good().json();
    assert_eq!(waiting["targets"][0]["waiting"], 1, "{waiting}");
    desk.fake.fail_no_more();
    desk.run(&["outbox", "send", "--rate", "0"]).good();
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")]);
    // And what a watch finds waiting it sends at once.
    desk.fake.fail(When::Writes, Fault::Reset);
    let url = desk.fake.url();
    let to = ["--service", "lastfm", "--user", "ann", "--url", &url, "--rate", "0"];
    let later = [&["scrobble", "--artist", "A", "--track", "B"][..], &to].concat();
    desk.run(&later).refused(75, "connection", "outbox");
    desk.fake.fail_no_more();
    let mut watching = desk.watch(&desktop.address, &["--rate", "0", "--service", "lastfm"]);
    let sent = watching.next("sent", |event| event["account"] == "lastfm/ann");
    assert_eq!((&sent["accepted"], &sent["waiting"]), (&1.into(), &0.into()));
    assert_eq!(watching.stop().0, 0);
}

#[test]
fn another_process_at_work_is_waited_for() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    let player = desktop.player("mira");
    let home = desk.home.opened();
    let mut watching = desk.watch(&desktop.address, &["--no-send"]);
    let lock = at_work(&home);
    player.play("Mira Vale", "Nine");
    watching.of("counts", "Nine");
    watching.until(|watching| watching.said.iter().any(|line| line.contains("another heard process is at work")));
    assert!(!home.database().exists(), "nothing is written without the lock");
    drop(lock);
    watching.next("kept", |event| event["listens"] == 1);
    assert_eq!(watching.stop().0, 0);
    assert_eq!(desk.listens(), [from("Nine", &["watch/mira"])]);
}

/// Listens by their tracks, and what waits in the outbox of Last.fm's account.
fn taken_in(desk: &Desk) -> (Vec<(String, Vec<String>)>, Json) {
    let listens = desk.listens();
    (listens, desk.run(&["outbox", "--json"]).good().json()["targets"][0]["waiting"].clone())
}

#[test]
fn a_kill_while_another_process_is_at_work_loses_nothing() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    desk.configure("");
    let player = desktop.player("mira");
    let home = desk.home.opened();
    let mut watching = desk.watch(&desktop.address, &["--rate", "0", "--service", "lastfm"]);
    let lock = at_work(&home);
    player.play("Mira Vale", "Nine");
    watching.of("counts", "Nine");
    // Killed, without another word.
    drop(watching);
    assert!(!home.database().exists(), "nothing is written without the lock");
    // Nobody is disturbed as long as the other one is at work.
    desk.run(&["rejects"]).refused(75, "another heard process", "wait");
    drop(lock);
    let ran = desk.run(&["listens", "--json"]).good();
    assert!(ran.stderr.contains("taken in what an earlier watch left: 1 report"), "{ran}");
    assert_eq!(taken_in(&desk), (vec![from("Nine", &["watch/mira"])], 1.into()));
    assert_eq!(std::fs::read_dir(home.watched()).unwrap().count(), 0);
    desk.run(&["outbox", "send", "--rate", "0"]).good();
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")]);
    desk.run(&["verify"]).good();
}

#[test]
fn who_stops_to_watch_need_not_wait_for_others() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    desk.configure("");
    let player = desktop.player("mira");
    let home = desk.home.opened();
    let mut watching = desk.watch(&desktop.address, &["--rate", "0", "--service", "lastfm"]);
    let lock = at_work(&home);
    player.play("Mira Vale", "Nine");
    watching.of("counts", "Nine");
    assert_eq!(watching.stop().0, 0);
    drop(lock);
    // A watch is a command like any other: it takes in, and sends.
    let mut watching = desk.watch(&desktop.address, &["--rate", "0", "--service", "lastfm"]);
    let sent = watching.next("sent", |event| event["account"] == "lastfm/ann");
    assert_eq!((&sent["accepted"], &sent["waiting"]), (&1.into(), &0.into()));
    assert_eq!(watching.stop().0, 0);
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")]);
    let listens = desk.run(&["listens", "--json"]).good().json();
    assert!(listens["rows"][0]["ms_played"].as_u64() >= Some(31_000), "its end, too: {listens}");
    assert_eq!(listens["total"], 1);
}

#[test]
fn what_cannot_be_written_down_at_once_is_kept_all_the_same() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    let player = desktop.player("mira");
    let home = desk.home.opened();
    // A file in the place of the folder: nothing can be written into it, whoever asks.
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    std::fs::write(home.watched(), "in the way").unwrap();
    let mut watching = desk.watch(&desktop.address, &["--no-send"]);
    let lock = at_work(&home);
    player.play("Mira Vale", "Nine");
    watching.of("counts", "Nine");
    watching.until(|watching| watching.said.iter().any(|line| line.contains("cannot be written down at once")));
    drop(lock);
    watching.next("kept", |event| event["listens"] == 1);
    assert_eq!(watching.stop().0, 0);
    let ran = desk.run(&["listens", "--json"]).good();
    assert!(ran.stderr.contains("what an earlier watch left is not lost"), "{ran}");
    assert_eq!(desk.listens(), [from("Nine", &["watch/mira"])]);
}

#[test]
fn what_is_left_behind_and_cannot_be_read_is_put_aside() {
    let desk = Desk::new();
    let home = desk.home.opened();
    std::fs::create_dir(home.watched()).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    std::fs::write(home.watched().join("1-0.jsonl"), "{\"seen_at\": \u{1b}}\n").unwrap();
    let ran = desk.run(&["doctor"]);
    assert!(ran.stderr.contains("cannot be read; it lies in archive.refused"), "{ran}");
    assert!(home.quarantine().join("watched-1-0.jsonl").exists());
    assert!(!desk.run(&["doctor"]).stderr.contains("archive.refused"), "once");
}

#[test]
fn a_session_that_ends_is_looked_for_until_it_is_back() {
    let (desk, mut desktop) = (Desk::new(), Desktop::new());
    let said = |watching: &Watching, words: &str| watching.said.iter().filter(|line| line.contains(words)).count();
    let player = desktop.player("mira");
    player.play("Mira Vale", "Nine");
    let gone = desktop.player("gone");
    gone.play("Iron Coast", "Salt");
    let mut watching = desk.watch(&desktop.address, &["--no-send"]);
    let mut both = [(); 2].map(|()| watching.next("now_playing", |_| true)["track"].as_str().unwrap().to_owned());
    both.sort();
    assert_eq!(both, ["Nine", "Salt"]);
    drop((player, gone));
    for nth in 1..=2 {
        desktop.end();
        watching.until(|watching| said(watching, "the D-Bus session is lost; trying again") == nth);
        desktop.begin_anew();
        watching.until(|watching| said(watching, "the D-Bus session is there again") == nth);
    }
    // What is gone by then has ended; what is back goes on where it was, and what is new is heard.
    assert_eq!(watching.of("finished", "Salt")["counts"], false);
    let player = desktop.player("mira");
    player.play("Mira Vale", "Ten");
    watching.of("now_playing", "Ten");
    watching.of("counts", "Ten");
    assert_eq!((said(&watching, "is lost"), said(&watching, "there again")), (2, 2), "each once: {watching:?}");
    assert_eq!(watching.stop().0, 0);
}

#[test]
fn where_nothing_can_be_watched_it_says_why() {
    let desk = Desk::new();
    desk.run(&["watch"]).refused(69, "no D-Bus session here", "--mpd localhost:6600");
    desk.run(&["watch", "--no-mpris"]).refused(2, "no player to watch", "--mpd");
    desk.run(&["watch", "--csv"]).refused(2, "no CSV", "--json");
    desk.run(&["watch", "--mpd", "secret@music"]).refused(2, "a password does not belong", "--mpd localhost:6600");
    desk.run(&["watch", "--mpd", "music:0"]).refused(2, "ports go from 1", "--mpd localhost:6600");
    let nowhere = desk.home.beside("nowhere").display().to_string();
    let mpd = ["watch", "--no-mpris", "--mpd", nowhere.as_str()];
    desk.run(&mpd).refused(69, "it cannot be reached", "--mpd HOST:PORT");
    // Something that answers, and is no MPD.
    let address = desk.fake.url().replace("http://", "").replace("/2.0/", "");
    let ran = desk.run(&["watch", "--no-mpris", "--mpd", &address]);
    assert_eq!(ran.code(), 69, "{ran}");
    for bus in [format!("unix:path={nowhere}"), "nonsense".to_owned()] {
        let mut command = desk.command(&["watch"]);
        Ran::of(command.env("DBUS_SESSION_BUS_ADDRESS", &bus)).refused(69, "D-Bus session", "--no-mpris");
    }
    let mut command = desk.home.command(&["watch", "--user", "ann"]);
    Ran::of(&mut command).refused(78, "is not set", "export ");
    desk.configure("[watch]\nmpd = [\"music:0\"]\n");
    desk.run(&["watch"]).refused(78, "ports go from 1", "docs/config.md");
    assert!(!desk.home.history().join("heard.db").exists());
}

#[test]
fn an_mpd_is_watched() {
    let desk = Desk::new();
    let mut mpd = RealMpd::start(PASSWORD, "Mira Vale", "Silent Nine", 31);
    let socket = mpd.socket().display().to_string();
    let words = ["watch", "--json", "--no-mpris", "--no-send", "--mpd", socket.as_str()];
    for password in [None, Some("wrong")] {
        let mut command = desk.command(&words);
        command.envs(password.map(|password| ("MPD_PASSWORD", password)));
        Ran::of(&mut command).refused(77, "wants a password", "MPD_PASSWORD");
    }
    let mut command = desk.command(&words);
    command.env("HEARD_WATCH_SPEED", "1").env("MPD_PASSWORD", PASSWORD);
    let mut watching = Watching::start(&mut command);
    let mut control = mpd.control(PASSWORD);
    control.find();
    control.say("add track.wav");
    control.say("play");
    let now = watching.of("now_playing", "Silent Nine");
    let told = ["player", "artist", "album"].map(|name| now[name].as_str().unwrap_or_default().to_owned());
    assert_eq!(told, ["mpd", "Mira Vale", "Silences"]);
    assert_eq!(now["length_ms"], 31_000);
    // A pause, and back to the beginning: only what sounded counts.
    control.say("pause 1");
    control.say("seekcur 0");
    control.say("pause 0");
    watching.of("counts", "Silent Nine");
    watching.next("kept", |event| event["listens"] == 1);
    assert_eq!(desk.listens(), [from("Silent Nine", &["watch/mpd"])]);
    control.say("stop");
    let finished = watching.of("finished", "Silent Nine");
    let ms = finished["ms_played"].as_u64().unwrap();
    assert!((15_500..31_000).contains(&ms) && finished["counts"] == true, "{finished}");
    mpd.end();
    watching.until(|watching| watching.said.iter().any(|line| line.contains("trying again")));
    assert_eq!(watching.stop().0, 0);
}

#[test]
fn what_answers_like_no_mpd_is_left_alone() {
    let desk = Desk::new();
    let long: &'static [u8] = Box::leak(vec![b'x'; 3 << 20].into());
    let pairs: &'static str = Box::leak("a: b\n".repeat(20_000).into());
    for (manner, says) in [
        (Manner::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "no MPD"),
        (Manner::Says(b"\0\xff\n"), "no MPD"),
        (Manner::Says(long), "no MPD"),
        (Manner::Says(b""), "does not answer"),
        (Manner::Answers("OK\n"), "no MPD"),
        (Manner::Answers(pairs), "no MPD"),
        (Manner::Answers("ACK [5@0] {status} unknown command\n"), "it refuses: unknown command"),
        (Manner::Answers("ACK \u{1b}[2J\n"), "it refuses: \u{fffd}[2J"),
    ] {
        let address = serve(Box::leak(Box::new([manner])));
        let ran = desk.run(&["watch", "--no-mpris", "--no-send", "--mpd", &address]);
        ran.refused(69, says, "--mpd HOST:PORT");
    }
    let address = serve(&[Manner::Answers("ACK [4@0] {status} you don't have permission for \"status\"\n")]);
    desk.run(&["watch", "--no-mpris", "--mpd", &address, "--no-send"]).refused(77, "wants a password", "MPD_PASSWORD");
}

#[test]
fn an_mpd_that_comes_back_goes_on_where_it_was() {
    let desk = Desk::new();
    let address = serve(&[
        Manner::Plays { title: "Nine", hangs_up_at: 4 },
        Manner::Says(b"not yet\n"),
        Manner::Plays { title: "Nine", hangs_up_at: usize::MAX },
    ]);
    // As MPD's own clients are told where it is.
    let (host, port) = address.split_once(':').unwrap();
    let mut command = desk.command(&["watch", "--json", "--no-mpris", "--no-send"]);
    let mut watching = Watching::start(command.env("MPD_HOST", host).env("MPD_PORT", port));
    watching.of("now_playing", "Nine");
    watching.until(|watching| watching.said.iter().any(|line| line.ends_with("; trying again")));
    watching.of("now_playing", "Nine");
    watching.until(|watching| watching.said.iter().any(|line| line.ends_with("it is there")));
    watching.of("counts", "Nine");
    let (code, rest) = watching.stop();
    assert_eq!(code, 0);
    let ended: Vec<&Json> = rest.iter().filter(|event| event["event"] == "finished").collect();
    assert!(ended.len() == 1 && ended[0]["counts"] == true, "one play: {rest:?}");
}

#[test]
fn an_answer_that_crosses_the_question_is_read_once() {
    let desk = Desk::new();
    let address = serve(&[Manner::PlaysAndRaces { title: "Nine" }]);
    let mut watching = desk.watch("", &["--no-mpris", "--no-send", "--mpd", &address]);
    watching.of("now_playing", "Nine");
    watching.of("counts", "Nine");
    let (code, rest) = watching.stop();
    assert_eq!(code, 0);
    assert!(rest.iter().any(|event| event["event"] == "finished" && event["counts"] == true), "{rest:?}");
}

#[test]
fn a_player_that_hangs_is_silent() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    let (player, other) = (desktop.player("mira"), desktop.player("other"));
    let mut watching = desk.watch(&desktop.address, &["--no-send"]);
    player.play("Mira Vale", "Nine");
    watching.of("now_playing", "Nine");
    player.hang();
    // Nobody hears of what it plays meanwhile, and the others are heard all the same.
    other.play("Iron Coast", "Salt");
    watching.of("counts", "Salt");
    other.stop();
    watching.of("finished", "Salt");
    assert_eq!(watching.stop().0, 0);
}

#[test]
fn players_that_never_answer_keep_nobody_waiting() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    let mute: Vec<_> = (0..8).map(|nth| desktop.player(&format!("mute{nth}"))).collect();
    for player in &mute {
        player.hang();
    }
    let player = desktop.player("mira");
    player.play("Mira Vale", "Nine");
    let clock = heard_api::Clock::system();
    let began = clock.monotonic();
    let mut watching = desk.watch(&desktop.address, &["--no-send"]);
    watching.of("counts", "Nine");
    // Asked one after the other they would have taken five seconds each.
    let took = clock.monotonic() - began;
    assert!(took < std::time::Duration::from_secs(20), "{took:?}");
    // One that comes to its senses is heard.
    mute[0].play("Iron Coast", "Salt");
    watching.of("now_playing", "Salt");
    assert_eq!(watching.stop().0, 0);
}

#[test]
fn time_asleep_is_no_time_in_which_anything_sounded() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    let player = desktop.player("mira");
    let mut command = desk.command(&["watch", "--json", "--no-send"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", &desktop.address).env("HEARD_WATCH_SPEED", "100");
    let mut watching = Watching::start(&mut command);
    player.play_with(&[("xesam:artist", Variant::from(vec!["A"])), ("xesam:title", Variant::from("Of No Length"))]);
    watching.of("now_playing", "Of No Length");
    // Nobody looks for 300 seconds of the player's clock: more than would have counted.
    watching.asleep_for(std::time::Duration::from_secs(3));
    player.stop();
    let finished = watching.of("finished", "Of No Length");
    assert_eq!(finished["counts"], false, "{finished}");
    assert!(finished["ms_played"].as_u64() < Some(240_000), "{finished}");
    assert_eq!(watching.stop().0, 0);
}

#[test]
fn a_kill_loses_no_play_that_counts() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    desk.configure("");
    desk.fake.fail(When::Writes, Fault::Reset);
    let player = desktop.player("mira");
    player.play("Mira Vale", "Nine");
    let mut watching = desk.watch(&desktop.address, &["--rate", "0", "--service", "lastfm"]);
    watching.next("kept", |event| event["listens"] == 1);
    drop(watching);
    assert_eq!(desk.listens(), [from("Nine", &["watch/mira"])]);
    desk.fake.fail_no_more();
    desk.run(&["outbox", "send", "--rate", "0"]).good();
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")]);
}

#[test]
fn what_cannot_be_kept_now_is_kept_later() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    let player = desktop.player("mira");
    let home = desk.home.opened();
    let mut watching = desk.watch(&desktop.address, &["--no-send"]);
    // A folder in the place of the archive: it cannot be written, whoever asks.
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    std::fs::write(home.archive(), "in the way").unwrap();
    player.play("Mira Vale", "Nine");
    watching.of("counts", "Nine");
    watching.until(|watching| watching.said.iter().any(|line| line.contains("is not lost; trying again")));
    std::fs::remove_file(home.archive()).unwrap();
    watching.next("kept", |event| event["listens"] == 1);
    assert_eq!(watching.stop().0, 0);
    assert_eq!(desk.listens(), [from("Nine", &["watch/mira"])]);
}

#[test]
fn a_person_reads_a_line_for_each_thing_that_happens() {
    let (desk, desktop) = (Desk::new(), Desktop::new());
    desk.configure("");
    let player = desktop.player("mira");
    let mut command = desk.command(&["watch", "--rate", "0"]);
    let mut watching = Watching::start(command.env("DBUS_SESSION_BUS_ADDRESS", &desktop.address));
    let said = |words: &'static str| move |watching: &Watching| watching.said.iter().any(|line| line.contains(words));
    player.play("Mira \u{1b}[2J", "Nine");
    watching.until(said("listenbrainz/ann: 1 accepted"));
    player.play("Iron Coast", "Salt");
    watching.until(said("now Iron Coast"));
    let (code, said) = watching.ended();
    let seconds = without_times(&said.join("\n"));
    remembered(&desk.home, "watch", &Ran { stdout: String::new(), stderr: seconds + "\n", status: code });
}

/// The same text, whatever the time for which something sounded.
fn without_times(text: &str) -> String {
    let masked = |line: &str| match line.split_once("ended after ") {
        Some((player, rest)) => {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
            format!("{player}ended after [TIME]{rest}")
        }
        None => line.to_owned(),
    };
    text.lines().map(masked).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_config_is_believed_and_slips_of_the_pen_are_not() {
    let desk = Desk::new();
    for (text, says) in [
        ("[watch]\nmpds = []\n", "unknown field"),
        ("[watch]\nmpris = \"yes\"\n", "invalid type"),
        ("[watch]\nmpd = \"music\"\n", "invalid type"),
        ("watch = true\n", "invalid type"),
    ] {
        desk.configure(text);
        desk.run(&["watch"]).refused(78, says, "mend that line");
    }
    desk.configure("[watch]\nmpris = false\n");
    desk.run(&["watch"]).refused(2, "no player to watch", "--mpd");
    for speed in ["0", "1001", "fast", "-1"] {
        let mut command = desk.command(&["watch"]);
        Ran::of(command.env("HEARD_WATCH_SPEED", speed)).refused(78, "HEARD_WATCH_SPEED", "unset");
    }
    // What is typed wins over the file, and the file over what is built in.
    let address = serve(&[Manner::Plays { title: "Nine", hangs_up_at: usize::MAX }]);
    desk.configure(&format!("[watch]\nmpris = false\nmpd = [\"{address}\"]\n"));
    let mut watching = desk.watch("", &["--no-send"]);
    watching.of("now_playing", "Nine");
    assert_eq!(watching.stop().0, 0);
    let nowhere = desk.home.beside("nowhere").display().to_string();
    desk.run(&["watch", "--mpd", &nowhere, "--no-send"]).refused(69, "it cannot be reached", "--mpd HOST:PORT");
}
