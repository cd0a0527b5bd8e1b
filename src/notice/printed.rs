//! The printed form of a period's report and of a covering letter: tables, charts, notes, enclosures.

use serde::{Deserialize, Serialize};

/// What the report's letter lays out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodReport {
    /// "the first quarter of 2025".
    pub words: String,
    pub from: String,
    pub to: String,
    /// The mark of every figure: the roll-up of the records counted.
    pub mark: String,
    /// Committees and offices in words.
    pub recipients: Vec<String>,
    pub grids: Vec<Grid>,
    pub charts: Vec<Chart>,
    /// One a paragraph.
    pub method: Vec<String>,
    pub glossary: Vec<Term>,
}

/// A table under its own heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// The name of its element: `by_month`.
    pub name: String,
    pub heading: String,
    /// What the table shows, in a sentence.
    pub takeaway: String,
    pub caption: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<GridCell>>,
    /// The columns drawn with bars, all on one scale.
    pub bars: Vec<usize>,
    /// Whether the last row is a total.
    pub total: bool,
}

/// One cell: its text, and its number where it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridCell {
    pub text: String,
    pub value: Option<usize>,
}

impl GridCell {
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            value: None,
        }
    }

    pub fn number(count: usize) -> Self {
        Self {
            text: count.to_string(),
            value: Some(count),
        }
    }
}

/// A bar chart that goes with a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// The table it follows.
    pub grid: String,
    pub caption: String,
    /// What it shows, in words.
    pub alt: String,
    pub series: Vec<String>,
    pub rows: Vec<ChartRow>,
    /// The length of the longest bar.
    pub most: usize,
}

/// The bars under one label, one for each series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartRow {
    pub label: String,
    pub values: Vec<usize>,
}

/// One entry of the glossary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub term: String,
    pub meaning: String,
}

/// What a covering letter lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transmittal {
    pub enclosures: Vec<Enclosure>,
    /// Pages of all enclosures.
    pub pages: usize,
    /// "Unclassified When Classified Enclosure Removed"; nothing where all enclosures are unclassified.
    pub wording: Option<String>,
    /// The addressee and those who get a copy.
    pub copies: Vec<String>,
    /// How the house of the addressee enters the notices in its record.
    pub entries: Vec<String>,
}

/// One enclosed notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    pub number: usize,
    pub reference: String,
    /// Unclassified.
    pub title: String,
    pub banner: String,
    pub pages: usize,
}
