//! Power cuts: the file system forgets what was not synced, and nothing that counted is lost.
//!
//! An ext4 image on a loop device is shut down without flushing its log while a sync runs on it (the ioctl that file
//! system tests use for this), then mounted again. `HEARD_POWER_CUTS` says how many cuts; `HEARD_SEED` when.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use fakefm::{FakeFm, Generate};
use heard_api::Clock;
use heard_history::archive;

use crate::disks::Disk;
use crate::extent::{chance, times};
use crate::home::{Home, Ran, fake_of, sync_words};

const PAGES: [&str; 3] = ["-q", "--page-size", "50"];

/// Shuts a mounted ext4 down at once: `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`.
const CUT: &str = "import fcntl, os, struct, sys; \
                   fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";

/// What can call an ioctl without being compiled.
const PYTHON: &str = "/usr/bin/python3";

/// An ext4 disk that can lose its power.
struct Fragile {
    disk: Disk,
}

impl Fragile {
    fn new(folder: &Path) -> Option<Self> {
        let image = folder.join("image").display().to_string();
        let made = Command::new("sh")
            .args(["-c", "truncate -s 64M \"$0\" && mkfs.ext4 -q -F \"$0\"", &image])
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .stderr(Stdio::null())
            .status();
        if !made.is_ok_and(|status| status.success()) || !Path::new(PYTHON).exists() {
            println!("skipped: there is no mkfs.ext4 or no {PYTHON} here");
            return None;
        }
        let disk = Disk::mounted(&format!("mount -o loop '{image}' \"$0\""))?;
        Some(Self { disk })
    }

    /// The power goes; then it comes back.
    fn cut(&self, running: &mut Child) {
        let inside = self.disk.inside();
        let mut python = Command::new(&inside[0]);
        python.args(&inside[1..]).args([PYTHON, "-c", CUT]).arg(self.disk.path());
        assert!(python.status().unwrap().success(), "the disk could not be shut down");
        running.kill().unwrap();
        running.wait().unwrap();
        // A process that was killed may take a moment to let go of its files; umount says when it has not.
        self.disk.sh("device=$(findmnt -n -o SOURCE \"$0\"); image=$(losetup -n -O BACK-FILE \"$device\"); \
             until umount \"$0\" 2>/dev/null; do :; done; mount -o loop \"$image\" \"$0\"");
    }
}

/// How many envelopes the view has read, by what is on the disk now.
fn known_to_the_view(history: &Path) -> i64 {
    let database = history.join("heard.db");
    let Ok(database) = rusqlite::Connection::open(database) else { return 0 };
    database.query_row("SELECT archive_seq FROM view_state", [], |row| row.get(0)).unwrap_or_default()
}

/// Cuts the power at a moment of a sync, and looks at what is left. False when the sync had ended before.
fn cut_and_look(fragile: &Fragile, home: &Home, fake: &FakeFm, moment: Duration) -> bool {
    let inside = fragile.disk.inside();
    let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
    let url = fake.url();
    let mut command = home.command_under(&inside, &sync_words(&url, &PAGES));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the moment of the cut is what is tried")]
    thread::sleep(moment);
    let running = child.try_wait().unwrap().is_none();
    fragile.cut(&mut child);
    let history = fragile.disk.outside().join("history");
    let (segments, strangers) = archive::list(&history.join("archive")).unwrap();
    assert_eq!(strangers, [""; 0].map(Path::new), "files of no use were left in the archive");
    // A segment that was never synced may be there without content: nothing of it counted.
    let mut last = 0;
    for (place, segment) in segments.iter().enumerate() {
        let bytes = segment.bytes().unwrap();
        assert!(!bytes.is_empty() || place + 1 == segments.len(), "{} is empty", segment.path.display());
        last = last.max(whole_envelopes(&bytes));
    }
    let known = known_to_the_view(&history);
    assert!(known <= last, "the view knows envelope {known}, and the archive ends at {last}");
    running
}

/// The place of the last envelope that can be read before the first damage.
fn whole_envelopes(bytes: &[u8]) -> i64 {
    let mut last = 0;
    for piece in archive::pieces(bytes) {
        let archive::Piece::Frame { at, .. } = piece else { break };
        let mut zstd = Command::new("zstd").arg("-dcq").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut into = zstd.stdin.take().unwrap();
        let frame = bytes[at].to_vec();
        let writer = thread::spawn(move || std::io::Write::write_all(&mut into, &frame));
        let output = zstd.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success(), "a sealed frame cannot be read");
        for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            last = archive::Envelope::parse(line).unwrap().head.seq.cast_signed();
        }
    }
    last
}

#[test]
fn nothing_that_counted_is_lost_when_the_power_goes() {
    let wanted = times("HEARD_POWER_CUTS", 3);
    let mut random = chance();
    let fake = fake_of(&Generate { undated: 60, ..Generate::plain(12, 3_000, 1_750_000_000) });
    let whole = Home::new();
    let clock = Clock::system();
    let before = clock.monotonic();
    whole.sync(&fake, &PAGES).good();
    let took = clock.monotonic() - before;
    let digest = whole.digest();
    let (mut cuts, mut histories) = (0, 0);
    while cuts < wanted {
        let folder = tempfile::tempdir().unwrap();
        let Some(fragile) = Fragile::new(folder.path()) else { return };
        let home = Home::with_history(fragile.disk.path().join("history"));
        while cut_and_look(&fragile, &home, &fake, took.mul_f64(random.f64() * 1.5)) && cuts < wanted {
            cuts += 1;
        }
        histories += 1;
        let inside = fragile.disk.inside();
        let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
        let url = fake.url();
        Ran::of(&mut home.command_under(&inside, &sync_words(&url, &PAGES))).good();
        let verified = Ran::of(&mut home.command_under(&inside, &["verify", "--json"])).good().json();
        assert_eq!(verified["digest"], digest, "after {cuts} cuts");
    }
    println!("{cuts} power cuts in {histories} histories: 0 lost, 0 doubled, 0 torn");
}
