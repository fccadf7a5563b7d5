//! What all forms promise, and what each of them does.

use heard_web::chart::{
    Bump, BumpLine, Calendar, CardList, Clock, Grid, Measure, Milestone, Milestones, Punchcard, Series, ShareCard,
    Size, Stack, StackedArea, Svg, Theme, Timeline, TimelineShape, TimelineUnit, bump, calendar, circular_clock, grid,
    milestones, punchcard, share_card, stacked_area, timeline,
};
use roxmltree::Document;

use crate::gallery::gallery;
use crate::sample::{hostile, row};
use crate::svg::{inspect, named, number, words};

fn size(width: u32) -> Size {
    Size::new(width, None).expect("within the limits")
}

fn parsed(svg: &Svg) -> Document<'_> {
    Document::parse(svg.as_str()).expect("well-formed")
}

/// The description in words.
fn told(svg: &Svg) -> String {
    named(&parsed(svg), "desc")[0].text().expect("words").to_owned()
}

fn unit(label: &str, value: u64, before: Option<u64>) -> TimelineUnit {
    TimelineUnit { label: label.to_owned(), value, before }
}

#[test]
fn hostile_names_stay_text_in_every_form() {
    let values: Vec<u64> = (0..60).map(|at| at * at % 977).collect();
    for (form, draw) in gallery(&hostile(), &values) {
        for theme in [Theme::Light, Theme::Dark] {
            for width in [200, 480, 1000, 2400] {
                let svg = draw(&size(width), theme);
                let document = parsed(&svg);
                inspect(&document);
                let titled = named(&document, "title")[0].text().is_some_and(|title| !title.is_empty());
                assert!(titled && !told(&svg).is_empty(), "{form}");
                assert_eq!(svg, draw(&size(width), theme), "{form}: equal input makes equal bytes");
            }
        }
    }
}

#[test]
fn every_form_of_nothing_says_so() {
    let (size, theme) = (size(600), Theme::Light);
    let pictures = [
        circular_clock(&Clock::default(), &size, theme),
        punchcard(&Punchcard::default(), &size, theme),
        calendar(&Calendar { days: vec![(19_000, 0)], ..Calendar::default() }, &size, theme),
        timeline(&Timeline::default(), &size, theme),
        stacked_area(&StackedArea { series: vec![Series::default()], ..StackedArea::default() }, &size, theme),
        bump(&Bump { lines: vec![BumpLine::default()], places: 3, ..Bump::default() }, &size, theme),
        grid(&Grid::default(), &size, theme),
        milestones(&Milestones::default(), &size, theme),
        share_card(&ShareCard::default(), &size, theme),
    ];
    for svg in &pictures {
        let document = parsed(svg);
        assert!(words(&document).contains("Nothing was counted here."), "{svg}");
        assert!(told(svg).contains("Nothing was counted here."), "{svg}");
        assert!(named(&document, "title")[0].text().is_some(), "{svg}");
    }
}

#[test]
fn what_has_no_room_says_so_or_counts_the_rest() {
    let names: Vec<String> = ["Low", "Can", "Neu!", "Faust", "Cluster"].map(str::to_owned).into();
    let values: Vec<u64> = (1..40).collect();
    for (form, draw) in gallery(&names, &values) {
        for (width, height) in [(200, 120), (8000, 120), (640, 260)] {
            let svg = draw(&Size::new(width, Some(height)).expect("a size"), Theme::Light);
            assert_eq!((svg.width(), svg.height()), (width, height));
            let document = parsed(&svg);
            let words = words(&document);
            let drawn = named(&document, "g").len() + named(&document, "path").len();
            assert!(
                drawn > 0 || words.contains("no room") || words.contains("more"),
                "{form} {width}×{height}: {words}"
            );
        }
    }
}

#[test]
fn a_clock_has_a_bar_for_each_hour_as_long_as_its_amount() {
    let mut clock = Clock { title: "Plays by hour".to_owned(), ..Clock::default() };
    clock.hours[0] = 100;
    clock.hours[6] = 50;
    let svg = circular_clock(&clock, &size(1000), Theme::Light);
    let document = parsed(&svg);
    let paths = named(&document, "path");
    assert_eq!(paths.len(), 24 + 2, "24 lanes and two bars");
    // "M", the inner start, "L", the outer start: how far it is between the two.
    let length = |index: usize| {
        let data = paths[index].attribute("d").expect("an outline");
        let numbers: Vec<f64> =
            data.split(['M', 'L', 'A', ' ']).filter_map(|number| number.parse().ok()).take(4).collect();
        (numbers[2] - numbers[0]).hypot(numbers[3] - numbers[1])
    };
    let (midnight, six) = (length(1), length(8));
    assert!((length(0) - midnight).abs() < 0.1, "the longest bar fills its lane");
    assert!((six / midnight - 0.5).abs() < 0.01, "{six} {midnight}");
    assert!(told(&svg).contains("00:00: 100. 01:00: 0"));
    let words = words(&document);
    assert!(words.lines().any(|line| line == "150") && words.lines().any(|line| line == "23"), "{words}");
}

#[test]
fn discs_have_areas_as_large_as_their_amounts() {
    let mut card = Punchcard::default();
    card.hours[4][22] = 400;
    card.hours[6][3] = 100;
    let svg = punchcard(&card, &size(1000), Theme::Light);
    let document = parsed(&svg);
    let radii: Vec<f64> = named(&document, "circle").iter().map(|circle| number(*circle, "r")).collect();
    let [friday, sunday] = radii[..] else { panic!("{radii:?}") };
    assert!((friday / sunday - 2.0).abs() < 0.01, "{radii:?}");
    assert!(words(&document).contains("Most: Friday 22:00, 400"));
}

#[test]
fn a_calendar_has_every_day_of_a_year_and_leaves_out_years_of_nothing() {
    // 29 February 2024, the last day of 2024, and a day of 2020.
    let days = vec![(19_782, 3), (20_088, 9), (18_300, 1), (18_300, 1), (19_800, 0), (i32::MAX, 5), (i32::MIN, 5)];
    let svg = calendar(&Calendar { days, ..Calendar::default() }, &size(1000), Theme::Light);
    let document = parsed(&svg);
    let titles: Vec<&str> = named(&document, "title").iter().filter_map(roxmltree::Node::text).collect();
    assert_eq!(titles, ["Calendar", "2024-02-29: 3", "2024-12-31: 9", "2020-02-08: 2"]);
    let legend = 1 + 3;
    assert_eq!(named(&document, "rect").len(), 1 + legend + 366 + 366);
    let told = told(&svg);
    assert!(told.contains("2024: 12 on 2 days, most on 2024-12-31: 9") && !told.contains("2023"), "{told}");
}

#[test]
fn bars_over_time_begin_at_zero() {
    let units = vec![unit("Jan", 100, Some(50)), unit("Feb", 25, Some(0)), unit("Mar", 0, None)];
    let line = Timeline { units, name: "2024".to_owned(), name_before: "2023".to_owned(), ..Timeline::default() };
    let svg = timeline(&line, &size(1000), Theme::Light);
    let document = parsed(&svg);
    let fill = Some("#2b6cb0");
    let bars: Vec<(f64, f64)> = named(&document, "g")
        .iter()
        .filter_map(|group| {
            group.children().find(|node| {
                node.attribute("fill") == fill && node.has_tag_name(("http://www.w3.org/2000/svg", "rect"))
            })
        })
        .map(|bar| (number(bar, "y"), number(bar, "height")))
        .collect();
    let [january, february] = bars[..] else { panic!("{bars:?}") };
    assert!((january.1 / february.1 - 4.0).abs() < 0.01, "{bars:?}");
    assert!((january.0 + january.1 - february.0 - february.1).abs() < 0.02, "one foot: {bars:?}");
    assert_eq!(told(&svg), "125 in all. Most: Jan: 100 (2023: 50). Jan: 100 (2023: 50). Feb: 25 (2023: 0). Mar: 0");
}

#[test]
fn a_line_is_broken_where_the_period_before_has_nothing_to_say() {
    let units = (0..6).map(|at| unit(&at.to_string(), at, (at != 3).then_some(at))).collect();
    let line = Timeline { units, shape: TimelineShape::Line, ..Timeline::default() };
    let svg = timeline(&line, &size(1000), Theme::Light);
    let document = parsed(&svg);
    let dashed = |path: &&roxmltree::Node<'_, '_>| path.attribute("stroke-dasharray").is_some();
    let paths = named(&document, "path");
    let dashed: Vec<&str> = paths.iter().filter(dashed).filter_map(|path| path.attribute("d")).collect();
    assert_eq!(dashed.len(), 2, "the legend's and the line itself");
    assert_eq!(dashed[1].matches('M').count(), 2, "{}", dashed[1]);
}

#[test]
fn the_eighth_band_is_all_the_others() {
    let series = (1..=10).map(|at| Series { name: format!("Artist {at}"), values: vec![at, 2 * at] }).collect();
    let units = vec!["2023".to_owned(), "2024".to_owned()];
    let mut area = StackedArea { units, series, ..StackedArea::default() };
    for stack in [Stack::Amounts, Stack::Shares] {
        area.stack = stack;
        let svg = stacked_area(&area, &size(1000), Theme::Light);
        let document = parsed(&svg);
        assert_eq!(named(&document, "g").len(), 8);
        assert!(words(&document).contains("Artist 7: 21") && words(&document).contains("3 others: 81"));
        assert_eq!(words(&document).contains("100%"), stack == Stack::Shares);
    }
}

#[test]
fn who_has_no_rank_at_the_end_is_named_in_the_legend() {
    let line = |name: &str, ranks: &[u32]| BumpLine {
        name: name.to_owned(),
        ranks: ranks.iter().map(|rank| Some(*rank).filter(|rank| *rank > 0)).collect(),
    };
    let race = Bump {
        units: ["2022", "2023", "2024"].map(str::to_owned).into(),
        places: 2,
        lines: vec![
            line("Low", &[1, 2, 1]),
            line("Can", &[2, 1, 0]),
            line("Neu!", &[0, 9, 2]),
            line("Faust", &[0, 3, 0]),
        ],
        ..Bump::default()
    };
    let svg = bump(&race, &size(1000), Theme::Light);
    let document = parsed(&svg);
    assert_eq!(named(&document, "g").len(), 3, "Faust is never among the first two");
    for name in ["Low", "Can", "Neu!"] {
        assert_eq!(words(&document).lines().filter(|line| *line == name).count(), 1, "{name}");
    }
    assert_eq!(told(&svg), "Low: 2022 #1, 2023 #2, 2024 #1. Can: 2022 #2, 2023 #1. Neu!: 2024 #2");
}

#[test]
fn a_name_takes_two_lines_of_a_tile() {
    let tiles = vec![row("The Long Name That Has No Room in One Line of It All", 9), row("Low", 3)];
    let svg = grid(&Grid { tiles, ..Grid::default() }, &size(400), Theme::Light);
    let document = parsed(&svg);
    let words = words(&document);
    assert!(words.contains("The Long Name"), "{words}");
    assert!(!words.contains("The Long Name That Has No Room"), "{words}");
    assert!(words.lines().any(|line| line.ends_with('…')), "{words}");
}

#[test]
fn milestones_stand_in_order_of_time() {
    let point =
        |day: i32, label: &str| Milestone { day, label: label.to_owned(), detail: "Low – Sunflower".to_owned() };
    let points = vec![point(20_000, "Play 2,000"), point(19_000, "Play 1,000"), point(i32::MAX, "never")];
    let svg = milestones(&Milestones { points, ..Milestones::default() }, &size(700), Theme::Light);
    assert_eq!(told(&svg), "2022-01-08: Play 1,000, Low – Sunflower. 2024-10-04: Play 2,000, Low – Sunflower");
    let document = parsed(&svg);
    let dots: Vec<f64> = named(&document, "circle").iter().map(|circle| number(*circle, "cy")).collect();
    assert!(dots.len() == 2 && dots[0] < dots[1], "{dots:?}");
}

#[test]
fn a_card_has_the_shape_of_a_story() {
    let list = CardList { title: "Top artists".to_owned(), rows: vec![("Low".to_owned(), None)] };
    let card = ShareCard {
        title: "2024 in music".to_owned(),
        number: "12,345".to_owned(),
        number_label: "plays".to_owned(),
        lists: vec![list],
        hours: [3; 24],
        measure: Measure::Count,
        ..ShareCard::default()
    };
    let svg = share_card(&card, &size(1080), Theme::Dark);
    assert_eq!((svg.width(), svg.height()), (1080, 1920));
    assert_eq!(told(&svg), "12,345 plays. Top artists: Low. Most at 00:00: 3");
    assert!(words(&parsed(&svg)).contains("12,345"));
    let wide = share_card(&card, &Size::new(1200, Some(630)).expect("a size"), Theme::Dark);
    assert_eq!((wide.width(), wide.height()), (1200, 630));
}

#[test]
fn every_form_as_a_whole() {
    let names: Vec<String> = ["Sigur Rós", "東京 <Live>", "فيروز"].map(str::to_owned).into();
    for (form, draw) in gallery(&names, &[12, 5, 0, 7, 31]) {
        // Every day of three years is more than anybody would read.
        if form != "calendar" {
            insta::assert_snapshot!(form, draw(&size(800), Theme::Light).as_str());
        }
    }
}
