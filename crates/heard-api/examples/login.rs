//! Logs in to Last.fm as a program on a desktop does. Needs an api key of one's own
//! (<https://www.last.fm/api/account/create>): key and secret are read from the standard input, one a line.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use heard_api::lastfm::auth::{GetToken, LoginProblem, Patience};
use heard_api::lastfm::{self, user::GetInfo};
use heard_api::{Client, ClientOptions, Clock, Credentials, Pacer, Rate, Secret};

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    run(lastfm::ROOT, &mut stdin().lock(), &mut stdout()).await
}

/// Logs in at a service, with the keys that are read.
pub(crate) async fn run(root: &str, keys: &mut impl BufRead, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut secret = |name: &str, out: &mut dyn Write| -> std::io::Result<Secret> {
        writeln!(out, "{name}:")?;
        let mut line = String::new();
        keys.read_line(&mut line)?;
        Ok(Secret::new(line.trim()))
    };
    let (api_key, shared_secret) = (secret("api key", out)?, secret("shared secret", out)?);
    let credentials = Credentials { api_key, shared_secret: Some(shared_secret), session_key: None };
    let pacer = Pacer::new(Rate::default(), Clock::system());
    let client = Client::new(ClientOptions::new(root, credentials, pacer))?;

    let token = client.call(&GetToken).await?;
    writeln!(out, "open this page and say yes:\n{}", client.login_page(&token))?;
    match client.await_session(&token, Patience::default()).await {
        Ok(session) => {
            // The key never ends by itself: keep it where only this user can read it.
            let profile = client.with_session(session.key).call(&GetInfo::new().user(&session.name)).await?;
            writeln!(out, "logged in as {} with {} listens", profile.name, profile.playcount)?;
        }
        Err(error) => match LoginProblem::of(&error) {
            Some(problem) => writeln!(out, "{problem}")?,
            None => return Err(error.into()),
        },
    }
    Ok(())
}
