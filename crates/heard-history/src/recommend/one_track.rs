//! Albums of which one track is known.

use super::Asked;
use super::reason::{Reason, Suggestion, Why};
use super::weights::log_share;
use crate::identity::folded;
use crate::rules::Name;
use crate::stats::OneTrack;

/// Plays of the track that say that there may be more to like.
const LEAST_PLAYS: u64 = 3;

impl Asked<'_> {
    /// Albums of which one track is known and was played some times, the most played first; singles are left out.
    pub(super) fn one_track(&self, albums: &[OneTrack]) -> Vec<Suggestion> {
        let weights = self.weights();
        let name = |it: &OneTrack| Name::Album { artist: it.artist.clone(), title: it.album.clone() };
        let wanted: Vec<(Name, &OneTrack)> = albums
            .iter()
            .map(|it| (name(it), it))
            .filter(|(name, it)| it.plays >= LEAST_PLAYS && !self.is_single(name, it) && !self.is_dismissed(name))
            .collect();
        let most = wanted.iter().map(|(_, it)| it.plays).max().unwrap_or_default();
        let score = |name: &Name, it: &OneTrack| {
            let often = log_share(it.plays, most).powf(weights.plays);
            often * weights.recency_of(it.last_at, self.as_of).powf(weights.recency) * self.genre_factor(name)
        };
        let mut scored: Vec<(Suggestion, f64)> = wanted
            .iter()
            .map(|(name, it)| {
                let of = self.graph.tracks_of(name);
                let reason = Reason::OnlyTrack { track: it.track.clone(), plays: it.plays, of };
                let score = score(name, it);
                (self.suggestion(name, Why::OneTrack, score, reason), score)
            })
            .collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.name.cmp(&b.0.name)));
        self.varied(scored)
    }

    /// Whether an album has no more than that track: as a service told, or else as its title says.
    fn is_single(&self, name: &Name, it: &OneTrack) -> bool {
        match self.graph.tracks_of(name) {
            Some(tracks) => tracks <= 1,
            None => {
                let (album, track) = (folded(&it.album), folded(&it.track));
                album == track || album.ends_with(" single")
            }
        }
    }
}
