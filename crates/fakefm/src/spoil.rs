//! Does to a right answer what a fault says.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::{
    answer::{Answer, Delivery, HTML, JSON, Refusal},
    bomb,
    faults::Fault,
    mutation::Mutation,
    random::Random,
};

/// Spoils `answer` as `fault` says. The faults that need another answer altogether are not done here:
/// `OtherUser`, `OtherPage`, `Stale` and `XmlBody` leave it as it is.
/// `AfterWrite` is taken apart before; `refuse` writes a refusal in the service's form.
pub(crate) fn spoil(answer: Answer, fault: &Fault, refuse: impl Fn(&Refusal) -> Answer, random: &mut Random) -> Answer {
    match fault {
        Fault::Refusal { code, status, retry_after } => {
            Answer { retry_after: *retry_after, ..refuse(&Refusal::known(*code, *status)) }
        }
        Fault::NoBody { status, retry_after } => {
            Answer { retry_after: *retry_after, ..Answer::new(*status, HTML, Bytes::new()) }
        }
        Fault::Html { status } => Answer::new(*status, HTML, html(*status)),
        Fault::Bomb { mib } => Answer { gzip: true, ..Answer::new(200, JSON, bomb::zeros(*mib)) },
        Fault::Late { ms } => Answer { wait: Duration::from_millis(*ms), ..answer },
        Fault::Reset | Fault::CutConnection | Fault::Drip { .. } => {
            Answer { delivery: delivery(fault, answer.body.len(), random), ..answer }
        }
        _ => Answer { body: garbled(&answer.body, fault, random), ..answer },
    }
}

/// How a body of so many bytes travels under a fault of the line.
fn delivery(fault: &Fault, length: usize, random: &mut Random) -> Delivery {
    match fault {
        Fault::Reset => Delivery::Reset,
        Fault::CutConnection => Delivery::Cut { after: random.below(length) },
        Fault::Drip { tick_ms, for_ms } => Delivery::Drip {
            every: Duration::from_millis(*tick_ms),
            bytes: usize::try_from(for_ms / (*tick_ms).max(1)).unwrap_or(usize::MAX),
        },
        _ => Delivery::Whole,
    }
}

/// What a fault of the text makes of it.
fn garbled(body: &Bytes, fault: &Fault, random: &mut Random) -> Bytes {
    match fault {
        Fault::CutText => body.slice(..random.below(body.len())),
        Fault::InvalidUtf8 => with_foreign_bytes(body),
        Fault::DoubledKey => with_doubled_key(body),
        Fault::Mutated(mutation) => mutated(body, mutation),
        _ => body.clone(),
    }
}

fn html(status: u16) -> String {
    let what = match status {
        200 => "Be right back",
        400 => "Bad Request",
        502 => "Bad Gateway",
        503 => "Service Temporarily Unavailable",
        _ => "Internal Server Error",
    };
    format!(
        "<html>\r\n<head><title>{status} {what}</title></head>\r\n<body>\r\n<center><h1>{status} {what}</h1></center>\r\n\
         <hr><center>openresty</center>\r\n</body>\r\n</html>\r\n"
    )
}

/// Puts two bytes that no UTF-8 text holds behind the last opening quote of a name, or at the end.
fn with_foreign_bytes(body: &[u8]) -> Bytes {
    let mark = b"\"name\":\"";
    let at = body.windows(mark.len()).rposition(|part| part == mark).map_or(body.len(), |at| at + mark.len());
    let mut out = body[..at].to_vec();
    out.extend([0xC3, 0x28, 0xFF]);
    out.extend(&body[at..]);
    out.into()
}

/// Writes the main member of the inner object once more at its end, with an empty value.
fn with_doubled_key(body: &[u8]) -> Bytes {
    let Some(inner) = body.strip_suffix(b"}}") else {
        return Bytes::copy_from_slice(body);
    };
    let again: &[u8] = if body.starts_with(b"{\"user\"") { b",\"playcount\":\"0\"}}" } else { b",\"track\":[]}}" };
    [inner, again].concat().into()
}

/// The answer in the other shape; as it was, if it is not JSON or has no such member.
fn mutated(body: &Bytes, mutation: &Mutation) -> Bytes {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return body.clone();
    };
    if mutation.apply(&mut value) { value.to_string().into() } else { body.clone() }
}

#[cfg(test)]
mod tests {
    use super::{with_doubled_key, with_foreign_bytes};

    #[test]
    fn foreign_bytes_and_doubled_keys_stand_where_they_hurt() {
        let body = br#"{"recenttracks":{"track":[{"name":"T"}]}}"#;
        assert!(std::str::from_utf8(&with_foreign_bytes(body)).is_err());
        assert_eq!(with_foreign_bytes(b"x"), &b"x\xC3\x28\xFF"[..]);
        let doubled = with_doubled_key(body);
        assert_eq!(std::str::from_utf8(&doubled).unwrap().matches("\"track\":").count(), 2);
        assert!(serde_json::from_slice::<serde_json::Value>(&doubled).is_ok());
        assert!(with_doubled_key(br#"{"user":{"playcount":"3"}}"#).ends_with(br#","playcount":"0"}}"#));
        assert_eq!(with_doubled_key(b"<lfm>"), &b"<lfm>"[..]);
    }
}
