//! An MPD of the test's own, with one silent track and nobody who hears it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// An MPD that shows nothing to those who do not know its password.
pub(crate) struct RealMpd {
    daemon: Child,
    folder: TempDir,
}

impl RealMpd {
    /// Starts one whose only track lasts so long.
    #[expect(clippy::disallowed_methods, reason = "files in a throw-away folder")]
    pub(crate) fn start(password: &str, artist: &str, title: &str, seconds: u32) -> Self {
        let folder = tempfile::Builder::new().prefix("mpd-").tempdir().unwrap();
        let music = folder.path().join("music");
        fs::create_dir(&music).unwrap();
        fs::write(music.join("track.wav"), silence(artist, title, seconds)).unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let escaped = password.replace('\\', "\\\\").replace('"', "\\\"");
        let config = format!(
            "music_directory \"{}\"\ndb_file \"{}\"\nbind_to_address \"{}\"\nzeroconf_enabled \"no\"\n\
             password \"{escaped}@read,add,control,admin\"\ndefault_permissions \"\"\n\
             audio_output {{\n type \"null\"\n name \"nobody\"\n sync \"yes\"\n}}\n",
            music.display(),
            at("db"),
            at("socket"),
        );
        fs::write(folder.path().join("mpd.conf"), config).unwrap();
        let mut daemon = Command::new("mpd")
            .args(["--no-daemon", "--stderr"])
            .arg(folder.path().join("mpd.conf"))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("mpd: {error}; ./check tools installs it"));
        let mut said = BufReader::new(daemon.stderr.take().unwrap());
        let mut line = String::new();
        while !folder.path().join("socket").exists() {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "mpd ended");
        }
        // Somebody must read what it says further, or it waits.
        std::thread::spawn(move || said.lines().for_each(drop));
        Self { daemon, folder }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// A connection by which it does what the test says.
    pub(crate) fn control(&self, password: &str) -> Control {
        let stream = UnixStream::connect(self.socket()).unwrap();
        let mut control = Control { answers: BufReader::new(stream.try_clone().unwrap()), stream };
        assert!(control.line().starts_with("OK MPD "));
        control.say(&format!("password \"{}\"", password.replace('\\', "\\\\").replace('"', "\\\"")));
        control
    }

    pub(crate) fn end(&mut self) {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
    }
}

impl Drop for RealMpd {
    fn drop(&mut self) {
        drop(self.daemon.kill());
        drop(self.daemon.wait());
    }
}

/// A connection to it.
pub(crate) struct Control {
    stream: UnixStream,
    answers: BufReader<UnixStream>,
}

impl Control {
    fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.answers.read_line(&mut line).unwrap(), 0, "mpd is gone");
        line.trim_end().to_owned()
    }

    /// Says something that must be well taken. Gives the answer.
    pub(crate) fn say(&mut self, command: &str) -> Vec<String> {
        writeln!(self.stream, "{command}").unwrap();
        let mut answer = Vec::new();
        loop {
            match self.line() {
                line if line == "OK" => return answer,
                line => {
                    assert!(!line.starts_with("ACK"), "{command}: {line}");
                    answer.push(line);
                }
            }
        }
    }

    /// Lets it look for its track. What happens between two questions is told by the next `idle`, so none is missed.
    pub(crate) fn find(&mut self) {
        self.say("update");
        while self.say("status").iter().any(|line| line.starts_with("updating_db")) {
            self.say("idle update");
        }
        assert!(self.say("stats").contains(&"songs: 1".to_owned()));
    }
}

/// A WAV file of silence with names in it: 8000 samples a second of one byte, and the names as RIFF's `INFO` has them.
fn silence(artist: &str, title: &str, seconds: u32) -> Vec<u8> {
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let mut bytes = [&name[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), body].concat();
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    };
    let text = |name: &[u8; 4], text: &str| chunk(name, format!("{text}\0").as_bytes());
    let rate: u32 = 8_000;
    let format = [
        &1_u16.to_le_bytes()[..],
        &1_u16.to_le_bytes(),
        &rate.to_le_bytes(),
        &rate.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &8_u16.to_le_bytes(),
    ]
    .concat();
    let info = [b"INFO".to_vec(), text(b"IART", artist), text(b"INAM", title), text(b"IPRD", "Silences")].concat();
    let sound = vec![128; usize::try_from(rate * seconds).unwrap()];
    let body = [b"WAVE".to_vec(), chunk(b"fmt ", &format), chunk(b"LIST", &info), chunk(b"data", &sound)].concat();
    chunk(b"RIFF", &body)
}
