//! Published tables and what was published of them.
