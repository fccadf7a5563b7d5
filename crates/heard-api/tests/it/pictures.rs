//! Pictures from strangers' hosts: nothing is sent but the request, and nothing is believed.

use fakefm::{Config, Cover, FakeFm, Fault, Play, When, World};
use heard_api::{Class, ClientOptions, Clock, Credentials, Error, Pacer, PictureClient, Rate, Secret, Unfit};

const CANARY: &str = "c4a1ac4a1ac4a1ac4a1ac4a1ac4a1a09";

fn options(root: &str) -> ClientOptions {
    let mut credentials = Credentials::key(CANARY);
    credentials.session_key = Some(Secret::new(CANARY));
    let rate = if root.starts_with("http:") { Rate::Unpaced } else { Rate::default() };
    ClientOptions::new(root, credentials, Pacer::new(rate, Clock::at(1_600_000_000)))
}

fn fake() -> FakeFm {
    let mut world = World::of("ann");
    world.listener().add(&Play::new(1_600_000_000, "Mira Vale", "Tidewater").on("Doors"));
    FakeFm::start(Config { own_pictures: true, ..Config::new(world) }).unwrap()
}

fn place(fake: &FakeFm, file: &str) -> String {
    fake.url().replace("2.0/", &format!("i/u/300x300/{file}"))
}

#[tokio::test]
async fn a_picture_comes_with_its_type_and_without_any_key() {
    let fake = fake();
    let client = PictureClient::new(&options(&fake.url())).unwrap();
    let reply = client.get(&place(&fake, "a.jpg")).await.unwrap();
    assert_eq!((reply.status, reply.content_type.as_deref()), (200, Some("image/png")));
    assert!(reply.body.starts_with(b"\x89PNG"));
    let arrivals = fake.arrivals();
    assert_eq!(arrivals.len(), 1);
    assert!(!format!("{arrivals:?} {client:?}").contains(CANARY));
    assert!(arrivals[0].header("user-agent").unwrap().starts_with("heard/"));
}

#[tokio::test]
async fn bodies_have_an_end() {
    let fake = fake();
    fake.fail(When::Method("picture".into()), Fault::Bomb { mib: 64 });
    let client = PictureClient::new(&options(&fake.url())).unwrap();
    let error = client.get(&place(&fake, "a.jpg")).await.unwrap_err();
    assert!(matches!(error, Error::Unfit(Unfit::TooLarge)) && error.class() == Class::Fatal, "{error}");
    let small = ClientOptions { max_body: 20, ..options(&fake.url()) };
    fake.fail_no_more();
    let error = PictureClient::new(&small).unwrap().get(&place(&fake, "a.jpg")).await.unwrap_err();
    assert!(matches!(error, Error::Unfit(Unfit::TooLarge)), "{error}");
}

#[tokio::test]
async fn a_host_that_gives_a_byte_now_and_then_is_left() {
    let fake = fake();
    let hasty = ClientOptions { timeout: std::time::Duration::from_millis(200), ..options(&fake.url()) };
    let client = PictureClient::new(&hasty).unwrap();
    fake.fail_next(Fault::Drip { tick_ms: 50, for_ms: 60_000 });
    let error = client.get(&place(&fake, "a.jpg")).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }) && error.class() == Class::Retry, "{error}");
    assert_eq!(client.get(&place(&fake, "a.jpg")).await.unwrap().status, 200);
}

#[tokio::test]
async fn what_passes_is_told_from_what_stays() {
    let fake = fake();
    let client = PictureClient::new(&options(&fake.url())).unwrap();
    for (status, class) in [(500, Class::Retry), (503, Class::Retry), (429, Class::RateLimited)] {
        fake.fail_next(Fault::NoBody { status, retry_after: None });
        let error = client.get(&place(&fake, "a.jpg")).await.unwrap_err();
        assert_eq!(error.class(), class, "{error}");
    }
    for status in [400, 403, 404] {
        fake.fail_next(Fault::Html { status });
        assert_eq!(client.get(&place(&fake, "a.jpg")).await.unwrap().status, status);
    }
}

#[tokio::test]
async fn closed_addresses_are_not_gone_to() {
    let fake = fake();
    // A service on the open network may name nothing on this machine, by number or by name.
    let client = PictureClient::new(&options("https://service.invalid/2.0/")).unwrap();
    let by_name = place(&fake, "a.jpg").replace("127.0.0.1", "localhost");
    for (address, unfit) in [
        (place(&fake, "a.jpg"), Unfit::PrivateAddress),
        (by_name, Unfit::PrivateAddress),
        ("http://[::1]/a.jpg".to_owned(), Unfit::PrivateAddress),
        ("file:///etc/passwd".to_owned(), Unfit::Address),
        (place(&fake, "2a96cbd8b46e442fc41c2b86b821562f.png").replace("127.0.0.1", "8.8.8.8"), Unfit::Placeholder),
    ] {
        let error = client.get(&address).await.unwrap_err();
        assert!(matches!(error, Error::Unfit(found) if found == unfit), "{address}: {error:?}");
        assert!(!error.to_string().contains("jpg"), "{error}");
    }
    assert_eq!(fake.stats().requests, 0);
}

#[tokio::test]
async fn a_redirect_is_followed_only_where_one_may_go() {
    let fake = fake();
    let client = PictureClient::new(&options(&fake.url())).unwrap();
    let named = client_cover(&fake).await;
    for (to, status) in [
        (place(&fake, "b.jpg"), 200),
        ("gopher://127.0.0.1/x".to_owned(), 301),
        (place(&fake, "4128a6eb29f94943c9d206c08e625904.png"), 301),
        (named.clone(), 301),
    ] {
        fake.world().set_cover("Mira Vale", "Doors", Cover::Elsewhere(to.clone()));
        assert_eq!(client.get(&named).await.unwrap().status, status, "{to}");
    }
}

/// The address of the one album's cover, as the service names it.
async fn client_cover(fake: &FakeFm) -> String {
    use heard_api::Client;
    use heard_api::lastfm::album::GetInfo;
    let client = Client::new(options(&fake.url())).unwrap();
    let album = client.call(&GetInfo::new(("Mira Vale", "Doors"))).await.unwrap();
    album.images.last().unwrap().url.clone()
}

#[tokio::test]
async fn options_that_are_not_allowed_are_refused() {
    for root in ["http://example.com/2.0/", "ftp://example.com/", "canary"] {
        assert!(matches!(PictureClient::new(&options(root)), Err(Error::Configuration(_))), "{root}");
    }
    let mut fast = options("https://example.com/2.0/");
    fast.pacer = Pacer::new(Rate::PerSecond(5.1), Clock::at(0));
    assert!(PictureClient::new(&fast).is_err());
}
