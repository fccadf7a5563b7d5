//! The archive: every segment, seal, frame, envelope and digest.

use super::{Finding, Verified, VerifyError};
use crate::archive::{Envelope, Piece, Seal, Segment, list, pieces, seal_of};
use crate::home::Home;

/// Follows the seals through all segments. Returns the newest place that was found.
pub(super) fn check(home: &Home, verified: &mut Verified) -> Result<u64, VerifyError> {
    let (segments, strangers) = list(&home.archive())?;
    for path in strangers {
        verified.findings.push(Finding { path, what: "it does not belong to the archive".to_owned() });
    }
    let mut chain = Chain { seal: [0; 32], next: 1 };
    for segment in &segments {
        check_segment(segment, &mut chain, verified);
    }
    Ok(chain.next - 1)
}

/// What the next piece must follow.
struct Chain {
    seal: Seal,
    next: u64,
}

fn check_segment(segment: &Segment, chain: &mut Chain, verified: &mut Verified) {
    verified.segments += 1;
    let mut wrong = Vec::new();
    match segment.bytes() {
        Ok(bytes) => {
            verified.bytes += bytes.len() as u64;
            if segment.first != chain.next {
                wrong.push(format!("it begins with envelope {}, but {} should follow", segment.first, chain.next));
                chain.next = segment.first;
            }
            check_pieces(&bytes, chain, verified, &mut wrong);
        }
        Err(error) => wrong.push(error.to_string()),
    }
    verified.findings.extend(wrong.into_iter().map(|what| Finding { path: segment.path.clone(), what }));
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
        let checked = Envelope::parse(line).and_then(|envelope| envelope.check().map(|()| envelope.head.seq));
        match checked {
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
