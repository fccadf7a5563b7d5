//! Sends listens to ListenBrainz and walks over what is there, as a stream.
//!
//! It needs no token and no network: the service is a made-up one on loopback.

use std::error::Error;
use std::io::{Write, stdout};

use fakefm::{Config, FakeFm, World};
use futures_util::TryStreamExt;
use heard_api::listenbrainz::{self, Client, Listen, Submission};
use heard_api::{ClientOptions, Clock, Credentials, Pacer, Rate};

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let mut world = World::new();
    world.listenbrainz("ann").set_token("a token");
    let fake = FakeFm::start(Config::new(world))?;
    run(&format!("{}/1/", fake.listenbrainz_url()), "a token", &mut stdout()).await
}

/// Writes at a service in the name of whoever has this token, and tells what it has then.
pub(crate) async fn run(root: &str, token: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let pacer = Pacer::new(Rate::Unpaced, Clock::system());
    let client = Client::new(ClientOptions::new(root, Credentials::token(token), pacer))?;

    let check = client.call(&listenbrainz::validate_token()).await?;
    let user = check.user_name.ok_or("the service does not know this token")?;
    let songs = ["First Song", "Second Song", "Third Song"];
    let listens =
        songs.iter().zip(0..).map(|(song, place)| Listen::new("The Example", *song).at(1_600_000_000 + place));
    client.call(&listenbrainz::submit(&Submission::import(listens.collect())?)).await?;

    let count = client.call(&listenbrainz::listen_count(&user)).await?.count;
    writeln!(out, "{user} has {count} listens, the latest first:")?;
    let pieces: Vec<_> = client.walk(listenbrainz::listens(&user)).into_stream().try_collect().await?;
    for listen in pieces.into_iter().flatten() {
        writeln!(out, "  {}", listen.track_metadata.track_name)?;
    }
    Ok(())
}
