//! One account of the service: its scrobbles, kept in the order in which the service lists them.

use std::{convert::Infallible, ops::Range};

use crate::{
    catalogue::{Catalogue, SongId, SongText},
    oracle::{Bounds, Key, Oracle, Violation, judge},
    play::{Edit, Listing, Play, PlayId},
    written::Written,
};

/// One scrobble in sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) uts: i64,
    serial: u32,
    pub(crate) song: SongId,
}

impl Entry {
    /// The place in the list. Within one second it has nothing to do with the order of arrival, but never changes.
    fn rank(&self) -> (i64, u32) {
        rank(self.uts, self.serial)
    }
}

fn rank(uts: i64, serial: u32) -> (i64, u32) {
    // An odd factor makes this a permutation of the serial numbers, so no two entries share a rank.
    (uts, serial.wrapping_mul(0x9E37_79B1))
}

/// The stretch of the list that a request asks for: dated scrobbles from `start` up to but not including `end`.
/// `None` is the whole list, undated scrobbles included.
pub(crate) type Stretch = Option<(i64, i64)>;

/// A passing trouble of the service's back end: what it answers for an account is well formed and wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glitch {
    /// The account seems to have no scrobbles at all: total 0 and an empty list.
    TotalZero,
    /// The totals are right, the list is empty.
    EmptyPage,
    /// The scrobbles of the last so many years seem never to have been.
    HideYears(u32),
}

/// One listener's account.
#[derive(Debug, Clone)]
pub struct Account {
    name: String,
    catalogue: Catalogue,
    entries: Vec<Entry>,
    next_serial: u32,
    changes: u64,
    now_playing: Option<SongId>,
    oracle: Option<Oracle>,
    glitch: Option<(Glitch, u32)>,
    pub(crate) written: Written,
    /// The password for `auth.getMobileSession`; without one nobody gets in that way.
    pub password: Option<String>,
    /// Whether recent listening is hidden: then the service answers error 17 instead of a list.
    pub hidden: bool,
    /// By how much the play count of `user.getInfo` exceeds the list.
    pub unlisted_plays: u64,
    /// When the account was opened, in Unix seconds.
    pub registered_at: i64,
}

impl Account {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            catalogue: Catalogue::default(),
            entries: Vec::new(),
            next_serial: 0,
            changes: 0,
            now_playing: None,
            oracle: None,
            glitch: None,
            written: Written::default(),
            password: None,
            hidden: false,
            unlisted_plays: 0,
            registered_at: 1_100_000_000,
        }
    }

    /// The name in its canonical spelling; requests may spell it in other case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many scrobbles there are, undated ones included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no scrobbles.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds one scrobble wherever its second belongs; a late one is simply one with a second in the past.
    pub fn add(&mut self, play: &Play) -> PlayId {
        let song = self.catalogue.enter(play);
        self.add_song(play.uts, song)
    }

    /// Adds one more scrobble of a song that is in the catalogue.
    pub(crate) fn add_song(&mut self, uts: i64, song: SongId) -> PlayId {
        let entry = self.number(uts, song);
        let at = self.entries.partition_point(|other| other.rank() < entry.rank());
        self.entries.insert(at, entry);
        self.witness_new(at..at + 1);
        PlayId { uts: entry.uts, serial: entry.serial }
    }

    /// Adds many scrobbles at once, in any order: the list is put in order once.
    pub fn extend(&mut self, plays: impl IntoIterator<Item = Play>) {
        let sure = plays.into_iter().map(Ok::<_, Infallible>);
        match self.try_extend(sure) {
            Ok(_) => {}
        }
    }

    /// Adds many scrobbles and says how many; or none of them, if one cannot be had.
    pub(crate) fn try_extend<E>(&mut self, plays: impl IntoIterator<Item = Result<Play, E>>) -> Result<usize, E> {
        let before = self.entries.len();
        let plays = plays.into_iter();
        self.entries.reserve_exact(plays.size_hint().0);
        for play in plays {
            let play = play.inspect_err(|_| self.entries.truncate(before))?;
            let song = self.catalogue.enter(&play);
            let entry = self.number(play.uts, song);
            self.entries.push(entry);
        }
        let added = self.entries.len() - before;
        self.witness_new(before..before + added);
        self.entries.sort_unstable_by_key(Entry::rank);
        Ok(added)
    }

    fn number(&mut self, uts: i64, song: SongId) -> Entry {
        let serial = self.next_serial;
        self.next_serial += 1;
        self.changes += 1;
        Entry { uts: uts.max(0), serial, song }
    }

    /// Tells the oracle of entries that were just added.
    fn witness_new(&mut self, added: Range<usize>) {
        for at in added {
            let key = self.key(&self.entries[at]);
            if let Some(oracle) = &mut self.oracle {
                oracle.added(key);
            }
        }
    }

    /// Takes a scrobble away, as the website does: without a trace. `None` if it was not there.
    pub fn delete(&mut self, id: PlayId) -> Option<Play> {
        let at = self.find(id)?;
        let play = self.play_at(at);
        self.delete_at(at);
        Some(play)
    }

    pub(crate) fn delete_at(&mut self, at: usize) {
        self.changes += 1;
        let entry = self.entries.remove(at);
        let key = self.key(&entry);
        if let Some(oracle) = &mut self.oracle {
            oracle.removed(key);
        }
    }

    /// Changes names of a scrobble and keeps its second. False if it was not there.
    pub fn edit(&mut self, id: PlayId, edit: &Edit) -> bool {
        let Some(at) = self.find(id) else {
            return false;
        };
        self.edit_at(at, edit);
        true
    }

    pub(crate) fn edit_at(&mut self, at: usize, edit: &Edit) {
        self.changes += 1;
        let mut play = self.play_at(at);
        for (name, new) in
            [(&mut play.artist, &edit.artist), (&mut play.track, &edit.track), (&mut play.album, &edit.album)]
        {
            if let Some(new) = new {
                name.clone_from(new);
            }
        }
        let before = self.key(&self.entries[at]);
        self.entries[at].song = self.catalogue.enter(&play);
        let after = self.key(&self.entries[at]);
        if let Some(oracle) = &mut self.oracle {
            oracle.removed(before);
            oracle.added(after);
        }
    }

    /// Takes all scrobbles away.
    pub fn clear(&mut self) {
        while !self.entries.is_empty() {
            self.delete_at(self.entries.len() - 1);
        }
    }

    /// Sets or ends what sounds at this moment. The second of `play` is without meaning.
    pub fn set_now_playing(&mut self, play: Option<&Play>) {
        self.now_playing = play.map(|play| self.catalogue.enter(play));
    }

    pub(crate) fn now_playing(&self) -> Option<SongText<'_>> {
        self.now_playing.map(|song| self.song_text(song))
    }

    /// Lets `glitch` spoil the next `requests` lists of this account.
    pub fn glitch(&mut self, glitch: Glitch, requests: u32) {
        self.glitch = Some((glitch, requests));
    }

    /// The glitch that falls on the present request, which uses it up by one.
    pub(crate) fn take_glitch(&mut self) -> Option<Glitch> {
        let (glitch, left) = self.glitch.take()?;
        self.glitch = left.checked_sub(2).map(|spare| (glitch, spare + 1));
        (left > 0).then_some(glitch)
    }

    /// All scrobbles with their ids, newest first as the service lists them.
    pub fn plays(&self) -> impl Iterator<Item = (PlayId, Play)> + '_ {
        self.entries.iter().rev().map(|entry| {
            let id = PlayId { uts: entry.uts, serial: entry.serial };
            let loved = self.song_text(entry.song).loved;
            (id, Play { loved, ..self.catalogue.play(entry.uts, entry.song) })
        })
    }

    /// What a reader who has everything has: all listings, newest first, equal ones as often as they occur.
    pub fn listings(&self) -> impl Iterator<Item = Listing> + '_ {
        self.entries.iter().rev().map(|entry| self.listing(self.key(entry)))
    }

    /// From now on remembers for every listing how often it stood there at the least and at the most.
    /// Costs memory by the number of scrobbles and a little time at each change.
    pub fn mark(&mut self) {
        self.oracle = Some(Oracle::new(self.entries.iter().map(|entry| self.key(entry))));
    }

    /// Remembers nothing any more and frees the memory.
    pub fn unmark(&mut self) {
        self.oracle = None;
    }

    /// Between what numbers each listing stood there since [`mark`](Self::mark); nothing without a mark.
    pub fn bounds(&self) -> Vec<Bounds> {
        let tallies = self.oracle.iter().flat_map(Oracle::tallies);
        tallies
            .map(|(key, tally)| Bounds { listing: self.listing(key), least: tally.least, most: tally.most })
            .collect()
    }

    /// Which of the `stored` listings, or of those that should be among them, cannot be right for any reader who read
    /// the whole list since [`mark`](Self::mark). Ordered by second and names.
    pub fn violations(&self, stored: impl IntoIterator<Item = Listing>) -> Vec<Violation> {
        judge(self.bounds(), stored)
    }

    /// Rises with every change of its scrobbles.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// How many artists, albums and tracks the catalogue of the account knows, edited ones included.
    pub(crate) fn distinct(&self) -> (usize, usize, usize) {
        self.catalogue.distinct()
    }

    /// How many entries a stretch holds, and those of one page, oldest first.
    pub(crate) fn page(&self, stretch: Stretch, page: u64, limit: u32) -> (usize, &[Entry]) {
        self.page_before(stretch, i64::MAX, page, limit)
    }

    /// The same, as if there were nothing from second `hidden_from` on.
    pub(crate) fn page_before(&self, stretch: Stretch, hidden_from: i64, page: u64, limit: u32) -> (usize, &[Entry]) {
        let within = self.within(stretch);
        let within = &within[..within.partition_point(|entry| entry.uts < hidden_from)];
        let skip = usize::try_from(page.saturating_sub(1).saturating_mul(u64::from(limit))).unwrap_or(usize::MAX);
        let end = within.len().saturating_sub(skip);
        let start = end.saturating_sub(limit as usize);
        (within.len(), &within[start..end])
    }

    fn within(&self, stretch: Stretch) -> &[Entry] {
        let Some((start, end)) = stretch else {
            return &self.entries;
        };
        let low = self.entries.partition_point(|entry| entry.uts < start.max(1));
        let high = self.entries.partition_point(|entry| entry.uts < end);
        &self.entries[low..high.max(low)]
    }

    pub(crate) fn text(&self, entry: &Entry) -> SongText<'_> {
        self.song_text(entry.song)
    }

    /// The texts of a song, loved or not as was written last.
    fn song_text(&self, song: SongId) -> SongText<'_> {
        let text = self.catalogue.text(song);
        let heart = self.written.heart(text.artist, text.track);
        SongText { loved: heart.map_or(text.loved, |heart| heart.is_some()), ..text }
    }

    pub(crate) fn song_at(&self, at: usize) -> SongId {
        self.entries[at].song
    }

    pub(crate) fn play_at(&self, at: usize) -> Play {
        self.catalogue.play(self.entries[at].uts, self.entries[at].song)
    }

    /// The newest scrobble with exactly these names, at `uts` if that is given.
    pub fn find_listing(&self, artist: &str, track: &str, uts: Option<i64>) -> Option<PlayId> {
        let (artist, track) = (self.catalogue.find_name(artist)?, self.catalogue.find_name(track)?);
        let stretch = match uts {
            Some(uts) => {
                let low = self.entries.partition_point(|entry| entry.uts < uts);
                let high = self.entries.partition_point(|entry| entry.uts <= uts);
                &self.entries[low..high]
            }
            None => &self.entries[..],
        };
        let named = |entry: &&Entry| {
            let song = self.catalogue.song(entry.song);
            song.artist == artist && song.track == track
        };
        stretch.iter().rev().find(named).map(|entry| PlayId { uts: entry.uts, serial: entry.serial })
    }

    fn find(&self, id: PlayId) -> Option<usize> {
        self.entries.binary_search_by_key(&rank(id.uts, id.serial), Entry::rank).ok()
    }

    fn key(&self, entry: &Entry) -> Key {
        let song = self.catalogue.song(entry.song);
        (entry.uts, song.artist, song.track, song.album)
    }

    fn listing(&self, (uts, artist, track, album): Key) -> Listing {
        let name = |id| self.catalogue.name(id).to_owned();
        Listing { uts, artist: name(artist), track: name(track), album: name(album) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, Glitch};
    use crate::{
        play::{Edit, Listing, Play, PlayId},
        random::Random,
    };

    /// The same list, kept in the plainest way.
    fn naive(plays: &[(PlayId, Play)], from: Option<i64>, end: Option<i64>) -> Vec<PlayId> {
        let mut ids: Vec<_> = plays
            .iter()
            .map(|(id, _)| *id)
            .filter(|id| from.is_none_or(|from| id.uts >= from.max(1)) && end.is_none_or(|end| id.uts < end))
            .collect();
        ids.sort_by_key(|id| std::cmp::Reverse(super::rank(id.uts, id.serial)));
        ids
    }

    #[allow(clippy::disallowed_methods, reason = "a found seed is given back by the environment")]
    fn seed() -> u64 {
        let seed = std::env::var("FAKEFM_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_251);
        println!("FAKEFM_SEED={seed}");
        seed
    }

    #[test]
    fn pages_of_any_stretch_are_those_of_a_plain_list() {
        let mut random = Random::new(seed());
        for _ in 0..200 {
            let mut account = Account::new("ann");
            let mut model: Vec<(PlayId, Play)> = Vec::new();
            for step in 0..random.below(120) {
                let uts = if random.chance(0.2) { 0 } else { random.between(1, 60) };
                let play = Play::new(uts, format!("a{}", random.below(3)), format!("t{step}"));
                match random.below(10) {
                    0 if !model.is_empty() => {
                        let (id, gone) = model.swap_remove(random.below(model.len()));
                        assert_eq!(account.delete(id), Some(gone));
                        assert_eq!(account.delete(id), None);
                    }
                    1 if !model.is_empty() => {
                        let at = random.below(model.len());
                        let edit = Edit { artist: Some("edited".into()), ..Edit::default() };
                        assert!(account.edit(model[at].0, &edit));
                        model[at].1.artist = "edited".into();
                    }
                    _ => model.push((account.add(&play), play)),
                }
            }
            assert_eq!(account.len(), model.len());
            for _ in 0..20 {
                let (from, end) = (random.between(-5, 70), random.between(-5, 70));
                let stretch = random.chance(0.8).then_some((from, end));
                let expected = naive(&model, stretch.map(|s| s.0), stretch.map(|s| s.1));
                let (page, limit) = (1 + random.below(4), 1 + random.below(30));
                let (total, rows) = account.page(stretch, page as u64, limit as u32);
                let got: Vec<_> = rows.iter().rev().map(|row| PlayId { uts: row.uts, serial: row.serial }).collect();
                let expected_page: Vec<_> = expected.iter().skip((page - 1) * limit).take(limit).copied().collect();
                assert_eq!((total, got), (expected.len(), expected_page), "{stretch:?} page {page} limit {limit}");
            }
            for (id, play) in account.plays() {
                assert!(model.contains(&(id, play)));
            }
        }
    }

    #[test]
    fn adding_many_at_once_equals_adding_one_by_one() {
        let plays: Vec<_> = (0..50).map(|n| Play::new(n * 7 % 13, "a", format!("t{n}"))).collect();
        let (mut one, mut many) = (Account::new("a"), Account::new("a"));
        for play in &plays {
            one.add(play);
        }
        many.extend(plays);
        assert!(one.plays().eq(many.plays()));
    }

    #[test]
    fn the_oracle_remembers_the_least_and_the_most() {
        let listing = |uts, track: &str| Listing { uts, artist: "a".into(), track: track.into(), album: String::new() };
        let mut account = Account::new("ann");
        let first = account.add(&Play::new(5, "a", "one"));
        account.add(&Play::new(5, "a", "one"));
        account.mark();
        account.delete(first);
        account.add(&Play::new(5, "a", "one"));
        let brief = account.add(&Play::new(9, "a", "brief"));
        account.delete(brief);
        let judged = |stored: Vec<Listing>| account.violations(stored).len();
        assert_eq!(judged(vec![listing(5, "one")]), 0);
        assert_eq!(judged(vec![listing(5, "one"), listing(5, "one"), listing(9, "brief")]), 0);
        assert_eq!(judged(vec![]), 1, "one was there throughout");
        assert_eq!(judged(vec![listing(5, "one"); 3]), 1, "there were never three");
        assert_eq!(judged(vec![listing(5, "one"), listing(6, "never")]), 1);
    }

    #[test]
    fn an_edit_is_a_loss_of_one_listing_and_a_gain_of_another() {
        let mut account = Account::new("ann");
        let id = account.add(&Play::new(5, "a", "tpyo").on("l"));
        account.mark();
        assert!(account.edit(id, &Edit { track: Some("typo".into()), ..Edit::default() }));
        let bounds = account.bounds();
        assert_eq!(bounds.len(), 2);
        assert!(bounds.iter().all(|b| (b.least, b.most) == (0, 1) && b.listing.album == "l"));
        account.clear();
        assert!(account.is_empty());
    }

    #[test]
    fn a_glitch_lasts_as_long_as_it_was_told() {
        let mut account = Account::new("ann");
        account.glitch(Glitch::TotalZero, 2);
        let seen: Vec<_> = (0..3).map(|_| account.take_glitch()).collect();
        assert_eq!(seen, [Some(Glitch::TotalZero), Some(Glitch::TotalZero), None]);
        account.glitch(Glitch::EmptyPage, 0);
        assert_eq!(account.take_glitch(), None);
    }

    #[test]
    fn a_listing_is_found_by_its_names() {
        let mut account = Account::new("ann");
        let old = account.add(&Play::new(5, "a", "t"));
        let new = account.add(&Play::new(9, "a", "t"));
        assert_eq!(account.find_listing("a", "t", None), Some(new));
        assert_eq!(account.find_listing("a", "t", Some(5)), Some(old));
        assert_eq!(account.find_listing("a", "t", Some(6)), None);
        assert_eq!(account.find_listing("b", "t", None), None);
    }
}
