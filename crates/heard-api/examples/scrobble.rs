//! What a batch of scrobbles says on the wire, and what its answer means. Nothing is sent.
#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

use std::error::Error;

use heard_api::lastfm::track::{Play, Scrobble};
use heard_api::{Method, Request, Service};

fn main() -> Result<(), Box<dyn Error>> {
    let songs = ["First Song", "Second Song", "Third Song"];
    let listens = songs.iter().zip(0..).map(|(song, place)| {
        Play::new("The Example", *song)
            .album("An Album")
            .track_number(place + 1)
            .at(1_750_000_000 + 240 * i64::from(place))
    });

    for batch in Scrobble::batches(listens) {
        let request = Request::of(&batch);
        println!("{} with {} listens, {:?}:", request.method(), batch.listens().len(), request.needs());
        for (name, value) in request.params().iter() {
            println!("  {name} = {value}");
        }
    }

    let answer = br##"{"scrobbles":{"@attr":{"accepted":1,"ignored":1},"scrobble":[
        {"track":{"#text":"First Song","corrected":"0"},"artist":{"#text":"The Examples","corrected":"1"},
         "timestamp":"1750000000","ignoredMessage":{"code":"0","#text":""}},
        {"track":{"#text":"Second Song","corrected":"0"},"artist":{"#text":"The Example","corrected":"0"},
         "timestamp":"1750000240","ignoredMessage":{"code":"3","#text":""}}]}}"##;
    let answer = Scrobble::decode(answer)?;
    println!("{} accepted, {} ignored", answer.accepted, answer.ignored);
    for verdict in &answer.verdicts {
        let name = verdict.track.text.as_deref().unwrap_or_default();
        match verdict.ignored(&Service::LASTFM) {
            Some(reason) => println!("  {name}: ignored, {reason:?}"),
            None if verdict.artist.corrected => println!("  {name}: taken, the artist as {:?}", verdict.artist.text),
            None => println!("  {name}: taken"),
        }
    }
    Ok(())
}
