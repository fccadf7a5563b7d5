//! `heard login`: a session key or a token, to where secrets are kept.

use std::io;
use std::process::{Command, Stdio};

use heard_api::lastfm::auth::{GetSession, GetToken, LoginProblem, Patience, Session};
use heard_api::listenbrainz::validate_token;
use heard_api::{Client, Error, Secret};

use super::callback::Door;
use super::calling::{TOKEN, brainz_of, client, keys_of, needed, wait_for};
use crate::args::{Login, ServiceArg};
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, warn};

pub(crate) fn run(args: &Login, config: &Config, printer: Printer) -> Result<(), Failure> {
    config.can_keep_secrets()?;
    let (name, user, secret) = match args.service {
        ServiceArg::Listenbrainz => with_token(args, config)?,
        ServiceArg::Lastfm | ServiceArg::Librefm => in_the_browser(args, config)?,
    };
    let place = config.keep_secret(name, Some(&secret))?;
    printer.say(&format!("logged in as {user}; {name} stands in {place}"));
    Ok(())
}

type Got = (&'static str, String, Secret);

fn in_the_browser(args: &Login, config: &Config) -> Result<Got, Failure> {
    let [_, secret, kept_as] = keys_of(args.service.into());
    needed(secret, config)?;
    let client = client(args.service.into(), args.url.as_deref(), config)?;
    let session =
        if args.browser { wait_for(sent_back(&client, args))? } else { wait_for(asked_until(&client, args))? };
    Ok((kept_as.0, session.name, session.key))
}

/// A token first, then the listener's word, then the session: the service is asked until it gives it.
async fn asked_until(client: &Client, args: &Login) -> Result<Session, Failure> {
    let token = client.call(&GetToken).await?;
    warn(&format!("open this page and say yes:\n{}", page(client, client.login_page(&token), args)));
    client
        .await_session(&token, Patience::default())
        .await
        .map_err(|error| not_logged_in(error, "run the same command again"))
}

/// The listener's word first: the service then sends the browser here, with a token.
async fn sent_back(client: &Client, args: &Login) -> Result<Session, Failure> {
    let door = Door::open().await?;
    let target = page(client, client.callback_page(&door.callback()), args);
    warn(&format!(
        "say yes on the page that opens in the browser; if none does, open this one on this machine:\n{}",
        door.entrance()
    ));
    show(&door.entrance());
    let token = door.token(&target, client.clock(), Patience::default().limit).await?;
    let session = client.call(&GetSession::new(token)).await;
    session.map_err(|error| not_logged_in(error, "heard login lastfm --browser"))
}

fn not_logged_in(error: Error, hint: &str) -> Failure {
    match LoginProblem::of(&error) {
        Some(problem) => Failure::new(Code::NotAuthorised, problem.to_string()).hint(hint),
        None => error.into(),
    }
}

/// The page on which the user says yes; that of a server of one's own lies beside its root.
fn page(client: &Client, page: String, args: &Login) -> String {
    let own = args.url.as_deref();
    let own = own.and_then(|root| Some(format!("{}/api/auth/", root.trim_end_matches('/').strip_suffix("/2.0")?)));
    match own {
        Some(own) => page.replacen(client.service().login_page, &own, 1),
        None => page,
    }
}

/// Opens an address in the browser. Whoever has none opens it elsewhere.
fn show(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let opened =
        Command::new(opener).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = opened {
        tracing::debug!(%error, opener, "no browser could be opened");
    }
}

fn with_token(args: &Login, config: &Config) -> Result<Got, Failure> {
    let token = match config.secret(TOKEN.0) {
        Some(token) => token.clone(),
        None => typed()?,
    };
    let client = brainz_of(Some(token.clone()), args.url.as_deref(), config)?;
    let check = wait_for(async { Ok(client.call(&validate_token()).await?) })?;
    let wrong =
        || Failure::new(Code::NotAuthorised, "the service does not know this token").hint(format!("{} anew", TOKEN.1));
    let user = check.user_name.filter(|_| check.valid).ok_or_else(wrong)?;
    Ok((TOKEN.0, user, token))
}

/// The first line of standard input.
fn typed() -> Result<Secret, Failure> {
    let mut line = String::new();
    let unreadable = |error| Failure::new(Code::BadInput, format!("standard input cannot be read: {error}"));
    io::stdin().read_line(&mut line).map_err(unreadable)?;
    let token = Secret::new(line.trim());
    if token.is_empty() {
        return Err(Failure::new(Code::Usage, "no token is given")
            .hint(format!("{}, then: heard login listenbrainz < FILE", TOKEN.1)));
    }
    Ok(token)
}
