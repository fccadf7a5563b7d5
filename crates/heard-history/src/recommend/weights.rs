//! Everything about suggestions that can be weighed.

use serde::{Deserialize, Serialize};

use super::reason::Why;

/// What counts how much. A factor is raised to the power of its weight: 0 leaves it out, 1 takes it as it is, more lets
/// differences grow.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Weights {
    /// How alike two things are, as the service told.
    pub similarity: f64,
    /// How often something was played: the logarithm of its plays beside that of the most played.
    pub plays: f64,
    /// How lately something was played: half for every half-life that went by.
    pub recency: f64,
    /// How well the genres of something go with those of what is played.
    pub genre: f64,
    /// How much less a likeness counts of what is like very much: divides it by how far both reach.
    pub hubs: f64,
    /// How well known something is: the logarithm of its listeners beside that of the best-known candidate.
    pub known: f64,
    /// What is taken off for being known by many, at a novelty of 1: so much of the best score for the best-known of all.
    pub popularity: f64,
    /// From 0 (what suits best, however well known) to 1 (the lesser known first).
    pub novelty: f64,
    /// From 0 (the best, however alike) to 1 (as different from each other as can be).
    pub variety: f64,
    /// Days after which a play says half as much about what is liked today.
    pub half_life_days: f64,
    /// Days of silence after which a favourite is forgotten.
    pub forgotten_days: f64,
    /// Plays that make a favourite.
    pub favourite_plays: f64,
    /// So many times its usual gap makes something overdue.
    pub overdue_gaps: f64,
    /// The share of what was never heard in a mixture.
    pub unheard: f64,
    /// The share of forgotten favourites in a mixture.
    pub forgotten: f64,
    /// The share of albums of which one track is known in a mixture.
    pub one_track: f64,
    /// The share of what is overdue in a mixture.
    pub overdue: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            similarity: 0.7,
            plays: 0.5,
            recency: 1.0,
            genre: 0.5,
            hubs: 0.5,
            known: 0.5,
            popularity: 0.4,
            novelty: 0.3,
            variety: 0.1,
            half_life_days: 90.0,
            forgotten_days: 365.0,
            favourite_plays: 10.0,
            overdue_gaps: 3.0,
            unheard: 3.0,
            forgotten: 1.0,
            one_track: 1.0,
            overdue: 1.0,
        }
    }
}

/// A weight that means nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name} is {value}, which is not from {least} to {most}")]
pub struct WeightError {
    /// The weight, as the config names it.
    pub name: &'static str,
    /// What it is.
    pub value: f64,
    /// The least that it may be.
    pub least: f64,
    /// The most.
    pub most: f64,
}

impl Weights {
    /// The same, where every weight is within its bounds.
    ///
    /// # Errors
    /// [`WeightError`] for the first that is not.
    pub fn checked(self) -> Result<Self, WeightError> {
        for (name, value, least, most) in [
            ("similarity", self.similarity, 0.0, 10.0),
            ("plays", self.plays, 0.0, 10.0),
            ("recency", self.recency, 0.0, 10.0),
            ("genre", self.genre, 0.0, 10.0),
            ("hubs", self.hubs, 0.0, 10.0),
            ("known", self.known, 0.0, 10.0),
            ("popularity", self.popularity, 0.0, 10.0),
            ("novelty", self.novelty, 0.0, 1.0),
            ("variety", self.variety, 0.0, 1.0),
            ("half-life-days", self.half_life_days, 1.0, 100_000.0),
            ("forgotten-days", self.forgotten_days, 1.0, 100_000.0),
            ("favourite-plays", self.favourite_plays, 1.0, 1_000_000.0),
            ("overdue-gaps", self.overdue_gaps, 1.0, 1_000.0),
            ("unheard", self.unheard, 0.0, 1_000.0),
            ("forgotten", self.forgotten, 0.0, 1_000.0),
            ("one-track", self.one_track, 0.0, 1_000.0),
            ("overdue", self.overdue, 0.0, 1_000.0),
        ] {
            if !(least..=most).contains(&value) {
                return Err(WeightError { name, value, least, most });
            }
        }
        Ok(self)
    }

    /// The share of a reason in a mixture.
    pub(super) fn share(&self, why: Why) -> f64 {
        match why {
            Why::Unheard => self.unheard,
            Why::Forgotten => self.forgotten,
            Why::OneTrack => self.one_track,
            Why::Overdue => self.overdue,
        }
    }

    /// How much of it is left of what was played then: from 1 for now or later towards 0.
    pub(super) fn recency_of(&self, last_at: i64, now: i64) -> f64 {
        (-days(last_at, now) / self.half_life_days).exp2()
    }
}

/// Days from one moment to another, no fewer than 0.
#[expect(clippy::cast_precision_loss, reason = "seconds of all plausible moments are fewer than 2^52")]
pub(super) fn days(from: i64, to: i64) -> f64 {
    to.saturating_sub(from).max(0) as f64 / 86_400.0
}

/// The logarithm of a number beside that of the largest: from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "plays and listeners are fewer than 2^52")]
pub(super) fn log_share(number: u64, largest: u64) -> f64 {
    if largest == 0 { 0.0 } else { (number as f64).ln_1p() / (largest as f64).ln_1p() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_weights_are_within_their_bounds() {
        assert_eq!(Weights::default().checked(), Ok(Weights::default()));
    }

    #[test]
    fn weights_that_mean_nothing_are_named() {
        let wrong = |change: fn(&mut Weights)| {
            let mut weights = Weights::default();
            change(&mut weights);
            weights.checked().unwrap_err().to_string()
        };
        assert_eq!(wrong(|it| it.novelty = 1.5), "novelty is 1.5, which is not from 0 to 1");
        assert_eq!(wrong(|it| it.half_life_days = 0.0), "half-life-days is 0, which is not from 1 to 100000");
        assert!(wrong(|it| it.genre = f64::NAN).starts_with("genre is NaN"));
        assert!(wrong(|it| it.plays = f64::INFINITY).starts_with("plays is inf"));
        assert!(wrong(|it| it.overdue = -1.0).starts_with("overdue is -1"));
    }

    #[test]
    fn what_was_played_long_ago_counts_half_for_every_half_life() {
        let weights = Weights { half_life_days: 10.0, ..Weights::default() };
        let after = |days: i64| weights.recency_of(0, days * 86_400);
        assert_eq!([after(0), after(10), after(20), after(-5)], [1.0, 0.5, 0.25, 1.0]);
        assert!(weights.recency_of(i64::MIN, i64::MAX) >= 0.0);
    }

    #[test]
    fn shares_of_logarithms_stay_between_nothing_and_all() {
        assert_eq!([log_share(0, 9), log_share(9, 9), log_share(3, 0)], [0.0, 1.0, 0.0]);
        assert!(log_share(5, 9) > log_share(4, 9));
    }
}
