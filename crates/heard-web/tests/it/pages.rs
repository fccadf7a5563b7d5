//! A year in review in words, as a card and as a page.

use std::collections::BTreeSet;

use heard_history::stats::{
    Amount, Before, By, CalendarDay, Change, ClockFace, Comeback, Concentration, Date, Discovery, Eddington, Faithful,
    Milestone, MilestoneKind, Numbers, Period, Ranked, Ranking, Session, Streak, Trend, Unit, Wrapped,
};
use heard_web::chart::legible;
use heard_web::pages::{Fact, compared, facts, milestone_words, wrapped_card, wrapped_page};
use jiff::civil::Weekday;
use roxmltree::{Document, Node, ParsingOptions};

use crate::sample::hostile;

fn date(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn numbers(plays: u64) -> Numbers {
    Numbers {
        plays,
        ms_played: plays * 200_000,
        artists: 8,
        albums: 4,
        tracks: 20,
        days: Some((date("2024-01-03"), date("2024-12-30"))),
        days_between: 363,
        days_heard: 200,
        eddington: Eddington::default(),
        concentration: Concentration { gini: 0.5, top_ten_share: 1.0, entropy_bits: 2.0 },
        years: 1,
        every_year_total: 8,
        every_year: Vec::new(),
        weeks: vec![Faithful { artist: "Low".to_owned(), times: 31, plays: 70 }],
        unlikely_hour: None,
    }
}

fn ranking(names: &[String], titled: bool) -> Ranking {
    let row = |(rank, name): (usize, &String)| Ranked {
        rank,
        artist: name.clone(),
        title: titled.then(|| format!("{name}{name}")),
        plays: 100 - rank as u64,
        ms_played: 3_600_000,
        change: Some(if rank == 1 { Change::New } else { Change::Up(2 - i64::try_from(rank).expect("a small rank")) }),
    };
    Ranking { rows: (1..).zip(names).map(row).collect(), total_plays: 1_000, distinct: names.len() }
}

fn month(text: &str, plays: u64) -> Trend {
    let unit = Unit::parse(text, Weekday::Monday).expect("a month");
    Trend { unit, plays, artists: 3, ms_played: plays * 200_000 }
}

/// 2024, with these names in all places.
fn year(names: &[String]) -> Wrapped {
    let name = |at: usize| names[at % names.len()].clone();
    let mut clock = ClockFace { grid: [[Amount::default(); 24]; 7] };
    clock.grid[6][21] = Amount { plays: 1_100, ms_played: 200_000_000 };
    clock.grid[0][8] = Amount { plays: 104, ms_played: 40_800_000 };
    let milestone = |kind, number, day: &str| Milestone {
        kind,
        number,
        day: date(day),
        listens: 1_234,
        played_at: Some(1_710_000_000),
        artist: Some(name(1)),
        track: Some(name(2)),
    };
    let day = |day: &str, plays| CalendarDay { day: date(day), amount: Amount { plays, ms_played: plays * 200_000 } };
    Wrapped {
        period: Period::Year(2024),
        by: By::Plays,
        is_over: true,
        numbers: Numbers { weeks: vec![Faithful { artist: name(3), times: 31, plays: 70 }], ..numbers(1_204) },
        artists: ranking(names, false),
        albums: ranking(names, true),
        tracks: ranking(names, true),
        new_artists: 3,
        discovery: Some(Discovery {
            artist: name(4),
            title: None,
            first_at: 1_706_745_600,
            first_local_at: 1_706_745_600,
            last_at: 1_733_000_000,
            last_local_at: 1_733_000_000,
            plays: 44,
        }),
        comeback: Some(Comeback {
            artist: name(5),
            left_at: 1_500_000_000,
            left_local_at: 1_500_000_000,
            returned_at: 1_710_000_000,
            returned_local_at: 1_710_000_000,
            plays: 6,
        }),
        clock,
        days: vec![day("2024-01-03", 10), day("2024-03-04", 31), day("2024-12-30", 31)],
        months: vec![month("2024-01", 600), month("2024-02", 4), month("2024-03", 600)],
        streak: Some(Streak {
            artist: None,
            title: None,
            first_day: date("2024-03-01"),
            last_day: date("2024-03-12"),
            days: 12,
            plays: 140,
            is_current: false,
        }),
        sitting: Some(Session {
            started_at: 1_709_578_980,
            started_local: 1_709_578_980,
            length_ms: 15_120_000,
            plays: 60,
            ms_played: 15_000_000,
            artist: Some(name(6)),
        }),
        milestones: vec![
            milestone(MilestoneKind::Listen, 10_000, "2024-03-09"),
            milestone(MilestoneKind::Artist, 100, "2024-03-10"),
            milestone(MilestoneKind::Anniversary, 12, "2024-04-01"),
        ],
        before: Some(Before { period: Period::Year(2023), numbers: numbers(1_070), months: vec![month("2023-03", 9)] }),
    }
}

fn plain() -> Vec<String> {
    ["Low", "Can", "Neu!", "Faust", "Cluster"].map(str::to_owned).into()
}

fn told(found: &Wrapped) -> Vec<String> {
    let line = |Fact { label, value, detail }: Fact| format!("{label}: {value} ({detail})");
    facts(found).into_iter().map(line).collect()
}

#[test]
fn what_is_told_of_a_year() {
    assert_eq!(
        told(&year(&plain())),
        [
            "plays: 1,204 (13 % more plays than in 2023 (1,070))",
            "time played: 66h 53m ()",
            "days with music: 200 (of 3)",
            "artists: 8 (3 new (38 %))",
            "albums: 4 ()",
            "tracks: 20 ()",
            "top month: January (600 plays)",
            "busiest day: 2024-03-04 (31 plays)",
            "busiest weekday: Sunday (1,100 plays)",
            "busiest hour: 21:00 (1,100 plays)",
            "longest streak: 12 days (2024-03-01 to 2024-03-12, 140 plays)",
            "longest sitting: 4h 12m (2024-03-04 19:03, 60 plays)",
            "most loyal: Faust (in 31 weeks, 70 plays)",
            "discovery: Cluster (44 plays since 2024-02-01)",
            "comeback: Low (6 plays since 2024-03-09, after 2,430 days without)",
        ]
    );
}

#[test]
fn what_is_not_known_is_not_told() {
    let mut found = year(&plain());
    found.numbers.ms_played = 0;
    (found.before, found.discovery, found.comeback) = (None, None, None);
    found.sitting.as_mut().unwrap().length_ms = 0;
    found.is_over = false;
    let told = told(&found).join("\n");
    for gone in ["time played", "comeback", "discovery", "sitting", "than in", "of 3"] {
        assert!(!told.contains(gone), "{gone}\n{told}");
    }
    found.period = Period::Everything;
    assert!(facts(&found).iter().any(|fact| fact.label == "top month" && fact.value == "2024-01"));
}

#[test]
fn years_are_compared_in_words() {
    let says = |now: u64, then: u64| {
        let found = year(&plain());
        let before = found.before.clone().map(|before| Before { numbers: numbers(then), ..before });
        compared(&Wrapped { numbers: numbers(now), before, ..found }).unwrap()
    };
    for (now, then, words) in [
        (100, 100, "as many plays as in 2023"),
        (1_000, 1_001, "about as many plays as in 2023"),
        (101, 100, "1 % more plays than in 2023"),
        (199, 100, "99 % more plays than in 2023"),
        (200, 100, "2 times as many plays as in 2023"),
        (249, 100, "2.5 times as many plays as in 2023"),
        (12_345, 1, "12,345 times as many plays as in 2023"),
        (u64::MAX / 400_000, 1, "46,116,860,184,273 times as many plays as in 2023"),
        (1, 3, "67 % fewer plays than in 2023"),
        (1, 1_000, "99 % fewer plays than in 2023"),
        (0, 1_000, "100 % fewer plays than in 2023"),
    ] {
        assert_eq!(says(now, then), words, "{now} and {then}");
    }
    let unfinished = Wrapped { is_over: false, ..year(&plain()) };
    assert_eq!(compared(&unfinished).unwrap(), "so far, 13 % more plays than in 2023");
    assert_eq!(compared(&Wrapped { before: None, ..unfinished }), None);
}

#[test]
fn milestones_are_told_in_words() {
    let words: Vec<_> = year(&plain()).milestones.iter().map(milestone_words).collect();
    let said = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(
        words,
        [
            said("Play 10,000", "Can – Neu!"),
            said("Play 100 of Can", "Neu!"),
            said("12 years of listening", "1,234 plays so far"),
        ]
    );
}

#[test]
fn the_card_has_the_same_numbers() {
    let card = wrapped_card(&year(&plain()), "ann");
    assert_eq!((card.title.as_str(), card.subtitle.as_str()), ("2024 in music", "ann"));
    assert_eq!((card.number.as_str(), card.number_label.as_str()), ("1,204", "plays"));
    let counted: Vec<String> = card.numbers.iter().map(|(number, label)| format!("{number} {label}")).collect();
    assert_eq!(counted, ["8 artists", "20 tracks", "66 hours"]);
    assert_eq!((card.hours[21], card.hours[8], card.hours[0]), (1_100, 104, 0));
    assert_eq!(card.lists[1].rows[0], ("LowLow".to_owned(), Some("Low".to_owned())));
    assert_eq!(card.footer, "13 % more plays than in 2023 · 3 new artists · 12 days in a row");
    let one = Wrapped { by: By::Time, numbers: Numbers { artists: 1, ..numbers(1) }, ..year(&plain()) };
    let card = wrapped_card(&one, "");
    assert_eq!((card.number.as_str(), card.number_label.as_str(), card.hours[21]), ("1", "play", 200_000_000));
    assert_eq!(card.numbers[0], ("1".to_owned(), "artist".to_owned()));
    let nothing = wrapped_card(&Wrapped { numbers: numbers(0), ..one }, "ann");
    assert!(nothing.number.is_empty() && nothing.lists.is_empty() && nothing.footer.is_empty());
}

fn read(page: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(page, options).expect("well-formed")
}

fn all<'a>(document: &'a Document<'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}

fn words(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

const ELEMENTS: [&str; 31] = [
    "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "p", "dl", "div", "dt", "dd",
    "bdi", "span", "section", "ol", "ul", "li", "time", "figure", "svg", "g", "desc", "rect", "text", "path", "circle",
    "tspan",
];

/// Attributes that the page itself has, besides those of its pictures.
const OF_THE_PAGE: [&str; 8] = ["lang", "charset", "name", "content", "http-equiv", "class", "title", "datetime"];

#[test]
fn hostile_names_stay_text_on_a_page() {
    for (nth, name) in hostile().into_iter().enumerate() {
        let names: Vec<String> = hostile().into_iter().cycle().skip(nth).take(5).collect();
        let page = wrapped_page(&year(&names), &name, 0).unwrap();
        let document = read(&page);
        for node in document.descendants().filter(Node::is_element) {
            assert!(ELEMENTS.contains(&node.tag_name().name()), "<{}>", node.tag_name().name());
            let in_picture = node.ancestors().any(|above| above.has_tag_name(("http://www.w3.org/2000/svg", "svg")));
            for attribute in node.attributes() {
                let name = attribute.name();
                assert!(in_picture || OF_THE_PAGE.contains(&name), "{name}=");
                assert!(!name.starts_with("on") && !name.ends_with("href") && name != "src", "{name}=");
            }
        }
        let isolated: BTreeSet<String> = all(&document, "bdi").map(words).collect();
        for name in names.iter().map(|name| legible(name)).filter(|name| !name.is_empty()) {
            assert!(isolated.contains(&name), "{name:?} is not on the page");
        }
        let turns =
            |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{0}'..='\u{8}' | '\u{1b}');
        assert!(!page.contains(turns), "{name:?}");
        assert_eq!(page, wrapped_page(&year(&names), &name, 0).unwrap(), "equal input makes equal bytes");
    }
}

#[test]
fn a_page_is_whole_in_itself() {
    let page = wrapped_page(&year(&plain()), "ann", 0).unwrap();
    let document = read(&page);
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"));
    assert_eq!(all(&document, "title").next().map(words).as_deref(), Some("2024 in music – ann"));
    assert!(!page.contains("<script") && !page.contains("url(") && !page.contains("@import"));
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "").contains("://");
    assert!(!elsewhere, "nothing is fetched");
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id stands twice");
    let pictures: Vec<Node<'_, '_>> = all(&document, "svg").collect();
    assert_eq!(pictures.len(), 6, "months, days and hours for light and for dark");
    for picture in pictures {
        assert_eq!(picture.attribute("role"), Some("img"));
        assert_eq!(
            picture.children().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "desc"))).count(),
            1
        );
        let shown = picture.parent_element().unwrap().attribute("class");
        let ground = picture.children().find(|node| node.tag_name().name() == "rect").unwrap().attribute("fill");
        let colour = if shown == Some("light") { "#fdfdfb" } else { "#14181d" };
        assert_eq!(ground, Some(colour), "{shown:?}");
    }
    let style = all(&document, "style").next().map(words).unwrap();
    assert!(style.contains("--ground: #fdfdfb") && style.contains("--ground: #14181d"));
    assert_eq!(style.matches("prefers-color-scheme: dark").count(), 2);
    assert_eq!(style.matches('{').count(), style.matches('}').count());
}

#[test]
fn a_page_says_what_the_words_say() {
    let mut found = year(&plain());
    let page = wrapped_page(&found, "ann", 6).unwrap();
    let document = read(&page);
    let tiles: Vec<String> = all(&document, "dd").map(words).collect();
    let wanted: Vec<String> =
        facts(&found).iter().skip(1).map(|fact| format!("{}{}", fact.value, fact.detail)).collect();
    assert_eq!(tiles, wanted);
    let places: Vec<String> =
        all(&document, "ol").flat_map(|list| list.children().filter(Node::is_element)).map(words).collect();
    assert_eq!(places.len(), 15);
    assert_eq!(places[..3], ["Low99 plays new", "Can98 plays =", "Neu!97 plays ▼1"]);
    assert_eq!(places[14], "ClusterClusterCluster95 plays ▼3");
    let milestones: Vec<String> =
        all(&document, "ul").flat_map(|list| list.children().filter(Node::is_element)).map(words).collect();
    assert_eq!(milestones[0], "2024-03-09 Play 10,000 Can – Neu!");
    found.by = By::Time;
    assert!(wrapped_page(&found, "ann", 6).unwrap().contains("1h 00m"));
}

#[test]
fn a_page_of_nothing_says_so() {
    let found = Wrapped { numbers: Numbers { artists: 0, ..numbers(0) }, before: None, ..year(&plain()) };
    let page = wrapped_page(&found, "", 6).unwrap();
    let document = read(&page);
    assert_eq!(all(&document, "main").next().map(words).unwrap().trim(), "2024 in music\nNothing was counted here.");
    assert_eq!(all(&document, "svg").count(), 0);
    assert_eq!(all(&document, "title").next().map(words).as_deref(), Some("2024 in music"));
}
