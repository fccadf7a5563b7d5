//! Damage of every kind is found and named; views that are damaged or gone are made again.
//!
//! `HEARD_DAMAGES` says how many bits are flipped in the archive, and as many in the views; a fifth of that number of
//! files is deleted, swapped, cut and added each. `HEARD_SEED` says which.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use fakefm::{FakeFm, Generate};
use heard_history::archive::{self, Archive, Draft, Envelope, Position};
use heard_history::home::{Home as Folder, create_private, replace_file};
use heard_history::ingest;
use heard_history::store::Store;
use heard_history::verify::{self, Finding};
use heard_history::zone::Zone;
use heard_history::{columns, home};

use crate::extent::{chance, times};
use crate::home::{Home, fake_of};

const UNTIL: i64 = 1_700_000_000;
const YEAR: i64 = 31_556_952;

/// A home whose archive has a segment for each of several years: the answers of a sync, received over a long time.
fn home_of_years() -> (Home, FakeFm) {
    let (collected, fake) = (Home::new(), fake_of(&Generate::plain(3, 1_500, UNTIL)));
    collected.sync(&fake, &["--page-size", "50"]).good();
    let years = Home::new();
    let folder = years.opened();
    let lock = folder.lock().unwrap();
    let (mut grown, _) = Archive::open(&folder, &lock, 0).unwrap();
    let mut frames = Vec::new();
    let whole = collected.opened().archive();
    let damaged = |error| panic!("{error}");
    archive::read_after(&whole, Position::default(), |frame| (frames.push(frame), true).1, damaged).unwrap();
    for (place, frame) in (0..).zip(&frames) {
        let received_at = UNTIL + place * 8 / frames.len() as i64 * YEAR;
        let drafts: Vec<Draft> = frame.lines().map(|line| received_again(line, received_at)).collect();
        grown.append(&drafts).unwrap();
    }
    drop(grown);
    make_views(&folder, &lock);
    drop(lock);
    assert_eq!(years.digest(), collected.digest());
    let (segments, _) = archive::list(&folder.archive()).unwrap();
    assert!(segments.len() >= 6, "{} segments are too few to swap and delete", segments.len());
    (years, fake)
}

fn received_again(line: &[u8], received_at: i64) -> Draft {
    let envelope = Envelope::parse(line).unwrap();
    Draft {
        received_at,
        account: envelope.head.owner(),
        method: envelope.head.method.into_owned().into(),
        params: envelope.head.params,
        purpose: envelope.head.purpose,
        run: envelope.head.run,
        wanted: envelope.head.wanted,
        status: envelope.head.status,
        served_at: envelope.head.served_at,
        body: envelope.body.into_owned().into(),
        is_json: false,
        sha256: None,
    }
}

/// Puts envelopes of one archive behind those of another.
fn add(folder: &Folder, lock: &home::HomeLock, lines: &[Vec<u8>]) {
    let (mut archive, _) = Archive::open(folder, lock, 0).unwrap();
    let drafts: Vec<Draft> = lines.iter().map(|line| received_again(line, UNTIL)).collect();
    archive.append(&drafts).unwrap();
}

fn make_views(folder: &Folder, lock: &home::HomeLock) {
    ingest::rebuild(folder, lock, &Zone::utc(), |_| {}).unwrap();
    let store = Store::open(folder, lock, &Zone::utc()).unwrap();
    columns::refresh(folder, lock, &store).unwrap();
    verify::seal(folder, lock, store).unwrap();
}

fn findings(folder: &Folder) -> Vec<Finding> {
    let lock = folder.lock().unwrap();
    verify::verify(folder, &lock, &Zone::utc(), true).unwrap().findings
}

/// Puts a copy of all files where damage does no harm.
fn copied(from: &Path, to: &Path) {
    home::make_private_folder(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copied(&entry.path(), &target);
        } else {
            put(&target, &fs::read(entry.path()).unwrap());
        }
    }
}

fn put(path: &Path, bytes: &[u8]) {
    create_private(path).and_then(|mut file| file.write_all(bytes)).unwrap();
}

fn replaced(path: &Path, bytes: &[u8]) {
    replace_file(path, |file| file.write_all(bytes)).unwrap();
}

/// One kind of damage, done at random; names the files that it was done to.
type Damage = fn(&Folder, &mut fastrand::Rng) -> Vec<PathBuf>;

fn segment_files(folder: &Folder) -> Vec<PathBuf> {
    archive::list(&folder.archive()).unwrap().0.into_iter().map(|segment| segment.path).collect()
}

fn any(paths: Vec<PathBuf>, random: &mut fastrand::Rng) -> PathBuf {
    let at = random.usize(..paths.len());
    paths.into_iter().nth(at).unwrap()
}

fn flip(path: PathBuf, random: &mut fastrand::Rng) -> Vec<PathBuf> {
    let mut bytes = fs::read(&path).unwrap();
    let at = random.usize(..bytes.len());
    bytes[at] ^= 1 << random.u8(..8);
    replaced(&path, &bytes);
    vec![path]
}

fn flip_in_the_archive(folder: &Folder, random: &mut fastrand::Rng) -> Vec<PathBuf> {
    let path = any(segment_files(folder), random);
    flip(path, random)
}

fn flip_in_a_view(folder: &Folder, random: &mut fastrand::Rng) -> Vec<PathBuf> {
    let path = if random.u8(..4) == 0 { folder.columns() } else { folder.database() };
    flip(path, random)
}

fn delete(folder: &Folder, random: &mut fastrand::Rng) -> Vec<PathBuf> {
    let path = any(segment_files(folder), random);
    fs::remove_file(&path).unwrap();
    vec![path]
}

fn swap(folder: &Folder, random: &mut fastrand::Rng) -> Vec<PathBuf> {
    let mut paths = segment_files(folder);
    random.shuffle(&mut paths);
    paths.truncate(2);
    let [first, second] = [0, 1].map(|at: usize| fs::read(&paths[at]).unwrap());
    replaced(&paths[0], &second);
    replaced(&paths[1], &first);
    paths
}

fn cut(folder: &Folder, random: &mut fastrand::Rng) -> Vec<PathBuf> {
    let path = any(segment_files(folder), random);
    let bytes = fs::read(&path).unwrap();
    replaced(&path, &bytes[..random.usize(..bytes.len())]);
    vec![path]
}

fn add_a_stranger(folder: &Folder, random: &mut fastrand::Rng) -> Vec<PathBuf> {
    let beside = any(segment_files(folder), random);
    let year = beside.parent().unwrap();
    let number = random.u32(500..);
    let (path, bytes) = match random.u8(..5) {
        0 => (folder.archive().join("notes.txt"), b"mine".to_vec()),
        1 => (year.join(format!("{number}.jsonl.zst")), fs::read(&beside).unwrap()),
        2 => (year.join(format!("{number:012}.jsonl.zst")), fs::read(&beside).unwrap()),
        3 => (year.join(format!("{number:012}.jsonl.zst")), Vec::new()),
        _ => (year.join(beside.with_extension("new").file_name().unwrap()), b"\0".to_vec()),
    };
    put(&path, &bytes);
    vec![path]
}

fn names(finding: &Finding, path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    finding.path == path || finding.what.contains(name)
}

#[test]
fn every_damage_is_found_and_named() {
    let flips = times("HEARD_DAMAGES", 40);
    let files = (flips / 5).max(10);
    let mut random = chance();
    let (home, _fake) = home_of_years();
    let scratch = tempfile::tempdir().unwrap();
    let kinds: [(&str, usize, Damage); 6] = [
        ("bit flipped in the archive", flips, flip_in_the_archive),
        ("bit flipped in a view", flips, flip_in_a_view),
        ("segment deleted", files, delete),
        ("two segments swapped", files, swap),
        ("segment cut", files, cut),
        ("stranger added", files, add_a_stranger),
    ];
    let clean = home.opened();
    assert_eq!(findings(&clean), []);
    for (what, cases, damage) in kinds {
        for case in 0..cases {
            let place = scratch.path().join(format!("{}-{case}", what.replace(' ', "-")));
            copied(home.history(), &place);
            let folder = Folder::open(&place).unwrap();
            let damaged = damage(&folder, &mut random);
            let found = findings(&folder);
            for path in &damaged {
                assert!(found.iter().any(|finding| names(finding, path)), "{what}: {path:?} is not named: {found:?}");
            }
            fs::remove_dir_all(place).unwrap();
        }
        println!("{cases} of {cases} found and named: {what}");
    }
    assert_eq!(findings(&clean), []);
}

#[test]
fn the_program_tells_of_damage_and_goes_on_with_what_is_left() {
    let (home, fake) = home_of_years();
    let digest = home.digest();
    let victim = segment_files(&home.opened()).swap_remove(2);
    let whole = fs::read(&victim).unwrap();
    let mut bytes = whole.clone();
    let middle = bytes.len() / 10..bytes.len() * 9 / 10;
    bytes[middle].fill(0x55);
    replaced(&victim, &bytes);
    let ran = home.run(&["verify"]).refused(65, "not as", "heard rebuild");
    assert!(ran.stdout.contains(victim.to_str().unwrap()), "{ran}");
    let found = home.run(&["verify", "--json"]);
    assert_eq!(found.code(), 65);
    home.run(&["rebuild"]).refused(65, "parts of the archive are damaged", "heard sync");
    let left: u64 = home.run(&["listens", "--count"]).good().stdout.trim().parse().unwrap();
    assert!((500..1_500).contains(&left), "{left} listens are left");
    home.sync(&fake, &[]).good();
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "1500\n", "what was lost was downloaded again");
    let still = home.run(&["verify"]).refused(65, "not as", "heard rebuild");
    assert!(still.stdout.contains(victim.to_str().unwrap()), "{still}");
    replaced(&victim, &whole);
    home.run(&["rebuild"]).good();
    assert_eq!(home.digest(), digest);
}

#[test]
fn the_views_are_expendable() {
    let (home, fake) = (Home::new(), fake_of(&Generate { undated: 50, ..Generate::plain(3, 4_000, UNTIL) }));
    home.sync(&fake, &["--to", "2021-01-01"]);
    let [database, columns] = ["heard.db", "plays.arrow"].map(|name| home.history().join(name));
    let old = [fs::read(&database).unwrap(), fs::read(&columns).unwrap()];
    home.sync(&fake, &[]).good();
    let digest = home.digest();
    let mut noise = vec![0; 100_000];
    fastrand::Rng::with_seed(8).fill(&mut noise);
    let anew: [&dyn Fn(); 2] = [&|| drop(home.run(&["rebuild"]).good()), &|| drop(home.sync(&fake, &[]).good())];
    for (way, make) in anew.iter().enumerate() {
        fs::remove_file(&database).unwrap();
        make();
        assert_eq!(home.digest(), digest, "deleted, {way}");
        replaced(&database, &old[0]);
        make();
        assert_eq!(home.digest(), digest, "an old copy, {way}");
        replaced(&database, &old[0]);
        replaced(&columns, &old[1]);
        make();
        assert_eq!(home.digest(), digest, "old copies of both, {way}");
        fs::remove_file(&columns).unwrap();
        make();
        assert_eq!(home.digest(), digest, "no columns, {way}");
        fs::remove_file(home.history().join("heard.db.manifest")).unwrap();
        make();
        assert_eq!(home.digest(), digest, "no checksums, {way}");
    }
    replaced(&database, &noise);
    home.sync(&fake, &[]).refused(65, "heard.db is damaged", "heard rebuild");
    home.run(&["rebuild"]).good();
    assert_eq!(home.digest(), digest, "noise");
}

#[test]
fn a_segment_that_a_killed_run_had_only_just_made_is_no_damage() {
    let (home, fake) = (Home::new(), fake_of(&Generate::plain(3, 300, UNTIL)));
    home.sync(&fake, &[]).good();
    let whole = home.digest();
    let envelopes = home.run(&["verify", "--json"]).good().json()["envelopes"].as_u64().unwrap();
    let (segments, _) = archive::list(&home.opened().archive()).unwrap();
    let next = segments.last().unwrap().path.with_file_name(format!("{:012}.jsonl.zst", envelopes + 1));
    create_private(&next).unwrap();
    assert_eq!(home.digest(), whole);
    home.sync(&fake, &[]).good();
    assert!(next.metadata().unwrap().len() > 0, "the next run goes on in it");
    assert_eq!(home.digest(), whole);
}

#[test]
fn an_import_that_never_ended_is_verified_like_one_that_did() {
    let (whole, cut_off) = (Home::new(), Home::new());
    let file = whole.beside("plays.csv");
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    fs::write(&file, "uts,artist,track,album\n1600000000,Mira Vale,Iron Coast,\n1600000300,Mira Vale,Ferry,\n")
        .unwrap();
    whole.run(&["import", file.to_str().unwrap()]).good();
    let mut lines = Vec::new();
    let take = |frame: archive::Frame| (lines.extend(frame.lines().map(<[u8]>::to_vec)), true).1;
    archive::read_after(&whole.opened().archive(), Position::default(), take, |error| panic!("{error}")).unwrap();
    let end = lines.pop().unwrap();
    assert!(memchr::memmem::find(&end, b"import-ended").is_some(), "{}", end.escape_ascii());
    let folder = cut_off.opened();
    let lock = folder.lock().unwrap();
    // The view is written and sealed while the archive is empty; then a run is stopped in the middle of a file.
    make_views(&folder, &lock);
    add(&folder, &lock, &lines);
    drop(lock);
    let rebuilt = Home::new();
    add(&rebuilt.opened(), &rebuilt.opened().lock().unwrap(), &lines);
    rebuilt.run(&["rebuild"]).good();
    let verified = |home: &Home| home.run(&["verify", "--json"]).good().json();
    for _ in 0..2 {
        let told = verified(&cut_off);
        assert_eq!(
            (told["findings"].as_array().unwrap().len(), &told["envelopes"]),
            (0, &lines.len().into()),
            "{told}"
        );
        assert_eq!(told["digest"].as_str().unwrap(), rebuilt.digest(), "nothing of the file counts: {told}");
    }
    let lock = folder.lock().unwrap();
    add(&folder, &lock, &[end]);
    drop(lock);
    let told = verified(&cut_off);
    assert_eq!(told["digest"].as_str().unwrap(), whole.digest(), "all of it counts: {told}");
    cut_off.run(&["rebuild"]).good();
    assert_eq!(cut_off.digest(), whole.digest(), "and it is what the view says when it is made anew");
}
