//! The service's XML as the JSON that it would have sent instead, so that one reader serves both.
//!
//! The rule of that translation, from answers recorded in both forms: an element with children is an object, with its
//! attributes in `@attr`; one without is its text or, if it has attributes, an object of these and `#text`; children
//! of the same name are an array, a single one is the bare value. The outermost `lfm` is left out.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

use crate::error::DecodeError;

/// Answers are nested six deep; much deeper ones are an attack on the reader's memory.
const DEEPEST: usize = 64;

/// Reads a document.
///
/// # Errors
/// It is not UTF-8, or not XML even after characters are removed that XML forbids.
pub(crate) fn value(body: &[u8]) -> Result<Value, DecodeError> {
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::xml("not UTF-8"))?;
    let text = allowed(text);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().map_err(|error| DecodeError::xml(&error.to_string()))? {
            Event::Start(_) if open.len() > DEEPEST => return Err(DecodeError::xml("nested too deeply")),
            Event::Start(start) => open.push(Element::open(&start)?),
            Event::End(_) => close(&mut open)?,
            Event::Eof => break,
            event => push_text(&event, &mut open)?,
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(document), true) if !document.children.is_empty() => Ok(document.inside()),
        _ => Err(DecodeError::xml("it ends too early")),
    }
}

/// Names hold control characters now and then, which makes the whole document unreadable to every XML reader
/// (`user.getRecentTracks/rubylastfm_malformed.xml`). JSON escapes them; here they are left out.
fn allowed(text: &str) -> String {
    text.chars().filter(|c| is_allowed(*c)).collect()
}

fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Map<String, Value>,
    children: Map<String, Value>,
    text: String,
}

impl Element {
    fn open(start: &BytesStart<'_>) -> Result<Self, DecodeError> {
        let broken = |error: &dyn std::fmt::Display| DecodeError::xml(&error.to_string());
        let mut element = Self { name: start.name().as_ref().to_owned(), ..Self::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| broken(&error))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| broken(&error))?;
            element.attributes.insert(attribute.key.as_ref().to_owned(), Value::from(allowed(&value)));
        }
        Ok(element)
    }

    fn adopt(&mut self, name: String, child: Value) {
        match self.children.get_mut(&name) {
            None => drop(self.children.insert(name, child)),
            Some(Value::Array(children)) => children.push(child),
            Some(first) => *first = Value::Array(vec![first.take(), child]),
        }
    }

    fn value(self) -> Value {
        if !self.children.is_empty() {
            let mut object = self.children;
            if !self.attributes.is_empty() {
                object.insert("@attr".to_owned(), Value::Object(self.attributes));
            }
            return Value::Object(object);
        }
        if self.attributes.is_empty() {
            return Value::from(self.text);
        }
        let mut object = self.attributes;
        object.insert("#text".to_owned(), Value::from(self.text));
        Value::Object(object)
    }

    /// The document without its outermost element, if that is the service's own.
    fn inside(mut self) -> Value {
        match self.children.remove("lfm") {
            None => Value::Object(self.children),
            Some(Value::Object(mut inside)) => {
                // The status of an answer, and nothing else that anybody reads.
                inside.remove("@attr");
                inside.remove("status");
                inside.remove("#text");
                Value::Object(inside)
            }
            Some(_) => Value::Object(Map::new()),
        }
    }
}

fn close(open: &mut Vec<Element>) -> Result<(), DecodeError> {
    let (Some(closed), Some(parent)) = (open.pop(), open.last_mut()) else {
        return Err(DecodeError::xml("an end without a beginning"));
    };
    let name = closed.name.clone();
    parent.adopt(name, closed.value());
    Ok(())
}

/// Adds what an event says to the text of the innermost element. An entity that XML does not define stays as it is
/// written: no document defines its own.
fn push_text(event: &Event<'_>, open: &mut [Element]) -> Result<(), DecodeError> {
    let Some(Element { text, .. }) = open.last_mut() else { return Ok(()) };
    match event {
        Event::Text(said) => text.push_str(&said.xml10_content()),
        Event::CData(said) => text.push_str(&said.xml10_content()),
        Event::GeneralRef(entity) => match entity.resolve_char_ref() {
            Ok(Some(character)) if is_allowed(character) => text.push(character),
            Ok(Some(_)) => {}
            Ok(None) => match quick_xml::escape::resolve_predefined_entity(entity) {
                Some(known) => text.push_str(known),
                None => text.extend(["&", entity, ";"]),
            },
            Err(error) => return Err(DecodeError::xml(&error.to_string())),
        },
        _ => {}
    }
    Ok(())
}
