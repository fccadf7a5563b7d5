//! How a client gets a session: by a token that the listener grants, or by name and password.

use crate::{
    answer::{Answer, Refusal},
    md5,
    methods::Turn,
    tree::{self, branch, leaf, number},
};

/// A new token (fixture `auth.getToken/swift_sample.json`).
pub(crate) fn get_token(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    turn.signed()?;
    let now = turn.world.now();
    let token = turn.world.grants.issue_token(now, turn.rules.writing.grant_at_once.as_deref());
    Ok(tree::answer(turn.format, Some(leaf("token", token))))
}

/// The session of a granted token (fixture `auth.getSession/quoted_compact.json`).
pub(crate) fn get_session(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    turn.signed()?;
    let token = turn.required("token")?.to_owned();
    let now = turn.world.now();
    let (user, key) = turn.world.grants.exchange(&token, now)?;
    Ok(session(turn, &user, &key))
}

/// The session for a name with its password, or with `authToken`: the MD5 of the name in lower case and the MD5 of the
/// password, which is GNU FM's way.
pub(crate) fn get_mobile_session(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    turn.signed()?;
    let name = turn.required("username")?;
    let (password, token) = (turn.call.get("password"), turn.call.get("authToken"));
    if password.is_none() && token.is_none() {
        return Err(Refusal::missing_parameter());
    }
    let account = turn.world.account(name);
    let right = account.and_then(|account| account.password.as_deref()).is_some_and(|known| {
        let digest = md5::hex(format!("{}{}", name.to_lowercase(), md5::hex(known.as_bytes())).as_bytes());
        password.map_or_else(|| token.is_some_and(|token| token.eq_ignore_ascii_case(&digest)), |sent| sent == known)
    });
    let user = account.filter(|_| right).map(|account| account.name().to_owned());
    let user = user.ok_or_else(|| {
        Refusal::new(4, 403, "Authentication Failed - You do not have permissions to access the service")
    })?;
    let key = turn.world.grants.open_session(&user);
    Ok(session(turn, &user, &key))
}

fn session(turn: &Turn<'_>, user: &str, key: &str) -> Answer {
    let members = vec![number("subscriber", 0).into(), leaf("name", user).into(), leaf("key", key).into()];
    tree::answer(turn.format, Some(branch("session", members)))
}
