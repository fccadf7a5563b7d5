//! Values of a Parquet column as the cells of a table.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray, Int96};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

/// Bytes of the longest value that is read: far more than any name.
pub(super) const LONGEST_VALUE: usize = 64 << 10;

/// What a column's numbers and bytes mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Numbers, flags and texts: as they are.
    Plain,
    /// Bytes that are an id in 16 bytes.
    Uuid,
    /// Days since 1970-01-01.
    Day,
    /// So many to a second, since 1970-01-01T00:00:00Z: written as Unix seconds.
    Instant(i64),
    /// The same by a clock whose zone is not told: written as a text, which the reader of tables takes for a moment of
    /// the zone that the listener names.
    WallClock(i64),
}

impl Meaning {
    /// What a column means; none for what has no text of its own.
    pub(super) fn of(column: &ColumnDescriptor) -> Option<Self> {
        if column.path().parts().len() != 1 || column.max_rep_level() > 0 || column.max_def_level() > 1 {
            return None;
        }
        if let Some(logical) = column.logical_type_ref() {
            return match logical {
                LogicalType::String | LogicalType::Enum | LogicalType::Json | LogicalType::Integer(_) => {
                    Some(Self::Plain)
                }
                LogicalType::Uuid => Some(Self::Uuid),
                LogicalType::Date => Some(Self::Day),
                LogicalType::Timestamp(moment) => {
                    let per_second = match moment.unit {
                        TimeUnit::MILLIS => 1_000,
                        TimeUnit::MICROS => 1_000_000,
                        TimeUnit::NANOS => 1_000_000_000,
                    };
                    let told = moment.is_adjusted_to_u_t_c;
                    Some(if told { Self::Instant(per_second) } else { Self::WallClock(per_second) })
                }
                _ => None,
            };
        }
        match column.converted_type() {
            ConvertedType::DATE => Some(Self::Day),
            ConvertedType::TIMESTAMP_MILLIS => Some(Self::Instant(1_000)),
            ConvertedType::TIMESTAMP_MICROS => Some(Self::Instant(1_000_000)),
            ConvertedType::DECIMAL | ConvertedType::INTERVAL | ConvertedType::BSON => None,
            _ if column.physical_type() == Type::FIXED_LEN_BYTE_ARRAY => None,
            _ => Some(Self::Plain),
        }
    }
}

/// Cells of one column, one behind the other; an empty one where a row has no value.
#[derive(Debug, Default)]
pub(super) struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// Why cells cannot be read.
pub(super) enum Failed {
    Parquet(ParquetError),
    /// A value is longer than [`LONGEST_VALUE`].
    TooLong,
    /// The column has fewer rows than its file says.
    TooFew,
}

impl From<ParquetError> for Failed {
    fn from(error: ParquetError) -> Self {
        Self::Parquet(error)
    }
}

impl Cells {
    /// The cell of a row.
    pub(super) fn get(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }

    /// Reads the next rows of a column.
    pub(super) fn read(
        column: &mut ColumnReader,
        meaning: Meaning,
        optional: bool,
        rows: usize,
    ) -> Result<Self, Failed> {
        match column {
            ColumnReader::BoolColumnReader(reader) => fill(reader, optional, rows, |value, text| push(text, *value)),
            ColumnReader::Int32ColumnReader(reader) => {
                fill(reader, optional, rows, |value, text| number(i64::from(*value), meaning, text))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                fill(reader, optional, rows, |value, text| number(*value, meaning, text))
            }
            ColumnReader::Int96ColumnReader(reader) => {
                fill(reader, optional, rows, |value, text| push(text, int96(*value)))
            }
            ColumnReader::FloatColumnReader(reader) => {
                fill(reader, optional, rows, |value, text| float(f64::from(*value), text))
            }
            ColumnReader::DoubleColumnReader(reader) => fill(reader, optional, rows, |value, text| float(*value, text)),
            ColumnReader::ByteArrayColumnReader(reader) => {
                fill(reader, optional, rows, |value: &ByteArray, text| text.extend_from_slice(value.data()))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                fill(reader, optional, rows, |value: &FixedLenByteArray, text| uuid(value.data(), text))
            }
        }
    }
}

fn fill<D: DataType>(
    reader: &mut ColumnReaderImpl<D>,
    optional: bool,
    rows: usize,
    show: impl Fn(&D::T, &mut Vec<u8>),
) -> Result<Cells, Failed> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let (records, _, _) = reader.read_records(rows, optional.then_some(&mut levels), None, &mut values)?;
    if records != rows {
        return Err(Failed::TooFew);
    }
    let mut cells = Cells { text: Vec::new(), ends: Vec::with_capacity(rows) };
    let mut values = values.iter();
    for row in 0..rows {
        let before = cells.text.len();
        if !optional || levels.get(row).is_some_and(|level| *level > 0) {
            show(values.next().ok_or(Failed::TooFew)?, &mut cells.text);
        }
        if cells.text.len() - before > LONGEST_VALUE {
            return Err(Failed::TooLong);
        }
        cells.ends.push(cells.text.len());
    }
    Ok(cells)
}

fn push(text: &mut Vec<u8>, value: impl std::fmt::Display) {
    text.extend_from_slice(value.to_string().as_bytes());
}

/// Days and moments that no calendar has are left as the numbers that they are.
fn number(value: i64, meaning: Meaning, text: &mut Vec<u8>) {
    let in_calendar = match meaning {
        Meaning::Plain | Meaning::Uuid => None,
        Meaning::Instant(per_second) => Some(value.div_euclid(per_second).to_string()),
        Meaning::Day => day(value).map(|day| day.to_string()),
        Meaning::WallClock(per_second) => Timestamp::from_second(value.div_euclid(per_second))
            .map(|moment| moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string())
            .ok(),
    };
    match in_calendar {
        Some(moment) => text.extend_from_slice(moment.as_bytes()),
        None => push(text, value),
    }
}

fn day(number: i64) -> Option<Date> {
    date(1970, 1, 1).checked_add(Span::new().try_days(number).ok()?).ok()
}

/// An old way to write a moment: nanoseconds of a day, and the day since the Julian epoch. Unix seconds.
fn int96(value: Int96) -> i64 {
    /// 1970-01-01 in days since the Julian epoch.
    const UNIX_EPOCH: i64 = 2_440_588;
    let [low, high, day] = value.data() else {
        return 0;
    };
    let nanoseconds = (u64::from(*high) << 32) | u64::from(*low);
    let seconds = i64::try_from(nanoseconds / 1_000_000_000).unwrap_or(i64::MAX);
    (i64::from(*day) - UNIX_EPOCH) * 86_400 + seconds
}

/// Whole numbers without a fraction: programs that know no missing whole numbers write Unix seconds like this.
fn float(value: f64, text: &mut Vec<u8>) {
    if value.is_nan() {
    } else if value.fract() == 0.0 && value.abs() < 9e15 {
        push(text, format_args!("{value:.0}"));
    } else {
        push(text, value);
    }
}

fn uuid(bytes: &[u8], text: &mut Vec<u8>) {
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push(b'-');
        }
        push(text, format_args!("{byte:02x}"));
    }
}
