//! What the fuzz targets check; the tests of the repository replay a corpus through the same functions.

pub mod checks;
