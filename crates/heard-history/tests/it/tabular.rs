//! Workbooks and Parquet files as tables: what they hold comes out whole, and what is wrong with them is said.

use std::io::{Cursor, Write};
use std::sync::Arc;

use fastrand::Rng;
use heard_history::import::tabular::{
    Converted, LARGEST_PART, MOST_PARTS, TabularError, parquet_as_csv, workbook_as_csv,
};
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, Int32Type,
    Int64Type, Int96, Int96Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::seeds;

const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr/><sheets>
  <sheet name="00_account" sheetId="1" r:id="rId1"/><sheet name="10_listeningHistory" sheetId="2" r:id="rId2"/>
</sheets></workbook>"#;

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Id="rId1" Type="t" Target="worksheets/sheet1.xml"/>
  <Relationship Id="rId2" Type="t" Target="/xl/worksheets/sheet2.xml"/></Relationships>"#;

const STYLES: &str = r#"<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd hh:mm:ss"/></numFmts>
  <cellStyleXfs count="1"><xf numFmtId="22"/></cellStyleXfs>
  <cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

const TEXTS: &str = r#"<sst count="9" uniqueCount="99999999999999"><si><t>Song Title</t></si><si><t>Artist</t></si>
  <si><r><t>Lis</t></r><r><t>tening Time</t></r></si><si><t>Date</t></si>
  <si><t xml:space="preserve"> Näve &amp; &lt;Söhne&gt; </t><rPh><t>reading aid</t></rPh></si><si/><si><t>a_x000A_b</t></si></sst>"#;

/// A workbook whose history has these rows.
fn workbook(rows: &str) -> Vec<u8> {
    zip_of(&[
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", TEXTS),
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"),
        ("xl/worksheets/sheet2.xml", &sheet(rows)),
    ])
}

fn sheet(rows: &str) -> String {
    format!(r#"<worksheet><dimension ref="B9:A1"/><sheetData>{rows}</sheetData></worksheet>"#)
}

fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const HEADER: &str = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>
  <c r="D1" t="s"><v>3</v></c></row>"#;

fn read_workbook(file: Vec<u8>) -> Result<(Converted, String), TabularError> {
    let mut out = Vec::new();
    workbook_as_csv(Cursor::new(file), &mut out).map(|converted| (converted, String::from_utf8(out).unwrap()))
}

#[test]
fn every_kind_of_cell_becomes_text() {
    let rows = format!(
        r#"{HEADER}
        <row r="2"><c r="A2" t="inlineStr"><is><t>In line</t></is></c><c r="B2" t="s"><v>4</v></c><c r="C2"><v>215</v></c>
          <c r="D2" s="1"><v>45000.25</v></c></row>
        <row r="4"><c r="A4" t="str"><f>A1&amp;"x"</f><v>made, "by" a formula</v></c><c r="D4" s="2"><v>45000</v></c></row>
        <row r="5"/><row r="6"><c r="B6" t="s"><v>5</v></c></row>
        <row><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c><v>1.5</v></c><c t="d"><v>2023-03-15T06:00:00</v></c></row>
        <row><c t="s"><v>6</v></c><c><v>1999</v></c><c r="F9"><v>7</v></c></row>"#
    );
    let (converted, text) = read_workbook(workbook(&rows)).unwrap();
    let says = "Song Title,Artist,Listening Time,Date\n\
                In line, Näve & <Söhne> ,215,2023-03-15 06:00:00\n\
                \"made, \"\"by\"\" a formula\",,,2023-03-15 00:00:00\n\
                TRUE,#N/A,1.5,2023-03-15 06:00:00\n\
                \"a\nb\",1999,,,,7\n";
    assert_eq!(text, says);
    assert_eq!(converted, Converted { rows: 4, sheet: Some("10_listeningHistory".to_owned()), left_out: Vec::new() });
}

#[test]
fn a_history_is_found_in_any_sheet_and_below_a_title() {
    let plain = |sheet: &str| {
        zip_of(&[
            ("xl/workbook.xml", BOOK.replace("10_listeningHistory", "Plays").as_str()),
            ("XL\\_rels\\workbook.xml.rels", RELATIONS),
            ("xl/worksheets/Sheet2.xml", sheet),
        ])
    };
    let cells = |words: &[&str]| {
        let cells = words.iter().map(|word| format!("<c t=\"inlineStr\"><is><t>{word}</t></is></c>"));
        format!("<row>{}</row>", cells.collect::<String>())
    };
    let rows = [cells(&["My year"]), cells(&["ARTIST", "track name", "Played at"]), cells(&["a", "b", "c"])].concat();
    let (converted, text) = read_workbook(plain(&sheet(&rows))).unwrap();
    assert_eq!((converted.rows, converted.sheet.as_deref()), (1, Some("Plays")));
    assert_eq!(text, "ARTIST,track name,Played at\na,b,c\n");

    let late = cells(&["x"]).repeat(20) + &rows;
    for (rows, why) in [(late, "too late"), (cells(&["Artist", "Plays"]), "no time"), (String::new(), "nothing")] {
        let Err(TabularError::NoHistory { sheets }) = read_workbook(plain(&sheet(&rows))) else { panic!("{why}") };
        assert_eq!(sheets, ["00_account", "Plays"]);
    }
}

#[test]
fn broken_workbooks_are_refused_in_words() {
    let part = |file: Vec<u8>, says: &str| {
        let error = read_workbook(file).unwrap_err();
        assert!(matches!(error, TabularError::Part { .. }) && error.to_string().contains(says), "{error}");
    };
    let row = |cell: &str| workbook(&format!("{HEADER}<row>{cell}</row>"));
    part(row(r#"<c t="s"><v>7</v></c>"#), "a text that is not there");
    part(row(r#"<c t="s"><v>-1</v></c>"#), "a text that is not there");
    part(row("<c t=\"str\"><v>&bomb;</v></c>"), "an unknown entity");
    part(row("<c t=\"str\"><v>&#x110000;</v></c>"), "cannot be read");
    part(zip_of(&[("readme.txt", "hello")]), "xl/workbook.xml is missing");
    let cut = format!("<worksheet><sheetData>{HEADER}<row><c><v>1</v></c>");
    part(
        zip_of(&[
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", RELATIONS),
            ("xl/sharedStrings.xml", TEXTS),
            ("xl/worksheets/sheet2.xml", &cut),
        ]),
        "it breaks off",
    );
    let wide = row(r#"<c r="XFD2"><v>1</v></c>"#);
    assert!(matches!(read_workbook(wide), Err(TabularError::TooWide { most: 256, .. })));
    for no_zip in [Vec::new(), b"PK\x03\x04".to_vec(), vec![0; 4096], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(64)] {
        assert!(matches!(read_workbook(no_zip), Err(TabularError::NotAWorkbook(_))));
    }
}

#[test]
fn a_workbook_has_no_more_parts_than_are_counted_first() {
    let names: Vec<String> = (0..=MOST_PARTS).map(|part| format!("xl/media/{part}.png")).collect();
    let mut parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let error = read_workbook(zip_of(&parts)).unwrap_err();
    assert!(matches!(error, TabularError::TooManyParts { parts: 4097, most: MOST_PARTS }), "{error}");
    // As many as are allowed are read; there is no workbook among them.
    parts.pop();
    let error = read_workbook(zip_of(&parts)).unwrap_err();
    assert!(error.to_string().contains("xl/workbook.xml is missing"), "{error}");
}

#[test]
fn a_workbook_does_not_grow_without_end() {
    let blank = " ".repeat(usize::try_from(LARGEST_PART).unwrap());
    for bomb in ["xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml", "xl/_rels/workbook.xml.rels"] {
        let text = format!("<x>{blank}</x>");
        let mut parts = vec![("xl/workbook.xml", BOOK), ("xl/_rels/workbook.xml.rels", RELATIONS)];
        parts.retain(|(name, _)| *name != bomb);
        parts.push((bomb, &text));
        let file = zip_of(&parts);
        assert!(file.len() < 1 << 20, "the bomb is small: {}", file.len());
        let error = read_workbook(file).unwrap_err();
        assert!(matches!(&error, TabularError::TooLarge { part, .. } if part == bomb), "{bomb}: {error}");
    }
}

/// Whatever happens to its bytes, a workbook is read or refused.
#[test]
fn damaged_workbooks_never_panic() {
    let rows = format!(r#"{HEADER}<row><c t="s"><v>4</v></c><c s="1"><v>45000.25</v></c><c t="b"><v>1</v></c></row>"#);
    let parts = [BOOK, RELATIONS, STYLES, TEXTS, &sheet(&rows)].map(str::to_owned);
    let whole = workbook(&rows);
    seeds::each(300, |seed| {
        let mut rng = Rng::with_seed(seed);
        let mut file = whole.clone();
        mutate(&mut file, &mut rng);
        drop(read_workbook(file));
        let mut parts = parts.clone();
        let mut changed = std::mem::take(&mut parts[rng.usize(..5)]).into_bytes();
        mutate(&mut changed, &mut rng);
        let changed = String::from_utf8_lossy(&changed).into_owned();
        *parts.iter_mut().find(|part| part.is_empty()).unwrap() = changed;
        let [book, relations, styles, texts, sheet] = &parts;
        drop(read_workbook(zip_of(&[
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/styles.xml", styles),
            ("xl/sharedStrings.xml", texts),
            ("xl/worksheets/sheet2.xml", sheet),
        ])));
    });
}

fn mutate(bytes: &mut Vec<u8>, rng: &mut Rng) {
    for _ in 0..rng.usize(1..8) {
        if bytes.is_empty() {
            return;
        }
        let at = rng.usize(..bytes.len());
        match rng.u8(..5) {
            0 => bytes[at] = rng.u8(..),
            1 => bytes[at] ^= 1 << rng.u8(..8),
            2 => drop(bytes.drain(at..(at + rng.usize(1..40)).min(bytes.len()))),
            3 => bytes.truncate(at),
            _ => {
                let piece = bytes[at..(at + rng.usize(1..40)).min(bytes.len())].to_vec();
                let to = rng.usize(..=bytes.len());
                drop(bytes.splice(to..to, piece));
            }
        }
    }
}

const COLUMNS: &str = "message plays {
    required binary artist (string); optional binary track (string); required binary old;
    optional int64 ts (timestamp(millis, true)); optional int64 wall (timestamp(micros, false)); required int32 day (date);
    required int64 ms; optional double uts; required boolean skipped; required int96 spark;
    required fixed_len_byte_array(16) mbid (uuid);
    required int32 price (decimal(9, 2)); required group sources (list) { repeated group list { required binary e; } }
}";

fn put<D: DataType>(to: &mut SerializedRowGroupWriter<'_, Vec<u8>>, values: &[D::T], present: &[i16]) {
    let mut column = to.next_column().unwrap().unwrap();
    let lists = vec![0; present.len()];
    column.typed::<D>().write_batch(values, Some(present), Some(&lists)).unwrap();
    column.close().unwrap();
}

fn texts(texts: &[&str]) -> Vec<ByteArray> {
    texts.iter().map(|text| ByteArray::from(*text)).collect()
}

fn parquet_file(compression: Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(COLUMNS).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    for _ in 0..2 {
        let mut group = file.next_row_group().unwrap();
        let to = &mut group;
        put::<ByteArrayType>(to, &texts(&["Näve, \"the\" 1st", "b"]), &[1, 1]);
        put::<ByteArrayType>(to, &texts(&["line\nend"]), &[1, 0]);
        put::<ByteArrayType>(to, &texts(&["x", "y"]), &[1, 1]);
        put::<Int64Type>(to, &[1_700_000_000_999], &[0, 1]);
        put::<Int64Type>(to, &[-1, i64::MAX], &[1, 1]);
        put::<Int32Type>(to, &[19_431, i32::MAX], &[1, 1]);
        put::<Int64Type>(to, &[-5, i64::MIN], &[1, 1]);
        put::<DoubleType>(to, &[1.7e9, f64::NAN], &[1, 1]);
        put::<BoolType>(to, &[true, false], &[1, 1]);
        let mut spark = Int96::new();
        spark.set_data(0xb2d0_5e00, 0, 2_440_589);
        put::<Int96Type>(to, &[spark, Int96::new()], &[1, 1]);
        let id: Vec<u8> = (0..16).collect();
        let ids = [FixedLenByteArray::from(id.clone()), FixedLenByteArray::from(id)];
        put::<FixedLenByteArrayType>(to, &ids, &[1, 1]);
        put::<Int32Type>(to, &[1, 2], &[1, 1]);
        put::<ByteArrayType>(to, &texts(&["s", "t"]), &[1, 1]);
        group.close().unwrap();
    }
    file.into_inner().unwrap()
}

fn read_parquet(file: &[u8]) -> Result<(Converted, String), TabularError> {
    let mut out = Vec::new();
    parquet_as_csv(file, &mut out).map(|converted| (converted, String::from_utf8_lossy(&out).into_owned()))
}

#[test]
fn every_kind_of_column_becomes_text() {
    let id = "00010203-0405-0607-0809-0a0b0c0d0e0f";
    let rows = format!(
        "\"Näve, \"\"the\"\" 1st\",\"line\nend\",x,,1969-12-31 23:59:59,2023-03-15,-5,1700000000,true,86403,{id}\n\
         b,,y,1700000000,9223372036854775807,2147483647,-9223372036854775808,,false,-210866803200,{id}\n"
    );
    let says = format!("artist,track,old,ts,wall,day,ms,uts,skipped,spark,mbid\n{rows}{rows}");
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ] {
        let (converted, text) = read_parquet(&parquet_file(compression)).unwrap();
        assert_eq!(text, says, "{compression:?}");
        let left_out = ["price", "sources"].map(str::to_owned).to_vec();
        assert_eq!(converted, Converted { rows: 4, sheet: None, left_out });
    }
}

/// A file of one column of texts.
fn one_column(schema: &str, compression: Compression, text: &str) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(compression).set_dictionary_enabled(false);
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
    let mut group = file.next_row_group().unwrap();
    put::<ByteArrayType>(&mut group, &texts(&[text]), &[1]);
    group.close().unwrap();
    file.into_inner().unwrap()
}

#[test]
fn parquet_that_cannot_be_read_is_refused_in_words() {
    let schema = "message m { required binary a (string); }";
    let good = one_column(schema, Compression::UNCOMPRESSED, "x");
    assert_eq!(read_parquet(&good).unwrap().1, "a\nx\n");
    let whole = good.len();
    for cut in [0, 7, 11, whole / 2, whole - 1] {
        let error = read_parquet(&good[..cut]).unwrap_err();
        assert!(matches!(error, TabularError::Parquet(_)), "{cut}: {error}");
    }
    let mut encrypted = good.clone();
    encrypted[whole - 4..].copy_from_slice(b"PARE");
    assert!(matches!(read_parquet(&encrypted), Err(TabularError::Parquet(_))));
    let mut liar = good;
    liar[whole - 8..whole - 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(read_parquet(&liar).unwrap_err().to_string().contains("footer"));

    let nested = "message m { required group g (list) { repeated group list { required binary element; } } }";
    assert!(matches!(read_parquet(&one_column(nested, Compression::UNCOMPRESSED, "x")), Err(TabularError::NoColumns)));

    let value = one_column(schema, Compression::UNCOMPRESSED, &"v".repeat(70_000));
    assert!(matches!(read_parquet(&value), Err(TabularError::TooLong { what: "value", .. })));
    let page = one_column(schema, Compression::ZSTD(ZstdLevel::default()), &"v".repeat(65 << 20));
    assert!(page.len() < 1 << 20, "the bomb is small");
    assert!(matches!(read_parquet(&page), Err(TabularError::TooLong { what: "page", .. })));
}

/// Whatever happens to its bytes, a Parquet file is read or refused.
#[test]
fn damaged_parquet_never_panics() {
    let files =
        [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default())].map(parquet_file);
    seeds::each(1000, |seed| {
        let mut rng = Rng::with_seed(seed);
        let mut file = files[rng.usize(..files.len())].clone();
        let (length, footer) = (file.len(), rng.bool());
        if footer {
            // The footer alone, so that its length still fits.
            let size = u32::from_le_bytes(file[length - 8..length - 4].try_into().unwrap()) as usize;
            for _ in 0..rng.usize(1..4) {
                file[length - 8 - 1 - rng.usize(..size)] = rng.u8(..);
            }
        } else {
            mutate(&mut file, &mut rng);
        }
        drop(read_parquet(&file));
    });
}
