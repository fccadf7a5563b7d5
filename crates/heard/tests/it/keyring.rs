//! Secrets in the desktop's keyring: a real one, on a bus of the test's own.

use crate::home::Home;

fn configure(home: &Home, text: &str) {
    drop(home.opened());
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    std::fs::write(home.history().join("config.toml"), text).unwrap();
}

/// Without the feature nobody can ask for it and get something else.
#[cfg(not(feature = "keyring"))]
#[test]
fn who_has_no_keyring_says_so() {
    let home = Home::new();
    configure(&home, "credentials = \"keyring\"\n");
    home.run(&["accounts"]).refused(78, "built without the desktop's keyring", "--features keyring");
    configure(&home, "credentials = \"file\"\n");
    home.run(&["accounts"]).good();
    configure(&home, "credentials = \"drawer\"\n");
    home.run(&["accounts"]).refused(78, "unknown variant `drawer`", "mend that line");
}

#[cfg(feature = "keyring")]
mod kept {
    use std::fs;
    use std::io::Write;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};

    use fakefm::{Config, FakeFm, World, Writing};
    use heard_history::home::replace_file;
    use tempfile::TempDir;

    use super::configure;
    use crate::home::{Home, KEY, Ran, USER};
    use crate::watching::desktop::Desktop;

    const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e709";
    const SESSION: &str = "5e55105e55105e55105e55105e551009";
    const TOKEN: &str = "70ce0000-70ce-70ce-70ce-70ce00000009";
    const NAME: &str = "org.freedesktop.secrets";

    /// A desktop with GNOME's keyring.
    struct Keyring {
        daemon: Child,
        desktop: Desktop,
        folder: TempDir,
    }

    impl Keyring {
        /// One that is open.
        fn new() -> Self {
            let (desktop, folder) = (Desktop::new(), tempfile::Builder::new().prefix("keys-").tempdir().unwrap());
            let daemon = desktop.until_owned(NAME, || start(&desktop, folder.path(), Some("a password")));
            Self { daemon, desktop, folder }
        }

        /// Closes it: another daemon keeps the same secrets, and nobody has told it the password.
        fn close(&mut self) {
            self.end();
            self.daemon = self.desktop.until_owned(NAME, || start(&self.desktop, self.folder.path(), None));
        }

        fn end(&mut self) {
            self.daemon.kill().unwrap();
            self.daemon.wait().unwrap();
        }

        fn run(&self, home: &Home, words: &[&str]) -> Ran {
            self.run_given(home, words, "")
        }

        /// The same with a first line on standard input.
        fn run_given(&self, home: &Home, words: &[&str], line: &str) -> Ran {
            let mut command = home.command(words);
            command
                .env("DBUS_SESSION_BUS_ADDRESS", &self.desktop.address)
                .env("RUST_LOG", "trace")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            // Who does not ask may be gone before it is told.
            drop(child.stdin.take().unwrap().write_all(line.as_bytes()));
            let ran = Ran::from(child.wait_with_output().unwrap());
            for secret in [SECRET, SESSION, TOKEN] {
                assert!(!ran.to_string().contains(secret), "{ran}");
            }
            ran
        }
    }

    impl Drop for Keyring {
        fn drop(&mut self) {
            drop(self.daemon.kill());
            drop(self.daemon.wait());
        }
    }

    fn start(desktop: &Desktop, folder: &Path, password: Option<&str>) -> Child {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]).args(password.map(|_| "--unlock"));
        command
            .env_clear()
            .env("DBUS_SESSION_BUS_ADDRESS", &desktop.address)
            .env("HOME", folder)
            .env("XDG_DATA_HOME", folder.join("data"))
            .env("XDG_RUNTIME_DIR", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let started = command.spawn();
        let mut daemon =
            started.unwrap_or_else(|error| panic!("gnome-keyring-daemon: {error}; ./check tools installs it"));
        daemon.stdin.take().unwrap().write_all(password.unwrap_or_default().as_bytes()).unwrap();
        daemon
    }

    fn service() -> FakeFm {
        let mut world = World::of(USER);
        world.set_session(USER, SESSION);
        world.listenbrainz(USER).set_token(TOKEN);
        let mut config = Config::new(world);
        config.rules.writing = Writing { secret: Some(SECRET.to_owned()), ..Writing::default() };
        FakeFm::start(config).unwrap()
    }

    /// A home that keeps its secrets in the keyring, with an account at both services.
    fn home_at(fake: &FakeFm) -> Home {
        let home = Home::new();
        let account =
            |service, url| format!("[[account]]\nservice = \"{service}\"\nuser = \"{USER}\"\nurl = \"{url}\"\n");
        let brainz = format!("{}/1/", fake.listenbrainz_url());
        let accounts = account("lastfm", fake.url()) + &account("listenbrainz", brainz);
        configure(&home, &format!("credentials = \"keyring\"\n{accounts}"));
        home
    }

    fn write_credentials(home: &Home, text: &str) {
        replace_file(&home.history().join("credentials.toml"), |file| file.write_all(text.as_bytes())).unwrap();
    }

    fn credentials(home: &Home) -> String {
        fs::read_to_string(home.history().join("credentials.toml")).unwrap_or_default()
    }

    /// What is not set, as `heard accounts` tells of both accounts.
    fn missing(ran: &Ran) -> Vec<Vec<String>> {
        let names = |row: &serde_json::Value| serde_json::from_value(row["missing"].clone()).unwrap();
        ran.json()["accounts"].as_array().unwrap().iter().map(names).collect()
    }

    #[test]
    fn what_stood_in_the_file_moves_and_is_used() {
        let (keyring, fake) = (Keyring::new(), service());
        let home = home_at(&fake);
        let by_hand = format!("# mine\nLASTFM_API_SECRET = \"{SECRET}\"\n\nLASTFM_SESSION_KEY = \"{SESSION}\"\n");
        write_credentials(&home, &by_hand);
        let ran = keyring.run(&home, &["accounts", "--json"]).good();
        for name in ["LASTFM_API_SECRET", "LASTFM_SESSION_KEY"] {
            assert!(ran.stderr.contains(&format!("{name} has moved from ")), "{ran}");
        }
        assert_eq!(missing(&ran), [vec![], vec!["LISTENBRAINZ_TOKEN".to_owned()]]);
        assert_eq!(credentials(&home), "# mine\n\n", "other lines stay");
        let again = keyring.run(&home, &["accounts", "--json"]).good();
        assert!(!again.stderr.contains("moved"), "{again}");
        assert_eq!(missing(&again), missing(&ran));
        let words = ["scrobble", "--artist", "Mira Vale", "--track", "Nine", "--service", "lastfm", "--rate", "0"];
        keyring.run(&home, &words).good();
        assert_eq!(fake.world().listener().holdings().len(), 1, "the session key is the right one");
        // What is written into the file later is newer.
        write_credentials(&home, "LASTFM_SESSION_KEY = \"0123456789012345678901234567890f\"\n");
        keyring.run(&home, &["accounts"]).good();
        keyring.run(&home, &[&words[..], &["--at", "5m"]].concat()).refused(77, "", "LASTFM_SESSION_KEY");
        // Another home has secrets of its own.
        let other = home_at(&fake);
        let none = keyring.run(&other, &["accounts", "--json"]).good();
        assert_eq!(missing(&none)[0], ["LASTFM_API_SECRET", "LASTFM_SESSION_KEY"]);
    }

    #[test]
    fn who_logs_in_is_in_the_keyring_and_who_logs_out_is_not() {
        let (keyring, fake) = (Keyring::new(), service());
        let home = home_at(&fake);
        let login = ["login", "listenbrainz", "--url", &format!("{}/1/", fake.listenbrainz_url())];
        let ran = keyring.run_given(&home, &login, &format!("{TOKEN}\n")).good();
        assert!(ran.stderr.contains("LISTENBRAINZ_TOKEN stands in the keyring"), "{ran}");
        assert!(!credentials(&home).contains("LISTENBRAINZ"));
        let in_home = |home: &Home| {
            let files = fs::read_dir(home.history()).unwrap().map(|entry| entry.unwrap().path());
            files.filter(|path| path.is_file()).map(|path| fs::read(path).unwrap()).collect::<Vec<_>>().concat()
        };
        assert!(memchr::memmem::find(&in_home(&home), TOKEN.as_bytes()).is_none(), "in no file of the home");
        // The same again takes its own place.
        keyring.run(&home, &login).good();
        assert_eq!(missing(&keyring.run(&home, &["accounts", "--json"]).good())[1], [""; 0]);
        let doctor = keyring.run(&home, &["doctor"]);
        assert!(doctor.stdout.contains("ok keyring      secrets are kept in the desktop's"), "{doctor}");
        let ran = keyring.run(&home, &["logout", "listenbrainz"]).good();
        assert!(ran.stderr.contains("LISTENBRAINZ_TOKEN does not stand in the keyring"), "{ran}");
        assert_eq!(missing(&keyring.run(&home, &["accounts", "--json"]).good())[1], ["LISTENBRAINZ_TOKEN"]);
        keyring.run(&home, &["logout", "listenbrainz"]).good();
    }

    #[test]
    fn where_there_is_no_keyring_it_says_so_and_goes_on_without() {
        let fake = service();
        let home = home_at(&fake);
        home.run(&["listens"]).refused(65, "there is no history in", "heard sync");
        for (address, says) in [
            (None, "there is no D-Bus session here"),
            (Some("unix:path=/nowhere".to_owned()), "the keyring cannot be used"),
        ] {
            let with = |words: &[&str]| {
                let mut command = home.command(words);
                Ran::of(command.envs(address.iter().map(|address| ("DBUS_SESSION_BUS_ADDRESS", address))))
            };
            with(&["logout", "lastfm"]).refused(78, says, "credentials = \"file\"");
            let ran = with(&["accounts", "--json"]).good();
            assert!(ran.stderr.contains(says) && ran.stderr.contains("credentials = \"file\""), "{ran}");
            let doctor = with(&["doctor"]);
            assert!(doctor.stdout.contains("!! keyring"), "{doctor}");
            // What is public can be collected all the same.
            with(&["sync", "lastfm/ann", "--rate", "0"]).good();
        }
        // A session, and nobody in it who keeps secrets: nobody logs in for nothing.
        let desktop = Desktop::new();
        let mut command = home.command(&["login", "listenbrainz"]);
        let ran = Ran::of(command.env("DBUS_SESSION_BUS_ADDRESS", &desktop.address).env("LISTENBRAINZ_TOKEN", TOKEN));
        let ran = ran.refused(78, "nobody keeps a keyring (a Secret Service) in this D-Bus session", "credentials = ");
        assert!(!ran.to_string().contains(TOKEN) && !ran.to_string().contains(KEY), "{ran}");
    }

    #[test]
    fn a_keyring_that_stays_closed_keeps_its_secrets() {
        let (mut keyring, fake) = (Keyring::new(), service());
        let home = home_at(&fake);
        write_credentials(&home, &format!("LASTFM_SESSION_KEY = \"{SESSION}\"\n"));
        keyring.run(&home, &["accounts"]).good();
        keyring.close();
        // There is nobody here who could be asked for the password.
        let ran = keyring.run(&home, &["accounts", "--json"]).good();
        assert!(ran.stderr.contains("error: the keyring stays locked"), "{ran}");
        assert!(missing(&ran)[0].contains(&"LASTFM_SESSION_KEY".to_owned()), "{ran}");
        // What is in the file stays there until the keyring has it.
        let kept = format!("LASTFM_API_SECRET = \"{SECRET}\"\n");
        write_credentials(&home, &kept);
        keyring.run(&home, &["accounts"]).good();
        assert_eq!(credentials(&home), kept);
    }
}
