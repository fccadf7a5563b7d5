//! The accounts of the service and the time that passes in it.

use crate::{
    account::Account,
    clock::{Clock, TellTime},
    grants::Grants,
    listenbrainz::ListenBrainzAccount,
    lore::{ArtistLore, Lore},
    pictures::Cover,
    tally::Counted,
};

/// Whether two spellings name one account: the services do not care about case.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Everything that the fake services know about its listeners.
#[derive(Debug, Clone)]
pub struct World {
    accounts: Vec<Account>,
    listenbrainz: Vec<ListenBrainzAccount>,
    pub(crate) grants: Grants,
    pub(crate) lore: Lore,
    pub(crate) counted: Counted,
    clock: Clock,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A world without accounts, whose time is the system's.
    pub fn new() -> Self {
        Self {
            accounts: Vec::new(),
            listenbrainz: Vec::new(),
            grants: Grants::default(),
            lore: Lore::default(),
            counted: Counted::default(),
            clock: Clock::new(None),
        }
    }

    /// A world with one empty account.
    pub fn of(name: impl Into<String>) -> Self {
        let mut world = Self::new();
        world.accounts.push(Account::new(name));
        world
    }

    pub(crate) fn set_clock(&mut self, source: TellTime) {
        self.clock = Clock::new(Some(source));
    }

    /// The account `name`, whatever its case; a new and empty one if there was none.
    pub fn open(&mut self, name: &str) -> &mut Account {
        let at = self.position(name).unwrap_or_else(|| {
            self.accounts.push(Account::new(name));
            self.accounts.len() - 1
        });
        &mut self.accounts[at]
    }

    /// The account `name`, whatever its case.
    pub fn account(&self, name: &str) -> Option<&Account> {
        self.position(name).map(|at| &self.accounts[at])
    }

    /// The account `name`, whatever its case, to be changed.
    pub fn account_mut(&mut self, name: &str) -> Option<&mut Account> {
        self.position(name).map(|at| &mut self.accounts[at])
    }

    /// The first account: the only one, in most tests. A world without any gets one called `listener`.
    pub fn listener(&mut self) -> &mut Account {
        if self.accounts.is_empty() {
            self.accounts.push(Account::new("listener"));
        }
        &mut self.accounts[0]
    }

    /// All accounts in the order in which they were opened.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The account `name` at ListenBrainz, whatever its case; a new and empty one if there was none. It has nothing to
    /// do with an account of the same name at Last.fm.
    pub fn listenbrainz(&mut self, name: &str) -> &mut ListenBrainzAccount {
        let at = self.listenbrainz.iter().position(|account| same_name(account.name(), name));
        let at = at.unwrap_or_else(|| {
            self.listenbrainz.push(ListenBrainzAccount::new(name));
            self.listenbrainz.len() - 1
        });
        &mut self.listenbrainz[at]
    }

    /// All accounts at ListenBrainz in the order in which they were opened.
    pub fn listenbrainz_accounts(&self) -> &[ListenBrainzAccount] {
        &self.listenbrainz
    }

    /// Opens a session of the account `user` at Last.fm, and tells its key.
    pub fn open_session(&mut self, user: &str) -> String {
        self.grants.open_session(user)
    }

    /// Makes `key` a session key of the account `user` at Last.fm.
    pub fn set_session(&mut self, user: &str, key: &str) {
        self.grants.set_session(user, key);
    }

    /// Whose session at Last.fm `key` is now.
    pub fn session_user(&self, key: &str) -> Option<&str> {
        self.grants.user_of(key, self.now())
    }

    /// Ends all sessions that `user` has at Last.fm, and the token at ListenBrainz, from second `from` on: then they are
    /// error 9, and HTTP 401. Sessions that are opened later stand.
    pub fn revoke(&mut self, user: &str, from: i64) {
        self.grants.revoke(user, from);
        for account in &mut self.listenbrainz {
            if same_name(account.name(), user) {
                account.revoke(from);
            }
        }
    }

    /// A new token, as the service's own page gives to the address that an application named; granted to `user` if that is
    /// given.
    pub fn issue_token(&mut self, user: Option<&str>) -> String {
        let now = self.now();
        self.grants.issue_token(now, user)
    }

    /// Grants a token of `auth.getToken` in the name of `user`, as a listener does in the browser. False if there is no
    /// such token.
    pub fn grant(&mut self, token: &str, user: &str) -> bool {
        self.grants.grant(token, user)
    }

    /// Tells the service which tags people gave an artist, the most frequent first. As long as none are told of anybody,
    /// tags are made up.
    pub fn set_tags(&mut self, artist: &str, tags: impl IntoIterator<Item = impl Into<String>>) {
        let known = self.lore.artist(artist).cloned().unwrap_or_default();
        let tags = tags.into_iter().map(Into::into).collect();
        self.lore.tell(ArtistLore { name: artist.to_owned(), tags, ..known });
    }

    /// Lets a MusicBrainz id lead to an artist.
    pub fn lead_mbid(&mut self, mbid: &str, artist: &str) {
        self.lore.lead(mbid, artist);
    }

    /// Lets the service show another artist for whoever asks for this name.
    pub fn redirect(&mut self, name: &str, artist: &str) {
        self.lore.redirect(name, artist);
    }

    /// Says what lies where the cover of an album should. It is asked for only where the fake names its own pictures
    /// ([`Config::own_pictures`](crate::Config::own_pictures)).
    pub fn set_cover(&mut self, artist: &str, album: &str, cover: Cover) {
        self.lore.lay(artist, album, cover);
    }

    /// Lets an account follow somebody.
    pub fn befriend(&mut self, user: &str, friend: &str) {
        self.lore.befriend(user, friend);
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.accounts.iter().position(|account| same_name(account.name(), name))
    }

    /// What time it is here, in Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// What time it is here, in Unix seconds.
    pub fn now(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// Moves this world's time away from its clock by so many milliseconds more.
    pub fn advance_ms(&mut self, ms: i64) {
        self.clock.advance_ms(ms);
    }
}
