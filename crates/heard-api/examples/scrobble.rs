//! What a batch of scrobbles says on the wire, and what its answer means. Nothing is sent.

use std::error::Error;
use std::io::{Write, stdout};

use heard_api::lastfm::track::{Play, Scrobble};
use heard_api::{Method, Request, Service};

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    run(&mut stdout())
}

/// Writes a batch, and reads a made-up answer to one.
pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let songs = ["First Song", "Second Song", "Third Song"];
    let listens = songs.iter().zip(0..).map(|(song, place)| {
        Play::new("The Example", *song)
            .album("An Album")
            .track_number(place + 1)
            .at(1_750_000_000 + 240 * i64::from(place))
    });

    for batch in Scrobble::batches(listens) {
        let request = Request::of(&batch);
        writeln!(out, "{} with {} listens, {:?}:", request.method(), batch.listens().len(), request.needs())?;
        for (name, value) in request.params().iter() {
            writeln!(out, "  {name} = {value}")?;
        }
    }

    let answer = br##"{"scrobbles":{"@attr":{"accepted":1,"ignored":1},"scrobble":[
        {"track":{"#text":"First Song","corrected":"0"},"artist":{"#text":"The Examples","corrected":"1"},
         "timestamp":"1750000000","ignoredMessage":{"code":"0","#text":""}},
        {"track":{"#text":"Second Song","corrected":"0"},"artist":{"#text":"The Example","corrected":"0"},
         "timestamp":"1750000240","ignoredMessage":{"code":"3","#text":""}}]}}"##;
    let answer = Scrobble::decode(answer)?;
    writeln!(out, "{} accepted, {} ignored", answer.accepted, answer.ignored)?;
    for verdict in &answer.verdicts {
        let name = verdict.track.text.as_deref().unwrap_or_default();
        match verdict.ignored(&Service::LASTFM) {
            Some(reason) => writeln!(out, "  {name}: ignored, {reason:?}")?,
            None if verdict.artist.corrected => {
                writeln!(out, "  {name}: taken, the artist as {:?}", verdict.artist.text)?;
            }
            None => writeln!(out, "  {name}: taken")?,
        }
    }
    Ok(())
}
