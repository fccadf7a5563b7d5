//! Disks that are full, read-only or small, in a mount name space of their own: nobody else sees them, and they are
//! gone when the process that keeps the name space is.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A file system that only the processes started in it see.
pub(crate) struct Disk {
    keeper: Child,
    privileged: bool,
    place: TempDir,
}

impl Disk {
    /// A disk of so many mebibytes. `None`, and a sentence, where the system does not allow to mount.
    pub(crate) fn of_mebibytes(size: u32) -> Option<Self> {
        Self::mounted(&format!("mount -t tmpfs -o size={size}m,mode=700 tmpfs \"$0\""))
    }

    /// A disk that `mount` brings to the folder `"$0"`.
    pub(crate) fn mounted(mount: &str) -> Option<Self> {
        let place = tempfile::Builder::new().prefix("disk-").tempdir().unwrap();
        let privileged = rustix::process::geteuid().is_root();
        let mut unshare = Command::new("unshare");
        if !privileged {
            unshare.arg("--map-root-user");
        }
        // The shell keeps the name space until its input ends, which it does at the latest with this process.
        let script = format!("set -e; {mount}; echo ready; read -r end || true");
        unshare.args(["--mount", "sh", "-c", &script]).arg(place.path());
        let spawned = unshare.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut keeper) = spawned else {
            println!("skipped: there is no unshare(1) here, so no disk of its own");
            return None;
        };
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line.trim() != "ready" {
            println!("skipped: this system does not let us mount a disk of our own");
            keeper.wait().unwrap();
            return None;
        }
        Some(Self { keeper, privileged, place })
    }

    /// Where it is mounted, for whoever is inside.
    pub(crate) fn path(&self) -> &Path {
        self.place.path()
    }

    /// The same place, as seen from outside.
    pub(crate) fn outside(&self) -> PathBuf {
        let inside = self.path().strip_prefix("/").unwrap();
        Path::new("/proc").join(self.keeper.id().to_string()).join("root").join(inside)
    }

    /// The words that start a program inside.
    pub(crate) fn inside(&self) -> Vec<String> {
        let target = self.keeper.id().to_string();
        let mut words = vec!["nsenter", "--target", &target, "--mount"];
        if !self.privileged {
            words.extend(["--user", "--preserve-credentials"]);
        }
        words.into_iter().map(str::to_owned).collect()
    }

    /// Runs a line of shell inside, with the mount point as `"$0"`.
    #[track_caller]
    pub(crate) fn sh(&self, line: &str) {
        let words = self.inside();
        let mut command = Command::new(&words[0]);
        let status = command.args(&words[1..]).args(["sh", "-c", line]).arg(self.path()).status().unwrap();
        assert!(status.success(), "{line}: {status}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // It ends with its input; a failure to wait leaves nothing behind that the kernel does not clear.
        drop(self.keeper.wait());
    }
}
