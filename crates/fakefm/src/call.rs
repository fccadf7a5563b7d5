//! What a client asked: parameters of query and body in one, and the bytes as they came.

use bytes::Bytes;

/// One request as it arrived, before anything was made of it.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Its number, from 1.
    pub nth: u64,
    /// `GET` or `POST`.
    pub verb: String,
    /// The path without query.
    pub path: String,
    /// The query as sent, without `?`; empty when there was none.
    pub query: String,
    /// The headers in their order; values that are not text are shown with replacement characters.
    pub headers: Vec<(String, String)>,
    /// The body as sent.
    pub body: Bytes,
}

impl Arrival {
    /// The parameters of the query and of a form body, those of the body first.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let call = Call::new(&self.query, &self.body);
        call.parameters().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The value of header `name`, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

/// The parameters of a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Call {
    parameters: Vec<(String, String)>,
    /// How many of them, the first ones, stand in the form body.
    in_form: usize,
}

impl Call {
    /// The parameters of the query and of a form body; where both name one, the body's counts.
    pub(crate) fn new(query: &str, body: &[u8]) -> Self {
        let mut parameters: Vec<_> = form_urlencoded::parse(body).into_owned().collect();
        let in_form = parameters.len();
        parameters.extend(form_urlencoded::parse(query.as_bytes()).into_owned());
        Self { parameters, in_form }
    }

    /// The same call without what stands in its query: what a method that writes gets to see.
    pub(crate) fn form(&self) -> Self {
        Self { parameters: self.parameters.iter().take(self.in_form).cloned().collect(), in_form: self.in_form }
    }

    /// All parameters, empty ones too; those of the body first.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a parameter; an empty one is as good as none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A whole number, or `Err` when the parameter is something else.
    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>, N::Err> {
        self.get(name).map(str::parse).transpose()
    }

    /// The method, in lower case: the service does not care about the case of unsigned calls.
    pub(crate) fn method(&self) -> String {
        self.get("method").unwrap_or_default().to_lowercase()
    }

    pub(crate) fn format(&self) -> Format {
        if self.get("format") == Some("json") { Format::Json } else { Format::Xml }
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Format};

    #[test]
    fn query_and_body_are_one() {
        let call = Call::new("format=json&user=q&limit=x", b"method=User.GetInfo&user=b%20b&page=3&from=");
        assert_eq!(call.method(), "user.getinfo");
        assert_eq!((call.get("user"), call.get("from"), call.format()), (Some("b b"), None, Format::Json));
        assert_eq!(call.number::<u64>("page"), Ok(Some(3)));
        assert_eq!(call.number::<u64>("to"), Ok(None));
        assert!(call.number::<u64>("limit").is_err());
        assert_eq!(Call::new("", b"").format(), Format::Xml);
        assert_eq!(
            call.form().parameters().map(|(name, _)| name).collect::<Vec<_>>(),
            ["method", "user", "page", "from"]
        );
        assert_eq!((call.form().get("limit"), call.parameters().count()), (None, 7));
    }
}
