//! Logs in to Last.fm as a program on a desktop does. Needs an api key of one's own
//! (<https://www.last.fm/api/account/create>): key and secret are read from the standard input, one a line.
#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

use std::error::Error;
use std::io::stdin;

use heard_api::lastfm::auth::{GetToken, LoginProblem, Patience};
use heard_api::lastfm::{self, user::GetInfo};
use heard_api::{Client, ClientOptions, Clock, Credentials, Pacer, Rate, Secret};

fn secret(name: &str) -> std::io::Result<Secret> {
    println!("{name}:");
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    Ok(Secret::new(line.trim()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let credentials =
        Credentials { api_key: secret("api key")?, shared_secret: Some(secret("shared secret")?), session_key: None };
    let pacer = Pacer::new(Rate::default(), Clock::system());
    let client = Client::new(ClientOptions::new(lastfm::ROOT, credentials, pacer))?;

    let token = client.call(&GetToken).await?;
    println!("open this page and say yes:\n{}", client.login_page(&token));
    match client.await_session(&token, Patience::default()).await {
        Ok(session) => {
            // The key never ends by itself: keep it where only this user can read it.
            let profile = client.with_session(session.key).call(&GetInfo::new()).await?;
            println!("logged in as {} with {} listens", profile.name, profile.playcount);
        }
        Err(error) => match LoginProblem::of(&error) {
            Some(problem) => println!("{problem}"),
            None => return Err(error.into()),
        },
    }
    Ok(())
}
