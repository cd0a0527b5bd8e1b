//! Things found by their code: the first eight letters as one number, searched in a row of numbers.

/// Things in the order of their codes.
#[derive(Debug, Clone)]
pub(super) struct Shelf<T> {
    /// The first eight bytes of each code, in ascending order.
    keys: Vec<u64>,
    things: Vec<(String, T)>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            things: Vec::new(),
        }
    }
}

impl<T> Shelf<T> {
    /// Returns the thing of this code.
    pub(super) fn get(&self, code: &str) -> Option<&T> {
        let at = self.place(code).ok()?;
        self.things.get(at).map(|(_, thing)| thing)
    }

    pub(super) fn get_mut(&mut self, code: &str) -> Option<&mut T> {
        let at = self.place(code).ok()?;
        self.things.get_mut(at).map(|(_, thing)| thing)
    }

    /// Adds or replaces the thing of a code.
    pub(super) fn insert(&mut self, code: &str, thing: T) {
        match self.place(code) {
            Ok(at) => self.things[at].1 = thing,
            Err(at) => {
                self.keys.insert(at, key(code));
                self.things.insert(at, (code.to_owned(), thing));
            }
        }
    }

    /// Codes and things, A to Z.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.things.iter().map(|(code, thing)| (code.as_str(), thing))
    }

    /// Where a code stands, or where it would.
    fn place(&self, code: &str) -> Result<usize, usize> {
        let key = key(code);
        let first = self.keys.partition_point(|other| *other < key);
        let same = self.keys[first..].iter().take_while(|other| **other == key).count();
        self.things[first..first + same]
            .binary_search_by(|(other, _)| other.as_str().cmp(code))
            .map(|at| first + at)
            .map_err(|at| first + at)
    }
}

/// The first eight bytes as a number that has the order of the codes.
fn key(code: &str) -> u64 {
    let mut bytes = [0; 8];
    for (place, byte) in bytes.iter_mut().zip(code.bytes()) {
        *place = byte;
    }
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_length_are_found_in_order() {
        let mut shelf = Shelf::default();
        for (number, code) in ["USA", "AUSTRALIA_GROUP", "EU", "AUSTRALIA", "", "FVEY", "AUSTRALIB"]
            .into_iter()
            .enumerate()
        {
            shelf.insert(code, number);
        }
        shelf.insert("EU", 20);
        assert_eq!(shelf.get("AUSTRALIA_GROUP"), Some(&1));
        assert_eq!(shelf.get("AUSTRALIA"), Some(&3));
        assert_eq!(shelf.get("EU"), Some(&20));
        assert_eq!(shelf.get("AUSTRALI"), None);
        let codes: Vec<&str> = shelf.iter().map(|(code, _)| code).collect();
        assert!(codes.is_sorted() && codes.len() == 7, "{codes:?}");
    }
}
