//! Ways to a session key, and what stands in the way.

use std::io::Write;
use std::time::Duration;

use heard_api::lastfm::auth::{
    GetMobileSession, GetMobileSessionByDigest, GetSession, GetToken, LoginProblem, Patience, Session,
    token_of_callback,
};
use heard_api::lastfm::track::Love;
use heard_api::{
    Client, ClientOptions, Clock, Code, Credentials, Error, Method, Pacer, ParamError, Params, Rate, Request, Secret,
    Service, Verb, sign,
};

use crate::server::{Seen, Server, answer};

const CANARY: &str = "canary-0123456789abcdef0123456789";

fn client(root: &str, service: Service) -> Client {
    let pacer = Pacer::new(Rate::Unpaced, Clock::at(1_600_000_000));
    let credentials =
        Credentials { api_key: Secret::new("k&y"), shared_secret: Some(Secret::new("s")), session_key: None };
    Client::new(ClientOptions { service, ..ClientOptions::new(root, credentials, pacer) }).unwrap()
}

/// A server that refuses with each of these codes in turn and then gives a session.
fn server(mut codes: Vec<i64>) -> Server {
    codes.reverse();
    Server::start(move |_, mut stream| {
        let body = codes.pop().map_or_else(
            || r#"{"session":{"subscriber":0,"name":"ann","key":"the key"}}"#.to_owned(),
            |code| format!(r#"{{"message":"m","error":{code}}}"#),
        );
        stream.write_all(&answer("200 OK", "", body)).unwrap();
    })
}

fn form(seen: &Seen) -> Vec<(String, String)> {
    form_urlencoded::parse(seen.body.as_bytes()).into_owned().collect()
}

fn value<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn a_session_is_waited_for_until_the_user_says_yes() {
    let server = server(vec![14, 14, 8, 14]);
    let client = client(&server.root(), Service::LASTFM);
    let patience = Patience { every: Duration::from_secs(3), limit: Duration::from_secs(60) };
    let session = block(client.await_session(&Secret::new("t"), patience)).unwrap();
    assert_eq!((session.name.as_str(), session.key.reveal(), session.subscriber), ("ann", "the key", Some(false)));
    assert_eq!(client.clock().monotonic().as_secs(), 12, "four waits of three seconds");
    let seen = server.seen();
    assert_eq!(seen.len(), 5);
    for request in &seen {
        let form = form(request);
        assert_eq!((value(&form, "method"), value(&form, "token")), (Some("auth.getSession"), Some("t")));
        let pairs = form.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        assert!(sign::check(pairs, &Secret::new("s"), value(&form, "api_sig").unwrap()));
        assert!(request.line.starts_with("POST /2.0/ "), "a token in a query: {}", request.line);
    }
}

#[test]
fn what_no_waiting_mends_ends_the_wait() {
    for (codes, code, asked) in [
        (vec![15], Code::TokenExpired, 1),
        (vec![14, 4], Code::AuthenticationFailed, 2),
        (vec![10], Code::InvalidApiKey, 1),
        (vec![14; 100], Code::TokenNotAuthorised, 4),
    ] {
        let server = server(codes);
        let client = client(&server.root(), Service::LASTFM);
        let patience = Patience { every: Duration::from_secs(3), limit: Duration::from_secs(10) };
        let error = block(client.await_session(&Secret::new("t"), patience)).unwrap_err();
        assert_eq!((error.code(), server.seen().len()), (Some(code), asked));
    }
    assert_eq!(Patience::default().limit, Duration::from_secs(600));
}

#[test]
fn problems_of_a_login_are_told_apart() {
    let error = |number: i64| Error::Service { code: Code::from(number), message: String::new(), http_status: 403 };
    for (number, problem, advice) in [
        (4, Some(LoginProblem::Refused), "password is wrong"),
        (9, Some(LoginProblem::SessionEnded), "start the login again"),
        (14, Some(LoginProblem::NotYetAuthorised), "same token"),
        (15, Some(LoginProblem::TokenExpired), "60 minutes"),
        (10, None, ""),
        (17, None, ""),
    ] {
        let found = LoginProblem::of(&error(number));
        assert_eq!(found, problem, "{number}");
        assert_eq!(error(number).needs_login(), problem.is_some());
        assert!(found.is_none_or(|problem| problem.to_string().contains(advice)), "{number}");
    }
    assert_eq!(LoginProblem::of(&Error::TooLarge { limit: 1 }), None);
}

#[test]
fn pages_escape_what_they_carry() {
    let server = server(Vec::new());
    let token = Secret::new("t/k=n");
    let page = client(&server.root(), Service::LASTFM).login_page(&token);
    assert_eq!(page, "https://www.last.fm/api/auth/?api_key=k%26y&token=t%2Fk%3Dn");
    let page = client(&server.root(), Service::LIBREFM).login_page(&token);
    assert_eq!(page, "https://libre.fm/api/auth?api_key=k%26y&token=t%2Fk%3Dn");
    let page = client(&server.root(), Service::LASTFM).callback_page("http://127.0.0.1:8000/done?a=1");
    assert_eq!(page, "https://www.last.fm/api/auth/?api_key=k%26y&cb=http%3A%2F%2F127.0.0.1%3A8000%2Fdone%3Fa%3D1");
}

#[test]
fn a_callback_brings_a_token() {
    for (address, token) in [
        ("http://127.0.0.1:8000/done?a=1&token=abc", Some("abc")),
        ("/done?token=a%2Fb+c&x", Some("a/b c")),
        ("token=abc", Some("abc")),
        ("a=1&token=abc", Some("abc")),
        ("http://h/?token=abc#token=xyz", Some("abc")),
        ("http://h/#token=xyz", None),
        ("http://h/?token=", None),
        ("http://h/?tokens=abc", None),
        ("", None),
    ] {
        assert_eq!(token_of_callback(address).as_ref().map(Secret::reveal), token, "{address}");
    }
}

#[test]
fn a_password_goes_in_one_body_and_nowhere_else() {
    let server = server(Vec::new());
    let client = client(&server.root(), Service::LASTFM);
    let call = GetMobileSession::new("ann", Secret::new(CANARY));
    let session = block(client.call(&call)).unwrap();
    let request = Request::of(&call);
    assert_eq!(request.verb(), Verb::Post);
    assert!(!heard_api::public_params(&request).iter().any(|(_, value)| value.contains(CANARY)));
    for text in [format!("{call:?}"), format!("{request:?}"), format!("{session:?}"), format!("{client:?}")] {
        assert!(!text.contains(CANARY) && !text.contains("the key"), "{text}");
    }
    let seen = server.seen();
    assert!(!seen[0].line.contains(CANARY) && !seen[0].headers.contains(CANARY));
    let form = form(&seen[0]);
    assert_eq!((value(&form, "username"), value(&form, "password")), (Some("ann"), Some(CANARY)));
    let pairs = form.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    assert!(
        sign::check(pairs, &Secret::new("s"), value(&form, "api_sig").unwrap()),
        "name and password are signed too"
    );
}

#[test]
fn gnu_fm_gets_a_digest() {
    // echo -n "ann$(echo -n secret | md5sum | cut -c-32)" | md5sum
    let call = GetMobileSessionByDigest::new("ann", &Secret::new("secret"));
    assert_eq!(call.auth_token.reveal(), "94e67cc758a8cfbe8642966459a8fc91");
    let request = Request::of(&call);
    assert_eq!(request.params().iter().map(|(name, _)| name).collect::<Vec<_>>(), ["username", "authToken"]);
    let read = GetMobileSessionByDigest::from_params(request.params()).unwrap();
    assert_eq!((read.username.as_str(), read.auth_token.reveal()), ("ann", call.auth_token.reveal()));
    assert!(!format!("{call:?}").contains(call.auth_token.reveal()));
}

#[test]
fn answers_in_new_and_old_dress() {
    for body in [
        r#"{"session":{"subscriber":0,"name":"ann","key":"k"}}"#,
        r#"{"session":{"subscriber":"0","name":"ann","key":"k"}}"#,
        r#"<lfm status="ok"><session><name>ann</name><key>k</key><subscriber>0</subscriber></session></lfm>"#,
    ] {
        let Session { name, key, subscriber } = GetSession::decode(body.as_bytes()).unwrap();
        assert_eq!((name.as_str(), key.reveal(), subscriber), ("ann", "k", Some(false)), "{body}");
    }
    let session = Session { name: "ann".to_owned(), key: Secret::new("k"), subscriber: Some(true) };
    assert_eq!(GetSession::encode(&session), br#"{"session":{"key":"k","name":"ann","subscriber":1}}"#);
    for body in [r#"{"token":"t"}"#, r#"<?xml version="1.0"?><lfm status="ok"><token>t</token></lfm>"#] {
        assert_eq!(GetToken::decode(body.as_bytes()).unwrap().reveal(), "t");
    }
    assert_eq!(GetToken::encode(&Secret::new("t")), br#"{"token":"t"}"#);
    for body in [r#"{"token":""}"#, "{}", r#"{"session":{"name":"canary","key":7}}"#, r#"{"session":{"key":"canary"}}"#]
    {
        let (token, session) = (GetToken::decode(body.as_bytes()), GetSession::decode(body.as_bytes()));
        let errors = [token.err().map(|error| error.to_string()), session.err().map(|error| error.to_string())];
        assert!(errors.iter().all(Option::is_some), "{body}");
        assert!(!errors.iter().flatten().any(|error| error.contains("canary")), "{errors:?}");
    }
}

#[test]
fn the_side_that_is_asked_reads_logins() {
    let mut params = Params::new();
    params.set("username", "ann");
    assert_eq!(GetMobileSession::from_params(&params).unwrap_err(), ParamError::Missing { name: "password" });
    params.set("password", "p");
    assert_eq!(GetMobileSession::from_params(&params).unwrap().password.reveal(), "p");
    assert_eq!(GetSession::from_params(&params).unwrap_err(), ParamError::Missing { name: "token" });
    params.set("token", "t");
    assert_eq!(GetSession::from_params(&params).unwrap().token.reveal(), "t");
}

#[test]
fn a_client_with_a_session_signs_and_shares_its_turns() {
    let server = Server::saying(answer("200 OK", "", "{}"));
    let client = client(&server.root(), Service::LASTFM);
    let call = Love::new("A & B", "+#=");
    let error = block(client.call(&call)).unwrap_err();
    assert!(error.needs_login() && server.seen().is_empty(), "without a session nothing is sent");
    let mine = client.with_session(Secret::new("session"));
    block(mine.call(&call)).unwrap();
    let form = form(&server.seen()[0]);
    assert_eq!((value(&form, "sk"), value(&form, "artist")), (Some("session"), Some("A & B")));
    assert_eq!(value(&form, "track"), Some("+#="));
    let pairs = form.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    assert!(sign::check(pairs, &Secret::new("s"), value(&form, "api_sig").unwrap()));
    mine.pacer().hold(Duration::from_secs(5));
    assert_eq!(client.pacer().snapshot(), mine.pacer().snapshot());
}
