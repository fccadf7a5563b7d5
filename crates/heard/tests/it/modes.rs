//! Files are private from their first byte on: what the system calls of a whole life of a home say, with `umask 000`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use fakefm::{Faults, Generate};

use crate::home::{Home, Ran, fake_of, sync_words};

/// Everything that makes, renames or opens up a file or folder.
const CALLS: &str = "trace=open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,chmod,fchmod,fchmodat,?fchmodat2,\
                     rename,renameat,renameat2,link,linkat,symlink,symlinkat";

/// What SQLite makes beside a database, with the mode of the database and under its lock. It does not ask that they be
/// new; a link in their place is refused.
const SIDES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// One call that made something below the home.
#[derive(Debug)]
struct Made {
    path: String,
    call: String,
}

/// The calls that made files or folders below `home`, and those that changed a mode.
fn traced(home: &Home, words: &[&str], log: &Path) -> (Vec<Made>, Vec<String>) {
    let log_name = log.display().to_string();
    let strace = ["strace", "--follow-forks", "--string-limit=4096", "--output", &log_name, "-e", CALLS];
    let open = ["sh", "-c", "umask 000; exec \"$0\" \"$@\""];
    Ran::of(&mut home.command_under(&[&strace[..], &open].concat(), words));
    let text = fs::read_to_string(log).unwrap();
    let below = home.history().display().to_string();
    let inside = text.lines().filter(|line| line.contains(&below) && !line.contains(" = -1 "));
    let (mut made, mut changed) = (Vec::new(), Vec::new());
    for line in text.lines().filter(|line| line.contains("chmod")) {
        changed.push(line.to_owned());
    }
    for line in inside.filter(|line| line.contains("O_CREAT") || line.contains("mkdir") || line.contains("mknod")) {
        let path = line.split('"').nth(1).unwrap().to_owned();
        made.push(Made { path, call: line.to_owned() });
    }
    (made, changed)
}

#[track_caller]
fn private(made: &Made) {
    let Made { path, call } = made;
    let has = |flag: &str| call.contains(flag);
    if has("mkdir") {
        assert!(has("0700"), "{call}");
        return;
    }
    // A call of one thread may be cut in two by the log of another's.
    assert!(has(", 0600)") || has(", 0600 <unfinished"), "{call}");
    assert!(has("O_NOFOLLOW"), "{call}");
    if !SIDES.iter().any(|side| path.ends_with(side)) {
        assert!(has("O_EXCL"), "{call}");
    }
}

fn private_below(folder: &Path) {
    let mode = |path: &Path| fs::symlink_metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(folder) & 0o7777, 0o700, "{}", folder.display());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            private_below(&path);
        } else {
            assert_eq!(mode(&path) & 0o7777, 0o600, "{}", path.display());
        }
    }
}

#[test]
fn files_are_private_from_the_first_byte_on() {
    let home = Home::new();
    let log = home.beside("calls");
    let fake = fake_of(&Generate { undated: 10, ..Generate::plain(2, 800, 1_700_000_000) });
    fake.set_faults(Faults::spoilt(4, 0.3));
    let url = fake.url();
    let out = home.history().join("out").display().to_string();
    let mut names = Vec::new();
    for words in [
        &sync_words(&url, &["--page-size", "50"])[..],
        &["export", "-o", &format!("{out}.csv")],
        &["plot", "top-artists", "-o", &format!("{out}.svg")],
        &["plot", "top-artists", "-o", &format!("{out}.png")],
        &["rebuild"],
        &["verify"],
        &["top", "artists"],
        &["doctor"],
        &sync_words(&url, &["--full"]),
    ] {
        let (made, changed) = traced(&home, words, &log);
        assert_eq!(changed, [""; 0], "a mode was changed afterwards");
        made.iter().for_each(private);
        names.extend(made.into_iter().map(|made| made.path));
    }
    for name in ["heard.lock", "heard.db", "state.db", "heard.db-wal", ".jsonl.zst", "plays.arrow.new", "manifest.new"]
    {
        assert!(names.iter().any(|path| path.ends_with(name)), "{name} was not seen being made: {names:?}");
    }
    for name in ["archive", "archive.refused", "out.csv.new", "out.png.new", "heard.db.new", "heard.db.compared"] {
        assert!(names.iter().any(|path| path.ends_with(name)), "{name} was not seen being made: {names:?}");
    }
    private_below(home.history());
}
