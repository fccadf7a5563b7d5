//! The parts of a workbook: XML documents in a zip, each read once from its beginning, never larger than it may be.

use std::borrow::Cow;
use std::io::{BufReader, Read, Seek};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::QName;
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::{Bounded, Exceeded, TabularError};

/// A part of a workbook, as the events of its XML.
pub(super) struct Part<'a, R: Read + Seek> {
    name: &'a str,
    limit: u64,
    reader: Reader<BufReader<Bounded<ZipFile<'a, R>>>>,
    event: Vec<u8>,
}

impl<'a, R: Read + Seek> Part<'a, R> {
    /// Opens a part; none where the workbook has no part of that name.
    pub(super) fn open(
        workbook: &'a mut ZipArchive<R>,
        name: &'a str,
        limit: u64,
    ) -> Result<Option<Self>, TabularError> {
        let Some(place) = place(workbook, name) else {
            return Ok(None);
        };
        let file = workbook.by_index(place).map_err(|error| TabularError::NotAWorkbook(error.into()))?;
        let mut reader = Reader::from_reader(BufReader::new(Bounded { inner: file, left: limit }));
        reader.config_mut().expand_empty_elements = true;
        Ok(Some(Self { name, limit, reader, event: Vec::new() }))
    }

    /// The next event; [`Event::Eof`] at the end.
    pub(super) fn next(&mut self) -> Result<Event<'_>, TabularError> {
        self.event.clear();
        match self.reader.read_event_into(&mut self.event) {
            Ok(event) => Ok(event),
            Err(quick_xml::Error::Io(error)) if Exceeded::is(&error) => {
                Err(TabularError::TooLarge { part: self.name.to_owned(), limit: self.limit })
            }
            Err(error) => Err(broken(self.name, &error)),
        }
    }
}

/// Where a part lies in the zip. Case does not matter in names of parts (ECMA-376 part 2), and some writers turn the
/// strokes between folders round.
fn place<R: Read + Seek>(workbook: &ZipArchive<R>, name: &str) -> Option<usize> {
    let is_meant = |place: &usize| {
        let found = workbook.name_for_index(*place).and_then(Result::ok);
        found.is_some_and(|found| found.replace('\\', "/").eq_ignore_ascii_case(name))
    };
    workbook.index_for_name(name).or_else(|| (0..workbook.len()).find(is_meant))
}

/// A part that is not as it should be.
pub(super) fn broken(part: &str, reason: &impl std::fmt::Display) -> TabularError {
    TabularError::Part { part: part.to_owned(), reason: format!("cannot be read: {reason}") }
}

/// An attribute's text, without regard to the prefix of its name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    find(element, |key| key.local_name().as_ref() == name)
}

/// The attribute that names another part, `r:id`, whatever its prefix is called; `id` without one is something else.
pub(super) fn relation(element: &BytesStart<'_>) -> Option<String> {
    find(element, |key| key.prefix().is_some() && key.local_name().as_ref() == "id")
}

fn find(element: &BytesStart<'_>, is_meant: impl Fn(QName<'_>) -> bool) -> Option<String> {
    let attributes = element.attributes();
    let found = attributes.flatten().find(|attribute| is_meant(attribute.key))?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}

/// Adds what an event says to a text. Only the entities of XML itself mean something: a workbook defines no others.
pub(super) fn push_text(event: &Event<'_>, text: &mut String, part: &str) -> Result<(), TabularError> {
    match event {
        Event::Text(said) => text.push_str(&said.xml10_content()),
        Event::CData(said) => text.push_str(&said.xml10_content()),
        Event::GeneralRef(entity) => match entity.resolve_char_ref() {
            Ok(Some(character)) => text.push(character),
            Ok(None) => {
                let known = resolve_predefined_entity(entity);
                text.push_str(known.ok_or_else(|| broken(part, &"it names an unknown entity"))?);
            }
            Err(error) => return Err(broken(part, &error)),
        },
        _ => {}
    }
    Ok(())
}
