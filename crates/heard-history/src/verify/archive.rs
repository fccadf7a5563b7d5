//! The archive: every segment, seal, frame, envelope and digest.

use std::path::{Path, PathBuf};

use super::covers::{self, Named};
use super::{Finding, Verified, VerifyError};
use crate::archive::{Covers, Envelope, Piece, Seal, Segment, list, pieces, seal_of};
use crate::home::Home;

/// Where the archive ends.
pub(super) struct End {
    /// The newest place that was found; 0 for none.
    pub(super) newest: u64,
    /// The last segment.
    pub(super) segment: Option<PathBuf>,
}

/// Follows the seals through all segments. Returns the end, and the covers that are named on the way.
pub(super) fn check(home: &Home, verified: &mut Verified) -> Result<(End, Named), VerifyError> {
    let (segments, strangers) = list(&home.archive())?;
    for path in strangers {
        verified.findings.push(Finding { path, what: "it does not belong to the archive".to_owned() });
    }
    let mut chain = Chain { seal: [0; 32], next: 1, before: None, shelf: Covers::of(home), named: Named::new() };
    for (nth, segment) in (1..).zip(&segments) {
        check_segment(segment, nth == segments.len(), &mut chain, verified);
    }
    Ok((End { newest: chain.next - 1, segment: chain.before }, chain.named))
}

/// What the next piece must follow.
struct Chain {
    seal: Seal,
    next: u64,
    /// The segment before.
    before: Option<PathBuf>,
    shelf: Covers,
    /// Covers that were named so far.
    named: Named,
}

fn check_segment(segment: &Segment, is_last: bool, chain: &mut Chain, verified: &mut Verified) {
    verified.segments += 1;
    let mut wrong = Vec::new();
    match segment.bytes() {
        Ok(bytes) => {
            verified.bytes += bytes.len() as u64;
            if segment.first > chain.next {
                wrong.push(missing(chain.next, segment.first - 1, chain.before.as_deref()));
            } else if segment.first < chain.next {
                wrong.push(format!("it begins with envelope {}, but {} should follow", segment.first, chain.next));
            }
            // A run that is killed right after it made the last one leaves it so; what should be in it is missed when the
            // view, which knows of it, is looked at.
            if bytes.is_empty() && !is_last {
                wrong.push("it is empty".to_owned());
            }
            chain.next = segment.first;
            chain.before = Some(segment.path.clone());
            check_pieces(&bytes, chain, verified, &mut wrong);
        }
        Err(error) => wrong.push(error.to_string()),
    }
    verified.findings.extend(wrong.into_iter().map(|what| Finding { path: segment.path.clone(), what }));
}

/// What is said of envelopes that should stand between two segments, or behind the last one.
pub(super) fn missing(from: u64, to: u64, before: Option<&Path>) -> String {
    let segment = Segment::name(from);
    let before = before.and_then(Path::file_name);
    let end = before.map(|name| format!("the end of {} or ", name.display())).unwrap_or_default();
    format!("envelopes {from} to {to} are missing: {end}a whole segment, {segment}")
}

fn check_pieces(bytes: &[u8], chain: &mut Chain, verified: &mut Verified, wrong: &mut Vec<String>) {
    for piece in pieces(bytes) {
        match piece {
            Piece::Broken { at } => {
                wrong.push(format!("bytes {} to {} are damaged", at.start, at.end));
                // What follows is judged by itself: one damage is not to be told many times over.
                chain.seal = crate::archive::seal_before(bytes, at.end);
            }
            Piece::Frame { at, seal } => {
                if seal_of(&chain.seal, &bytes[at.clone()]) != seal {
                    wrong.push(format!("the seal behind byte {} does not fit", at.end));
                }
                chain.seal = seal;
                check_frame(&bytes[at.clone()], at.start, chain, verified, wrong);
            }
        }
    }
}

fn check_frame(frame: &[u8], start: usize, chain: &mut Chain, verified: &mut Verified, wrong: &mut Vec<String>) {
    let lines = match crate::archive::decompress(frame) {
        Ok(lines) => lines,
        Err(error) => return wrong.push(format!("the frame at byte {start} cannot be read: {error}")),
    };
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        verified.envelopes += 1;
        let checked = Envelope::parse(line).and_then(|envelope| envelope.check().map(|()| envelope));
        if let Ok(envelope) = &checked {
            covers::note(&mut chain.named, &chain.shelf, envelope);
        }
        match checked.map(|envelope| envelope.head.seq) {
            Ok(seq) if seq == chain.next => chain.next += 1,
            Ok(seq) => {
                wrong.push(format!("envelope {seq} stands where {} should", chain.next));
                chain.next = seq.saturating_add(1);
            }
            Err(error) => {
                wrong.push(error.to_string());
                chain.next += 1;
            }
        }
    }
}
