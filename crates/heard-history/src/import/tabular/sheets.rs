//! Which sheets a workbook has, and the texts that all of them share.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;
use zip::ZipArchive;

use super::parts::{Part, attribute, broken, push_text, relation};
use super::{LARGEST_PART, TabularError};

/// A sheet: its name, and its part of the workbook.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) part: String,
}

/// What a workbook says of itself.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) sheets: Vec<Sheet>,
    /// Whether days are counted from 1904 on.
    pub(super) since_1904: bool,
}

/// Reads which sheets there are, in their order.
pub(super) fn contents<R: Read + Seek>(workbook: &mut ZipArchive<R>) -> Result<Contents, TabularError> {
    const PART: &str = "xl/workbook.xml";
    let targets = targets(workbook)?;
    let Some(mut part) = Part::open(workbook, PART, LARGEST_PART)? else {
        return Err(TabularError::Part { part: PART.to_owned(), reason: "is missing".to_owned() });
    };
    let mut contents = Contents::default();
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "workbookPr" => {
                    contents.since_1904 = matches!(attribute(&element, "date1904").as_deref(), Some("1" | "true"));
                }
                "sheet" => {
                    let target = relation(&element).and_then(|id| targets.get(&id));
                    if let (Some(name), Some(part)) = (attribute(&element, "name"), target) {
                        contents.sheets.push(Sheet { name, part: part.clone() });
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(contents),
            _ => {}
        }
    }
}

/// The parts to which the workbook's relations lead.
fn targets<R: Read + Seek>(workbook: &mut ZipArchive<R>) -> Result<HashMap<String, String>, TabularError> {
    let mut targets = HashMap::new();
    let Some(mut part) = Part::open(workbook, "xl/_rels/workbook.xml.rels", LARGEST_PART)? else {
        return Ok(targets);
    };
    loop {
        match part.next()? {
            Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                if let (Some(id), Some(target)) = (attribute(&element, "Id"), attribute(&element, "Target")) {
                    // It is meant from the zip's root, or from the folder of the workbook's own part.
                    let part = match target.strip_prefix('/') {
                        Some(from_root) => from_root.to_owned(),
                        None => format!("xl/{}", target.trim_start_matches("./")),
                    };
                    targets.insert(id, part);
                }
            }
            Event::Eof => return Ok(targets),
            _ => {}
        }
    }
}

/// The texts that cells name by number, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Reads all of them.
    pub(super) fn read<R: Read + Seek>(workbook: &mut ZipArchive<R>) -> Result<Self, TabularError> {
        const PART: &str = "xl/sharedStrings.xml";
        let mut texts = Self::default();
        let Some(mut part) = Part::open(workbook, PART, LARGEST_PART)? else {
            return Ok(texts);
        };
        let (mut in_text, mut in_reading_aid) = (false, false);
        loop {
            match part.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "t" => in_text = !in_reading_aid,
                    "rPh" => in_reading_aid = true,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "t" => in_text = false,
                    "rPh" => in_reading_aid = false,
                    "si" => texts.ends.push(texts.text.len()),
                    "sst" => return Ok(texts),
                    _ => {}
                },
                Event::Eof => return Err(broken(PART, &"it breaks off")),
                event if in_text => push_text(&event, &mut texts.text, PART)?,
                _ => {}
            }
        }
    }

    /// The text of a number.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(number)?)
    }
}
