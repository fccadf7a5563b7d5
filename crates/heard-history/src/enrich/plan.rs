//! What is missing: everything that was heard and is not known, or was known too long ago.

use std::cmp::Reverse;
use std::collections::HashMap;

use heard_api::lastfm::Period;

use super::question::ROWS;
use super::{Asker, Call, Options, Question};
use crate::facts::{Knowledge, Said, Thing, ThingKind};
use crate::listen::{Account, Span};
use crate::store::{HeardThing, Store, StoreError, ToldThings};

/// So many tags are asked about, those of most plays.
const TAGS: usize = 50;
/// The kinds of things that an account may give tags.
const TAGGED: [&str; 3] = ["artist", "album", "track"];
/// The calls about a week.
const CHARTS: [Call; 3] = [Call::WeekOfArtists, Call::WeekOfAlbums, Call::WeekOfTracks];
const DAY: i64 = 86_400;

/// The questions that are open at second `now`, in the order in which they are to be asked: the accounts' lists, then
/// whatever was heard, most heard first, then tags, then weeks. Calls that `has` denies and questions that were `tried`
/// are left out. Tags are only asked about when no artist's tags are open any more, so that the same ones are asked
/// however often asking was interrupted.
///
/// # Errors
/// What SQLite says.
pub fn plan(
    store: &Store,
    asker: &Asker,
    options: &Options,
    now: i64,
    has: impl Fn(Call) -> bool,
    tried: impl Fn(&Question) -> bool,
) -> Result<Vec<Question>, StoreError> {
    let planning = Planning { store, asker, options, now, told: store.told_things(asker.service)? };
    let wanted = |call: Call| options.wants(call) && has(call);
    let mut planned = Vec::new();
    for account in &asker.accounts {
        planning.lists(account, wanted, &mut planned)?;
    }
    let mut heard = Vec::new();
    if asker.things {
        heard = store.heard_things(&asker.listener, ThingKind::Artist)?;
        let others = [ThingKind::Album, ThingKind::Track].map(|kind| store.heard_things(&asker.listener, kind));
        for heard in [&heard].into_iter().chain(&others.into_iter().collect::<Result<Vec<_>, _>>()?) {
            planning.things(heard, wanted, &mut planned);
        }
    }
    planned.retain(|question| planning.is_open(question) && !tried(question));
    if asker.things && !planned.iter().any(|question| question.call == Call::ArtistTags) {
        let tags = planning.tags(&heard, wanted)?;
        planned.extend(tags.into_iter().filter(|question| planning.is_open(question) && !tried(question)));
    }
    planned.sort_by_cached_key(|question| {
        let Question { call, thing, rest, plays } = question;
        (place(*call), Reverse(*plays), thing.clone(), *call, rest.clone())
    });
    Ok(planned)
}

/// Which questions come first.
fn place(call: Call) -> u8 {
    match call.kind() {
        _ if CHARTS.contains(&call) => 3,
        ThingKind::Account => 0,
        ThingKind::Tag => 2,
        _ => 1,
    }
}

struct Planning<'a> {
    store: &'a Store,
    asker: &'a Asker,
    options: &'a Options,
    now: i64,
    told: ToldThings,
}

impl Planning<'_> {
    fn outcome(&self, question: &Question) -> Option<(i64, Knowledge)> {
        let key = (question.thing.clone(), question.call.method().to_owned(), question.asked());
        self.told.get(&key).map(|told| (told.told_at, told.outcome))
    }

    /// Whether nobody has answered it, or too long ago. A week that is over stays as it was.
    fn is_open(&self, question: &Question) -> bool {
        let Some((told_at, outcome)) = self.outcome(question) else { return true };
        let days = match outcome {
            _ if CHARTS.contains(&question.call) => return false,
            _ if question.thing.kind == ThingKind::Account => self.options.account_days,
            Knowledge::Known => self.options.known_days,
            Knowledge::Unknown | Knowledge::Contradiction => self.options.unknown_days,
        };
        told_at.saturating_add(i64::from(days) * DAY) <= self.now
    }

    /// What is asked about things that were heard.
    fn things(&self, heard: &[HeardThing], wanted: impl Fn(Call) -> bool, planned: &mut Vec<Question>) {
        for HeardThing { thing, mbid, plays } in heard.iter().filter(|heard| heard.plays >= self.options.min_plays) {
            for call in Call::ALL.into_iter().filter(|call| call.kind() == thing.kind && wanted(*call)) {
                let question = Question::new(call, thing.clone(), *plays);
                // The name counts. Only where it leads nowhere, the id is tried.
                let is_astray = self.outcome(&question).is_some_and(|(_, outcome)| outcome != Knowledge::Known);
                if let Some(mbid) = mbid.as_ref().filter(|_| is_astray) {
                    planned.push(question.clone().with("mbid", mbid));
                }
                planned.push(question);
            }
        }
    }

    /// What is asked about an account.
    fn lists(
        &self,
        account: &Account,
        wanted: impl Fn(Call) -> bool,
        planned: &mut Vec<Question>,
    ) -> Result<(), StoreError> {
        let ask = |call| Question::new(call, Thing::named(ThingKind::Account, &account.user), 0);
        for call in Call::ALL.into_iter().filter(|call| call.kind() == ThingKind::Account && wanted(*call)) {
            match call {
                Call::UserTopArtists | Call::UserTopAlbums | Call::UserTopTracks => {
                    planned.extend(Period::ALL.map(|period| ask(call).with("period", period.as_str())));
                }
                Call::LovedTracks | Call::Friends => self.pages(&ask(call), planned)?,
                Call::PersonalTags => {
                    for tag in self.said(&ask(Call::UserTags))?.tags {
                        let of_kind = |kind| ask(call).with("taggingtype", kind).with("tag", &tag.tag);
                        planned.extend(TAGGED.map(of_kind));
                    }
                }
                Call::WeekOfArtists | Call::WeekOfAlbums | Call::WeekOfTracks => {
                    let weeks = self.weeks(account, &ask(Call::Weeks))?;
                    let of_week =
                        |week: Span| ask(call).with("from", week.from.to_string()).with("to", week.to.to_string());
                    planned.extend(weeks.into_iter().map(of_week));
                }
                _ => planned.push(ask(call)),
            }
        }
        Ok(())
    }

    /// The pages of a list: as many as the service says, and where it does not say, one behind every full one. Behind an
    /// empty one there is none, whatever it says.
    fn pages(&self, first: &Question, planned: &mut Vec<Question>) -> Result<(), StoreError> {
        let mut question = first.clone();
        for page in 1_u64.. {
            let Said { listed, pages, .. } = self.said(&question)?;
            planned.push(question);
            let has_next = pages.map_or(listed.len() >= ROWS as usize, |pages| page < pages);
            if listed.is_empty() || !has_next {
                break;
            }
            question = first.clone().with("page", (page + 1).to_string());
        }
        Ok(())
    }

    /// The weeks that are over and in which the account was heard.
    fn weeks(&self, account: &Account, list: &Question) -> Result<Vec<Span>, StoreError> {
        let Some(heard) = self.store.heard_span(account)? else { return Ok(Vec::new()) };
        let span = |week: Thing| Some(Span::new(week.name.parse().ok()?, week.title.parse().ok()?));
        let listed = self.said(list)?.listed.into_iter().filter_map(|listed| span(listed.thing));
        Ok(listed.filter(|week| week.to <= self.now && !week.meet(&heard).is_empty()).collect())
    }

    /// The tags of most plays, as far as artists' tags are known.
    fn tags(&self, heard: &[HeardThing], wanted: impl Fn(Call) -> bool) -> Result<Vec<Question>, StoreError> {
        let calls: Vec<Call> =
            Call::ALL.into_iter().filter(|call| call.kind() == ThingKind::Tag && wanted(*call)).collect();
        if calls.is_empty() {
            return Ok(Vec::new());
        }
        let plays: HashMap<&str, u64> = heard.iter().map(|heard| (heard.thing.name.as_str(), heard.plays)).collect();
        let mut weights: HashMap<String, u64> = HashMap::new();
        for (artist, tag) in self.store.tags_of_artists(self.asker.service, Call::ArtistTags.method())? {
            let plays = plays.get(artist.as_str()).copied().unwrap_or_default();
            let weight = weights.entry(tag.tag.trim().to_lowercase()).or_default();
            *weight = weight.saturating_add(plays.saturating_mul(tag.weight.unwrap_or(100)));
        }
        let mut tags: Vec<(String, u64)> =
            weights.into_iter().filter(|(tag, weight)| !tag.is_empty() && *weight > 0).collect();
        tags.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        tags.truncate(TAGS);
        let of_tag = |(tag, weight): &(String, u64)| {
            let thing = Thing::named(ThingKind::Tag, tag);
            calls.iter().map(|call| Question::new(*call, thing.clone(), weight / 100)).collect::<Vec<_>>()
        };
        Ok(tags.iter().flat_map(of_tag).collect())
    }

    /// What the answer to a question says; nothing, where there is none.
    fn said(&self, question: &Question) -> Result<Said, StoreError> {
        let said =
            self.store.said_of(self.asker.service, &question.thing, question.call.method(), &question.asked())?;
        Ok(said.unwrap_or_default())
    }
}
