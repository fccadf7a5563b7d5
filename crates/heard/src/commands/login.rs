//! `heard login`: a session key or a token, into the credentials file.

use std::io;

use heard_api::lastfm::auth::{GetToken, LoginProblem, Patience};
use heard_api::listenbrainz::validate_token;
use heard_api::{Client, Secret};

use super::calling::{TOKEN, brainz_of, client, keys_of, needed, wait_for};
use crate::args::{Login, ServiceArg};
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, warn};

pub(crate) fn run(args: &Login, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (name, user, secret) = match args.service {
        ServiceArg::Listenbrainz => with_token(args, config)?,
        ServiceArg::Lastfm | ServiceArg::Librefm => in_the_browser(args, config)?,
    };
    let path = config.keep_secret(name, Some(&secret))?;
    printer.say(&format!("logged in as {user}; {name} stands in {}", path.display()));
    Ok(())
}

type Got = (&'static str, String, Secret);

fn in_the_browser(args: &Login, config: &Config) -> Result<Got, Failure> {
    let [_, secret, kept_as] = keys_of(args.service.into());
    needed(secret, config)?;
    let client = client(args.service.into(), args.url.as_deref(), config)?;
    let session = wait_for(async {
        let token = client.call(&GetToken).await?;
        warn(&format!("open this page and say yes:\n{}", page(&client, &token, args.url.as_deref())));
        client.await_session(&token, Patience::default()).await.map_err(|error| match LoginProblem::of(&error) {
            Some(problem) => Failure::new(Code::NotAuthorised, problem.to_string()).hint("run the same command again"),
            None => error.into(),
        })
    })?;
    Ok((kept_as.0, session.name, session.key))
}

/// The page on which the user says yes; that of a server of one's own lies beside its root.
fn page(client: &Client, token: &Secret, url: Option<&str>) -> String {
    let page = client.login_page(token);
    let own = url.and_then(|root| Some(format!("{}/api/auth/", root.trim_end_matches('/').strip_suffix("/2.0")?)));
    match own {
        Some(own) => page.replacen(client.service().login_page, &own, 1),
        None => page,
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
