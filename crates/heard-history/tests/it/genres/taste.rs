//! A profile of taste, counted by hand.

use heard_history::genres::Vocabulary;
use heard_history::stats::{Date, Filter, KnownElsewhere, Last, Mainstream, Novelty, Period, Taste, Unit, taste};
use heard_history::store::{Known, known_in};
use heard_history::zone::Zone;
use jiff::civil::Weekday;
use rusqlite::params;

use super::Heard;

/// The evening of Monday, 2 January 2023, in Unix seconds.
const MONDAY: i64 = 1_672_689_600;

const WEEK: i64 = 7 * 86_400;

/// Artist and album, with plays in the weeks of January 2022 and of January 2023.
const PLAYS: [(&str, &str, i64, [i64; 3]); 5] = [
    ("Ora", "Tides", -52, [6, 0, 0]),
    ("Ora", "Tides", 0, [4, 1, 0]),
    ("Mira Vale", "Nine", 0, [0, 5, 4]),
    ("Ida", "", 0, [0, 0, 3]),
    ("Unheard Of", "Ebb", 0, [1, 0, 0]),
];

fn heard() -> Heard {
    let heard = Heard { folder: tempfile::tempdir().unwrap() };
    let mut plays = Vec::new();
    for (artist, album, from, weeks) in PLAYS {
        for (week, count) in (from..).zip(weeks) {
            let first = MONDAY + week * WEEK + plays.len() as i64;
            plays.extend((0..count).map(|nth| (first + nth * 300, [artist, album, "Song"])));
        }
    }
    heard.take_in_at("ann", &plays);
    let mut tags = heard.tags();
    tags.tell("artist", "Ora", "", "artist.getTopTags", &[("shoegaze", Some(1))]);
    tags.tell("artist", "Mira Vale", "", "artist.getTopTags", &[("dub", Some(3)), ("jazz", Some(1))]);
    let years = [("1979", Some(5)), ("1991", Some(90)), ("great", Some(100))];
    tags.tell("album", "ora", "TIDES", "album.getTopTags", &years[..1]);
    tags.tell("album", "Mira Vale", "Nine", "album.getInfo", &years);
    tags.tell("album", "Unheard Of", "Ebb", "album.getInfo", &[("3019", None), ("80s", None), ("0042", None)]);
    for (artist, listeners) in [("Ora", 1_200_000), ("Mira Vale", 80_000), ("ida", 900)] {
        let answer = tags.tell("artist", artist, "", "artist.getInfo", &[]);
        tags.database
            .execute("INSERT INTO about (answer_id, listeners) VALUES (?1, ?2)", params![answer, listeners])
            .unwrap();
    }
    heard
}

fn asked(heard: &Heard, known: &Known, filter: &Filter) -> Taste {
    let known = KnownElsewhere { listeners: Some(&known.listeners), years: Some(&known.years) };
    let now = MONDAY + 4 * WEEK;
    taste(&heard.columns(), Unit::Week(Weekday::Monday), &known, filter, &Zone::utc(), now).unwrap()
}

#[test]
fn a_profile_can_be_counted_by_hand() {
    let heard = heard();
    let known = known_in(&heard.home().database()).unwrap();
    assert_eq!((known.listeners.len(), known.years.len()), (3, 2), "3019 and 0042 are no years of music");
    let found = asked(&heard, &known, &Filter { period: Period::Year(2023), ..Filter::default() });
    assert_eq!((found.plays, found.artists, found.loyal_plays), (18, 4, 18));
    let mainstream = Mainstream { plays: 17, median_listeners: 80_000, well_known: 5, little_known: 3 };
    assert_eq!(found.mainstream, mainstream, "nobody asked about one of them");
    assert_eq!(found.eras, [(1970, 14)], "the first of the years that people tag it with");
    assert_eq!(found.novelty, Some(Novelty { artists: 3, plays: 13 }), "Ora was heard the year before");
    let entered: Vec<(String, &str)> =
        found.entered.iter().map(|(week, genre)| (week.to_string(), Vocabulary::own().name_of(*genre))).collect();
    let week = |week: &str, genre| (week.to_owned(), genre);
    assert_eq!(entered, [week("2023-W02", "dub")], "of jazz there is less than three plays in each week");
    let january = Filter {
        period: Period::Between { from: Some(Date::parse("2023-01-09").unwrap()), to: None },
        ..Filter::default()
    };
    assert_eq!(
        asked(&heard, &known, &january).entered,
        found.entered,
        "what was in rotation before the period is known of"
    );
    assert_eq!((found.genres.coverage.plays, found.genres.coverage.with_genres()), (18, 14));
}

#[test]
fn without_a_beginning_nothing_is_new_and_without_answers_nothing_is_known() {
    let heard = heard();
    let found = asked(&heard, &Known::default(), &Filter::default());
    assert_eq!((found.plays, found.novelty), (24, None));
    assert_eq!((found.mainstream, found.eras), (Mainstream::default(), Vec::new()));
    let known = known_in(&heard.home().database()).unwrap();
    let last = Filter { period: Period::Last(Last::parse("1month").unwrap()), ..Filter::default() };
    assert_eq!(asked(&heard, &known, &last).plays, 18);
    let nobody = asked(&heard, &known, &Filter { artist: Some("nobody".to_owned()), ..Filter::default() });
    assert_eq!((nobody.plays, nobody.artists, nobody.loyal_plays, nobody.entered.len()), (0, 0, 0, 0));
    assert!(nobody.genres.units.is_empty());
}
