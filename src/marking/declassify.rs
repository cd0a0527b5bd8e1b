//! Declassify On: dates, events, exemptions and the N/A strings; the longest of several (M16 pp. 31-34; 32 CFR 2001.26).

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::marking::ast::Marking;
use crate::marking::problem::{self, Problem, Span, has_errors};

/// When information is declassified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declassify {
    /// `N/A to … portions.`: RD, FRD, TFNI, NATO in this order.
    NotApplicable {
        rd: bool,
        frd: bool,
        tfni: bool,
        nato: bool,
        source_list: bool,
    },
    /// `50X1-HUM`
    HumanSource,
    /// `50X2-WMD`
    WeaponDesign,
    /// `25X1, EO 12951`, reserved to D/NGA for original imagery.
    Imagery,
    /// `25X#`, `50X#`, `75X#` with a date or event.
    Exemption {
        years: u8,
        number: u8,
        until: Until,
    },
    Date(NaiveDate),
    Event(String),
}

/// What among the portions of a document has no date of declassification of its own: Atomic Energy Act information and
/// NATO's (32 CFR 2001.24(h)(3); ISM-ID-00176, -00246, -00315).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the four that the regulation names")]
pub struct Undated {
    pub rd: bool,
    pub frd: bool,
    pub tfni: bool,
    pub nato: bool,
}

impl Undated {
    /// Returns what some portions hold of it.
    pub fn of<'m>(portions: impl IntoIterator<Item = &'m Marking>) -> Self {
        let mut held = Self::default();
        for portion in portions {
            held.rd |= portion.aea.rd.is_some();
            held.frd |= portion.aea.frd.is_some();
            held.tfni |= portion.aea.tfni;
            held.nato |= portion.is_nato();
        }
        held
    }

    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Returns what Declassify On says of a document that holds this and other classified information.
    pub fn declassify(self) -> Declassify {
        let Self { rd, frd, tfni, nato } = self;
        Declassify::NotApplicable {
            rd,
            frd,
            tfni,
            nato,
            source_list: true,
        }
    }

    /// What a value of Declassify On says it is for, if it is no date.
    pub(super) fn of_value(value: &Declassify) -> Self {
        match *value {
            Declassify::NotApplicable {
                rd, frd, tfni, nato, ..
            } => Self { rd, frd, tfni, nato },
            _ => Self::default(),
        }
    }
}

/// The end of an exemption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    Date(NaiveDate),
    Event(String),
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Until::Date(date) => write!(f, "{}", date.format("%Y%m%d")),
            Until::Event(event) => f.write_str(event),
        }
    }
}

impl fmt::Display for Declassify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Declassify::NotApplicable {
                rd,
                frd,
                tfni,
                nato,
                source_list,
            } => {
                let kinds: Vec<&str> = [(*rd, "RD"), (*frd, "FRD"), (*tfni, "TFNI")]
                    .into_iter()
                    .filter_map(|(holds, name)| holds.then_some(name))
                    .collect();
                let nato = match (kinds.is_empty(), nato) {
                    (true, true) => "NATO",
                    (false, true) => " and NATO",
                    _ => "",
                };
                write!(f, "N/A to {}{nato} portions.", kinds.join("/"))?;
                if *source_list {
                    f.write_str(" See source list for NSI portions.")
                } else {
                    Ok(())
                }
            }
            Declassify::HumanSource => f.write_str("50X1-HUM"),
            Declassify::WeaponDesign => f.write_str("50X2-WMD"),
            Declassify::Imagery => f.write_str("25X1, EO 12951"),
            Declassify::Exemption { years, number, until } => write!(f, "{years}X{number}, {until}"),
            Declassify::Date(date) => write!(f, "{}", date.format("%Y%m%d")),
            Declassify::Event(event) => f.write_str(event),
        }
    }
}

/// What reading a Declassify On value gave.
#[derive(Debug, Clone)]
pub struct ParsedDeclassify {
    pub value: Option<Declassify>,
    pub problems: Vec<Problem>,
}

/// Reads a Declassify On value; with the document's own date, checks the 25 years of a plain date.
pub fn parse_declassify(text: &str, origin: Option<NaiveDate>) -> ParsedDeclassify {
    let whole = Span::new(0, text.chars().count());
    match read(text, whole, origin) {
        Ok((value, problems)) => {
            let value = (!has_errors(&problems)).then_some(value);
            ParsedDeclassify { value, problems }
        }
        Err(problem) => ParsedDeclassify {
            value: None,
            problems: vec![problem],
        },
    }
}

fn read(text: &str, whole: Span, origin: Option<NaiveDate>) -> Result<(Declassify, Vec<Problem>), Problem> {
    let refuse = |message: String, help: &str| Err(Problem::new(&problem::DECLASSIFY_VALUE, whole, message).help(help));
    if text.trim().is_empty() {
        return refuse(
            "there is no declassification instruction".to_owned(),
            "write a date as YYYYMMDD or an authorized exemption",
        );
    }
    if text.trim() != text
        || text.chars().any(char::is_control)
        || text
            .chars()
            .any(|c| crate::marking::characters::hidden_name(c).is_some())
    {
        return refuse("blanks or hidden characters around the value".to_owned(), "remove them");
    }
    if let Some(help) = retired(text) {
        return Err(Problem::new(
            &problem::DECLASSIFY_RETIRED,
            whole,
            format!("`{text}` is no longer authorized"),
        )
        .help(help));
    }
    match text {
        "50X1-HUM" => return Ok((Declassify::HumanSource, Vec::new())),
        "50X2-WMD" => return Ok((Declassify::WeaponDesign, Vec::new())),
        "25X1, EO 12951" => return Ok((Declassify::Imagery, Vec::new())),
        _ => {}
    }
    if text.starts_with("N/A") || text.starts_with("n/a") {
        return not_applicable(text).map(|value| (value, Vec::new())).ok_or(()).or_else(|()| {
            refuse(format!("`{text}` is not an authorized N/A string"), "write `N/A to RD portions. See source list for NSI portions.`, with RD, FRD, TFNI or NATO as appropriate")
        });
    }
    if let Some((years, number, rest)) = exemption(text) {
        return read_exemption(text, whole, years, number, rest);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let Some(date) = compact_date(text) else {
            return refuse(
                format!("`{text}` is not a date as YYYYMMDD"),
                "write the date as YYYYMMDD",
            );
        };
        return Ok((Declassify::Date(date), check_term(date, origin, whole)));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) || looks_like_a_date(text) {
        let help = meant_date(text).map_or("write the date as YYYYMMDD".to_owned(), |date| {
            format!("write `{}`", date.format("%Y%m%d"))
        });
        return refuse(format!("`{text}` is not a date as YYYYMMDD"), &help);
    }
    if text.split_whitespace().count() < 2 || !text.chars().any(char::is_alphabetic) {
        return refuse(
            format!("`{text}` is neither a date, an exemption nor an event"),
            "write a date as YYYYMMDD or an authorized exemption",
        );
    }
    let warning = Problem::new(
        &problem::DECLASSIFY_EVENT,
        whole,
        "an event must be definite, foreseeable and less than 10 years off",
    )
    .help("write a date as YYYYMMDD if there is one");
    Ok((Declassify::Event(text.to_owned()), vec![warning]))
}

fn read_exemption(
    text: &str,
    whole: Span,
    years: u8,
    number: u8,
    rest: &str,
) -> Result<(Declassify, Vec<Problem>), Problem> {
    let refuse =
        |message: String, help: String| Err(Problem::new(&problem::DECLASSIFY_VALUE, whole, message).help(help));
    if !matches!(years, 25 | 50 | 75) || !(1..=9).contains(&number) {
        return refuse(
            format!("`{text}` is not an exemption"),
            "exemptions are 25X1 to 25X9, 50X1 to 50X9 and 75X1 to 75X9".to_owned(),
        );
    }
    if let Some(whole) = ["50X1-HUM", "50X2-WMD"]
        .iter()
        .find(|whole| years == 50 && rest.starts_with(&whole[4..]))
    {
        return refuse(
            format!("`{whole}` stands without a date or event"),
            format!("write `{whole}`"),
        );
    }
    let help = format!("write `{years}X{number}, ` and a date as YYYYMMDD or an event");
    let Some(until) = rest.strip_prefix(", ").filter(|until| !until.trim().is_empty()) else {
        let page = if years == 25 {
            "; without one, calculate 50 years from the date of the source (M16 p. 34)"
        } else {
            ""
        };
        return refuse(format!("`{years}X{number}` needs a date or event{page}"), help);
    };
    if until.bytes().all(|b| b.is_ascii_digit()) {
        return match compact_date(until) {
            Some(date) => Ok((
                Declassify::Exemption {
                    years,
                    number,
                    until: Until::Date(date),
                },
                Vec::new(),
            )),
            None => refuse(format!("`{until}` is not a date as YYYYMMDD"), help),
        };
    }
    if until.starts_with(|c: char| c.is_ascii_digit())
        || looks_like_a_date(until)
        || until.split_whitespace().count() < 2
    {
        return refuse(format!("`{until}` is neither a date as YYYYMMDD nor an event"), help);
    }
    let warning = Problem::new(
        &problem::DECLASSIFY_EVENT,
        whole,
        "an event must be definite and foreseeable",
    )
    .help("write a date as YYYYMMDD if there is one");
    Ok((
        Declassify::Exemption {
            years,
            number,
            until: Until::Event(until.to_owned()),
        },
        vec![warning],
    ))
}

/// Splits `25X1…` into years, number and the rest.
fn exemption(text: &str) -> Option<(u8, u8, &str)> {
    let (years, rest) = text.split_once('X')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if years.is_empty() || !years.bytes().all(|b| b.is_ascii_digit()) || digits == 0 {
        return None;
    }
    Some((
        years.parse().unwrap_or(0),
        rest[..digits].parse().unwrap_or(0),
        &rest[digits..],
    ))
}

/// Retired values and what to do instead (M16 pp. 33-34; 32 CFR 2001.26(a)(6)).
fn retired(text: &str) -> Option<&'static str> {
    const YEARS_25: &str = "calculate a date 25 years from the date of the source";
    let folded = text.to_ascii_uppercase();
    let bare = folded.trim_end_matches('.');
    let marked = bare.strip_prefix("SOURCE MARKED").map(str::trim_start);
    let begins = |word: &str| {
        bare.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([',', ' ', ';', '-']))
    };
    if bare.contains("TREATY OR INTERNATIONAL AGREEMENT") {
        return Some("never to be used: refer to the original authority's guidance, else calculate 25 years");
    }
    if marked.is_some_and(|rest| rest.starts_with("25X")) {
        return Some("calculate a date 50 years from the date of the source");
    }
    if marked.is_some() || begins("OADR") || begins("ORIGINATING AGENCY") || begins("MR") || begins("MANUAL REVIEW") {
        return Some(YEARS_25);
    }
    if ["X1", "X2", "X3", "X4", "X5", "X6", "X7", "X8", "X9"]
        .into_iter()
        .any(begins)
    {
        return Some(YEARS_25);
    }
    if begins("DNI ONLY") || begins("DCI ONLY") {
        return Some("calculate a 25-year date or the appropriate 25X exemption from the source");
    }
    if bare.starts_with("25X1") && bare.contains("HUM") {
        return Some("write `50X1-HUM`");
    }
    None
}

fn not_applicable(text: &str) -> Option<Declassify> {
    let rest = text.strip_prefix("N/A to ")?;
    let (list, rest) = rest.split_once(" portions")?;
    let source_list = match rest.trim_end_matches('.') {
        "" => false,
        ". See source list for NSI portions" | ". See source list for NSI Portions" => true,
        _ => return None,
    };
    let (kinds, nato) = match list.strip_suffix(" and NATO") {
        Some(kinds) => (kinds, true),
        None if list == "NATO" => ("", true),
        None => (list, false),
    };
    let order = ["RD", "FRD", "TFNI"];
    let named: Vec<&str> = kinds.split('/').filter(|kind| !kind.is_empty()).collect();
    let places: Vec<usize> = named
        .iter()
        .map(|kind| order.iter().position(|known| known == kind))
        .collect::<Option<_>>()?;
    if (places.is_empty() && !nato)
        || !places.windows(2).all(|pair| pair[0] < pair[1])
        || (places.is_empty() && !kinds.is_empty())
    {
        return None;
    }
    let has = |index: usize| places.contains(&index);
    Some(Declassify::NotApplicable {
        rd: has(0),
        frd: has(1),
        tfni: has(2),
        nato,
        source_list,
    })
}

fn compact_date(text: &str) -> Option<NaiveDate> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(
        text[..4].parse().ok()?,
        text[4..6].parse().ok()?,
        text[6..].parse().ok()?,
    )
}

/// The date that year, month and day with separators between them mean.
fn meant_date(text: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d %B %Y", "%B %d, %Y"]
        .into_iter()
        .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
        .filter(|date| (1000..=9999).contains(&date.year()))
}

/// Returns true for dates written in words or with separators, which are not events.
fn looks_like_a_date(text: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let folded = text.to_lowercase();
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.len() <= 3
        && words
            .iter()
            .all(|word| word.bytes().all(|b| b.is_ascii_digit()) || MONTHS.iter().any(|month| word.starts_with(month)))
}

fn check_term(date: NaiveDate, origin: Option<NaiveDate>, whole: Span) -> Vec<Problem> {
    let Some(origin) = origin else { return Vec::new() };
    let limit = add_years(origin, 25);
    let message = if date > limit {
        format!("{date} is more than 25 years after {origin}")
    } else if date <= origin {
        format!("{date} is not after the document's date {origin}")
    } else {
        return Vec::new();
    };
    vec![
        Problem::new(&problem::DECLASSIFY_TERM, whole, message)
            .help(format!("at the latest {}", limit.format("%Y%m%d"))),
    ]
}

/// The same day some years later; 29 February becomes 28 February.
pub fn add_years(date: NaiveDate, years: i32) -> NaiveDate {
    let year = date.year().saturating_add(years);
    NaiveDate::from_ymd_opt(year, date.month(), date.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, date.month(), 28))
        .unwrap_or(NaiveDate::MAX)
}

/// Returns the value of the longest duration (M16 pp. 32-33, Multiple Sources hierarchy). With the same end, the lowest
/// number; an event, whose end nobody knows, counts as longer than a date of the same rank.
pub fn longest(values: &[Declassify]) -> Option<Declassify> {
    let mut not_applicable: Option<[bool; 5]> = None;
    for value in values {
        if let Declassify::NotApplicable {
            rd,
            frd,
            tfni,
            nato,
            source_list,
        } = value
        {
            let sum = not_applicable.get_or_insert([false; 5]);
            for (total, part) in sum.iter_mut().zip([*rd, *frd, *tfni, *nato, *source_list]) {
                *total |= part;
            }
        }
    }
    if let Some([rd, frd, tfni, nato, listed]) = not_applicable {
        let others = values
            .iter()
            .any(|value| !matches!(value, Declassify::NotApplicable { .. }));
        return Some(Declassify::NotApplicable {
            rd,
            frd,
            tfni,
            nato,
            source_list: listed || others,
        });
    }
    values.iter().max_by_key(|value| rank(value)).cloned()
}

/// Higher is longer: the tier, the end, and the lower number first.
fn rank(value: &Declassify) -> (u8, NaiveDate, std::cmp::Reverse<u8>) {
    let end = |until: &Until| match until {
        Until::Date(date) => *date,
        Until::Event(_) => NaiveDate::MAX,
    };
    match value {
        Declassify::NotApplicable { .. } => (9, NaiveDate::MAX, std::cmp::Reverse(0)),
        Declassify::HumanSource => (8, NaiveDate::MAX, std::cmp::Reverse(1)),
        Declassify::WeaponDesign => (8, NaiveDate::MAX, std::cmp::Reverse(2)),
        Declassify::Exemption {
            years: 75,
            number,
            until,
        } => (7, end(until), std::cmp::Reverse(*number)),
        Declassify::Exemption {
            years: 50,
            number,
            until,
        } => (6, end(until), std::cmp::Reverse(*number)),
        Declassify::Imagery => (5, NaiveDate::MAX, std::cmp::Reverse(1)),
        Declassify::Exemption { number, until, .. } => (4, end(until), std::cmp::Reverse(*number)),
        Declassify::Date(date) => (3, *date, std::cmp::Reverse(0)),
        Declassify::Event(_) => (2, NaiveDate::MAX, std::cmp::Reverse(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid(text: &str) -> bool {
        parse_declassify(text, None).value.is_some()
    }

    #[test]
    fn authorized_values_print_as_read() {
        for text in [
            "20350101",
            "50X1-HUM",
            "50X2-WMD",
            "25X1, EO 12951",
            "25X1, 20501231",
            "50X6, 20601231",
            "75X1, 20901231",
            "25X3, end of operation EXAMPLE",
            "N/A to NATO portions. See source list for NSI portions.",
            "N/A to RD/FRD/TFNI and NATO portions. See source list for NSI portions.",
            "N/A to TFNI portions.",
            "Completion of the example exercise",
        ] {
            let parsed = parse_declassify(text, None);
            assert_eq!(parsed.value.map(|value| value.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn retired_and_malformed_values_are_refused() {
        for text in [
            "",
            " ",
            "OADR",
            "MR",
            "Manual Review",
            "X1",
            "X3, 20100101",
            "25X1",
            "25X1-human",
            "25X1-HUM",
            "DCI Only",
            "DNI Only",
            "Source Marked OADR, date of source 19900101",
            "Source Marked X1, date of source 19990101",
            "Subject to treaty or international agreement",
            "2035-01-01",
            "20351301",
            "January 1, 2035",
            "1 Jan 2035",
            "203501",
            "50X1-HUM, 20601231",
            "25X10, 20501231",
            "25X1 20501231",
            "25X1, 2050-12-31",
            "30X1, 20501231",
            "N/A",
            "N/A to RD portions. And more.",
            "N/A to XYZ portions.",
            "never",
            "20350101 ",
        ] {
            assert!(!valid(text), "{text:?}");
        }
    }

    #[test]
    fn a_date_lies_within_25_years() {
        let origin = NaiveDate::from_ymd_opt(2025, 3, 11);
        assert!(parse_declassify("20500311", origin).value.is_some());
        assert_eq!(parse_declassify("20500312", origin).problems[0].code, "declassify-term");
        assert_eq!(parse_declassify("20250311", origin).problems[0].code, "declassify-term");
    }

    #[test]
    fn the_longest_duration_wins() {
        let read = |text: &str| parse_declassify(text, None).value.unwrap();
        let longest_of = |texts: &[&str]| {
            let values: Vec<_> = texts.iter().map(|text| read(text)).collect();
            longest(&values).unwrap().to_string()
        };
        assert_eq!(longest_of(&["20350101", "25X1, 20501231", "50X1-HUM"]), "50X1-HUM");
        assert_eq!(longest_of(&["50X2-WMD", "50X1-HUM"]), "50X1-HUM");
        assert_eq!(longest_of(&["25X4, 20501231", "25X1, 20501231"]), "25X1, 20501231");
        assert_eq!(longest_of(&["25X1, 20501231", "25X4, 20551231"]), "25X4, 20551231");
        assert_eq!(longest_of(&["20350101", "20400101"]), "20400101");
        assert_eq!(longest_of(&["25X1, EO 12951", "25X1, 20901231"]), "25X1, EO 12951");
        assert_eq!(
            longest_of(&["N/A to RD portions.", "N/A to NATO portions.", "20350101"]),
            "N/A to RD and NATO portions. See source list for NSI portions."
        );
    }
}
