//! Signatures of the Last.fm protocol, made and checked.

use md5::{Digest, Md5};

use crate::secret::Secret;

/// The `api_sig` of a request: the MD5, in lower-case hexadecimal, of all parameters sorted by the bytes of
/// their names, each name followed by its raw value, then the shared secret. `format`, `callback` and
/// `api_sig` itself take no part (<https://www.last.fm/api/authspec>, section 8).
///
/// ```
/// use heard_api::{Secret, sign};
///
/// let params = [("token", "t"), ("method", "auth.getSession"), ("api_key", "k"), ("format", "json")];
/// let signature = sign::api_sig(params, &Secret::new("s"));
/// assert!(sign::check(params, &Secret::new("s"), &signature));
/// ```
#[must_use]
pub fn api_sig<'a>(params: impl IntoIterator<Item = (&'a str, &'a str)>, secret: &Secret) -> String {
    let mut signed: Vec<_> = params.into_iter().filter(|(name, _)| takes_part(name)).collect();
    signed.sort_by_key(|(name, _)| name.as_bytes());
    let mut digest = Md5::new();
    for (name, value) in signed {
        digest.update(name);
        digest.update(value);
    }
    digest.update(secret.reveal());
    base16ct::lower::encode_string(&digest.finalize())
}

/// Whether `signature`, in either case of its letters, is the one of these parameters. Takes the same time
/// for every wrong signature of the right length.
#[must_use]
pub fn check<'a>(params: impl IntoIterator<Item = (&'a str, &'a str)>, secret: &Secret, signature: &str) -> bool {
    let right = api_sig(params, secret);
    let difference =
        right.bytes().zip(signature.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b.to_ascii_lowercase()));
    right.len() == signature.len() && difference == 0
}

/// The MD5 of a text, in lower-case hexadecimal.
#[must_use]
pub fn md5(text: &str) -> String {
    base16ct::lower::encode_string(&Md5::digest(text))
}

fn takes_part(name: &str) -> bool {
    !matches!(name, "format" | "callback" | "api_sig")
}
