//! The pictures that answers name, where the fake names its own: small PNGs, and what else may lie at such an address.

use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compression, Crc, write::ZlibEncoder};

use crate::{
    answer::{Answer, HTML, Refusal},
    backend::Backend,
    call::{Arrival, Format},
    faults::{Fault, Occasion},
    random::Random,
    spoil::spoil,
    stats::Logged,
    web,
};

/// What lies at the address of an album's cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// A PNG of eight by eight points. Equal numbers are equal bytes.
    Painted(u32),
    /// The star that stands for no cover; the address tells.
    Star,
    /// Nothing, which HTTP 404 says.
    Gone,
    /// A page for a browser, with status 200.
    Page,
    /// A PNG with so many bytes behind its end.
    Huge(usize),
    /// A redirect to this address.
    Elsewhere(String),
    /// The album's answer itself names this address.
    Named(String),
}

/// The name under which requests for pictures are counted, logged and spoilt.
const METHOD: &str = "picture";
const SIDE: u32 = 8;

impl Backend {
    /// Answers a request for the picture of this file name. `arrival.nth` is set here.
    pub(crate) fn picture(&mut self, mut arrival: Arrival, file: &str) -> Answer {
        let (nth, at_ms) = (self.next_request(), self.world.now_ms());
        arrival.nth = nth;
        if let Some(hook) = &mut self.hook {
            hook(nth, &mut self.world);
        }
        self.counter.arrived(METHOD);
        self.remember(arrival);
        let fault = self.script.take(Occasion { nth, method: METHOD, window: None, rows: None });
        let mut answer = lying_at(self.world.lore.cover(file), file);
        if let Some(fault) = &fault {
            let refuse = |refusal: &Refusal| Answer::refusal(Format::Json, refusal);
            answer = spoil(answer, fault, refuse, &mut Random::of_request(0x71c, nth));
        }
        self.log_picture(nth, at_ms, fault.as_ref(), answer.status);
        answer
    }

    fn log_picture(&mut self, nth: u64, at_ms: i64, fault: Option<&Fault>, status: u16) {
        let fault = fault.map(|fault| format!("{fault:?}"));
        let (method, user) = (METHOD.to_owned(), None);
        let (from, to, page, limit, rows) = (None, None, None, None, 0);
        let logged = Logged { nth, at_ms, method, user, from, to, page, limit, status, fault, rows };
        self.counter.answered(logged, &status.to_string(), self.keep.0);
    }
}

fn lying_at(cover: Option<&Cover>, file: &str) -> Answer {
    match cover {
        None => png(painted(file.bytes().fold(7, |sum: u32, byte| sum.wrapping_mul(31).wrapping_add(byte.into())))),
        Some(Cover::Painted(number)) => png(painted(*number)),
        Some(Cover::Star) => png(painted(0)),
        Some(Cover::Gone | Cover::Named(_)) => Answer::new(404, HTML, "<html><body>404</body></html>"),
        Some(Cover::Page) => Answer::new(200, HTML, "<html><body>Hello</body></html>"),
        Some(Cover::Huge(bytes)) => png([painted(1), vec![0; *bytes]].concat()),
        Some(Cover::Elsewhere(address)) => Answer { location: Some(address.clone()), ..Answer::new(301, HTML, "") },
    }
}

fn png(bytes: impl Into<Bytes>) -> Answer {
    Answer::new(200, "image/png", bytes)
}

/// A PNG in one colour (<https://www.w3.org/TR/png-3/>).
fn painted(number: u32) -> Vec<u8> {
    let [_, red, green, blue] = number.to_be_bytes();
    let line = [&[0][..], &[red, green, blue].repeat(SIDE as usize)].concat();
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&line.repeat(SIDE as usize)).expect("memory takes everything");
    let packed = packed.finish().expect("memory takes everything");
    let head = [&SIDE.to_be_bytes()[..], &SIDE.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", head), (b"IDAT", packed), (b"IEND", Vec::new())] {
        let mut sum = Crc::new();
        sum.update(kind);
        sum.update(&data);
        out.extend(u32::try_from(data.len()).expect("a picture of a few bytes").to_be_bytes());
        out.extend(kind);
        out.extend(&data);
        out.extend(sum.sum().to_be_bytes());
    }
    out
}

/// The address of an album's cover in one of its sizes: the service's own, or below `root`.
pub(crate) fn address(root: Option<&str>, cover: Option<&Cover>, folder: &str, file: &str) -> String {
    match (root, cover) {
        (_, Some(Cover::Named(address))) => address.clone(),
        (Some(root), Some(Cover::Star)) => format!("{root}/{folder}/{}", web::NO_PICTURE),
        (Some(root), _) if file != web::NO_PICTURE => format!("{root}/{folder}/{file}"),
        _ => format!("https://lastfm.freetls.fastly.net/i/u/{folder}/{file}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cover, address, lying_at, painted};

    #[test]
    fn equal_numbers_are_equal_pictures() {
        assert_eq!(painted(7), painted(7));
        assert_ne!(painted(7), painted(8));
        assert_eq!(painted(0x00ff_0000)[16..24], [0, 0, 0, 8, 0, 0, 0, 8]);
        assert_ne!(lying_at(None, "a.jpg").body, lying_at(None, "b.jpg").body);
        assert_eq!(lying_at(Some(&Cover::Huge(1_000)), "a.jpg").body.len(), painted(1).len() + 1_000);
    }

    #[test]
    fn addresses_are_the_services_until_there_is_a_root() {
        assert!(address(None, None, "64s", "a.jpg").starts_with("https://lastfm."));
        assert_eq!(address(Some("http://h/i/u"), None, "64s", "a.jpg"), "http://h/i/u/64s/a.jpg");
        assert!(address(Some("http://h/i/u"), Some(&Cover::Star), "64s", "a.jpg").contains("2a96cbd8b46e"));
        assert_eq!(address(None, Some(&Cover::Named("x:y".into())), "64s", "a.jpg"), "x:y");
    }
}
