//! Who may write in whose name: tokens that wait for a word, and session keys.

use std::collections::BTreeMap;

use crate::{answer::Refusal, random::Random, world::same_name};

/// How long a token waits for its grant, in seconds.
const TOKEN_LASTS: i64 = 3_600;

/// The service writes keys in the alphabet of base64url.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A token of `auth.getToken`.
#[derive(Debug, Clone)]
struct Token {
    issued_at: i64,
    granted_to: Option<String>,
    used: bool,
}

/// A session; from the second `revoked_from` on it is none.
#[derive(Debug, Clone)]
struct Session {
    user: String,
    revoked_from: Option<i64>,
}

/// All tokens and sessions of a world.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grants {
    tokens: BTreeMap<String, Token>,
    sessions: BTreeMap<String, Session>,
    issued: u64,
}

impl Grants {
    /// A new token at second `now`, granted to `user` if that is given.
    pub(crate) fn issue_token(&mut self, now: i64, user: Option<&str>) -> String {
        let token = self.invent();
        let granted_to = user.map(ToOwned::to_owned);
        self.tokens.insert(token.clone(), Token { issued_at: now, granted_to, used: false });
        token
    }

    /// Grants a token, as a listener does in the browser. False if there is no such token.
    pub(crate) fn grant(&mut self, token: &str, user: &str) -> bool {
        self.tokens.get_mut(token).map(|token| token.granted_to = Some(user.to_owned())).is_some()
    }

    /// Exchanges a granted token for a session key: its user, and the key.
    ///
    /// # Errors
    /// 4 for a token that was never issued (fixture `auth.getSession/pylast_init_with_token.xml`), 14 for one without
    /// a grant (fixture `_errors/quoted_14_unauthorised.json` of Libre.fm), 15 for one that is used or an hour old.
    pub(crate) fn exchange(&mut self, token: &str, now: i64) -> Result<(String, String), Refusal> {
        let found = self.tokens.get_mut(token).ok_or_else(|| Refusal::known(4, 403))?;
        if found.used || now >= found.issued_at.saturating_add(TOKEN_LASTS) {
            return Err(Refusal::known(15, 403));
        }
        let user = found.granted_to.clone().ok_or_else(|| Refusal::known(14, 403))?;
        found.used = true;
        Ok((user.clone(), self.open_session(&user)))
    }

    /// A new session of `user`, by its key.
    pub(crate) fn open_session(&mut self, user: &str) -> String {
        let key = self.invent();
        self.set_session(user, &key);
        key
    }

    /// Makes `key` a session of `user`.
    pub(crate) fn set_session(&mut self, user: &str, key: &str) {
        self.sessions.insert(key.to_owned(), Session { user: user.to_owned(), revoked_from: None });
    }

    /// Ends all present sessions of `user` from second `from` on.
    pub(crate) fn revoke(&mut self, user: &str, from: i64) {
        for session in self.sessions.values_mut().filter(|session| same_name(&session.user, user)) {
            session.revoked_from = Some(session.revoked_from.map_or(from, |earlier| earlier.min(from)));
        }
    }

    /// Whose session `key` is at second `now`.
    pub(crate) fn user_of(&self, key: &str, now: i64) -> Option<&str> {
        let session = self.sessions.get(key)?;
        let stands = session.revoked_from.is_none_or(|from| now < from);
        stands.then_some(session.user.as_str())
    }

    /// Thirty-two characters that were never given out before.
    fn invent(&mut self) -> String {
        self.issued += 1;
        let mut random = Random::of_request(0x005e_5510, self.issued);
        (0..32).map(|_| char::from(*random.pick(ALPHABET))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Grants;

    #[test]
    fn a_token_is_good_once_and_for_an_hour() {
        let mut grants = Grants::default();
        let refused = |grants: &mut Grants, token: &str, now| grants.exchange(token, now).unwrap_err().code;
        let token = grants.issue_token(1_000, None);
        assert_eq!(refused(&mut grants, "never issued", 1_000), 4);
        assert_eq!(refused(&mut grants, &token, 1_001), 14);
        assert!(grants.grant(&token, "Ann") && !grants.grant("never issued", "Ann"));
        let (user, key) = grants.exchange(&token, 4_599).unwrap();
        assert_eq!((user.as_str(), key.len()), ("Ann", 32));
        assert_eq!(refused(&mut grants, &token, 4_599), 15);
        let late = grants.issue_token(1_000, Some("Ann"));
        assert_eq!(refused(&mut grants, &late, 4_600), 15);
        assert_ne!(token, late);
    }

    #[test]
    fn a_session_ends_at_its_second_and_a_new_one_stands() {
        let mut grants = Grants::default();
        let key = grants.open_session("Ann");
        grants.revoke("ann", 100);
        grants.revoke("ann", 200);
        assert_eq!([99, 100].map(|now| grants.user_of(&key, now).is_some()), [true, false]);
        grants.set_session("Ann", "known");
        assert_eq!(grants.user_of("known", 300), Some("Ann"));
        assert_eq!(grants.user_of("other", 300), None);
    }
}
