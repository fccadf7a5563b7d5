//! Real histories, from a folder that is not part of the project. What services say of similarity is not in it, so that
//! likeness is worked out from what there is: who is heard on the same day by the others, and which tags artists share.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use heard_history::columns::{self, Columns};
use heard_history::genres::{Vocabulary, weigh};
use heard_history::home::Home;
use heard_history::import::{Meter, Options, import};
use heard_history::ingest;
use heard_history::recommend::{Genres, Graph, Loved};
use heard_history::rules::Name;
use heard_history::stats::{Counting, Date, Filter, Habit, Kind, Period, habits};
use heard_history::zone::Zone;

use super::measure::{Case, Lists, told};

/// Who found fewer artists is not measured.
const FEWEST: usize = 100;
/// Nor who has fewer among the tagged ones, heard or hidden.
const FEWEST_TAGGED: usize = 30;
/// Similar ones that are kept of each artist.
const SIMILAR: usize = 40;
const NOW: i64 = 1_900_000_000;
/// The listeners of Last.fm, for the novelty of the table of tags: the order of magnitude matters, not the number.
const POPULATION: f64 = 20_000_000.0;

/// One person's history: every artist's habit, the days on which each was heard, and what it was before the hidden ones.
struct History {
    shown: Vec<Habit>,
    hidden: Vec<Name>,
    now: i64,
    days: BTreeMap<Name, HashSet<i64>>,
}

/// An artist of the table of tags.
struct Tagged {
    name: Name,
    listeners: u64,
    genres: Genres,
}

/// Everybody in a world where alike is what others hear on one day; and those of whose artists enough are tagged in one
/// where alike is what shares genres.
pub(crate) fn listeners(shared: &Path) -> [Vec<Case>; 2] {
    let histories: Vec<History> = files(shared).iter().filter_map(|file| History::read(file)).collect();
    let tagged = tagged(shared);
    let (graph, lists) = by_genres(&tagged);
    let by_genres = histories.iter().map(|history| history.case(graph.clone(), &lists, POPULATION));
    let is_enough = |case: &Case| case.hidden.len() >= FEWEST_TAGGED && case.loved.len() >= FEWEST_TAGGED;
    [(0..histories.len()).map(|nth| by_days(&histories, nth)).collect(), by_genres.filter(is_enough).collect()]
}

/// One file for each person; several files of one person come together.
fn files(shared: &Path) -> Vec<Vec<PathBuf>> {
    let mut people: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for kind in ["lastfm_csv", "spotify_basic", "spotify_extended"] {
        for entry in fs::read_dir(shared.join("data").join(kind)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            // One person's file lies there twice, in another container.
            if !name.ends_with(".zip") {
                people.entry(name.split("__").next().unwrap().to_owned()).or_default().push(path);
            }
        }
    }
    people.into_values().collect()
}

impl History {
    fn read(files: &[PathBuf]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).unwrap();
        let lock = home.lock().unwrap();
        let options = Options { listener: "me".into(), now: NOW, ..Options::default() };
        import(&home, &lock, &Zone::utc(), files, &options, &Meter::default()).unwrap();
        let (store, _) = ingest::open(&home, &lock, &Zone::utc()).unwrap();
        columns::refresh(&home, &lock, &store).unwrap();
        store.close().unwrap();
        let columns = Columns::open(&home.columns()).unwrap();
        let ask = |period: Period| {
            let filter = Filter { period, counting: Counting::default(), ..Filter::default() };
            habits(&columns, Kind::Artists, &filter, &Zone::utc(), NOW).unwrap()
        };
        let mut all = ask(Period::Everything);
        all.sort_by_key(|habit| habit.first_at);
        let shown = all.len() * 4 / 5;
        if all.len() < FEWEST {
            return None;
        }
        // A day is the finest that a period is told in, so that nothing of the hidden ones is seen.
        let day = all[shown].first_at.div_euclid(86_400) * 86_400;
        let to = jiff::Timestamp::from_second(day).unwrap().to_string();
        let before = ask(Period::Between { from: None, to: Some(Date::parse(&to[..10]).unwrap()) });
        let hidden = all[shown..].iter().map(|habit| habit.name.clone()).collect();
        Some(Self { shown: before, hidden, now: day, days: days(&columns) })
    }

    /// The case in a graph that knows some of the names.
    fn case(&self, graph: Graph, lists: &Lists, population: f64) -> Case {
        let loved = self.shown.iter().filter_map(|habit| {
            let node = graph.find(&habit.name)?;
            Some(Loved { node, plays: habit.plays, last_at: habit.last_at })
        });
        let loved: Vec<Loved> = loved.collect();
        let hidden = self.hidden.iter().filter_map(|name| graph.find(name)).collect();
        Case { hidden, now: self.now, population, graph: told(graph, lists, &loved), loved }
    }
}

/// On which days of the history each artist was heard.
fn days(columns: &Columns) -> BTreeMap<Name, HashSet<i64>> {
    let filter = Filter::default();
    let found = heard_history::stats::listens(columns, &filter, &Zone::utc(), NOW, usize::MAX).unwrap();
    let mut days: BTreeMap<Name, HashSet<i64>> = BTreeMap::new();
    for listen in found.rows {
        let day = listen.local_at.unwrap_or_default().div_euclid(86_400);
        days.entry(Name::Artist { artist: listen.artist }).or_default().insert(day);
    }
    days
}

/// What the others hear on one day is alike; how many of them know somebody is how popular that is.
fn by_days(histories: &[History], nth: usize) -> Case {
    let mut graph = Graph::new();
    let mut heard: Vec<HashSet<(usize, i64)>> = Vec::new();
    for (who, history) in histories.iter().enumerate().filter(|(who, _)| *who != nth) {
        for (name, days) in &history.days {
            let node = graph.node(name);
            heard.resize(heard.len().max(node + 1), HashSet::new());
            heard[node].extend(days.iter().map(|day| (who, *day)));
        }
    }
    for (node, days) in heard.iter().enumerate() {
        graph.tell_listeners(node, days.iter().map(|(who, _)| *who).collect::<HashSet<_>>().len() as u64);
    }
    let mut together: HashMap<(usize, i64), Vec<usize>> = HashMap::new();
    for (node, days) in heard.iter().enumerate() {
        days.iter().for_each(|day| together.entry(*day).or_default().push(node));
    }
    let similar = |(node, days): (usize, &HashSet<(usize, i64)>)| {
        let mut common: BTreeMap<usize, f64> = BTreeMap::new();
        for other in days.iter().flat_map(|day| &together[day]).filter(|other| **other != node) {
            *common.entry(*other).or_default() += 1.0;
        }
        let length = |node: usize| (heard[node].len() as f64).sqrt();
        let alike = common.into_iter().map(|(other, count)| (other, count / (length(node) * length(other))));
        nearest(alike.collect())
    };
    let lists = heard.iter().enumerate().map(similar).collect();
    histories[nth].case(graph, &lists, (histories.len() - 1) as f64)
}

/// What shares genres is alike.
fn by_genres(tagged: &[Tagged]) -> (Graph, Lists) {
    let mut graph = Graph::new();
    for it in tagged {
        let node = graph.node(&it.name);
        graph.set_genres(node, it.genres.clone());
        graph.tell_listeners(node, it.listeners);
    }
    let similar = |(one, it): (usize, &Tagged)| {
        let others = tagged.iter().enumerate().filter(|(other, _)| *other != one);
        let alike = others.map(|(other, that)| (other, it.genres.cosine(&that.genres)));
        nearest(alike.filter(|(_, cosine)| *cosine > 0.0).collect())
    };
    (graph, tagged.iter().enumerate().map(similar).collect())
}

fn nearest(mut alike: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    alike.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    alike.truncate(SIMILAR);
    alike
}

/// The table of artists: the column of tags has them with semicolons between, the weightiest first.
fn tagged(shared: &Path) -> Vec<Tagged> {
    let folder = shared.join("data/enrichment");
    let paths = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let path = paths.into_iter().find(|path| path.to_string_lossy().ends_with("artist_info.csv")).unwrap();
    let mut names = HashSet::new();
    let mut found = Vec::new();
    for row in csv::Reader::from_path(path).unwrap().records() {
        let row = row.unwrap();
        let name = Name::Artist { artist: row[0].to_owned() };
        let tags = row[4].split("; ").filter(|tag| !tag.is_empty() && *tag != "NA");
        let genres = Genres::from(&weigh(Vocabulary::own(), tags.map(|tag| (tag, None)), &[&row[0]]));
        if names.insert(heard_history::identity::NameKey::of(&name)) {
            found.push(Tagged { name, listeners: row[2].parse().unwrap_or_default(), genres });
        }
    }
    found
}
