//! The program by hand.

use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use crate::client::{exchange, list};

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
fn what_it_cannot_do_it_says_and_ends() {
    for arguments in [&["--faults", "many"][..], &["--load", "/nowhere/at.all"], &["--plays", "x"]] {
        let ended = Command::new(env!("CARGO_BIN_EXE_fakefm")).args(arguments).output().unwrap();
        assert!(!ended.status.success() && ended.stdout.is_empty(), "{arguments:?}");
        assert!(!ended.stderr.is_empty(), "{arguments:?}");
    }
}
