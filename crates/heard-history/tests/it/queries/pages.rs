//! One artist's, album's or track's page, and finding out who is meant by a name.

use fastrand::Rng;
use heard_history::facts::Decision;
use heard_history::identity::{Needle, folded};
use heard_history::rules::Rule;
use heard_history::stats::{
    By, Counting, Filter, Kind, LookedUp, Page, Period, Place, Ranked, Ranking, Streak, Subject, Unit, Wanted, listens,
    look_up, page, rank_history, ranking, streaks_of,
};
use rusqlite::ToSql;
use serde_json::{Value, json};

use super::{History, LISTENER, Play, made_up, same, some_filter};
use crate::seeds;

const KINDS: [Kind; 3] = [Kind::Artists, Kind::Albums, Kind::Tracks];
const ALL: usize = 1_000_000;

/// Names with everything that is difficult: two that differ in an accent, parts of others, letters that drive terminals
/// and shells, punctuation alone.
fn crowd() -> History {
    let mut plays = Vec::new();
    let mut add = |many: u32, artist: &str, album: &str, track: &str| {
        for nth in 0..many {
            let minute = plays.len() + nth as usize * 7;
            let time = format!("2024-02-{:02}T{:02}:{:02}:00Z", 1 + minute / 600 % 28, minute / 60 % 24, minute % 60);
            plays.push(Play { album: album.into(), ..Play::new(&time, artist, track) });
        }
    };
    add(5, "Näve", "Tides", "Intro");
    add(4, "Nave", "Tides", "Intro");
    add(3, "Navel Gazers", "Ebb", "Introduction");
    add(2, "Ora", "Tides", "Intro");
    add(1, "Ora Pell", "", "Outro");
    add(2, "!!!", "!!", "???");
    add(1, "夜明けの塔", "塔", "夜明け");
    add(1, "'; DROP TABLE plays; --", "$(rm)", "\u{1b}[31m\u{202e}");
    add(1, "Unknown Artist", "", "Track 1");
    History::of(&plays, "Europe/Berlin")
}

fn looked_up(history: &History, wanted: &Wanted<'_>, limit: usize) -> LookedUp {
    let filter = Filter { listener: Some(LISTENER.to_owned()), ..Filter::default() };
    look_up(&history.columns(), wanted, &filter, &history.zone, history.now, limit).unwrap()
}

/// `=` before what is named so, `~` before what only has it in its name, `?` before what may be meant, `-` before what
/// is near.
fn told(history: &History, kind: Kind, name: &str, artist: Option<&str>) -> String {
    let text = |it: &Subject| it.title.as_ref().map_or(it.artist.clone(), |title| format!("{title} by {}", it.artist));
    let texts = |all: &[Subject]| all.iter().map(text).collect::<Vec<_>>().join(", ");
    match looked_up(history, &Wanted { kind, name, artist }, 3) {
        LookedUp::Named(it) => format!("= {}", text(&it)),
        LookedUp::InPart(it) => format!("~ {}", text(&it)),
        LookedUp::Several { rows, total } => {
            let (all, plays): (Vec<Subject>, Vec<u64>) = rows.into_iter().unzip();
            format!("? {total}: {} {plays:?}", texts(&all))
        }
        LookedUp::Unknown(all) => format!("- {}", texts(&all)),
    }
}

#[test]
fn the_name_itself_comes_before_its_parts() {
    let history = crowd();
    let artist = |name: &str| told(&history, Kind::Artists, name, None);
    assert_eq!(artist("Näve"), "= Näve");
    assert_eq!(artist("Nave"), "= Nave", "to the letter");
    assert_eq!(artist("NAVE"), "? 2: Näve, Nave [5, 4]", "neither is to the letter");
    assert_eq!(artist("ora"), "= Ora", "not Ora Pell");
    assert_eq!(artist("pell"), "~ Ora Pell");
    assert_eq!(artist("nav"), "? 3: Näve, Nave, Navel Gazers [5, 4, 3]");
    assert_eq!(artist("a"), "? 6: Näve, Nave, Navel Gazers [5, 4, 3]");
    assert_eq!(artist("!!!"), "= !!!");
    assert_eq!(artist("!!"), "~ !!!");
    assert_eq!(artist("夜明け"), "~ 夜明けの塔");
    assert_eq!(artist("Ora Pel1"), "- Ora Pell");
    assert_eq!(artist("zzzzzzzz"), "- ");
    assert_eq!(artist("unknown artist"), "- ", "it says that there is none");
    assert_eq!(artist("'; DROP TABLE plays; --"), "= '; DROP TABLE plays; --");
}

#[test]
fn titles_of_several_artists_are_told_apart_by_the_artist() {
    let history = crowd();
    let track = |name: &str, artist| told(&history, Kind::Tracks, name, artist);
    assert_eq!(track("Intro", None), "? 3: Intro by Näve, Intro by Nave, Intro by Ora [5, 4, 2]");
    assert_eq!(track("intro", Some("Näve")), "= Intro by Näve");
    assert_eq!(track("Intro", Some("or")), "~ Intro by Ora");
    assert_eq!(track("intro", Some("gaz")), "~ Introduction by Navel Gazers");
    assert_eq!(track("introd", None), "~ Introduction by Navel Gazers");
    assert_eq!(track("???", None), "= ??? by !!!");
    assert_eq!(track("\u{1b}[31m\u{202e}", None), "= \u{1b}[31m\u{202e} by '; DROP TABLE plays; --");
    let others = "- Intro by Näve, Intro by Nave, Intro by Ora";
    assert_eq!(track("Intro", Some("pell")), others, "another artist's");
    assert_eq!(track("Intorduction", None), "- Introduction by Navel Gazers");
    assert_eq!(track("Intorduction", Some("gaz")), "- Introduction by Navel Gazers");
    assert_eq!(track("Uotro", Some("nobody")), "- Outro by Ora Pell, Intro by Näve");
    let album = |name: &str, artist| told(&history, Kind::Albums, name, artist);
    assert_eq!(album("tides", Some("ora")), "= Tides by Ora");
    assert_eq!(album("ebb", None), "= Ebb by Navel Gazers");
    assert_eq!(album("", Some("pell")), "- Tides by Näve, Tides by Nave, Ebb by Navel Gazers", "they have no album");
}

#[test]
fn names_are_found_of_plays_that_do_not_count() {
    let undated = Play { at: 0, ..Play::new("2024-01-01T00:00:00Z", "Mira Vale", "Nine") };
    let skipped = Play::new("2024-01-01T00:00:00Z", "Iron Coast", "Salt").lasting(500);
    let history = History::of(&[undated, skipped], "UTC");
    for name in ["Mira Vale", "Iron Coast"] {
        let found = looked_up(&history, &Wanted { kind: Kind::Artists, name, artist: None }, 1);
        let LookedUp::Named(subject) = found else { panic!("{name}: {found:?}") };
        let page = told_of(&history, &subject, &Filter::default(), 5);
        assert_eq!((page.amount.plays, page.ends.is_none(), page.ever.place), (0, true, None));
        assert_eq!((page.years.len(), page.months.len(), page.streak, page.days), (0, 0, None, 0));
    }
    let nobody = looked_up(&History::of(&[], "UTC"), &Wanted { kind: Kind::Tracks, name: "x", artist: None }, 5);
    assert_eq!(nobody, LookedUp::Unknown(Vec::new()));
}

/// Looks a name up as a person would do it with a list of all names.
fn by_hand(all: &[Ranked], kind: Kind, name: &str) -> (usize, Vec<Ranked>) {
    let of = |row: &Ranked| if kind == Kind::Artists { row.artist.clone() } else { row.title.clone().unwrap() };
    let having: Vec<Ranked> = all.iter().filter(|row| Needle::new(name).is_in(&of(row))).cloned().collect();
    let same: Vec<Ranked> = having.iter().filter(|row| folded(&of(row)) == folded(name)).cloned().collect();
    let exact: Vec<Ranked> = same.iter().filter(|row| of(row) == name).cloned().collect();
    let first = [exact, same, having].into_iter().find(|rows| !rows.is_empty()).unwrap_or_default();
    (first.len(), first)
}

#[test]
fn who_is_meant_is_found_in_any_history() {
    seeds::each(8, |seed| {
        let mut random = Rng::with_seed(seed);
        let history = made_up(&mut random);
        let counting = Counting { min_played_ms: 0, undated: true, implausible: true, ..Counting::default() };
        let filter = Filter { counting, listener: Some(LISTENER.to_owned()), ..Filter::default() };
        for kind in KINDS {
            let all = ranking(&history.columns(), kind, By::Plays, &filter, &history.zone, history.now, ALL).unwrap();
            for name in ["ora", "kestrel", "Ida Kestrel", "o", "song 1", "Tides 2", "tides", "塔", "nothing like it"] {
                let (total, rows) = by_hand(&all.rows, kind, name);
                let found = looked_up(&history, &Wanted { kind, name, artist: None }, ALL);
                let names: Vec<(String, Option<String>)> =
                    rows.into_iter().map(|row| (row.artist, row.title)).collect();
                let named = |it: &Subject| (it.artist.clone(), it.title.clone());
                match &found {
                    LookedUp::Named(it) | LookedUp::InPart(it) => assert_eq!(vec![named(it)], names, "{name}"),
                    LookedUp::Several { rows, .. } => {
                        assert!(total > 1 && rows.iter().map(|(it, _)| named(it)).eq(names), "{name}: {found:?}");
                    }
                    LookedUp::Unknown(_) => assert_eq!(total, 0, "{name}: {found:?}"),
                }
            }
        }
    });
}

fn told_of(history: &History, subject: &Subject, filter: &Filter, limit: usize) -> Page {
    page(&history.columns(), subject, filter, &history.zone, history.now, limit).unwrap()
}

/// Some of those that have plays in a period, and what they are called: the most heard, and one that ties with others.
fn some_of(history: &History, filter: &Filter, kind: Kind) -> Vec<Subject> {
    let all = ranking(&history.columns(), kind, By::Plays, filter, &history.zone, history.now, ALL).unwrap().rows;
    let rows = all.first().into_iter().chain(all.iter().skip(1).last());
    let subject = |row: &Ranked| {
        let name = row.title.as_ref().unwrap_or(&row.artist);
        let artist = row.title.as_ref().map(|_| row.artist.as_str());
        match looked_up_like(history, filter, &Wanted { kind, name, artist }) {
            LookedUp::Named(subject) => subject,
            other => panic!("{row:?}: {other:?}"),
        }
    };
    rows.map(subject).collect()
}

fn looked_up_like(history: &History, filter: &Filter, wanted: &Wanted<'_>) -> LookedUp {
    look_up(&history.columns(), wanted, filter, &history.zone, history.now, 3).unwrap()
}

/// What a query answers of one.
fn asked(history: &History, name: &str, filter: &Filter, of: &Subject, more: &[(&str, &dyn ToSql)]) -> Vec<Value> {
    let (kind, title) = (of.kind.name(), of.title.clone().unwrap_or_default());
    let mut parameters: Vec<(&str, &dyn ToSql)> = vec![
        (":kind", &kind),
        (":artist", &of.artist),
        (":title", &title),
        (":placeholders", &filter.counting.placeholders),
    ];
    parameters.extend(more.iter().copied());
    history.asked(name, filter, &parameters)
}

/// Goes through some of every kind, each with its page.
fn each(history: &History, filter: &Filter, check: impl Fn(&Subject, &Page)) {
    // Of a real history not every kind is asked for: SQL takes its time.
    let kinds = if history.columns().rows() > 10_000 { &KINDS[..1] } else { &KINDS };
    for kind in kinds.iter().copied() {
        for subject in some_of(history, filter, kind) {
            check(&subject, &told_of(history, &subject, filter, ALL));
        }
    }
}

fn place(place: Option<Place>) -> (Option<usize>, Option<usize>) {
    (place.map(|it| it.rank), place.map(|it| it.of))
}

pub(super) fn check_summary(history: &History, filter: &Filter) {
    each(history, filter, |subject, page| {
        let (rank, places) = place(page.place);
        let at = |last: bool| page.ends.as_ref().map(|ends| if last { &ends.1 } else { &ends.0 }.played_at);
        let ours: Vec<Value> = rank
            .iter()
            .map(|_| {
                json!({ "plays": page.amount.plays, "ms_played": page.amount.ms_played,
                        "total_plays": page.total_plays, "rank": rank, "places": places, "days": page.days,
                        "first_at": at(false), "last_at": at(true),
                        "plays_without_album": page.plays_without_album })
            })
            .collect();
        same("entity_summary", filter, &ours, &asked(history, "entity_summary", filter, subject, &[]));
        let always = Filter { period: Period::Everything, ..filter.clone() };
        let ever = asked(history, "entity_summary", &always, subject, &[]);
        let (rank, places) = place(page.ever.place);
        let ours = json!({ "plays": page.ever.plays, "rank": rank, "places": places });
        let theirs = json!({ "plays": ever[0]["plays"], "rank": ever[0]["rank"], "places": ever[0]["places"] });
        assert_eq!(ours, theirs, "{subject:?} {filter:?}");
    });
}

pub(super) fn check_years(history: &History, filter: &Filter) {
    each(history, filter, |subject, page| {
        assert!(page.years.windows(2).all(|pair| pair[0].year.next() == pair[1].year), "no year is left out");
        let heard = page.years.iter().filter(|it| it.amount.plays > 0);
        let ours: Vec<Value> = heard
            .map(|it| {
                json!({ "year": it.year.to_string().parse::<i64>().unwrap(), "plays": it.amount.plays,
                        "ms_played": it.amount.ms_played, "rank": it.rank })
            })
            .collect();
        same("entity_years", filter, &ours, &asked(history, "entity_years", filter, subject, &[]));
    });
}

pub(super) fn check_months(history: &History, filter: &Filter) {
    each(history, filter, |subject, page| {
        assert!(page.months.windows(2).all(|pair| pair[0].0.next() == pair[1].0), "no month is left out");
        let heard = page.months.iter().filter(|(_, amount)| amount.plays > 0);
        let ours: Vec<Value> = heard
            .map(|(month, it)| json!({ "month": month.to_string(), "plays": it.plays, "ms_played": it.ms_played }))
            .collect();
        same("entity_months", filter, &ours, &asked(history, "entity_months", filter, subject, &[]));
    });
}

pub(super) fn check_hours(history: &History, filter: &Filter) {
    each(history, filter, |subject, page| {
        let cells = page.clock.grid.iter().zip(1..).flat_map(|(day, weekday)| {
            day.iter().zip(0..).map(move |(it, hour)| {
                json!({ "weekday": weekday, "hour": hour, "plays": it.plays, "ms_played": it.ms_played })
            })
        });
        let ours: Vec<Value> = cells.filter(|cell| cell["plays"] != 0).collect();
        same("entity_hours", filter, &ours, &asked(history, "entity_hours", filter, subject, &[]));
    });
}

pub(super) fn check_milestones(history: &History, filter: &Filter) {
    each(history, filter, |subject, page| {
        let theirs = asked(history, "entity_milestones", filter, subject, &[]);
        assert_eq!(theirs.is_empty(), page.amount.plays < 100);
        let day = |local: i64| jiff::Timestamp::from_second(local).unwrap().to_string()[..10].to_owned();
        let ours: Vec<Value> = page
            .milestones
            .iter()
            .map(|it| {
                json!({ "number": it.number, "played_at": it.listen.played_at,
                        "day": day(it.listen.local_at.unwrap()), "artist": it.listen.artist,
                        "track": it.listen.track })
            })
            .collect();
        same("entity_milestones", filter, &ours, &theirs);
    });
}

pub(super) fn check_top(history: &History, filter: &Filter) {
    each(history, filter, |subject, page| {
        assert_eq!(
            [page.tracks.is_none(), page.albums.is_none()],
            [Kind::Tracks, Kind::Albums].map(|k| subject.kind == k)
        );
        for (of, found) in [("tracks", &page.tracks), ("albums", &page.albums)] {
            let Some(found) = found else { continue };
            let row = |row: &Ranked| {
                json!({ "rank": row.rank, "artist": row.artist, "name": row.title, "plays": row.plays,
                        "ms_played": row.ms_played })
            };
            let ours: Vec<Value> = found.rows.iter().map(row).collect();
            let more: [(&str, &dyn ToSql); 2] = [(":of", &of), (":limit", &(ALL as i64))];
            let theirs = asked(history, "entity_top", filter, subject, &more);
            same("entity_top", filter, &ours, &theirs);
            assert_eq!((found.distinct, found.total_plays), (ours.len(), page.amount.plays));
            // With few rows wanted they are the first of all.
            let few = told_of(history, subject, filter, 2);
            let few: Option<&Ranking> = if of == "tracks" { few.tracks.as_ref() } else { few.albums.as_ref() };
            assert_eq!(few.unwrap().rows, found.rows[..found.rows.len().min(2)]);
        }
    });
}

/// What other questions tell of the same, they tell alike.
#[test]
fn a_page_agrees_with_the_other_questions() {
    seeds::each(5, |seed| {
        let mut random = Rng::with_seed(seed);
        let history = made_up(&mut random);
        for filter in [some_filter(&mut random), Filter { listener: Some(LISTENER.to_owned()), ..Filter::default() }] {
            let (columns, zone, now) = (history.columns(), &history.zone, history.now);
            each(&history, &filter, |subject, page| {
                let Subject { kind, artist, title, .. } = subject;
                let streaks = streaks_of(&columns, *kind, false, &filter, zone, now, ALL).unwrap().longest;
                let streak = streaks.into_iter().find(|it| (&it.artist, &it.title) == (&Some(artist.clone()), title));
                let days = |it: &Streak| (it.first_day, it.last_day, it.plays, it.is_current);
                assert_eq!(page.streak.as_ref().map(days), streak.as_ref().map(days), "{subject:?}");

                let named = Filter {
                    artist: Some(artist.clone()),
                    album: title.clone().filter(|_| *kind == Kind::Albums),
                    track: title.clone().filter(|_| *kind == Kind::Tracks),
                    ..filter.clone()
                };
                // That question takes the filter's names for the wanted one, among everything.
                if filter.artist.is_none() && filter.track.is_none() {
                    let ranks = rank_history(&columns, Unit::Year, &named, zone, now).unwrap().unwrap().rows;
                    let ours = page.years.iter().filter_map(|it| Some((it.year, it.rank?, it.amount.plays)));
                    let theirs = ranks.iter().filter_map(|it| Some((it.unit, it.rank?, it.plays)));
                    assert!(ours.eq(theirs), "{subject:?} {filter:?}");
                }
                assert_eq!(page.clock.total(), page.amount);
                let sum: u64 = page.months.iter().map(|(_, it)| it.plays).sum();
                assert_eq!(sum, page.amount.plays);
            });
        }
    });
}

#[test]
fn the_ends_and_the_round_numbers_are_plays_of_it() {
    let mut plays: Vec<Play> = Vec::new();
    for nth in 0..1_200_u32 {
        let (day, hour) = (1 + nth % 120 / 5, nth % 5 * 4);
        let time = format!("20{:02}-03-{day:02}T{hour:02}:30:00Z", 10 + nth / 120);
        let artist = if nth % 2 == 0 { "Iron Coast" } else { "Mira Vale" };
        plays.push(Play { album: "Salt".into(), ..Play::new(&time, artist, &format!("Song {}", nth % 6)) });
    }
    let history = History::of(&plays, "America/New_York");
    let wanted = Wanted { kind: Kind::Artists, name: "iron coast", artist: None };
    let LookedUp::Named(subject) = looked_up(&history, &wanted, 1) else { panic!("it is there") };
    let page = told_of(&history, &subject, &Filter::default(), 2);
    let total = listens(&history.columns(), &Filter::default(), &history.zone, history.now, 0).unwrap().total;
    assert_eq!((page.amount.plays, page.total_plays), (600, total));
    assert_eq!(page.milestones.iter().map(|it| it.number).collect::<Vec<_>>(), [100, 500]);
    let (first, last) = page.ends.unwrap();
    assert!(first.played_at < page.milestones[0].listen.played_at);
    assert!(last.played_at > page.milestones[1].listen.played_at);
    assert_eq!([&first.artist, &last.artist], ["Iron Coast"; 2]);
    assert_eq!(page.tracks.unwrap().distinct, 3);
    assert_eq!(page.years.len(), 10);
    // Fewer of the last plays change the period, and nothing of what was ever heard.
    let recent = told_of(&history, &subject, &Filter { recent: Some(10), ..Filter::default() }, 2);
    assert_eq!((recent.amount.plays, recent.total_plays, recent.ever.plays), (5, 10, 600));
}

#[test]
fn split_names_count_on_the_pages_of_those_that_they_credit() {
    let plays = [("Kestrel & Ora", "Duet"), ("Ida Kestrel", "Solo"), ("Kestrel & Ora", "Duet")];
    let at = |nth: usize| format!("2024-03-01T12:{:02}:00Z", nth * 4);
    let plays: Vec<Play> =
        plays.iter().enumerate().map(|(nth, (artist, track))| Play::new(&at(nth), artist, track)).collect();
    let into = vec!["Ida Kestrel".to_owned(), "Ora Pell".to_owned()];
    let split = Rule::Split { artist: "Kestrel & Ora".into(), into };
    let history = History::of(&plays, "UTC").finish(&[Decision::Rule { rule: split }]);
    let artist = |name| match looked_up(&history, &Wanted { kind: Kind::Artists, name, artist: None }, 5) {
        LookedUp::Named(subject) => told_of(&history, &subject, &Filter::default(), 5),
        other => panic!("{name}: {other:?}"),
    };
    let (ida, ora) = (artist("Ida Kestrel"), artist("Ora Pell"));
    assert_eq!((ida.amount.plays, ora.amount.plays), (3, 2));
    assert_eq!((ida.place, ora.place), (Some(Place { rank: 1, of: 2 }), Some(Place { rank: 2, of: 2 })));
    let tracks: Vec<(usize, Option<String>, u64)> =
        ida.tracks.unwrap().rows.into_iter().map(|row| (row.rank, row.title, row.plays)).collect();
    assert_eq!(tracks, [(1, Some("Duet".to_owned()), 2), (2, Some("Solo".to_owned()), 1)]);
    let split = looked_up(&history, &Wanted { kind: Kind::Artists, name: "Kestrel & Ora", artist: None }, 5);
    assert!(matches!(split, LookedUp::Unknown(_)), "{split:?}");
}
