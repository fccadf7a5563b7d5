//! A disk that is full at some point: the run says so, nothing is torn, and with room again it goes on to the end.
//!
//! `HEARD_DISKS=all` tries every size from 1 to 40 MiB with a history that fills the largest of them.

use fakefm::Generate;

use crate::disks::Disk;
use crate::extent::asked;
use crate::home::{Home, Ran, fake_of, sync_words};

#[test]
fn full_at_any_size_and_whole_with_room() {
    let all = asked("HEARD_DISKS").as_deref() == Some("all");
    let (plays, sizes): (usize, Vec<u32>) =
        if all { (220_000, (1..=40).collect()) } else { (12_000, vec![1, 2, 3, 4]) };
    let fake = fake_of(&Generate { undated: 100, ..Generate::plain(7, plays, 1_700_000_000) });
    let whole = Home::new();
    whole.sync(&fake, &["-q"]).good();
    let digest = whole.digest();
    let url = fake.url();
    let sync = sync_words(&url, &["-q"]);
    let mut full = 0;
    for size in &sizes {
        let Some(disk) = Disk::of_mebibytes(*size) else { return };
        let home = Home::with_history(disk.path().join("history"));
        let inside = disk.inside();
        let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
        let run = |words: &[&str]| Ran::of(&mut home.command_under(&inside, words));
        let first = run(&sync);
        if first.code() != 0 {
            first.refused(74, "disk is full", "make room and run the same command again");
            full += 1;
        }
        // Still full: what is there is whole, or there is no room even for looking.
        let quick = run(&["verify", "--quick", "--json"]);
        assert!([0, 74].contains(&quick.code()), "{size} MiB: {quick}");
        disk.sh("mount -o remount,size=1g \"$0\"");
        run(&sync).good();
        let verified = run(&["verify", "--json"]).good().json();
        assert_eq!(verified["digest"], digest, "{size} MiB");
        assert_eq!(verified["findings"], serde_json::json!([]), "{size} MiB");
    }
    println!("{} sizes, {full} of them too small, {plays} plays: 0 differences, 0 torn files", sizes.len());
    assert!(full >= 2, "hardly any disk was full");
}
