//! The program by hand.

use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use crate::{
    client::{exchange, list},
    writer::{md5_hex, verdict},
};

/// The running program, ended with the test.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has seen then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> Program {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fakefm")).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let host = first.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix("/2.0/"));
    Program { child, address: host.unwrap_or_else(|| panic!("{first:?}")).parse().unwrap() }
}

fn asked(program: &Program, target: &str) -> crate::client::Reply {
    let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    exchange(program.address, request.as_bytes()).unwrap()
}

#[test]
fn it_prints_its_address_first_and_serves_what_it_was_told() {
    let program = run(&[
        "--plays",
        "300",
        "--seed",
        "4",
        "--undated",
        "9",
        "--user",
        "Ann",
        "--key",
        "k",
        "--max-limit",
        "200",
        "--now-playing",
        "--until",
        "1750000000",
    ]);
    let reply = asked(&program, &list("limit=200"));
    assert_eq!((reply.total(), reply.rows().len()), (300, 201));
    assert_eq!(asked(&program, &list("limit=200&from=1")).total(), 291);
    assert_eq!(asked(&program, &list("limit=201")).status, 400);
    assert_eq!(asked(&program, &list("").replace("=k", "=other")).refusal().0, 10);
    let again = run(&["--plays", "300", "--seed", "4", "--undated", "9", "--user", "Ann", "--until", "1750000000"]);
    assert_eq!(asked(&again, &list("page=2")).body, asked(&again, &list("page=2")).body);
    assert_eq!(asked(&again, &list("page=2")).seconds(), asked(&program, &list("page=2")).seconds());
}

#[test]
fn it_reads_a_history_from_a_file() {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(b"uts,artist,track\n5,A,T\n9,B,U\n").unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    let program = run(&["--load", &path, "--user", "ann", "--clamp", "--max-limit", "1"]);
    let reply = asked(&program, &list("limit=1000"));
    assert_eq!((reply.total(), reply.seconds()), (2, vec![9]));
    let private = run(&["--load", &path, "--user", "ann", "--private", "--faults", "none", "--moving"]);
    assert_eq!(asked(&private, &list("")).refusal().0, 17);
}

#[test]
fn it_lets_in_whom_it_was_told_to_and_judges_by_the_options() {
    let program = run(&[
        "--plays=0",
        "--user=Ann",
        "--secret=none",
        "--session=known",
        "--password=p",
        "--token=t",
        "--grant",
        "--daily-limit=2",
        "--any-age",
        "--filter-artist=Nobody",
        "--filter-track=Nothing",
        "--correct=artist:Old=New",
    ]);
    let post = |target: &str, headers: &str, body: &str| {
        let length = body.len();
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        exchange(program.address, request.as_bytes()).unwrap()
    };
    let rows = ["Nobody&track[0]=T", "A&track[1]=Nothing", "Old&track[2]=T", "A&track[3]=T", "A&track[4]=U"];
    let rows: Vec<_> =
        rows.iter().enumerate().map(|(n, row)| format!("artist[{n}]={row}&timestamp[{n}]=1009000001")).collect();
    let body = format!("method=track.scrobble&api_key=k&sk=known&format=json&{}", rows.join("&"));
    let reply = post("/2.0/", "", &body);
    assert_eq!(verdict(&reply).2, ["1", "2", "0", "0", "5"]);
    assert_eq!(reply.json()["scrobbles"]["scrobble"][2]["artist"]["#text"], "New");
    let mobile = post("/2.0/", "", "method=auth.getMobileSession&api_key=k&username=ann&password=p&format=json");
    assert_eq!(mobile.json()["session"]["name"], "Ann");
    let token = asked(&program, "/2.0/?method=auth.getToken&api_key=k&format=json").json()["token"].clone();
    let session = format!("/2.0/?method=auth.getSession&api_key=k&format=json&token={}", token.as_str().unwrap());
    assert_eq!(asked(&program, &session).json()["session"]["name"], "Ann");
    assert_eq!(asked(&program, "/1/validate-token?token=t").json()["user_name"], "Ann");
    let listen = r#"{"listen_type":"single","payload":[{"listened_at":1700000000,"track_metadata":{"artist_name":"A","track_name":"T"}}]}"#;
    assert_eq!(post("/1/submit-listens", "Authorization: Token t\r\n", listen).status, 200);
}

#[test]
fn its_secret_is_checked_unless_there_is_none() {
    let program = run(&["--plays=0", "--secret=hush"]);
    let signature = md5_hex("api_keykmethodauth.getTokenhush");
    let ask = |signature: &str| {
        asked(&program, &format!("/2.0/?method=auth.getToken&api_key=k&format=json&api_sig={signature}"))
    };
    assert_eq!(ask(&signature).status, 200);
    assert_eq!(ask(&md5_hex("api_keykmethodauth.getToken")).refusal().0, 13);
}

#[test]
fn what_it_cannot_do_it_says_and_ends() {
    for arguments in [
        &["--faults", "many"][..],
        &["--correct", "A=B"],
        &["--daily-limit", "x"],
        &["--load", "/nowhere/at.all"],
        &["--plays", "x"],
    ] {
        let ended = Command::new(env!("CARGO_BIN_EXE_fakefm")).args(arguments).output().unwrap();
        assert!(!ended.status.success() && ended.stdout.is_empty(), "{arguments:?}");
        assert!(!ended.stderr.is_empty(), "{arguments:?}");
    }
}
