//! Genres over time, and the most heard ones.

use std::collections::BTreeMap;

use fastrand::Rng;
use heard_history::genres::Vocabulary;
use heard_history::rules::Rule;
use heard_history::stats::{By, Filter, GenreCoverage, Unit, genres_over_time, top_genres, transitions};
use jiff::civil::Weekday;
use serde_json::{Value, json};

use super::{History, is_large, same};
use crate::genres::Tags;

/// Tags that are told of made-up artists: genres, kinds of them, other spellings, and what is none.
const TAGS: [&str; 14] = [
    "Trip-Hop",
    "dub",
    "metal",
    "Norwegian Black Metal",
    "post rock",
    "seen live",
    "1977",
    "ora",
    "Jazz",
    "shoegazing",
    "Shoegaze",
    "piano",
    "rock",
    "nothing that anybody knows",
];

/// Lets services tell tags of some of the artists, albums and tracks of made-up histories.
pub(super) fn tell(history: &History, random: &mut Rng) {
    let mut tags = Tags::of(&history.home());
    for artist in
        ["Ida Kestrel", "IDA KESTREL", "Glass Harbour", "Øre & Vinge", "夜明けの塔", "Ora Pell", "Kestrel & Ora", "ora"]
    {
        if random.bool() {
            tags.tell("artist", artist, "", "artist.getTopTags", &some_tags(random));
        }
        if random.u8(0..3) == 0 {
            tags.tell("artist", artist, "", "artist.getInfo", &some_tags(random));
        }
        for (kind, title) in
            [("album", format!("Tides {}", random.u8(0..3))), ("track", format!("Song {}", random.u8(0..5)))]
        {
            if random.u8(0..3) == 0 {
                let method = format!("{kind}.{}", ["getInfo", "getTopTags"][random.usize(0..2)]);
                tags.tell(kind, artist, &title, &method, &some_tags(random));
            }
        }
    }
}

fn some_tags(random: &mut Rng) -> Vec<(&'static str, Option<i64>)> {
    let weighted = random.bool();
    let count = random.usize(0..7);
    (0..count).map(|_| (TAGS[random.usize(0..TAGS.len())], weighted.then(|| random.i64(0..101)))).collect()
}

/// What a listener may decide of one of the artists.
pub(super) fn some_rule(random: &mut Rng) -> Rule {
    let artist = ["ida kestrel", "Glass Harbour", "Kestrel & Ora"][random.usize(0..3)].to_owned();
    let genres = ["dub", "klezmer", "zeuhl"][..random.usize(1..4)].iter().map(|name| (*name).to_owned()).collect();
    Rule::Genres { artist, genres }
}

/// Amounts by genre, here or there.
type Amounts = BTreeMap<String, f64>;

/// Sums of parts of plays may differ where parts were rounded when they were kept.
#[track_caller]
fn assert_near(what: &str, filter: &Filter, ours: &Amounts, theirs: &Amounts) {
    let near = |(ours, theirs): ((&String, &f64), (&String, &f64))| {
        ours.0 == theirs.0 && (ours.1 - theirs.1).abs() <= 1e-5 * theirs.1.abs().max(1.0)
    };
    let same = ours.len() == theirs.len() && ours.iter().zip(theirs).all(near);
    assert!(same, "{what}, {filter:?}\nRust {ours:#?}\nSQL {theirs:#?}");
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].as_f64().unwrap_or_else(|| panic!("{name} of {row}"))
}

pub(super) fn check_top(history: &History, filter: &Filter) {
    let columns = history.columns();
    let rows = history.asked("top_tags", filter, &[]);
    for by in [By::Plays, By::Time] {
        let found = top_genres(&columns, (by, false), filter, &history.zone, history.now, usize::MAX).unwrap();
        let own = Vocabulary::own();
        let ours = |amount: &dyn Fn(&heard_history::stats::RankedGenre) -> f64| -> Amounts {
            found.rows.iter().map(|row| (own.name_of(row.genre).to_owned(), amount(row))).collect()
        };
        let theirs = |column: &str| -> Amounts {
            rows.iter().map(|row| (row["genre"].as_str().unwrap().to_owned(), number(row, column))).collect()
        };
        assert_near("top_tags", filter, &ours(&|row| row.plays), &theirs("plays"));
        #[expect(clippy::cast_precision_loss, reason = "made-up plays are short")]
        let ms = ours(&|row| row.ms_played as f64);
        let rounded = |amounts: Amounts| amounts.into_iter().map(|(name, ms)| (name, ms.round())).collect::<Amounts>();
        // A rounded half may fall to either side.
        for ((name, ours), (_, theirs)) in ms.iter().zip(&rounded(theirs("ms_played"))) {
            assert!((ours - theirs).abs() <= 1.0 + theirs * 1e-5, "{name}: {ours} {theirs}");
        }
        if let Some(row) = rows.first() {
            let coverage = (number(row, "told"), number(row, "total_plays"));
            #[expect(clippy::cast_precision_loss, reason = "made-up plays are few")]
            let ours = (found.coverage.with_genres() as f64, found.coverage.plays as f64);
            assert_eq!(ours, coverage, "{filter:?}");
        } else {
            assert_eq!(found.coverage.with_genres(), 0);
        }
        let in_order = found.rows.is_sorted_by(|a, b| match by {
            By::Plays => a.plays > b.plays || (a.plays == b.plays && own.name_of(a.genre) < own.name_of(b.genre)),
            By::Time => a.ms_played >= b.ms_played,
        });
        assert!(in_order && found.rows.iter().zip(1..).all(|(row, rank)| row.rank == rank), "{found:?}");
    }
}

pub(super) fn check(history: &History, filter: &Filter) {
    let columns = history.columns();
    for unit in [Unit::Month, Unit::Week(Weekday::Monday)].into_iter().take(if is_large(history) { 1 } else { 2 }) {
        let found = genres_over_time(&columns, (unit, By::Plays, false), filter, &history.zone, history.now).unwrap();
        let mut theirs: BTreeMap<String, ((u64, u64), Amounts)> = BTreeMap::new();
        for row in history.asked("genres", filter, &[(":unit", &unit.name())]) {
            let counted = (row["plays"].as_u64().unwrap(), row["told"].as_u64().unwrap());
            let entry = theirs.entry(row["unit"].as_str().unwrap().to_owned()).or_insert((counted, Amounts::new()));
            if let Some(genre) = row["genre"].as_str() {
                entry.1.insert(genre.to_owned(), number(&row, "share"));
            }
        }
        let mut sum = GenreCoverage::default();
        for unit in found.units.iter().filter(|unit| unit.coverage.plays > 0) {
            let ((plays, told), shares) = theirs.remove(&unit.unit.to_string()).unwrap();
            assert_eq!((unit.coverage.plays, unit.coverage.with_genres()), (plays, told), "{}, {filter:?}", unit.unit);
            let name = |genre| Vocabulary::own().name_of(genre).to_owned();
            let ours: Amounts = unit.genres.iter().map(|row| (name(row.genre), unit.share(row.genre))).collect();
            assert_near(&format!("genres of {}", unit.unit), filter, &ours, &shares);
            let all: f64 = ours.values().sum();
            assert!(told == 0 || (all - 1.0).abs() < 1e-5, "the shares of {} sum to {all}", unit.unit);
            sum.plays += unit.coverage.plays;
            sum.told_by.iter_mut().zip(unit.coverage.told_by).for_each(|(sum, told)| *sum += told);
        }
        assert!(theirs.is_empty(), "{theirs:?}");
        assert_eq!(sum, found.coverage);
    }
}

pub(super) fn check_transitions(history: &History, filter: &Filter) {
    let found = transitions(&history.columns(), false, filter, &history.zone, history.now, usize::MAX).unwrap();
    let name = |genre| Vocabulary::own().name_of(genre);
    let row = |it: &heard_history::stats::Transition| json!({ "genre_before": name(it.from), "genre": name(it.to), "times": it.times });
    let ours: Vec<Value> = found.rows.iter().map(row).collect();
    let (theirs, same_genre): (Vec<Value>, Vec<Value>) = history
        .asked("genre_transitions", filter, &[])
        .into_iter()
        .partition(|row| row["genre_before"] != row["genre"]);
    same("genre_transitions", filter, &ours, &theirs);
    let times = |rows: &[Value]| rows.iter().map(|row| row["times"].as_u64().unwrap()).sum::<u64>();
    assert_eq!((found.same, found.total), (times(&same_genre), times(&same_genre) + times(&theirs)), "{filter:?}");
}

pub(super) fn check_rotation(history: &History, filter: &Filter) {
    let question = (Unit::Month, By::Plays, false);
    let found = genres_over_time(&history.columns(), question, filter, &history.zone, history.now).unwrap();
    let mut ours = Vec::new();
    for unit in &found.units {
        for (what, genres) in [("back", &unit.back), ("entered", &unit.entered), ("left", &unit.left)] {
            let row = |genre: &heard_history::genres::Genre| json!({ "unit": unit.unit.to_string(), "what": what, "genre": Vocabulary::own().name_of(*genre) });
            ours.extend(genres.iter().map(row));
        }
    }
    same("genre_rotation", filter, &ours, &history.asked("genre_rotation", filter, &[(":unit", &"month")]));
}
