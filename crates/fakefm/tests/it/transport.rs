//! Faults of the line, and what concurrent and late clients meet.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use fakefm::{Config, Fault, Generate};

use crate::client::{Reply, UNTIL, generated, get, list, start, try_get};

#[test]
fn a_reset_comes_before_the_first_byte() {
    let fake = generated(10);
    fake.fail_next(Fault::Reset);
    let error = try_get(&fake, &list("")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(get(&fake, &list("")).status, 200);
}

#[test]
fn a_cut_connection_shows_a_head_and_a_part_of_the_body() {
    let fake = generated(100);
    let right = get(&fake, &list(""));
    for _ in 0..20 {
        fake.fail_next(Fault::CutConnection);
        let Reply { status, head, body, .. } = get(&fake, &list(""));
        assert_eq!(status, 200);
        assert!(head.contains(&format!("content-length: {}", right.body.len())), "{head}");
        assert!(body.len() < right.body.len() && right.body.starts_with(&body));
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "slowness is what is measured")]
fn a_drip_is_slow_and_then_closed() {
    let fake = generated(100);
    fake.fail_next(Fault::Drip { tick_ms: 5, for_ms: 100 });
    let began = Instant::now();
    let reply = get(&fake, &list(""));
    assert_eq!(reply.body.len(), 20);
    assert!(began.elapsed() >= Duration::from_millis(100));
    fake.fail_next(Fault::Late { ms: 80 });
    let began = Instant::now();
    assert!(get(&fake, &list("")).is_whole());
    assert!(began.elapsed() >= Duration::from_millis(80));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "slowness is what is measured")]
fn requests_wait_side_by_side() {
    let mut config = Config::generated("Ann", &Generate::plain(1, 10, UNTIL));
    config.latency_ms = 300;
    let fake = start(config);
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| assert_eq!(get(&fake, &list("")).status, 200));
        }
    });
    let took = began.elapsed();
    assert!((Duration::from_millis(300)..Duration::from_millis(2_000)).contains(&took), "{took:?}");
}

#[test]
fn one_connection_serves_many_requests() {
    let fake = generated(100);
    let mut stream = TcpStream::connect(fake.address()).unwrap();
    let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", list("limit=1"));
    for _ in 0..3 {
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}}") {
            let mut part = [0; 4096];
            let got = stream.read(&mut part).unwrap();
            assert!(got > 0, "closed early");
            answer.extend(&part[..got]);
        }
    }
    assert_eq!(fake.stats().requests, 3);
}

#[test]
fn it_stops_when_dropped_whatever_hangs() {
    let fake = generated(10);
    let address = fake.address();
    fake.fail_next(Fault::Late { ms: 600_000 });
    let mut hanging = TcpStream::connect(address).unwrap();
    let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", list(""));
    hanging.write_all(request.as_bytes()).unwrap();
    while fake.stats().requests == 0 {
        thread::yield_now();
    }
    drop(fake);
    let mut rest = Vec::new();
    let ended = hanging.read_to_end(&mut rest);
    assert!(rest.is_empty() && ended.is_ok_and(|read| read == 0));
    assert!(TcpStream::connect(address).is_err());
}
