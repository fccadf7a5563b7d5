//! What goes wrong: each with its exit code, one sentence, a hint that can be pasted, and nothing lost afterwards.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use fakefm::{FakeFm, Fault, Generate, Keys, Play, When};
use heard_api::Clock;

use crate::disks::Disk;
use crate::home::{Home, KEY, Ran, USER, fake_of, fake_with, sync_words};

const UNTIL: i64 = 1_700_000_000;

/// A home with a history, the service it came from, and what its view says.
struct Collected {
    home: Home,
    fake: FakeFm,
    digest: String,
}

impl Collected {
    fn new() -> Self {
        let (home, fake) = (Home::new(), fake_of(&Generate::plain(5, 400, UNTIL)));
        home.sync(&fake, &["-q"]).good();
        let digest = home.digest();
        Self { home, fake, digest }
    }

    /// Nothing was lost, and the next sync works.
    #[track_caller]
    fn still_whole(&self) {
        assert_eq!(self.home.digest(), self.digest, "the history is another one than before");
        self.fake.fail_no_more();
        self.home.sync(&self.fake, &[]).good();
        assert_eq!(self.home.digest(), self.digest);
    }
}

/// Writes a file as a person would with an editor.
fn write(path: &Path, text: &[u8], mode: u32) {
    use std::io::Write;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path).unwrap();
    file.write_all(text).unwrap();
}

fn set_mode(path: &Path, mode: u32) {
    #[expect(clippy::disallowed_methods, reason = "what a person does by chmod")]
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_key_is_missing_wrong_or_suspended() {
    let collected = Collected::new();
    let Collected { home, fake, .. } = &collected;
    let url = fake.url();
    let mut without = home.sync_command(fake, &[]);
    without.env_remove("LASTFM_API_KEY");
    Ran::of(&mut without).refused(78, "no api key is set", "export LASTFM_API_KEY=");

    fake.set_rules(|rules| rules.keys = Keys::Only(vec!["another".to_owned()]));
    home.sync(fake, &[]).refused(77, "does not accept the api key", "https://www.last.fm/api/accounts");
    fake.set_rules(|rules| (rules.keys, rules.suspended_keys) = (Keys::Any, vec![KEY.to_owned()]));
    home.sync(fake, &[]).refused(77, "the api key is suspended", "https://www.last.fm/api/account/create");
    fake.set_rules(|rules| rules.suspended_keys.clear());

    home.run(&["sync", "--url", &url]).refused(78, "no account is named", "heard sync --user NAME");
    home.run(&["sync", "--url", &url, "elsewhere/ann"]).refused(2, "there is no service", "lastfm, librefm");
    collected.still_whole();
}

#[test]
fn the_account_is_unknown_or_private() {
    let collected = Collected::new();
    let Collected { home, fake, .. } = &collected;
    let url = fake.url();
    let nobody = ["sync", "--user", "nobody", "--url", &url, "--rate", "0"];
    home.run(&nobody).refused(65, "knows no account of this name", "--user NAME");
    fake.world().open(USER).hidden = true;
    home.sync(fake, &[]).refused(77, "hides its recent listening", "last.fm/settings/privacy");
    fake.world().open(USER).hidden = false;
    collected.still_whole();
}

/// How long something took. The clock's zero is arbitrary.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let clock = Clock::system();
    let before = clock.monotonic();
    let done = work();
    (done, clock.monotonic() - before)
}

#[test]
fn there_is_no_network() {
    let collected = Collected::new();
    let home = &collected.home;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = format!("http://127.0.0.1:{port}/2.0/");
    let (ran, took) = timed(|| home.run(&sync_words(&nobody, &[])));
    ran.refused(69, "the service cannot be used now", "run the same command again later");
    assert!(took < Duration::from_secs(10), "it took {took:?} to say so");

    let nowhere = ["sync", "--user", USER, "--url", "https://nowhere.invalid/2.0/"];
    let (ran, took) = timed(|| home.run(&nowhere));
    let ran = ran.refused(69, "the service cannot be used now", "run the same command again later");
    assert!(!ran.stderr.contains(KEY), "{ran}");
    assert!(took < Duration::from_secs(60), "it took {took:?} to say so");
    collected.still_whole();
}

#[test]
fn the_address_is_none() {
    let collected = Collected::new();
    let home = &collected.home;
    for url in ["nonsense", "ftp://127.0.0.1/2.0/", "http://user:word@127.0.0.1/2.0/", "http://192.0.2.1/2.0/"] {
        let ran = home.run(&["sync", "--user", USER, "--url", url]).refused(78, "", "");
        assert!(!ran.stderr.contains("word"), "{ran}");
    }
    home.run(&["sync", "--user", USER, "--url", "https://192.0.2.1/2.0/", "--rate", "0"])
        .refused(78, "loopback", "--rate 4");
    home.run(&["sync", "--user", USER, "--url", "https://192.0.2.1/2.0/", "--rate", "50"]).refused(78, "", "--rate 4");
    collected.still_whole();
}

#[test]
fn the_service_is_down_for_ever() {
    let collected = Collected::new();
    let Collected { home, fake, .. } = &collected;
    for fault in [
        Fault::Refusal { code: 8, status: 500, retry_after: None },
        Fault::Html { status: 503 },
        Fault::Reset,
        Fault::CutText,
        Fault::XmlBody,
    ] {
        fake.fail_no_more();
        fake.fail(When::Always, fault.clone());
        let (ran, took) = timed(|| home.sync(fake, &[]));
        assert!([69, 75].contains(&ran.code()), "{fault:?}\n{ran}");
        let code = ran.code();
        ran.refused(code, "", "run the same command again later");
        assert!(took < Duration::from_secs(15), "{fault:?}: it took {took:?}");
    }
    collected.still_whole();
}

#[test]
fn the_service_asks_for_a_pause_that_outlives_the_patience() {
    let collected = Collected::new();
    let Collected { home, fake, .. } = &collected;
    fake.fail(When::Second(UNTIL), Fault::Refusal { code: 17, status: 403, retry_after: None });
    let ran = home.sync(fake, &["--full"]);
    ran.refused(77, "hides its recent listening", "last.fm/settings/privacy");
    collected.still_whole();
}

#[test]
fn the_disk_is_full() {
    let Some(disk) = Disk::of_mebibytes(1) else { return };
    let fake = fake_of(&Generate::plain(5, 20_000, UNTIL));
    let home = Home::with_history(disk.path().join("history"));
    let words = disk.inside();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let url = fake.url();
    let sync = sync_words(&url, &["--page-size", "200"]);
    let ran = Ran::of(&mut home.command_under(&words, &sync));
    ran.refused(74, "the disk is full", "make room and run the same command again");
    disk.sh("mount -o remount,size=64m \"$0\"");
    Ran::of(&mut home.command_under(&words, &sync)).good();

    let elsewhere = Home::new();
    elsewhere.sync(&fake, &["-q"]).good();
    let verified = Ran::of(&mut home.command_under(&words, &["verify", "--json"])).good();
    assert_eq!(verified.json()["digest"], elsewhere.digest());
}

#[test]
fn a_file_may_not_grow_further() {
    let fake = fake_of(&Generate::plain(6, 20_000, UNTIL));
    let fresh = Home::new();
    let url = fake.url();
    // A limit of the process instead of the disk. Whether the archive or the database meets it first is chance.
    let ran = Ran::of(&mut fresh.command_under(&["prlimit", "--fsize=300000"], &sync_words(&url, &[])));
    ran.refused(74, "", "run the same command again");
    fresh.sync(&fake, &[]).good();
    let elsewhere = Home::new();
    elsewhere.sync(&fake, &[]).good();
    assert_eq!(fresh.digest(), elsewhere.digest());
}

#[test]
fn the_home_is_read_only() {
    let collected = Collected::new();
    let history = collected.home.history().display().to_string();
    let bind = format!("mount --bind '{history}' \"$0\"; mount -o remount,bind,ro \"$0\"");
    let Some(disk) = Disk::mounted(&bind) else { return };
    let home = Home::with_history(disk.path());
    let words = disk.inside();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let inside = |arguments: &[&str]| Ran::of(&mut home.command_under(&words, arguments));
    let url = collected.fake.url();
    for arguments in [&sync_words(&url, &[])[..], &["rebuild"], &["verify"]] {
        inside(arguments).refused(74, "the file system is read-only", "--home DIR");
    }
    // A question only reads.
    inside(&["top", "artists", "-n", "1"]).good();
    inside(&["listens", "--count"]).good();
    inside(&["export", "--format", "jsonl"]).good();
    inside(&["doctor"]).refused(1, "need a look", "begins with !!");
    drop(disk);
    collected.still_whole();
}

#[test]
fn the_folder_is_somebody_elses() {
    let home = Home::new();
    let fake = fake_with([Play::new(UNTIL, "A", "T")]);
    write(&home.history().join("holiday.jpg"), b"sun", 0o600);
    home.sync(&fake, &[]).refused(78, "holds other files and nothing of heard", "--home DIR");
    home.run(&["rebuild"]).refused(78, "holds other files", "--home DIR");
    home.run(&["verify"]).refused(78, "holds other files", "--home DIR");
    let left: Vec<_> = fs::read_dir(home.history()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["holiday.jpg"]);
    write(&home.beside("file"), b"", 0o600);
    let file = home.beside("file").display().to_string();
    home.run(&["--home", &file, "verify"]).refused(78, "file", "--home DIR");
}

#[test]
fn the_folder_belongs_to_another_user() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can give a folder away");
        return;
    }
    let (home, fake) = (Home::new(), fake_with([Play::new(UNTIL, "A", "T")]));
    fs::create_dir(home.history()).unwrap();
    set_mode(&home.beside(""), 0o755);
    set_mode(home.history(), 0o777);
    chown(home.history(), Some(1), None).unwrap();
    let mut command = home.sync_command(&fake, &[]);
    command.uid(65_534).gid(65_534);
    match command.output() {
        Err(error) => println!("skipped: another user cannot start the program where it was built: {error}"),
        Ok(output) => drop(Ran::from(output).refused(78, "belongs to another user", "--home DIR")),
    }
}

#[test]
fn a_newer_version_wrote_the_files() {
    let collected = Collected::new();
    let Collected { home, fake, .. } = &collected;
    let version = |name: &str, version: i64| {
        let file = rusqlite::Connection::open(home.history().join(name)).unwrap();
        file.pragma_update(None, "user_version", version).unwrap();
    };
    let state = rusqlite::Connection::open(home.history().join("state.db")).unwrap();
    let known: i64 = state.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    drop(state);
    version("state.db", 99);
    home.sync(fake, &[]).refused(78, "was made by a newer heard", "update heard");
    version("state.db", known);
    version("heard.db", 99);
    for arguments in [&["top", "artists"][..], &["listens"], &["export"], &["plot", "top-artists"]] {
        home.run(arguments).refused(78, "was made by a newer heard", "heard rebuild");
    }
    home.sync(fake, &[]).refused(78, "was made by a newer heard", "heard rebuild");
    home.run(&["rebuild"]).good();
    collected.still_whole();
}

#[test]
fn the_views_are_nonsense() {
    let collected = Collected::new();
    let Collected { home, fake, .. } = &collected;
    let mut noise = vec![0; 40_000];
    fastrand::Rng::with_seed(1).fill(&mut noise);
    for (name, bytes) in [("heard.db", &noise[..]), ("heard.db", b"soon"), ("heard.db", b"")] {
        write(&home.history().join(name), bytes, 0o600);
        if !bytes.is_empty() {
            home.run(&["top", "artists"]).refused(65, "heard.db is damaged", "heard rebuild");
            home.sync(fake, &[]).refused(65, "heard.db is damaged", "heard rebuild");
        }
        home.run(&["doctor"]).refused(1, "", "");
        home.run(&["rebuild"]).good();
        collected.still_whole();
    }
    for bytes in [&noise[..], b"ARROW1", b""] {
        write(&home.history().join("plays.arrow"), bytes, 0o600);
        let top = home.run(&["top", "artists", "-n", "1"]).good();
        assert_eq!(top.stdout.lines().count(), 2, "the columns were made anew\n{top}");
        collected.still_whole();
    }
    let state = home.history().join("state.db");
    fs::remove_file(&state).unwrap();
    rusqlite::Connection::open(&state)
        .unwrap()
        .execute_batch("CREATE TABLE outbox (mine); CREATE TABLE pauses (a)")
        .unwrap();
    set_mode(&state, 0o600);
    let strange = home.run(&["outbox"]).refused(65, "its tables are not as heard left them", "so keep it");
    assert!(!strange.stderr.contains("CREATE"), "{strange}");
    fs::remove_file(&state).unwrap();
    write(&home.history().join("state.db"), &noise, 0o600);
    home.sync(fake, &[]).refused(65, "state.db is damaged", "what waits to be sent, so keep it");
    fs::rename(home.history().join("state.db"), home.history().join("state.damaged")).unwrap();
    home.sync(fake, &[]).good();
    collected.still_whole();
}

#[test]
fn another_process_is_at_work() {
    let collected = Collected::new();
    let Collected { home, fake, .. } = &collected;
    let opened = home.opened();
    let lock = opened.lock().unwrap();
    let words = sync_words("", &[]);
    for arguments in [&["rebuild"][..], &["verify"], &words[..0]] {
        let (ran, took) = timed(|| if arguments.is_empty() { home.sync(fake, &[]) } else { home.run(arguments) });
        let said = format!("at work here (process {})", std::process::id());
        ran.refused(75, &said, "then run this again");
        assert!(took < Duration::from_secs(1), "it took {took:?}");
    }
    // A question needs nobody's leave.
    home.run(&["top", "artists"]).good();
    home.run(&["doctor"]).good();
    drop(lock);
    collected.still_whole();
}

#[test]
fn the_settings_are_wrong() {
    let collected = Collected::new();
    let home = &collected.home;
    let config = home.history().join("config.toml");
    for (text, says) in [
        ("listener = [", "line 1: unclosed array"),
        ("listen = \"me\"", "unknown field"),
        ("[[account]]\nservice = \"lastfm\"", "missing field"),
        ("[[account]]\nservice = \"spotify\"\nuser = \"x\"", "unknown variant"),
        ("rate = \"fast\"", "invalid type"),
        ("# mine\nzone = \"Europe/Berlim\"", "is not known"),
    ] {
        write(&config, text.as_bytes(), 0o600);
        home.run(&["top", "artists"]).refused(78, says, "");
    }
    write(&config, b"\xff\xfe", 0o600);
    home.run(&["top", "artists"]).refused(78, "config.toml", "");
    fs::remove_file(&config).unwrap();

    for (zone, near) in [("Berlin", "Europe/Berlin"), ("Mars/Base", "Europe/Berlin")] {
        home.run(&["--zone", zone, "top", "artists"]).refused(78, "is not known", near);
    }
    let mut command = home.command(&["top", "artists"]);
    Ran::of(command.env("HEARD_MIN_PLAYED", "soon")).refused(78, "HEARD_MIN_PLAYED", "");
    let mut command = home.command(&["top", "artists"]);
    Ran::of(command.env("LASTFM_API_KEY", "").env("LASTFM_API_KEY_FILE", "/nowhere")).refused(78, "/nowhere", "");
    collected.still_whole();
}

#[test]
fn others_can_read_the_credentials() {
    let collected = Collected::new();
    let home = &collected.home;
    let credentials = home.history().join("credentials.toml");
    let canary = "feedfacefeedfacefeedfacefeedface";
    write(&credentials, format!("lastfm_api_key = \"{canary}\"").as_bytes(), 0o600);
    for mode in [0o604, 0o640, 0o644, 0o660] {
        set_mode(&credentials, mode);
        home.run(&["top", "artists"]).refused(78, "can be read by others", "chmod 600");
    }
    set_mode(&credentials, 0o600);
    home.run(&["top", "artists"]).good();
    for text in [format!("lastfm_api_key = {canary}"), format!("lastfm_ap_key = \"{canary}\""), canary.to_owned()] {
        write(&credentials, text.as_bytes(), 0o600);
        let ran = home.run(&["top", "artists"]).refused(78, "credentials.toml", "");
        assert!(!ran.stderr.contains(canary), "{ran}");
    }
    fs::remove_file(&credentials).unwrap();
    collected.still_whole();
}

/// Words that make no sense are refused by the reader of the command line, which names the manual.
#[track_caller]
fn misspelt(home: &Home, arguments: &[&str], says: &str) {
    let ran = home.run(arguments);
    assert_eq!(ran.code(), 2, "{ran}");
    assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(says), "{says:?}\n{ran}");
    assert!(ran.stdout.is_empty(), "{ran}");
}

#[test]
fn what_was_typed_makes_no_sense() {
    let collected = Collected::new();
    let home = &collected.home;
    let upside_down = ["--from", "2024-02-01", "--to", "2024-01-01"];
    for question in [&["top", "artists"][..], &["listens"], &["plot", "top-artists"], &["sync", "--user", USER]] {
        home.run(&[question, &upside_down].concat()).refused(
            2,
            "before it begins",
            "--from 2024-01-01 --to 2024-02-01",
        );
    }
    home.run(&["top", "artists", "--from", "2024-01-01", "--to", "2024-01-01"]).good();
    misspelt(home, &["top", "artists", "--last", "soon"], "7d, 1month");
    misspelt(home, &["top", "artists", "--last", "0d"], "7d, 1month");
    misspelt(home, &["top", "artists", "--month", "2024"], "like 2024-02");
    misspelt(home, &["top", "artists", "--year", "x"], "--year");
    misspelt(home, &["top", "artists", "--from", "yesterday"], "like 2024-02-29");
    misspelt(home, &["top", "artists", "--from", "2023-02-29"], "like 2024-02-29");
    misspelt(home, &["top", "artists", "--year", "2024", "--month", "2024-01"], "cannot be used with");
    misspelt(home, &["top", "artists", "-n", "-1"], "-1");
    misspelt(home, &["top", "singers"], "artists");
    misspelt(home, &["top", "artists", "--json", "--csv"], "cannot be used with");
    misspelt(home, &["tip"], "top");
    misspelt(home, &["sync", "--page-size", "0"], "page-size");
    misspelt(home, &["sync", "--rate=-1"], "rate");
    misspelt(home, &["sync", "--rate", "nan"], "rate");
    collected.still_whole();
}

#[test]
fn numbers_at_their_ends() {
    let collected = Collected::new();
    let home = &collected.home;
    for command in [&["top", "artists"][..], &["top", "tracks"], &["listens"], &["plot", "top-artists"]] {
        for number in ["0", "1000000", "18446744073709551615"] {
            home.run(&[command, &["-n", number]].concat()).good();
        }
    }
    for period in [&["--year", "1"][..], &["--year", "9998"], &["--last", "2147483647d"], &["--last", "100000month"]] {
        let ran = home.run(&[&["top", "artists"], period].concat());
        assert!([0, 2].contains(&ran.code()) && !ran.stderr.contains("panicked"), "{period:?}\n{ran}");
    }
    home.run(&["top", "artists", "--from", "0001-01-02", "--to", "9998-12-31"]).good();
    home.run(&["top", "artists", "--min-played", "4294967295"]).good();
    let picture = home.beside("many.svg").display().to_string();
    home.run(&["plot", "top-tracks", "-n", "1000000", "-o", &picture]).good();
    collected.still_whole();
}

#[test]
fn a_picture_or_a_file_cannot_be_written() {
    let collected = Collected::new();
    let home = &collected.home;
    let beside = |name: &str| home.beside(name).display().to_string();
    home.run(&["plot", "top-artists", "-o", &beside("x.jpg")]).refused(2, "neither in .svg nor in .png", "x.svg");
    home.run(&["plot", "top-artists", "-o", &beside("x")]).refused(2, "neither in .svg nor in .png", "x.svg");
    let nowhere = beside("no such/x.svg");
    home.run(&["plot", "top-artists", "-o", &nowhere]).refused(74, "there is no such", "mkdir -p");
    home.run(&["export", "-o", &beside("no such/x.csv")]).refused(74, "there is no such", "mkdir -p");
    fs::create_dir(home.beside("folder.png")).unwrap();
    home.run(&["plot", "top-artists", "-o", &beside("folder.png")]).refused(74, "it is a folder", "");
    home.run(&["export", "-o", &beside("folder.png")]).refused(74, "it is a folder", "");
    home.run(&["plot", "top-artists", "-o", &beside("x.svg"), "--height", "1"]).refused(2, "", "--height");
    let font = beside("no font.ttf");
    home.run(&["plot", "top-artists", "-o", &beside("x.png"), "--font", &font]).refused(65, "no font.ttf", "--font");
    assert!(!home.beside("x.svg").exists() && !home.beside("x.png").exists());
    let current = Ran::of(home.command(&["export", "-o", "here.csv"]).current_dir(home.beside("")));
    assert_eq!(current.good().code(), 0);
    assert!(home.beside("here.csv").exists());
    let full = Ran::of(&mut home.command_under(&["sh", "-c", "exec \"$0\" \"$@\" >/dev/full"], &["export"]));
    full.refused(74, "standard output", "make room");
    let full = Ran::of(&mut home.command_under(&["sh", "-c", "exec \"$0\" \"$@\" >/dev/full"], &["top", "artists"]));
    full.refused(74, "standard output", "make room");
    collected.still_whole();
}

#[test]
fn whoever_stops_reading_has_read_enough() {
    let home = Home::new();
    let fake = fake_of(&Generate::plain(5, 20_000, UNTIL));
    home.sync(&fake, &["-q"]).good();
    for words in [
        &["export"][..],
        &["export", "--format", "jsonl"],
        &["listens", "-n", "20000", "-q"],
        &["listens", "-n", "20000", "-q", "--json"],
        &["listens", "-n", "20000", "-q", "--csv"],
    ] {
        let mut command = home.command(words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert!(!first.is_empty());
        assert_eq!((ran.code(), ran.stderr.as_str()), (0, ""), "{words:?}");
    }
}

#[test]
fn another_zone_changes_answers_and_not_the_history() {
    let collected = Collected::new();
    let home = &collected.home;
    for words in
        [&["top", "artists", "--year", "2023"][..], &["listens"], &["doctor"], &["verify"], &["verify", "--quick"]]
    {
        home.run(&[&["--zone", "Asia/Tokyo"], words].concat()).good();
    }
    collected.still_whole();
}

#[test]
fn there_is_nothing_yet() {
    let home = Home::new();
    for words in [&["top", "artists"][..], &["listens"], &["export"], &["plot", "top-artists"]] {
        home.run(words).refused(65, "there is no history in", "heard sync --user NAME");
        assert!(!home.history().exists(), "a question makes nothing");
    }
    let doctor = home.run(&["doctor"]).good();
    assert!(doctor.stdout.contains("not made yet"), "{doctor}");
    assert!(!home.history().exists(), "looking makes nothing");
    home.run(&["rebuild"]).good();
    home.run(&["verify"]).good();
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "0\n");
}
