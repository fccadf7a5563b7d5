//! Every command as a person meets it: what it prints, to the letter, and what its help says.

use std::fs;
use std::path::Path;

use fakefm::{FakeFm, Play};

use crate::extent::asked;
use crate::home::{Home, Ran, USER, fake_with};
use crate::tree;

/// A history small enough to be counted by hand: 14 dated plays and 2 undated ones.
fn small_history() -> Vec<Play> {
    let play = |uts, artist: &str, album: &str, track: &str| Play::new(uts, artist, track).on(album);
    vec![
        play(1_646_300_000, "Björk", "Homogenic", "Jóga"),
        play(1_646_300_310, "Björk", "Homogenic", "Bachelorette"),
        play(1_646_300_310, "Björk", "Homogenic", "Bachelorette"),
        play(1_648_691_999, "The Night Shift", "Doors; Windows", "Little Wing"),
        play(1_648_692_000, "The Night Shift", "Doors; Windows", "Little \"Wing\", Again"),
        play(1_661_000_000, "宇多田ヒカル", "初恋", "あなた"),
        play(1_661_000_300, "宇多田ヒカル", "初恋", "初恋"),
        play(1_672_531_199, "새소년", "여름깃", "긴 꿈"),
        play(1_672_531_200, "새소년", "", "난춘"),
        play(1_690_000_000, "=SUM(A1)", "+1", "@home"),
        play(1_690_000_200, "فيروز", "كيفك إنت", "كيفك إنت"),
        play(1_700_000_000, "Björk", "", "Jóga"),
        play(1_709_164_800, &"Long".repeat(30), "Very long", &"name ".repeat(40)),
        play(1_709_164_900, "👩‍🚀 & Sisters", "Orbit", "✨"),
        play(0, "Björk", "Post", "Hyperballad"),
        play(0, "Nobody Knows When", "", "Once"),
    ]
}

fn collected() -> (Home, FakeFm) {
    let (home, fake) = (Home::new(), fake_with(small_history()));
    home.sync(&fake, &["-q"]).good();
    (home, fake)
}

/// Compares all that a run says with what it said when it was last looked at. What differs from run to run is masked.
#[track_caller]
pub(crate) fn remembered(home: &Home, name: &str, ran: &Ran) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(&literally(home.history()), "[HISTORY]");
    settings.add_filter(r"http://127\.0\.0\.1:\d+/2\.0/", "[URL]");
    settings.add_filter(r"\b[0-9a-f]{64}\b", "[DIGEST]");
    settings.add_filter(r"\b(202[5-9]|20[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[MOMENT]");
    // How many requests are needed, and how well answers can be compressed, is the business of other tests.
    settings.add_filter(r"\b[\d,]+ (bytes|requests|envelopes)", "[N] $1");
    settings.add_filter(r#""(bytes|requests|envelopes)": \d+"#, r#""$1": [N]"#);
    settings.add_filter(&format!("heard {}", env!("CARGO_PKG_VERSION").replace('.', r"\.")), "heard [VERSION]");
    settings.bind(|| insta::assert_snapshot!(name, ran.to_string()));
}

fn literally(path: &Path) -> String {
    path.display().to_string().chars().flat_map(|c| if c.is_alphanumeric() { vec![c] } else { vec!['\\', c] }).collect()
}

#[test]
fn rankings() {
    let (home, _fake) = collected();
    for (name, words) in [
        ("top_artists", &["top", "artists"][..]),
        ("top_artists_json", &["top", "artists", "--json", "-n", "3"]),
        ("top_artists_csv", &["top", "artists", "--csv"]),
        ("top_artists_undated", &["top", "artists", "--undated", "-n", "2"]),
        ("top_artists_of_a_year", &["top", "artists", "--year", "2023"]),
        ("top_artists_of_a_month", &["top", "artists", "--month", "2022-03"]),
        ("top_artists_of_days", &["top", "artists", "--from", "2022-12-31", "--to", "2023-01-01"]),
        ("top_artists_elsewhere", &["top", "artists", "--year", "2023", "--zone", "Asia/Tokyo"]),
        ("top_artists_of_nobody", &["--listener", "nobody", "top", "artists"]),
        ("top_albums", &["top", "albums"]),
        ("top_albums_json", &["top", "albums", "--json", "-n", "2"]),
        ("top_albums_csv", &["top", "albums", "--csv", "-n", "2"]),
        ("top_tracks", &["top", "tracks"]),
        ("top_tracks_json", &["top", "tracks", "--json", "-n", "2"]),
        ("top_tracks_csv", &["top", "tracks", "--csv", "-n", "2"]),
        ("top_tracks_by_time", &["top", "tracks", "--by", "time", "-n", "2"]),
        ("top_tracks_of_an_artist", &["top", "tracks", "--artist", "bjork"]),
        ("top_none", &["top", "artists", "-n", "0"]),
        ("top_all", &["top", "artists", "-n", "1000000", "--csv"]),
        ("top_quiet", &["-q", "top", "artists", "-n", "1"]),
    ] {
        remembered(&home, name, &home.run(words));
    }
}

#[test]
fn listens() {
    let (home, _fake) = collected();
    for (name, words) in [
        ("listens", &["listens"][..]),
        ("listens_json", &["listens", "--json", "-n", "2"]),
        ("listens_undated_json", &["listens", "--json", "--undated", "--artist", "nobody"]),
        ("listens_csv", &["listens", "--csv", "-n", "3"]),
        ("listens_count", &["listens", "--count"]),
        ("listens_count_json", &["listens", "--count", "--json"]),
        ("listens_little_wing", &["listens", "--text", "little wing", "--count"]),
        ("listens_without_accents", &["listens", "--text", "Bjork"]),
        ("listens_japanese", &["listens", "--text", "初恋"]),
        ("listens_korean", &["listens", "--text", "새소년", "--count"]),
        ("listens_of_a_source", &["listens", "--source", "librefm"]),
        ("listens_of_an_album", &["listens", "--album", "homogenic", "--track", "joga"]),
    ] {
        remembered(&home, name, &home.run(words));
    }
}

#[test]
fn exports() {
    let (home, _fake) = collected();
    for (name, words) in [
        ("export", &["export"][..]),
        ("export_jsonl", &["export", "--format", "jsonl"]),
        ("export_spreadsheet", &["export", "--profile", "spreadsheet"]),
        ("export_ghan", &["export", "--profile", "ghan"]),
        ("export_benjaminbenben", &["export", "--profile", "benjaminbenben"]),
        ("export_downloader", &["export", "--profile", "downloader"]),
    ] {
        remembered(&home, name, &home.run(words));
    }
    let file = home.beside("plays.csv");
    home.run(&["export", "-o", file.to_str().unwrap()]).good();
    assert_eq!(fs::read_to_string(file).unwrap(), home.run(&["export"]).good().stdout);
}

#[test]
fn pictures() {
    let (home, _fake) = collected();
    remembered(&home, "plot_in_the_terminal", &home.run(&["plot", "top-artists"]));
    remembered(&home, "plot_tracks_in_the_terminal", &home.run(&["plot", "top-tracks", "-n", "3", "--year", "2022"]));
    for kind in ["top-artists", "top-albums", "top-tracks"] {
        let (svg, png) = (home.beside("picture.svg"), home.beside("picture.png"));
        home.run(&["plot", kind, "-o", svg.to_str().unwrap(), "--theme", "dark"]).good();
        let text = fs::read_to_string(svg).unwrap();
        assert!(text.starts_with("<svg ") || text.starts_with("<?xml"), "{text}");
        assert!(text.contains("宇多田ヒカル") || text.contains("初恋"), "{kind}: {text}");
        home.run(&["plot", kind, "-o", png.to_str().unwrap(), "--width", "640", "--dpi", "192"]).good();
        let bytes = fs::read(png).unwrap();
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(bytes[16..20], 1280_u32.to_be_bytes(), "640 pixels at twice the density");
    }
}

#[test]
fn the_work_on_the_history_itself() {
    let (home, fake) = (Home::new(), fake_with(small_history()));
    remembered(&home, "sync_first", &home.sync(&fake, &[]));
    remembered(&home, "sync_again_json", &home.sync(&fake, &["--json"]));
    fake.world().open(USER).add(&Play::new(1_709_170_000, "Björk", "Hunter").on("Homogenic"));
    remembered(&home, "sync_one_more", &home.sync(&fake, &[]));
    remembered(&home, "sync_in_full", &home.sync(&fake, &["--full"]));
    for (name, words) in [
        ("verify", &["verify"][..]),
        ("verify_json", &["verify", "--json"]),
        ("verify_quick", &["verify", "--quick"]),
        ("rebuild", &["rebuild"]),
        ("rebuild_json", &["rebuild", "--json"]),
        ("doctor", &["doctor"]),
        ("doctor_json", &["doctor", "--json"]),
    ] {
        remembered(&home, name, &home.run(words));
    }
}

#[test]
fn the_demonstration_shows_the_whole_main_job() {
    let home = Home::new();
    let folder = home.beside("shown");
    let ran = home.run(&["demo", "--plays", "700", "--output", folder.to_str().unwrap()]).good();
    for said in ["700 new", "complete: the service counts 700", "4. heard top artists", "plays.csv", "top-artists.png"]
    {
        assert!(format!("{ran}").contains(said), "{said}\n{ran}");
    }
    assert_eq!(fs::read_to_string(folder.join("plays.csv")).unwrap().lines().count(), 701);
    assert!(fs::read(folder.join("top-artists.png")).unwrap().starts_with(b"\x89PNG"));
    assert!(!home.history().exists(), "the demonstration has a home of its own");
    let count = home.run(&["--home", folder.join("home").to_str().unwrap(), "listens", "--count"]).good();
    assert_eq!(count.stdout, "700\n");
    let ask = |words: &[&str]| {
        let shown = folder.join("home");
        home.run(&[&["--home", shown.to_str().unwrap(), "--json"], words].concat()).good().json()
    };
    assert!(ask(&["top", "tags"])["coverage"]["with_genres"].as_u64().unwrap() > 100);
    let suggested = ask(&["recommend", "artists"]);
    assert!(suggested.to_string().contains("unheard"), "{suggested}");
}

/// The names of all commands, as the program's own help lists them.
fn command_names(home: &Home) -> Vec<String> {
    let help = home.run(&["--help"]).good().stdout;
    let list = help.split("Commands:\n").nth(1).expect("help lists the commands");
    let names = list.lines().take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   "));
    let names: Vec<String> = names.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect();
    assert!(names.len() >= 11, "{names:?}");
    names
}

/// Options and arguments in a help text, each with what is said of it.
fn described(help: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in help.lines() {
        let inner = line.trim_start();
        let depth = line.len() - inner.len();
        if (2..=6).contains(&depth) && inner.starts_with(['-', '<', '[']) {
            let (name, says) = inner.split_once("  ").unwrap_or((inner, ""));
            found.push((name.trim().to_owned(), says.trim().to_owned()));
        } else if depth > 6
            && let Some((_, says)) = found.last_mut()
        {
            says.push_str(inner);
        }
    }
    found
}

#[test]
fn help_is_the_manual() {
    let home = Home::new();
    remembered(&home, "help", &home.run(&["--help"]));
    remembered(&home, "help_none", &home.run(&[]));
    for command in command_names(&home) {
        let ran = home.run(&[&command, "--help"]).good();
        let options = described(&ran.stdout);
        assert!(options.iter().any(|(name, _)| name.contains("--home")), "{command}: {options:?}");
        for (name, says) in options {
            let words = says.split_whitespace().filter(|word| !word.starts_with('[')).count();
            assert!(words >= 1, "{command}: nothing is said of {name}\n{ran}");
        }
        remembered(&home, &format!("help_{command}"), &ran);
    }
}

/// The help of every command on one page.
fn manual(home: &Home) -> String {
    let mut page = "# Commands\n\nWhat `heard --help` and the help of each command say. A test keeps this page true; \
                    `HEARD_WRITE_DOCS=1` lets it write the page anew.\n"
        .to_owned();
    let names = command_names(home);
    let helps = names.iter().map(|name| (format!("heard {name}"), vec![name.as_str(), "--help"]));
    for (title, words) in std::iter::once(("heard".to_owned(), vec!["--help"])).chain(helps) {
        let help = home.run(&words).good().stdout;
        page.extend(["\n## ", &title, "\n\n```text\n", help.trim_end(), "\n```\n"]);
    }
    page
}

#[test]
fn the_page_of_commands_is_what_help_says() {
    let page = tree::root().join("docs/commands.md");
    let says = manual(&Home::new());
    if asked("HEARD_WRITE_DOCS").is_some() {
        #[expect(clippy::disallowed_methods, reason = "a page of the project, written by hand's request")]
        fs::write(&page, &says).unwrap();
    }
    let kept = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    assert!(kept == says, "docs/commands.md is not what help says: HEARD_WRITE_DOCS=1 writes it anew");
}

#[test]
fn shells_complete_every_command() {
    let home = Home::new();
    let names = command_names(&home);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = home.run(&["completions", shell]).good().stdout;
        for name in &names {
            assert!(script.contains(name), "{shell} does not know {name}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let home = Home::new();
    let folder = home.beside("man");
    let ran = home.run(&["man", folder.to_str().unwrap()]).good();
    let names = command_names(&home);
    assert!(ran.stderr.contains(&format!("{} manual pages", names.len() + 1)), "{ran}");
    let pages = names.iter().map(|name| format!("heard-{name}.1")).chain(["heard.1".to_owned()]);
    for page in pages {
        let text = fs::read_to_string(folder.join(&page)).unwrap_or_else(|error| panic!("{page}: {error}"));
        assert!(text.contains(".SH NAME") && text.contains(".SH OPTIONS"), "{page}");
    }
}
