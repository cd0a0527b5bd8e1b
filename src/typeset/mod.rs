//! Floor 7: notices to PDF. The only floor that names a typst crate; without the feature `pdf` a stub stands in its place.

pub mod folder;
pub mod manifest;
pub mod output;
pub mod pressed;

#[cfg(feature = "pdf")]
mod advice;
#[cfg(feature = "pdf")]
mod copy;
#[cfg(feature = "pdf")]
mod crew;
#[cfg(feature = "pdf")]
mod complete;
#[cfg(feature = "pdf")]
mod fit;
#[cfg(feature = "pdf")]
mod lint;
#[cfg(feature = "pdf")]
mod marks;
#[cfg(feature = "pdf")]
mod narrative;
#[cfg(feature = "pdf")]
mod paint;
#[cfg(feature = "pdf")]
mod placeholder;
#[cfg(feature = "pdf")]
mod plain;
#[cfg(feature = "pdf")]
pub mod press;
#[cfg(feature = "pdf")]
mod text;
#[cfg(feature = "pdf")]
mod verify;
#[cfg(feature = "pdf")]
mod wire;
#[cfg(feature = "pdf")]
mod worker;
#[cfg(feature = "pdf")]
mod world;

#[cfg(not(feature = "pdf"))]
#[path = "stub.rs"]
pub mod press;
