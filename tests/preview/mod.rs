//! `relto template preview`, through a browser and past it.

mod browser;
mod loopback;
mod look;
mod opened;
pub(crate) mod process;
mod refused;
mod saved;
mod window;
