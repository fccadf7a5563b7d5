use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use resvg::usvg::{
    FontResolver,
    fontdb::{Database, FaceInfo, ID, Language, Source, Stretch, Style, Weight},
};
use skrifa::{FontRef, MetadataProvider as _};

use super::{
    ChartError,
    face::{Face, Outlines},
    last_resort,
};

/// The fonts a painter may use, always in this order: those embedded in the
/// program, those of named files, those of the system, the face of last resort.
///
/// The first that has a character draws it. Names in Latin, Greek, Cyrillic,
/// Arabic, Hebrew, Devanagari and emoji therefore look the same everywhere, and
/// the fonts of the system are looked for only where a picture needs more.
/// Every character of the Basic Multilingual Plane is drawn even on a machine
/// without any font.
///
/// Clones share what was found on the system.
#[derive(Clone, Debug)]
pub struct Fonts {
    files: Arc<Vec<FaceInfo>>,
    system: Option<Arc<OnceLock<Vec<FaceInfo>>>>,
}

impl Fonts {
    /// The embedded faces and the face of last resort.
    pub fn embedded() -> Self {
        Self { files: Arc::default(), system: None }
    }

    /// Takes up font files (TrueType, OpenType and collections of them), asked
    /// in the order given. They are read now and not again.
    ///
    /// # Errors
    ///
    /// [`ChartError::FontFile`] when a file cannot be read and
    /// [`ChartError::NotAFont`] when it holds no font.
    pub fn with_files(mut self, paths: &[PathBuf]) -> Result<Self, ChartError> {
        let mut faces = Database::new();
        for path in paths {
            let bytes = std::fs::read(path).map_err(|source| ChartError::FontFile { path: path.clone(), source })?;
            let found = faces.load_font_source(Source::Binary(Arc::new(bytes)));
            if found.is_empty() {
                return Err(ChartError::NotAFont(path.clone()));
            }
        }
        Arc::make_mut(&mut self.files).extend(faces.faces().cloned());
        Ok(self)
    }

    /// Whether the fonts of the system may be used. They are looked for once,
    /// in the usual folders of the platform, when a picture first needs them.
    #[must_use]
    pub fn with_system(mut self, system: bool) -> Self {
        self.system = system.then(Arc::default);
        self
    }

    /// The faces for a picture in which `beyond` are the characters that no
    /// embedded outlines draw.
    pub(crate) fn cast(&self, beyond: &BTreeSet<char>) -> Result<Cast, ChartError> {
        let mut cast = Cast::default();
        for face in Face::EMBEDDED {
            cast.embed(face);
        }
        let mut missing: BTreeSet<char> = beyond.clone();
        cast.engage(&self.files, &mut missing);
        if let Some(system) = &self.system
            && !missing.is_empty()
        {
            cast.engage(system.get_or_init(system_faces), &mut missing);
        }
        if !missing.is_empty() {
            let bytes = last_resort::font(&missing)?;
            let face = face_info(Source::Binary(Arc::new(bytes)), "last resort", 400);
            cast.engage(&[face], &mut missing);
        }
        Ok(cast)
    }
}

/// The fonts of one picture, each character already given to one of them.
#[derive(Debug, Default)]
pub(crate) struct Cast {
    faces: Database,
    embedded: Vec<(Face, ID)>,
    beyond: BTreeMap<char, ID>,
}

impl Cast {
    fn embed(&mut self, face: Face) {
        let Some(bytes) = face.bytes() else { return };
        let weight = if face.is_semibold() { 600 } else { 400 };
        let info = face_info(Source::Binary(Arc::new(bytes)), face.name(), weight);
        self.embedded.push((face, self.faces.push_face_info(info)));
    }

    /// Gives each of the `missing` characters to the first of `faces` that has it.
    fn engage(&mut self, faces: &[FaceInfo], missing: &mut BTreeSet<char>) {
        for face in faces {
            if missing.is_empty() {
                return;
            }
            let id = self.faces.push_face_info(face.clone());
            let has = |c: &char| has(&self.faces, id, *c);
            let found: Vec<char> = missing.iter().copied().filter(has).collect();
            if found.is_empty() {
                self.faces.remove_face(id);
            }
            for c in found {
                missing.remove(&c);
                self.beyond.insert(c, id);
            }
        }
    }

    /// The width of `text` in em, drawn by the faces that its characters were
    /// given to; blanks and joiners go with what stands before them.
    pub(crate) fn advance(&self, text: &str, rtl: bool) -> f64 {
        let given = |(at, c)| Some((at, *self.beyond.get(&c)?));
        let mut pieces: Vec<(usize, ID)> = text.char_indices().filter_map(given).collect();
        pieces.dedup_by_key(|&mut (_, id)| id);
        let starts = pieces.iter().map(|&(at, _)| at).skip(1);
        let ends: Vec<usize> = starts.chain([text.len()]).collect();
        let mut start = 0;
        let mut width = 0.0;
        for ((_, id), end) in pieces.into_iter().zip(ends) {
            width += self.face_advance(id, &text[start..end], rtl);
            start = end;
        }
        width
    }

    fn face_advance(&self, id: ID, text: &str, rtl: bool) -> f64 {
        let measured = self.faces.with_face_data(id, |bytes, index| {
            Outlines::open(bytes, index).map_or(0.0, |outlines| outlines.advance(text, rtl))
        });
        measured.unwrap_or(0.0)
    }

    /// The fonts and the way to choose among them, for the painter.
    pub(crate) fn into_parts(self) -> (Arc<Database>, FontResolver<'static>) {
        let Self { faces, embedded, beyond } = self;
        let named = embedded.clone();
        let resolver = FontResolver {
            select_font: Box::new(move |font, _| {
                let family = font.families().first()?.to_string();
                let semibold = font.weight() >= 600;
                let ids = named.iter().filter(|(face, _)| family.trim_matches('"') == face.name());
                let by_weight = ids.min_by_key(|(face, _)| Reverse(face.is_semibold() == semibold));
                by_weight.or(named.first()).map(|&(_, id)| id)
            }),
            select_fallback: Box::new(move |c, used, faces| {
                let embedded = embedded.iter().map(|&(_, id)| id);
                beyond.get(&c).copied().into_iter().chain(embedded).find(|&id| !used.contains(&id) && has(faces, id, c))
            }),
        };
        (Arc::new(faces), resolver)
    }
}

/// The faces found on the system, those first that suit running text, then by
/// name, so that equal systems make equal pictures.
fn system_faces() -> Vec<FaceInfo> {
    let mut found = Database::new();
    found.load_system_fonts();
    let mut faces: Vec<FaceInfo> = found.faces().cloned().collect();
    faces.sort_by_cached_key(|face| {
        let family = face.families.first().map_or("", |(name, _)| name).to_owned();
        let plain = face.style == Style::Normal && face.stretch == Stretch::Normal;
        (
            !plain,
            face.weight.0.abs_diff(Weight::NORMAL.0),
            face.monospaced || family.contains("Mono"),
            family.contains("Serif"),
            !family.contains("Noto Sans"),
            family,
            face.post_script_name.clone(),
            face.index,
        )
    });
    faces
}

fn face_info(source: Source, family: &str, weight: u16) -> FaceInfo {
    FaceInfo {
        id: ID::dummy(),
        source,
        index: 0,
        families: vec![(family.to_owned(), Language::English_UnitedStates)],
        post_script_name: String::new(),
        style: Style::Normal,
        weight: Weight(weight),
        stretch: Stretch::Normal,
        monospaced: false,
    }
}

fn has(faces: &Database, id: ID, c: char) -> bool {
    faces
        .with_face_data(id, |bytes, index| {
            FontRef::from_index(bytes, index).is_ok_and(|font| font.charmap().map(c).is_some())
        })
        .unwrap_or(false)
}
