//! Text that many values have in common: a clone copies nothing, and a short text needs no room but its own.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;

use ecow::EcoString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text with any number of owners. It reads and compares as the text itself.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shared(EcoString);

impl Shared {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Shared {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Shared {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Shared {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Shared {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Shared {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Shared> for Shared {
    fn from(text: &Shared) -> Self {
        text.clone()
    }
}

impl From<Shared> for String {
    fn from(text: Shared) -> Self {
        text.as_str().to_owned()
    }
}

impl From<&Shared> for String {
    fn from(text: &Shared) -> Self {
        text.as_str().to_owned()
    }
}

impl PartialEq<str> for Shared {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Shared {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl PartialEq<Shared> for &str {
    fn eq(&self, other: &Shared) -> bool {
        **self == *other.0
    }
}

impl PartialEq<Shared> for String {
    fn eq(&self, other: &Shared) -> bool {
        *self.as_str() == *other.0
    }
}

impl PartialEq<String> for Shared {
    fn eq(&self, other: &String) -> bool {
        *self.0 == **other
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Texts that come again and again, each kept once.
#[derive(Debug, Default)]
pub struct Pool(BTreeSet<Shared>);

impl Pool {
    /// The text, from the pool.
    pub fn of(&mut self, text: &str) -> Shared {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let text = Shared::from(text);
        self.0.insert(text.clone());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_and_compares_as_the_text_itself() {
        let text = Shared::from("SUSP-ANY");
        let other = text.clone();
        assert_eq!(text, "SUSP-ANY");
        assert_eq!(text, "SUSP-ANY".to_owned());
        assert_eq!(format!("{text:<9}|{other:?}"), "SUSP-ANY |\"SUSP-ANY\"");
        assert_eq!([text, other].join(", "), "SUSP-ANY, SUSP-ANY");
    }

    #[test]
    fn a_pool_keeps_a_text_once() {
        let mut pool = Pool::default();
        let long = "Senate Select Committee on Intelligence";
        let (one, other) = (pool.of(long), pool.of(long));
        assert_eq!(one.as_ptr(), other.as_ptr());
        assert_eq!(pool.of("HPSCI"), "HPSCI");
    }
}
