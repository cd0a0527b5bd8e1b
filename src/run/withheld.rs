//! What is marked above the ceiling, or nobody can say how high, is not shown: not where a neighbour on the same line is
//! wrong, either, nor where another record points at it.

use std::ops::Range;

use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, SourceId, Sources};

/// Two places of one diagnostic are shown with the lines between them, where those are fewer than these.
const BETWEEN: usize = 8;

/// The stretches of the files of a run of which nothing is shown: in order, apart from each other.
#[derive(Debug, Default)]
pub struct Withheld(Vec<Place>);

impl Withheld {
    pub(super) fn new(mut stretches: Vec<Place>) -> Self {
        stretches.sort_unstable();
        stretches.dedup_by(|later, first| {
            let meets = later.source == first.source && later.start() <= first.end();
            if meets {
                *first = Place::new(first.source, first.start()..first.end().max(later.end()));
            }
            meets
        });
        Self(stretches)
    }

    /// Whether any stretch of a source is withheld: then no difference of it is shown.
    pub fn is_in(&self, source: SourceId) -> bool {
        self.meets(source, &(0..usize::MAX))
    }

    /// Withholds what the diagnostics would quote of these stretches.
    pub(super) fn hide(&self, diagnostics: &mut [Diagnostic], sources: &Sources) {
        if self.0.is_empty() {
            return;
        }
        // What a diagnostic says it shares with others: it is changed only where it must be.
        for found in diagnostics.iter_mut().filter(|found| !found.withhold) {
            if found
                .related
                .iter()
                .any(|related| self.is_shown_by(&[&related.place], sources))
            {
                found
                    .related
                    .retain(|related| !self.is_shown_by(&[&related.place], sources));
            }
            let Some(place) = &found.place else { continue };
            let related = found.related.iter().map(|related| &related.place);
            let places: Vec<&Place> = related
                .filter(|other| other.source == place.source)
                .chain([place])
                .collect();
            if self.is_shown_by(&places, sources) {
                found.withhold = true;
                if found.fix.is_some() {
                    found.fix = None;
                }
            }
        }
    }

    /// Whether the lines of some places of one source, or those between, show something that is withheld.
    fn is_shown_by(&self, places: &[&Place], sources: &Sources) -> bool {
        let Some(source) = places.first().map(|place| place.source) else {
            return false;
        };
        let lines = |span: Range<usize>| sources.get(source).lines_around(&span).0;
        let mut shown: Vec<Range<usize>> = places.iter().map(|place| lines(place.span())).collect();
        shown.sort_by_key(|range| range.start);
        let text = sources.get(source).text();
        let gaps: Vec<Range<usize>> = shown
            .windows(2)
            .map(|pair| pair[0].end..pair[1].start)
            .filter(|gap| {
                text.get(gap.clone())
                    .is_some_and(|between| between.lines().count() < BETWEEN)
            })
            .collect();
        shown.extend(gaps);
        shown.iter().any(|range| self.meets(source, range))
    }

    /// Whether a stretch of a source is withheld, in part or as a whole.
    fn meets(&self, source: SourceId, range: &Range<usize>) -> bool {
        let after = self
            .0
            .partition_point(|stretch| (stretch.source, stretch.start()) < (source, range.end));
        let last = after.checked_sub(1).and_then(|last| self.0.get(last));
        last.is_some_and(|last| last.source == source && last.end() > range.start)
    }
}
