//! The package `auth`.
