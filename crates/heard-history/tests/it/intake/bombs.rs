//! Zips that want to be more than they are. The limits count bytes that really come out.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;

use flate2::{Compression, write::GzEncoder};
use heard_history::import::inputs::{Found, Limits, Refusal, walk};

use super::zip_maker::{Ending, Member, deflated_zeros, zip, zip_ending};
use super::{folder, see, see_within, told};

/// Bytes that come out before the refusal, and the refusal.
fn produced(bytes: &[u8], limits: &Limits) -> Vec<(u64, Refusal)> {
    let folder = folder(&[("a", bytes)]);
    let mut all = Vec::new();
    let _ = walk(&[folder.path().to_owned()], limits, &mut |found| {
        let Found::Input(mut input) = found else { panic!("{found:?}") };
        let mut count = 0;
        let mut stream = input.open().unwrap();
        let mut buffer = vec![0; 1 << 16];
        let error = loop {
            match stream.read(&mut buffer) {
                Ok(0) => panic!("{count} bytes came out, and no refusal"),
                Ok(read) => count += read as u64,
                Err(error) => break error,
            }
        };
        all.push((count, error.downcast::<Refusal>().expect("a refusal")));
        ControlFlow::Continue(())
    });
    all
}

/// 10 GiB of zeros in 10 MB.
fn flat() -> Vec<u8> {
    let data = deflated_zeros(160);
    assert!(data.len() < 12 << 20, "{}", data.len());
    let packed = u32::try_from(data.len()).unwrap();
    zip(&[Member { data, packed, method: 8, size: u32::MAX, ..Member::stored("a.json", b"") }])
}

#[test]
fn much_out_of_little_is_stopped_at_the_limit() {
    let bomb = flat();
    let limits = Limits::default();
    let [(count, Refusal::TooDense { ratio: 200 })] = produced(&bomb, &limits)[..] else { panic!() };
    assert!(count <= limits.ratio_after + (1 << 16), "{count}");
    // And if it were not so dense:
    let limits = Limits { ratio: u64::MAX, ..limits };
    let [(count, Refusal::TooLarge { limit })] = produced(&bomb, &limits)[..] else { panic!() };
    assert_eq!(limit, 512 << 20);
    assert!(count <= limit + (1 << 16), "{count}");
}

#[test]
fn gzip_and_zstd_have_the_same_limits() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    io::copy(&mut io::repeat(0).take(64 << 20), &mut encoder).unwrap();
    let zst = zstd::encode_all(io::repeat(0).take(64 << 20), 1).unwrap();
    for bomb in [encoder.finish().unwrap(), zst] {
        let [(count, Refusal::TooDense { .. })] = produced(&bomb, &Limits::default())[..] else { panic!() };
        assert!(count <= (10 << 20) + (1 << 16), "{count}");
        let limits = Limits { ratio: u64::MAX, container_bytes: 20 << 20, ..Limits::default() };
        let [(count, Refusal::TooLargeInAll { .. } | Refusal::TooLarge { .. })] = produced(&bomb, &limits)[..] else {
            panic!()
        };
        assert!(count <= (20 << 20) + (1 << 16), "{count}");
    }
}

#[test]
fn members_have_one_limit_together_and_reading_again_costs_nothing() {
    let text = vec![b'x'; 1000];
    let members = ["a", "b", "c", "d"].map(|name| Member::stored(name, &text));
    let folder = folder(&[("a.zip", &zip(&members))]);
    let limits = Limits { container_bytes: 2500, ..Limits::default() };
    let found = told(folder.path(), &see_within(&[folder.path().to_owned()], &limits));
    assert_eq!(found[..2], ["a.zip/a", "a.zip/b"]);
    let sentence = "is in a container from which more than 2500 bytes come; unpack it and import what is in it";
    assert_eq!(found[2..], [format!("a.zip/c {sentence}"), format!("a.zip/d {sentence}")]);
    let limits = Limits { member_bytes: 999, ..Limits::default() };
    let found = told(folder.path(), &see_within(&[folder.path().to_owned()], &limits));
    assert!(found.iter().all(|line| line.contains("more than 999 bytes")), "{found:?}");
}

#[test]
fn a_nested_bomb_is_not_opened() {
    let mut bomb = flat();
    for level in 0..5 {
        let members: Vec<Member> = (0..2).map(|copy| Member::deflated(&format!("{level}-{copy}.zip"), &bomb)).collect();
        bomb = zip(&members);
    }
    let folder = folder(&[("bomb.zip", &bomb)]);
    let found = told(folder.path(), &see(folder.path()));
    let sentence = "is packed as a zip inside another container; unpack the outer one and import what is in it";
    assert_eq!(found, [format!("bomb.zip/4-0.zip {sentence}"), format!("bomb.zip/4-1.zip {sentence}")]);
}

#[test]
fn a_hundred_thousand_members_are_refused_by_their_count() {
    let one = Member::stored("", b"");
    let members: Vec<Member> =
        (0..100_000).map(|number| Member { name: format!("{number}").into_bytes(), ..one.clone() }).collect();
    let endings = [
        (Ending { count: u16::MAX, count64: Some(100_000) }, "holds 100000 files"),
        // What a writer without zip64 leaves of the count.
        (Ending { count: 34_464, count64: None }, "holds 34464 files"),
        (Ending { count: u16::MAX, count64: Some(501) }, "holds 501 files"),
    ];
    for (ending, sentence) in endings {
        let folder = folder(&[("a.zip", &zip_ending(&members, &ending))]);
        let found = told(folder.path(), &see(folder.path()));
        assert_eq!(found.len(), 1);
        assert!(found[0].contains(sentence), "{found:?}");
    }
    let folder = folder(&[("a.zip", &zip(&members[..500]))]);
    assert_eq!(see(folder.path()).len(), 500, "as many are read");
}

const NOT_WHOLE: &str = "a.zip is not a whole zip: it is cut off or damaged; download it again";

#[test]
fn a_zip_that_breaks_off_is_told_in_words_for_people() {
    let whole = zip(&["a", "b"].map(|name| Member::stored(name, b"[]")));
    for length in [4, 30, whole.len() / 2, whole.len() - 1] {
        let folder = folder(&[("a.zip", &whole[..length])]);
        assert_eq!(told(folder.path(), &see(folder.path())), [NOT_WHOLE], "{length} bytes");
    }
}

#[test]
fn false_counts_are_found_out() {
    let members = ["a", "b", "c"].map(|name| Member::stored(name, b"[]"));
    let told_of = |ending: &Ending| {
        let folder = folder(&[("a.zip", &zip_ending(&members, ending))]);
        told(folder.path(), &see(folder.path()))
    };
    for count64 in [u64::MAX, u64::MAX / 46, 1 << 40] {
        let found = told_of(&Ending { count: u16::MAX, count64: Some(count64) });
        assert!(matches!(&found[..], [one] if one == NOT_WHOLE || one.contains("holds")), "{found:?}");
    }
    // More than there are: those that are there are read, and the end is named.
    let found = told_of(&Ending { count: 4, count64: None });
    assert_eq!(found.last().unwrap(), NOT_WHOLE, "{found:?}");
}

#[test]
fn members_that_share_bytes_are_refused() {
    let inner = zip(&[Member::stored("b.json", b"[]")]);
    let outer = Member::stored("a.json", &inner);
    let mut twin = Member::stored("b.json", b"[]");
    // The second one lies inside of the first one's bytes.
    let length = i64::try_from(30 + outer.name.len() + outer.data.len()).unwrap();
    twin.shift = 30 + i64::try_from(outer.name.len()).unwrap() - length;
    let folder = folder(&[("a.zip", &zip(&[outer, twin]))]);
    let found = told(folder.path(), &see(folder.path()));
    assert_eq!(found, ["a.zip is made so that files in it share their bytes; no honest zip is"]);
}

#[test]
fn sizes_that_lie_end_in_an_error() {
    let honest = Member::deflated("b.json", &b"[1,2,3]".repeat(100));
    let smaller = Member { size: 10, ..honest.clone() };
    let larger = Member { size: 100_000, ..honest.clone() };
    let beyond = Member { packed: 1 << 30, ..honest.clone() };
    let less = Member { packed: 4, ..honest.clone() };
    let other = Member { crc: honest.crc ^ 1, ..honest.clone() };
    for (name, member) in [("smaller", smaller), ("less", less), ("other", other)] {
        let folder = folder(&[("a.zip", &zip(&[Member::stored("a.json", b"[]"), member]))]);
        let found = told(folder.path(), &see(folder.path()));
        assert!(found.len() == 2 && found[0] == "a.zip/a.json", "{name}: {found:?}");
        assert!(found[1].contains("broke: ") || found[1].contains("cannot be read"), "{name}: {found:?}");
    }
    let folder = folder(&[("a.zip", &zip(&[larger])), ("b.zip", &zip(&[beyond]))]);
    let shares = "b.zip is made so that files in it share their bytes; no honest zip is";
    assert_eq!(told(folder.path(), &see(folder.path())), ["a.zip/b.json", shares], "what comes out is what counts");
}

#[test]
fn damaged_zips_end_in_a_sentence() {
    let whole = zip(&[Member::deflated("a.json", &b"[1,2,3]".repeat(50)), Member::stored("b.json", b"[]")]);
    crate::seeds::each(300, |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut bytes = whole.clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(4..bytes.len());
            bytes[at] = random.u8(..);
        }
        if random.bool() {
            bytes.truncate(random.usize(4..bytes.len()));
        }
        let folder = folder(&[("a.zip", &bytes)]);
        let paths: Vec<PathBuf> = vec![folder.path().to_owned()];
        assert!(!see_within(&paths, &Limits::default()).is_empty(), "nothing is told of it");
    });
}
