//! Honest zips, and names in zips.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::zip_maker::{Member, zip};
use super::{Seen, folder, see, told};

/// Walks over a zip of these members and tells what was found in it.
fn found_in(members: &[Member]) -> Vec<String> {
    let folder = folder(&[("a.zip", &zip(members))]);
    told(folder.path(), &see(&folder.path().join("a.zip")))
}

#[test]
fn members_come_in_the_order_of_their_names() {
    let text = "[{\"a\":1}]".repeat(1000);
    let members = [
        Member::deflated("MyData/b.json", text.as_bytes()),
        Member::stored("MyData/", b""),
        Member::stored("MyData/a.json", b"[]"),
        Member::stored("__MACOSX/MyData/._a.json", b"x"),
        Member::stored("MyData\\.a.json", b"x"),
        Member::stored("MyData/.DS_Store", b"x"),
        Member::stored("._MyData", b"x"),
        Member::stored(".scrobbler.log", b"#AUDIOSCROBBLER/1.1"),
        Member::stored("caf\u{e9}.json", b"[]"),
        Member { name: b"caf\x82.json".to_vec(), ..Member::stored("", b"[]") },
        Member::deflated("empty.json", b""),
    ];
    let folder = folder(&[("my data.zip", &zip(&members))]);
    let seen = see(folder.path());
    let expected =
        [".scrobbler.log", "MyData/a.json", "MyData/b.json", "caf\u{e9}.json", "caf\u{e9}.json", "empty.json"]
            .map(|name| format!("my data.zip/{name}"));
    assert_eq!(
        told(folder.path(), &seen),
        expected,
        "code page 437 where a name is no UTF-8; two may be called the same"
    );
    let Seen::Input { bytes, .. } = &seen[2] else { panic!("{seen:?}") };
    assert!(bytes == text.as_bytes());
}

#[test]
fn a_zip_made_by_a_library_is_read() {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    writer.add_directory("Takeout/", options).unwrap();
    for name in ["Takeout/b.json", "Takeout/a.json"] {
        writer.start_file(name, options.large_file(name.contains('b'))).unwrap();
        writer.write_all(name.as_bytes()).unwrap();
    }
    let folder = folder(&[("a.zip", writer.finish().unwrap().get_ref())]);
    let seen = see(folder.path());
    assert_eq!(told(folder.path(), &seen), ["a.zip/Takeout/a.json", "a.zip/Takeout/b.json"]);
}

#[test]
fn a_zip_whose_sizes_stand_behind_the_bytes_is_read() {
    let mut member = Member::deflated("a.json", b"[1,2,3]");
    member.flags = 8;
    let sizes = [member.crc, member.packed, member.size].map(u32::to_le_bytes).concat();
    let mut bytes = zip(std::slice::from_ref(&member));
    // What writers do that cannot go back: nothing in the first header, and everything behind the data.
    bytes[14..26].fill(0);
    let behind = 30 + member.name.len() + member.data.len();
    bytes.splice(behind..behind, [b"PK\x07\x08".as_slice(), &sizes].concat());
    let end = bytes.len();
    let begin = u32::from_le_bytes(bytes[end - 6..end - 2].try_into().unwrap()) + 16;
    bytes[end - 6..end - 2].copy_from_slice(&begin.to_le_bytes());
    let folder = folder(&[("a.zip", &bytes)]);
    let expected = Seen::Input {
        name: folder.path().join("a.zip/a.json").display().to_string(),
        kind: heard_history::import::inputs::Kind::Plain,
        bytes: b"[1,2,3]".to_vec(),
    };
    assert_eq!(see(folder.path()), [expected]);
}

#[test]
fn what_cannot_be_read_is_refused_and_the_others_are_read() {
    let encrypted = Member { flags: 1, ..Member::stored("b.json", b"[]") };
    let deflate64 = Member { method: 9, ..Member::stored("c.json", b"[]") };
    let link = Member { mode: 0o120_777, ..Member::stored("d.json", b"/etc/passwd") };
    let through_it = Member::stored("d.json/e.json", b"[]");
    let two_names = Member { local_name: Some(b"evil.json".to_vec()), ..Member::stored("f.json", b"[]") };
    let members = [
        Member::stored("a.json", b"[]"),
        encrypted,
        deflate64,
        link,
        through_it,
        two_names,
        Member::stored("g.zip", &zip(&[Member::stored("a.json", b"[]")])),
        Member::stored(
            "h.xlsx",
            &zip(&[Member::stored("[Content_Types].xml", b""), Member::stored("xl/workbook.xml", b"")]),
        ),
        Member::stored("i.parquet", b"PAR1 and more"),
        Member::stored("z.json", b"[]"),
    ];
    let expected = [
        "a.json",
        "b.json is encrypted; unpack the zip with its password and import the folder",
        "c.json is compressed in a way that is not read here; unpack the zip and import the folder",
        "d.json is a link, and links are not followed; name what it leads to",
        "d.json/e.json",
        "f.json bears another name at its place in the zip than in the zip's list",
        "g.zip is packed as a zip inside another container; unpack the outer one and import what is in it",
        "h.xlsx: Workbook",
        "i.parquet: Parquet",
        "z.json",
    ]
    .map(|line| format!("a.zip/{line}"));
    assert_eq!(found_in(&members), expected);
}

#[test]
fn a_name_in_unicode_beside_the_old_one_is_no_lie() {
    let second = [0x75, 0x70, 6, 0, 1, 0, 0, 0, 0, b'x'];
    let member =
        Member { extra: second.to_vec(), local_name: Some(b"\x82.json".to_vec()), ..Member::stored("é.json", b"[]") };
    assert_eq!(found_in(&[member]).len(), 1);
}

/// Everything below a folder.
fn listing(folder: &Path) -> BTreeSet<PathBuf> {
    let mut below = BTreeSet::new();
    let mut ahead = vec![folder.to_owned()];
    while let Some(folder) = ahead.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                ahead.push(entry.path());
            }
            below.insert(entry.path());
        }
    }
    below
}

#[test]
fn names_lead_nowhere() {
    let (deep, long) = (vec!["d"; 300].join("/"), "x".repeat(5000));
    let refused = [
        "../up.json",
        "a/../../up.json",
        "/etc/cron.d/a.json",
        "C:/windows/a.json",
        "c:a.json",
        "a\\b.json",
        "..\\up.json",
        "a\\..\\..\\up.json",
        "\\\\server\\share\\a.json",
        "nul\0.json",
        "a//b.json",
        "./a.json",
    ];
    let taken =
        ["CON.json", "NUL", "aux.txt", "trailing. .", "UPPER.json", "upper.json", "\u{202E}nosj.exe", "1:1.json"];
    let names = refused.iter().chain(&taken).copied().chain([deep.as_str(), &long]);
    let members: Vec<Member> = names.map(|name| Member::stored(name, name.as_bytes())).collect();
    let folder = folder(&[("inner/a.zip", &zip(&members))]);
    let before = listing(folder.path());
    let seen = see(folder.path());
    assert_eq!(listing(folder.path()), before, "nothing is written");
    let is_read = |seen: &&Seen| matches!(seen, Seen::Input { .. });
    assert_eq!(seen.iter().filter(is_read).count(), taken.len() + 1, "{:#?}", told(folder.path(), &seen));
    let sentence = "has a name that is not the name of a file in a folder; unpack the zip and import the folder";
    for seen in &seen {
        match seen {
            Seen::Input { name, .. } => assert!(!name.contains('\u{202E}'), "{name}"),
            Seen::Refused(_, why) => assert_eq!(why, sentence),
            Seen::Broken(..) => panic!("{seen:?}"),
        }
    }
    assert_eq!(seen.len(), members.len());
}
