//! What is found below folders, and single compressed files.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;

use flate2::{Compression, write::GzEncoder};
use heard_history::import::inputs::{Found, Kind, Limits, walk};

use super::zip_maker::{Member, zip};
use super::{Seen, folder, see, see_within, told};

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names_and_without_litter() {
    let folder = folder(&[
        ("b.json", b"[]"),
        ("a/2.json", b"[]"),
        ("a/10.json", b"[]"),
        ("a.json", b"[]"),
        (".DS_Store", b"x"),
        ("a/._2.json", b"x"),
        (".hidden/c.json", b"[]"),
        ("__MACOSX/a.json", b"x"),
        ("player/.scrobbler.log", b"#AUDIOSCROBBLER/1.1"),
        ("empty.csv", b""),
    ]);
    let expected = ["a/10.json", "a/2.json", "a.json", "b.json", "empty.csv", "player/.scrobbler.log"];
    assert_eq!(told(folder.path(), &see(folder.path())), expected);
}

#[test]
fn a_path_that_is_given_is_taken_as_it_is() {
    let folder = folder(&[(".hidden/c.json", b"[1]"), ("__MACOSX/a.json", b"[2]"), ("d.json", b"[3]")]);
    let given = [".hidden/c.json", "__MACOSX", "d.json", "d.json"].map(|name| folder.path().join(name));
    let seen = see_within(&given, &Limits::default());
    assert_eq!(told(folder.path(), &seen), [".hidden/c.json", "__MACOSX/a.json", "d.json", "d.json"]);
    let mut named = Vec::new();
    let _ = walk(&given, &Limits::default(), &mut |found| {
        let Found::Input(input) = found else { panic!("{found:?}") };
        assert_eq!((input.size(), input.path().is_some()), (Some(3), true));
        named.push(input.is_named());
        ControlFlow::Continue(())
    });
    assert_eq!(named, [true, false, true, true]);
}

#[test]
fn what_is_not_there_or_no_file_is_refused_and_the_walk_goes_on() {
    let folder = folder(&[("a.json", b"[]"), ("z.json", b"[]")]);
    rustix::fs::mknodat(rustix::fs::CWD, folder.path().join("pipe"), rustix::fs::FileType::Fifo, 0o600.into(), 0)
        .unwrap();
    std::os::unix::fs::symlink("a.json", folder.path().join("link.json")).unwrap();
    std::os::unix::fs::symlink(".", folder.path().join("loop")).unwrap();
    let found = told(folder.path(), &see(folder.path()));
    let expected = [
        "a.json",
        "link.json is a link, and links are not followed; name what it leads to",
        "loop is a link, and links are not followed; name what it leads to",
        "pipe is neither a file nor a folder; save it as a file first",
        "z.json",
    ];
    assert_eq!(found, expected);
    let given = ["nothing", "link.json", "pipe", "z.json"].map(|name| folder.path().join(name));
    let found = told(folder.path(), &see_within(&given, &Limits::default()));
    let expected = [
        "nothing does not exist",
        "link.json",
        "pipe is neither a file nor a folder; save it as a file first",
        "z.json",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        println!("root may read everything: nothing to see here");
        return;
    }
    let folder = folder(&[("a.json", b"[]"), ("b.json", b"[]")]);
    #[allow(clippy::disallowed_methods, reason = "a test's own file")]
    std::fs::set_permissions(folder.path().join("a.json"), PermissionsExt::from_mode(0o000)).unwrap();
    let found = told(folder.path(), &see(folder.path()));
    assert_eq!(found, ["a.json may not be read by you; change its permissions", "b.json"]);
}

#[test]
fn a_walk_stops_where_it_is_told_to() {
    let folder = folder(&[("a.json", b"[]"), ("b.json", b"[]"), ("c.json", b"[]")]);
    let mut seen = 0;
    let flow = walk(&[folder.path().to_owned()], &Limits::default(), &mut |_| {
        seen += 1;
        if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((flow, seen), (ControlFlow::Break(()), 2));
}

#[test]
fn files_are_known_by_their_bytes_and_not_by_their_names() {
    let zst = |bytes: &[u8]| zstd::bulk::compress(bytes, 3).unwrap();
    let many = [gz(b"first "), gz(b"second")].concat();
    let workbook = zip(&[Member::stored("odd", b"1"), Member::deflated("xl/workbook.xml", b"<workbook/>")]);
    let mut tar = vec![0; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    let folder = folder(&[
        ("a.json", &gz(b"{\"a\":1}")),
        ("b.csv", &zst(b"a,b\n")),
        ("c.gz", b"plain text"),
        ("d", &many),
        ("e.zip", b"PAR1 and more"),
        ("f.txt", &workbook),
        ("g.gz", &gz(&gz(b"twice"))),
        ("h.zst", &zst(&zip(&[Member::stored("a", b"")]))),
        ("i.tgz", &gz(&tar)),
        ("j.tar", &tar),
        ("k.7z", b"7z\xbc\xaf\x27\x1c\0\x04"),
        ("l.gz", &gz(b"PAR1 and more")),
        ("m.csv", b"PK,is an artist\n"),
        ("n.xz", b"\xfd7zXZ\0\0\x04"),
    ]);
    let seen = see(folder.path());
    let expected = [
        "a.json",
        "b.csv",
        "c.gz",
        "d",
        "e.zip: Parquet",
        "f.txt: Workbook",
        "g.gz is packed as gzip inside another container; unpack the outer one and import what is in it",
        "h.zst is packed as a zip inside another container; unpack the outer one and import what is in it",
        "i.tgz is packed as tar inside another container; unpack the outer one and import what is in it",
        "j.tar is packed as tar; unpack it and import what is in it",
        "k.7z is packed as 7z; unpack it and import what is in it",
        "l.gz: Parquet",
        "m.csv",
        "n.xz is packed as xz; unpack it and import what is in it",
    ];
    assert_eq!(told(folder.path(), &seen), expected);
    let bytes = |at: usize| match &seen[at] {
        Seen::Input { bytes, .. } => bytes.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(bytes(0), b"{\"a\":1}");
    assert_eq!(bytes(1), b"a,b\n");
    assert_eq!(bytes(3), b"first second");
    assert_eq!(bytes(5), workbook, "a workbook is handed on as it lies there");
}

#[test]
fn a_compressed_file_that_breaks_off_tells_so() {
    let text: String = (0..20_000).map(|line| format!("{{\"line\":{line}}}\n")).collect();
    let whole = gz(text.as_bytes());
    let folder = folder(&[("a.gz", &whole[..whole.len() / 2])]);
    let paths: Vec<PathBuf> = vec![folder.path().join("a.gz")];
    let flow = walk(&paths, &Limits::default(), &mut |found| {
        let Found::Input(mut input) = found else { panic!("{found:?}") };
        assert_eq!((input.kind(), input.size(), input.path()), (Kind::Plain, None, None));
        let mut bytes = Vec::new();
        let error = std::io::copy(&mut input.open().unwrap(), &mut bytes).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
        assert!(bytes.len() > text.len() / 4 && text.as_bytes().starts_with(&bytes), "what came before is kept");
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
}

#[test]
fn names_that_act_on_a_terminal_are_shown_escaped() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[("cafe\u{301} \u{202E}nosj.exe", b"[]"), ("bell\u{7}\n.json", b"[]")]);
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"latin-\xE9.json"));
    super::put(&odd, b"[]");
    let found = told(folder.path(), &see(folder.path()));
    assert_eq!(found, ["bell\\u{7}\\n.json", "cafe\u{301} \\u{202e}nosj.exe", "latin-\\xE9.json"]);
}
