//! Answers kept for a while, so that the same question is not asked twice.

mod folder;
mod memory;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::method::Access;
use crate::reply::Reply;
use crate::request::{Request, Verb};
use folder::Folder;
use memory::Memory;

/// A store of answers, each good for the same while. Clones share it, and so may clients, whatever their roots.
///
/// Kept are answers to reads with the api key alone, told apart by root, method and all parameters; never refusals, never
/// anything that was asked with a session, and never an answer that repeats a key. When it holds too many bytes, expired
/// answers go first, then the oldest.
///
/// ```
/// use std::time::Duration;
/// use heard_api::{Cache, ClientOptions, Clock, Credentials, Pacer, Rate, lastfm};
///
/// let pacer = Pacer::new(Rate::default(), Clock::system());
/// let mut options = ClientOptions::new(lastfm::ROOT, Credentials::key("your api key"), pacer);
/// options.cache = Some(Cache::new(Duration::from_secs(24 * 3600), 32 << 20));
/// ```
#[derive(Clone, Debug)]
pub struct Cache(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    expiry: Duration,
    max_bytes: usize,
    place: Mutex<Place>,
}

/// Where answers are kept.
#[derive(Debug)]
enum Place {
    Memory(Memory),
    Folder(Folder),
}

/// An answer and until when it is good, in Unix milliseconds.
#[derive(Debug)]
struct Answer {
    reply: Reply,
    until: i64,
}

impl Cache {
    /// A cache in memory whose answers are good for `expiry`, and which holds at most `max_bytes` of them.
    #[must_use]
    pub fn new(expiry: Duration, max_bytes: usize) -> Self {
        Self::at(Place::Memory(Memory::default()), expiry, max_bytes)
    }

    /// The same in a folder of its own, which is made if it is not there: answers outlive the program, and several
    /// programs may share them. A file is one answer, for its owner alone to read; it is written beside and takes its
    /// name when it is whole. What cannot be read back is as if it were not there, and what cannot be written is asked
    /// for again next time.
    ///
    /// ```
    /// use std::time::Duration;
    /// use heard_api::Cache;
    ///
    /// # let home = tempfile::tempdir()?;
    /// # let home = home.path();
    /// let cache = Cache::in_folder(home.join("answers"), Duration::from_secs(7 * 86_400), 256 << 20)?;
    /// assert!(cache.is_empty());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// The folder cannot be made or listed.
    pub fn in_folder(folder: impl Into<PathBuf>, expiry: Duration, max_bytes: usize) -> io::Result<Self> {
        Ok(Self::at(Place::Folder(Folder::open(folder.into())?), expiry, max_bytes))
    }

    fn at(place: Place, expiry: Duration, max_bytes: usize) -> Self {
        Self(Arc::new(Shared { expiry, max_bytes, place: Mutex::new(place) }))
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.with(|place| match place {
            Place::Memory(memory) => *memory = Memory::default(),
            Place::Folder(folder) => folder.clear(),
        });
    }

    /// How many answers it holds, expired ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.with(|place| match place {
            Place::Memory(memory) => memory.len(),
            Place::Folder(folder) => folder.len(),
        })
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The answer to a question, if it is still good at this moment in Unix milliseconds.
    pub(crate) fn get(&self, key: &str, now: i64) -> Option<Reply> {
        let answer = self.with(|place| match place {
            Place::Memory(memory) => memory.get(key),
            Place::Folder(folder) => folder.get(key),
        })?;
        (now < answer.until).then_some(answer.reply)
    }

    /// Keeps an answer, unless it is larger than all that may be kept.
    pub(crate) fn put(&self, key: String, reply: &Reply, now: i64) {
        let Shared { expiry, max_bytes, .. } = *self.0;
        if reply.body.len() > max_bytes {
            return;
        }
        let expiry = i64::try_from(expiry.as_millis()).unwrap_or(i64::MAX);
        let answer = Answer { reply: reply.clone(), until: now.saturating_add(expiry) };
        self.with(|place| match place {
            Place::Memory(memory) => memory.put(key, answer, max_bytes, now),
            Place::Folder(folder) => folder.put(&key, &answer, max_bytes, now),
        });
    }

    /// Lets one answer go.
    pub(crate) fn forget(&self, key: &str) {
        self.with(|place| match place {
            Place::Memory(memory) => memory.remove(key),
            Place::Folder(folder) => folder.remove(key),
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Place) -> T) -> T {
        // Whatever a panic elsewhere left behind is at worst an answer less, which is asked for again.
        work(&mut self.0.place.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What tells a question from every other; none for questions whose answers must not be kept.
pub(crate) fn key(root: &str, request: &Request) -> Option<String> {
    if request.needs() != Access::Key || request.verb() != Verb::Get {
        return None;
    }
    let mut params: Vec<_> = request.params().iter().collect();
    params.sort_unstable();
    let mut key = form_urlencoded::Serializer::new(String::new());
    key.append_pair(root, request.method()).extend_pairs(params);
    Some(key.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(bytes: usize) -> Reply {
        Reply {
            status: 200,
            date: None,
            retry_after: None,
            content_type: None,
            body: vec![b'x'; bytes].into(),
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn answers_expire() {
        let cache = Cache::new(Duration::from_secs(10), 100);
        cache.put("a".to_owned(), &reply(1), 5_000);
        assert!(cache.get("a", 14_999).is_some());
        assert!(cache.get("a", 15_000).is_none());
        assert!(cache.get("b", 5_000).is_none());
        cache.clear();
        assert!(cache.is_empty() && cache.get("a", 5_000).is_none());
    }

    #[test]
    fn the_expired_go_first_and_then_the_oldest() {
        let cache = Cache::new(Duration::from_secs(10), 100);
        let held = |now| ["a", "b", "c", "d"].map(|key| cache.get(key, now).is_some());
        cache.put("a".to_owned(), &reply(40), 9_000);
        cache.put("b".to_owned(), &reply(40), 0);
        cache.put("c".to_owned(), &reply(40), 10_000);
        assert_eq!(held(10_000), [true, false, true, false], "b had expired");
        cache.put("d".to_owned(), &reply(90), 10_000);
        assert_eq!(held(10_000), [false, false, false, true]);
        cache.put("d".to_owned(), &reply(20), 10_000);
        cache.put("a".to_owned(), &reply(80), 10_000);
        assert_eq!(held(10_000), [true, false, false, true], "what is kept anew takes its own place");
        cache.put("e".to_owned(), &reply(101), 10_000);
        assert_eq!(cache.len(), 2, "what is too large changes nothing");
    }

    #[test]
    fn questions_are_told_apart() {
        let ask = |user: &str, page: u32| Request::new("user.getTopArtists").param("user", user).param("page", page);
        let turned = Request::new("user.getTopArtists").param("page", 1).param("user", "ann");
        assert_eq!(key("r", &ask("ann", 1)), key("r", &turned));
        let all = [
            key("r", &ask("ann", 1)),
            key("r", &ask("ann", 2)),
            key("r", &ask("ann&page=1", 2)),
            key("s", &ask("ann", 1)),
            key("r", &Request::new("user.getTopAlbums").param("user", "ann").param("page", 1)),
        ];
        let different: std::collections::HashSet<_> = all.iter().flatten().collect();
        assert_eq!(different.len(), all.len());
        for secret in [ask("ann", 1).access(Access::Session), ask("ann", 1).post(), ask("ann", 1).param("sk", "x")] {
            assert_eq!(key("r", &secret), None);
        }
    }
}
