//! Keys are in no file.

use fakefm::{Config, Fault, When};
use fastrand::Rng;

use crate::lives::recognisable;
use crate::scene::{CANARY_KEY, CANARY_SECRET, Scene, difficult_world};

#[test]
fn no_file_of_the_home_holds_a_key() {
    let mut config = Config::new(difficult_world(&mut Rng::with_seed(3)));
    config.faults = recognisable(3, 0.4);
    let scene = Scene::with_page(config, 10);
    scene.fake.fail_times(When::Requests(2..9), Fault::XmlBody, 2);
    scene.complete(&scene.options);
    assert!(scene.fake.arrivals().iter().any(|arrival| arrival.query.contains(CANARY_KEY)), "the key was in use");
    let files = scene.files();
    for part in ["heard.db", "state.db", "archive.refused", ".jsonl.zst"] {
        assert!(files.iter().any(|path| path.to_string_lossy().contains(part)), "{part} is looked at");
    }
    for path in files {
        let mut texts = vec![std::fs::read(&path).unwrap()];
        if path.extension().is_some_and(|extension| extension == "zst") {
            texts.push(zstd::decode_all(&texts[0][..]).unwrap());
        }
        for text in texts {
            for secret in [CANARY_KEY, CANARY_SECRET] {
                assert!(memchr::memmem::find(&text, secret.as_bytes()).is_none(), "{}", path.display());
            }
        }
    }
}
