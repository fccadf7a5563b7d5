//! Addresses that a service names and nobody here chose: only those of the open network are gone to.
//!
//! Whoever can make a service name an address could otherwise have this machine knock at doors that are closed to them:
//! at programs on it, or at devices beside it.

use std::error::Error as StdError;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};

use crate::cause::deeper;
use crate::error::Unfit;
use crate::lastfm::answer::image::is_placeholder;

/// Redirects that are followed; an answer behind more of them is none.
const REDIRECTS: usize = 3;

/// Reads an address. With `anywhere`, this machine and private networks are open, too.
pub(crate) fn address(text: &str, anywhere: bool) -> Result<Url, Unfit> {
    let url = Url::parse(text).map_err(|_| Unfit::Address)?;
    check(&url, anywhere).map(|()| url)
}

fn check(url: &Url, anywhere: bool) -> Result<(), Unfit> {
    let has_user = !url.username().is_empty() || url.password().is_some();
    if has_user || !matches!(url.scheme(), "http" | "https") {
        return Err(Unfit::Address);
    }
    let host = url.host_str().ok_or(Unfit::Address)?;
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    if !anywhere && literal.is_ok_and(|address| !is_open(address)) {
        return Err(Unfit::PrivateAddress);
    }
    if is_placeholder(url.path()) { Err(Unfit::Placeholder) } else { Ok(()) }
}

/// Follows a few redirects to addresses that are allowed, and none from `https` to `http`. One that is not followed is
/// itself the answer.
pub(crate) fn redirects(anywhere: bool) -> Policy {
    Policy::custom(move |attempt: Attempt<'_>| {
        let is_downgrade =
            attempt.url().scheme() == "http" && attempt.previous().last().is_some_and(|it| it.scheme() == "https");
        if is_downgrade || attempt.previous().len() > REDIRECTS || check(attempt.url(), anywhere).is_err() {
            attempt.stop()
        } else {
            attempt.follow()
        }
    })
}

/// Looks names up, and leaves out what they say of this machine and of private networks.
#[derive(Debug)]
pub(crate) struct OpenNetwork;

impl Resolve for OpenNetwork {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let open = open_ones(found)?;
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

fn open_ones(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, OnlyPrivate> {
    let open: Vec<SocketAddr> = found.into_iter().filter(|address| is_open(address.ip())).collect();
    if open.is_empty() { Err(OnlyPrivate) } else { Ok(open) }
}

/// A name that leads to no address of the open network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name leads into a private network")]
struct OnlyPrivate;

/// Whether a request was not sent for want of an address in the open network.
pub(crate) fn is_refused(error: &reqwest::Error) -> bool {
    let mut causes = std::iter::successors(error.source(), |error| deeper(*error));
    causes.any(|error| error.downcast_ref::<OnlyPrivate>().is_some())
}

fn is_open(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_open_v4(address),
        IpAddr::V6(address) => is_open_v6(address),
    }
}

/// The blocks that IANA's registry of special addresses calls not globally reachable, and multicast
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>).
fn is_open_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special =
        address.is_private() || address.is_loopback() || address.is_link_local() || address.is_documentation();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmarks = a == 198 && (18..20).contains(&b);
    let protocols = (a, b, c) == (192, 0, 0);
    // 224 and above: multicast, reserved and broadcast.
    !(special || shared || benchmarks || protocols || a == 0 || a >= 224)
}

/// Only what is handed out to networks (2000::/3), and of that nothing that another address hides in
/// (<https://www.iana.org/assignments/iana-ipv6-special-registry>).
fn is_open_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, ..] = address.segments();
    let of_v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (first, second) {
        // 6to4: the next 32 bits are an address of the fourth version.
        (0x2002, high) => is_open_v4(of_v4(high, third)),
        // Teredo and other protocols; documentation.
        (0x2001, second) if second < 0x200 || second == 0x0db8 => false,
        (0x3fff, second) if second < 0x1000 => false,
        _ => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_network_is_open() {
        for closed in [
            "127.0.0.1",
            "127.8.8.8",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::1",
            "2002:a00:1::1",
            "3fff::1",
        ] {
            assert!(!is_open(closed.parse().unwrap()), "{closed}");
        }
        for open in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "198.20.0.1", "2606:4700::1", "2a00::1", "2002:808:808::1"]
        {
            assert!(is_open(open.parse().unwrap()), "{open}");
        }
    }

    #[test]
    fn addresses_are_of_the_web_and_of_strangers() {
        for (text, outcome) in [
            ("https://example.com/a.jpg", None),
            ("http://example.com:8080/a.jpg?size=3", None),
            ("https://8.8.8.8/a.jpg", None),
            ("ftp://example.com/a.jpg", Some(Unfit::Address)),
            ("file:///etc/passwd", Some(Unfit::Address)),
            ("data:image/png;base64,AA==", Some(Unfit::Address)),
            ("javascript:alert(1)", Some(Unfit::Address)),
            ("//example.com/a.jpg", Some(Unfit::Address)),
            ("a.jpg", Some(Unfit::Address)),
            ("", Some(Unfit::Address)),
            ("https://user:word@example.com/a.jpg", Some(Unfit::Address)),
            ("http://127.0.0.1/a.jpg", Some(Unfit::PrivateAddress)),
            ("http://2130706433/a.jpg", Some(Unfit::PrivateAddress)),
            ("http://0x7f.1/a.jpg", Some(Unfit::PrivateAddress)),
            ("http://[::1]:80/a.jpg", Some(Unfit::PrivateAddress)),
            ("http://[::ffff:192.168.0.1]/a.jpg", Some(Unfit::PrivateAddress)),
            ("https://example.com/i/u/64s/2a96cbd8b46e442fc41c2b86b821562f.png", Some(Unfit::Placeholder)),
        ] {
            assert_eq!(address(text, false).err(), outcome, "{text}");
            let anywhere = outcome.filter(|unfit| *unfit != Unfit::PrivateAddress);
            assert_eq!(address(text, true).err(), anywhere, "{text}");
        }
    }

    #[test]
    fn of_a_names_addresses_only_open_ones_are_left() {
        let [open, closed] = ["8.8.8.8:0", "192.168.0.1:0"].map(|text| text.parse::<SocketAddr>().unwrap());
        assert_eq!(open_ones(vec![closed, open]), Ok(vec![open]));
        assert_eq!(open_ones(vec![closed]), Err(OnlyPrivate));
        assert_eq!(open_ones(Vec::new()), Err(OnlyPrivate));
    }
}
