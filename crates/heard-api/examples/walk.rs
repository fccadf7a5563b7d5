//! Walks over all listens of an account, on a service that fails now and then.
//!
//! It needs no key and no network: the service is a made-up one on loopback.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Write, stdout};

use fakefm::{Config, FakeFm, Fault, Generate, When};
use heard_api::lastfm::user::{GetInfo, GetRecentTracks};
use heard_api::{Client, ClientOptions, Clock, Credentials, Pacer, Rate};

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeFm::start(Config::generated("ann", &Generate::plain(7, 1_000, 1_750_000_000)))?;
    fake.fail(When::Requests(3..4), Fault::Html { status: 503 });
    run(&fake.url(), &mut stdout()).await
}

/// Tells of the account `ann` at a service.
pub(crate) async fn run(root: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let pacer = Pacer::new(Rate::Unpaced, Clock::system());
    let client = Client::new(ClientOptions::new(root, Credentials::key("any key will do here"), pacer))?;

    let profile = client.call(&GetInfo::new().user("ann")).await?;
    let mut plays: BTreeMap<String, u32> = BTreeMap::new();
    let mut listens = client.items(&GetRecentTracks { limit: Some(200), ..GetRecentTracks::new("ann") });
    while let Some(listen) = listens.next().await? {
        let artist = listen.artist.unwrap_or_default().into_owned();
        *plays.entry(artist).or_default() += 1;
    }

    let counted: u32 = plays.values().sum();
    writeln!(out, "{} of {} listens, {} artists", counted, profile.playcount, plays.len())?;
    if let Some((artist, count)) = plays.iter().max_by_key(|(_, count)| **count) {
        writeln!(out, "most: {artist}, {count} times")?;
    }
    Ok(())
}
