//! Logging in and out: what is asked of the service, of the person, and what stands in the credentials file afterwards.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use fakefm::{FakeFm, Fault, When, Writing};
use heard_history::home::replace_file;

use crate::calling::{SESSION, TOKEN, brainz_url, fake, home_of, loved, run};
use crate::commands::remembered;
use crate::home::{Home, KEY, Ran, USER};

fn credentials(home: &Home) -> Option<String> {
    fs::read_to_string(home.history().join("credentials.toml")).ok()
}

fn write_credentials(home: &Home, text: &str) {
    fs::create_dir_all(home.history()).unwrap();
    replace_file(&home.history().join("credentials.toml"), |file| file.write_all(text.as_bytes())).unwrap();
}

/// A login in the browser that has been told once that nobody has said yes, with all that it has said.
fn waiting(home: &Home, fake: &FakeFm, words: &[&str]) -> (Child, String) {
    let mut command = home.command(words);
    command.env("LASTFM_API_SECRET", Writing::SECRET).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
    let said = [lines.next().unwrap().unwrap(), lines.next().unwrap().unwrap()].join("\n");
    while !fake.stats().by_method.contains_key("auth.getsession") {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it asked: {said}");
        std::thread::yield_now();
    }
    (child, said)
}

#[test]
fn a_login_in_the_browser_ends_with_a_session() {
    let (home, fake) = (Home::new(), fake());
    let kept = format!("# by hand\nlastfm_api_key = \"{KEY}\"\n");
    write_credentials(&home, &kept);
    let url = fake.url();
    let (child, said) = waiting(&home, &fake, &["login", "lastfm", "--url", &url]);
    let own = url.replace("/2.0/", "/api/auth/");
    let page = format!("open this page and say yes:\n{own}?api_key={KEY}&token=");
    let token = said.strip_prefix(&page).unwrap_or_else(|| panic!("{said}"));
    assert!(fake.world().grant(token, USER), "the page is that of the token");
    let ended = Ran::from(child.wait_with_output().unwrap());
    remembered(&home, "login", &ended);
    let after = credentials(&home).unwrap();
    let session = after.strip_prefix(&kept).unwrap_or_else(|| panic!("other lines changed: {after}"));
    let key = session.strip_prefix("LASTFM_SESSION_KEY = \"").unwrap().strip_suffix("\"\n").unwrap();
    assert_eq!(fake.world().session_user(key), Some(USER));
    assert!(!ended.to_string().contains(key), "the key is told");

    let love = ["love", "--artist", "Björk", "--track", "Hunter", "--user", USER, "--url", &url];
    Ran::of(home.command(&love).env("LASTFM_API_SECRET", Writing::SECRET)).good();
    assert_eq!(loved(&fake), ["Björk – Hunter"], "the session is used");
    remembered(&home, "logout", &home.run(&["logout", "lastfm"]));
    assert_eq!(credentials(&home).unwrap(), kept);
    remembered(&home, "logout_again", &home.run(&["logout", "lastfm"]));
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let (home, fake) = (Home::new(), fake());
    let mut command = home.command(&["login", "listenbrainz", "--url", &brainz_url(&fake)]);
    Ran::of(command.env("LISTENBRAINZ_TOKEN", TOKEN)).good();
    let mode = fs::metadata(home.history().join("credentials.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn an_interrupted_login_leaves_nothing() {
    let (home, fake) = (Home::new(), fake());
    let (child, _) = waiting(&home, &fake, &["login", "lastfm", "--url", &fake.url()]);
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    Ran::from(child.wait_with_output().unwrap()).refused(130, "stopped", "same command");
    assert_eq!(credentials(&home), None);
}

/// A login at ListenBrainz with this text on standard input.
fn with_input(home: &Home, fake: &FakeFm, input: &str) -> Ran {
    let mut command = home.command(&["login", "listenbrainz", "--url", &brainz_url(fake)]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert!(!ran.to_string().contains(TOKEN), "the token is told\n{ran}");
    ran
}

#[test]
fn a_token_is_checked_before_it_is_kept() {
    let (home, fake) = (Home::new(), fake());
    remembered(&home, "login_without_token", &with_input(&home, &fake, "\n"));
    remembered(&home, "login_with_wrong_token", &with_input(&home, &fake, "00000000-0000-4000-8000-000000000000\n"));
    assert_eq!(credentials(&home), None);
    remembered(&home, "login_with_token", &with_input(&home, &fake, &format!("  {TOKEN}\nand more\n")));
    assert_eq!(credentials(&home).unwrap(), format!("LISTENBRAINZ_TOKEN = \"{TOKEN}\"\n"));
    home.run(&["api", "validate-token", "--service", "listenbrainz", "--url", &brainz_url(&fake)]).good();
    home.run(&["logout", "listenbrainz"]).good();
    assert_eq!(credentials(&home).unwrap(), "");
}

#[test]
fn a_login_without_the_secret_is_not_begun() {
    let (home, fake) = (Home::new(), fake());
    home.run(&["login", "librefm", "--url", &fake.url()]).refused(
        78,
        "LIBREFM_API_SECRET is not set",
        "or LASTFM_API_SECRET",
    );
    let wrong = Ran::of(home.command(&["login", "lastfm", "--url", &fake.url()]).env("LASTFM_API_SECRET", SESSION));
    assert!(wrong.code() > 0 && !wrong.to_string().contains(SESSION), "{wrong}");
    assert!(wrong.stderr.contains("signature"), "{wrong}");
    assert_eq!(credentials(&home), None);
}

#[test]
fn accounts_tell_what_they_can_be_used_for() {
    let fake = fake();
    let home = home_of(&fake);
    remembered(&home, "accounts", &home.run(&["accounts"]));
    remembered(&home, "accounts_csv", &home.run(&["accounts", "--csv"]));
    remembered(&home, "accounts_with_all_keys", &run(&home, &["accounts"]));
    assert_eq!(fake.stats().requests, 0, "nobody is asked");
    let json = run(&home, &["accounts", "--check", "--json"]).good().json();
    for (row, account) in [(0, "lastfm/ann"), (1, "listenbrainz/ann")] {
        let row = &json["accounts"][row];
        assert_eq!((&row["account"], &row["answers"]), (&account.into(), &true.into()), "{row}");
        assert_eq!((&row["reads"], &row["writes"]), (&true.into(), &true.into()), "{row}");
        assert!(row["missing"].as_array().unwrap().is_empty() && row["trouble"].is_null(), "{row}");
    }
    fake.fail(When::Method("user.getInfo".to_owned()), Fault::Refusal { code: 10, status: 403, retry_after: None });
    let troubled = run(&home, &["accounts", "--check", "--json"]);
    assert_eq!(troubled.code(), 77, "{troubled}");
    let rows = &troubled.json()["accounts"];
    assert_eq!((&rows[0]["answers"], &rows[1]["answers"]), (&false.into(), &true.into()), "{troubled}");
    assert!(rows[0]["trouble"].as_str().unwrap().contains("api key"), "{troubled}");
    remembered(&home, "accounts_in_trouble", &run(&home, &["accounts", "--check"]));
    remembered(&home, "accounts_none", &Home::new().run(&["accounts"]));
}

/// What the address that the browser was sent to says of a name; of what is escaped, only what an address needs.
fn named(address: &str, name: &str) -> Option<String> {
    let mut pairs = address.split_once('?')?.1.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, _)| *known == name)?;
    Some(value.replace("%3A", ":").replace("%2F", "/"))
}

/// The head of the answer to a request for an address on this machine.
fn visit(address: &str) -> String {
    let (host, path) = address.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    std::io::read_to_string(stream).unwrap()
}

/// A login that waits for the browser, and the address at which the browser begins.
fn waiting_for_browser(home: &Home, fake: &FakeFm) -> (Child, String) {
    let mut command = home.command(&["login", "lastfm", "--browser", "--url", &fake.url()]);
    command.env("LASTFM_API_SECRET", Writing::SECRET).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
    let address = lines.find_map(|line| line.ok().filter(|line| line.starts_with("http://127.0.0.1:"))).unwrap();
    (child, address)
}

/// The page to which the browser is sent, and where the service is to send it from there.
fn begin(entrance: &str, fake: &FakeFm) -> String {
    let head = visit(entrance);
    let page = head.lines().find_map(|line| line.strip_prefix("Location: ")).unwrap_or_else(|| panic!("{head}"));
    assert!(page.starts_with(&fake.url().replace("/2.0/", "/api/auth/")), "{page}");
    assert_eq!(named(page, "api_key").as_deref(), Some(KEY));
    named(page, "cb").unwrap()
}

#[test]
fn a_browser_on_this_machine_brings_the_token_back() {
    let (home, fake) = (Home::new(), fake());
    let (child, entrance) = waiting_for_browser(&home, &fake);
    assert!(!entrance.contains(KEY), "what a process is told bears no key");
    let arguments = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default();
    assert!(!String::from_utf8_lossy(&arguments).contains(KEY));
    let callback = begin(&entrance, &fake);
    let token = fake.world().issue_token(Some(USER));
    assert!(visit(&format!("{callback}x?token={token}")).starts_with("HTTP/1.1 404"), "a wrong place is nothing");
    let last = visit(&format!("{callback}?token={token}"));
    assert!(last.starts_with("HTTP/1.1 200") && last.contains("can be closed"), "{last}");
    remembered(&home, "login_browser", &Ran::from(child.wait_with_output().unwrap()));
    let kept = credentials(&home).unwrap();
    let key = kept.strip_prefix("LASTFM_SESSION_KEY = \"").unwrap().strip_suffix("\"\n").unwrap();
    assert_eq!(fake.world().session_user(key), Some(USER));
}

#[test]
fn each_refusal_of_a_login_is_explained() {
    for (code, words) in
        [(4, "was never issued"), (9, "not valid any more"), (14, "has not said yes"), (15, "older than 60 minutes")]
    {
        let (home, fake) = (Home::new(), fake());
        fake.fail(When::Method("auth.getSession".to_owned()), Fault::Refusal { code, status: 403, retry_after: None });
        let (child, entrance) = waiting_for_browser(&home, &fake);
        let callback = begin(&entrance, &fake);
        visit(&format!("{callback}?token=anything"));
        Ran::from(child.wait_with_output().unwrap()).refused(77, words, "heard login lastfm --browser");
        assert_eq!(credentials(&home), None);
    }
}
