//! A made-up listener: whom they hear, and when.

use std::collections::HashSet;

use crate::{account::Account, random::Random, taste::Taste};

const DAY: i64 = 86_400;

/// How likely a session begins in each hour of the day (UTC), relative to the others.
const HOURS: [f64; 24] = [
    2.0, 1.0, 0.5, 0.3, 0.2, 0.4, 1.5, 4.0, 6.0, 5.0, 4.0, 4.0, 4.5, 4.0, 4.0, 4.5, 5.0, 6.5, 7.0, 7.5, 8.0, 7.0, 5.0,
    3.5,
];

/// What history to make up. The same values give the same history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generate {
    /// Names the history.
    pub seed: u64,
    /// How many scrobbles in all, those of the special kinds below included.
    pub plays: usize,
    /// Over how many years of 365 days they spread.
    pub years: u32,
    /// No scrobble is later than this second (Unix).
    pub until: i64,
    /// So many scrobbles without a date.
    pub undated: usize,
    /// So many seconds with two to five different plays each.
    pub shared_seconds: usize,
    /// One play is followed by so many exact repeats in its very second.
    pub repeats: usize,
    /// One second with so many plays.
    pub dense_second: usize,
}

impl Generate {
    /// An ordinary history of `plays` dated scrobbles over six years, none later than `until` (Unix seconds).
    pub fn plain(seed: u64, plays: usize, until: i64) -> Self {
        Self { seed, plays, years: 6, until, undated: 0, shared_seconds: 0, repeats: 0, dense_second: 0 }
    }

    /// The data set D20k: 20,000 scrobbles over 12 years, of them 643 undated; 40 seconds with 2 to 5 plays, one play
    /// with 6 exact repeats in its second, and one second with 450 plays.
    pub fn d20k(seed: u64, until: i64) -> Self {
        Self {
            years: 12,
            undated: 643,
            shared_seconds: 40,
            repeats: 6,
            dense_second: 450,
            ..Self::plain(seed, 20_000, until)
        }
    }

    /// Adds the history to `account`. Special kinds that do not fit into [`plays`](Self::plays) are cut short.
    pub fn fill(&self, account: &mut Account) {
        let mut random = Random::new(self.seed);
        let taste = Taste::invent(self.plays, &mut random);
        let mut left = self.plays;
        let mut take = |wish: usize| {
            let got = wish.min(left);
            left -= got;
            got
        };
        let mut seconds = vec![0; take(self.undated)];
        let mut specials = Vec::new();
        specials.push(take(self.dense_second));
        specials.extend((0..self.shared_seconds).map(|_| take(2 + random.below(4))));
        let repeats = if self.repeats > 0 { take(self.repeats + 1) } else { 0 };
        let single = seconds_of_sessions(left, self.years, self.until, &mut random);
        let mut free = FreeSeconds::new(&single, self.start(), self.until);
        for count in specials.into_iter().filter(|count| *count > 0) {
            let second = free.take(&mut random);
            seconds.extend(std::iter::repeat_n(second, count));
        }
        seconds.extend(single);
        seconds.sort_unstable();
        let repeated = free.take(&mut random);
        drop(free);
        let mut listening = taste.listen(&mut random);
        let again = listening.next_at(repeated);
        let heard = seconds.into_iter().map(|uts| listening.next_at(uts));
        account.extend(heard.chain(std::iter::repeat_n(again, repeats)));
    }

    fn start(&self) -> i64 {
        (self.until - i64::from(self.years) * 365 * DAY).max(1)
    }
}

/// Seconds of the span that no play has yet.
struct FreeSeconds {
    taken: HashSet<i64>,
    start: i64,
    until: i64,
}

impl FreeSeconds {
    fn new(taken: &[i64], start: i64, until: i64) -> Self {
        Self { taken: taken.iter().copied().collect(), start, until }
    }

    fn take(&mut self, random: &mut Random) -> i64 {
        // A span with no free second left can only give a taken one.
        for _ in 0..1000 {
            let second = random.between(self.start, self.until);
            if self.taken.insert(second) {
                return second;
            }
        }
        random.between(self.start, self.until)
    }
}

/// The seconds of `count` plays: sessions by day and hour, a few minutes from play to play, ascending.
/// No two are equal unless the span is too short for them.
fn seconds_of_sessions(count: usize, years: u32, until: i64, random: &mut Random) -> Vec<i64> {
    let start = (until - i64::from(years) * 365 * DAY).max(1);
    let first_midnight = start - start.rem_euclid(DAY);
    let days = ((until - first_midnight) / DAY + 1) as usize;
    let appetite: Vec<f64> = (0..days).map(|_| random.unit() * random.unit() * 3.0 + 0.05).collect();
    let per_appetite = count as f64 / appetite.iter().sum::<f64>();
    let mut seconds = Vec::with_capacity(count);
    let mut due = 0.0;
    for (day, appetite) in appetite.iter().enumerate() {
        due += appetite * per_appetite;
        let until_tonight = if day + 1 == days { count } else { (due as usize).min(count) };
        while seconds.len() < until_tonight {
            let length = 1 + random.below(20).min(until_tonight - seconds.len() - 1);
            let hour = weighted(&HOURS, random) as i64;
            let mut at = first_midnight + day as i64 * DAY + hour * 3600 + random.between(0, 3599);
            for _ in 0..length {
                seconds.push(at);
                at += random.between(95, 420);
            }
        }
    }
    spread(seconds, start, until, random)
}

/// Moves plays that are out of the span or share a second to other seconds, as far as there are enough.
fn spread(mut seconds: Vec<i64>, start: i64, until: i64, random: &mut Random) -> Vec<i64> {
    for at in &mut seconds {
        if !(start..=until).contains(at) {
            *at = random.between(start, until);
        }
    }
    seconds.sort_unstable();
    let mut previous = start - 1;
    for at in &mut seconds {
        *at = (*at).max(previous + 1);
        previous = *at;
    }
    // Pushing forward may have passed the end: come back from there.
    let mut next = until + 1;
    for at in seconds.iter_mut().rev() {
        *at = (*at).min(next - 1).max(start);
        next = *at;
    }
    seconds
}

fn weighted(weights: &[f64], random: &mut Random) -> usize {
    let mut left = random.unit() * weights.iter().sum::<f64>();
    let falls_here = |weight: &f64| {
        left -= weight;
        left < 0.0
    };
    weights.iter().position(falls_here).unwrap_or(weights.len() - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::Generate;
    use crate::account::Account;

    const UNTIL: i64 = 1_750_000_000;

    fn made(what: &Generate) -> Account {
        let mut account = Account::new("ann");
        what.fill(&mut account);
        account
    }

    #[test]
    fn the_d20k_set_has_the_promised_figures() {
        for seed in [1, 7, 99] {
            let account = made(&Generate::d20k(seed, UNTIL));
            assert_eq!(account.len(), 20_000);
            let mut seconds: HashMap<i64, usize> = HashMap::new();
            let mut equal: HashMap<_, usize> = HashMap::new();
            for listing in account.listings() {
                *seconds.entry(listing.uts).or_default() += 1;
                *equal.entry(listing).or_default() += 1;
            }
            assert_eq!(seconds.remove(&0), Some(643));
            let of = |low: usize, high: usize| seconds.values().filter(|n| (low..=high).contains(*n)).count();
            assert_eq!((of(2, 5), of(7, 7), of(450, 450)), (40, 1, 1), "seed {seed}");
            assert_eq!(of(1, 1), seconds.len() - 42);
            assert!(equal.iter().any(|(listing, n)| *n == 7 && listing.uts > 0));
            assert!(seconds.keys().all(|uts| (UNTIL - 12 * 365 * 86_400..=UNTIL).contains(uts)));
        }
    }

    #[test]
    fn a_seed_names_a_history() {
        let same = |a: &Account, b: &Account| a.plays().eq(b.plays());
        let first = made(&Generate::plain(1, 500, UNTIL));
        assert!(same(&first, &made(&Generate::plain(1, 500, UNTIL))));
        assert!(!same(&first, &made(&Generate::plain(2, 500, UNTIL))));
    }

    #[test]
    fn nights_are_quiet_and_favourites_lead() {
        let account = made(&Generate::plain(3, 30_000, UNTIL));
        let (mut hours, mut artists) = ([0; 24], HashMap::new());
        for listing in account.listings() {
            hours[(listing.uts % 86_400 / 3600) as usize] += 1;
            *artists.entry(listing.artist).or_insert(0) += 1;
        }
        assert!(hours[20] > 4 * hours[4], "{hours:?}");
        let most = artists.values().max().copied().unwrap_or(0);
        assert!(artists.len() > 200 && most > 30_000 / 40 && most < 30_000 / 2, "{most} of {}", artists.len());
    }

    #[test]
    fn small_and_crowded_wishes_are_met_as_far_as_they_can_be() {
        assert!(made(&Generate::plain(1, 0, UNTIL)).is_empty());
        let all_undated = Generate { undated: 10, ..Generate::plain(1, 5, UNTIL) };
        assert!(made(&all_undated).listings().all(|listing| listing.uts == 0));
        let crowded = Generate { years: 0, ..Generate::plain(1, 300, 100) };
        let account = made(&crowded);
        assert_eq!(account.len(), 300);
        assert!(account.listings().all(|listing| (1..=100).contains(&listing.uts)));
    }
}
