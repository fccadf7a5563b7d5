//! The manners of GNU FM and Libre.fm where they are not Last.fm's, after that server's source and the fixtures
//! `librefm/user.getRecentTracks/quoted_07_no_listens.json` and `librefm/user.getLovedTracks/lb_page1.json`.

use serde_json::{Value, json};

use crate::{
    account::Account,
    answer::{Answer, JSON, Refusal},
    call::Format,
    methods::user_get_recent_tracks::{self, Question},
    rules::{Rules, SingleRow},
};

/// What is refused, always with HTTP 200: by the front door with a number, of what is not there as an object.
pub(crate) fn refusal(refusal: &Refusal) -> Answer {
    let body = match (refusal.code, refusal.message.as_str()) {
        (7, message) => json!({"error": {"#text": message, "code": "7"}}),
        (6, "User not found") => return self::refusal(&nothing()),
        (code, message) => json!({"error": code, "message": message}),
    };
    Answer::new(200, JSON, body.to_string())
}

fn nothing() -> Refusal {
    Refusal::new(7, 200, "Invalid resource specified")
}

/// One page: without a total, with the pages of everything whatever window is asked for, a single row as the bare row,
/// and what sounds now on the first page alone, with the present second. Without rows there is nothing to be shown.
pub(crate) fn recent_tracks(
    account: &mut Account,
    question: Question,
    rules: &Rules,
    (nth, now): (u64, i64),
) -> Result<Answer, Refusal> {
    let everything = account.len();
    let rules = Rules { single_row: SingleRow::List, ..rules.clone() };
    let answer = user_get_recent_tracks::answer(account, question, &rules, Format::Json, (nth, now))?;
    if answer.rows == 0 {
        return Err(nothing());
    }
    let mut body: Value = serde_json::from_slice(&answer.body).map_err(|_| Refusal::known(8, 200))?;
    let list = &mut body["recenttracks"];
    let limit = usize::try_from(question.limit).unwrap_or(usize::MAX);
    if let Some(attributes) = list["@attr"].as_object_mut() {
        attributes.remove("total");
        attributes.insert("totalPages".to_owned(), everything.div_ceil(limit).to_string().into());
    }
    if let Some(rows) = list["track"].as_array_mut() {
        rows.retain(|row| question.page == 1 || !sounds_now(row));
        for row in rows.iter_mut().filter(|row| sounds_now(row)) {
            row["date"] = json!({"uts": now.to_string(), "#text": "now"});
        }
        if let [row] = rows.as_mut_slice() {
            let row = row.take();
            list["track"] = row;
        }
    }
    Ok(Answer { body: body.to_string().into(), ..answer })
}

fn sounds_now(row: &Value) -> bool {
    row["@attr"]["nowplaying"] == "true"
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{recent_tracks, refusal};
    use crate::{
        account::Account, answer::Refusal, methods::user_get_recent_tracks::Question, play::Play, rules::Rules,
    };

    fn page(account: &mut Account, window: Option<(i64, i64)>, page: u32) -> Value {
        let (from, to) = (window.map(|(from, _)| from), window.map(|(_, to)| to));
        let question = Question { from, to, page, limit: 2, extended: false };
        let answer =
            recent_tracks(account, question, &Rules::default(), (1, 900)).unwrap_or_else(|none| refusal(&none));
        assert_eq!(answer.status, 200);
        serde_json::from_slice(&answer.body).unwrap()
    }

    #[test]
    fn a_list_tells_less_than_last_fm_does() {
        let mut account = Account::new("ann");
        account.extend((1..=5).map(|n| Play::new(n * 10, "A", format!("T{n}"))));
        account.set_now_playing(Some(&Play::new(0, "A", "Now")));
        let first = page(&mut account, None, 1);
        let list = &first["recenttracks"];
        assert_eq!((&list["@attr"]["total"], &list["@attr"]["totalPages"]), (&Value::Null, &Value::from("3")));
        assert_eq!((list["track"].as_array().unwrap().len(), &list["track"][0]["date"]["uts"]), (3, &"900".into()));
        let last = page(&mut account, None, 3);
        assert_eq!(last["recenttracks"]["track"]["name"], "T1", "one row is bare, and nothing sounds there");
        let window = page(&mut account, Some((15, 25)), 1);
        assert_eq!(window["recenttracks"]["@attr"]["totalPages"], "3", "of everything");
        for none in [page(&mut account, Some((60, 70)), 1), page(&mut account, None, 4)] {
            assert_eq!(none["error"]["code"], "7");
        }
    }

    #[test]
    fn refusals_come_with_200() {
        let body = |code, message: &str| -> Value {
            serde_json::from_slice(&refusal(&Refusal::new(code, 404, message)).body).unwrap()
        };
        assert_eq!(body(6, "User not found")["error"]["code"], "7");
        assert_eq!(body(9, "Invalid session key")["error"], 9);
    }
}
