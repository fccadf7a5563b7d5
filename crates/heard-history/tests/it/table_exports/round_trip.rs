//! What `heard` writes, it reads back: the same names and moments, in every profile.

use fakefm::{Config, Listing, Play, World};
use fastrand::Rng;
use heard_history::columns::{Columns, refresh};
use heard_history::export::{Format, Profile, export};
use heard_history::listen::Service;
use heard_history::store::{Mbids, Store};
use heard_history::zone::Zone;

use super::{rows_of, sure_layout};
use crate::scene::{DAY, NOW, Scene};
use crate::seeds;

/// Names that hurt tables: delimiters, quotes, line ends, formulas, words of headers, and `NA`. No two of them are
/// spellings of one name: an export shows each name in one spelling.
const NAMES: [&str; 24] = [
    "Odo",
    "U,d;o",
    "\"Ando\"",
    "Ino \"der\" Erste",
    "7\"",
    "a\nb",
    "c\r\nd",
    "=1+1",
    "+e",
    "-f",
    "@g",
    "'Til",
    "''h",
    "＝i",
    "NA",
    "artist",
    "None",
    "null",
    "🌙",
    "\u{202e}edo",
    "1675170309",
    "31 Jan 2023, 13:05",
    "\\",
    "j\tk",
];

/// A home whose account has plays with such names.
fn scene(random: &mut Rng) -> Scene {
    let mut world = World::of("ann");
    let account = world.listener();
    for at in 0..120 {
        let name = NAMES[random.usize(..NAMES.len())];
        let artist = format!("{}{}", name, if random.bool() { "" } else { " & Band" });
        let uts = if at % 40 == 0 { 0 } else { NOW - random.i64(1..400 * DAY) };
        let play = Play::new(uts, artist, format!("{}{}", NAMES[random.usize(..NAMES.len())], at % 60));
        account.add(&if random.u8(..4) == 0 { play } else { play.on(NAMES[random.usize(..NAMES.len())]) });
    }
    let scene = Scene::new(Config::new(world));
    scene.complete(&scene.options);
    scene
}

fn exported(scene: &Scene, profile: Profile) -> String {
    let home = scene.home();
    let lock = home.lock().unwrap();
    let store = Store::open(&home, &lock, &Zone::utc()).unwrap();
    refresh(&home, &lock, &store).unwrap();
    store.close().unwrap();
    let columns = Columns::open(&home.columns()).unwrap();
    let mbids = Mbids::read(&home.database()).unwrap();
    let mut out = Vec::new();
    export(&columns, &mbids, Format::Csv(profile), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The plays of an exported table, in order.
fn read_back(text: &str, service: Service) -> Vec<Listing> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let layout = sure_layout("plays.csv", text);
    assert_eq!(layout.service, service);
    let rows = rows_of(&layout, text.as_bytes());
    assert!(rows.left_out.is_empty(), "{:?}", rows.left_out);
    let listing = |play: &heard_history::facts::Play<'_>| Listing {
        uts: play.played_at,
        artist: play.artist.to_string(),
        track: play.track.to_string(),
        album: play.album.as_deref().unwrap_or_default().to_owned(),
    };
    let mut read: Vec<Listing> = rows.plays.iter().map(listing).collect();
    read.sort();
    read
}

fn assert_same(read: &[Listing], stored: &[Listing], profile: Profile) {
    assert_eq!(read.len(), stored.len(), "{profile:?}");
    for (read, stored) in read.iter().zip(stored) {
        assert_eq!(read, stored, "{profile:?}");
    }
}

#[test]
fn exported_tables_are_read_back_with_the_same_names_and_moments() {
    seeds::each(3, |seed| {
        let scene = scene(&mut Rng::with_seed(seed));
        let stored = scene.stored();
        assert_eq!(stored.len(), 120);
        let profiles = [
            (Profile::Heard, Service::Heard),
            (Profile::Spreadsheet, Service::Heard),
            (Profile::Ghan, Service::Lastfm),
            (Profile::Downloader, Service::Lastfm),
        ];
        for (profile, service) in profiles {
            assert_same(&read_back(&exported(&scene, profile), service), &stored, profile);
        }
        let to_the_minute = |listing: &Listing| Listing { uts: listing.uts / 60 * 60, ..listing.clone() };
        let mut minutes: Vec<Listing> = stored.iter().map(to_the_minute).collect();
        minutes.sort();
        let profile = Profile::Benjaminbenben;
        assert_same(&read_back(&exported(&scene, profile), Service::Lastfm), &minutes, profile);
    });
}
