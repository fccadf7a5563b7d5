//! How a call is signed: its parameters by name, and the shared secret.

use std::collections::BTreeMap;

use crate::{answer::Refusal, call::Call, md5};

/// What never takes part in a signature.
const UNSIGNED: [&str; 3] = ["format", "callback", "api_sig"];

/// Checks `api_sig` where `secret` is known; without a secret every signature is good, as at GNU FM.
///
/// # Errors
/// Error 13 for a missing or wrong signature, and for arrays without indices (`artist[]`), which never match.
pub(crate) fn check(call: &Call, secret: Option<&str>) -> Result<(), Refusal> {
    let Some(secret) = secret else {
        return Ok(());
    };
    let wrong = || Refusal::known(13, 400);
    if call.parameters().any(|(name, _)| name.ends_with("[]")) {
        return Err(wrong());
    }
    let given = call.get("api_sig").ok_or_else(wrong)?;
    let right = of(call.parameters(), secret);
    // Clients that send capital letters are served too.
    if given.eq_ignore_ascii_case(&right) { Ok(()) } else { Err(wrong()) }
}

/// The signature of these parameters: sorted by the bytes of their names, each name followed by its value, then the
/// secret, and the MD5 of it all. Empty values take part like any other.
fn of<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>, secret: &str) -> String {
    let mut sorted = BTreeMap::new();
    for (name, value) in parameters.filter(|(name, _)| !UNSIGNED.contains(name)) {
        sorted.entry(name).or_insert(value);
    }
    let mut text: String = sorted.into_iter().flat_map(|(name, value)| [name, value]).collect();
    text.push_str(secret);
    md5::hex(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{check, of};
    use crate::call::Call;

    #[test]
    fn the_published_vector_is_met() {
        // From the community's documentation of the signature.
        let parameters =
            [("method", "auth.getSession"), ("token", "YOUR_REQUESTED_TOKEN"), ("api_key", "YOUR_API_KEY")];
        assert_eq!(of(parameters.into_iter(), "YOUR_SECRET"), "94539006de89b3c6b3c030bb1e52b9c4");
    }

    #[test]
    fn names_are_sorted_by_bytes_and_some_left_out() {
        let md5 = |text: &str| crate::md5::hex(text.as_bytes());
        let shuffled =
            [("artist[1]", "b"), ("format", "json"), ("artist[10]", "k"), ("callback", "f"), ("artist[0]", "")];
        assert_eq!(of(shuffled.into_iter(), "s"), md5("artist[0]artist[10]kartist[1]bs"));
        let order = [("album[0]", "2"), ("albumArtist", "1")];
        assert_eq!(of(order.into_iter(), "s"), md5("albumArtist1album[0]2s"));
    }

    #[test]
    fn a_call_is_judged_by_its_signature() {
        let signature = crate::md5::hex("artistÅ & B+=methodms".as_bytes());
        let body = |sig: &str| format!("method=m&artist=%C3%85+%26+B%2B%3D&format=json&api_sig={sig}");
        let judged = |body: &str| check(&Call::new("", body.as_bytes()), Some("s")).map_err(|refusal| refusal.code);
        assert_eq!(judged(&body(&signature)), Ok(()));
        assert_eq!(judged(&body(&signature.to_uppercase())), Ok(()));
        assert_eq!(judged(&(body(&signature) + "&mbid=")), Err(13));
        assert_eq!(judged(&body("")), Err(13));
        assert_eq!(judged(&(body(&signature) + "&tag[]=x")), Err(13));
        assert!(check(&Call::new("", b""), None).is_ok());
    }
}
