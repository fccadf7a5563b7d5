//! How a row stands with an account, before it is sent.

use heard_history::outbox::{Entry, Outbox};
use heard_history::store::{Held, Holding};

use super::lines::Line;
use crate::commands::sending::Destination;
use crate::exit::Failure;

/// What is known of a row and an account.
#[derive(Debug)]
pub(super) enum Standing {
    /// It goes to nobody.
    LeftOut,
    /// The outbox or the ledger has it.
    Kept(Box<Entry>),
    /// The account has it, at this second.
    There(i64),
    /// It is older than what the service takes; so many days.
    TooOld(u32),
    /// Nobody knows whether the account has it.
    Unknown,
    /// It may be sent.
    Free,
}

impl Standing {
    /// Whether it is to be put into the outbox.
    pub(super) fn goes(&self) -> bool {
        matches!(self, Self::Unknown | Self::Free)
    }
}

/// How each row stands with an account. Without an outbox, nothing was ever sent.
pub(super) fn of_lines(
    lines: &[Line<'_>],
    to: &Destination,
    held: Option<&Held>,
    outbox: Option<&mut Outbox>,
    now: i64,
) -> Result<Vec<Standing>, Failure> {
    let listens: Vec<_> = lines.iter().filter_map(Line::listen).collect();
    let mut known = held.map_or_else(|| vec![Holding::Unknown; listens.len()], |held| held.has(&listens)).into_iter();
    let kept = outbox.map(|outbox| outbox.find_all(&to.target, listens.iter().copied())).transpose()?;
    let mut kept = kept.unwrap_or_default().into_iter();
    let max_age = to.connection.limits().max_age;
    let mut standings = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(listen) = line.listen() else {
            standings.push(Standing::LeftOut);
            continue;
        };
        let known = known.next().unwrap_or(Holding::Unknown);
        let kept = kept.next().flatten();
        let age = now.saturating_sub(listen.played_at);
        standings.push(match (kept, known, max_age) {
            (Some(entry), _, _) => Standing::Kept(Box::new(entry)),
            (None, Holding::There(moment), _) => Standing::There(moment),
            (None, _, Some(most)) if age >= i64::from(most) => Standing::TooOld(most / 86_400),
            (None, Holding::Unknown, _) => Standing::Unknown,
            (None, Holding::NotThere, _) => Standing::Free,
        });
    }
    Ok(standings)
}
