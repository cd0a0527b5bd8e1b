//! Where each record of a file begins and ends, whatever is wrong inside it.

use crate::base::decode::{self, Entries, Raw};
use crate::base::source::{Place, SourceId, Sources};

/// One `[[kind]]` table of a record file: from its header to the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The name of the array of tables, a record kind or not.
    pub kind: String,
    /// As written, sound or not.
    pub id: Option<String>,
    pub place: Place,
}

/// Returns the records of a file in file order; nothing where the file is no TOML or holds something beside arrays of
/// tables.
pub fn blocks(source: SourceId, sources: &Sources) -> Option<Vec<Block>> {
    let (root, _) = decode::parse(source, sources);
    blocks_of(&root?, source, sources)
}

/// As [`blocks`], for a document that is parsed already.
pub fn blocks_of(root: &Entries, source: SourceId, sources: &Sources) -> Option<Vec<Block>> {
    let mut found = Vec::new();
    for (key, item) in &root.list {
        let Raw::Array(items) = &item.value else { return None };
        for item in items {
            let Raw::Table(entries) = &item.value else { return None };
            let id = match entries.get("id").map(|item| &item.value) {
                Some(Raw::String(id)) => Some(id.clone()),
                _ => None,
            };
            found.push(Block {
                kind: key.value.clone(),
                id,
                place: item.place.clone(),
            });
        }
    }
    found.sort_by_key(|block| block.place.start());
    let ends: Vec<usize> = found
        .iter()
        .skip(1)
        .map(|next| next.place.start())
        .chain([sources.get(source).text().len()])
        .collect();
    for (block, end) in found.iter_mut().zip(ends) {
        block.place = Place::new(block.place.source, block.place.start()..end.max(block.place.end()));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Option<Vec<String>> {
        let mut sources = Sources::default();
        let source = sources.add("records/a.toml", text);
        let found = blocks(source, &sources)?;
        Some(found.iter().map(|block| text[block.place.span()].to_owned()).collect())
    }

    #[test]
    fn a_record_goes_to_the_next_header() {
        let text = "# top\n[[exchange]]\nid = \"A\"\n[exchange.counterpart]\nx = 1\n\n[[agreement]]\nbad = [[1]]\n";
        let found = texts(text).expect("TOML");
        assert_eq!(found.len(), 2);
        assert!(
            found[0].starts_with("[[exchange]]") && found[0].ends_with("x = 1\n\n"),
            "{found:?}"
        );
        assert!(found[1].starts_with("[[agreement]]"), "{found:?}");
    }

    #[test]
    fn what_is_no_record_file_has_no_records() {
        assert_eq!(texts("a = \n"), None);
        assert_eq!(texts("a = 1\n"), None);
        assert_eq!(texts(""), Some(Vec::new()));
    }
}
