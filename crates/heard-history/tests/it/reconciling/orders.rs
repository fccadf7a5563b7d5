//! Random histories: the order of files and the numbers of names say nothing, and the best of all ways to pair is found.

use fastrand::Rng;
use heard_history::reconcile::Overrules;

use super::{Telling, decide, shuffled_files, told};
use crate::seeds;

/// Spellings of a title that count as alike, and others.
const REMARKS: [&str; 7] = ["", "", "", " (Live)", " - Remastered 2009", " (feat. Ode)", " (Mono)"];
const TITLES: [&str; 4] = ["Glass Harbour", "Iron Coast", "夜明け", "Don't Go"];
const ARTISTS: [&str; 5] = ["Mira Vale", "Mira Vale", "MIRA VALE", "Mira Vale & The Tides", "Otto Krantz"];

fn name(random: &mut Rng) -> (String, String) {
    let artist = ARTISTS[random.usize(0..ARTISTS.len())].to_owned();
    (artist, format!("{}{}", TITLES[random.usize(0..TITLES.len())], REMARKS[random.usize(0..REMARKS.len())]))
}

/// Two to five sources, each with one to three files that tell of some plays of a crowded hour.
fn history(random: &mut Rng) -> Vec<Telling> {
    let mut letters: Vec<char> = "LXBSDAYPFM".chars().collect();
    random.shuffle(&mut letters);
    letters.truncate(random.usize(2..=5));
    let mut moment = 0;
    let truths: Vec<(i64, i32, String, String)> = (0..random.usize(2..12))
        .map(|_| {
            moment += [0, 1, 20, 40, 90, 200, 400][random.usize(0..7)];
            let (artist, title) = name(random);
            (moment, [10_000, 40_000, 100_000, 200_000][random.usize(0..4)], artist, title)
        })
        .collect();
    let mut tellings: Vec<Telling> = Vec::new();
    for letter in letters {
        let files = if "LB".contains(letter) { 1 } else { random.u32(1..=3) };
        for (file, (began, ms, artist, title)) in (1..=files).flat_map(|file| truths.iter().map(move |it| (file, it))) {
            if random.u8(0..10) < 2 {
                continue;
            }
            let ms = if "SDAY".contains(letter) { *ms } else { -1 };
            let began = began + if file == 1 { 0 } else { random.i64(0..=1) };
            let mut telling = Telling::new(letter, file, Some(began), None, ms);
            (telling.artist, telling.title) = (artist.clone(), title.clone());
            if random.u8(0..4) == 0 {
                telling.title = format!("{}{}", title.split([' ']).next().unwrap(), REMARKS[random.usize(0..7)]);
            }
            if letter == 'S' {
                telling.uri = format!("{} {}", telling.artist, telling.title);
            }
            tellings.push(telling);
        }
    }
    tellings
}

#[test]
fn plays_do_not_depend_on_the_order_of_files_nor_on_numbers() {
    seeds::each(400, |seed| {
        let mut random = Rng::with_seed(seed);
        let tellings = history(&mut random);
        let order = shuffled_files(&tellings, &mut random);
        let first = told(&tellings, &decide(&tellings, &order, &Overrules::default(), &mut random));
        for _ in 0..6 {
            let order = shuffled_files(&tellings, &mut random);
            let again = told(&tellings, &decide(&tellings, &order, &Overrules::default(), &mut random));
            assert_eq!(again, first, "in the order {order:?}");
        }
    });
}

/// Files of one service with many spellings of few seconds.
#[test]
fn drifted_spellings_do_not_depend_on_the_order_of_files() {
    seeds::each(400, |seed| {
        let mut random = Rng::with_seed(seed);
        let row = |file: u32, random: &mut Rng| {
            let mut telling = Telling::new('X', file, Some(random.i64(0..2)), None, -1);
            telling.artist = "Mira Vale".to_owned();
            let words = ["Glass Harbour", "Glass Harbor", "Glass Arbour", "Glassy Harbours", "Glass Harbinger"];
            let word = words[random.usize(0..words.len())];
            telling.title = format!("{word}{}", REMARKS[random.usize(0..REMARKS.len())]);
            telling
        };
        let tellings: Vec<Telling> =
            (1..=4).flat_map(|file| (0..random.u8(1..4)).map(|_| row(file, &mut random)).collect::<Vec<_>>()).collect();
        let order: Vec<usize> = (0..tellings.len()).collect();
        let first = told(&tellings, &decide(&tellings, &order, &Overrules::default(), &mut random));
        for _ in 0..6 {
            let order = shuffled_files(&tellings, &mut random);
            let again = told(&tellings, &decide(&tellings, &order, &Overrules::default(), &mut random));
            assert_eq!(again, first, "in the order {order:?}");
        }
    });
}

/// Costs of all ways to pair reports one to one, the cheapest pair of each first; fewer pairs cost more than more.
fn ways(costs: &[Vec<Option<u32>>], row: usize, taken: &mut Vec<usize>) -> Vec<Vec<(u32, usize, usize)>> {
    let Some(row_costs) = costs.get(row) else { return vec![Vec::new()] };
    let mut found = ways(costs, row + 1, taken);
    for (column, cost) in row_costs.iter().enumerate() {
        let Some(cost) = cost.filter(|_| !taken.contains(&column)) else { continue };
        taken.push(column);
        for mut way in ways(costs, row + 1, taken) {
            way.push((cost, row, column));
            way.sort_unstable();
            found.push(way);
        }
        taken.pop();
    }
    found
}

/// The way whose cheapest pair is the cheapest of all, then the second cheapest, and so on.
fn best_way(costs: &[Vec<Option<u32>>]) -> Vec<(usize, usize)> {
    let prices = |way: &[(u32, usize, usize)]| way.iter().map(|pair| pair.0).chain([u32::MAX]).collect::<Vec<u32>>();
    let best = ways(costs, 0, &mut Vec::new()).into_iter().min_by_key(|way| prices(way)).unwrap();
    let mut pairs: Vec<(usize, usize)> = best.into_iter().map(|(_, row, column)| (row, column)).collect();
    pairs.sort_unstable();
    pairs
}

/// One track, over and over, by two sources: up to five reports each, against every way to pair them.
#[test]
fn of_all_ways_to_pair_the_one_with_the_nearest_pairs_is_found() {
    seeds::each(300, |seed| {
        let mut random = Rng::with_seed(seed);
        let ms = [40_000, 100_000, 200_000][random.usize(0..3)];
        let tolerance = [24, 60, 90][[40_000, 100_000, 200_000].iter().position(|it| *it == ms).unwrap()];
        let (streamed, scrobbled) = (random.usize(1..=5), random.usize(1..=5));
        let spread = random.i64(40..400);
        let moments = |count: usize, random: &mut Rng| -> Vec<i64> {
            let mut moments: Vec<i64> = (0..count).map(|_| random.i64(0..spread)).collect();
            moments.sort_unstable();
            moments.dedup();
            moments
        };
        let (starts, listed) = (moments(streamed, &mut random), moments(scrobbled, &mut random));
        let costs: Vec<Vec<Option<u32>>> = starts
            .iter()
            .map(|one| {
                listed.iter().map(|other| Some(one.abs_diff(*other) as u32).filter(|it| *it <= tolerance)).collect()
            })
            .collect();
        let mut all: Vec<u32> = costs.iter().flatten().flatten().copied().collect();
        all.sort_unstable();
        // Where two pairs lie equally far apart there may be two best ways.
        if all.windows(2).any(|two| two[0] == two[1]) {
            return;
        }
        let song = |letter: char, moment: &i64, ms: i32| Telling {
            artist: "Mira Vale".to_owned(),
            title: "Song".to_owned(),
            uri: if letter == 'S' { "song".to_owned() } else { String::new() },
            ..Telling::new(letter, 1, Some(*moment), None, ms)
        };
        let tellings: Vec<Telling> =
            starts.iter().map(|at| song('S', at, ms)).chain(listed.iter().map(|at| song('X', at, -1))).collect();
        let order = shuffled_files(&tellings, &mut random);
        let mut found: Vec<(usize, usize)> = decide(&tellings, &order, &Overrules::default(), &mut random)
            .iter()
            .map(|verdict| (verdict.of as usize, verdict.witness as usize - starts.len()))
            .collect();
        found.sort_unstable();
        assert_eq!(found, best_way(&costs), "{starts:?} {listed:?}, {tolerance} seconds");
    });
}
