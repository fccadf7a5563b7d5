//! Answers as trees, written as the service's XML and as the JSON that it translates from that: attributes become
//! members, the text of an element with attributes `#text`, the attributes of a container `@attr`.

use std::fmt::Write as _;

use crate::{
    answer::Answer,
    call::Format,
    json::{push, string},
    xml::{escape, open_document},
};

/// A text or a number; in XML there is no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text(String),
    Number(u64),
}

/// What an element holds.
#[derive(Debug, Clone)]
enum Content {
    Leaf(Scalar),
    Branch(Vec<Member>),
}

/// What stands under one name: one element, or a list, which may be empty or hold just one.
#[derive(Debug, Clone)]
pub(crate) enum Member {
    One(Element),
    Many(&'static str, Vec<Element>),
}

/// One element with its attributes.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, Scalar)>,
    content: Content,
}

impl From<Element> for Member {
    fn from(element: Element) -> Self {
        Self::One(element)
    }
}

/// An element with nothing but a text.
pub(crate) fn leaf(name: &'static str, text: impl Into<String>) -> Element {
    Element { name, attributes: Vec::new(), content: Content::Leaf(Scalar::Text(text.into())) }
}

/// An element with nothing but a number.
pub(crate) fn number(name: &'static str, number: u64) -> Element {
    Element { name, attributes: Vec::new(), content: Content::Leaf(Scalar::Number(number)) }
}

/// An element of elements.
pub(crate) fn branch(name: &'static str, members: Vec<Member>) -> Element {
    Element { name, attributes: Vec::new(), content: Content::Branch(members) }
}

impl Element {
    /// The same element with one more attribute.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, Scalar::Text(value.into())));
        self
    }

    /// The same element with one more attribute, which JSON writes as a number.
    pub(crate) fn counted(mut self, name: &'static str, value: u64) -> Self {
        self.attributes.push((name, Scalar::Number(value)));
        self
    }
}

/// The answer that holds `member`, or nothing (fixture `track.love/doc_ok.xml`; `{}` in JSON).
pub(crate) fn answer(format: Format, member: Option<Element>) -> Answer {
    let member: Vec<Member> = member.into_iter().map(Member::One).collect();
    let mut out = String::new();
    match format {
        Format::Json => object(&mut out, &[], &member),
        Format::Xml => {
            out = open_document("ok");
            members(&mut out, 1, &member);
            out.push_str("</lfm>\n");
        }
    }
    Answer::good(format, out, 0)
}

fn members(out: &mut String, depth: usize, all: &[Member]) {
    for member in all {
        match member {
            Member::One(one) => element(out, depth, one),
            Member::Many(_, many) => many.iter().for_each(|one| element(out, depth, one)),
        }
    }
}

fn element(out: &mut String, depth: usize, element: &Element) {
    let (name, indent) = (element.name, "  ".repeat(depth));
    push(out, format_args!("{indent}<{name}"));
    for (key, value) in &element.attributes {
        push(out, format_args!(" {key}=\""));
        bare(out, value);
        out.push('"');
    }
    out.push('>');
    match &element.content {
        Content::Leaf(text) => bare(out, text),
        Content::Branch(inner) => {
            out.push('\n');
            members(out, depth + 1, inner);
            out.push_str(&indent);
        }
    }
    push(out, format_args!("</{name}>\n"));
}

fn bare(out: &mut String, scalar: &Scalar) {
    match scalar {
        Scalar::Text(text) => escape(out, text),
        Scalar::Number(number) => write!(out, "{number}").expect("writing into a string cannot fail"),
    }
}

/// The members in braces; attributes of a container as `@attr` at the end.
fn object(out: &mut String, attributes: &[(&'static str, Scalar)], all: &[Member]) {
    out.push('{');
    for (nth, member) in all.iter().enumerate() {
        out.push_str(if nth == 0 { "" } else { "," });
        match member {
            Member::One(one) => {
                push(out, format_args!("\"{}\":", one.name));
                value(out, one);
            }
            Member::Many(name, many) => {
                push(out, format_args!("\"{name}\":["));
                for (nth, one) in many.iter().enumerate() {
                    out.push_str(if nth == 0 { "" } else { "," });
                    value(out, one);
                }
                out.push(']');
            }
        }
    }
    if !attributes.is_empty() {
        out.push_str(if all.is_empty() { "\"@attr\":{" } else { ",\"@attr\":{" });
        pairs(out, attributes);
        out.push('}');
    }
    out.push('}');
}

fn value(out: &mut String, element: &Element) {
    match &element.content {
        Content::Branch(inner) => object(out, &element.attributes, inner),
        Content::Leaf(text) if element.attributes.is_empty() => scalar(out, text),
        Content::Leaf(text) => {
            out.push('{');
            pairs(out, &element.attributes);
            out.push_str(",\"#text\":");
            scalar(out, text);
            out.push('}');
        }
    }
}

fn pairs(out: &mut String, attributes: &[(&'static str, Scalar)]) {
    for (nth, (name, value)) in attributes.iter().enumerate() {
        push(out, format_args!("{}\"{name}\":", if nth == 0 { "" } else { "," }));
        scalar(out, value);
    }
}

fn scalar(out: &mut String, scalar: &Scalar) {
    match scalar {
        Scalar::Text(text) => string(out, text),
        Scalar::Number(number) => push(out, format_args!("{number}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Element, Member, answer, branch, leaf, number};
    use crate::call::Format;

    fn text(format: Format, element: Option<Element>) -> String {
        String::from_utf8(answer(format, element).body.to_vec()).unwrap()
    }

    fn sample() -> Element {
        let item = || branch("item", vec![leaf("name", "A & \"B\"/").with("corrected", "0").into()]);
        let members = vec![
            Member::Many("item", vec![item()]),
            Member::Many("none", vec![]),
            number("n", 3).into(),
            leaf("t", "x").into(),
        ];
        branch("list", members).counted("accepted", 1)
    }

    #[test]
    fn json_is_the_services_translation() {
        assert_eq!(
            text(Format::Json, Some(sample())),
            r##"{"list":{"item":[{"name":{"corrected":"0","#text":"A & \"B\"\/"}}],"none":[],"n":3,"t":"x","@attr":{"accepted":1}}}"##
        );
        assert_eq!(text(Format::Json, None), "{}");
        assert_eq!(text(Format::Json, Some(branch("e", vec![]).with("a", "b"))), r#"{"e":{"@attr":{"a":"b"}}}"#);
    }

    #[test]
    fn xml_nests_and_escapes() {
        let xml = text(Format::Xml, Some(sample()));
        assert!(xml.contains(
            "<lfm status=\"ok\">\n  <list accepted=\"1\">\n    <item>\n      <name corrected=\"0\">A &amp; &quot;B&quot;/</name>\n    \
             </item>\n    <n>3</n>\n    <t>x</t>\n  </list>\n</lfm>\n"
        ), "{xml}");
        assert!(text(Format::Xml, None).ends_with("<lfm status=\"ok\">\n</lfm>\n"));
    }
}
