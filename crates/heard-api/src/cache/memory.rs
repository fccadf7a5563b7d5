//! Answers in memory.

use std::collections::HashMap;

use super::Answer;
use crate::reply::Reply;

#[derive(Debug, Default)]
pub(super) struct Memory {
    answers: HashMap<String, Kept>,
    bytes: usize,
    /// How many answers were ever kept; tells the older from the younger.
    ever: u64,
}

#[derive(Debug)]
struct Kept {
    reply: Reply,
    until: i64,
    order: u64,
}

impl Memory {
    pub(super) fn len(&self) -> usize {
        self.answers.len()
    }

    pub(super) fn get(&self, key: &str) -> Option<Answer> {
        self.answers.get(key).map(|kept| Answer { reply: kept.reply.clone(), until: kept.until })
    }

    pub(super) fn put(&mut self, key: String, Answer { reply, until }: Answer, max_bytes: usize, now: i64) {
        self.remove(&key);
        self.make_room(max_bytes.saturating_sub(reply.body.len()), now);
        self.bytes += reply.body.len();
        self.answers.insert(key, Kept { reply, until, order: self.ever });
        self.ever += 1;
    }

    pub(super) fn remove(&mut self, key: &str) {
        if let Some(kept) = self.answers.remove(key) {
            self.bytes = self.bytes.saturating_sub(kept.reply.body.len());
        }
    }

    /// Lets expired answers go, then the oldest, until no more than so many bytes are left.
    fn make_room(&mut self, most: usize, now: i64) {
        if self.bytes <= most {
            return;
        }
        self.answers.retain(|_, kept| now < kept.until);
        self.bytes = self.answers.values().map(|kept| kept.reply.body.len()).sum();
        while self.bytes > most {
            let oldest = self.answers.iter().min_by_key(|(_, kept)| kept.order).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { return };
            self.remove(&oldest);
        }
    }
}
