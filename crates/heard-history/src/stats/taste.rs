//! A listener's taste in a few numbers: how well known the artists are, from when the albums are, how much is new, and how
//! much goes to the same artists again.

use std::collections::{BTreeMap, HashMap};

use super::StatsError;
use super::discoveries::{DiscoveryQuestion, discoveries};
use super::filter::{By, Filter, Matches};
use super::genres::{GenreUnit, GenresOverTime, first_rotations, genres_over_time};
use super::period::Period;
use super::ranking::{Kind, Ranked, first_places};
use super::unit::{Unit, UnitOfTime};
use crate::columns::Columns;
use crate::genres::Genre;
use crate::identity::key;
use crate::zone::Zone;

/// So many of the most heard artists show how loyal somebody is.
pub const LOYAL_TO: usize = 10;

/// An artist with so many listeners is known to everybody …
pub const WELL_KNOWN: u64 = 1_000_000;

/// … and one with fewer than these to few.
pub const LITTLE_KNOWN: u64 = 10_000;

/// What is known of artists and albums from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct KnownElsewhere<'k> {
    /// How many listeners artists have, by name.
    pub listeners: Option<&'k HashMap<String, u64>>,
    /// The years of albums, by artist and title.
    pub years: Option<&'k HashMap<(String, String), i64>>,
}

/// A listener's taste.
#[derive(Clone, Debug, PartialEq)]
pub struct Taste {
    /// Plays that count.
    pub plays: u64,
    /// Different artists.
    pub artists: usize,
    /// Genres week by week, with those of the whole period.
    pub genres: GenresOverTime,
    /// The weeks of the period in which a genre came into rotation for the first time ever, the latest first.
    pub entered: Vec<(UnitOfTime, Genre)>,
    /// How well known the artists are.
    pub mainstream: Mainstream,
    /// Plays by decade of their albums, the earliest first: `1970` and its plays. Plays of other albums are in none.
    pub eras: Vec<(i64, u64)>,
    /// What is heard for the first time; `None` where the period has no beginning, before which anything could have been
    /// heard.
    pub novelty: Option<Novelty>,
    /// Plays of the [`LOYAL_TO`] most heard artists.
    pub loyal_plays: u64,
}

/// How well known artists are, over all plays of artists of whom it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mainstream {
    /// Plays of artists of whom it is known how many listeners they have.
    pub plays: u64,
    /// Half of these plays are of artists with at least so many listeners.
    pub median_listeners: u64,
    /// Plays of artists with at least [`WELL_KNOWN`] listeners.
    pub well_known: u64,
    /// Plays of artists with fewer than [`LITTLE_KNOWN`] listeners.
    pub little_known: u64,
}

/// What was heard for the first time within a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Novelty {
    /// Artists heard for the first time.
    pub artists: usize,
    /// Their plays.
    pub plays: u64,
}

/// Puts a profile together. Plays without a moment and those of wrong clocks are not counted. Weeks are those of `week`.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn taste(
    columns: &Columns,
    week: Unit,
    known: &KnownElsewhere<'_>,
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<Taste, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let ranked = |kind| first_places(columns, kind, By::Plays, &filter.counting, &matches, usize::MAX).map(|it| it.1);
    let artists = ranked(Kind::Artists)?;
    let eras = match known.years.filter(|known| !known.is_empty()) {
        Some(known) => eras(&ranked(Kind::Albums)?.rows, known),
        None => Vec::new(),
    };
    let novelty = if filter.period == Period::Everything { None } else { Some(novelty(columns, filter, zone, now)?) };
    let genres = genres_over_time(columns, (week, By::Plays, false), filter, zone, now)?;
    let entered = if filter.period == Period::Everything && filter.recent.is_none() {
        entered(genres.units.iter().map(|it| (it.unit, &it.entered[..])), &genres.units)
    } else {
        let so_far = Filter { period: Period::Everything, recent: None, ..filter.clone() };
        let ever = first_rotations(columns, week, &so_far, zone, now)?;
        entered(ever.iter().map(|(unit, genres)| (*unit, &genres[..])), &genres.units)
    };
    Ok(Taste {
        entered,
        plays: artists.total_plays,
        artists: artists.distinct,
        genres,
        mainstream: known.listeners.map_or_else(Mainstream::default, |known| mainstream(&artists.rows, known)),
        eras,
        novelty,
        loyal_plays: artists.rows.iter().take(LOYAL_TO).map(|row| row.plays).sum(),
    })
}

/// What entered in those of all weeks that are the period's, the latest first.
fn entered<'g>(
    ever: impl DoubleEndedIterator<Item = (UnitOfTime, &'g [Genre])>,
    period: &[GenreUnit],
) -> Vec<(UnitOfTime, Genre)> {
    let (Some(first), Some(last)) = (period.first(), period.last()) else { return Vec::new() };
    let is_within = |week: &UnitOfTime| week.since(first.unit) >= 0 && week.since(last.unit) <= 0;
    let weeks = ever.rev().filter(|(week, _)| is_within(week));
    weeks.flat_map(|(week, genres)| genres.iter().map(move |genre| (week, *genre))).collect()
}

fn novelty(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Novelty, StatsError> {
    let question = DiscoveryQuestion { kind: Kind::Artists, limit: usize::MAX, years: 1, top: 0 };
    let new = discoveries(columns, &question, filter, zone, now)?.new;
    Ok(Novelty { artists: new.total, plays: new.rows.iter().map(|row| row.plays).sum() })
}

fn mainstream(artists: &[Ranked], known: &HashMap<String, u64>) -> Mainstream {
    if known.is_empty() {
        return Mainstream::default();
    }
    let mut by_key: HashMap<String, u64> = HashMap::new();
    for (name, listeners) in known {
        by_key.entry(key(name)).and_modify(|most| *most = (*most).max(*listeners)).or_insert(*listeners);
    }
    let listeners = |row: &Ranked| known.get(&row.artist).or_else(|| by_key.get(&key(&row.artist))).copied();
    let mut found: Vec<(u64, u64)> = artists.iter().filter_map(|row| Some((listeners(row)?, row.plays))).collect();
    // The best known first: the median is that of the play in the middle.
    found.sort_unstable_by(|a, b| b.cmp(a));
    let plays_where = |is_wanted: &dyn Fn(u64) -> bool| -> u64 {
        found.iter().filter(|(listeners, _)| is_wanted(*listeners)).map(|(_, plays)| plays).sum()
    };
    let plays = plays_where(&|_| true);
    let mut before = 0;
    let median = found.iter().find(|(_, plays_of)| {
        before += plays_of;
        before * 2 >= plays
    });
    Mainstream {
        plays,
        median_listeners: median.map_or(0, |(listeners, _)| *listeners),
        well_known: plays_where(&|listeners| listeners >= WELL_KNOWN),
        little_known: plays_where(&|listeners| listeners < LITTLE_KNOWN),
    }
}

fn eras(albums: &[Ranked], known: &HashMap<(String, String), i64>) -> Vec<(i64, u64)> {
    let mut by_key: HashMap<(String, String), i64> = HashMap::new();
    for ((artist, title), year) in known {
        by_key.entry((key(artist), key(title))).and_modify(|first| *first = (*first).min(*year)).or_insert(*year);
    }
    let mut eras: BTreeMap<i64, u64> = BTreeMap::new();
    for row in albums {
        let title = row.title.as_deref().unwrap_or_default();
        if let Some(year) = by_key.get(&(key(&row.artist), key(title))) {
            *eras.entry(year - year.rem_euclid(10)).or_default() += row.plays;
        }
    }
    eras.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(rows: &[(&str, Option<&str>, u64)]) -> Vec<Ranked> {
        let row = |(rank, (artist, title, plays)): (usize, &(&str, Option<&str>, u64))| Ranked {
            rank,
            artist: (*artist).to_owned(),
            title: title.map(str::to_owned),
            plays: *plays,
            ms_played: 0,
            change: None,
        };
        (1..).zip(rows).map(row).collect()
    }

    #[test]
    fn the_median_is_that_of_the_play_in_the_middle() {
        let known = [("Ora", 2_000_000), ("mira", 50_000), ("Ida", 9_999)].map(|(name, n)| (name.to_owned(), n)).into();
        let of = |rows: &[(&str, Option<&str>, u64)]| mainstream(&ranked(rows), &known);
        let found = of(&[("Mira", None, 4), ("Ora", None, 3), ("Nobody", None, 90), ("Ida", None, 2)]);
        let wanted = Mainstream { plays: 9, median_listeners: 50_000, well_known: 3, little_known: 2 };
        assert_eq!(found, wanted, "what is not known of does not count, and case does not matter");
        assert_eq!(of(&[("Ida", None, 1), ("Ora", None, 1)]).median_listeners, 2_000_000);
        assert_eq!(of(&[("Nobody", None, 5)]), Mainstream::default());
        assert_eq!(of(&[]), Mainstream::default());
    }

    #[test]
    fn eras_are_decades_of_albums() {
        let known = [(("Ora", "Tides"), 1979), (("Ora", "Ebb"), 1970), (("Ida", "Now"), 2021)]
            .map(|((artist, title), year)| ((artist.to_owned(), title.to_owned()), year))
            .into();
        let rows =
            [("Ora", Some("tides"), 3), ("ora", Some("Ebb"), 2), ("Ida", Some("Now"), 1), ("Ida", Some("Then"), 9)];
        assert_eq!(eras(&ranked(&rows), &known), [(1970, 5), (2020, 1)]);
        assert_eq!(eras(&ranked(&rows[3..]), &known), []);
    }
}
