//! What was heard, and might be again: favourites that fell silent, and what is due.

use super::Asked;
use super::reason::{Reason, Suggestion, Why};
use super::unheard::genre_match;
use super::variety::varied;
use super::weights::{days, log_share};
use crate::rules::Name;
use crate::stats::Habit;

/// Days of silence that are no reason yet, whatever is usual.
const SOON: f64 = 7.0;

impl Asked<'_> {
    /// Favourites without a play for long: those with more plays first, and those that go with what is heard today.
    pub(super) fn forgotten(&self, habits: &[Habit]) -> Vec<Suggestion> {
        let weights = *self.weights();
        let silent = habits.iter().filter(|habit| self.silence(habit) >= weights.forgotten_days);
        let scored = self
            .favourites(silent)
            .map(|(habit, share)| (habit, share.powf(weights.plays) * self.genre_factor(&habit.name)));
        self.suggested(scored.collect(), Why::Forgotten, |habit| Reason::Silent {
            plays: habit.plays,
            last_at: habit.last_at,
            days: whole(self.silence(habit)),
        })
    }

    /// Favourites that were silent for longer than is usual of them, and are not forgotten yet: those with more plays
    /// first, and those that are late by more and were heard lately.
    pub(super) fn overdue(&self, habits: &[Habit]) -> Vec<Suggestion> {
        let weights = *self.weights();
        let late = |habit: &&Habit| {
            let silence = self.silence(habit);
            let due = habit.usual_gap.map(|gap| SOON.max(f64::from(gap) * weights.overdue_gaps));
            silence < weights.forgotten_days && due.is_some_and(|due| silence >= due)
        };
        let scored = self.favourites(habits.iter().filter(late)).map(|(habit, share)| {
            let usual = f64::from(habit.usual_gap.unwrap_or_default());
            let lately = weights.recency_of(habit.last_at, self.as_of).powf(weights.recency);
            (habit, share.powf(weights.plays) * lately * (1.0 - usual / self.silence(habit)))
        });
        self.suggested(scored.collect(), Why::Overdue, |habit| Reason::Interval {
            usual_days: habit.usual_gap.unwrap_or_default(),
            days: whole(self.silence(habit)),
        })
    }

    /// Those with so many plays that they are favourites and not dismissed, each with its share of the most plays.
    fn favourites<'h>(&self, habits: impl Iterator<Item = &'h Habit>) -> impl Iterator<Item = (&'h Habit, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "plays are fewer than 2^52")]
        let is_favourite = |habit: &&Habit| habit.plays as f64 >= self.weights().favourite_plays;
        let found: Vec<&Habit> = habits.filter(is_favourite).filter(|habit| !self.is_dismissed(&habit.name)).collect();
        let most = found.iter().map(|habit| habit.plays).max().unwrap_or_default();
        found.into_iter().map(move |habit| (habit, log_share(habit.plays, most)))
    }

    /// Days since the last play.
    fn silence(&self, habit: &Habit) -> f64 {
        days(habit.last_at, self.as_of)
    }

    /// How well something goes with what is heard today; nothing is taken off where that is not known.
    pub(super) fn genre_factor(&self, name: &Name) -> f64 {
        let of = self.graph.find(name).and_then(|node| genre_match(self.graph, self.taste, node));
        // Half of it stays whatever the genres say: it is a favourite.
        of.map_or(1.0, |of| ((1.0 + of) / 2.0).powf(self.weights().genre))
    }

    fn suggested(
        &self,
        mut scored: Vec<(&Habit, f64)>,
        why: Why,
        reason: impl Fn(&Habit) -> Reason,
    ) -> Vec<Suggestion> {
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.name.cmp(&b.0.name)));
        let rows =
            scored.into_iter().map(|(habit, score)| (self.suggestion(&habit.name, why, score, reason(habit)), score));
        self.varied(rows.collect())
    }

    /// A suggestion of something that was heard.
    pub(super) fn suggestion(&self, name: &Name, why: Why, score: f64, reason: Reason) -> Suggestion {
        let node = self.graph.find(name);
        let liked = self.feedback.is_liked(name).then_some(Reason::Liked);
        Suggestion {
            name: name.clone(),
            why,
            score,
            reasons: liked.into_iter().chain([reason]).collect(),
            listeners: node.and_then(|node| self.graph.listeners(node)),
            length_ms: node.and_then(|node| self.graph.length_ms(node)),
        }
    }

    /// The first of suggestions that are in order, not all of one artist, their scores as parts of the best one.
    pub(super) fn varied(&self, scored: Vec<(Suggestion, f64)>) -> Vec<Suggestion> {
        let best = scored.iter().map(|(_, score)| *score).fold(f64::MIN_POSITIVE, f64::max);
        let parts = scored.into_iter().map(|(row, score)| (Suggestion { score: score / best, ..row }, score / best));
        varied(parts.collect(), self.limit(), self.weights().variety, |a, b| self.alike(&a.name, &b.name))
    }

    fn alike(&self, one: &Name, other: &Name) -> f64 {
        match (self.graph.find(one), self.graph.find(other)) {
            (Some(one), Some(other)) => self.graph.alike(one, other),
            _ => f64::from(u8::from(one.artist() == other.artist())),
        }
    }
}

/// Whole days.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days of moments are no fewer than 0")]
pub(super) fn whole(days: f64) -> u64 {
    days as u64
}
