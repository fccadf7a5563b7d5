#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::print_stdout, missing_docs)]
use heard_history::import::cut::{Piece, cut};
use heard_history::import::inputs::decoded;
use heard_history::import::recognise::recognise;
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::Hints;
use std::time::Instant;

fn main() {
    let spotify = |i: usize, extra: &str| format!("{{\"ts\":\"2022-05-06T07:{:02}:09Z\",\"username\":\"nobody\",\"platform\":\"Android OS 11 API 30 (samsung, SM-G781B)\",\"ms_played\":{},\"conn_country\":\"ZZ\",\"ip_addr_decrypted\":\"127.0.0.1\",\"user_agent_decrypted\":\"unknown\",\"master_metadata_track_name\":\"Etude number {i}{}\",\"master_metadata_album_artist_name\":\"Ola Nordby\",\"master_metadata_album_album_name\":\"Rooms with a view\",\"spotify_track_uri\":\"spotify:track:000000000000000000{i:07}\",\"episode_name\":null,\"episode_show_name\":null,\"spotify_episode_uri\":null,\"reason_start\":\"clickrow\",\"reason_end\":\"trackdone\",\"shuffle\":false,\"skipped\":null,\"offline\":false,\"offline_timestamp\":1651820689000,\"incognito_mode\":false{extra}}}", i % 60, i, if i % 50 == 0 { " [Live]" } else { "" });
    let n = 400_000;
    let flat: Vec<String> = (0..n).map(|i| spotify(i, "")).collect();
    let nested: Vec<String> = (0..n).map(|i| spotify(i, ",\"artists\":[{\"a\":1},{\"a\":2}]")).collect();
    let csv: String = std::iter::once("uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n".to_owned())
        .chain((0..1_000_000).map(|i| format!("\"{}\",\"13 Sep 2020, 12:26\",\"Halden {}\",\"\",\"Sea and Sky {}\",\"\",\"Wave {i}\",\"\"\n", 1_600_000_000 + i, i % 300, i % 900)))
        .collect();
    let lines: String = flat.join("\n");
    let time = |name: &str, file: &[u8], layout: &heard_history::normalise::layout::Layout| {
        for _ in 0..2 {
            let begun = Instant::now();
            let (mut bytes, mut pieces) = (0, 0);
            cut::<()>(&mut decoded(file).unwrap(), layout, &mut |piece: Piece| { bytes += piece.body.len(); pieces += 1; Ok(()) }).unwrap();
            let took = begun.elapsed().as_secs_f64();
            println!("{name}: {} MB in {took:.3} s = {:.0} MB/s, {pieces} pieces", bytes / 1_000_000, bytes as f64 / 1e6 / took);
        }
    };
    let flat = format!("[{}]", flat.join(","));
    let nested = format!("[{}]", nested.join(","));
    let layout = |name: &str, file: &str| recognise(name, &file.as_bytes()[..60_000], &Hints::default()).unwrap();
    let spotify = layout("endsong_0.json", &flat);
    time("flat", flat.as_bytes(), &spotify);
    time("nested", nested.as_bytes(), &spotify);
    let mut by_lines = spotify.clone();
    by_lines.framing = heard_history::normalise::layout::Framing::Lines;
    time("lines", lines.as_bytes(), &by_lines);
    let table = layout("a.csv", &csv);
    time("table", csv.as_bytes(), &table);
    let begun = Instant::now();
    let mut rows = 0;
    cut::<()>(&mut decoded(flat.as_bytes()).unwrap(), &spotify, &mut |piece: Piece| { rows += read_rows(&spotify, &piece.body).count; Ok(()) }).unwrap();
    println!("flat with rows: {rows} {:.3} s", begun.elapsed().as_secs_f64());
    let wide: Vec<u8> = csv.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let begun = Instant::now();
    let mut out = Vec::new();
    std::io::copy(&mut decoded(&wide[..]).unwrap(), &mut out).unwrap();
    println!("utf-16: {} MB {:.3} s", wide.len() / 1_000_000, begun.elapsed().as_secs_f64());
}
