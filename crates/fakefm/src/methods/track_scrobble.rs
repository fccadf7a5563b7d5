//! `track.scrobble`: up to fifty plays at once, of which each is taken or ignored for itself.

use crate::{
    answer::{Answer, Refusal},
    batch,
    methods::Turn,
    play::Play,
    sieve::{Names, ignored_message, untimely},
    tree::{self, Element, Member, branch, leaf},
    writes::Outcome,
    writing::Writing,
};

/// Answers as the fixtures `track.scrobble/swift_sample.json` (one) and `swift_multiple.json` (several) show.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let writing = &turn.rules.writing;
    let now = turn.world.now();
    let user = turn.writer()?;
    let asked = batch::scrobbles(turn.call, writing.batch_max)?;
    let account = turn.world.open(&user);
    let mut elements = Vec::with_capacity(asked.len());
    let mut outcomes = Vec::with_capacity(asked.len());
    for row in asked {
        let names = Names::of(&row, writing);
        let uts = row.uts().unwrap_or_default();
        let code = match names.filtered(writing) {
            0 => untimely(uts, now, account.written.new_on_day(now), writing),
            filtered => filtered,
        };
        outcomes.push(match code {
            0 if account.write(&play(uts, &names, row.mbid), now) => Outcome::Stored,
            0 => Outcome::Repeated,
            code => Outcome::Ignored(code),
        });
        elements.push(scrobble(&names, uts, code));
    }
    let ignored = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Ignored(_))).count();
    let all = scrobbles(elements, ignored, writing);
    turn.note.settle(outcomes);
    Ok(tree::answer(turn.format, Some(all)))
}

fn play(uts: i64, names: &Names, mbid: String) -> Play {
    let plain = Play::new(uts, &names.artist.text, &names.track.text).on(&names.album.text);
    Play { track_mbid: mbid, ..plain }
}

fn scrobble(names: &Names, uts: i64, code: u8) -> Element {
    let mut members: Vec<Member> = names.elements().map(Member::One).into();
    members.push(ignored_message(code).into());
    members.push(leaf("timestamp", uts.to_string()).into());
    branch("scrobble", members)
}

/// One scrobble stands for itself, several make a list.
fn scrobbles(mut elements: Vec<Element>, ignored: usize, writing: &Writing) -> Element {
    let accepted = elements.len() - ignored;
    let member = match (elements.len(), elements.pop()) {
        (1, Some(only)) => Member::One(only),
        (_, last) => {
            elements.extend(last);
            Member::Many("scrobble", elements)
        }
    };
    let all = branch("scrobbles", vec![member]);
    if writing.counts_as_text {
        all.with("ignored", ignored.to_string()).with("accepted", accepted.to_string())
    } else {
        all.counted("ignored", ignored as u64).counted("accepted", accepted as u64)
    }
}
