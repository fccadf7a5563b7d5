//! Texts that are damaged, hostile, or too large.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::{read, refused, streamed, streamed_row};

/// More than any record may have.
const HUNDRED_MB: usize = 100 << 20;

/// Three plays as a table, of which the middle one's artist is this.
fn table(artist: &[u8]) -> Vec<u8> {
    let mut text = b"uts,artist,track,album\n1600000000,Mira Vale,Glass Harbour,Tides\n1600000300,".to_vec();
    text.extend_from_slice(artist);
    text.extend_from_slice(b",Iron Coast,Tides\n1600000600,Mira Vale,Night Ferry,Tides\n");
    text
}

/// Thirty plays, so that one odd byte makes no other kind of file of it.
fn long_table(odd: &[u8]) -> Vec<u8> {
    let mut text = b"uts,artist,track,album\n".to_vec();
    for n in 0..30 {
        writeln!(text, "{},Mira Vale,Song {n:02},Tides", 1_600_000_000 + n * 300).unwrap();
    }
    text.extend_from_slice(b"1600100000,Mi");
    text.extend_from_slice(odd);
    text.extend_from_slice(b"ra Vale,Lost,Tides\n");
    text
}

#[test]
fn json_that_breaks_off() {
    let whole = streamed(&["Glass Harbour", "Iron Coast", "Night Ferry"]);
    let cut = &whole[..whole.rfind("msPlayed").unwrap()];
    let expected = json!([3, 2, 0, {}, {"truncated": 1}]);
    let document = read("StreamingHistory0.json", cut, expected, &["Glass Harbour", "Iron Coast"]);
    assert_eq!(document["files"][0]["cut_off"], true);
    // Between two rows nothing is lost but the knowledge that nothing is.
    let between = &whole[..whole.rfind(",\n").unwrap()];
    let document = read("StreamingHistory0.json", between, json!([2, 2, 0, {}, {}]), &["Glass Harbour", "Iron Coast"]);
    assert_eq!(document["files"][0]["cut_off"], true);
}

#[test]
fn a_compressed_file_that_breaks_off() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let mut random = fastrand::Rng::with_seed(5);
    writeln!(gzip, "uts,artist,track,album").unwrap();
    for n in 0..2_000 {
        writeln!(gzip, "{},Artist {},Song {n},Tides", 1_600_000_000 + n * 300, random.u64(..)).unwrap();
    }
    let whole = gzip.finish().unwrap();
    let home = crate::home::Home::new();
    let path = super::file(&home, "plays.csv.gz", &whole[..whole.len() / 2]);
    let document = super::taken(&home, &path).good().json();
    assert_eq!(document["files"][0]["cut_off"], true);
    let (rows, plays) = (document["total"]["rows"].as_u64().unwrap(), document["total"]["plays"].as_u64().unwrap());
    assert!((500..2_000).contains(&plays) && rows - plays <= 1, "{document}");
}

#[test]
fn wrong_types() {
    let rows = [
        streamed_row(1, "Glass Harbour"),
        r#"{"endTime" : 17, "artistName" : ["a"], "trackName" : {"x" : 1}, "msPlayed" : "long"}"#.to_owned(),
        "null".to_owned(),
        "7".to_owned(),
        r#""endTime""#.to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        streamed_row(9, "Iron Coast"),
    ];
    let text = format!("[\n{}\n]", rows.join(",\n"));
    let home = crate::home::Home::new();
    let path = super::file(&home, "StreamingHistory0.json", text);
    let document = super::taken(&home, &path).good().json();
    assert_eq!((&document["total"]["rows"], &document["total"]["plays"]), (&json!(8), &json!(2)), "{document}");
    assert_eq!(super::tracks(&home), ["Glass Harbour", "Iron Coast"]);
    // Each with the line on which it stands.
    let rejects = home.run(&["rejects", "--json"]).good().json();
    let lines: Vec<u64> = rejects["rows"].as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8], "{rejects}");
}

#[test]
fn deep_nesting() {
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{open}{close}");
    let within = streamed_row(4, "Deep").replace("180000", &format!(r#"180000, "x" : {deep}"#));
    let text = format!("[{},\n{within},\n{}]", streamed_row(1, "Glass Harbour"), streamed_row(9, "Iron Coast"));
    let expected = json!([3, 2, 0, {}, {"malformed": 1}]);
    read("StreamingHistory0.json", text, expected, &["Glass Harbour", "Iron Coast"]);
    let objects = r#"{"a":"#.repeat(100_000);
    for bottomless in [open.as_str(), &deep, &objects] {
        refused("deep.json", bottomless, "holds no listening history", "heard import --help");
    }
}

#[test]
fn a_line_of_a_hundred_megabytes() {
    let long = "x".repeat(HUNDRED_MB);
    let expected = json!([3, 2, 0, {}, {"too_long": 1}]);
    let kept = ["Glass Harbour", "Night Ferry"];
    read("plays.csv", table(long.as_bytes()), expected.clone(), &kept);
    let lines = ["Glass Harbour", &long, "Night Ferry"].map(|track| {
        format!(r#"{{"listened_at":1600000000,"track_metadata":{{"artist_name":"Mira Vale","track_name":"{track}"}}}}"#)
    });
    read("listens.jsonl", lines.join("\n"), expected.clone(), &kept);
    read("StreamingHistory0.json", streamed(&["Glass Harbour", &long, "Night Ferry"]), expected, &kept);
    refused("long.txt", long, "holds no listening history", "heard import --help");
}

#[test]
fn a_number_of_a_million_digits() {
    let text = streamed(&["Glass Harbour", "Iron Coast"]).replacen("180000", &"9".repeat(1 << 20), 1);
    read("StreamingHistory0.json", text, json!([2, 1, 0, {}, {"malformed": 1}]), &["Iron Coast"]);
}

#[test]
fn nul_and_bytes_that_are_no_text() {
    let mut kept: Vec<String> = (0..30).map(|n| format!("Song {n:02}")).collect();
    kept.sort();
    let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
    for (odd, reason) in [
        (&b"\0"[..], "nul"),
        (b"\xff", "not_utf8"),
        (b"\xc3\x28", "not_utf8"),
        (b"\xed\xa0\x80", "not_utf8"),
        (b"\xf4\x90\x80\x80", "not_utf8"),
        (b"\0\xff", "not_utf8"),
    ] {
        read("plays.csv", long_table(odd), json!([31, 30, 0, {}, {reason: 1}]), &kept);
        // However short the table is.
        let short = [&b"artist,track,date\nMira Vale,Iron Coast,1600000000\nMira "[..], odd, b",Ferry,1600000100\n"];
        read("short.csv", short.concat(), json!([2, 1, 0, {}, {reason: 1}]), &["Iron Coast"]);
        let mut json = Vec::new();
        for (n, byte) in streamed(&["Glass Harbour", "Iron Coast"]).bytes().enumerate() {
            // In the first artist's name.
            if n == 48 {
                json.extend_from_slice(odd);
            }
            json.push(byte);
        }
        read("StreamingHistory0.json", json, json!([2, 1, 0, {}, {reason: 1}]), &["Iron Coast"]);
    }
    // An escape may say what a byte may not.
    let escaped = streamed(&["Glass Harbour", "Iron Coast"]).replacen("Mira", r"Mi\u0000ra", 1);
    read("StreamingHistory0.json", escaped, json!([2, 1, 0, {}, {"nul": 1}]), &["Iron Coast"]);
}

#[test]
fn no_text_at_all() {
    let mut noise = vec![0; 100_000];
    fastrand::Rng::with_seed(3).fill(&mut noise);
    noise[0] = 0;
    refused("noise.json", &noise, "is not text", "heard import --help");
    refused("zeros.csv", [0; 5_000], "is not text", "heard import --help");
}

#[test]
fn compressed_text_that_grows_without_end() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&table(b"Mira Vale")).unwrap();
    let blank = vec![b' '; 1 << 20];
    for _ in 0..64 {
        gzip.write_all(&blank).unwrap();
    }
    let packed = gzip.finish().unwrap();
    assert!(packed.len() < 1 << 17, "the bomb is small");
    refused("plays.csv.gz", packed, "grows to more than 200 times its size", "heard import --help");
}
