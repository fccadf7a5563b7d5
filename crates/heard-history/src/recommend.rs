//! What to hear next, from the listener's own plays and from what services told of things: without a network.
//!
//! Services told which artists and tracks are alike, what an artist's albums and tracks are, how many know them, and which
//! tags people give them. All of it becomes one [`Graph`]; what the listener plays makes some of its nodes dear
//! ([`Taste`]); and what lies next to dear nodes and was never heard is suggested ([`unheard()`]). Three more kinds need no
//! service: favourites that fell silent, what is due by its usual interval, and albums of which one track is known.
//!
//! Everything here is a plain function: the same plays, knowledge and moment give the same suggestions.

mod feedback;
mod genres;
mod graph;
mod heard_before;
mod hubs;
mod mixing;
mod one_track;
mod playlist;
mod reason;
mod taste;
mod unheard;
mod variety;
mod weights;

pub use feedback::Feedback;
pub use genres::Genres;
pub use graph::{Graph, How, Link};
pub use playlist::{Entry, PlaylistFormat, write_playlist};
pub use reason::{Reason, Suggestion, Why};
pub use taste::{Loved, Taste};
pub use unheard::{Candidate, unheard};
pub use variety::varied;
pub use weights::{WeightError, Weights};

use crate::columns::Columns;
use crate::rules::Name;
use crate::stats::{AsOf, Filter, Habit, Kind, StatsError, habits, heard_ever, one_track};
use crate::store::Knowledge;
use crate::zone::Zone;
use mixing::mixed;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Artists, albums or tracks.
    pub kind: Kind,
    /// For which reasons; an empty list means all of them.
    pub whys: Vec<Why>,
    /// How many.
    pub limit: usize,
    /// Everything that can be weighed.
    pub weights: Weights,
}

/// What is suggested.
#[derive(Clone, Debug, PartialEq)]
pub struct Recommendations {
    /// The suggestions, the best first.
    pub rows: Vec<Suggestion>,
    /// As of when they are told.
    pub as_of: AsOf,
    /// Whether any service told what is like something that was played or liked; without it nothing unheard is found.
    pub has_similar: bool,
    /// How many artists were heard in the period.
    pub artists_heard: usize,
}

/// Suggests what to hear. Plays of the filter's period make the taste; what was played at any time, however short, is
/// known. All is told as of `now`, or of the period's end where that comes first, or of the end of a history that has ended
/// ([`AsOf`]).
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn recommend(
    columns: &Columns,
    knowledge: &Knowledge,
    question: &Question,
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<Recommendations, StatsError> {
    let told = AsOf::of(columns, filter, zone, now)?;
    let as_of = told.at;
    let heard = Heard::read(columns, question.kind, filter, zone, now)?;
    let feedback = Feedback::of(&knowledge.rules);
    let mut graph = Graph::of(knowledge);
    let loved = heard.loved(&mut graph, &feedback, as_of);
    let taste = Taste::of(&graph, &loved, &question.weights, as_of);
    let ever = |kind| heard_ever(columns, kind, filter.listener.as_deref());
    let ever = [ever(Kind::Artists)?, ever(question.kind)?];
    let known = graph.marked(ever.iter().flatten().chain(&knowledge.not_shown));
    let asked = Asked { graph: &graph, taste: &taste, feedback: &feedback, question, as_of };
    let lists = question.reasons().map(|why| match why {
        Why::Unheard => Ok(asked.unheard(&known)),
        Why::Forgotten => Ok(asked.forgotten(&heard.habits)),
        Why::Overdue => Ok(asked.overdue(&heard.habits)),
        Why::OneTrack if question.kind == Kind::Albums => Ok(asked.one_track(&one_track(columns, filter, zone, now)?)),
        Why::OneTrack => Ok(Vec::new()),
    });
    let lists = lists.collect::<Result<Vec<_>, StatsError>>()?;
    let shares = question.reasons().map(|why| question.weights.share(why));
    Ok(Recommendations {
        rows: mixed(shares.zip(lists).collect(), question.limit),
        as_of: told,
        has_similar: taste.has_similar(&graph),
        artists_heard: heard.artists.len(),
    })
}

impl Question {
    /// The wanted reasons, each once, in their order.
    fn reasons(&self) -> impl Iterator<Item = Why> + '_ {
        Why::ALL.into_iter().filter(|why| self.whys.is_empty() || self.whys.contains(why))
    }
}

/// What was heard in the period.
struct Heard {
    artists: Vec<Habit>,
    /// Of the kind that is asked for.
    habits: Vec<Habit>,
}

impl Heard {
    fn read(columns: &Columns, kind: Kind, filter: &Filter, zone: &Zone, now: i64) -> Result<Self, StatsError> {
        let artists = habits(columns, Kind::Artists, filter, zone, now)?;
        let habits = if kind == Kind::Artists { artists.clone() } else { habits(columns, kind, filter, zone, now)? };
        Ok(Self { artists, habits })
    }

    /// What was heard or is liked, as nodes. What is liked counts as if it were played as much as anything of its kind,
    /// and just now.
    fn loved(&self, graph: &mut Graph, feedback: &Feedback, as_of: i64) -> Vec<Loved> {
        let heard = self.artists.iter().chain(&self.habits);
        let mut loved: Vec<Loved> = heard
            .map(|habit| Loved { node: graph.spelt(&habit.name), plays: habit.plays, last_at: habit.last_at })
            .collect();
        for name in feedback.liked() {
            let of_kind = self.artists.iter().chain(&self.habits).filter(|habit| habit.name.kind() == name.kind());
            let plays = of_kind.map(|habit| habit.plays).max().unwrap_or(1);
            loved.push(Loved { node: graph.node(name), plays, last_at: as_of });
        }
        loved
    }
}

/// What every kind of suggestion is made from.
struct Asked<'a> {
    graph: &'a Graph,
    taste: &'a Taste,
    feedback: &'a Feedback,
    question: &'a Question,
    as_of: i64,
}

impl Asked<'_> {
    fn weights(&self) -> &Weights {
        &self.question.weights
    }

    /// So many are made of each kind that every mixture has enough of them.
    fn limit(&self) -> usize {
        self.question.limit
    }

    fn is_dismissed(&self, name: &Name) -> bool {
        self.feedback.is_dismissed(name)
    }
}
