//! Reads one text both ways and counts what came of it.

use relto::base::source::Sources;
use relto::marking::level::Level;
use relto::marking::vocabulary::Vocabulary;
use relto::record::load::{Loaded, Terms, load, load_whole};

/// What came of comparing the two ways.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) documents: usize,
    /// Every record was read the short way.
    pub(crate) short: usize,
    /// Some records were.
    pub(crate) mixed: usize,
    /// The spanned way accepts without a diagnostic, and the short way read none of it.
    pub(crate) cautious: usize,
    /// The spanned way refuses or warns.
    pub(crate) diagnosed: usize,
}

impl Tally {
    /// Reads a text both ways.
    ///
    /// # Panics
    /// Where the two do not come to the same records, places, ids and diagnostics.
    pub(crate) fn compare(&mut self, text: &str) {
        let mut sources = Sources::default();
        let source = sources.add("records/x.toml", text);
        let (short, found) = load(source, &sources, Level::Unclassified);
        let terms = Terms {
            sources: &sources,
            ceiling: Level::Unclassified,
            vocabulary: Vocabulary::standard(),
        };
        let (whole, wanted) = load_whole(source, terms);
        assert_eq!(said(&short), said(&whole), "{text}");
        assert_eq!(found, wanted, "{text}");
        self.documents += 1;
        self.short += usize::from(short.short > 0 && short.short == short.count);
        self.mixed += usize::from(short.short > 0 && short.short < short.count);
        self.cautious += usize::from(short.short == 0 && whole.count > 0 && wanted.is_empty());
        self.diagnosed += usize::from(!wanted.is_empty());
    }
}

/// Everything a file gave, values and places; how it was read is left out.
fn said(loaded: &Loaded) -> String {
    format!(
        "{:?} {:?} {:?} {}",
        loaded.records, loaded.faulty, loaded.ids, loaded.count
    )
}
